//! Putting leads into a campaign.

use super::text::token_name;
use super::work::campaign_name;
use crate::activities::request_campaign;
use crate::error::CallError;
use crate::ids::{LeadId, TaskId};
use crate::schema::Campaign;
use crate::store::{self, CampaignTask, NewActivity, Program, Sequence, WriteTxn};
use jiff::Timestamp;

/// Bytes of all tokens of a call at the most: each of its leads keeps them until its last step is done.
const MOST_OF_TOKENS: usize = 100_000;

/// How leads come into a campaign.
pub(super) struct Entry<'a> {
    pub(super) campaign: &'a Campaign,
    /// What stands for tokens in this run, from the call.
    pub(super) tokens: &'a [(String, String)],
    /// By how many campaigns in a row it was requested.
    pub(super) depth: u32,
}

/// Queues leads, with what imported rows say about them, which is used up by that (ITL-6). Their steps are run later,
/// each lead in its own turn (RC-17).
pub(super) fn queue(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    entry: &Entry<'_>,
    leads: &[LeadId],
) -> store::Result<()> {
    if leads.is_empty() {
        return Ok(());
    }
    let campaign = entry.campaign.id;
    let row_tokens = txn.row_tokens(campaign, leads)?;
    txn.delete_row_tokens(campaign, Some(leads))?;
    let ids = txn.allocate(Sequence::Task, leads.len())?;
    let tasks: Vec<CampaignTask> = ids
        .into_iter()
        .zip(leads.iter().zip(row_tokens))
        .map(|(id, (lead, row_tokens))| CampaignTask {
            id: TaskId(id),
            campaign,
            lead: *lead,
            step: 0,
            only_step: false,
            call_tokens: entry.tokens.to_vec(),
            row_tokens,
            depth: entry.depth,
            due_at: now,
            attempts: 0,
            failure: None,
            since: now,
        })
        .collect();
    txn.insert_tasks(&tasks)
}

/// Queues leads that somebody asked for, and tells it in their histories (RC-18, ACT-14, ACT-70). `cause` is the campaign
/// that asked, if one did.
pub(super) fn request(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    entry: &Entry<'_>,
    leads: &[LeadId],
    (source, cause): (&str, Option<&str>),
) -> store::Result<()> {
    let name = campaign_name(txn, entry.campaign)?;
    queue(txn, now, entry, leads)?;
    let history: Vec<NewActivity> = leads
        .iter()
        .map(|lead| {
            let mut told = request_campaign(*lead, now, entry.campaign.id, &name, source);
            told.campaign = cause.map(str::to_owned);
            told
        })
        .collect();
    txn.append_activities(&history)?;
    txn.touch_leads(leads, now)
}

/// Tokens of a call by the names under which programs keep them; those without a name are none (RC-16, SC-17).
///
/// # Errors
/// 20110 for more than each lead of the call should keep.
pub(super) fn call_tokens(tokens: &[(String, String)]) -> Result<Vec<(String, String)>, CallError> {
    let bytes: usize = tokens
        .iter()
        .map(|(name, text)| name.len() + text.len())
        .sum();
    if bytes > MOST_OF_TOKENS {
        return Err(CallError::BadParameter {
            parameter: "programTokenList",
            reason: format!("at most {MOST_OF_TOKENS} bytes are allowed, {bytes} came"),
        });
    }
    let named = tokens
        .iter()
        .map(|(name, text)| (token_name(name).to_owned(), text.clone()));
    Ok(named.filter(|(name, _)| !name.is_empty()).collect())
}

/// Whether tokens of two calls say the same, in whatever order.
pub(super) fn same_tokens(a: &[(String, String)], b: &[(String, String)]) -> bool {
    let sorted = |tokens: &[(String, String)]| {
        let mut tokens = tokens.to_vec();
        tokens.sort();
        tokens
    };
    sorted(a) == sorted(b)
}

/// The program that a campaign is in.
pub(super) fn program_of<T: crate::store::ReadTxn + ?Sized>(
    txn: &mut T,
    campaign: &Campaign,
) -> store::Result<Option<Program>> {
    match campaign.program {
        Some(program) => Ok(txn.programs(&[program])?.pop()),
        None => Ok(None),
    }
}
