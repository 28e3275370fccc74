//! API users: who may call, and with which keys.

use super::super::calls::look;
use super::super::page::{Message, Page, Section, html};
use super::super::sign_in::no_randomness;
use super::super::token::Token;
use super::super::visit::{self, Fields, Owner, Viewer};
use crate::app::{App, run_write_with_schema};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use leadkeep_core::admins::{Change, note};
use leadkeep_core::provision::{UserError, user_add, user_revoke, user_rotate};
use leadkeep_core::schema::ApiUser;
use leadkeep_core::store::WriteTxn;
use std::sync::Arc;

/// Hours that an old key stays valid at the most.
const LONGEST_OVERLAP: i64 = 24 * 365;
/// Characters of a key (AUT-1).
const KEY: usize = 40;

#[derive(Template)]
#[template(path = "users.html")]
struct List {
    page: Page,
    users: Vec<Row>,
    /// Calls that each may make a day, if that is limited.
    daily: Option<u64>,
}

/// A user, and what is known of the calls.
struct Row {
    user: ApiUser,
    /// When it last called, a minute more or less, as far as the log goes back.
    last_call: Option<Timestamp>,
    /// Calls of today, if they are counted.
    today: Option<u64>,
}

#[derive(Template)]
#[template(path = "user_key.html")]
struct Key {
    page: Page,
    user: String,
    key: String,
}

/// All API users, without their keys.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
) -> Result<Response, Response> {
    let page = page.of(Section::Users);
    let read = app.read(|_, schema, _| Ok(schema.users.clone()));
    let mut users = read.await.map_err(|error| visit::unavailable(&error))?;
    users.sort_by(|one, other| page.t.order(&one.id, &other.id));
    let last_calls = match app.call_log {
        Some(_) => look(&app, &page, |log| log.last_calls()).await?,
        None => Vec::new(),
    };
    let now = Timestamp::now();
    let rows = users.into_iter().map(|user| {
        let last = last_calls.iter().find(|(id, _)| *id == user.id);
        Row {
            last_call: last.map(|(_, at)| *at),
            today: app.limits.calls_today(&user.id, now),
            user,
        }
    });
    let list = List {
        page,
        users: rows.collect(),
        daily: app.config.limits.daily,
    };
    Ok(html(StatusCode::OK, &list))
}

/// A fresh key.
fn fresh_key() -> Result<String, getrandom::Error> {
    Ok(Token::fresh()?.as_str().chars().take(KEY).collect())
}

/// Adds a user, and shows the key, once.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let (id, remark) = (fields.get("id").to_owned(), fields.get("note").to_owned());
    let (admin, key, user) = (
        page.name().to_owned(),
        fresh_key().map_err(|error| no_randomness(&error))?,
        id.clone(),
    );
    let made = run_write_with_schema(&*app.store, &app.schema, move |txn, schema, now| {
        let fresh = &mut || key.clone();
        let key = user_add(txn, schema, now, &user, None, &remark, fresh)?;
        noted(txn, now, &admin, "user.add", &user, &remark)?;
        Ok::<_, UserError>(key)
    });
    let made = made.await;
    known_at_once(&app).await?;
    Ok(shown(page, id, made))
}

/// Gives a user a new key, and shows it, once; the old one stays valid for a while.
pub(super) async fn rotate(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let id = fields.get("id").to_owned();
    let hours = fields.get("overlap").parse::<i64>().ok();
    let Some(hours) = hours.filter(|hours| (0..=LONGEST_OVERLAP).contains(hours)) else {
        return Ok(super::wrong(page.of(Section::Users), "user-overlap-bad"));
    };
    let (admin, key, user) = (
        page.name().to_owned(),
        fresh_key().map_err(|error| no_randomness(&error))?,
        id.clone(),
    );
    let made = run_write_with_schema(&*app.store, &app.schema, move |txn, schema, now| {
        let overlap = SignedDuration::from_hours(hours);
        let fresh = &mut || key.clone();
        let key = user_rotate(txn, schema, now, &user, None, overlap, fresh)?;
        let detail = format!("overlap {hours} h");
        noted(txn, now, &admin, "user.rotate", &user, &detail)?;
        Ok::<_, UserError>(key)
    });
    let made = made.await;
    known_at_once(&app).await?;
    Ok(shown(page, id, made))
}

/// Refuses the calls of a user from now on.
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let (admin, user) = (page.name().to_owned(), fields.get("id").to_owned());
    let done = run_write_with_schema(&*app.store, &app.schema, move |txn, schema, now| {
        if user_revoke(txn, schema, now, &user)? {
            noted(txn, now, &admin, "user.revoke", &user, "")?;
        }
        Ok::<_, UserError>(())
    });
    let done = done.await;
    known_at_once(&app).await?;
    match done {
        Ok(()) => Ok(Redirect::to("/admin/users").into_response()),
        Err(error) => Ok(refused(page, error)),
    }
}

/// The check of users looks at the definitions as they were read last: who was told of a key may use it.
async fn known_at_once(app: &Arc<App>) -> Result<(), Response> {
    let read = app.read(|_, _, _| Ok(()));
    read.await.map_err(|error| visit::unavailable(&error))
}

fn noted(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    by: &str,
    action: &str,
    user: &str,
    detail: &str,
) -> Result<(), UserError> {
    let subject = format!("user {user}");
    let change = Change {
        by,
        action,
        subject: &subject,
        detail,
    };
    Ok(note(txn, now, change)?)
}

fn shown(page: Page, user: String, made: Result<String, UserError>) -> Response {
    match made {
        Ok(key) => {
            let page = page.of(Section::Users);
            html(StatusCode::OK, &Key { page, user, key })
        }
        Err(error) => refused(page, error),
    }
}

fn refused(page: Page, error: UserError) -> Response {
    let page = page.of(Section::Users);
    let text = match error {
        UserError::Store(error) => return visit::unavailable(&error.into()),
        UserError::Exists(id) => page.t.about("user-exists", &id),
        UserError::Unknown { id, .. } => page.t.about("user-unknown", &id),
        UserError::Revoked(_) => page.t.get("connect-no-user"),
        UserError::Malformed(_) => page.t.get("user-bad-id"),
    };
    let message = Message {
        title: page.t.get("not-done"),
        text,
        page,
    };
    html(StatusCode::UNPROCESSABLE_ENTITY, &message)
}
