//! The HTTP edge of leadkeep: the SOAP endpoint and the admin pages.
//!
//! A call walks in one way and back the same way: `http` (sizes, compression, versions), `soap` (message, sender,
//! operation), one function an operation in `soap/<area>.rs` (message to core input and back), core, store.

mod admin;
mod app;
mod auth;
mod body;
mod call_id;
mod call_log;
mod call_span;
mod config;
mod endpoint;
mod http;
mod jobs;
mod limits;
mod metrics;
pub mod outbound;
mod serve;
mod soap;
mod table;
mod tls;
mod track;

pub use admin::hash_password;
pub use app::{App, run_read, run_write_with_schema};
pub use config::Config;
pub use jobs::Jobs;
pub use serve::{ServeError, Server};
pub use table::{ENCODINGS, Table, TableError, UnknownColumn, Writer};
pub use tls::{CertificateFiles, Tls, TlsError};
