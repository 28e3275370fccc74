//! Histories.

use super::support::{at, lead, read, write};
use crate::ids::{ActivityId, LeadId};
use crate::store::{Activity, ActivityType, NewActivity, Rollback, Store};
use std::borrow::Cow;

fn activity(lead: i64, second: i64, name: &str) -> NewActivity {
    NewActivity {
        lead: LeadId(lead),
        at: at(second),
        activity_type: ActivityType(13),
        asset: Some(name.to_owned()),
        attributes: Vec::new(),
        campaign: None,
    }
}

fn append(store: &dyn Store, activities: Vec<NewActivity>) {
    write(store, move |txn| txn.append_activities(&activities));
}

fn names(activities: Vec<Activity>) -> Vec<String> {
    let names = activities.into_iter().map(|found| found.what.asset);
    names.map(Option::unwrap_or_default).collect()
}

fn history(store: &dyn Store, lead: i64, before: Option<&Activity>, limit: usize) -> Vec<Activity> {
    let before = before.map(|last| (last.what.at, last.id));
    read(store, move |txn| {
        txn.activities_of_lead(LeadId(lead), before, limit)
    })
}

fn after(store: &dyn Store, id: Option<ActivityId>, limit: usize) -> Vec<Activity> {
    read(store, move |txn| txn.activities_after(id, limit))
}

/// GLA-3, GLA-22: ids may be out of order with time.
pub fn latest_first_by_time_then_id(store: &dyn Store) {
    write(store, |txn| txn.insert_leads(&[lead(1), lead(2)]));
    append(
        store,
        vec![
            activity(1, 20, "a"),
            activity(1, 10, "b"),
            activity(2, 15, "other"),
            activity(1, 20, "c"),
        ],
    );
    append(store, vec![activity(1, 15, "d"), activity(1, 10, "e")]);
    assert_eq!(
        names(history(store, 1, None, usize::MAX)),
        ["c", "a", "d", "e", "b"]
    );
    assert_eq!(names(history(store, 2, None, 9)), ["other"]);
    assert!(history(store, 3, None, 9).is_empty());
    assert!(history(store, 1, None, 0).is_empty());
}

/// Page by page nothing is given twice and nothing left out, whatever shares a second.
pub fn pages_go_on_before_the_last_one(store: &dyn Store) {
    let all: Vec<_> = (0..20)
        .map(|n| activity(1, n / 6, &n.to_string()))
        .collect();
    append(store, all);
    let whole = history(store, 1, None, 99);
    assert_eq!(whole.len(), 20);
    for size in [1, 3, 7] {
        let mut pages: Vec<Activity> = Vec::new();
        loop {
            let page = history(store, 1, pages.last(), size);
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= size);
            pages.extend(page);
        }
        assert_eq!(pages, whole, "pages of {size}");
    }
}

/// GLC-2, GLC-23, GLC-24.
pub fn by_id_they_follow_the_commits(store: &dyn Store) {
    append(store, vec![activity(1, 30, "a"), activity(2, 10, "b")]);
    let undone = super::support::try_write(store, |txn, _| {
        txn.append_activities(&[activity(1, 5, "undone")])?;
        Err::<(), _>(Rollback::Refused)
    });
    assert!(undone.is_err());
    append(store, Vec::new());
    append(store, vec![activity(1, 20, "c")]);
    let all = after(store, None, usize::MAX);
    assert_eq!(names(all.clone()), ["a", "b", "c"]);
    assert!(all.is_sorted_by(|a, b| a.id < b.id));
    assert!(all.iter().all(|found| found.id.0 > 0));
    for (at, found) in all.iter().enumerate() {
        assert_eq!(after(store, Some(found.id), 1).first(), all.get(at + 1));
    }
    assert!(after(store, Some(ActivityId(i64::MAX)), 9).is_empty());
    assert!(after(store, None, 0).is_empty());
}

/// Attributes keep their order and may share a name.
pub fn come_back_as_written(store: &dyn Store) {
    let full = NewActivity {
        activity_type: ActivityType(u16::MAX),
        asset: None,
        attributes: vec![
            (Cow::Borrowed("Reason"), "Web service API".to_owned()),
            (
                Cow::Borrowed("Attribute Name"),
                "\u{1F600} \"x\"".to_owned(),
            ),
            (Cow::Borrowed("Attribute Name"), String::new()),
            (Cow::Borrowed("A"), "last".to_owned()),
        ],
        campaign: Some("Spring.Welcome".to_owned()),
        ..activity(7, -5_000_000_000, "")
    };
    append(store, vec![full.clone(), activity(8, 1, "")]);
    let stored: Vec<_> = after(store, None, 9)
        .into_iter()
        .map(|found| found.what)
        .collect();
    assert_eq!(stored, [full.clone(), activity(8, 1, "")]);
    let own: Vec<_> = history(store, 7, None, 9)
        .into_iter()
        .map(|found| found.what)
        .collect();
    assert_eq!(own, [full]);
}
