//! Copies of a database, taken while others write to it.

use crate::database::{BUSY, connect};
use crate::error::OpenError;
use crate::migrate::known_version;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

/// Pages that are copied before somebody hears how far it is: 4 MiB.
const STEP: i32 = 1_024;

/// Copies the database `from` into the file `to`, which is empty or not there: all of it as it is at the start, however much is
/// written meanwhile. `progress` hears of the pages that are copied and of all that there are. What has been copied is read
/// once more and is on the disk when this returns.
///
/// # Errors
/// When `from` cannot be read, is no database of leadkeep or one of a later version, or when `to` cannot be written.
pub fn copy_database(
    from: &Path,
    to: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<(), OpenError> {
    // Opening a database that is not there would make one.
    if let Err(error) = from.metadata() {
        return Err(OpenError::open(from, error));
    }
    let source = connect(from)?;
    let of_source = |error| OpenError::open(from, error);
    let of_copy = |error| OpenError::open(to, error);
    // A transaction keeps what it has seen once, so that the copy need not begin anew with each commit of others.
    source.execute_batch("BEGIN").map_err(of_source)?;
    known_version(&source, from)?;
    let mut copy = Connection::open(to).map_err(of_copy)?;
    let backup = Backup::new(&source, &mut copy).map_err(of_copy)?;
    let mut last_step = Instant::now();
    loop {
        let step = backup.step(STEP).map_err(of_copy)?;
        let done = backup.progress();
        let pages = |count: i32| u64::try_from(count).unwrap_or_default();
        progress(
            pages(done.pagecount - done.remaining),
            pages(done.pagecount),
        );
        match step {
            StepResult::Done => break,
            // Somebody else holds the file for a moment.
            StepResult::Busy | StepResult::Locked if last_step.elapsed() < BUSY => {
                std::thread::sleep(Duration::from_millis(10));
            }
            StepResult::Busy | StepResult::Locked => {
                return Err(OpenError::open(to, "another program holds it"));
            }
            _ => last_step = Instant::now(),
        }
    }
    drop(backup);
    let said: String = copy
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(of_copy)?;
    if said != "ok" {
        return Err(OpenError::open(to, format!("the copy is damaged: {said}")));
    }
    copy.close().map_err(|(_, error)| of_copy(error))?;
    let file = File::open(to).and_then(|file| file.sync_all());
    file.map_err(|error| OpenError::open(to, error))
}

/// Whether a database file that nobody writes to ends in the middle of a page: SQLite takes what is missing for nothing.
///
/// # Errors
/// When the file cannot be read.
pub fn is_cut_off(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(18).read_to_end(&mut head)?;
    let page = match head.strip_prefix(b"SQLite format 3\0") {
        Some([0, 1]) => 65_536,
        Some([high, low]) => u64::from(u16::from_be_bytes([*high, *low])),
        // It is no database, which is found out by whoever opens it.
        _ => return Ok(false),
    };
    Ok(page > 0 && path.metadata()?.len() % page != 0)
}

/// Moves the log of a database into its file, so that the file is all of it.
///
/// # Errors
/// When the database cannot be opened, or another program reads or writes it.
pub fn empty_log(path: &Path) -> Result<(), OpenError> {
    let open = |error| OpenError::open(path, error);
    let connection = connect(path)?;
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(open)?;
    if busy != 0 {
        return Err(OpenError::open(path, "another program uses it"));
    }
    connection.close().map_err(|(_, error)| open(error))
}
