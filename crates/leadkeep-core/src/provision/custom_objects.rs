//! `[[custom_object]]`: types with their fields (DM-COB-1, DM-COB-2, DM-COB-3, DM-COB-4).

mod changes;

use super::Declared;
use super::error::{At, Place, shown};
use super::fields::{TYPES, field_name, size, size_of};
use super::links::link;
use super::plan::{Kind, Plan};
use super::reader::Table;
use crate::ids::ObjectTypeId;
use crate::schema::{CustomObject, ObjectField, names, same_name};
use crate::store::{DefinitionKind, Sequence, StoreError};
use crate::value::DataType;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// DM-COB-1
const MAX_FIELDS: usize = 50;
const MAX_DEDUPE: usize = 3;

/// A `[[custom_object]]`.
#[derive(Debug, Clone)]
pub(super) struct ObjectTable {
    name: At<String>,
    display_name: Option<At<String>>,
    description: Option<At<String>>,
    strict: Option<At<bool>>,
    fields: At<Vec<ObjectFieldTable>>,
}

/// One of its `fields`.
#[derive(Debug, Clone)]
struct ObjectFieldTable {
    name: At<String>,
    data_type: At<DataType>,
    display_name: Option<At<String>>,
    size: Option<At<i64>>,
    dedupe: Option<At<bool>>,
    link: Option<At<String>>,
}

impl ObjectFieldTable {
    /// The field without its link.
    fn field(&self, old: Option<&ObjectField>) -> ObjectField {
        let name = old.map_or(&self.name.value, |old| &old.name).clone();
        let wanted = self
            .size
            .as_ref()
            .and_then(|at| u32::try_from(at.value).ok());
        ObjectField {
            display_name: match &self.display_name {
                Some(given) => given.value.clone(),
                None => name.clone(),
            },
            name,
            data_type: self.data_type.value,
            size: size_of(self.data_type.value, wanted),
            dedupe: self.dedupe.as_ref().is_some_and(|at| at.value),
            link: None,
        }
    }
}

pub(super) fn read(root: &Table<'_>, declared: &mut Declared) -> Vec<ObjectTable> {
    let tables = root
        .tables("custom_object")
        .map_or_else(Vec::new, |at| at.value);
    let mut objects = Vec::with_capacity(tables.len());
    for table in tables {
        let name = type_name(&table);
        let display_name = table.name("display_name");
        let description = table.text("description");
        let strict = table.boolean("strict");
        let fields = table.tables("fields");
        let fields = table.required("fields", "a list of tables", fields);
        if let Some(none) = fields.as_ref().filter(|at| at.value.is_empty()) {
            table.wrong(&none.place, format!("1 to {MAX_FIELDS} fields"), "none");
        }
        if let Some(name) = &name {
            declared.add(Kind::CustomObject, &name.value);
        }
        let fields = fields.map(|at| At {
            value: at.value.into_iter().filter_map(read_field).collect(),
            place: at.place,
        });
        table.finish();
        if let (Some(name), Some(fields)) = (name, fields) {
            objects.push(ObjectTable {
                name,
                display_name,
                description,
                strict,
                fields,
            });
        }
    }
    objects
}

/// Where the file defines a field of a type.
pub(super) fn place_of<'t>(
    tables: &'t [ObjectTable],
    object: &str,
    name: &str,
) -> Option<&'t Place> {
    let table = tables
        .iter()
        .find(|table| same_name(&table.name.value, object))?;
    let field = |field: &&ObjectFieldTable| same_name(&field.name.value, name);
    let field = table.fields.value.iter().find(field)?;
    Some(&field.name.place)
}

fn type_name(table: &Table<'_>) -> Option<At<String>> {
    let name = table.required_name("name")?;
    let reserved = ["Lead", "Company"];
    if !name
        .value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        table.wrong(
            &name.place,
            "letters, digits and underscores",
            shown(&name.value),
        );
        return None;
    }
    if reserved.iter().any(|other| same_name(other, &name.value)) {
        table.wrong(
            &name.place,
            "a name other than Lead and Company, which links mean",
            shown(&name.value),
        );
        return None;
    }
    Some(name)
}

fn read_field(table: Table<'_>) -> Option<ObjectFieldTable> {
    // provision.md section 7: the types of `[[field]]`, text and score excepted.
    let types: Vec<(&str, DataType)> = TYPES
        .into_iter()
        .filter(|(_, data_type)| !matches!(data_type, DataType::Text | DataType::Score))
        .collect();
    let name = field_name(&table);
    let data_type = table.word("type", &types);
    let data_type = table.required("type", "a data type", data_type);
    let display_name = table.name("display_name");
    let size = size(&table, data_type.as_ref());
    let dedupe = table.boolean("dedupe");
    let link = table.line("link");
    table.finish();
    Some(ObjectFieldTable {
        name: name?,
        data_type: data_type?,
        display_name,
        size,
        dedupe,
        link,
    })
}

pub(super) fn apply(plan: &mut Plan<'_>, tables: &[ObjectTable]) -> Result<(), StoreError> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut brought: Vec<(&ObjectTable, Option<Arc<CustomObject>>)> = Vec::new();
    // First the types with their fields, so that links may refer to each other in any order (PRV-7); then the links.
    for table in tables {
        let key = names::folded(&table.name.value);
        if let Some(line) = seen.insert(key.clone(), table.name.place.line) {
            let expected = format!("one table a type (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        let by_name = |object: &&Arc<CustomObject>| names::folded(&object.name) == key;
        let old = plan.schema.custom_objects.iter().find(by_name).cloned();
        let object = Arc::new(bring(plan, table, old.as_deref())?);
        put(plan, object);
        brought.push((table, old));
    }
    for (table, old) in brought {
        add_links(plan, table, old.as_deref())?;
    }
    Ok(())
}

fn put(plan: &mut Plan<'_>, object: Arc<CustomObject>) {
    let objects = &mut plan.schema.custom_objects;
    match objects.iter_mut().find(|other| other.id == object.id) {
        Some(stored) => *stored = object,
        None => objects.push(object),
    }
}

/// The type as the file wants it, but for its links.
fn bring(
    plan: &mut Plan<'_>,
    table: &ObjectTable,
    old: Option<&CustomObject>,
) -> Result<CustomObject, StoreError> {
    let name = old.map_or(&table.name.value, |old| &old.name).clone();
    let mut fields: Vec<ObjectField> = Vec::with_capacity(table.fields.value.len());
    for field in &table.fields.value {
        if fields
            .iter()
            .any(|other| same_name(&other.name, &field.name.value))
        {
            let place = &field.name.place;
            plan.errors
                .push(place, "each field once", shown(&field.name.value));
            continue;
        }
        fields.push(field.field(old.and_then(|old| old.field(&field.name.value))));
    }
    if let Some(old) = old {
        fields = in_order(fields, &old.fields);
    }
    check_limits(plan, &table.fields.place, &fields);
    let text = |given: &Option<At<String>>, old: Option<&String>, default: &str| match given {
        Some(given) => given.value.clone(),
        None => old.map_or(default, String::as_str).to_owned(),
    };
    Ok(CustomObject {
        id: match old {
            Some(old) => old.id,
            None => ObjectTypeId(plan.next_id(Sequence::ObjectType)?),
        },
        display_name: text(&table.display_name, old.map(|old| &old.display_name), &name),
        description: text(&table.description, old.map(|old| &old.description), ""),
        strict: match &table.strict {
            Some(strict) => strict.value,
            None => old.is_some_and(|old| old.strict),
        },
        fields,
        name,
    })
}

/// The fields of the file in its order, among the stored ones: what the file does not name stays where it is, for the
/// order of the dedupe fields is that of the keys (PRV-5).
fn in_order(given: Vec<ObjectField>, stored: &[ObjectField]) -> Vec<ObjectField> {
    let within = |fields: &[ObjectField], name: &str| fields.iter().any(|field| field.name == name);
    let named: Vec<bool> = stored
        .iter()
        .map(|field| within(&given, &field.name))
        .collect();
    let mut fields = Vec::with_capacity(given.len() + stored.len());
    let mut given = given.into_iter();
    for (field, named) in stored.iter().zip(named) {
        if !named {
            fields.push(field.clone());
            continue;
        }
        // The next one of the file that is stored takes this place, and new ones in front of it come along.
        for next in given.by_ref() {
            let is_stored = within(stored, &next.name);
            fields.push(next);
            if is_stored {
                break;
            }
        }
    }
    fields.extend(given);
    fields
}

fn check_limits(plan: &mut Plan<'_>, place: &Place, fields: &[ObjectField]) {
    if fields.len() > MAX_FIELDS {
        plan.errors.push(
            place,
            format!("1 to {MAX_FIELDS} fields"),
            fields.len().to_string(),
        );
    }
    let dedupe = fields.iter().filter(|field| field.dedupe).count();
    if dedupe > MAX_DEDUPE {
        plan.errors.push(
            place,
            format!("at most {MAX_DEDUPE} dedupe fields"),
            dedupe.to_string(),
        );
    }
}

fn add_links(
    plan: &mut Plan<'_>,
    table: &ObjectTable,
    old: Option<&CustomObject>,
) -> Result<(), StoreError> {
    let key = names::folded(&table.name.value);
    let by_name = |object: &&Arc<CustomObject>| names::folded(&object.name) == key;
    let Some(mut object) = plan
        .schema
        .custom_objects
        .iter()
        .find(by_name)
        .map(|object| CustomObject::clone(object))
    else {
        return Ok(());
    };
    for field in &table.fields.value {
        let Some(wanted) = &field.link else { continue };
        let found = link(plan, wanted, field.data_type.value);
        let own = |other: &&mut ObjectField| same_name(&other.name, &field.name.value);
        if let Some(own) = object.fields.iter_mut().find(own) {
            own.link = found;
        }
    }
    if old == Some(&object) {
        return Ok(());
    }
    let what = format!("custom_object {}", object.name);
    match old {
        Some(old) => {
            changes::check(plan, table, old, &object)?;
            plan.report.compare(&what, &view(old), &view(&object));
        }
        None => plan.report.added(&what),
    }
    plan.define(DefinitionKind::CustomObject, key, &object)?;
    put(plan, Arc::new(object));
    Ok(())
}

/// What is compared for the report; numbers of types mean nothing to a reader.
fn view(object: &CustomObject) -> Value {
    let mut view = json!(object);
    if let Some(view) = view.as_object_mut() {
        view.remove("id");
    }
    view
}
