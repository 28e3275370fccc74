//! Fields and values of MObjects as callers write them.

use super::input::ExternalKey;
use crate::activities::{ValueChange, told};
use crate::attrs::Attrs;
use crate::error::RecordError;
use crate::ids::LeadId;
use crate::schema::{Field, FieldSet, Schema, SourceObject, WriteRule};
use crate::store::{self, FieldIndex, ForeignId, ForeignSystem, LeadKey, WriteTxn};
use crate::unknown_names::UnknownNames;
use crate::value::{self, DataType, ValueRules};
use jiff::tz::TimeZone;
use std::collections::HashSet;
use std::sync::Arc;

/// A field and its canonical value; none clears it.
pub(super) type FieldValue = (Arc<Field>, Option<String>);
/// The field of an object's number. As a key it is the number; a value of it is never stored (SMO-37).
pub(super) const ID: &str = "Id";

/// Whether callers may fill a field: numbers, times and references are the server's (COM-28, SMO-37, SMO-53).
pub(super) fn is_writable(field: &Field) -> bool {
    !field.is_readonly
        && matches!(
            field.write_rule,
            WriteRule::Normal | WriteRule::CreateDefault | WriteRule::Required
        )
}

/// The field and the canonical value of an external key (SMO-50, SMO-51).
pub(super) fn key_field(
    fields: &FieldSet,
    rules: &ValueRules,
    key: &ExternalKey,
) -> Result<(Arc<Field>, String), RecordError> {
    let bad = |reason: String| {
        RecordError::BadParameter(format!("externalKey {}: {reason}", key.name.trim()))
    };
    let field = fields
        .find(&key.name)
        .ok_or_else(|| bad("there is no such field".to_owned()))?;
    if !matches!(field.data_type, DataType::String | DataType::Integer) {
        return Err(bad(format!(
            "a field of type string or integer is expected, not {}",
            field.data_type.as_str()
        )));
    }
    match value::read(field.data_type, field.size, key.value.trim(), rules) {
        Ok(Some(value)) => Ok((field.clone(), value)),
        Ok(None) => Err(bad("the value is empty".to_owned())),
        Err(reason) => Err(bad(reason.to_string())),
    }
}

/// The look-ups of a lead, or of the company of a lead, by any of its fields (SMO-66, SMO-67); never none.
pub(crate) fn lead_keys(
    schema: &Schema,
    rules: &ValueRules,
    key: &ExternalKey,
) -> Result<Vec<LeadKey>, RecordError> {
    let bad = |reason: String| {
        RecordError::BadParameter(format!("externalKey {}: {reason}", key.name.trim()))
    };
    let field = schema
        .lead_field(&key.name)
        .ok_or_else(|| bad("there is no such field".to_owned()))?;
    let text = key.value.trim();
    let read = value::read(field.data_type, field.size, text, rules)
        .map_err(|reason| bad(reason.to_string()))?;
    let canonical = read.ok_or_else(|| bad("the value is empty".to_owned()))?;
    // Leads and companies keep the blanks around their strings (VAL-1), so the value as it was sent is looked for too.
    let mut forms = vec![canonical];
    if let Ok(Some(kept)) = value::read(field.data_type, field.size, &key.value, rules)
        && kept != forms[0]
    {
        forms.push(kept);
    }
    Ok(match field.name.as_ref() {
        ID => vec![LeadKey::Id(LeadId(forms[0].parse().unwrap_or_default()))],
        "Email" => vec![LeadKey::Email(forms[0].to_lowercase().into())],
        "ForeignSysPersonId" => foreign_keys(text),
        name if field.source == SourceObject::Company => forms
            .into_iter()
            .map(|form| LeadKey::CompanyField(name.to_owned(), form))
            .collect(),
        name => forms
            .into_iter()
            .map(|form| LeadKey::LeadField(name.to_owned(), form))
            .collect(),
    })
}

/// Sees to it that fields which serve as keys are found by an index (DM section 13).
///
/// # Errors
/// Those of the store.
pub(crate) fn ensure_indexes<'k>(
    txn: &mut dyn WriteTxn,
    keys: impl Iterator<Item = &'k LeadKey>,
) -> store::Result<()> {
    let index = |key: &LeadKey| match key {
        LeadKey::LeadField(name, _) => Some(FieldIndex::Lead(name.clone())),
        LeadKey::CompanyField(name, _) => Some(FieldIndex::Company(name.clone())),
        _ => None,
    };
    let indexes: HashSet<FieldIndex> = keys.filter_map(index).collect();
    for index in &indexes {
        txn.ensure_index(index)?;
    }
    Ok(())
}

/// A foreign id whose type no key can name: of type CUSTOM or of any other; CRM ids of 15 and 18 characters are one
/// (SL-37, COM-9).
fn foreign_keys(value: &str) -> Vec<LeadKey> {
    let mut keys = vec![
        LeadKey::Foreign(ForeignId {
            system: ForeignSystem::Custom,
            value: value.to_owned(),
        }),
        LeadKey::ForeignAnySystem(value.to_owned()),
    ];
    if let Some(prefix) = value.get(..15)
        && matches!(value.len(), 15 | 18)
    {
        keys.push(LeadKey::SfdcPrefix(prefix.to_owned()));
    }
    keys
}

/// The attributes of an object, read (SMO-36): unknown names and bad values refuse it as a whole (SMO-52, SMO-53).
/// Strings lose the blanks around them too: any may be a key, which compares without them (SMO-51).
pub(super) fn read_attributes(
    fields: &FieldSet,
    rules: &ValueRules,
    attributes: &[(String, String)],
) -> Result<Vec<FieldValue>, RecordError> {
    let mut unknown = UnknownNames::default();
    let mut values: Vec<(Arc<Field>, Result<_, RecordError>)> = Vec::new();
    for (name, raw) in attributes {
        if name.trim().is_empty() {
            continue;
        }
        let Some(field) = fields.find(name) else {
            unknown.add(name);
            continue;
        };
        if !is_writable(field) {
            continue;
        }
        let text = match field.data_type {
            DataType::Text => raw,
            _ => raw.trim(),
        };
        let read = value::read(field.data_type, field.size, text, rules)
            .map_err(|reason| RecordError::BadParameter(format!("{}: {reason}", field.name)));
        // Of a repeated name the last one counts (SMO-53).
        values.retain(|(known, _)| known.name != field.name);
        values.push((field.clone(), read));
    }
    must_be_none(unknown)?;
    let read = values.into_iter().map(|(field, read)| Ok((field, read?)));
    let mut values = read.collect::<Result<Vec<FieldValue>, RecordError>>()?;
    values.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    Ok(values)
}

/// Refuses names that no field has, all at once (SMO-52).
pub(super) fn must_be_none(unknown: UnknownNames<'_>) -> Result<(), RecordError> {
    unknown.into_names().map_or(Ok(()), |names| {
        let text = format!("unknown fields: {}", names.join(", "));
        Err(RecordError::BadParameter(text))
    })
}

/// Stores values and tells which changed, by display name, as histories have them.
pub(super) fn set_values(
    attrs: &mut Attrs,
    values: Vec<FieldValue>,
    zone: &TimeZone,
) -> Vec<ValueChange> {
    let mut changes = Vec::new();
    for (field, value) in values {
        if attrs.get(&field.name) != value.as_deref() {
            let after = value.clone();
            let before = attrs.set(&field.name, value);
            let name = field.display_name.clone();
            changes.push((name, told(&field, before, zone), told(&field, after, zone)));
        }
    }
    changes
}
