//! API users and their keys; admin users and what they have changed; one's own password.

mod account;
mod admins;
mod api;

use super::page::{Message, Page, Section, html};
use super::visit::{self, Viewer};
use crate::app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use leadkeep_core::admins::{AdminError, AuditEntry};
use serde::Deserialize;
use std::sync::Arc;

/// Entries of a page of the audit log.
const PAGE: usize = 100;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/users", get(api::list))
        .route("/admin/users/add", post(api::add))
        .route("/admin/users/rotate", post(api::rotate))
        .route("/admin/users/revoke", post(api::revoke))
        .route("/admin/admins", get(admins::list))
        .route("/admin/admins/add", post(admins::add))
        .route("/admin/admins/role", post(admins::set_role))
        .route("/admin/admins/disable", post(admins::disable))
        .route("/admin/admins/enable", post(admins::enable))
        .route("/admin/admins/password", post(admins::set_password))
        .route("/admin/account", get(account::form).post(account::change))
        .route("/admin/audit", get(audit))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Before {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    page: Page,
    entries: Vec<AuditEntry>,
    older: Option<i64>,
}

/// What was changed, and by whom.
async fn audit(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(Before { before }): Query<Before>,
) -> Result<Response, Response> {
    let page = page.of(Section::Users);
    let read = app.read(move |txn, _, _| Ok(txn.audit_before(before, PAGE + 1)?));
    let mut entries = read.await.map_err(|error| visit::unavailable(&error))?;
    let has_more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let last = entries.last().map(|entry| entry.id);
    let audit = Audit {
        page,
        entries,
        older: last.filter(|_| has_more),
    };
    Ok(html(StatusCode::OK, &audit))
}

/// Says in the visitor's language why something about admin users was refused.
fn refused(page: Page, error: AdminError) -> Response {
    let key = match error {
        AdminError::Store(error) => return visit::unavailable(&error.into()),
        AdminError::Exists(_) => "admin-exists",
        AdminError::Unknown(_) => "admin-unknown",
        AdminError::BadName => "name-bad",
        AdminError::NotFirst => "set-up-used",
        AdminError::LastOwner => "admin-last-owner",
    };
    wrong(page, key)
}

/// Says what was wrong with a form.
fn wrong(page: Page, key: &str) -> Response {
    let text = page.t.count(key, super::password::SHORTEST);
    not_done(page, StatusCode::UNPROCESSABLE_ENTITY, text)
}

/// Says why nothing was done.
fn not_done(page: Page, status: StatusCode, text: String) -> Response {
    let message = Message {
        title: page.t.get("not-done"),
        text,
        page,
    };
    html(status, &message)
}
