//! Leads of rows that name them by any field.

use super::accept::ImportMode;
use super::plan::RowInput;
use crate::error::CallError;
use crate::ids::LeadId;
use crate::mobjects::{ExternalKey, ensure_indexes, lead_keys};
use crate::schema::Schema;
use crate::store::{EmailPick, Lead, LeadKey, Pick, WriteTxn};
use std::collections::{HashMap, HashSet};

/// Puts the numbers of leads into the rows that have a value of the key field: of several leads with the value that of the most
/// recently added one. A row that finds none is about a new lead, if it has an address that no lead with another value has. Gives how many of
/// the rows can be done at once: what a row finds may depend on what earlier ones bring in.
///
/// # Errors
/// Those of the store.
pub(super) fn find_leads(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    field: &str,
    mode: ImportMode,
    rows: &mut [Option<Result<RowInput, String>>],
) -> Result<usize, CallError> {
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
    for (place, ids) in places.iter().copied().zip(ids) {
        for id in ids {
            let newest = leads.entry(place).or_insert(id);
            *newest = (*newest).max(id);
        }
    }
    let owners = owners(txn, field, rows, &leads)?;
    let mut first_keys = HashMap::new();
    for (place, key) in places.iter().zip(&keys) {
        first_keys.entry(*place).or_insert(key);
    }
    // The keys and addresses that rows bring in.
    let (mut brought, mut addresses) = (HashSet::new(), HashSet::new());
    for (place, row) in rows.iter_mut().enumerate() {
        let own = address(row);
        let (Some(value), None) = (named(row), leads.get(&place)) else {
            if let (Some(Ok(input)), Some(lead)) = (row, leads.get(&place)) {
                input.is_about(lead.0, mode);
            }
            addresses.extend(own);
            continue;
        };
        let key = first_keys.get(&place).copied();
        let is_brought = key.is_some_and(|key| brought.contains(key))
            || own.as_ref().is_some_and(|own| addresses.contains(own));
        if mode == ImportMode::Upsert && is_brought {
            return Ok(place);
        }
        let value: String = value.trim().chars().take(64).collect();
        let missing =
            || format!("no lead has {field} = {value}, and a new one needs an Email Address");
        match owners
            .get(&place)
            .cloned()
            .or_else(|| own.is_none().then(missing))
        {
            Some(reason) => *row = Some(Err(reason)),
            None => {
                brought.extend(key);
                addresses.extend(own);
            }
        }
    }
    Ok(rows.len())
}

/// The address of a row, in the form in which addresses are compared.
fn address(row: &Option<Result<RowInput, String>>) -> Option<String> {
    let input = row.as_ref()?.as_ref().ok()?;
    Some(input.lead.email.as_ref()?.trim().to_lowercase())
}

/// Why rows that find no lead by their key cannot be about the one that has their address: it has another value.
fn owners(
    txn: &mut dyn WriteTxn,
    field: &str,
    rows: &[Option<Result<RowInput, String>>],
    found: &HashMap<usize, LeadId>,
) -> Result<HashMap<usize, String>, CallError> {
    let (mut places, mut keys) = (Vec::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        if named(row).is_some()
            && !found.contains_key(&place)
            && let Some(address) = address(row)
        {
            places.push(place);
            keys.push(LeadKey::Email(address.into()));
        }
    }
    let ids = txn.lead_ids(&keys, Pick::one(EmailPick::Updated))?;
    let wanted: Vec<LeadId> = ids.iter().flatten().copied().collect();
    let leads: HashMap<LeadId, Lead> = txn
        .leads(&wanted)?
        .into_iter()
        .map(|lead| (lead.id, lead))
        .collect();
    let owned = places.into_iter().zip(ids).filter_map(|(place, ids)| {
        let lead = leads.get(ids.first()?)?;
        let own = match field {
            "ForeignSysPersonId" => lead.foreign_id.as_ref().map(|id| id.value.as_str()),
            field => lead.attrs.get(field),
        };
        let value: String = own?.chars().take(64).collect();
        Some((
            place,
            format!(
                "the lead with this address, {}, has {field} = {value}",
                lead.id
            ),
        ))
    });
    Ok(owned.collect())
}

/// The value of the key, of a row that has no number: plans that earlier versions made may have one.
fn named(row: &Option<Result<RowInput, String>>) -> Option<&str> {
    let input = row.as_ref()?.as_ref().ok()?;
    input.key.as_deref().filter(|_| input.lead.id.is_none())
}

#[cfg(test)]
mod tests;
