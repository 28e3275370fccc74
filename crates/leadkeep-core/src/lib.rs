//! The domain of leadkeep: leads, fields, programs, opportunities, custom objects, their rules, and what a
//! store must be able to do.
//!
//! Rules are plain functions over a transaction. Nothing here knows XML, HTTP, SQL or the wall clock: the time
//! of a change comes in with the transaction, and every value that leaves is a plain Rust value. One area of the
//! API is one module, named as in the protocol crate and at the server's edge.

pub mod activities;
pub mod admins;
pub mod attrs;
pub mod call_log;
pub mod campaigns;
pub mod catalogue;
#[cfg(feature = "testing")]
pub mod contract;
pub mod custom_objects;
pub mod error;
pub mod export;
pub mod ids;
pub mod imports;
pub mod leads;
pub mod limits;
pub mod lists;
#[cfg(any(test, feature = "testing"))]
pub mod memory;
pub mod mobjects;
mod position;
pub mod programs;
pub mod provision;
pub mod schema;
pub mod store;
mod unknown_names;
pub mod value;
