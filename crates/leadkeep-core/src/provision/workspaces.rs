//! `[[workspace]]` with its partitions, and `[[assignment_rule]]` (DM-WSP-1, SL-24, SL-27).

use super::Declared;
use super::error::{At, shown};
use super::plan::{Kind, Plan};
use super::reader::Table;
use crate::ids::{PartitionId, WorkspaceId};
use crate::schema::{AssignmentRule, Partition, Workspace, names, same_name};
use crate::store::{DefinitionKind, Sequence, StoreError};
use crate::value;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The workspace that is always there.
const DEFAULT: WorkspaceId = WorkspaceId(1);

/// A `[[workspace]]`.
#[derive(Debug, Clone)]
pub(super) struct WorkspaceTable {
    name: At<String>,
    id: Option<At<i64>>,
    primary: At<String>,
    partitions: Option<At<Vec<At<String>>>>,
}

/// An `[[assignment_rule]]`.
#[derive(Debug, Clone)]
pub(super) struct RuleTable {
    workspace: Option<At<String>>,
    partition: At<String>,
    field: At<String>,
    equals: At<String>,
}

pub(super) fn read(root: &Table<'_>, declared: &mut Declared) -> Vec<WorkspaceTable> {
    let tables = root
        .tables("workspace")
        .map_or_else(Vec::new, |at| at.value);
    let mut workspaces = Vec::with_capacity(tables.len());
    for table in tables {
        let name = table.required_name("name");
        let id = table.id("id");
        let primary = table.required_name("primary_partition");
        let partitions = table.names("partitions");
        table.finish();
        if let Some(name) = &name {
            declared.add(Kind::Workspace, &name.value);
        }
        let listed = partitions.iter().flat_map(|at| &at.value);
        for partition in primary.iter().chain(listed) {
            declared.add(Kind::Partition, &partition.value);
        }
        if let (Some(name), Some(primary)) = (name, primary) {
            workspaces.push(WorkspaceTable {
                name,
                id,
                primary,
                partitions,
            });
        }
    }
    workspaces
}

pub(super) fn read_rules(root: &Table<'_>) -> Option<Vec<RuleTable>> {
    let tables = root.tables("assignment_rule")?.value;
    let rules = tables.into_iter().filter_map(|table| {
        let workspace = table.name("workspace");
        let partition = table.required_name("partition");
        let when = table.table("when");
        if when.is_none() {
            let what = "{ field = \"...\", equals = \"...\" }";
            table.required::<()>("when", what, None);
        }
        let condition = when.map(|when| {
            let field = when.required_name("field");
            let equals = when.scalar("equals", "a value");
            let equals = when.required("equals", "a value", equals);
            when.finish();
            (field, equals)
        });
        table.finish();
        let (field, equals) = condition?;
        Some(RuleTable {
            workspace,
            partition: partition?,
            field: field?,
            equals: equals?,
        })
    });
    Some(rules.collect())
}

pub(super) fn apply(plan: &mut Plan<'_>, tables: &[WorkspaceTable]) -> Result<(), StoreError> {
    if tables.is_empty() {
        return Ok(());
    }
    // `Default` has the first numbers although nothing stored says so.
    plan.reserve(Sequence::Workspace, DEFAULT.0)?;
    plan.reserve(Sequence::Partition, 1)?;
    for id in tables.iter().filter_map(|table| table.id.as_ref()) {
        plan.reserve(Sequence::Workspace, id.value)?;
    }
    let mut seen: HashMap<WorkspaceId, usize> = HashMap::new();
    for table in tables {
        let Some(id) = identify(plan, table)? else {
            continue;
        };
        if let Some(line) = seen.insert(id, table.name.place.line) {
            let expected = format!("one table a workspace (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        bring(plan, table, id)?;
    }
    Ok(())
}

/// PRV-6: by id where it exists, else by name; a new one has the id of the file, else the next.
fn identify(
    plan: &mut Plan<'_>,
    table: &WorkspaceTable,
) -> Result<Option<WorkspaceId>, StoreError> {
    let by_name = plan
        .schema
        .workspace(&table.name.value)
        .map(|found| found.id);
    let Some(id) = &table.id else {
        return match by_name {
            Some(found) => Ok(Some(found)),
            None => plan
                .next_id(Sequence::Workspace)
                .map(|id| Some(WorkspaceId(id))),
        };
    };
    let wanted = WorkspaceId(id.value);
    let exists = plan.schema.workspace_by_id(wanted).is_some();
    match by_name {
        Some(other) if other != wanted => {
            plan.refuse(&id.place, other, "a name keeps its id", wanted.to_string());
            Ok(None)
        }
        None if exists && wanted == DEFAULT => {
            plan.refuse(
                &table.name.place,
                "\"Default\"",
                "workspace 1 has this name in every instance",
                shown(&table.name.value),
            );
            Ok(None)
        }
        _ => Ok(Some(wanted)),
    }
}

fn bring(plan: &mut Plan<'_>, table: &WorkspaceTable, id: WorkspaceId) -> Result<(), StoreError> {
    let old = plan.schema.workspace_by_id(id).cloned();
    let primary = partition(plan, &table.primary)?;
    let partitions = match (&table.partitions, &old) {
        (Some(listed), _) => {
            let mut ids = Vec::with_capacity(listed.value.len());
            for name in &listed.value {
                let id = partition(plan, name)?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            if !ids.contains(&primary) {
                plan.errors.push(
                    &listed.place,
                    format!(
                        "a list with the primary partition {}",
                        shown(&table.primary.value)
                    ),
                    "a list without it",
                );
            }
            ids
        }
        (None, Some(old)) => {
            let mut ids = old.partitions.clone();
            if !ids.contains(&primary) {
                ids.push(primary);
            }
            ids
        }
        (None, None) => vec![primary],
    };
    let workspace = Workspace {
        id,
        // The first spelling stays (PRV-6); another name is a new name.
        name: match &old {
            Some(old) if same_name(&old.name, &table.name.value) => old.name.clone(),
            _ => table.name.value.clone(),
        },
        primary_partition: primary,
        partitions,
    };
    let what = format!("workspace {}", shown(&workspace.name));
    match &old {
        Some(old) if *old == workspace => return Ok(()),
        Some(old) => {
            let (before, after) = (view(plan, old), view(plan, &workspace));
            plan.report.compare(&what, &before, &after);
            rename_in_programs(plan, &old.name, &workspace.name);
        }
        None => plan.report.added(&what),
    }
    plan.define(DefinitionKind::Workspace, id.to_string(), &workspace)?;
    match plan
        .schema
        .workspaces
        .iter_mut()
        .find(|other| other.id == id)
    {
        Some(stored) => *stored = workspace,
        None => plan.schema.workspaces.push(workspace),
    }
    Ok(())
}

/// The partition with a name; it is made if there is none.
fn partition(plan: &mut Plan<'_>, name: &At<String>) -> Result<PartitionId, StoreError> {
    if let Some(found) = plan.schema.partition(&name.value) {
        return Ok(found.id);
    }
    let partition = Partition {
        id: PartitionId(plan.next_id(Sequence::Partition)?),
        name: name.value.clone(),
    };
    plan.report
        .added(&format!("partition {}", shown(&partition.name)));
    let key = names::folded(&partition.name);
    plan.define(DefinitionKind::Partition, key, &partition)?;
    let id = partition.id;
    plan.schema.partitions.push(partition);
    Ok(id)
}

fn view(plan: &Plan<'_>, workspace: &Workspace) -> Value {
    let name = |id: &PartitionId| plan.schema.partition_by_id(*id).map(|found| &found.name);
    json!({
        "name": workspace.name,
        "primary_partition": name(&workspace.primary_partition),
        "partitions": workspace.partitions.iter().map(name).collect::<Vec<_>>(),
    })
}

/// Programs carry the name of their workspace.
fn rename_in_programs(plan: &mut Plan<'_>, old: &str, new: &str) {
    if old == new {
        return;
    }
    let now = plan.now;
    for program in plan.programs.values_mut() {
        if program.workspace == old {
            new.clone_into(&mut program.workspace);
            program.updated_at = now;
            plan.writes.changed_programs.push(program.id);
        }
    }
}

/// The rules of a file replace the stored ones, in its order; a file without any leaves them alone.
pub(super) fn apply_rules(
    plan: &mut Plan<'_>,
    tables: Option<&[RuleTable]>,
) -> Result<(), StoreError> {
    let Some(tables) = tables else {
        return Ok(());
    };
    let mut rules = Vec::with_capacity(tables.len());
    for table in tables {
        let workspace = rule_workspace(plan, table);
        let partition = rule_partition(plan, table);
        let condition = rule_condition(plan, table);
        let (Some(workspace), Some(partition), Some((field, equals))) =
            (workspace, partition, condition)
        else {
            continue;
        };
        if let Some(workspace) = &workspace
            && !workspace.partitions.contains(&partition)
        {
            plan.errors.push(
                &table.partition.place,
                format!("a partition that workspace {} sees", shown(&workspace.name)),
                shown(&table.partition.value),
            );
            continue;
        }
        rules.push(AssignmentRule {
            workspace: workspace.map(|workspace| workspace.id),
            partition,
            field,
            equals,
        });
    }
    if rules == plan.schema.assignment_rules {
        return Ok(());
    }
    let view = |plan: &Plan<'_>, rules: &[AssignmentRule]| {
        let rules = rules.iter().map(|rule| {
            let workspace = rule
                .workspace
                .and_then(|id| plan.schema.workspace_by_id(id));
            let partition = plan.schema.partition_by_id(rule.partition);
            json!({
                "workspace": workspace.map(|found| &found.name),
                "partition": partition.map(|found| &found.name),
                "when": { "field": rule.field, "equals": rule.equals },
            })
        });
        Value::from(rules.collect::<Vec<_>>()).to_string()
    };
    let before = view(plan, &plan.schema.assignment_rules);
    let after = view(plan, &rules);
    plan.report.changed("assignment rules", &before, &after);
    let name = names::ASSIGNMENT_RULES.to_owned();
    plan.define(DefinitionKind::AssignmentRules, name, &rules)?;
    plan.schema.assignment_rules = rules;
    Ok(())
}

/// `None`: it names nothing. `Some(None)`: it names none.
fn rule_workspace(plan: &mut Plan<'_>, table: &RuleTable) -> Option<Option<Workspace>> {
    let Some(name) = &table.workspace else {
        return Some(None);
    };
    let found = plan.schema.workspace(&name.value).cloned();
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
    found.map(Some)
}

fn rule_partition(plan: &mut Plan<'_>, table: &RuleTable) -> Option<PartitionId> {
    let name = &table.partition;
    let found = plan.schema.partition(&name.value).map(|found| found.id);
    if found.is_none() {
        let known: Vec<String> = plan
            .schema
            .partitions
            .iter()
            .map(|p| p.name.clone())
            .collect();
        let known = known.iter().map(String::as_str);
        plan.unknown(&name.place, Kind::Partition, &name.value, known);
    }
    found
}

/// The stored name of the field and the canonical value.
fn rule_condition(plan: &mut Plan<'_>, table: &RuleTable) -> Option<(String, String)> {
    let Some(field) = plan.schema.lead_field(&table.field.value).cloned() else {
        plan.unknown_lead_field(&table.field.place, &table.field.value);
        return None;
    };
    let rules = plan.schema.value_rules();
    match value::read(field.data_type, field.size, &table.equals.value, &rules) {
        Ok(Some(value)) => Some((field.name.to_string(), value)),
        Ok(None) => {
            let place = &table.equals.place;
            plan.errors
                .push(place, "a value", shown(&table.equals.value));
            None
        }
        Err(error) => {
            let expected = format!("a value of {} ({error})", field.name);
            let place = &table.equals.place;
            plan.errors
                .push(place, expected, shown(&table.equals.value));
            None
        }
    }
}
