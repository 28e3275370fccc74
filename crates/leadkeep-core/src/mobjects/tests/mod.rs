//! Rules of MObjects, on a store in memory. Objects, queries and answers are written in short lines, so that a test is
//! a table.

mod associations;
mod batches;
mod criteria;
mod deletes;
mod describes;
mod histories;
mod keys;
mod opportunities;
mod programs;
mod random;
mod reads;
mod roles;
mod samples;

use super::*;
use crate::error::CallError;
use crate::ids::LeadId;
use crate::leads::{LeadInput, SyncMultipleLeads, sync_multiple_leads};
use crate::memory::MemoryStore;
use crate::provision;
use crate::schema::{Schema, SchemaCache, testing};
use std::sync::Arc;

/// A store with a schema.
struct House {
    store: MemoryStore,
    schema: Arc<Schema>,
}

const INSERT: SyncOperation = SyncOperation::Insert;
const UPDATE: SyncOperation = SyncOperation::Update;
const UPSERT: SyncOperation = SyncOperation::Upsert;

/// Fields that serve as keys.
const KEYS: &str = "
    [[field]]\nobject = \"Lead\"\nname = \"FSPID\"\ntype = \"string\"
    [[field]]\nobject = \"Lead\"\nname = \"cAccountFSID\"\ntype = \"string\"\ncompany_key = true
    [[field]]\nobject = \"Opportunity\"\nname = \"opportunityId\"\ntype = \"string\"\nexternal_key = true
    [[field]]\nobject = \"Opportunity\"\nname = \"cAccountFSID\"\ntype = \"string\"
    [[field]]\nobject = \"Opportunity\"\nname = \"number\"\ntype = \"integer\"\n";

/// An instance with [`KEYS`].
fn house() -> House {
    house_with(KEYS)
}

/// An instance of the project's own provisioning file, which has programs.
fn demo() -> House {
    house_with(testing::DEMO)
}

/// An instance that a provisioning file made, with its programs.
fn house_with(toml: &str) -> House {
    let store = MemoryStore::new();
    let provision = provision::parse(toml).unwrap();
    let new = SchemaCache::new();
    store
        .write_now(|txn, now| {
            let schema = new.seen_by(txn).unwrap();
            let options = provision::ApplyOptions::default();
            let mut key = || "k".repeat(40);
            provision::apply(txn, &schema, now, &provision, &options, &mut key)
        })
        .unwrap();
    let schema = store.read_now(|txn, _| new.current(txn)).unwrap();
    House { store, schema }
}

fn key(text: &str) -> ExternalKey {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    ExternalKey {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// A link out of `Lead 7` or `Lead Email=a@x.com`, or both.
fn link(text: &str) -> Association {
    let (object, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
    let id = first.parse().ok();
    let named = if id.is_some() { second } else { rest };
    Association {
        object: object.to_owned(),
        id,
        external_key: (!named.is_empty()).then(|| key(named)),
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split(", ").filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

/// An object out of a line like `Opportunity 7; key opportunityId=A; Name=Deal; -> Company cAccountFSID=C; [Tag]
/// Type=Regions, Value=EMEA`.
fn object(line: &str) -> MObjectInput {
    let mut parts = line.split("; ");
    let first = parts.next().unwrap_or_default();
    let (object, id) = first.split_once(' ').unwrap_or((first, ""));
    let mut input = MObjectInput {
        object: object.to_owned(),
        id: id.parse().ok(),
        ..MObjectInput::default()
    };
    for part in parts {
        if let Some(text) = part.strip_prefix("key ") {
            input.external_key = Some(key(text));
        } else if let Some(text) = part.strip_prefix("->") {
            input.associations.push(link(text.trim_start()));
        } else if let Some(text) = part.strip_prefix('[') {
            let (kind, rest) = text.split_once(']').unwrap();
            input.typed.push(TypedAttributes {
                kind: kind.to_owned(),
                attributes: pairs(rest.trim_start()),
            });
        } else {
            let (name, value) = part.split_once('=').unwrap();
            input.attributes.push((name.to_owned(), value.to_owned()));
        }
    }
    input
}

/// A query out of a line like `Opportunity 7; key opportunityId=A; Name|EQ|Deal; -> Lead 3; details false`. A condition
/// of two parts has no comparison.
fn query(line: &str) -> MObjectQuery {
    let mut parts = line.split("; ");
    let first = parts.next().unwrap_or_default();
    let (object, id) = first.split_once(' ').unwrap_or((first, ""));
    let mut query = MObjectQuery {
        object: object.to_owned(),
        id: id.parse().ok(),
        ..MObjectQuery::default()
    };
    for part in parts {
        if let Some(text) = part.strip_prefix("key ") {
            query.external_key = Some(key(text));
        } else if let Some(text) = part.strip_prefix("->") {
            query.associations.push(link(text.trim_start()));
        } else if let Some(text) = part.strip_prefix("details ") {
            query.include_details = Some(text == "true");
        } else {
            let words: Vec<&str> = part.split('|').collect();
            let (comparison, value) = match words[..] {
                [_, value] => (None, value),
                [_, comparison, value] => (Some(comparison.to_owned()), value),
                _ => panic!("{part}"),
            };
            query.criteria.push(Criterion {
                name: words[0].to_owned(),
                comparison,
                value: value.to_owned(),
            });
        }
    }
    query
}

fn outcome(outcome: &MObjectOutcome) -> String {
    let id = outcome.id.map_or("-".to_owned(), |id| id.to_string());
    match &outcome.status {
        MObjectStatus::Failed(error) => format!("FAILED {id} {error}"),
        status => format!("{} {id}", format!("{status:?}").to_uppercase()),
    }
}

fn attributes(view: &MObjectView) -> String {
    let list: Vec<String> = view
        .attributes
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    list.join("; ")
}

/// An object in one line: number, attributes, lists, links.
fn told(view: &MObjectView) -> String {
    let mut text = format!("{} {}", view.id, attributes(view));
    for (kind, list) in &view.typed {
        let list: Vec<String> = list
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        text += &format!(" [{kind}] {}", list.join(", "));
    }
    for (kind, id) in &view.associations {
        text += &format!(" -> {kind} {id}");
    }
    text
}

impl House {
    fn call(
        &self,
        operation: SyncOperation,
        objects: &[MObjectInput],
    ) -> Result<Vec<MObjectOutcome>, CallError> {
        self.store
            .write_now(|txn, now| sync_mobjects(txn, &self.schema, now, operation, objects))
    }

    /// A call of syncMObjects, and what becomes of each object. An expectation that ends with `…` is a beginning.
    #[track_caller]
    fn sync(&self, operation: SyncOperation, objects: &[(&str, &str)]) {
        let inputs: Vec<_> = objects.iter().map(|(line, _)| object(line)).collect();
        check(objects, &self.call(operation, &inputs).unwrap());
    }

    /// syncMObjects with each object in a call of its own.
    #[track_caller]
    fn syncs(&self, operation: SyncOperation, objects: &[(&str, &str)]) {
        for object in objects {
            self.sync(operation, &[*object]);
        }
    }

    /// As [`House::sync`], for deleteMObjects.
    #[track_caller]
    fn delete(&self, objects: &[(&str, &str)]) {
        let inputs: Vec<_> = objects.iter().map(|(line, _)| object(line)).collect();
        let outcomes = self
            .store
            .write_now(|txn, now| delete_mobjects(txn, &self.schema, now, &inputs));
        check(objects, &outcomes.unwrap());
    }

    fn get(&self, query: &MObjectQuery, position: Option<&str>) -> Result<MObjectPage, CallError> {
        self.store
            .read_now(|txn, _| get_mobjects(txn, &self.schema, query, position))
    }

    fn found(&self, line: &str) -> Vec<MObjectView> {
        self.get(&query(line), None).unwrap().objects
    }

    /// The numbers that a query finds, or the refusal.
    fn ids(&self, line: &str) -> String {
        match self.get(&query(line), None) {
            Ok(page) => {
                let ids: Vec<_> = page
                    .objects
                    .iter()
                    .map(|view| view.id.to_string())
                    .collect();
                ids.join(" ")
            }
            Err(error) => error.to_string(),
        }
    }

    /// The attributes of one object, `Opportunity 1`.
    #[track_caller]
    fn values(&self, line: &str) -> String {
        let found = self.found(line);
        assert_eq!(found.len(), 1, "{line}");
        attributes(&found[0])
    }

    /// Adds a lead `address; City=Bonn`.
    fn lead(&self, line: &str) {
        let mut parts = line.split("; ");
        let record = LeadInput {
            email: parts.next().map(str::to_owned),
            attributes: parts
                .map(|part| part.split_once('=').unwrap())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..LeadInput::default()
        };
        let input = SyncMultipleLeads {
            records: vec![record],
            dedup: false,
            max_records: 1,
        };
        self.store
            .write_now(|txn, now| sync_multiple_leads(txn, &self.schema, now, &input, None))
            .unwrap();
    }

    fn lead_row(&self, id: i64) -> crate::store::Lead {
        let leads = self.store.read_now(|txn, _| txn.leads(&[LeadId(id)]));
        leads.unwrap().remove(0)
    }

    /// All activities about opportunities, in commit order, one line each.
    fn history(&self) -> Vec<String> {
        let activities = self.store.read_now(|txn, _| {
            txn.activities_after(
                &crate::store::LeadScope::All,
                &Default::default(),
                None,
                10_000,
            )
        });
        let activities = activities.unwrap();
        let about = activities
            .iter()
            .map(|activity| &activity.what)
            .filter_map(|what| {
                let name = crate::catalogue::activity_type(what.activity_type)?;
                let name = name.display_name.as_str();
                let attributes: Vec<String> = what
                    .attributes
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                let asset = what.asset.as_deref().unwrap_or("-");
                let text = format!("{} {name} [{asset}] {}", what.lead, attributes.join("; "));
                name.contains("Opportunity").then_some(text)
            });
        about.collect()
    }

    /// Everything that getMObjects shows, with times.
    fn picture(&self) -> Vec<String> {
        let all = [
            "Opportunity",
            "OpportunityPersonRole",
            "Program; Include Archive|EQ|true",
        ];
        all.iter()
            .flat_map(|line| self.found(line))
            .map(|view| format!("{:?} {} {:?}", view.object, told(&view), view.updated_at))
            .collect()
    }
}

#[track_caller]
fn check(objects: &[(&str, &str)], outcomes: &[MObjectOutcome]) {
    assert_eq!(outcomes.len(), objects.len(), "SMO-2, SMO-12, XMO-3");
    for ((line, expected), given) in objects.iter().zip(outcomes) {
        let given = outcome(given);
        match expected.strip_suffix('…') {
            Some(beginning) => assert!(given.starts_with(beginning), "{line}: {given}"),
            None => assert_eq!(&given, expected, "{line}"),
        }
    }
}
