//! Finding leads on the admin pages: by the beginning of a value, or the newest.

use super::read::views;
use super::record::{Include, LeadView};
use super::values::is_email;
use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::{Field, Schema, SourceObject, WriteRule};
use crate::store::{FieldIndex, LeadKey, Pick, ReadTxn, WriteTxn};
use crate::value;
use std::sync::Arc;

/// Leads, or opportunities, that are looked at one by one where there is no index.
pub(crate) const SCANNED: i64 = 20_000;

/// What a search has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// The leads, by value.
    Leads(Vec<LeadView>),
    /// There are too many leads to look at them all; [`index_field`] makes the index.
    NeedsIndex,
}

/// Known leads whose field begins with a text, at most `limit`. Texts are compared as they are kept, and also in lower
/// case, in capitals and with a capital in front, so that `mei` finds `Mei`. A value that is no text is found by the form in
/// which it is kept, or by the beginning of that (`2026-11`).
///
/// # Errors
/// 20105 for a name that no field has.
pub fn search(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    field: &str,
    text: &str,
    limit: usize,
) -> Result<Search, CallError> {
    let field = known(schema, field)?;
    if is_email(field) {
        // Addresses are found by their hashes, and so as a whole.
        let key = LeadKey::Email(text.trim().to_lowercase().into());
        let ids = txn.lead_ids(&[key], Pick::newest(limit))?.concat();
        return found(txn, schema, &ids);
    }
    let index = index_of(field);
    if !txn.has_index(&index)? {
        let newest = txn.leads_before(None, 1)?;
        if newest.first().is_some_and(|lead| lead.id.0 > SCANNED) {
            return Ok(Search::NeedsIndex);
        }
    }
    let mut ids: Vec<LeadId> = Vec::new();
    for form in forms(schema, field, text.trim()) {
        for id in txn.lead_ids_by_prefix(&index, &form, limit)? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids.truncate(limit);
    found(txn, schema, &ids)
}

/// The leads of some ids, in their order.
fn found(txn: &mut dyn ReadTxn, schema: &Schema, ids: &[LeadId]) -> Result<Search, CallError> {
    let mut leads = txn.leads(ids)?;
    leads.sort_by_key(|lead| ids.iter().position(|id| *id == lead.id));
    Ok(Search::Leads(views(txn, schema, leads, &Include::Full)?))
}

/// Makes searches by a field fast. Other calls wait for it.
///
/// # Errors
/// 20105 for a name that no field has.
pub fn index_field(txn: &mut dyn WriteTxn, schema: &Schema, field: &str) -> Result<(), CallError> {
    let index = index_of(known(schema, field)?);
    Ok(txn.ensure_index(&index)?)
}

/// The newest known leads with an id below `before`, by id.
///
/// # Errors
/// Those of the store.
pub fn newest(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    before: Option<LeadId>,
    limit: usize,
) -> Result<Vec<LeadView>, CallError> {
    let leads = txn.leads_before(before, limit)?;
    Ok(views(txn, schema, leads, &Include::Full)?)
}

/// The fields by which leads can be searched: those whose values are attributes, and the address.
pub fn search_fields(schema: &Schema) -> impl Iterator<Item = &Arc<Field>> {
    let fields = schema.lead_fields.iter();
    fields.filter(|field| field.write_rule != WriteRule::RecordElement && schema.is_shown(field))
}

fn known<'s>(schema: &'s Schema, name: &str) -> Result<&'s Field, CallError> {
    let field = schema.lead_field(name).map(AsRef::as_ref);
    let field = field.filter(|field: &&Field| field.write_rule != WriteRule::RecordElement);
    field.ok_or_else(|| CallError::UnknownLeadFields(vec![name.to_owned()]))
}

fn index_of(field: &Field) -> FieldIndex {
    let name = field.name.to_string();
    match field.source {
        SourceObject::Company => FieldIndex::Company(name),
        _ => FieldIndex::Lead(name),
    }
}

/// The texts with which a value may begin, each once.
fn forms(schema: &Schema, field: &Field, text: &str) -> Vec<String> {
    let mut forms = vec![text.to_owned()];
    if field.data_type.is_text() {
        let lower = text.to_lowercase();
        let mut letters = lower.chars();
        let titled = match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => String::new(),
        };
        forms.extend([titled, text.to_uppercase(), lower]);
    } else if let Ok(Some(kept)) = value::read(field.data_type, None, text, &schema.value_rules()) {
        forms = vec![kept];
    }
    let mut each: Vec<String> = Vec::new();
    for form in forms {
        if !each.contains(&form) {
            each.push(form);
        }
    }
    each
}
