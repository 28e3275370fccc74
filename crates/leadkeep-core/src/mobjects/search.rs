//! Finding opportunities on the admin pages.

use super::fields::ID;
use crate::error::CallError;
use crate::ids::OpportunityId;
use crate::schema::Schema;
use crate::store::{Opportunity, Pick, ReadTxn};
use crate::value;

/// Opportunities whose field, or number for `Id`, has exactly a value, the newest first and at most `limit`. A field that
/// nobody knows, and a value that the field cannot have, find none.
///
/// # Errors
/// Those of the store.
pub fn find_opportunities(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    field: &str,
    text: &str,
    limit: usize,
) -> Result<Vec<Opportunity>, CallError> {
    let ids = if field == ID {
        text.parse().ok().map(OpportunityId).into_iter().collect()
    } else {
        let rules = schema.value_rules();
        let key = schema.opportunity_fields.find(field).and_then(|field| {
            let kept = value::read(field.data_type, None, text, &rules).ok()??;
            Some((field.name.to_string(), kept))
        });
        let keys: Vec<_> = key.into_iter().collect();
        txn.opportunity_ids_by_field(&keys, Pick::All(limit))?
            .concat()
    };
    let mut found = txn.opportunities(&ids)?;
    found.sort_by_key(|own| std::cmp::Reverse(own.id));
    Ok(found)
}
