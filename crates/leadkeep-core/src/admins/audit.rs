//! What was changed, and by whom.

use super::AuditEntry;
use crate::store::{Result, WriteTxn};
use jiff::Timestamp;

/// A change that is written down.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Who changed it: the name of an admin user.
    pub by: &'a str,
    /// What was done, as a word like `lead.edit`.
    pub action: &'a str,
    /// What it was done to, like `lead 17`.
    pub subject: &'a str,
    /// What changed, in words; never a key or a password.
    pub detail: &'a str,
}

/// Writes a change down, in the transaction that makes it.
///
/// # Errors
/// Those of the store.
pub fn note(txn: &mut dyn WriteTxn, at: Timestamp, change: Change<'_>) -> Result<()> {
    txn.append_audit(&[AuditEntry {
        id: 0,
        at,
        admin: change.by.to_owned(),
        action: change.action.to_owned(),
        subject: change.subject.to_owned(),
        detail: change.detail.to_owned(),
    }])
}
