//! The rivals: what other toolkits make of the same document, in memory. See `rivals/`.

use crate::server::Process;
use anyhow::{Context, Result, ensure};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A toolkit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rival {
    /// Its folder.
    pub(crate) name: &'static str,
    /// What it is called in the report.
    pub(crate) title: &'static str,
    /// Leads of one round; slow ones get fewer.
    pub(crate) leads: usize,
    /// Calls of getLead of one round.
    pub(crate) reads: usize,
}

/// All rivals.
pub(crate) const RIVALS: [Rival; 5] = [
    Rival {
        name: "gsoap",
        title: "gSOAP",
        leads: 60_000,
        reads: 40_000,
    },
    Rival {
        name: "jaxws",
        title: "JAX-WS RI",
        leads: 60_000,
        reads: 20_000,
    },
    Rival {
        name: "php",
        title: "PHP SoapServer",
        leads: 6_000,
        reads: 2_000,
    },
    Rival {
        name: "spyne",
        title: "Spyne",
        leads: 2_400,
        reads: 1_000,
    },
    Rival {
        name: "node-soap",
        title: "node-soap",
        leads: 6_000,
        reads: 2_000,
    },
];

impl Rival {
    /// Builds it by its `build.sh`, in a folder beside the benchmark's own binary.
    ///
    /// # Errors
    /// When it cannot be built; the script says what is missing.
    pub(crate) fn build(self, wsdl: &Path) -> Result<PathBuf> {
        let here = std::env::current_exe()?;
        let target = here.ancestors().nth(2).context("no target directory")?;
        let work = target.join("rivals").join(self.name);
        std::fs::create_dir_all(&work)?;
        let output = self
            .script("build.sh")
            .arg(wsdl)
            .arg(&work)
            .output()
            .with_context(|| format!("run the build.sh of {}", self.title))?;
        ensure!(
            output.status.success(),
            "{} does not build:\n{}{}",
            self.title,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(work)
    }

    /// Starts what [`Rival::build`] made, by its `run.sh`.
    pub(crate) fn start(self, work: &Path) -> Result<Process> {
        // Free a moment ago; the rivals want to be told a port.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Process::listening(
            self.script("run.sh")
                .arg(port.to_string())
                .arg(work)
                .process_group(0),
            port,
            &work.join("server.log"),
        )
    }

    fn script(self, name: &str) -> Command {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("rivals")
            .join(self.name);
        let mut command = Command::new("bash");
        command.arg(folder.join(name));
        command
    }
}
