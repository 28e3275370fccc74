//! `leadkeep backup`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use anyhow::{Context, anyhow};
use leadkeep_sqlite::copy_database;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

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
    if let (Ok(file), Ok(database)) = (file.canonicalize(), database.canonicalize())
        && file == database
    {
        return Err(Failure::refused(anyhow!(
            "the database cannot be its own backup"
        )));
    }
    let is_there = || {
        let shown = file.display();
        Failure::refused(anyhow!("{shown} is there already; `--force` replaces it"))
    };
    if file.exists() && !options.force {
        return Err(is_there());
    }
    for end in ["-wal", "-journal"] {
        let log = data::with_end(file, end);
        if log.exists() {
            // SQLite would take it for the backup's own.
            let shown = log.display();
            return Err(Failure::refused(anyhow!(
                "{shown} is there, the log of another database; remove it or choose another name"
            )));
        }
    }
    let directory = data::directory_of(file);
    let part = copy(&database, directory)?;
    let named = match options.force {
        true => part.persist(file),
        false => part.persist_noclobber(file),
    };
    match named {
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => return Err(is_there()),
        named => named.map_err(|error| error.error)?,
    };
    data::sync_directory(directory)?;
    let size = file.metadata()?.len() as f64 / 1_048_576.0;
    writeln!(std::io::stdout(), "{}  {size:.1} MiB", file.display())?;
    Ok(Exit::Done)
}

/// Copies a database into a new file of a directory, for its owner only, and says on a terminal how far it is. The file goes
/// unless it is given a name.
pub(crate) fn copy(from: &Path, directory: &Path) -> Result<NamedTempFile, Failure> {
    let part = tempfile::Builder::new()
        .prefix("leadkeep-")
        .suffix(".part")
        .tempfile_in(directory)
        .with_context(|| format!("cannot write into {}", directory.display()))?;
    let mut progress = Progress::new("MiB");
    let mib = |pages: u64| pages / 256;
    let copied = copy_database(from, part.path(), |done, all| {
        progress.show(mib(done), mib(all));
    });
    progress.end();
    copied?;
    Ok(part)
}
