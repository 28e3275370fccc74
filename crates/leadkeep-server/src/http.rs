//! What is served: the SOAP endpoint, and the routes beside it.

use crate::admin;
use crate::app::App;
use crate::body::Timed;
use crate::endpoint::{Endpoint, version_segment};
use crate::metrics;
use crate::track;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// All that is served.
pub(crate) struct Web {
    endpoint: Endpoint,
    others: TowerToHyperService<Router>,
    body_timeout: Duration,
}

impl Web {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self {
            others: TowerToHyperService::new(others(&app)),
            body_timeout: app.config.body_timeout,
            endpoint: Endpoint::new(app),
        }
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, mut request: Request<Incoming>, peer: Peer) -> Response {
        // Nearly all requests are calls, which need no look through the routes.
        if let Some(segment) = version_segment(request.uri().path()) {
            let segment = segment.into_owned();
            return self.endpoint.answer(&peer, &segment, request).await;
        }
        // HTTP/2 says in the address what HTTP/1 says in a header.
        let authority = request.uri().authority();
        let host = authority.and_then(|own| HeaderValue::try_from(own.as_str()).ok());
        if let Some(host) = host {
            request.headers_mut().entry(HOST).or_insert(host);
        }
        request.extensions_mut().insert(peer);
        let time = self.body_timeout;
        let request = request.map(|body| Timed::within(time, body));
        let Ok(response) = self.others.call(request).await;
        response
    }
}

/// The routes besides the SOAP endpoint.
fn others(app: &Arc<App>) -> Router {
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
        .with_state(app.clone())
        .merge(track)
        .merge(admin::router(app.clone()))
}

/// Says that the server answers and reaches its store.
async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.read(|_, _, _| Ok(())).await {
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
    pub(crate) text: Arc<str>,
}

impl Peer {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let ip = address.ip().to_canonical();
        let text = ip.to_string().into();
        Self { ip, text }
    }

    /// Whom a proxy on this machine names last as its client.
    pub(crate) fn named_by_proxy(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let list = headers
            .get("x-forwarded-for")
            .filter(|_| self.ip.is_loopback())?;
        let last = list.to_str().ok()?.rsplit(',').next()?;
        Some(last.trim().parse::<IpAddr>().ok()?.to_canonical())
    }
}

/// What has happened, for Prometheus. It tells how much somebody does, so it is for this machine, unless everybody is meant
/// to see it; what comes by way of a proxy comes from elsewhere.
async fn numbers(State(app): State<Arc<App>>, request: Request) -> Response {
    let peer = request.extensions().get::<Peer>();
    let is_near = peer.is_some_and(|peer| peer.ip.is_loopback());
    let headers = request.headers();
    let is_direct = !PROXIED.iter().any(|name| headers.contains_key(*name));
    // A page of elsewhere in a browser of this machine, or a proxy, names another host.
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let is_own = host.is_some_and(|host| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
        name == "localhost" || address.is_ok_and(|address| address.is_loopback())
    });
    let is_near = is_near && is_direct && is_own;
    if !(app.config.public_metrics || is_near) {
        let text = "metrics are for this machine only; `leadkeep serve --public-metrics` shows them to everybody\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let text = metrics::written(&app).await;
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}
