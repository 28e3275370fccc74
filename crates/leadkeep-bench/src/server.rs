//! The servers under test, each in a process of its own.

use crate::http::Connection;
use crate::messages::Signer;
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const USER: &str = "bench_user";
const KEY: &str = "bench_key_0123456789abcdef";
/// A program with a list, a key of opportunities, and a custom object of leads.
const GROUND: &str = "[[channel]]\nname = \"Blog\"\nstatuses = [{ name = \"Visited\", step = 10 }]\n\
    [[program]]\nname = \"Bench\"\nchannel = \"Blog\"\n[[list]]\nname = \"People\"\nprogram = \"Bench\"\n\
    [[field]]\nobject = \"Opportunity\"\nname = \"opportunityId\"\ntype = \"string\"\nexternal_key = true\n\
    [[custom_object]]\nname = \"RoadShow\"\nfields = [{ name = \"MKTOID\", type = \"integer\", dedupe = true, \
    link = \"Lead.Id\" }, { name = \"rid\", type = \"string\", dedupe = true }, { name = \"city\", type = \"string\" }, \
    { name = \"zip\", type = \"string\" }, { name = \"state\", type = \"string\" }]\n";

/// How long a server may take to listen.
const START: Duration = Duration::from_secs(60);

/// A server process; it is stopped when this is dropped.
pub(crate) struct Process {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The link that makes the first owner of the admin pages.
    set_up: Option<String>,
}

impl Process {
    /// Starts a command that says where it listens, as leadkeep does.
    pub(crate) fn telling(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {command:?}"))?;
        let output = child
            .stdout
            .take()
            .context("the server has no standard output")?;
        let mut set_up = None;
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(address) = line.strip_prefix("listening on http://") {
                let address = address.parse()?;
                return Ok(Self {
                    child,
                    address,
                    set_up,
                });
            }
            if let Some(link) = line.strip_prefix("set up ") {
                set_up = Some(link.trim().to_owned());
            }
        }
        bail!("the server ended before it listened: {}", child.wait()?)
    }

    /// Starts a command that listens on a port, and waits until it takes connections. What it says goes to a file.
    pub(crate) fn listening(command: &mut Command, port: u16, log: &Path) -> Result<Self> {
        let file = std::fs::File::create(log)?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("start {command:?}"))?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = child.try_wait()? {
                bail!("{command:?} ended: {status}; see {}", log.display());
            }
            ensure!(
                started.elapsed() < START,
                "{command:?} does not listen; see {}",
                log.display()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Self {
            child,
            address,
            set_up: None,
        })
    }

    fn memory_mib(&self, line: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|text| text.strip_prefix(line))
            .with_context(|| format!("no {line} line"))?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // With all that it has started. It may have ended already; there is nothing to do about either.
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", self.child.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The release binary of leadkeep on a directory of its own.
pub(crate) struct Server {
    binary: PathBuf,
    process: Option<Process>,
    directory: tempfile::TempDir,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Builds the binary where it is not yet, starts it on a fresh directory, and waits until it listens.
    pub(crate) fn start() -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("leadkeep-bench")
            .tempdir_in(".")?;
        let provision = directory.path().join("provision.toml");
        std::fs::write(
            &provision,
            format!("[[user]]\nid = \"{USER}\"\nkey = \"{KEY}\"\n{GROUND}"),
        )?;
        let binary = binary()?;
        let process = serve(&binary, directory.path())?;
        Ok(Self {
            binary,
            address: process.address,
            process: Some(process),
            directory,
        })
    }

    /// Kills the server and starts it again on what it has stored. Gives the time from the start to the first answer to
    /// `call`.
    pub(crate) fn restart(&mut self, call: &[u8]) -> Result<Duration> {
        self.process = None;
        let started = Instant::now();
        let process = serve(&self.binary, self.directory.path())?;
        self.address = process.address;
        self.process = Some(process);
        Connection::open(self.address)?.post(call)?;
        Ok(started.elapsed())
    }

    /// What the link that makes the first owner of the admin pages carries.
    pub(crate) fn set_up_token(&self) -> Option<&str> {
        let link = self.process.as_ref()?.set_up.as_deref()?;
        link.split_once("token=").map(|(_, token)| token)
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

    /// Seconds of processor time that it has used so far: its own, and the kernel's for it.
    pub(crate) fn processor_time(&self) -> Result<(f64, f64)> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process_id()?))?;
        // After the name, which is in parentheses: state is the third field, the times are the 14th and 15th.
        let (_, rest) = stat.rsplit_once(')').context("an odd stat file")?;
        let field = |number: usize| rest.split_whitespace().nth(number - 3)?.parse::<f64>().ok();
        let times = field(14).zip(field(15)).context("an odd stat file")?;
        // Linux counts them in hundredths of a second wherever it runs.
        Ok((times.0 / 100.0, times.1 / 100.0))
    }

    /// The number of its process.
    pub(crate) fn process_id(&self) -> Result<u32> {
        Ok(self
            .process
            .as_ref()
            .context("the server is stopped")?
            .child
            .id())
    }

    fn memory_mib(&self, line: &str) -> Result<f64> {
        let process = self.process.as_ref().context("the server is stopped")?;
        process.memory_mib(line)
    }
}

fn serve(binary: &Path, directory: &Path) -> Result<Process> {
    Process::telling(
        Command::new(binary)
            .arg("serve")
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(directory.join("data"))
            .arg("--provision")
            .arg(directory.join("provision.toml")),
    )
}

/// The release binary; it is built first, unless `LEADKEEP_BIN` names one.
pub(crate) fn binary() -> Result<PathBuf> {
    if let Some(binary) = std::env::var_os("LEADKEEP_BIN") {
        return Ok(binary.into());
    }
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "leadkeep",
        ])
        .status()
        .context("run cargo build for the server")?;
    ensure!(built.success(), "the server does not build");
    let here = std::env::current_exe()?;
    Ok(here
        .parent()
        .context("the benchmark has no directory")?
        .join("leadkeep"))
}
