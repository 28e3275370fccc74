//! `leadkeep tls`: a certificate authority of one's own, for programs whose host name cannot be changed.

use crate::data::{make_directory, write_private};
use crate::exit::{Exit, Failure};
use anyhow::{Context, anyhow};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use leadkeep_server::{CertificateFiles, Tls};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, date_time_ymd,
};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the authority is called. It is the same for all, so that a key alone is enough to go on with.
const AUTHORITY: &str = "leadkeep certificate authority";
/// Days for which the authority vouches.
const AUTHORITY_DAYS: u32 = 3_650;
/// More days of a certificate are refused by some systems.
const MOST_DAYS: u32 = 825;

/// What is done about TLS.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a certificate authority and a certificate for any host names.
    ///
    /// For programs with a compiled-in host name: docs/host-names.md says how they find leadkeep and trust the authority.
    #[command(
        after_help = "Files: ca.pem is what programs must trust, ca-key.pem makes further certificates and is nobody's business, server.pem and server-key.pem are for `leadkeep serve`. An authority that is there already is used again.\n\nExample:\n  leadkeep tls init --names na-app.marketo.com,123-ABC-456.mktoapi.com\n  leadkeep serve --listen 0.0.0.0:443 --tls-cert tls/server.pem --tls-key tls/server-key.pem"
    )]
    Init {
        /// Host names, wildcards like *.mktoapi.com, and IP addresses, divided by commas; the option may be given again.
        #[arg(long, value_name = "NAMES", required = true, value_delimiter = ',')]
        names: Vec<String>,
        /// The directory for the files.
        #[arg(long, value_name = "DIR", default_value = "tls")]
        dir: PathBuf,
        /// Days for which the certificate is good, 825 at the most.
        #[arg(long, value_name = "DAYS", default_value_t = MOST_DAYS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_DAYS)))]
        days: u32,
        /// Replace a certificate that is there; the authority stays.
        #[arg(long)]
        force: bool,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    let Command::Init {
        names,
        dir,
        days,
        force,
    } = command;
    let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    if let Some(bad) = names.iter().find(|name| !is_name(name)) {
        let why = anyhow!(
            "{bad:?} is no host name; expected one like na-app.marketo.com, *.mktoapi.com or 192.0.2.7"
        );
        return Err(why.into());
    }
    let own = files(dir, "server");
    if own.certificate.exists() && !force {
        let shown = own.certificate.display();
        return Err(Failure::refused(anyhow!(
            "{shown} is there already; --force replaces it, and the authority stays"
        )));
    }
    make_directory(dir)?;
    let (authority, is_new) = authority(dir)?;
    let key = key()?;
    let mut params = CertificateParams::new(names.clone())
        .map_err(|error| anyhow!("the names cannot stand in a certificate: {error}"))?;
    // Programs look at the names below; what the subject is called is for people.
    params.distinguished_name = called(&names[0]);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    last(&mut params, *days)?;
    let certificate = params.signed_by(&key, &authority.issuer)?;
    let chain = certificate.pem() + &authority.pem;
    write_private(&own.key, &key.serialize_pem())?;
    write_public(&own.certificate, &chain)?;
    let mut out = std::io::stdout().lock();
    let ca = files(dir, "ca");
    if is_new {
        writeln!(out, "authority    {} (new)", ca.certificate.display())?;
        writeln!(
            out,
            "its key      {} (keep it to yourself: it vouches for any name)",
            ca.key.display()
        )?;
    } else {
        writeln!(out, "authority    {}", ca.certificate.display())?;
    }
    writeln!(out, "certificate  {}", own.certificate.display())?;
    writeln!(out, "key          {}", own.key.display())?;
    writeln!(out, "names        {}", names.join(", "))?;
    writeln!(
        out,
        "\nserve with   leadkeep serve --listen 0.0.0.0:443 --tls-cert {} --tls-key {}",
        own.certificate.display(),
        own.key.display()
    )?;
    writeln!(
        out,
        "trust        {} in the programs that call",
        ca.certificate.display()
    )?;
    Ok(Exit::Done)
}

/// A certificate and its key, by what they are called.
fn files(dir: &Path, name: &str) -> CertificateFiles {
    CertificateFiles {
        certificate: dir.join(format!("{name}.pem")),
        key: dir.join(format!("{name}-key.pem")),
    }
}

/// Who vouches.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// The authority of a directory, and whether it was made now.
fn authority(dir: &Path) -> Result<(Authority, bool), Failure> {
    let files = files(dir, "ca");
    let mut params = CertificateParams::default();
    params.distinguished_name = called(AUTHORITY);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    last(&mut params, AUTHORITY_DAYS)?;
    if files.certificate.exists() {
        // Says what is wrong with them, also when they do not belong together.
        Tls::open(vec![files.clone()])?;
        let read = |path: &Path| {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let key = KeyPair::from_pem(&read(&files.key)?)
            .map_err(|error| anyhow!("{}: {error}", files.key.display()))?;
        let authority = Authority {
            pem: read(&files.certificate)?,
            issuer: Issuer::new(params, key),
        };
        return Ok((authority, false));
    }
    if files.key.exists() {
        let (key, certificate) = (files.key.display(), files.certificate.display());
        return Err(Failure::refused(anyhow!(
            "{key} is there, and {certificate} is not: bring it back, or use another --dir"
        )));
    }
    let key = key()?;
    let pem = params.self_signed(&key)?.pem();
    write_private(&files.key, &key.serialize_pem())?;
    write_public(&files.certificate, &pem)?;
    let authority = Authority {
        issuer: Issuer::new(params, key),
        pem,
    };
    Ok((authority, true))
}

/// P-256: every program that speaks TLS 1.2 knows it, and the server signs handshakes with less work than with RSA.
fn key() -> Result<KeyPair, Failure> {
    Ok(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?)
}

fn called(name: &str) -> DistinguishedName {
    let mut called = DistinguishedName::new();
    // A common name has 64 characters at the most.
    called.push(
        DnType::CommonName,
        name.chars().take(64).collect::<String>(),
    );
    called
}

/// From yesterday, for clocks that are behind, to the day that is so many days ahead.
fn last(params: &mut CertificateParams, days: u32) -> Result<(), Failure> {
    let now = Timestamp::now();
    let day = |hours: i64| -> Result<_, Failure> {
        let date = now
            .checked_add(SignedDuration::from_hours(hours))?
            .to_zoned(TimeZone::UTC)
            .date();
        let part = |number: i8| u8::try_from(number);
        Ok(date_time_ymd(
            i32::from(date.year()),
            part(date.month())?,
            part(date.day())?,
        ))
    };
    params.not_before = day(-24)?;
    params.not_after = day(24 * i64::from(days))?;
    Ok(())
}

/// Whether a name can be asked for: an IP address, or labels of which the first may be a star.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len())
            && label.bytes().all(is_inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let rest = name.strip_prefix("*.").unwrap_or(name);
    name.parse::<std::net::IpAddr>().is_ok()
        || (name.len() <= 253 && rest.split('.').all(is_label) && rest.parse::<u64>().is_err())
}

/// Writes a file that everybody may read.
fn write_public(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_clients_can_ask_for() {
        for good in [
            "localhost",
            "na-app.marketo.com",
            "*.mktoapi.com",
            "123-ABC-456.mktoapi.com",
            "127.0.0.1",
            "::1",
        ] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            ".",
            "a..b",
            "*",
            "a.*.b",
            "-a.com",
            "ä.com",
            "a b",
            "https://a.com",
            "a.com:443",
            "12",
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
