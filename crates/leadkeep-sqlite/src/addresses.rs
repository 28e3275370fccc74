//! Where addresses are found: by their hashes, in levels.
//!
//! Addresses come in no order. In one index of ten million of them nearly every new one would stand on a page of its own,
//! which is written to the log and then into the file, four times as much as the lead itself. So new ones go to a small
//! level, of which a commit writes all pages at most, and the levels after it get them in stretches of neighbours, a page
//! for many. For calls with one lead even that is too large, so that theirs go to one before it, of a page or two. A look-up asks all
//! levels.

pub(crate) mod directory;

use self::directory::Owner;
use crate::error::failed;
use crate::leads;
use crate::statements::{execute_each, insert_rows, integers, limit, prepare, rows, value};
use crate::txn::Txn;
use leadkeep_core::ids::LeadId;
use leadkeep_core::store::{Lead, Result};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension};
use sha1::{Digest, Sha1};

/// The tables of the levels. The first one is for calls with few leads ([`KeptBack`]); what large ones bring to a commit goes to the
/// second at once, for it stands on most of its pages anyway, and so does what is written in savepoints.
///
/// [`KeptBack`]: crate::kept_back::KeptBack
const LEVELS: [&str; 4] = ["address_latest", "address_new", "address_recent", "address"];

/// How many hashes the levels are to hold, and from how many more on they pass these on; the last one takes all the rest.
const LIMITS: [(usize, usize); LEVELS.len() - 1] = [(0, 512), (16_384, 2_048), (524_288, 2_048)];

/// Up to so many addresses are looked up one by one.
const FEW: usize = 4;

/// Leads with one of the hashes `?1`, for the condition of a statement.
pub(crate) const LEADS_OF_HASH: &str = "SELECT lead_id FROM address_latest WHERE hash = ?1 \
     UNION ALL SELECT lead_id FROM address_new WHERE hash = ?1 \
     UNION ALL SELECT lead_id FROM address_recent WHERE hash = ?1 \
     UNION ALL SELECT lead_id FROM address WHERE hash = ?1";

/// The form in which addresses are compared (COM-7).
fn folded(email: &str) -> String {
    email.to_lowercase()
}

/// The hash of an address in the form in which it is compared. It stands in database files, so it never changes. It is
/// one that nobody can choose addresses for: many with the same would make look-ups slow.
pub(crate) fn hash(folded: &str) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 20]>::from(Sha1::digest(folded));
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Adds what statements need of this: `address_hash(email)` and `folded(email)`; nothing of nothing.
pub(crate) fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("folded", 1, flags, |context| {
        Ok(context.get_raw(0).as_str_or_null()?.map(folded))
    })?;
    connection.create_scalar_function("address_hash", 1, flags, |context| {
        let email = context.get_raw(0).as_str_or_null()?;
        Ok(email.map(|email| hash(&folded(email))))
    })
}

/// The leads of addresses in the form in which they are compared, the newest first, at most so many of each.
pub(crate) fn newest(txn: &Txn<'_>, emails: &[&str], most: usize) -> Result<Vec<Vec<LeadId>>> {
    if most == 0 {
        return Ok(vec![Vec::new(); emails.len()]);
    }
    let wanted = emails
        .iter()
        .enumerate()
        .map(|(at, email)| (Wanted::new(email), at));
    let mut wanted: Vec<(Wanted<'_>, usize)> = wanted.collect();
    // So that neighbours are looked up together, and each address once.
    wanted.sort_unstable();
    let mut distinct: Vec<Wanted<'_>> = wanted.iter().map(|(wanted, _)| *wanted).collect();
    distinct.dedup();
    let directories = txn.1.directories();
    if !directories.can_tell() {
        txn.1.look_up(distinct.len());
    }
    let owners = directories.owners(distinct.iter().map(|wanted| wanted.hash));
    let (mut candidates, mut unknown) = (Vec::new(), Vec::new());
    for (wanted, owner) in distinct.into_iter().zip(owners) {
        match owner {
            Owner::Nobody => {}
            Owner::Perhaps(lead) => candidates.push((lead, wanted)),
            Owner::Unknown => unknown.push(wanted),
        }
    }
    let mut found = owned(txn, candidates)?;
    let connection = match txn
        .1
        .keeps_address(unknown.iter().map(|wanted| wanted.hash))
    {
        true => txn.whole()?,
        false => txn.0,
    };
    let looked_up = match most {
        1 if unknown.len() > FEW => newest_each(connection, &unknown)?,
        _ => one_by_one(connection, &unknown, most)?,
    };
    found.extend(unknown.into_iter().zip(looked_up));
    found.sort_unstable_by_key(|(wanted, _)| *wanted);
    let mut leads = vec![Vec::new(); emails.len()];
    let mut found = found.into_iter().peekable();
    let mut wanted = wanted.into_iter().peekable();
    while let Some((own, at)) = wanted.next() {
        // Both are in one order; an address that nobody has is not in the second.
        while found.next_if(|(other, _)| *other < own).is_some() {}
        let Some((_, ids)) = found.peek_mut().filter(|(other, _)| *other == own) else {
            continue;
        };
        leads[at] = match wanted.peek() {
            Some((next, _)) if *next == own => ids.clone(),
            _ => std::mem::take(ids),
        };
    }
    Ok(leads)
}

/// Those of the leads that have the address which nobody else can have. Who looks for them will want their rows, and these were
/// read.
fn owned<'e>(
    txn: &Txn<'_>,
    mut candidates: Vec<(LeadId, Wanted<'e>)>,
) -> Result<Vec<(Wanted<'e>, Vec<LeadId>)>> {
    // In the order of the table.
    candidates.sort_unstable();
    let mut ids: Vec<LeadId> = candidates.iter().map(|(lead, _)| *lead).collect();
    ids.dedup();
    let mut leads = leads::by_id(txn.with_leads(ids.iter().copied())?, &ids)?;
    leads.sort_unstable_by_key(|lead| lead.id);
    let mut owned = Vec::with_capacity(candidates.len());
    let mut candidates = candidates.into_iter().peekable();
    for lead in &leads {
        while candidates.next_if(|(id, _)| *id < lead.id).is_some() {}
        // Two may look alike, of which one is this lead's.
        while let Some((id, wanted)) = candidates.next_if(|(id, _)| *id == lead.id) {
            if lead.email.as_ref().is_some_and(|own| wanted.is(own)) {
                owned.push((wanted, vec![id]));
            }
        }
    }
    txn.1.keep_read(txn.0, leads);
    Ok(owned)
}

/// An address that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted<'e> {
    hash: i64,
    email: &'e str,
}

impl<'e> Wanted<'e> {
    fn new(email: &'e str) -> Self {
        Self {
            hash: hash(email),
            email,
        }
    }

    /// Whether an address as a lead has it is this one.
    fn is(&self, own: &str) -> bool {
        match own.is_ascii() {
            true => {
                let folded = own.bytes().map(|byte| byte.to_ascii_lowercase());
                folded.eq(self.email.bytes())
            }
            false => folded(own) == self.email,
        }
    }
}

/// Looks up addresses one after the other. However many leads have an address, no more are looked at than are wanted.
fn one_by_one(
    connection: &Connection,
    wanted: &[Wanted<'_>],
    most: usize,
) -> Result<Vec<Vec<LeadId>>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut candidates = prepare(connection, &format!("{LEADS_OF_HASH} LIMIT ?2"))?;
    let mut email = prepare(connection, "SELECT folded(email) FROM lead WHERE id = ?1")?;
    let find = |wanted: &Wanted<'_>| {
        let mut ids: Vec<i64> = candidates
            .query_map((wanted.hash, limit(FEW)), |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(failed)?;
        if ids.len() == FEW {
            // There may be any number of them.
            return newest_of_many(connection, wanted, most);
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        // Twice only if somebody else wrote it.
        ids.dedup();
        let mut leads = Vec::with_capacity(ids.len());
        for id in ids {
            let own: Option<Option<String>> = email
                .query_row([id], |row| row.get(0))
                .optional()
                .map_err(failed)?;
            if own.flatten().as_deref() == Some(wanted.email) && leads.len() < most {
                leads.push(LeadId(id));
            }
        }
        Ok(leads)
    };
    wanted.iter().map(find).collect()
}

/// The newest leads of an address that many leads have.
fn newest_of_many(
    connection: &Connection,
    wanted: &Wanted<'_>,
    most: usize,
) -> Result<Vec<LeadId>> {
    let level = |table| {
        format!(
            "SELECT * FROM (SELECT lead.id FROM {table} AS own CROSS JOIN lead ON lead.id = own.lead_id \
             WHERE own.hash = ?1 AND folded(lead.email) = ?2 ORDER BY own.lead_id DESC LIMIT ?3)"
        )
    };
    let sql = LEVELS.map(level).join(" UNION ALL ");
    let mut leads = rows(
        connection,
        &sql,
        (wanted.hash, wanted.email, limit(most)),
        |row| row.get(0).map(LeadId),
    )?;
    leads.sort_unstable_by(|a, b| b.cmp(a));
    leads.dedup();
    leads.truncate(most);
    Ok(leads)
}

/// Looks up the newest lead of each of many addresses, with a statement a level.
fn newest_each(connection: &Connection, wanted: &[Wanted<'_>]) -> Result<Vec<Vec<LeadId>>> {
    let hashes = integers(wanted.iter().map(|wanted| wanted.hash));
    let mut newest = vec![0; wanted.len()];
    for table in LEVELS {
        let sql = format!(
            "SELECT (SELECT own.lead_id FROM {table} AS own WHERE own.hash = wanted.value ORDER BY own.lead_id DESC LIMIT 1) \
             FROM rarray(?1) AS wanted"
        );
        let found: Vec<Option<i64>> = rows(connection, &sql, [&hashes], |row| row.get(0))?;
        for (newest, found) in newest.iter_mut().zip(found) {
            *newest = found.unwrap_or(0).max(*newest);
        }
    }
    let ids = integers(newest.iter().copied().filter(|id| *id != 0));
    let sql = "SELECT folded(lead.email) FROM rarray(?1) AS wanted LEFT JOIN lead ON lead.id = wanted.value";
    let mut emails = rows(connection, sql, [ids], |row| row.get(0))?.into_iter();
    let mut leads = Vec::with_capacity(wanted.len());
    for (wanted, id) in wanted.iter().zip(newest) {
        let email: Option<String> = match id {
            0 => {
                leads.push(Vec::new());
                continue;
            }
            _ => emails.next().flatten(),
        };
        leads.push(match email.as_deref() == Some(wanted.email) {
            true => vec![LeadId(id)],
            // Another address with the same hash, which nobody has ever seen.
            false => one_by_one(connection, std::slice::from_ref(wanted), 1)?.concat(),
        });
    }
    Ok(leads)
}

/// Adds the addresses of leads.
pub(crate) fn insert<'l>(txn: &Txn<'_>, leads: impl IntoIterator<Item = &'l Lead>) -> Result<()> {
    let new: Vec<(i64, i64)> = leads
        .into_iter()
        .filter_map(|lead| Some((hash(&folded(lead.email.as_ref()?)), lead.id.0)))
        .collect();
    txn.1.add_addresses(&new);
    if let Some(mut kept) = txn.1.keep_back(new.len()) {
        kept.addresses.extend(new);
        return Ok(());
    }
    txn.1.count_addresses(new.len());
    insert_into(txn.whole()?, "address_new", new)
}

/// Adds the addresses that were kept back.
pub(crate) fn insert_kept_back(connection: &Connection, addresses: Vec<(i64, i64)>) -> Result<()> {
    insert_into(connection, "address_latest", addresses)
}

/// Adds hashes to a level, with neighbours together.
fn insert_into(connection: &Connection, table: &str, mut new: Vec<(i64, i64)>) -> Result<()> {
    new.sort_unstable();
    let into = format!("{table} (hash, lead_id)");
    insert_rows(connection, &into, 2, &new, |row, (hash, lead)| {
        row.put(hash)?;
        row.put(lead)
    })
}

/// Removes the addresses that leads have; their rows must still be there.
pub(crate) fn remove(connection: &Connection, leads: &[LeadId]) -> Result<()> {
    for table in LEVELS {
        let sql = format!(
            "DELETE FROM {table} WHERE hash = (SELECT address_hash(email) FROM lead WHERE id = ?1) AND lead_id = ?1"
        );
        execute_each(connection, &sql, leads, |lead| (lead.0,))?;
    }
    Ok(())
}

/// What the writer knows of the levels.
#[derive(Debug)]
pub(crate) struct Levels([Level; LIMITS.len()]);

#[derive(Debug)]
struct Level {
    table: &'static str,
    next: &'static str,
    capacity: usize,
    step: usize,
    /// How many hashes are in it; nothing before they are counted, as after a commit that failed.
    held: Option<usize>,
    /// The last hash that was moved on: what follows is next.
    last: i64,
}

impl Default for Levels {
    fn default() -> Self {
        Self::new(LIMITS)
    }
}

impl Levels {
    /// With limits like [`LIMITS`].
    fn new(limits: [(usize, usize); LIMITS.len()]) -> Self {
        let level = |at: usize| Level {
            table: LEVELS[at],
            next: LEVELS[at + 1],
            capacity: limits[at].0,
            step: limits[at].1,
            held: None,
            last: i64::MIN,
        };
        Self(std::array::from_fn(level))
    }

    /// Moves on what is too much in a level, after so many were added to the first one and to the second.
    pub(crate) fn settle(&mut self, connection: &Connection, added: [usize; 2]) -> Result<()> {
        let mut added = added.into_iter();
        let mut moved = 0;
        for level in &mut self.0 {
            moved += added.next().unwrap_or_default();
            if moved > 0 {
                moved = level.settle(connection, moved)?;
            }
        }
        Ok(())
    }

    /// Counts anew: what was done since the last commit is undone.
    pub(crate) fn forget(&mut self) {
        for level in &mut self.0 {
            level.held = None;
        }
    }
}

impl Level {
    /// Gives how many were moved on.
    fn settle(&mut self, connection: &Connection, added: usize) -> Result<usize> {
        let held = match self.held {
            // Those that were removed, or added by another process, make moves come early or late, up to the next count.
            Some(held) => held + added,
            None => {
                let sql = format!("SELECT count(*) FROM {}", self.table);
                usize::try_from(value::<i64>(connection, &sql, [])?).unwrap_or_default()
            }
        };
        self.held = Some(held);
        match held.saturating_sub(self.capacity) {
            excess if excess >= self.step => self.move_on(connection, held, excess),
            _ => Ok(0),
        }
    }

    /// Moves a stretch of at least `count` neighbours, but not beyond the highest hash. Gives how many they are.
    fn move_on(&mut self, connection: &Connection, held: usize, count: usize) -> Result<usize> {
        if count == held {
            // All of them, so that no place is the one to go on from.
            self.last = i64::MIN;
        }
        let Self { table, next, .. } = self;
        let last =
            format!("SELECT hash FROM {table} WHERE hash > ?1 ORDER BY hash LIMIT 1 OFFSET ?2");
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let to: Option<i64> = prepare(connection, &last)?
            .query_row((self.last, count - 1), |row| row.get(0))
            .optional()
            .map_err(failed)?;
        let stretch = (self.last, to.unwrap_or(i64::MAX));
        let copy = format!(
            "INSERT OR IGNORE INTO {next} SELECT hash, lead_id FROM {table} WHERE hash > ?1 AND hash <= ?2"
        );
        prepare(connection, &copy)?
            .execute(stretch)
            .map_err(failed)?;
        let delete = format!("DELETE FROM {table} WHERE hash > ?1 AND hash <= ?2");
        let moved = prepare(connection, &delete)?
            .execute(stretch)
            .map_err(failed)?;
        // At the end it goes on with the lowest, and counts once more.
        self.last = to.unwrap_or(i64::MIN);
        self.held = to.map(|_| held.saturating_sub(moved));
        Ok(moved)
    }
}

#[cfg(test)]
mod tests;
