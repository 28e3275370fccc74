//! Rules of custom objects, on a store in memory. Records and answers are short lines: `rid=1 | city=Oslo` is a key and
//! an attribute.

mod deletions;
mod reads;
mod syncs;

use super::*;
use crate::leads::{LeadInput, SyncMultipleLeads, sync_multiple_leads};
use crate::memory::MemoryStore;
use crate::mobjects::SyncOperation::{self, Insert, Update, Upsert};
use crate::schema::{Schema, testing};
use proptest::prelude::*;

/// Types beside those of the demo: without dedupe fields, with other links, with other types of keys.
const MORE: &str = r#"
[[custom_object]]
name = "Note"
fields = [{ name = "text", type = "string" }, { name = "about", type = "string", link = "RoadShow.rid" }]
[[custom_object]]
name = "Visit"
fields = [
  { name = "number", type = "integer", dedupe = true },
  { name = "on", type = "date" },
  { name = "fee", type = "currency" },
  { name = "firm", type = "string", link = "Company.Company" },
  { name = "ref", type = "string", link = "Lead.FSPID" },
]
[[field]]
object = "Lead"
name = "FSPID"
type = "string"
[[custom_object]]
name = "RoadShow"
fields = [
  { name = "MKTOID", type = "integer", dedupe = true, link = "Lead.Id" },
  { name = "rid", type = "string", dedupe = true },
  { name = "city", type = "string" },
  { name = "zip", type = "string" },
]
[[custom_object]]
name = "Subscription"
display_name = "Paid Subscription"
strict = true
fields = [
  { name = "contract", type = "string", dedupe = true },
  { name = "Email", type = "email", link = "Lead.Email" },
  { name = "seats", type = "integer" },
]
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

/// An instance with two leads of one address (1 and 2) and one of another (3).
fn house() -> House {
    let house = House {
        store: MemoryStore::new(),
        schema: testing::schema(MORE),
    };
    let record = |email: &str, reference: &str| LeadInput {
        email: Some(email.to_owned()),
        attributes: vec![
            ("FSPID".into(), reference.into()),
            ("Company".into(), "Acme".into()),
        ],
        ..LeadInput::default()
    };
    let records = vec![
        record("two@x.com", "a"),
        record("two@x.com", "b"),
        record("one@x.com", "c"),
    ];
    let call = SyncMultipleLeads {
        records,
        dedup: false,
        max_records: 10,
    };
    house
        .store
        .write_now(|txn, now| sync_multiple_leads(txn, &house.schema, now, &call, None))
        .unwrap();
    house
}

fn pairs(text: &str) -> Pairs {
    let part = |part: &str| {
        part.split_once('=')
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    text.split(';').map(str::trim).filter_map(part).collect()
}

fn record(line: &str) -> RecordInput {
    let (keys, attributes) = line.split_once('|').unwrap_or((line, ""));
    RecordInput {
        keys: pairs(keys),
        attributes: pairs(attributes),
    }
}

fn word(status: &RecordStatus) -> String {
    match status {
        RecordStatus::Created => "CREATED".into(),
        RecordStatus::Updated => "UPDATED".into(),
        RecordStatus::Deleted => "DELETED".into(),
        RecordStatus::Unchanged | RecordStatus::NothingToDelete => "UNCHANGED".into(),
        RecordStatus::Exists | RecordStatus::Missing => "SKIPPED".into(),
        RecordStatus::Failed(refusal) => refusal.to_string(),
    }
}

impl House {
    fn try_sync(
        &self,
        name: &str,
        operation: SyncOperation,
        lines: &[&str],
    ) -> Result<Vec<String>, CallError> {
        let records: Vec<_> = lines.iter().map(|line| record(line)).collect();
        let synced = self.store.write_now(|txn, now| {
            sync_custom_objects(txn, &self.schema, now, name, operation, &records)
        })?;
        Ok(synced.outcomes.iter().map(word).collect())
    }

    fn sync(&self, name: &str, operation: SyncOperation, lines: &[&str]) -> Vec<String> {
        self.try_sync(name, operation, lines).unwrap()
    }

    fn delete(&self, name: &str, keys: &[&str]) -> Result<Vec<String>, CallError> {
        let keys: Vec<_> = keys.iter().map(|keys| pairs(keys)).collect();
        let done = self
            .store
            .write_now(|txn, now| delete_custom_objects(txn, &self.schema, now, name, &keys))?;
        Ok(done.outcomes.iter().map(word).collect())
    }

    fn page(&self, query: &CustomObjectQuery) -> Result<RecordPage, CallError> {
        self.store
            .read_now(|txn, _| get_custom_objects(txn, &self.schema, query))
    }

    /// Records as lines like those that were sent.
    fn read(&self, name: &str, keys: &str) -> Vec<String> {
        let query = CustomObjectQuery {
            object: name.into(),
            keys: pairs(keys),
            ..CustomObjectQuery::default()
        };
        lines(&self.page(&query).unwrap())
    }
}

fn lines(page: &RecordPage) -> Vec<String> {
    let join = |pairs: &Pairs| {
        pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    };
    page.records
        .iter()
        .map(|record| format!("{} | {}", join(&record.keys), join(&record.attributes)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// SCO-38: a batch is what its records are one after the other.
    #[test]
    fn a_batch_equals_single_calls(
        records in prop::collection::vec((1..5i64, "[aAb]{0,2}", prop::option::of("[xy]{0,1}")), 1..20),
        operations in prop::collection::vec(0..3u8, 1..4),
    ) {
        let lines: Vec<String> = records
            .iter()
            .map(|(lead, rid, city)| {
                let city = city.as_ref().map(|city| format!("city={city}")).unwrap_or_default();
                format!("MKTOID={lead}; rid={rid} | {city}")
            })
            .collect();
        let (together, single) = (house(), house());
        for operation in operations {
            let operation = [Insert, Update, Upsert][usize::from(operation)];
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let batch = together.sync("RoadShow", operation, &lines);
            let one: Vec<_> = lines.iter().flat_map(|line| single.sync("RoadShow", operation, &[line])).collect();
            prop_assert_eq!(batch, one);
            prop_assert_eq!(together.read("RoadShow", ""), single.read("RoadShow", ""));
        }
    }
}
