//! listOperation.

use super::find::{full_list_name, list_by_name};
use crate::activities::{Origin, SOURCE, list_membership};
use crate::error::CallError;
use crate::ids::{LeadId, ListId};
use crate::leads::{LeadKeyType, writable_leads};
use crate::schema::Schema;
use crate::store::{NewActivity, WriteTxn};
use jiff::Timestamp;
use std::collections::HashSet;

/// Leads of one call at the most (LO-2, LO-23).
const MAX_MEMBERS: usize = 1_000;

/// What is done with a list (LO-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListAction {
    /// Leads join.
    Add,
    /// Leads leave.
    Remove,
    /// Are they members?
    IsMember,
}

/// What a list key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKeyType {
    /// A list by its name.
    Name,
    /// The list of a sales user, which there are none of (LO-20, DM-LST-3).
    SalesUser,
}

/// A call of listOperation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOperation {
    /// What is to be done.
    pub action: ListAction,
    /// What the list's key is.
    pub key_type: ListKeyType,
    /// The list's key.
    pub key: String,
    /// The leads, by key (LO-9).
    pub members: Vec<(LeadKeyType, String)>,
    /// All or nothing (LO-4); without a meaning for questions (LO-25).
    pub strict: bool,
    /// Whether histories are left alone (LO-14, ACT-41).
    pub skip_activity_log: bool,
}

/// What came of a call of listOperation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOutcome {
    /// Whether it is so with every lead.
    pub success: bool,
    /// How it is with each lead, in the order of the call (LO-13); `None` after a change that wholly succeeded (LO-6,
    /// DM-LST-6).
    pub statuses: Option<Vec<bool>>,
}

/// Puts leads on a list, takes them off, or says whether they are on it (LO-1). A key that means several leads means all
/// of them (LO-21). A lead that does not exist is a status, no fault (LO-7, LO-16).
///
/// # Errors
/// 20109 without the list's key, 20101 without leads, 20110 for too many (LO-23), 20111 for an unknown list (LO-10), 20102 for a
/// value that cannot be a key (LO-11).
pub fn list_operation(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &ListOperation,
) -> Result<ListOutcome, CallError> {
    if input.key.trim().is_empty() {
        return Err(CallError::ParameterRequired("keyValue"));
    }
    must_have_members(input.members.len())?;
    let list = match input.key_type {
        ListKeyType::Name => list_by_name(txn, &input.key)?,
        ListKeyType::SalesUser => None,
    };
    let list = list.ok_or_else(|| CallError::ListNotFound(input.key.trim().to_owned()))?;
    operate(txn, schema, now, (list.id, &list.full_name), input, SOURCE)
}

/// Puts leads on a list or takes them off by hand, on the admin pages: by the rules of listOperation that is not strict, with
/// histories that name a user as the source. Says of each key whether it was so.
///
/// # Errors
/// As those of [`list_operation`].
pub fn change_list_by_hand(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    list: ListId,
    action: ListAction,
    members: Vec<(LeadKeyType, String)>,
) -> Result<Vec<bool>, CallError> {
    let came = members.len();
    must_have_members(came)?;
    let name = full_list_name(txn, list)?;
    let name = name.ok_or_else(|| CallError::ListNotFound(list.to_string()))?;
    let input = ListOperation {
        action,
        key_type: ListKeyType::Name,
        key: name.clone(),
        members,
        strict: false,
        skip_activity_log: false,
    };
    let (source, _) = Origin::Hand.lead_source();
    let outcome = operate(txn, schema, now, (list, &name), &input, source)?;
    Ok(outcome.statuses.unwrap_or_else(|| vec![true; came]))
}

/// LO-2, LO-23.
fn must_have_members(came: usize) -> Result<(), CallError> {
    if came == 0 {
        return Err(CallError::LeadKeyRequired);
    }
    if came > MAX_MEMBERS {
        let reason = format!("at most {MAX_MEMBERS} leads are allowed, {came} came");
        return Err(CallError::BadParameter {
            parameter: "listMemberList",
            reason,
        });
    }
    Ok(())
}

/// Does it with a list that was found, by its number and its full name.
fn operate(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    (list, full_name): (ListId, &str),
    input: &ListOperation,
    source: &str,
) -> Result<ListOutcome, CallError> {
    let leads = writable_leads(txn, schema, &input.members)?;

    let mut all: Vec<LeadId> = leads.iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    let asked: Vec<_> = all.iter().map(|lead| (list, *lead)).collect();
    let is_member = txn.are_list_members(&asked)?;
    let members: HashSet<LeadId> = all
        .iter()
        .zip(&is_member)
        .filter_map(|(lead, is)| is.then_some(*lead))
        .collect();

    // LO-5, LO-7, LO-15, LO-16, LO-22: how it was before the call decides, so that a lead named twice is so twice.
    let mut statuses: Vec<bool> = leads
        .iter()
        .map(|leads| match input.action {
            ListAction::Add => !leads.is_empty(),
            ListAction::Remove | ListAction::IsMember => {
                leads.iter().any(|lead| members.contains(lead))
            }
        })
        .collect();
    let success = statuses.iter().all(|status| *status);
    if input.action == ListAction::IsMember {
        return Ok(ListOutcome {
            success,
            statuses: Some(statuses),
        });
    }
    if input.strict && !success {
        // LO-16, ACT-42: nothing is done.
        statuses.fill(false);
        return Ok(ListOutcome {
            success,
            statuses: Some(statuses),
        });
    }
    let joins = input.action == ListAction::Add;
    let changed: Vec<LeadId> = all
        .into_iter()
        .filter(|lead| members.contains(lead) != joins)
        .collect();
    if joins {
        // Whoever is about to leave by an import stays a member.
        txn.add_list_members(&asked, now)?;
    }
    if !changed.is_empty() {
        let rows: Vec<_> = changed.iter().map(|lead| (list, *lead)).collect();
        if !joins {
            txn.remove_list_members(&rows)?;
        }
        if !input.skip_activity_log {
            let told = |lead: &LeadId| list_membership(*lead, now, joins, list, full_name, source);
            let history: Vec<NewActivity> = changed.iter().map(told).collect();
            txn.append_activities(&history)?;
            // ACT-14.
            txn.touch_leads(&changed, now)?;
        }
    }
    Ok(ListOutcome {
        success,
        statuses: Some(statuses).filter(|_| !success),
    })
}
