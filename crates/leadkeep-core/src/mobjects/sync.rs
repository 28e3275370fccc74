//! syncMObjects.

use super::batch::{Batch, DealRef, ProgramRef, RoleRef};
use super::check_count;
use super::delete::{find_deal, find_role};
use super::input::{MObjectInput, MObjectOutcome, MObjectStatus, MObjectType, SyncOperation};
use crate::error::{CallError, RecordError};
use crate::schema::Schema;
use crate::store::WriteTxn;
use jiff::Timestamp;

/// What became of an object, and where it stands in the batch.
pub(super) enum Done {
    /// A deal.
    Deal(DealRef, MObjectStatus),
    /// A role.
    Role(RoleRef, MObjectStatus),
    /// A program.
    Program(ProgramRef, MObjectStatus),
    /// None of the batch: the number that was sent, if any.
    Nothing(MObjectStatus),
}

/// Creates or updates opportunities and roles, updates programs; types may mix in a call (SMO-15). One outcome an object, in the order
/// of the objects (SMO-12); one that fails stops no other (SMO-11).
///
/// # Errors
/// When the call as a whole is refused: no objects, or too many (SMO-40, SMO-41).
pub fn sync_mobjects(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    operation: SyncOperation,
    objects: &[MObjectInput],
) -> Result<Vec<MObjectOutcome>, CallError> {
    check_count(objects.len())?;
    let mut batch = Batch::load(txn, schema, now, objects)?;
    // SMO-72, SMO-34: in order, each sees what earlier ones did.
    let done: Vec<Done> = objects
        .iter()
        .map(|object| {
            one(&mut batch, operation, object)
                .unwrap_or_else(|error| failed(&batch, object, MObjectStatus::Failed(error)))
        })
        .collect();
    let programs: Vec<i64> = batch
        .programs
        .iter()
        .map(|program| program.row.id.0)
        .collect();
    let (deals, roles) = batch.write(txn)?;
    Ok(objects
        .iter()
        .zip(done)
        .map(|(object, done)| {
            let (id, status) = match done {
                Done::Deal(deal, status) => (Some(deals[deal].0), status),
                Done::Role(role, status) => (Some(roles[role].0), status),
                Done::Program(program, status) => (Some(programs[program]), status),
                // SMO-44, SMO-46, SMO-74: the number that was sent.
                Done::Nothing(status) => (object.id, status),
            };
            // SMO-13: the key is echoed as it was sent.
            MObjectOutcome {
                id,
                external_key: object.key().cloned(),
                status,
            }
        })
        .collect())
}

fn one(
    batch: &mut Batch<'_>,
    operation: SyncOperation,
    object: &MObjectInput,
) -> Result<Done, RecordError> {
    match MObjectType::from_word(&object.object) {
        Some(MObjectType::Opportunity) => super::opportunity::sync(batch, operation, object),
        Some(MObjectType::OpportunityPersonRole) => super::role::sync(batch, operation, object),
        Some(MObjectType::Program) => super::program::sync(batch, operation, object),
        // SMO-42.
        None => Err(RecordError::BadParameter(
            "Object name is not valid".to_owned(),
        )),
    }
}

/// SMO-74: an object that failed still has the number of the one that it means.
fn failed(batch: &Batch<'_>, object: &MObjectInput, status: MObjectStatus) -> Done {
    let kind = MObjectType::from_word(&object.object).filter(|_| object.id.is_none());
    let found = match kind {
        Some(MObjectType::Opportunity) => find_deal(batch, object).ok().flatten().map(Ok),
        Some(MObjectType::OpportunityPersonRole) => {
            find_role(batch, object).ok().flatten().map(Err)
        }
        _ => None,
    };
    match found {
        Some(Ok(deal)) => Done::Deal(deal, status),
        Some(Err(role)) => Done::Role(role, status),
        None => Done::Nothing(status),
    }
}

/// SMO-54: what would be ignored is refused.
pub(super) fn no_typed_attributes(object: &MObjectInput) -> Result<(), RecordError> {
    if object
        .typed
        .iter()
        .any(|typed| !typed.kind.trim().is_empty() || !typed.attributes.is_empty())
    {
        return Err(RecordError::BadParameter(
            "typeAttribList is for programs only".to_owned(),
        ));
    }
    Ok(())
}

/// SMO-28, SMO-50: roles and programs have no external key.
pub(super) fn no_external_key(object: &MObjectInput, kind: MObjectType) -> Result<(), RecordError> {
    match object.key() {
        Some(_) => Err(RecordError::BadParameter(format!(
            "{} has no externalKey",
            kind.as_str()
        ))),
        None => Ok(()),
    }
}
