//! Messages of static lists, to core and back.

use super::leads::key_type;
use super::{Refused, int};
use crate::app::App;
use jiff::Timestamp;
use leadkeep_core::error::CallError;
use leadkeep_core::imports::{self, ImportMode, ImportRows, ImportStatus, ImportToList};
use leadkeep_core::lists::{self, ListAction, ListKeyType, ListOperation};
use leadkeep_core::store::{ImportState, StoreError};
use mktows::{
    DateTime, ImportToListModeEnum, ImportToListStatusEnum, LeadStatus, ListOperationType,
    ParamsGetImportToListStatus, ParamsImportToList, ParamsListOperation, Response,
    ResultGetImportToListStatus, ResultImportToList, ResultListOperation,
};
use std::sync::Arc;

pub(super) async fn list_operation(
    app: &Arc<App>,
    params: ParamsListOperation,
) -> Result<Response, Refused> {
    let keys = params.list_member_list;
    let input = ListOperation {
        action: match params.list_operation {
            ListOperationType::AddToList => ListAction::Add,
            ListOperationType::RemoveFromList => ListAction::Remove,
            ListOperationType::IsMemberOfList => ListAction::IsMember,
        },
        key_type: match params.list_key.key_type {
            mktows::ListKeyType::MktoListName => ListKeyType::Name,
            mktows::ListKeyType::MktoSalesUserId | mktows::ListKeyType::SfdcLeadOwnerId => {
                ListKeyType::SalesUser
            }
        },
        key: params.list_key.key_value,
        members: keys
            .iter()
            .map(|key| (key_type(key.key_type), key.key_value.clone()))
            .collect(),
        strict: params.strict.unwrap_or(false),
        skip_activity_log: params.skip_activity_log.unwrap_or(false),
    };
    let outcome = app
        .write(move |txn, schema, now| lists::list_operation(txn, schema, now, &input))
        .await?;
    // LO-8: keys are echoed as they were sent.
    let statuses = outcome.statuses.map(|statuses| {
        let both = keys.into_iter().zip(statuses);
        both.map(|(lead_key, status)| LeadStatus { lead_key, status })
            .collect()
    });
    Ok(ResultListOperation {
        success: outcome.success,
        status_list: statuses,
    }
    .into())
}

pub(super) async fn import_to_list(
    app: &Arc<App>,
    params: ParamsImportToList,
) -> Result<Response, Refused> {
    let rows = params.import_file_rows;
    // Cutting many rows takes a while.
    let rows = tokio::task::spawn_blocking(move || ImportRows::split(rows));
    let rows = rows
        .await
        .map_err(|error| StoreError::Failed(error.to_string()))
        .map_err(CallError::Store)?;
    let input = ImportToList {
        program: params.program_name,
        list: params.list_name,
        header: params.import_file_header,
        rows,
        mode: match params.import_list_mode {
            ImportToListModeEnum::UpsertLeads => ImportMode::Upsert,
            ImportToListModeEnum::ListOnly => ImportMode::ListOnly,
        },
        clear: params.clear_list,
        campaign: params.campaign_name,
    };
    app.write(move |txn, schema, now| imports::import_to_list(txn, schema, now, &input))
        .await?;
    app.jobs.wake_imports();
    // ITL-9: it is answered before anything is done.
    Ok(ResultImportToList {
        import_status: ImportToListStatusEnum::Processing,
    }
    .into())
}

pub(super) async fn get_import_to_list_status(
    app: &Arc<App>,
    params: ParamsGetImportToListStatus,
) -> Result<Response, Refused> {
    let program = params.program_name.unwrap_or_default();
    let list = params.list_name.unwrap_or_default();
    let (status, zone) = app
        .read(move |txn, schema, now| {
            let status = imports::import_status(txn, now, &program, &list)?;
            Ok((status, schema.instance.time_zone.clone()))
        })
        .await?;
    let ImportStatus {
        import,
        seconds_left,
    } = status;
    let time = |at: Option<Timestamp>| at.map(|at| DateTime::new(at, &zone));
    Ok(ResultGetImportToListStatus {
        status: match import.state {
            ImportState::Processing => ImportToListStatusEnum::Processing,
            ImportState::Complete => ImportToListStatusEnum::Complete,
            ImportState::Failed => ImportToListStatusEnum::Failed,
            ImportState::Canceled => ImportToListStatusEnum::Canceled,
        },
        started_time: time(import.started_at),
        ended_time: time(import.ended_at),
        estimated_time: seconds_left.map(int),
        estimated_rows: Some(int(import.rows)),
        rows_imported: Some(int(import.imported)),
        rows_failed: Some(int(import.failed)),
        rows_ignored: Some(int(import.ignored)),
        import_summary: import.summary,
    }
    .into())
}
