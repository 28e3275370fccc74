//! What the command line prints, as snapshots: a change of it is a change that users see.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

use std::process::Command;

/// Exit code, standard output and standard error of a command in an empty directory.
fn run(arguments: &[&str]) -> String {
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_leadkeep"))
        .args(arguments)
        .current_dir(empty.path())
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    format!(
        "exit {}\n{}{}",
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr)
    )
}

#[test]
fn helps() {
    for command in [
        "",
        "serve",
        "apply",
        "provision",
        "provision export",
        "call",
        "user",
        "user add",
        "user list",
        "user revoke",
        "user rotate",
        "admin",
        "admin list",
        "admin password",
        "campaign",
        "campaign failures",
        "campaign replay",
        "import",
        "import leads",
        "import opportunities",
        "import roles",
        "import custom-object",
        "imports",
        "imports list",
        "imports failures",
        "imports cancel",
        "log",
        "status",
        "export",
        "export leads",
        "export opportunities",
        "export roles",
        "export custom-object",
        "backup",
        "restore",
        "check",
        "tls",
        "tls init",
        "config",
        "config check",
        "config sample",
        "completions",
        "manual",
    ] {
        let words = command.split_whitespace().chain(["--help"]);
        let name = format!("help {command}").trim().replace(' ', "_");
        insta::assert_snapshot!(name, run(&words.collect::<Vec<_>>()));
    }
}

#[test]
fn errors_say_what_came_and_what_to_do() {
    let cases: [&[&str]; 13] = [
        &["nonsense"],
        &["apply"],
        &["apply", "missing.toml"],
        &["status"],
        &["serve", "--listen", "nowhere"],
        &["serve", "--demo", "--provision", "x.toml"],
        &["serve", "--smtp-url", "mail.example.com"],
        &["serve", "--limits", "rate=100"],
        &["serve", "--log", "info,inof"],
        &["serve", "--webhook-secret", "hidden"],
        &["serve", "--config", "missing.toml"],
        &["user", "rotate", "ann", "--overlap", "-1"],
        &["call", "getLead"],
    ];
    let texts: Vec<String> = cases
        .iter()
        .map(|arguments| format!("$ leadkeep {}\n{}", arguments.join(" "), run(arguments)))
        .collect();
    insta::assert_snapshot!("errors", texts.join("\n"));
}

#[test]
fn two_servers_on_one_directory_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    std::fs::create_dir(&data).unwrap();
    // What a running server holds.
    let held = std::fs::File::create(data.join("serve.lock")).unwrap();
    held.lock().unwrap();
    let text = run(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        data.to_str().unwrap(),
    ]);
    assert!(text.starts_with("exit 2\n"), "{text}");
    assert!(text.contains("another leadkeep serves"), "{text}");
}
