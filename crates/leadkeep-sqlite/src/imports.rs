//! Imports into lists.

use crate::error::{failed, unreadable};
use crate::statements::{execute_each, limit, maybe_time, prepare, rows, time};
use jiff::Timestamp;
use leadkeep_core::ids::{ImportId, ListId};
use leadkeep_core::store::{Import, ImportFailure, ImportState, Result};
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "id, list_id, plan, state, accepted_at, started_at, ended_at, rows, imported, failed, ignored, summary";

fn import(row: &Row<'_>) -> rusqlite::Result<Import> {
    let word = row.get_ref(3)?.as_str()?;
    let state = ImportState::ALL
        .into_iter()
        .find(|state| state.as_str() == word);
    let state = state.ok_or_else(|| {
        let text = format!("no import is in the state {word}");
        unreadable(3, std::io::Error::other(text))
    })?;
    Ok(Import {
        id: ImportId(row.get(0)?),
        list: ListId(row.get(1)?),
        plan: row.get(2)?,
        state,
        accepted_at: time(row, 4)?,
        started_at: maybe_time(row, 5)?,
        ended_at: maybe_time(row, 6)?,
        rows: row.get(7)?,
        imported: row.get(8)?,
        failed: row.get(9)?,
        ignored: row.get(10)?,
        summary: row.get(11)?,
    })
}

pub(crate) fn latest(connection: &Connection, list: ListId) -> Result<Option<Import>> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE list_id = ?1 ORDER BY id DESC LIMIT 1");
    Ok(rows(connection, &sql, [list.0], import)?.pop())
}

pub(crate) fn before(
    connection: &Connection,
    before: Option<ImportId>,
    count: usize,
) -> Result<Vec<Import>> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    let before = before.map_or(i64::MAX, |id| id.0);
    rows(connection, &sql, (before, limit(count)), import)
}

pub(crate) fn open(connection: &Connection) -> Result<Vec<Import>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE id IN \
         (SELECT min(id) FROM import WHERE state = 'PROCESSING' GROUP BY list_id) ORDER BY id"
    );
    rows(connection, &sql, [], import)
}

pub(crate) fn rows_of(
    connection: &Connection,
    id: ImportId,
    count: usize,
) -> Result<Vec<(u64, String)>> {
    let sql = "SELECT row, text FROM import_row WHERE import_id = ?1 ORDER BY row LIMIT ?2";
    rows(connection, sql, (id.0, limit(count)), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

pub(crate) fn failures(
    connection: &Connection,
    id: ImportId,
    after: u64,
    count: usize,
) -> Result<Vec<ImportFailure>> {
    let sql = "SELECT row, text, reason FROM import_failure WHERE import_id = ?1 AND row > ?2 ORDER BY row LIMIT ?3";
    rows(connection, sql, (id.0, after, limit(count)), |row| {
        Ok(ImportFailure {
            row: row.get(0)?,
            text: row.get(1)?,
            reason: row.get(2)?,
        })
    })
}

pub(crate) fn insert(connection: &Connection, import: &Import, rows: &[String]) -> Result<()> {
    let sql = format!(
        "INSERT INTO import ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    );
    write(connection, &sql, import)?;
    let mut statement = prepare(
        connection,
        "INSERT INTO import_row (import_id, row, text) VALUES (?1, ?2, ?3)",
    )?;
    for (row, text) in (1_u64..).zip(rows) {
        statement
            .execute((import.id.0, row, text))
            .map_err(failed)?;
    }
    Ok(())
}

pub(crate) fn update(connection: &Connection, import: &Import) -> Result<()> {
    let sql = "UPDATE import SET list_id = ?2, plan = ?3, state = ?4, accepted_at = ?5, started_at = ?6, ended_at = ?7, \
               rows = ?8, imported = ?9, failed = ?10, ignored = ?11, summary = ?12 WHERE id = ?1";
    write(connection, sql, import)
}

fn write(connection: &Connection, sql: &str, import: &Import) -> Result<()> {
    prepare(connection, sql)?
        .execute(params![
            import.id.0,
            import.list.0,
            import.plan,
            import.state.as_str(),
            import.accepted_at.as_second(),
            import.started_at.map(Timestamp::as_second),
            import.ended_at.map(Timestamp::as_second),
            import.rows,
            import.imported,
            import.failed,
            import.ignored,
            import.summary,
        ])
        .map_err(failed)?;
    Ok(())
}

pub(crate) fn finish_rows(
    connection: &Connection,
    id: ImportId,
    up_to: u64,
    failures: &[ImportFailure],
) -> Result<()> {
    prepare(
        connection,
        "DELETE FROM import_row WHERE import_id = ?1 AND row <= ?2",
    )?
    .execute((id.0, up_to))
    .map_err(failed)?;
    let sql = "INSERT OR REPLACE INTO import_failure (import_id, row, text, reason) VALUES (?1, ?2, ?3, ?4)";
    execute_each(connection, sql, failures, |failure| {
        (
            id.0,
            failure.row,
            failure.text.clone(),
            failure.reason.clone(),
        )
    })
}
