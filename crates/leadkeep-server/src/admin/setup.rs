//! Set-up: fields, custom object types, what programs are made of, workspaces, and all of it as a file.
//!
//! Every change is a small provisioning file, so that its rules are those of `leadkeep apply`: nothing is removed, and what
//! would lose data is refused with a reason (PRV-5).

mod fields;
mod file;
mod objects;

use super::page::{Page, Section, html};
use super::sign_in::no_randomness;
use super::token::Token;
use super::visit::{self, Viewer};
use crate::app::{App, run_write};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::SignedDuration;
use leadkeep_core::admins::{Change, note};
use leadkeep_core::provision::{self, ApplyError, ApplyOptions, Provision, ProvisionError, Report};
use leadkeep_core::schema::{Channel, TagType};
use std::sync::Arc;

/// How long the old key of a user stays valid beside one that a file brings.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
/// Characters of a key (AUT-1).
const KEY: usize = 40;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/setup", get(fields::list).post(fields::add))
        .route(
            "/admin/setup/objects",
            get(objects::list).post(objects::add),
        )
        .route(
            "/admin/setup/objects/{name}",
            get(objects::show).post(objects::extend),
        )
        .route("/admin/setup/programs", get(programs))
        .route("/admin/setup/workspaces", get(workspaces))
        .route("/admin/setup/file", get(file::form).post(file::apply))
        .route("/admin/setup/provision.toml", get(file::export))
}

/// Why a set-up was not changed, in words.
enum Refused {
    /// One line for each thing that is wrong.
    Errors(Vec<String>),
    /// No page can be made.
    Answer(Response),
}

/// Brings what a text says into the database, or with `dry_run` finds out what it would change. `what` is for the audit log.
async fn apply(
    app: &Arc<App>,
    page: &Page,
    text: &str,
    dry_run: bool,
    what: &str,
) -> Result<Report, Refused> {
    let lines = |errors: Vec<ProvisionError>| {
        Refused::Errors(errors.iter().map(ToString::to_string).collect())
    };
    let parsed: Provision = provision::parse(text).map_err(lines)?;
    // Keys are drawn before the transaction, which may run twice and must then give the same.
    let keys = (0..parsed.keys_needed()).map(|_| {
        let token = Token::fresh()?;
        Ok(token.as_str().chars().take(KEY).collect())
    });
    let keys: Result<Vec<String>, getrandom::Error> = keys.collect();
    let keys = keys.map_err(|error| Refused::Answer(no_randomness(&error)))?;
    let how = ApplyOptions {
        dry_run,
        // As the command line does: who has the old key must not be locked out at once.
        key_overlap: OVERLAP,
        ..ApplyOptions::default()
    };
    let (own, admin, subject) = (app.clone(), page.name().to_owned(), what.to_owned());
    let applied = run_write(&*app.store, move |txn, now| {
        let schema = own.schema.current(txn)?;
        let mut unused = keys.iter();
        let mut new_key = || unused.next().cloned().unwrap_or_default();
        let report = provision::apply(txn, &schema, now, &parsed, &how, &mut new_key)?;
        if !dry_run && !report.changes.is_empty() {
            let change = Change {
                by: &admin,
                action: "setup.apply",
                subject: &subject,
                detail: &report.changes.join("\n"),
            };
            note(txn, now, change)?;
        }
        Ok::<_, ApplyError>(report)
    });
    let report = applied.await.map_err(|error| match error {
        ApplyError::Refused(errors) => lines(errors),
        ApplyError::Store(error) => Refused::Answer(visit::unavailable(&error.into())),
    })?;
    // The next call knows of it.
    let read = app.read(|_, _, _| Ok(()));
    read.await
        .map_err(|error| Refused::Answer(visit::unavailable(&error)))?;
    Ok(report)
}

/// The status of a page with a form, and whether something was wrong with it.
fn status(errors: &[String]) -> StatusCode {
    match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[derive(Template)]
#[template(path = "setup_programs.html")]
struct Programs {
    page: Page,
    channels: Vec<Channel>,
    tags: Vec<TagType>,
}

/// Channels and tags.
async fn programs(State(app): State<Arc<App>>, Viewer(page): Viewer) -> Result<Response, Response> {
    let page = page.of(Section::Setup);
    let read = app.read(|_, schema, _| Ok((schema.channels.clone(), schema.tags.clone())));
    let (channels, tags) = read.await.map_err(|error| visit::unavailable(&error))?;
    let programs = Programs {
        page,
        channels,
        tags,
    };
    Ok(html(StatusCode::OK, &programs))
}

/// A workspace with the names of its partitions.
struct Workspace {
    name: String,
    primary: String,
    partitions: String,
}

/// An assignment rule in words.
struct Rule {
    workspace: String,
    field: String,
    equals: String,
    partition: String,
}

#[derive(Template)]
#[template(path = "setup_workspaces.html")]
struct Workspaces {
    page: Page,
    workspaces: Vec<Workspace>,
    rules: Vec<Rule>,
}

/// Workspaces, partitions, and which new leads go where.
async fn workspaces(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
) -> Result<Response, Response> {
    let page = page.of(Section::Setup);
    let read = app.read(|_, schema, _| {
        let partition = |id| {
            let mut all = schema.partitions.iter();
            all.find(|own| own.id == id)
                .map_or("", |own| own.name.as_str())
        };
        let workspaces: Vec<Workspace> = schema
            .workspaces
            .iter()
            .map(|own| Workspace {
                name: own.name.clone(),
                primary: partition(own.primary_partition).to_owned(),
                partitions: own
                    .partitions
                    .iter()
                    .map(|id| partition(*id))
                    .collect::<Vec<_>>()
                    .join(", "),
            })
            .collect();
        let rules: Vec<Rule> = schema
            .assignment_rules
            .iter()
            .map(|rule| {
                let mut all = schema.workspaces.iter();
                let workspace = all.find(|own| Some(own.id) == rule.workspace);
                Rule {
                    workspace: workspace.map_or_else(String::new, |own| own.name.clone()),
                    field: rule.field.clone(),
                    equals: rule.equals.clone(),
                    partition: partition(rule.partition).to_owned(),
                }
            })
            .collect();
        Ok((workspaces, rules))
    });
    let (workspaces, rules) = read.await.map_err(|error| visit::unavailable(&error))?;
    let workspaces = Workspaces {
        page,
        workspaces,
        rules,
    };
    Ok(html(StatusCode::OK, &workspaces))
}
