//! All that is set up as a file, there and back.

use super::super::page::{Page, Section, html};
use super::super::visit::{self, Fields, Owner, Viewer};
use super::{Refused, status};
use crate::app::App;
use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use leadkeep_core::provision::{self, Report};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "setup_file.html")]
struct Form {
    page: Page,
    text: String,
    /// What the text has changed, or would change.
    report: Option<Report>,
    /// Whether it was only looked at.
    is_preview: bool,
    errors: Vec<String>,
}

pub(super) async fn form(Viewer(page): Viewer) -> Response {
    let form = Form {
        page: page.of(Section::Setup),
        text: String::new(),
        report: None,
        is_preview: false,
        errors: Vec::new(),
    };
    html(status(&form.errors), &form)
}

/// Shows what a file would change, or changes it.
pub(super) async fn apply(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let text = fields.raw("text").to_owned();
    let is_preview = fields.get("what") != "apply";
    let applied = super::apply(&app, &page, &text, is_preview, "file").await;
    let (report, errors) = match applied {
        Ok(report) => (Some(report), Vec::new()),
        Err(Refused::Errors(errors)) => (None, errors.iter().map(ToString::to_string).collect()),
        Err(Refused::Answer(answer)) => return Err(answer),
    };
    let form = Form {
        page: page.of(Section::Setup),
        text,
        report,
        is_preview,
        errors,
    };
    Ok(html(status(&form.errors), &form))
}

/// All definitions, as `leadkeep provision export` writes them.
pub(super) async fn export(
    State(app): State<Arc<App>>,
    Viewer(_): Viewer,
) -> Result<Response, Response> {
    let read = app.read(|txn, schema, _| Ok(provision::export(txn, schema)?));
    let text = read.await.map_err(|error| visit::unavailable(&error))?;
    let head = [
        (CONTENT_TYPE, "application/toml; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"provision.toml\"",
        ),
    ];
    Ok((head, text).into_response())
}
