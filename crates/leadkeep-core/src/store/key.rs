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

/// How many leads or opportunities of a key are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The highest ids, at most this many.
    All(usize),
    /// One, as the switch `duplicate_email` says (COM-2).
    One(EmailPick),
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
