//! A real SMTP server on loopback, aiosmtpd, which tells what came.

use super::{python, tools};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A server for mails, until it is dropped.
pub(crate) struct Smtp {
    process: Child,
    said: BufReader<ChildStdout>,
    /// Its port on loopback.
    pub(crate) port: u16,
}

impl Smtp {
    /// Starts it; `None`, said loudly, if aiosmtpd is missing.
    pub(crate) fn start(test: &str) -> Option<Self> {
        Self::start_with(test, &[])
    }

    /// Starts it with arguments.
    pub(crate) fn start_with(test: &str, arguments: &[&str]) -> Option<Self> {
        let python = python::python();
        let mut probe = Command::new(&python);
        let probe = probe.args(["-c", "import aiosmtpd"]);
        if !tools::available(test, "Python's aiosmtpd", probe) {
            return None;
        }
        let program =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../leadkeep/tests/support/smtp_server.py");
        let mut process = Command::new(python)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut port = String::new();
        said.read_line(&mut port).unwrap();
        Some(Self {
            process,
            said,
            port: port.trim().parse().unwrap(),
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The next mail that came.
    pub(crate) fn mail(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
