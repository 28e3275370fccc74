//! Leads and companies.

use crate::addresses::{self, LEADS_OF_HASH};
use crate::error::{failed, unreadable};
use crate::statements::{
    RowPlaces, attribute, attrs_with, each, insert_rows_with_ids, integers, limit, prepare, rows,
    time, value,
};
use crate::txn::Txn;
use jiff::Timestamp;
use leadkeep_core::attrs::Names;
use leadkeep_core::ids::{CompanyId, LeadId, PartitionId};
use leadkeep_core::store::{
    EmailPick, FieldIndex, ForeignId, ForeignSystem, Lead, LeadKey, Pick, Result,
};
use rusqlite::types::ToSqlOutput;
use rusqlite::{CachedStatement, Connection, Row, params_from_iter};
use std::borrow::Cow;

/// Where the leads of a key stand: what follows `SELECT ... FROM lead`, and the values of its parameters.
fn place(key: &LeadKey) -> Result<(Cow<'static, str>, Vec<ToSqlOutput<'_>>)> {
    fn one(value: &str) -> Vec<ToSqlOutput<'_>> {
        vec![value.into()]
    }
    Ok(match key {
        LeadKey::Id(id) => ("WHERE lead.id = ?1".into(), vec![id.0.into()]),
        LeadKey::Email(email) => (
            format!("WHERE lead.id IN ({LEADS_OF_HASH}) AND folded(lead.email) = ?2").into(),
            vec![addresses::hash(email).into(), email.as_ref().into()],
        ),
        LeadKey::Foreign(id) => (
            "WHERE lead.id IN (SELECT lead_id FROM foreign_id WHERE value = ?1 AND system = ?2)".into(),
            vec![id.value.as_str().into(), id.system.as_str().into()],
        ),
        LeadKey::ForeignAnySystem(id) => {
            ("WHERE lead.id IN (SELECT lead_id FROM foreign_id WHERE value = ?1)".into(), one(id))
        }
        LeadKey::SfdcPrefix(prefix) => (
            "WHERE lead.id IN (SELECT lead_id FROM foreign_id WHERE value >= ?1 AND value < ?2 AND system = 'SFDC')"
                .into(),
            vec![prefix.as_str().into(), format!("{prefix}\u{10FFFF}").into()],
        ),
        LeadKey::Cookie(cookie) => (
            "WHERE lead.id IN (SELECT lead_id FROM lead_cookie WHERE token = ?1 AND (?2 = '' OR account IN ('', ?2)))".into(),
            vec![cookie.token.as_str().into(), cookie.account.as_deref().unwrap_or_default().into()],
        ),
        // The address is no attribute.
        LeadKey::LeadField(field, text) if field == "Email" => (
            format!("WHERE lead.id IN ({LEADS_OF_HASH}) AND lead.email = ?2").into(),
            vec![addresses::hash(&text.to_lowercase()).into(), text.as_str().into()],
        ),
        LeadKey::LeadField(field, text) => (format!("WHERE {} = ?1", attribute("lead", field)?).into(), one(text)),
        LeadKey::CompanyField(field, text) => (
            format!(
                "WHERE lead.company_id IN (SELECT company.id FROM company WHERE {} = ?1)",
                attribute("company", field)?
            )
            .into(),
            one(text),
        ),
        LeadKey::OpportunityField(field, text) => (
            format!(
                "WHERE lead.id IN (SELECT role.lead_id FROM role JOIN opportunity ON opportunity.id = role.opportunity_id \
                 WHERE {} = ?1)",
                attribute("opportunity", field)?
            )
            .into(),
            one(text),
        ),
    })
}

pub(crate) fn ids(txn: &Txn<'_>, keys: &[LeadKey], pick: Pick) -> Result<Vec<Vec<LeadId>>> {
    let emails = keys.iter().map(|key| match key {
        LeadKey::Email(email) => Some(email.as_ref()),
        _ => None,
    });
    // Which was updated last is known by the leads only.
    if pick.first == EmailPick::Added
        && let Some(emails) = emails.collect::<Option<Vec<_>>>()
    {
        return addresses::newest(txn, &emails, pick.most);
    }
    let connection = txn.whole()?;
    let order = match pick.first {
        EmailPick::Added => "lead.id DESC",
        EmailPick::Updated => "lead.updated_at DESC, lead.id DESC",
    };
    let count = limit(pick.most);
    // Keys of one kind stand together: their statement is looked up once.
    let mut prepared: Option<(Cow<'static, str>, CachedStatement<'_>)> = None;
    keys.iter()
        .map(|key| {
            let (place, mut values) = place(key)?;
            let statement = match &mut prepared {
                Some((same, statement)) if *same == place => statement,
                other => {
                    let sql = format!(
                        "SELECT lead.id FROM lead {place} ORDER BY {order} LIMIT ?{}",
                        values.len() + 1
                    );
                    let statement = prepare(connection, &sql)?;
                    &mut other.insert((place, statement)).1
                }
            };
            values.push(count.into());
            statement
                .query_map(params_from_iter(values), |row| row.get(0).map(LeadId))
                .and_then(Iterator::collect)
                .map_err(failed)
        })
        .collect()
}

pub(crate) fn count(connection: &Connection, key: &LeadKey) -> Result<u64> {
    let (place, values) = place(key)?;
    value(
        connection,
        &format!("SELECT count(*) FROM lead {place}"),
        params_from_iter(values),
    )
}

pub(crate) fn ids_by_prefix(
    connection: &Connection,
    field: &FieldIndex,
    prefix: &str,
    most: usize,
) -> Result<Vec<LeadId>> {
    let (from, value) = match field {
        FieldIndex::Lead(name) if name == "Email" => ("lead", "lead.email".to_owned()),
        FieldIndex::Lead(name) => ("lead", attribute("lead", name)?),
        FieldIndex::Company(name) => (
            "company CROSS JOIN lead ON lead.company_id = company.id",
            attribute("company", name)?,
        ),
        FieldIndex::Opportunity(_) | FieldIndex::Role(_) | FieldIndex::Record(..) => {
            return Ok(Vec::new());
        }
    };
    let sql = format!(
        "SELECT lead.id FROM {from} WHERE {value} >= ?1 AND {value} < ?2 AND lead.anonymous = 0 \
         ORDER BY {value}, lead.id LIMIT ?3"
    );
    // The highest letter there is: nothing that begins with the prefix comes after it.
    let end = format!("{prefix}\u{10FFFF}");
    rows(connection, &sql, (prefix, end, limit(most)), |row| {
        row.get(0).map(LeadId)
    })
}

pub(crate) fn before(
    connection: &Connection,
    before: Option<LeadId>,
    count: usize,
) -> Result<Vec<Lead>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM lead NOT INDEXED WHERE id < ?1 AND anonymous = 0 ORDER BY id DESC LIMIT ?2"
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    rows(connection, &sql, (before, limit(count)), lead_reader())
}

/// The columns of a lead. The foreign id that it shows is the one attached last (DM-FSID-4).
pub(crate) const COLUMNS: &str = "lead.id, lead.email, lead.attrs, lead.company_id, lead.partition_id, lead.anonymous, lead.created_at, lead.updated_at, \
                       (SELECT system || ' ' || value FROM foreign_id WHERE lead_id = lead.id ORDER BY attached DESC LIMIT 1)";

/// Reads rows of [`COLUMNS`].
pub(crate) fn lead_reader() -> impl FnMut(&Row<'_>) -> rusqlite::Result<Lead> {
    let mut names = Names::default();
    move |row| lead(row, &mut names)
}

fn lead(row: &Row<'_>, names: &mut Names) -> rusqlite::Result<Lead> {
    Ok(Lead {
        id: LeadId(row.get(0)?),
        email: row.get(1)?,
        foreign_id: row
            .get_ref(8)?
            .as_str_or_null()?
            .map(foreign_id)
            .transpose()?,
        attrs: attrs_with(row, 2, names)?,
        company: CompanyId(row.get(3)?),
        partition: PartitionId(row.get(4)?),
        anonymous: row.get(5)?,
        created_at: time(row, 6)?,
        updated_at: time(row, 7)?,
    })
}

/// Reads a foreign id as [`COLUMNS`] gives it: its system, a blank, its value.
fn foreign_id(text: &str) -> rusqlite::Result<ForeignId> {
    let (word, value) = text.split_once(' ').unwrap_or((text, ""));
    let system = ForeignSystem::from_word(word).ok_or_else(|| {
        unreadable(
            8,
            std::io::Error::other(format!("no foreign system is called {word}")),
        )
    })?;
    Ok(ForeignId {
        system,
        value: value.to_owned(),
    })
}

pub(crate) fn by_id(connection: &Connection, ids: &[LeadId]) -> Result<Vec<Lead>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // A list of ids costs more than a look-up or two.
    if ids.len() <= 2 {
        let sql = format!("SELECT {COLUMNS} FROM lead WHERE id = ?1");
        let leads = each(connection, &sql, ids, |id| (id.0,), lead_reader())?;
        return Ok(leads.into_iter().flatten().collect());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM rarray(?1) AS wanted CROSS JOIN lead ON lead.id = wanted.value"
    );
    let ids = integers(ids.iter().map(|id| id.0));
    rows(connection, &sql, [ids], lead_reader())
}

/// The leads of a window. The index has all that is asked, so that no row is touched that is not given.
const WINDOW: &str = "SELECT id FROM lead AS own INDEXED BY lead_updated \
                      WHERE anonymous = 0 AND updated_at >= ?1 AND updated_at < ?2 AND id > ?3";

/// How the pages of a window are found.
///
/// The index has a window by time, pages go by id: by the index each page looks at the whole window, and a long stream at
/// all of it once a page. The table is in the order of pages, but a page of a small window would look at all of the table.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// A window of fewer leads is always read by the index.
    narrow: i64,
    /// A page of any other window looks at so many ids first, in the table. Only if they do not fill it, since the window
    /// has few of the leads there, the index gives the rest.
    stride: i64,
}

/// A page looks at no more than this many rows of the table; a window that these do not serve has less than one lead in
/// thirty there, so that looking at all of it in the index, where each is a tenth of the work, is no more.
const REACH: Reach = Reach {
    narrow: 2_000,
    stride: 30_000,
};

pub(crate) fn updated(
    connection: &Connection,
    from: Timestamp,
    to: Timestamp,
    after: Option<LeadId>,
    count: usize,
) -> Result<Vec<Lead>> {
    updated_by(REACH, connection, (from, to), after, count)
}

fn updated_by(
    reach: Reach,
    connection: &Connection,
    (from, to): (Timestamp, Timestamp),
    after: Option<LeadId>,
    count: usize,
) -> Result<Vec<Lead>> {
    let (from, to) = (from.as_second(), to.as_second());
    let after = after.map_or(0, |id| id.0);
    let by_index = |after: i64, count: usize| {
        let sql = format!(
            "SELECT {COLUMNS} FROM lead WHERE id IN ({WINDOW} ORDER BY id LIMIT ?4) ORDER BY id"
        );
        rows(
            connection,
            &sql,
            (from, to, after, limit(count)),
            lead_reader(),
        )
    };
    let held: i64 = value(
        connection,
        &format!("SELECT count(*) FROM ({WINDOW} LIMIT ?4)"),
        (from, to, 0, reach.narrow),
    )?;
    if held < reach.narrow {
        return by_index(after, count);
    }
    let end = after.saturating_add(reach.stride);
    let sql = format!(
        "SELECT {COLUMNS} FROM lead NOT INDEXED WHERE id > ?3 AND id <= ?4 AND anonymous = 0 \
         AND updated_at >= ?1 AND updated_at < ?2 ORDER BY id LIMIT ?5"
    );
    let values = (from, to, after, end, limit(count));
    let mut leads = rows(connection, &sql, values, lead_reader())?;
    if leads.len() < count {
        let more = "SELECT EXISTS (SELECT 1 FROM lead WHERE id > ?1)";
        if value(connection, more, (end,))? {
            leads.extend(by_index(end, count - leads.len())?);
        }
    }
    Ok(leads)
}

pub(crate) fn count_updated(
    connection: &Connection,
    from: Timestamp,
    to: Timestamp,
    after: Option<LeadId>,
) -> Result<u64> {
    let (from, to) = (from.as_second(), to.as_second());
    let after = after.map_or(0, |id| id.0);
    if is_end_of_long_window(connection, (from, to), after)? {
        let sql = "SELECT count(*) FROM lead NOT INDEXED WHERE id > ?3 AND anonymous = 0 \
                   AND updated_at >= ?1 AND updated_at < ?2";
        return value(connection, sql, (from, to, after));
    }
    let sql = format!("SELECT count(*) FROM ({WINDOW})");
    value(connection, &sql, (from, to, after))
}

/// Whether the last rows of the table are less work than all of a window in the index.
fn is_end_of_long_window(
    connection: &Connection,
    (from, to): (i64, i64),
    after: i64,
) -> Result<bool> {
    /// A row of the table is so much work as this many of the index.
    const ROW: i64 = 5;
    /// More rows are never the end.
    const END: i64 = 20_000;
    let last: Option<i64> = value(connection, "SELECT max(id) FROM lead", [])?;
    let rows = last.unwrap_or(0).saturating_sub(after).max(0);
    if rows > END {
        return Ok(false);
    }
    let sql = format!("SELECT count(*) FROM ({WINDOW} LIMIT ?4)");
    let most = rows * ROW;
    Ok(value::<i64>(connection, &sql, (from, to, 0, most))? >= most)
}

/// A row of a new lead: its id, its address, its attributes as JSON, and what else it has.
pub(crate) type LeadRow = (i64, Option<String>, String, LeadNumbers);

/// Company, partition, whether it is anonymous, when it was made and when updated.
type LeadNumbers = (i64, i64, bool, i64, i64);

fn numbers(lead: &Lead) -> LeadNumbers {
    (
        lead.company.0,
        lead.partition.0,
        lead.anonymous,
        lead.created_at.as_second(),
        lead.updated_at.as_second(),
    )
}

pub(crate) fn insert(txn: &Txn<'_>, leads: &[Lead]) -> Result<()> {
    if let Some(mut kept) = txn.1.keep_back(leads.len()) {
        let rows = leads.iter().map(|lead| {
            let attrs = lead.attrs.to_json();
            (lead.id.0, lead.email.clone(), attrs, numbers(lead))
        });
        kept.leads.extend(rows);
    } else {
        let mut json = String::new();
        insert_leads(
            txn.whole()?,
            leads,
            |lead| lead.id.0,
            |row, lead| {
                json.clear();
                lead.attrs.write_json(&mut json);
                put(row, lead.email.as_deref(), &json, numbers(lead))
            },
        )?;
    }
    addresses::insert(txn, leads)
}

/// Inserts leads that were kept back.
pub(crate) fn insert_kept_back(connection: &Connection, leads: &[LeadRow]) -> Result<()> {
    insert_leads(
        connection,
        leads,
        |(id, ..): &LeadRow| *id,
        |row, (_, email, attrs, numbers)| put(row, email.as_deref(), attrs, *numbers),
    )
}

fn insert_leads<T>(
    connection: &Connection,
    leads: &[T],
    id: impl Fn(&T) -> i64,
    row: impl FnMut(&mut RowPlaces<'_, '_>, &T) -> rusqlite::Result<()>,
) -> Result<()> {
    let columns = [
        "email",
        "attrs",
        "company_id",
        "partition_id",
        "anonymous",
        "created_at",
        "updated_at",
    ];
    insert_rows_with_ids(connection, "lead", &columns, leads, id, row)
}

/// Sets the values of a row, but its id.
fn put(
    row: &mut RowPlaces<'_, '_>,
    email: Option<&str>,
    attrs: &str,
    (company, partition, anonymous, created_at, updated_at): LeadNumbers,
) -> rusqlite::Result<()> {
    row.put(email)?;
    row.put(attrs)?;
    row.put(company)?;
    row.put(partition)?;
    row.put(anonymous)?;
    row.put(created_at)?;
    row.put(updated_at)
}

/// Updates rows. SQLite writes an index anew as soon as a statement names its columns, so what seldom changes is named
/// only where it does.
pub(crate) fn update(txn: &Txn<'_>, leads: &[Lead]) -> Result<()> {
    let connection = txn.with_leads(leads.iter().map(|lead| lead.id))?;
    let same_place = "UPDATE lead SET attrs = ?2, partition_id = ?4, updated_at = ?7 \
                      WHERE id = ?8 AND email IS ?1 AND company_id = ?3 AND anonymous = ?5 AND created_at = ?6";
    let mut same_place = prepare(connection, same_place)?;
    let mut moved = Vec::new();
    let mut json = String::new();
    for lead in leads {
        if update_row(&mut same_place, lead, &mut json).map_err(failed)? == 0 {
            moved.push(lead);
        }
    }
    if moved.is_empty() {
        return Ok(());
    }
    let ids: Vec<LeadId> = moved.iter().map(|lead| lead.id).collect();
    addresses::remove(txn.whole()?, &ids)?;
    let everything = "UPDATE lead SET email = ?1, attrs = ?2, company_id = ?3, partition_id = ?4, anonymous = ?5, \
                      created_at = ?6, updated_at = ?7 WHERE id = ?8";
    let mut everything = prepare(connection, everything)?;
    for lead in &moved {
        update_row(&mut everything, lead, &mut json).map_err(failed)?;
    }
    addresses::insert(txn, moved)
}

/// Runs a statement with the values of [`put`] and then the id; gives how many rows it changed. `json` is room for a text.
fn update_row(
    statement: &mut CachedStatement<'_>,
    lead: &Lead,
    json: &mut String,
) -> rusqlite::Result<usize> {
    json.clear();
    lead.attrs.write_json(json);
    let mut row = RowPlaces::of(statement);
    put(&mut row, lead.email.as_deref(), json, numbers(lead))?;
    row.put(lead.id.0)?;
    statement.raw_execute()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::Numbers;
    use crate::plans::database;
    use crate::txn::Txn;
    use leadkeep_core::contract::support::{at, lead};

    /// GML-12, GML-29, GML-38: whichever way a page is found, the same leads are in it.
    #[test]
    fn all_ways_to_a_page_give_the_same_leads() {
        let connection = database();
        let leads: Vec<Lead> = (1..=60)
            // Ids with holes, times in no order, some anonymous, a stretch that is in hardly any window.
            .filter(|id| id % 7 != 0 && !(50..55).contains(id))
            .map(|id| Lead {
                updated_at: at(if (20..40).contains(&id) {
                    99
                } else {
                    id * 13 % 31
                }),
                anonymous: id % 11 == 0,
                ..lead(id)
            })
            .collect();
        insert(&Txn(&connection, &Numbers::default()), &leads).unwrap();
        for (from, to) in [(0, 100), (0, 31), (5, 9), (99, 100), (50, 60), (9, 5)] {
            let window = (at(from), at(to));
            for after in [0, 1, 6, 19, 38, 49, 58, 59, 60, 61, i64::MAX] {
                for count in [0, 1, 2, 5, 100, usize::MAX] {
                    let expected: Vec<&Lead> = leads
                        .iter()
                        .filter(|lead| !lead.anonymous && lead.id.0 > after)
                        .filter(|lead| (window.0..window.1).contains(&lead.updated_at))
                        .take(count)
                        .collect();
                    let remain =
                        count_updated(&connection, window.0, window.1, Some(LeadId(after)));
                    let all = leads
                        .iter()
                        .filter(|lead| !lead.anonymous && lead.id.0 > after);
                    let all = all.filter(|lead| (window.0..window.1).contains(&lead.updated_at));
                    assert_eq!(remain.unwrap(), all.count() as u64, "{window:?} {after:?}");
                    for reach in [(i64::MAX, 0), (0, 0), (0, 1), (0, 4), (0, 1_000), (12, 3)] {
                        let (narrow, stride) = reach;
                        let reach = Reach { narrow, stride };
                        let after = Some(LeadId(after));
                        let page = updated_by(reach, &connection, window, after, count).unwrap();
                        assert_eq!(
                            page.iter().collect::<Vec<_>>(),
                            expected,
                            "{window:?} {after:?} {count} {reach:?}"
                        );
                    }
                }
            }
        }
    }
}
