//! TLS of the real server, and the certificates that `leadkeep tls init` makes, with unmodified client programs.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::browser::Browser;
use support::python::{examples, python};
use support::tools::available;
use support::{KEY, Server, USER, run_in};

/// Makes an authority and a certificate in a directory.
fn init(directory: &Path, dir: &str, names: &str) {
    let (done, said) = leadkeep_tls(directory, &["--names", names, "--dir", dir]);
    assert!(done == 0, "{said}");
}

fn leadkeep_tls(directory: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(support::binary())
        .current_dir(directory)
        .args(["tls", "init"])
        .args(arguments)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

/// A server with the certificates of these directories, in order.
fn serve(directory: &Path, dirs: &[&str]) -> Server {
    let paths: Vec<(String, String)> = dirs
        .iter()
        .map(|dir| {
            let path = |name: &str| directory.join(dir).join(name).display().to_string();
            (path("server.pem"), path("server-key.pem"))
        })
        .collect();
    let pairs = paths.iter().flat_map(|(certificate, key)| {
        [
            "--tls-cert",
            certificate.as_str(),
            "--tls-key",
            key.as_str(),
        ]
    });
    let arguments: Vec<&str> = pairs.collect();
    Server::on_with(directory, "", &arguments)
}

/// Asks for a page by a name, trusting an authority: the answer, or why there is none.
fn get(server: &Server, name: &str, authority: &Path, path: &str) -> Result<String, String> {
    get_with(server, name, authority, path, "")
}

/// Loads a page with more lines of the head.
fn get_with(
    server: &Server,
    name: &str,
    authority: &Path,
    path: &str,
    head: &str,
) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(authority).unwrap() {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let session = ClientConnection::new(Arc::new(config), name.clone()).unwrap();
    let stream = TcpStream::connect(server.address).unwrap();
    let mut stream = StreamOwned::new(session, stream);
    let host = name.to_str();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{head}Connection: close\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn certificates_are_made_for_any_name_and_nothing_is_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    init(here, "tls", "na-app.marketo.com,*.mktoapi.com,127.0.0.1");
    let mode = |name: &str| {
        here.join("tls")
            .join(name)
            .metadata()
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("ca-key.pem"), 0o600);
    assert_eq!(mode("server-key.pem"), 0o600);
    let read = |name: &str| std::fs::read_to_string(here.join("tls").join(name)).unwrap();
    let (authority, certificate) = (read("ca.pem"), read("server.pem"));
    let names = ["--names", "other.example.com", "--dir", "tls"];
    let (code, said) = leadkeep_tls(here, &names);
    assert!(code == 1 && said.contains("--force replaces it"), "{said}");
    assert_eq!(read("server.pem"), certificate);
    let (code, said) = leadkeep_tls(here, &[&names[..], &["--force"]].concat());
    assert!(code == 0 && !said.contains("(new)"), "{said}");
    assert_eq!(read("ca.pem"), authority, "the authority stays");
    assert_ne!(read("server.pem"), certificate);
    let server = serve(here, &["tls"]);
    let ca = here.join("tls/ca.pem");
    assert!(
        get(&server, "other.example.com", &ca, "/healthz")
            .unwrap()
            .contains("200 OK")
    );
    for bad in ["https://na-app.marketo.com", "a b", "*", ""] {
        let (code, said) = leadkeep_tls(here, &["--names", bad, "--dir", "bad"]);
        assert!(
            code == 2 && said.contains("is no host name"),
            "{bad}: {said}"
        );
    }
    assert!(!here.join("bad").exists());
    std::fs::remove_file(&ca).unwrap();
    let (code, said) = leadkeep_tls(here, &[&names[..], &["--force"]].concat());
    assert!(code == 1 && said.contains("bring it back"), "{said}");
}

#[test]
fn everything_is_https_behind_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    init(here, "tls", "na-app.marketo.com,*.mktoapi.com");
    let server = serve(here, &["tls"]);
    let ca = here.join("tls/ca.pem");
    assert!(
        server
            .printed
            .iter()
            .any(|line| line.starts_with("endpoint  https://"))
    );
    assert!(
        server
            .printed
            .iter()
            .any(|line| line.starts_with("set up    https://"))
    );
    let wsdl = get(
        &server,
        "123-abc-456.mktoapi.com",
        &ca,
        "/soap/mktows/3_1?WSDL",
    )
    .unwrap();
    assert!(
        wsdl.contains("location=\"https://123-abc-456.mktoapi.com/soap/mktows/3_1\""),
        "{wsdl}"
    );
    let refused = get(&server, "leads.example.com", &ca, "/healthz").unwrap_err();
    assert!(refused.contains("not valid for name"), "{refused}");
    // Who speaks HTTP is not answered, and nobody waits for who says nothing.
    let mut plain = TcpStream::connect(server.address).unwrap();
    plain
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    let _silent = TcpStream::connect(server.address).unwrap();
    assert!(get(&server, "na-app.marketo.com", &ca, "/healthz").is_ok());
}

#[test]
fn the_certificate_of_the_name_is_taken_and_files_are_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    init(here, "one", "one.example.com");
    init(here, "two", "*.two.example.com");
    let server = serve(here, &["one", "two"]);
    let ca = |dir: &str| here.join(dir).join("ca.pem");
    assert!(get(&server, "one.example.com", &ca("one"), "/healthz").is_ok());
    assert!(get(&server, "a.two.example.com", &ca("two"), "/healthz").is_ok());
    // The first one is for everybody else.
    assert!(get(&server, "x.example.com", &ca("two"), "/healthz").is_err());
    let until = |what: &str, dir: &str, name: &str, expected: bool| {
        let deadline = Instant::now() + Duration::from_secs(20);
        while get(&server, name, &ca(dir), "/healthz").is_ok() != expected {
            assert!(Instant::now() < deadline, "{what}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    // A broken file stops nobody.
    std::fs::write(here.join("one/server.pem"), "no certificate").unwrap();
    let hung_up = Command::new("kill")
        .args(["-HUP", &server.pid().to_string()])
        .status();
    assert!(hung_up.unwrap().success());
    std::thread::sleep(Duration::from_millis(300));
    assert!(get(&server, "one.example.com", &ca("one"), "/healthz").is_ok());
    let (code, said) = leadkeep_tls(
        here,
        &["--names", "new.example.com", "--dir", "one", "--force"],
    );
    assert_eq!(code, 0, "{said}");
    until(
        "the new certificate is taken",
        "one",
        "new.example.com",
        true,
    );
    assert!(get(&server, "one.example.com", &ca("one"), "/healthz").is_err());
}

/// Nobody should learn from clients that a certificate has ended.
#[test]
fn a_certificate_that_ends_soon_is_spoken_of() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    for (dir, days) in [("brief", "5"), ("long", "100")] {
        let names = ["--names", "localhost", "--dir", dir, "--days", days];
        let (code, said) = leadkeep_tls(here, &names);
        assert_eq!(code, 0, "{said}");
    }
    let paths = |dir: &str| {
        let path = |name: &str| here.join(dir).join(name).display().to_string();
        [path("server.pem"), path("server-key.pem")]
    };
    let log = here.join("log");
    let [brief, brief_key] = paths("brief");
    let [long, long_key] = paths("long");
    let data = here.join("data").display().to_string();
    // Who has signed in stays so when the server goes over to TLS.
    let cookie = {
        let server = Server::start(&["--data", &data]);
        let owner = Browser::owner(&server);
        let session = owner.cookie("leadkeep_session").unwrap();
        format!("Cookie: leadkeep_session={session}\r\n")
    };
    let server = Server::start_logging(
        &[
            "--data",
            &data,
            "--tls-cert",
            &brief,
            "--tls-key",
            &brief_key,
            "--tls-cert",
            &long,
            "--tls-key",
            &long_key,
        ],
        &log,
    );
    let ca = here.join("brief/ca.pem");
    let metrics = get(&server, "localhost", &ca, "/metrics").unwrap();
    let days = |file: &str| {
        let name = format!("leadkeep_certificate_end_timestamp_seconds{{file=\"{file}\"}} ");
        let value = metrics.lines().find_map(|line| line.strip_prefix(&name));
        let value = value.unwrap_or_else(|| panic!("{name} in {metrics}"));
        let end: i64 = value.parse().unwrap();
        (end - jiff::Timestamp::now().as_second()) / 86_400
    };
    assert!((4..=5).contains(&days(&brief)), "{}", days(&brief));
    assert!((99..=100).contains(&days(&long)), "{}", days(&long));
    let deadline = Instant::now() + Duration::from_secs(20);
    let lines = loop {
        let lines = std::fs::read_to_string(&log).unwrap();
        if lines.contains("a certificate ends soon") {
            break lines;
        }
        assert!(Instant::now() < deadline, "{lines}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(lines.contains(&brief) && !lines.contains(&long), "{lines}");
    let overview = get_with(&server, "localhost", &ca, "/admin", &cookie).unwrap();
    let said = |file: &str| overview.contains(&format!("The certificate in {file}"));
    assert!(said(&brief) && !said(&long), "{overview}");
    assert!(overview.contains("ends soon"), "{overview}");
}

#[test]
fn files_that_are_no_certificates_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    init(here, "tls", "a.example.com");
    init(here, "other", "b.example.com");
    std::fs::write(here.join("empty.pem"), "").unwrap();
    std::fs::write(
        here.join("broken.pem"),
        "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let path = |name: &str| here.join(name).display().to_string();
    for (certificate, key, wanted) in [
        ("missing.pem", "tls/server-key.pem", "cannot read"),
        (
            "empty.pem",
            "tls/server-key.pem",
            "expected a certificate as PEM, found none",
        ),
        ("broken.pem", "tls/server-key.pem", "broken.pem: "),
        (
            "tls/server.pem",
            "empty.pem",
            "expected a private key as PEM, found none",
        ),
        (
            "tls/server.pem",
            "other/server-key.pem",
            "is not that of the first certificate",
        ),
    ] {
        let (certificate, key) = (path(certificate), path(key));
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--tls-cert",
            &certificate,
            "--tls-key",
            &key,
        ];
        let (code, _, complained) = run_in(here, &arguments);
        assert!(
            code == 2 && complained.contains(wanted),
            "{wanted}: {complained}"
        );
    }
    let one = path("tls/server.pem");
    let (code, _, complained) = run_in(
        here,
        &["serve", "--listen", "127.0.0.1:0", "--tls-cert", &one],
    );
    assert!(
        code == 2 && complained.contains("--tls-key"),
        "{complained}"
    );
}

#[test]
fn plain_http_stays_on_this_machine_unless_it_is_allowed() {
    let directory = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.7:8080"] {
        let (code, _, complained) = run_in(directory.path(), &["serve", "--listen", address]);
        assert!(
            code == 2 && complained.contains("--insecure-http"),
            "{complained}"
        );
        assert!(complained.contains("leadkeep tls init"), "{complained}");
    }
    let data = directory.path().join("data");
    assert!(!data.exists(), "nothing was made");
    let mut allowed = Command::new(support::binary())
        .args([
            "serve",
            "--demo",
            "--listen",
            "0.0.0.0:0",
            "--insecure-http",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(allowed.stdout.take().unwrap()).lines();
    let listens = lines.any(|line| line.unwrap().starts_with("listening on http://0.0.0.0:"));
    allowed.kill().unwrap();
    allowed.wait().unwrap();
    assert!(listens);
    // A server without certificates has nothing to read again, and goes on.
    let server = Server::on(directory.path());
    let hung_up = Command::new("kill")
        .args(["-HUP", &server.pid().to_string()])
        .status();
    assert!(hung_up.unwrap().success());
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(
        server
            .raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .status,
        200
    );
}

/// The program of `examples/` in each language calls a name of the original, which a file of hosts sends to this machine,
/// and trusts the authority in the way of its language. Nothing in the programs is changed.
#[test]
fn programs_with_a_name_of_the_original_are_served() {
    let test = "programs with a name of the original";
    let mut namespace = Command::new("unshare");
    if !available(test, "unshare", namespace.args(["-rm", "true"])) {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    init(here, "tls", "na-app.marketo.com,*.mktoapi.com");
    let server = Server::start(&[
        "--demo",
        "--tls-cert",
        here.join("tls/server.pem").to_str().unwrap(),
        "--tls-key",
        here.join("tls/server-key.pem").to_str().unwrap(),
    ]);
    let hosts = here.join("hosts");
    std::fs::write(
        &hosts,
        "127.0.0.1 localhost na-app.marketo.com 123-ABC-456.mktoapi.com\n",
    )
    .unwrap();
    let ca = here.join("tls/ca.pem").display().to_string();
    let run = |folder: &str, host: &str, command: &str, trust: &[(&str, &str)]| {
        let script = format!(
            "mount --bind {} /etc/hosts && exec {command}",
            hosts.display()
        );
        let endpoint = format!("https://{host}:{}/soap/mktows/3_1", server.address.port());
        let output = Command::new("unshare")
            .args(["-rm", "sh", "-c", &script])
            .current_dir(examples().join(folder))
            .envs(trust.iter().copied())
            .env("LEADKEEP_ENDPOINT", endpoint)
            .env("LEADKEEP_USER", USER)
            .env("LEADKEEP_KEY", KEY)
            .env("BUILD", here.join("build"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        (
            output.status.success() && said.contains("ok: "),
            format!("{command}\n{said}\n{complained}"),
        )
    };
    let soap = "new SoapClient(null, ['location' => 'x', 'uri' => 'y']);";
    if available(
        test,
        "PHP with SOAP",
        Command::new("php").args(["-r", soap]),
    ) {
        let trusting = format!("php -d openssl.cafile={ca} leads.php");
        let (done, said) = run("php", "na-app.marketo.com", &trusting, &[]);
        assert!(done, "{said}");
        let (done, said) = run("php", "na-app.marketo.com", "php leads.php", &[]);
        assert!(!done, "nobody else is believed: {said}");
    }
    if available(
        test,
        "zeep",
        Command::new(python()).args(["-c", "import zeep"]),
    ) {
        let program = format!("{} leads.py", python().display());
        let trust = [("REQUESTS_CA_BUNDLE", ca.as_str())];
        let (done, said) = run("python", "123-ABC-456.mktoapi.com", &program, &trust);
        assert!(done, "{said}");
    }
    let jdk = ["-c", "command -v wsimport javac keytool"];
    if available(test, "a JDK with wsimport", Command::new("sh").args(jdk)) {
        let store = here.join("trust.p12").display().to_string();
        let made = Command::new("keytool")
            .args([
                "-importcert",
                "-noprompt",
                "-alias",
                "leadkeep",
                "-file",
                &ca,
            ])
            .args([
                "-keystore",
                &store,
                "-storepass",
                "changeit",
                "-storetype",
                "PKCS12",
            ])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let options = format!(
            "-Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword=changeit"
        );
        let trust = [("JAVA_TOOL_OPTIONS", options.as_str())];
        let (done, said) = run("java", "na-app.marketo.com", "./run.sh", &trust);
        assert!(done, "{said}");
    }
    let module = examples().join("node/node_modules/soap/package.json");
    let node = format!("require({module:?})");
    if available(
        test,
        "Node with its package soap",
        Command::new("node").args(["-e", &node]),
    ) {
        let program = "node sync_multiple_leads.mjs";
        let trust = [("NODE_EXTRA_CA_CERTS", ca.as_str())];
        let (done, said) = run("node", "na-app.marketo.com", program, &trust);
        assert!(done, "{said}");
        let (done, said) = run("node", "na-app.marketo.com", program, &[]);
        assert!(!done, "nobody else is believed: {said}");
    }
    let tools = ["-c", "command -v curl openssl"];
    if available(test, "curl and openssl", Command::new("bash").args(tools)) {
        let trust = [("CURL_CA_BUNDLE", ca.as_str())];
        let (done, said) = run("curl", "na-app.marketo.com", "./examples.sh", &trust);
        assert!(done, "{said}");
        let (done, said) = run("curl", "na-app.marketo.com", "./examples.sh", &[]);
        assert!(!done, "nobody else is believed: {said}");
    }
    // Its SOAP library need not be there to see whom Ruby believes.
    if available(
        test,
        "Ruby",
        Command::new("ruby").args(["-ropenssl", "-e", ""]),
    ) {
        let program = "ruby -ropen-uri -e \"puts 'ok: ' if URI.open(ENV['LEADKEEP_ENDPOINT'] + '?WSDL').read.include?('syncMultipleLeads')\"";
        let trust = [("SSL_CERT_FILE", ca.as_str())];
        let (done, said) = run("ruby", "na-app.marketo.com", program, &trust);
        assert!(done, "{said}");
        let (done, said) = run("ruby", "na-app.marketo.com", program, &[]);
        assert!(!done, "nobody else is believed: {said}");
    }
}
