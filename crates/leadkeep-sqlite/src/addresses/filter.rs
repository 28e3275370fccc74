//! Which addresses nobody has, without a look into the database.
//!
//! Most look-ups of an import are of people who are new, and each of them reads a page of every level, in a large database
//! from the system's cache. A Bloom filter in memory says of nearly all of them that they are in none. It holds all hashes
//! that are committed, and those of transactions that were undone: whoever is not in it is in no level, whoever is may be.
//!
//! It is begun after so many look-ups that it pays, filled by a thread of its own out of one transaction that sees all that was
//! committed before it was begun, and from then on the writer adds what it inserts. As soon as another process has written, it
//! is of no use any more.

use super::LEVELS;
use crate::error::failed;
use crate::statements::{execute, prepare, value};
use leadkeep_core::store::Result;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};

/// Bits of a hash.
const BITS: u32 = 4;
/// Hashes of a word of 64 bits, before more are added: about one of a hundred that it does not have looks as if it had.
const IN_A_WORD: usize = 4;
/// It is made for so many hashes at least: half a megabyte.
const LEAST: usize = 1 << 18;
/// Look-ups without a filter before one is begun, and so many more as a part of all hashes.
const WORTH: usize = 10_000;
/// See [`WORTH`].
const PART: usize = 64;
/// Hashes between two looks whether anybody still wants the filter.
const STRETCH: usize = 4_096;

/// A filter.
#[derive(Debug)]
pub(crate) struct Filter {
    words: Box<[AtomicU64]>,
    /// How many may be added before there should be a larger one.
    room: usize,
    /// Whether all hashes of the database are in it.
    is_whole: AtomicBool,
}

impl Filter {
    /// An empty one for so many hashes, and as many more.
    fn new(hashes: usize) -> Self {
        let room = hashes.max(LEAST);
        let words = (0..room / IN_A_WORD).map(|_| AtomicU64::new(0));
        Self {
            words: words.collect(),
            room,
            is_whole: AtomicBool::new(false),
        }
    }

    /// The word of a hash, by its high bits, and the bits in it, by its low ones.
    fn place(&self, hash: i64) -> (&AtomicU64, u64) {
        let hash = hash.cast_unsigned();
        let words = self.words.len() as u128;
        let at = usize::try_from((u128::from(hash) * words) >> 64).unwrap_or_default();
        let bit = |number: u32| 1_u64 << ((hash >> (6 * number)) & 63);
        (
            &self.words[at],
            (0..BITS).map(bit).fold(0, |all, bit| all | bit),
        )
    }

    fn add(&self, hash: i64) {
        let (word, bits) = self.place(hash);
        word.fetch_or(bits, Ordering::Relaxed);
    }

    fn may_hold(&self, hash: i64) -> bool {
        let (word, bits) = self.place(hash);
        word.load(Ordering::Relaxed) & bits == bits
    }
}

/// What a transaction knows: the filter, if there is one, and the one that is being filled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filters {
    whole: Option<Arc<Filter>>,
    unfinished: Option<Arc<Filter>>,
}

impl Filters {
    /// Takes note of an address that is inserted.
    pub(crate) fn add(&self, hash: i64) {
        for filter in self.whole.iter().chain(&self.unfinished) {
            filter.add(hash);
        }
    }

    /// Whether this address is surely in no level.
    pub(crate) fn misses(&self, hash: i64) -> bool {
        self.whole
            .as_ref()
            .is_some_and(|filter| !filter.may_hold(hash))
    }

    /// One that holds nothing, of a database without addresses.
    #[cfg(test)]
    pub(crate) fn of_nothing() -> Self {
        Self {
            whole: Some(Arc::new(Filter::new(0))),
            unfinished: None,
        }
    }

    /// Whether there is a filter to ask.
    pub(crate) fn can_tell(&self) -> bool {
        self.whole.is_some()
    }
}

/// The writer's filters, and when they are made and given up.
#[derive(Debug)]
pub(crate) struct Upkeep {
    filters: Filters,
    /// By which SQLite says whether another process has written since the filters were begun.
    version: i64,
    /// Look-ups without a filter since the last one was begun or given up.
    looked_up: usize,
    /// Addresses that were added since the last one was begun.
    added: usize,
    /// Who fills them.
    to_fill: Sender<Arc<Filter>>,
}

impl Upkeep {
    /// Without a filter so far; those that are begun are sent to [`fill_loop`].
    pub(crate) fn new(to_fill: Sender<Arc<Filter>>) -> Self {
        Self {
            filters: Filters::default(),
            version: 0,
            looked_up: 0,
            added: 0,
            to_fill,
        }
    }

    /// The filters for a transaction that writes. It has begun, so that nobody else can write, and has not written yet.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn begin(&mut self, connection: &Connection) -> Result<Filters> {
        let is_there = self.filters.whole.is_some() || self.filters.unfinished.is_some();
        if is_there && data_version(connection)? != self.version {
            self.filters = Filters::default();
            self.looked_up = 0;
        }
        if let Some(filter) = &self.filters.unfinished {
            // In this order: who has let go of it has finished it before, or never will.
            let is_let_go = Arc::strong_count(filter) == 1;
            if filter.is_whole.load(Ordering::Acquire) {
                self.filters.whole = self.filters.unfinished.take();
            } else if is_let_go {
                self.filters.unfinished = None;
            }
        }
        let is_due = match &self.filters.whole {
            Some(filter) => self.added > filter.room,
            None => self.looked_up >= WORTH,
        };
        if is_due && self.filters.unfinished.is_none() {
            self.make(connection)?;
        }
        Ok(self.filters.clone())
    }

    /// Begins a filter, if it pays.
    fn make(&mut self, connection: &Connection) -> Result<()> {
        // Ids begin at 1, so there are no more leads.
        let next: i64 = value(
            connection,
            "SELECT next FROM sequence WHERE name = 'lead'",
            [],
        )?;
        let leads = usize::try_from(next).unwrap_or_default();
        if self.filters.whole.is_none() && self.looked_up < leads / PART {
            return Ok(());
        }
        let filter = Arc::new(Filter::new(leads));
        self.looked_up = 0;
        // Nobody fills them any more when the store closes.
        if self.to_fill.send(filter.clone()).is_ok() {
            self.version = data_version(connection)?;
            self.added = 0;
            self.filters.unfinished = Some(filter);
        }
        Ok(())
    }

    /// Takes note of what a transaction has done.
    pub(crate) fn end(&mut self, looked_up: usize, added: usize) {
        self.looked_up += looked_up;
        self.added += added;
    }
}

/// Changes when another connection has committed something.
fn data_version(connection: &Connection) -> Result<i64> {
    value(connection, "PRAGMA data_version", [])
}

/// Fills filters, until nobody begins any.
pub(crate) fn fill_loop(connection: &Connection, filters: &Receiver<Arc<Filter>>) {
    while let Ok(filter) = filters.recv() {
        // One that cannot be filled is missed by nobody: addresses are looked up as before.
        let _ = fill(connection, &filter);
    }
}

/// Puts all hashes into a filter, as long as somebody else has it too.
pub(crate) fn fill(connection: &Connection, filter: &Arc<Filter>) -> Result<()> {
    // One transaction: between two a hash could move on to the level that was read before.
    execute(connection, "BEGIN")?;
    let filled = LEVELS
        .iter()
        .map(|(table, _)| fill_from(connection, table, filter))
        .collect::<Result<Vec<bool>>>();
    execute(connection, "ROLLBACK")?;
    if filled?.into_iter().all(|is_all| is_all) {
        filter.is_whole.store(true, Ordering::Release);
    }
    Ok(())
}

/// Whether all of a level is in the filter now.
fn fill_from(connection: &Connection, table: &str, filter: &Arc<Filter>) -> Result<bool> {
    let mut statement = prepare(connection, &format!("SELECT hash FROM {table}"))?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut count = 0_usize;
    while let Some(row) = rows.next().map_err(failed)? {
        filter.add(row.get(0).map_err(failed)?);
        count += 1;
        if count.is_multiple_of(STRETCH) && Arc::strong_count(filter) == 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
