//! getLead.

use super::key::{LeadKeyType, look_ups};
use super::record::{Include, LeadView, view};
use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::Schema;
use crate::store::{Lead, Pick, ReadTxn, Result as StoreResult};
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
        .lead_ids(&keys, Pick::All(MAX_LEADS))?
        .into_iter()
        .flatten()
        .collect();
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    ids.dedup();
    if ids.is_empty() {
        let value = value.trim().to_owned();
        return Err(match key_type {
            LeadKeyType::LeadOwnerEmail => CallError::LeadOwnerNotFound {
                key_type: key_type.as_str(),
                value,
            },
            _ => CallError::LeadNotFound {
                key_type: key_type.as_str(),
                value,
            },
        });
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
    let companies: HashMap<_, _> = txn
        .companies(&ids)?
        .into_iter()
        .map(|company| (company.id, company))
        .collect();
    Ok(leads
        .into_iter()
        .map(|lead| {
            let company = companies.get(&lead.company);
            view(schema, lead, company, include)
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
