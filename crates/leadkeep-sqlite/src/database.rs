//! The file and its connections.

use crate::addresses;
use crate::error::OpenError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a connection waits for another process that writes, for example `leadkeep apply`.
pub(crate) const BUSY: Duration = Duration::from_secs(30);

/// The size of pages, in bytes, of files that are made. Half as many pages go through the log as with SQLite's 4 KiB; with 16 KiB
/// calls of one lead, which touch a few rows of each, write more than they save.
pub const PAGE_SIZE: u32 = 8_192;

/// Memory that a connection which reads keeps pages in.
const READER_CACHE_KIB: i64 = 6_144;

/// The database file in a data directory.
pub fn database_path(directory: &Path) -> PathBuf {
    directory.join("leadkeep.sqlite")
}

/// The log beside a database file, whose name is the one that SQLite knows: no link.
pub(crate) fn log_path(path: &Path) -> PathBuf {
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    log.into()
}

/// Sets up a connection as every connection of leadkeep is.
///
/// # Errors
/// When SQLite refuses a setting, for example on a file that is no database.
pub fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Plans do not depend on the values of parameters. Without this SQLite compiles many a look-up again for each value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    rusqlite::vtab::array::load_module(connection)?;
    addresses::add_functions(connection)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

/// Opens the file, and makes it if it is not there.
pub(crate) fn connect(path: &Path) -> Result<Connection, OpenError> {
    let started = Instant::now();
    loop {
        let opened = Connection::open(path).and_then(|connection| {
            connection.pragma_update(None, "page_size", PAGE_SIZE)?;
            configure(&connection)?;
            Ok(connection)
        });
        match opened {
            // While another process makes the file, SQLite does not wait for it but says at once that it is busy.
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && started.elapsed() < BUSY =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            opened => return opened.map_err(|error| OpenError::open(path, error)),
        }
    }
}

/// Opens the file for reading. There are several such connections, and what they do not remember the system's own cache
/// has.
pub(crate) fn connect_reader(path: &Path) -> Result<Connection, OpenError> {
    let connection = connect(path)?;
    connection
        .pragma_update(None, "cache_size", -READER_CACHE_KIB)
        .map_err(|error| OpenError::open(path, error))?;
    Ok(connection)
}
