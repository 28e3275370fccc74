//! Writing the log, and forgetting what is old.

use super::messages::{self, Messages, whole};
use super::{Retention, Waiting};
use crate::checkpoint::LOG_PAGES;
use crate::database::BUSY;
use crate::error::{OpenError, failed};
use crate::statements::insert_rows;
use leadkeep_core::call_log::{CLASSES, Call, Size, class};
use leadkeep_core::store::StoreError;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// The number of these tables.
const VERSION: i64 = 2;

const TABLES: &str = "
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    user INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    version INTEGER NOT NULL,
    address INTEGER NOT NULL,
    user_agent INTEGER NOT NULL,
    records INTEGER,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    fault INTEGER,
    message TEXT NOT NULL,
    duration INTEGER NOT NULL,
    bytes_in INTEGER NOT NULL,
    bytes_out INTEGER NOT NULL
);
CREATE TABLE minute (
    at INTEGER NOT NULL,
    user INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    fault INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    records INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    durations TEXT NOT NULL,
    PRIMARY KEY (at, user, operation, fault)
) WITHOUT ROWID;
CREATE TABLE size (
    at INTEGER PRIMARY KEY,
    leads INTEGER NOT NULL,
    opportunities INTEGER NOT NULL,
    records INTEGER NOT NULL
);
";

/// How often what is old is looked for.
const FORGET: Duration = Duration::from_secs(10);
/// Words that are remembered at the most; what clients call themselves is up to them.
const WORDS: usize = 10_000;

/// Deletes words that nothing names any more: strangers can call themselves anything.
const UNUSED: &str = "DELETE FROM word WHERE id NOT IN (
    SELECT user FROM call UNION SELECT operation FROM call UNION SELECT version FROM call
    UNION SELECT address FROM call UNION SELECT user_agent FROM call
    UNION SELECT user FROM minute UNION SELECT operation FROM minute)";

/// Opens the file, and makes it if it is not there. Gives the place of the next call too.
pub(super) fn open(path: &Path) -> Result<(Connection, i64), OpenError> {
    let failed = |error: rusqlite::Error| OpenError::open(path, error);
    let connection = Connection::open(path).map_err(failed)?;
    let version = |connection: &Connection| {
        connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))
    };
    let set_up = |connection: &Connection| {
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A loss of power may take the last moments, and leaves the file whole.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // Each move of its own log into the file syncs both, and the database waits for the same disk.
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(())
    };
    set_up(&connection).map_err(failed)?;
    match version(&connection).map_err(failed)? {
        VERSION => {}
        0 => {
            connection
                .execute_batch(&format!("{TABLES}{}", messages::TABLES))
                .and_then(|()| connection.pragma_update(None, "user_version", VERSION))
                .map_err(failed)?;
        }
        // It has each message packed alone. The calls stay; of the messages, which are a help for some days, new ones come.
        1 => {
            let txn = connection.unchecked_transaction().map_err(failed)?;
            txn.execute_batch(&format!("DROP TABLE body; {}", messages::TABLES))
                .and_then(|()| txn.pragma_update(None, "user_version", VERSION))
                .and_then(|()| txn.commit())
                .map_err(failed)?;
        }
        other => {
            let reason =
                format!("it is a log of calls of version {other}; 1 to {VERSION} are known");
            return Err(OpenError::open(path, reason));
        }
    }
    let next = connection
        .query_row("SELECT coalesce(max(id), 0) + 1 FROM call", [], |row| {
            row.get(0)
        })
        .map_err(failed)?;
    Ok((connection, next))
}

/// What one minute has of one user, operation and fault.
#[derive(Default)]
struct Sum {
    calls: u64,
    records: u64,
    failed: u64,
    durations: [u64; CLASSES],
}

pub(super) struct Writer {
    connection: Connection,
    retention: Retention,
    words: HashMap<String, i64>,
    /// The place of the next call.
    next: i64,
    forgotten: Option<Instant>,
}

impl Writer {
    pub(super) fn new(connection: Connection, retention: Retention, next: i64) -> Self {
        Self {
            connection,
            next,
            retention,
            words: HashMap::new(),
            forgotten: None,
        }
    }

    /// Writes what has come. What cannot be written is lost, and said to be.
    pub(super) fn write(&mut self, batch: &Waiting) {
        if batch.lost > 0 {
            let lost = batch.lost;
            tracing::warn!(
                lost,
                "calls are not in the log of calls: too many came at once"
            );
        }
        if (!batch.calls.is_empty() || !batch.sizes.is_empty())
            && let Err(error) = self.written(batch)
        {
            // The words of a transaction that was undone are not there.
            self.words.clear();
            tracing::warn!(%error, "the log of calls could not be written");
        }
        let is_due = |last: Instant| last.elapsed() >= FORGET;
        if self.forgotten.is_none_or(is_due) {
            self.forgotten = Some(Instant::now());
            if let Err(error) = self.forget() {
                tracing::warn!(%error, "old calls could not be deleted");
            }
        }
    }

    fn written(&mut self, batch: &Waiting) -> Result<(), StoreError> {
        let Self {
            connection,
            words,
            next,
            ..
        } = self;
        let txn = connection.transaction().map_err(failed)?;
        let mut minutes: HashMap<(i64, i64, i64, i64), Sum> = HashMap::new();
        let mut rows = Vec::with_capacity(batch.calls.len());
        let mut messages = Messages::new(&txn);
        for (number, request, response) in &batch.messages {
            messages.add(*next + whole(*number), request, response)?;
        }
        messages.write()?;
        for (call, id) in batch.calls().zip(*next..) {
            let row = CallRow::new(&txn, words, id, call).map_err(failed)?;
            let call = &row.call;
            let minute = call.at.as_second().div_euclid(60);
            let fault = call.fault.map_or(0, i64::from);
            // Strangers can claim to be as many users as they like.
            let user = match call.is_believed() {
                true => row.user,
                false => word(&txn, words, "").map_err(failed)?,
            };
            let key = (minute, user, row.operation, fault);
            let own = minutes.entry(key).or_default();
            own.calls += 1;
            own.records += u64::from(call.records.unwrap_or_default());
            own.failed += u64::from(call.outcomes.failed);
            own.durations[class(call.duration)] += 1;
            rows.push(row);
        }
        insert_calls(&txn, &rows)?;
        let last = rows.last().map_or(*next, |row| row.id + 1);
        others(&txn, minutes, &batch.sizes).map_err(failed)?;
        txn.commit().map_err(failed)?;
        *next = last;
        Ok(())
    }

    /// Deletes what is too old, and the oldest calls while there is too much.
    fn forget(&mut self) -> rusqlite::Result<()> {
        let days = i64::from(self.retention.days);
        let oldest = jiff::Timestamp::now().as_second() - days * 86_400;
        let txn = self.connection.transaction()?;
        // Places ascend with time, as near as matters here.
        let last: Option<i64> = txn
            .query_row(
                "SELECT id FROM call WHERE at >= ?1 ORDER BY id LIMIT 1",
                [oldest * 1_000],
                |row| row.get(0),
            )
            .optional()?;
        let first: Option<i64> = txn.query_row("SELECT min(id) FROM call", [], |row| row.get(0))?;
        let newest: Option<i64> =
            txn.query_row("SELECT max(id) FROM call", [], |row| row.get(0))?;
        if let (Some(first), Some(newest)) = (first, newest) {
            let mut keep = last.unwrap_or(newest + 1);
            if used(&txn)? > self.retention.bytes {
                // A tenth, so that this is not done for every call.
                keep = keep.max(first + (newest - first) / 10 + 1);
            }
            if keep > first {
                messages::forget(&txn, keep)?;
                txn.execute("DELETE FROM call WHERE id < ?1", [keep])?;
            }
        }
        let words: usize = txn.query_row("SELECT count(*) FROM word", [], |row| row.get(0))?;
        if words > 2 * WORDS {
            txn.execute_batch(UNUSED)?;
            self.words.clear();
        }
        txn.execute("DELETE FROM minute WHERE at < ?1", [oldest / 60])?;
        txn.execute("DELETE FROM size WHERE at < ?1", [oldest])?;
        txn.commit()
    }
}

/// Writes what minutes had, and how many things there were.
fn others(
    txn: &Connection,
    minutes: HashMap<(i64, i64, i64, i64), Sum>,
    sizes: &[Size],
) -> rusqlite::Result<()> {
    for (key, sum) in minutes {
        add(txn, key, sum)?;
    }
    for size in sizes {
        txn.prepare_cached(
            "INSERT OR REPLACE INTO size (at, leads, opportunities, records) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![
            size.at.as_second(),
            size.leads,
            size.opportunities,
            size.records
        ])?;
    }
    Ok(())
}

/// Bytes that are in use; what was deleted is used again.
fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    Ok((pragma("page_count")?.saturating_sub(pragma("freelist_count")?)) * pragma("page_size")?)
}

/// A call as a row.
struct CallRow<'e> {
    id: i64,
    call: Call<&'e str>,
    user: i64,
    operation: i64,
    version: i64,
    address: i64,
    user_agent: i64,
}

impl<'e> CallRow<'e> {
    fn new(
        txn: &Connection,
        words: &mut HashMap<String, i64>,
        id: i64,
        call: Call<&'e str>,
    ) -> rusqlite::Result<Self> {
        let mut word = |text: &str| word(txn, words, text);
        Ok(Self {
            id,
            user: word(call.user)?,
            operation: word(call.operation)?,
            version: word(call.version)?,
            address: word(call.address)?,
            user_agent: word(call.user_agent)?,
            call,
        })
    }
}

/// Writes calls, many with a statement: there may be some ten thousand a second.
fn insert_calls(txn: &Connection, rows: &[CallRow<'_>]) -> Result<(), StoreError> {
    const COLUMNS: &str = "call (id, at, call_id, user, operation, version, address, user_agent, records, created, \
                           updated, skipped, failed, fault, message, duration, bytes_in, bytes_out)";
    insert_rows(txn, COLUMNS, 18, rows, |places, row| {
        let Call { outcomes, .. } = row.call;
        places.put(row.id)?;
        places.put(row.call.at.as_millisecond())?;
        places.put(row.call.call_id)?;
        places.put(row.user)?;
        places.put(row.operation)?;
        places.put(row.version)?;
        places.put(row.address)?;
        places.put(row.user_agent)?;
        places.put(row.call.records)?;
        places.put(outcomes.created)?;
        places.put(outcomes.updated)?;
        places.put(outcomes.skipped)?;
        places.put(outcomes.failed)?;
        places.put(row.call.fault)?;
        places.put(row.call.message)?;
        places.put(row.call.duration)?;
        places.put(row.call.bytes_in)?;
        places.put(row.call.bytes_out)
    })
}

fn word(txn: &Connection, words: &mut HashMap<String, i64>, text: &str) -> rusqlite::Result<i64> {
    if let Some(id) = words.get(text) {
        return Ok(*id);
    }
    txn.prepare_cached("INSERT OR IGNORE INTO word (text) VALUES (?1)")?
        .execute([text])?;
    let id = txn
        .prepare_cached("SELECT id FROM word WHERE text = ?1")?
        .query_row([text], |row| row.get(0))?;
    if words.len() >= WORDS {
        words.clear();
    }
    words.insert(text.to_owned(), id);
    Ok(id)
}

/// Adds to what a minute has already.
fn add(txn: &Connection, key: (i64, i64, i64, i64), mut sum: Sum) -> rusqlite::Result<()> {
    let known = txn
        .prepare_cached(
            "SELECT calls, records, failed, durations FROM minute WHERE at = ? AND user = ? AND operation = ? AND fault = ?",
        )?
        .query_row(key, |row| {
            Ok((
                row.get::<_, u64>(0)?,
                row.get::<_, u64>(1)?,
                row.get::<_, u64>(2)?,
                super::read::durations(row, 3)?,
            ))
        })
        .optional()?;
    if let Some((calls, records, failed, durations)) = known {
        sum.calls += calls;
        sum.records += records;
        sum.failed += failed;
        for (own, before) in sum.durations.iter_mut().zip(durations) {
            *own += before;
        }
    }
    let durations = sum.durations.map(|count| count.to_string()).join(" ");
    let (minute, user, operation, fault) = key;
    txn.prepare_cached(
        "INSERT OR REPLACE INTO minute (at, user, operation, fault, calls, records, failed, durations) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        minute,
        user,
        operation,
        fault,
        sum.calls,
        sum.records,
        sum.failed,
        durations
    ])?;
    Ok(())
}
