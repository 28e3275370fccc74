//! Programs with what belongs to them: tags, costs, tokens, lists and campaigns.

use super::page::{Page, Section, html};
use super::setup::{Refused, apply, in_a_form, status};
use super::visit::{self, Fields, Owner, Viewer};
use crate::app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use leadkeep_core::ids::{CampaignId, ListId, ProgramId};
use leadkeep_core::provision::{all_programs, quoted};
use leadkeep_core::schema::same_name;
use leadkeep_core::store::Program;
use std::sync::Arc;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/programs", get(list).post(add))
        .route("/admin/programs/{id}", get(show))
}

/// What was typed in.
#[derive(Default)]
struct New {
    name: String,
    channel: String,
    workspace: String,
}

#[derive(Template)]
#[template(path = "programs.html")]
struct List {
    page: Page,
    programs: Vec<Program>,
    channels: Vec<String>,
    workspaces: Vec<String>,
    new: New,
    errors: Vec<String>,
}

impl List {
    fn is_channel(&self, name: &str) -> bool {
        self.new.channel == name
    }

    fn is_workspace(&self, name: &str) -> bool {
        self.new.workspace == name
    }
}

async fn list(State(app): State<Arc<App>>, Viewer(page): Viewer) -> Result<Response, Response> {
    programs_page(&app, page, New::default(), Vec::new()).await
}

async fn programs_page(
    app: &Arc<App>,
    page: Page,
    new: New,
    errors: Vec<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let read = app.read(|txn, schema, _| {
        let channels = schema.channels.iter().map(|own| own.name.clone());
        let workspaces = schema.workspaces.iter().map(|own| own.name.clone());
        Ok((all_programs(txn)?, channels.collect(), workspaces.collect()))
    });
    let (mut programs, channels, workspaces) =
        read.await.map_err(|error| visit::unavailable(&error))?;
    programs.sort_by(|one, other| page.t.order(&one.name, &other.name));
    let list = List {
        page,
        programs,
        channels,
        workspaces,
        new,
        errors,
    };
    Ok(html(status(&list.errors), &list))
}

/// Adds a program.
async fn add(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let new = New {
        name: fields.get("name").to_owned(),
        channel: fields.get("channel").to_owned(),
        workspace: fields.get("workspace").to_owned(),
    };
    let (name, channel) = (new.name.clone(), new.channel.clone());
    let read = app.read(move |txn, schema, _| {
        let programs = all_programs(txn)?;
        let exists = programs.iter().any(|own| same_name(&own.name, &name));
        let kind = schema.channel(&channel).and_then(|own| own.kind);
        Ok((exists, kind))
    });
    let (exists, kind) = read.await.map_err(|error| visit::unavailable(&error))?;
    if exists {
        // A file would change the program; this form adds one.
        let error = page.t.about("program-exists", &new.name);
        return programs_page(&app, page, new, vec![error]).await;
    }
    let mut text = format!(
        "[[program]]\nname = {}\nchannel = {}\n",
        quoted(&new.name),
        quoted(&new.channel)
    );
    if let Some(kind) = kind {
        text.push_str(&format!("type = {}\n", quoted(kind.program_type())));
    }
    if !new.workspace.is_empty() {
        text.push_str(&format!("workspace = {}\n", quoted(&new.workspace)));
    }
    let what = format!("program {}", new.name);
    match apply(&app, &page, &text, false, &what).await {
        Ok(_) => Ok(Redirect::to("/admin/programs?done=saved").into_response()),
        Err(Refused::Errors(errors)) => programs_page(&app, page, new, in_a_form(&errors)).await,
        Err(Refused::Answer(answer)) => Err(answer),
    }
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
