//! How a lead reads (COM-14 to COM-20, GL-1, DM-READ-1 to DM-READ-6).

use crate::attrs::{Attrs, Memo};
use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::{Field, FieldPlace, FieldPlaces, Schema, SourceObject, UnknownInclude};
use crate::store::{Company, ForeignSystem, Lead};
use crate::value::{self, DataType};
use std::borrow::Cow;
use std::sync::Arc;

/// An attribute as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadAttribute {
    /// The field's own spelling.
    pub name: Arc<str>,
    /// Its data type (COM-19, DM-READ-3).
    pub data_type: DataType,
    /// The value on the wire; times in the instance's zone.
    pub value: String,
    /// The rank of its field, by which attributes are sorted.
    rank: u32,
}

/// A lead as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadView {
    /// The id, always there.
    pub id: LeadId,
    /// The address, if it is wanted (GML-18).
    pub email: Option<String>,
    /// The foreign id that is shown, if it is wanted (COM-20).
    pub foreign_id: Option<String>,
    /// Its system, if it is wanted.
    pub foreign_system: Option<ForeignSystem>,
    /// The attributes with a value, by name without regard to case (COM-15, COM-17); empty is nil (COM-18).
    pub attributes: Vec<LeadAttribute>,
}

/// Which fields a read is about.
#[derive(Debug, Clone)]
pub(super) enum Include {
    /// All that full records have (GL-1, DM-READ-4).
    Full,
    /// These (GML-3).
    Named {
        fields: FieldPlaces,
        /// Those of them whose values follow from the lead itself.
        derived: Vec<(FieldPlace, Derived)>,
        email: bool,
        foreign_id: bool,
        foreign_system: bool,
    },
}

/// A value that follows from the lead itself (DM-NEW-1).
#[derive(Debug, Clone, Copy)]
pub(super) enum Derived {
    Lead,
    Company,
    Partition,
    Always(&'static str),
}

impl Include {
    /// Reads a list of names; an unknown one is ignored, or a fault by the switch `unknown_include` (GML-24,
    /// DM-READ-5).
    pub(super) fn named(schema: &Schema, names: Option<&[String]>) -> Result<Self, CallError> {
        let names: Vec<&str> = names
            .unwrap_or_default()
            .iter()
            .map(|name| name.trim())
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            return Ok(Self::Full);
        }
        let mut fields = FieldPlaces::default();
        let mut derived = Vec::new();
        let (mut email, mut foreign_id, mut foreign_system) =
            (schema.rules.always_email, false, false);
        let mut unknown = Vec::new();
        for name in names {
            let Some(place) = schema.lead_fields.place(name) else {
                unknown.push(name.to_owned());
                continue;
            };
            let field = schema.lead_fields.at(place);
            match field.name.as_ref() {
                // GML-18, DM-FSID-5: these fill elements and never become attributes.
                "Id" => {}
                "Email" => email = true,
                "ForeignSysPersonId" => foreign_id = true,
                "ForeignSysType" => foreign_system = true,
                _ => {
                    if fields.insert(place) {
                        derived.extend(Derived::of(field).map(|value| (place, value)));
                    }
                }
            }
        }
        if !unknown.is_empty() && schema.rules.unknown_include == UnknownInclude::Fault {
            return Err(CallError::UnknownLeadFields(unknown));
        }
        Ok(Self::Named {
            fields,
            derived,
            email,
            foreign_id,
            foreign_system,
        })
    }

    fn shows(&self, schema: &Schema, place: FieldPlace) -> bool {
        match self {
            Self::Full => schema.is_shown(schema.lead_fields.at(place)),
            Self::Named { fields, .. } => fields.contains(place),
        }
    }
}

impl Derived {
    fn of(field: &Field) -> Option<Self> {
        if field.source == SourceObject::Company {
            return None;
        }
        match field.name.as_ref() {
            "Lead Person" | "Person Primary Lead Interest" => Some(Self::Lead),
            "Contact Company" => Some(Self::Company),
            "Lead Partition ID" => Some(Self::Partition),
            "PersonType" => Some(Self::Always("contact")),
            "IsLead" => Some(Self::Always("1")),
            _ => None,
        }
    }

    fn value(self, lead: &Lead) -> String {
        match self {
            Self::Lead => lead.id.to_string(),
            Self::Company => lead.company.to_string(),
            Self::Partition => lead.partition.to_string(),
            Self::Always(word) => word.to_owned(),
        }
    }
}

/// Writes down leads, one after the other.
pub(super) struct Viewer<'a> {
    schema: &'a Schema,
    include: &'a Include,
    /// The fields of stored names, where they are shown.
    shown: Memo<Option<FieldPlace>>,
}

impl<'a> Viewer<'a> {
    pub(super) fn new(schema: &'a Schema, include: &'a Include) -> Self {
        Self {
            schema,
            include,
            shown: Memo::default(),
        }
    }

    /// Writes down a lead: the values that are there (COM-17, GL-2, DM-READ-2), without Id and Email, which are elements
    /// (COM-16).
    pub(super) fn view(&mut self, mut lead: Lead, company: Option<&Company>) -> LeadView {
        let company = company.map(|company| &company.attrs);
        let most = lead.attrs.len() + company.map_or(0, Attrs::len);
        let mut attributes = Vec::with_capacity(most);
        self.shown.begin();
        for (name, canonical) in std::mem::take(&mut lead.attrs) {
            if let Some(place) = self.place(&name) {
                attributes.push(self.attribute(place, canonical.into()));
            }
        }
        for (name, canonical) in company.into_iter().flat_map(Attrs::iter) {
            if let Some(place) = self.place(name) {
                attributes.push(self.attribute(place, canonical.into()));
            }
        }
        if let Include::Named { derived, .. } = self.include {
            for (place, value) in derived {
                attributes.push(self.attribute(*place, value.value(&lead).into()));
            }
        }
        attributes.sort_by_key(|attribute| attribute.rank);
        let (email, foreign_id, foreign_system) = match self.include {
            Include::Full => (true, true, true),
            Include::Named {
                email,
                foreign_id,
                foreign_system,
                ..
            } => (*email, *foreign_id, *foreign_system),
        };
        let foreign = lead.foreign_id.map(|id| (id.value, id.system));
        LeadView {
            id: lead.id,
            email: lead.email.filter(|_| email),
            foreign_system: foreign
                .as_ref()
                .map(|(_, system)| *system)
                .filter(|_| foreign_system),
            foreign_id: foreign.map(|(value, _)| value).filter(|_| foreign_id),
            attributes,
        }
    }

    /// The field of a stored value, if it is shown. A value whose field is not defined any more is nobody's.
    fn place(&mut self, name: &Arc<str>) -> Option<FieldPlace> {
        let (schema, include) = (self.schema, self.include);
        let find = |stored: &str| {
            let place = schema.lead_fields.stored_place(stored);
            let shown = place.filter(|place| include.shows(schema, *place));
            (name.clone(), shown)
        };
        self.shown.get(name, find).1
    }

    fn attribute(&self, place: FieldPlace, canonical: Cow<'_, str>) -> LeadAttribute {
        let fields = &self.schema.lead_fields;
        let (field, zone) = (fields.at(place), &self.schema.instance.time_zone);
        LeadAttribute {
            name: field.name.clone(),
            data_type: field.data_type,
            value: value::wire(field.data_type, canonical, zone),
            rank: fields.rank(place),
        }
    }
}
