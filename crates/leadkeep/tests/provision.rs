//! `leadkeep provision export`: a database's definitions as a file, and back.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::path::Path;
use support::{Server, run_in};

const EXAMPLE: &str = include_str!("../../leadkeep-core/data/provision.toml");
const DEMO: &str = include_str!("../data/demo.toml");

fn done(directory: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run_in(directory, arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}: {out}");
    out
}

/// A directory with an empty database in `data`.
fn empty() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    drop(Server::start(&["--data", data.to_str().unwrap()]));
    directory
}

#[test]
fn what_is_defined_comes_back() {
    let first = empty();
    let here = first.path();
    // The example and the demo, by a file each, beside a running server.
    let data = here.join("data");
    let _server = Server::start(&["--data", data.to_str().unwrap()]);
    for (name, text) in [("example.toml", EXAMPLE), ("demo.toml", DEMO)] {
        std::fs::write(here.join(name), text).unwrap();
        done(here, &["apply", name, "--data", "data"]);
    }
    let text = done(here, &["provision", "export", "--data", "data"]);
    assert!(!text.contains("demo_key"), "{text}");
    done(here, &["provision", "export", "all.toml", "--data", "data"]);
    assert_eq!(
        std::fs::read_to_string(here.join("all.toml")).unwrap(),
        text
    );
    let again = done(here, &["apply", "all.toml", "--data", "data"]);
    assert_eq!(again.trim(), "no changes");

    let second = empty();
    let there = second.path();
    std::fs::write(there.join("all.toml"), &text).unwrap();
    done(there, &["apply", "all.toml", "--data", "data"]);
    let copy = done(there, &["provision", "export", "-", "--data", "data"]);
    assert_eq!(without_first_users(&copy), without_first_users(&text));
}

/// Without the user that each first start makes for itself.
fn without_first_users(text: &str) -> String {
    let blocks = text.split("\n\n");
    let blocks = blocks.filter(|block| !block.contains("note = \"made at the first start\""));
    blocks.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn a_file_that_is_there_is_kept() {
    let directory = empty();
    let here = directory.path();
    let command = ["provision", "export", "p.toml", "--data", "data"];
    std::fs::write(here.join("p.toml"), "mine").unwrap();
    let (code, out, err) = run_in(here, &command);
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(
        err,
        "leadkeep: p.toml is there already; `--force` replaces it\n"
    );
    assert_eq!(
        std::fs::read_to_string(here.join("p.toml")).unwrap(),
        "mine"
    );
    done(here, &[&command[..], &["--force"]].concat());
    let text = std::fs::read_to_string(here.join("p.toml")).unwrap();
    assert!(text.contains("[instance]"), "{text}");
}

/// A key that is made is told once, by whoever made it, and the user can call with it.
#[test]
fn keys_that_are_made_are_told() {
    let first = empty();
    let here = first.path();
    let key = |told: &[String]| -> String {
        let mut keys = told
            .iter()
            .filter_map(|line| line.strip_prefix("key of user \"new_one\": "));
        let key = keys.next().unwrap().to_owned();
        assert_eq!(keys.next(), None);
        key
    };
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    std::fs::write(here.join("user.toml"), "[[user]]\nid = \"new_one\"\n").unwrap();
    let told = done(here, &["apply", "user.toml", "--data", "data"]);
    let own = key(&lines(&told));
    let again = done(here, &["apply", "user.toml", "--data", "data"]);
    assert_eq!(again.trim(), "no changes");
    let (data, file) = (here.join("data"), here.join("user.toml"));
    let other = here.join("other");
    let started = |data: &Path| {
        let arguments = [
            "--data",
            data.to_str().unwrap(),
            "--provision",
            file.to_str().unwrap(),
        ];
        Server::start(&arguments)
    };
    let call = |server: &Server, key: &str| {
        let message = support::signed("new_one", key, "<ns1:paramsListMObjects/>");
        server.raw(&support::post("3_1", "", &message)).status
    };
    let server = started(&data);
    assert_eq!(call(&server, &own), 200);
    assert!(!server.printed.iter().any(|line| line.contains("key of")));
    // Where the server reads the file, it tells.
    let server = started(&other);
    assert_eq!(call(&server, &key(&server.printed)), 200);
}
