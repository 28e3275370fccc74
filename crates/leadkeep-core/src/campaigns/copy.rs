//! Copies of programs (SC-6, SC-14): the one way in which a call makes programs, lists and campaigns (DM-GEN-3).

use crate::error::CallError;
use crate::ids::{CampaignId, ListId, ProgramId};
use crate::schema::{Campaign, Schema, definition, names};
use crate::store::{DefinitionKind, Program, Sequence, StaticList, StoreError, WriteTxn};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::HashMap;

/// Copies a program under a name with its attributes, tags, tokens, campaigns and lists, but for costs and members. What
/// steps say about lists and campaigns of the program they say about the copies. Gives the copy of one campaign.
///
/// # Errors
/// 20110 if the name is taken or too long.
pub(super) fn clone_program(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    program: &Program,
    name: &str,
    wanted: CampaignId,
) -> Result<CampaignId, CallError> {
    let bad = |reason| {
        Err(CallError::BadParameter {
            parameter: "cloneToProgramName",
            reason,
        })
    };
    if name.chars().count() > 255 || name.chars().any(char::is_control) {
        return bad("a name has one line and at most 255 characters".to_owned());
    }
    let taken = txn.program_ids_by_name(&[name.to_owned()])?;
    if taken.into_iter().flatten().next().is_some() {
        return bad(format!("there is a program {name} already"));
    }
    let copy = Program {
        id: ProgramId(first(txn.allocate(Sequence::Program, 1)?)),
        name: name.to_owned(),
        costs: Vec::new(),
        archived: false,
        created_at: now,
        updated_at: now,
        ..program.clone()
    };
    let lists = copy_lists(txn, program.id, copy.id)?;
    let own: Vec<&Campaign> = schema
        .campaigns
        .iter()
        .filter(|campaign| campaign.program == Some(program.id))
        .collect();
    let ids = txn.allocate(Sequence::Campaign, own.len())?;
    let campaigns: HashMap<CampaignId, CampaignId> = own
        .iter()
        .zip(ids)
        .map(|(campaign, id)| (campaign.id, CampaignId(id)))
        .collect();
    let new_list = |id: ListId| lists.get(&id).copied().unwrap_or(id);
    let new_campaign = |id: CampaignId| campaigns.get(&id).copied().unwrap_or(id);
    let mut definitions = Vec::with_capacity(own.len());
    for campaign in own {
        let mut campaign = Campaign {
            id: new_campaign(campaign.id),
            program: Some(copy.id),
            list: campaign.list.map(new_list),
            ..campaign.clone()
        };
        for step in &mut campaign.steps {
            replace(step, "list", |id| new_list(ListId(id)).0);
            replace(step, "campaign", |id| new_campaign(CampaignId(id)).0);
        }
        let name = names::campaign(campaign.id);
        definitions.push(definition(DefinitionKind::Campaign, name, &campaign, now)?);
    }
    txn.insert_programs(&[copy])?;
    txn.put_definitions(&definitions)?;
    Ok(new_campaign(wanted))
}

fn copy_lists(
    txn: &mut dyn WriteTxn,
    from: ProgramId,
    to: ProgramId,
) -> Result<HashMap<ListId, ListId>, StoreError> {
    let own: Vec<StaticList> = txn
        .static_lists()?
        .into_iter()
        .filter(|list| list.program == Some(from))
        .collect();
    let ids = txn.allocate(Sequence::List, own.len())?;
    let mut places = HashMap::new();
    let copies: Vec<StaticList> = own
        .into_iter()
        .zip(ids)
        .map(|(list, id)| {
            places.insert(list.id, ListId(id));
            StaticList {
                id: ListId(id),
                program: Some(to),
                ..list
            }
        })
        .collect();
    txn.put_static_lists(&copies)?;
    Ok(places)
}

/// Replaces a number in a step, if it has one of that name.
fn replace(step: &mut Value, key: &str, new: impl FnOnce(i64) -> i64) {
    if let Some(value) = step.get_mut(key)
        && let Some(id) = value.as_i64()
    {
        *value = new(id).into();
    }
}

fn first(ids: Vec<i64>) -> i64 {
    ids.first().copied().unwrap_or_default()
}
