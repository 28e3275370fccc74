//! `leadkeep backup`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use anyhow::anyhow;
use leadkeep_sqlite::copy_database;
use std::io::Write;
use std::path::{Path, PathBuf};

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
    let mut progress = Progress::new("MiB");
    let mib = |pages: u64| pages / 256;
    let copied = copy_database(from, &part, |done, all| progress.show(mib(done), mib(all)));
    progress.end();
    if copied.is_err() {
        // What is said is why it was not copied.
        let _ = std::fs::remove_file(&part);
    }
    copied?;
    data::finish_part(&part, to)
}
