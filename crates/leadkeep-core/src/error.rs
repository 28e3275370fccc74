//! Why a call or a record of it was refused.

use crate::store::{Rollback, StoreError};

/// Why a whole call was refused; nothing of it was stored. The server maps each to one documented fault.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// A lead key is missing (20101).
    #[error("a lead key is required")]
    LeadKeyRequired,
    /// A lead key cannot be used; the text says why (20102).
    #[error("{0}")]
    LeadKeyBad(String),
    /// No lead has the key (20103, GL-5).
    #[error("no lead found with {key_type} = {value}")]
    LeadNotFound {
        /// The word of the key type.
        key_type: &'static str,
        /// The value as sent, trimmed (GL-9).
        value: String,
    },
    /// A lead record is required (20104).
    #[error("a lead record is required")]
    LeadRecordRequired,
    /// Attribute names that no field has, in the order of their first use (20105, SL-18).
    #[error("unknown fields: {}", .0.join(", "))]
    UnknownLeadFields(Vec<String>),
    /// The lead could not be created or updated; the text says why (20106).
    #[error("{0}")]
    LeadSyncFailed(String),
    /// A filter names a type of activity that there is not (20107, GLA-7).
    #[error("there is no activity type {0}")]
    UnknownActivityType(String),
    /// No list has the name or id (20111, LO-10).
    #[error("list {0} not found")]
    ListNotFound(String),
    /// No program has the name (20110, ITL-12).
    #[error("program {0} not found")]
    ProgramNotFound(String),
    /// No campaign has the name or id, or none that could be meant (20113, RC-9, RC-11, SC-2).
    #[error("campaign {0} not found")]
    CampaignNotFound(String),
    /// So many clones of programs were made today (20015, SC-8).
    #[error("request limit of {0} clones of programs a day exceeded")]
    CloneLimit(u64),
    /// Nothing was ever imported into a list (20110, ITS-4).
    #[error("no import found for list {0}")]
    NoImport(String),
    /// A key names an owner who does not exist (20108, COM-1).
    #[error("no lead owner found with {key_type} = {value}")]
    LeadOwnerNotFound {
        /// The word of the key type.
        key_type: &'static str,
        /// The value as sent, trimmed.
        value: String,
    },
    /// A parameter is required (20109); the wire name of its element.
    #[error("parameter {0} is required")]
    ParameterRequired(&'static str),
    /// A parameter has a bad value (20110).
    #[error("{parameter}: {reason}")]
    BadParameter {
        /// The wire name of its element.
        parameter: &'static str,
        /// What was expected and what came.
        reason: String,
    },
    /// No such object type (20110, `Object name is not valid`).
    #[error("the object name is not valid")]
    BadObjectName,
    /// The window is wider than the allowed number of days (20022, GML-13).
    #[error("the time range exceeds {0} days")]
    TimeRange(u32),
    /// The stream position cannot be read (20122, STR-4).
    #[error("the stream position is not valid")]
    BadStreamPosition,
    /// The stream is used up (20123, GMO-23).
    #[error("no more records")]
    StreamAtEnd,
    /// The store failed (20011, 10001).
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<&CallError> for Rollback {
    fn from(error: &CallError) -> Self {
        match error {
            CallError::Store(error) => Self::Store(error.clone()),
            _ => Self::Refused,
        }
    }
}

/// Why one record of a batch of leads or MObjects failed; the others go on. The server writes each with its code and
/// title in front (FLT-9).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// 20101, without detail (SML-30).
    #[error("a lead key is required")]
    LeadKeyRequired,
    /// 20102; the detail, like `Lead key is ambiguous: EMAIL = a@x.com` (ML-8).
    #[error("{0}")]
    LeadKeyBad(String),
    /// 20103; the detail, like `IDNUM = 77` (SML-31).
    #[error("lead not found: {0}")]
    LeadNotFound(String),
    /// 20105; the unknown names (SML-23).
    #[error("unknown lead field: {}", .0.join(", "))]
    UnknownLeadFields(Vec<String>),
    /// 20106; the detail, like `Email: too long` (SML-43).
    #[error("lead sync failed: {0}")]
    LeadSyncFailed(String),
    /// 20109; the detail, like `Parameter Month is required`.
    #[error("parameter required: {0}")]
    ParameterRequired(String),
    /// 20110; the detail, like `Object name is not valid`.
    #[error("input error: {0}")]
    BadParameter(String),
}
