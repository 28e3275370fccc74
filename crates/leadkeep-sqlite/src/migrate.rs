//! Numbered changes of the tables, run at start, in one transaction, never backwards.

use crate::error::OpenError;
use rusqlite::{Connection, TransactionBehavior};

/// The changes, in order; the number of a change is its place, from 1. Those that were released never change.
pub const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_tables.sql")];

/// Brings a database to the last schema. Several processes may do so at once: the first one does it.
pub(crate) fn migrate(connection: &mut Connection, path: &str) -> Result<(), OpenError> {
    let open = |error: rusqlite::Error| OpenError::Open {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let txn = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(open)?;
    let found: usize = txn
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(open)?;
    if found > MIGRATIONS.len() {
        return Err(OpenError::Newer {
            found,
            known: MIGRATIONS.len(),
        });
    }
    for migration in &MIGRATIONS[found..] {
        txn.execute_batch(migration).map_err(open)?;
    }
    txn.pragma_update(None, "user_version", MIGRATIONS.len())
        .map_err(open)?;
    txn.commit().map_err(open)
}
