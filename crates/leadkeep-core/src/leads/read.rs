//! getLead.

use super::key::{LeadKeyType, look_ups};
use super::record::{Include, LeadView, Viewer};
use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::Schema;
use crate::store::{EmailPick, Lead, LeadKey, Pick, ReadTxn, Result as StoreResult};
use jiff::Timestamp;
use std::collections::HashMap;

/// Leads in one answer at the most (GL-8).
const MAX_LEADS: usize = 1_000;

/// What a key has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLeads {
    /// How many leads there are, also if not all are here (GL-3, GL-8).
    pub count: u64,
    /// The leads, newest id first (GL-4, DM-KEY-1).
    pub leads: Vec<LeadView>,
}

/// The lead or leads of a key, with all values (GL-1 to GL-9). Reads see all workspaces and partitions (COM-21, DM-WSP-5).
///
/// # Errors
/// 20102 for a value that cannot be a key, 20108 for an owner that nobody has (COM-1), 20103 for no lead (GL-5).
pub fn get_lead(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    key_type: LeadKeyType,
    value: &str,
) -> Result<FoundLeads, CallError> {
    let keys = look_ups(schema, key_type, value)?;
    let mut ids: Vec<LeadId> = txn
        .lead_ids(&keys, Pick::newest(MAX_LEADS))?
        .into_iter()
        .flatten()
        .collect();
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    ids.dedup();
    if ids.is_empty() {
        return Err(not_found(key_type, value));
    }
    // GL-3, GL-8: the true number, also if not all are given.
    let count = match ids.len() {
        found if found < MAX_LEADS => u64::try_from(found).unwrap_or(u64::MAX),
        _ => {
            let mut count = 0;
            for key in &keys {
                count += txn.count_leads(key)?;
            }
            count
        }
    };
    ids.truncate(MAX_LEADS);
    let mut leads = txn.leads(&ids)?;
    leads.sort_unstable_by_key(|lead| std::cmp::Reverse(lead.id));
    Ok(FoundLeads {
        count,
        leads: views(txn, schema, leads, &Include::Full)?,
    })
}

/// Keys of a selector that count; further ones are ignored (GML-2).
const MAX_KEYS: usize = 100;
/// Leads behind all keys at the most, so that a key which half the store has does not fill the memory; the newest count.
const MAX_LEADS_OF_KEYS: usize = 10_000;

/// The leads of the keys of a selector, each once, ascending; keys that nobody has are left out (GML-15, GML-35, GML-36).
///
/// # Errors
/// 20109 without keys, 20102 for a value that cannot be a key.
pub(crate) fn leads_of_keys(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    key_type: LeadKeyType,
    values: &[String],
) -> Result<Vec<LeadId>, CallError> {
    let mut values = values
        .iter()
        .map(String::as_str)
        .filter(|value| !value.trim().is_empty())
        .peekable();
    if values.peek().is_none() {
        return Err(CallError::ParameterRequired("keyValues"));
    }
    let mut keys = Vec::new();
    for value in values.take(MAX_KEYS) {
        keys.extend(look_ups(schema, key_type, value)?);
    }
    let mut ids: Vec<LeadId> = txn
        .lead_ids(&keys, Pick::newest(MAX_LEADS_OF_KEYS))?
        .into_iter()
        .flatten()
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.drain(..ids.len().saturating_sub(MAX_LEADS_OF_KEYS));
    Ok(ids)
}

/// The one lead that a key means, of several the one that the switch `duplicate_email` says (COM-2, DM-KEY-2).
///
/// # Errors
/// 20102 for a value that cannot be a key, 20108 for an owner that nobody has, 20103 for no lead.
pub(crate) fn one_lead(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    key_type: LeadKeyType,
    value: &str,
) -> Result<LeadId, CallError> {
    let pick = schema.rules.duplicate_email;
    let keys = look_ups(schema, key_type, value)?;
    let ids = txn.lead_ids(&keys, Pick::one(pick))?.concat();
    let best = match ids.as_slice() {
        [id] => Some(*id),
        // One for each form in which the value may be kept.
        ids => txn
            .leads(ids)?
            .into_iter()
            .max_by_key(|lead| match pick {
                EmailPick::Added => (Timestamp::MIN, lead.id),
                EmailPick::Updated => (lead.updated_at, lead.id),
            })
            .map(|lead| lead.id),
    };
    best.ok_or_else(|| not_found(key_type, value))
}

/// The leads of each key as calls that write take them: none, one or several, and for the id of a lead that lost a merge
/// the winner (COM-12).
///
/// # Errors
/// 20102 for a value that cannot be a key, 20110 for keys with more leads than one call can hold.
pub(crate) fn writable_leads(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    keys: &[(LeadKeyType, String)],
) -> Result<Vec<Vec<LeadId>>, CallError> {
    let found = leads_of_each(txn, schema, keys, Pick::newest(MAX_LEADS_OF_KEYS + 1))?;
    if found.iter().map(Vec::len).sum::<usize>() > MAX_LEADS_OF_KEYS {
        return Err(CallError::BadParameter {
            parameter: "leadKey",
            reason: format!("the keys have more than {MAX_LEADS_OF_KEYS} leads"),
        });
    }
    Ok(found)
}

/// The lead of each key as calls that write take them: of several the one added last (RC-15), and for the id of a lead
/// that lost a merge the winner (COM-12).
///
/// # Errors
/// 20102 for a value that cannot be a key.
pub(crate) fn last_leads(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    keys: &[(LeadKeyType, String)],
) -> Result<Vec<Option<LeadId>>, CallError> {
    let found = leads_of_each(txn, schema, keys, Pick::one(EmailPick::Added))?;
    Ok(found.into_iter().map(|ids| ids.into_iter().max()).collect())
}

fn leads_of_each(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    keys: &[(LeadKeyType, String)],
    pick: Pick,
) -> Result<Vec<Vec<LeadId>>, CallError> {
    let mut flat = Vec::with_capacity(keys.len());
    let mut owners = Vec::with_capacity(keys.len());
    for (at, (key_type, value)) in keys.iter().enumerate() {
        for key in look_ups(schema, *key_type, value)? {
            flat.push(key);
            owners.push(at);
        }
    }
    let mut found = vec![Vec::new(); keys.len()];
    let mut missing = Vec::new();
    let pages = txn.lead_ids(&flat, pick)?;
    for ((key, at), ids) in flat.iter().zip(owners).zip(pages) {
        match key {
            LeadKey::Id(id) if ids.is_empty() => missing.push((at, *id)),
            _ => found[at].extend(ids),
        }
    }
    if !missing.is_empty() {
        let mut ids: Vec<LeadId> = missing.iter().map(|(_, id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let winners: HashMap<_, _> = txn.merge_winners(&ids)?.into_iter().collect();
        for (at, id) in missing {
            found[at].extend(winners.get(&id));
        }
    }
    Ok(found)
}

/// COM-1, COM-3.
fn not_found(key_type: LeadKeyType, value: &str) -> CallError {
    let value = value.trim().to_owned();
    let key_type_word = key_type.as_str();
    match key_type {
        LeadKeyType::LeadOwnerEmail => CallError::LeadOwnerNotFound {
            key_type: key_type_word,
            value,
        },
        _ => CallError::LeadNotFound {
            key_type: key_type_word,
            value,
        },
    }
}

/// Writes down leads, in their order.
pub(super) fn views(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    leads: Vec<Lead>,
    include: &Include,
) -> StoreResult<Vec<LeadView>> {
    let mut ids: Vec<_> = leads.iter().map(|lead| lead.company).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut companies = txn.companies(&ids)?;
    companies.sort_unstable_by_key(|company| company.id);
    let mut viewer = Viewer::new(schema, include);
    Ok(leads
        .into_iter()
        .map(|lead| {
            let found = companies.binary_search_by_key(&lead.company, |company| company.id);
            viewer.view(lead, found.ok().map(|at| &companies[at]))
        })
        .collect())
}

/// One lead as getLead shows it (SL-14).
pub(super) fn one_view(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    id: LeadId,
) -> StoreResult<Option<LeadView>> {
    let leads = txn.leads(&[id])?;
    Ok(views(txn, schema, leads, &Include::Full)?.pop())
}
