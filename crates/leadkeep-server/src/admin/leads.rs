//! Leads: finding them by the keys of the API, and their pages.

use super::page::{Page, Section, html};
use super::visit::{self, Viewer, form_urlencoded};
use crate::app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use leadkeep_core::activities::{
    ActivityView, HistorySelection, StartPosition, TypeWords, lead_activity,
};
use leadkeep_core::error::CallError;
use leadkeep_core::ids::ListId;
use leadkeep_core::leads::{LeadKeyType, LeadView, get_lead};
use leadkeep_core::schema::Schema;
use serde::Deserialize;
use std::sync::Arc;

/// Leads that a search shows.
const SHOWN: usize = 100;
/// Activities of a page.
const ACTIVITIES: i64 = 50;

/// What leads are found by, the usual ones first.
const KEYS: [LeadKeyType; 9] = [
    LeadKeyType::Email,
    LeadKeyType::Idnum,
    LeadKeyType::SfdcLeadId,
    LeadKeyType::SfdcContactId,
    LeadKeyType::SfdcAccountId,
    LeadKeyType::SfdcOpptyId,
    LeadKeyType::SfdcLeadOwnerId,
    LeadKeyType::LeadOwnerEmail,
    LeadKeyType::Cookie,
];

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/leads", get(search))
        .route("/admin/leads/{id}", get(show))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    by: String,
    q: String,
}

/// A lead of a list.
struct Row {
    id: i64,
    email: String,
    name: String,
    company: String,
}

#[derive(Template)]
#[template(path = "leads.html")]
struct Found {
    page: Page,
    keys: [&'static str; KEYS.len()],
    by: &'static str,
    q: String,
    rows: Option<Vec<Row>>,
    count: u64,
    /// What is wrong with what was looked for.
    error: Option<String>,
}

impl Found {
    fn is_by(&self, key: &str) -> bool {
        self.by == key
    }
}

async fn search(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Response> {
    let page = page.of(Section::Leads);
    let q = wanted.q.trim().to_owned();
    let named = KEYS.into_iter().find(|key| key.as_str() == wanted.by);
    let is_number = !q.is_empty() && q.bytes().all(|byte| byte.is_ascii_digit());
    // A number alone is an id, unless something else was said.
    let key = match named {
        Some(LeadKeyType::Email) | None if is_number => LeadKeyType::Idnum,
        Some(key) => key,
        None => LeadKeyType::Email,
    };
    let mut found = Found {
        page,
        keys: KEYS.map(LeadKeyType::as_str),
        by: key.as_str(),
        q: q.clone(),
        rows: None,
        count: 0,
        error: None,
    };
    if !q.is_empty() {
        let read = app.read(move |txn, schema, _| {
            let leads = get_lead(txn, schema, key, &q)?;
            let rows = leads.leads.iter().take(SHOWN).map(row).collect::<Vec<_>>();
            Ok((rows, leads.count))
        });
        match read.await {
            Ok((rows, count)) => (found.rows, found.count) = (Some(rows), count),
            Err(CallError::LeadNotFound { .. } | CallError::LeadOwnerNotFound { .. }) => {
                found.rows = Some(Vec::new());
            }
            Err(error @ CallError::Store(_)) => return Err(visit::unavailable(&error)),
            Err(error) => found.error = Some(error.to_string()),
        }
    }
    Ok(html(StatusCode::OK, &found))
}

fn row(lead: &LeadView) -> Row {
    let value = |name: &str| {
        let own = lead.attributes.iter().find(|own| own.name.as_ref() == name);
        own.map_or("", |own| own.value.as_str())
    };
    let name = format!("{} {}", value("FirstName"), value("LastName"));
    Row {
        id: lead.id.0,
        email: lead.email.clone().unwrap_or_default(),
        name: name.trim().to_owned(),
        company: value("Company").to_owned(),
    }
}

/// A field of a lead with its value.
struct FieldValue {
    display_name: String,
    name: String,
    value: String,
}

/// A role of a lead in an opportunity.
struct RoleOf {
    opportunity: i64,
    name: String,
    role: String,
    stage: String,
    amount: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Since {
    /// Where the page before ended.
    after: String,
}

#[derive(Template)]
#[template(path = "lead.html")]
struct Shown {
    page: Page,
    title: String,
    lead: LeadView,
    fields: Vec<FieldValue>,
    lists: Vec<String>,
    roles: Vec<RoleOf>,
    activities: Vec<ActivityView>,
    older: Option<String>,
}

/// What is read for the page of a lead.
type Whole = (
    LeadView,
    Vec<FieldValue>,
    Vec<String>,
    Vec<RoleOf>,
    leadkeep_core::activities::ActivityPage,
);

async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
    Query(since): Query<Since>,
) -> Result<Response, Response> {
    let page = page.of(Section::Leads);
    let wanted = id.clone();
    let read = app.read(move |txn, schema, now| {
        let found = get_lead(txn, schema, LeadKeyType::Idnum, &wanted)?;
        let missing = || CallError::LeadNotFound {
            key_type: "IDNUM",
            value: wanted.clone(),
        };
        let lead = found.leads.into_iter().next().ok_or_else(missing)?;
        let fields = fields(schema, &lead);
        let lists = txn.static_lists()?;
        let members: Vec<_> = lists.iter().map(|list| (list.id, lead.id)).collect();
        let is_member = txn.are_list_members(&members)?;
        let lists = lists.into_iter().zip(is_member);
        let lists = lists
            .filter(|(_, is_member)| *is_member)
            .map(|(list, _)| list_name(list.id, list.name))
            .collect();
        let roles = txn.roles_of_leads(&[lead.id])?;
        let mut ids: Vec<_> = roles.iter().map(|role| role.opportunity).collect();
        ids.sort_unstable();
        ids.dedup();
        let opportunities = txn.opportunities(&ids)?;
        let value = |attrs: &leadkeep_core::attrs::Attrs, name: &str| {
            attrs.get(name).unwrap_or_default().to_owned()
        };
        let roles = roles
            .iter()
            .filter_map(|role| {
                let own = opportunities
                    .iter()
                    .find(|own| own.id == role.opportunity)?;
                Some(RoleOf {
                    opportunity: own.id.0,
                    name: value(&own.attrs, "Name"),
                    role: value(&role.attrs, "Role"),
                    stage: value(&own.attrs, "Stage"),
                    amount: value(&own.attrs, "Amount"),
                })
            })
            .collect();
        let selection = HistorySelection {
            key_type: LeadKeyType::Idnum,
            key: lead.id.to_string(),
            types: TypeWords::default(),
            start: StartPosition {
                offset: Some(since.after.clone()).filter(|after| !after.is_empty()),
                ..StartPosition::default()
            },
            batch_size: Some(ACTIVITIES),
        };
        let history = lead_activity(txn, schema, now, &selection)?;
        Ok((lead, fields, lists, roles, history))
    });
    let (lead, fields, lists, roles, history): Whole = match read.await {
        Ok(whole) => whole,
        Err(error @ CallError::Store(_)) => return Err(visit::unavailable(&error)),
        Err(_) => return Ok(visit::not_found(Viewer(page)).await),
    };
    if lead.id.to_string() != id {
        // It is part of another one since a merge.
        return Ok(Redirect::to(&format!("/admin/leads/{}", lead.id)).into_response());
    }
    let older = history.position.offset.filter(|_| history.remaining > 0);
    let older = older.map(|offset| {
        let query = form_urlencoded(&[("after", &offset)]);
        format!("/admin/leads/{}?{query}", lead.id)
    });
    let own = row(&lead);
    let title = [own.name, own.email, lead.id.to_string()];
    let title = title.into_iter().find(|part| !part.is_empty());
    let shown = Shown {
        page,
        title: title.unwrap_or_default(),
        lead,
        fields,
        lists,
        roles,
        activities: history.activities,
        older,
    };
    Ok(html(StatusCode::OK, &shown))
}

fn list_name(id: ListId, name: String) -> String {
    match name.is_empty() {
        true => id.to_string(),
        false => name,
    }
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
