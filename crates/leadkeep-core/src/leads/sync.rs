//! syncMultipleLeads and syncLead: one engine, and the few points where they differ.

use super::batch::{Batch, Manners};
use super::events::Spent;
use super::input::{SyncLead, SyncMultipleLeads, SyncOutcome, SyncStatus};
use super::merge::{Merger, absorb};
use super::partition::target_workspace;
use super::prepare::{Prepared, PreparedLeads};
use super::read::one_view;
use super::record::LeadView;
use crate::activities::Origin;
use crate::error::{CallError, RecordError};
use crate::ids::LeadId;
use crate::schema::{Schema, UnknownAttribute};
use crate::store::{Cookie, EmailPick, Lead, LeadKey, Pick, WriteTxn};
use jiff::Timestamp;
use std::collections::HashSet;

/// Creates or updates several leads (SML-1 to SML-55). One outcome a record, in the order of the records (SML-13,
/// COM-36). All of them are committed by the caller's transaction, or none (SML-54, COM-39).
///
/// What the call needed comes back with the outcomes, to be freed when nobody waits.
///
/// `prepared` are the same records, read ahead; without it, or if the definitions have changed since, they are read here.
///
/// # Errors
/// When the call as a whole is refused: too many records (SML-28), none (SML-26, SML-29), or unknown attribute names,
/// unless the switch `unknown_attribute` leaves them to the records (SML-23). Nothing is stored then.
pub fn sync_multiple_leads(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &SyncMultipleLeads,
    prepared: Option<PreparedLeads>,
) -> Result<(Vec<SyncOutcome>, Spent), CallError> {
    let came = input.records.len();
    if came == 0 {
        // SML-26, SML-29.
        return Err(CallError::LeadRecordRequired);
    }
    if came > input.max_records {
        // SML-12, SML-28.
        let reason = format!(
            "at most {} records are allowed, {came} came",
            input.max_records
        );
        return Err(CallError::BadParameter {
            parameter: "leadRecordList",
            reason,
        });
    }
    let mut records = PreparedLeads::records(prepared, schema, &input.records);
    // SML-23.
    match schema.rules.unknown_attribute {
        UnknownAttribute::Fault => refuse_unknown(&records)?,
        UnknownAttribute::Fail => records.iter_mut().for_each(fail_unknown),
    }
    let manners = Manners {
        email_is_written: false,
        dedup: input.dedup,
        keyless: false,
        // SML-20: the header is not for this call.
        workspace: None,
        origin: &Origin::Api,
        visitor: None,
    };
    let mut batch = Batch::begin(txn, schema, now, manners, &records)?;
    // SML-41, SML-42, COM-38: each record sees what earlier ones did. SML-45, COM-37: one that fails stops no other.
    let outcomes: Vec<_> = records
        .iter_mut()
        .map(|record| batch.record(record))
        .collect();
    let (ids, spent) = batch.write(txn)?;
    let outcomes = outcomes.into_iter().map(|(lead, status)| SyncOutcome {
        lead: lead.number(&ids),
        status,
    });
    Ok((outcomes.collect(), spent))
}

/// Creates or updates one lead (SL-1 to SL-47). Gives the outcome, which is never FAILED (SL-44), and the lead after
/// the call if it is wanted (SL-14).
///
/// `prepared` is the same record, read ahead, as for [`sync_multiple_leads`].
///
/// # Errors
/// Every refusal of the record is one of the call: 20103 (SL-17), 20104 (SL-20, SL-32), 20105 (SL-18), 20106 (SL-21,
/// SL-30, SL-42, SL-43), 20110 for an unknown workspace (SL-31).
pub fn sync_lead(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &SyncLead,
    prepared: Option<PreparedLeads>,
) -> Result<(SyncOutcome, Option<LeadView>), CallError> {
    // SL-33: an empty cookie is none.
    let cookie = input
        .cookie
        .as_deref()
        .filter(|cookie| !cookie.trim().is_empty());
    let cookie = cookie.map(super::key::cookie);
    let given = std::slice::from_ref(&input.record);
    let Some(mut record) = PreparedLeads::records(prepared, schema, given).pop() else {
        return Err(CallError::LeadRecordRequired);
    };
    if record.has_no_key() && !record.values.any && cookie.is_none() {
        return Err(CallError::LeadRecordRequired);
    }
    let workspace = target_workspace(schema, input.workspace.as_deref())?;
    refuse_unknown(std::slice::from_ref(&record))?;
    let visitor = match &cookie {
        Some(cookie) => owner(txn, cookie)?,
        None => None,
    };
    let manners = Manners {
        email_is_written: true,
        dedup: true,
        keyless: true,
        workspace,
        origin: &Origin::Api,
        visitor: visitor.as_ref().map(|lead| lead.id),
    };
    let mut batch = Batch::begin(txn, schema, now, manners, std::slice::from_ref(&record))?;
    let (lead, status) = batch.record(&mut record);
    if let SyncStatus::Failed(error) = status {
        return Err(match error {
            RecordError::LeadNotFound(_) => CallError::LeadNotFound {
                key_type: "IDNUM",
                value: record.id.unwrap_or_default().to_string(),
            },
            RecordError::LeadSyncFailed(reason) => CallError::LeadSyncFailed(reason),
            error => CallError::LeadSyncFailed(error.to_string()),
        });
    }
    let (ids, _) = batch.write(txn)?;
    // SL-15: one id, which the answer gives twice.
    let lead = lead.number(&ids);
    if let Some(cookie) = cookie {
        let lead = LeadId(lead);
        // SL-34, DM-COOK-2: an anonymous owner becomes part of the lead; a known one keeps its past and loses the cookie.
        if let Some(visitor) = visitor.filter(|visitor| visitor.anonymous && visitor.id != lead) {
            absorb(txn, schema, now, lead, &[visitor.id], Merger::Cookie)?;
        }
        txn.attach_cookies(&[(cookie, lead)])?;
    }
    let view = match input.return_lead {
        true => one_view(txn, schema, LeadId(lead))?,
        false => None,
    };
    Ok((SyncOutcome { lead, status }, view))
}

/// The lead, known or anonymous, that has a cookie (SL-2, SL-33).
fn owner(txn: &mut dyn WriteTxn, cookie: &Cookie) -> Result<Option<Lead>, CallError> {
    let key = LeadKey::Cookie(cookie.clone());
    let ids = txn.lead_ids(&[key], Pick::one(EmailPick::Added))?.concat();
    Ok(match ids.is_empty() {
        true => None,
        false => txn.leads(&ids)?.pop(),
    })
}

/// SL-18, SML-23, DM-NAM-4: all unknown names of all records, each once.
fn refuse_unknown(records: &[Prepared]) -> Result<(), CallError> {
    let mut seen = HashSet::new();
    let names: Vec<String> = records
        .iter()
        .flat_map(|record| &record.values.unknown)
        .filter(|name| seen.insert(name.as_str()))
        .cloned()
        .collect();
    if names.is_empty() {
        Ok(())
    } else {
        Err(CallError::UnknownLeadFields(names))
    }
}

fn fail_unknown(record: &mut Prepared) {
    let names = std::mem::take(&mut record.values.unknown);
    if !names.is_empty() {
        record.error = Some(RecordError::UnknownLeadFields(names));
    }
}
