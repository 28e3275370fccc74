//! `[[list]]`: static lists (DM-LST-1, DM-LST-2).

use super::Declared;
use super::error::{At, shown};
use super::plan::{Kind, Plan};
use super::programs;
use super::reader::Table;
use crate::ids::{ListId, ProgramId};
use crate::schema::same_name;
use crate::store::{Sequence, StaticList, StoreError};
use serde_json::json;
use std::collections::HashMap;

/// A `[[list]]`.
#[derive(Debug, Clone)]
pub(super) struct ListTable {
    name: At<String>,
    id: Option<At<i64>>,
    program: Option<At<String>>,
}

pub(super) fn read(root: &Table<'_>, declared: &mut Declared) -> Vec<ListTable> {
    let tables = root.tables("list").map_or_else(Vec::new, |at| at.value);
    let mut lists = Vec::with_capacity(tables.len());
    for table in tables {
        let name = table.required_name("name");
        let id = table.id("id");
        let program = table.name("program");
        table.finish();
        let Some(name) = name else { continue };
        declared.add(Kind::List, &name.value);
        if let Some(program) = &program {
            declared.add(Kind::List, &format!("{}.{}", program.value, name.value));
        }
        lists.push(ListTable { name, id, program });
    }
    lists
}

pub(super) fn apply(plan: &mut Plan<'_>, tables: &[ListTable]) -> Result<(), StoreError> {
    for id in tables.iter().filter_map(|table| table.id.as_ref()) {
        plan.reserve(Sequence::List, id.value)?;
    }
    let mut seen: HashMap<ListId, usize> = HashMap::new();
    for table in tables {
        let by_id = table.id.as_ref().map(|id| ListId(id.value));
        let old = by_id.and_then(|id| plan.lists.get(&id)).cloned();
        let program = match &table.program {
            Some(name) => match programs::reference(plan, name) {
                Some(program) => Some(program),
                None => continue,
            },
            None => old.as_ref().and_then(|old| old.program),
        };
        let Some(id) = identify(plan, table, program)? else {
            continue;
        };
        if let Some(line) = seen.insert(id, table.name.place.line) {
            let expected = format!("one table a list (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        let old = plan.lists.get(&id).cloned();
        let list = StaticList {
            id,
            name: match &old {
                Some(old) if same_name(&old.name, &table.name.value) => old.name.clone(),
                _ => table.name.value.clone(),
            },
            program,
        };
        if old.as_ref() == Some(&list) {
            continue;
        }
        let what = format!("list {}", shown(&list.name));
        match &old {
            Some(old) => {
                let view = |list: &StaticList| {
                    let program = list.program.and_then(|id| plan.programs.get(&id));
                    json!({"name": list.name, "program": program.map(|program| &program.name)})
                };
                let (before, after) = (view(old), view(&list));
                plan.report.compare(&what, &before, &after);
            }
            None => plan.report.added(&what),
        }
        plan.writes.lists.push(id);
        plan.lists.insert(id, list);
    }
    Ok(())
}

/// PRV-6: by id where it exists, else by name inside the program; a new one has the id of the file, else the next.
fn identify(
    plan: &mut Plan<'_>,
    table: &ListTable,
    program: Option<ProgramId>,
) -> Result<Option<ListId>, StoreError> {
    let by_name = named(plan, &table.name.value, program);
    let Some(id) = &table.id else {
        return match by_name {
            Some(found) => Ok(Some(found)),
            None => plan.next_id(Sequence::List).map(|id| Some(ListId(id))),
        };
    };
    let wanted = ListId(id.value);
    match by_name {
        Some(other) if other != wanted => {
            plan.refuse(&id.place, other, "a name keeps its id", wanted.to_string());
            Ok(None)
        }
        _ => Ok(Some(wanted)),
    }
}

fn named(plan: &Plan<'_>, name: &str, program: Option<ProgramId>) -> Option<ListId> {
    let found = plan
        .lists
        .values()
        .find(|list| list.program == program && same_name(&list.name, name));
    found.map(|list| list.id)
}

/// The list that a name in another table means: one outside programs, else one of the own program, else the only one of
/// that name; `Program.List` names one for certain (DM-LST-1, LO-26).
pub(super) fn reference(
    plan: &mut Plan<'_>,
    name: &At<String>,
    program: Option<ProgramId>,
) -> Option<ListId> {
    let text = name.value.as_str();
    let plain = named(plan, text, None)
        .or_else(|| named(plan, text, Some(program?)))
        .or_else(|| {
            let mut found = plan
                .lists
                .values()
                .filter(|list| same_name(&list.name, text));
            let first = found.next()?;
            found.next().is_none().then_some(first.id)
        });
    let found = plain.or_else(|| {
        programs::qualified(plan, text).find_map(|(program, list)| named(plan, list, Some(program)))
    });
    if found.is_none() {
        let known: Vec<String> = plan.lists.values().map(|list| list.name.clone()).collect();
        let known = known.iter().map(String::as_str);
        plan.unknown(&name.place, Kind::List, text, known);
    }
    found
}
