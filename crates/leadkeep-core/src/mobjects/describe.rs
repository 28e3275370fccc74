//! listMObjects and describeMObject.

use crate::catalogue::{activity_record_fields, defined_at};
use crate::error::CallError;
use crate::schema::{Field, FieldSet, Schema};
use crate::value::DataType;
use jiff::Timestamp;

/// The names of the objects that can be described, in the order of the original (LMO-1). Programs and custom object types
/// are not among them (LMO-2, LMO-3).
pub fn list_mobjects() -> [&'static str; 4] {
    [
        "ActivityRecord",
        "LeadRecord",
        "Opportunity",
        "OpportunityPersonRole",
    ]
}

/// The description of an object (DMO-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectDescription {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub description: Option<String>,
    /// Whether it is made for the API only.
    pub is_virtual: bool,
    /// Its fields.
    pub fields: Vec<FieldDescription>,
    /// When it was last changed: the latest of its fields (DMO-13).
    pub updated_at: Timestamp,
}

/// The description of a field (DM-FLD-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDescription {
    /// Its SOAP name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Its display name.
    pub display_name: Option<String>,
    /// The object that it belongs to.
    pub source_object: String,
    /// Its data type in the words of the metadata; times are `dateTime` in ActivityRecord alone (DMO-6).
    pub data_type: String,
    /// Its length.
    pub size: Option<u32>,
    /// Read only; as the catalogue says, not for all that callers cannot write (DMO-12).
    pub is_readonly: bool,
    /// Blocked for updates.
    pub is_update_blocked: bool,
    /// Whether it names the object.
    pub is_name: Option<bool>,
    /// Whether it is the key.
    pub is_primary_key: bool,
    /// Made by an administrator.
    pub is_custom: bool,
    /// The list that it travels in, if it does (DMO-4).
    pub dynamic_field_ref: Option<&'static str>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Describes an object by its name (DMO-1), whatever its case (DMO-10). It needs nothing but definitions, so that it works
/// on an empty database too (DMO-8).
///
/// # Errors
/// 20110 for any other name, 20109 for none (DMO-9).
pub fn describe_mobject(schema: &Schema, name: &str) -> Result<ObjectDescription, CallError> {
    if name.trim().is_empty() {
        return Err(CallError::ParameterRequired("objectName"));
    }
    // DMO-10.
    let name = list_mobjects()
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name.trim()));
    match name.ok_or(CallError::BadObjectName)? {
        "ActivityRecord" => Ok(activity_record()),
        "LeadRecord" => {
            // DMO-4, DMO-7, DMO-14: custom fields beside those that are shown.
            let shown = |field: &Field| field.custom || schema.is_shown(field);
            Ok(object(
                "LeadRecord",
                true,
                &schema.lead_fields,
                shown,
                |field| (field.name.as_ref() != "Email").then_some("leadAttributeList"),
            ))
        }
        name => {
            let fields = if name == "Opportunity" {
                &schema.opportunity_fields
            } else {
                &schema.role_fields
            };
            let shown = |field: &Field| field.custom || schema.is_shown(field);
            Ok(object(name, false, fields, shown, |field| {
                (field.name.as_ref() == "Id").then_some("attributeList")
            }))
        }
    }
}

fn object(
    name: &'static str,
    is_virtual: bool,
    fields: &FieldSet,
    shown: impl Fn(&Field) -> bool,
    list: impl Fn(&Field) -> Option<&'static str>,
) -> ObjectDescription {
    let shown = fields.iter().filter(|field| shown(field));
    let mut fields: Vec<FieldDescription> =
        shown.map(|field| describe(field, list(field))).collect();
    // DMO-11, DM-FLD-8.
    fields.sort_by_cached_key(|field| field.name.to_lowercase());
    let updated_at = fields
        .iter()
        .map(|field| field.updated_at)
        .max()
        .unwrap_or_else(defined_at);
    ObjectDescription {
        name,
        description: None,
        is_virtual,
        fields,
        updated_at,
    }
}

fn describe(field: &Field, dynamic_field_ref: Option<&'static str>) -> FieldDescription {
    FieldDescription {
        name: field.name.to_string(),
        // Standard fields have none in recorded answers; an administrator's own is worth showing.
        description: Some(field.description.clone())
            .filter(|text| field.custom && !text.is_empty()),
        display_name: Some(field.display_name.clone()),
        source_object: format!("{:?}", field.source),
        // Scores and percents are integers in the metadata.
        data_type: match field.data_type {
            DataType::Score | DataType::Percent => DataType::Integer,
            other => other,
        }
        .as_str()
        .to_owned(),
        size: field.size,
        is_readonly: field.is_readonly,
        is_update_blocked: field.is_update_blocked,
        is_name: None,
        is_primary_key: false,
        is_custom: field.custom,
        dynamic_field_ref,
        updated_at: field.updated_at,
    }
}

/// DMO-3, DMO-5: as the documentation has it.
fn activity_record() -> ObjectDescription {
    let updated_at = Timestamp::constant(1_262_304_000, 0);
    let fields = activity_record_fields()
        .iter()
        .map(|field| FieldDescription {
            name: field.name.clone(),
            description: what_it_is(&field.name).map(str::to_owned),
            display_name: None,
            source_object: field.source_object.clone(),
            data_type: field.data_type.clone(),
            size: field.size,
            is_readonly: true,
            is_update_blocked: true,
            is_name: Some(field.is_name),
            is_primary_key: field.is_primary_key,
            is_custom: false,
            dynamic_field_ref: None,
            updated_at,
        });
    ObjectDescription {
        name: "ActivityRecord",
        description: Some(
            "Composite object composed of fields from Event, Campaign, Lead, and Company"
                .to_owned(),
        ),
        // DM-FLD-6.
        is_virtual: true,
        fields: fields.collect(),
        updated_at,
    }
}

/// The words of the documented answer, which clients of the original have seen (DMO-5).
fn what_it_is(name: &str) -> Option<&'static str> {
    Some(match name {
        "id" => "Unique system id of Event",
        "activityDateTime" => "Event timestamp",
        "activityType" => "Name of Event",
        "mktgAssetName" => "Name of email, landing page, or object field",
        "activityAttributes" => "Array of name / value pairs of dynamic event attributes",
        "campaign" => "Name of Campaign that caused the Event",
        "personName" => "Name of Lead that owns the Event",
        "mktPersonId" => "Unique system id of Lead",
        "foreignSysId" => "Unique foreign system id of Lead",
        "orgName" => "Name of Company associated to the Lead",
        "foreignSysOrgId" => "Unique foreign system id of Company",
        _ => return None,
    })
}
