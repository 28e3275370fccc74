//! References to fields: which index serves them, and what links of custom objects may refer to (DM-COB-2).

use super::custom_objects::{self, ObjectTable};
use super::error::{At, Place, shown};
use super::fields::{self, FieldTable};
use super::plan::{Kind, Plan};
use crate::schema::{Field, FieldObject, Link, SourceObject};
use crate::store::FieldIndex;
use crate::value::DataType;

/// The index of a field's values; `None` for the elements of a record, which have their own.
pub(super) fn index_of(field: &Field) -> Option<FieldIndex> {
    let name = field.name.to_string();
    match field.source {
        SourceObject::Lead | SourceObject::LeadInterest => {
            let element = matches!(
                field.name.as_ref(),
                "Id" | "Email" | "ForeignSysPersonId" | "ForeignSysType"
            );
            (!element).then_some(FieldIndex::Lead(name))
        }
        SourceObject::Company => Some(FieldIndex::Company(name)),
        SourceObject::Opportunity => Some(FieldIndex::Opportunity(name)),
        SourceObject::OpportunityPersonRole => Some(FieldIndex::Role(name)),
    }
}

/// The index of a custom field's values.
pub(super) fn index_of_custom(object: FieldObject, name: &str) -> FieldIndex {
    let name = name.to_owned();
    match object {
        FieldObject::Lead => FieldIndex::Lead(name),
        FieldObject::Company => FieldIndex::Company(name),
        FieldObject::Opportunity => FieldIndex::Opportunity(name),
        FieldObject::OpportunityPersonRole => FieldIndex::Role(name),
    }
}

/// What a link refers to, with the type of the other end. Reports what does not fit.
pub(super) fn link(plan: &mut Plan<'_>, wanted: &At<String>, own: DataType) -> Option<Link> {
    let Some((object, name)) = wanted.value.split_once('.') else {
        plan.errors.push(
            &wanted.place,
            "\"Lead.<field>\", \"Company.<field>\" or \"<object>.<dedupe field>\"",
            shown(&wanted.value),
        );
        return None;
    };
    let (link, other) = match object {
        "Lead" | "Company" => field_link(plan, wanted, object, name)?,
        _ => record_link(plan, wanted, object, name)?,
    };
    if !fits(own, other) {
        plan.errors.push(
            &wanted.place,
            format!("a field of the type of the link, {}", own.as_str()),
            format!("{}, which is {}", shown(&wanted.value), other.as_str()),
        );
        return None;
    }
    Some(link)
}

fn field_link(
    plan: &mut Plan<'_>,
    wanted: &At<String>,
    object: &str,
    name: &str,
) -> Option<(Link, DataType)> {
    let fields = &plan.schema.lead_fields;
    let Some(field) = fields.find(name).or_else(|| fields.stored(name)).cloned() else {
        plan.unknown_lead_field(&wanted.place, name);
        return None;
    };
    let of_company = field.source == SourceObject::Company;
    if of_company != (object == "Company") {
        let owner = if of_company { "Company" } else { "Lead" };
        plan.errors.push(
            &wanted.place,
            format!("\"{owner}.{}\"", field.name),
            shown(&wanted.value),
        );
        return None;
    }
    let stored = field.name.to_string();
    let link = match stored.as_str() {
        "Id" => Link::LeadId,
        "Email" => Link::LeadEmail,
        _ => {
            let Some(index) = index_of(&field) else {
                plan.errors.push(
                    &wanted.place,
                    "Id, Email or an attribute of the lead",
                    shown(&wanted.value),
                );
                return None;
            };
            plan.writes.indexes.push(index);
            if of_company {
                Link::CompanyField(stored)
            } else {
                Link::LeadField(stored)
            }
        }
    };
    Some((link, field.data_type))
}

fn record_link(
    plan: &mut Plan<'_>,
    wanted: &At<String>,
    object: &str,
    name: &str,
) -> Option<(Link, DataType)> {
    let Some(target) = plan.schema.custom_object(object).cloned() else {
        let objects = plan.schema.custom_objects.clone();
        let known = ["Lead", "Company"]
            .into_iter()
            .chain(objects.iter().map(|object| object.name.as_str()));
        plan.unknown(&wanted.place, Kind::CustomObject, object, known);
        return None;
    };
    let dedupe = || target.fields.iter().filter(|field| field.dedupe);
    match target.field(name).filter(|field| field.dedupe) {
        Some(field) => Some((Link::Record(target.id, field.name.clone()), field.data_type)),
        None => {
            let what = format!("a dedupe field of {}", target.name);
            let known = dedupe().map(|field| field.name.as_str());
            plan.errors.unknown(&wanted.place, &what, name, known);
            None
        }
    }
}

/// What the file says of a field must fit the links to it that are stored, of types that it does not name too (PRV-5,
/// DM-COB-2). Links that it names itself have been checked.
pub(super) fn check_targets(plan: &mut Plan<'_>, fields: &[FieldTable], objects: &[ObjectTable]) {
    for object in plan.schema.custom_objects.clone() {
        for field in &object.fields {
            let Some((wanted, place, now)) = field
                .link
                .as_ref()
                .and_then(|link| target(plan, link, fields, objects))
            else {
                continue;
            };
            let (kind, data_type) = now;
            if wanted == kind && fits(field.data_type, data_type) {
                continue;
            }
            let expected = format!(
                "{wanted} that {}.{}, which is {}, can link to",
                object.name,
                field.name,
                field.data_type.as_str(),
            );
            let got = format!("{kind}, {}", data_type.as_str());
            plan.errors.push(place, expected, got);
        }
    }
}

/// The other end of a stored link, if the file defines it: what it must be, where it stands, what it is now.
fn target<'t>(
    plan: &Plan<'_>,
    link: &Link,
    fields: &'t [FieldTable],
    objects: &'t [ObjectTable],
) -> Option<(&'static str, &'t Place, (&'static str, DataType))> {
    const OF_LEAD: &str = "a field of Lead";
    const OF_COMPANY: &str = "a field of Company";
    const DEDUPE: &str = "a dedupe field";
    let (wanted, name) = match link {
        // Standard fields are not in files.
        Link::LeadId | Link::LeadEmail => return None,
        Link::LeadField(name) => (OF_LEAD, name),
        Link::CompanyField(name) => (OF_COMPANY, name),
        Link::Record(id, name) => {
            let object = plan.schema.custom_object_by_id(*id)?;
            let place = custom_objects::place_of(objects, &object.name, name)?;
            let field = object.field(name)?;
            let kind = if field.dedupe {
                DEDUPE
            } else {
                "no dedupe field"
            };
            return Some((DEDUPE, place, (kind, field.data_type)));
        }
    };
    let place = fields::place_of_lead_field(fields, name)?;
    let field = plan.schema.lead_fields.stored(name)?;
    let kind = match field.source {
        SourceObject::Company => OF_COMPANY,
        _ => OF_LEAD,
    };
    Some((wanted, place, (kind, field.data_type)))
}

/// Whether values of one type can be values of the other.
fn fits(own: DataType, other: DataType) -> bool {
    let whole = |data_type| {
        matches!(
            data_type,
            DataType::Integer | DataType::Score | DataType::Percent | DataType::Reference
        )
    };
    own == other || (own.is_text() && other.is_text()) || (whole(own) && whole(other))
}
