//! Which addresses webhooks may go to. Whoever writes a campaign must not reach what only this machine can reach: its
//! own services, the neighbours of a private network, the metadata service of a cloud.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Whether an address belongs to the public internet: not loopback, private, link-local, shared (CGNAT), unique-local,
/// multicast, for documentation or tests, reserved, or unspecified. Forms of IPv6 that hold an IPv4 address (mapped,
/// 6to4, NAT64) are as public as what they hold; Teredo never is.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // Mapped, then NAT64.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // 6to4.
        [0x2002, high, low, ..] => v4(high, low),
        // Protocol assignments (with Teredo), then documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All that is given out as global unicast.
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

/// Which hosts may be reached.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    any: bool,
    hosts: Vec<String>,
}

/// A host that may not be reached.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a public address, and neither it nor its host is allowed")]
pub(super) struct Refused(IpAddr);

impl Allowed {
    pub(super) fn new(any: bool, hosts: &[String]) -> Self {
        Self {
            any,
            hosts: hosts.iter().map(|host| plain(host)).collect(),
        }
    }

    /// Whether a host, as it stands in a URL, may have any address.
    fn knows(&self, host: &str) -> bool {
        self.any || self.hosts.contains(&plain(host))
    }

    /// Checks the host of a URL if it is an address. The resolver is not asked for those.
    pub(super) fn check_literal(&self, host: &str) -> Result<(), Refused> {
        match plain(host).parse() {
            Ok(address) if !is_public(address) && !self.knows(host) => Err(Refused(address)),
            _ => Ok(()),
        }
    }
}

/// A host without the brackets of IPv6 and the dot of a full name, in lower case.
fn plain(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches([']', '.']);
    host.to_ascii_lowercase()
}

/// The system's resolver, whose answers are checked. The connection uses the very addresses that were checked, so that a
/// name cannot mean one address when looked at and another when used.
impl Resolve for Allowed {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.knows(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            let refused = found.iter().find(|address| !is_public(address.ip()));
            if let (Some(address), false) = (refused, allowed) {
                return Err(Refused(address.ip()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::192.168.0.1",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:a00:1::1",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn allowed_hosts_are_compared_as_hosts() {
        let allowed = Allowed::new(false, &["Hooks.Local.".to_owned(), "::1".to_owned()]);
        for host in ["hooks.local", "HOOKS.LOCAL", "hooks.local.", "[::1]"] {
            assert!(allowed.knows(host), "{host}");
        }
        for host in ["local", "a.hooks.local", "[::2]", ""] {
            assert!(!allowed.knows(host), "{host}");
        }
        assert!(allowed.check_literal("[::1]").is_ok());
        assert!(allowed.check_literal("127.0.0.1").is_err());
        assert!(allowed.check_literal("[fd00::1]").is_err());
    }
}
