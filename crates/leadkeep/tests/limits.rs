//! Limits of users on the real server (LIM-1 to LIM-5).

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;
use support::{KEY, Server, USER, post, signed};

const READ: &str = "<ns1:paramsListMObjects/>";
const OTHER: &str = "[[user]]\nid = \"other\"\nkey = \"other_key_0123456789abcdef\"\n";

fn server(directory: &Path, limits: &str) -> Server {
    Server::on_with(directory, OTHER, &["--limits", limits])
}

/// `ok`, or the text of the fault.
fn call_as(server: &Server, user: &str, key: &str, params: &str) -> String {
    let answer = server.raw(&post("3_1", "", &signed(user, key, params)));
    match answer.element("message") {
        None if answer.status == 200 => "ok".to_owned(),
        text => text.unwrap_or_else(|| answer.text()),
    }
}

fn call(server: &Server) -> String {
    call_as(server, USER, KEY, READ)
}

fn stop(server: Server) {
    let pid = server.pid().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(server.wait(), Some(0));
}

/// LIM-1, LIM-5: the day's calls outlive the server; faults count, refusals of the sender do not.
#[test]
fn lim_01_the_calls_of_a_day_survive_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let daily = "Request limit of 4 calls a day exceeded (20015)";
    let first = server(directory.path(), "daily=4");
    for _ in 0..9 {
        assert!(call_as(&first, USER, "wrong key", READ).ends_with("(20014)"));
    }
    assert_eq!(call(&first), "ok");
    let fault = call_as(&first, USER, KEY, "<ns1:paramsGetLead/>");
    assert!(fault.contains("(20"), "{fault}");
    stop(first);

    let second = server(directory.path(), "daily=4");
    assert_eq!(call(&second), "ok");
    // Long enough for the figures to be kept.
    std::thread::sleep(Duration::from_millis(2_500));
    second.kill();

    let third = server(directory.path(), "daily=4");
    assert_eq!(call(&third), "ok");
    assert_eq!([call(&third), call(&third)], [daily, daily]);
    let other = call_as(&third, "other", "other_key_0123456789abcdef", READ);
    assert_eq!(other, "ok", "users are apart");
    stop(third);

    let off = Server::on_with(directory.path(), OTHER, &[]);
    assert_eq!(call(&off), "ok", "LIM-4: off by default");
}

/// LIM-2: also across a restart.
#[test]
fn lim_02_the_calls_of_a_window_are_limited() {
    let directory = tempfile::tempdir().unwrap();
    let rate = "Rate limit of 3 calls in 3000 seconds exceeded (20023)";
    let first = server(directory.path(), "rate=3/3000");
    assert_eq!([call(&first), call(&first)], ["ok", "ok"]);
    stop(first);
    let second = server(directory.path(), "rate=3/3000");
    assert_eq!(
        [call(&second), call(&second), call(&second)],
        ["ok", rate, rate]
    );
    let wsdl =
        second.raw(b"GET /soap/mktows/3_1?WSDL HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert_eq!(wsdl.status, 200, "LIM-5: documents do not count");
    stop(second);
    let third = server(directory.path(), "rate=1/1");
    until_ok(&third);
    // The window moves on.
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(call(&third), "ok");
}

fn until_ok(server: &Server) {
    for _ in 0..100 {
        if call(server) == "ok" {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("calls of before are held against the user for too long");
}

/// LIM-3: at once, without a queue; the place is free again afterwards.
#[test]
fn lim_03_the_calls_at_once_are_limited() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path(), "concurrent=1");
    let records: String = (0..1_000)
        .map(|n| format!("<leadRecord><Email>lead{n}@example.com</Email></leadRecord>"))
        .collect();
    let params = format!(
        "<ns1:paramsSyncMultipleLeads><leadRecordList>{records}</leadRecordList></ns1:paramsSyncMultipleLeads>"
    );
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let answer = call_as(&server, USER, KEY, &params);
                    answers.lock().unwrap().push(answer);
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap();
    answers.sort_unstable();
    answers.dedup();
    assert_eq!(
        answers,
        ["Concurrency limit of 1 calls exceeded (20024)", "ok"]
    );
    assert_eq!(call(&server), "ok");
    // Clients that do not wait for their answers leave no place taken.
    let request = post("3_1", "", &signed(USER, KEY, &params));
    for _ in 0..3 {
        let mut client = TcpStream::connect(server.address).unwrap();
        client.write_all(&request).unwrap();
    }
    until_ok(&server);
}

/// SC-8.
#[test]
fn sc_08_clones_of_a_day_are_limited() {
    let server = Server::start(&["--demo", "--limits", "clones=1"]);
    let clone = |name: &str| {
        call_as(
            &server,
            USER,
            KEY,
            &format!(
                "<ns1:paramsScheduleCampaign><programName>Trav-Demo-Program</programName>\
                 <campaignName>Batch Campaign Example</campaignName><cloneToProgramName>{name}</cloneToProgramName>\
                 </ns1:paramsScheduleCampaign>"
            ),
        )
    };
    let exceeded = "Request limit of 1 clones of programs a day exceeded (20015)";
    assert_eq!([clone("A"), clone("B")], ["ok", exceeded]);
}
