//! A leadkeep store in one SQLite file.
//!
//! The file is in WAL mode with `synchronous=FULL`. One thread owns the write connection: it takes the calls that wait,
//! runs each in a savepoint, commits once, and only then answers them all. Readers have connections of their own and
//! never wait for the writer. The tables are in `migrations/`; the view `leads` shows each lead with all its values.

mod database;
mod definitions;
mod error;
mod leads;
mod migrate;
mod mobjects;
mod records;
mod store;
mod txn;

pub use database::{configure, database_path};
pub use error::OpenError;
pub use migrate::MIGRATIONS;
pub use store::SqliteStore;
