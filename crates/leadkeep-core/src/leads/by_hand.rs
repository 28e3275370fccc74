//! What people do to leads by hand, on the admin pages: the rules of the API, and histories that say who it was (ACT-71).

use super::apply_records::apply_records;
use super::delete::delete_leads;
use super::input::LeadInput;
use super::key::LeadKeyType;
use super::merge::{MergeLeads, MergeOutcome, Merger, merge};
use super::read::one_view;
use crate::activities::Origin;
use crate::error::{CallError, RecordError};
use crate::ids::LeadId;
use crate::schema::Schema;
use crate::store::WriteTxn;
use jiff::Timestamp;

/// A value that somebody wants to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueEdit {
    /// The SOAP name of the field.
    pub field: String,
    /// What the field held when it was looked at, as it is written; empty for no value.
    pub before: String,
    /// What it is to hold; empty clears it.
    pub after: String,
}

/// Changes values of a lead by the rules of a sync by id (SML-43, COM-24, COM-25), all of them or none. Gives the names of
/// the fields that were to change; one whose two values are the same is left alone, whatever others have made of it.
///
/// # Errors
/// 20103 without such a lead, 20105 for a name that no field has, 20106 for a value that does not fit its field, or for a
/// field that somebody else has changed since it was looked at.
pub fn edit_lead(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    lead: LeadId,
    edits: &[ValueEdit],
) -> Result<Vec<String>, CallError> {
    let missing = || CallError::LeadNotFound {
        key_type: LeadKeyType::Idnum.as_str(),
        value: lead.to_string(),
    };
    let view = one_view(txn, schema, lead)?.ok_or_else(missing)?;
    let changed: Vec<&ValueEdit> = edits
        .iter()
        .filter(|edit| edit.after.trim() != edit.before.trim())
        .collect();
    for edit in &changed {
        let field = schema.lead_field(&edit.field);
        let field = field.ok_or_else(|| CallError::UnknownLeadFields(vec![edit.field.clone()]))?;
        let held = match field.name.as_ref() {
            "Email" => view.email.as_deref(),
            name => {
                let own = view.attributes.iter().find(|own| own.name.as_ref() == name);
                own.map(|own| own.value.as_str())
            }
        };
        let held = held.unwrap_or_default();
        if held.trim() != edit.before.trim() {
            let reason = format!(
                "{}: it was {:?} and is {held:?} now: somebody else has changed it",
                field.display_name,
                edit.before.trim()
            );
            return Err(CallError::LeadSyncFailed(reason));
        }
    }
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let input = LeadInput {
        id: Some(lead.0),
        attributes: changed
            .iter()
            .map(|edit| (edit.field.clone(), edit.after.clone()))
            .collect(),
        ..LeadInput::default()
    };
    let outcomes = apply_records(txn, schema, now, &Origin::Hand, &[input], true)?;
    match outcomes.into_iter().next() {
        Some(Ok(Some(_))) => Ok(changed.iter().map(|edit| edit.field.clone()).collect()),
        Some(Err(RecordError::LeadSyncFailed(reason))) => Err(CallError::LeadSyncFailed(reason)),
        Some(Err(RecordError::LeadNotFound(_)) | Ok(None)) | None => Err(missing()),
        Some(Err(error)) => Err(CallError::LeadSyncFailed(error.to_string())),
    }
}

/// Makes one lead part of another by the rules of mergeLeads (ML-1 to ML-17).
///
/// # Errors
/// Those of the store. That they cannot be merged is an outcome.
pub fn merge_lead(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    winner: LeadId,
    loser: LeadId,
) -> Result<MergeOutcome, CallError> {
    let key = |lead: LeadId| vec![(LeadKeyType::Idnum, lead.to_string())];
    let input = MergeLeads {
        winner: key(winner),
        losers: vec![key(loser)],
    };
    merge(txn, schema, now, &input, Merger::Hand)
}

/// Deletes a lead with all that belongs to it (DM-DEL-2); a Delete Lead stays (ACT-80). Whether it was there.
///
/// # Errors
/// Those of the store.
pub fn delete_lead(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    lead: LeadId,
) -> Result<bool, CallError> {
    let leads = txn.leads(&[lead])?;
    if leads.is_empty() {
        return Ok(false);
    }
    delete_leads(txn, schema, now, &leads, None)?;
    Ok(true)
}
