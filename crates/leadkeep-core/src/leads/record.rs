//! How a lead reads (COM-14 to COM-20, GL-1, DM-READ-1 to DM-READ-6).

use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::{Field, Schema, SourceObject, UnknownInclude};
use crate::store::{Company, ForeignSystem, Lead};
use crate::value::{self, DataType};
use std::collections::BTreeSet;
use std::sync::Arc;

/// An attribute as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadAttribute {
    /// The field's own spelling.
    pub name: String,
    /// Its data type (COM-19, DM-READ-3).
    pub data_type: DataType,
    /// The value on the wire; times in the instance's zone.
    pub value: String,
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
        fields: BTreeSet<Arc<str>>,
        email: bool,
        foreign_id: bool,
        foreign_system: bool,
    },
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
        let mut fields = BTreeSet::new();
        let (mut email, mut foreign_id, mut foreign_system) =
            (schema.rules.always_email, false, false);
        let mut unknown = Vec::new();
        for name in names {
            match schema.lead_field(name) {
                Some(field) => match field.name.as_ref() {
                    // GML-18, DM-FSID-5: these fill elements and never become attributes.
                    "Id" => {}
                    "Email" => email = true,
                    "ForeignSysPersonId" => foreign_id = true,
                    "ForeignSysType" => foreign_system = true,
                    _ => {
                        fields.insert(field.name.clone());
                    }
                },
                None => unknown.push(name.to_owned()),
            }
        }
        if !unknown.is_empty() && schema.rules.unknown_include == UnknownInclude::Fault {
            return Err(CallError::UnknownLeadFields(unknown));
        }
        Ok(Self::Named {
            fields,
            email,
            foreign_id,
            foreign_system,
        })
    }

    fn shows(&self, schema: &Schema, field: &Field) -> bool {
        match self {
            Self::Full => schema.is_shown(field),
            Self::Named { fields, .. } => fields.contains(&field.name),
        }
    }
}

/// Writes down a lead: the values that are there (COM-17, GL-2, DM-READ-2), without Id and Email, which are elements (COM-16).
pub(super) fn view(
    schema: &Schema,
    lead: Lead,
    company: Option<&Company>,
    include: &Include,
) -> LeadView {
    let mut attributes = Vec::new();
    let mut add = |field: &Field, canonical: &str| {
        let value =
            value::write(field.data_type, canonical, &schema.instance.time_zone).into_owned();
        attributes.push(LeadAttribute {
            name: field.name.to_string(),
            data_type: field.data_type,
            value,
        });
    };
    let stored = lead
        .attrs
        .iter()
        .chain(company.iter().flat_map(|company| company.attrs.iter()));
    for (name, canonical) in stored {
        // A value whose field is not defined any more is nobody's.
        if let Some(field) = schema.lead_fields.stored(name)
            && include.shows(schema, field)
        {
            add(field, canonical);
        }
    }
    if let Include::Named { fields, .. } = include {
        for name in fields {
            if let Some(field) = schema.lead_fields.stored(name)
                && let Some(value) = given_by_server(field, &lead)
            {
                add(field, &value);
            }
        }
    }
    attributes.sort_by_cached_key(|attribute| attribute.name.to_lowercase());
    let (email, foreign_id, foreign_system) = match include {
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

/// Values that follow from the lead itself (DM-NEW-1).
fn given_by_server(field: &Field, lead: &Lead) -> Option<String> {
    if field.source == SourceObject::Company {
        return None;
    }
    match field.name.as_ref() {
        "Lead Person" | "Person Primary Lead Interest" => Some(lead.id.to_string()),
        "Contact Company" => Some(lead.company.to_string()),
        "Lead Partition ID" => Some(lead.partition.to_string()),
        "PersonType" => Some("contact".to_owned()),
        "IsLead" => Some("1".to_owned()),
        _ => None,
    }
}
