//! scheduleCampaign.

use super::copy::clone_program;
use super::queue::{call_tokens, same_tokens};
use crate::error::CallError;
use crate::ids::{LeadId, RunId};
use crate::programs::program_by_name;
use crate::schema::{CampaignKind, Schema};
use crate::store::{CampaignRun, Sequence, WriteTxn};
use jiff::Timestamp;

/// A call of scheduleCampaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleCampaign {
    /// The program of the campaign.
    pub program: String,
    /// The campaign, by its name or as `Program.Campaign`.
    pub campaign: String,
    /// When it runs; at once without, and if that is over (SC-10).
    pub run_at: Option<Timestamp>,
    /// The name of a copy of the program, whose campaign runs instead (SC-6).
    pub clone_to: Option<String>,
    /// What stands for tokens of the program in this run (SC-3).
    pub tokens: Vec<(String, String)>,
    /// How many clones may be made since when (SC-8).
    pub clone_limit: Option<(u64, Timestamp)>,
}

/// Plans a run of a batch campaign over its list (SC-1, SC-9, SC-15, DM-CMP-4).
///
/// # Errors
/// 20109 without names, 20110 for an unknown program (SC-12), a trigger campaign (SC-11) and the name of a clone that is
/// taken (SC-14); 20015 for more clones than are allowed (SC-8); 20113 for an unknown campaign (SC-2) and one that is switched off.
pub fn schedule_campaign(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &ScheduleCampaign,
) -> Result<(), CallError> {
    let program = program_by_name(txn, &input.program)?;
    let name = input.campaign.trim();
    if name.is_empty() {
        return Err(CallError::ParameterRequired("campaignName"));
    }
    let campaign = schema
        .campaign_of_program(&program, name)
        .filter(|campaign| campaign.active)
        .ok_or_else(|| CallError::CampaignNotFound(name.to_owned()))?;
    if campaign.kind == CampaignKind::Trigger {
        return Err(CallError::BadParameter {
            parameter: "campaignName",
            reason: format!("{} is requested, not scheduled", campaign.name),
        });
    }
    let clone_to = input.clone_to.as_deref().map(str::trim);
    let clone_to = clone_to.filter(|name| !name.is_empty());
    if let (Some((most, since)), Some(_)) = (input.clone_limit, clone_to)
        && txn.count_clone_runs(since)? >= most
    {
        return Err(CallError::CloneLimit(most));
    }
    let id = match clone_to {
        Some(name) => clone_program(txn, schema, now, &program, name, campaign.id)?,
        None => campaign.id,
    };
    let run = CampaignRun {
        id: RunId(0),
        campaign: id,
        // SC-10. The time is kept as it was asked for, so that a call that is repeated is known as the same.
        run_at: input.run_at.map_or(now, whole_second),
        tokens: call_tokens(&input.tokens)?,
        cloned: clone_to.is_some(),
        accepted_at: now,
        position: LeadId(0),
        ended_at: None,
    };
    // SC-13. Two calls that name no time are at two, however soon one follows the other.
    let same = match input.run_at {
        Some(_) => txn.runs_at(run.campaign, run.run_at)?,
        None => Vec::new(),
    };
    let is_known = same
        .iter()
        .any(|other| same_tokens(&other.tokens, &run.tokens));
    if !is_known {
        let ids = txn.allocate(Sequence::Run, 1)?;
        let id = RunId(ids.first().copied().unwrap_or_default());
        txn.insert_run(&CampaignRun { id, ..run })?;
    }
    Ok(())
}

/// Stores keep whole seconds.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
