//! The thread that writes.

use crate::checkpoint::Committed;
use crate::clock::Clock;
use crate::error::failed;
use crate::txn::Txn;
use jiff::Timestamp;
use leadkeep_core::store::{MAX_RUNS, Rollback, StoreError, WriteWork};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// Calls in one commit at the most.
const GROUP_CALLS: usize = 64;
/// A commit is not put off longer than this for calls that came later.
const GROUP_TIME: Duration = Duration::from_millis(50);

/// Work, and what became of it.
type Done = Vec<(Box<dyn WriteWork>, Result<(), Rollback>)>;

/// Writes until the queue is closed and empty.
pub(crate) fn write_loop(
    connection: &Connection,
    queue: &Receiver<Box<dyn WriteWork>>,
    clock: &Clock,
    committed: &Committed,
) {
    while let Ok(first) = queue.recv() {
        let mut done = Vec::new();
        let outcome = group(connection, queue, first, clock, &mut done);
        clock.end_write();
        if outcome.is_ok() {
            committed.tell();
        }
        for (work, result) in done {
            let result = match (&outcome, result) {
                (Err(error), Ok(())) => Err(Rollback::Store(error.clone())),
                (_, result) => result,
            };
            // The thread outlives an owner that panics when it hears of its result.
            let _ = catch_unwind(AssertUnwindSafe(|| work.done(result)));
        }
    }
}

/// Runs the calls that wait, each in a savepoint, and commits once. All calls that were taken are in `done`. On an error
/// nothing of any of them is stored.
fn group(
    connection: &Connection,
    queue: &Receiver<Box<dyn WriteWork>>,
    first: Box<dyn WriteWork>,
    clock: &Clock,
    done: &mut Done,
) -> Result<(), StoreError> {
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE").map_err(failed) {
        done.push((first, Err(Rollback::Store(error.clone()))));
        return Err(error);
    }
    // Only now, because another process may have kept this one waiting.
    let now = clock.begin_write();
    let outcome = calls(connection, queue, first, now, done)
        .and_then(|()| connection.execute_batch("COMMIT").map_err(failed));
    if outcome.is_err() && !connection.is_autocommit() {
        // The transaction is lost either way; an error here says nothing new.
        let _ = connection.execute_batch("ROLLBACK");
    }
    outcome
}

fn calls(
    connection: &Connection,
    queue: &Receiver<Box<dyn WriteWork>>,
    first: Box<dyn WriteWork>,
    now: Timestamp,
    done: &mut Done,
) -> Result<(), StoreError> {
    let started = Instant::now();
    let mut next = Some(first);
    while let Some(mut work) = next.take() {
        match call(connection, &mut *work, now) {
            Ok(result) => done.push((work, result)),
            Err(error) => {
                done.push((work, Err(Rollback::Store(error.clone()))));
                return Err(error);
            }
        }
        if done.len() < GROUP_CALLS && started.elapsed() < GROUP_TIME {
            next = queue.try_recv().ok();
        }
    }
    Ok(())
}

/// Runs one call, as often as it meets conflicts.
///
/// # Errors
/// When the transaction is in doubt as a whole.
fn call(
    connection: &Connection,
    work: &mut dyn WriteWork,
    now: Timestamp,
) -> Result<Result<(), Rollback>, StoreError> {
    for _ in 1..MAX_RUNS {
        match in_savepoint(connection, work, now)? {
            Err(Rollback::Store(StoreError::Conflict)) => {}
            result => return Ok(result),
        }
    }
    in_savepoint(connection, work, now)
}

/// Runs one call. If it fails, all that it wrote is undone, and nothing else (COM-39).
fn in_savepoint(
    connection: &Connection,
    work: &mut dyn WriteWork,
    now: Timestamp,
) -> Result<Result<(), Rollback>, StoreError> {
    let run = |sql| connection.execute_batch(sql).map_err(failed);
    run("SAVEPOINT call")?;
    let result = catch_unwind(AssertUnwindSafe(|| work.run(&mut Txn(connection), now)))
        .unwrap_or_else(|_| {
            Err(Rollback::Store(StoreError::Failed(
                "the call panicked".into(),
            )))
        });
    // If undoing fails, the group cannot be trusted any more. A full disk, for example, ends the transaction; then the
    // first error says more than the second.
    match &result {
        Ok(()) => run("RELEASE call")?,
        Err(reason) => run("ROLLBACK TO call; RELEASE call").map_err(|error| match reason {
            Rollback::Store(cause) => cause.clone(),
            Rollback::Refused => error,
        })?,
    }
    Ok(result)
}

#[cfg(test)]
mod tests;
