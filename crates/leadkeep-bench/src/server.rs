//! The server under test: the release binary on a fresh directory, in a process of its own.

use crate::messages::Signer;
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const USER: &str = "bench_user";
const KEY: &str = "bench_key_0123456789abcdef";
/// A program with a list.
const GROUND: &str = "[[channel]]\nname = \"Blog\"\nstatuses = [{ name = \"Visited\", step = 10 }]\n\
    [[program]]\nname = \"Bench\"\nchannel = \"Blog\"\n[[list]]\nname = \"People\"\nprogram = \"Bench\"\n";

/// A running server; it is stopped when this is dropped.
pub(crate) struct Server {
    process: Child,
    directory: tempfile::TempDir,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Builds the binary where it is not yet, starts it on a fresh directory, and waits until it listens.
    pub(crate) fn start() -> Result<Self> {
        let binary = binary()?;
        let directory = tempfile::Builder::new()
            .prefix("leadkeep-bench")
            .tempdir_in(".")?;
        let provision = directory.path().join("provision.toml");
        std::fs::write(
            &provision,
            format!("[[user]]\nid = \"{USER}\"\nkey = \"{KEY}\"\n{GROUND}"),
        )?;
        let mut process = Command::new(&binary)
            .arg("serve")
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(directory.path().join("data"))
            .arg("--provision")
            .arg(&provision)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {}", binary.display()))?;
        let output = process
            .stdout
            .take()
            .context("the server has no standard output")?;
        for line in BufReader::new(output).lines() {
            if let Some(address) = line?.strip_prefix("listening on http://") {
                return Ok(Self {
                    process,
                    directory,
                    address: address.parse()?,
                });
            }
        }
        bail!("the server ended before it listened: {}", process.wait()?)
    }

    /// Who may call it.
    pub(crate) fn signer() -> Signer {
        Signer {
            user: USER.to_owned(),
            key: KEY.to_owned(),
        }
    }

    /// Its database file.
    pub(crate) fn database(&self) -> PathBuf {
        leadkeep_sqlite::database_path(&self.directory.path().join("data"))
    }

    /// The directory that floors write beside, so that both use the same disk.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The most memory that it has held so far, in MiB.
    pub(crate) fn peak_memory_mib(&self) -> Result<f64> {
        self.memory_mib("VmHWM:")
    }

    /// The memory that it holds now, in MiB.
    pub(crate) fn now_memory_mib(&self) -> Result<f64> {
        self.memory_mib("VmRSS:")
    }

    fn memory_mib(&self, line: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status
            .lines()
            .find_map(|text| text.strip_prefix(line))
            .with_context(|| format!("no {line} line"))?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; there is nothing to do about either.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn binary() -> Result<PathBuf> {
    if let Some(binary) = std::env::var_os("LEADKEEP_BIN") {
        return Ok(binary.into());
    }
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--locked", "--package", "leadkeep"])
        .status()
        .context("run cargo build for the server")?;
    ensure!(built.success(), "the server does not build");
    let here = std::env::current_exe()?;
    Ok(here
        .parent()
        .context("the benchmark has no directory")?
        .join("leadkeep"))
}
