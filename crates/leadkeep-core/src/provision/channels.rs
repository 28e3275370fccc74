//! `[[channel]]` and `[[tag]]` (DM-CHN-1, DM-TAG-1).

use super::Declared;
use super::error::{At, shown};
use super::plan::{Kind, Plan};
use super::reader::Table;
use crate::schema::{Channel, ChannelKind, ProgressionStatus, TagType, names, same_name};
use crate::store::{DefinitionKind, StoreError};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

pub(super) const KINDS: [(&str, ChannelKind); 5] = [
    ("program", ChannelKind::Program),
    ("event", ChannelKind::Event),
    ("webinar", ChannelKind::Webinar),
    ("nurture", ChannelKind::Nurture),
    ("email", ChannelKind::Email),
];

/// A `[[channel]]`.
#[derive(Debug, Clone)]
pub(super) struct ChannelTable {
    name: At<String>,
    kind: Option<At<ChannelKind>>,
    statuses: At<Vec<StatusTable>>,
}

/// One of its `statuses`.
#[derive(Debug, Clone)]
struct StatusTable {
    name: At<String>,
    step: At<i64>,
    success: Option<At<bool>>,
    check_in: Option<At<String>>,
    behavior: Option<At<String>>,
}

/// A `[[tag]]`.
#[derive(Debug, Clone)]
pub(super) struct TagTable {
    name: At<String>,
    values: At<Vec<At<String>>>,
}

pub(super) fn read(root: &Table<'_>, declared: &mut Declared) -> Vec<ChannelTable> {
    let tables = root.tables("channel").map_or_else(Vec::new, |at| at.value);
    let mut channels = Vec::with_capacity(tables.len());
    for table in tables {
        let name = table.required_name("name");
        let kind = table.word("kind", &KINDS);
        let statuses = table.tables("statuses");
        let statuses = table.required("statuses", "a list of tables", statuses);
        if let Some(none) = statuses.as_ref().filter(|at| at.value.is_empty()) {
            table.wrong(&none.place, "at least one status", "none");
        }
        if let Some(name) = &name {
            declared.add(Kind::Channel, &name.value);
        }
        let statuses = statuses.map(|at| At {
            value: at.value.into_iter().filter_map(read_status).collect(),
            place: at.place,
        });
        table.finish();
        if let (Some(name), Some(statuses)) = (name, statuses) {
            channels.push(ChannelTable {
                name,
                kind,
                statuses,
            });
        }
    }
    channels
}

fn read_status(table: Table<'_>) -> Option<StatusTable> {
    let name = table.required_name("name");
    let step = table.integer("step", 0..=i64::from(i32::MAX));
    let step = table.required("step", "a whole number", step);
    let success = table.boolean("success");
    let check_in = table.name("check_in");
    let behavior = table.name("behavior");
    table.finish();
    Some(StatusTable {
        name: name?,
        step: step?,
        success,
        check_in,
        behavior,
    })
}

pub(super) fn read_tags(root: &Table<'_>, declared: &mut Declared) -> Vec<TagTable> {
    let tables = root.tables("tag").map_or_else(Vec::new, |at| at.value);
    let mut tags = Vec::with_capacity(tables.len());
    for table in tables {
        let name = table.required_name("type");
        let values = table.names("values");
        let values = table.required("values", "a list of texts", values);
        table.finish();
        let Some(name) = name else { continue };
        declared.add(Kind::Tag, &name.value);
        // GT-1: the channel of a program is shown as a tag of this type.
        if same_name(&name.value, "Channel") {
            let expected = "a tag type other than Channel, which every program has";
            root.wrong(&name.place, expected, shown(&name.value));
            continue;
        }
        if let Some(values) = values {
            tags.push(TagTable { name, values });
        }
    }
    tags
}

pub(super) fn apply(plan: &mut Plan<'_>, tables: &[ChannelTable]) -> Result<(), StoreError> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for table in tables {
        let key = names::folded(&table.name.value);
        if let Some(line) = seen.insert(key.clone(), table.name.place.line) {
            let expected = format!("one table a channel (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        let old = plan.schema.channel(&table.name.value).cloned();
        let channel = wanted(plan, table, old.as_ref());
        if old.as_ref() == Some(&channel) {
            continue;
        }
        let what = format!("channel {}", shown(&channel.name));
        match &old {
            Some(old) => {
                check_programs(plan, table, &channel);
                plan.report.compare(&what, &json!(old), &json!(channel));
            }
            None => plan.report.added(&what),
        }
        plan.define(DefinitionKind::Channel, key, &channel)?;
        let channels = &mut plan.schema.channels;
        match channels.iter_mut().find(|other| other.name == channel.name) {
            Some(stored) => *stored = channel,
            None => channels.push(channel),
        }
    }
    Ok(())
}

/// The channel as the file wants it. Stored statuses that the file does not name stay, at the end.
fn wanted(plan: &mut Plan<'_>, table: &ChannelTable, old: Option<&Channel>) -> Channel {
    let kind = match &table.kind {
        Some(kind) => Some(kind.value),
        None => old.and_then(|old| old.kind),
    };
    let mut statuses: Vec<ProgressionStatus> = Vec::with_capacity(table.statuses.value.len());
    let stored = old.map_or(&[][..], |old| &old.statuses);
    for status in &table.statuses.value {
        if statuses
            .iter()
            .any(|other| same_name(&other.name, &status.name.value))
        {
            plan.errors.push(
                &status.name.place,
                "each status once",
                shown(&status.name.value),
            );
            continue;
        }
        if let Some(check_in) = &status.check_in
            && kind != Some(ChannelKind::Event)
        {
            let expected = "check_in only in a channel of kind \"event\"";
            plan.errors
                .push(&check_in.place, expected, shown(&check_in.value));
        }
        if let Some(behavior) = &status.behavior
            && kind != Some(ChannelKind::Webinar)
        {
            let expected = "behavior only in a channel of kind \"webinar\"";
            plan.errors
                .push(&behavior.place, expected, shown(&behavior.value));
        }
        let spelled = stored
            .iter()
            .find(|other| same_name(&other.name, &status.name.value));
        statuses.push(ProgressionStatus {
            name: spelled
                .map_or(&status.name.value, |other| &other.name)
                .clone(),
            step: status.step.value,
            success: status.success.as_ref().is_some_and(|at| at.value),
            check_in: status.check_in.as_ref().map(|at| at.value.clone()),
            behavior: status.behavior.as_ref().map(|at| at.value.clone()),
        });
    }
    for other in stored {
        if !statuses.iter().any(|status| status.name == other.name) {
            statuses.push(other.clone());
        }
    }
    Channel {
        name: old.map_or(&table.name.value, |old| &old.name).clone(),
        kind,
        statuses,
    }
}

/// A channel keeps fitting the programs that have it (SMO-60).
fn check_programs(plan: &mut Plan<'_>, table: &ChannelTable, channel: &Channel) {
    let Some(kind) = &table.kind else { return };
    let misfit = plan.programs.values().find(|program| {
        same_name(&program.channel, &channel.name) && !channel.fits(&program.program_type)
    });
    if let Some(program) = misfit {
        let expected = format!(
            "a kind that fits program {}, a {}",
            shown(&program.name),
            program.program_type
        );
        let got = json!(kind.value).to_string();
        plan.errors.push(&kind.place, expected, got);
    }
}

pub(super) fn apply_tags(plan: &mut Plan<'_>, tables: &[TagTable]) -> Result<(), StoreError> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for table in tables {
        let key = names::folded(&table.name.value);
        if let Some(line) = seen.insert(key.clone(), table.name.place.line) {
            let expected = format!("one table a tag type (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        let old = plan.schema.tag(&table.name.value).cloned();
        let tag = wanted_tag(plan, table, old.as_ref());
        if old.as_ref() == Some(&tag) {
            continue;
        }
        let what = format!("tag {}", shown(&tag.name));
        match &old {
            Some(old) => {
                let (before, after) = (Value::from(old.values.clone()), json!(tag.values));
                plan.report
                    .compare(&format!("{what} values"), &before, &after);
            }
            None => plan.report.added(&what),
        }
        plan.define(DefinitionKind::Tag, key, &tag)?;
        let tags = &mut plan.schema.tags;
        match tags.iter_mut().find(|other| other.name == tag.name) {
            Some(stored) => *stored = tag,
            None => tags.push(tag),
        }
    }
    Ok(())
}

/// GT-4: the order of the file is kept; stored values that the file does not name stay, at the end.
fn wanted_tag(plan: &mut Plan<'_>, table: &TagTable, old: Option<&TagType>) -> TagType {
    let mut values: Vec<String> = Vec::with_capacity(table.values.value.len());
    let mut seen: HashSet<String> = HashSet::new();
    let stored: HashMap<String, &String> = old
        .iter()
        .flat_map(|old| &old.values)
        .map(|value| (names::folded(value), value))
        .collect();
    for value in &table.values.value {
        let key = names::folded(&value.value);
        let spelled = stored.get(&key).copied().unwrap_or(&value.value).clone();
        if seen.insert(key) {
            values.push(spelled);
        } else {
            plan.errors
                .push(&value.place, "each value once", shown(&value.value));
        }
    }
    for other in old.iter().flat_map(|old| &old.values) {
        if seen.insert(names::folded(other)) {
            values.push(other.clone());
        }
    }
    TagType {
        name: old.map_or(&table.name.value, |old| &old.name).clone(),
        values,
    }
}
