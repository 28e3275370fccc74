//! Leads: how they are written (syncLead, syncMultipleLeads) and read (getLead, getMultipleLeads).
//!
//! A sync walks through these files: `prepare` and `values` read the records, `batch` loads what they name into a
//! `working` set and decides record by record, with `matching` and `apply`; `events` writes all at the end.

mod apply;
mod apply_records;
mod batch;
mod by_hand;
mod delete;
mod events;
mod export;
mod input;
mod key;
mod matching;
mod merge;
mod partition;
mod position;
mod prepare;
mod read;
mod record;
mod search;
mod select;
mod sync;
#[cfg(test)]
mod tests;
mod values;
mod visit;
mod working;

pub(crate) use apply_records::apply_records;
pub use by_hand::{ValueEdit, delete_lead, edit_lead, merge_lead};
pub(crate) use delete::delete_leads;
pub use events::Spent;
pub use export::LeadRows;
pub use input::{
    ForeignKey, LeadInput, LooseKeys, SyncLead, SyncMultipleLeads, SyncOutcome, SyncStatus,
};
pub use key::LeadKeyType;
pub use merge::{KeyList, MergeLeads, MergeOutcome, merge_leads};
pub use prepare::PreparedLeads;
pub use read::{FoundLeads, get_lead};
pub(crate) use read::{last_leads, leads_of_keys, one_lead, writable_leads};
pub use record::{LeadAttribute, LeadView};
pub(crate) use search::SCANNED;
pub use search::{Search, index_field, newest, search, search_fields};
pub use select::{LeadPage, LeadSelection, Selector, get_multiple_leads};
pub(crate) use select::{check_width, page_size};
pub use sync::{sync_lead, sync_multiple_leads};
pub use visit::track_visit;
