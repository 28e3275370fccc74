//! `/metrics`, `/healthz` and `/readyz`.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::collections::BTreeMap;
use support::{Answer, Server};

fn get(server: &Server, path: &str, headers: &str) -> Answer {
    let host = if headers.contains("Host:") {
        ""
    } else {
        "Host: localhost:8080\r\n"
    };
    server.raw(format!("GET {path} HTTP/1.1\r\n{host}{headers}\r\n").as_bytes())
}

/// The numbers by name with labels.
fn numbers(server: &Server) -> BTreeMap<String, f64> {
    let answer = get(server, "/metrics", "");
    assert_eq!(answer.status, 200);
    let kind = answer.header("content-type").unwrap();
    assert_eq!(
        kind,
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let number = |line: &str| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), value.parse().unwrap())
    };
    lines.map(number).collect()
}

#[test]
fn calls_are_counted() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    let sync = "<ns1:paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>a@x.com</Email></leadRecord>\
                <leadRecord><Email>b@x.com</Email></leadRecord></leadRecordList></ns1:paramsSyncMultipleLeads>";
    let lead = |email: &str| {
        format!(
            "<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>{email}</keyValue></leadKey></ns1:paramsGetLead>"
        )
    };
    assert_eq!(server.call(sync).status, 200);
    assert_eq!(server.call(&lead("a@x.com")).status, 200);
    assert_eq!(server.call(&lead("a@x.com")).status, 200);
    assert_eq!(server.call(&lead("nobody@x.com")).status, 500);
    assert_eq!(server.call("<ns1:paramsGetNothing/>").status, 500);
    let found = numbers(&server);
    for (name, expected) in [
        (
            "leadkeep_calls_total{operation=\"getLead\",outcome=\"ok\"}",
            2.0,
        ),
        (
            "leadkeep_calls_total{operation=\"getLead\",outcome=\"20103\"}",
            1.0,
        ),
        (
            "leadkeep_calls_total{operation=\"syncMultipleLeads\",outcome=\"ok\"}",
            1.0,
        ),
        (
            "leadkeep_calls_total{operation=\"unknown\",outcome=\"20019\"}",
            1.0,
        ),
        (
            "leadkeep_records_total{operation=\"syncMultipleLeads\"}",
            2.0,
        ),
        (
            "leadkeep_call_duration_seconds_count{operation=\"getLead\"}",
            3.0,
        ),
        (
            "leadkeep_call_duration_seconds_bucket{le=\"+Inf\",operation=\"getLead\"}",
            3.0,
        ),
        ("leadkeep_calls_running", 0.0),
        ("leadkeep_lists_importing", 0.0),
        ("leadkeep_campaign_steps_due", 0.0),
        ("leadkeep_campaign_steps_failed", 0.0),
        (
            concat!(
                "leadkeep_build_info{version=\"",
                env!("CARGO_PKG_VERSION"),
                "\"}"
            ),
            1.0,
        ),
    ] {
        assert_eq!(found.get(name), Some(&expected), "{name}: {found:#?}");
    }
    for name in [
        "leadkeep_received_bytes_total",
        "leadkeep_sent_bytes_total",
        "leadkeep_store_size_bytes",
        "leadkeep_call_duration_seconds_sum{operation=\"getLead\"}",
    ] {
        assert!(found[name] > 0.0, "{name}");
    }
}

#[test]
fn metrics_are_for_this_machine_unless_said_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    for header in [
        "X-Forwarded-For: 192.0.2.1",
        "Forwarded: for=192.0.2.1",
        "Via: 1.1 proxy",
        "X-Real-IP: 192.0.2.1",
        "Host: leads.example.com",
        "Host: localhost.example.com:8080",
    ] {
        let answer = get(&server, "/metrics", &format!("{header}\r\n"));
        assert_eq!(answer.status, 403, "{header}");
        assert!(
            answer.text().contains("--public-metrics"),
            "{}",
            answer.text()
        );
    }
    for host in ["127.0.0.1:8080", "[::1]:8080", "127.0.0.1", "localhost"] {
        let answer = get(&server, "/metrics", &format!("Host: {host}\r\n"));
        assert_eq!(answer.status, 200, "{host}");
    }
    server.kill();
    let server = Server::on_with(directory.path(), "", &["--public-metrics"]);
    let answer = get(&server, "/metrics", "X-Forwarded-For: 192.0.2.1\r\n");
    assert_eq!(answer.status, 200);
}

#[test]
fn a_server_says_that_it_lives_and_that_it_is_ready() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    for path in ["/healthz", "/readyz", "/health"] {
        let answer = get(&server, path, "");
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, "ok\n"),
            "{path}"
        );
    }
}

/// What the dashboard asks for is there.
#[test]
fn the_dashboard_names_what_there_is() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/grafana/leadkeep.json"
    );
    let dashboard = std::fs::read_to_string(path).unwrap();
    let parsed: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    assert_eq!(parsed["title"], "leadkeep");
    let server = Server::start(&["--demo"]);
    // Families without a row are not written.
    server.call(
        "<ns1:paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>a@x.com</Email></leadRecord></leadRecordList></ns1:paramsSyncMultipleLeads>",
    );
    let request = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    let text = server.raw(request).text();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names = 0;
    for (at, _) in dashboard.match_indices("leadkeep_") {
        let name = dashboard[at..].split(|c| !is_name(c)).next().unwrap();
        let is_there = |line: &str| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['{', ' ']))
        };
        assert!(text.lines().any(is_there), "{name} in {text}");
        names += 1;
    }
    assert!(names >= 12, "{names}");
}
