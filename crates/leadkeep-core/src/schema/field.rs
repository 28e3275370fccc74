//! Fields and how they are found by name.

use crate::value::DataType;
use foldhash::HashMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The objects that can have custom fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FieldObject {
    /// A field of the person.
    Lead,
    /// A field of the company; rides on the lead (DM-CO-1).
    Company,
    /// A field of the opportunity.
    Opportunity,
    /// A field of the opportunity person role.
    OpportunityPersonRole,
}

/// The object that a lead field's value belongs to, as the metadata names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SourceObject {
    /// The person.
    Lead,
    /// The person's company: the value is kept with the company row.
    Company,
    /// The person's interest; kept with the lead.
    LeadInterest,
    /// The opportunity.
    Opportunity,
    /// The role.
    OpportunityPersonRole,
}

/// When a field is shown (DM-FLD-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Exposure {
    /// An element of the record itself.
    Record,
    /// In full reads and in describeMObject.
    Described,
    /// As `Described` once its group is switched on (`shown_groups`).
    Optional,
    /// Only by name in includeAttributes.
    OnRequest,
    /// Has no SOAP name; unknown to the API.
    Internal,
}

/// What a sync does with a value that is sent (DM-FLD-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WriteRule {
    /// Stored.
    Normal,
    /// Filled by the server on creation if not sent; afterwards stored.
    CreateDefault,
    /// Dropped without complaint (COM-28).
    System,
    /// Unknown to SOAP (20105).
    Internal,
    /// An element of the record.
    RecordElement,
    /// A link that the operation reads itself (roles).
    Reference,
    /// A link that must be given (roles).
    Required,
}

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The SOAP name, or the REST name of a field that has none. The name under which values are stored.
    pub name: Arc<str>,
    /// The name in imports and activities.
    pub display_name: String,
    /// For describeMObject; empty for none.
    pub description: String,
    /// The data type.
    pub data_type: DataType,
    /// Characters, for strings; what the metadata says.
    pub size: Option<u32>,
    /// Whose value it is.
    pub source: SourceObject,
    /// When it is shown.
    pub exposure: Exposure,
    /// What a sync does with it.
    pub write_rule: WriteRule,
    /// Metadata: isReadonly.
    pub is_readonly: bool,
    /// Metadata: isUpdateBlocked; it keeps its first value (COM-24).
    pub is_update_blocked: bool,
    /// Added by the administrator.
    pub custom: bool,
    /// Old names that are taken for it (DM-NAM-2).
    pub aliases: Vec<String>,
    /// The REST name, where it is known; for imports.
    pub rest_name: Option<String>,
    /// Names the REST external id; indexed (Opportunity).
    pub external_key: bool,
    /// Leads with the same value share one company (DM-CO-3).
    pub company_key: bool,
    /// When its definition was last changed.
    pub updated_at: Timestamp,
}

impl Field {
    /// Whether a value that somebody sends is stored at all; others are dropped without complaint (COM-28).
    pub fn is_written(&self) -> bool {
        matches!(
            self.write_rule,
            WriteRule::Normal | WriteRule::CreateDefault
        )
    }
}

/// Where a field stands in its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FieldPlace(usize);

/// Some fields of a set.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldPlaces(Vec<bool>);

impl FieldPlaces {
    /// Adds a field; whether it was not there before.
    pub(crate) fn insert(&mut self, FieldPlace(at): FieldPlace) -> bool {
        if self.0.len() <= at {
            self.0.resize(at + 1, false);
        }
        !std::mem::replace(&mut self.0[at], true)
    }

    /// Whether a field is among them.
    pub(crate) fn contains(&self, FieldPlace(at): FieldPlace) -> bool {
        self.0.get(at).copied().unwrap_or_default()
    }
}

/// The fields of one object, found by name as DM-NAM-3 says.
#[derive(Debug, Clone, Default)]
pub struct FieldSet {
    fields: Vec<Arc<Field>>,
    /// The rank of each field among all by name without regard to case.
    ranks: Vec<u32>,
    /// The rank of each field among all by name.
    exact_ranks: Vec<u32>,
    exact: HashMap<String, usize>,
    folded: HashMap<String, Option<usize>>,
}

impl FieldSet {
    /// A set of fields; of two fields with one name the first counts.
    pub fn new(fields: impl IntoIterator<Item = Field>) -> Self {
        let mut set = Self::default();
        for field in fields {
            let at = set.fields.len();
            for name in std::iter::once(field.name.to_string()).chain(field.aliases.iter().cloned())
            {
                match set.folded.entry(name.to_lowercase()) {
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        entry.insert(Some(at));
                    }
                    std::collections::hash_map::Entry::Occupied(mut entry) => {
                        if *entry.get() != Some(at) {
                            entry.insert(None);
                        }
                    }
                }
                set.exact.entry(name).or_insert(at);
            }
            set.fields.push(Arc::new(field));
        }
        let names = set.fields.iter().map(|field| field.name.to_string());
        set.exact_ranks = ranks(names);
        let names = set.fields.iter().map(|field| field.name.to_lowercase());
        set.ranks = ranks(names);
        set
    }

    /// The field that a caller's name means: exactly, by alias, or without regard to case if that is unique
    /// (COM-26, DM-NAM-3). Internal fields are not found (DM-FLD-3).
    pub fn find(&self, name: &str) -> Option<&Arc<Field>> {
        self.place(name).map(|place| self.at(place))
    }

    /// The place of the field that a caller's name means, as for [`FieldSet::find`]. It holds for this set only, and
    /// unlike a reference can be kept without it.
    pub(crate) fn place(&self, name: &str) -> Option<FieldPlace> {
        let name = name.trim();
        let at = match self.exact.get(name) {
            Some(at) => *at,
            None => (*self.folded.get(&name.to_lowercase())?)?,
        };
        (self.fields[at].exposure != Exposure::Internal).then_some(FieldPlace(at))
    }

    /// The field at a place of this set.
    pub(crate) fn at(&self, place: FieldPlace) -> &Arc<Field> {
        &self.fields[place.0]
    }

    /// The field with this stored name, internal ones too.
    pub fn stored(&self, name: &str) -> Option<&Arc<Field>> {
        self.stored_place(name).map(|place| self.at(place))
    }

    /// The place of the field with this stored name, as for [`FieldSet::stored`].
    pub(crate) fn stored_place(&self, name: &str) -> Option<FieldPlace> {
        let at = *self.exact.get(name)?;
        (self.fields[at].name.as_ref() == name).then_some(FieldPlace(at))
    }

    /// What fields are sorted by where they come by name without regard to case (COM-15).
    pub(crate) fn rank(&self, place: FieldPlace) -> u32 {
        self.ranks[place.0]
    }

    /// What fields are sorted by where they come by name.
    pub(crate) fn exact_rank(&self, place: FieldPlace) -> u32 {
        self.exact_ranks[place.0]
    }

    /// All fields, in the order of the catalogue, then of definition.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Field>> {
        self.fields.iter()
    }
}

/// The place of each name in the order of all.
fn ranks(names: impl Iterator<Item = String>) -> Vec<u32> {
    let names: Vec<String> = names.collect();
    let sorted: BTreeSet<&String> = names.iter().collect();
    let ranks: HashMap<&String, u32> = sorted.into_iter().zip(0..).collect();
    names.iter().map(|name| ranks[name]).collect()
}

/// Places of names that come again and again in much the same order, as those of the records of a call do.
pub(crate) struct PlaceMemo<'f, 'n> {
    fields: &'f FieldSet,
    /// The names of the first record, as far as they have fields.
    known: Vec<(&'n str, FieldPlace)>,
    /// Where the name that is expected next stands.
    next: usize,
}

impl<'f, 'n> PlaceMemo<'f, 'n> {
    /// Names that are compared one after the other where records leave some out.
    const REACH: usize = 4;
    /// Names that are kept.
    const MOST: usize = 64;

    pub(crate) fn new(fields: &'f FieldSet) -> Self {
        Self {
            fields,
            known: Vec::new(),
            next: 0,
        }
    }

    /// The next record begins.
    pub(crate) fn begin(&mut self) {
        self.next = 0;
    }

    /// As [`FieldSet::place`].
    pub(crate) fn place(&mut self, name: &'n str) -> Option<FieldPlace> {
        let ahead = self.known.iter().skip(self.next).take(Self::REACH);
        if let Some(at) = ahead.clone().position(|(known, _)| *known == name) {
            self.next += at + 1;
            return Some(self.known[self.next - 1].1);
        }
        let place = self.fields.place(name)?;
        if self.next == self.known.len() && self.next < Self::MOST {
            self.known.push((name, place));
            self.next += 1;
        }
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::PlaceMemo;
    use crate::schema::Schema;

    #[test]
    fn remembered_places_are_those_of_the_names() {
        let schema = Schema::load(0, &[]).unwrap();
        let fields = &schema.lead_fields;
        let all: Vec<&str> = fields.iter().map(|field| field.name.as_ref()).collect();
        let some = ["FirstName", "LASTNAME", "no such", "City", " Phone"];
        let others = ["City", "FirstName", "FirstName", "Phone", "no such"];
        let mut memo = PlaceMemo::new(fields);
        for record in [&some[..], &some[1..], &others, &all, &some[3..], &all[1..]] {
            memo.begin();
            for name in record {
                assert_eq!(memo.place(name), fields.place(name), "{name}");
            }
        }
        assert!(memo.known.len() <= PlaceMemo::MOST);
    }
}
