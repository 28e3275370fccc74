//! What a sync takes and gives.

use crate::error::RecordError;
use crate::store::ForeignSystem;

/// A foreign id as a record names it; without a system it is CUSTOM, or the one that has it (SL-37).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The system, if it was named.
    pub system: Option<ForeignSystem>,
    /// The key there.
    pub value: String,
}

/// Keys under names that the schema does not have; they count if the right ones are absent (REQ-3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LooseKeys {
    /// `id`, `leadId`.
    pub id: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// `foreignSysPersonId`.
    pub foreign_id: Option<String>,
    /// `foreignSysType`.
    pub foreign_system: Option<String>,
}

/// A lead record as it was sent: four elements and a list (DM-LEAD-1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadInput {
    /// `Id`; 0 is none (SL-39).
    pub id: Option<i64>,
    /// `Email`.
    pub email: Option<String>,
    /// `ForeignSysPersonId` with `ForeignSysType`.
    pub foreign_id: Option<ForeignKey>,
    /// Names and values, in the order of the record.
    pub attributes: Vec<(String, String)>,
    /// Keys under wrong names.
    pub loose: LooseKeys,
}

/// A call of syncMultipleLeads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncMultipleLeads {
    /// The records.
    pub records: Vec<LeadInput>,
    /// Whether addresses identify (SML-7, SML-27).
    pub dedup: bool,
    /// Records above this number are refused (SML-28).
    pub max_records: usize,
}

/// A call of syncLead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncLead {
    /// The record.
    pub record: LeadInput,
    /// The workspace of the context header, if one was named (CTX-4).
    pub workspace: Option<String>,
    /// The Munchkin cookie; empty is none (SL-33).
    pub cookie: Option<String>,
    /// Whether the lead is wanted back (SL-14).
    pub return_lead: bool,
}

/// What became of a record; there is nothing like unchanged or skipped (SML-14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncStatus {
    /// A new lead.
    Created,
    /// An existing lead, changed or not (SML-47).
    Updated,
    /// Nothing of the record was stored.
    Failed(RecordError),
}

/// The outcome of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOutcome {
    /// The lead; of a failed record the one that it named, or 0 (SML-44).
    pub lead: i64,
    /// What became of it.
    pub status: SyncStatus,
}
