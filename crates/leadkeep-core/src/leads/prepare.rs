//! A record before the store is asked: its keys, and its values read.

use super::input::{ForeignKey, LeadInput};
use super::values::{Values, read_values};
use crate::error::RecordError;
use crate::schema::{PlaceMemo, Schema};
use crate::store::ForeignSystem;
use crate::value::{self, DataType, ValueRules};
use std::sync::Arc;

/// Characters of a foreign id at the most.
const FOREIGN_ID_SIZE: usize = 255;

/// The records of a call, read ahead of its transaction, so that writes of others need not wait for that. They hold for
/// one version of the definitions.
#[derive(Debug)]
pub struct PreparedLeads {
    version: u64,
    records: Vec<Prepared>,
}

impl PreparedLeads {
    /// Reads the records of a call by the definitions as they are just now.
    pub fn read(schema: &Schema, records: &[LeadInput]) -> Self {
        let rules = schema.value_rules();
        let mut places = PlaceMemo::new(&schema.lead_fields);
        Self {
            version: schema.version,
            records: records
                .iter()
                .map(|record| prepare(schema, &rules, &mut places, record))
                .collect(),
        }
    }

    /// Records that may have been read ahead; they are read now if not, or if these are other definitions.
    pub(super) fn records(
        ahead: Option<Self>,
        schema: &Schema,
        records: &[LeadInput],
    ) -> Vec<Prepared> {
        match ahead {
            Some(ahead) if ahead.version == schema.version => ahead.records,
            _ => Self::read(schema, records).records,
        }
    }
}

/// A record whose keys and values have been read.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The lead id that it names.
    pub(super) id: Option<i64>,
    /// The address that it names; an error if it cannot be one.
    pub(super) email: Option<Result<Address, RecordError>>,
    /// The foreign id that it names, trimmed.
    pub(super) foreign: Option<ForeignKey>,
    /// Its attributes.
    pub(super) values: Values,
    /// The first thing that keeps it from being stored, whatever lead it finds.
    pub(super) error: Option<RecordError>,
}

/// An address as it is stored, and as it is compared (VAL-11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Trimmed.
    pub(super) text: String,
    /// In lower case.
    pub(super) folded: Arc<str>,
}

impl Address {
    /// An address as it is stored.
    pub(super) fn new(text: String) -> Self {
        let folded = text.to_lowercase().into();
        Self { text, folded }
    }
}

impl Prepared {
    /// Whether nothing identifies the record.
    pub(super) fn has_no_key(&self) -> bool {
        self.id.is_none() && self.email.is_none() && self.foreign.is_none()
    }
}

/// Reads one record. Errors are kept in it: which call or record they fail is for the caller.
fn prepare<'n>(
    schema: &Schema,
    rules: &ValueRules,
    places: &mut PlaceMemo<'_, 'n>,
    input: &'n LeadInput,
) -> Prepared {
    let mut prepared = Prepared {
        // SML-32, SL-39: clients with plain numbers send 0 for none.
        id: input.id.filter(|id| *id != 0),
        email: input
            .email
            .as_deref()
            .and_then(|email| address(email, rules)),
        foreign: input
            .foreign_id
            .as_ref()
            .and_then(|key| foreign(&key.value, key.system)),
        values: read_values(schema, rules, places, &input.attributes),
        error: None,
    };
    if prepared.has_no_key() && !schema.rules.strict_keys {
        misspelt_keys(&mut prepared, input, rules);
        if prepared.has_no_key() {
            attributes_as_keys(&mut prepared, input, rules);
        }
    }
    prepared.error = foreign_id_error(prepared.foreign.as_ref()).or(prepared.values.error.take());
    prepared
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// VAL-11, SL-42, SML-43; `None` if there is no address.
fn address(email: &str, rules: &ValueRules) -> Option<Result<Address, RecordError>> {
    match value::read(DataType::Email, Some(255), given(Some(email))?, rules) {
        Ok(read) => read.map(|text| Ok(Address::new(text))),
        Err(reason) => Some(Err(RecordError::LeadSyncFailed(format!("Email: {reason}")))),
    }
}

fn foreign(value: &str, system: Option<ForeignSystem>) -> Option<ForeignKey> {
    // SML-18: an empty element is none; SL-38: a type without a value is ignored.
    given(Some(value)).map(|value| ForeignKey {
        system,
        value: value.to_owned(),
    })
}

/// VAL-8: never cut, since a cut key would be somebody else's.
fn foreign_id_error(key: Option<&ForeignKey>) -> Option<RecordError> {
    let length = key?.value.chars().count();
    (length > FOREIGN_ID_SIZE).then(|| {
        RecordError::LeadSyncFailed(format!(
            "ForeignSysPersonId: expected at most {FOREIGN_ID_SIZE} characters, got {length}"
        ))
    })
}

/// A lead id out of a text that is only perhaps one; 0 is none.
fn number(text: &str, rules: &ValueRules) -> Option<i64> {
    let read = value::read(DataType::Integer, None, text, rules)
        .ok()
        .flatten()?;
    read.parse().ok().filter(|id| *id != 0)
}

/// REQ-3, SML-24, DM-FSID-6: keys under the names that the vendor's own articles gave them. What cannot be a key is none, since the
/// original took no notice of these elements.
fn misspelt_keys(prepared: &mut Prepared, input: &LeadInput, rules: &ValueRules) {
    let loose = &input.loose;
    prepared.id = loose.id.as_deref().and_then(|id| number(id, rules));
    prepared.email = loose
        .email
        .as_deref()
        .and_then(|email| address(email, rules));
    let system = loose
        .foreign_system
        .as_deref()
        .and_then(|word| ForeignSystem::from_word(&word.trim().to_uppercase()));
    prepared.foreign = loose
        .foreign_id
        .as_deref()
        .and_then(|value| foreign(value, system));
}

/// REQ-3, SL-13, SML-19, DM-SYNC-6: attributes that are called like keys; of several the last one counts (COM-27).
fn attributes_as_keys(prepared: &mut Prepared, input: &LeadInput, rules: &ValueRules) {
    let attribute = |wanted: &str| {
        let mut named = input
            .attributes
            .iter()
            .rev()
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        named.next().map(|(_, value)| value.as_str())
    };
    prepared.id = attribute("Id").and_then(|id| number(id, rules));
    if prepared.id.is_none() {
        prepared.email = attribute("Email").and_then(|email| address(email, rules));
    }
}
