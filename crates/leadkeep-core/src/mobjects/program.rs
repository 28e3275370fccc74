//! Programs in a sync: costs and tags (SMO-16 to SMO-22, SMO-54 to SMO-62).

use super::batch::Batch;
use super::fields::must_be_none;
use super::input::{MObjectInput, MObjectStatus, MObjectType, SyncOperation, TypedAttributes};
use super::refusals::{misplaced, not_found};
use super::sync::{Done, no_external_key};
use crate::error::RecordError;
use crate::ids::CostId;
use crate::schema::{Schema, same_name};
use crate::store::{Cost, Program};
use crate::unknown_names::UnknownNames;
use crate::value::{self, DataType, ValueRules};

/// A change of a program that has been checked.
enum Change {
    AddCost(Cost),
    /// With whether the note was sent, if only to clear it.
    SetCost(Cost, bool),
    SetChannel(String),
    SetTag(String, String),
}

/// Updates the costs, tags and channel of a program (SMO-17): all of an object's, or none (SMO-62). The answer has the
/// program's number (SMO-38).
pub(super) fn sync(
    batch: &mut Batch<'_>,
    operation: SyncOperation,
    object: &MObjectInput,
) -> Result<Done, RecordError> {
    let bad = |text: &str| Err(RecordError::BadParameter(text.to_owned()));
    if operation != SyncOperation::Update {
        // SMO-55.
        return bad("Program can only be updated");
    }
    no_external_key(object, MObjectType::Program)?;
    if object
        .attributes
        .iter()
        .any(|(name, _)| !name.trim().is_empty())
    {
        // SMO-54.
        return bad("the attributes of a Program cannot be changed");
    }
    if let Some(link) = object.links().first() {
        return Err(misplaced(link, MObjectType::Program));
    }
    // SMO-56.
    let id = object.id.ok_or_else(|| required("id"))?;
    let place = batch
        .program(id)
        .ok_or_else(|| not_found("Program", &id.to_string()))?;
    let program = &batch.programs[place].row;
    let mut changes = Vec::new();
    for typed in object
        .typed
        .iter()
        .filter(|typed| !typed.kind.trim().is_empty() || !typed.attributes.is_empty())
    {
        match typed.kind.trim().to_ascii_lowercase().as_str() {
            "cost" => changes.push(cost(batch, program, typed)?),
            "tag" => changes.push(tag(batch.schema, program, typed)?),
            // SMO-61.
            _ => {
                let kind: String = typed.kind.trim().chars().take(64).collect();
                return Err(RecordError::BadParameter(format!(
                    "attrType {kind} is not Cost or Tag"
                )));
            }
        }
    }
    let mut changed = false;
    for change in changes {
        changed |= apply(batch, place, change);
    }
    if changed {
        let now = batch.now;
        let program = &mut batch.programs[place];
        program.changed = true;
        program.row.updated_at = now;
    }
    let status = if changed {
        MObjectStatus::Updated
    } else {
        MObjectStatus::Unchanged
    };
    Ok(Done::Program(place, status))
}

fn apply(batch: &mut Batch<'_>, place: usize, change: Change) -> bool {
    let program = &mut batch.programs[place];
    match change {
        // SMO-57: a new row, also if the month has one.
        Change::AddCost(cost) => {
            program.new_costs.push(cost);
            true
        }
        Change::SetCost(mut cost, note_sent) => {
            let Some(known) = program
                .row
                .costs
                .iter_mut()
                .find(|known| known.id == cost.id)
            else {
                return false;
            };
            // SMO-58, SMO-53: a note that was not sent stays, an empty one clears.
            if !note_sent {
                cost.note = known.note.clone();
            }
            let changed = *known != cost;
            if changed {
                program.costs.insert(cost.id);
                *known = cost;
            }
            changed
        }
        Change::SetChannel(channel) => {
            let changed = program.row.channel != channel;
            program.row.channel = channel;
            changed
        }
        Change::SetTag(kind, value) => {
            let tags = &mut program.row.tags;
            match tags.iter_mut().find(|(known, _)| same_name(known, &kind)) {
                Some((_, known)) if *known == value => false,
                Some((_, known)) => {
                    *known = value;
                    true
                }
                None => {
                    tags.push((kind, value));
                    // In the order in which the types are defined.
                    let types = &batch.schema.tags;
                    tags.sort_by_key(|(kind, _)| {
                        types.iter().position(|tag| same_name(&tag.name, kind))
                    });
                    true
                }
            }
        }
    }
}

fn required(name: &str) -> RecordError {
    RecordError::ParameterRequired(format!("Parameter {name} is required"))
}

/// The last value of a name, as it came.
fn raw<'a>(typed: &'a TypedAttributes, wanted: &str) -> Option<&'a str> {
    let mut named = typed
        .attributes
        .iter()
        .rev()
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
    named.next().map(|(_, value)| value.as_str())
}

/// The last value of a name, without the blanks around it.
fn sent<'a>(typed: &'a TypedAttributes, wanted: &str) -> Option<&'a str> {
    raw(typed, wanted).map(str::trim)
}

/// The last value of a name; an empty one is none.
fn attribute<'a>(typed: &'a TypedAttributes, wanted: &str) -> Option<&'a str> {
    sent(typed, wanted).filter(|value| !value.is_empty())
}

fn only(typed: &TypedAttributes, known: &[&str]) -> Result<(), RecordError> {
    let mut unknown = UnknownNames::default();
    for (name, _) in &typed.attributes {
        let is_known = |known: &&str| known.eq_ignore_ascii_case(name.trim());
        if !known.iter().any(is_known) {
            unknown.add(name);
        }
    }
    must_be_none(unknown)
}

/// SMO-20, SMO-57 to SMO-59, DM-CST-1, DM-CST-2.
fn cost(
    batch: &Batch<'_>,
    program: &Program,
    typed: &TypedAttributes,
) -> Result<Change, RecordError> {
    only(typed, &["Id", "Month", "Amount", "Note"])?;
    let bad = |text: String| RecordError::BadParameter(text);
    let needed = |name| attribute(typed, name).ok_or_else(|| required(name));
    let (month_text, amount_text) = (needed("Month")?, needed("Amount")?);
    let month = month(month_text, &batch.rules).map_err(bad)?;
    let amount = amount(amount_text, &batch.rules).map_err(bad)?;
    // VAL-1: the blanks around a text belong to it.
    let note = raw(typed, "Note").filter(|note| !note.trim().is_empty());
    let note = note.map(str::to_owned);
    if note.as_ref().is_some_and(|note| note.chars().count() > 255) {
        return Err(bad("Note: at most 255 characters are expected".to_owned()));
    }
    let Some(id) = attribute(typed, "Id") else {
        return Ok(Change::AddCost(Cost {
            id: CostId(0),
            month,
            amount,
            note,
        }));
    };
    let unknown = || bad(format!("Cost {id} of Program {} not found", program.id));
    let id = CostId(id.parse().map_err(|_| unknown())?);
    match batch.cost_owner(id) {
        Some(owner) if owner == program.id => {
            let note_sent = sent(typed, "Note").is_some();
            let cost = Cost {
                id,
                month,
                amount,
                note,
            };
            Ok(Change::SetCost(cost, note_sent))
        }
        _ => Err(unknown()),
    }
}

/// `2013-06`, or a date whose day is dropped; the first of the month comes out (SMO-21, SMO-59).
fn month(text: &str, rules: &ValueRules) -> Result<String, String> {
    let day = match text.len() {
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    match value::read(DataType::Date, None, &day, rules) {
        Ok(Some(day)) if day.len() == 10 => Ok(format!("{}-01", &day[..7])),
        _ => {
            let text: String = text.chars().take(40).collect();
            Err(format!("Month: YYYY-MM is expected, not `{text}`"))
        }
    }
}

fn amount(text: &str, rules: &ValueRules) -> Result<String, String> {
    match value::read(DataType::Currency, None, text, rules) {
        Ok(Some(amount)) if !amount.starts_with('-') => Ok(amount),
        Ok(_) => Err("Amount: a number not below 0 is expected".to_owned()),
        Err(reason) => Err(format!("Amount: {reason}")),
    }
}

/// SMO-18, SMO-22, SMO-60, DM-TAG-2.
fn tag(schema: &Schema, program: &Program, typed: &TypedAttributes) -> Result<Change, RecordError> {
    only(typed, &["Type", "Value"])?;
    let kind = attribute(typed, "Type").ok_or_else(|| required("Type"))?;
    let value = attribute(typed, "Value").ok_or_else(|| required("Value"))?;
    let undefined = |kind: &str| {
        let (kind, value): (String, String) = (
            kind.chars().take(64).collect(),
            value.chars().take(64).collect(),
        );
        RecordError::BadParameter(format!("tag value {value} is not defined for type {kind}"))
    };
    if same_name(kind, "Channel") {
        let channel = schema
            .channel(value)
            .filter(|channel| channel.fits(&program.program_type));
        let channel = channel.ok_or_else(|| undefined("Channel"))?;
        return Ok(Change::SetChannel(channel.name.clone()));
    }
    let tag = schema.tag(kind).ok_or_else(|| undefined(kind))?;
    let defined = tag.value(value).ok_or_else(|| undefined(&tag.name))?;
    Ok(Change::SetTag(tag.name.clone(), defined.to_owned()))
}
