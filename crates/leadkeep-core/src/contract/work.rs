//! How work is run.

use super::support::{lead, read, try_read, try_write, write};
use crate::ids::LeadId;
use crate::store::{MAX_RUNS, Rollback, Sequence, Store, StoreError};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn lead_count(store: &dyn Store) -> u64 {
    read(store, |txn| txn.counts()).leads
}

/// COM-39: what the rules refuse never was.
pub fn a_refused_call_leaves_nothing(store: &dyn Store) {
    let outcome = try_write(store, |txn, _| {
        txn.insert_leads(&[lead(1)])?;
        assert_eq!(txn.leads(&[LeadId(1)])?.len(), 1, "it sees its own writes");
        Err::<(), _>(Rollback::Refused)
    });
    assert!(matches!(outcome, Err(Rollback::Refused)), "{outcome:?}");
    assert_eq!(lead_count(store), 0);
    write(store, |txn| txn.insert_leads(&[lead(1)]));
    assert_eq!(lead_count(store), 1);
}

/// And its owner hears of it.
pub fn a_call_that_panics_leaves_nothing(store: &dyn Store) {
    let outcome = try_write(store, |txn, _| {
        txn.insert_leads(&[lead(1)])?;
        if txn.leads(&[LeadId(1)])?.len() == 1 {
            panic!("on purpose");
        }
        Ok(())
    });
    assert!(
        matches!(outcome, Err(Rollback::Store(StoreError::Failed(_)))),
        "{outcome:?}"
    );
    assert_eq!(lead_count(store), 0);
    write(store, |txn| txn.insert_leads(&[lead(1)]));
    assert_eq!(lead_count(store), 1);
}

/// Reads too; as often as there may be readers, and more.
pub fn a_read_that_panics_hurts_nobody(store: &dyn Store) {
    for round in 0..20 {
        let outcome = try_read(store, move |txn, _| {
            if txn.counts()?.leads == round {
                panic!("on purpose");
            }
            Ok(())
        });
        assert!(
            matches!(outcome, Err(Rollback::Store(StoreError::Failed(_)))),
            "{outcome:?}"
        );
        write(store, |txn| {
            let id = txn.allocate(Sequence::Lead, 1)?[0];
            txn.insert_leads(&[lead(id)])
        });
        assert_eq!(lead_count(store), round + 1);
    }
}

/// From the start, as if the first run had never been.
pub fn a_conflict_is_run_again(store: &dyn Store) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = runs.clone();
    let outcome = try_write(store, move |txn, _| {
        let run = counter.fetch_add(1, Ordering::SeqCst);
        assert_eq!(txn.counts()?.leads, 0);
        if run == 0 {
            // Before anything is written.
            return Err(Rollback::Store(StoreError::Conflict));
        }
        txn.insert_leads(&[lead(run as i64 + 1)])?;
        match run {
            1 => Err(Rollback::Store(StoreError::Conflict)),
            _ => Ok(run),
        }
    });
    assert!(matches!(outcome, Ok(2)), "{outcome:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    let found = read(store, |txn| txn.leads(&[LeadId(1), LeadId(2), LeadId(3)]));
    assert_eq!(found, [lead(3)]);
}

/// Its owner hears that it was a conflict.
pub fn an_endless_conflict_ends(store: &dyn Store) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = runs.clone();
    let outcome = try_write(store, move |txn, _| {
        counter.fetch_add(1, Ordering::SeqCst);
        txn.insert_leads(&[lead(1)])?;
        Err::<(), _>(Rollback::Store(StoreError::Conflict))
    });
    assert!(
        matches!(outcome, Err(Rollback::Store(StoreError::Conflict))),
        "{outcome:?}"
    );
    assert_eq!(runs.load(Ordering::SeqCst), MAX_RUNS);
    assert_eq!(lead_count(store), 0);
}

/// CLT-7: by every thread, at once.
pub fn what_was_acknowledged_is_seen(store: &dyn Store) {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let id = write(store, |txn| {
                        let id = txn.allocate(Sequence::Lead, 1)?[0];
                        txn.insert_leads(&[lead(id)])?;
                        Ok(id)
                    });
                    let found = read(store, move |txn| txn.leads(&[LeadId(id)]));
                    assert_eq!(found, [lead(id)]);
                }
            });
        }
    });
    assert_eq!(lead_count(store), 100);
}

/// Each call is all or nothing, whatever happens to those that run beside it.
pub fn calls_that_fail_between_others_hurt_none(store: &dyn Store) {
    let expected: Vec<Vec<i64>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4_i64)
            .map(|thread| {
                scope.spawn(move || {
                    let mut stored = Vec::new();
                    for call in 0..24_i64 {
                        let id = 1 + thread * 1_000 + call * 10;
                        let outcome = try_write(store, move |txn, _| {
                            txn.insert_leads(&[lead(id), lead(id + 1)])?;
                            match call % 6 {
                                1 => Err(Rollback::Refused),
                                3 => panic!("on purpose"),
                                5 => Ok(txn.insert_leads(&[lead(id)])?),
                                _ => Ok(()),
                            }
                        });
                        assert_eq!(outcome.is_ok(), call % 2 == 0, "{outcome:?}");
                        if outcome.is_ok() {
                            stored.extend([id, id + 1]);
                        }
                    }
                    stored
                })
            })
            .collect();
        let threads = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        threads.flatten().collect()
    });
    assert_eq!(expected.len(), 4, "no thread panicked");
    let found = read(store, |txn| {
        txn.leads_updated(Timestamp::MIN, Timestamp::MAX, None, usize::MAX)
    });
    let found = found.into_iter().map(|lead| lead.id.0);
    assert_eq!(found.collect::<Vec<_>>(), expected.concat());
}

/// Between reads and writes neither.
pub fn time_has_whole_seconds_and_never_goes_back(store: &dyn Store) {
    let mut last = Timestamp::MIN;
    for _ in 0..20 {
        let written = try_write(store, |_, now| Ok(now));
        let read = try_read(store, |_, now| Ok(now));
        for now in [written, read] {
            let now = now.unwrap_or(Timestamp::MIN);
            assert_eq!(now.subsec_nanosecond(), 0);
            assert!(now >= last, "{now} after {last}");
            last = now;
        }
    }
}
