//! Reading the log.

use super::messages;
use crate::database::BUSY;
use crate::error::{OpenError, failed, unreadable};
use crate::statements::{limit, prepare, rows};
use jiff::Timestamp;
use leadkeep_core::call_log::{
    Body, CLASSES, Call, CallFilter, LoggedCall, Minute, Outcomes, Size,
};
use leadkeep_core::store::Result;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params_from_iter};
use std::path::Path;

const COLUMNS: &str = "id, at, call_id, \
    (SELECT text FROM word WHERE word.id = call.user), \
    (SELECT text FROM word WHERE word.id = call.operation), \
    (SELECT text FROM word WHERE word.id = call.version), \
    (SELECT text FROM word WHERE word.id = call.address), \
    (SELECT text FROM word WHERE word.id = call.user_agent), \
    records, created, updated, skipped, failed, fault, message, duration, bytes_in, bytes_out";

pub(super) fn open(path: &Path) -> std::result::Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(BUSY)?;
        Ok(connection)
    });
    opened.map_err(|error| OpenError::open(path, error))
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| unreadable(column, error))
}

fn call_of(row: &Row<'_>) -> rusqlite::Result<LoggedCall> {
    Ok(LoggedCall {
        id: row.get(0)?,
        call: Call {
            at: moment(row, 1)?,
            call_id: row.get(2)?,
            user: row.get(3)?,
            operation: row.get(4)?,
            version: row.get(5)?,
            address: row.get(6)?,
            user_agent: row.get(7)?,
            records: row.get(8)?,
            outcomes: Outcomes {
                created: row.get(9)?,
                updated: row.get(10)?,
                skipped: row.get(11)?,
                failed: row.get(12)?,
            },
            fault: row.get(13)?,
            message: row.get(14)?,
            duration: row.get(15)?,
            bytes_in: row.get(16)?,
            bytes_out: row.get(17)?,
        },
    })
}

/// What a filter says in SQL, with its values.
fn conditions(filter: &CallFilter) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut values = Vec::new();
    let words = [
        ("user", &filter.user),
        ("operation", &filter.operation),
        ("address", &filter.address),
        ("user_agent", &filter.user_agent),
    ];
    for (column, text) in words {
        if let Some(text) = text {
            sql.push_str(" AND ");
            sql.push_str(column);
            sql.push_str(" = (SELECT id FROM word WHERE text = ?)");
            values.push(Value::Text(text.clone()));
        }
    }
    let milli = |time: Timestamp| Value::Integer(time.as_millisecond());
    let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    for (condition, value) in [
        ("fault = ?", filter.fault.map(|code| number(code.into()))),
        ("at >= ?", filter.since.map(milli)),
        ("at < ?", filter.until.map(milli)),
        ("duration >= ?", filter.slower.map(number)),
    ] {
        if let Some(value) = value {
            sql.push_str(" AND ");
            sql.push_str(condition);
            values.push(value);
        }
    }
    if filter.failed {
        sql.push_str(" AND (fault IS NOT NULL OR failed > 0)");
    }
    (sql, values)
}

pub(super) fn calls(
    connection: &Connection,
    filter: &CallFilter,
    before: Option<i64>,
    count: usize,
) -> Result<Vec<LoggedCall>> {
    let (conditions, mut values) = conditions(filter);
    let sql =
        format!("SELECT {COLUMNS} FROM call WHERE id < ?{conditions} ORDER BY id DESC LIMIT ?");
    values.insert(0, Value::Integer(before.unwrap_or(i64::MAX)));
    values.push(Value::Integer(limit(count)));
    rows(connection, &sql, params_from_iter(values), call_of)
}

pub(super) fn calls_after(
    connection: &Connection,
    filter: &CallFilter,
    after: i64,
    count: usize,
) -> Result<Vec<LoggedCall>> {
    let (conditions, mut values) = conditions(filter);
    let sql = format!("SELECT {COLUMNS} FROM call WHERE id > ?{conditions} ORDER BY id LIMIT ?");
    values.insert(0, Value::Integer(after));
    values.push(Value::Integer(limit(count)));
    rows(connection, &sql, params_from_iter(values), call_of)
}

pub(super) fn call(connection: &Connection, id: i64) -> Result<Option<(LoggedCall, Body, Body)>> {
    let sql = format!("SELECT {COLUMNS} FROM call WHERE id = ?1");
    let found = prepare(connection, &sql)?
        .query_row([id], call_of)
        .optional()
        .map_err(failed)?;
    let Some(call) = found else {
        return Ok(None);
    };
    let [request, response] = messages::of_call(connection, id)?;
    Ok(Some((call, request, response)))
}

/// How many calls took how long, as the table has it.
pub(super) fn durations(row: &Row<'_>, column: usize) -> rusqlite::Result<[u64; CLASSES]> {
    let mut all = [0; CLASSES];
    let counts = row.get_ref(column)?.as_str()?.split(' ');
    for (own, count) in all.iter_mut().zip(counts) {
        *own = count.parse().map_err(|error| unreadable(column, error))?;
    }
    Ok(all)
}

pub(super) fn minutes(connection: &Connection, since: Timestamp) -> Result<Vec<Minute>> {
    let sql = "SELECT at, (SELECT text FROM word WHERE word.id = minute.user), \
               (SELECT text FROM word WHERE word.id = minute.operation), fault, calls, records, failed, durations \
               FROM minute WHERE at >= ?1 ORDER BY at";
    let first = since.as_second().div_euclid(60);
    rows(connection, sql, [first], |row| {
        let at = minute(row, 0)?;
        let fault: u32 = row.get(3)?;
        Ok(Minute {
            at,
            user: row.get(1)?,
            operation: row.get(2)?,
            fault: (fault > 0).then_some(fault),
            calls: row.get(4)?,
            records: row.get(5)?,
            failed: row.get(6)?,
            durations: durations(row, 7)?,
        })
    })
}

/// Reads the beginning of a minute.
fn minute(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let minutes = row.get::<_, i64>(column)?;
    Timestamp::from_second(minutes * 60).map_err(|error| unreadable(column, error))
}

pub(super) fn last_calls(connection: &Connection) -> Result<Vec<(String, Timestamp)>> {
    let sql = "SELECT text, last FROM (SELECT user, max(at) AS last FROM minute GROUP BY user) JOIN word ON word.id = user";
    rows(connection, sql, [], |row| {
        Ok((row.get(0)?, minute(row, 1)?))
    })
}

pub(super) fn sizes(connection: &Connection, since: Timestamp) -> Result<Vec<Size>> {
    let sql = "SELECT at, leads, opportunities, records FROM size WHERE at >= ?1 ORDER BY at";
    rows(connection, sql, [since.as_second()], |row| {
        Ok(Size {
            at: crate::statements::time(row, 0)?,
            leads: row.get(1)?,
            opportunities: row.get(2)?,
            records: row.get(3)?,
        })
    })
}
