//! Messages of static lists, to core and back.

use super::Refused;
use super::leads::key_type;
use crate::app::App;
use leadkeep_core::lists::{self, ListAction, ListKeyType, ListOperation};
use mktows::{LeadStatus, ListOperationType, ParamsListOperation, Response, ResultListOperation};
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
