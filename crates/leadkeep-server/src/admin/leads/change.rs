//! Editing, merging and deleting a lead, by the rules of the API.

use super::super::page::{Page, Section, html};
use super::super::texts::Texts;
use super::super::visit::{self, Editor, Fields, Viewer};
use super::{Row, row, title, value_of};
use crate::app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use leadkeep_core::admins::{Change, note};
use leadkeep_core::error::CallError;
use leadkeep_core::ids::LeadId;
use leadkeep_core::leads::{
    LeadKeyType, LeadView, ValueEdit, delete_lead, edit_lead, get_lead, merge_lead,
};
use leadkeep_core::schema::{Field, Schema};
use leadkeep_core::store::{ReadTxn, WriteTxn};
use leadkeep_core::value::DataType;
use serde::Deserialize;
use std::sync::Arc;

/// What stands in front of the name of a field whose new value it is.
const AFTER: &str = "after.";
/// What stands in front of the name of a field whose value it was.
const BEFORE: &str = "before.";

/// How a value is typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    Line,
    Lines,
    Day,
    YesNo,
}

/// A field of the form.
struct Input {
    name: String,
    display_name: String,
    control: Control,
    /// The most characters, if the field has a size.
    size: Option<u32>,
    before: String,
    value: String,
}

impl Input {
    fn is(&self, control: &str) -> bool {
        let own = match self.control {
            Control::Line => "line",
            Control::Lines => "lines",
            Control::Day => "day",
            Control::YesNo => "yes-no",
        };
        own == control
    }

    fn has(&self, value: &str) -> bool {
        self.value == value
    }
}

#[derive(Template)]
#[template(path = "lead_edit.html")]
struct Form {
    page: Page,
    title: String,
    id: LeadId,
    /// Fields with values, then those without.
    filled: Vec<Input>,
    empty: Vec<Input>,
    error: Option<String>,
}

/// The one lead with an id, as its page names it.
fn one(txn: &mut dyn ReadTxn, schema: &Schema, id: &str) -> Result<LeadView, CallError> {
    let found = get_lead(txn, schema, LeadKeyType::Idnum, id)?;
    let missing = || CallError::LeadNotFound {
        key_type: LeadKeyType::Idnum.as_str(),
        value: id.to_owned(),
    };
    found.leads.into_iter().next().ok_or_else(missing)
}

/// The fields that can be changed by hand: those that a sync stores.
fn inputs(schema: &Schema, t: &Texts, lead: &LeadView) -> (Vec<Input>, Vec<Input>) {
    let can_change = |field: &Field| field.is_written() && schema.is_shown(field);
    let fields = schema.lead_fields.iter().filter(|field| can_change(field));
    let inputs = fields.filter_map(|field| {
        let value = match field.name.as_ref() {
            "Email" => lead.email.as_deref().unwrap_or_default(),
            name => value_of(lead, name),
        };
        // It would keep what it has (COM-24).
        if field.is_update_blocked && !value.is_empty() {
            return None;
        }
        Some(Input {
            name: field.name.to_string(),
            display_name: field.display_name.clone(),
            control: match field.data_type {
                DataType::Boolean => Control::YesNo,
                DataType::Date => Control::Day,
                DataType::Text => Control::Lines,
                // A line would lose the others.
                _ if value.contains(['\n', '\r']) => Control::Lines,
                _ => Control::Line,
            },
            size: field.size.filter(|_| field.data_type.is_text()),
            before: value.to_owned(),
            value: value.to_owned(),
        })
    });
    let mut inputs: Vec<Input> = inputs.collect();
    inputs.sort_by(|one, other| t.order(&one.display_name, &other.display_name));
    inputs
        .into_iter()
        .partition(|input| !input.value.is_empty())
}

/// The form with all values of a lead.
pub(super) async fn form(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Leads);
    let t = page.t;
    let read = app.read(move |txn, schema, _| {
        let lead = one(txn, schema, &id)?;
        Ok((inputs(schema, t, &lead), lead))
    });
    match read.await {
        Ok(((filled, empty), lead)) => {
            let form = Form {
                page,
                title: title(&lead),
                id: lead.id,
                filled,
                empty,
                error: None,
            };
            Ok(html(StatusCode::OK, &form))
        }
        Err(error) => gone(page, error).await,
    }
}

/// Changes what is different in the form.
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Response> {
    let page = page.of(Section::Leads);
    let lead = LeadId(id);
    // Browsers send line breaks as two characters.
    let lines = |text: &str| text.replace("\r\n", "\n");
    let edits: Vec<ValueEdit> = fields
        .under(AFTER)
        .map(|(field, after)| ValueEdit {
            before: lines(fields.raw(&format!("{BEFORE}{field}"))),
            after: lines(after),
            field: field.to_owned(),
        })
        .collect();
    let (wanted, admin) = (edits.clone(), page.name().to_owned());
    let done = app.write(move |txn, schema, now| {
        let changed = edit_lead(txn, schema, now, lead, &wanted)?;
        match changed.is_empty() {
            true => Ok(()),
            false => noted(txn, now, &admin, "lead.edit", lead, &changed.join(", ")),
        }
    });
    let refusal = match done.await {
        Ok(()) => return Ok(to_lead(lead, "saved")),
        Err(error @ (CallError::Store(_) | CallError::LeadNotFound { .. })) => {
            return gone(page, error).await;
        }
        Err(error) => error.to_string(),
    };
    let t = page.t;
    let read = app.read(move |txn, schema, _| {
        let lead = one(txn, schema, &lead.to_string())?;
        Ok((inputs(schema, t, &lead), lead))
    });
    match read.await {
        Ok(((mut filled, mut empty), view)) => {
            // What was typed stays, beside what the lead has now.
            for input in filled.iter_mut().chain(&mut empty) {
                let typed = edits.iter().find(|edit| edit.field == input.name);
                if let Some(edit) = typed.filter(|edit| edit.after != edit.before) {
                    input.value.clone_from(&edit.after);
                }
            }
            let form = Form {
                page,
                title: title(&view),
                id: view.id,
                filled,
                empty,
                error: Some(refusal),
            };
            Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(error) => gone(page, error).await,
    }
}

/// The other lead of a merge.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Other {
    other: String,
}

#[derive(Template)]
#[template(path = "lead_merge.html")]
struct Merge {
    page: Page,
    title: String,
    winner: Row,
    other: String,
    loser: Option<Row>,
    error: Option<String>,
}

/// Asks for the lead that is to become part of this one, and shows both.
pub(super) async fn merge_form(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<String>,
    Query(Other { other }): Query<Other>,
) -> Result<Response, Response> {
    merge_page(&app, page, id, other, None).await
}

async fn merge_page(
    app: &Arc<App>,
    page: Page,
    id: String,
    other: String,
    refusal: Option<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Leads);
    let wanted = other.trim().to_owned();
    let read = app.read(move |txn, schema, _| {
        let winner = one(txn, schema, &id)?;
        let loser = match wanted.is_empty() {
            true => None,
            false => Some(one(txn, schema, &wanted)),
        };
        match loser {
            Some(Err(error @ CallError::Store(_))) => Err(error),
            loser => Ok((winner, loser)),
        }
    });
    let (winner, loser) = match read.await {
        Ok(both) => both,
        Err(error) => return gone(page, error).await,
    };
    let (loser, error) = match loser {
        Some(Ok(loser)) if loser.id == winner.id => (None, Some(page.t.get("lead-merge-same"))),
        Some(Ok(loser)) => (Some(loser), None),
        Some(Err(_)) => (None, Some(page.t.about("lead-merge-none", other.trim()))),
        None => (None, None),
    };
    let error = refusal.or(error);
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let merge = Merge {
        page,
        title: title(&winner),
        winner: row(&winner),
        other,
        loser: loser.as_ref().map(row),
        error,
    };
    Ok(html(status, &merge))
}

/// Makes the other lead part of this one.
pub(super) async fn merge(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Response> {
    let winner = LeadId(id);
    let other = fields.get("other").to_owned();
    let Some(loser) = other.parse().ok().map(LeadId) else {
        return merge_page(&app, page, id.to_string(), other, None).await;
    };
    let admin = page.name().to_owned();
    let done = app.write(move |txn, schema, now| {
        let outcome = merge_lead(txn, schema, now, winner, loser)?;
        if let (Some(winner), Ok(_)) = (outcome.winner, &outcome.losers) {
            noted(
                txn,
                now,
                &admin,
                "lead.merge",
                winner,
                &format!("with lead {loser}"),
            )?;
        }
        Ok(outcome)
    });
    let outcome = match done.await {
        Ok(outcome) => outcome,
        Err(error) => return gone(page.of(Section::Leads), error).await,
    };
    match (outcome.winner, outcome.losers) {
        (Some(winner), Ok(_)) => Ok(to_lead(winner, "merged")),
        (_, Err(error)) => {
            let refusal = Some(error.to_string());
            merge_page(&app, page, id.to_string(), other, refusal).await
        }
        (None, Ok(_)) => Ok(visit::not_found(Viewer(page)).await),
    }
}

#[derive(Template)]
#[template(path = "lead_delete.html")]
struct Delete {
    page: Page,
    title: String,
    lead: Row,
}

/// Asks before a lead is deleted.
pub(super) async fn delete_form(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Leads);
    let read = app.read(move |txn, schema, _| one(txn, schema, &id));
    match read.await {
        Ok(lead) => {
            let delete = Delete {
                page,
                title: title(&lead),
                lead: row(&lead),
            };
            Ok(html(StatusCode::OK, &delete))
        }
        Err(error) => gone(page, error).await,
    }
}

/// Deletes a lead with all that belongs to it.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<i64>,
    _: Fields,
) -> Result<Response, Response> {
    let lead = LeadId(id);
    let admin = page.name().to_owned();
    let done = app.write(move |txn, schema, now| {
        if delete_lead(txn, schema, now, lead)? {
            noted(txn, now, &admin, "lead.delete", lead, "")?;
        }
        Ok(())
    });
    match done.await {
        Ok(()) => Ok(Redirect::to("/admin/leads?done=deleted").into_response()),
        Err(error) => gone(page.of(Section::Leads), error).await,
    }
}

fn to_lead(lead: LeadId, done: &str) -> Response {
    Redirect::to(&format!("/admin/leads/{lead}?done={done}")).into_response()
}

/// Answers for a lead that is not there, or a store that is not.
async fn gone(page: Page, error: CallError) -> Result<Response, Response> {
    match error {
        CallError::Store(_) => Err(visit::unavailable(&error)),
        _ => Ok(visit::not_found(Viewer(page)).await),
    }
}

fn noted(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    by: &str,
    action: &str,
    lead: LeadId,
    detail: &str,
) -> Result<(), CallError> {
    let change = Change {
        by,
        action,
        subject: &format!("lead {lead}"),
        detail,
    };
    Ok(note(txn, now, change)?)
}
