//! Opportunities, their person roles, and programs: how they are written (syncMObjects, deleteMObjects), read
//! (getMObjects) and described (describeMObject, listMObjects).

mod batch;
mod criteria;
mod delete;
mod describe;
mod export;
mod fields;
mod input;
mod opportunity;
mod position;
mod program;
mod read;
mod refusals;
mod role;
mod search;
mod sync;
mod view;

#[cfg(test)]
mod tests;

pub use delete::delete_mobjects;
pub use describe::{FieldDescription, ObjectDescription, describe_mobject, list_mobjects};
pub use export::MObjectRows;
pub(crate) use export::fields_of;
pub(crate) use fields::{ensure_indexes, lead_keys};
pub use input::{
    Association, ExternalKey, MObjectInput, MObjectOutcome, MObjectStatus, MObjectType,
    SyncOperation, TypedAttributes,
};
pub use read::{Criterion, MObjectPage, MObjectQuery, get_mobjects};
pub use search::{OpportunitySearch, find_opportunities, index_opportunities};
pub use sync::sync_mobjects;
pub use view::MObjectView;

/// Objects of one call at the most (SMO-1, SMO-40, XMO-8).
pub(crate) const MAX_OBJECTS: usize = 100;

/// Refuses a call without objects, or with too many (SMO-40, SMO-41, XMO-8).
fn check_count(count: usize) -> Result<(), crate::error::CallError> {
    use crate::error::CallError;
    match count {
        0 => Err(CallError::ParameterRequired("mObjectList")),
        1..=MAX_OBJECTS => Ok(()),
        _ => Err(CallError::BadParameter {
            parameter: "mObjectList",
            reason: format!("at most {MAX_OBJECTS} objects are allowed, {count} came"),
        }),
    }
}
