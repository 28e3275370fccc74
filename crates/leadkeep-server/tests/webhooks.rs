//! Webhooks against a real server: what is sent, what its answers mean, and where nothing may be sent.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use hmac::{Hmac, KeyInit, Mac};
use leadkeep_server::outbound::{Outbound, SendError, Webhook, Webhooks};
use sha2::Sha256;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
struct Seen {
    /// The first line and the headers.
    head: String,
    body: Vec<u8>,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(": ")?;
            own.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// A server that answers as the path asks, one request a connection, and keeps what came.
struct Receiver {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, kept) = (stream.unwrap(), kept.clone());
                // A client that goes away is no matter of the server's.
                std::thread::spawn(move || answer(stream, &kept).ok());
            }
        });
        Self { address, seen }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(stream: TcpStream, kept: &Mutex<Vec<Seen>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let mut seen = Seen {
        head,
        body: Vec::new(),
    };
    let length = seen.header("content-length").unwrap_or("0");
    seen.body.resize(length.parse().unwrap(), 0);
    reader.read_exact(&mut seen.body)?;
    let path = seen.head.split(' ').nth(1).unwrap().to_owned();
    kept.lock().unwrap().push(seen);
    let mut stream = stream;
    let mut words = path.trim_start_matches('/').splitn(3, '/');
    match (words.next(), words.next(), words.next()) {
        (Some("status"), Some(code), header) => {
            let header = header.unwrap_or_default().replace("%20", " ");
            write!(
                stream,
                "HTTP/1.1 {code} Said\r\n{header}{}Content-Length: 2\r\nConnection: close\r\n\r\nok",
                if header.is_empty() { "" } else { "\r\n" }
            )
        }
        (Some("hang"), ..) => stream.read_to_end(&mut Vec::new()).map(drop),
        (Some("endless"), Some(code), _) => {
            write!(stream, "HTTP/1.1 {code} Said\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 4096])?;
            }
        }
        // The connection ends without an answer.
        _ => Ok(()),
    }
}

fn private() -> Outbound {
    Outbound {
        allow_private: true,
        ..Outbound::default()
    }
}

fn post(url: &str) -> Webhook {
    Webhook {
        url: url.to_owned(),
        method: "POST".to_owned(),
        content_type: "application/json".to_owned(),
        body: "{\"name\":\"Zoë\"}".to_owned(),
        idempotency_key: "run-1-step-2".to_owned(),
    }
}

async fn send(config: &Outbound, webhook: Webhook) -> Result<(), SendError> {
    Webhooks::new(config).unwrap().send(webhook).await
}

#[tokio::test]
async fn a_webhook_is_signed_and_has_its_key() {
    let receiver = Receiver::start();
    let config = Outbound {
        webhook_secret: Some("s3cret".to_owned()),
        ..private()
    };
    send(&config, post(&receiver.url("/status/200")))
        .await
        .unwrap();
    let seen = receiver.seen();
    assert_eq!(seen.len(), 1);
    let seen = &seen[0];
    assert!(seen.head.starts_with("POST /status/200 HTTP/1.1\r\n"));
    assert_eq!(seen.body, "{\"name\":\"Zoë\"}".as_bytes());
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("idempotency-key"), Some("run-1-step-2"));
    // Verified as a receiver would.
    let signature = seen.header("x-leadkeep-signature").unwrap();
    let (time, hex) = signature.split_once(",v1=").unwrap();
    let time = time.strip_prefix("t=").unwrap();
    assert!(time.parse::<u64>().unwrap() > 1_700_000_000);
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s3cret").unwrap();
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(&seen.body);
    mac.verify_slice(&bytes).unwrap();
}

#[tokio::test]
async fn without_a_secret_there_is_no_signature_and_without_a_body_no_type() {
    let receiver = Receiver::start();
    let webhook = Webhook {
        method: "get".to_owned(),
        body: String::new(),
        ..post(&receiver.url("/status/204"))
    };
    send(&private(), webhook).await.unwrap();
    let seen = &receiver.seen()[0];
    assert!(seen.head.starts_with("GET "), "{}", seen.head);
    assert_eq!(seen.header("x-leadkeep-signature"), None);
    assert_eq!(seen.header("content-type"), None);
    assert_eq!(seen.header("accept-encoding"), None);
}

#[tokio::test]
async fn each_status_says_whether_to_try_again() {
    let receiver = Receiver::start();
    for code in [200, 201, 202, 204, 299] {
        let sent = send(&private(), post(&receiver.url(&format!("/status/{code}")))).await;
        assert_eq!(sent, Ok(()), "{code}");
    }
    for (code, permanent) in [
        (300, true),
        (304, true),
        (400, true),
        (401, true),
        (403, true),
        (404, true),
        (408, false),
        (409, true),
        (410, true),
        (425, false),
        (429, false),
        (500, false),
        (501, false),
        (503, false),
        (599, false),
        (600, true),
    ] {
        let url = receiver.url(&format!("/status/{code}"));
        let error = send(&private(), post(&url)).await.unwrap_err();
        assert_eq!(error.permanent, permanent, "{error:?}");
        assert!(error.reason.contains(&code.to_string()), "{error:?}");
        assert_eq!(error.retry_after, None);
    }
}

#[tokio::test]
async fn retry_after_is_kept_up_to_an_hour() {
    let receiver = Receiver::start();
    for (status, header, seconds) in [
        (429, "Retry-After:%20120", Some(120)),
        (503, "Retry-After:%2086400", Some(3_600)),
        (503, "Retry-After:%2099999999999999999999", None),
        (503, "Retry-After:%20-5", None),
        (503, "Retry-After:%20soon", None),
        (
            503,
            "Retry-After:%20Fri,%2031%20Dec%202100%2023:59:59%20GMT",
            Some(3_600),
        ),
        (
            503,
            "Retry-After:%20Sun,%2006%20Nov%201994%2008:49:37%20GMT",
            Some(0),
        ),
        (404, "Retry-After:%20120", None),
    ] {
        let url = receiver.url(&format!("/status/{status}/{header}"));
        let error = send(&private(), post(&url)).await.unwrap_err();
        let asked = error.retry_after.map(|wait| wait.as_secs());
        assert_eq!(asked, seconds, "{header}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let receiver = Receiver::start();
    for code in [301, 302, 303, 307, 308] {
        let target = receiver.url("/status/200");
        let url = receiver.url(&format!("/status/{code}/Location:%20{target}"));
        let error = send(&private(), post(&url)).await.unwrap_err();
        assert!(error.permanent, "{error:?}");
        assert!(
            error.reason.contains("redirects are not followed"),
            "{error:?}"
        );
    }
    assert_eq!(receiver.seen().len(), 5);
}

#[tokio::test]
async fn what_does_not_answer_is_tried_again() {
    let receiver = Receiver::start();
    let config = Outbound {
        webhook_timeout: Duration::from_millis(300),
        ..private()
    };
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for url in [
        receiver.url("/hang"),
        receiver.url("/close"),
        format!("http://{closed}/"),
        "http://no-such-host.invalid/".to_owned(),
        // No TLS there.
        receiver.url("/").replace("http", "https"),
    ] {
        let error = send(&config, post(&url)).await.unwrap_err();
        assert!(!error.permanent, "{url}: {error:?}");
        assert!(!error.reason.contains("://"), "{error:?}");
    }
}

#[tokio::test]
async fn answers_without_an_end_are_left() {
    let receiver = Receiver::start();
    // Were it read to its end, this test would run into the time-out of the whole.
    let config = Outbound {
        webhook_timeout: Duration::from_secs(3_600),
        ..private()
    };
    let done = send(&config, post(&receiver.url("/endless/200"))).await;
    assert_eq!(done, Ok(()));
    let error = send(&config, post(&receiver.url("/endless/500"))).await;
    assert!(!error.unwrap_err().permanent);
}

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed() {
    let receiver = Receiver::start();
    let port = receiver.address.port();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "user:password@127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "[fe80::1]",
        "[fd00::1]",
        "１２７.0.0.1",
    ];
    for host in hosts {
        let url = format!("http://{host}:{port}/status/200");
        let error = send(&Outbound::default(), post(&url)).await.unwrap_err();
        assert!(error.permanent, "{host}: {error:?}");
        assert!(
            error.reason.contains("not a public address"),
            "{host}: {error:?}"
        );
        assert!(!error.reason.contains("password"), "{error:?}");
    }
    assert!(receiver.seen().is_empty());
    for (allowed, host) in [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "2130706433"),
        ("LocalHost", "localhost"),
        ("localhost", "LOCALHOST"),
    ] {
        let config = Outbound {
            allowed_hosts: vec![allowed.to_owned()],
            ..Outbound::default()
        };
        let url = format!("http://{host}:{port}/status/200");
        assert_eq!(send(&config, post(&url)).await, Ok(()), "{host}");
        // A name that is allowed allows no other, though it has the same address.
        let other = if allowed == "127.0.0.1" {
            "localhost"
        } else {
            "127.0.0.1"
        };
        let url = format!("http://{other}:{port}/status/200");
        assert!(send(&config, post(&url)).await.unwrap_err().permanent);
    }
    let url = format!("http://localhost:{port}/status/200");
    assert_eq!(send(&private(), post(&url)).await, Ok(()));
    assert_eq!(receiver.seen().len(), 5);
}

#[tokio::test]
async fn what_cannot_be_a_request_is_refused_for_good() {
    let receiver = Receiver::start();
    let good = post(&receiver.url("/status/200"));
    for url in [
        "",
        "nonsense",
        "/path",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "http://",
        "http://a b/",
        "http://127.0.0.1:99999/",
    ] {
        let webhook = Webhook {
            url: url.to_owned(),
            ..good.clone()
        };
        assert!(
            send(&private(), webhook).await.unwrap_err().permanent,
            "{url}"
        );
    }
    for webhook in [
        Webhook {
            method: "CONNECT".to_owned(),
            ..good.clone()
        },
        Webhook {
            method: "GET / HTTP/1.1\r\nX: y".to_owned(),
            ..good.clone()
        },
        Webhook {
            content_type: "text/plain\r\nX: y".to_owned(),
            ..good.clone()
        },
        Webhook {
            idempotency_key: "a\nb".to_owned(),
            ..good.clone()
        },
    ] {
        let error = send(&private(), webhook).await.unwrap_err();
        assert!(error.permanent, "{error:?}");
    }
    assert!(receiver.seen().is_empty());
}
