//! Style, script and icon of the pages, inside of the binary.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Changes with every version, as the names under which pages ask for them do.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The routes of all of them.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/admin/assets/{version}/style.css", get(style))
        .route("/admin/assets/{version}/script.js", get(script))
        .route("/admin/assets/{version}/icon.svg", get(icon))
}

async fn style() -> Response {
    asset(
        "text/css; charset=utf-8",
        include_str!("../../assets/style.css"),
    )
}

async fn script() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("../../assets/script.js"),
    )
}

async fn icon() -> Response {
    asset("image/svg+xml", include_str!("../../assets/icon.svg"))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, FOREVER),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
