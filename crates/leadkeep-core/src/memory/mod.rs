//! A store in memory, for tests of rules (feature `testing`).
//!
//! It answers as the contract suite says and is made to be short, not fast: a transaction works on
//! a copy of everything, which takes the place of the original when the work succeeds. Work runs on the thread that
//! brings it, one piece at a time.

mod read;
mod tables;
mod write;

use crate::store::{MAX_RUNS, ReadTxn, ReadWork, Rollback, Store, StoreError, WriteTxn, WriteWork};
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tables::Tables;

/// 2013-08-01T00:00:00Z, where the clock of a new store stands.
const FIRST_SECOND: i64 = 1_375_315_200;

/// A store in memory. Its clock stands still unless [`MemoryStore::set_now`] moves it.
#[derive(Debug)]
pub struct MemoryStore {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    tables: Tables,
    now: Timestamp,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store; its clock stands at 2013-08-01T00:00:00Z.
    pub fn new() -> Self {
        Self {
            inner: Mutex::new(Inner {
                tables: Tables::default(),
                now: Timestamp::from_second(FIRST_SECOND).unwrap_or_default(),
            }),
        }
    }

    /// Sets the clock, in whole seconds. It never goes back: an earlier time changes nothing.
    pub fn set_now(&self, now: Timestamp) {
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let mut inner = self.lock();
        inner.now = inner.now.max(now);
    }

    /// Moves the clock on and gives the new time.
    pub fn advance(&self, seconds: u32) -> Timestamp {
        let mut inner = self.lock();
        let second = inner.now.as_second().saturating_add(i64::from(seconds));
        inner.now = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        inner.now
    }

    /// What the clock says.
    pub fn now(&self) -> Timestamp {
        self.lock().now
    }

    /// Runs a read here and now.
    ///
    /// # Errors
    /// What `read` gives.
    pub fn read_now<T, E>(
        &self,
        read: impl FnOnce(&mut dyn ReadTxn, Timestamp) -> Result<T, E>,
    ) -> Result<T, E> {
        let inner = &mut *self.lock();
        read(&mut inner.tables, inner.now)
    }

    /// Runs a write here and now. If it fails or panics, all that it wrote is undone.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn write_now<T, E>(
        &self,
        write: impl FnOnce(&mut dyn WriteTxn, Timestamp) -> Result<T, E>,
    ) -> Result<T, E> {
        let inner = &mut *self.lock();
        let mut draft = inner.tables.clone();
        let out = write(&mut draft, inner.now)?;
        inner.tables = draft;
        Ok(out)
    }

    // A panic in a test's work leaves the tables as they were, so that the lock may go on.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a run gives that panicked instead of ending.
fn panicked() -> Rollback {
    Rollback::Store(StoreError::Failed("the call panicked".to_owned()))
}

impl Store for MemoryStore {
    fn read(&self, mut work: Box<dyn ReadWork>) {
        let run = AssertUnwindSafe(|| self.read_now(|txn, now| work.run(txn, now)));
        let result = catch_unwind(run).unwrap_or_else(|_| Err(panicked()));
        work.done(result);
    }

    fn write(&self, mut work: Box<dyn WriteWork>) {
        let mut result = Err(Rollback::Store(StoreError::Conflict));
        for _ in 0..MAX_RUNS {
            let run = AssertUnwindSafe(|| self.write_now(|txn, now| work.run(txn, now)));
            result = catch_unwind(run).unwrap_or_else(|_| Err(panicked()));
            if !matches!(result, Err(Rollback::Store(StoreError::Conflict))) {
                break;
            }
        }
        work.done(result);
    }

    fn size_bytes(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}
