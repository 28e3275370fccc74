//! `[[custom_object]]`: types with their fields (DM-COB-1, DM-COB-2, DM-COB-3, DM-COB-4).

use super::Declared;
use super::error::{At, Place, shown};
use super::fields::{TYPES, field_name, size, size_of};
use super::links::link;
use super::plan::{Kind, Plan};
use super::reader::Table;
use crate::ids::ObjectTypeId;
use crate::schema::{CustomObject, ObjectField, names, same_name};
use crate::store::{DefinitionKind, FieldIndex, Sequence, StoreError};
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

/// The type as the file wants it, but for its links. Stored fields that the file does not name stay, at the end.
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
    for stored in old.iter().flat_map(|old| &old.fields) {
        if !fields.iter().any(|field| field.name == stored.name) {
            fields.push(stored.clone());
        }
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
            check_changes(plan, table, old, &object)?;
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

/// PRV-5, DM-COB-4: with records, dedupe and link fields stay as they are; a field with values keeps its type and has
/// room for them.
fn check_changes(
    plan: &mut Plan<'_>,
    table: &ObjectTable,
    old: &CustomObject,
    new: &CustomObject,
) -> Result<(), StoreError> {
    if plan.txn.count_records(old.id, &[], None)? == 0 {
        return Ok(());
    }
    for field in &table.fields.value {
        let Some(after) = new.field(&field.name.value) else {
            continue;
        };
        let before = old.field(&field.name.value);
        let place = &field.name.place;
        let was_dedupe = before.is_some_and(|before| before.dedupe);
        if was_dedupe != after.dedupe {
            let words = |dedupe| {
                if dedupe {
                    "a dedupe field"
                } else {
                    "no dedupe field"
                }
            };
            let reason = "the type has records";
            plan.refuse(place, words(was_dedupe), reason, words(after.dedupe));
        }
        let old_link = before.and_then(|before| before.link.as_ref());
        if old_link != after.link.as_ref() {
            let words = |linked: bool| if linked { "a link" } else { "no link" };
            let got = match &field.link {
                Some(link) => format!("a link to {}", shown(&link.value)),
                None => words(false).to_owned(),
            };
            let reason = "the type has records";
            plan.refuse(place, words(old_link.is_some()), reason, got);
        }
        if let Some(before) = before {
            check_values(plan, field, old.id, before, after)?;
        }
    }
    Ok(())
}

fn check_values(
    plan: &mut Plan<'_>,
    field: &ObjectFieldTable,
    object: ObjectTypeId,
    before: &ObjectField,
    after: &ObjectField,
) -> Result<(), StoreError> {
    let index = FieldIndex::Record(object, before.name.clone());
    if before.data_type != after.data_type {
        if plan.txn.field_in_use(&index)? {
            let stored = before.data_type.as_str();
            let reason = "records have values of this type";
            let got = after.data_type.as_str();
            plan.refuse(&field.data_type.place, stored, reason, got);
        }
    } else if let (Some(old), Some(new)) = (before.size, after.size)
        && new < old
    {
        let longest = plan.txn.longest_value(&index)?;
        if longest > usize::try_from(new).unwrap_or(usize::MAX) {
            let place = field
                .size
                .as_ref()
                .map_or(&field.name.place, |at| &at.place);
            let reason = format!("a record has a value of {longest} characters");
            plan.refuse(place, old, &reason, new.to_string());
        }
    }
    Ok(())
}
