//! Set-up: fields, custom object types, what programs are made of, workspaces, and all of it as a file.
//!
//! Every change is a small provisioning file, so that its rules are those of `leadkeep apply`: nothing is removed, and what
//! would lose data is refused with a reason (PRV-5).

mod fields;
mod file;
mod objects;
mod programs;
mod workspaces;

use super::page::Page;
use super::sign_in::no_randomness;
use super::token::Token;
use super::visit;
use crate::app::{App, run_write_with_schema};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::SignedDuration;
use leadkeep_core::admins::{Change, note};
use leadkeep_core::provision::{
    self, ApplyError, ApplyOptions, Provision, ProvisionError, Report, quoted,
};
use std::sync::Arc;

/// How long the old key of a user stays valid beside one that a file brings.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
/// Characters of a key (AUT-1).
const KEY: usize = 40;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/setup", get(fields::list).post(fields::save))
        .route(
            "/admin/setup/objects",
            get(objects::list).post(objects::add),
        )
        .route(
            "/admin/setup/objects/{name}",
            get(objects::show).post(objects::extend),
        )
        .route(
            "/admin/setup/programs",
            get(programs::show).post(programs::add),
        )
        .route(
            "/admin/setup/workspaces",
            get(workspaces::show).post(workspaces::add),
        )
        .route("/admin/setup/file", get(file::form).post(file::apply))
        .route("/admin/setup/provision.toml", get(file::export))
}

/// Why a set-up was not changed, in words.
pub(super) enum Refused {
    /// All that is wrong.
    Errors(Vec<ProvisionError>),
    /// No page can be made.
    Answer(Response),
}

/// Brings what a text says into the database, or with `dry_run` finds out what it would change. `what` is for the audit log.
pub(super) async fn apply(
    app: &Arc<App>,
    page: &Page,
    text: &str,
    dry_run: bool,
    what: &str,
) -> Result<Report, Refused> {
    let parsed: Provision = provision::parse(text).map_err(Refused::Errors)?;
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
    let (admin, subject) = (page.name().to_owned(), what.to_owned());
    let applied = run_write_with_schema(&*app.store, &app.schema, move |txn, schema, now| {
        let mut unused = keys.iter();
        let mut new_key = || unused.next().cloned().unwrap_or_default();
        let report = provision::apply(txn, schema, now, &parsed, &how, &mut new_key)?;
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
        ApplyError::Refused(errors) => Refused::Errors(errors),
        ApplyError::Store(error) => Refused::Answer(visit::unavailable(&error.into())),
    })?;
    // The next call knows of it.
    let read = app.read(|_, _, _| Ok(()));
    read.await
        .map_err(|error| Refused::Answer(visit::unavailable(&error)))?;
    Ok(report)
}

/// What is wrong with a form, a line each. Its fields have become a file whose lines nobody has seen.
pub(super) fn in_a_form(errors: &[ProvisionError]) -> Vec<String> {
    errors.iter().map(ProvisionError::without_line).collect()
}

/// A number as a provisioning file has it. What is none is a text, and refused as one.
fn number(text: &str) -> String {
    match text.parse::<u32>() {
        Ok(number) => number.to_string(),
        Err(_) => quoted(text),
    }
}

/// The lines of a text field that hold something, without the blanks around them.
fn lines(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).collect()
}

/// The status of a page with a form, and whether something was wrong with it.
pub(super) fn status(errors: &[String]) -> StatusCode {
    match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
