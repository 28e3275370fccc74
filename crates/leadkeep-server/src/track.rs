//! `POST /track/visit`: a page of the owner's site says who visits it. Off unless it is switched on.
//!
//! Anybody can post here, as anybody can visit a web page: what comes is taken as the visitor's word, cut where it is
//! long, and never answered with anything of a lead.

use crate::app::App;
use crate::body::not_whole;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, USER_AGENT};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use leadkeep_core::activities::WebPage;
use leadkeep_core::error::CallError;
use leadkeep_core::leads;
use serde::Deserialize;
use std::net::IpAddr;
use std::sync::Arc;

/// Bytes of a message at the most.
const MAX_BODY: usize = 16 << 10;
/// Characters that are kept of what a visitor says.
const MAX_TEXT: usize = 1_000;

/// A visit. The page may send it by `navigator.sendBeacon`, which names no content type that needs permission.
#[derive(Deserialize)]
struct Visit {
    /// The `_mkto_trk` cookie, whole or from `token:` on.
    cookie: String,
    /// The address of the page.
    url: String,
    /// The address of the page before it.
    #[serde(default)]
    referrer: String,
}

/// Takes a visit (DM-LEAD-2): 204 once it is stored.
pub(crate) async fn visit(State(app): State<Arc<App>>, request: Request) -> Response {
    let headers = request.headers().clone();
    let answer = match to_bytes(request.into_body(), MAX_BODY).await {
        Ok(body) => store(&app, &headers, &body).await,
        Err(error) => Err(match not_whole(&error) {
            Some(status) => (status, "the message did not arrive whole\n".to_owned()),
            None => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("at most {MAX_BODY} bytes are taken\n"),
            ),
        }),
    };
    // Pages of any host may post; none can read anything.
    let anyone = [(ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    match answer {
        Ok(()) => (StatusCode::NO_CONTENT, anyone).into_response(),
        Err((status, text)) => (status, anyone, text).into_response(),
    }
}

async fn store(
    app: &Arc<App>,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(), (StatusCode, String)> {
    let bad = |reason: String| (StatusCode::BAD_REQUEST, format!("{reason}\n"));
    let visit: Visit = serde_json::from_slice(body).map_err(|error| {
        bad(format!(
            "JSON like {{\"cookie\": \"token:...\", \"url\": \"https://...\", \"referrer\": \"\"}} is expected: {error}"
        ))
    })?;
    let url: Uri = visit
        .url
        .parse()
        .ok()
        .filter(|url: &Uri| matches!(url.scheme_str(), Some("http" | "https")))
        .ok_or_else(|| bad("url: an address with http or https is expected".to_owned()))?;
    let page = WebPage {
        path: kept(url.path()),
        query: kept(url.query().unwrap_or_default()),
        referrer: kept(&visit.referrer),
        client_address: client_address(headers),
        user_agent: kept(text(headers, USER_AGENT.as_str())),
    };
    let cookie = visit.cookie;
    app.write(move |txn, schema, now| leads::track_visit(txn, schema, now, &cookie, &page))
        .await
        .map(|_| ())
        .map_err(|error| match error {
            CallError::Store(error) => {
                tracing::error!(%error, "a visit could not be stored");
                let text = "the store is not available\n".to_owned();
                (StatusCode::SERVICE_UNAVAILABLE, text)
            }
            error => bad(error.to_string()),
        })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// The address that a proxy in front says the visitor has; without one there is none.
fn client_address(headers: &HeaderMap) -> String {
    let first = text(headers, "x-forwarded-for").split(',').next();
    let address = first.and_then(|first| first.trim().parse::<IpAddr>().ok());
    address
        .map(|address| address.to_string())
        .unwrap_or_default()
}

/// Without control characters, and not too long.
fn kept(text: &str) -> String {
    let letters = text.chars().filter(|letter| !letter.is_control());
    letters.take(MAX_TEXT).collect()
}
