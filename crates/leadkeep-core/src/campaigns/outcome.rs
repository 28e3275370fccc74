//! What becomes of steps, and of the messages that were handed out for them.

use super::message::Outgoing;
use super::work::campaign_name;
use crate::activities::send_email;
use crate::error::CallError;
use crate::ids::TaskId;
use crate::schema::Schema;
use crate::store::{CampaignTask, Sequence, WriteTxn};
use jiff::{SignedDuration, Timestamp};

/// What became of a step: nothing yet, or done, or why it failed for good.
pub(super) type Done = Option<Result<(), String>>;

/// A time after now.
pub(super) fn later(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.checked_add(time).unwrap_or(Timestamp::MAX)
}

/// Moves tasks on from a step. One that failed stays behind as a task of its own, for whoever mends it; the lead goes on,
/// as in the original.
pub(super) fn move_on(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    tasks: Vec<(CampaignTask, Result<(), String>)>,
) -> Result<(), CallError> {
    let (mut moved, mut failed, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for (mut task, done) in tasks {
        match done {
            Err(reason) if task.only_step => {
                task.failure = Some(reason);
                task.since = now;
                moved.push(task);
                continue;
            }
            Err(reason) => failed.push(CampaignTask {
                only_step: true,
                failure: Some(reason),
                since: now,
                ..task.clone()
            }),
            Ok(()) if task.only_step => {
                gone.push(task.id);
                continue;
            }
            Ok(()) => {}
        }
        task.step += 1;
        task.attempts = 0;
        task.due_at = now;
        moved.push(task);
    }
    if !failed.is_empty() {
        let ids = txn.allocate(Sequence::Task, failed.len())?;
        for (task, id) in failed.iter_mut().zip(ids) {
            task.id = TaskId(id);
        }
        txn.insert_tasks(&failed)?;
    }
    txn.update_tasks(&moved)?;
    txn.delete_tasks(&gone)?;
    Ok(())
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// It was taken.
    Taken,
    /// It was not; another try is due after so long.
    Later(SignedDuration, String),
    /// It was not, and never will be; why.
    Never(String),
}

/// Notes what became of a message that was handed out. Nothing happens if that task is not waiting for it any more.
///
/// # Errors
/// Those of the store.
pub fn sent(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    outgoing: &Outgoing,
    outcome: &Sent,
) -> Result<(), CallError> {
    let found = txn.tasks(&[outgoing.task])?.pop();
    let waits = |task: &CampaignTask| {
        task.failure.is_none() && (task.step, task.attempts) == (outgoing.step, outgoing.attempt)
    };
    let Some(mut task) = found.filter(waits) else {
        return Ok(());
    };
    // COM-12: the lead may have become part of another one while the message was on its way.
    if let Some((_, winner)) = txn.merge_winners(&[task.lead])?.pop() {
        task.lead = winner;
    }
    let done = match outcome {
        Sent::Later(time, _) => {
            task.due_at = later(now, *time);
            txn.update_tasks(&[task])?;
            return Ok(());
        }
        Sent::Never(reason) => Err(reason.clone()),
        Sent::Taken => Ok(()),
    };
    if let (Some(subject), Ok(())) = (outgoing.message.subject(), &done)
        && let Some(campaign) = schema.campaign(task.campaign)
    {
        let lead = task.lead;
        let step = task.step + 1;
        let mut told = send_email(lead, now, subject.to_owned(), task.id, step);
        told.campaign = Some(campaign_name(txn, campaign)?);
        txn.append_activities(&[told])?;
        txn.touch_leads(&[lead], now)?;
    }
    move_on(txn, now, vec![(task, done)])
}
