//! `leadkeep imports`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::anyhow;
use leadkeep_core::ids::ImportId;
use leadkeep_core::imports::{cancel, failed_rows};
use leadkeep_core::store::StoreError;
use leadkeep_sqlite::SqliteStore;
use std::io::Write;

/// What is done with imports.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// List the imports of importToList, the latest first.
    #[command(
        after_help = "Columns: number, state, rows, imported, failed, ignored, when it was taken, list, summary.\n\nExample: leadkeep imports list --limit 5"
    )]
    List {
        /// How many.
        #[arg(long, value_name = "COUNT", default_value_t = 20)]
        limit: usize,
        #[command(flatten)]
        data: DataDir,
    },
    /// Print the failed rows of an import as CSV, with their reasons in front.
    #[command(
        after_help = "The columns Row and Reason mean nothing to importToList: the mended file can be imported as it is.\n\nExample: leadkeep imports failures 12 > failed.csv"
    )]
    Failures {
        /// The number of the import.
        id: i64,
        #[command(flatten)]
        data: DataDir,
    },
    /// Stop an import that waits or runs. What it has done stays.
    Cancel {
        /// The number of the import.
        id: i64,
        #[command(flatten)]
        data: DataDir,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::List { limit, data } => list(&data.open()?, *limit),
        Command::Failures { id, data } => {
            failures(&data.open()?, *id, std::io::stdout().lock())?;
            Ok(Exit::Done)
        }
        Command::Cancel { id, data } => {
            let id = *id;
            let stopped: Result<bool, StoreError> =
                data::write(&data.open()?, move |txn, _, now| {
                    cancel(txn, now, ImportId(id))
                })?;
            match stopped {
                Ok(true) => writeln!(std::io::stdout(), "import {id} is stopped")?,
                Ok(false) => {
                    let why = anyhow!("there is no import {id} that waits or runs");
                    return Err(Failure::refused(why));
                }
                Err(error) => return Err(error.into()),
            }
            Ok(Exit::Done)
        }
    }
}

fn list(store: &SqliteStore, limit: usize) -> Result<Exit, Failure> {
    let (imports, lists, zone) = data::read(store, move |txn, schema| {
        let imports = txn.imports_before(None, limit)?;
        let lists = txn.static_lists()?;
        Ok((imports, lists, schema.instance.time_zone.clone()))
    })?;
    let mut out = std::io::stdout().lock();
    if imports.is_empty() {
        writeln!(out, "no imports")?;
    }
    for import in imports {
        let list = lists.iter().find(|list| list.id == import.list);
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            import.id,
            import.state.as_str(),
            import.rows,
            import.imported,
            import.failed,
            import.ignored,
            import.accepted_at.to_zoned(zone.clone()).strftime("%F %T"),
            list.map_or("", |list| &list.name),
            import.summary.as_deref().unwrap_or_default(),
        )?;
    }
    Ok(Exit::Done)
}

/// Writes the failed rows of an import as CSV.
pub(crate) fn failures(store: &SqliteStore, id: i64, out: impl Write) -> Result<(), Failure> {
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
    let mut after = Some(0);
    while let Some(row) = after {
        let page = data::read(store, move |txn, _| failed_rows(txn, ImportId(id), row))?;
        let Some(page) = page else {
            return Err(Failure::refused(anyhow!("there is no import {id}")));
        };
        if row == 0 {
            out.write_record(&page.header).map_err(broken)?;
        }
        for line in &page.rows {
            out.write_record(line).map_err(broken)?;
        }
        after = page.next;
    }
    out.flush()?;
    Ok(())
}

/// The error of the output itself, so that a closed pipe is known as one.
fn broken(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => anyhow!("{other:?}").into(),
    }
}
