//! What may become of a type that has records.

use super::super::error::shown;
use super::super::plan::Plan;
use super::{ObjectFieldTable, ObjectTable};
use crate::ids::ObjectTypeId;
use crate::schema::{CustomObject, ObjectField};
use crate::store::{FieldIndex, StoreError};

/// PRV-5, DM-COB-4: with records, dedupe and link fields stay as they are; a field with values keeps its type and has
/// room for them.
pub(super) fn check(
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
    // DM-COB-6: the keys that records have are in this order.
    let of_both = |object: &CustomObject, other: &CustomObject| -> Vec<String> {
        let dedupe = |object: &CustomObject, name: &str| {
            object
                .fields
                .iter()
                .any(|field| field.dedupe && field.name == name)
        };
        let names = object.fields.iter().map(|field| field.name.clone());
        names
            .filter(|name| dedupe(object, name) && dedupe(other, name))
            .collect()
    };
    let (before, after) = (of_both(old, new), of_both(new, old));
    if before != after {
        let words =
            |names: Vec<String>| format!("the dedupe fields in the order {}", names.join(", "));
        let reason = "the type has records";
        plan.refuse(&table.fields.place, words(before), reason, words(after));
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
