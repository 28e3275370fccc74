//! How histories are read, on a store in memory.

mod changes;
mod histories;

use super::*;
use crate::error::CallError;
use crate::ids::{ActivityId, LeadId, ListId};
use crate::leads::{LeadKeyType, Selector};
use crate::memory::MemoryStore;
use crate::schema::{Schema, testing};
use crate::store::{ActivityType, Lead, NewActivity, StaticList};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

struct House {
    store: MemoryStore,
    schema: Schema,
}

/// The time of the first activity.
fn start() -> Timestamp {
    "2013-07-01T00:00:00Z".parse().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

fn house() -> House {
    house_with("")
}

fn house_with(toml: &str) -> House {
    House {
        store: MemoryStore::new(),
        schema: testing::schema(toml),
    }
}

/// A known lead.
fn person(id: i64) -> Lead {
    Lead {
        id: LeadId(id),
        email: None,
        foreign_id: None,
        attrs: crate::attrs::Attrs::new(),
        company: crate::ids::CompanyId(id),
        partition: crate::ids::PartitionId(1),
        anonymous: false,
        created_at: start(),
        updated_at: start(),
    }
}

impl House {
    /// Adds known leads with the address `l<id>@x.com`.
    fn leads(&self, ids: &[i64]) {
        let lead = |id: &i64| Lead {
            email: Some(format!("l{id}@x.com")),
            ..person(*id)
        };
        let leads: Vec<Lead> = ids.iter().map(lead).collect();
        self.store
            .write_now(|txn, _| txn.insert_leads(&leads))
            .unwrap();
    }

    /// Adds activities: lead, type, second.
    fn add(&self, activities: &[(i64, u16, i64)]) {
        let new = |&(lead, activity_type, second): &(i64, u16, i64)| NewActivity {
            lead: LeadId(lead),
            at: at(second),
            activity_type: ActivityType(activity_type),
            asset: None,
            attributes: Arc::default(),
            campaign: None,
        };
        let activities: Vec<NewActivity> = activities.iter().map(new).collect();
        self.store
            .write_now(|txn, _| txn.append_activities(&activities))
            .unwrap();
    }

    fn history(&self, input: &HistorySelection) -> Result<ActivityPage, CallError> {
        self.store
            .read_now(|txn, _| lead_activity(txn, &self.schema, at(1_000), input))
    }

    fn changes(&self, input: &ChangeSelection) -> Result<ActivityPage, CallError> {
        self.store
            .read_now(|txn, _| lead_changes(txn, &self.schema, input))
    }
}

fn of_lead(id: i64) -> HistorySelection {
    HistorySelection {
        key_type: LeadKeyType::Idnum,
        key: id.to_string(),
        types: TypeWords::default(),
        start: StartPosition::default(),
        batch_size: None,
    }
}

fn of_all() -> ChangeSelection {
    ChangeSelection {
        start: StartPosition::default(),
        types: TypeWords::default(),
        selector: None,
        batch_size: None,
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn after(offset: &str) -> StartPosition {
    StartPosition {
        offset: Some(offset.to_owned()),
        ..StartPosition::default()
    }
}

fn ids(page: &ActivityPage) -> Vec<i64> {
    page.activities.iter().map(|found| found.id.0).collect()
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, CallError>, text: &str) {
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains(text), "{error}");
}

/// GLA-10, GLA-11, ACT-3, ACT-13, GLC-16: the display name of the type, and the lead last.
#[test]
fn act_03_every_activity_ends_with_its_lead() {
    let house = house();
    house.leads(&[7]);
    house
        .store
        .write_now(|txn, _| {
            txn.append_activities(&[new_lead(
                LeadId(7),
                at(1),
                None,
                Arc::new(Origin::Api.new_lead("2013-07-01".to_owned())),
            )])
        })
        .unwrap();
    let page = house.history(&of_lead(7)).unwrap();
    let changes = house.changes(&of_all()).unwrap();
    assert_eq!(page.activities, changes.activities);
    let [found] = page.activities.as_slice() else {
        panic!("{page:?}");
    };
    assert_eq!(found.activity_type, "New Lead");
    assert_eq!(
        (found.asset.as_deref(), found.campaign.as_deref()),
        (None, None)
    );
    let attributes: Vec<_> = found
        .attributes
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        attributes,
        [
            "Source Type=Web service API",
            "Source Info=Web service API",
            "Created Date=2013-07-01",
            "Lead ID=7"
        ]
    );
}

/// ACT-80: of leads that are gone only who asks for it hears.
#[test]
fn act_80_deletions_are_told_when_they_are_asked_for() {
    let house = house();
    house.add(&[(1, 12, 1), (1, 37, 2)]);
    let ask = |types| {
        ids(&house
            .changes(&ChangeSelection { types, ..of_all() })
            .unwrap())
    };
    let named = |names: &[&str]| TypeWords {
        names: words(names),
        ..TypeWords::default()
    };
    assert_eq!(ask(TypeWords::default()), [1]);
    assert_eq!(ask(named(&["Delete Lead"])), [2]);
    let excluded = TypeWords {
        exclude: words(&["NewLead"]),
        ..TypeWords::default()
    };
    assert_eq!(ask(excluded), [0; 0]);
}

/// ACT-51: what a loser did is the winner's past.
#[test]
fn act_51_activities_follow_a_merge() {
    let house = house();
    house.leads(&[1, 2]);
    house.add(&[(1, 12, 1), (2, 12, 2)]);
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(1), &[LeadId(2)]))
        .unwrap();
    let page = house.history(&of_lead(1)).unwrap();
    let told: Vec<_> = page
        .activities
        .iter()
        .map(|found| {
            (
                found.id,
                found.at,
                found.lead,
                found.attributes.last().cloned(),
            )
        })
        .collect();
    let own = Some(("Lead ID".into(), "1".to_owned()));
    assert_eq!(
        told,
        [
            (ActivityId(2), at(2), LeadId(1), own.clone()),
            (ActivityId(1), at(1), LeadId(1), own)
        ]
    );
    refused(house.history(&of_lead(2)), "IDNUM = 2");
}
