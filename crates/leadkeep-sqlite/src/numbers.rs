//! Numbers that nearly every write moves on: the next id of each entity, and the times of activities.
//!
//! They are read once for a group of calls and written once before its commit, so that a call with one lead does not pay for
//! them statement by statement.

use crate::addresses::directory::{Directories, Published};
use crate::definitions;
use crate::error::failed;
use crate::kept_back::KeptBack;
use crate::statements::{prepare, value};
use leadkeep_core::ids::LeadId;
use leadkeep_core::store::{Lead, Result};
use rusqlite::Connection;
use std::cell::{OnceCell, RefCell, RefMut};
use std::collections::HashMap;
use std::sync::Arc;

/// The numbers as one transaction sees them, and rows that are kept back.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    known: RefCell<Known>,
    /// Whether rows are kept back at all.
    keeps_back: bool,
    /// What is known of addresses without a look-up: to who writes from the beginning, to who reads as soon as it asks.
    directories: OnceCell<Directories>,
    /// Where who reads finds that, and who has written last.
    published: Option<(Arc<Published>, i64)>,
}

#[derive(Debug, Default)]
struct Known {
    /// The next id of each sequence, and whether it must be written.
    next: HashMap<String, (i64, bool)>,
    /// The latest time of all activities, by how much one was ever late, and whether they must be written.
    times: Option<(i64, i64, bool)>,
    /// Addresses that were inserted into each of the first two levels.
    addresses: [usize; 2],
    /// Addresses that were looked up without a directory.
    looked_up: usize,
    /// The version of the definitions.
    schema: Option<u64>,
    /// Leads, by their ids, that were read while their addresses were looked up, and how much had been changed by then.
    read: (u64, Vec<Lead>),
    /// Rows of single leads that are still to be inserted.
    kept_back: KeptBack,
    /// How many of them have been inserted.
    inserted: u64,
}

impl Numbers {
    /// Those of several calls: rows that each of them inserts one of are kept back and inserted together.
    pub(crate) fn of_group(directories: Directories) -> Self {
        Self {
            keeps_back: true,
            ..Self::of_call(directories)
        }
    }

    /// Those of one call, which writes.
    pub(crate) fn of_call(directories: Directories) -> Self {
        Self {
            directories: OnceCell::from(directories),
            ..Self::default()
        }
    }

    /// Those of one call, which reads, with the version of the definitions and who has written last.
    pub(crate) fn of_read(published: &Arc<Published>, (version, writer): (u64, i64)) -> Self {
        Self {
            known: RefCell::new(Known {
                schema: Some(version),
                ..Known::default()
            }),
            published: Some((published.clone(), writer)),
            ..Self::default()
        }
    }

    /// What is known of addresses without a look-up.
    pub(crate) fn directories(&self) -> &Directories {
        self.directories.get_or_init(|| match &self.published {
            Some((published, writer)) => published.directories(*writer),
            None => Directories::default(),
        })
    }

    /// Remembers that so many addresses were looked up without a directory.
    pub(crate) fn look_up(&self, count: usize) {
        match &self.published {
            Some((published, _)) => published.look_up(count),
            None => self.known.borrow_mut().looked_up += count,
        }
    }

    /// How many addresses were looked up without a directory.
    pub(crate) fn looked_up(&self) -> usize {
        self.known.borrow().looked_up
    }

    /// Keeps leads, in order of their ids, for who will ask for them before anything changes.
    pub(crate) fn keep_read(&self, connection: &Connection, leads: Vec<Lead>) {
        self.known.borrow_mut().read = (connection.total_changes(), leads);
    }

    /// Those of the leads that were kept, and the ids of the others.
    pub(crate) fn take_read(
        &self,
        connection: &Connection,
        ids: &[LeadId],
    ) -> (Vec<Lead>, Vec<LeadId>) {
        let (changes, read) = std::mem::take(&mut self.known.borrow_mut().read);
        if read.is_empty() || changes != connection.total_changes() {
            return (Vec::new(), ids.to_vec());
        }
        let mut read = read.into_iter().peekable();
        let (mut leads, mut others) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            while read.next_if(|lead| lead.id < *id).is_some() {}
            match read.next_if(|lead| lead.id == *id) {
                Some(lead) => leads.push(lead),
                None => others.push(*id),
            }
        }
        (leads, others)
    }

    /// Rows that are kept back; nothing if so many are to be inserted at once.
    pub(crate) fn keep_back(&self, rows: usize) -> Option<RefMut<'_, KeptBack>> {
        (self.keeps_back && rows <= KeptBack::FEW)
            .then(|| RefMut::map(self.known.borrow_mut(), |known| &mut known.kept_back))
    }

    /// How many rows are kept back, and how many were and have been inserted.
    pub(crate) fn kept_back(&self) -> (u64, u64) {
        let known = self.known.borrow();
        (known.kept_back.len(), known.inserted)
    }

    /// Whether one of these addresses is kept back.
    pub(crate) fn keeps_address(&self, mut hashes: impl Iterator<Item = i64>) -> bool {
        let known = self.known.borrow();
        let kept = &known.kept_back.addresses;
        !kept.is_empty() && hashes.any(|hash| kept.iter().any(|(own, _)| *own == hash))
    }

    /// Whether one of these leads is kept back.
    pub(crate) fn keeps_lead(&self, mut ids: impl Iterator<Item = LeadId>) -> bool {
        let known = self.known.borrow();
        let kept = &known.kept_back.leads;
        let Some(first) = kept.iter().map(|(own, ..)| *own).min() else {
            return false;
        };
        ids.any(|id| id.0 >= first && kept.iter().any(|(own, ..)| *own == id.0))
    }

    /// Inserts all rows that are kept back.
    pub(crate) fn insert_kept_back(&self, connection: &Connection) -> Result<()> {
        if self.kept_back().0 == 0 {
            return Ok(());
        }
        let kept = std::mem::take(&mut self.known.borrow_mut().kept_back);
        let (rows, addresses) = (kept.len(), kept.addresses.len());
        kept.insert(connection)?;
        let mut known = self.known.borrow_mut();
        known.inserted += rows;
        known.addresses[0] += addresses;
        Ok(())
    }

    /// The next id of a sequence.
    pub(crate) fn next(&self, connection: &Connection, sequence: &str) -> Result<i64> {
        if let Some((next, _)) = self.known.borrow().next.get(sequence) {
            return Ok(*next);
        }
        let sql = "SELECT next FROM sequence WHERE name = ?1";
        let next: i64 = value(connection, sql, [sequence])?;
        let mut known = self.known.borrow_mut();
        known.next.insert(sequence.to_owned(), (next, false));
        Ok(next)
    }

    /// Moves a sequence on.
    pub(crate) fn move_on(&self, sequence: &str, next: i64) {
        let mut known = self.known.borrow_mut();
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
        if let Some((latest, lateness, _)) = self.known.borrow().times {
            return Ok((latest, lateness));
        }
        let sql = "SELECT latest, lateness FROM activity_times";
        let (latest, lateness) = prepare(connection, sql)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed)?;
        self.known.borrow_mut().times = Some((latest, lateness, false));
        Ok((latest, lateness))
    }

    /// Changes what [`Numbers::times`] gives.
    pub(crate) fn set_times(&self, latest: i64, lateness: i64) {
        self.known.borrow_mut().times = Some((latest, lateness, true));
    }

    /// The version of the definitions.
    pub(crate) fn schema(&self, connection: &Connection) -> Result<u64> {
        if let Some(version) = self.known.borrow().schema {
            return Ok(version);
        }
        let (version, _) = definitions::version(connection)?;
        self.known.borrow_mut().schema = Some(version);
        Ok(version)
    }

    /// Forgets the version of the definitions: it has moved.
    pub(crate) fn forget_schema(&self) {
        self.known.borrow_mut().schema = None;
    }

    /// Remembers that addresses are added: their hashes, and the leads that have them.
    pub(crate) fn add_addresses(&self, addresses: &[(i64, i64)]) {
        if let Some(directories) = self.directories.get() {
            directories.add(addresses);
        }
    }

    /// Remembers that so many addresses are inserted that were not kept back.
    pub(crate) fn count_addresses(&self, count: usize) {
        self.known.borrow_mut().addresses[1] += count;
    }

    /// How many addresses were inserted into the first level, and into the second.
    pub(crate) fn addresses(&self) -> [usize; 2] {
        self.known.borrow().addresses
    }

    /// Writes what has moved, and what was kept back.
    pub(crate) fn write(&self, connection: &Connection) -> Result<()> {
        self.insert_kept_back(connection)?;
        let mut known = self.known.borrow_mut();
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
