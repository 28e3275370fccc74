//! Copies of a database, taken while others write to it.

use crate::database::{connect, log_path};
use crate::error::OpenError;
use crate::migrate::known_version;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::path::Path;
use std::time::Duration;

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
    let source = source(from)?;
    let of_source = |error| OpenError::open(from, error);
    let of_copy = |error| OpenError::open(to, error);
    // A transaction keeps what it has seen once, so that the copy need not begin anew with each commit of others.
    source.execute_batch("BEGIN").map_err(of_source)?;
    known_version(&source, from)?;
    let mut copy = Connection::open(to).map_err(of_copy)?;
    let backup = Backup::new(&source, &mut copy).map_err(of_copy)?;
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
            StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(10)),
            _ => {}
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

/// A connection that reads. A file without a log is only looked at, since it may stand where nothing can be written.
fn source(path: &Path) -> Result<Connection, OpenError> {
    // Opening a database that is not there would make one.
    let file = path.canonicalize();
    let file = file.map_err(|error| OpenError::open(path, error))?;
    if log_path(&file).exists() {
        return connect(&file);
    }
    let address: String = file
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                char::from(*byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(format!("file:{address}?immutable=1"), flags)
        .map_err(|error| OpenError::open(path, error))
}
