//! Unmodified client libraries against the real server: the programs of `examples/`, as their READMEs run them.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[path = "support/answering.rs"]
mod answering;
#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use answering::answers;
use mktows::Operation;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::Server;
use support::python::{self, examples};
use support::tools::available;

/// Runs a program of a folder against a server of its own and shows what it said if it failed.
fn run(folder: &str, program: &mut Command, expected: usize) {
    run_against(&Server::start(&["--demo"]), folder, program, expected);
}

fn run_against(server: &Server, folder: &str, program: &mut Command, expected: usize) {
    let output = program
        .current_dir(examples().join(folder))
        .env("LEADKEEP_ENDPOINT", server.endpoint())
        .env("LEADKEEP_USER", support::USER)
        .env("LEADKEEP_KEY", support::KEY)
        .output()
        .unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{program:?}\n{said}\n{complained}");
    assert_eq!(
        said.lines().filter(|line| line.starts_with("ok: ")).count(),
        expected,
        "{program:?}\n{said}"
    );
}

/// Also while it passes, which is when the output of a test is kept back.
#[test]
fn what_is_skipped_is_said() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "curl_and_openssl"])
        .env("PATH", "")
        .env_remove("LEADKEEP_REQUIRE_ALL")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("SKIPPED: curl_and_openssl: "),
        "{said}"
    );
}

/// The groups of operations, each a program a language, with the checks that it makes. All of them go one after the
/// other to one server, as a reader runs them.
const GROUPS: &[(&str, usize)] = &[
    ("leads", 23),
    ("activities", 10),
    ("lists", 7),
    ("imports", 10),
    ("mobjects", 16),
    ("programs", 9),
    ("custom_objects", 15),
    ("campaigns", 11),
];

/// Runs the programs of all groups, and holds the server's log of calls against the operations that it answers: none may
/// be without a program.
fn run_groups(folder: &str, interpreter: &Path, extension: &str) {
    let logs = tempfile::tempdir().unwrap();
    let log = logs.path().join("log");
    let server = Server::start_logging(&["--demo"], &log);
    for (group, checks) in GROUPS {
        let mut program = Command::new(interpreter);
        run_against(
            &server,
            folder,
            program.arg(format!("{group}.{extension}")),
            *checks,
        );
    }
    let calls = std::fs::read_to_string(&log).unwrap();
    for operation in Operation::ALL {
        let name = operation.name();
        let called = calls.lines().any(|line| {
            line.contains(&format!("operation=\"{name}\"")) && line.contains("outcome=\"ok\"")
        });
        assert!(
            called || !answers(&server, *operation),
            "no program of examples/{folder} calls {name}, which the server answers"
        );
    }
}

#[test]
fn php_soapclient() {
    let mut probe = Command::new("php");
    if available(
        "php_soapclient",
        "PHP with its SOAP extension",
        probe.args(["-r", "new ReflectionClass('SoapClient');"]),
    ) {
        run_groups("php", Path::new("php"), "php");
    }
}

/// The Python of the examples, if it has a library.
fn python_with(test: &str, library: &str) -> Option<PathBuf> {
    let python = python::python();
    let mut probe = Command::new(&python);
    probe.args(["-c", &format!("import {library}")]);
    available(test, &format!("Python's {library}"), &mut probe).then_some(python)
}

#[test]
fn python_zeep() {
    if let Some(python) = python_with("python_zeep", "zeep") {
        run_groups("python", &python, "py");
    }
}

#[test]
fn python_suds() {
    if let Some(python) = python_with("python_suds", "suds") {
        run("python", Command::new(python).arg("suds_examples.py"), 8);
    }
}

#[test]
fn node_soap() {
    let module = examples().join("node/node_modules/soap/package.json");
    let mut probe = Command::new("node");
    if available(
        "node_soap",
        "Node with its package soap",
        probe.arg("-e").arg(format!("require({module:?})")),
    ) {
        for (program, checks) in [
            ("sync_multiple_leads.mjs", 4),
            ("sync_mobjects.mjs", 3),
            ("sync_custom_objects.mjs", 4),
        ] {
            run("node", Command::new("node").arg(program), checks);
        }
    }
}

#[test]
fn java_jax_ws() {
    if available(
        "java_jax_ws",
        "a JDK with wsimport",
        Command::new("sh").args(["-c", "command -v wsimport javac"]),
    ) {
        let build = tempfile::tempdir().unwrap();
        run(
            "java",
            Command::new("./run.sh").env("BUILD", build.path()),
            15,
        );
    }
}

#[test]
fn cpp_gsoap() {
    let probe = "command -v wsdl2h soapcpp2 g++ && test -e /usr/include/stdsoap2.h -a -e /usr/include/openssl/hmac.h";
    if available(
        "cpp_gsoap",
        "gSOAP with a C++ compiler and OpenSSL",
        Command::new("sh").args(["-c", probe]),
    ) {
        let build = tempfile::tempdir().unwrap();
        run(
            "cpp",
            Command::new("./run.sh").env("BUILD", build.path()),
            10,
        );
    }
}

#[test]
fn curl_and_openssl() {
    if available(
        "curl_and_openssl",
        "curl with openssl",
        Command::new("sh").args(["-c", "command -v curl openssl bash"]),
    ) {
        run("curl", &mut Command::new("./examples.sh"), 7);
    }
}
