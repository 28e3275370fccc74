//! getCustomObjects.

use super::batch::read_value;
use super::input::{Pairs, RecordRefusal};
use super::object_type;
use super::position::Position;
use crate::error::CallError;
use crate::schema::{CustomObject, ObjectField, Schema};
use crate::store::{ReadTxn, Record};
use crate::value;

/// Records of a page at the most, and where none is given (GCO-5, GCO-17).
const PAGE: usize = 100;

/// A call of getCustomObjects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomObjectQuery {
    /// The type.
    pub object: String,
    /// Criteria: the whole key or a part of it, or link fields (GCO-1, GCO-2, GCO-14).
    pub keys: Pairs,
    /// The fields that are wanted; all without (GCO-4).
    pub include: Vec<String>,
    /// The size of a page.
    pub batch_size: Option<i64>,
    /// Where the previous page ended.
    pub position: Option<String>,
}

/// A record as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordView {
    /// Key fields, in the order of the definition (GCO-9).
    pub keys: Pairs,
    /// Other fields, by name.
    pub attributes: Pairs,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// The type in its canonical spelling (GCO-6).
    pub object: String,
    /// The records, by their keys (GCO-8, DM-COB-8).
    pub records: Vec<RecordView>,
    /// Records after this page, exactly (GCO-21).
    pub remaining: u64,
    /// Where the next page begins; filled on the last page too (GCO-7).
    pub position: String,
}

/// Finds records of one type (GCO-1 to GCO-22).
///
/// # Errors
/// 20110 for an unknown type (GCO-11), a criterion that is no key or link field (GCO-14), or a negative page size;
/// 20122 for a position of something else (GCO-19).
pub fn get_custom_objects(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    query: &CustomObjectQuery,
) -> Result<RecordPage, CallError> {
    let object = object_type(schema, &query.object)?;
    let size = match query.batch_size {
        None | Some(0) => PAGE,
        Some(size) if size < 0 => {
            let reason = format!("a number from 0 is expected, not {size}");
            return Err(CallError::BadParameter {
                parameter: "batchSize",
                reason,
            });
        }
        Some(size) => usize::try_from(size).unwrap_or(PAGE).min(PAGE),
    };
    let start = match query
        .position
        .as_deref()
        .filter(|text| !text.trim().is_empty())
    {
        None => Position {
            object: object.name.clone(),
            keys: query.keys.clone(),
            after: String::new(),
            given: 0,
        },
        // GCO-20: the position carries the criteria.
        Some(text) => Position::read(text)
            .filter(|position| position.object == object.name)
            .ok_or(CallError::BadStreamPosition)?,
    };
    let filter = filter(schema, &object, &start.keys)?;
    let after = Some(start.after.as_str()).filter(|after| !after.is_empty());
    let found = txn.records_after(object.id, &filter, after, size)?;
    let last = found
        .last()
        .map_or_else(|| start.after.clone(), |record| record.key.clone());
    let remaining = match found.len() < size {
        true => 0,
        false => txn.count_records(object.id, &filter, Some(&last))?,
    };
    let given = start
        .given
        .saturating_add(u64::try_from(found.len()).unwrap_or_default());
    let position = Position {
        after: last,
        given,
        ..start
    }
    .write();
    let shown = included(&object, &query.include);
    let zone = &schema.instance.time_zone;
    let records = found
        .into_iter()
        .map(|record| view(&object, zone, &record, &shown))
        .collect();
    Ok(RecordPage {
        object: object.name.clone(),
        records,
        remaining,
        position,
    })
}

/// GCO-13, GCO-14, GCO-18: different names must all hold, of one name any value.
fn filter(
    schema: &Schema,
    object: &CustomObject,
    keys: &Pairs,
) -> Result<Vec<(String, Vec<String>)>, CallError> {
    let rules = schema.value_rules();
    let bad = |reason: String| CallError::BadParameter {
        parameter: "customObjKeyList",
        reason,
    };
    let mut filter: Vec<(String, Vec<String>)> = Vec::new();
    for (name, raw) in keys.iter().filter(|(name, _)| !name.trim().is_empty()) {
        let searchable = |field: &&ObjectField| field.dedupe || field.link.is_some();
        let refused =
            || bad(RecordRefusal::NotAKey(name.trim().chars().take(64).collect()).to_string());
        let field = object.field(name).filter(searchable).ok_or_else(refused)?;
        let value = read_value(&rules, field, raw).map_err(|refusal| bad(refusal.to_string()))?;
        let folded = value::fold(field.data_type, value.unwrap_or_default().trim());
        match filter.iter_mut().find(|(known, _)| *known == field.name) {
            Some((_, values)) => values.push(folded),
            None => filter.push((field.name.clone(), vec![folded])),
        }
    }
    Ok(filter)
}

/// The fields that are wanted; unknown names are ignored (GCO-15).
fn included<'a>(object: &'a CustomObject, include: &[String]) -> Vec<&'a ObjectField> {
    let mut names = include
        .iter()
        .filter(|name| !name.trim().is_empty())
        .peekable();
    if names.peek().is_none() {
        return object.fields.iter().collect();
    }
    let named: Vec<&str> = names
        .filter_map(|name| Some(object.field(name)?.name.as_str()))
        .collect();
    object
        .fields
        .iter()
        .filter(|field| named.contains(&field.name.as_str()))
        .collect()
}

/// GCO-9, GCO-15, GCO-16.
pub(super) fn view(
    object: &CustomObject,
    zone: &jiff::tz::TimeZone,
    record: &Record,
    shown: &[&ObjectField],
) -> RecordView {
    let pair = |field: &ObjectField| {
        let canonical = record.attrs.get(&field.name)?;
        Some((
            field.name.clone(),
            value::write(field.data_type, canonical, zone).into_owned(),
        ))
    };
    let mut attributes: Pairs = shown
        .iter()
        .filter(|field| !field.dedupe)
        .filter_map(|field| pair(field))
        .collect();
    attributes.sort_by_cached_key(|(name, _)| name.to_lowercase());
    RecordView {
        keys: object
            .fields
            .iter()
            .filter(|field| field.dedupe)
            .filter_map(pair)
            .collect(),
        attributes,
    }
}
