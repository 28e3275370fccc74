//! mergeLeads.

mod keys;
mod values;

use super::apply::full_name;
use super::key::LeadKeyType;
use crate::activities;
use crate::custom_objects::relink_records;
use crate::error::{CallError, RecordError};
use crate::ids::LeadId;
use crate::schema::Schema;
use crate::store::{Lead, Role, WriteTxn};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// Who merges leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Merger {
    /// A call of mergeLeads.
    Call,
    /// A cookie that a known lead came with (SL-34).
    Cookie,
    /// Somebody on the admin pages.
    Hand,
}

impl Merger {
    /// What it is called in histories (ACT-50).
    fn source(self) -> &'static str {
        match self {
            Self::Call => "SOAP API",
            Self::Cookie | Self::Hand => "leaddb",
        }
    }
}

/// The keys of one list: types and values (ML-7).
pub type KeyList = Vec<(LeadKeyType, String)>;

/// A call of mergeLeads. That it be merged in the CRM too is taken and has no effect (ML-5, ML-16), so that it is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeLeads {
    /// The keys of the winner (ML-1).
    pub winner: KeyList,
    /// The key lists of the losers.
    pub losers: Vec<KeyList>,
}

/// What came of a merge (ML-3, ML-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeOutcome {
    /// The winner, if it was found.
    pub winner: Option<LeadId>,
    /// The losers in the order of the call, each once, or why nothing was merged (ML-9).
    pub losers: Result<Vec<LeadId>, RecordError>,
}

/// Merges leads into one, all of it or nothing (ML-1 to ML-17, DM-MRG-1). The losers' ids lead to the winner for good
/// (COM-12, DM-MRG-6, ACT-52).
///
/// # Errors
/// 20109 without winner or losers (ML-11), 20102 for a value that cannot be a key. All else is an outcome.
pub fn merge_leads(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &MergeLeads,
) -> Result<MergeOutcome, CallError> {
    merge(txn, schema, now, input, Merger::Call)
}

/// Merges leads for somebody.
pub(super) fn merge(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &MergeLeads,
    merger: Merger,
) -> Result<MergeOutcome, CallError> {
    if input.winner.is_empty() {
        return Err(CallError::ParameterRequired("winningLeadKeyList"));
    }
    let lists: Vec<&KeyList> = input
        .losers
        .iter()
        .filter(|list| !list.is_empty())
        .collect();
    if lists.is_empty() {
        return Err(CallError::ParameterRequired("losingLeadKeyLists"));
    }
    let (winner, losers) = keys::resolve(txn, schema, &input.winner, &lists)?;
    let winner = match winner {
        Ok(winner) => winner,
        Err(error) => {
            return Ok(MergeOutcome {
                winner: None,
                losers: Err(error),
            });
        }
    };
    let outcome = |losers| MergeOutcome {
        winner: Some(winner),
        losers,
    };
    let losers = match losers {
        // ML-10.
        Ok(losers) if losers.contains(&winner) => {
            let text = format!("Lead {winner} cannot lose against itself");
            return Ok(outcome(Err(RecordError::BadParameter(text))));
        }
        Ok(losers) => losers,
        Err(error) => return Ok(outcome(Err(error))),
    };
    absorb(txn, schema, now, winner, &losers, merger)?;
    Ok(outcome(Ok(losers)))
}

/// Makes losers part of a winner.
pub(super) fn absorb(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    winner: LeadId,
    losers: &[LeadId],
    merger: Merger,
) -> Result<(), CallError> {
    let mut ids = vec![winner];
    ids.extend(losers);
    let mut rows = txn.leads(&ids)?;
    // In the order of the call: of several losers the first one with a value counts (ML-12).
    let places: HashMap<LeadId, usize> = ids.iter().copied().zip(0..).collect();
    rows.sort_by_key(|lead| places.get(&lead.id).copied());
    let mut companies: Vec<_> = rows.iter().map(|lead| lead.company).collect();
    companies.sort_unstable();
    companies.dedup();
    let companies = txn.companies(&companies)?;
    let Some((first, rest)) = rows.split_first() else {
        return Ok(());
    };
    let mut merged = values::Merged::new(first, &companies);
    for loser in rest {
        merged.take(schema, loser, &companies);
    }
    let values::Merged {
        mut lead,
        company,
        taken,
    } = merged;

    roles(txn, now, winner, losers)?;
    if schema.rules.relink_custom_objects {
        relink_records(txn, schema, now, winner, losers)?;
    }
    txn.absorb_leads(winner, losers)?;
    // ACT-14.
    lead.updated_at = now;
    let name = full_name(&lead.attrs);
    txn.update_leads(&[lead])?;
    if let Some(company) = company {
        txn.update_companies(&[company])?;
    }
    // DM-DEL-3; a company with a key stays for the next lead that names it.
    let own = |lead: &&Lead| {
        let mut companies = companies.iter();
        companies.any(|company| company.id == lead.company && company.key.is_none())
    };
    let left: Vec<_> = rest.iter().filter(own).map(|lead| lead.company).collect();
    txn.delete_unused_companies(&left)?;

    let updated = !taken.is_empty();
    let zone = &schema.instance.time_zone;
    let mut history: Vec<_> = taken
        .into_iter()
        .map(|taken| {
            let reason = format!("Merged with lead {}", taken.from);
            let values = (taken.before, Some(taken.after));
            activities::change_data_value(winner, now, &taken.field, values, zone, &reason)
        })
        .collect();
    history.push(activities::merge_leads(
        winner,
        now,
        name,
        losers,
        merger.source(),
        updated,
    ));
    txn.append_activities(&history)?;
    Ok(())
}

/// Gives the losers' roles to the winner; one that it has already is not doubled (ML-13, DM-MRG-4).
fn roles(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    winner: LeadId,
    losers: &[LeadId],
) -> Result<(), CallError> {
    let key = |role: &Role| (role.opportunity, role.key_name());
    let mut taken: HashSet<_> = txn.roles_of_leads(&[winner])?.iter().map(key).collect();
    let mut roles = txn.roles_of_leads(losers)?;
    roles.sort_by_key(|role| (losers.iter().position(|loser| *loser == role.lead), role.id));
    let (moved, doubled): (Vec<Role>, Vec<Role>) =
        roles.into_iter().partition(|role| taken.insert(key(role)));
    let doubled: Vec<_> = doubled.iter().map(|role| role.id).collect();
    let moved: Vec<Role> = moved
        .into_iter()
        .map(|role| Role {
            lead: winner,
            updated_at: now,
            ..role
        })
        .collect();
    if !doubled.is_empty() {
        txn.delete_roles(&doubled)?;
    }
    if !moved.is_empty() {
        txn.update_roles(&moved)?;
    }
    Ok(())
}
