//! `leadkeep status`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use leadkeep_core::store::Store;
use std::io::Write;

/// Show what the database holds.
#[derive(clap::Args)]
#[command(after_help = "Example: leadkeep status --data /var/lib/leadkeep")]
pub(crate) struct Options {
    #[command(flatten)]
    data: DataDir,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let store = options.data.open()?;
    let (counts, version, users) = data::read(&store, |txn, schema| {
        Ok((txn.counts()?, schema.version, schema.users.len()))
    })?;
    let size = store.size_bytes()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "leadkeep       {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(
        out,
        "database       {}",
        leadkeep_sqlite::database_path(&options.data.path).display()
    )?;
    writeln!(out, "size           {:.1} MiB", size as f64 / 1_048_576.0)?;
    writeln!(out, "definitions    version {version}")?;
    for (name, count) in [
        ("users", u64::try_from(users).unwrap_or_default()),
        ("leads", counts.leads),
        ("companies", counts.companies),
        ("activities", counts.activities),
        ("opportunities", counts.opportunities),
        ("roles", counts.roles),
        ("programs", counts.programs),
        ("static lists", counts.static_lists),
        ("custom objects", counts.records),
    ] {
        writeln!(out, "{name:<14} {count}")?;
    }
    Ok(Exit::Done)
}
