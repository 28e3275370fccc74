//! Leads by the time of their last change.

use super::support::{at, lead, read, write};
use crate::ids::LeadId;
use crate::store::{Lead, Store};
use jiff::Timestamp;

/// The ids of a page; the count must agree with the page that has no limit.
fn page(
    store: &dyn Store,
    (from, to): (Timestamp, Timestamp),
    after: Option<i64>,
    limit: usize,
) -> Vec<i64> {
    read(store, move |txn| {
        let after = after.map(LeadId);
        let all = txn.leads_updated(from, to, after, usize::MAX)?;
        assert_eq!(txn.count_leads_updated(from, to, after)?, all.len() as u64);
        let page = txn.leads_updated(from, to, after, limit)?;
        assert_eq!(page, all[..limit.min(all.len())]);
        Ok(page.into_iter().map(|lead| lead.id.0).collect())
    })
}

fn whole(store: &dyn Store, from: i64, to: i64) -> Vec<i64> {
    page(store, (at(from), at(to)), None, usize::MAX)
}

fn updated(id: i64, second: i64) -> Lead {
    Lead {
        updated_at: at(second),
        ..lead(id)
    }
}

/// GML-29, and by id whatever the times.
pub fn begin_with_their_start_and_end_before_their_end(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[
            updated(1, 30),
            updated(2, 10),
            updated(3, 20),
            updated(4, 20),
        ])
    });
    assert_eq!(whole(store, 10, 31), [1, 2, 3, 4]);
    assert_eq!(whole(store, 10, 30), [2, 3, 4]);
    assert_eq!(whole(store, 11, 30), [3, 4]);
    assert_eq!(whole(store, 20, 21), [3, 4]);
    assert!(whole(store, 20, 20).is_empty());
    assert!(whole(store, 30, 10).is_empty());
    assert!(whole(store, 31, 99).is_empty());
    let ever = (Timestamp::MIN, Timestamp::MAX);
    assert_eq!(page(store, ever, None, 9), [1, 2, 3, 4]);
}

/// GML-38.
pub fn leave_anonymous_leads_out(store: &dyn Store) {
    write(store, |txn| {
        let anonymous = Lead {
            anonymous: true,
            ..updated(2, 10)
        };
        txn.insert_leads(&[updated(1, 10), anonymous, updated(3, 10)])
    });
    assert_eq!(whole(store, 0, 99), [1, 3]);
    write(store, |txn| txn.update_leads(&[updated(2, 10)]));
    assert_eq!(whole(store, 0, 99), [1, 2, 3], "once known, they are in");
}

/// GML-12, GML-20.
pub fn go_on_after_an_id(store: &dyn Store) {
    write(store, |txn| {
        let leads: Vec<_> = (1..=9).map(|id| updated(id * 10, 100 - id)).collect();
        txn.insert_leads(&leads)
    });
    let window = (at(0), at(99));
    assert_eq!(page(store, window, None, 3), [20, 30, 40]);
    assert_eq!(page(store, window, Some(40), 3), [50, 60, 70]);
    assert_eq!(page(store, window, Some(41), 2), [50, 60]);
    assert_eq!(page(store, window, Some(70), 3), [80, 90]);
    assert!(page(store, window, Some(90), 3).is_empty());
    assert!(page(store, window, Some(i64::MAX), 3).is_empty());
    assert!(page(store, window, None, 0).is_empty());
}

/// DM-NEW-4: a new activity brings a lead into a window, and out of one.
pub fn follow_a_touch(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[updated(1, 10), updated(2, 10)])
    });
    write(store, |txn| txn.touch_leads(&[LeadId(1)], at(20)));
    assert_eq!(whole(store, 10, 20), [2]);
    assert_eq!(whole(store, 20, 30), [1]);
}
