//! The thread that moves what is committed out of the log into the database file.
//!
//! A commit is safe once it is in the log; bringing it into the file as well costs as much again. That need not hold up
//! the writer, so another thread does it, soon after the commits. Only the writer can begin the log anew, though, when nothing
//! is left to move: so when the log has reached [`LOG_PAGES`] it moves the rest itself, right after the thread has moved nearly all,
//! and has brought that to the disk.

use rusqlite::Connection;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// The size of the log, in pages of 8 KiB, from which it is begun anew.
pub(crate) const LOG_PAGES: u32 = 4_000;
/// What was committed is moved so much later, with all that came in between.
const PAUSE: Duration = Duration::from_millis(100);
/// When the log of an earlier process is moved, if nothing was committed before.
const START: Duration = Duration::from_secs(2);

/// Says that there is something to move.
pub(crate) struct Committed(SyncSender<()>);

impl Committed {
    /// A sender, and the receiver for [`checkpoint_loop`].
    pub(crate) fn channel() -> (Self, Receiver<()>) {
        let (sender, receiver) = sync_channel(1);
        (Self(sender), receiver)
    }

    /// Says that a commit was made. It never waits: who has not heard of the last commit yet moves this one with it.
    pub(crate) fn tell(&self) {
        let _ = self.0.try_send(());
    }
}

/// Moves what is committed, and gives how many pages the log has.
pub(crate) fn checkpoint(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
}

/// Moves what is committed until nobody commits any more, and says when the log is long; `sync` brings the database file to the disk.
pub(crate) fn checkpoint_loop(
    connection: &Connection,
    commits: &Receiver<()>,
    mut sync: impl FnMut() -> io::Result<()>,
    log_is_long: &AtomicBool,
) {
    // What an earlier process has left in the log, too: after a sync that failed it may get to the disk by way of the file
    // only. But not while the first calls wait.
    let mut next = commits.recv_timeout(START);
    while next != Err(RecvTimeoutError::Disconnected) {
        let due = Instant::now() + PAUSE;
        loop {
            match commits.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                // Whoever closes the last connection moves the rest.
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        // A log that cannot be moved just now stays a log, from which all is read. If the disk is the reason, the next
        // commit fails on it too, and says so to its caller.
        let is_long = checkpoint(connection).is_ok_and(|pages| pages >= LOG_PAGES);
        // SQLite syncs the file only when all of the log has been moved, which is when the writer does it, and waits.
        if is_long && sync().is_ok() && checkpoint(connection).is_ok() {
            log_is_long.store(true, Ordering::Relaxed);
        }
        next = commits.recv().map_err(|_| RecvTimeoutError::Disconnected);
    }
}
