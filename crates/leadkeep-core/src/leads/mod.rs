//! Leads: how they are written (syncLead, syncMultipleLeads) and read (getLead, getMultipleLeads).

mod input;
mod key;
mod position;
mod prepare;
mod read;
mod record;
mod select;
mod sync;
mod working;

pub use input::{
    ForeignKey, LeadInput, LooseKeys, SyncLead, SyncMultipleLeads, SyncOutcome, SyncStatus,
};
pub use key::LeadKeyType;
pub use read::{FoundLeads, get_lead};
pub use record::{LeadAttribute, LeadView};
pub use select::{LeadPage, LeadSelection, Selector, get_multiple_leads};
pub use sync::{sync_lead, sync_multiple_leads};
