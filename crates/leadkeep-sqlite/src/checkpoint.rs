//! The thread that moves what is committed out of the log into the database file.
//!
//! A commit is safe once it is in the log; bringing it into the file as well costs as much again. That need not hold up
//! the writer, so another thread does it, soon after the commits. Only the writer can begin the log anew, though, when nothing
//! is left to move: so when the log has reached [`LOG_PAGES`] it moves the rest itself, right after the thread has moved nearly all,
//! and has brought that to the disk.

use rusqlite::Connection;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// The size of the log, in pages of 8 KiB, from which it is begun anew.
pub(crate) const LOG_PAGES: u32 = 4_000;
/// What was committed is moved so much later, with all that came in between.
const PAUSE: Duration = Duration::from_millis(100);
/// When the log of an earlier process is moved, if nothing was committed before.
const START: Duration = Duration::from_secs(2);

/// Says that there is something to move.
pub(crate) struct Committed {
    to: Sender<()>,
    told: Arc<AtomicBool>,
}

/// Hears of it.
pub(crate) struct Commits {
    from: Receiver<()>,
    /// Whether there was a commit since something was moved last. Who says so again would wake the thread for nothing.
    told: Arc<AtomicBool>,
}

impl Committed {
    /// A sender, and the receiver for [`checkpoint_loop`].
    pub(crate) fn channel() -> (Self, Commits) {
        let ((to, from), told) = (channel(), Arc::new(AtomicBool::new(false)));
        let commits = Commits {
            from,
            told: told.clone(),
        };
        (Self { to, told }, commits)
    }

    /// Says that a commit was made. It never waits: who has not moved the last commit yet moves this one with it.
    pub(crate) fn tell(&self) {
        if !self.told.swap(true, Ordering::AcqRel) {
            // Nobody moves anything any more when the store closes.
            let _ = self.to.send(());
        }
    }
}

/// Moves what is committed, and gives how many pages the log has.
pub(crate) fn checkpoint(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
}

/// Moves what is committed until nobody commits any more, and says when the log is long; `sync` brings the database file to the disk.
pub(crate) fn checkpoint_loop(
    connection: &Connection,
    Commits { from, told }: &Commits,
    mut sync: impl FnMut() -> io::Result<()>,
    log_is_long: &AtomicBool,
) {
    // What an earlier process has left in the log, too: after a sync that failed it may get to the disk by way of the file
    // only. But not while the first calls wait.
    let mut next = from.recv_timeout(START);
    while next != Err(RecvTimeoutError::Disconnected) {
        // Whoever closes the last connection moves the rest.
        if from.recv_timeout(PAUSE) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        // What is committed from now on may be missed, and is moved the next time. What was said before is seen.
        told.swap(false, Ordering::AcqRel);
        // A log that cannot be moved just now stays a log, from which all is read. If the disk is the reason, the next
        // commit fails on it too, and says so to its caller.
        let is_long = checkpoint(connection).is_ok_and(|pages| pages >= LOG_PAGES);
        // SQLite syncs the file only when all of the log has been moved, which is when the writer does it, and waits.
        if is_long && sync().is_ok() && checkpoint(connection).is_ok() {
            log_is_long.store(true, Ordering::Relaxed);
        }
        next = from.recv().map_err(|_| RecvTimeoutError::Disconnected);
    }
}
