//! Unmodified client libraries against the real server: the programs of `examples/`, as their READMEs run them.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::process::Command;
use support::Server;
use support::python::{self, examples};
use support::tools::available;

/// Runs a program of a folder against a server of its own and shows what it said if it failed.
fn run(folder: &str, program: &mut Command, expected: usize) {
    let server = Server::start(&["--demo"]);
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
        "{said}"
    );
}

#[test]
fn php_soapclient() {
    let mut probe = Command::new("php");
    if available(
        "php_soapclient",
        "PHP with its SOAP extension",
        probe.args(["-r", "new ReflectionClass('SoapClient');"]),
    ) {
        for (program, checks) in [
            ("sync_multiple_leads.php", 7),
            ("sync_mobjects.php", 7),
            ("sync_custom_objects.php", 7),
        ] {
            run("php", Command::new("php").arg(program), checks);
        }
    }
}

fn python(test: &str, library: &str, program: &str, checks: usize) {
    let python = python::python();
    if available(
        test,
        &format!("Python's {library}"),
        Command::new(&python).args(["-c", &format!("import {library}")]),
    ) {
        run("python", Command::new(&python).arg(program), checks);
    }
}

#[test]
fn python_zeep() {
    python("python_zeep", "zeep", "zeep_examples.py", 12);
}

#[test]
fn python_suds() {
    python("python_suds", "suds", "suds_examples.py", 8);
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
