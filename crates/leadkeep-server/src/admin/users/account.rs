//! One's own password and one-time codes.

use super::super::page::{Page, Section, html};
use super::super::visit::{self, Fields, SESSION, Viewer, cookie};
use super::super::{password, token::Token, totp};
use super::{not_done, refused, wrong};
use crate::app::{App, run_write};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use leadkeep_core::admins::{self, Totp};
use qrcodegen::{QrCode, QrCodeEcc};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Instant;

/// Bytes of the secret of one-time codes, as RFC 4226 advises.
const SECRET: usize = 20;

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    page: Page,
    shortest: u64,
    has_codes: bool,
    /// The secret for a program that makes codes, as text and as the URL that such programs take.
    secret: String,
    url: String,
    /// The URL as a picture for a telephone's camera.
    picture: Option<Picture>,
}

/// A QR code.
struct Picture {
    /// How many squares it is wide, with the margin that readers need.
    size: i32,
    /// The dark squares, as the path of an SVG.
    path: String,
}

/// Squares of the margin.
const MARGIN: i32 = 4;

/// A QR code of a text; none if it is too long for one.
fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + MARGIN, y + MARGIN));
        }
    }
    Some(Picture {
        size: code.size() + 2 * MARGIN,
        path,
    })
}

/// The secret that is offered: it follows from the session, so that it is the same when the code comes.
fn offered(token: &str) -> Vec<u8> {
    Sha256::digest(format!("totp {token}"))[..SECRET].to_vec()
}

pub(super) async fn form(Viewer(page): Viewer, parts: Parts) -> Response {
    let page = page.of(Section::Users);
    let token = cookie(&parts.headers, SESSION).unwrap_or_default();
    let secret = totp::base32(&offered(token));
    let name: String = page
        .name()
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let url = format!("otpauth://totp/leadkeep:{name}?secret={secret}&issuer=leadkeep");
    let account = Account {
        shortest: password::SHORTEST,
        has_codes: page.me.as_ref().is_some_and(|me| me.totp.is_some()),
        picture: picture(&url),
        url,
        secret,
        page,
    };
    html(StatusCode::OK, &account)
}

/// Changes the password, or turns one-time codes on or off. All of it needs the password that there is.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    parts: Parts,
    fields: Fields,
) -> Result<Response, Response> {
    let page = page.of(Section::Users);
    let hash = page.me.as_ref().map(|me| me.password.clone());
    let given = fields.raw("current").to_owned();
    // Guesses wait as at the sign-in.
    let address = visit::address(&parts);
    let wait = app
        .admin
        .throttle
        .attempt(page.name(), address, Instant::now());
    if !wait.is_zero() {
        let text = page.t.count("sign-in-wait", wait.as_secs().max(1));
        return Ok(not_done(page, StatusCode::TOO_MANY_REQUESTS, text));
    }
    if !app.admin.hasher.is_right(given, hash).await {
        return Ok(wrong(page, "password-wrong"));
    }
    app.admin.throttle.succeeded(page.name(), address);
    let name = page.name().to_owned();
    let token = cookie(&parts.headers, SESSION)
        .unwrap_or_default()
        .to_owned();
    let done = match fields.get("what") {
        "password" => {
            let chosen = fields.raw("password").to_owned();
            if !password::is_good(&chosen) {
                return Ok(wrong(page, "password-short"));
            }
            if chosen != fields.raw("again") {
                return Ok(wrong(page, "password-differs"));
            }
            let Some(hash) = app.admin.hasher.hash(chosen).await else {
                return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
            };
            let kept = Token::sent(&token).kept();
            run_write(&*app.store, move |txn, now| {
                // All other sessions end, this one goes on.
                let own = txn.session(&kept)?;
                admins::set_password(txn, now, &name, &name, hash.clone())?;
                own.map_or(Ok(()), |own| txn.put_session(&own))?;
                Ok(())
            })
            .await
        }
        "codes-on" => {
            let secret = offered(&token);
            let Some(step) = totp::step(&secret, fields.get("code"), Timestamp::now()) else {
                return Ok(wrong(page, "code-wrong"));
            };
            run_write(&*app.store, move |txn, now| {
                let totp = Totp {
                    secret: secret.clone(),
                    last_step: step,
                };
                admins::set_totp(txn, now, &name, &name, Some(totp))
            })
            .await
        }
        "codes-off" => {
            run_write(&*app.store, move |txn, now| {
                admins::set_totp(txn, now, &name, &name, None)
            })
            .await
        }
        _ => return Err(StatusCode::BAD_REQUEST.into_response()),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/admin/account").into_response()),
        Err(error) => Ok(refused(page, error)),
    }
}
