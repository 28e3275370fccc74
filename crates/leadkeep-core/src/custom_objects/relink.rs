//! What becomes of records when the leads that they belong to are merged.

use super::batch::{key_of, lookup_of};
use crate::ids::LeadId;
use crate::schema::{CustomObject, Link, ObjectField, Schema};
use crate::store::{Record, Result, WriteTxn};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// Records of a type that are moved at a time.
const PAGE: usize = 1_000;

/// Gives the records that link to losers by their id to the winner (DM-MRG-5). Where a record of the winner has the key
/// already, that one stays, and its empty fields are filled (SCO-40).
///
/// # Errors
/// Those of the store.
pub(crate) fn relink_records(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    winner: LeadId,
    losers: &[LeadId],
) -> Result<()> {
    for object in &schema.custom_objects {
        let links = object
            .fields
            .iter()
            .filter(|field| field.link == Some(Link::LeadId));
        for field in links {
            relink(txn, object, field, now, winner, losers)?;
        }
    }
    Ok(())
}

fn relink(
    txn: &mut dyn WriteTxn,
    object: &CustomObject,
    field: &ObjectField,
    now: Timestamp,
    winner: LeadId,
    losers: &[LeadId],
) -> Result<()> {
    let name: Arc<str> = Arc::from(field.name.as_str());
    let ids: Vec<String> = losers.iter().map(LeadId::to_string).collect();
    let filter = [(field.name.clone(), ids)];
    loop {
        // Records that have moved do not match any more, so that each page begins anew.
        let page = txn.records_after(object.id, &filter, None, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        let moved: Vec<Record> = page
            .into_iter()
            .map(|mut record| {
                record.attrs.set(&name, Some(winner.to_string()));
                record.lookup = lookup_of(object, &record.attrs);
                record.updated_at = now;
                // Types without dedupe fields have keys that no value is in; a record without one of its dedupe values
                // cannot be.
                if object.fields.iter().any(|field| field.dedupe)
                    && let Ok(key) = key_of(object, |field| {
                        record.attrs.get(&field.name).map(str::to_owned)
                    })
                {
                    record.key = key;
                }
                record
            })
            .collect();
        settle(txn, object, moved, now)?;
    }
}

/// Writes records that have new keys; of several with one key the one that was there first stays.
fn settle(
    txn: &mut dyn WriteTxn,
    object: &CustomObject,
    moved: Vec<Record>,
    now: Timestamp,
) -> Result<()> {
    let mut keys: Vec<String> = moved.iter().map(|record| record.key.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut gone = Vec::new();
    let there = txn.records_by_key(object.id, &keys)?.into_iter().flatten();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Record> = Vec::new();
    for record in there.chain(moved) {
        match places.get(&record.key) {
            // The key does not hold the lead: the record is where it was.
            Some(place) if kept[*place].id == record.id => kept[*place] = record,
            Some(place) => {
                let stays = &mut kept[*place];
                for (name, value) in record.attrs.iter() {
                    if stays.attrs.get(name).is_none() {
                        stays.attrs.set(name, Some(value.to_owned()));
                        stays.updated_at = now;
                    }
                }
                stays.lookup = lookup_of(object, &stays.attrs);
                gone.push(record.id);
            }
            None => {
                places.insert(record.key.clone(), kept.len());
                kept.push(record);
            }
        }
    }
    txn.delete_records(&gone)?;
    txn.update_records(&kept)
}

#[cfg(test)]
mod tests {
    use super::super::{CustomObjectQuery, RecordInput, get_custom_objects, sync_custom_objects};
    use crate::leads::{
        LeadInput, LeadKeyType, MergeLeads, SyncMultipleLeads, merge_leads, sync_multiple_leads,
    };
    use crate::mobjects::SyncOperation;
    use crate::schema::testing;

    const TYPES: &str = r#"
[[custom_object]]
name = "RoadShow"
fields = [
  { name = "MKTOID", type = "integer", dedupe = true, link = "Lead.Id" },
  { name = "rid", type = "string", dedupe = true },
  { name = "city", type = "string" },
  { name = "zip", type = "string" },
  { name = "mail", type = "email", link = "Lead.Email" },
]
[[custom_object]]
name = "Order"
fields = [
  { name = "number", type = "integer", dedupe = true },
  { name = "MKTOID", type = "integer", link = "Lead.Id" },
]
[[custom_object]]
name = "Note"
fields = [{ name = "MKTOID", type = "integer", link = "Lead.Id" }, { name = "text", type = "string" }]
"#;

    /// What is kept of some records when leads 2 and 3 are merged into lead 1.
    fn merged(rules: &str) -> Vec<String> {
        let (store, schema) = testing::store(&format!("{rules}{TYPES}"));
        let lead = |n: i32| LeadInput {
            email: Some(format!("l{n}@x.com")),
            ..LeadInput::default()
        };
        let leads = SyncMultipleLeads {
            records: (1..=4).map(lead).collect(),
            dedup: true,
            max_records: 9,
        };
        store
            .write_now(|txn, now| sync_multiple_leads(txn, &schema, now, &leads, None))
            .unwrap();
        for (object, keys, attributes) in [
            ("RoadShow", "MKTOID=1;rid=a", "city=Bonn"),
            (
                "RoadShow",
                "MKTOID=2;rid=A",
                "city=Ulm;zip=89;mail=l2@x.com",
            ),
            ("RoadShow", "MKTOID=2;rid=b", "city=Ulm"),
            ("RoadShow", "MKTOID=3;rid=b", "zip=7"),
            ("RoadShow", "MKTOID=4;rid=b", "zip=4"),
            ("Order", "number=1", "MKTOID=3"),
            ("Order", "number=2", "MKTOID=4"),
            ("Note", "", "MKTOID=2;text=x"),
            ("Note", "", "MKTOID=2;text=y"),
        ] {
            let pairs = |line: &str| -> Vec<(String, String)> {
                let parts = line.split(';').filter(|part| !part.is_empty());
                let pair = |part: &str| {
                    let (name, value) = part.split_once('=').unwrap();
                    (name.to_owned(), value.to_owned())
                };
                parts.map(pair).collect()
            };
            let record = RecordInput {
                keys: pairs(keys),
                attributes: pairs(attributes),
            };
            store
                .write_now(|txn, now| {
                    let records = std::slice::from_ref(&record);
                    sync_custom_objects(txn, &schema, now, object, SyncOperation::Upsert, records)
                })
                .unwrap();
        }
        let key = |id: i32| vec![(LeadKeyType::Idnum, id.to_string())];
        let merge = MergeLeads {
            winner: key(1),
            losers: vec![key(2), key(3)],
        };
        store
            .write_now(|txn, now| merge_leads(txn, &schema, now, &merge))
            .unwrap();
        let mut lines = Vec::new();
        for object in ["RoadShow", "Order", "Note"] {
            let query = CustomObjectQuery {
                object: object.to_owned(),
                ..CustomObjectQuery::default()
            };
            let page = store.read_now(|txn, _| get_custom_objects(txn, &schema, &query));
            for record in page.unwrap().records {
                let pairs = record.keys.into_iter().chain(record.attributes);
                let texts: Vec<_> = pairs
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                lines.push(texts.join(";"));
            }
        }
        lines
    }

    /// DM-MRG-5, DM-COB-11, SCO-40, ML-13: without the switch nothing moves; with it, and of two that then are one the
    /// winner's stays with its gaps filled.
    #[test]
    fn sco_40_records_go_to_the_winner_by_a_switch() {
        assert_eq!(
            merged(""),
            [
                "MKTOID=1;rid=a;city=Bonn",
                "MKTOID=2;rid=A;city=Ulm;mail=l2@x.com;zip=89",
                "MKTOID=2;rid=b;city=Ulm",
                "MKTOID=3;rid=b;zip=7",
                "MKTOID=4;rid=b;zip=4",
                "number=1;MKTOID=3",
                "number=2;MKTOID=4",
                "MKTOID=2;text=x",
                "MKTOID=2;text=y",
            ]
        );
        assert_eq!(
            merged("[rules]\nrelink_custom_objects = true\n"),
            [
                "MKTOID=1;rid=a;city=Bonn;mail=l2@x.com;zip=89",
                "MKTOID=1;rid=b;city=Ulm;zip=7",
                "MKTOID=4;rid=b;zip=4",
                "number=1;MKTOID=1",
                "number=2;MKTOID=4",
                "MKTOID=1;text=x",
                "MKTOID=1;text=y",
            ]
        );
    }
}
