//! Doing what campaigns have to do, step by step.
//!
//! Tasks that stand at the same step are done together. What goes out of the house is handed out to be sent, under a lease:
//! a task that is not heard of again is handed out once more, with the same key.

use super::group::Group;
use super::list::campaign_names;
use super::message::Outgoing;
use super::queue::{Entry, queue};
use crate::error::CallError;
use crate::ids::{CampaignId, LeadId, ListId};
use crate::schema::{Campaign, Schema};
use crate::store::{self, CampaignRun, CampaignTask, ReadTxn, WriteTxn};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// Runs that are looked at in one transaction.
const RUNS: usize = 100;
/// Tasks that are looked at in one transaction, and leads of a run that are queued in one.
const TASKS: usize = 500;

/// What came of a piece of work.
#[derive(Debug, Default)]
pub struct Worked {
    /// What is to be sent.
    pub outgoing: Vec<Outgoing>,
    /// Whether there may be more to do at once.
    pub more: bool,
}

/// Whether there is anything to do now.
///
/// # Errors
/// Those of the store.
pub fn is_due(txn: &mut dyn ReadTxn, now: Timestamp) -> store::Result<bool> {
    Ok(!txn.due_tasks(now, 1)?.is_empty() || !txn.due_runs(now, 1)?.is_empty())
}

/// Queues the leads of runs whose time has come, and does the next step of tasks whose time has come (RC-17, SC-15). At
/// most `senders` messages are handed out.
///
/// # Errors
/// Those of the store.
pub fn work(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    senders: usize,
) -> Result<Worked, CallError> {
    let mut worked = Worked::default();
    for run in txn.due_runs(now, RUNS)? {
        worked.more |= queue_run(txn, schema, now, run)?;
    }
    let tasks = txn.due_tasks(now, TASKS)?;
    let mut groups: Vec<Vec<CampaignTask>> = Vec::new();
    let mut places: HashMap<(CampaignId, u32, bool), usize> = HashMap::new();
    for task in tasks {
        let kind = (task.campaign, task.step, task.only_step);
        let place = *places.entry(kind).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(task);
    }
    for group in groups {
        Group::begin(txn, schema, now, group)?.run(txn, senders, &mut worked)?;
    }
    Ok(worked)
}

/// Queues the next leads of a run. Tells whether something was done.
fn queue_run(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    mut run: CampaignRun,
) -> Result<bool, CallError> {
    let Some(campaign) = schema.campaign(run.campaign) else {
        run.ended_at = Some(now);
        txn.update_run(&run)?;
        return Ok(true);
    };
    if waits_for_imports(txn, campaign, &run)? {
        return Ok(false);
    }
    let members = match campaign.list {
        Some(list) => txn.list_members(list, Some(run.position), TASKS)?,
        None => Vec::new(),
    };
    let leads: Vec<LeadId> = members.iter().map(|lead| lead.id).collect();
    let entry = Entry {
        campaign,
        tokens: &run.tokens,
        depth: 0,
    };
    queue(txn, now, &entry, &leads)?;
    run.position = leads.last().copied().unwrap_or(run.position);
    if leads.len() < TASKS {
        run.ended_at = Some(now);
        // ITL-6: also of those who are not on the list any more.
        txn.delete_row_tokens(campaign.id, None)?;
    }
    txn.update_run(&run)?;
    Ok(true)
}

/// SC-16: whether imports into lists of the program that were taken before are not done.
fn waits_for_imports(
    txn: &mut dyn WriteTxn,
    campaign: &Campaign,
    run: &CampaignRun,
) -> store::Result<bool> {
    let open = txn.open_imports()?;
    if open.is_empty() || campaign.program.is_none() {
        return Ok(false);
    }
    let lists: HashSet<ListId> = txn
        .static_lists()?
        .iter()
        .filter(|list| list.program == campaign.program)
        .map(|list| list.id)
        .collect();
    let mut before = open
        .iter()
        .filter(|import| import.accepted_at <= run.accepted_at);
    Ok(before.any(|import| lists.contains(&import.list)))
}

/// What histories call a campaign (DM-CMP-1, ACT-5).
pub(super) fn campaign_name<T: ReadTxn + ?Sized>(
    txn: &mut T,
    campaign: &Campaign,
) -> store::Result<String> {
    let names = campaign_names(txn, std::iter::once(campaign))?;
    Ok(names.concat())
}
