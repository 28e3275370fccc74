//! Imports into static lists (importToList, getImportToListStatus): jobs that are kept whole before their call is
//! answered, and done in pieces afterwards.
//!
//! `rows` cuts what came into rows, `plan` reads the header, `accept` checks and keeps the import, `work` does the next
//! piece of it in one transaction, `status` tells how far it is, and `report` what failed. `objects` reads rows of files as
//! opportunities, roles and records of custom objects, which are done at once.

mod accept;
mod keys;
mod objects;
mod plan;
mod report;
mod rows;
mod status;
#[cfg(test)]
mod tests;
mod work;

pub use accept::{ImportByHand, ImportMode, ImportToList, import_by_hand, import_to_list};
pub use objects::{OBJECT_ROWS, ObjectImport, ObjectKind, RowOutcome};
pub use report::{FailedRows, ImportColumn, cancel, failed_rows, import, import_columns};
pub use rows::ImportRows;
pub use status::{ImportStatus, import_status};
pub use work::{fail_rows, give_up, next, work};
