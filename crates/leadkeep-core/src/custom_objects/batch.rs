//! Records of one type as they are after each record of a call.

use super::input::{RecordInput, RecordRefusal};
use crate::attrs::Attrs;
use crate::ids::{ObjectTypeId, RecordId};
use crate::schema::{CustomObject, ObjectField};
use crate::store::{ReadTxn, Record, Result, Sequence, WriteTxn};
use crate::unknown_names::UnknownNames;
use crate::value::{self, ValueRules};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// Separates the parts of a key; no text of XML holds it.
const SEPARATOR: char = '\u{1}';

/// A record whose values have been read.
pub(super) struct Prepared<'a> {
    /// Its key, where the type has one and all of it is there.
    pub(super) key: Option<String>,
    /// All fields that were sent, each once, with their canonical values.
    pub(super) values: Vec<(&'a ObjectField, Option<String>)>,
}

/// The key of a record: its dedupe values so that keys sort as values do, and equal keys are equal values (GCO-8,
/// SCO-37).
pub(super) fn key_of(
    object: &CustomObject,
    value_of: impl Fn(&ObjectField) -> Option<String>,
) -> std::result::Result<String, String> {
    let mut key = String::new();
    for field in object.fields.iter().filter(|field| field.dedupe) {
        let value = value_of(field).ok_or_else(|| field.name.clone())?;
        if !key.is_empty() {
            key.push(SEPARATOR);
        }
        key.push_str(&value::sort_key(field.data_type, value.trim()));
    }
    Ok(key)
}

/// The values by which a record is looked up: those of its dedupe and link fields.
pub(super) fn lookup_of(object: &CustomObject, attrs: &Attrs) -> Vec<(String, String)> {
    let fields = object
        .fields
        .iter()
        .filter(|field| field.dedupe || field.link.is_some());
    let mut lookup: Vec<_> = fields
        .filter_map(|field| {
            Some((
                field.name.clone(),
                value::fold(field.data_type, attrs.get(&field.name)?.trim()),
            ))
        })
        .collect();
    lookup.sort_unstable();
    lookup
}

/// Reads one value of a field (SCO-35).
pub(super) fn read_value(
    rules: &ValueRules,
    field: &ObjectField,
    raw: &str,
) -> std::result::Result<Option<String>, RecordRefusal> {
    value::read(field.data_type, field.size, raw, rules).map_err(|_| RecordRefusal::InvalidValue {
        field: field.name.clone(),
        value: raw.trim().chars().take(40).collect(),
    })
}

/// Reads a record of a sync (SCO-8, SCO-9, SCO-19, SCO-24 to SCO-27, SCO-33, SCO-35).
pub(super) fn prepare<'a>(
    object: &'a CustomObject,
    rules: &ValueRules,
    input: &'a RecordInput,
) -> std::result::Result<Prepared<'a>, RecordRefusal> {
    let mut unknown = UnknownNames::default();
    let mut find = |name| {
        let found = object.field(name);
        if found.is_none() {
            unknown.add(name);
        }
        found
    };
    let keys: Vec<_> = input
        .keys
        .iter()
        .filter_map(|(name, raw)| Some((find(name)?, raw)))
        .collect();
    let attributes: Vec<_> = input
        .attributes
        .iter()
        .filter_map(|(name, raw)| Some((find(name)?, raw)))
        .collect();
    if let Some(names) = unknown.into_names() {
        let names = names.into_iter().map(str::to_owned).collect();
        return Err(RecordRefusal::UnknownFields(names));
    }
    let mut values: Vec<(&ObjectField, Option<String>)> = Vec::new();
    let mut from_keys: Vec<&str> = Vec::new();
    for (field, raw) in keys {
        // SCO-25: a link field may stand among the keys, unless the type is strict.
        if !field.dedupe && (field.link.is_none() || object.strict) {
            return Err(RecordRefusal::NotAKey(field.name.clone()));
        }
        let value = read_value(rules, field, raw)?;
        values.retain(|(known, _)| known.name != field.name);
        values.push((field, value));
        from_keys.push(&field.name);
    }
    for (field, raw) in attributes {
        let value = read_value(rules, field, raw)?;
        if field.dedupe && from_keys.contains(&field.name.as_str()) {
            // SCO-26: keys cannot be changed.
            let fold = |value: &Option<String>| {
                value
                    .as_ref()
                    .map(|value| value::fold(field.data_type, value.trim()))
            };
            let known = values.iter().find(|(known, _)| known.name == field.name);
            if known.is_some_and(|(_, known)| fold(known) != fold(&value)) {
                return Err(RecordRefusal::DifferentKeys(field.name.clone()));
            }
            continue;
        }
        values.retain(|(known, _)| known.name != field.name);
        values.push((field, value));
    }
    let value_of = |field: &ObjectField| {
        values
            .iter()
            .find(|(known, _)| known.name == field.name)
            .and_then(|(_, value)| value.clone())
    };
    let key = match object.fields.iter().any(|field| field.dedupe) {
        true => Some(key_of(object, value_of).map_err(RecordRefusal::MissingKey)?),
        // SCO-27.
        false => None,
    };
    Ok(Prepared { key, values })
}

/// Records that a call has read or made, by key.
pub(super) struct Batch {
    object: ObjectTypeId,
    pub(super) now: Timestamp,
    records: Vec<Working>,
    by_key: HashMap<String, usize>,
}

struct Working {
    record: Record,
    is_new: bool,
    changed: bool,
    deleted: bool,
}

impl Batch {
    /// Reads the records with the keys.
    pub(super) fn load(
        txn: &mut dyn ReadTxn,
        object: &CustomObject,
        now: Timestamp,
        mut keys: Vec<String>,
    ) -> Result<Self> {
        keys.sort_unstable();
        keys.dedup();
        let found = txn.records_by_key(object.id, &keys)?;
        let mut batch = Self {
            object: object.id,
            now,
            records: Vec::new(),
            by_key: HashMap::new(),
        };
        for record in found.into_iter().flatten() {
            batch.by_key.insert(record.key.clone(), batch.records.len());
            batch.records.push(Working {
                record,
                is_new: false,
                changed: false,
                deleted: false,
            });
        }
        Ok(batch)
    }

    /// The record with a key, if there is one now.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.by_key
            .get(key)
            .copied()
            .filter(|place| !self.records[*place].deleted)
    }

    /// How many records this call has made so far of a type whose field has a value, as look-ups compare it.
    pub(super) fn created_with(&self, object: ObjectTypeId, field: &str, folded: &str) -> usize {
        let has = |working: &&Working| {
            let mut lookup = working.record.lookup.iter();
            working.is_new && lookup.any(|(name, value)| name == field && value == folded)
        };
        match object == self.object {
            true => self.records.iter().filter(has).count(),
            false => 0,
        }
    }

    /// Adds a record. Types without dedupe fields have no key: it follows from the number (SCO-27).
    pub(super) fn create(&mut self, object: &CustomObject, prepared: Prepared<'_>) {
        let mut attrs = Attrs::new();
        for (field, value) in prepared.values {
            attrs.set(&Arc::from(field.name.as_str()), value);
        }
        let record = Record {
            id: RecordId(0),
            object: self.object,
            key: prepared.key.clone().unwrap_or_default(),
            lookup: lookup_of(object, &attrs),
            attrs,
            created_at: self.now,
            updated_at: self.now,
        };
        if let Some(key) = prepared.key {
            self.by_key.insert(key, self.records.len());
        }
        self.records.push(Working {
            record,
            is_new: true,
            changed: true,
            deleted: false,
        });
    }

    /// Changes a record; tells whether anything was different (SCO-32). Keys stay as they were first spelled (SCO-37).
    pub(super) fn update(
        &mut self,
        object: &CustomObject,
        place: usize,
        prepared: Prepared<'_>,
    ) -> bool {
        let working = &mut self.records[place];
        let mut changed = false;
        for (field, value) in prepared
            .values
            .into_iter()
            .filter(|(field, _)| !field.dedupe)
        {
            if working.record.attrs.get(&field.name) != value.as_deref() {
                working
                    .record
                    .attrs
                    .set(&Arc::from(field.name.as_str()), value);
                changed = true;
            }
        }
        if changed {
            working.changed = true;
            working.record.updated_at = self.now;
            working.record.lookup = lookup_of(object, &working.record.attrs);
        }
        changed
    }

    /// Deletes a record.
    pub(super) fn delete(&mut self, place: usize) {
        self.records[place].deleted = true;
    }

    /// Writes all that changed, once.
    pub(super) fn write(mut self, txn: &mut dyn WriteTxn) -> Result<()> {
        let new = self.records.iter().filter(|record| record.is_new).count();
        if new > 0 {
            let mut ids = txn.allocate(Sequence::Record, new)?.into_iter();
            for working in self.records.iter_mut().filter(|record| record.is_new) {
                working.record.id = RecordId(ids.next().unwrap_or_default());
                if working.record.key.is_empty() {
                    working.record.key = format!("{:020}", working.record.id.0);
                }
            }
        }
        let rows = |wanted: fn(&Working) -> bool| -> Vec<Record> {
            self.records
                .iter()
                .filter(|working| wanted(working))
                .map(|working| working.record.clone())
                .collect()
        };
        txn.insert_records(&rows(|working| working.is_new))?;
        txn.update_records(&rows(|working| {
            working.changed && !working.is_new && !working.deleted
        }))?;
        let gone: Vec<RecordId> = self
            .records
            .iter()
            .filter(|working| working.deleted)
            .map(|working| working.record.id)
            .collect();
        txn.delete_records(&gone)
    }
}
