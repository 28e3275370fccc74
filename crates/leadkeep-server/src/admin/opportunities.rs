//! Opportunities and who plays a part in them.

use super::page::{Page, Section, html};
use super::search_index;
use super::values::{FieldValue, values};
use super::visit::{self, Editor, Fields, Viewer};
use crate::app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use leadkeep_core::error::CallError;
use leadkeep_core::ids::OpportunityId;
use leadkeep_core::mobjects::{OpportunitySearch, find_opportunities, index_opportunities};
use leadkeep_core::schema::Schema;
use leadkeep_core::store::{Opportunity, ReadTxn};
use leadkeep_core::value;
use serde::Deserialize;
use std::sync::Arc;

/// Opportunities of a page.
const SHOWN: usize = 100;
/// What is looked for by default.
const NAME: &str = "Name";
/// The word for the number of an opportunity.
const ID: &str = "Id";

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/opportunities", get(list))
        .route("/admin/opportunities/index", post(index))
        .route("/admin/opportunities/{id}", get(show))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    by: String,
    q: String,
    before: Option<i64>,
}

struct Row {
    id: OpportunityId,
    name: String,
    stage: String,
    amount: String,
    close_date: String,
    updated_at: Timestamp,
}

/// A field that opportunities are found by.
struct Way {
    word: String,
    label: String,
}

#[derive(Template)]
#[template(path = "opportunities.html")]
struct List {
    page: Page,
    ways: Vec<Way>,
    by: String,
    q: String,
    rows: Vec<Row>,
    /// Too many opportunities to look at them without an index: the field's name.
    unindexed: Option<String>,
    older: Option<OpportunityId>,
}

impl List {
    fn is_by(&self, word: &str) -> bool {
        self.by == word
    }
}

fn row(schema: &Schema, opportunity: &Opportunity) -> Row {
    let value = |name: &str| {
        let kept = opportunity.attrs.get(name).unwrap_or_default();
        let field = schema.opportunity_fields.stored(name);
        field.map_or_else(String::new, |field| {
            value::write(field.data_type, kept, &schema.instance.time_zone).into_owned()
        })
    };
    Row {
        id: opportunity.id,
        name: value(NAME),
        stage: value("Stage"),
        amount: value("Amount"),
        close_date: value("CloseDate"),
        updated_at: opportunity.updated_at,
    }
}

/// The newest opportunities, or those with exactly a value.
async fn list(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Response> {
    let page = page.of(Section::Opportunities);
    let q = wanted.q.trim().to_owned();
    let is_number = !q.is_empty() && q.bytes().all(|byte| byte.is_ascii_digit());
    let by = match wanted.by.as_str() {
        "" if is_number => ID.to_owned(),
        "" => NAME.to_owned(),
        by => by.to_owned(),
    };
    let (text, word, t) = (q.clone(), by.clone(), page.t);
    let before = wanted.before.map(OpportunityId);
    let read = app.read(move |txn, schema, _| {
        let (mut found, is_unindexed) = match text.is_empty() {
            true => (txn.opportunities_before(before, SHOWN + 1)?, false),
            false => match find_opportunities(txn, schema, &word, &text, SHOWN)? {
                OpportunitySearch::Opportunities(found) => (found, false),
                OpportunitySearch::NeedsIndex => (Vec::new(), true),
            },
        };
        let has_more = text.is_empty() && found.len() > SHOWN;
        found.truncate(SHOWN);
        let rows: Vec<Row> = found.iter().map(|own| row(schema, own)).collect();
        let fields = schema.opportunity_fields.iter();
        let mut ways: Vec<Way> = fields
            .map(|field| Way {
                word: field.name.to_string(),
                label: field.display_name.clone(),
            })
            .collect();
        ways.sort_by(|one, other| {
            let by_label = || t.order(&one.label, &other.label);
            let is_first = |way: &Way| way.word != NAME;
            is_first(one).cmp(&is_first(other)).then_with(by_label)
        });
        Ok((rows, has_more, ways, is_unindexed))
    });
    let read = read.await.map_err(|error| visit::unavailable(&error))?;
    let (rows, has_more, ways, is_unindexed) = read;
    let unindexed = is_unindexed.then(|| {
        let own = ways.iter().find(|way| way.word == by);
        own.map_or_else(|| by.clone(), |way| way.label.clone())
    });
    let list = List {
        page,
        ways,
        unindexed,
        by,
        q,
        older: rows.last().map(|row| row.id).filter(|_| has_more),
        rows,
    };
    Ok(html(StatusCode::OK, &list))
}

/// Makes searches by a field fast, and searches.
async fn index(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    fields: Fields,
) -> Result<Response, Response> {
    let name = fields.get("by").to_owned();
    let subject = format!("field Opportunity.{name}");
    search_index::make(
        &app,
        page,
        &fields,
        "/admin/opportunities",
        subject,
        move |txn, schema| index_opportunities(txn, schema, &name),
    )
    .await
}

/// A lead in an opportunity.
struct RoleRow {
    lead: i64,
    name: String,
    email: String,
    role: String,
    is_primary: bool,
}

/// What is read for the page of an opportunity.
struct Whole {
    row: Row,
    created_at: Timestamp,
    fields: Vec<FieldValue>,
    company: Option<String>,
    roles: Vec<RoleRow>,
}

#[derive(Template)]
#[template(path = "opportunity.html")]
struct Shown {
    page: Page,
    whole: Whole,
}

async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Opportunities);
    let Ok(id) = id.parse().map(OpportunityId) else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let read = app.read(
        move |txn, schema, _| match txn.opportunities(&[id])?.pop() {
            Some(own) => whole(txn, schema, own).map(Some),
            None => Ok(None),
        },
    );
    match read.await.map_err(|error| visit::unavailable(&error))? {
        Some(whole) => Ok(html(StatusCode::OK, &Shown { page, whole })),
        None => Ok(visit::not_found(Viewer(page)).await),
    }
}

fn whole(txn: &mut dyn ReadTxn, schema: &Schema, own: Opportunity) -> Result<Whole, CallError> {
    let company = match own.company {
        Some(id) => txn.companies(&[id])?.pop(),
        None => None,
    };
    let roles = txn.roles_of_opportunities(&[own.id])?;
    let mut ids: Vec<_> = roles.iter().map(|role| role.lead).collect();
    ids.sort_unstable();
    ids.dedup();
    let leads = txn.leads(&ids)?;
    let roles = roles.iter().map(|role| {
        let lead = leads.iter().find(|lead| lead.id == role.lead);
        let value = |name| {
            lead.and_then(|lead| lead.attrs.get(name))
                .unwrap_or_default()
        };
        let name = format!("{} {}", value("FirstName"), value("LastName"));
        RoleRow {
            lead: role.lead.0,
            name: name.trim().to_owned(),
            email: lead.and_then(|lead| lead.email.clone()).unwrap_or_default(),
            role: role.attrs.get("Role").unwrap_or_default().to_owned(),
            is_primary: role.attrs.get("IsPrimary") == Some("1"),
        }
    });
    Ok(Whole {
        row: row(schema, &own),
        created_at: own.created_at,
        fields: values(
            &schema.opportunity_fields,
            &own.attrs,
            &schema.instance.time_zone,
        ),
        company: company.and_then(|company| company.attrs.get("Company").map(str::to_owned)),
        roles: roles.collect(),
    })
}
