//! Custom objects: how their records are written (syncCustomObjects, deleteCustomObjects) and read
//! (getCustomObjects).

mod batch;
mod delete;
mod export;
mod input;
mod links;
mod position;
mod read;
mod relink;
mod sync;
#[cfg(test)]
mod tests;
mod unlink;

pub use delete::delete_custom_objects;
pub use export::RecordRows;
pub use input::{Pairs, RecordInput, RecordOutcome, RecordRefusal, RecordStatus, SyncedRecords};
pub use read::{CustomObjectQuery, RecordPage, RecordView, get_custom_objects};
pub(crate) use relink::relink_records;
pub use sync::sync_custom_objects;
pub(crate) use unlink::delete_records_of_leads;

use crate::error::CallError;
use crate::schema::{CustomObject, Schema};
use std::sync::Arc;

/// Records of one call at the most (SCO-1, XCO-8).
pub(crate) const MAX_RECORDS: usize = 100;

/// The type of a call (SCO-18, SCO-23, SCO-36, GCO-6, GCO-11, GCO-22, XCO-7).
pub(crate) fn object_type(schema: &Schema, name: &str) -> Result<Arc<CustomObject>, CallError> {
    if name.trim().is_empty() {
        return Err(CallError::ParameterRequired("objTypeName"));
    }
    schema
        .custom_object(name)
        .cloned()
        .ok_or(CallError::BadObjectName)
}

/// Refuses a call without records, or with too many (SCO-23, XCO-8).
fn check_count(parameter: &'static str, count: usize) -> Result<(), CallError> {
    match count {
        0 => Err(CallError::ParameterRequired(parameter)),
        1..=MAX_RECORDS => Ok(()),
        _ => Err(CallError::BadParameter {
            parameter,
            reason: format!("at most {MAX_RECORDS} records are allowed, {count} came"),
        }),
    }
}
