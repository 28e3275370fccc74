//! What campaigns could not do, and doing it again.

use super::step::Step;
use super::work::campaign_name;
use crate::ids::TaskId;
use crate::schema::Schema;
use crate::store::{CampaignTask, ReadTxn, Result, WriteTxn};
use jiff::Timestamp;
use std::collections::HashMap;

/// Tasks of one step.
const PAGE: usize = 500;

/// A step that failed for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedStep {
    /// Its task.
    pub task: CampaignTask,
    /// The campaign, as `Program.Campaign` inside a program; empty if it is gone.
    pub campaign: String,
    /// What the step does, like `Send Email`; empty if it is gone.
    pub action: String,
}

/// Steps that failed, with a task number above `after`, ascending.
///
/// # Errors
/// Those of the store.
pub fn failed_steps(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    after: Option<TaskId>,
    limit: usize,
) -> Result<Vec<FailedStep>> {
    let tasks = txn.failed_tasks(after, limit)?;
    let mut names = HashMap::new();
    let mut steps = Vec::with_capacity(tasks.len());
    for task in tasks {
        let campaign = schema.campaign(task.campaign);
        if let Some(campaign) = campaign
            && !names.contains_key(&campaign.id)
        {
            names.insert(campaign.id, campaign_name(txn, campaign)?);
        }
        let step = campaign.and_then(|campaign| campaign.steps.get(task.step as usize));
        let step = step.and_then(|step| Step::read(step).ok());
        steps.push(FailedStep {
            campaign: names.get(&task.campaign).cloned().unwrap_or_default(),
            action: step.map_or_else(String::new, |step| step.action().to_owned()),
            task,
        });
    }
    Ok(steps)
}

/// Lets failed steps be tried again, those of the tasks or all. Each is done alone: the steps after it were done already.
/// Gives how many there are.
///
/// # Errors
/// Those of the store.
pub fn replay(txn: &mut dyn WriteTxn, now: Timestamp, tasks: Option<&[TaskId]>) -> Result<usize> {
    let again = |task: CampaignTask| CampaignTask {
        failure: None,
        attempts: 0,
        due_at: now,
        since: now,
        ..task
    };
    if let Some(ids) = tasks {
        let found = txn.tasks(ids)?.into_iter();
        let found: Vec<_> = found
            .filter(|task| task.failure.is_some())
            .map(again)
            .collect();
        txn.update_tasks(&found)?;
        return Ok(found.len());
    }
    let mut count = 0;
    loop {
        let found: Vec<_> = txn
            .failed_tasks(None, PAGE)?
            .into_iter()
            .map(again)
            .collect();
        if found.is_empty() {
            return Ok(count);
        }
        count += found.len();
        txn.update_tasks(&found)?;
    }
}
