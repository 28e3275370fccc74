//! `leadkeep provision`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::{Context, anyhow};
use leadkeep_core::provision;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What is done with definitions.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Write all definitions as a file that `leadkeep apply` reads, also while a server runs.
    #[command(
        after_help = "Fields, custom object types, workspaces, channels, tags, programs, lists, campaigns and API users are in it, but for the keys of users; leads and other records are not. Applied to the same database the file changes nothing.\n\nExamples:\n  leadkeep provision export > provision.toml\n  leadkeep provision export provision.toml --force --data /var/lib/leadkeep"
    )]
    Export(Options),
}

/// Where definitions are written.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The file; without it, or as `-`, standard output.
    file: Option<PathBuf>,
    /// Replace the file if it is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    data: DataDir,
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    let Command::Export(options) = command;
    let text = data::read(&options.data.open()?, |txn, schema| {
        provision::export(txn, schema)
    })?;
    match &options.file {
        Some(file) if file != Path::new("-") => write(file, &text, options.force)?,
        _ => std::io::stdout().write_all(text.as_bytes())?,
    }
    Ok(Exit::Done)
}

/// Writes the whole file or none.
fn write(file: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let directory = data::directory_of(file);
    let mut part = tempfile::Builder::new()
        .prefix("leadkeep-")
        .suffix(".part")
        .tempfile_in(directory)
        .with_context(|| format!("cannot write into {}", directory.display()))?;
    part.write_all(text.as_bytes())?;
    part.as_file().sync_all()?;
    let named = match force {
        true => part.persist(file),
        false => part.persist_noclobber(file),
    };
    match named {
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            let shown = file.display();
            return Err(Failure::refused(anyhow!(
                "{shown} is there already; `--force` replaces it"
            )));
        }
        named => named.map_err(|error| error.error)?,
    };
    data::sync_directory(directory)
}
