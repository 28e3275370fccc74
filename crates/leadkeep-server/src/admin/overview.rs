//! The first page: what the server has done lately, and what needs attention.

use super::page::{Page, Section, html};
use super::visit::{self, Viewer};
use crate::app::App;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use leadkeep_core::store::Counts;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    page: Page,
    counts: Counts,
}

pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
) -> Result<Response, Response> {
    let counts = app.read(|txn, _, _| Ok(txn.counts()?)).await;
    let counts = counts.map_err(|error| visit::unavailable(&error))?;
    let page = page.of(Section::Overview);
    Ok(html(StatusCode::OK, &Overview { page, counts }))
}
