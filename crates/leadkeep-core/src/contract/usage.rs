//! The calls of users.

use super::support::{read, write};
use crate::store::{CallUsage, Store};

/// LIM-1, LIM-2: of each user the last figures.
pub fn the_last_figures_are_kept(store: &dyn Store) {
    let usage = |user: &str, calls| CallUsage {
        user: user.to_owned(),
        day: "2026-07-01".to_owned(),
        calls,
        recent: (0..3).map(|n| 1_782_907_200_123 + n).collect(),
    };
    assert_eq!(read(store, |txn| txn.call_usage()), []);
    let first = [usage("b", 1), usage("a\u{1F600}", u64::from(u32::MAX) + 1)];
    write(store, move |txn| txn.put_call_usage(&first));
    let none = CallUsage {
        recent: Vec::new(),
        ..usage("b", 2)
    };
    let later = none.clone();
    write(store, move |txn| {
        txn.put_call_usage(std::slice::from_ref(&later))
    });
    let kept = read(store, |txn| txn.call_usage());
    assert_eq!(kept, [usage("a\u{1F600}", u64::from(u32::MAX) + 1), none]);
}
