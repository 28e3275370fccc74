//! `[[field]]`: custom fields (DM-FLD-1, DM-NAM-6, DM-CO-3).

use super::Declared;
use super::error::{At, Place, shown};
use super::links::index_of_custom;
use super::plan::{Kind, Plan};
use super::reader::Table;
use crate::catalogue;
use crate::schema::{Field, FieldBody, FieldObject, names};
use crate::store::{DefinitionKind, StoreError};
use crate::value::DataType;
use serde_json::json;
use std::collections::HashMap;

/// The words of `type` in `[[field]]`, and what they mean.
pub const TYPES: [(&str, DataType); 13] = [
    ("string", DataType::String),
    ("text", DataType::Text),
    ("email", DataType::Email),
    ("phone", DataType::Phone),
    ("url", DataType::Url),
    ("integer", DataType::Integer),
    ("float", DataType::Float),
    ("currency", DataType::Currency),
    ("percent", DataType::Percent),
    ("score", DataType::Score),
    ("boolean", DataType::Boolean),
    ("date", DataType::Date),
    ("datetime", DataType::Datetime),
];

const OBJECTS: [(&str, FieldObject); 4] = [
    ("Lead", FieldObject::Lead),
    ("Company", FieldObject::Company),
    ("Opportunity", FieldObject::Opportunity),
    ("OpportunityPersonRole", FieldObject::OpportunityPersonRole),
];

/// What a custom field's name looks like (DM-NAM-6).
pub(super) const FIELD_NAME: &str = "a field name: letters, digits, underscores, blanks, + and -, \
                                     beginning with a letter or an underscore";

/// A `[[field]]`.
#[derive(Debug, Clone)]
pub(super) struct FieldTable {
    object: At<FieldObject>,
    name: At<String>,
    display_name: Option<At<String>>,
    description: Option<At<String>>,
    data_type: At<DataType>,
    size: Option<At<i64>>,
    external_key: Option<At<bool>>,
    company_key: Option<At<bool>>,
}

pub(super) fn read(root: &Table<'_>, declared: &mut Declared) -> Vec<FieldTable> {
    let tables = root.tables("field").map_or_else(Vec::new, |at| at.value);
    let mut fields = Vec::with_capacity(tables.len());
    for table in tables {
        let object = table.word("object", &OBJECTS);
        let object = table.required("object", "an object with custom fields", object);
        let name = field_name(&table);
        let display_name = table.name("display_name");
        let description = table.text("description");
        let data_type = table.word("type", &TYPES);
        let data_type = table.required("type", "a data type", data_type);
        let size = size(&table, data_type.as_ref());
        let external_key = table.boolean("external_key");
        let company_key = table.boolean("company_key");
        table.finish();
        if let Some(name) = &name {
            let kind = match object.as_ref().map(|object| object.value) {
                Some(FieldObject::Opportunity) => Kind::OpportunityField,
                _ => Kind::LeadField,
            };
            declared.add(kind, &name.value);
        }
        if let (Some(object), Some(name), Some(data_type)) = (object, name, data_type) {
            fields.push(FieldTable {
                object,
                name,
                display_name,
                description,
                data_type,
                size,
                external_key,
                company_key,
            });
        }
    }
    fields
}

/// Where the file defines a field that leads show.
pub(super) fn place_of_lead_field<'t>(tables: &'t [FieldTable], name: &str) -> Option<&'t Place> {
    let key = names::field(FieldObject::Lead, name);
    let defines = |table: &&FieldTable| names::field(table.object.value, &table.name.value) == key;
    tables.iter().find(defines).map(|table| &table.name.place)
}

/// The name of a field, required.
pub(super) fn field_name(table: &Table<'_>) -> Option<At<String>> {
    let name = table.required_name("name")?;
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '+' | '-');
    let fine = name.value.chars().all(inside)
        && name
            .value
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !name.value.ends_with(' ');
    if !fine {
        table.wrong(&name.place, FIELD_NAME, shown(&name.value));
        return None;
    }
    Some(name)
}

/// The size, for strings only.
pub(super) fn size(table: &Table<'_>, data_type: Option<&At<DataType>>) -> Option<At<i64>> {
    let size = table.integer("size", 1..=2000)?;
    match data_type {
        Some(data_type) if data_type.value != DataType::String => {
            table.wrong(
                &size.place,
                format!("no size: {} has none of its own", data_type.value.as_str()),
                size.value.to_string(),
            );
            None
        }
        _ => Some(size),
    }
}

/// The size that the metadata of a type say (DM-FLD-5, DM-FLD-7).
pub(super) fn size_of(data_type: DataType, wanted: Option<u32>) -> Option<u32> {
    match data_type {
        DataType::String => Some(wanted.unwrap_or(255)),
        DataType::Email | DataType::Phone | DataType::Url => Some(255),
        DataType::Text => Some(2000),
        _ => None,
    }
}

pub(super) fn apply(plan: &mut Plan<'_>, tables: &[FieldTable]) -> Result<(), StoreError> {
    let mut fields = plan.custom_fields();
    let mut at_name: HashMap<String, usize> = fields
        .iter()
        .enumerate()
        .map(|(at, (field, _))| (names::field(field.object, &field.name), at))
        .collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut changed = false;
    for table in tables {
        let key = names::field(table.object.value, &table.name.value);
        if let Some(line) = seen.insert(key.clone(), table.name.place.line) {
            let expected = format!("one table a field (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        if is_standard(table) {
            plan.errors.push(
                &table.name.place,
                "a name that no standard field has",
                shown(&table.name.value),
            );
            continue;
        }
        let at = at_name.get(&key).copied();
        let old = at.map(|at| fields[at].0.clone());
        let new = wanted(table, old.as_ref());
        if old.as_ref() == Some(&new) {
            continue;
        }
        let what = format!("field {}.{}", object_name(new.object), new.name);
        match &old {
            Some(old) => {
                check_change(plan, table, old, &new)?;
                plan.report.compare(&what, &json!(old), &json!(new));
            }
            None => plan.report.added(&what),
        }
        changed = true;
        plan.define(DefinitionKind::Field, key.clone(), &new)?;
        match at {
            Some(at) => fields[at] = (new, plan.now),
            None => {
                at_name.insert(key, fields.len());
                fields.push((new, plan.now));
            }
        }
    }
    check_keys(plan, tables, &fields);
    // Keys are looked up by calls.
    for (field, _) in fields
        .iter()
        .filter(|(field, _)| field.external_key || field.company_key)
    {
        let index = index_of_custom(field.object, &field.name);
        plan.writes.indexes.push(index);
    }
    if changed {
        plan.schema.set_custom_fields(fields);
    }
    Ok(())
}

/// The field as the file wants it: what it does not say stays, or has its default.
fn wanted(table: &FieldTable, old: Option<&FieldBody>) -> FieldBody {
    let data_type = table.data_type.value;
    let given = table
        .size
        .as_ref()
        .and_then(|at| u32::try_from(at.value).ok());
    let stored = old
        .filter(|old| old.data_type == data_type)
        .and_then(|old| old.size);
    let name = old.map_or(&table.name.value, |old| &old.name).clone();
    let text = |given: &Option<At<String>>, old: Option<&String>, default: &str| match given {
        Some(given) => given.value.clone(),
        None => old.map_or(default, String::as_str).to_owned(),
    };
    let flag = |given: &Option<At<bool>>, old: bool| given.as_ref().map_or(old, |at| at.value);
    FieldBody {
        object: table.object.value,
        display_name: text(&table.display_name, old.map(|old| &old.display_name), &name),
        description: text(&table.description, old.map(|old| &old.description), ""),
        data_type,
        size: size_of(data_type, given.or(stored)),
        external_key: flag(&table.external_key, old.is_some_and(|old| old.external_key)),
        company_key: flag(&table.company_key, old.is_some_and(|old| old.company_key)),
        name,
    }
}

/// Whether the name is that of a standard field of the object, or an alias of one; hidden ones too, since values are
/// stored under the name.
fn is_standard(table: &FieldTable) -> bool {
    let fields = match table.object.value {
        FieldObject::Lead | FieldObject::Company => catalogue::lead_fields(),
        FieldObject::Opportunity => catalogue::opportunity_fields(),
        FieldObject::OpportunityPersonRole => catalogue::role_fields(),
    };
    let name = names::folded(&table.name.value);
    let has = |field: &Field| {
        names::folded(&field.name) == name
            || field
                .aliases
                .iter()
                .any(|alias| names::folded(alias) == name)
    };
    fields.iter().any(has)
}

/// PRV-5: with values, a field keeps its object and type, and has room for them; a company key is made before its
/// values.
fn check_change(
    plan: &mut Plan<'_>,
    table: &FieldTable,
    old: &FieldBody,
    new: &FieldBody,
) -> Result<(), StoreError> {
    let index = index_of_custom(old.object, &old.name);
    if !plan.txn.field_in_use(&index)? {
        return Ok(());
    }
    if old.object != new.object {
        let stored = object_name(old.object);
        let reason = "records have values in it";
        plan.refuse(&table.object.place, stored, reason, object_name(new.object));
    }
    if old.data_type != new.data_type {
        let stored = old.data_type.as_str();
        let reason = "records have values of this type";
        plan.refuse(
            &table.data_type.place,
            stored,
            reason,
            new.data_type.as_str(),
        );
        return Ok(());
    }
    if let (Some(old_size), Some(new_size), Some(given)) = (old.size, new.size, &table.size)
        && new_size < old_size
    {
        let longest = plan.txn.longest_value(&index)?;
        if longest > usize::try_from(new_size).unwrap_or(usize::MAX) {
            let reason = format!("a record has a value of {longest} characters");
            plan.refuse(&given.place, old_size, &reason, new_size.to_string());
        }
    }
    if let (true, Some(given)) = (old.company_key != new.company_key, &table.company_key) {
        let reason = "leads share their companies by the values that they have";
        plan.refuse(
            &given.place,
            old.company_key,
            reason,
            new.company_key.to_string(),
        );
    }
    Ok(())
}

/// What `external_key` and `company_key` may stand on, and that only one field has each.
fn check_keys(plan: &mut Plan<'_>, tables: &[FieldTable], fields: &[(FieldBody, jiff::Timestamp)]) {
    for table in tables {
        let on = |flag: &Option<At<bool>>| flag.clone().filter(|at| at.value);
        let object = table.object.value;
        let data_type = table.data_type.value;
        if let Some(flag) = on(&table.external_key) {
            let keyable = matches!(data_type, DataType::String | DataType::Integer);
            if object == FieldObject::Opportunity && keyable {
                only_one(plan, &flag, table, fields, |field| field.external_key);
            } else {
                let expected = "an external key only on a string or integer field of Opportunity";
                let got = format!("{}, {}", object_name(object), data_type.as_str());
                plan.errors.push(&flag.place, expected, got);
            }
        }
        if let Some(flag) = on(&table.company_key) {
            if matches!(object, FieldObject::Lead | FieldObject::Company) {
                only_one(plan, &flag, table, fields, |field| field.company_key);
            } else {
                let expected = "a company key only on a field of Lead or Company";
                plan.errors.push(&flag.place, expected, object_name(object));
            }
        }
    }
}

fn only_one(
    plan: &mut Plan<'_>,
    flag: &At<bool>,
    table: &FieldTable,
    fields: &[(FieldBody, jiff::Timestamp)],
    is_key: fn(&FieldBody) -> bool,
) {
    let own = names::folded(&table.name.value);
    let other = fields
        .iter()
        .find(|(field, _)| is_key(field) && names::folded(&field.name) != own);
    if let Some((other, _)) = other {
        plan.errors.push(
            &flag.place,
            format!("one such key (it is {} now)", shown(&other.name)),
            "a second one",
        );
    }
}

/// The word of `object`.
pub(super) fn object_name(object: FieldObject) -> &'static str {
    OBJECTS
        .iter()
        .find(|(_, other)| *other == object)
        .map_or("", |(name, _)| name)
}
