//! TLS: certificates out of files, chosen by the name that a client asks for, and read again when the files change.

use jiff::{SignedDuration, Timestamp};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, Error as RustlsError, RootCertStore, ServerConfig};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;
use tokio_rustls::TlsAcceptor;

/// How often files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// A certificate is spoken of as soon as it is good for no longer than this.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How often the log says so.
const REMIND: SignedDuration = SignedDuration::from_hours(24);
/// The last second of the year 9999, when every certificate has ended.
const LATE: Duration = Duration::from_secs(253_402_300_799);

/// A certificate with those that vouch for it, and its key, as PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, then those between it and the authority.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Why certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}: {reason}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// There is nothing of what was expected in a file.
    #[error("{}: expected {expected} as PEM, found none", .path.display())]
    Nothing {
        /// The file.
        path: PathBuf,
        /// A certificate, or a key.
        expected: &'static str,
    },
    /// What is in a file is damaged, or of a kind that is not known.
    #[error("{}: {reason}", .path.display())]
    Bad {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Key and certificate do not belong together.
    #[error("the key in {} is not that of the first certificate in {}", .key.display(), .certificate.display())]
    Mismatch {
        /// The file of the key.
        key: PathBuf,
        /// The file of the certificate.
        certificate: PathBuf,
    },
}

/// The certificates of a server.
#[derive(Debug)]
pub struct Tls {
    files: Vec<CertificateFiles>,
    chosen: Arc<Chosen>,
}

impl Tls {
    /// Reads the certificates. The first one is for clients that name no server, or one that no certificate is for.
    ///
    /// # Errors
    /// When a file cannot be read, or a key is not that of its certificate.
    pub fn open(files: Vec<CertificateFiles>) -> Result<Self, TlsError> {
        let loaded = load(&files)?;
        Ok(Self {
            files,
            chosen: Arc::new(Chosen(RwLock::new(loaded))),
        })
    }

    /// What speaks TLS on connections: versions 1.2 and 1.3, HTTP/2 and HTTP/1.1.
    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor, RustlsError> {
        let config = ServerConfig::builder_with_provider(provider());
        let mut config = config
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.chosen.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Until when each certificate is good, with its file.
    pub(crate) fn ends(&self) -> Vec<(PathBuf, Timestamp)> {
        let loaded = self.chosen.loaded();
        let files = self.files.iter().map(|files| files.certificate.clone());
        let both = files.zip(loaded.iter().map(|own| own.end));
        both.filter_map(|(file, end)| Some((file, end?))).collect()
    }

    /// The certificates that will have ended soon, or have ended.
    pub(crate) fn ending(&self, now: Timestamp) -> Vec<(PathBuf, Timestamp)> {
        let mut ends = self.ends();
        ends.retain(|(_, end)| now.duration_until(*end) < SOON);
        ends
    }

    /// Reads the files again now.
    ///
    /// # Errors
    /// As for [`Tls::open`]; the certificates that there are stay then.
    fn reload(&self) -> Result<(), TlsError> {
        let loaded = load(&self.files)?;
        *self
            .chosen
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(())
    }

    /// What the files hold, to see whether they have changed; nothing for one that cannot be read.
    fn contents(&self) -> Vec<Option<Vec<u8>>> {
        let paths = self
            .files
            .iter()
            .flat_map(|own| [&own.certificate, &own.key]);
        paths.map(|path| std::fs::read(path).ok()).collect()
    }
}

/// Reads certificates again whenever their files have changed, or `asked` says so. Never ends.
pub(crate) async fn keep_fresh(tls: Arc<Tls>, mut asked: tokio::signal::unix::Signal) {
    let mut known = contents(&tls).await;
    let mut reminded: Option<Timestamp> = None;
    loop {
        let now = Timestamp::now();
        if reminded.is_none_or(|last| last.duration_until(now) >= REMIND) {
            reminded = Some(now);
            remind(&tls, now);
        }
        let is_asked = tokio::select! {
            () = tokio::time::sleep(LOOK) => false,
            _ = asked.recv() => true,
        };
        let fresh = contents(&tls).await;
        if !is_asked && fresh == known {
            continue;
        }
        known = fresh;
        match tls.reload() {
            Ok(()) => {
                tracing::info!("the certificates were read again");
                reminded = None;
            }
            Err(error) => {
                tracing::error!(%error, "the certificates could not be read again; those that there were go on");
            }
        }
    }
}

/// Says which certificates end soon. Clients refuse those that have ended.
fn remind(tls: &Tls, now: Timestamp) {
    for (file, end) in tls.ending(now) {
        let file = file.display();
        match end < now {
            true => tracing::error!(%file, %end, "a certificate has ended: clients refuse it"),
            false => tracing::warn!(%file, %end, "a certificate ends soon"),
        }
    }
}

/// Until when a certificate is good. Who checks it long after that is told when that was.
fn not_after(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone().into_owned()).ok()?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
    let late = UnixTime::since_unix_epoch(LATE);
    let name = ServerName::try_from("localhost").ok()?;
    let checked = verifier
        .build()
        .ok()?
        .verify_server_cert(certificate, &[], &name, &[], late);
    let Err(RustlsError::InvalidCertificate(CertificateError::ExpiredContext {
        not_after, ..
    })) = checked
    else {
        return None;
    };
    Timestamp::from_second(i64::try_from(not_after.as_secs()).ok()?).ok()
}

/// What the files hold. They may lie on a disk that is slow.
async fn contents(tls: &Arc<Tls>) -> Vec<Option<Vec<u8>>> {
    let tls = tls.clone();
    let read = tokio::task::spawn_blocking(move || tls.contents());
    read.await.unwrap_or_default()
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// What was read of the files of a certificate.
#[derive(Debug)]
struct Loaded {
    key: Arc<CertifiedKey>,
    /// Until when it is good, if it says so.
    end: Option<Timestamp>,
}

fn load(files: &[CertificateFiles]) -> Result<Vec<Loaded>, TlsError> {
    files.iter().map(one).collect()
}

fn one(files: &CertificateFiles) -> Result<Loaded, TlsError> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|reason| TlsError::Read {
            path: path.to_owned(),
            reason,
        })
    };
    let bad = |path: &Path, reason: String| TlsError::Bad {
        path: path.to_owned(),
        reason,
    };
    let certificates = CertificateDer::pem_slice_iter(&read(&files.certificate)?)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| bad(&files.certificate, error.to_string()))?;
    let Some(first) = certificates.first() else {
        return Err(TlsError::Nothing {
            path: files.certificate.clone(),
            expected: "a certificate",
        });
    };
    if let Err(error) = ParsedCertificate::try_from(first) {
        return Err(bad(&files.certificate, error.to_string()));
    }
    let key = PrivateKeyDer::from_pem_slice(&read(&files.key)?).map_err(|error| match error {
        PemError::NoItemsFound => TlsError::Nothing {
            path: files.key.clone(),
            expected: "a private key",
        },
        error => bad(&files.key, error.to_string()),
    })?;
    let end = not_after(first);
    let certified = CertifiedKey::from_der(certificates, key, &provider());
    let key = certified.map_err(|error| match error {
        RustlsError::InconsistentKeys(_) => TlsError::Mismatch {
            key: files.key.clone(),
            certificate: files.certificate.clone(),
        },
        error => bad(&files.key, error.to_string()),
    })?;
    Ok(Loaded {
        key: Arc::new(key),
        end,
    })
}

/// The certificates as they are now, the default one first.
#[derive(Debug)]
struct Chosen(RwLock<Vec<Loaded>>);

impl Chosen {
    fn loaded(&self) -> RwLockReadGuard<'_, Vec<Loaded>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Chosen {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let loaded = self.loaded();
        let name = hello.server_name();
        let name = name.and_then(|name| ServerName::try_from(name.to_owned()).ok());
        let is_for = |own: &&Loaded| {
            let Some(name) = &name else { return false };
            let certificate = own.key.cert.first();
            let parsed = certificate.and_then(|own| ParsedCertificate::try_from(own).ok());
            parsed.is_some_and(|own| rustls::client::verify_server_name(&own, name).is_ok())
        };
        let chosen = loaded.iter().find(is_for).or(loaded.first());
        chosen.map(|own| own.key.clone())
    }
}
