//! Histories: what the system writes into them, and how they are read (getLeadActivity, getLeadChanges).

mod changes;
mod history;
mod origin;
mod position;
#[cfg(test)]
mod tests;
mod types;
mod view;
mod written;

pub use changes::{ChangeSelection, lead_changes};
pub use history::{HistorySelection, lead_activity};
pub(crate) use origin::{CAMPAIGN_SOURCE, IMPORT_SOURCE, Origin, StepOrigin};
pub use position::StartPosition;
pub use types::TypeWords;
pub use view::{ActivityPage, ActivityView};
pub use written::*;
