//! How rows are looked up.

use super::{Cookie, ForeignId};
use crate::ids::LeadId;
use std::sync::Arc;

/// One way to name leads. Values are normalised by the caller; stores compare them as they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LeadKey {
    /// The lead with this id.
    Id(LeadId),
    /// The lead with this foreign id.
    Foreign(ForeignId),
    /// Leads with this foreign id value in any system (SL-37).
    ForeignAnySystem(String),
    /// Leads with a foreign id of type SFDC that begins with these 15 characters (COM-9).
    SfdcPrefix(String),
    /// Leads with this address, trimmed and in lower case (COM-7); anonymous ones have none.
    Email(Arc<str>),
    /// The lead with this cookie (COM-8).
    Cookie(Cookie),
    /// Leads whose own field has exactly this value (SMO-67, COM-9). `Email` is a field here, case and all.
    LeadField(String, String),
    /// Leads whose company's field has exactly this value (SMO-66).
    CompanyField(String, String),
    /// Leads with a role on an opportunity whose field has exactly this value (SFDCOPPTYID, COM-9).
    OpportunityField(String, String),
}

/// Which leads or opportunities of a key are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// Which come first.
    pub first: EmailPick,
    /// How many there are to be at the most.
    pub most: usize,
}

impl Pick {
    /// Those with the highest ids, the highest first.
    pub const fn newest(most: usize) -> Self {
        let first = EmailPick::Added;
        Self { first, most }
    }

    /// One, as the switch `duplicate_email` says (COM-2).
    pub const fn one(first: EmailPick) -> Self {
        Self { first, most: 1 }
    }
}

/// Which of several matches is meant (switch `duplicate_email`, COM-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmailPick {
    /// The one with the highest id (COM-11).
    #[default]
    Added,
    /// The one with the latest change or activity, ties by higher id.
    Updated,
}

/// A field by which rows are looked up, named by its stored name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldIndex {
    /// An attribute that leads carry themselves.
    Lead(String),
    /// An attribute of companies.
    Company(String),
    /// An attribute of opportunities.
    Opportunity(String),
    /// An attribute of roles.
    Role(String),
    /// An attribute of the records of a custom object type.
    Record(crate::ids::ObjectTypeId, String),
}
