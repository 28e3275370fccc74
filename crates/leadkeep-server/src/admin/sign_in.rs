//! The first owner, signing in and out.

use super::page::{Message, Page, html};
use super::password::SHORTEST;
use super::token::Token;
use super::visit::{self, Anybody, Fields, LANGUAGE, SESSION, Viewer, cookie, form_urlencoded};
use super::{password, totp};
use crate::app::App;
use crate::call_log::Client;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use leadkeep_core::admins::{self, AdminError, LONGEST};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Instant;

/// The result of a page.
type Answer = Result<Response, Response>;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    page: Page,
    /// The name that was given, and where to go afterwards.
    name: String,
    next: String,
    /// Whether nobody can sign in yet.
    no_owner: bool,
    /// What was wrong.
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "first_owner.html")]
struct FirstOwner {
    page: Page,
    token: String,
    name: String,
    shortest: u64,
    error: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct SetUpToken {
    #[serde(default)]
    token: String,
}

/// Only ways inside of the pages: nobody is sent elsewhere by a link to here.
fn inside(next: &str) -> &str {
    let is_inside = next == "/admin" || next.starts_with("/admin/") || next.starts_with("/admin?");
    match is_inside
        && next
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    {
        true => next,
        false => "/admin",
    }
}

/// The form to sign in with.
pub(crate) async fn form(
    State(app): State<Arc<App>>,
    Anybody(page): Anybody,
    Query(Next { next }): Query<Next>,
) -> Answer {
    if page.me.is_some() {
        return Ok(Redirect::to(inside(&next)).into_response());
    }
    let no_owner = nobody_yet(&app).await?;
    let form = SignIn {
        page,
        name: String::new(),
        next: inside(&next).to_owned(),
        no_owner,
        error: None,
    };
    Ok(html(StatusCode::OK, &form))
}

async fn nobody_yet(app: &Arc<App>) -> Result<bool, Response> {
    let read = app.read_few(|txn, _, _| Ok(txn.admins()?.is_empty()));
    read.await.map_err(|error| visit::unavailable(&error))
}

/// Signs somebody in.
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    Anybody(page): Anybody,
    parts: Parts,
    fields: Fields,
) -> Answer {
    let name = fields.get("name").to_owned();
    let next = inside(fields.get("next")).to_owned();
    let address = visit::address(&parts);
    let throttle = &app.admin.throttle;
    let wait = throttle.attempt(&name, address, Instant::now());
    let refused = |page: Page, status, error| {
        let form = SignIn {
            page,
            name: name.clone(),
            next: next.clone(),
            no_owner: false,
            error: Some(error),
        };
        html(status, &form)
    };
    if !wait.is_zero() {
        let error = page.t.count("sign-in-wait", wait.as_secs().max(1));
        return Ok(refused(page, StatusCode::TOO_MANY_REQUESTS, error));
    }
    let wanted = name.clone();
    let read = app.read_few(move |txn, _, _| {
        let admins = txn.admins()?;
        Ok(admins.into_iter().find(|admin| admin.is_called(&wanted)))
    });
    let admin = read.await.map_err(|error| visit::unavailable(&error))?;
    let hash = admin.as_ref().map(|admin| admin.password.clone());
    let password = fields.raw("password").to_owned();
    let is_right = app.admin.hasher.is_right(password, hash).await;
    let step = admin
        .as_ref()
        .and_then(|admin| admin.totp.as_ref())
        .and_then(|totp| totp::step(&totp.secret, fields.get("code"), jiff::Timestamp::now()));
    let token = Token::fresh().map_err(|error| no_randomness(&error))?;
    if is_right {
        let (name, kept) = (name.clone(), token.kept());
        let begun = crate::app::run_write(&*app.store, move |txn, now| {
            admins::sign_in(txn, now, &name, &kept, step)
        });
        match begun.await {
            Ok(_) => {
                throttle.succeeded(fields.get("name"), address);
                tracing::info!(admin = fields.get("name"), %address, "signed in");
                let cookie = session_cookie(&app, &parts.headers, &token, LONGEST.as_secs());
                let cookies = AppendHeaders([(SET_COOKIE, cookie)]);
                return Ok((cookies, Redirect::to(&next)).into_response());
            }
            Err(AdminError::Store(error)) => return Err(visit::unavailable(&error.into())),
            Err(_) => {}
        }
    }
    tracing::warn!(admin = Client::named(&name), %address, "a sign-in was refused");
    let error = page.t.get("sign-in-wrong");
    Ok(refused(page, StatusCode::FORBIDDEN, error))
}

/// The cookie of a session. It goes with every visit of the pages, and with nothing else; when it was last used the server knows.
fn session_cookie(app: &App, headers: &HeaderMap, token: &Token, seconds: i64) -> String {
    let secure = if visit::is_secure(app, headers) {
        "; Secure"
    } else {
        ""
    };
    let value = token.as_str();
    format!("{SESSION}={value}; Path=/admin; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

pub(super) fn no_randomness(error: &getrandom::Error) -> Response {
    tracing::error!(%error, "the system gives no random numbers");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Ends the session.
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    Viewer(_): Viewer,
    parts: Parts,
    _fields: Fields,
) -> Answer {
    if let Some(token) = cookie(&parts.headers, SESSION) {
        let kept = Token::sent(token).kept();
        let ended = app.write(move |txn, _, _| Ok(admins::sign_out(txn, &kept)?));
        ended.await.map_err(|error| visit::unavailable(&error))?;
    }
    let gone = session_cookie(&app, &parts.headers, &Token::sent(""), 0);
    let cookies = AppendHeaders([(SET_COOKIE, gone)]);
    Ok((cookies, Redirect::to("/admin/sign-in")).into_response())
}

/// Chooses the language of the pages.
pub(crate) async fn language(
    State(app): State<Arc<App>>,
    Anybody(page): Anybody,
    fields: Fields,
) -> Answer {
    let next = inside(fields.get("next")).to_owned();
    let Some(texts) = super::texts::Texts::of(fields.get("language")) else {
        return Ok(Redirect::to(&next).into_response());
    };
    let tag = texts.language.tag;
    if let Some(me) = page.me {
        let chosen = crate::app::run_write(&*app.store, move |txn, _| {
            admins::set_language(txn, &me.name, Some(tag.to_owned()))
        });
        if let Err(AdminError::Store(error)) = chosen.await {
            return Err(visit::unavailable(&error.into()));
        }
    }
    let cookie = format!("{LANGUAGE}={tag}; Path=/admin; SameSite=Lax; Max-Age=31536000");
    let cookies = AppendHeaders([(SET_COOKIE, cookie)]);
    Ok((cookies, Redirect::to(&next)).into_response())
}

/// The form that makes the first owner, for who has the link that the server printed.
pub(crate) async fn first_owner_form(
    State(app): State<Arc<App>>,
    Anybody(page): Anybody,
    Query(SetUpToken { token }): Query<SetUpToken>,
) -> Answer {
    first_owner_page(&app, page, token, String::new(), None).await
}

async fn first_owner_page(
    app: &Arc<App>,
    page: Page,
    token: String,
    name: String,
    error: Option<&'static str>,
) -> Answer {
    if !nobody_yet(app).await? || !app.admin.is_set_up_token(&token) {
        let message = Message {
            title: page.t.get("set-up-used-title"),
            text: page.t.get("set-up-used"),
            page,
        };
        return Ok(html(StatusCode::FORBIDDEN, &message));
    }
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let error = error.map(|key| page.t.count(key, SHORTEST));
    let form = FirstOwner {
        page,
        token,
        name,
        shortest: SHORTEST,
        error,
    };
    Ok(html(status, &form))
}

/// Makes the first owner and signs in.
pub(crate) async fn first_owner(
    State(app): State<Arc<App>>,
    Anybody(page): Anybody,
    parts: Parts,
    fields: Fields,
) -> Answer {
    let token = fields.get("token").to_owned();
    let name = fields.get("name").to_owned();
    let chosen = fields.raw("password").to_owned();
    let wrong = if !password::is_good(&chosen) {
        Some("password-short")
    } else if chosen != fields.raw("again") {
        Some("password-differs")
    } else {
        None
    };
    // Who has no link learns nothing from the errors, and costs no hash.
    if wrong.is_some() || !app.admin.is_set_up_token(&token) {
        return first_owner_page(&app, page, token, name, wrong).await;
    }
    let Some(hash) = app.admin.hasher.hash(chosen).await else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    let session = Token::fresh().map_err(|error| no_randomness(&error))?;
    let (own, kept) = (name.clone(), session.kept());
    let made = crate::app::run_write(&*app.store, move |txn, now| {
        admins::first_owner(txn, now, &own, hash.clone())?;
        admins::sign_in(txn, now, &own, &kept, None)
    });
    match made.await {
        Ok(_) => {
            app.admin.end_set_up();
            tracing::info!(admin = name, "the first owner was made");
            let cookie = session_cookie(&app, &parts.headers, &session, LONGEST.as_secs());
            let cookies = AppendHeaders([(SET_COOKIE, cookie)]);
            Ok((cookies, Redirect::to("/admin")).into_response())
        }
        Err(AdminError::Store(error)) => Err(visit::unavailable(&error.into())),
        Err(AdminError::BadName) => {
            first_owner_page(&app, page, token, name, Some("name-bad")).await
        }
        Err(_) => first_owner_page(&app, page, String::new(), name, None).await,
    }
}

/// Where the first owner is made, for the line that the server prints.
pub(crate) fn set_up_path(token: &Token) -> String {
    let query = form_urlencoded(&[("token", token.as_str())]);
    format!("/admin/set-up?{query}")
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/admin", "/admin/calls?user=a", "/admin?x=1"] {
            assert_eq!(inside(good), good);
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/administrator",
            "/admin/\\evil.example",
            "/admin/\nSet-Cookie: x",
            "/admin/\u{1}",
            "/admin/\u{7f}",
            "/admin/a b",
            "/admin/\u{e9}",
            "/other",
        ] {
            assert_eq!(inside(bad), "/admin", "{bad:?}");
        }
    }
}
