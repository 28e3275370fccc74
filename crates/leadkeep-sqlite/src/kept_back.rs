//! Rows of calls with one lead, which are inserted together.
//!
//! A statement for one row costs several times what a row costs in a statement for many. Nobody looks at these rows in the
//! calls that write them, nor, mostly, in the other calls of their group; who does has them inserted first
//! (`Txn::whole`).

use crate::statements::{insert_rows, insert_rows_with_ids};
use leadkeep_core::store::Result;
use rusqlite::Connection;
use std::borrow::Cow;

/// A company's id, key and attributes.
pub(crate) type CompanyRow = (i64, Option<String>, String);

/// An activity.
#[derive(Debug)]
pub(crate) struct ActivityRow<'a> {
    pub(crate) id: i64,
    pub(crate) lead: i64,
    pub(crate) at: i64,
    pub(crate) activity_type: u16,
    pub(crate) asset: Option<Cow<'a, str>>,
    pub(crate) attributes: String,
    pub(crate) campaign: Option<Cow<'a, str>>,
}

impl ActivityRow<'_> {
    /// The same with texts of its own.
    pub(crate) fn into_owned(self) -> ActivityRow<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        ActivityRow {
            asset: self.asset.map(owned),
            campaign: self.campaign.map(owned),
            ..self
        }
    }
}

/// Rows that are still to be inserted.
#[derive(Debug, Default)]
pub(crate) struct KeptBack {
    pub(crate) companies: Vec<CompanyRow>,
    pub(crate) activities: Vec<ActivityRow<'static>>,
    /// The hash of an address, and its lead.
    pub(crate) addresses: Vec<(i64, i64)>,
}

impl KeptBack {
    /// So many rows of one call are kept back; more are worth a statement of their own.
    pub(crate) const FEW: usize = 4;

    /// How many rows there are.
    pub(crate) fn len(&self) -> u64 {
        let rows = self.companies.len() + self.activities.len() + self.addresses.len();
        u64::try_from(rows).unwrap_or(u64::MAX)
    }

    /// Inserts them.
    pub(crate) fn insert(mut self, connection: &Connection) -> Result<()> {
        insert_companies(connection, &self.companies)?;
        self.addresses.sort_unstable();
        insert_addresses(connection, &self.addresses)?;
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

/// Inserts addresses; neighbours should stand together.
pub(crate) fn insert_addresses(connection: &Connection, addresses: &[(i64, i64)]) -> Result<()> {
    let into = "address_new (hash, lead_id)";
    insert_rows(connection, into, 2, addresses, |row, (hash, lead)| {
        row.put(hash)?;
        row.put(lead)
    })
}

/// Inserts activities.
pub(crate) fn insert_activities(
    connection: &Connection,
    activities: &[ActivityRow<'_>],
) -> Result<()> {
    insert_rows_with_ids(
        connection,
        "activity",
        &["lead_id", "at", "type", "asset", "attributes", "campaign"],
        activities,
        |activity| activity.id,
        |row, activity| {
            row.put(activity.lead)?;
            row.put(activity.at)?;
            row.put(activity.activity_type)?;
            row.put(activity.asset.as_deref())?;
            row.put(&activity.attributes)?;
            row.put(activity.campaign.as_deref())
        },
    )
}
