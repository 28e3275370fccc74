//! Programs with what belongs to them: tags, costs, tokens, lists and campaigns.

use super::page::{Page, Section, html};
use super::visit::{self, Viewer};
use crate::app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use leadkeep_core::ids::{CampaignId, ListId, ProgramId};
use leadkeep_core::provision::all_programs;
use leadkeep_core::store::Program;
use std::sync::Arc;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/programs", get(list))
        .route("/admin/programs/{id}", get(show))
}

#[derive(Template)]
#[template(path = "programs.html")]
struct List {
    page: Page,
    programs: Vec<Program>,
}

async fn list(State(app): State<Arc<App>>, Viewer(page): Viewer) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let read = app.read(|txn, _, _| Ok(all_programs(txn)?));
    let mut programs = read.await.map_err(|error| visit::unavailable(&error))?;
    programs.sort_by_cached_key(|program| program.name.to_lowercase());
    Ok(html(StatusCode::OK, &List { page, programs }))
}

#[derive(Template)]
#[template(path = "program.html")]
struct Shown {
    page: Page,
    program: Program,
    lists: Vec<(ListId, String)>,
    campaigns: Vec<(CampaignId, String)>,
}

async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let Ok(id) = id.parse().map(ProgramId) else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let read = app.read(move |txn, schema, _| {
        let Some(program) = txn.programs(&[id])?.pop() else {
            return Ok(None);
        };
        let lists = txn.static_lists()?.into_iter();
        let lists = lists.filter(|list| list.program == Some(id));
        let campaigns = schema.campaigns.iter();
        let campaigns = campaigns.filter(|campaign| campaign.program == Some(id));
        Ok(Some((
            program,
            lists.map(|list| (list.id, list.name)).collect(),
            campaigns.map(|own| (own.id, own.name.clone())).collect(),
        )))
    });
    match read.await.map_err(|error| visit::unavailable(&error))? {
        Some((program, lists, campaigns)) => {
            let shown = Shown {
                page,
                program,
                lists,
                campaigns,
            };
            Ok(html(StatusCode::OK, &shown))
        }
        None => Ok(visit::not_found(Viewer(page)).await),
    }
}
