//! What becomes of records when the leads that they belong to are deleted.

use crate::ids::LeadId;
use crate::schema::{Link, Schema};
use crate::store::{Result, WriteTxn};

/// Records of a type that are deleted at a time.
const PAGE: usize = 1_000;

/// Deletes the records that link to leads by their id (DM-DEL-2, DM-COB-11).
///
/// # Errors
/// Those of the store.
pub(crate) fn delete_records_of_leads(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    leads: &[LeadId],
) -> Result<()> {
    let ids: Vec<String> = leads.iter().map(LeadId::to_string).collect();
    for object in &schema.custom_objects {
        for field in &object.fields {
            if field.link != Some(Link::LeadId) {
                continue;
            }
            let filter = [(field.name.clone(), ids.clone())];
            loop {
                let page = txn.records_after(object.id, &filter, None, PAGE)?;
                let gone: Vec<_> = page.iter().map(|record| record.id).collect();
                if gone.is_empty() {
                    break;
                }
                txn.delete_records(&gone)?;
            }
        }
    }
    Ok(())
}
