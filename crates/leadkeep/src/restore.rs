//! `leadkeep restore`.

use crate::backup::copy;
use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::{Context, anyhow};
use leadkeep_sqlite::database_path;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make a database of a backup.
#[derive(clap::Args)]
#[command(
    after_help = "No server may use the data directory meanwhile. A database that is there is not replaced without `--force`, and then it is only put aside.\n\nExample: leadkeep restore leads-2026-07-31.sqlite --data /var/lib/leadkeep"
)]
pub(crate) struct Options {
    /// What `leadkeep backup` has written.
    file: PathBuf,
    /// Put the database aside that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    data: DataDir,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let directory = &options.data.path;
    data::make_directory(directory)?;
    let _held = data::lock(directory)?;
    let database = database_path(directory);
    let is_there = database.exists();
    if is_there && !options.force {
        let shown = database.display();
        return Err(Failure::refused(anyhow!(
            "there is a database {shown} already; `--force` puts it aside"
        )));
    }
    // First the copy, so that nothing has changed if there is none.
    let new = directory.join("restored.sqlite");
    copy(&options.file, &new)?;
    let mut out = std::io::stdout().lock();
    if is_there {
        let aside = put_aside(&database)?;
        writeln!(out, "put aside      {}", aside.display())?;
    }
    data::finish_part(&new, &database)?;
    // Opening brings its tables up to date.
    let counts = data::read(&options.data.open()?, |txn, _| txn.counts())?;
    writeln!(out, "restored       {}", database.display())?;
    writeln!(out, "leads          {}", counts.leads)?;
    Ok(Exit::Done)
}

/// Gives the files of a database another name, by which they still belong together.
fn put_aside(database: &Path) -> Result<PathBuf, Failure> {
    let now = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    let named = |path: &Path, end: &str| {
        let mut name = path.to_owned().into_os_string();
        name.push(end);
        PathBuf::from(name)
    };
    let aside = named(database, &format!(".aside-{now}"));
    if aside.exists() {
        let shown = aside.display();
        return Err(Failure::refused(anyhow!(
            "{shown} is there already; wait a second"
        )));
    }
    // The log goes first: without it the file would be an older state that looks whole.
    for end in ["-wal", "-shm", ""] {
        let from = named(database, end);
        if from.exists() {
            std::fs::rename(&from, named(&aside, end))
                .with_context(|| format!("cannot put {} aside", from.display()))?;
        }
    }
    Ok(aside)
}
