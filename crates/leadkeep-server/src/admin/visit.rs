//! Who visits a page, and what may be done there.

use super::page::{Message, Page, Section, html};
use super::texts::Texts;
use super::token::Token;
use crate::app::App;
use crate::body::{Lost, collected, not_whole};
use crate::http::Peer;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leadkeep_core::admins::{self, Role};
use leadkeep_core::error::CallError;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The cookie of a session.
pub(crate) const SESSION: &str = "leadkeep_session";
/// The cookie of the language of those who are not signed in.
pub(crate) const LANGUAGE: &str = "leadkeep_language";
/// Bytes of a form at the most.
const LARGEST_FORM: usize = 1 << 20;

/// What pages say after something was done, and the way to them went by another page.
const DONE: [&str; 4] = ["saved", "merged", "deleted", "replayed"];

/// What a cookie of the request holds.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(own, value)| (own == name).then_some(value))
}

/// Whether the browser reaches the server by TLS, itself or by a proxy: cookies must not go out without it then.
pub(crate) fn is_secure(app: &App, headers: &HeaderMap) -> bool {
    let forwarded = headers.get("x-forwarded-proto");
    let forwarded = forwarded.and_then(|value| value.to_str().ok());
    let public = app.config.public_url.as_deref();
    app.tls.is_some()
        || forwarded.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
        || public.is_some_and(|url| url.starts_with("https://"))
}

/// Where the visitor comes from: the other end of the connection, or whom a proxy on this machine names last.
pub(crate) fn address(parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<Peer>();
    peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| {
        peer.named_by_proxy(&parts.headers).unwrap_or(peer.ip)
    })
}

/// Whether a request that changes something was made by a page of this server. Browsers name where a form comes from;
/// programs that are no browsers have no cookies that somebody else could use.
pub(crate) fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match (text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some(origin), Some(host)) => {
            let named = origin.split_once("://").map_or(origin, |(_, host)| host);
            named.eq_ignore_ascii_case(host)
        }
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Somebody who need not be signed in.
pub(crate) struct Anybody(pub(crate) Page);

/// Somebody who is signed in and may see things.
pub(crate) struct Viewer(pub(crate) Page);

/// Somebody who may change records.
pub(crate) struct Editor(pub(crate) Page);

/// Somebody who may change what is set up.
pub(crate) struct Owner(pub(crate) Page);

/// The page that is to be made for a request.
async fn page(parts: &Parts, app: &Arc<App>) -> Result<Page, Response> {
    let headers = &parts.headers;
    let accepted = headers.get(ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    let chosen = cookie(headers, LANGUAGE).and_then(Texts::of);
    let token = cookie(headers, SESSION).map(Token::sent);
    let kept = token.as_ref().map(Token::kept);
    let read = app.read_few(move |txn, schema, now| {
        let zone = schema.instance.time_zone.clone();
        let resumed = match &kept {
            Some(kept) => admins::resume(txn, now, kept)?,
            None => None,
        };
        Ok((resumed, zone))
    });
    let (resumed, zone) = read.await.map_err(|error| unavailable(&error))?;
    let me = match resumed {
        Some((me, seen)) => {
            if let Some(seen) = seen {
                let kept = app.write(move |txn, _, _| Ok(txn.put_session(&seen)?));
                kept.await.map_err(|error| unavailable(&error))?;
            }
            Some(me)
        }
        None => None,
    };
    let own = me.as_ref().and_then(|me| me.language.as_deref());
    let t = own
        .and_then(Texts::of)
        .or(chosen)
        .unwrap_or_else(|| Texts::accepted(accepted.unwrap_or_default()));
    let csrf = token.map(|token| token.form());
    // A form that was sent is no page to go back to.
    let is_page = parts.method == Method::GET;
    let path = parts.uri.path_and_query().filter(|_| is_page);
    let done = parts
        .uri
        .query()
        .and_then(done)
        .map(|word| t.get(&format!("done-{word}")));
    Ok(Page {
        t,
        me,
        csrf: csrf.unwrap_or_default(),
        section: Section::None,
        zone,
        path: path.map(|path| path.as_str().to_owned()),
        done,
    })
}

/// The word in a query that says what was just done, if it is one of ours.
fn done(query: &str) -> Option<&'static str> {
    let word = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("done="))?;
    DONE.into_iter().find(|own| *own == word)
}

/// The store does not answer: no page can be made.
pub(crate) fn unavailable(error: &CallError) -> Response {
    tracing::error!(%error, "an admin page could not be made");
    let text = "the store is not available\n";
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

impl FromRequestParts<Arc<App>> for Anybody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        match foreign(parts) {
            Some(refused) => Err(refused),
            None => Ok(Self(page(parts, app).await?)),
        }
    }
}

macro_rules! visitors {
    ($($name:ident => $role:expr;)+) => {$(
        impl FromRequestParts<Arc<App>> for $name {
            type Rejection = Response;

            async fn from_request_parts(
                parts: &mut Parts,
                app: &Arc<App>,
            ) -> Result<Self, Response> {
                Ok(Self(signed_in(parts, app, $role).await?))
            }
        }
    )+};
}

visitors! {
    Viewer => Role::Viewer;
    Editor => Role::Editor;
    Owner => Role::Owner;
}

/// Refuses what a page of elsewhere made a browser send.
fn foreign(parts: &Parts) -> Option<Response> {
    let changes = !matches!(parts.method, Method::GET | Method::HEAD);
    let text = "this form came from another site\n";
    (changes && !is_own(&parts.headers)).then(|| (StatusCode::FORBIDDEN, text).into_response())
}

async fn signed_in(parts: &Parts, app: &Arc<App>, least: Role) -> Result<Page, Response> {
    if let Some(refused) = foreign(parts) {
        return Err(refused);
    }
    let page = page(parts, app).await?;
    if page.me.is_none() {
        let query = form_urlencoded(&[("next", page.here())]);
        return Err(Redirect::to(&format!("/admin/sign-in?{query}")).into_response());
    }
    if !page.may(least) {
        let message = Message {
            title: page.t.get("forbidden-title"),
            text: page.t.get(match least {
                Role::Owner => "forbidden-owner",
                _ => "forbidden-editor",
            }),
            page,
        };
        return Err(html(StatusCode::FORBIDDEN, &message));
    }
    Ok(page)
}

/// Where there is no page.
pub(crate) async fn not_found(Viewer(page): Viewer) -> Response {
    let message = Message {
        title: page.t.get("not-found-title"),
        text: page.t.get("not-found"),
        page,
    };
    html(StatusCode::NOT_FOUND, &message)
}

/// Pairs as the query of a URL.
pub(crate) fn form_urlencoded(pairs: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// The fields of a form that one of our pages made for this session.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// What a field holds, without blanks around it; empty without the field.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// What a field holds, as it is.
    pub(crate) fn raw(&self, name: &str) -> &str {
        let own = self.0.iter().find(|(own, _)| own == name);
        own.map_or("", |(_, value)| value.as_str())
    }

    /// Refuses a form of another session.
    #[expect(clippy::result_large_err, reason = "it is the answer")]
    fn must_carry(&self, expected: Option<&str>) -> Result<(), Response> {
        // Who is not signed in has no session that somebody else could use.
        if expected.is_some_and(|expected| self.get("csrf") != expected) {
            let text = "this form is of another session; go back and load it again\n";
            return Err((StatusCode::FORBIDDEN, text).into_response());
        }
        Ok(())
    }

    /// The fields whose names begin with a prefix: the rest of their names, and what they hold, as it is.
    pub(crate) fn under<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        let fields = self.0.iter();
        fields.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

impl FromRequest<Arc<App>> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let expected = cookie(request.headers(), SESSION).map(|token| Token::sent(token).form());
        let (parts, body) = request.into_parts();
        let body = match collected(body, LARGEST_FORM, None).await {
            Ok(Some(body)) => body,
            Ok(None) => return Err(lost(&parts, app, StatusCode::PAYLOAD_TOO_LARGE).await),
            Err(error) => {
                let status = match error {
                    Lost::Broken(error) => not_whole(&error),
                    Lost::Stalled => Some(StatusCode::REQUEST_TIMEOUT),
                };
                let status = status.unwrap_or(StatusCode::BAD_REQUEST);
                return Err(lost(&parts, app, status).await);
            }
        };
        let Ok(fields) = serde_urlencoded::from_bytes(&body) else {
            return Err(lost(&parts, app, StatusCode::BAD_REQUEST).await);
        };
        let fields = Self(fields);
        fields.must_carry(expected.as_deref())?;
        Ok(fields)
    }
}

/// Says that a form cannot be read, so that nothing of it was done.
async fn lost(parts: &Parts, app: &Arc<App>, status: StatusCode) -> Response {
    let page = match page(parts, app).await {
        Ok(page) => page,
        Err(response) => return response,
    };
    let most = format!("{} MiB", LARGEST_FORM >> 20);
    let message = Message {
        title: page.t.get("form-lost-title"),
        text: page.t.about("form-lost", &most),
        page,
    };
    html(status, &message)
}

/// A form with a file.
pub(crate) struct Upload {
    pub(crate) fields: Fields,
    /// What the file holds; nothing without one.
    pub(crate) file: Vec<u8>,
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let expected = cookie(request.headers(), SESSION).map(|token| Token::sent(token).form());
        let broken = |error: MultipartError| {
            let most = app.config.max_body;
            let text = format!("the form did not arrive whole; at most {most} bytes are taken\n");
            (error.status(), text).into_response()
        };
        let form = Multipart::from_request(request, app).await;
        let mut form = form.map_err(|error| error.into_response())?;
        let mut upload = Self {
            fields: Fields::default(),
            file: Vec::new(),
        };
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                upload.file = field.bytes().await.map_err(broken)?.into();
            } else {
                let value = field.text().await.map_err(broken)?;
                upload.fields.0.push((name, value));
            }
        }
        upload.fields.must_carry(expected.as_deref())?;
        Ok(upload)
    }
}
