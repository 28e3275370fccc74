//! `leadkeep serve --demo`: the documented provisioning file and made-up data.

use crate::exit::Failure;
use crate::{apply, data};
use anyhow::Context;
use leadkeep_core::error::CallError;
use leadkeep_core::leads::{LeadInput, SyncMultipleLeads, SyncStatus, sync_multiple_leads};
use leadkeep_core::provision::ApplyOptions;
use leadkeep_sqlite::SqliteStore;
use std::collections::HashMap;

/// The complete example of the provisioning file.
const PROVISION: &str = include_str!("../../leadkeep-core/data/provision.toml");
/// A thousand leads, headed by display names.
const LEADS: &str = include_str!("../data/leads.csv");

/// Loads everything and says in a line what it was.
pub(crate) fn load(store: &SqliteStore) -> Result<String, Failure> {
    apply::apply(
        store,
        "the demo's provisioning file",
        PROVISION,
        ApplyOptions::default(),
    )?;
    let (taken, failed) = leads(store)?;
    Ok(format!(
        "demo      {taken} rows of leads loaded, {failed} refused on purpose; user demo_user, key demo_key_0123456789abcdef"
    ))
}

/// Rows that were taken, and rows that were refused.
fn leads(store: &SqliteStore) -> Result<(usize, usize), Failure> {
    let mut reader = csv::Reader::from_reader(LEADS.as_bytes());
    let header = reader
        .headers()
        .context("the sample data has no header")?
        .clone();
    let fields = data::read(store, move |_, schema| {
        let by_name: HashMap<_, _> = schema
            .lead_fields
            .iter()
            .map(|field| (field.display_name.clone(), field.name.to_string()))
            .collect();
        Ok(header
            .iter()
            .map(|name| by_name.get(name).cloned())
            .collect::<Vec<_>>())
    })?;
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.context("the sample data has a broken row")?;
        let attributes: Vec<(String, String)> = fields
            .iter()
            .zip(row.iter())
            .filter(|(_, cell)| !cell.is_empty())
            .filter_map(|(field, cell)| Some((field.clone()?, cell.to_owned())))
            .collect();
        records.push(LeadInput {
            attributes,
            ..LeadInput::default()
        });
    }
    let call = SyncMultipleLeads {
        max_records: records.len(),
        records,
        dedup: true,
    };
    let outcomes: Result<_, CallError> = data::write(store, move |txn, schema, now| {
        sync_multiple_leads(txn, schema, now, &call)
    })?;
    let outcomes = outcomes?;
    let failed = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.status, SyncStatus::Failed(_)))
        .count();
    Ok((outcomes.len() - failed, failed))
}
