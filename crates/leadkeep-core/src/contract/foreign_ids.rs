//! Foreign ids and the leads that have them.

use super::support::{custom, foreign, lead, read, write};
use crate::ids::LeadId;
use crate::store::{ForeignId, ForeignSystem, LeadKey, Pick, Store};

fn attach(store: &dyn Store, ids: &[(ForeignId, i64)]) {
    let ids: Vec<_> = ids
        .iter()
        .map(|(id, lead)| (id.clone(), LeadId(*lead)))
        .collect();
    write(store, move |txn| txn.attach_foreign_ids(&ids));
}

fn shown(store: &dyn Store, lead: i64) -> Option<ForeignId> {
    let found = read(store, move |txn| txn.leads(&[LeadId(lead)]));
    assert_eq!(found.len(), 1);
    found.into_iter().find_map(|lead| lead.foreign_id)
}

fn owners(store: &dyn Store, key: LeadKey) -> Vec<i64> {
    let found = read(store, move |txn| {
        txn.lead_ids(std::slice::from_ref(&key), Pick::newest(9))
    });
    found.into_iter().flatten().map(|id| id.0).collect()
}

fn three_leads(store: &dyn Store) {
    write(store, |txn| txn.insert_leads(&[lead(1), lead(2), lead(3)]));
}

/// DM-FSID-4, COM-20: of several the last one, also if it had been attached before.
pub fn the_one_attached_last_is_shown(store: &dyn Store) {
    three_leads(store);
    assert_eq!(shown(store, 1), None);
    attach(store, &[(custom("z"), 1)]);
    attach(store, &[(custom("a"), 1), (custom("b"), 2)]);
    assert_eq!(shown(store, 1), Some(custom("a")));
    attach(store, &[(custom("z"), 1)]);
    assert_eq!(shown(store, 1), Some(custom("z")));
    assert_eq!(shown(store, 2), Some(custom("b")));
    assert_eq!(owners(store, LeadKey::Foreign(custom("a"))), [1]);
}

/// DM-FSID-2: the former owner shows what it still has.
pub fn one_that_moves_leaves_its_lead(store: &dyn Store) {
    three_leads(store);
    attach(store, &[(custom("a"), 1), (custom("b"), 1)]);
    attach(store, &[(custom("b"), 2)]);
    assert_eq!(owners(store, LeadKey::Foreign(custom("b"))), [2]);
    assert_eq!(shown(store, 1), Some(custom("a")));
    assert_eq!(shown(store, 2), Some(custom("b")));
    attach(store, &[(custom("a"), 2)]);
    assert_eq!(shown(store, 1), None);
    assert_eq!(shown(store, 2), Some(custom("a")));
}

/// DM-FSID-3, SL-37: the same text under two systems is two keys; without a system all are found.
pub fn systems_are_apart(store: &dyn Store) {
    three_leads(store);
    let sfdc = foreign(ForeignSystem::Sfdc, "x");
    let netsuite = foreign(ForeignSystem::Netsuite, "x");
    attach(
        store,
        &[
            (sfdc.clone(), 1),
            (netsuite.clone(), 2),
            (custom("xx"), 3),
            (custom("X"), 3),
        ],
    );
    assert_eq!(owners(store, LeadKey::Foreign(sfdc.clone())), [1]);
    assert_eq!(owners(store, LeadKey::Foreign(netsuite.clone())), [2]);
    assert!(owners(store, LeadKey::Foreign(custom("x"))).is_empty());
    let any = LeadKey::ForeignAnySystem("x".to_owned());
    assert_eq!(owners(store, any.clone()), [2, 1]);
    attach(store, &[(custom("x"), 2)]);
    assert_eq!(owners(store, any), [2, 1], "two of one lead are one lead");
    assert_eq!(shown(store, 1), Some(sfdc));
}

/// Records of one call see each other in order, and so do their foreign ids.
pub fn batches_are_attached_in_order(store: &dyn Store) {
    three_leads(store);
    attach(
        store,
        &[
            (custom("a"), 1),
            (custom("b"), 1),
            (custom("a"), 2),
            (custom("c"), 2),
            (custom("a"), 3),
        ],
    );
    assert_eq!(owners(store, LeadKey::Foreign(custom("a"))), [3]);
    assert_eq!(shown(store, 1), Some(custom("b")));
    assert_eq!(shown(store, 2), Some(custom("c")));
    assert_eq!(shown(store, 3), Some(custom("a")));
    attach(store, &[]);
}
