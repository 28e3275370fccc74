//! What became of the records of a call, for the log of calls.

use leadkeep_core::call_log::Outcomes;
use mktows::{LeadMergeStatusEnum, LeadSyncStatus, MObjStatusEnum, Response, SyncStatusEnum};

/// What of each record became, by the statuses of an answer.
enum Became {
    Created,
    Updated,
    Skipped,
    Failed,
}

/// Counts the statuses of an answer; answers without any count nothing.
pub(super) fn outcomes(response: &Response) -> Outcomes {
    match response {
        Response::SyncLead(result) => counted([lead(result.sync_status.status)]),
        Response::SyncMultipleLeads(result) => counted(
            result
                .sync_status_list
                .iter()
                .map(|status| lead(status.status)),
        ),
        Response::SyncMObjects(result) => counted(
            result
                .m_obj_status_list
                .iter()
                .map(|status| mobject(status.status)),
        ),
        Response::DeleteMObjects(result) => counted(
            result
                .m_obj_status_list
                .iter()
                .map(|status| mobject(status.status)),
        ),
        Response::SyncCustomObjects(result) => counted(
            result
                .sync_custom_obj_status_list
                .iter()
                .map(|status| custom_object(status.status)),
        ),
        Response::DeleteCustomObjects(result) => counted(
            result
                .delete_custom_obj_status_list
                .iter()
                .map(|status| custom_object(status.status)),
        ),
        Response::ListOperation(result) => {
            let statuses = result.status_list.iter().flatten();
            counted(statuses.map(|status| match status.status {
                true => Became::Updated,
                false => Became::Skipped,
            }))
        }
        Response::MergeLeads(result) => counted([match result.merge_status.status {
            LeadMergeStatusEnum::Merged => Became::Updated,
            LeadMergeStatusEnum::Failed => Became::Failed,
        }]),
        _ => Outcomes::default(),
    }
}

fn counted(all: impl IntoIterator<Item = Became>) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for one in all {
        let count = match one {
            Became::Created => &mut outcomes.created,
            Became::Updated => &mut outcomes.updated,
            Became::Skipped => &mut outcomes.skipped,
            Became::Failed => &mut outcomes.failed,
        };
        *count += 1;
    }
    outcomes
}

fn lead(status: LeadSyncStatus) -> Became {
    match status {
        LeadSyncStatus::Created => Became::Created,
        LeadSyncStatus::Updated => Became::Updated,
        LeadSyncStatus::Failed => Became::Failed,
    }
}

fn mobject(status: MObjStatusEnum) -> Became {
    match status {
        MObjStatusEnum::Created => Became::Created,
        MObjStatusEnum::Updated | MObjStatusEnum::Deleted => Became::Updated,
        MObjStatusEnum::Unchanged | MObjStatusEnum::Skipped => Became::Skipped,
        MObjStatusEnum::Failed => Became::Failed,
    }
}

fn custom_object(status: SyncStatusEnum) -> Became {
    match status {
        SyncStatusEnum::Created => Became::Created,
        SyncStatusEnum::Updated | SyncStatusEnum::Deleted => Became::Updated,
        SyncStatusEnum::Unchanged | SyncStatusEnum::Skipped => Became::Skipped,
        SyncStatusEnum::Failed => Became::Failed,
    }
}
