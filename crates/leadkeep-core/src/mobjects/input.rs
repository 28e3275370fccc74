//! What calls about MObjects take and give.

use crate::error::RecordError;
use std::collections::HashSet;

/// The types of MObjects that hold rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum MObjectType {
    /// A deal.
    Opportunity,
    /// The part of a lead in a deal.
    OpportunityPersonRole,
    /// A program.
    Program,
}

impl MObjectType {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opportunity => "Opportunity",
            Self::OpportunityPersonRole => "OpportunityPersonRole",
            Self::Program => "Program",
        }
    }

    /// The type of a word, without regard to case; the schema's OpportunityLeadRole is a role (SMO-42, GMO-27,
    /// DM-GEN-5).
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        if word.eq_ignore_ascii_case("OpportunityLeadRole") {
            return Some(Self::OpportunityPersonRole);
        }
        [
            Self::Opportunity,
            Self::OpportunityPersonRole,
            Self::Program,
        ]
        .into_iter()
        .find(|known| known.as_str().eq_ignore_ascii_case(word))
    }
}

/// A field and the value by which an object is named (DM-EXT-1).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ExternalKey {
    /// The field.
    pub name: String,
    /// The value.
    pub value: String,
}

impl ExternalKey {
    /// Whether nothing is in it: an empty element is absent (SMO-50).
    pub(super) fn is_empty(&self) -> bool {
        self.name.trim().is_empty() && self.value.trim().is_empty()
    }
}

/// A link to another object.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Association {
    /// The type of the other object.
    pub object: String,
    /// Its number.
    pub id: Option<i64>,
    /// A field of it and a value.
    pub external_key: Option<ExternalKey>,
}

impl Association {
    /// Whether nothing is in it: such members are ignored (SMO-68).
    pub(super) fn is_empty(&self) -> bool {
        self.object.trim().is_empty() && self.id.is_none() && self.key().is_none()
    }

    /// The external key, if it holds anything.
    pub(super) fn key(&self) -> Option<&ExternalKey> {
        self.external_key.as_ref().filter(|key| !key.is_empty())
    }
}

/// Attributes of one kind: `Cost`, `Tag` or `Token`, with names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedAttributes {
    /// The kind.
    pub kind: String,
    /// Names and values, in order.
    pub attributes: Vec<(String, String)>,
}

/// An object as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MObjectInput {
    /// Its type.
    pub object: String,
    /// Its number; none of new ones (SMO-14). It identifies before all else (SMO-8).
    pub id: Option<i64>,
    /// A field of it and a value.
    pub external_key: Option<ExternalKey>,
    /// Names and values, in order.
    pub attributes: Vec<(String, String)>,
    /// Costs and tags, of programs only (SMO-19).
    pub typed: Vec<TypedAttributes>,
    /// Links.
    pub associations: Vec<Association>,
}

impl MObjectInput {
    /// The external key, if it holds anything.
    pub(super) fn key(&self) -> Option<&ExternalKey> {
        self.external_key.as_ref().filter(|key| !key.is_empty())
    }

    /// The links that hold anything, the last of each type (SMO-64, SMO-68).
    pub(super) fn links(&self) -> Vec<&Association> {
        let mut types = HashSet::new();
        let sent = self.associations.iter().filter(|link| !link.is_empty());
        let mut links: Vec<&Association> = sent
            .rev()
            .filter(|link| types.insert(link.object.trim().to_ascii_lowercase()))
            .collect();
        links.reverse();
        links
    }
}

/// What a sync does with new and with existing objects; one for all of a call (SMO-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncOperation {
    /// New ones are inserted, existing ones skipped (SMO-5).
    Insert,
    /// Existing ones are updated, new ones skipped (SMO-6).
    Update,
    /// Both (SMO-7).
    Upsert,
}

/// What became of an object (SMO-3, XMO-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MObjectStatus {
    /// New.
    Created,
    /// Changed.
    Updated,
    /// Gone.
    Deleted,
    /// Nothing was different.
    Unchanged,
    /// The operation does not concern it.
    Skipped,
    /// Nothing of it was stored.
    Failed(RecordError),
}

/// The outcome of one object (SMO-2, XMO-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MObjectOutcome {
    /// Its number, or the one that was sent.
    pub id: Option<i64>,
    /// The external key as it was sent (SMO-13).
    pub external_key: Option<ExternalKey>,
    /// What became of it.
    pub status: MObjectStatus,
}
