//! A leadkeep store in one SQLite file.
//!
//! The file is in WAL mode. One thread owns the write connection: it takes the calls that wait, runs them, and commits
//! once; one that fails is undone without the others. Another thread syncs the log, while the next calls run, and only
//! then answers them. Readers have connections of their own and never wait for the writer, but they too are answered only
//! when all that they can have seen is on the disk; who reads a few rows only does it on the thread of the call. One more
//! thread moves what is committed out of the log into the file; when the store is closed, everything is in the one file.
//!
//! # Tables
//! They are made by [`MIGRATIONS`], in `migrations/`. Times are whole seconds since 1970-01-01 UTC, attributes JSON
//! objects of strings in the canonical forms of [`leadkeep_core::value`].
//!
//! | table | one row is |
//! |---|---|
//! | `lead` | a person: address, own attributes, company, partition, times |
//! | `address_latest`, `address_new`, `address_recent`, `address` | the hash of an address in lower case, and the lead that has it |
//! | `company` | a company row: its company key, if it has one, and its attributes |
//! | `foreign_id` | a foreign id and the lead that has it; the greatest `attached` of a lead is the one shown |
//! | `lead_cookie`, `merged_lead` | a cookie and its lead; a lead that lost a merge and its winner |
//! | `activity` | an entry in the history of a lead; `attributes` is a JSON list of pairs |
//! | `opportunity`, `role` | a deal; the part of a lead in a deal |
//! | `program`, `program_cost`, `static_list` | a program as JSON; a cost of it; a list |
//! | `record`, `record_lookup` | a custom object record; a value by which it is found |
//! | `definition`, `schema_version` | what administrators defined, as JSON; how often that changed, and which process has written last |
//! | `admin_user`, `admin_session`, `audit` | who may use the admin pages, as JSON; who is signed in; what was changed there |
//! | `sequence` | the next id of an entity |
//!
//! The view `leads` is for people: one row a lead with all its values, so that
//! `SELECT email, attrs ->> 'Company' FROM leads` works, and times that can be read. Reading the file with other
//! programs while the server runs is safe; writing to it is not foreseen, for no rule is in the database.

mod activities;
mod addresses;
mod admins;
mod backup;
mod call_log;
mod campaigns;
mod check;
mod checkpoint;
mod clock;
mod companies;
mod database;
mod definitions;
mod durable;
mod error;
mod identity;
mod imports;
mod kept_back;
mod leads;
mod lists;
mod migrate;
mod mobjects;
mod numbers;
#[cfg(test)]
mod plans;
mod reader;
mod records;
mod statements;
mod store;
mod txn;
mod usage;
mod writer;

pub use backup::{copy_database, empty_log, is_cut_off};
pub use call_log::{CallLogReader, Retention, SqliteCallLog, call_log_path};
pub use check::{Finding, check_database};
pub use database::{PAGE_SIZE, configure, database_path};
pub use error::OpenError;
pub use migrate::MIGRATIONS;
pub use store::SqliteStore;
