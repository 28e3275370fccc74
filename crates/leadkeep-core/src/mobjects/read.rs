//! getMObjects.

use super::criteria::Conditions;
use super::fields::{ID, key_field, lead_keys};
use super::input::{Association, ExternalKey, MObjectType};
use super::position::Position;
use super::view::{MObjectView, deal_view, program_view, role_view};
use crate::error::{CallError, RecordError};
use crate::ids::{CompanyId, LeadId, OpportunityId, ProgramId, RoleId};
use crate::schema::{EndOfStream, Schema};
use crate::store::{Opportunity, Pick, Program, ReadTxn, Role};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// Objects of a page (GMO-3).
const PAGE: usize = 100;
/// Rows that are read at once while conditions are tried.
const CHUNK: usize = 500;
/// Objects, or leads, behind one external key at the most.
const MAX_MATCHES: usize = 10_000;

/// A condition as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// The attribute.
    pub name: String,
    /// How it is compared; EQ if missing.
    pub comparison: Option<String>,
    /// With what.
    pub value: String,
}

/// A query as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MObjectQuery {
    /// The object type.
    pub object: String,
    /// The number of the object.
    pub id: Option<i64>,
    /// A field and its value.
    pub external_key: Option<ExternalKey>,
    /// Conditions.
    pub criteria: Vec<Criterion>,
    /// Links.
    pub associations: Vec<Association>,
    /// Tags, tokens and costs of programs; yes if missing (GMO-26).
    pub include_details: Option<bool>,
}

/// A page of objects.
#[derive(Debug, Clone, PartialEq)]
pub struct MObjectPage {
    /// The objects, ascending by number (GMO-10).
    pub objects: Vec<MObjectView>,
    /// Whether there is another page.
    pub has_more: bool,
    /// Where it begins; filled also if there is none (GMO-11).
    pub position: String,
}

/// Finds opportunities, roles or programs: those of one type (GMO-2) that satisfy everything that is asked for (GMO-1), all
/// of them if nothing is (GMO-21). That none does is no error (GMO-22, GMO-34).
///
/// # Errors
/// 20110 for a type, an attribute, a comparison or a link that there is not, 20122 for a position of something else
/// (GMO-18, GMO-37), 20123 past the end by the switch `end_of_stream` (GMO-23).
pub fn get_mobjects(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    query: &MObjectQuery,
    position: Option<&str>,
) -> Result<MObjectPage, CallError> {
    // GMO-27.
    if query.object.trim().is_empty() {
        return Err(CallError::ParameterRequired("type"));
    }
    let object = MObjectType::from_word(&query.object).ok_or(CallError::BadObjectName)?;
    let given = position.map(str::trim).filter(|text| !text.is_empty());
    let (query, after) = match given {
        None => (query.clone(), 0),
        Some(text) => {
            let position = Position::read(text).ok_or(CallError::BadStreamPosition)?;
            if MObjectType::from_word(&position.query.object) != Some(object) {
                return Err(CallError::BadStreamPosition);
            }
            (position.query, position.after)
        }
    };
    let mut found = find(txn, schema, object, &query, after)?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    if found.is_empty() && given.is_some() && schema.rules.end_of_stream == EndOfStream::Fault {
        return Err(CallError::StreamAtEnd);
    }
    // GMO-23: past the end the position stays.
    let after = found.last().map_or(after, |object| object.id);
    let position = Position { query, after }.write();
    Ok(MObjectPage {
        objects: found,
        has_more,
        position,
    })
}

/// The objects after a number, one more than a page if there are so many. What is new since the last page has a higher
/// number and comes at the end (GMO-38).
fn find(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    object: MObjectType,
    query: &MObjectQuery,
    after: i64,
) -> Result<Vec<MObjectView>, CallError> {
    let conditions = Conditions::read(schema, object, &query.criteria)?;
    let key = query.external_key.as_ref().filter(|key| !key.is_empty());
    let (named, above) = conditions.numbers();
    let ids = candidates(txn, schema, object, query, key, named)?;
    let mut found = Vec::new();
    let mut after = after.max(above);
    let mut rest = ids.map(|ids| {
        ids.into_iter()
            .filter(|id| *id > after)
            .collect::<Vec<_>>()
            .into_iter()
    });
    while found.len() <= PAGE {
        let chunk: Option<Vec<i64>> = rest
            .as_mut()
            .map(|rest| rest.by_ref().take(CHUNK).collect());
        if chunk.as_ref().is_some_and(Vec::is_empty) {
            break;
        }
        let rows = Rows::read(txn, object, chunk.as_deref(), after)?;
        after = rows.last().unwrap_or(after);
        let zone = &schema.instance.time_zone;
        let full = chunk.is_some() || rows.len() == CHUNK;
        match rows {
            Rows::Deals(rows) => {
                let wanted = rows
                    .into_iter()
                    .filter(|row| conditions.hold_for_opportunity(row));
                found.extend(wanted.map(|row| deal_view(schema, zone, row, key)));
            }
            Rows::Roles(rows) => {
                let wanted = rows.into_iter().filter(|row| conditions.hold_for_role(row));
                found.extend(wanted.map(|row| role_view(schema, zone, row)));
            }
            Rows::Programs(rows) => {
                let wanted = rows
                    .into_iter()
                    .filter(|row| conditions.hold_for_program(schema, row));
                // GMO-16, GMO-26.
                let details = query.include_details.unwrap_or(true);
                found.extend(wanted.map(|row| program_view(schema, row, details)));
            }
        }
        if !full {
            break;
        }
    }
    found.truncate(PAGE + 1);
    Ok(found)
}

/// Some rows of one type, ascending by number.
enum Rows {
    Deals(Vec<Opportunity>),
    Roles(Vec<Role>),
    Programs(Vec<Program>),
}

impl Rows {
    fn read(
        txn: &mut dyn ReadTxn,
        object: MObjectType,
        ids: Option<&[i64]>,
        after: i64,
    ) -> Result<Self, CallError> {
        Ok(match (object, ids) {
            (MObjectType::Opportunity, Some(ids)) => {
                let mut rows =
                    txn.opportunities(&ids.iter().copied().map(OpportunityId).collect::<Vec<_>>())?;
                rows.sort_unstable_by_key(|row| row.id);
                Self::Deals(rows)
            }
            (MObjectType::Opportunity, None) => {
                Self::Deals(txn.opportunities_after(Some(OpportunityId(after)), CHUNK)?)
            }
            (MObjectType::OpportunityPersonRole, Some(ids)) => {
                let mut rows = txn.roles(&ids.iter().copied().map(RoleId).collect::<Vec<_>>())?;
                rows.sort_unstable_by_key(|row| row.id);
                Self::Roles(rows)
            }
            (MObjectType::OpportunityPersonRole, None) => {
                Self::Roles(txn.roles_after(Some(RoleId(after)), CHUNK)?)
            }
            (MObjectType::Program, Some(ids)) => {
                let mut rows =
                    txn.programs(&ids.iter().copied().map(ProgramId).collect::<Vec<_>>())?;
                rows.sort_unstable_by_key(|row| row.id);
                Self::Programs(rows)
            }
            (MObjectType::Program, None) => {
                Self::Programs(txn.programs_after(Some(ProgramId(after)), CHUNK)?)
            }
        })
    }

    fn len(&self) -> usize {
        match self {
            Self::Deals(rows) => rows.len(),
            Self::Roles(rows) => rows.len(),
            Self::Programs(rows) => rows.len(),
        }
    }

    fn last(&self) -> Option<i64> {
        match self {
            Self::Deals(rows) => rows.last().map(|row| row.id.0),
            Self::Roles(rows) => rows.last().map(|row| row.id.0),
            Self::Programs(rows) => rows.last().map(|row| row.id.0),
        }
    }
}

/// The numbers to which id, external key and links narrow a query, ascending; nothing if they do not (GMO-1).
fn candidates(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    object: MObjectType,
    query: &MObjectQuery,
    key: Option<&ExternalKey>,
    named: Option<Vec<i64>>,
) -> Result<Option<Vec<i64>>, CallError> {
    let mut sets: Vec<Vec<i64>> = named.into_iter().collect();
    sets.extend(query.id.map(|id| vec![id]));
    if let Some(key) = key {
        if object != MObjectType::Opportunity {
            return Err(bad(
                "externalKey",
                format!("{} has no externalKey", object.as_str()),
            ));
        }
        let ids = deals_by_key(txn, schema, key)?;
        sets.push(ids.into_iter().map(|id| id.0).collect());
    }
    for link in query.associations.iter().filter(|link| !link.is_empty()) {
        sets.push(linked(txn, schema, object, link)?);
    }
    let mut sets = sets.into_iter();
    let Some(mut ids) = sets.next() else {
        return Ok(None);
    };
    for other in sets {
        let other: HashSet<i64> = other.into_iter().collect();
        ids.retain(|id| other.contains(id));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}

fn bad(parameter: &'static str, reason: String) -> CallError {
    CallError::BadParameter { parameter, reason }
}

/// A refusal of a key as one of the call.
fn refused(error: RecordError) -> CallError {
    match error {
        RecordError::BadParameter(reason) => {
            let text = reason.strip_prefix("externalKey ").unwrap_or(&reason);
            bad("externalKey", text.to_owned())
        }
        error => bad("externalKey", error.to_string()),
    }
}

/// GMO-34, GMO-35: all that have the value.
fn deals_by_key(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    key: &ExternalKey,
) -> Result<Vec<OpportunityId>, CallError> {
    let (field, value) =
        key_field(&schema.opportunity_fields, &schema.value_rules(), key).map_err(refused)?;
    if field.name.as_ref() == ID {
        return Ok(value.parse().map(OpportunityId).into_iter().collect());
    }
    let ids = txn.opportunity_ids_by_field(
        &[(field.name.to_string(), value)],
        Pick::newest(MAX_MATCHES),
    )?;
    Ok(ids.into_iter().flatten().collect())
}

/// Objects that are linked to what a link names (GMO-7, GMO-36, DM-OPP-12).
fn linked(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    object: MObjectType,
    link: &Association,
) -> Result<Vec<i64>, CallError> {
    let kind = link.object.trim().to_ascii_lowercase();
    let named = || {
        let missing = format!(
            "the association {} has neither id nor externalKey",
            link.object.trim()
        );
        link.key()
            .ok_or_else(|| bad("mObjAssociationList", missing))
    };
    match (object, kind.as_str()) {
        (MObjectType::OpportunityPersonRole, "opportunity") => {
            let deals = match link.id {
                Some(id) => vec![OpportunityId(id)],
                None => deals_by_key(txn, schema, named()?)?,
            };
            Ok(txn
                .roles_of_opportunities(&deals)?
                .into_iter()
                .map(|role| role.id.0)
                .collect())
        }
        (MObjectType::OpportunityPersonRole | MObjectType::Opportunity, "lead") => {
            let leads = match link.id {
                Some(id) => vec![LeadId(id)],
                None => leads_by_key(txn, schema, named()?)?,
            };
            let roles = txn.roles_of_leads(&leads)?.into_iter();
            Ok(match object {
                MObjectType::Opportunity => roles.map(|role| role.opportunity.0).collect(),
                _ => roles.map(|role| role.id.0).collect(),
            })
        }
        (MObjectType::Opportunity, "company") => {
            let companies = match link.id {
                Some(id) => vec![CompanyId(id)],
                None => {
                    let leads = leads_by_key(txn, schema, named()?)?;
                    let companies: BTreeSet<CompanyId> = txn
                        .leads(&leads)?
                        .into_iter()
                        .map(|lead| lead.company)
                        .collect();
                    companies.into_iter().collect()
                }
            };
            let deals = txn.opportunity_ids_by_company(&companies)?;
            Ok(deals.into_iter().flatten().map(|id| id.0).collect())
        }
        _ => {
            let kind: String = link.object.trim().chars().take(64).collect();
            Err(bad(
                "mObjAssociationList",
                format!("{} has no association {kind}", object.as_str()),
            ))
        }
    }
}

/// GMO-35: all leads that have the value, each once; a filter identifies none of them.
fn leads_by_key(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    key: &ExternalKey,
) -> Result<Vec<LeadId>, CallError> {
    let keys = lead_keys(schema, &schema.value_rules(), key).map_err(refused)?;
    let found = txn.lead_ids(&keys, Pick::newest(MAX_MATCHES))?;
    let leads: BTreeSet<LeadId> = found.into_iter().flatten().collect();
    Ok(leads.into_iter().collect())
}
