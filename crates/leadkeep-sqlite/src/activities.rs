//! Histories of leads.

use crate::error::{failed, unreadable};
use crate::kept_back::insert_activities;
use crate::statements::{limit, prepare, rows, time, value};
use crate::txn::Txn;
use jiff::Timestamp;
use leadkeep_core::ids::{ActivityId, LeadId};
use leadkeep_core::store::{
    Activity, ActivityFilter, ActivityType, LeadScope, NewActivity, Result, TypeFilter,
};
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

pub(crate) fn append(txn: &Txn<'_>, activities: &[NewActivity]) -> Result<()> {
    let Txn(connection, numbers) = *txn;
    if activities.is_empty() {
        return Ok(());
    }
    let ids = numbers.allocate(connection, "activity", activities.len())?;
    remember_times(txn, activities)?;
    if let Some(mut kept) = numbers.keep_back(activities.len()) {
        kept.activities.extend(ids.zip(activities.iter().cloned()));
        return Ok(());
    }
    insert_activities(txn.whole()?, &ids.zip(activities).collect::<Vec<_>>())
}

/// Keeps the latest time of all activities, and by how many seconds one was ever earlier than another before it. While
/// nothing is late, times ascend with ids, and a time is found by halving.
fn remember_times(txn: &Txn<'_>, activities: &[NewActivity]) -> Result<()> {
    let (was, lateness) = txn.1.times(txn.0)?;
    let (mut latest, mut late) = (was, lateness);
    for activity in activities {
        let at = activity.at.as_second();
        late = late.max(latest.saturating_sub(at));
        latest = latest.max(at);
    }
    if (latest, late) != (was, lateness) {
        txn.1.set_times(latest, late);
    }
    Ok(())
}

fn activity(row: &Row<'_>) -> rusqlite::Result<Activity> {
    let attributes: Vec<(String, String)> =
        serde_json::from_str(row.get_ref(5)?.as_str()?).map_err(|error| unreadable(5, error))?;
    let attributes = attributes.into_iter();
    Ok(Activity {
        id: ActivityId(row.get(0)?),
        what: NewActivity {
            lead: LeadId(row.get(1)?),
            at: time(row, 2)?,
            activity_type: ActivityType(row.get(3)?),
            asset: row.get(4)?,
            attributes: Arc::new(
                attributes
                    .map(|(name, value)| (Cow::Owned(name), value))
                    .collect(),
            ),
            campaign: row.get(6)?,
        },
    })
}

const ROW: &str = "SELECT id, lead_id, at, type, asset, attributes, campaign FROM activity";

/// The types of which a lead has activities.
fn types_of(connection: &Connection, lead: LeadId) -> Result<Vec<ActivityType>> {
    // One step in the index a type, however many activities there are.
    let sql = "WITH RECURSIVE own (type) AS (SELECT (SELECT min(type) FROM activity WHERE lead_id = ?1) UNION ALL \
               SELECT (SELECT min(type) FROM activity WHERE lead_id = ?1 AND type > own.type) FROM own \
               WHERE own.type IS NOT NULL) SELECT type FROM own WHERE type IS NOT NULL";
    rows(connection, sql, [lead.0], |row| {
        row.get(0).map(ActivityType)
    })
}

/// What a history is asked for: type by type, since its index has the types apart.
struct History<'a> {
    connection: &'a Connection,
    lead: LeadId,
    types: Vec<ActivityType>,
    from: i64,
    /// The last second that is wanted, and the id before which an activity of it must be.
    last: (i64, i64),
}

impl<'a> History<'a> {
    fn new(
        connection: &'a Connection,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
    ) -> Result<Self> {
        let before = before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_second(), id.0));
        let to = filter.to.map_or((i64::MAX, i64::MAX), |to| {
            (to.as_second().saturating_sub(1), i64::MAX)
        });
        let mut types = types_of(connection, lead)?;
        types.retain(|own| filter.types.takes(*own));
        Ok(Self {
            connection,
            lead,
            types,
            from: filter.from.map_or(i64::MIN, Timestamp::as_second),
            last: before.min(to),
        })
    }

    /// Time and id of the latest activities of each type, at most `count` of each.
    fn latest(&self, count: usize) -> Result<Vec<(i64, i64)>> {
        let (last, id) = self.last;
        let mut found = Vec::new();
        for own in &self.types {
            // First those of the last second, then those before it, so that each is one step in the index.
            for (sql, bound) in [
                (
                    "SELECT at, id FROM activity WHERE lead_id = ?1 AND type = ?2 AND at = ?3 AND at >= ?4 AND id < ?5 \
                     ORDER BY id DESC LIMIT ?6",
                    id,
                ),
                (
                    "SELECT at, id FROM activity WHERE lead_id = ?1 AND type = ?2 AND at < ?3 AND at >= ?4 AND ?5 \
                     ORDER BY at DESC, id DESC LIMIT ?6",
                    1,
                ),
            ] {
                let params = (self.lead.0, own.0, last, self.from, bound, limit(count));
                let page = rows(self.connection, sql, params, |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
                found.extend(page);
            }
        }
        Ok(found)
    }
}

pub(crate) fn of_lead(
    connection: &Connection,
    lead: LeadId,
    filter: &ActivityFilter,
    before: Option<(Timestamp, ActivityId)>,
    count: usize,
) -> Result<Vec<Activity>> {
    let mut found = History::new(connection, lead, filter, before)?.latest(count)?;
    found.sort_unstable_by_key(|place| Reverse(*place));
    found.truncate(count);
    let mut statement = prepare(connection, &format!("{ROW} WHERE id = ?1"))?;
    found
        .into_iter()
        .map(|(_, id)| statement.query_row([id], activity).map_err(failed))
        .collect()
}

pub(crate) fn count_of_lead(
    connection: &Connection,
    lead: LeadId,
    filter: &ActivityFilter,
    before: Option<(Timestamp, ActivityId)>,
    count: usize,
) -> Result<u64> {
    let history = History::new(connection, lead, filter, before)?;
    let (last, id) = history.last;
    let mut total = 0;
    for own in &history.types {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM activity WHERE lead_id = ?1 AND type = ?2 AND at <= ?3 \
                   AND at >= ?4 AND (at < ?3 OR id < ?5) LIMIT ?6)";
        let params = (lead.0, own.0, last, history.from, id, limit(count));
        total += value::<u64>(connection, sql, params)?;
    }
    Ok(total.min(u64::try_from(count).unwrap_or(u64::MAX)))
}

/// Members of a list of which the activities are looked up lead by lead; more are looked for in the stream.
const FEW_MEMBERS: i64 = 1_000;

/// A part of the stream, in SQL.
struct Stream {
    /// What follows `FROM activity`, up to the end of the conditions.
    clause: String,
    values: Vec<ToSqlOutput<'static>>,
}

impl Stream {
    fn new(
        txn: &Txn<'_>,
        scope: &LeadScope,
        filter: &ActivityFilter,
        after: Option<ActivityId>,
    ) -> Result<Self> {
        let connection = txn.0;
        let (from, to) = bounds(txn, filter)?;
        let first = from.max(after.map_or(0, |after| after.0).saturating_add(1));
        let by_lead = match scope {
            LeadScope::All => false,
            LeadScope::Leads(_) => true,
            LeadScope::List(list) => {
                let sql =
                    "SELECT count(*) FROM (SELECT 1 FROM list_member WHERE list_id = ?1 LIMIT ?2)";
                value::<i64>(connection, sql, (list.0, FEW_MEMBERS + 1))? <= FEW_MEMBERS
            }
        };
        // Of a few leads all activities are looked up, of many those of the stream are looked at.
        let (index, id) = match by_lead {
            true => ("INDEXED BY activity_lead", "+id"),
            false => ("NOT INDEXED", "id"),
        };
        let mut clause = format!("{index} WHERE {id} >= ?1 AND {id} <= ?2");
        let mut values: Vec<ToSqlOutput<'static>> = vec![first.into(), to.into()];
        let mut condition = |text: &str, value: ToSqlOutput<'static>| {
            values.push(value);
            clause.push_str(&text.replace('#', &format!("?{}", values.len())));
        };
        let (word, types) = match &filter.types {
            TypeFilter::Only(types) => ("IN", types),
            TypeFilter::Except(types) => ("NOT IN", types),
        };
        if word == "IN" || !types.is_empty() {
            let text = format!(" AND type {word} (SELECT value FROM json_each(#))");
            condition(&text, json(types.iter().map(|own| i64::from(own.0))).into());
        }
        if let Some(from) = filter.from {
            condition(" AND at >= #", from.as_second().into());
        }
        if let Some(to) = filter.to {
            condition(" AND at < #", to.as_second().into());
        }
        match scope {
            LeadScope::All => {}
            LeadScope::Leads(leads) => {
                let leads = json(leads.iter().map(|lead| lead.0));
                condition(
                    " AND lead_id IN (SELECT value FROM json_each(#))",
                    leads.into(),
                );
            }
            LeadScope::List(list) => condition(
                " AND lead_id IN (SELECT lead_id FROM list_member WHERE list_id = #)",
                list.0.into(),
            ),
        }
        Ok(Self { clause, values })
    }

    /// The clause with a limit on its rows.
    fn limited(mut self, count: usize) -> (String, Vec<ToSqlOutput<'static>>) {
        self.values.push(limit(count).into());
        let place = self.values.len();
        (
            format!("{} ORDER BY id LIMIT ?{place}", self.clause),
            self.values,
        )
    }
}

fn json(numbers: impl Iterator<Item = i64>) -> String {
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    format!("[{}]", numbers.join(","))
}

/// The first and the last id that can be inside the times of a filter.
fn bounds(txn: &Txn<'_>, filter: &ActivityFilter) -> Result<(i64, i64)> {
    if filter.from.is_none() && filter.to.is_none() {
        return Ok((1, i64::MAX));
    }
    let connection = txn.0;
    let (_, lateness) = txn.1.times(connection)?;
    let last = value::<Option<i64>>(connection, "SELECT max(id) FROM activity", [])?.unwrap_or(0);
    // All before an activity that is earlier than the time by more than the lateness are too early; all after one that
    // is later by as much are too late.
    let from = match filter.from {
        Some(from) => halve(connection, last, from.as_second().saturating_sub(lateness))?,
        None => 1,
    };
    let to = match filter.to {
        Some(to) => halve(connection, last, to.as_second().saturating_add(lateness))?,
        None => i64::MAX,
    };
    Ok((from, to))
}

/// The first id whose activity is at a time or later, where times ascend; elsewhere some id before which all are
/// earlier, or after which all are later, as the caller's distance to the time has it.
fn halve(connection: &Connection, last: i64, time: i64) -> Result<i64> {
    let mut statement = prepare(
        connection,
        "SELECT id, at FROM activity WHERE id >= ?1 ORDER BY id LIMIT 1",
    )?;
    let (mut low, mut high) = (1, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<(i64, i64)> = statement
            .query_row([middle], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(failed)?;
        match found {
            Some((id, at)) if at < time => low = id + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

pub(crate) fn after(
    txn: &Txn<'_>,
    scope: &LeadScope,
    filter: &ActivityFilter,
    after: Option<ActivityId>,
    count: usize,
) -> Result<Vec<Activity>> {
    let (clause, values) = Stream::new(txn, scope, filter, after)?.limited(count);
    let sql = format!("{ROW} WHERE id IN (SELECT id FROM activity {clause}) ORDER BY id");
    rows(txn.0, &sql, params_from_iter(values), activity)
}

pub(crate) fn count_after(
    txn: &Txn<'_>,
    scope: &LeadScope,
    filter: &ActivityFilter,
    after: Option<ActivityId>,
    count: usize,
) -> Result<u64> {
    let (clause, values) = Stream::new(txn, scope, filter, after)?.limited(count);
    let sql = format!("SELECT count(*) FROM (SELECT id FROM activity {clause})");
    value(txn.0, &sql, params_from_iter(values))
}

pub(crate) fn time_of(connection: &Connection, id: ActivityId) -> Result<Option<Timestamp>> {
    let sql = "SELECT at FROM activity WHERE id <= ?1 ORDER BY id DESC LIMIT 1";
    prepare(connection, sql)?
        .query_row([id.0], |row| time(row, 0))
        .optional()
        .map_err(failed)
}

pub(crate) fn last_id(txn: &Txn<'_>) -> Result<Option<ActivityId>> {
    let last = txn.1.next(txn.0, "activity")? - 1;
    Ok((last > 0).then_some(ActivityId(last)))
}
