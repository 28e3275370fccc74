//! `[[campaign]]`: smart campaigns, stored and kept with their steps (DM-CMP-1, DM-CMP-5).

use super::Declared;
use super::error::{At, Place, shown};
use super::plan::{Kind, Plan};
use super::reader::Table;
use super::steps::{self, StepTable};
use super::{lists, programs};
use crate::ids::{CampaignId, ProgramId};
use crate::schema::{Campaign, CampaignKind, names, same_name};
use crate::store::{DefinitionKind, Sequence, StoreError};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A `[[campaign]]`.
#[derive(Debug, Clone)]
pub(super) struct CampaignTable {
    name: At<String>,
    id: Option<At<i64>>,
    description: Option<At<String>>,
    program: Option<At<String>>,
    kind: At<CampaignKind>,
    active: Option<At<bool>>,
    sources: Option<At<Vec<At<String>>>>,
    list: Option<At<String>>,
    steps: Option<Vec<StepTable>>,
}

pub(super) fn read(root: &Table<'_>, declared: &mut Declared) -> Vec<CampaignTable> {
    let tables = root.tables("campaign").map_or_else(Vec::new, |at| at.value);
    let mut campaigns = Vec::with_capacity(tables.len());
    for table in tables {
        let name = table.required_name("name");
        let id = table.id("id");
        let description = table.text("description");
        let program = table.name("program");
        let kinds = [
            ("trigger", CampaignKind::Trigger),
            ("batch", CampaignKind::Batch),
        ];
        let kind = table.word("kind", &kinds);
        let kind = table.required("kind", "one of trigger, batch", kind);
        let active = table.boolean("active");
        let sources = table.names("sources");
        let list = table.line("list");
        let steps = table.tables("steps");
        check_kind(&table, kind.as_ref(), sources.as_ref(), list.as_ref());
        declare(declared, name.as_ref(), id.as_ref(), program.as_ref());
        let steps = steps.map(|at| at.value.into_iter().filter_map(steps::read).collect());
        table.finish();
        if let (Some(name), Some(kind)) = (name, kind) {
            campaigns.push(CampaignTable {
                name,
                id,
                description,
                program,
                kind,
                active,
                sources,
                list,
                steps,
            });
        }
    }
    campaigns
}

fn declare(
    declared: &mut Declared,
    name: Option<&At<String>>,
    id: Option<&At<i64>>,
    program: Option<&At<String>>,
) {
    if let Some(id) = id {
        declared.add(Kind::Campaign, &id.value.to_string());
    }
    if let Some(name) = name {
        declared.add(Kind::Campaign, &name.value);
        if let Some(program) = program {
            declared.add(Kind::Campaign, &format!("{}.{}", program.value, name.value));
        }
    }
}

/// Only triggers have sources, only batches a list.
fn check_kind(
    table: &Table<'_>,
    kind: Option<&At<CampaignKind>>,
    sources: Option<&At<Vec<At<String>>>>,
    list: Option<&At<String>>,
) {
    for source in sources.iter().flat_map(|at| &at.value) {
        if !["MKTOWS", "SALES"].contains(&source.value.as_str()) {
            table.wrong(&source.place, "one of MKTOWS, SALES", shown(&source.value));
        }
    }
    let kind = kind.map(|kind| kind.value);
    if let Some(sources) = sources.filter(|at| !at.value.is_empty())
        && kind == Some(CampaignKind::Batch)
    {
        let expected = "no sources: a batch campaign is scheduled, not requested";
        table.wrong(&sources.place, expected, "a list");
    }
    if let Some(list) = list
        && kind == Some(CampaignKind::Trigger)
    {
        let expected = "no list: a trigger campaign runs for the leads of the request";
        table.wrong(&list.place, expected, shown(&list.value));
    }
}

pub(super) fn apply(plan: &mut Plan<'_>, tables: &[CampaignTable]) -> Result<(), StoreError> {
    for id in tables.iter().filter_map(|table| table.id.as_ref()) {
        plan.reserve(Sequence::Campaign, id.value)?;
    }
    check_equal_names(plan, tables);
    // First all campaigns, so that steps may request each other in any order (PRV-7); then what they refer to.
    let mut seen: HashMap<CampaignId, usize> = HashMap::new();
    let mut brought: Vec<(&CampaignTable, Campaign, Option<Campaign>)> = Vec::new();
    for table in tables {
        let Some((id, program)) = identify(plan, table)? else {
            continue;
        };
        if let Some(line) = seen.insert(id, table.name.place.line) {
            let expected = format!("one table a campaign (the first is in line {line})");
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            continue;
        }
        let old = plan.schema.campaign(id).cloned();
        let campaign = wanted(table, id, program, old.as_ref());
        put(plan, campaign.clone());
        brought.push((table, campaign, old));
    }
    for (table, campaign, old) in brought {
        finish(plan, table, campaign, old)?;
    }
    Ok(())
}

/// PRV-6: outside programs, campaigns with equal names need ids.
fn check_equal_names(plan: &mut Plan<'_>, tables: &[CampaignTable]) {
    let mut count: HashMap<String, usize> = HashMap::new();
    let outside = |table: &&CampaignTable| table.program.is_none();
    for table in tables.iter().filter(outside) {
        *count.entry(names::folded(&table.name.value)).or_default() += 1;
    }
    for table in tables
        .iter()
        .filter(outside)
        .filter(|table| table.id.is_none())
    {
        if count
            .get(&names::folded(&table.name.value))
            .is_some_and(|count| *count > 1)
        {
            let expected = "an id for each of several campaigns with one name outside programs";
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
        }
    }
}

/// PRV-6: by id where it exists, else by name inside the program; outside programs names may repeat.
fn identify(
    plan: &mut Plan<'_>,
    table: &CampaignTable,
) -> Result<Option<(CampaignId, Option<ProgramId>)>, StoreError> {
    let by_id = table.id.as_ref().map(|id| CampaignId(id.value));
    let old = by_id.and_then(|id| plan.schema.campaign(id));
    let program = match &table.program {
        None => old.and_then(|old| old.program),
        Some(name) => match programs::reference(plan, name) {
            Some(program) => Some(program),
            None => return Ok(None),
        },
    };
    let same: Vec<CampaignId> = named(plan, &table.name.value, program).collect();
    let id = match (by_id, same.as_slice()) {
        (Some(id), [other, ..]) if program.is_some() && !same.contains(&id) => {
            let place = table.id.as_ref().map_or(&table.name.place, |id| &id.place);
            let other = *other;
            plan.refuse(
                place,
                other,
                "a name in a program keeps its id",
                id.to_string(),
            );
            return Ok(None);
        }
        (Some(id), _) => id,
        (None, []) => CampaignId(plan.next_id(Sequence::Campaign)?),
        (None, [found]) => *found,
        (None, _) => {
            let expected = "an id, since several stored campaigns have this name";
            plan.errors
                .push(&table.name.place, expected, shown(&table.name.value));
            return Ok(None);
        }
    };
    Ok(Some((id, program)))
}

fn named<'p>(
    plan: &'p Plan<'_>,
    name: &'p str,
    program: Option<ProgramId>,
) -> impl Iterator<Item = CampaignId> + 'p {
    plan.schema
        .campaigns
        .iter()
        .filter(move |campaign| campaign.program == program && same_name(&campaign.name, name))
        .map(|campaign| campaign.id)
}

/// The campaign as the file wants it, with the stored list and steps.
fn wanted(
    table: &CampaignTable,
    id: CampaignId,
    program: Option<ProgramId>,
    old: Option<&Campaign>,
) -> Campaign {
    let kind = table.kind.value;
    Campaign {
        id,
        name: match old {
            Some(old) if same_name(&old.name, &table.name.value) => old.name.clone(),
            _ => table.name.value.clone(),
        },
        description: match (&table.description, old) {
            (Some(given), _) => given.value.clone(),
            (None, Some(old)) => old.description.clone(),
            (None, None) => String::new(),
        },
        program,
        kind,
        active: match &table.active {
            Some(given) => given.value,
            None => old.is_none_or(|old| old.active),
        },
        sources: match (kind, &table.sources, old) {
            (CampaignKind::Batch, ..) => Vec::new(),
            (_, Some(given), _) => given.value.iter().map(|at| at.value.clone()).collect(),
            (_, None, Some(old)) => old.sources.clone(),
            (_, None, None) => Vec::new(),
        },
        list: match kind {
            CampaignKind::Trigger => None,
            CampaignKind::Batch => old.and_then(|old| old.list),
        },
        steps: old.map_or_else(Vec::new, |old| old.steps.clone()),
    }
}

fn put(plan: &mut Plan<'_>, campaign: Campaign) {
    let campaigns = &mut plan.schema.campaigns;
    match campaigns.iter_mut().find(|other| other.id == campaign.id) {
        Some(stored) => *stored = campaign,
        None => campaigns.push(campaign),
    }
}

fn finish(
    plan: &mut Plan<'_>,
    table: &CampaignTable,
    mut campaign: Campaign,
    old: Option<Campaign>,
) -> Result<(), StoreError> {
    if let Some(list) = &table.list {
        campaign.list = lists::reference(plan, list, campaign.program);
    }
    if let Some(steps) = &table.steps {
        campaign.steps = steps
            .iter()
            .map(|step| steps::resolve(plan, step, campaign.program))
            .collect();
    }
    if old.as_ref() == Some(&campaign) {
        return Ok(());
    }
    let what = format!("campaign {}", shown(&campaign.name));
    match &old {
        Some(old) => {
            let (before, after) = (view(plan, old), view(plan, &campaign));
            plan.report.compare(&what, &before, &after);
        }
        None => plan.report.added(&what),
    }
    let name = names::campaign(campaign.id);
    plan.define(DefinitionKind::Campaign, name, &campaign)?;
    put(plan, campaign);
    Ok(())
}

/// What is compared for the report, with names in place of numbers.
fn view(plan: &Plan<'_>, campaign: &Campaign) -> Value {
    let program = campaign.program.and_then(|id| plan.programs.get(&id));
    let list = campaign.list.and_then(|id| plan.lists.get(&id));
    json!({
        "name": campaign.name,
        "description": campaign.description,
        "program": program.map(|program| &program.name),
        "kind": campaign.kind,
        "active": campaign.active,
        "sources": campaign.sources,
        "list": list.map(|list| &list.name),
        "steps": Value::from(campaign.steps.clone()),
    })
}

/// The campaign that a step means: by id, as `Program.Campaign`, or by name if only one has it.
pub(super) fn reference(plan: &mut Plan<'_>, place: &Place, text: &str) -> Option<CampaignId> {
    let by_id = text.parse().ok().map(CampaignId);
    let by_id = by_id.filter(|id| plan.schema.campaign(*id).is_some());
    let same: Vec<CampaignId> = plan
        .schema
        .campaigns
        .iter()
        .filter(|campaign| same_name(&campaign.name, text))
        .map(|campaign| campaign.id)
        .collect();
    match (by_id, same.as_slice()) {
        (Some(id), _) => Some(id),
        (None, [id]) => Some(*id),
        (None, [_, _, ..]) => {
            let expected = "an id or Program.Campaign, since several campaigns have this name";
            plan.errors.push(place, expected, shown(text));
            None
        }
        (None, []) => {
            let found = programs::qualified(plan, text)
                .find_map(|(program, name)| named(plan, name, Some(program)).next());
            if found.is_none() {
                let known: Vec<String> = plan
                    .schema
                    .campaigns
                    .iter()
                    .map(|c| c.name.clone())
                    .collect();
                let known = known.iter().map(String::as_str);
                plan.unknown(place, Kind::Campaign, text, known);
            }
            found
        }
    }
}
