//! A disk that does not confirm what was written (COM-39), one that gives back something else, and a database that is a later version's
//! meanwhile.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use support::{KEY, Server, USER, leadkeep, tools};

fn sync(email: &str) -> String {
    format!(
        "<ns1:paramsSyncLead><leadRecord><Email>{email}</Email></leadRecord><returnLead>false</returnLead></ns1:paramsSyncLead>"
    )
}

fn get(email: &str) -> String {
    format!(
        "<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>{email}</keyValue></leadKey></ns1:paramsGetLead>"
    )
}

/// A server with a user in a directory, its database, and its log.
fn logging(directory: &Path) -> (Server, PathBuf, PathBuf) {
    let path = |name: &str| directory.join(name);
    let user = format!("[[user]]\nid = \"{USER}\"\nkey = \"{KEY}\"\n");
    std::fs::write(path("provision.toml"), user).unwrap();
    let (data, provision) = (path("data"), path("provision.toml"));
    let flags = [
        "--data",
        data.to_str().unwrap(),
        "--provision",
        provision.to_str().unwrap(),
    ];
    let server = Server::start_logging(&flags, &path("log"));
    (server, data.join("leadkeep.sqlite"), path("log"))
}

/// Nobody hears "stored" of what may be lost; nothing more is written or read; the log is left to the next start, which
/// finds all that was acknowledged.
#[test]
fn com_39_a_disk_that_does_not_confirm_ends_writing_and_loses_nothing() {
    let missing = "cc, which makes the disk that fails,";
    if !tools::available("broken_disk", missing, Command::new("cc").arg("--version")) {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (library, broken, data) = (path("broken.so"), path("broken"), path("data"));
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/broken_disk.c");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-o", &library, source, "-ldl"])
        .status();
    assert!(made.unwrap().success());
    let variables = [
        ("LD_PRELOAD", library.as_str()),
        ("BROKEN_DISK", &broken),
        ("LEADKEEP_LOG", "off"),
    ];
    let user = format!("[[user]]\nid = \"{USER}\"\nkey = \"{KEY}\"\n");
    std::fs::write(path("provision.toml"), user).unwrap();
    let provision = path("provision.toml");
    let server = Server::start_in(&variables, &["--data", &data, "--provision", &provision]);
    assert_eq!(server.call(&sync("before@example.com")).status, 200);

    std::fs::write(&broken, "").unwrap();
    let answer = server.call(&sync("lost@example.com"));
    assert_eq!(answer.status, 500, "{}", answer.text());
    assert_eq!(
        answer.element("code").as_deref(),
        Some("10001"),
        "{}",
        answer.text()
    );

    // The disk says again that all is well, which it is not.
    std::fs::remove_file(&broken).unwrap();
    for params in [sync("later@example.com"), get("before@example.com")] {
        let answer = server.call(&params);
        assert_eq!(answer.element("code").as_deref(), Some("10001"));
    }
    let ready = server.raw(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(ready.status, 503, "{}", ready.text());
    let stopped = Command::new("kill").arg(server.pid().to_string()).status();
    assert!(stopped.unwrap().success());
    assert_eq!(server.wait(), Some(0));
    let log = std::fs::metadata(format!("{data}/leadkeep.sqlite-wal")).unwrap();
    assert!(
        log.len() > 0,
        "the log that is in doubt was moved into the file"
    );

    let server = Server::start(&["--data", &data]);
    assert_eq!(server.call(&get("before@example.com")).status, 200);
    assert_eq!(server.call(&sync("after@example.com")).status, 200);
    drop(server);
    let (fine, said) = leadkeep(directory.path(), &["check"]);
    assert!(fine, "{said}");
}

/// FLT-10, COM-39: what cannot be read is an internal error that says nothing but the call's name, and harms no other lead.
#[test]
fn flt_10_a_row_that_nobody_can_read_is_an_internal_error() {
    let directory = tempfile::tempdir().unwrap();
    let (server, database, log) = logging(directory.path());
    for email in ["broken@example.com", "whole@example.com"] {
        assert_eq!(server.call(&sync(email)).status, 200);
    }
    let database = rusqlite::Connection::open(database).unwrap();
    let change = "UPDATE lead SET attrs = 'secret' WHERE email = 'broken@example.com'";
    assert_eq!(database.execute(change, []).unwrap(), 1);
    drop(database);
    for call in [get("broken@example.com"), sync("broken@example.com")] {
        let answer = server.call(&call);
        assert_eq!(answer.status, 500, "{}", answer.text());
        let code = answer.element("code");
        assert_eq!(code.as_deref(), Some("20011"), "{}", answer.text());
        let name = answer.header("x-call-id").unwrap();
        assert!(
            answer
                .text()
                .contains(&format!("Internal error, call {name}"))
                && !answer.text().contains("secret"),
            "{}",
            answer.text()
        );
        let lines = std::fs::read_to_string(&log).unwrap();
        let told = |line: &str| line.contains(name) && line.contains("unreadable");
        assert!(lines.lines().any(told), "{lines}");
    }
    assert_eq!(server.call(&get("whole@example.com")).status, 200);
    assert_eq!(server.call(&sync("whole@example.com")).status, 200);
}

/// As when a package brings a later version, whose command line is run before the server is started again: what the server does not know
/// it neither reads nor writes, and whoever sends it calls is told.
#[test]
fn a_server_on_tables_of_a_later_version_is_not_ready() {
    let directory = tempfile::tempdir().unwrap();
    let (server, database, log) = logging(directory.path());
    assert_eq!(server.call(&sync("before@example.com")).status, 200);
    let database = rusqlite::Connection::open(database).unwrap();
    let known: i64 = database
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let ready = || {
        let request = b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        server.raw(request).status
    };
    assert_eq!(ready(), 200);

    database
        .pragma_update(None, "user_version", known + 1)
        .unwrap();
    assert_eq!(ready(), 503);
    for params in [sync("later@example.com"), get("before@example.com")] {
        let answer = server.call(&params);
        let code = answer.element("code");
        assert_eq!(code.as_deref(), Some("10001"), "{}", answer.text());
    }
    let lines = std::fs::read_to_string(&log).unwrap();
    assert!(lines.contains("started again with that version"), "{lines}");

    database.pragma_update(None, "user_version", known).unwrap();
    assert_eq!(ready(), 200);
    assert_eq!(server.call(&get("before@example.com")).status, 200);
    assert_eq!(server.call(&get("later@example.com")).status, 500);
}
