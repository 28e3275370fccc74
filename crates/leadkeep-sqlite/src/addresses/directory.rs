//! Who has an address, without a look into the database.
//!
//! Each look-up of an address reads a page of every level, in a large database from the system's cache. A table in memory, of
//! six to eight bytes a lead, says of nearly every address that nobody has it, or which one lead can have it: whether it does, its row
//! says. The table holds all hashes that are committed, those of transactions that were undone, and those that leads had before;
//! so whoever is not in it is in no level. Where two leads may be meant, for they have one address or look alike in the table,
//! it knows nothing, and the levels are asked.
//!
//! It is begun after so many look-ups that it pays, filled by a thread of its own, and from then on the writer adds what it inserts. As
//! soon as another process has written, it is of no use any more.

use super::LEVELS;
use crate::definitions;
use crate::error::failed;
use crate::statements::{execute, prepare, value};
use leadkeep_core::ids::LeadId;
use leadkeep_core::store::Result;
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Look-ups without a directory before one is begun, and so many more as a part of all leads.
const WORTH: usize = 10_000;
/// See [`WORTH`].
const PART: usize = 64;
/// For more leads than this none is made: it would take more than a quarter of a gibibyte.
const MOST: i64 = 1 << 25;
/// Bits of a hash that say in which part it is. Making room in one of 256 parts takes some milliseconds in a database of ten million
/// leads; smaller ones would leave more holes in the memory.
const PART_BITS: u32 = 8;
/// A part of so many hashes may take more room than it needs: all parts have no more than 24 MiB then. Each time that it gets more, all of
/// its hashes are read.
const FEW: usize = 8_192;
/// Bits of an entry.
const ENTRY_BITS: u32 = 40;

/// A lead and a few bits of the hash of its address, the lowest bits being those of the lead. 0 is no entry.
type Entry = [u8; ENTRY_BITS as usize / 8];

/// What a directory says of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Nobody has it.
    Nobody,
    /// Nobody but this lead can have it.
    Perhaps(LeadId),
    /// It may be anybody's.
    Unknown,
}

/// A table of addresses by their hashes.
#[derive(Debug)]
pub(crate) struct Directory {
    table: RwLock<Table>,
    /// The number under which this process writes. As long as nobody else does, it holds.
    writer: i64,
    /// Whether all hashes of the database are in it.
    is_whole: AtomicBool,
}

#[derive(Debug)]
struct Table {
    parts: Vec<Part>,
    /// Bits of an entry that are the lead's.
    lead_bits: u32,
    /// Parts that should be made larger.
    crowded: Vec<usize>,
}

/// The hashes with the same high bits, each at the first free place after the one where it belongs.
#[derive(Debug)]
enum Part {
    /// What has been added so far.
    Unfilled(Vec<(i64, LeadId)>),
    Filled {
        entries: Box<[Entry]>,
        used: usize,
    },
    /// It has no place for what was to be added.
    Overfull,
}

impl Directory {
    /// An empty one, for leads up to about this one, of who writes under this number.
    fn new(last: i64, writer: i64) -> Self {
        let parts = (0..1 << PART_BITS).map(|_| Part::Unfilled(Vec::new()));
        let last = last.clamp(1 << 20, MOST).cast_unsigned();
        Self {
            table: RwLock::new(Table {
                parts: parts.collect(),
                lead_bits: u64::BITS - last.leading_zeros() + 1,
                crowded: Vec::new(),
            }),
            writer,
            is_whole: AtomicBool::new(false),
        }
    }

    fn table(&self) -> RwLockReadGuard<'_, Table> {
        // A table is whole at any time, also after a panic.
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn table_mut(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a part out of the database.
    fn fill_part(&self, connection: &Connection, at: usize) -> Result<()> {
        let mut hashes = hashes(connection, at)?;
        let mut table = self.table_mut();
        let table = &mut *table;
        if let Part::Unfilled(waiting) = &mut table.parts[at] {
            hashes.append(waiting);
        }
        let mut entries = vec![Entry::default(); room(hashes.len())].into_boxed_slice();
        let new = hashes.iter().filter(|(hash, lead)| {
            let entry = table.entry(*hash, *lead);
            insert(&mut entries, *hash, entry, table.lead_bits)
        });
        let used = new.count();
        table.parts[at] = Part::Filled { entries, used };
        Ok(())
    }

    /// Gives crowded parts more room; false if the directory should be given up, for it knows less and less.
    fn make_room(&self, connection: &Connection) -> Result<bool> {
        if self.table().crowded.is_empty() {
            return Ok(true);
        }
        let crowded = std::mem::take(&mut self.table_mut().crowded);
        let next = next_lead(connection)?;
        if next > MOST || !self.table().can_name(next) {
            return Ok(false);
        }
        for at in crowded {
            self.fill_part(connection, at)?;
        }
        Ok(true)
    }
}

impl Table {
    /// Whether it has names for leads up to this one.
    fn can_name(&self, lead: i64) -> bool {
        lead >> self.lead_bits == 0
    }

    /// Takes note of the address of a lead.
    fn add(&mut self, hash: i64, lead: LeadId) {
        let at = part_of(hash);
        let entry = self.entry(hash, lead);
        let part = &mut self.parts[at];
        match part {
            Part::Unfilled(waiting) => waiting.push((hash, lead)),
            Part::Overfull => {}
            Part::Filled { entries, used } if *used + 1 < entries.len() => {
                let is_new = insert(entries, hash, entry, self.lead_bits);
                *used += usize::from(is_new);
                // Once, as it passes the limit.
                if is_new && *used == limit(entries.len()) {
                    self.crowded.push(at);
                }
            }
            Part::Filled { .. } => *part = Part::Overfull,
        }
    }

    /// Who has an address of this hash.
    fn owner(&self, hash: i64) -> Owner {
        let Part::Filled { entries, .. } = &self.parts[part_of(hash)] else {
            return Owner::Unknown;
        };
        let place = place(entries, hash, self.entry(hash, LeadId(0)), self.lead_bits);
        let entry = number(entries[place]);
        match entry & ((1 << self.lead_bits) - 1) {
            _ if entry == 0 => Owner::Nobody,
            0 => Owner::Unknown,
            lead => Owner::Perhaps(LeadId(lead.cast_signed())),
        }
    }

    /// An entry; of lead 0 if it has no name for the lead.
    fn entry(&self, hash: i64, lead: LeadId) -> u64 {
        let lead = if self.can_name(lead.0) { lead.0 } else { 0 };
        // Never 0, or an entry could be taken for none.
        let tag = (hash.cast_unsigned() & ((1 << (ENTRY_BITS - self.lead_bits)) - 1)).max(1);
        tag << self.lead_bits | lead.cast_unsigned()
    }
}

/// The part of a hash: its high bits.
fn part_of(hash: i64) -> usize {
    usize::try_from(hash.cast_unsigned() >> (i64::BITS - PART_BITS)).unwrap_or_default()
}

/// All hashes of a part, with their leads.
fn hashes(connection: &Connection, at: usize) -> Result<Vec<(i64, LeadId)>> {
    let first = i64::try_from(at).unwrap_or_default() << (i64::BITS - PART_BITS);
    let last = first | ((1 << (i64::BITS - PART_BITS)) - 1);
    let mut hashes = Vec::new();
    for table in LEVELS {
        let sql = format!("SELECT hash, lead_id FROM {table} WHERE hash BETWEEN ?1 AND ?2");
        let mut statement = prepare(connection, &sql)?;
        let mut rows = statement.query((first, last)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let lead = LeadId(row.get(1).map_err(failed)?);
            hashes.push((row.get(0).map_err(failed)?, lead));
        }
    }
    Ok(hashes)
}

/// Places for so many hashes and a third more, or as many more while they are few, of which there are seven for eight places.
fn room(hashes: usize) -> usize {
    let more = if hashes < FEW { hashes } else { hashes / 3 };
    (hashes + more) / 7 * 8 + 64
}

/// So many of the places are taken when there should be more: seven of eight.
fn limit(places: usize) -> usize {
    places / 8 * 7
}

fn number(entry: Entry) -> u64 {
    let mut bytes = [0; 8];
    bytes[..entry.len()].copy_from_slice(&entry);
    u64::from_le_bytes(bytes)
}

/// Where an entry is that looks like this one, or could be.
fn place(entries: &[Entry], hash: i64, entry: u64, lead_bits: u32) -> usize {
    let within = u128::from(hash.cast_unsigned() << PART_BITS);
    let mut at = usize::try_from((within * entries.len() as u128) >> u64::BITS).unwrap_or_default();
    loop {
        let other = number(entries[at]);
        if other == 0 || other >> lead_bits == entry >> lead_bits {
            return at;
        }
        at = if at + 1 == entries.len() { 0 } else { at + 1 };
    }
}

/// Adds an entry, for which there must be a place; one that looks like it means both from then on. Gives whether it took a place.
fn insert(entries: &mut [Entry], hash: i64, entry: u64, lead_bits: u32) -> bool {
    let at = place(entries, hash, entry, lead_bits);
    let other = number(entries[at]);
    let new = match other {
        0 => entry,
        _ if other == entry => return false,
        _ => entry >> lead_bits << lead_bits,
    };
    let [bytes @ .., _, _, _] = new.to_le_bytes();
    entries[at] = bytes;
    other == 0
}

/// What a transaction knows: the directory, if there is one, and the one that is being filled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directories {
    whole: Option<Arc<Directory>>,
    unfinished: Option<Arc<Directory>>,
}

impl Directories {
    /// Takes note of addresses that are inserted: their hashes, and the leads that have them.
    pub(crate) fn add(&self, addresses: &[(i64, i64)]) {
        for directory in self.whole.iter().chain(&self.unfinished) {
            let mut table = directory.table_mut();
            for (hash, lead) in addresses {
                table.add(*hash, LeadId(*lead));
            }
        }
    }

    /// Who has an address of each of these hashes.
    pub(crate) fn owners(&self, hashes: impl ExactSizeIterator<Item = i64>) -> Vec<Owner> {
        match &self.whole {
            Some(directory) => {
                let table = directory.table();
                hashes.map(|hash| table.owner(hash)).collect()
            }
            None => vec![Owner::Unknown; hashes.len()],
        }
    }

    /// One of a database without addresses.
    #[cfg(test)]
    pub(crate) fn of_nothing(connection: &Connection) -> Self {
        let directory = Arc::new(Directory::new(0, 0));
        let watched = directory.clone();
        fill(connection, &directory).unwrap();
        Self {
            whole: Some(watched),
            unfinished: None,
        }
    }

    /// Whether there is a directory to ask.
    pub(crate) fn can_tell(&self) -> bool {
        self.whole.is_some()
    }
}

/// The directory for who reads.
#[derive(Debug, Default)]
pub(crate) struct Published {
    directory: RwLock<Option<Arc<Directory>>>,
    /// Look-ups without it.
    looked_up: AtomicUsize,
}

impl Published {
    /// The directory, if it holds for a transaction that sees that this writer was the last one.
    pub(crate) fn directories(&self, writer: i64) -> Directories {
        let directory = self
            .directory
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Directories {
            whole: directory
                .clone()
                .filter(|directory| directory.writer == writer),
            unfinished: None,
        }
    }

    /// Takes note of look-ups without a directory.
    pub(crate) fn look_up(&self, count: usize) {
        self.looked_up.fetch_add(count, Ordering::Relaxed);
    }

    fn set(&self, directory: Option<&Arc<Directory>>) {
        let known = self
            .directory
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(Arc::as_ptr);
        if known == directory.map(Arc::as_ptr) {
            return;
        }
        let mut own = self
            .directory
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *own = directory.cloned();
    }
}

/// The writer's directories, and when they are made and given up.
#[derive(Debug)]
pub(crate) struct Upkeep {
    directories: Directories,
    /// The number under which it writes, drawn anew when another process has written; none before its first transaction.
    writer: Option<i64>,
    /// Look-ups without a directory since the last one was begun or given up.
    looked_up: usize,
    published: Arc<Published>,
    /// Who fills them.
    to_fill: Sender<Arc<Directory>>,
}

impl Upkeep {
    /// Without a directory so far; those that are begun are sent to [`fill_loop`].
    pub(crate) fn new(published: Arc<Published>, to_fill: Sender<Arc<Directory>>) -> Self {
        Self {
            directories: Directories::default(),
            writer: None,
            looked_up: 0,
            published,
            to_fill,
        }
    }

    /// The directories for a transaction that writes. It has begun, so that nobody else can write, and has not written yet.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn begin(&mut self, connection: &Connection) -> Result<Directories> {
        let renewed = self.renew(connection);
        // Also after an error: nobody may be told of a directory to which nothing is added any more.
        self.published.set(self.directories.whole.as_ref());
        renewed.map(|()| self.directories.clone())
    }

    /// Makes directories, gives them more room, and gives them up, as it is time for.
    fn renew(&mut self, connection: &Connection) -> Result<()> {
        let (_, last) = definitions::version(connection)?;
        let writer = match self.writer {
            Some(own) if own == last => own,
            // Another process, or a transaction that was undone.
            _ => {
                self.directories = Directories::default();
                self.looked_up = 0;
                let own = value(connection, "SELECT random()", [])?;
                definitions::set_writer(connection, own)?;
                own
            }
        };
        self.writer = Some(writer);
        self.take_finished();
        self.make_room(connection)?;
        self.looked_up += self.published.looked_up.swap(0, Ordering::Relaxed);
        if self.looked_up >= WORTH {
            self.make(connection, writer)?;
        }
        Ok(())
    }

    /// Looks whether the directory that is being filled is done, or never will be.
    fn take_finished(&mut self) {
        let own = &mut self.directories;
        if let Some(directory) = &own.unfinished {
            // In this order: who has let go of it has finished it before, or never will.
            let is_let_go = Arc::strong_count(directory) == 1;
            if directory.is_whole.load(Ordering::Acquire) {
                own.whole = own.unfinished.take();
            } else if is_let_go {
                own.unfinished = None;
            }
        }
    }

    /// Gives parts of the directories that have become crowded more room. Nothing has been written yet, so that what is read is
    /// committed. One that cannot be kept is given up; another one is made when it pays.
    fn make_room(&mut self, connection: &Connection) -> Result<()> {
        let own = &self.directories;
        let kept = own
            .whole
            .iter()
            .chain(&own.unfinished)
            .map(|directory| directory.make_room(connection))
            .collect::<Result<Vec<bool>>>();
        if !matches!(&kept, Ok(kept) if kept.iter().all(|is_kept| *is_kept)) {
            self.directories = Directories::default();
        }
        kept.map(drop)
    }

    /// Begins a directory, if it pays.
    fn make(&mut self, connection: &Connection, writer: i64) -> Result<()> {
        if self.directories.whole.is_some() || self.directories.unfinished.is_some() {
            return Ok(());
        }
        let next = next_lead(connection)?;
        // Ids begin at 1, so there are no more leads.
        let leads = usize::try_from(next).unwrap_or_default();
        if self.looked_up < leads / PART || next > MOST {
            return Ok(());
        }
        let directory = Arc::new(Directory::new(next, writer));
        self.looked_up = 0;
        // Nobody fills them any more when the store closes.
        if self.to_fill.send(directory.clone()).is_ok() {
            self.directories.unfinished = Some(directory);
        }
        Ok(())
    }

    /// Takes note of what a transaction has done.
    pub(crate) fn end(&mut self, looked_up: usize) {
        self.looked_up += looked_up;
    }
}

/// The id of the next lead.
fn next_lead(connection: &Connection) -> Result<i64> {
    let sql = "SELECT next FROM sequence WHERE name = 'lead'";
    value(connection, sql, [])
}

/// Fills directories, until nobody begins any.
pub(crate) fn fill_loop(connection: &Connection, directories: &Receiver<Arc<Directory>>) {
    while let Ok(directory) = directories.recv() {
        // One that cannot be filled is missed by nobody: addresses are looked up as before.
        let _ = fill(connection, &directory);
    }
}

/// Puts all hashes into a directory, as long as somebody else has it too.
pub(crate) fn fill(connection: &Connection, directory: &Arc<Directory>) -> Result<()> {
    for at in 0..1 << PART_BITS {
        if Arc::strong_count(directory) == 1 {
            return Ok(());
        }
        // One transaction for all levels: between two a hash could move on to the level that was read before.
        execute(connection, "BEGIN")?;
        let filled = directory.fill_part(connection, at);
        execute(connection, "ROLLBACK")?;
        filled?;
    }
    directory.is_whole.store(true, Ordering::Release);
    Ok(())
}

#[cfg(test)]
mod tests;
