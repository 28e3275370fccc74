//! What the link fields of records refer to (SCO-28).

use super::batch::{Batch, Prepared};
use super::input::RecordRefusal;
use crate::ids::{LeadId, ObjectTypeId};
use crate::schema::{Link, Schema};
use crate::store::{FieldIndex, LeadKey, Pick, Result, WriteTxn};
use crate::value;
use std::collections::{HashMap, HashSet};

/// The forms in which the field of a lead or a company may hold a value: those keep the blanks around their texts
/// (VAL-1), and stores compare exactly.
fn forms(value: &str) -> impl Iterator<Item = String> {
    let as_sent = (value.trim() != value).then(|| value.to_owned());
    std::iter::once(value.trim().to_owned()).chain(as_sent)
}

/// A link to a record of another type: the type, its dedupe field, and the link's own field and value.
struct LinkedRecord {
    object: ObjectTypeId,
    target: String,
    named: (String, String),
}

/// What the links of a call lead to: how many were stored of each.
pub(super) struct Links(HashMap<(String, String), usize>);

impl Links {
    /// Looks up all link values of a call at once (SCO-28), without the blanks around them (SCO-37).
    pub(super) fn load(
        txn: &mut dyn WriteTxn,
        schema: &Schema,
        records: &[&Prepared<'_>],
    ) -> Result<Self> {
        let mut leads: Vec<((String, String), LeadKey)> = Vec::new();
        let mut objects: Vec<LinkedRecord> = Vec::new();
        let mut seen = HashSet::new();
        for (field, value) in records.iter().flat_map(|record| &record.values) {
            let (Some(link), Some(value)) = (&field.link, value) else {
                continue;
            };
            let named = (field.name.clone(), value.clone());
            if !seen.insert(named.clone()) {
                continue;
            }
            match link {
                Link::LeadId => leads.push((
                    named,
                    LeadKey::Id(LeadId(value.parse().unwrap_or_default())),
                )),
                Link::LeadEmail => {
                    leads.push((named, LeadKey::Email(value.trim().to_lowercase().into())))
                }
                Link::LeadField(name) => {
                    txn.ensure_index(&FieldIndex::Lead(name.clone()))?;
                    leads.extend(
                        forms(value)
                            .map(|form| (named.clone(), LeadKey::LeadField(name.clone(), form))),
                    );
                }
                Link::CompanyField(name) => {
                    txn.ensure_index(&FieldIndex::Company(name.clone()))?;
                    leads
                        .extend(forms(value).map(|form| {
                            (named.clone(), LeadKey::CompanyField(name.clone(), form))
                        }));
                }
                Link::Record(object, target) => {
                    objects.push(LinkedRecord {
                        object: *object,
                        target: target.clone(),
                        named,
                    });
                }
            }
        }
        let mut found: HashMap<(String, String), usize> = HashMap::new();
        let keys: Vec<LeadKey> = leads.iter().map(|(_, key)| key.clone()).collect();
        let counts = txn.lead_ids(&keys, Pick::newest(2))?;
        for ((named, key), ids) in leads.into_iter().zip(counts) {
            // Leads of one firm share its value: one is enough (DM-CO-2).
            let many = if matches!(key, LeadKey::CompanyField(..)) {
                ids.len().min(1)
            } else {
                ids.len()
            };
            *found.entry(named).or_default() += many;
        }
        let values: Vec<(ObjectTypeId, String, String)> = objects
            .iter()
            .map(|linked| {
                let folded = folded(schema, linked.object, &linked.target, &linked.named.1);
                (linked.object, linked.target.clone(), folded)
            })
            .collect();
        let counts = match values.is_empty() {
            true => Vec::new(),
            false => txn.count_records_with(&values)?,
        };
        for (linked, count) in objects.into_iter().zip(counts) {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            found.insert(linked.named, count);
        }
        Ok(Self(found))
    }

    /// Checks the links of a record: each must lead to one object, and to one only. Records that the call itself has made
    /// before are there too (SCO-38, COM-38).
    pub(super) fn check(
        &self,
        schema: &Schema,
        batch: &Batch,
        record: &Prepared<'_>,
    ) -> std::result::Result<(), RecordRefusal> {
        for (field, value) in &record.values {
            let (Some(link), Some(value)) = (&field.link, value) else {
                continue;
            };
            let object = match link {
                Link::CompanyField(_) => "Company".to_owned(),
                Link::Record(object, _) => schema
                    .custom_object_by_id(*object)
                    .map_or_else(|| "Record".to_owned(), |object| object.name.clone()),
                _ => "Lead".to_owned(),
            };
            let (name, value) = (field.name.clone(), value.clone());
            let stored = self.0.get(&(name.clone(), value.clone())).copied();
            let created = match link {
                Link::Record(object, target) => {
                    let folded = folded(schema, *object, target, &value);
                    batch.created_with(*object, target, &folded)
                }
                _ => 0,
            };
            match stored.unwrap_or_default().saturating_add(created) {
                0 => {
                    return Err(RecordRefusal::NotFound {
                        object,
                        field: name,
                        value,
                    });
                }
                1 => {}
                _ => {
                    return Err(RecordRefusal::FoundMore {
                        object: object.to_lowercase(),
                        field: name,
                        value,
                    });
                }
            }
        }
        Ok(())
    }
}

/// The value of a link as look-ups compare it with the field that the link refers to.
fn folded(schema: &Schema, object: ObjectTypeId, target: &str, value: &str) -> String {
    let field = schema
        .custom_object_by_id(object)
        .and_then(|object| object.field(target));
    field.map_or_else(
        || value.to_owned(),
        |field| value::fold(field.data_type, value.trim()),
    )
}
