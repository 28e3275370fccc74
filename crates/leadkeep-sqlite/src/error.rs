//! Errors of SQLite as errors of a store.

use leadkeep_core::store::StoreError;

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

/// A failed statement.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::FromSqlConversionFailure(_, _, reason) => {
            StoreError::Corrupt(reason.to_string())
        }
        error => StoreError::Failed(error.to_string()),
    }
}

/// A value in the database that cannot be read, as an error of the row that holds it.
pub(crate) fn unreadable(
    column: usize,
    reason: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(reason))
}
