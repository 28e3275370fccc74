//! The thread that brings commits to the disk, and answers only then.
//!
//! A commit is in the log at once, but it outlives a failure of power only when the log has been synced, which takes as long
//! as many calls do. The writer goes on meanwhile. Nobody hears of anything that could still be lost: neither who has
//! written it (COM-39) nor who has read it.

use crate::checkpoint::Committed;
use crate::store::lock;
use crate::writer::{Event, Group};
use leadkeep_core::store::{ReadWork, Rollback, StoreError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};

/// How far commits are.
#[derive(Default)]
pub(crate) struct Durable {
    /// The number of the last commit that has begun.
    committed: AtomicU64,
    /// The number of the last commit that is on the disk, with all before it.
    synced: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Why the log could not be synced. What is in it is in doubt, and stays so.
    broken: Option<StoreError>,
    /// Reads that may have seen what is not on the disk yet.
    reads: Vec<Waiting>,
}

struct Waiting {
    /// The commit that must be on the disk.
    until: u64,
    work: Box<dyn ReadWork>,
    result: Result<(), Rollback>,
}

impl Durable {
    /// A commit begins: the next one.
    pub(crate) fn begin_commit(&self) {
        self.committed.fetch_add(1, Ordering::SeqCst);
    }

    /// The number of the last commit that has begun.
    pub(crate) fn begun(&self) -> u64 {
        self.committed.load(Ordering::SeqCst)
    }

    /// Whether all commits that have begun are on the disk.
    pub(crate) fn is_synced(&self) -> bool {
        self.synced.load(Ordering::SeqCst) >= self.begun()
    }

    /// Why nothing can be written any more.
    pub(crate) fn broken(&self) -> Option<StoreError> {
        lock(&self.state).broken.clone()
    }

    /// Ends a read when all that it can have seen is on the disk: at once, or on the thread that syncs.
    pub(crate) fn answer_read(&self, work: Box<dyn ReadWork>, result: Result<(), Rollback>) {
        // What began later it cannot have seen.
        let until = self.begun();
        let result = if self.synced.load(Ordering::SeqCst) >= until {
            result
        } else {
            let mut state = lock(&self.state);
            // Once more, now that the thread that syncs cannot be between its two steps.
            if let Some(error) = &state.broken {
                Err(Rollback::Store(error.clone()))
            } else if self.synced.load(Ordering::SeqCst) < until {
                state.reads.push(Waiting {
                    until,
                    work,
                    result,
                });
                return;
            } else {
                result
            }
        };
        answer(|| work.done(result));
    }

    /// Takes note that all commits up to this one are on the disk, or why that is not known. Answers the reads that waited
    /// for it.
    fn end_sync(&self, number: u64, outcome: &Result<(), StoreError>) {
        let mut state = lock(&self.state);
        if let Err(error) = outcome {
            state.broken = Some(error.clone());
        } else {
            self.synced.store(number, Ordering::SeqCst);
        }
        let (ended, waiting) = std::mem::take(&mut state.reads)
            .into_iter()
            .partition(|read| read.until <= number || outcome.is_err());
        state.reads = waiting;
        drop(state);
        let ended: Vec<Waiting> = ended;
        for Waiting { work, result, .. } in ended {
            let result = match outcome {
                Ok(()) => result,
                Err(error) => Err(Rollback::Store(error.clone())),
            };
            answer(|| work.done(result));
        }
    }
}

/// Tells somebody the outcome. The thread outlives an owner that panics when it hears of it.
fn answer(done: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(done));
}

/// Syncs the log for every group of calls, or several, and answers them, until the writer has ended.
pub(crate) fn sync_loop(
    mut sync: impl FnMut() -> io::Result<()>,
    groups: &Receiver<Group>,
    durable: &Durable,
    writer: &Sender<Event>,
    committed: &Committed,
) {
    while let Ok(first) = groups.recv() {
        let due: Vec<Group> = std::iter::once(first).chain(groups.try_iter()).collect();
        let outcome = match durable.broken() {
            Some(error) => Err(error),
            None if due.iter().all(|group| group.outcome.is_err()) => Ok(()),
            None => sync().map_err(|error| {
                // What the system could not write it may forget, and report the next time as written.
                StoreError::Unavailable(format!(
                    "the disk did not confirm what was written ({error}), so it is not known whether it is stored; \
                     nothing more is written or read before leadkeep is started again"
                ))
            }),
        };
        let number = due.iter().map(|group| group.number).max();
        let number = number.unwrap_or_default();
        // First the thread that has more to do. It may have ended.
        let _ = writer.send(Event::Synced(number));
        durable.end_sync(number, &outcome);
        if outcome.is_ok() {
            committed.tell();
        }
        for group in due {
            for (work, result) in group.done {
                // A refusal may follow from what another call of its group has written.
                let result = match (&group.outcome, &outcome, result) {
                    (Err(error), _, Ok(()) | Err(Rollback::Refused))
                    | (Ok(()), Err(error), Ok(()) | Err(Rollback::Refused)) => {
                        Err(Rollback::Store(error.clone()))
                    }
                    (_, _, result) => result,
                };
                answer(|| work.done(result));
            }
        }
    }
}
