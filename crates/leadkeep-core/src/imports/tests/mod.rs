//! Imports into lists, on a store in memory.

mod calls;
mod rows;

use super::*;
use crate::error::CallError;
use crate::ids::{CampaignId, ImportId, LeadId, ListId};
use crate::leads::{LeadInput, SyncMultipleLeads, sync_multiple_leads};
use crate::memory::MemoryStore;
use crate::schema::{Schema, testing};
use crate::store::{ActivityFilter, Import, ImportState, LeadScope};

const HOUSE: &str = r#"
[rules]
check_email = true
[[channel]]
name = "Blog"
statuses = [{ name = "Visited", step = 10 }]
[[program]]
name = "Spring"
channel = "Blog"
tokens = { gift = "mug" }
[[program]]
name = "Autumn"
channel = "Blog"
[[list]]
id = 1
name = "Guests"
program = "Spring"
[[list]]
id = 2
name = "Others"
program = "Spring"
[[list]]
id = 3
name = "Outside"
[[campaign]]
id = 11
name = "Invite"
program = "Spring"
kind = "batch"
[[campaign]]
id = 12
name = "Elsewhere"
program = "Autumn"
kind = "batch"
[[field]]
object = "Lead"
name = "shoe_size"
display_name = "Shoe Size"
type = "integer"
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

fn house() -> House {
    let (store, schema) = testing::store(HOUSE);
    House { store, schema }
}

/// An import of rows, one item each.
fn input(header: &str, rows: &[&str]) -> ImportToList {
    ImportToList {
        program: "Spring".to_owned(),
        list: "Guests".to_owned(),
        header: header.to_owned(),
        rows: ImportRows::split(rows.iter().map(|row| (*row).to_owned()).collect()),
        mode: ImportMode::Upsert,
        clear: false,
        campaign: None,
    }
}

impl House {
    fn take(&self, input: &ImportToList) -> Result<ImportId, CallError> {
        self.store
            .write_now(|txn, now| import_to_list(txn, &self.schema, now, input))
    }

    fn piece(&self, last: Option<ImportId>) -> Option<ImportId> {
        let done = self
            .store
            .write_now(|txn, now| work(txn, &self.schema, now, last));
        done.unwrap()
    }

    fn finish(&self) {
        while self.piece(None).is_some() {}
    }

    /// Takes an import and does all of it; its summary, then the reasons of what failed.
    fn run(&self, input: &ImportToList) -> String {
        let id = self.take(input).unwrap();
        self.finish();
        let import = self.status("Guests").import;
        assert_eq!((import.id, import.state), (id, ImportState::Complete));
        let sum = import.imported + import.failed + import.ignored;
        assert_eq!(sum, import.rows, "ITS-5: {import:?}");
        let mut told = import.summary.unwrap();
        for row in self.failed(id) {
            told.push_str(&format!("; {} {}", row[0], row[1]));
        }
        told
    }

    fn failed(&self, id: ImportId) -> Vec<Vec<String>> {
        let found = self.store.read_now(|txn, _| failed_rows(txn, id, 0));
        found.unwrap().unwrap().rows
    }

    fn status(&self, list: &str) -> ImportStatus {
        let list = list.to_owned();
        self.store
            .read_now(|txn, now| import_status(txn, now, "Spring", &list))
            .unwrap()
    }

    fn lead(&self, id: i64) -> String {
        let lead = self.store.read_now(|txn, _| txn.leads(&[LeadId(id)]));
        let Some(lead) = lead.unwrap().pop() else {
            return "none".to_owned();
        };
        let email = lead.email.unwrap_or_default();
        let values = lead
            .attrs
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let sources =
            |value: &String| value.starts_with("Original") || value.starts_with("Registration");
        let values: Vec<_> = values.filter(|value| !sources(value)).collect();
        format!("{email}; {}", values.join("; "))
    }

    fn members(&self, list: i64) -> Vec<i64> {
        let found = self
            .store
            .read_now(|txn, _| txn.list_members(ListId(list), None, 99));
        found.unwrap().iter().map(|lead| lead.id.0).collect()
    }

    fn history(&self, skip: usize) -> Vec<String> {
        let told = self.store.read_now(|txn, _| {
            txn.activities_after(&LeadScope::All, &ActivityFilter::default(), None, 99)
        });
        let told = told.unwrap();
        let line = |activity: &crate::store::Activity| {
            let activity = &activity.what;
            let what = crate::catalogue::activity_type(activity.activity_type).unwrap();
            let attributes = activity
                .attributes
                .iter()
                .filter(|(name, _)| name != "Created Date")
                .map(|(name, value)| format!("{name}={value}"));
            let attributes: Vec<_> = attributes.collect();
            let asset = activity.asset.clone().unwrap_or_default();
            format!(
                "{} {} [{asset}] {}",
                activity.lead,
                what.display_name,
                attributes.join("; ")
            )
        };
        told.iter().skip(skip).map(line).collect()
    }

    fn sync(&self, email: &str, attributes: &[(&str, &str)]) {
        let attributes = attributes.iter();
        let call = SyncMultipleLeads {
            records: vec![LeadInput {
                email: Some(email.to_owned()),
                attributes: attributes
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                ..LeadInput::default()
            }],
            dedup: true,
            max_records: 9,
        };
        self.store
            .write_now(|txn, now| sync_multiple_leads(txn, &self.schema, now, &call, None))
            .unwrap();
    }

    fn tokens(&self, leads: &[i64]) -> Vec<Vec<(String, String)>> {
        let leads: Vec<_> = leads.iter().map(|lead| LeadId(*lead)).collect();
        let found = self
            .store
            .read_now(|txn, _| txn.row_tokens(CampaignId(11), &leads));
        found.unwrap()
    }
}
