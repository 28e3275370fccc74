//! `[[program]]` with its tags, costs and tokens (DM-PRG-2, DM-PRG-3, DM-PRG-5, DM-PRG-6).

mod costs;
mod tags;

use super::Declared;
use super::error::{At, shown};
use super::plan::{Kind, Plan};
use super::reader::Table;
use crate::ids::ProgramId;
use crate::schema::{names, same_name};
use crate::store::{Program, Sequence, StoreError};
use costs::CostTable;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The only type of program with dates (GMO-12).
const EVENT: &str = "Marketing Event";

/// A `[[program]]`.
#[derive(Debug, Clone)]
pub(super) struct ProgramTable {
    name: At<String>,
    id: Option<At<i64>>,
    program_type: Option<At<String>>,
    channel: At<String>,
    workspace: Option<At<String>>,
    folder: Option<At<String>>,
    start: Option<At<jiff::civil::DateTime>>,
    end: Option<At<jiff::civil::DateTime>>,
    archived: Option<At<bool>>,
    tags: Vec<(At<String>, At<String>)>,
    costs: Vec<CostTable>,
    tokens: Vec<(At<String>, At<String>)>,
}

pub(super) fn read(root: &Table<'_>, declared: &mut Declared) -> Vec<ProgramTable> {
    let tables = root.tables("program").map_or_else(Vec::new, |at| at.value);
    let mut programs = Vec::with_capacity(tables.len());
    for table in tables {
        let name = table.required_name("name");
        let id = table.id("id");
        let program_type = table.name("type");
        let channel = table.required_name("channel");
        let workspace = table.name("workspace");
        let folder = folder(&table);
        let start = table.local_time("start");
        let end = table.local_time("end");
        let archived = table.boolean("archived");
        let tags = table.pairs("tags");
        let costs = costs::read(&table);
        let tokens = table.pairs("tokens");
        table.finish();
        if let Some(name) = &name {
            declared.add(Kind::Program, &name.value);
        }
        if let (Some(name), Some(channel)) = (name, channel) {
            programs.push(ProgramTable {
                name,
                id,
                program_type,
                channel,
                workspace,
                folder,
                start,
                end,
                archived,
                tags,
                costs,
                tokens,
            });
        }
    }
    programs
}

/// DM-PRG-3: the path in front of the name in Tree Path.
fn folder(table: &Table<'_>) -> Option<At<String>> {
    let mut folder = table.line("folder")?;
    folder
        .value
        .truncate(folder.value.trim_end_matches('/').len());
    if !folder.value.starts_with('/') {
        let expected = "a path, like \"/Marketing Activities/Default\"";
        table.wrong(&folder.place, expected, shown(&folder.value));
        return None;
    }
    Some(folder)
}

pub(super) fn apply(plan: &mut Plan<'_>, tables: &[ProgramTable]) -> Result<(), StoreError> {
    for table in tables {
        if let Some(id) = &table.id {
            plan.reserve(Sequence::Program, id.value)?;
        }
        costs::reserve(plan, &table.costs)?;
    }
    let mut seen: HashMap<ProgramId, usize> = HashMap::new();
    let mut cost_ids = costs::Seen::default();
    for table in tables {
        let Some(id) = identify(plan, table)? else {
            continue;
        };
        if let Some(line) = seen.insert(id, table.name.place.line) {
            let expected = format!("one table a program (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        bring(plan, table, id, &mut cost_ids)?;
    }
    Ok(())
}

/// PRV-6: by id where it exists, else by name; a new one has the id of the file, else the next. Names are unique
/// (DM-PRG-6).
fn identify(plan: &mut Plan<'_>, table: &ProgramTable) -> Result<Option<ProgramId>, StoreError> {
    let by_name = plan.program(&table.name.value).map(|program| program.id);
    let Some(id) = &table.id else {
        return match by_name {
            Some(found) => Ok(Some(found)),
            None => plan
                .next_id(Sequence::Program)
                .map(|id| Some(ProgramId(id))),
        };
    };
    let wanted = ProgramId(id.value);
    match by_name {
        Some(other) if other != wanted => {
            plan.refuse(&id.place, other, "a name keeps its id", wanted.to_string());
            Ok(None)
        }
        _ => Ok(Some(wanted)),
    }
}

fn bring(
    plan: &mut Plan<'_>,
    table: &ProgramTable,
    id: ProgramId,
    cost_ids: &mut costs::Seen,
) -> Result<(), StoreError> {
    let old = plan.programs.get(&id).cloned();
    let Some(workspace) = workspace(plan, table, old.as_ref()) else {
        return Ok(());
    };
    let program_type = match (&table.program_type, &old) {
        (Some(given), _) => given.value.clone(),
        (None, Some(old)) => old.program_type.clone(),
        (None, None) => "Marketing Program".to_owned(),
    };
    let Some(channel) = channel(plan, table, &program_type) else {
        return Ok(());
    };
    let now = plan.now;
    let default_folder = || format!("/Marketing Activities/{workspace}");
    let time = |given: &Option<At<jiff::civil::DateTime>>, old: Option<&String>| match given {
        Some(given) => Some(given.value.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        None => old.cloned(),
    };
    let stored = old.as_ref();
    let mut program = Program {
        id,
        name: match stored {
            Some(old) if same_name(&old.name, &table.name.value) => old.name.clone(),
            _ => table.name.value.clone(),
        },
        channel: stored.map_or_else(|| channel.clone(), |old| old.channel.clone()),
        folder: match (&table.folder, stored) {
            (Some(given), _) => given.value.clone(),
            (None, Some(old)) => old.folder.clone(),
            (None, None) => default_folder(),
        },
        start: time(&table.start, stored.and_then(|old| old.start.as_ref())),
        end: time(&table.end, stored.and_then(|old| old.end.as_ref())),
        archived: match &table.archived {
            Some(given) => given.value,
            None => stored.is_some_and(|old| old.archived),
        },
        tags: stored.map_or_else(Vec::new, |old| old.tags.clone()),
        tokens: stored.map_or_else(Vec::new, |old| old.tokens.clone()),
        costs: stored.map_or_else(Vec::new, |old| old.costs.clone()),
        created_at: stored.map_or(now, |old| old.created_at),
        updated_at: stored.map_or(now, |old| old.updated_at),
        program_type,
        workspace,
    };
    check_dates(plan, table, &program);
    let what = format!("program {}", shown(&program.name));
    first_channel(plan, &what, &mut program, stored, channel);
    check_channel(plan, table, &program);
    tags::apply_tags(plan, &what, &mut program, stored, &table.tags);
    tags::apply_tokens(plan, &mut program, &table.tokens);
    costs::apply(plan, &what, &mut program, stored, &table.costs, cost_ids)?;
    match &old {
        Some(old) => {
            let (before, after) = (view(old), view(&program));
            plan.report.compare(&what, &before, &after);
            if before != after {
                program.updated_at = now;
                plan.writes.changed_programs.push(id);
            }
        }
        None => {
            plan.report.added(&what);
            plan.writes.new_programs.push(id);
        }
    }
    plan.programs.insert(id, program);
    Ok(())
}

/// The name of the workspace, in its own spelling.
fn workspace(plan: &mut Plan<'_>, table: &ProgramTable, old: Option<&Program>) -> Option<String> {
    let Some(name) = &table.workspace else {
        return Some(match old {
            Some(old) => old.workspace.clone(),
            // The first one is always there.
            None => plan.schema.workspaces.first()?.name.clone(),
        });
    };
    let found = plan
        .schema
        .workspace(&name.value)
        .map(|found| found.name.clone());
    if found.is_none() {
        let known: Vec<String> = plan
            .schema
            .workspaces
            .iter()
            .map(|w| w.name.clone())
            .collect();
        let known = known.iter().map(String::as_str);
        plan.unknown(&name.place, Kind::Workspace, &name.value, known);
    }
    found
}

/// The name of the channel, in its own spelling; it must fit the type of the program (DM-CHN-1).
fn channel(plan: &mut Plan<'_>, table: &ProgramTable, program_type: &str) -> Option<String> {
    let name = &table.channel;
    let Some(channel) = plan.schema.channel(&name.value) else {
        let known: Vec<String> = plan
            .schema
            .channels
            .iter()
            .map(|c| c.name.clone())
            .collect();
        let known = known.iter().map(String::as_str);
        plan.unknown(&name.place, Kind::Channel, &name.value, known);
        return None;
    };
    if !channel.fits(program_type) {
        let place = table
            .program_type
            .as_ref()
            .map_or(&name.place, |at| &at.place);
        let kind = channel.kind.map_or("", |kind| kind.program_type());
        let expected = format!("{} for channel {}", shown(kind), shown(&channel.name));
        plan.errors.push(place, expected, shown(program_type));
        return None;
    }
    Some(channel.name.clone())
}

/// PRV-4: the channel is a first value.
fn first_channel(
    plan: &mut Plan<'_>,
    what: &str,
    program: &mut Program,
    old: Option<&Program>,
    channel: String,
) {
    let Some(old) = old.filter(|old| old.channel != channel) else {
        return;
    };
    if plan.options.overwrite {
        program.channel = channel;
    } else {
        let what = format!("{what} channel");
        plan.report
            .left(&what, &shown(&old.channel), &shown(&channel));
    }
}

/// DM-TAG-2, SMO-60: the channel that stays must fit the type that the file gives. That of the file has been checked.
fn check_channel(plan: &mut Plan<'_>, table: &ProgramTable, program: &Program) {
    let kind = match plan.schema.channel(&program.channel) {
        Some(channel) if !channel.fits(&program.program_type) => channel.kind,
        _ => return,
    };
    let place = table
        .program_type
        .as_ref()
        .map_or(&table.channel.place, |at| &at.place);
    let expected = format!(
        "{} for channel {}, which stays (--overwrite applies that of the file)",
        shown(kind.map_or("", |kind| kind.program_type())),
        shown(&program.channel),
    );
    plan.errors
        .push(place, expected, shown(&program.program_type));
}

/// GMO-12: only events have dates.
fn check_dates(plan: &mut Plan<'_>, table: &ProgramTable, program: &Program) {
    if same_name(&program.program_type, EVENT) {
        return;
    }
    for given in [&table.start, &table.end].into_iter().flatten() {
        let expected = format!("no dates: only a {EVENT} has them");
        plan.errors
            .push(&given.place, expected, given.value.to_string());
    }
}

/// What is compared for the report, but for the costs, which have lines of their own.
fn view(program: &Program) -> Value {
    let pairs = |pairs: &[(String, String)]| -> Value {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)));
        Value::Object(pairs.collect())
    };
    json!({
        "name": program.name,
        "type": program.program_type,
        "channel": program.channel,
        "workspace": program.workspace,
        "folder": program.folder,
        "start": program.start,
        "end": program.end,
        "archived": program.archived,
        "tags": pairs(&program.tags),
        "tokens": pairs(&program.tokens),
    })
}

/// The program that a name in another table means.
pub(super) fn reference(plan: &mut Plan<'_>, name: &At<String>) -> Option<ProgramId> {
    let found = plan.program(&name.value).map(|program| program.id);
    if found.is_none() {
        let known: Vec<String> = plan.programs.values().map(|p| p.name.clone()).collect();
        let known = known.iter().map(String::as_str);
        plan.unknown(&name.place, Kind::Program, &name.value, known);
    }
    found
}

/// A name of a program and the rest behind the point, for each point in a text like `Program.List`.
pub(super) fn qualified<'t>(
    plan: &Plan<'_>,
    text: &'t str,
) -> impl Iterator<Item = (ProgramId, &'t str)> {
    let by_name: HashMap<String, ProgramId> = plan
        .programs
        .values()
        .map(|program| (names::folded(&program.name), program.id))
        .collect();
    text.match_indices('.').filter_map(move |(at, _)| {
        let program = by_name.get(&names::folded(&text[..at]))?;
        Some((*program, &text[at + 1..]))
    })
}
