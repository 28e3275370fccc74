//! `leadkeep restore`.

use crate::backup::copy;
use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::{Context, anyhow};
use leadkeep_sqlite::{SqliteStore, database_path, empty_log, is_cut_off};
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
    let is_there = FILES
        .iter()
        .any(|end| data::with_end(&database, end).exists());
    if is_there && !options.force {
        let shown = database.display();
        return Err(Failure::refused(anyhow!(
            "there is a database {shown} already, or its log; `--force` puts it aside"
        )));
    }
    // First the copy, and a look into it, so that nothing has changed if it is of no use. Opening brings its tables up to
    // date, closing leaves one file.
    let shown = options.file.display();
    let cut_off = is_cut_off(&options.file);
    if cut_off.with_context(|| format!("cannot read {shown}"))? {
        return Err(Failure::refused(anyhow!(
            "{shown} is not all of a database: it ends in the middle of a page"
        )));
    }
    let new = copy(&options.file, directory)?;
    let counts = {
        let store = SqliteStore::open(new.path(), 1)?;
        data::read(&store, |txn, _| txn.counts())?
    };
    let mut out = std::io::stdout().lock();
    if is_there {
        let aside = put_aside(&database)?;
        writeln!(out, "put aside      {}", aside.display())?;
    }
    new.persist(&database).map_err(|error| error.error)?;
    data::sync_directory(directory)?;
    writeln!(out, "restored       {}", database.display())?;
    writeln!(out, "leads          {}", counts.leads)?;
    Ok(Exit::Done)
}

/// What the files of a database end with. The log goes before its file: without it the file would be an older state.
const FILES: [&str; 4] = ["-wal", "-shm", "-journal", ""];

/// Gives a database another name. Mostly it keeps its own too, until the new one takes that in one step.
fn put_aside(database: &Path) -> Result<PathBuf, Failure> {
    let now = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    let aside = data::with_end(database, &format!(".aside-{now}"));
    if aside.exists() {
        let shown = aside.display();
        return Err(Failure::refused(anyhow!(
            "{shown} is there already; wait a second"
        )));
    }
    let has_log = || {
        FILES[..3]
            .iter()
            .any(|end| data::with_end(database, end).exists())
    };
    if database.exists() && empty_log(database).is_ok() && !has_log() {
        std::fs::hard_link(database, &aside)
            .with_context(|| format!("cannot put {} aside", database.display()))?;
        data::sync_directory(data::directory_of(database))?;
        return Ok(aside);
    }
    // It cannot be opened: its files move as they are, and belong together by their new names.
    for end in FILES {
        let from = data::with_end(database, end);
        if from.exists() {
            std::fs::rename(&from, data::with_end(&aside, end))
                .with_context(|| format!("cannot put {} aside", from.display()))?;
        }
    }
    Ok(aside)
}
