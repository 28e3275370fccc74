//! How histories are read, on a store in memory.

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

/// GLA-1, GLA-3, GLA-22, ACT-10.
#[test]
fn gla_03_a_history_is_latest_first() {
    let house = house();
    house.leads(&[1, 2]);
    house.add(&[
        (1, 12, 10),
        (1, 13, 30),
        (2, 12, 20),
        (1, 13, 20),
        (1, 13, 30),
    ]);
    let page = house.history(&of_lead(1)).unwrap();
    assert_eq!(ids(&page), [5, 2, 4, 1]);
    assert_eq!(page.remaining, 0);
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

/// GLA-4, GLA-5, GLA-7, ACT-11: words of the schema, display names, and words of old schemas.
#[test]
fn gla_07_types_are_named_by_word_or_display_name() {
    let house = house();
    house.leads(&[1]);
    house.add(&[(1, 12, 1), (1, 13, 2), (1, 24, 3), (1, 13, 4)]);
    let ask = |include: &[&str], exclude: &[&str]| {
        let types = TypeWords {
            include: words(include),
            exclude: words(exclude),
            names: Vec::new(),
        };
        house.history(&HistorySelection {
            types,
            ..of_lead(1)
        })
    };
    for (include, exclude, found) in [
        (&["NewLead"][..], &[][..], &[1][..]),
        (&["New Lead", " changeDATAvalue "], &[], &[4, 2, 1]),
        (&["AddToList", ""], &[" "], &[3]),
        (&[], &["ChangeDataValue"], &[3, 1]),
        (&[], &[], &[4, 3, 2, 1]),
        (&["", " "], &[], &[4, 3, 2, 1]),
        (
            &["RegisterForEvent", "AttendEvent", "ComputeSegmentation"],
            &[],
            &[],
        ),
    ] {
        assert_eq!(
            ids(&ask(include, exclude).unwrap()),
            found,
            "{include:?} {exclude:?}"
        );
    }
    // GLA-6.
    refused(ask(&["NewLead"], &["AddToList"]), "cannot be used together");
    for bad in ["Nonsense", "New-Lead", "12"] {
        refused(ask(&[bad], &[]), "activity type");
        refused(ask(&[], &["NewLead", bad]), bad);
    }
}

/// GLA-8, GLA-27, GLA-9, GLA-21.
#[test]
fn gla_08_pages_have_at_most_a_hundred() {
    let house = house();
    house.leads(&[1]);
    let many: Vec<_> = (0..1_250).map(|second| (1, 13, second / 7)).collect();
    house.add(&many);
    let page = |batch_size| {
        let page = house
            .history(&HistorySelection {
                batch_size,
                ..of_lead(1)
            })
            .unwrap();
        (page.activities.len(), page.remaining)
    };
    for size in [None, Some(0), Some(100), Some(101), Some(i64::MAX)] {
        assert_eq!(page(size), (100, 1_000), "{size:?}");
    }
    assert_eq!(page(Some(7)), (7, 1_000));
    let negative = HistorySelection {
        batch_size: Some(-1),
        ..of_lead(1)
    };
    refused(house.history(&negative), "batchSize");
}

/// GLA-12, GLA-13, GLA-14, GLA-20, GLA-26, STR-3, STR-6: the offset alone leads through all pages, also when others are
/// written between them.
#[test]
fn gla_12_the_offset_alone_pages() {
    let house = house();
    house.leads(&[1]);
    let all: Vec<_> = (0..23).map(|n| (1, 13, n / 4)).collect();
    house.add(&all);
    let mut found = Vec::new();
    let mut input = HistorySelection {
        batch_size: Some(5),
        start: after(" "),
        ..of_lead(1)
    };
    let mut left = Vec::new();
    loop {
        let page = house.history(&input).unwrap();
        left.push(page.remaining);
        if page.activities.is_empty() {
            assert_eq!(page.position, input.start, "the same position");
            break;
        }
        let end = ids(&page).last().copied().unwrap();
        assert_eq!(page.position.offset, Some(format!("ID:{end}")));
        found.extend(ids(&page));
        input.start = after(&page.position.offset.unwrap());
        house.add(&[(1, 13, 500)]);
    }
    assert_eq!(found, (1..=23).rev().collect::<Vec<_>>());
    assert_eq!(left, [18, 13, 8, 3, 0, 0]);
    // A number alone, any case, blanks.
    for offset in ["ID:6", "id:6", " 6 "] {
        input.start = after(offset);
        assert_eq!(
            ids(&house.history(&input).unwrap()),
            [5, 4, 3, 2, 1],
            "{offset}"
        );
    }
    let none = HistorySelection {
        types: TypeWords {
            include: words(&["MergeLeads"]),
            ..TypeWords::default()
        },
        ..of_lead(1)
    };
    let empty = house.history(&none).unwrap();
    assert_eq!(
        (empty.remaining, empty.position),
        (0, StartPosition::default())
    );
}

/// GLA-25, STR-4.
#[test]
fn gla_25_other_offsets_are_refused() {
    let house = house();
    house.leads(&[1]);
    for bad in [
        "x",
        "ID:",
        "ID:x",
        "ID:-1",
        "-1",
        "1.0",
        "ID:1:2",
        "ID:99999999999999999999",
        "é",
        "ID: 1",
    ] {
        let input = HistorySelection {
            start: after(bad),
            ..of_lead(1)
        };
        refused(house.history(&input), "position");
        let input = ChangeSelection {
            start: after(bad),
            ..of_all()
        };
        refused(house.changes(&input), "position");
    }
}

/// GLA-15, GLA-23, GLA-24: bounds of time, and the time of the first page.
#[test]
fn gla_23_the_first_page_fixes_its_time() {
    let house = house();
    house.leads(&[1]);
    house.add(&[(1, 13, 10), (1, 13, 20), (1, 13, 30), (1, 13, 1_000)]);
    let first = house
        .history(&HistorySelection {
            batch_size: Some(2),
            ..of_lead(1)
        })
        .unwrap();
    assert_eq!(ids(&first), [4, 3]);
    assert_eq!(
        first.position.latest,
        Some(at(1_000)),
        "the time of the call"
    );
    // Newer ones, imported late perhaps: the position keeps them out.
    house.add(&[(1, 13, 1_001)]);
    let second = house
        .history(&HistorySelection {
            start: first.position,
            ..of_lead(1)
        })
        .unwrap();
    assert_eq!(ids(&second), [2, 1]);
    let bounded = |latest, oldest, activity| {
        let start = StartPosition {
            latest,
            oldest,
            activity,
            offset: None,
        };
        ids(&house
            .history(&HistorySelection {
                start,
                ..of_lead(1)
            })
            .unwrap())
    };
    assert_eq!(bounded(Some(at(20)), None, None), [2, 1]);
    assert_eq!(bounded(None, Some(at(20)), None), [4, 3, 2]);
    assert_eq!(bounded(None, None, Some(at(20))), [2, 1]);
    assert_eq!(bounded(Some(at(30)), Some(at(20)), Some(at(25))), [2]);
    assert_eq!(bounded(Some(at(5)), Some(at(20)), None), [0; 0]);
    assert_eq!(bounded(Some(Timestamp::MAX), None, None), [5, 4, 3, 2, 1]);
}

/// GLA-18, GLA-19: of several leads the one added last, or updated last.
#[test]
fn gla_19_one_lead_is_meant() {
    for (toml, expected) in [("", 2), ("[rules]\nduplicate_email = \"updated\"", 1)] {
        let house = house_with(toml);
        let mut leads = [1, 2].map(person);
        for lead in &mut leads {
            lead.email = Some("a@x.com".to_owned());
        }
        leads[0].updated_at = at(900);
        house
            .store
            .write_now(|txn, _| txn.insert_leads(&leads))
            .unwrap();
        house.add(&[(1, 12, 1), (2, 12, 2)]);
        let by_email = HistorySelection {
            key_type: LeadKeyType::Email,
            key: " A@x.com ".to_owned(),
            ..of_lead(0)
        };
        let page = house.history(&by_email).unwrap();
        assert_eq!(page.activities[0].lead, LeadId(expected));
    }
    let house = house();
    refused(house.history(&of_lead(9)), "IDNUM = 9");
    refused(house.history(&of_lead(0)), "not valid");
    let owner = HistorySelection {
        key_type: LeadKeyType::LeadOwnerEmail,
        ..of_lead(9)
    };
    assert!(matches!(
        house.history(&owner),
        Err(CallError::LeadOwnerNotFound { .. })
    ));
}

/// GLC-1, GLC-2, GLC-12, GLC-14, GLC-18, GLC-19, GLC-22, GLC-24, GLC-28, GLC-30.
#[test]
fn glc_02_changes_are_oldest_first_page_by_page() {
    let house = house();
    let many: Vec<_> = (0..250).map(|n| (1 + n % 5, 13, n)).collect();
    house.add(&many);
    let mut input = ChangeSelection {
        start: StartPosition {
            oldest: Some(at(0)),
            ..StartPosition::default()
        },
        ..of_all()
    };
    let mut found = Vec::new();
    let mut left = Vec::new();
    loop {
        let page = house.changes(&input).unwrap();
        left.push(page.remaining);
        assert_eq!(page.position.oldest, Some(at(0)), "as it was sent");
        assert_eq!((page.position.latest, page.position.activity), (None, None));
        if page.activities.is_empty() {
            assert_eq!(page.position, input.start, "pollers come again with it");
            break;
        }
        found.extend(ids(&page));
        input.start = page.position;
    }
    assert_eq!(found, (1..=250).collect::<Vec<_>>());
    assert_eq!(left, [150, 50, 0, 0]);
    house.add(&[(3, 12, 999)]);
    assert_eq!(ids(&house.changes(&input).unwrap()), [251]);
    // A first call without hits has no offset.
    let later = ChangeSelection {
        start: StartPosition {
            oldest: Some(at(5_000)),
            ..StartPosition::default()
        },
        ..of_all()
    };
    let page = house.changes(&later).unwrap();
    assert_eq!((page.position, page.remaining), (later.start, 0));
    for (size, expected) in [(Some(0), 100), (Some(3), 3), (Some(5_000), 251)] {
        let input = ChangeSelection {
            batch_size: size,
            ..of_all()
        };
        assert_eq!(house.changes(&input).unwrap().activities.len(), expected);
    }
    let negative = ChangeSelection {
        batch_size: Some(-5),
        ..of_all()
    };
    refused(house.changes(&negative), "batchSize");
}

/// GLC-8, GLC-27: a thousand a page, and an exact count up to ten thousand.
#[test]
fn glc_27_what_remains_is_counted_up_to_a_bound() {
    let house = house();
    let many: Vec<_> = (0..11_500).map(|n| (1, 13, n)).collect();
    house.add(&many);
    let page = |after: i64| {
        let input = ChangeSelection {
            start: self::after(&format!("ID:{after}")),
            batch_size: Some(9_999),
            ..of_all()
        };
        let page = house.changes(&input).unwrap();
        (page.activities.len(), page.remaining)
    };
    assert_eq!(page(100), (1_000, 10_000));
    assert_eq!(page(2_000), (1_000, 8_500));
    assert_eq!(page(11_499), (1, 0));
}

/// GLC-4, GLC-20, GLC-21: two lower bounds, one upper bound.
#[test]
fn glc_20_the_later_of_the_lower_bounds_counts() {
    let house = house();
    house.add(&[(1, 13, 10), (1, 13, 20), (1, 13, 30)]);
    for (oldest, activity, latest, found) in [
        (Some(20), None, None, &[2, 3][..]),
        (None, Some(30), None, &[3]),
        (Some(30), Some(10), None, &[3]),
        (Some(10), Some(20), Some(30), &[2]),
        (None, None, Some(20), &[1]),
        (Some(30), None, Some(10), &[]),
    ] {
        let start = StartPosition {
            oldest: oldest.map(at),
            activity: activity.map(at),
            latest: latest.map(at),
            offset: None,
        };
        let page = house.changes(&ChangeSelection { start, ..of_all() });
        assert_eq!(
            ids(&page.unwrap()),
            found,
            "{oldest:?} {activity:?} {latest:?}"
        );
    }
}

/// GLC-19: time bounds hold beside an offset. An offset that no activity here ever had is another server's.
#[test]
fn glc_19_bounds_hold_beside_an_offset() {
    let house = house();
    house.add(&[(1, 13, 10), (1, 13, 20), (1, 13, 30), (1, 13, 40)]);
    for (offset, found) in [
        ("ID:1", &[2, 3][..]),
        ("3", &[]),
        ("", &[1, 2, 3]),
        ("ID:1086173", &[1, 2, 3]),
    ] {
        let start = StartPosition {
            latest: Some(at(40)),
            oldest: Some(at(0)),
            ..after(offset)
        };
        let page = house
            .changes(&ChangeSelection { start, ..of_all() })
            .unwrap();
        assert_eq!(ids(&page), found, "{offset}");
        assert_eq!(page.position.latest, Some(at(40)));
    }
}

/// GLC-5, GLC-6, GLC-7, GLC-9, GLC-26: both filters must hold.
#[test]
fn glc_26_filters_by_name_and_by_word_hold_together() {
    let house = house();
    house.add(&[(1, 12, 1), (1, 13, 2), (1, 24, 3), (1, 1, 4)]);
    let ask = |include: &[&str], exclude: &[&str], names: &[&str]| {
        let types = TypeWords {
            include: words(include),
            exclude: words(exclude),
            names: words(names),
        };
        house.changes(&ChangeSelection { types, ..of_all() })
    };
    for (include, exclude, names, found) in [
        (
            &[][..],
            &[][..],
            &["Visit Webpage", "new lead"][..],
            &[1, 4][..],
        ),
        (&[], &[], &["", " "], &[1, 2, 3, 4]),
        (
            &["NewLead", "AddToList"],
            &[],
            &["Add to List", "Visit Webpage"],
            &[3],
        ),
        (&["NewLead"], &[], &["Add to List"], &[]),
        (&[], &["AddToList"], &["Add to List", "Visit Webpage"], &[4]),
        (&[], &["AddToList"], &[], &[1, 2, 4]),
    ] {
        assert_eq!(
            ids(&ask(include, exclude, names).unwrap()),
            found,
            "{include:?} {exclude:?} {names:?}"
        );
    }
    refused(
        ask(&["NewLead"], &["AddToList"], &[]),
        "cannot be used together",
    );
    refused(ask(&[], &[], &["Visit Website"]), "Visit Website");
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

/// GLC-10, GLC-11, GLC-15, GLC-25: some leads, a list as it is now, or a window of activities.
#[test]
fn glc_25_a_selector_limits_the_leads() {
    let house = house();
    house.leads(&[1, 2, 3]);
    house.add(&[(1, 12, 1), (2, 12, 2), (3, 12, 3), (1, 13, 4), (9, 12, 5)]);
    let list = StaticList {
        id: ListId(1001),
        name: "Newsletter".to_owned(),
        program: None,
    };
    house
        .store
        .write_now(|txn, now| {
            txn.put_static_lists(std::slice::from_ref(&list))?;
            txn.add_list_members(&[(ListId(1001), LeadId(1)), (ListId(1001), LeadId(3))], now)
        })
        .unwrap();
    let ask = |selector| {
        house.changes(&ChangeSelection {
            selector: Some(selector),
            ..of_all()
        })
    };
    let keys = |key_type, keys: &[&str]| Selector::Keys(key_type, words(keys));
    let list = |name: Option<&str>, id| Selector::StaticList(name.map(str::to_owned), id);
    for (selector, found) in [
        (keys(LeadKeyType::Idnum, &["2", "77"]), &[2][..]),
        (
            keys(LeadKeyType::Email, &["l1@x.com", "L3@X.com", "l1@x.com"]),
            &[1, 3, 4],
        ),
        (keys(LeadKeyType::Idnum, &["77"]), &[]),
        (list(Some("newsletter"), None), &[1, 3, 4]),
        (list(None, Some(1001)), &[1, 3, 4]),
        (Selector::Updated(at(2), Some(at(4))), &[2, 3]),
        (Selector::Updated(at(4), None), &[4, 5]),
    ] {
        assert_eq!(ids(&ask(selector.clone()).unwrap()), found, "{selector:?}");
    }
    refused(ask(list(Some("Nobody"), None)), "Nobody");
    refused(ask(list(None, Some(7))), "7");
    refused(ask(list(Some("Other"), Some(1001))), "Newsletter");
    refused(ask(list(None, None)), "staticListName");
    refused(ask(keys(LeadKeyType::Idnum, &["1"; 101])), "at most 100");
    assert_eq!(
        ids(&ask(keys(LeadKeyType::Idnum, &["1"; 100])).unwrap()),
        [1, 4]
    );
    refused(ask(keys(LeadKeyType::Idnum, &[])), "keyValues");
    let days = |days: i64| Selector::Updated(at(0), Some(at(days * 86_400)));
    assert!(ask(days(30)).is_ok());
    assert!(matches!(ask(days(31)), Err(CallError::TimeRange(30))));
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
