//! `leadkeep import opportunities`, `roles` and `custom-object`.

use super::{ObjectOptions, SHOWN, Trial, report_columns};
use crate::data::{self, NO_SUCH_TYPE, Writes};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use anyhow::{Context, anyhow};
use jiff::Timestamp;
use leadkeep_core::error::CallError;
use leadkeep_core::imports::{
    ImportColumn, ImportRows, OBJECT_ROWS, ObjectImport, ObjectKind, RowOutcome,
};
use leadkeep_core::schema::Schema;
use leadkeep_core::store::WriteTxn;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// What became of the rows.
#[derive(Default)]
struct Tally {
    created: u64,
    updated: u64,
    unchanged: u64,
    blank: u64,
    /// The number of each failed row, and why.
    failed: Vec<(usize, String)>,
}

impl Tally {
    /// Takes in the outcomes of rows that begin at a place.
    fn add(&mut self, first: usize, outcomes: Vec<RowOutcome>) {
        for (row, outcome) in (first + 1..).zip(outcomes) {
            match outcome {
                RowOutcome::Created => self.created += 1,
                RowOutcome::Updated => self.updated += 1,
                RowOutcome::Unchanged => self.unchanged += 1,
                RowOutcome::Blank => self.blank += 1,
                RowOutcome::Failed(reason) => self.failed.push((row, reason)),
            }
        }
    }

    fn report(&self, rows: usize, columns: &[ImportColumn]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        report_columns(&mut out, columns)?;
        writeln!(out, "rows      {rows}")?;
        writeln!(out, "created   {}", self.created)?;
        writeln!(out, "updated   {}", self.updated)?;
        writeln!(out, "unchanged {}", self.unchanged)?;
        writeln!(out, "ignored   {}", self.blank)?;
        writeln!(out, "failed    {}", self.failed.len())?;
        Ok(())
    }

    fn exit(&self) -> Exit {
        match self.failed.is_empty() {
            true => Exit::Done,
            false => Exit::Refused,
        }
    }
}

/// Runs an import of this kind.
pub(super) fn run(options: &ObjectOptions, kind: &ObjectKind) -> Result<Exit, Failure> {
    let store = options.data.open()?;
    let table = options.source.read()?;
    let (kind, header) = (kind.clone(), table.header.clone());
    let import = data::read(&store, move |_, schema| {
        Ok(ObjectImport::new(schema, &kind, &header))
    })?;
    let import = import.map_err(|error| match error {
        CallError::BadObjectName => Failure::refused(anyhow!(NO_SUCH_TYPE)),
        error => options.source.refused(error),
    })?;
    let import = Arc::new(import);
    let columns = import.columns();
    let rows = Arc::new(table.rows);
    let all = rows.texts().len();
    if options.dry_run {
        let rows = rows.clone();
        let tried = data::write(&store, move |txn, schema, now| {
            let mut tally = Tally::default();
            for first in (0..all).step_by(OBJECT_ROWS) {
                tally.add(first, piece(&import, txn, schema, now, &rows, first)?);
            }
            Err::<(), _>(Trial::Done(Box::new(tally)))
        })?;
        return match tried {
            Err(Trial::Done(tally)) => {
                tally.report(all, &columns)?;
                show_failures(&tally, "(dry run: nothing was written)")?;
                Ok(tally.exit())
            }
            Err(Trial::Refused(error)) => Err(options.source.refused(error)),
            Ok(()) => Ok(Exit::Done),
        };
    }
    let mut tally = Tally::default();
    let mut progress = Progress::new("rows");
    let writes = Writes::of(&store)?;
    for first in (0..all).step_by(OBJECT_ROWS) {
        let (import, rows) = (import.clone(), rows.clone());
        let done =
            writes.write(move |txn, schema, now| piece(&import, txn, schema, now, &rows, first));
        let done = done.map_err(|error| options.source.refused(error));
        let outcomes = done.map_err(|Failure { exit, error }| Failure {
            exit,
            error: error.context(format!(
                "the first {first} of {all} rows were done; run the import again to go on"
            )),
        })?;
        tally.add(first, outcomes);
        progress.show((first + OBJECT_ROWS).min(all) as u64, all as u64);
    }
    progress.end();
    tally.report(all, &columns)?;
    match &options.failed {
        Some(file) if !tally.failed.is_empty() => {
            write_failures(file, &tally, &table.header, &rows)?;
            let shown = file.display();
            writeln!(std::io::stdout(), "failed rows are in {shown}")?;
        }
        _ => show_failures(&tally, "")?,
    }
    Ok(tally.exit())
}

/// Does the rows from a place on, as many as one call of the API may have.
fn piece(
    import: &ObjectImport,
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    rows: &ImportRows,
    first: usize,
) -> Result<Vec<RowOutcome>, CallError> {
    let rows = rows.texts().iter().skip(first).take(OBJECT_ROWS);
    let rows: Vec<&str> = rows.map(String::as_str).collect();
    import.apply(txn, schema, now, &rows)
}

/// Prints the first failed rows, and a last line.
fn show_failures(tally: &Tally, last: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for (row, reason) in tally.failed.iter().take(SHOWN) {
        writeln!(out, "row {row}: {reason}")?;
    }
    let more = tally.failed.len().saturating_sub(SHOWN);
    if more > 0 {
        writeln!(out, "and {more} more; --failed FILE writes all of them")?;
    }
    if !last.is_empty() {
        writeln!(out, "{last}")?;
    }
    Ok(())
}

/// Writes the header and the failed rows, with their numbers and reasons in front.
fn write_failures(
    file: &Path,
    tally: &Tally,
    header: &str,
    rows: &ImportRows,
) -> Result<(), Failure> {
    let made = File::create(file).with_context(|| format!("cannot write {}", file.display()))?;
    let mut out = BufWriter::new(made);
    writeln!(out, "Row,Reason,{header}")?;
    for (row, reason) in &tally.failed {
        let mut front = leadkeep_server::Writer::new();
        front.line([row.to_string().as_str(), reason]);
        let front = front.text();
        let text = rows.texts().get(row - 1).map_or("", String::as_str);
        writeln!(out, "{},{text}", front.trim_end_matches(['\r', '\n']))?;
    }
    out.flush()?;
    Ok(())
}
