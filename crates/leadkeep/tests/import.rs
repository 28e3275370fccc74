//! `leadkeep import`, beside a running server and without one.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{Server, binary, run_in};

const FILE: &str =
    "Email Address,Last Name,Lead Score,Shoe\nann@x.com,Müller,5,41\nbob@x.com,Lee,many,42\n";

fn import(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let all = [&["import", "leads"], arguments, &["--data", "data"]].concat();
    run_in(directory, &all)
}

fn status(directory: &Path) -> String {
    let (_, said, _) = run_in(directory, &["status", "--data", "data"]);
    // The file may have grown and kept its size.
    let lines = said.lines().filter(|line| !line.starts_with("size"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn rows_are_imported_and_failed_ones_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let server = Server::on(here);
    std::fs::write(here.join("leads.csv"), FILE).unwrap();
    let before = status(here);
    let (code, said, complained) = import(here, &["leads.csv", "--list", "Friends", "--dry-run"]);
    assert_eq!(code, 1, "{complained}");
    for part in [
        "column    Shoe -> (nothing: it is ignored)",
        "imported  1",
        "failed    1",
        "row 2: LeadScore: ",
        "nothing was written",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(status(here), before);
    let (code, said, complained) = import(
        here,
        &["leads.csv", "--list", "Friends", "--failed", "failed.csv"],
    );
    assert_eq!(code, 1, "{said}{complained}");
    assert!(
        said.contains("imported  1") && said.contains("failed rows are in failed.csv"),
        "{said}"
    );
    let failed = std::fs::read_to_string(here.join("failed.csv")).unwrap();
    let mut lines = failed.lines();
    assert_eq!(
        lines.next(),
        Some("Row,Reason,Email Address,Last Name,Lead Score,Shoe")
    );
    assert!(
        lines.next().unwrap().ends_with(",bob@x.com,Lee,many,42"),
        "{failed}"
    );
    // Mended, without the server, and as standard input.
    server.kill();
    let mut program = Command::new(binary())
        .current_dir(here)
        .args([
            "import", "leads", "-", "--list", "friends", "--data", "data",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    program
        .stdin
        .take()
        .unwrap()
        .write_all(failed.replace("many", "7").as_bytes())
        .unwrap();
    let output = program.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && said.contains("imported  1"),
        "{said}"
    );
    let (_, leads, _) = run_in(
        here,
        &[
            "export",
            "leads",
            "--format",
            "csv",
            "--fields",
            "Email,LastName,LeadScore",
            "--data",
            "data",
        ],
    );
    assert!(
        leads.contains("ann@x.com,Müller,5") && leads.contains("bob@x.com,Lee,7"),
        "{leads}"
    );
    let (_, imports, _) = run_in(here, &["imports", "list", "--data", "data"]);
    assert_eq!(imports.matches("Friends").count(), 2, "{imports}");
}

#[test]
fn what_cannot_be_imported_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    drop(Server::on(here));
    for (name, bytes) in [
        ("latin.csv", &b"Email\na@x.com\nM\xFCller\n"[..]),
        ("empty.csv", b"Email\n"),
        ("keyless.csv", b"Name\nBob\n"),
        ("good.csv", b"Email\na@x.com\n"),
    ] {
        std::fs::write(here.join(name), bytes).unwrap();
    }
    let before = status(here);
    for (arguments, code, wanted) in [
        (
            &["latin.csv", "--list", "L"][..],
            1,
            "line 3 is no text of this encoding",
        ),
        (&["empty.csv", "--list", "L"], 1, "no row below the header"),
        (
            &["keyless.csv", "--list", "L"],
            1,
            "a column Email Address or Id is required",
        ),
        (
            &["keyless.csv", "--list", "L", "--dry-run"],
            1,
            "a column Email Address or Id is required",
        ),
        (&["good.csv", "--list", " "], 1, "expected a name"),
        (
            &["missing.csv", "--list", "L"],
            2,
            "cannot read missing.csv",
        ),
        (
            &["good.csv", "--list", "L", "--encoding", "ebcdic"],
            2,
            "ebcdic",
        ),
    ] {
        let (given, _, complained) = import(here, arguments);
        assert!(
            given == code && complained.contains(wanted),
            "{wanted}: {given} {complained}"
        );
    }
    assert_eq!(status(here), before);
    let (code, said, _) = import(
        here,
        &["latin.csv", "--list", "L", "--encoding", "windows-1252"],
    );
    assert!(code == 0 && said.contains("imported  2"), "{said}");
    // Without a name the list has that of its file.
    std::fs::copy(here.join("good.csv"), here.join("Guests of 1.5..csv")).unwrap();
    let (code, said, _) = import(here, &["Guests of 1.5..csv"]);
    assert!(
        code == 0 && said.contains("list      Guests of 1 5\n"),
        "{said}"
    );
    let (_, imports, _) = run_in(here, &["imports", "list", "--data", "data"]);
    assert!(imports.contains("Guests of 1 5"), "{imports}");
}

/// What a crash leaves is done by whoever comes next, and no row twice.
#[test]
fn an_import_that_is_cut_off_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    drop(Server::on(here));
    let rows: String = (0..20_000).map(|n| format!("l{n}@x.com,{n}\n")).collect();
    std::fs::write(here.join("many.csv"), format!("Email,LastName\n{rows}")).unwrap();
    std::fs::write(here.join("one.csv"), "Email\none@x.com\n").unwrap();
    let mut cut = Command::new(binary())
        .current_dir(here)
        .args([
            "import", "leads", "many.csv", "--list", "Many", "--data", "data",
        ])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    loop {
        let (_, imports, _) = run_in(here, &["imports", "list", "--data", "data"]);
        if imports.contains("\t20000\t") {
            break;
        }
        assert!(
            cut.try_wait().unwrap().is_none() || imports.contains("COMPLETE"),
            "{imports}"
        );
    }
    cut.kill().unwrap();
    cut.wait().unwrap();
    let _server = Server::on(here);
    let done = || {
        run_in(here, &["imports", "list", "--data", "data"])
            .1
            .contains("COMPLETE\t20000\t20000\t0\t0")
    };
    for _ in 0..600 {
        if done() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(done());
    let (code, said, _) = import(here, &["one.csv", "--list", "One"]);
    assert!(code == 0 && said.contains("imported  1"), "{said}");
    let (_, leads, _) = run_in(
        here,
        &[
            "export", "leads", "--format", "csv", "--fields", "Email", "--data", "data",
        ],
    );
    assert_eq!(leads.matches("@x.com").count(), 20_001);
}
