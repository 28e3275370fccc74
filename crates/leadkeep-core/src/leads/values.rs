//! The attributes of a record: which fields they mean, and what they say.

use crate::error::RecordError;
use crate::schema::{Field, FieldPlace, PlaceMemo, Schema};
use crate::unknown_names::UnknownNames;
use crate::value::{self, ValueRules};

/// The attribute list of a record, read.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// The values to be stored, without the address, in the order of SOAP names (ACT-21). `None` clears (COM-25).
    pub(super) fields: Vec<(FieldPlace, Option<String>)>,
    /// The new address out of the list; empty clears it (SML-38).
    pub(super) email: Option<Option<String>>,
    /// Whether the list named anything.
    pub(super) any: bool,
    /// Names that no field has, each once, in the order of the list.
    pub(super) unknown: Vec<String>,
    /// The first value that does not fit its field (SML-43).
    pub(super) error: Option<RecordError>,
    /// Values that do not fit a field that is blocked for updates: errors only for leads that have no value there yet (COM-24).
    pub(super) blocked: Vec<(FieldPlace, RecordError)>,
}

/// Reads the attributes of a record, by SOAP names (DM-NAM-1). `attrType` is no part of them (COM-23).
pub(super) fn read_values<'n>(
    schema: &Schema,
    rules: &ValueRules,
    places: &mut PlaceMemo<'_, 'n>,
    attributes: &'n [(String, String)],
) -> Values {
    places.begin();
    let mut values = Values::default();
    let mut named: Vec<(FieldPlace, &str)> = Vec::with_capacity(attributes.len());
    let mut unknown = UnknownNames::default();
    for (name, raw) in attributes {
        let name = name.trim();
        if name.is_empty() {
            // COM-25.
            continue;
        }
        values.any = true;
        // COM-22, COM-26.
        let Some(place) = places.place(name) else {
            unknown.add(name);
            continue;
        };
        // COM-28, SML-49, SL-47: others are dropped without complaint.
        if schema.lead_fields.at(place).is_written() {
            named.push((place, raw));
        }
    }
    values.unknown = unknown
        .into_names()
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect();
    // The sort is stable: of one field named twice the last one stays last, and counts (COM-27, SML-48, DM-SYNC-7).
    named.sort_by_key(|(place, _)| schema.lead_fields.exact_rank(*place));
    values.fields.reserve(named.len());
    for (at, (place, raw)) in named.iter().enumerate() {
        if named.get(at + 1).is_some_and(|(next, _)| next == place) {
            continue;
        }
        let field = schema.lead_fields.at(*place);
        match value::read(field.data_type, field.size, raw, rules) {
            Ok(read) if is_email(field) => values.email = Some(read),
            Ok(read) => values.fields.push((*place, read)),
            Err(reason) => {
                let error = RecordError::LeadSyncFailed(format!("{}: {reason}", field.name));
                match field.is_update_blocked {
                    true => values.blocked.push((*place, error)),
                    false => _ = values.error.get_or_insert(error),
                }
            }
        }
    }
    values
}

/// Whether the field is the address, which is an element of the record.
pub(super) fn is_email(field: &Field) -> bool {
    field.name.as_ref() == "Email"
}
