//! Campaigns and what they do, on a store in memory.

mod list;
mod request;
mod schedule;
mod steps;

use super::*;
use crate::error::CallError;
use crate::ids::{LeadId, ListId, TaskId};
use crate::leads::{LeadInput, LeadKeyType, SyncMultipleLeads, sync_multiple_leads};
use crate::memory::MemoryStore;
use crate::schema::{Schema, testing};
use crate::store::{ActivityFilter, LeadScope};
use jiff::SignedDuration;

/// What every house has: a channel, two programs, lists in and outside of them.
const GROUND: &str = r#"
[[channel]]
name = "Blog"
statuses = [{ name = "Visited", step = 10 }]
[[tag]]
type = "Region"
values = ["North"]
[[program]]
id = 1001
name = "Spring"
channel = "Blog"
folder = "/Campaigns/2026"
tags = { Region = "North" }
tokens = { gift = "mug", site = "https://example.com" }
costs = [{ id = 1, month = "2026-01", amount = 5 }]
[[program]]
id = 1002
name = "Autumn"
channel = "Blog"
[[list]]
id = 1
name = "Guests"
program = "Spring"
[[list]]
id = 2
name = "Outside"
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

/// A house with these campaigns, and leads 1 to 3: ann, bob, cy.
fn house(campaigns: &str) -> House {
    let (store, schema) = testing::store(&format!("{GROUND}\n{campaigns}"));
    let house = House { store, schema };
    house.sync("ann@x.com", &[("FirstName", "Ann"), ("LeadScore", "10")]);
    house.sync("bob@x.com", &[("FirstName", "Bob \"B\"")]);
    house.sync("cy@x.com", &[]);
    house.store.advance(60);
    house
}

impl House {
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

    /// Requests a campaign for leads.
    fn request(&self, id: i64, leads: &[i64]) {
        self.ask(&ask(id, leads)).unwrap();
    }

    fn ask(&self, input: &RequestCampaign) -> Result<(), CallError> {
        self.store
            .write_now(|txn, now| request_campaign(txn, &self.schema, now, input))
    }

    fn schedule(&self, input: &ScheduleCampaign) -> Result<(), CallError> {
        self.store
            .write_now(|txn, now| schedule_campaign(txn, &self.schema, now, input))
    }

    /// One piece of work.
    fn piece(&self, senders: usize) -> Worked {
        let done = self
            .store
            .write_now(|txn, now| work(txn, &self.schema, now, senders));
        done.unwrap()
    }

    /// Works until nothing is to be done now. Gives what is to be sent.
    fn work(&self) -> Vec<Outgoing> {
        let mut outgoing = Vec::new();
        for _ in 0..100 {
            let mut done = self.piece(99);
            outgoing.append(&mut done.outgoing);
            if !done.more {
                return outgoing;
            }
        }
        panic!("the work does not end");
    }

    fn sent(&self, outgoing: &Outgoing, outcome: &Sent) {
        self.store
            .write_now(|txn, now| sent(txn, &self.schema, now, outgoing, outcome))
            .unwrap();
    }

    fn failures(&self) -> Vec<String> {
        let found = self
            .store
            .read_now(|txn, _| failed_steps(txn, &self.schema, None, 99));
        let line = |step: FailedStep| {
            let reason = step.task.failure.unwrap_or_default();
            format!(
                "{} {} {}: {reason}",
                step.task.lead, step.campaign, step.action
            )
        };
        found.unwrap().into_iter().map(line).collect()
    }

    /// How many tasks there are, failed ones too.
    fn tasks(&self) -> usize {
        let far = self.store.now() + SignedDuration::from_hours(24 * 365);
        let waiting = self.store.read_now(|txn, _| txn.due_tasks(far, 9_999));
        let failed = self.store.read_now(|txn, _| txn.failed_tasks(None, 9_999));
        waiting.unwrap().len() + failed.unwrap().len()
    }

    fn value(&self, lead: i64, name: &str) -> Option<String> {
        let lead = self.store.read_now(|txn, _| txn.leads(&[LeadId(lead)]));
        let lead = lead.unwrap().pop()?;
        lead.attrs.get(name).map(str::to_owned)
    }

    fn members(&self, list: i64) -> Vec<i64> {
        let found = self
            .store
            .read_now(|txn, _| txn.list_members(ListId(list), None, 99));
        found.unwrap().iter().map(|lead| lead.id.0).collect()
    }

    /// What was told since the first three leads were made.
    fn history(&self) -> Vec<String> {
        let told = self.store.read_now(|txn, _| {
            txn.activities_after(&LeadScope::All, &ActivityFilter::default(), None, 999)
        });
        let line = |activity: &crate::store::Activity| {
            let activity = &activity.what;
            let what = crate::catalogue::activity_type(activity.activity_type).unwrap();
            let attributes: Vec<_> = activity
                .attributes
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!(
                "{} {} [{}] {} <{}>",
                activity.lead,
                what.display_name,
                activity.asset.clone().unwrap_or_default(),
                attributes.join("; "),
                activity.campaign.clone().unwrap_or_default()
            )
        };
        told.unwrap().iter().skip(3).map(line).collect()
    }
}

/// A request of a campaign by its number.
fn ask(id: i64, leads: &[i64]) -> RequestCampaign {
    let key = |lead: &i64| (LeadKeyType::Idnum, lead.to_string());
    RequestCampaign {
        source: Source::Mktows,
        keys: leads.iter().map(key).collect(),
        campaign_id: Some(id),
        campaign_name: None,
        program: None,
        tokens: Vec::new(),
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

/// A trigger campaign outside of programs.
fn trigger(id: i64, steps: &str) -> String {
    format!(
        "[[campaign]]\nid = {id}\nname = \"C{id}\"\nkind = \"trigger\"\nsources = [\"MKTOWS\"]\nsteps = [{steps}]\n"
    )
}
