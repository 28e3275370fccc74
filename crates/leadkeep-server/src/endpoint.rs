//! The SOAP endpoint as HTTP has it (END-1 to END-10, WSD-1 to WSD-5).

use crate::app::App;
use crate::body::{self, LARGE_AT_ONCE, Turn};
use crate::call_id;
use crate::call_log::Client;
use crate::http::Peer;
use crate::soap;
use axum::body::{Body, HttpBody};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT,
    FORWARDED, HOST, USER_AGENT, VARY,
};
use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version as HttpVersion,
};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::Request;
use hyper::body::Incoming;
use mktows::{Version, wsdl};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Answers below this size are not compressed.
const WORTH_COMPRESSING: usize = 1_024;

/// The header of an answer with the name of its call.
const CALL_ID: HeaderName = HeaderName::from_static("x-call-id");

/// Answers requests to the endpoint.
pub(crate) struct Endpoint {
    app: Arc<App>,
    /// Calls that may run at once.
    running: Semaphore,
    /// Large messages that may be in memory at once.
    large: Semaphore,
}

/// What follows on the path of the SOAP endpoint: the version, or what stands in its place (END-1).
pub(crate) fn version_segment(path: &str) -> Option<Cow<'_, str>> {
    let rest = path.strip_prefix("/soap/mktows/")?;
    let segment = rest.strip_suffix('/').unwrap_or(rest);
    let is_one = !segment.is_empty() && !segment.contains('/');
    is_one.then(|| percent_decode_str(segment).decode_utf8_lossy())
}

impl Endpoint {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self {
            running: Semaphore::new(app.config.max_running),
            large: Semaphore::new(LARGE_AT_ONCE),
            app,
        }
    }

    /// Answers a request whose path names a version: POST is a call whatever the query, GET and HEAD want the WSDL (END-5).
    pub(crate) async fn answer(
        &self,
        peer: &Peer,
        segment: &str,
        request: Request<Incoming>,
    ) -> Response {
        // END-10: a client that closes hears it, or it sends its next call into a closed connection.
        let closes = request.headers().get_all(CONNECTION).iter().any(|value| {
            value.to_str().is_ok_and(|value| {
                value
                    .split(',')
                    .any(|word| word.trim().eq_ignore_ascii_case("close"))
            })
        });
        let is_head = *request.method() == Method::HEAD;
        let has_body = !request.body().is_end_stream();
        let is_http_1 = request.version() <= HttpVersion::HTTP_11;
        let mut response = match Version::parse(segment) {
            None => (
                StatusCode::NOT_FOUND,
                "no such version: 1_0 to 3_1 are served\n",
            )
                .into_response(),
            Some(version) => match *request.method() {
                Method::POST => self.named_call(version, peer, request).await,
                Method::GET | Method::HEAD if asks_for_wsdl(request.uri()) => {
                    self.describe(version, segment, &request)
                }
                _ => {
                    let text = "POST a SOAP message here, or GET ?WSDL\n";
                    (
                        StatusCode::METHOD_NOT_ALLOWED,
                        [(ALLOW, "GET, HEAD, POST")],
                        text,
                    )
                        .into_response()
                }
            },
        };
        // Where a message may not have been read to its end, its connection does not go on.
        let unread = has_body && is_http_1 && response.status().is_client_error();
        if closes || unread {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
        match is_head {
            true => without_body(response),
            false => response,
        }
    }

    /// WSD-2 to WSD-5.
    fn describe(&self, version: Version, segment: &str, request: &Request<Incoming>) -> Response {
        let base = public_base(&self.app, request.headers(), request.uri());
        let document = wsdl::wsdl(version, &format!("{base}/soap/mktows/{segment}"));
        xml(
            StatusCode::OK,
            document.into_bytes(),
            accepts_gzip(request.headers()),
        )
    }

    /// A call with a name of its own, which its lines in the logs and its answer have.
    async fn named_call(
        &self,
        version: Version,
        peer: &Peer,
        request: Request<Incoming>,
    ) -> Response {
        let id = call_id::next();
        let mut response = self.call(version, peer, request, id.clone()).await;
        let status = response.status();
        // Messages are answered with 200 or 500.
        if status.is_client_error() {
            tracing::debug!(id, %status, "a request was refused before its message was read");
        }
        if let Ok(value) = HeaderValue::try_from(id) {
            response.headers_mut().insert(CALL_ID, value);
        }
        response
    }

    async fn call(
        &self,
        version: Version,
        peer: &Peer,
        request: Request<Incoming>,
        id: String,
    ) -> Response {
        let headers = request.headers();
        let client = client(peer, headers);
        let zipped = accepts_gzip(headers);
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let encoding = headers
            .get(CONTENT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .map(str::to_ascii_lowercase);
        // REQ-17: everything is read by its content, but attachments.
        if content_type.as_deref().is_some_and(|kind| {
            kind.trim_start()
                .to_ascii_lowercase()
                .starts_with("multipart/")
        }) {
            return (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "SOAP with attachments is not supported\n",
            )
                .into_response();
        }
        let limit = self.app.config.max_body;
        let announced = headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        // END-7: who waits for 100-continue has sent nothing yet, and need not.
        if announced.is_some_and(|length| length > limit) && headers.contains_key(EXPECT) {
            return body::too_large(limit);
        }
        let mut turn = Turn::of(&self.large);
        let body = match body::received(request.into_body(), &self.app.config, &mut turn).await {
            Ok(body) => body,
            Err(response) => return response,
        };
        let body = match body::unpacked(body, encoding, limit, &mut turn).await {
            Ok(body) => body,
            Err(response) => return response,
        };
        let Ok(_running) = self.running.acquire().await else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        let answer = soap::answer(&self.app, version, content_type, body, client, id).await;
        let status =
            StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        xml(status, answer.body, zipped)
    }
}

/// The answer to HEAD: the length of what GET would give, and nothing of it. hyper sees to that only for HTTP/1.
fn without_body(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        head.headers.insert(CONTENT_LENGTH, length.into());
    }
    Response::from_parts(head, Body::empty())
}

/// WSD-1: in any case, with an empty or any value.
fn asks_for_wsdl(uri: &Uri) -> bool {
    uri.query().unwrap_or_default().split('&').any(|parameter| {
        let name = parameter.split('=').next().unwrap_or_default();
        name.eq_ignore_ascii_case("wsdl") || name.eq_ignore_ascii_case("singleWsdl")
    })
}

/// The address by which clients reach the server: the one that the operator has set, or the one by which this one came.
pub(crate) fn public_base(app: &App, headers: &HeaderMap, uri: &Uri) -> String {
    match &app.config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => base_url(headers, uri, app.tls.is_some()),
    }
}

/// The address by which the client came (WSD-4). Headers are the client's word: what is no host is not repeated.
fn base_url(headers: &HeaderMap, uri: &Uri, has_tls: bool) -> String {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
    let first = |name: &'static str| {
        Some(
            text(HeaderName::from_static(name))?
                .split(',')
                .next()?
                .trim()
                .to_owned(),
        )
    };
    let forwarded = |wanted: &str| {
        let element = text(FORWARDED)?.split(',').next()?.to_owned();
        element.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let scheme = forwarded("proto").or_else(|| first("x-forwarded-proto"));
    let scheme = if has_tls || scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")) {
        "https"
    } else {
        "http"
    };
    let is_host = |host: &String| {
        !host.is_empty()
            && host.len() <= 255
            && host.bytes().all(|byte| {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
            })
    };
    let host = [
        forwarded("host"),
        first("x-forwarded-host"),
        text(HOST),
        uri.authority()
            .map(|authority| authority.as_str().to_owned()),
    ];
    let host = host
        .into_iter()
        .flatten()
        .find(is_host)
        .unwrap_or_else(|| "localhost".to_owned());
    format!("{scheme}://{host}")
}

/// Who calls: the other end of the connection, or whom a proxy on this machine names last.
fn client(peer: &Peer, headers: &HeaderMap) -> Client {
    let address = match peer.named_by_proxy(headers) {
        Some(named) => named.to_string().into(),
        None => peer.text.clone(),
    };
    let agent = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    Client {
        address,
        user_agent: Client::named(agent.unwrap_or_default()),
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|choice| {
            let (name, quality) = choice.split_once(';').unwrap_or((choice, ""));
            let refused = quality
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.trim().parse() == Ok(0.0));
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}

/// END-8: always with a length, compressed if the client takes it.
fn xml(status: StatusCode, body: Vec<u8>, zipped: bool) -> Response {
    let kind = (
        CONTENT_TYPE,
        HeaderValue::from_static("text/xml; charset=utf-8"),
    );
    if zipped
        && body.len() >= WORTH_COMPRESSING
        && let Ok(small) = gzip(&body)
    {
        let encoding = (CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let vary = (VARY, HeaderValue::from_static("accept-encoding"));
        return (status, [kind, encoding, vary], small).into_response();
    }
    (status, [kind], body).into_response()
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_01_the_version_is_all_that_follows() {
        let segment = |path: &str| version_segment(path).map(Cow::into_owned);
        for (path, expected) in [
            ("/soap/mktows/3_1", "3_1"),
            ("/soap/mktows/3_1/", "3_1"),
            ("/soap/mktows/3%5F1", "3_1"),
            ("/soap/mktows/%FF", "\u{FFFD}"),
        ] {
            assert_eq!(segment(path).as_deref(), Some(expected), "{path}");
        }
        for path in [
            "/",
            "/soap/mktows",
            "/soap/mktows/",
            "/soap/mktows//",
            "/soap/mktows//3_1",
            "/soap/mktows/3_1/x",
            "/soap/mktows/3_1//",
            "//soap/mktows/3_1",
        ] {
            assert_eq!(segment(path), None, "{path}");
        }
    }
}
