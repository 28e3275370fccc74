//! The walls of ARCHITECTURE.md, and what documents promise.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../mktows/tests/support/tools.rs"]
#[expect(dead_code, reason = "only what is said of a test is used here")]
mod tools;

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The packages of the workspace with the names of what they depend on, outside of tests.
fn packages() -> Vec<(String, Vec<String>)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().unwrap().iter();
            let normal = all.filter(|dependency| dependency["kind"].is_null());
            (
                text(&package["name"]),
                normal.map(|dependency| text(&dependency["name"])).collect(),
            )
        })
        .collect()
}

/// Source files of a folder, without its tests.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn rooms_know_only_what_they_may_know() {
    // What each room may use of the workspace, and what no room of its kind may use at all.
    let rooms: &[(&str, &[&str], &[&str])] = &[
        ("mktows-datetime", &[], &["quick-xml", "tokio", "rusqlite"]),
        (
            "mktows",
            &["mktows-datetime"],
            &["tokio", "axum", "reqwest", "rusqlite", "hyper-util"],
        ),
        ("mktows-client", &["mktows"], &["rusqlite", "axum"]),
        (
            "leadkeep-core",
            &["mktows-datetime"],
            &[
                "quick-xml",
                "axum",
                "rusqlite",
                "tokio",
                "reqwest",
                "getrandom",
            ],
        ),
        (
            "leadkeep-sqlite",
            &["leadkeep-core"],
            &["axum", "quick-xml", "reqwest"],
        ),
        (
            "leadkeep-server",
            &["leadkeep-core", "mktows", "mktows-datetime"],
            &["rusqlite", "quick-xml"],
        ),
    ];
    for (name, dependencies) in packages() {
        let Some((_, own, never)) = rooms.iter().find(|(room, ..)| *room == name) else {
            continue;
        };
        for dependency in dependencies {
            let ours = dependency.starts_with("leadkeep") || dependency.starts_with("mktows");
            assert!(
                !ours || own.contains(&dependency.as_str()),
                "{name} must not know {dependency}"
            );
            assert!(
                !never.contains(&dependency.as_str()),
                "{name} must not know {dependency}"
            );
        }
    }
}

#[test]
fn core_has_no_clock_and_the_edge_has_no_sql() {
    for (path, text) in sources("crates/leadkeep-core/src") {
        let is_test = path.components().any(|part| part.as_os_str() == "tests")
            || path.file_stem().is_some_and(|name| name == "tests");
        if is_test {
            continue;
        }
        // A module of tests ends its file.
        let code = match text.find("#[cfg(test)]\nmod tests {") {
            Some(tests) => &text[..tests],
            None => &text,
        };
        for clock in [
            "Timestamp::now(",
            "SystemTime::now(",
            "Instant::now(",
            "Zoned::now(",
        ] {
            assert!(
                !code.contains(clock),
                "{} asks for the time",
                path.display()
            );
        }
    }
    for (path, text) in sources("crates/leadkeep-server/src") {
        for sql in ["SELECT ", "INSERT INTO", "DELETE FROM"] {
            assert!(!text.contains(sql), "{} holds SQL", path.display());
        }
    }
}

#[test]
fn every_dependency_has_a_line() {
    let page = std::fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    for (name, dependencies) in packages() {
        for dependency in dependencies
            .iter()
            .filter(|name| !name.starts_with("leadkeep") && !name.starts_with("mktows"))
        {
            let told = [
                format!("| {dependency} |"),
                format!("| {dependency},"),
                format!(", {dependency} |"),
            ];
            assert!(
                told.iter().any(|told| page.contains(told)),
                "{dependency} of {name} is not in docs/dependencies.md"
            );
        }
    }
}

#[test]
fn nothing_speaks_of_the_machine_that_it_was_made_on() {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    if !listed.status.success() {
        tools::skipped("nothing_speaks_of_the_machine", "this is no git checkout");
        return;
    }
    let home = format!("/{}/", "root");
    for name in String::from_utf8(listed.stdout)
        .unwrap()
        .split('\0')
        .filter(|name| !name.is_empty())
    {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else {
            continue;
        };
        for path in [&home, concat!("/ho", "me/"), concat!("/wo", "rk/")] {
            assert!(
                !text.contains(path) || name.ends_with(".lock"),
                "{name} names {path}"
            );
        }
    }
}

#[test]
fn every_command_is_documented_and_every_operation_has_samples() {
    let help = Command::new(env!("CARGO_BIN_EXE_leadkeep"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let changelog = std::fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let commands = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    let commands: Vec<&str> = commands
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands.iter().filter(|command| **command != "help") {
        assert!(
            changelog.contains(&format!("`{command}`"))
                || changelog.contains(&format!("`leadkeep {command}`")),
            "{command}"
        );
    }
    for operation in mktows::Operation::ALL {
        for side in ["request", "response"] {
            let sample = format!(
                "crates/mktows/tests/messages/{}-{side}.xml",
                operation.name()
            );
            assert!(root().join(&sample).exists(), "{sample}");
        }
    }
}

#[test]
fn every_operation_has_a_page_that_the_index_links() {
    let folder = root().join("docs/operations");
    let index = std::fs::read_to_string(folder.join("README.md")).unwrap();
    for operation in mktows::Operation::ALL {
        let name = operation.name();
        let page = std::fs::read_to_string(folder.join(format!("{name}.md"))).unwrap_or_default();
        assert!(
            page.starts_with(&format!("# {name}\n")),
            "{name} has no page in docs/operations"
        );
        assert!(
            index.contains(&format!("[{name}]({name}.md)")),
            "docs/operations/README.md does not link {name}"
        );
        let (params, success) = (
            format!("## Request: `params{}`", operation.type_stem()),
            format!("## Response: `success{}/", operation.type_stem()),
        );
        for part in [
            params.as_str(),
            success.as_str(),
            "## Faults",
            "## Differences from the original",
            "## Example",
        ] {
            assert!(
                page.contains(&format!("\n{part}")),
                "docs/operations/{name}.md has no `{part}`"
            );
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    if !listed.status.success() {
        tools::skipped("links_between_documents", "this is no git checkout");
        return;
    }
    let names = String::from_utf8(listed.stdout).unwrap();
    for name in names.split('\0').filter(|name| name.ends_with(".md")) {
        let path = root().join(name);
        // A file that is deleted, but not yet in the index.
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let target = path.parent().unwrap().join(target);
            assert!(target.exists(), "{name} links {}", target.display());
        }
    }
}

#[test]
fn the_command_line_says_what_was_expected() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_leadkeep"))
            .args(arguments)
            .env_clear()
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let empty = tempfile::tempdir().unwrap();
    let data = empty.path().to_str().unwrap();
    let (code, text) = run(&["status", "--data", data]);
    assert_eq!(code, Some(2));
    assert!(
        text.contains("there is no database") && text.contains("leadkeep serve"),
        "{text}"
    );
    let (code, text) = run(&["apply", "missing.toml", "--data", data]);
    assert_eq!(code, Some(2));
    assert!(text.contains("missing.toml"), "{text}");
    let (code, text) = run(&[
        "call",
        "getlead",
        "--endpoint",
        "http://127.0.0.1:9/x",
        "--user",
        "a",
        "--key",
        "b",
    ]);
    assert_eq!(code, Some(2));
    assert!(text.contains("getLead is meant"), "{text}");
    assert_eq!(run(&["nonsense"]).0, Some(2));
    assert_eq!(run(&["--version"]).0, Some(0));
}
