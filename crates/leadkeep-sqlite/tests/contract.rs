//! The contract of stores, on SQLite.

#![allow(clippy::unwrap_used)]

use leadkeep_sqlite::SqliteStore;
use tempfile::TempDir;

fn open() -> (SqliteStore, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&directory.path().join("leadkeep.sqlite"), 3).unwrap();
    (store, directory)
}

leadkeep_core::store_contract!(open);
