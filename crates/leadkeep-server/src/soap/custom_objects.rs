//! Messages of custom objects, to core and back.

use super::{Caller, Refused, int};
use crate::app::App;
use leadkeep_core::custom_objects::{
    self, CustomObjectQuery, Pairs, RecordInput, RecordStatus, RecordView, SyncedRecords,
};
use leadkeep_core::mobjects::SyncOperation;
use mktows::{
    Attribute, CustomObj, ParamsDeleteCustomObjects, ParamsGetCustomObjects,
    ParamsSyncCustomObjects, Response, ResultDeleteCustomObjects, ResultGetCustomObjects,
    ResultSyncCustomObjects, SyncCustomObjStatus, SyncOperationEnum, SyncStatusEnum,
};
use std::sync::Arc;

pub(super) async fn get_custom_objects(
    app: &Arc<App>,
    params: ParamsGetCustomObjects,
) -> Result<Response, Refused> {
    let query = CustomObjectQuery {
        object: params.obj_type_name,
        keys: pairs(params.custom_obj_key_list),
        include: params.include_attributes,
        batch_size: params.batch_size.map(i64::from),
        position: params.stream_position,
    };
    let page = app
        .read(move |txn, schema, _| custom_objects::get_custom_objects(txn, schema, &query))
        .await?;
    Ok(ResultGetCustomObjects {
        obj_type_name: page.object,
        return_count: int(page.records.len()),
        remaining_count: int(page.remaining),
        new_stream_position: page.position,
        custom_obj_list: Some(page.records.into_iter().map(record).collect()),
    }
    .into())
}

pub(super) async fn sync_custom_objects(
    app: &Arc<App>,
    caller: &Caller,
    params: ParamsSyncCustomObjects,
) -> Result<Response, Refused> {
    let name = params.obj_type_name;
    // SCO-13.
    let operation = match params.operation {
        Some(SyncOperationEnum::Insert) => SyncOperation::Insert,
        Some(SyncOperationEnum::Update) => SyncOperation::Update,
        Some(SyncOperationEnum::Upsert) | None => SyncOperation::Upsert,
    };
    let records: Vec<RecordInput> = params
        .custom_obj_list
        .into_iter()
        .map(|object| RecordInput {
            keys: pairs(object.custom_obj_key_list),
            attributes: pairs(object.custom_obj_attribute_list),
        })
        .collect();
    let keys: Vec<Pairs> = records.iter().map(|record| record.keys.clone()).collect();
    let synced = app
        .write(move |txn, schema, now| {
            custom_objects::sync_custom_objects(txn, schema, now, &name, operation, &records)
        })
        .await?;
    Ok(ResultSyncCustomObjects {
        sync_custom_obj_status_list: statuses(caller, synced, keys),
    }
    .into())
}

pub(super) async fn delete_custom_objects(
    app: &Arc<App>,
    caller: &Caller,
    params: ParamsDeleteCustomObjects,
) -> Result<Response, Refused> {
    let name = params.obj_type_name;
    let keys: Vec<Pairs> = params
        .custom_obj_key_lists
        .into_iter()
        .map(|list| pairs(Some(list)))
        .collect();
    let wanted = keys.clone();
    let synced = app
        .write(move |txn, schema, now| {
            custom_objects::delete_custom_objects(txn, schema, now, &name, &wanted)
        })
        .await?;
    Ok(ResultDeleteCustomObjects {
        delete_custom_obj_status_list: statuses(caller, synced, keys),
    }
    .into())
}

fn pairs(attributes: Option<Vec<Attribute>>) -> Pairs {
    attributes
        .unwrap_or_default()
        .into_iter()
        .map(|attribute| (attribute.attr_name.into_string(), attribute.attr_value))
        .collect()
}

/// attrType is nil everywhere in this area (GCO-9, SCO-14, XCO-3).
fn attributes(pairs: Pairs) -> Vec<Attribute> {
    let attribute = |(name, attr_value): (String, String)| Attribute {
        attr_name: name.into(),
        attr_type: None,
        attr_value,
    };
    pairs.into_iter().map(attribute).collect()
}

fn record(record: RecordView) -> CustomObj {
    CustomObj {
        custom_obj_key_list: Some(attributes(record.keys)),
        custom_obj_attribute_list: Some(attributes(record.attributes)),
    }
}

fn statuses(caller: &Caller, synced: SyncedRecords, keys: Vec<Pairs>) -> Vec<SyncCustomObjStatus> {
    let strict = caller.user.strict_statuses;
    synced
        .outcomes
        .into_iter()
        .zip(keys)
        .map(|(outcome, keys)| {
            let (status, error) = status(outcome, strict);
            SyncCustomObjStatus {
                obj_type_name: synced.object.clone(),
                // SCO-14: as they were sent; RSP-6: nil if none were.
                custom_obj_key_list: Some(attributes(keys)).filter(|keys| !keys.is_empty()),
                status,
                error,
            }
        })
        .collect()
}

/// The status on the wire. For stubs of an old schema, which has neither SKIPPED nor UNCHANGED, a user's answers go
/// without them (SCO-3, XCO-5).
fn status(outcome: RecordStatus, strict: bool) -> (SyncStatusEnum, Option<String>) {
    let failed = |text: &str| (SyncStatusEnum::Failed, Some(text.to_owned()));
    match outcome {
        RecordStatus::Created => (SyncStatusEnum::Created, None),
        RecordStatus::Updated => (SyncStatusEnum::Updated, None),
        RecordStatus::Deleted => (SyncStatusEnum::Deleted, None),
        RecordStatus::Exists if strict => failed("Object already exists"),
        RecordStatus::Missing if strict => failed("Object not found"),
        RecordStatus::NothingToDelete if strict => failed("Object not found"),
        RecordStatus::Exists | RecordStatus::Missing => (SyncStatusEnum::Skipped, None),
        RecordStatus::Unchanged if strict => (SyncStatusEnum::Updated, None),
        RecordStatus::Unchanged | RecordStatus::NothingToDelete => {
            (SyncStatusEnum::Unchanged, None)
        }
        RecordStatus::Failed(refusal) => failed(&refusal.to_string()),
    }
}
