//! Leads: finding them, their pages, and what may be done to them.

mod change;
mod lead;

use super::page::{Page, Section, html};
use super::search_index;
use super::texts::Texts;
use super::visit::{self, Editor, Fields, Viewer};
use crate::app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use leadkeep_core::error::CallError;
use leadkeep_core::ids::LeadId;
use leadkeep_core::leads::{
    LeadKeyType, LeadView, Search, get_lead, index_field, newest, search as by_field, search_fields,
};
use leadkeep_core::schema::Schema;
use leadkeep_core::store::ReadTxn;
use serde::Deserialize;
use std::sync::Arc;

/// Leads of a page.
const SHOWN: usize = 100;

/// Keys that leads are found by, the usual ones first.
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
/// What stands in front of the name of a field that leads are found by.
const FIELD: &str = "field.";
/// Fields that people look for most.
const USUAL: [&str; 3] = ["LastName", "FirstName", "Company"];

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/leads", get(search))
        .route("/admin/leads/index", post(index))
        .route("/admin/leads/{id}", get(lead::show))
        .route(
            "/admin/leads/{id}/edit",
            get(change::form).post(change::edit),
        )
        .route(
            "/admin/leads/{id}/merge",
            get(change::merge_form).post(change::merge),
        )
        .route(
            "/admin/leads/{id}/delete",
            get(change::delete_form).post(change::delete),
        )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    by: String,
    q: String,
    before: Option<i64>,
}

/// A lead of a list.
struct Row {
    id: i64,
    email: String,
    name: String,
    company: String,
}

/// Something that leads are found by.
struct Way {
    /// Its word in the form.
    word: String,
    label: String,
}

#[derive(Template)]
#[template(path = "leads.html")]
struct Found {
    page: Page,
    keys: [&'static str; KEYS.len()],
    /// Fields that are often looked for, then all others by their names.
    usual: Vec<Way>,
    others: Vec<Way>,
    by: String,
    q: String,
    rows: Vec<Row>,
    /// How many leads there are, if something was looked for.
    count: Option<u64>,
    /// Whether more leads begin with what was looked for than are shown.
    is_cut: bool,
    /// Too many leads to look at them without an index: the field's name.
    unindexed: Option<String>,
    /// The page with older leads.
    older: Option<i64>,
    /// What is wrong with what was looked for.
    error: Option<String>,
}

impl Found {
    fn is_by(&self, word: &str) -> bool {
        self.by == word
    }

    fn shown(&self) -> u64 {
        self.rows.len().try_into().unwrap_or(u64::MAX)
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
    let field = wanted.by.strip_prefix(FIELD).map(str::to_owned);
    let is_number = !q.is_empty() && q.bytes().all(|byte| byte.is_ascii_digit());
    // A number alone is an id, unless something else was said.
    let key = match named {
        Some(LeadKeyType::Email) | None if is_number => LeadKeyType::Idnum,
        Some(key) => key,
        None => LeadKeyType::Email,
    };
    let by = match &field {
        Some(_) => wanted.by.clone(),
        None => key.as_str().to_owned(),
    };
    let before = wanted.before.map(LeadId);
    let (text, t) = (q.clone(), page.t);
    let read = app.read(move |txn, schema, _| {
        let ways = ways(schema, t);
        let found = match &field {
            _ if text.is_empty() => {
                // One more, to see whether there is one.
                Ok(Hits::newest(newest(txn, schema, before, SHOWN + 1)?))
            }
            Some(field) => by_field(txn, schema, field, &text, SHOWN + 1).map(Hits::of_field),
            None => by_key(txn, schema, key, &text),
        };
        match found {
            Err(error @ CallError::Store(_)) => Err(error),
            found => Ok((ways, found)),
        }
    });
    let ((usual, others), found) = read.await.map_err(|error| visit::unavailable(&error))?;
    let (hits, error) = match found {
        Ok(hits) => (hits, None),
        Err(error) => (Hits::default(), Some(error.to_string())),
    };
    let unindexed = hits.is_unindexed.then(|| {
        let mut all = usual.iter().chain(&others);
        let own = all.find(|way| way.word == by);
        own.map_or_else(|| by.clone(), |way| way.label.clone())
    });
    let looked = !q.is_empty() && error.is_none() && unindexed.is_none();
    let found = Found {
        page,
        keys: KEYS.map(LeadKeyType::as_str),
        usual,
        others,
        by,
        q,
        count: looked.then_some(hits.count),
        is_cut: looked && hits.has_more,
        older: hits
            .rows
            .last()
            .map(|row| row.id)
            .filter(|_| !looked && hits.has_more),
        rows: hits.rows,
        unindexed,
        error,
    };
    Ok(html(StatusCode::OK, &found))
}

/// What was found.
#[derive(Default)]
struct Hits {
    rows: Vec<Row>,
    count: u64,
    has_more: bool,
    is_unindexed: bool,
}

impl Hits {
    /// Leads of which one more may have come than is shown.
    fn newest(leads: Vec<LeadView>) -> Self {
        let has_more = leads.len() > SHOWN;
        let rows: Vec<Row> = leads.iter().take(SHOWN).map(row).collect();
        Self {
            count: u64::try_from(rows.len()).unwrap_or(u64::MAX),
            rows,
            has_more,
            is_unindexed: false,
        }
    }

    fn of_field(search: Search) -> Self {
        match search {
            Search::Leads(leads) => Self::newest(leads),
            Search::NeedsIndex => Self {
                is_unindexed: true,
                ..Self::default()
            },
        }
    }
}

/// The leads of a key; for the id of one that became part of another by a merge, the other (COM-12).
fn by_key(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    key: LeadKeyType,
    text: &str,
) -> Result<Hits, CallError> {
    let found = match (key, get_lead(txn, schema, key, text)) {
        (LeadKeyType::Idnum, Err(CallError::LeadNotFound { .. })) => {
            let winner = winner(txn, text)?;
            winner.map(|id| get_lead(txn, schema, key, &id.to_string()))
        }
        (_, Err(CallError::LeadNotFound { .. } | CallError::LeadOwnerNotFound { .. })) => None,
        (_, found) => Some(found),
    };
    let Some(found) = found.transpose()? else {
        return Ok(Hits::default());
    };
    Ok(Hits {
        rows: found.leads.iter().take(SHOWN).map(row).collect(),
        count: found.count,
        has_more: found.leads.len() > SHOWN,
        is_unindexed: false,
    })
}

/// The lead that the one with an id is part of since a merge.
fn winner(txn: &mut dyn ReadTxn, id: &str) -> Result<Option<LeadId>, CallError> {
    let Some(id) = id.trim().parse().ok().map(LeadId) else {
        return Ok(None);
    };
    let winners = txn.merge_winners(&[id])?;
    Ok(winners.first().map(|(_, winner)| *winner))
}

/// What leads are found by beside their keys.
fn ways(schema: &Schema, t: &Texts) -> (Vec<Way>, Vec<Way>) {
    // The address is among the keys.
    let fields = search_fields(schema).filter(|field| field.name.as_ref() != "Email");
    let ways = fields.map(|field| Way {
        word: format!("{FIELD}{}", field.name),
        label: field.display_name.clone(),
    });
    let place = |way: &Way| {
        USUAL
            .iter()
            .position(|name| way.word[FIELD.len()..] == **name)
    };
    let (mut usual, mut others): (Vec<Way>, Vec<Way>) = ways.partition(|way| place(way).is_some());
    usual.sort_by_key(place);
    others.sort_by(|one, other| t.order(&one.label, &other.label));
    (usual, others)
}

/// Makes searches by a field fast, and searches.
async fn index(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    fields: Fields,
) -> Result<Response, Response> {
    let name = fields.get("by").strip_prefix(FIELD).unwrap_or_default();
    let (name, subject) = (name.to_owned(), format!("field {name}"));
    search_index::make(
        &app,
        page,
        &fields,
        "/admin/leads",
        subject,
        move |txn, schema| match index_field(txn, schema, &name) {
            Err(CallError::UnknownLeadFields(_)) => Ok(false),
            made => made.map(|()| true),
        },
    )
    .await
}

fn value_of<'l>(lead: &'l LeadView, name: &str) -> &'l str {
    let own = lead.attributes.iter().find(|own| own.name.as_ref() == name);
    own.map_or("", |own| own.value.as_str())
}

fn row(lead: &LeadView) -> Row {
    let value = |name: &str| value_of(lead, name);
    let name = format!("{} {}", value("FirstName"), value("LastName"));
    Row {
        id: lead.id.0,
        email: lead.email.clone().unwrap_or_default(),
        name: name.trim().to_owned(),
        company: value("Company").to_owned(),
    }
}

/// What a lead is called: by its name, its address, or its id.
fn title(lead: &LeadView) -> String {
    let own = row(lead);
    let title = [own.name, own.email, lead.id.to_string()];
    let title = title.into_iter().find(|part| !part.is_empty());
    title.unwrap_or_default()
}
