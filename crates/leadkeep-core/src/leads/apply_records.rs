//! Leads written by the system itself, for rows of imports and steps of campaigns, through the engine of the syncs
//! (ITL-14, ITL-15, ACT-71).

use super::batch::{Batch, Manners, Named};
use super::input::{LeadInput, SyncStatus};
use super::matching::Match;
use super::prepare::PreparedLeads;
use crate::activities::Origin;
use crate::error::{CallError, RecordError};
use crate::ids::LeadId;
use crate::schema::Schema;
use crate::store::WriteTxn;
use jiff::Timestamp;

/// Finds the leads of records, and with `upsert` creates and updates them; without it nothing is written (DM-IMP-2). One
/// outcome a record: the lead, `None` if there is none and none is made, or why it failed (ITL-20).
///
/// # Errors
/// Those of the store.
pub(crate) fn apply_records(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    origin: &Origin,
    inputs: &[LeadInput],
    upsert: bool,
) -> Result<Vec<Result<Option<LeadId>, RecordError>>, CallError> {
    let mut records = PreparedLeads::records(None, schema, inputs);
    let manners = Manners {
        email_is_written: false,
        dedup: true,
        keyless: false,
        // DM-WSP-2: without a context header leads are updated where they are, and made in Default.
        workspace: None,
        origin,
        visitor: None,
    };
    let mut batch = Batch::begin(txn, schema, now, manners, &records)?;
    if !upsert {
        let found = records.iter().map(|record| match batch.find(record)? {
            Match::Key(lead) | Match::Email(lead) | Match::Visitor(lead) => {
                Ok(Some(batch.set.get(lead).id))
            }
            Match::New => Ok(None),
        });
        return Ok(found.collect());
    }
    let outcomes: Vec<(Named, SyncStatus)> = records
        .iter_mut()
        .map(|record| batch.record(record))
        .collect();
    let (ids, _) = batch.write(txn)?;
    let outcomes = outcomes.into_iter().map(|(lead, status)| match status {
        SyncStatus::Failed(error) => Err(error),
        SyncStatus::Created | SyncStatus::Updated => Ok(Some(LeadId(lead.number(&ids)))),
    });
    Ok(outcomes.collect())
}
