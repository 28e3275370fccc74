//! The page of a lead.

use super::super::lists;
use super::super::page::{Page, Section, html};
use super::super::texts::Texts;
use super::super::values::FieldValue;
use super::super::visit::{self, Viewer, form_urlencoded};
use super::{title, value_of, winner};
use crate::app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use leadkeep_core::activities::{
    ActivityPage, ActivityView, HistorySelection, StartPosition, TypeWords, lead_activity,
};
use leadkeep_core::attrs::Attrs;
use leadkeep_core::custom_objects::{CustomObjectQuery, get_custom_objects};
use leadkeep_core::error::CallError;
use leadkeep_core::leads::{LeadKeyType, LeadView, get_lead};
use leadkeep_core::schema::{Link, Schema};
use leadkeep_core::store::ReadTxn;
use serde::Deserialize;
use std::sync::Arc;

/// Activities of a page.
const ACTIVITIES: i64 = 50;
/// Records of a custom object type that are shown.
const RECORDS: i64 = 20;

/// A role of a lead in an opportunity.
struct RoleOf {
    opportunity: i64,
    name: String,
    role: String,
    stage: String,
    amount: String,
}

/// The records of a custom object type that link to a lead.
struct RecordsOf {
    object: String,
    display_name: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    /// How many more there are.
    more: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Since {
    /// Where the page before ended.
    after: String,
}

#[derive(Template)]
#[template(path = "lead.html")]
struct Shown {
    page: Page,
    title: String,
    whole: Whole,
    activities: Vec<ActivityView>,
    older: Option<String>,
}

/// What is read for the page of a lead.
struct Whole {
    lead: LeadView,
    created_at: Timestamp,
    updated_at: Timestamp,
    fields: Vec<FieldValue>,
    lists: Vec<lists::Named>,
    roles: Vec<RoleOf>,
    records: Vec<RecordsOf>,
    history: ActivityPage,
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
    Query(since): Query<Since>,
) -> Result<Response, Response> {
    let page = page.of(Section::Leads);
    let (wanted, t) = (id.clone(), page.t);
    let read =
        app.read(
            move |txn, schema, now| match whole(txn, schema, t, now, &wanted, &since.after) {
                Ok(whole) => Ok(Ok(whole)),
                Err(CallError::LeadNotFound { .. }) => Ok(Err(winner(txn, &wanted)?)),
                Err(error) => Err(error),
            },
        );
    let mut whole = match read.await {
        Ok(Ok(whole)) => whole,
        // It is part of another one since a merge.
        Ok(Err(Some(winner))) => {
            return Ok(Redirect::to(&format!("/admin/leads/{winner}")).into_response());
        }
        // The place in the history is none: the lead may be there.
        Err(CallError::BadStreamPosition) => {
            return Ok(Redirect::to(&format!("/admin/leads/{id}")).into_response());
        }
        Err(error @ CallError::Store(_)) => return Err(visit::unavailable(&error)),
        Ok(Err(None)) | Err(_) => return Ok(visit::not_found(Viewer(page)).await),
    };
    let position = whole.history.position.offset.take();
    let older = position.filter(|_| whole.history.remaining > 0);
    let older = older.map(|offset| {
        let query = form_urlencoded(&[("after", &offset)]);
        format!("/admin/leads/{}?{query}", whole.lead.id)
    });
    let mut activities = std::mem::take(&mut whole.history.activities);
    for activity in &mut activities {
        // It stands in the title.
        activity.attributes.retain(|(name, _)| name != "Lead ID");
    }
    let shown = Shown {
        page,
        title: title(&whole.lead),
        whole,
        activities,
        older,
    };
    Ok(html(StatusCode::OK, &shown))
}

fn whole(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    t: &Texts,
    now: Timestamp,
    id: &str,
    after: &str,
) -> Result<Whole, CallError> {
    let missing = || CallError::LeadNotFound {
        key_type: LeadKeyType::Idnum.as_str(),
        value: id.to_owned(),
    };
    let found = get_lead(txn, schema, LeadKeyType::Idnum, id)?;
    let lead = found.leads.into_iter().next().ok_or_else(missing)?;
    let row = txn.leads(&[lead.id])?.into_iter().next();
    let row = row.ok_or_else(missing)?;
    let selection = HistorySelection {
        key_type: LeadKeyType::Idnum,
        key: lead.id.to_string(),
        types: TypeWords::default(),
        start: StartPosition {
            offset: Some(after.to_owned()).filter(|after| !after.is_empty()),
            ..StartPosition::default()
        },
        batch_size: Some(ACTIVITIES),
    };
    Ok(Whole {
        history: lead_activity(txn, schema, now, &selection)?,
        created_at: row.created_at,
        updated_at: row.updated_at,
        fields: fields(schema, &lead),
        lists: lists_of(txn, t, &lead)?,
        roles: roles(txn, &lead)?,
        records: records(txn, schema, &lead)?,
        lead,
    })
}

fn fields(schema: &Schema, lead: &LeadView) -> Vec<FieldValue> {
    let shown = lead.attributes.iter().map(|own| FieldValue {
        display_name: schema
            .lead_field(&own.name)
            .map_or_else(|| own.name.to_string(), |field| field.display_name.clone()),
        name: own.name.to_string(),
        value: own.value.clone(),
    });
    shown.collect()
}

fn lists_of(
    txn: &mut dyn ReadTxn,
    t: &Texts,
    lead: &LeadView,
) -> Result<Vec<lists::Named>, CallError> {
    let all = txn.static_lists()?;
    let members: Vec<_> = all.iter().map(|list| (list.id, lead.id)).collect();
    let is_member = txn.are_list_members(&members)?;
    let own = all.into_iter().zip(is_member);
    let own = own.filter(|(_, is_member)| *is_member);
    let own = own.map(|(list, _)| list).collect();
    lists::named(txn, t, own)
}

fn roles(txn: &mut dyn ReadTxn, lead: &LeadView) -> Result<Vec<RoleOf>, CallError> {
    let roles = txn.roles_of_leads(&[lead.id])?;
    let mut ids: Vec<_> = roles.iter().map(|role| role.opportunity).collect();
    ids.sort_unstable();
    ids.dedup();
    let opportunities = txn.opportunities(&ids)?;
    let value = |attrs: &Attrs, name: &str| attrs.get(name).unwrap_or_default().to_owned();
    let roles = roles.iter().filter_map(|role| {
        let mut own = opportunities.iter();
        let own = own.find(|own| own.id == role.opportunity)?;
        Some(RoleOf {
            opportunity: own.id.0,
            name: value(&own.attrs, "Name"),
            role: value(&role.attrs, "Role"),
            stage: value(&own.attrs, "Stage"),
            amount: value(&own.attrs, "Amount"),
        })
    });
    Ok(roles.collect())
}

/// The records that link to a lead, a type at a time.
fn records(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    lead: &LeadView,
) -> Result<Vec<RecordsOf>, CallError> {
    let mut all = Vec::new();
    for object in &schema.custom_objects {
        for field in &object.fields {
            let value = match &field.link {
                Some(Link::LeadId) => lead.id.to_string(),
                Some(Link::LeadEmail) => lead.email.clone().unwrap_or_default(),
                Some(Link::LeadField(name) | Link::CompanyField(name)) => {
                    value_of(lead, name).to_owned()
                }
                Some(Link::Record(..)) | None => continue,
            };
            if value.is_empty() {
                continue;
            }
            let query = CustomObjectQuery {
                object: object.name.clone(),
                keys: vec![(field.name.clone(), value)],
                batch_size: Some(RECORDS),
                ..CustomObjectQuery::default()
            };
            let found = get_custom_objects(txn, schema, &query)?;
            if found.records.is_empty() {
                continue;
            }
            let rows = found.records.iter().map(|record| {
                let value = |name: &String| {
                    let mut own = record.keys.iter().chain(&record.attributes);
                    let own = own.find(|(own, _)| own == name);
                    own.map_or_else(String::new, |(_, value)| value.clone())
                };
                object
                    .fields
                    .iter()
                    .map(|field| value(&field.name))
                    .collect()
            });
            all.push(RecordsOf {
                object: object.name.clone(),
                display_name: object.display_name.clone(),
                columns: object
                    .fields
                    .iter()
                    .map(|field| field.display_name.clone())
                    .collect(),
                rows: rows.collect(),
                more: found.remaining,
            });
        }
    }
    Ok(all)
}
