//! The thread that writes.

use crate::addresses::Levels;
use crate::checkpoint::Committed;
use crate::clock::Clock;
use crate::numbers::Numbers;
use crate::txn::{Txn, execute};
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
    let mut levels = Levels::default();
    while let Ok(first) = queue.recv() {
        let mut done = Vec::new();
        let outcome = group(connection, queue, first, clock, &mut levels, &mut done);
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

/// Runs the calls that wait and commits once. All calls that were taken are in `done`. On an error nothing of any of them
/// is stored.
///
/// A savepoint for each call would copy every page that the call is the first to touch. So there are none, as long as no
/// call fails after it has written something, which hardly ever happens: then all is undone, and done again with savepoints.
fn group(
    connection: &Connection,
    queue: &Receiver<Box<dyn WriteWork>>,
    first: Box<dyn WriteWork>,
    clock: &Clock,
    levels: &mut Levels,
    done: &mut Done,
) -> Result<(), StoreError> {
    if let Err(error) = execute(connection, BEGIN) {
        done.push((first, Err(Rollback::Store(error.clone()))));
        return Err(error);
    }
    // Only now, because another process may have kept this one waiting.
    let now = clock.begin_write();
    let numbers = Numbers::default();
    let outcome = match calls(&Txn(connection, &numbers), queue, first, now, done) {
        Trace::None => numbers.write(connection),
        Trace::Left => {
            levels.forget();
            again(connection, clock, done)
        }
    };
    let outcome = outcome
        .and_then(|()| levels.settle(connection, numbers.addresses()))
        .and_then(|()| execute(connection, "COMMIT"));
    if outcome.is_err() {
        undo(connection);
        levels.forget();
    }
    outcome
}

const BEGIN: &str = "BEGIN IMMEDIATE";

/// Whether calls that failed have left something behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trace {
    None,
    Left,
}

/// Takes calls and runs them, up to one that leaves traces.
fn calls(
    txn: &Txn<'_>,
    queue: &Receiver<Box<dyn WriteWork>>,
    first: Box<dyn WriteWork>,
    now: Timestamp,
    done: &mut Done,
) -> Trace {
    let Txn(connection, numbers) = *txn;
    let started = Instant::now();
    let mut next = Some(first);
    while let Some(mut work) = next.take() {
        let before = connection.total_changes();
        let result = run(connection, numbers, &mut *work, now);
        // A full disk, for example, ends the transaction.
        let left =
            result.is_err() && (connection.total_changes() != before || connection.is_autocommit());
        done.push((work, result));
        if left {
            return Trace::Left;
        }
        if done.len() < GROUP_CALLS && started.elapsed() < GROUP_TIME {
            next = queue.try_recv().ok();
        }
    }
    Trace::None
}

/// Undoes all and runs the same calls once more, each in a savepoint.
///
/// # Errors
/// When the transaction is in doubt as a whole.
fn again(connection: &Connection, clock: &Clock, done: &mut Done) -> Result<(), StoreError> {
    undo(connection);
    execute(connection, BEGIN)?;
    let now = clock.begin_write();
    for (work, result) in done {
        *result = call(connection, &mut **work, now)?;
    }
    Ok(())
}

/// Ends a transaction that is of no use any more.
fn undo(connection: &Connection) {
    if !connection.is_autocommit() {
        // It is lost either way; an error here says nothing new.
        let _ = execute(connection, "ROLLBACK");
    }
}

/// Runs one call, which was run once before, as often as it meets conflicts.
///
/// # Errors
/// When the transaction is in doubt as a whole.
fn call(
    connection: &Connection,
    work: &mut dyn WriteWork,
    now: Timestamp,
) -> Result<Result<(), Rollback>, StoreError> {
    for _ in 2..MAX_RUNS {
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
    execute(connection, "SAVEPOINT call")?;
    let numbers = Numbers::default();
    let result = run(connection, &numbers, work, now).and_then(|()| Ok(numbers.write(connection)?));
    // If undoing fails, the group cannot be trusted any more. A full disk, for example, ends the transaction; then the
    // first error says more than the second.
    match &result {
        Ok(()) => execute(connection, "RELEASE call")?,
        Err(reason) => execute(connection, "ROLLBACK TO call")
            .and_then(|()| execute(connection, "RELEASE call"))
            .map_err(|error| match reason {
                Rollback::Store(cause) => cause.clone(),
                Rollback::Refused => error,
            })?,
    }
    Ok(result)
}

/// Runs the rules; a panic is one call's failure.
fn run(
    connection: &Connection,
    numbers: &Numbers,
    work: &mut dyn WriteWork,
    now: Timestamp,
) -> Result<(), Rollback> {
    catch_unwind(AssertUnwindSafe(|| {
        work.run(&mut Txn(connection, numbers), now)
    }))
    .unwrap_or_else(|_| {
        Err(Rollback::Store(StoreError::Failed(
            "the call panicked".into(),
        )))
    })
}

#[cfg(test)]
mod tests;
