//! A real server for tests: the binary, on a free port, in a fresh directory.

pub(crate) mod browser;
pub(crate) mod chromium;
pub(crate) mod python;
pub(crate) mod smtp;
#[path = "../../../mktows/tests/support/tools.rs"]
pub(crate) mod tools;

use mktows::signature;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The user and key of the demo.
pub(crate) const USER: &str = "demo_user";
/// Its key.
pub(crate) const KEY: &str = "demo_key_0123456789abcdef";

/// The binary under test: the one of this build, or the one that `LEADKEEP_BIN` names.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("LEADKEEP_BIN")
        .map_or_else(|| env!("CARGO_BIN_EXE_leadkeep").into(), PathBuf::from)
}

/// A running server.
pub(crate) struct Server {
    process: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What it printed before it listened.
    pub(crate) printed: Vec<String>,
}

impl Server {
    /// Starts a server with these arguments on a free port and waits until it listens.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[("LEADKEEP_LOG", "warn")], Stdio::inherit())
    }

    /// The same, with these environment variables more.
    pub(crate) fn start_in(variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        Self::start_with(arguments, variables, Stdio::inherit())
    }

    /// The same, for a server that writes a line into this file for each call before it answers.
    pub(crate) fn start_logging(arguments: &[&str], log: &Path) -> Self {
        Self::start_with(
            arguments,
            &[("LEADKEEP_LOG", "leadkeep_server=debug")],
            std::fs::File::create(log).unwrap().into(),
        )
    }

    #[expect(
        clippy::zombie_processes,
        reason = "dropping the server waits for it; without one the test has failed"
    )]
    fn start_with(arguments: &[&str], variables: &[(&str, &str)], log: Stdio) -> Self {
        let mut process = Command::new(binary())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut printed = Vec::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let listening = line.strip_prefix("listening on ");
            let url = listening.and_then(|url| url.split_once("://"));
            if let Some((_, address)) = url {
                return Self {
                    process,
                    address: address.parse().unwrap(),
                    printed,
                };
            }
            printed.push(line);
        }
        panic!("the server ended before it listened: {printed:?}");
    }

    /// Starts a server on a directory with the demo's user.
    pub(crate) fn on(directory: &Path) -> Self {
        Self::on_with(directory, "", &[])
    }

    /// The same with more in its provisioning file, and more arguments.
    pub(crate) fn on_with(directory: &Path, toml: &str, arguments: &[&str]) -> Self {
        let provision = directory.join("provision.toml");
        std::fs::write(
            &provision,
            format!("[[user]]\nid = \"{USER}\"\nkey = \"{KEY}\"\n{toml}"),
        )
        .unwrap();
        let data = directory.join("data");
        let all = [
            &[
                "--data",
                data.to_str().unwrap(),
                "--provision",
                provision.to_str().unwrap(),
            ],
            arguments,
        ];
        Self::start(&all.concat())
    }

    /// The endpoint of the last version.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}/soap/mktows/3_1", self.address)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Ends it at once, in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Waits for its end and gives its exit code.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }

    /// Sends a request as it is and gives status line, headers and body.
    pub(crate) fn raw(&self, request: &[u8]) -> Answer {
        try_raw(self.address, request).unwrap()
    }

    /// Posts a signed message with these params.
    pub(crate) fn call(&self, params: &str) -> Answer {
        self.raw(&post("3_1", "", &signed(USER, KEY, params)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a command on a server's directory. Whether it was done, and what it said.
pub(crate) fn leadkeep(directory: &Path, arguments: &[&str]) -> (bool, String) {
    let done = Command::new(binary())
        .args(arguments)
        .arg("--data")
        .arg(directory.join("data"))
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

/// Runs a command in a directory: exit code, standard output, standard error.
pub(crate) fn run_in(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(binary())
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The header lines in lower case.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What stands in the first element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0.to_owned())
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// Sends a request on a connection of its own; an error if the server goes away.
pub(crate) fn try_raw(address: SocketAddr, request: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(request)?;
    read_answer(&mut BufReader::new(stream))
}

/// Reads one answer off a connection.
pub(crate) fn read_answer(reader: &mut impl BufRead) -> std::io::Result<Answer> {
    let mut head = String::new();
    loop {
        let before = head.len();
        if reader.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if head[before..].trim().is_empty() {
            break;
        }
    }
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    let head = head.to_lowercase().replace("\r\n", "\n");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = Vec::new();
    match length {
        Some(length) => {
            body.resize(length, 0);
            reader.read_exact(&mut body)?;
        }
        None => {
            reader.read_to_end(&mut body)?;
        }
    }
    Ok(Answer { status, head, body })
}

/// An HTTP request that posts a message.
pub(crate) fn post(version: &str, headers: &str, message: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /soap/mktows/{version} HTTP/1.1\r\nHost: leadkeep.example\r\nContent-Type: text/xml\r\n{headers}\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        message.len()
    );
    [head.as_bytes(), message].concat()
}

/// A message signed now.
pub(crate) fn signed(user: &str, key: &str, params: &str) -> Vec<u8> {
    let timestamp = jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%S+00:00")
        .to_string();
    signed_at(user, key, &timestamp, params)
}

/// A message signed for a timestamp.
pub(crate) fn signed_at(user: &str, key: &str, timestamp: &str, params: &str) -> Vec<u8> {
    let signature = signature::sign(key, timestamp, user);
    envelope(
        &format!(
            "<ns1:AuthenticationHeader><mktowsUserId>{user}</mktowsUserId><requestSignature>{signature}</requestSignature>\
             <requestTimestamp>{timestamp}</requestTimestamp></ns1:AuthenticationHeader>"
        ),
        params,
    )
}

/// An envelope.
pub(crate) fn envelope(header: &str, params: &str) -> Vec<u8> {
    format!(
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:ns1=\"http://www.marketo.com/mktows/\"><SOAP-ENV:Header>{header}</SOAP-ENV:Header>\
         <SOAP-ENV:Body>{params}</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    )
    .into_bytes()
}
