//! Settings of `serve` by flags, the environment and a file, and what `leadkeep config` says of them.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{Server, binary};
use tempfile::TempDir;

/// An empty directory with a file of settings, which only its owner can read.
fn with_file(text: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), text, 0o600);
    directory
}

fn write(directory: &Path, text: &str, mode: u32) {
    let path = directory.join("leadkeep.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs a command in a directory with nothing but these variables: exit code, standard output, standard error.
fn run(directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let output = Command::new(binary())
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// What `config check` prints: settings with their values and origins.
fn checked(directory: &Path, variables: &[(&str, &str)]) -> BTreeMap<String, (String, String)> {
    let (code, out, err) = run(directory, &["config", "check", "leadkeep.toml"], variables);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    out.lines()
        .map(|line| {
            let (key, rest) = line.split_once(' ').unwrap();
            let (value, origin) = rest.trim_start().split_once(' ').unwrap();
            let origin = origin.trim_start().to_owned();
            (key.to_owned(), (value.to_owned(), origin))
        })
        .collect()
}

/// The lines that `serve` prints before it listens tell which value it took.
fn endpoint(server: &Server) -> &str {
    let line = server
        .printed
        .iter()
        .find_map(|line| line.strip_prefix("endpoint"));
    line.unwrap().trim()
}

#[test]
fn a_flag_goes_before_a_variable_and_that_before_the_file() {
    let directory = with_file(
        "demo = true\npublic_url = \"http://file.example\"\ntrack_visits = true\npublic_metrics = true\n",
    );
    let file = directory.path().join("leadkeep.toml");
    let config = ["--config", file.to_str().unwrap()];
    let by_file = Server::start(&config);
    assert_eq!(
        endpoint(&by_file),
        "http://file.example/soap/mktows/3_1",
        "the file goes before the default"
    );
    // Flags of the file hold, too: without them the first of these paths is not there, and the second one is refused.
    let visit =
        "POST /track/visit HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    let metrics = "GET /metrics HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n";
    assert_ne!(by_file.raw(visit.as_bytes()).status, 404);
    assert_eq!(by_file.raw(metrics.as_bytes()).status, 200);

    let variables = [
        ("LEADKEEP_PUBLIC_URL", "http://variable.example"),
        ("LEADKEEP_TRACK_VISITS", "false"),
        ("LEADKEEP_CONFIG", file.to_str().unwrap()),
    ];
    let by_variable = Server::start_in(&variables, &[]);
    assert_eq!(
        endpoint(&by_variable),
        "http://variable.example/soap/mktows/3_1"
    );
    assert_eq!(by_variable.raw(visit.as_bytes()).status, 404);
    assert_eq!(by_variable.raw(metrics.as_bytes()).status, 200);

    let flag = ["--public-url", "http://flag.example"];
    let by_flag = Server::start_in(&variables, &flag);
    assert_eq!(endpoint(&by_flag), "http://flag.example/soap/mktows/3_1");
}

#[test]
fn check_tells_values_and_where_they_come_from() {
    let directory = with_file(
        "grace = 7\n\nmax_body = 1_000\nallow_webhook_host = [\"a.example\", \"b.example\"]\npublic_url = \"\"\n\
         track_visits = false\nsmtp_url = \"smtp://ann:hidden@host\"\nwebhook_secret = \"hidden\"\nlog = \"warn\"\n",
    );
    let variables = [
        ("LEADKEEP_MAX_BODY", "2000"),
        ("LEADKEEP_LOG", ""),
        ("LEADKEEP_PUBLIC_METRICS", "yes"),
    ];
    let settings = checked(directory.path(), &variables);
    for (key, value, origin) in [
        ("grace", "7", "leadkeep.toml:1"),
        ("max_body", "2000", "environment LEADKEEP_MAX_BODY"),
        (
            "allow_webhook_host",
            "a.example,b.example",
            "leadkeep.toml:4",
        ),
        ("public_url", "-", "default"),
        ("track_visits", "false", "leadkeep.toml:6"),
        ("smtp_url", "***", "leadkeep.toml:7"),
        ("webhook_secret", "***", "leadkeep.toml:8"),
        ("log", "warn", "leadkeep.toml:9"),
        (
            "public_metrics",
            "yes",
            "environment LEADKEEP_PUBLIC_METRICS",
        ),
        ("listen", "127.0.0.1:8080", "default"),
        ("log_format", "text", "default"),
    ] {
        let expected = (value.to_owned(), origin.to_owned());
        assert_eq!(settings.get(key), Some(&expected), "{key}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_line() {
    let directory = with_file(
        "publik_url = \"x\"\nlisten = 8080\ngrace = \"30\"\n\nmax_body = -1\nallow_webhook_host = \"a\"\nlimits = \"rate=1\"\n\
         log_format = \"xml\"\ntrack_visits = 1\nlisten_on = { port = 1 }\nconfig = \"other.toml\"\n\
         data = \"\"\ncall_log_days = 5_000_000_000\n",
    );
    let expected = [
        "leadkeep: leadkeep.toml:1: publik_url: there is no such setting; is \"public_url\" meant?",
        "leadkeep: leadkeep.toml:2: listen: expected a text in quotes, got 8080",
        "leadkeep: leadkeep.toml:3: grace: expected a whole number, 0 or more, got a text",
        "leadkeep: leadkeep.toml:5: max_body: expected a whole number, 0 or more, got -1",
        "leadkeep: leadkeep.toml:6: allow_webhook_host: expected a list of texts, like [\"one\", \"two\"], got a text",
        "leadkeep: leadkeep.toml:7: limits: invalid value \"rate=1\": rate: expected calls/seconds like 100/20, got \"1\"",
        "leadkeep: leadkeep.toml:8: log_format: invalid value \"xml\": expected text or json",
        "leadkeep: leadkeep.toml:9: track_visits: expected true or false, got 1",
    ];
    for arguments in [
        ["config", "check", "leadkeep.toml"],
        ["serve", "--config", "leadkeep.toml"],
    ] {
        let (code, out, err) = run(directory.path(), &arguments, &[]);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        let lines: Vec<&str> = err.lines().collect();
        assert_eq!(lines[..8], expected, "{err}");
        assert!(lines[8].contains("toml:10: listen_on: there is no such setting"));
        assert!(lines[9].contains("toml:11: config: there is no such setting"));
        assert!(lines[10].contains("toml:13: call_log_days: invalid value \"5000000000\""));
        assert_eq!(lines.len(), 11, "{err}");
    }
    let variables = [
        ("LEADKEEP_GRACE", "soon"),
        ("LEADKEEP_TRACK_VISITS", "maybe"),
        ("LEADKEEP_LOG", "inof"),
    ];
    let (code, _, err) = run(directory.path(), &["config", "check"], &variables);
    assert_eq!((code, err.lines().count()), (2, 3), "{err}");
    for wrong in [
        "LEADKEEP_GRACE: invalid value \"soon\": expected a whole number, 0 or more",
        "LEADKEEP_TRACK_VISITS: invalid value \"maybe\": expected true or false",
        "LEADKEEP_LOG: invalid value \"inof\": expected one of off, error",
    ] {
        assert!(err.contains(wrong), "{err}");
    }
}

#[test]
fn what_is_wrong_together_or_no_toml_is_told_too() {
    for (text, said) in [
        ("grace = = 1\n", "leadkeep.toml:1: this is no TOML"),
        (
            "demo = true\nprovision = \"x.toml\"\n",
            "--demo has data of its own",
        ),
        ("smtp_url = \"hidden\"\n", "--smtp-url: no SMTP server"),
        (
            "public_url = \"leads.example.com\"\n",
            "leadkeep.toml:1: public_url: invalid value",
        ),
        (
            "public_url = \"https://x.example/soap/mktows/3_1\"\n",
            "an address like https://leads.example.com is expected",
        ),
    ] {
        let directory = with_file(text);
        for arguments in [
            ["config", "check", "leadkeep.toml"],
            ["serve", "--config", "leadkeep.toml"],
        ] {
            let (code, _, err) = run(directory.path(), &arguments, &[]);
            assert_eq!(code, 2, "{err}");
            assert!(err.contains(said) && !err.contains("hidden"), "{err}");
        }
    }
    let directory = tempfile::tempdir().unwrap();
    for arguments in [
        ["config", "check", "leadkeep.toml"],
        ["serve", "--config", "leadkeep.toml"],
    ] {
        let (code, _, err) = run(directory.path(), &arguments, &[]);
        assert_eq!(code, 2);
        assert!(err.contains("cannot read leadkeep.toml"), "{err}");
    }
}

#[test]
fn the_sample_is_a_file_that_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (code, sample, _) = run(directory.path(), &["config", "sample"], &[]);
    assert_eq!(code, 0);
    write(directory.path(), &sample, 0o600);
    let as_it_is = checked(directory.path(), &[]);
    assert!(as_it_is.values().all(|(_, origin)| origin == "default"));
    let all: Vec<&str> = sample
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            _ => line,
        })
        .collect();
    write(directory.path(), &all.join("\n"), 0o600);
    let settings = checked(directory.path(), &[]);
    assert!(settings.len() >= 20, "{settings:?}");
    for (key, (value, origin)) in &settings {
        assert_eq!(*value, as_it_is[key].0, "{key}");
        // What is not set stands in the file as an empty text or list.
        let is_read = origin.starts_with("leadkeep.toml:");
        assert!(is_read != (value == "-"), "{key}: {value} {origin}");
    }
}

#[test]
fn a_secret_that_everybody_can_read_is_worth_a_warning() {
    let directory = with_file("webhook_secret = \"hidden\"\nlisten = \"127.0.0.1:8080\"\n");
    let check = || run(directory.path(), &["config", "check", "leadkeep.toml"], &[]);
    for mode in [0o600, 0o640] {
        write(directory.path(), "webhook_secret = \"hidden\"\n", mode);
        assert_eq!(check().2, "");
    }
    write(directory.path(), "webhook_secret = \"hidden\"\n", 0o644);
    let (code, _, err) = check();
    assert_eq!(code, 0);
    assert!(
        err.contains(
            "everybody on this machine can read leadkeep.toml, which holds webhook_secret"
        ),
        "{err}"
    );
    write(directory.path(), "grace = 1\n", 0o644);
    assert_eq!(check().2, "");
}
