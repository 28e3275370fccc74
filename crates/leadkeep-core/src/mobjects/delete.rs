//! deleteMObjects.

use super::batch::{Batch, DealRef, Event, RoleRef};
use super::check_count;
use super::fields::key_field;
use super::input::{MObjectInput, MObjectOutcome, MObjectStatus, MObjectType};
use super::refusals::managed_by_crm;
use super::role;
use crate::error::{CallError, RecordError};
use crate::schema::Schema;
use crate::store::WriteTxn;
use jiff::Timestamp;

/// Deletes opportunities and roles (XMO-1 to XMO-10). One outcome an object, in the order of the objects (XMO-3).
///
/// # Errors
/// When the call as a whole is refused: no objects, or too many (XMO-8).
pub fn delete_mobjects(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    objects: &[MObjectInput],
) -> Result<Vec<MObjectOutcome>, CallError> {
    check_count(objects.len())?;
    let mut batch = Batch::load(txn, schema, now, objects)?;
    let outcomes = objects
        .iter()
        .map(|object| {
            let (id, status) = one(&mut batch, object)
                .unwrap_or_else(|error| (None, MObjectStatus::Failed(error)));
            MObjectOutcome {
                id: id.or(object.id),
                external_key: object.key().cloned(),
                status,
            }
        })
        .collect();
    batch.write(txn)?;
    Ok(outcomes)
}

fn one(
    batch: &mut Batch<'_>,
    object: &MObjectInput,
) -> Result<(Option<i64>, MObjectStatus), RecordError> {
    let kind = MObjectType::from_word(&object.object)
        .ok_or_else(|| RecordError::BadParameter("Object name is not valid".to_owned()))?;
    if kind == MObjectType::Program {
        // XMO-2, XMO-5.
        return Err(RecordError::BadParameter(
            "Program cannot be deleted".to_owned(),
        ));
    }
    managed_by_crm(batch.schema)?;
    // XMO-4, XMO-9: what is not there, or not any more, is UNCHANGED.
    match kind {
        MObjectType::Opportunity => Ok(match find_deal(batch, object)? {
            Some(deal) => (Some(delete_deal(batch, deal)), MObjectStatus::Deleted),
            None => (None, MObjectStatus::Unchanged),
        }),
        _ => Ok(match find_role(batch, object)? {
            Some(part) => (Some(delete_role(batch, part)), MObjectStatus::Deleted),
            None => (None, MObjectStatus::Unchanged),
        }),
    }
}

fn required() -> RecordError {
    RecordError::ParameterRequired("Parameter id is required".to_owned())
}

/// XMO-6.
pub(super) fn find_deal(
    batch: &Batch<'_>,
    object: &MObjectInput,
) -> Result<Option<DealRef>, RecordError> {
    if let Some(id) = object.id {
        return Ok(batch.deal(id));
    }
    let key = object.key().ok_or_else(required)?;
    let (field, value) = key_field(&batch.schema.opportunity_fields, &batch.rules, key)?;
    Ok(batch.deal_with(&field, &value))
}

pub(super) fn find_role(
    batch: &Batch<'_>,
    object: &MObjectInput,
) -> Result<Option<RoleRef>, RecordError> {
    if let Some(id) = object.id {
        return Ok(batch.part(id));
    }
    let named = role::named(batch, object)?;
    match (&named.deal, &named.lead) {
        (Some(Ok(deal)), Some(Ok(lead))) => Ok(batch.part_with(*deal, *lead, &named.role())),
        // XMO-4, DM-OPP-10: without its opportunity, or its lead, there is no role.
        (Some(_), Some(_)) => Ok(None),
        _ => Err(required()),
    }
}

/// XMO-7: its roles go with it.
fn delete_deal(batch: &mut Batch<'_>, deal: DealRef) -> i64 {
    for part in batch.parts_of(deal) {
        delete_role(batch, part);
    }
    batch.deals[deal].deleted = true;
    batch.deals[deal].row.id.0
}

/// XMO-10.
fn delete_role(batch: &mut Batch<'_>, part: RoleRef) -> i64 {
    batch.parts[part].deleted = true;
    batch.events.push(Event::RoleRemoved(part));
    batch.parts[part].row.id.0
}
