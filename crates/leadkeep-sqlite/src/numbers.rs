//! Numbers that nearly every write moves on: the next id of each entity, and the times of activities.
//!
//! They are read once for a group of calls and written once before its commit, so that a call with one lead does not pay for
//! them statement by statement.

use crate::error::failed;
use crate::txn::{prepare, value};
use leadkeep_core::store::Result;
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::HashMap;

/// The numbers as one transaction sees them.
#[derive(Debug, Default)]
pub(crate) struct Numbers(RefCell<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The next id of each sequence, and whether it must be written.
    next: HashMap<String, (i64, bool)>,
    /// The latest time of all activities, by how much one was ever late, and whether they must be written.
    times: Option<(i64, i64, bool)>,
    /// Addresses that were added.
    addresses: usize,
    /// The version of the definitions.
    schema: Option<u64>,
}

impl Numbers {
    /// The next id of a sequence.
    pub(crate) fn next(&self, connection: &Connection, sequence: &str) -> Result<i64> {
        if let Some((next, _)) = self.0.borrow().next.get(sequence) {
            return Ok(*next);
        }
        let sql = "SELECT next FROM sequence WHERE name = ?1";
        let next: i64 = value(connection, sql, [sequence])?;
        let mut known = self.0.borrow_mut();
        known.next.insert(sequence.to_owned(), (next, false));
        Ok(next)
    }

    /// Moves a sequence on.
    pub(crate) fn move_on(&self, sequence: &str, next: i64) {
        let mut known = self.0.borrow_mut();
        match known.next.get_mut(sequence) {
            Some(own) => *own = (next, true),
            None => {
                known.next.insert(sequence.to_owned(), (next, true));
            }
        }
    }

    /// `count` ids of a sequence.
    pub(crate) fn allocate(
        &self,
        connection: &Connection,
        sequence: &str,
        count: usize,
    ) -> Result<std::ops::Range<i64>> {
        let first = self.next(connection, sequence)?;
        let last = first.saturating_add(i64::try_from(count).unwrap_or(i64::MAX));
        self.move_on(sequence, last);
        Ok(first..last)
    }

    /// The latest time of all activities, and by how many seconds one was ever earlier than another before it.
    pub(crate) fn times(&self, connection: &Connection) -> Result<(i64, i64)> {
        if let Some((latest, lateness, _)) = self.0.borrow().times {
            return Ok((latest, lateness));
        }
        let sql = "SELECT latest, lateness FROM activity_times";
        let (latest, lateness) = prepare(connection, sql)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed)?;
        self.0.borrow_mut().times = Some((latest, lateness, false));
        Ok((latest, lateness))
    }

    /// Changes what [`Numbers::times`] gives.
    pub(crate) fn set_times(&self, latest: i64, lateness: i64) {
        self.0.borrow_mut().times = Some((latest, lateness, true));
    }

    /// The version of the definitions; `read` says it where it is not known.
    pub(crate) fn schema(&self, read: impl FnOnce() -> Result<u64>) -> Result<u64> {
        if let Some(version) = self.0.borrow().schema {
            return Ok(version);
        }
        let version = read()?;
        self.0.borrow_mut().schema = Some(version);
        Ok(version)
    }

    /// Forgets the version of the definitions: it has moved.
    pub(crate) fn forget_schema(&self) {
        self.0.borrow_mut().schema = None;
    }

    /// Remembers that so many addresses were added.
    pub(crate) fn add_addresses(&self, count: usize) {
        self.0.borrow_mut().addresses += count;
    }

    /// How many addresses were added.
    pub(crate) fn addresses(&self) -> usize {
        self.0.borrow().addresses
    }

    /// Writes what has moved.
    pub(crate) fn write(&self, connection: &Connection) -> Result<()> {
        let mut known = self.0.borrow_mut();
        for (name, (next, moved)) in &mut known.next {
            if std::mem::take(moved) {
                prepare(connection, "UPDATE sequence SET next = ?2 WHERE name = ?1")?
                    .execute((name.as_str(), *next))
                    .map_err(failed)?;
            }
        }
        if let Some((latest, lateness, moved)) = &mut known.times
            && std::mem::take(moved)
        {
            let sql = "UPDATE activity_times SET latest = ?1, lateness = ?2";
            prepare(connection, sql)?
                .execute((*latest, *lateness))
                .map_err(failed)?;
        }
        Ok(())
    }
}
