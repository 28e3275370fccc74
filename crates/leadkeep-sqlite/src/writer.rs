//! The thread that writes.

use crate::addresses::Levels;
use crate::addresses::directory::{Directories, Upkeep};
use crate::checkpoint::checkpoint;
use crate::clock::Clock;
use crate::durable::Durable;
use crate::migrate::must_be_known;
use crate::numbers::Numbers;
use crate::statements::execute;
use crate::txn::Txn;
use jiff::Timestamp;
use leadkeep_core::store::{MAX_RUNS, Rollback, StoreError, WriteWork};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};
use std::time::{Duration, Instant};

/// Calls in one commit at the most.
const GROUP_CALLS: usize = 64;
/// A group that has run for so long is worth a commit: it takes no more calls when it has had as many as wait. It is answered, and while
/// the others run, whoever sent its calls sends the next, which are read. One group of all calls would keep everybody waiting for
/// the writer, and then the writer for them.
const WORTH: Duration = Duration::from_millis(2);
/// A group that has run for so long takes no more calls.
const ENOUGH: Duration = Duration::from_millis(10);
/// A commit is not put off longer than this for the one before it, which is still being synced.
const GROUP_TIME: Duration = Duration::from_millis(50);

/// Work, and what became of it.
pub(crate) type Done = Vec<(Box<dyn WriteWork>, Result<(), Rollback>)>;

/// What the writer hears.
pub(crate) enum Event {
    /// Somebody wants to write.
    Call(Box<dyn WriteWork>),
    /// All commits up to the one of this number are on the disk.
    Synced(u64),
    /// Nobody wants anything any more.
    Close,
}

/// What the writer sees of other threads.
#[derive(Debug, Default)]
pub(crate) struct Signs {
    /// How many calls wait.
    pub(crate) queued: AtomicUsize,
    /// Whether the log should be begun anew.
    pub(crate) log_is_long: AtomicBool,
}

/// Calls that were committed together, or not at all.
pub(crate) struct Group {
    /// The number of the last commit that has begun.
    pub(crate) number: u64,
    pub(crate) done: Done,
    pub(crate) outcome: Result<(), StoreError>,
}

/// Runs calls in groups, commits each group once, and hands it on to be synced and answered.
pub(crate) struct Writer<'w> {
    pub(crate) connection: &'w Connection,
    pub(crate) events: &'w Receiver<Event>,
    pub(crate) clock: &'w Clock,
    pub(crate) durable: &'w Durable,
    pub(crate) groups: &'w SyncSender<Group>,
    levels: Levels,
    upkeep: Upkeep,
    signs: &'w Signs,
    /// Whether a group is being synced, as far as that was heard.
    syncing: bool,
    closing: bool,
}

impl<'w> Writer<'w> {
    pub(crate) fn new(
        connection: &'w Connection,
        events: &'w Receiver<Event>,
        clock: &'w Clock,
        durable: &'w Durable,
        groups: &'w SyncSender<Group>,
        upkeep: Upkeep,
        signs: &'w Signs,
    ) -> Self {
        Self {
            connection,
            events,
            clock,
            durable,
            groups,
            levels: Levels::default(),
            upkeep,
            signs,
            syncing: false,
            closing: false,
        }
    }

    /// Writes until all that came before [`Event::Close`] is done.
    pub(crate) fn run(mut self) {
        while !self.closing {
            match self.events.recv() {
                Ok(Event::Call(first)) => {
                    self.signs.queued.fetch_sub(1, Ordering::Relaxed);
                    let group = self.group(first);
                    self.clock.end_write();
                    self.syncing = true;
                    if self.groups.send(group).is_err() {
                        return;
                    }
                    self.move_log();
                }
                Ok(Event::Synced(number)) => self.end_sync(number),
                Ok(Event::Close) | Err(_) => return,
            }
        }
    }

    /// Takes note that commits are on the disk; there may be later ones that are not.
    fn end_sync(&mut self, number: u64) {
        self.syncing = self.syncing && number < self.durable.begun();
    }

    /// Moves what is left in a log that is long, so that it is begun anew; but nothing out of one that is in doubt.
    fn move_log(&self) {
        if self.signs.log_is_long.swap(false, Ordering::Relaxed) && self.durable.broken().is_none()
        {
            // What cannot be moved now, for somebody still reads what was before it, is moved later.
            let _ = checkpoint(self.connection);
        }
    }

    /// Runs the calls that wait and commits once.
    fn group(&mut self, first: Box<dyn WriteWork>) -> Group {
        let mut done = Vec::new();
        let outcome = self.transaction(first, &mut done);
        if outcome.is_err() {
            undo(self.connection);
            self.levels.forget();
        }
        Group {
            number: self.durable.begun(),
            done,
            outcome,
        }
    }

    /// All calls that were taken are in `done`. On an error nothing of any of them is stored.
    ///
    /// A savepoint for each call would copy every page that the call is the first to touch. So there are none, as long as
    /// no call fails after it has written something, or meets a conflict, which hardly ever happens: then all is undone, and done
    /// again with savepoints.
    fn transaction(
        &mut self,
        first: Box<dyn WriteWork>,
        done: &mut Done,
    ) -> Result<(), StoreError> {
        let begun = match self.durable.broken() {
            Some(error) => Err(error),
            None => begin(self.connection),
        };
        if let Err(error) = begun {
            done.push((first, Err(Rollback::Store(error.clone()))));
            return Err(error);
        }
        // Only now, because another process may have kept this one waiting.
        let now = self.clock.begin_write();
        let directories = match self.upkeep.begin(self.connection) {
            Ok(directories) => directories,
            Err(error) => {
                done.push((first, Err(Rollback::Store(error.clone()))));
                return Err(error);
            }
        };
        let numbers = Numbers::of_group(directories.clone());
        let trace = self.calls(&numbers, first, now, done);
        let added = if trace == Trace::None && numbers.write(self.connection).is_ok() {
            numbers.addresses()
        } else {
            self.levels.forget();
            self.again(done)?;
            // However many they were: the levels are counted anew.
            [1, 1]
        };
        self.upkeep.end(numbers.looked_up());
        self.levels.settle(self.connection, added)?;
        // Before anybody can see it.
        self.durable.begin_commit();
        execute(self.connection, "COMMIT")
    }

    /// Undoes all and runs the same calls once more, each in a savepoint.
    ///
    /// # Errors
    /// When the transaction is in doubt as a whole.
    fn again(&mut self, done: &mut Done) -> Result<(), StoreError> {
        undo(self.connection);
        begin(self.connection)?;
        let now = self.clock.begin_write();
        // Another process may have written in between.
        let directories = self.upkeep.begin(self.connection)?;
        for (work, result) in done {
            *result = call(self.connection, &mut **work, now, &directories)?;
        }
        Ok(())
    }

    /// Takes calls and runs them, up to one that leaves traces.
    fn calls(
        &mut self,
        numbers: &Numbers,
        first: Box<dyn WriteWork>,
        now: Timestamp,
        done: &mut Done,
    ) -> Trace {
        let started = Instant::now();
        let mut next = Some(first);
        while let Some(mut work) = next.take() {
            // Rows of other calls that it had inserted are no trace of it.
            let written = || {
                let (kept, inserted) = numbers.kept_back();
                (self.connection.total_changes() - inserted, kept + inserted)
            };
            let before = written();
            let result = run(self.connection, numbers, &mut *work, now);
            // A full disk, for example, ends the transaction. Who met a conflict is to be run again, written or not.
            let left = match &result {
                Ok(()) => false,
                Err(Rollback::Store(StoreError::Conflict)) => true,
                Err(_) => written() != before || self.connection.is_autocommit(),
            };
            done.push((work, result));
            if left {
                return Trace::Left;
            }
            next = self.next_call(done.len(), started);
        }
        Trace::None
    }

    /// Another call for a group that has so many: what waits, until the group has had enough, and what comes while the
    /// group before is being synced, for this one could not be before.
    fn next_call(&mut self, calls: usize, started: Instant) -> Option<Box<dyn WriteWork>> {
        while !self.closing && calls < GROUP_CALLS {
            // The event that says so may stand behind many calls.
            self.syncing = self.syncing && !self.durable.is_synced();
            let is_half = calls >= self.signs.queued.load(Ordering::Relaxed);
            let most = match (self.syncing, is_half) {
                (true, _) => GROUP_TIME,
                (false, false) => ENOUGH,
                (false, true) => WORTH,
            };
            let left = most.checked_sub(started.elapsed())?;
            let event = match self.events.try_recv() {
                Err(TryRecvError::Empty) if self.syncing => self.events.recv_timeout(left).ok()?,
                event => event.ok()?,
            };
            match event {
                Event::Call(work) => {
                    self.signs.queued.fetch_sub(1, Ordering::Relaxed);
                    return Some(work);
                }
                Event::Synced(number) => self.end_sync(number),
                Event::Close => self.closing = true,
            }
        }
        None
    }
}

/// Begins a transaction in which nobody else can write.
fn begin(connection: &Connection) -> Result<(), StoreError> {
    execute(connection, "BEGIN IMMEDIATE")?;
    must_be_known(connection)
}

/// Whether calls that failed have left something behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trace {
    None,
    Left,
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
    directories: &Directories,
) -> Result<Result<(), Rollback>, StoreError> {
    for _ in 2..MAX_RUNS {
        match in_savepoint(connection, work, now, directories)? {
            Err(Rollback::Store(StoreError::Conflict)) => {}
            result => return Ok(result),
        }
    }
    in_savepoint(connection, work, now, directories)
}

/// Runs one call. If it fails, all that it wrote is undone, and nothing else (COM-39).
fn in_savepoint(
    connection: &Connection,
    work: &mut dyn WriteWork,
    now: Timestamp,
    directories: &Directories,
) -> Result<Result<(), Rollback>, StoreError> {
    execute(connection, "SAVEPOINT call")?;
    let numbers = Numbers::of_call(directories.clone());
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
