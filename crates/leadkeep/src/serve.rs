//! `leadkeep serve`.

use crate::exit::{Exit, Failure};
use crate::settings::File;
use crate::{apply, data, demo, logging};
use anyhow::anyhow;
use jiff::Timestamp;
use leadkeep_core::limits::Limits;
use leadkeep_core::provision::{ApplyOptions, user_add};
use leadkeep_server::outbound::{Mailer, Outbound, SmtpConfig};
use leadkeep_server::{App, CertificateFiles, Config, Server, Tls};
use leadkeep_sqlite::{Retention, SqliteCallLog, SqliteStore, call_log_path, database_path};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// The file that holds the first user's key.
const USER_FILE: &str = "api-user.txt";
/// Connections that read.
const READERS: usize = 4;

/// Answer SOAP calls.
#[derive(clap::Args)]
#[command(
    after_help = "The first start makes the data directory, the database and one API user. SIGTERM and SIGINT stop the\nserver: running calls finish.\n\nEach option can also stand in the file of --config, which `leadkeep config sample` prints.\nA flag goes before a variable, a variable before the file.\n\nExamples:\n  leadkeep serve --demo\n  leadkeep serve --data /var/lib/leadkeep --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem\n  leadkeep serve --config /etc/leadkeep.toml\n\nLEADKEEP_WEBHOOK_SECRET in the environment, or webhook_secret in the file, signs webhooks."
)]
pub(crate) struct Options {
    /// Read settings from this TOML file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    data: data::DataDir,
    /// The address to listen on; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        value_parser = address
    )]
    listen: SocketAddr,
    /// A certificate with those that vouch for it, as PEM; the server then speaks TLS only. May be given several times:
    /// the one for the name that a client asks for is taken, else the first. Files that change are read again.
    #[arg(long, value_name = "FILE", value_delimiter = ',', requires = "tls_key")]
    tls_cert: Vec<PathBuf>,
    /// The key of the certificate, as PEM; as many times as --tls-cert, in the same order.
    #[arg(
        long,
        value_name = "FILE",
        value_delimiter = ',',
        requires = "tls_cert"
    )]
    tls_key: Vec<PathBuf>,
    /// Speak HTTP without TLS on an address that others can reach: messages and passwords can then be read on the way.
    #[arg(long)]
    insecure_http: bool,
    /// Apply this file before listening.
    #[arg(long, value_name = "FILE")]
    provision: Option<PathBuf>,
    /// Serve a throw-away database with sample data.
    #[arg(long)]
    demo: bool,
    /// The URL by which clients reach the server, for the address in the WSDL; without it their request tells.
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<String>,
    /// Take visits of web pages at /track/visit, which gives cookies their leads.
    #[arg(long)]
    track_visits: bool,
    /// Show /metrics to everybody, not only to who asks from this machine.
    #[arg(long)]
    public_metrics: bool,
    /// Days that calls stay in the log of calls, which the admin pages and `leadkeep log` show; 0 is no log.
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    call_log_days: u32,
    /// MiB that the log of calls may have; the oldest calls go first.
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    call_log_size: u32,
    /// Seconds that a signed timestamp may be old; 0 is no check.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    timestamp_past: u64,
    /// Seconds that a signed timestamp may be ahead; 0 is no check.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    timestamp_future: u64,
    /// Bytes of a message at the most, after decompression.
    #[arg(long, value_name = "BYTES", default_value_t = 32 << 20)]
    max_body: usize,
    /// Records of one syncMultipleLeads call at the most.
    #[arg(long, value_name = "RECORDS", default_value_t = 1000)]
    max_records: usize,
    /// Seconds that a client may take to send the head of a request.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    header_timeout: u64,
    /// Seconds that a client may take to send the body of a request.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    body_timeout: u64,
    /// Seconds that running calls may take after the signal to stop.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    grace: u64,
    /// Refuse calls above limits: `original`, or parts like daily=10000,rate=100/20,concurrent=10,clones=10 and
    /// zone=America/Chicago, each for one user; what is not named is not limited.
    #[arg(
        long,
        value_name = "LIMITS",
        default_value = "",
        hide_default_value = true,
        value_parser = Limits::parse
    )]
    limits: Limits,
    /// The server that takes the mails of campaigns, like smtp://user:password@host:587?tls=required.
    #[arg(long, value_name = "URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// Let webhooks of campaigns go to private addresses too.
    #[arg(long)]
    allow_private_webhooks: bool,
    /// Let webhooks go to this host whatever its address is; may be given several times.
    #[arg(long, value_name = "HOST")]
    allow_webhook_host: Vec<String>,
    /// Sign webhooks with this secret.
    #[arg(long, value_name = "TEXT", hide = true, hide_env_values = true)]
    webhook_secret: Option<String>,
    /// What goes into the log on standard error: off, error, warn, info, debug or trace, or parts like
    /// leadkeep_server=debug between commas.
    #[arg(long, value_name = "FILTER", default_value = "info", value_parser = logging::filter)]
    log: String,
    /// How the log is written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log_format: logging::Format,
}

impl Options {
    /// Finds out what is wrong beyond single values.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.demo && self.provision.is_some() {
            return Err(
                anyhow!("--demo has data of its own: it cannot be used with --provision").into(),
            );
        }
        self.tls()?;
        self.outbound().map(drop)
    }

    /// The certificates, if there are any. What is said without them must not be heard by others.
    fn tls(&self) -> Result<Option<Tls>, Failure> {
        let (certificates, keys) = (&self.tls_cert, &self.tls_key);
        if certificates.is_empty() {
            if self.listen.ip().to_canonical().is_loopback() || self.insecure_http {
                return Ok(None);
            }
            let listen = self.listen;
            let why = anyhow!(
                "{listen} can be reached by others, and HTTP without TLS can be read on the way. Give certificates by --tls-cert and \
                 --tls-key (`leadkeep tls init` makes some), listen on 127.0.0.1 behind a proxy that has TLS, or allow it by --insecure-http"
            );
            return Err(why.into());
        }
        if certificates.len() != keys.len() {
            let why = anyhow!(
                "--tls-cert and --tls-key belong together: {} certificates came with {} keys",
                certificates.len(),
                keys.len()
            );
            return Err(why.into());
        }
        let files = certificates.iter().zip(keys);
        let files = files.map(|(certificate, key)| CertificateFiles {
            certificate: certificate.clone(),
            key: key.clone(),
        });
        Ok(Some(Tls::open(files.collect())?))
    }

    /// What campaigns may send and where to.
    fn outbound(&self) -> Result<Outbound, Failure> {
        let url = self.smtp_url.as_ref().filter(|url| !url.is_empty());
        let smtp = url.map(SmtpConfig::new);
        if let Some(config) = &smtp {
            // Found out now, and not with the first mail. The URL is not shown: it holds a password.
            Mailer::new(config).map_err(|error| anyhow!("--smtp-url: {error}"))?;
        }
        Ok(Outbound {
            smtp,
            webhook_secret: self.webhook_secret.clone(),
            allow_private: self.allow_private_webhooks,
            allowed_hosts: self.allow_webhook_host.clone(),
            ..Outbound::default()
        })
    }
}

/// Reads an address and port.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "an IP address and a port are meant, like 127.0.0.1:8080 or [::1]:8080".to_owned()
    })
}

/// Runs the command.
pub(crate) fn run(options: &Options, file: Option<&File>) -> Result<Exit, Failure> {
    logging::start(&options.log, options.log_format);
    if let Some(path) = &options.config {
        tracing::info!(file = %path.display(), "settings were read");
    }
    if let Some(warning) = file.and_then(|file| file.warning.as_deref()) {
        tracing::warn!("{warning}");
    }
    options.check()?;
    if options.demo {
        let directory = tempfile::Builder::new()
            .prefix("leadkeep-demo-")
            .tempdir()?;
        // The directory goes with this value, at the end.
        return serve(options, &directory.path().join("data"));
    }
    serve(options, &options.data.path)
}

fn serve(options: &Options, directory: &Path) -> Result<Exit, Failure> {
    let tls = options.tls()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let outbound = options.outbound()?;
    data::make_directory(directory)?;
    let _held = data::lock(directory)?;
    // SQLite gives its other files the permissions of this one.
    data::private(&database_path(directory))?;
    let store = SqliteStore::open(&database_path(directory), READERS)?;
    let mut notes = Vec::new();
    if options.demo {
        notes.push(demo::load(&store)?);
    } else if let Some(file) = &options.provision {
        let text = apply::read_file(file)?;
        let report = apply::apply(
            &store,
            &file.display().to_string(),
            &text,
            ApplyOptions::default(),
        )?;
        notes.push(apply::told(&report));
    }
    let users = first_user(&store, directory)?;
    let config = Config {
        public_url: options.public_url.clone(),
        track_visits: options.track_visits,
        public_metrics: options.public_metrics,
        timestamp_past: Duration::from_secs(options.timestamp_past),
        timestamp_future: Duration::from_secs(options.timestamp_future),
        max_body: options.max_body,
        max_records: options.max_records,
        header_timeout: Duration::from_secs(options.header_timeout.max(1)),
        body_timeout: Duration::from_secs(options.body_timeout.max(1)),
        grace: Duration::from_secs(options.grace),
        limits: options.limits.clone(),
        outbound,
        ..Config::default()
    };
    let mut app = App::new(Arc::new(store), config);
    if options.call_log_days > 0 {
        let retention = Retention {
            days: options.call_log_days,
            bytes: u64::from(options.call_log_size) << 20,
        };
        // Calls are worth more than their log: what is wrong with its file is said when it is opened.
        let _ = data::private(&call_log_path(directory));
        match SqliteCallLog::open(&call_log_path(directory), retention) {
            Ok(log) => app = app.with_call_log(Arc::new(log)),
            Err(error) => {
                tracing::error!(%error, "calls are not logged; move the file away to begin a new log");
            }
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let server = Server::bind(app, options.listen, tls).await?;
        let base = options
            .public_url
            .clone()
            .unwrap_or_else(|| format!("{scheme}://{}", server.address()));
        let base = base.trim_end_matches('/');
        let set_up = server.set_up_path().await?;
        {
            let mut out = std::io::stdout().lock();
            for note in &notes {
                writeln!(out, "{note}")?;
            }
            writeln!(out, "endpoint  {base}/soap/mktows/3_1")?;
            writeln!(out, "WSDL      {base}/soap/mktows/3_1?WSDL")?;
            writeln!(out, "{users}")?;
            match set_up {
                // Whoever opens it first owns the pages.
                Some(path) => writeln!(out, "set up    {base}{path}")?,
                None => writeln!(out, "admin     {base}/admin")?,
            }
            writeln!(out, "listening on {scheme}://{}", server.address())?;
            out.flush()?;
        }
        let stop = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping: no new calls are taken, running ones finish");
        };
        let finished = server.run(stop).await;
        Ok(if finished { Exit::Done } else { Exit::CutOff })
    })
}

/// An address to which `/soap/mktows/3_1` can be added.
fn public_url(text: &str) -> Result<String, String> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let is_good = host.is_some_and(|host| {
        !host.starts_with(['/', ':'])
            && !host.is_empty()
            && !host.contains("/soap/")
            && host
                .chars()
                .all(|own| own.is_ascii_graphic() && !matches!(own, '?' | '#' | '@'))
    });
    match is_good {
        true => Ok(text.to_owned()),
        false => Err("an address like https://leads.example.com is expected, to which /soap/mktows/3_1 is added".to_owned()),
    }
}

/// Makes a user if there is none, and tells who may call.
fn first_user(store: &SqliteStore, directory: &Path) -> Result<String, Failure> {
    let file = directory.join(USER_FILE);
    let read = || data::read(store, |_, schema| Ok(schema.users.clone()));
    let mut known = read()?;
    if known.is_empty() {
        let mut suffix = data::random_key()?;
        suffix.truncate(12);
        let id = format!("leadkeep_{suffix}");
        let key = data::random_key()?;
        // The key is on disk before the user exists: a crash in between leaves a file, not a user without a key.
        data::write_private(&file, &format!("User ID: {id}\nEncryption Key: {key}\n"))?;
        let (name, own) = (id.clone(), key);
        let added = data::write(store, move |txn, schema, now| {
            user_add(
                txn,
                schema,
                now,
                &name,
                Some(&own),
                "made at the first start",
                &mut String::new,
            )
        })?;
        added.map_err(|error| anyhow!("the first user could not be made: {error}"))?;
        known = read()?;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let line = |name: &str| kept.lines().find_map(|line| line.strip_prefix(name));
    let now = Timestamp::now();
    // What the file says may be of another database, or long over.
    let made = known.iter().find(|user| {
        let key = line("Encryption Key: ").unwrap_or_default();
        let is_valid = user.valid_keys(now).any(|own| own == key);
        Some(user.id.as_str()) == line("User ID: ") && !user.disabled && is_valid
    });
    Ok(match made {
        Some(user) => format!("user      {}\nkey       in {}", user.id, file.display()),
        None => {
            let ids: Vec<&str> = known
                .iter()
                .filter(|user| !user.disabled)
                .map(|user| user.id.as_str())
                .collect();
            format!("users     {}", ids.join(", "))
        }
    })
}
