//! getImportToListStatus.

use crate::error::CallError;
use crate::lists::list_of_program;
use crate::store::{Import, ImportState, ReadTxn};
use jiff::Timestamp;

/// How far the latest import into a list is (ITS-2, ITS-5, ITS-8, DM-IMP-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportStatus {
    /// The import.
    pub import: Import,
    /// How many seconds it will take, if that can be told (ITS-7).
    pub seconds_left: Option<u64>,
}

/// The state of the latest import into a list of a program (ITS-3).
///
/// # Errors
/// 20109 without a name, 20110 for an unknown program and for a list without imports, 20111 for an unknown list (ITS-4).
pub fn import_status(
    txn: &mut dyn ReadTxn,
    now: Timestamp,
    program: &str,
    list: &str,
) -> Result<ImportStatus, CallError> {
    let (_, list) = list_of_program(txn, program, list)?;
    let import = txn.latest_import(list.id)?;
    let import = import.ok_or(CallError::NoImport(list.full_name))?;
    Ok(ImportStatus {
        seconds_left: seconds_left(&import, now),
        import,
    })
}

/// As long for each row that is left as for those that are done.
pub(super) fn seconds_left(import: &Import, now: Timestamp) -> Option<u64> {
    let started = import
        .started_at
        .filter(|_| import.state == ImportState::Processing)?;
    let done = import.imported + import.failed + import.ignored;
    let took = u64::try_from(now.as_second() - started.as_second()).ok()?;
    let left = import.rows.saturating_sub(done);
    // Nothing can be said before some time has passed.
    (took > 0)
        .then(|| took.saturating_mul(left))?
        .checked_div(done)
}
