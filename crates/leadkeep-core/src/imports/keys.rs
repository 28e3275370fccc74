//! Leads of rows that name them by any field.

use super::accept::ImportMode;
use super::plan::RowInput;
use crate::error::CallError;
use crate::ids::LeadId;
use crate::mobjects::{ExternalKey, ensure_indexes, lead_keys};
use crate::schema::Schema;
use crate::store::{EmailPick, LeadKey, Pick, WriteTxn};
use std::collections::HashMap;

/// Puts the numbers of leads into the rows that have a value of the key field and no number: of several leads with the value
/// that of the most recently added one. A row that finds none is about a new lead, if it has an address.
///
/// # Errors
/// Those of the store.
pub(super) fn find_leads(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    field: &str,
    mode: ImportMode,
    rows: &mut [Option<Result<RowInput, String>>],
) -> Result<(), CallError> {
    let rules = schema.value_rules();
    let mut places: Vec<usize> = Vec::new();
    let mut keys: Vec<LeadKey> = Vec::new();
    for (place, row) in rows.iter_mut().enumerate() {
        let Some(value) = named(row) else {
            continue;
        };
        let key = ExternalKey {
            name: field.to_owned(),
            value: value.to_owned(),
        };
        match lead_keys(schema, &rules, &key) {
            Ok(found) => {
                places.resize(places.len() + found.len(), place);
                keys.extend(found);
            }
            Err(error) => *row = Some(Err(error.to_string())),
        }
    }
    ensure_indexes(txn, keys.iter())?;
    let ids = txn.lead_ids(&keys, Pick::one(EmailPick::Added))?;
    let mut leads: HashMap<usize, LeadId> = HashMap::new();
    for (place, ids) in places.into_iter().zip(ids) {
        for id in ids {
            let newest = leads.entry(place).or_insert(id);
            *newest = (*newest).max(id);
        }
    }
    for (place, row) in rows.iter_mut().enumerate() {
        let Some(value) = named(row) else {
            continue;
        };
        let lead = leads.get(&place);
        let missing = lead.is_none().then(|| {
            let value: String = value.trim().chars().take(64).collect();
            format!("no lead has {field} = {value}, and a new one needs an Email Address")
        });
        match (row.as_mut(), lead, missing) {
            (Some(Ok(input)), Some(lead), _) => input.is_about(lead.0, mode),
            (Some(Ok(input)), None, Some(text)) if input.lead.email.is_none() => {
                *row = Some(Err(text));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The value of the key, of a row that has no number.
fn named(row: &Option<Result<RowInput, String>>) -> Option<&str> {
    let input = row.as_ref()?.as_ref().ok()?;
    input.key.as_deref().filter(|_| input.lead.id.is_none())
}

#[cfg(test)]
mod tests;
