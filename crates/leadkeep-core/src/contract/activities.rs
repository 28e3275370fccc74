//! Histories.

use super::support::{at, lead, read, write};
use crate::ids::{ActivityId, LeadId, ListId};
use crate::store::{
    Activity, ActivityFilter, ActivityType, LeadScope, NewActivity, Rollback, Store, TypeFilter,
};
use std::borrow::Cow;
use std::sync::Arc;

fn activity(lead: i64, second: i64, name: &str) -> NewActivity {
    NewActivity {
        lead: LeadId(lead),
        at: at(second),
        activity_type: ActivityType(13),
        asset: Some(name.to_owned()),
        attributes: Arc::default(),
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
        txn.activities_of_lead(LeadId(lead), &ActivityFilter::default(), before, limit)
    })
}

fn after(store: &dyn Store, id: Option<ActivityId>, limit: usize) -> Vec<Activity> {
    read(store, move |txn| {
        txn.activities_after(&LeadScope::All, &ActivityFilter::default(), id, limit)
    })
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
        attributes: Arc::new(vec![
            (Cow::Borrowed("Reason"), "Web service API".to_owned()),
            (
                Cow::Borrowed("Attribute Name"),
                "\u{1F600} \"x\"".to_owned(),
            ),
            (Cow::Borrowed("Attribute Name"), String::new()),
            (Cow::Borrowed("A"), "last".to_owned()),
        ]),
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

/// Numbers of types and seconds of a long history in which no two neighbours are alike.
fn mixed(count: i64) -> Vec<NewActivity> {
    let one = |n: i64| NewActivity {
        activity_type: ActivityType([12, 13, 24, 13][usize::try_from(n % 4).unwrap_or(0)]),
        ..activity(1 + n % 3, 100 + n / 5, &n.to_string())
    };
    (0..count).map(one).collect()
}

fn filters() -> Vec<ActivityFilter> {
    let types = [
        TypeFilter::default(),
        TypeFilter::Only(vec![ActivityType(24)]),
        TypeFilter::Only(vec![ActivityType(12), ActivityType(13), ActivityType(9)]),
        TypeFilter::Only(Vec::new()),
        TypeFilter::Except(vec![ActivityType(13)]),
    ];
    let times = [
        (None, None),
        (Some(at(104)), None),
        (None, Some(at(104))),
        (Some(at(103)), Some(at(106))),
        (Some(at(106)), Some(at(103))),
        (Some(at(0)), Some(at(9_999))),
    ];
    let both = types.iter().flat_map(|types| {
        times.map(|(from, to)| ActivityFilter {
            types: types.clone(),
            from,
            to,
        })
    });
    both.collect()
}

fn is_wanted(filter: &ActivityFilter, what: &NewActivity) -> bool {
    filter.types.takes(what.activity_type)
        && filter.from.is_none_or(|from| what.at >= from)
        && filter.to.is_none_or(|to| what.at < to)
}

/// GLA-4, GLA-15, GLA-21: whatever the filter, pages and counts are those of the whole history.
pub fn a_history_is_filtered_by_type_and_time(store: &dyn Store) {
    append(store, mixed(90));
    append(store, vec![activity(1, 101, "late")]);
    let whole = history(store, 1, None, usize::MAX);
    assert_eq!(whole.len(), 31);
    for filter in filters() {
        let wanted: Vec<_> = whole
            .iter()
            .filter(|found| is_wanted(&filter, &found.what))
            .cloned()
            .collect();
        let mut pages: Vec<Activity> = Vec::new();
        loop {
            let before = pages.last().map(|last| (last.what.at, last.id));
            let asked = filter.clone();
            let (page, left) = read(store, move |txn| {
                let lead = LeadId(1);
                Ok((
                    txn.activities_of_lead(lead, &asked, before, 4)?,
                    txn.count_activities_of_lead(lead, &asked, before, 5)?,
                ))
            });
            let rest = wanted.len() - pages.len();
            assert_eq!(left, u64::try_from(rest.min(5)).unwrap_or(0), "{filter:?}");
            if page.is_empty() {
                break;
            }
            pages.extend(page);
        }
        assert_eq!(pages, wanted, "{filter:?}");
    }
}

/// GLC-4, GLC-19, GLC-21, GLC-25, GLC-27: whatever the filter and whoever is asked for, also when times do not follow
/// the ids.
pub fn the_stream_is_filtered_by_type_time_and_lead(store: &dyn Store) {
    write(store, |txn| {
        txn.add_list_members(&[(ListId(5), LeadId(2)), (ListId(6), LeadId(1))], at(1))
    });
    for late in [false, true] {
        append(store, mixed(40));
        if late {
            append(
                store,
                vec![activity(1, 101, "late"), activity(2, 90, "later")],
            );
        }
        let whole = after(store, None, usize::MAX);
        let scopes: [(LeadScope, &[i64]); 5] = [
            (LeadScope::All, &[1, 2, 3]),
            (LeadScope::Leads(vec![LeadId(3), LeadId(1)]), &[1, 3]),
            (LeadScope::Leads(Vec::new()), &[]),
            (LeadScope::List(ListId(5)), &[2]),
            (LeadScope::List(ListId(7)), &[]),
        ];
        for (filter, (scope, leads)) in filters()
            .into_iter()
            .flat_map(|filter| scopes.clone().map(|scope| (filter.clone(), scope)))
        {
            let wanted: Vec<_> = whole
                .iter()
                .filter(|found| is_wanted(&filter, &found.what))
                .filter(|found| leads.contains(&found.what.lead.0))
                .cloned()
                .collect();
            let mut pages: Vec<Activity> = Vec::new();
            loop {
                let last = pages.last().map(|last| last.id);
                let (scope, filter) = (scope.clone(), filter.clone());
                let (page, left) = read(store, move |txn| {
                    Ok((
                        txn.activities_after(&scope, &filter, last, 7)?,
                        txn.count_activities_after(&scope, &filter, last, 8)?,
                    ))
                });
                let rest = wanted.len() - pages.len();
                assert_eq!(left, u64::try_from(rest.min(8)).unwrap_or(0));
                if page.is_empty() {
                    break;
                }
                pages.extend(page);
            }
            assert_eq!(pages, wanted, "{scope:?} {filter:?}");
        }
    }
}

/// GLA-12: an id alone leads to its place.
pub fn an_id_has_a_time_also_if_its_activity_is_unknown(store: &dyn Store) {
    let time = |id| read(store, move |txn| txn.activity_time(ActivityId(id)));
    let last = || read(store, |txn| txn.last_activity_id());
    assert_eq!((time(1), last()), (None, None));
    append(store, vec![activity(1, 10, "a"), activity(1, 20, "b")]);
    let ids: Vec<i64> = after(store, None, 9)
        .iter()
        .map(|found| found.id.0)
        .collect();
    assert_eq!(time(ids[0]), Some(at(10)));
    assert_eq!(time(ids[1]), Some(at(20)));
    assert_eq!(time(ids[1] + 100), Some(at(20)));
    assert_eq!(time(ids[0] - 1), None);
    assert_eq!(last(), Some(ActivityId(ids[1])));
}
