//! Which activities are wanted.

use super::ActivityType;
use crate::ids::{LeadId, ListId};
use jiff::Timestamp;

/// Types of activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeFilter {
    /// These.
    Only(Vec<ActivityType>),
    /// All but these.
    Except(Vec<ActivityType>),
}

impl Default for TypeFilter {
    /// All types.
    fn default() -> Self {
        Self::Except(Vec::new())
    }
}

impl TypeFilter {
    /// Whether a type is wanted.
    pub fn takes(&self, activity_type: ActivityType) -> bool {
        match self {
            Self::Only(types) => types.contains(&activity_type),
            Self::Except(types) => !types.contains(&activity_type),
        }
    }
}

/// Which activities of a history are wanted; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    /// Of which types.
    pub types: TypeFilter,
    /// Since, inclusive.
    pub from: Option<Timestamp>,
    /// Until, exclusive.
    pub to: Option<Timestamp>,
}

/// Whose activities are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadScope {
    /// Those of all leads, known and anonymous.
    All,
    /// Those of these.
    Leads(Vec<LeadId>),
    /// Those of the members of a list at the time of the call.
    List(ListId),
}
