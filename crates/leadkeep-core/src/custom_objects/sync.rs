//! syncCustomObjects.

use super::batch::{Batch, Prepared, prepare};
use super::input::{RecordInput, RecordRefusal, RecordStatus, SyncedRecords};
use super::links::Links;
use super::{check_count, object_type};
use crate::error::CallError;
use crate::mobjects::SyncOperation;
use crate::schema::{CustomObject, Schema};
use crate::store::WriteTxn;
use jiff::Timestamp;

/// Creates or updates records of one type (SCO-1 to SCO-42, DM-COB-9). One that fails stops no other (SCO-7); no activity is
/// written (SCO-41).
///
/// # Errors
/// 20110 for an unknown type (SCO-18) or too many records, 20109 for none (SCO-23).
pub fn sync_custom_objects(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    name: &str,
    operation: SyncOperation,
    records: &[RecordInput],
) -> Result<SyncedRecords, CallError> {
    let object = object_type(schema, name)?;
    check_count("customObjList", records.len())?;
    let rules = schema.value_rules();
    let prepared: Vec<_> = records
        .iter()
        .map(|record| prepare(&object, &rules, record))
        .collect();
    let readable: Vec<&Prepared<'_>> = prepared.iter().flatten().collect();
    let links = Links::load(txn, schema, &readable)?;
    let keys = readable
        .iter()
        .filter_map(|record| record.key.clone())
        .collect();
    let mut batch = Batch::load(txn, &object, now, keys)?;
    // SCO-38: in order, each sees what earlier ones did.
    let outcomes = prepared
        .into_iter()
        .map(|record| {
            record
                .and_then(|record| one(&mut batch, schema, &object, &links, operation, record))
                .unwrap_or_else(RecordStatus::Failed)
        })
        .collect();
    batch.write(txn)?;
    Ok(SyncedRecords {
        object: object.name.clone(),
        outcomes,
    })
}

fn one(
    batch: &mut Batch,
    schema: &Schema,
    object: &CustomObject,
    links: &Links,
    operation: SyncOperation,
    record: Prepared<'_>,
) -> Result<RecordStatus, RecordRefusal> {
    let found = record.key.as_deref().and_then(|key| batch.find(key));
    match (found, operation) {
        // SCO-4, SCO-30.
        (Some(_), SyncOperation::Insert) => return Ok(RecordStatus::Exists),
        // SCO-5, SCO-27, SCO-31.
        (None, SyncOperation::Update) => return Ok(RecordStatus::Missing),
        _ => {}
    }
    // SCO-28, DM-COB-7: whenever a value of a link field is sent.
    links.check(schema, batch, &record)?;
    Ok(match found {
        None => {
            batch.create(object, record);
            RecordStatus::Created
        }
        Some(place) if batch.update(object, place, record) => RecordStatus::Updated,
        Some(_) => RecordStatus::Unchanged,
    })
}
