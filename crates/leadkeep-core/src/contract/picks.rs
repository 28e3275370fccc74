//! Which of several matches are given.

use super::support::{at, attrs, lead_with, opportunity, read, write};
use crate::ids::LeadId;
use crate::store::{EmailPick, Lead, LeadKey, Opportunity, Pick, Store};

/// Leads 1 to 4 with one address; 2 was updated last, at the same time as 3.
fn four(store: &dyn Store) {
    write(store, |txn| {
        let same = |id, updated| Lead {
            updated_at: at(updated),
            ..lead_with(id, "a@example.com")
        };
        txn.insert_leads(&[same(1, 5), same(3, 9), same(2, 9), same(4, 7)])
    });
}

fn picked(store: &dyn Store, pick: Pick) -> Vec<i64> {
    let keys = [LeadKey::Email("a@example.com".into())];
    let ids = read(store, move |txn| txn.lead_ids(&keys, pick));
    assert_eq!(ids.len(), 1);
    ids.into_iter().flatten().map(|id| id.0).collect()
}

/// GL-3: the highest ids, as many as are wanted.
pub fn all_are_newest_first(store: &dyn Store) {
    four(store);
    let expected: [(usize, &[i64]); 5] = [
        (0, &[]),
        (1, &[4]),
        (3, &[4, 3, 2]),
        (4, &[4, 3, 2, 1]),
        (usize::MAX, &[4, 3, 2, 1]),
    ];
    for (count, ids) in expected {
        assert_eq!(picked(store, Pick::newest(count)), ids, "{count}");
    }
}

/// COM-11: the highest id.
pub fn one_is_the_last_added(store: &dyn Store) {
    four(store);
    assert_eq!(picked(store, Pick::one(EmailPick::Added)), [4]);
}

/// COM-2: the latest time of update, of two the higher id; a touch counts.
pub fn one_is_the_last_updated(store: &dyn Store) {
    four(store);
    assert_eq!(picked(store, Pick::one(EmailPick::Updated)), [3]);
    write(store, |txn| txn.touch_leads(&[LeadId(1)], at(10)));
    assert_eq!(picked(store, Pick::one(EmailPick::Updated)), [1]);
    assert_eq!(picked(store, Pick::newest(2)), [4, 3], "these are by id");
    let first = EmailPick::Updated;
    for (most, ids) in [(0, &[][..]), (3, &[1, 3, 2]), (9, &[1, 3, 2, 4])] {
        assert_eq!(picked(store, Pick { first, most }), ids, "{most}");
    }
}

/// The same for opportunities.
pub fn of_opportunities_too(store: &dyn Store) {
    write(store, |txn| {
        let same = |id, updated| Opportunity {
            attrs: attrs(&[("Number", "N1")]),
            updated_at: at(updated),
            ..opportunity(id)
        };
        txn.insert_opportunities(&[same(1, 5), same(3, 9), same(2, 9), same(4, 7)])
    });
    let expected: [(Pick, &[i64]); 4] = [
        (Pick::newest(0), &[]),
        (Pick::newest(3), &[4, 3, 2]),
        (Pick::one(EmailPick::Added), &[4]),
        (Pick::one(EmailPick::Updated), &[3]),
    ];
    for (pick, ids) in expected {
        let keys = [("Number".to_owned(), "N1".to_owned())];
        let found = read(store, move |txn| txn.opportunity_ids_by_field(&keys, pick));
        let found: Vec<Vec<i64>> = found
            .into_iter()
            .map(|ids| ids.into_iter().map(|id| id.0).collect())
            .collect();
        assert_eq!(found, [ids], "{pick:?}");
    }
}
