//! Errors of SQLite as errors of a store.

use leadkeep_core::store::StoreError;
use rusqlite::ErrorCode;
use std::path::Path;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened, or is no database.
    #[error("cannot open the database {path}: {reason}")]
    Open {
        /// The file.
        path: String,
        /// What SQLite says.
        reason: String,
    },
    /// A later version of leadkeep has written it.
    #[error(
        "the database is of schema {found}, this leadkeep knows up to {known}: it was written by a later version, use that one"
    )]
    Newer {
        /// The schema of the file.
        found: usize,
        /// The last schema known here.
        known: usize,
    },
    /// A thread could not be started.
    #[error("cannot start a database thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl OpenError {
    pub(crate) fn open(path: &Path, reason: impl std::fmt::Display) -> Self {
        Self::Open {
            path: path.display().to_string(),
            reason: reason.to_string(),
        }
    }
}

/// A failed statement.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
    };
    match error {
        FromSqlConversionFailure(_, _, reason) => StoreError::Corrupt(reason.to_string()),
        InvalidColumnType(..) | IntegralValueOutOfRange(..) | Utf8Error(..) => {
            StoreError::Corrupt(error.to_string())
        }
        error => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Corrupt(error.to_string())
            }
            Some(ErrorCode::DatabaseBusy) => {
                StoreError::Unavailable("another process keeps on writing to the database".into())
            }
            // What helps is outside.
            Some(ErrorCode::DiskFull) => StoreError::Unavailable(error.to_string()),
            _ => StoreError::Failed(error.to_string()),
        },
    }
}

/// A value in the database that cannot be read, as an error of the row that holds it.
pub(crate) fn unreadable(
    column: usize,
    reason: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(reason))
}
