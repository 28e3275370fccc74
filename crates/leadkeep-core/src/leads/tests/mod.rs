//! Rules of leads, on a store in memory. Records and answers are written in short lines, so that a test is a table.

mod batch;
mod batch_keys;
mod by_hand;
mod common;
mod companies;
mod cookies;
mod histories;
mod keys;
mod merge;
mod random;
mod read;
mod select;
mod single;
mod values;
mod windows;
mod workspaces;

use super::*;
use crate::error::CallError;
use crate::ids::LeadId;
use crate::memory::MemoryStore;
use crate::schema::{Schema, testing};
use crate::store::{Activity, ForeignSystem};

/// A store with a schema.
struct House {
    store: MemoryStore,
    schema: Schema,
}

/// A new instance without definitions.
fn house() -> House {
    house_with("")
}

/// An instance that a provisioning file made.
fn house_with(toml: &str) -> House {
    House {
        store: MemoryStore::new(),
        schema: testing::schema(toml),
    }
}

/// The instance of the project's own provisioning file.
fn demo() -> House {
    house_with(testing::DEMO)
}

/// A record out of a line like `id 7; email a@x.com; foreign SFDC 00Q; FirstName=Bob; City=`. Keys under wrong names
/// are written `~id 7`.
fn record(line: &str) -> LeadInput {
    let mut input = LeadInput::default();
    for part in line.split("; ").filter(|part| !part.is_empty()) {
        if let Some((name, value)) = part.split_once('=') {
            input.attributes.push((name.to_owned(), value.to_owned()));
            continue;
        }
        let (key, value) = part.split_once(' ').unwrap_or((part, ""));
        match key {
            "id" => input.id = Some(value.parse().unwrap()),
            "email" => input.email = Some(value.to_owned()),
            "foreign" => {
                let (word, rest) = value.split_once(' ').unwrap_or(("", value));
                let system = ForeignSystem::from_word(word);
                input.foreign_id = Some(ForeignKey {
                    system,
                    value: if system.is_some() { rest } else { value }.to_owned(),
                });
            }
            "~id" => input.loose.id = Some(value.to_owned()),
            "~email" => input.loose.email = Some(value.to_owned()),
            "~foreign" => input.loose.foreign_id = Some(value.to_owned()),
            "~system" => input.loose.foreign_system = Some(value.to_owned()),
            _ => panic!("{part}"),
        }
    }
    input
}

fn outcome(outcome: &SyncOutcome) -> String {
    let lead = outcome.lead;
    match &outcome.status {
        SyncStatus::Created => format!("CREATED {lead}"),
        SyncStatus::Updated => format!("UPDATED {lead}"),
        SyncStatus::Failed(error) => format!("FAILED {lead} {error}"),
    }
}

impl House {
    /// A call of syncMultipleLeads.
    fn call(&self, lines: &[&str], dedup: bool) -> Result<Vec<String>, CallError> {
        let input = SyncMultipleLeads {
            records: lines.iter().map(|line| record(line)).collect(),
            dedup,
            max_records: 1_000,
        };
        self.call_with(&input)
    }

    fn call_with(&self, input: &SyncMultipleLeads) -> Result<Vec<String>, CallError> {
        self.call_prepared(input, &self.schema)
    }

    /// A call whose records were read ahead, by definitions that may be old by now.
    fn call_prepared(
        &self,
        input: &SyncMultipleLeads,
        read_by: &Schema,
    ) -> Result<Vec<String>, CallError> {
        let mut prepared = Some(PreparedLeads::read(read_by, &input.records));
        let sync = |txn: &mut dyn crate::store::WriteTxn, now| {
            sync_multiple_leads(txn, &self.schema, now, input, prepared.take())
        };
        let outcomes = self.store.write_now(sync)?;
        Ok(outcomes.0.iter().map(outcome).collect())
    }

    /// A call of syncMultipleLeads with de-duplication, and what becomes of each record.
    #[track_caller]
    fn batch(&self, records: &[(&str, &str)]) {
        let (lines, expected): (Vec<_>, Vec<_>) = records.iter().copied().unzip();
        assert_eq!(self.call(&lines, true).unwrap(), expected);
    }

    /// As [`House::batch`], without de-duplication.
    #[track_caller]
    fn duplicates(&self, records: &[(&str, &str)]) {
        let (lines, expected): (Vec<_>, Vec<_>) = records.iter().copied().unzip();
        assert_eq!(self.call(&lines, false).unwrap(), expected);
    }

    /// syncMultipleLeads with each record in a call of its own.
    #[track_caller]
    fn batches(&self, records: &[(&str, &str)]) {
        for record in records {
            self.batch(&[*record]);
        }
    }

    /// A call of syncLead.
    fn single(&self, input: &SyncLead) -> Result<(SyncOutcome, Option<LeadView>), CallError> {
        self.store
            .write_now(|txn, now| sync_lead(txn, &self.schema, now, input, None))
    }

    /// Calls of syncLead, and what becomes of each record: a status, or what the fault says.
    #[track_caller]
    fn sync(&self, records: &[(&str, &str)]) {
        self.sync_in(None, records);
    }

    /// As [`House::sync`], with a context header.
    #[track_caller]
    fn sync_in(&self, workspace: Option<&str>, records: &[(&str, &str)]) {
        for (line, expected) in records {
            let input = SyncLead {
                record: record(line),
                workspace: workspace.map(str::to_owned),
                cookie: None,
                return_lead: false,
            };
            let given = match self.single(&input) {
                Ok((given, view)) => {
                    assert_eq!(view, None);
                    outcome(&given)
                }
                Err(error) => format!("{error:?}"),
            };
            assert!(given.starts_with(expected), "{line}: {given}");
        }
    }

    fn find(&self, key_type: LeadKeyType, value: &str) -> Result<FoundLeads, CallError> {
        self.store
            .read_now(|txn, _| get_lead(txn, &self.schema, key_type, value))
    }

    /// The numbers of the leads behind a key, as getLead gives them, or the name of the refusal.
    fn ids(&self, key_type: LeadKeyType, value: &str) -> String {
        match self.find(key_type, value) {
            Ok(found) => {
                assert_eq!(found.count, found.leads.len() as u64, "GL-3");
                numbers(&found.leads)
            }
            Err(error) => named(&error),
        }
    }

    fn view(&self, id: i64) -> LeadView {
        let mut found = self.find(LeadKeyType::Idnum, &id.to_string()).unwrap();
        assert_eq!(found.leads.len(), 1);
        found.leads.remove(0)
    }

    /// A lead as getLead shows it, in one line.
    fn lead(&self, id: i64) -> String {
        line(&self.view(id))
    }

    /// One value of a lead, of any exposure.
    fn value(&self, id: i64, field: &str) -> Option<String> {
        let selection = LeadSelection {
            selector: Some(Selector::Keys(LeadKeyType::Idnum, vec![id.to_string()])),
            position: None,
            batch_size: None,
            include: Some(vec![field.to_owned()]),
        };
        let page = self.select(&selection).unwrap();
        let lead = &page.leads[0];
        let value = lead.attributes.first().map(|found| found.value.clone());
        value.or_else(|| lead.email.clone())
    }

    fn select(&self, selection: &LeadSelection) -> Result<LeadPage, CallError> {
        self.store
            .read_now(|txn, now| get_multiple_leads(txn, &self.schema, now, selection))
    }

    fn row(&self, id: i64) -> crate::store::Lead {
        let mut leads = self.store.read_now(|txn, _| txn.leads(&[LeadId(id)]));
        leads.as_mut().unwrap().remove(0)
    }

    fn activities(&self) -> Vec<Activity> {
        self.store
            .read_now(|txn, _| {
                txn.activities_after(
                    &crate::store::LeadScope::All,
                    &Default::default(),
                    None,
                    10_000,
                )
            })
            .unwrap()
    }

    /// All activities since the last `skip`, in commit order, one line each.
    fn history(&self, skip: usize) -> Vec<String> {
        self.activities().iter().skip(skip).map(told).collect()
    }

    fn counts(&self) -> (u64, u64, u64) {
        let counts = self.store.read_now(|txn, _| txn.counts()).unwrap();
        (counts.leads, counts.companies, counts.activities)
    }

    /// What is stored of leads, to see that nothing has changed.
    fn picture(&self) -> Vec<String> {
        let leads = self.store.read_now(|txn, _| {
            let ids: Vec<_> = (1..100).map(LeadId).collect();
            txn.leads(&ids)
        });
        let mut rows: Vec<_> = leads
            .unwrap()
            .iter()
            .map(|lead| format!("{lead:?}"))
            .collect();
        rows.sort();
        rows.push(format!("{:?}", self.counts()));
        rows
    }
}

fn told(activity: &Activity) -> String {
    let what = &activity.what;
    let name = crate::catalogue::activity_type(what.activity_type)
        .map_or("?", |info| info.display_name.as_str());
    let attributes: Vec<String> = what
        .attributes
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let asset = what.asset.as_deref().unwrap_or("-");
    format!("{} {name} [{asset}] {}", what.lead, attributes.join("; "))
}

fn line(lead: &LeadView) -> String {
    let mut parts = vec![format!("{}", lead.id)];
    parts.extend(lead.email.clone());
    if let Some(id) = &lead.foreign_id {
        let system = lead.foreign_system.map_or("-", ForeignSystem::as_str);
        parts.push(format!("{system}:{id}"));
    } else {
        parts.extend(lead.foreign_system.map(|system| system.as_str().to_owned()));
    }
    parts.extend(
        lead.attributes
            .iter()
            .map(|attribute| format!("{}={}", attribute.name, attribute.value)),
    );
    parts.join("; ")
}

fn numbers(leads: &[LeadView]) -> String {
    let ids: Vec<String> = leads.iter().map(|lead| lead.id.to_string()).collect();
    ids.join(" ")
}

/// The name of a refusal's kind.
fn named(error: &CallError) -> String {
    let text = format!("{error:?}");
    let end = text.find(['(', ' ', '{']).unwrap_or(text.len());
    text[..end].to_owned()
}
