//! Slows down who guesses passwords.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures that are forgiven.
const FREE: u32 = 5;
/// What the first failure after them costs; each further one costs twice as much.
const FIRST: Duration = Duration::from_secs(15);
/// What a failure costs at the most. Failures that are so long ago are forgotten.
const MOST: Duration = Duration::from_secs(15 * 60);
/// Names and addresses that are remembered at the most.
const REMEMBERED: usize = 10_000;

/// Who has failed how often: a name, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Name(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    fn wait(self) -> Duration {
        match self.count.checked_sub(FREE) {
            None => Duration::ZERO,
            Some(more) => FIRST.saturating_mul(2_u32.saturating_pow(more)).min(MOST),
        }
    }
}

/// Counts failures to sign in.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Who, Failures>>);

impl Throttle {
    /// How long this one has to wait before the next try.
    pub(crate) fn wait(&self, name: &str, address: IpAddr, now: Instant) -> Duration {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = |failures: &Failures| {
            let since = now.saturating_duration_since(failures.last);
            failures.wait().saturating_sub(since)
        };
        both(name, address)
            .iter()
            .filter_map(|who| known.get(who))
            .map(left)
            .max()
            .unwrap_or_default()
    }

    /// Remembers a failure.
    pub(crate) fn failed(&self, name: &str, address: IpAddr, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, failures| now.saturating_duration_since(failures.last) < MOST);
        for who in both(name, address) {
            if known.len() >= REMEMBERED && !known.contains_key(&who) {
                continue;
            }
            let own = known.entry(who).or_insert(Failures {
                count: 0,
                last: now,
            });
            own.count = own.count.saturating_add(1);
            own.last = now;
        }
    }

    /// Forgets the failures of a name that was right at last; those of the address stay.
    pub(crate) fn succeeded(&self, name: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&Who::Name(name.trim().to_lowercase()));
    }
}

fn both(name: &str, address: IpAddr) -> [Who; 2] {
    let name = name.trim().chars().take(256).collect::<String>();
    // Whoever has one IPv6 address has a whole network of them.
    let address = match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    };
    [Who::Name(name.to_lowercase()), Who::Address(address)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn there(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn who_fails_often_waits_longer_and_longer() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let seconds = |seconds| start + Duration::from_secs(seconds);
        let mut waits = Vec::new();
        for _ in 0..14 {
            throttle.failed("Ann", HERE, start);
            waits.push(throttle.wait("ann ", HERE, start).as_secs());
        }
        assert_eq!(
            waits,
            [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900, 900]
        );
        assert_eq!(throttle.wait("ann", HERE, seconds(600)).as_secs(), 300);
        // By name from elsewhere, by address with another name.
        assert!(throttle.wait("ann", there("10.0.0.9"), start) > Duration::ZERO);
        assert!(throttle.wait("bob", HERE, start) > Duration::ZERO);
        assert_eq!(
            throttle.wait("bob", there("10.0.0.9"), start),
            Duration::ZERO
        );
        throttle.succeeded("ANN");
        assert_eq!(
            throttle.wait("ann", there("10.0.0.9"), start),
            Duration::ZERO
        );
        assert!(throttle.wait("ann", HERE, start) > Duration::ZERO);
        assert_eq!(throttle.wait("ann", HERE, seconds(900)), Duration::ZERO);
        throttle.failed("ann", HERE, seconds(901));
        assert_eq!(throttle.wait("ann", HERE, seconds(901)), Duration::ZERO);
    }

    #[test]
    fn a_network_of_addresses_is_one() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for host in 0..5 {
            let name = format!("name {host}");
            throttle.failed(&name, there(&format!("2001:db8:1:2:{host}::1")), now);
        }
        let wait = |address| throttle.wait("x", there(address), now);
        assert!(wait("2001:db8:1:2:ffff::") > Duration::ZERO);
        assert_eq!(wait("2001:db8:1:3::1"), Duration::ZERO);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for number in 0..REMEMBERED {
            throttle.failed(&number.to_string(), HERE, now);
        }
        throttle.failed("one more", HERE, now);
        assert_eq!(throttle.0.lock().unwrap().len(), REMEMBERED);
    }
}
