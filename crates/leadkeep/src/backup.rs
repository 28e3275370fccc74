//! `leadkeep backup`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::anyhow;
use leadkeep_sqlite::copy_database;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Copy the database into a file, also while a server runs.
#[derive(clap::Args)]
#[command(
    after_help = "The copy is the database as it was at the start, however much is written meanwhile. It is one file, which `leadkeep restore` makes a database of, and holds the keys of API users: keep it to its owner.\n\nExample: leadkeep backup leads-$(date +%F).sqlite --data /var/lib/leadkeep"
)]
pub(crate) struct Options {
    /// The file.
    file: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    data: DataDir,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let database = options.data.database()?;
    let file = &options.file;
    if file.exists() && !options.force {
        let shown = file.display();
        return Err(Failure::refused(anyhow!(
            "{shown} is there already; `--force` replaces it"
        )));
    }
    if let (Ok(file), Ok(database)) = (file.canonicalize(), database.canonicalize())
        && file == database
    {
        return Err(Failure::refused(anyhow!(
            "the database cannot be its own backup"
        )));
    }
    copy(&database, file)?;
    let size = file.metadata()?.len() as f64 / 1_048_576.0;
    writeln!(std::io::stdout(), "{}  {size:.1} MiB", file.display())?;
    Ok(Exit::Done)
}

/// Copies a database into a file that is complete as soon as it has its name, and says on a terminal how far it is.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let part = data::part_of(to)?;
    let copied = copy_database(from, &part, Progress::new().shown());
    if copied.is_err() {
        // What is said is why it was not copied.
        let _ = std::fs::remove_file(&part);
    }
    copied?;
    data::finish_part(&part, to)
}

/// A line on a terminal that says how far a copy is.
struct Progress {
    started: Instant,
    shown: Instant,
    is_terminal: bool,
}

impl Progress {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            started: now,
            shown: now,
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Hears of the pages that are done and of all; says so a few times a second.
    fn shown(mut self) -> impl FnMut(u64, u64) {
        move |done, all| {
            let is_last = done == all;
            let quiet = self.shown.elapsed() < Duration::from_millis(200);
            if !self.is_terminal || (quiet && !is_last) {
                return;
            }
            self.shown = Instant::now();
            let seconds = self.started.elapsed().as_secs_f64();
            let left = seconds * (all - done) as f64 / done.max(1) as f64;
            let mib = |pages: u64| pages as f64 / 256.0;
            let rate = mib(done) / seconds.max(0.001);
            let end = if is_last { "\n" } else { "" };
            let mut out = std::io::stderr();
            // A terminal that is gone stops no backup.
            let _ = write!(
                out,
                "\r{:>3} %  {:.0} of {:.0} MiB  {rate:.0} MiB/s  {left:.0} s left   {end}",
                done * 100 / all.max(1),
                mib(done),
                mib(all)
            );
            let _ = out.flush();
        }
    }
}
