//! Rows of calls with one lead, or a few, which are inserted together.
//!
//! A statement for one row costs several times what a row costs in a statement for many. Hardly anybody looks at these rows in
//! the calls that write them or in the other calls of their group; who does has them inserted first (`Txn::whole`,
//! `Txn::with_leads`).

use crate::addresses;
use crate::leads::{self, LeadRow};
use crate::statements::insert_rows_with_ids;
use leadkeep_core::store::{NewActivity, Result};
use rusqlite::Connection;
use std::borrow::Borrow;
use std::sync::Arc;

/// A company's id, key and attributes.
pub(crate) type CompanyRow = (i64, Option<String>, String);

/// Rows that are still to be inserted.
#[derive(Debug, Default)]
pub(crate) struct KeptBack {
    pub(crate) companies: Vec<CompanyRow>,
    pub(crate) leads: Vec<LeadRow>,
    /// The id of an activity, and the activity.
    pub(crate) activities: Vec<(i64, NewActivity)>,
    /// The hash of an address, and its lead.
    pub(crate) addresses: Vec<(i64, i64)>,
}

impl KeptBack {
    /// So many rows of one call are kept back; more are worth a statement of their own.
    pub(crate) const FEW: usize = 4;

    /// How many rows there are.
    pub(crate) fn len(&self) -> u64 {
        let rows =
            self.companies.len() + self.leads.len() + self.activities.len() + self.addresses.len();
        u64::try_from(rows).unwrap_or(u64::MAX)
    }

    /// Inserts them.
    pub(crate) fn insert(self, connection: &Connection) -> Result<()> {
        insert_companies(connection, &self.companies)?;
        leads::insert_kept_back(connection, &self.leads)?;
        addresses::insert_kept_back(connection, self.addresses)?;
        insert_activities(connection, &self.activities)
    }
}

/// Inserts rows of companies.
pub(crate) fn insert_companies(connection: &Connection, companies: &[CompanyRow]) -> Result<()> {
    insert_rows_with_ids(
        connection,
        "company",
        &["key", "attrs"],
        companies,
        |(id, ..)| *id,
        |row, (_, key, attrs)| {
            row.put(key)?;
            row.put(attrs)
        },
    )
}

/// Inserts activities, each with its id.
pub(crate) fn insert_activities<A: Borrow<NewActivity>>(
    connection: &Connection,
    activities: &[(i64, A)],
) -> Result<()> {
    let mut json = String::new();
    // What `json` says: neighbours often share their attributes.
    let mut shown = None;
    insert_rows_with_ids(
        connection,
        "activity",
        &["lead_id", "at", "type", "asset", "attributes", "campaign"],
        activities,
        |(id, _)| *id,
        |row, (_, activity)| {
            let activity = activity.borrow();
            let own = &activity.attributes;
            if !shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, own)) {
                json.clear();
                activity.write_attributes(&mut json);
                shown = Some(own.clone());
            }
            row.put(activity.lead.0)?;
            row.put(activity.at.as_second())?;
            row.put(activity.activity_type.0)?;
            row.put(&activity.asset)?;
            row.put(&json)?;
            row.put(&activity.campaign)
        },
    )
}
