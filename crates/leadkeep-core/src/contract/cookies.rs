//! Cookies and the leads that have them.

use super::support::{cookie, lead, read, write};
use crate::ids::LeadId;
use crate::store::{Cookie, LeadKey, Pick, Store};

fn attach(store: &dyn Store, cookies: &[(Cookie, i64)]) {
    let cookies: Vec<_> = cookies
        .iter()
        .map(|(cookie, lead)| (cookie.clone(), LeadId(*lead)))
        .collect();
    write(store, move |txn| txn.attach_cookies(&cookies));
}

fn owners(store: &dyn Store, cookie: Cookie) -> Vec<i64> {
    let key = LeadKey::Cookie(cookie);
    let found = read(store, move |txn| {
        txn.lead_ids(std::slice::from_ref(&key), Pick::newest(9))
    });
    found.into_iter().flatten().map(|id| id.0).collect()
}

fn of(account: &str, token: &str) -> Cookie {
    Cookie {
        account: Some(account.to_owned()),
        ..cookie(token)
    }
}

/// DM-COOK-1: a cookie has one lead, a lead may have many; in one call the last one counts.
pub fn one_that_moves_leaves_its_lead(store: &dyn Store) {
    write(store, |txn| txn.insert_leads(&[lead(1), lead(2)]));
    attach(store, &[(cookie("token:a"), 1), (cookie("token:b"), 1)]);
    attach(store, &[(cookie("token:b"), 1), (cookie("token:b"), 2)]);
    assert_eq!(owners(store, cookie("token:a")), [1]);
    assert_eq!(owners(store, cookie("token:b")), [2]);
    assert!(owners(store, cookie("token:A")).is_empty());
    attach(store, &[(cookie("token:x"), 9)]);
    assert!(
        owners(store, cookie("token:x")).is_empty(),
        "there is no lead 9"
    );
}

/// COM-8: the account in front must agree where both sides have one.
pub fn accounts_that_differ_are_apart(store: &dyn Store) {
    write(store, |txn| txn.insert_leads(&[lead(1), lead(2), lead(3)]));
    attach(
        store,
        &[(of("1-A-2", "token:a"), 1), (of("9-Z-9", "token:a"), 2)],
    );
    assert_eq!(owners(store, of("1-A-2", "token:a")), [1]);
    assert_eq!(owners(store, of("9-Z-9", "token:a")), [2]);
    assert!(owners(store, of("5-M-5", "token:a")).is_empty());
    assert_eq!(owners(store, cookie("token:a")), [2, 1]);
    // Without its account it is the newest lead's, and that one's account stays known.
    attach(store, &[(cookie("token:a"), 3)]);
    for (account, owner) in [("1-A-2", &[1][..]), ("9-Z-9", &[3]), ("5-M-5", &[])] {
        assert_eq!(owners(store, of(account, "token:a")), owner, "{account}");
    }
    // An account that comes later is kept.
    attach(
        store,
        &[(cookie("token:b"), 1), (of("1-A-2", "token:b"), 1)],
    );
    attach(store, &[(cookie("token:b"), 2)]);
    assert_eq!(owners(store, of("1-A-2", "token:b")), [2]);
    assert!(owners(store, of("9-Z-9", "token:b")).is_empty());
}
