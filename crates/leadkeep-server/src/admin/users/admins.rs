//! Admin users: who may use these pages, and what they may do.

use super::super::page::{Page, Section, html};
use super::super::password;
use super::super::visit::{self, Fields, Owner};
use super::{refused, wrong};
use crate::app::{App, run_write};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use leadkeep_core::admins::{self, Admin, AdminError, Role};
use leadkeep_core::store::WriteTxn;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admins.html")]
struct List {
    page: Page,
    admins: Vec<Admin>,
    roles: [&'static str; Role::ALL.len()],
    shortest: u64,
}

impl List {
    fn is_role(&self, admin: &Admin, role: &str) -> bool {
        admin.role.as_str() == role
    }
}

/// All admin users.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
) -> Result<Response, Response> {
    let page = page.of(Section::Users);
    let read = app.read(|txn, _, _| Ok(txn.admins()?));
    let admins = read.await.map_err(|error| visit::unavailable(&error))?;
    let list = List {
        page,
        admins,
        roles: Role::ALL.map(Role::as_str),
        shortest: password::SHORTEST,
    };
    Ok(html(StatusCode::OK, &list))
}

/// Runs a rule, then goes back to the list.
async fn changed(
    app: &App,
    page: Page,
    fields: &Fields,
    mut rule: impl FnMut(&mut dyn WriteTxn, Timestamp, &str, &str) -> Result<(), AdminError>
    + Send
    + 'static,
) -> Result<Response, Response> {
    let (by, name) = (page.name().to_owned(), fields.get("name").to_owned());
    let done = run_write(&*app.store, move |txn, now| rule(txn, now, &by, &name));
    match done.await {
        Ok(()) => Ok(Redirect::to("/admin/admins").into_response()),
        Err(error) => Ok(refused(page.of(Section::Users), error)),
    }
}

/// The hash of the password of a form; nothing if it cannot be one.
async fn hash(app: &App, fields: &Fields) -> Option<String> {
    let chosen = fields.raw("password").to_owned();
    match password::is_good(&chosen) {
        true => app.admin.hasher.hash(chosen).await,
        false => None,
    }
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let Some(role) = Role::parse(fields.get("role")) else {
        return Ok(wrong(page, "admin-role-bad"));
    };
    let Some(hash) = hash(&app, &fields).await else {
        return Ok(wrong(page, "password-short"));
    };
    changed(&app, page, &fields, move |txn, now, by, name| {
        admins::add(txn, now, by, name, hash.clone(), role)
    })
    .await
}

pub(super) async fn set_role(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let Some(role) = Role::parse(fields.get("role")) else {
        return Ok(wrong(page, "admin-role-bad"));
    };
    changed(&app, page, &fields, move |txn, now, by, name| {
        admins::set_role(txn, now, by, name, role)
    })
    .await
}

pub(super) async fn disable(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    changed(&app, page, &fields, admins::disable).await
}

pub(super) async fn enable(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    changed(&app, page, &fields, admins::enable).await
}

/// Gives somebody who forgot it a new password; one-time codes go too.
pub(super) async fn set_password(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let Some(hash) = hash(&app, &fields).await else {
        return Ok(wrong(page, "password-short"));
    };
    changed(&app, page, &fields, move |txn, now, by, name| {
        admins::set_password(txn, now, by, name, hash.clone())?;
        admins::set_totp(txn, now, by, name, None)
    })
    .await
}
