//! The log of calls, of the real server: what is in it, and `leadkeep log`.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use jiff::Timestamp;
use leadkeep_core::store::{Rollback, Store, WriteTxn, WriteWork};
use leadkeep_sqlite::{SqliteStore, database_path};
use std::io::Write;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};
use support::{KEY, Server, USER, leadkeep, post, signed};

const SYNC: &str = "<ns1:paramsSyncMultipleLeads><leadRecordList>\
    <leadRecord><Email>a@x.com</Email></leadRecord>\
    <leadRecord><Id>77</Id><Email>b@x.com</Email></leadRecord>\
    </leadRecordList></ns1:paramsSyncMultipleLeads>";
const GET: &str = "<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>no@x.com</keyValue></leadKey></ns1:paramsGetLead>";

/// Waits until the log shows something: it is written beside the calls.
fn wait_for(directory: &std::path::Path, arguments: &[&str], wanted: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let (done, said) = leadkeep(directory, &[&["log"], arguments].concat());
        assert!(done, "{said}");
        if said.contains(wanted) {
            return said;
        }
        assert!(Instant::now() < deadline, "no {wanted} in {said}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn calls_are_shown_with_what_became_of_them() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    server.call(SYNC);
    server.call(GET);
    let stranger = post(
        "3_1",
        "User-Agent: odd\r\n",
        &signed("nobody\u{9b}31m", KEY, GET),
    );
    server.raw(&stranger);
    server.raw(&post("3_1", "", b"no XML"));
    let no_gzip = "Content-Encoding: gzip\r\n";
    server.raw(&post("3_1", no_gzip, b"no gzip"));
    let said = wait_for(directory.path(), &[], "cannot be decompressed");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    assert!(
        lines[0].contains(&format!("{USER} syncMultipleLeads 2 (+1 !1) ")),
        "{said}"
    );
    assert!(lines[1].contains(&format!("{USER} getLead - ")), "{said}");
    assert!(lines[1].contains("fault 20103"), "{said}");
    assert!(lines[2].contains(" nobody\\u{9b}31m - - "), "{said}");
    assert!(lines[2].contains(" 127.0.0.1 fault 20014"), "{said}");
    for line in &lines[3..] {
        assert!(line.contains(" - - - "), "{said}");
        assert!(line.contains("fault 20012"), "{said}");
    }
    assert!(!said.contains('\u{9b}'), "{said}");
    let by = |arguments: &[&str]| {
        let (done, said) = leadkeep(directory.path(), &[&["log"], arguments].concat());
        assert!(done, "{said}");
        said.lines().count()
    };
    assert_eq!(by(&["-n", "1"]), 1);
    assert_eq!(by(&["--user", USER]), 2);
    assert_eq!(by(&["--operation", "getLead"]), 1);
    assert_eq!(by(&["--fault", "20014"]), 1);
    assert_eq!(by(&["--failed"]), 5);
    assert_eq!(by(&["--address", "10.9.9.9"]), 0);
    assert_eq!(by(&["--slower", "600000"]), 0);
    assert_eq!(by(&["--since", "2100-01-01T00:00:00Z"]), 0);
}

#[test]
fn a_log_that_is_followed_shows_what_comes_and_outlives_the_server() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    server.call(GET);
    wait_for(directory.path(), &[], "getLead");
    let seen = directory.path().join("seen");
    let mut follower = Command::new(support::binary())
        .args(["log", "-f", "--operation", "syncMultipleLeads", "--data"])
        .arg(directory.path().join("data"))
        .stdout(std::fs::File::create(&seen).unwrap())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    server.call(GET);
    server.call(SYNC);
    let deadline = Instant::now() + Duration::from_secs(20);
    let text = loop {
        let text = std::fs::read_to_string(&seen).unwrap();
        if text.contains("syncMultipleLeads") || Instant::now() > deadline {
            break text;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    follower.kill().unwrap();
    follower.wait().unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    server.kill();
    wait_for(directory.path(), &[], "syncMultipleLeads 2 (+1 !1)");
    let server = Server::on(directory.path());
    server.call(GET);
    let said = wait_for(
        directory.path(),
        &["--operation", "getLead", "-n", "3"],
        "getLead",
    );
    assert!(said.lines().count() >= 2, "{said}");
}

/// Calls are answered all the same.
#[test]
fn a_broken_log_stops_nobody() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("data")).unwrap();
    let file = directory.path().join("data/calls.sqlite");
    std::fs::write(
        &file,
        "this is no database, and long enough to look like one: ".repeat(50),
    )
    .unwrap();
    let server = Server::on(directory.path());
    assert!(server.call(GET).text().contains("20103"));
    assert!(
        std::fs::read(&file)
            .unwrap()
            .starts_with(b"this is no database")
    );
}

#[test]
fn without_a_log_there_is_none() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on_with(directory.path(), "", &["--call-log-days", "0"]);
    server.call(GET);
    let (done, said) = leadkeep(directory.path(), &["log"]);
    assert!(!done);
    assert!(said.contains("there is no log of calls"), "{said}");
}

/// Writes until it is told to end, as another process may.
struct Hold {
    begun: Sender<()>,
    end: Receiver<()>,
}

impl WriteWork for Hold {
    fn run(&mut self, _txn: &mut dyn WriteTxn, _now: Timestamp) -> Result<(), Rollback> {
        self.begun.send(()).unwrap();
        self.end.recv().unwrap();
        Ok(())
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        result.unwrap();
    }
}

/// A call that has begun is done, also when its client has gone away: it is in the log and among those that are counted.
#[test]
fn calls_of_clients_that_have_gone_are_logged_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let server = Server::on(here);
    let store = SqliteStore::open(&database_path(&here.join("data")), 1).unwrap();
    let ((begun, has_begun), (end, ends)) = (channel(), channel());
    store.write(Box::new(Hold { begun, end: ends }));
    has_begun.recv().unwrap();
    let params = "<ns1:paramsSyncLead><leadRecord><Email>gone@x.com</Email></leadRecord></ns1:paramsSyncLead>";
    let message = signed(USER, KEY, params);
    let mut client = TcpStream::connect(server.address).unwrap();
    client.write_all(&post("3_1", "", &message)).unwrap();
    let metrics = || {
        let answer = server.raw(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        answer.text()
    };
    let until = |name: &str, wanted: f64| {
        let deadline = Instant::now() + Duration::from_secs(20);
        let is = |line: &str| {
            let value = line
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(' '));
            value.is_some_and(|value| value.parse() == Ok(wanted))
        };
        while !metrics().lines().any(is) {
            assert!(
                Instant::now() < deadline,
                "{name} {wanted} in {}",
                metrics()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    until("leadkeep_calls_running", 1.0);
    drop(client);
    std::thread::sleep(Duration::from_millis(300));
    end.send(()).unwrap();
    let done = "leadkeep_calls_total{operation=\"syncLead\",outcome=\"ok\"}";
    until(done, 1.0);
    until("leadkeep_calls_running", 0.0);
    wait_for(here, &[], "syncLead");
}
