//! Imports as their owner sees them: what failed, and how to stop one.

use super::plan::{Column, Plan};
use super::rows::cells;
use super::work::end;
use crate::ids::ImportId;
use crate::schema::Schema;
use crate::store::{Import, ImportFailure, ImportState, ReadTxn, Result, WriteTxn};
use jiff::Timestamp;

/// Rows of one step.
const PAGE: usize = 1_000;

/// Failed rows of an import, as cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRows {
    /// `Row`, `Reason` and the header of the import, which takes it back as it is: the two are unknown columns.
    pub header: Vec<String>,
    /// One line for each failed row.
    pub rows: Vec<Vec<String>>,
    /// The number to go on after, if there may be more.
    pub next: Option<u64>,
}

/// Failed rows of an import after a number, 0 for the first ones; `None` if there is no such import.
///
/// # Errors
/// Those of the store.
pub fn failed_rows(txn: &mut dyn ReadTxn, id: ImportId, after: u64) -> Result<Option<FailedRows>> {
    let Some(import) = import(txn, id)? else {
        return Ok(None);
    };
    let plan = Plan::from_text(&import.plan)?;
    let failures = txn.import_failures(id, after, PAGE)?;
    let next = failures.last().map(|failure| failure.row);
    let with = |row: String, reason: String, text: &str| {
        let mut line = vec![row, reason];
        line.extend(cells(text));
        line
    };
    let line =
        |failure: ImportFailure| with(failure.row.to_string(), failure.reason, &failure.text);
    Ok(Some(FailedRows {
        header: with("Row".to_owned(), "Reason".to_owned(), &plan.header),
        next: next.filter(|_| failures.len() == PAGE),
        rows: failures.into_iter().map(line).collect(),
    }))
}

/// A column of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportColumn {
    /// Its name in the header.
    pub title: String,
    /// What it is taken for, by the display name of the field or as a token; `None` if it means nothing.
    pub meaning: Option<String>,
}

/// The columns of an import, in their order.
///
/// # Errors
/// When what is kept of it cannot be read.
pub fn import_columns(schema: &Schema, import: &Import) -> Result<Vec<ImportColumn>> {
    let plan = Plan::from_text(&import.plan)?;
    let shown = |name: &str| {
        let field = schema.lead_fields.stored(name);
        field.map_or_else(|| name.to_owned(), |field| field.display_name.clone())
    };
    let columns = cells(&plan.header).into_iter().zip(&plan.columns);
    let columns = columns.map(|(title, column)| ImportColumn {
        title,
        meaning: match column {
            Column::Id => Some(shown("Id")),
            Column::Email => Some(shown("Email")),
            Column::Field(name) | Column::Key(name, _) => Some(shown(name)),
            Column::Token(name) => Some(format!("{{{{my.{name}}}}}")),
            Column::Ignored(_) => None,
        },
    });
    Ok(columns.collect())
}

/// Stops an import; what it did stays (ITS-6). `false` if there is none of that number that waits or runs.
///
/// # Errors
/// Those of the store.
pub fn cancel(txn: &mut dyn WriteTxn, now: Timestamp, id: ImportId) -> Result<bool> {
    let open = import(txn, id)?.filter(|import| import.state == ImportState::Processing);
    let Some(mut import) = open else {
        return Ok(false);
    };
    let reason = "stopped by an administrator";
    end(txn, now, &mut import, ImportState::Canceled, reason)?;
    Ok(true)
}

/// The import of a number.
///
/// # Errors
/// Those of the store.
pub fn import<T: ReadTxn + ?Sized>(txn: &mut T, id: ImportId) -> Result<Option<Import>> {
    let above = ImportId(id.0.saturating_add(1));
    let found = txn.imports_before(Some(above), 1)?.pop();
    Ok(found.filter(|import| import.id == id))
}
