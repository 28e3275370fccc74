//! Requests and answers as HTTP has them (END-1 to END-10).

use crate::admin;
use crate::app::App;
use crate::call_id;
use crate::call_log::Client;
use crate::metrics;
use crate::soap;
use crate::track;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT,
    FORWARDED, HOST, USER_AGENT, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use flate2::Compression;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use flate2::write::GzEncoder;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use mktows::{Version, wsdl};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::future::poll_fn;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Answers below this size are not compressed.
const WORTH_COMPRESSING: usize = 1_024;

/// A body that is too large is read on up to so many times the limit, and thrown away: a client that is still writing
/// when the connection closes sees a broken connection and not the 413.
const READ_ON: usize = 4;

/// The header of an answer with the name of its call.
const CALL_ID: HeaderName = HeaderName::from_static("x-call-id");

/// State of the routes.
#[derive(Clone)]
struct Edge {
    app: Arc<App>,
    running: Arc<Semaphore>,
}

/// All that is served.
pub(crate) struct Web {
    edge: Edge,
    others: TowerToHyperService<Router>,
}

impl Web {
    pub(crate) fn new(app: Arc<App>) -> Self {
        let edge = Edge {
            running: Arc::new(Semaphore::new(app.config.max_running)),
            app,
        };
        Self {
            others: TowerToHyperService::new(others(&edge)),
            edge,
        }
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, mut request: Request<Incoming>, peer: Peer) -> Response {
        // Nearly all requests are calls, which need no look through the routes.
        if let Some(segment) = version_segment(request.uri().path()) {
            let segment = segment.into_owned();
            return endpoint(&self.edge, &peer, &segment, request).await;
        }
        request.extensions_mut().insert(peer);
        let Ok(response) = self.others.call(request).await;
        response
    }
}

/// What follows on the path of the SOAP endpoint: the version, or what stands in its place (END-1).
fn version_segment(path: &str) -> Option<Cow<'_, str>> {
    let rest = path.strip_prefix("/soap/mktows/")?;
    let segment = rest.strip_suffix('/').unwrap_or(rest);
    let is_one = !segment.is_empty() && !segment.contains('/');
    is_one.then(|| percent_decode_str(segment).decode_utf8_lossy())
}

/// The routes besides the SOAP endpoint.
fn others(edge: &Edge) -> Router {
    let app = &edge.app;
    let track = match app.config.track_visits {
        true => Router::new()
            .route("/track/visit", post(track::visit))
            .with_state(app.clone()),
        false => Router::new(),
    };
    Router::new()
        .route("/health", get(ready))
        .route("/readyz", get(ready))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/metrics", get(numbers))
        .with_state(edge.clone())
        .merge(track)
        .merge(admin::router(app.clone()))
}

/// Says that the server answers and reaches its store.
async fn ready(State(edge): State<Edge>) -> Response {
    match edge.app.read(|_, _, _| Ok(())).await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store is not available\n",
        )
            .into_response(),
    }
}

/// What proxies say of those whose requests they pass on.
const PROXIED: [&str; 6] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Where a connection comes from.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    /// The address; one of IPv4 also if it came by a socket of IPv6.
    pub(crate) ip: IpAddr,
    /// The same as a text, made once: the log of calls has it with each call.
    text: Arc<str>,
}

impl Peer {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let ip = address.ip().to_canonical();
        let text = ip.to_string().into();
        Self { ip, text }
    }
}

/// What has happened, for Prometheus. It tells how much somebody does, so it is for this machine, unless everybody is meant
/// to see it; what comes by way of a proxy comes from elsewhere.
async fn numbers(State(edge): State<Edge>, request: Request) -> Response {
    let peer = request.extensions().get::<Peer>();
    let is_near = peer.is_some_and(|peer| peer.ip.is_loopback());
    let headers = request.headers();
    let is_direct = !PROXIED.iter().any(|name| headers.contains_key(*name));
    // A page of elsewhere in a browser of this machine, or a proxy, names another host.
    let authority = request.uri().authority().map(|own| own.as_str());
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .or(authority);
    let is_own = host.is_some_and(|host| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
        name == "localhost" || address.is_ok_and(|address| address.is_loopback())
    });
    let is_near = is_near && is_direct && is_own;
    if !(edge.app.config.public_metrics || is_near) {
        let text = "metrics are for this machine only; `leadkeep serve --public-metrics` shows them to everybody\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let text = metrics::written(&edge.app).await;
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}

/// The SOAP endpoint: POST is a call whatever the query, GET and HEAD want the WSDL (END-5).
async fn endpoint(edge: &Edge, peer: &Peer, segment: &str, request: Request<Incoming>) -> Response {
    // END-10: a client that closes hears it, or it sends its next call into a closed connection.
    let closes = request.headers().get_all(CONNECTION).iter().any(|value| {
        value.to_str().is_ok_and(|value| {
            value
                .split(',')
                .any(|word| word.trim().eq_ignore_ascii_case("close"))
        })
    });
    let is_head = *request.method() == Method::HEAD;
    let mut response = match Version::parse(segment) {
        None => (
            StatusCode::NOT_FOUND,
            "no such version: 1_0 to 3_1 are served\n",
        )
            .into_response(),
        Some(version) => match *request.method() {
            Method::POST => named_call(edge, version, peer, request).await,
            Method::GET | Method::HEAD if asks_for_wsdl(request.uri()) => {
                describe(edge, version, segment, &request)
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
    if closes {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    match is_head {
        true => without_body(response),
        false => response,
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

/// WSD-2 to WSD-5.
fn describe(edge: &Edge, version: Version, segment: &str, request: &Request<Incoming>) -> Response {
    let base = public_base(&edge.app, request.headers(), request.uri());
    let document = wsdl::wsdl(version, &format!("{base}/soap/mktows/{segment}"));
    xml(
        StatusCode::OK,
        document.into_bytes(),
        accepts_gzip(request.headers()),
    )
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

/// A call with a name of its own, which its lines in the logs and its answer have.
async fn named_call(
    edge: &Edge,
    version: Version,
    peer: &Peer,
    request: Request<Incoming>,
) -> Response {
    let id = call_id::next();
    let mut response = call(edge, version, peer, request, id.clone()).await;
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
    edge: &Edge,
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
    let limit = edge.app.config.max_body;
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    // END-7: who waits for 100-continue has sent nothing yet, and need not.
    if announced.is_some_and(|length| length > limit) && headers.contains_key(EXPECT) {
        return too_large(limit);
    }
    let body = match received(request.into_body(), edge, limit).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let body = match unpacked(body, encoding, limit).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let Ok(_running) = edge.running.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let answer = soap::answer(&edge.app, version, content_type, body, client, id).await;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    xml(status, answer.body, zipped)
}

/// Who calls: the other end of the connection, or whom a proxy on this machine names last.
fn client(peer: &Peer, headers: &HeaderMap) -> Client {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let named = text("x-forwarded-for")
        .filter(|_| peer.ip.is_loopback())
        .and_then(|list| list.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    let address = match named {
        Some(named) => named.to_string().into(),
        None => peer.text.clone(),
    };
    Client {
        address,
        user_agent: Client::named(text(USER_AGENT.as_str()).unwrap_or_default()),
    }
}

fn too_large(limit: usize) -> Response {
    (
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("a message may have at most {limit} bytes\n"),
    )
        .into_response()
}

/// Reads a body whole.
async fn received(body: Incoming, edge: &Edge, limit: usize) -> Result<Vec<u8>, Response> {
    match tokio::time::timeout(edge.app.config.body_timeout, collected(body, limit)).await {
        Ok(Ok(Some(message))) => Ok(message),
        Ok(Ok(None)) => Err(too_large(limit)),
        Ok(Err(_)) => Err((
            StatusCode::BAD_REQUEST,
            "the message did not arrive whole\n",
        )
            .into_response()),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the message took too long\n").into_response()),
    }
}

/// The bytes of a body, or nothing if there are more than the limit.
async fn collected(mut body: Incoming, limit: usize) -> hyper::Result<Option<Vec<u8>>> {
    // What is announced is made room for at once: room that is never written to costs no memory, and a message that grows
    // piece by piece leaves as much again behind.
    let announced = body.size_hint().exact().unwrap_or_default();
    let room = usize::try_from(announced).map_or(limit, |length| length.min(limit));
    let mut message = Vec::with_capacity(room);
    let mut size = 0_usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= limit {
            message.extend_from_slice(&data);
        } else if size <= limit.saturating_mul(READ_ON) {
            message = Vec::new();
        } else {
            break;
        }
    }
    Ok((size <= limit).then_some(message))
}

/// Undoes the compression of a body; the limit holds for what comes out (END-7).
async fn unpacked(
    body: Vec<u8>,
    encoding: Option<String>,
    limit: usize,
) -> Result<Vec<u8>, Response> {
    let encoding = encoding.as_deref().map(str::trim).unwrap_or("identity");
    let unpack: fn(&[u8], u64) -> std::io::Result<Vec<u8>> = match encoding {
        "" | "identity" => return Ok(body),
        "gzip" | "x-gzip" => |body, limit| read_at_most(GzDecoder::new(body), limit),
        "deflate" => |body, limit| {
            // With the zlib wrapper, as the standard has it, or without, as some clients send it.
            read_at_most(ZlibDecoder::new(body), limit)
                .or_else(|_| read_at_most(DeflateDecoder::new(body), limit))
        },
        _ => {
            let text = "Content-Encoding gzip, deflate and identity are understood\n";
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, text).into_response());
        }
    };
    let bound = u64::try_from(limit).unwrap_or(u64::MAX);
    match tokio::task::spawn_blocking(move || unpack(&body, bound)).await {
        Ok(Ok(plain)) if plain.len() > limit => Err(too_large(limit)),
        Ok(Ok(plain)) => Ok(plain),
        _ => Err((
            StatusCode::BAD_REQUEST,
            "the message cannot be decompressed\n",
        )
            .into_response()),
    }
}

fn read_at_most(reader: impl Read, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut plain)?;
    Ok(plain)
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
