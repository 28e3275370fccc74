//! Finding opportunities on the admin pages.

use super::fields::ID;
use crate::error::CallError;
use crate::ids::OpportunityId;
use crate::leads::SCANNED;
use crate::schema::Schema;
use crate::store::{FieldIndex, Opportunity, Pick, ReadTxn, WriteTxn};
use crate::value;

/// What a search has found.
#[derive(Debug, Clone, PartialEq)]
pub enum OpportunitySearch {
    /// The opportunities, the newest first.
    Opportunities(Vec<Opportunity>),
    /// There are too many opportunities to look at them all; [`index_opportunities`] makes the index.
    NeedsIndex,
}

/// Opportunities whose field, or number for `Id`, has exactly a value, at most `limit`. A field that nobody knows, and a value
/// that the field cannot have, find none.
///
/// # Errors
/// Those of the store.
pub fn find_opportunities(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    field: &str,
    text: &str,
    limit: usize,
) -> Result<OpportunitySearch, CallError> {
    let ids = if field == ID {
        text.parse().ok().map(OpportunityId).into_iter().collect()
    } else {
        let rules = schema.value_rules();
        let key = schema.opportunity_fields.find(field).and_then(|field| {
            let kept = value::read(field.data_type, None, text, &rules).ok()??;
            Some((field.name.to_string(), kept))
        });
        if let Some((name, _)) = &key
            && !txn.has_index(&FieldIndex::Opportunity(name.clone()))?
        {
            let newest = txn.opportunities_before(None, 1)?;
            if newest.first().is_some_and(|newest| newest.id.0 > SCANNED) {
                return Ok(OpportunitySearch::NeedsIndex);
            }
        }
        let keys: Vec<_> = key.into_iter().collect();
        txn.opportunity_ids_by_field(&keys, Pick::newest(limit))?
            .concat()
    };
    let mut found = txn.opportunities(&ids)?;
    found.sort_by_key(|own| std::cmp::Reverse(own.id));
    Ok(OpportunitySearch::Opportunities(found))
}

/// Makes searches of opportunities by a field fast; false if no field has the name. Other calls wait for it.
///
/// # Errors
/// Those of the store.
pub fn index_opportunities(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    field: &str,
) -> Result<bool, CallError> {
    let Some(field) = schema.opportunity_fields.find(field) else {
        return Ok(false);
    };
    txn.ensure_index(&FieldIndex::Opportunity(field.name.to_string()))?;
    Ok(true)
}
