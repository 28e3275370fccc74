//! Campaigns: their steps and runs, what failed, and doing it again.

use super::lists;
use super::page::{Page, Section, html};
use super::texts::Texts;
use super::visit::{self, Editor, Fields, Viewer};
use crate::app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use leadkeep_core::admins::{Change, note};
use leadkeep_core::campaigns::{FailedStep, campaign_names, failed_steps, replay};
use leadkeep_core::error::CallError;
use leadkeep_core::ids::{CampaignId, TaskId};
use leadkeep_core::schema::{Campaign, CampaignKind};
use leadkeep_core::store::{CampaignRun, ReadTxn};
use serde::Deserialize;
use std::sync::Arc;

/// Failed steps of a page.
const SHOWN: usize = 100;
/// Runs that are shown.
const RUNS: usize = 50;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/campaigns", get(list))
        .route("/admin/campaigns/failures", get(failures))
        .route("/admin/campaigns/replay", post(again))
        .route("/admin/campaigns/{id}", get(show))
}

/// A campaign as a list has it.
struct Row {
    id: CampaignId,
    name: String,
    is_batch: bool,
    active: bool,
    steps: u64,
}

fn rows(txn: &mut dyn ReadTxn, t: &Texts, campaigns: &[Campaign]) -> Result<Vec<Row>, CallError> {
    let names = campaign_names(txn, campaigns.iter())?;
    let rows = campaigns.iter().zip(names).map(|(campaign, name)| Row {
        id: campaign.id,
        name,
        is_batch: campaign.kind == CampaignKind::Batch,
        active: campaign.active,
        steps: campaign.steps.len().try_into().unwrap_or(u64::MAX),
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by(|one, other| t.order(&one.name, &other.name));
    Ok(rows)
}

#[derive(Template)]
#[template(path = "campaigns.html")]
struct List {
    page: Page,
    campaigns: Vec<Row>,
    has_failures: bool,
}

async fn list(State(app): State<Arc<App>>, Viewer(page): Viewer) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let t = page.t;
    let read = app.read(move |txn, schema, _| {
        let has_failures = !txn.failed_tasks(None, 1)?.is_empty();
        Ok((rows(txn, t, &schema.campaigns)?, has_failures))
    });
    let (campaigns, has_failures) = read.await.map_err(|error| visit::unavailable(&error))?;
    let list = List {
        page,
        campaigns,
        has_failures,
    };
    Ok(html(StatusCode::OK, &list))
}

/// A step as it was provisioned.
struct Step {
    action: String,
    keys: Vec<(String, String)>,
}

fn step(value: &serde_json::Value) -> Step {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let keys = value.as_object().into_iter().flatten();
    let keys = keys.filter(|(name, _)| *name != "do");
    Step {
        action: value.get("do").map(text).unwrap_or_default(),
        keys: keys
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
    }
}

#[derive(Template)]
#[template(path = "campaign.html")]
struct Shown {
    page: Page,
    campaign: Row,
    description: String,
    sources: String,
    list: Option<lists::Named>,
    steps: Vec<Step>,
    runs: Vec<CampaignRun>,
}

async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let Ok(id) = id.parse().map(CampaignId) else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let t = page.t;
    let read = app.read(move |txn, schema, _| {
        let Some(campaign) = schema.campaign(id) else {
            return Ok(None);
        };
        let row = rows(txn, t, std::slice::from_ref(campaign))?.pop();
        let mut of = txn.static_lists()?;
        of.retain(|list| Some(list.id) == campaign.list);
        let list = lists::named(txn, t, of)?.pop();
        let runs = txn.latest_runs(id, RUNS)?;
        Ok(row.map(|row| (row, campaign.clone(), list, runs)))
    });
    let read = read.await.map_err(|error| visit::unavailable(&error))?;
    let Some((row, campaign, list, runs)) = read else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let shown = Shown {
        page,
        campaign: row,
        sources: campaign.sources.join(", "),
        steps: campaign.steps.iter().map(step).collect(),
        description: campaign.description,
        list,
        runs,
    };
    Ok(html(StatusCode::OK, &shown))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    after: Option<i64>,
}

/// A step that failed, with what the page shows of it.
struct Failure {
    step: FailedStep,
    place: u32,
    reason: String,
}

#[derive(Template)]
#[template(path = "failures.html")]
struct Failures {
    page: Page,
    failures: Vec<Failure>,
    next: Option<TaskId>,
}

/// Steps that failed for good, the oldest first.
async fn failures(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(Place { after }): Query<Place>,
) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let read = app
        .read(move |txn, schema, _| Ok(failed_steps(txn, schema, after.map(TaskId), SHOWN + 1)?));
    let mut steps = read.await.map_err(|error| visit::unavailable(&error))?;
    let has_more = steps.len() > SHOWN;
    steps.truncate(SHOWN);
    let next = steps.last().map(|step| step.task.id).filter(|_| has_more);
    let failures = steps.into_iter().map(|step| Failure {
        place: step.task.step + 1,
        reason: step.task.failure.clone().unwrap_or_default(),
        step,
    });
    let failures = Failures {
        page,
        failures: failures.collect(),
        next,
    };
    Ok(html(StatusCode::OK, &failures))
}

/// Lets a failed step be done again, or all of them.
async fn again(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    fields: Fields,
) -> Result<Response, Response> {
    let tasks = match fields.get("task") {
        "all" => None,
        text => match text.parse() {
            Ok(id) => Some(vec![TaskId(id)]),
            Err(_) => return Ok(visit::not_found(Viewer(page)).await),
        },
    };
    let admin = page.name().to_owned();
    let done = app.write(move |txn, _, now| {
        let count = replay(txn, now, tasks.as_deref())?;
        if count > 0 {
            let change = Change {
                by: &admin,
                action: "campaign.replay",
                subject: "failed steps",
                detail: &match &tasks {
                    Some(ids) => format!("task {}", ids[0]),
                    None => format!("all {count}"),
                },
            };
            note(txn, now, change)?;
        }
        Ok(())
    });
    done.await.map_err(|error| visit::unavailable(&error))?;
    app.jobs.wake_campaigns();
    Ok(Redirect::to("/admin/campaigns/failures?done=replayed").into_response())
}
