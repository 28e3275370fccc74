//! A record before the store is asked: its keys, and its values read.

use super::input::{ForeignKey, LeadInput};
use crate::error::RecordError;
use crate::schema::{Field, Schema, WriteRule};
use crate::store::ForeignSystem;
use crate::value::{self, DataType, ValueRules};
use std::collections::HashSet;
use std::sync::Arc;

/// A record whose values have been read.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// The lead id that it names.
    pub(super) id: Option<i64>,
    /// The address that it names, trimmed; an error if it cannot be one.
    pub(super) email: Option<Result<String, RecordError>>,
    /// The foreign id that it names, trimmed.
    pub(super) foreign: Option<ForeignKey>,
    /// The new address out of the attribute list: empty clears it (SML-38).
    pub(super) new_email: Option<Option<String>>,
    /// The other values, in the order of SOAP names (ACT-21).
    pub(super) values: Vec<(Arc<Field>, Option<String>)>,
    /// Whether the attribute list named anything.
    pub(super) has_attributes: bool,
    /// Attribute names that no field has.
    pub(super) unknown: Vec<String>,
    /// The first value that does not fit.
    pub(super) error: Option<RecordError>,
}

impl Prepared {
    /// Whether nothing identifies the record.
    pub(super) fn has_no_key(&self) -> bool {
        self.id.is_none() && self.email.is_none() && self.foreign.is_none()
    }
}

/// Reads one record. Errors of values are kept in it: which call or record they fail is for the caller.
pub(super) fn prepare(schema: &Schema, rules: &ValueRules, input: &LeadInput) -> Prepared {
    let mut prepared = Prepared {
        id: input.id.filter(|id| *id != 0),
        email: given(input.email.as_deref()).map(|email| address(email, rules)),
        foreign: input
            .foreign_id
            .as_ref()
            .and_then(|key| foreign(&key.value, key.system)),
        new_email: None,
        values: Vec::with_capacity(input.attributes.len()),
        has_attributes: false,
        unknown: Vec::new(),
        error: None,
    };
    if prepared.has_no_key() && !schema.rules.strict_keys {
        loose_keys(&mut prepared, input, rules);
    }
    read_values(&mut prepared, schema, rules, input);
    prepared
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// VAL-11, SL-42, SML-43.
fn address(email: &str, rules: &ValueRules) -> Result<String, RecordError> {
    match value::read(DataType::Email, Some(255), email, rules) {
        Ok(read) => Ok(read.unwrap_or_default()),
        Err(reason) => Err(RecordError::LeadSyncFailed(format!("Email: {reason}"))),
    }
}

fn foreign(value: &str, system: Option<ForeignSystem>) -> Option<ForeignKey> {
    // SML-18: an empty element is none; SL-38: a type without a value is ignored.
    given(Some(value)).map(|value| ForeignKey {
        system,
        value: value.to_owned(),
    })
}

/// REQ-3: misspelt keys, then attributes that are called like keys.
fn loose_keys(prepared: &mut Prepared, input: &LeadInput, rules: &ValueRules) {
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|id| *id != 0);
    let loose = &input.loose;
    prepared.id = loose.id.as_deref().and_then(number);
    prepared.email = given(loose.email.as_deref()).map(|email| address(email, rules));
    let system = loose
        .foreign_system
        .as_deref()
        .and_then(|word| ForeignSystem::from_word(&word.trim().to_uppercase()));
    prepared.foreign = loose
        .foreign_id
        .as_deref()
        .and_then(|value| foreign(value, system));
    let attribute = |wanted: &str| {
        let mut named = input
            .attributes
            .iter()
            .rev()
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        named.next().map(|(_, value)| value.as_str())
    };
    if prepared.has_no_key() {
        prepared.id = attribute("Id").and_then(number);
    }
    if prepared.has_no_key() {
        // SL-13, SML-19: the address as an attribute only.
        prepared.email = given(attribute("Email")).map(|email| address(email, rules));
    }
}

fn read_values(prepared: &mut Prepared, schema: &Schema, rules: &ValueRules, input: &LeadInput) {
    let mut unknown = HashSet::new();
    for (name, raw) in &input.attributes {
        let name = name.trim();
        if name.is_empty() {
            // COM-25.
            continue;
        }
        prepared.has_attributes = true;
        let Some(field) = schema.lead_field(name) else {
            if unknown.insert(name) {
                prepared.unknown.push(name.to_owned());
            }
            continue;
        };
        if !is_written(field) {
            // COM-28: dropped without complaint.
            continue;
        }
        match value::read(field.data_type, field.size, raw, rules) {
            Ok(read) if is_email(field) => prepared.new_email = Some(read),
            Ok(read) => prepared.values.push((field.clone(), read)),
            Err(reason) => {
                let text = format!("{}: {reason}", field.name);
                prepared
                    .error
                    .get_or_insert(RecordError::LeadSyncFailed(text));
            }
        }
    }
    // COM-27: of one field named twice the last value counts. The sort is stable, so that the last stays last.
    prepared
        .values
        .sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    let mut latest: Vec<(Arc<Field>, Option<String>)> = Vec::with_capacity(prepared.values.len());
    for (field, read) in prepared.values.drain(..) {
        match latest.last_mut() {
            Some(last) if last.0.name == field.name => last.1 = read,
            _ => latest.push((field, read)),
        }
    }
    prepared.values = latest;
}

/// Whether a value that is sent is stored at all.
fn is_written(field: &Field) -> bool {
    is_email(field)
        || matches!(
            field.write_rule,
            WriteRule::Normal | WriteRule::CreateDefault
        )
}

/// Whether the field is the address, which is an element of the record.
pub(super) fn is_email(field: &Field) -> bool {
    field.name.as_ref() == "Email"
}
