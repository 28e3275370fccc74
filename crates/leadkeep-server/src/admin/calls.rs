//! The log of calls.

mod outcomes;

use super::page::{Message, Page, Section, html};
use super::visit::{self, Editor, Fields, Viewer, form_urlencoded};
use crate::app::App;
use crate::call_id;
use crate::call_log::Client;
use crate::soap;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use leadkeep_core::admins::{Change, note};
use leadkeep_core::call_log::{Body, CallFilter, CallLog, LoggedCall};
use leadkeep_core::store::StoreError;
use mktows::{AuthenticationHeaderInfo, Operation, Version, indented, with_header};
use outcomes::RecordOutcome;
use serde::Deserialize;
use std::sync::Arc;

/// Calls of a page.
const PAGE: usize = 50;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/calls", get(list))
        .route("/admin/calls/{id}", get(show))
        .route("/admin/calls/{id}/again", post(again))
}

/// What is looked for, as it stands in the form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    user: String,
    operation: String,
    fault: String,
    address: String,
    agent: String,
    /// Milliseconds.
    slower: String,
    failed: Option<String>,
    before: Option<i64>,
}

impl Wanted {
    fn is_of(&self, operation: &str) -> bool {
        self.operation == operation
    }

    fn filter(&self) -> CallFilter {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let slower = self.slower.trim().parse::<u64>().ok();
        CallFilter {
            user: text(&self.user),
            operation: text(&self.operation),
            address: text(&self.address),
            user_agent: text(&self.agent),
            fault: self.fault.trim().parse().ok(),
            failed: self.failed.is_some(),
            since: None,
            until: None,
            slower: slower.map(|millis| millis.saturating_mul(1_000)),
        }
    }

    /// Where the calls before one are shown.
    fn older(&self, before: i64) -> String {
        let before = before.to_string();
        let mut pairs: Vec<(&str, &str)> = [
            ("user", &self.user),
            ("operation", &self.operation),
            ("fault", &self.fault),
            ("address", &self.address),
            ("agent", &self.agent),
            ("slower", &self.slower),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.as_str()))
        .collect();
        if self.failed.is_some() {
            pairs.push(("failed", "on"));
        }
        pairs.push(("before", &before));
        format!("/admin/calls?{}", form_urlencoded(&pairs))
    }
}

#[derive(Template)]
#[template(path = "calls.html")]
struct Calls {
    page: Page,
    wanted: Wanted,
    operations: Vec<&'static str>,
    users: Vec<String>,
    calls: Vec<LoggedCall>,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "call.html")]
struct Shown {
    page: Page,
    logged: LoggedCall,
    request: Option<String>,
    response: Option<String>,
    /// Why a message is not shown, as the key of a text.
    missing: &'static str,
    outcomes: Vec<RecordOutcome>,
    can_repeat: bool,
}

/// Runs a look into the log on a thread that may wait for the disk.
pub(crate) async fn look<T: Send + 'static>(
    app: &Arc<App>,
    page: &Page,
    look: impl FnOnce(&dyn CallLog) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Response> {
    let Some(log) = app.call_log.as_ref().map(|log| log.log.clone()) else {
        let text = page.t.get("calls-off");
        return Err((StatusCode::NOT_FOUND, text).into_response());
    };
    let looked = tokio::task::spawn_blocking(move || look(&*log)).await;
    let failed = StoreError::Failed("the look into the log of calls panicked".to_owned());
    looked
        .unwrap_or(Err(failed))
        .map_err(|error| visit::unavailable(&error.into()))
}

async fn list(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Response> {
    let page = page.of(Section::Calls);
    if app.call_log.is_none() {
        let message = Message {
            title: page.t.get("nav-calls"),
            text: page.t.get("calls-off"),
            page,
        };
        return Ok(html(StatusCode::OK, &message));
    }
    let (filter, before) = (wanted.filter(), wanted.before);
    let found = look(&app, &page, move |log| {
        // One more tells whether there are older ones.
        log.calls(&filter, before, PAGE + 1)
    });
    let mut calls = found.await?;
    let has_more = calls.len() > PAGE;
    calls.truncate(PAGE);
    let last = calls.last().map(|call| call.id);
    let older = last.filter(|_| has_more).map(|last| wanted.older(last));
    let users = app.schema.latest().map(|schema| {
        let users = schema.users.iter().map(|user| user.id.clone());
        users.collect()
    });
    let list = Calls {
        page,
        wanted,
        operations: Operation::ALL.iter().map(|own| own.name()).collect(),
        users: users.unwrap_or_default(),
        calls,
        older,
    };
    Ok(html(StatusCode::OK, &list))
}

/// A call, or the page that says that there is none.
async fn found(
    app: &Arc<App>,
    page: Page,
    id: i64,
) -> Result<(Page, LoggedCall, Body, Body), Response> {
    match look(app, &page, move |log| log.call(id)).await? {
        Some((logged, request, response)) => Ok((page, logged, request, response)),
        None => Err(visit::not_found(Viewer(page)).await),
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<i64>,
) -> Result<Response, Response> {
    let page = page.of(Section::Calls);
    let (page, logged, request, response) = found(&app, page, id).await?;
    let missing = match &request {
        Body::NoText => "call-no-text",
        _ => "call-too-much",
    };
    let text = |body: &Body| match body {
        Body::Kept(text) => Some(indented(text)),
        Body::TooMuch | Body::NoText => None,
    };
    let outcomes = match (&response, Operation::from_name(&logged.call.operation)) {
        (Body::Kept(text), Some(operation)) if logged.call.fault.is_none() => {
            outcomes::of(text, operation)
        }
        _ => Vec::new(),
    };
    let can_repeat = page.may_edit() && is_repeatable(&logged, &request);
    let shown = Shown {
        request: text(&request),
        response: text(&response),
        missing,
        outcomes,
        can_repeat,
        page,
        logged,
    };
    Ok(html(StatusCode::OK, &shown))
}

/// A call that ended with a fault stored nothing, so that it can be made again.
fn is_repeatable(logged: &LoggedCall, request: &Body) -> bool {
    let call = &logged.call;
    let is_known = !call.user.is_empty() && Operation::from_name(&call.operation).is_some();
    call.fault.is_some() && is_known && matches!(request, Body::Kept(_))
}

/// Makes a call again that ended with a fault, signed anew with the key that its user has now.
async fn again(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<i64>,
    _fields: Fields,
) -> Result<Response, Response> {
    let page = page.of(Section::Calls);
    let admin = page.name().to_owned();
    let (page, logged, request, _) = found(&app, page, id).await?;
    let refused = |page: Page, key: &str| {
        let message = Message {
            title: page.t.get("call-again"),
            text: page.t.get(key),
            page,
        };
        html(StatusCode::CONFLICT, &message)
    };
    let (true, Body::Kept(text)) = (is_repeatable(&logged, &request), request) else {
        return Ok(refused(page, "call-again-not"));
    };
    let (user, subject) = (logged.call.user, logged.call.call_id);
    let prepared = app.write(move |txn, schema, now| {
        let key = schema
            .user(&user)
            .filter(|own| !own.disabled)
            .and_then(|own| own.valid_keys(now).next().map(str::to_owned));
        let Some(key) = key else {
            return Ok(None);
        };
        let change = Change {
            by: &admin,
            action: "call.again",
            subject: &format!("call {subject}"),
            detail: &format!("as {user}"),
        };
        note(txn, now, change)?;
        let at = Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%S+00:00")
            .to_string();
        Ok(Some(AuthenticationHeaderInfo::signed(&user, &key, &at)))
    });
    let header = prepared.await.map_err(|error| visit::unavailable(&error))?;
    let Some(header) = header else {
        return Ok(refused(page, "call-again-user"));
    };
    let (Ok(message), Some(version)) = (
        with_header(&header, &text),
        Version::parse(&logged.call.version),
    ) else {
        return Ok(refused(page, "call-again-not"));
    };
    let client = Client {
        address: "".into(),
        user_agent: Client::named(&format!("leadkeep admin {}", page.name())),
    };
    // What is kept is text, whatever its declaration says of the bytes that came.
    let kind = Some("text/xml; charset=utf-8".to_owned());
    soap::answer(&app, version, kind, Ok(message), client, call_id::next()).await;
    Ok(Redirect::to("/admin/calls").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_older_calls_keeps_what_is_looked_for() {
        let wanted = Wanted {
            user: "a&b".to_owned(),
            failed: Some("on".to_owned()),
            ..Wanted::default()
        };
        assert_eq!(
            wanted.older(7),
            "/admin/calls?user=a%26b&failed=on&before=7"
        );
        let filter = wanted.filter();
        assert_eq!(filter.user.as_deref(), Some("a&b"));
        assert!(filter.failed);
        assert_eq!(filter.operation, None);
    }

    #[test]
    fn what_is_no_number_is_not_looked_for() {
        let wanted = Wanted {
            fault: "x".to_owned(),
            slower: " 20 ".to_owned(),
            ..Wanted::default()
        };
        assert_eq!(wanted.filter().fault, None);
        assert_eq!(wanted.filter().slower, Some(20_000));
    }
}
