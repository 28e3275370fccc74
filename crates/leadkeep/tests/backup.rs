//! `backup`, `restore` and `check`, beside a running server and without one.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use support::{Server, run_in};

fn create(server: &Server, number: usize) {
    let params = format!(
        "<ns1:paramsSyncLead><leadRecord><Email>{number}@example.com</Email></leadRecord></ns1:paramsSyncLead>"
    );
    assert_eq!(server.call(&params).status, 200);
}

fn exists(server: &Server, number: usize) -> bool {
    let params = format!(
        "<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>{number}@example.com</keyValue></leadKey></ns1:paramsGetLead>"
    );
    server.call(&params).status == 200
}

/// A backup beside a server under load has all that was answered before it began, and is whole.
#[test]
fn a_backup_beside_a_server_becomes_a_database_again() {
    let directory = tempfile::tempdir().unwrap();
    let (here, data) = (directory.path(), directory.path().join("data"));
    let server = Server::on(here);
    let (created, ends) = (AtomicUsize::new(0), AtomicBool::new(false));
    let before = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            while !ends.load(Ordering::SeqCst) {
                create(&server, created.load(Ordering::SeqCst));
                created.fetch_add(1, Ordering::SeqCst);
            }
        });
        while created.load(Ordering::SeqCst) < 50 {
            std::thread::yield_now();
        }
        let before = created.load(Ordering::SeqCst);
        let (code, out, err) = run_in(here, &["backup", "b.sqlite", "--data", "data"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(
            out.starts_with("b.sqlite  ") && out.ends_with(" MiB\n"),
            "{out}"
        );
        let (code, out, _) = run_in(here, &["check", "--data", "data"]);
        assert!(
            code == 0 && out.lines().all(|line| line.starts_with("ok ")),
            "{out}"
        );
        ends.store(true, Ordering::SeqCst);
        writer.join().unwrap();
        before
    });
    let mode = here
        .join("b.sqlite")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "the keys of users are in it");

    let (code, _, err) = run_in(here, &["restore", "b.sqlite", "--data", "data", "--force"]);
    assert!(
        code == 2 && err.contains("another leadkeep serves"),
        "{err}"
    );
    server.kill();
    let (code, _, err) = run_in(here, &["restore", "b.sqlite", "--data", "data"]);
    assert!(
        code == 1 && err.contains("`--force` puts it aside"),
        "{err}"
    );
    let (code, out, err) = run_in(here, &["restore", "b.sqlite", "--data", "data", "--force"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let leads: usize = out
        .lines()
        .last()
        .unwrap()
        .split_whitespace()
        .last()
        .unwrap()
        .parse()
        .unwrap();
    let all = created.load(Ordering::SeqCst);
    assert!(before <= leads && leads <= all, "{before} {leads} {all}");
    let (code, out, _) = run_in(here, &["check", "--data", "data"]);
    assert_eq!(code, 0, "{out}");
    let server = Server::on(here);
    assert!(exists(&server, before - 1) && !exists(&server, leads + 1));
    create(&server, all + 10);
    server.kill();

    // What was put aside is whole too, with its log.
    let aside = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let aside = aside.map(|name| name.into_string().unwrap());
    let aside = aside.filter(|name| {
        name.contains(".aside-") && !name.contains("-wal") && !name.contains("-shm")
    });
    let aside: Vec<String> = aside.collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    // A copy that lacks its last byte is no backup.
    let bytes = std::fs::read(here.join("b.sqlite")).unwrap();
    std::fs::write(here.join("short.sqlite"), &bytes[..bytes.len() - 1]).unwrap();
    let (code, _, err) = run_in(here, &["restore", "short.sqlite", "--data", "short"]);
    assert_eq!(code, 1, "{err}");
    assert!(
        err.contains("short.sqlite is not all of a database"),
        "{err}"
    );
    let aside = format!("data/{}", aside[0]);
    let (code, out, err) = run_in(here, &["restore", &aside, "--data", "second"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.ends_with(&format!(" {all}\n")), "{out}");
    let left = std::fs::read_dir(here.join("second")).unwrap().count();
    assert_eq!(left, 2, "the database and the lock");
}

#[test]
fn what_cannot_be_copied_is_said_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let refused = |arguments: &[&str], expected: i32, reason: &str| {
        let (code, _, err) = run_in(here, arguments);
        assert!(
            code == expected && err.contains(reason),
            "{arguments:?}: {code} {err}"
        );
    };
    refused(&["backup", "b.sqlite"], 2, "there is no database");
    refused(&["check"], 2, "there is no database");
    refused(
        &["restore", "b.sqlite", "--data", "data"],
        2,
        "No such file",
    );
    std::fs::write(here.join("text"), "no database\n".repeat(1_000)).unwrap();
    refused(&["restore", "text", "--data", "data"], 2, "not a database");
    let left = std::fs::read_dir(here.join("data")).unwrap().count();
    assert_eq!(left, 1, "nothing but the lock");

    Server::on(here).kill();
    std::fs::write(here.join("b.sqlite"), "mine").unwrap();
    refused(
        &["backup", "b.sqlite", "--data", "data"],
        1,
        "`--force` replaces it",
    );
    assert_eq!(std::fs::read(here.join("b.sqlite")).unwrap(), b"mine");
    let own = "data/leadkeep.sqlite";
    refused(
        &["backup", own, "--data", "data", "--force"],
        1,
        "its own backup",
    );
    refused(
        &["backup", "none/b.sqlite", "--data", "data"],
        2,
        "cannot write into",
    );
    let (code, _, err) = run_in(here, &["backup", "b.sqlite", "--data", "data", "--force"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let left = std::fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let parts = left
        .filter(|name| name.to_string_lossy().contains(".part"))
        .count();
    assert_eq!(parts, 0);

    // The log of another database is not taken for that of the new file, here and there.
    std::fs::write(here.join("c.sqlite-wal"), "x").unwrap();
    refused(
        &["backup", "c.sqlite", "--data", "data"],
        1,
        "the log of another database",
    );
    std::fs::create_dir(here.join("third")).unwrap();
    std::fs::write(here.join("third/leadkeep.sqlite-wal"), "x").unwrap();
    refused(&["restore", "b.sqlite", "--data", "third"], 1, "or its log");
    let (code, _, err) = run_in(here, &["restore", "b.sqlite", "--data", "third", "--force"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (code, out, _) = run_in(here, &["check", "--data", "third"]);
    assert_eq!(code, 0, "{out}");
    // What cannot be opened is put aside as it is.
    std::fs::write(here.join("third/leadkeep.sqlite"), "spoilt ".repeat(1_000)).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let (code, out, err) = run_in(here, &["restore", "b.sqlite", "--data", "third", "--force"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let aside = out
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .last()
        .unwrap();
    assert!(
        std::fs::read(here.join(aside))
            .unwrap()
            .starts_with(b"spoilt ")
    );
}
