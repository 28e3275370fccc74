//! deleteCustomObjects.

use super::batch::{Batch, key_of, read_value};
use super::input::{Pairs, RecordRefusal, RecordStatus, SyncedRecords};
use super::{check_count, object_type};
use crate::error::CallError;
use crate::schema::{CustomObject, Schema};
use crate::store::WriteTxn;
use crate::value::ValueRules;
use jiff::Timestamp;

/// Deletes records of one type by their whole keys (XCO-1 to XCO-9).
///
/// # Errors
/// 20110 for an unknown type or too many keys, 20109 for none (XCO-8).
pub fn delete_custom_objects(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    name: &str,
    keys: &[Pairs],
) -> Result<SyncedRecords, CallError> {
    let object = object_type(schema, name)?;
    check_count("customObjKeyLists", keys.len())?;
    let rules = schema.value_rules();
    let read: Vec<_> = keys
        .iter()
        .map(|pairs| key(&object, &rules, pairs))
        .collect();
    let wanted = read.iter().flatten().cloned().collect();
    let mut batch = Batch::load(txn, &object, now, wanted)?;
    let outcomes = read
        .into_iter()
        .map(|key| match key {
            Err(refusal) => RecordStatus::Failed(refusal),
            Ok(key) => match batch.find(&key) {
                Some(place) => {
                    batch.delete(place);
                    RecordStatus::Deleted
                }
                // XCO-5, XCO-9.
                None => RecordStatus::NothingToDelete,
            },
        })
        .collect();
    batch.write(txn)?;
    Ok(SyncedRecords {
        object: object.name.clone(),
        outcomes,
    })
}

/// XCO-6, XCO-7, DM-COB-10: all dedupe fields and nothing else, so that nobody deletes a whole history by accident.
fn key(object: &CustomObject, rules: &ValueRules, pairs: &Pairs) -> Result<String, RecordRefusal> {
    let mut values = Vec::new();
    for (name, raw) in pairs.iter().filter(|(name, _)| !name.trim().is_empty()) {
        let field = object.field(name).filter(|field| field.dedupe);
        let field = field.ok_or_else(|| RecordRefusal::NotAKey(name.trim().to_owned()))?;
        values.push((field, read_value(rules, field, raw)?));
    }
    if !object.fields.iter().any(|field| field.dedupe) {
        // Records without a key cannot be named.
        return Err(RecordRefusal::MissingKey(format!(
            "{} has none",
            object.name
        )));
    }
    let value_of = |wanted: &crate::schema::ObjectField| {
        values
            .iter()
            .rev()
            .find(|(field, _)| field.name == wanted.name)
            .and_then(|(_, value)| value.clone())
    };
    key_of(object, value_of).map_err(RecordRefusal::MissingKey)
}
