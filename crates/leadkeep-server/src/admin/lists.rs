//! Static lists and who is in them.

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
use leadkeep_core::error::CallError;
use leadkeep_core::ids::{LeadId, ListId, ProgramId};
use leadkeep_core::leads::LeadKeyType;
use leadkeep_core::lists::{ListAction, change_list_by_hand, create_list, list_names};
use leadkeep_core::store::{ReadTxn, StaticList};
use serde::Deserialize;
use std::sync::Arc;

/// Members of a page.
const SHOWN: usize = 100;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/lists", get(list))
        .route("/admin/lists/add", post(add))
        .route("/admin/lists/{id}", get(show).post(change))
}

/// A list with what it is called.
pub(crate) struct Named {
    pub(crate) id: ListId,
    /// Its name, as `Program.List` inside of a program.
    pub(crate) name: String,
    program: Option<ProgramId>,
}

/// What lists are called, by name in the order of a language.
pub(crate) fn named(
    txn: &mut dyn ReadTxn,
    t: &Texts,
    lists: Vec<StaticList>,
) -> Result<Vec<Named>, CallError> {
    let names = list_names(txn, &lists)?;
    let named = lists.into_iter().zip(names).map(|(list, name)| Named {
        id: list.id,
        name,
        program: list.program,
    });
    let mut named: Vec<Named> = named.collect();
    named.sort_by(|one, other| t.order(&one.name, &other.name));
    Ok(named)
}

#[derive(Template)]
#[template(path = "lists.html")]
struct Lists {
    page: Page,
    lists: Vec<Named>,
    name: String,
    error: Option<String>,
}

async fn list(State(app): State<Arc<App>>, Viewer(page): Viewer) -> Result<Response, Response> {
    lists_page(&app, page, String::new(), None).await
}

async fn lists_page(
    app: &Arc<App>,
    page: Page,
    name: String,
    error: Option<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let t = page.t;
    let read = app.read(move |txn, _, _| {
        let lists = txn.static_lists()?;
        named(txn, t, lists)
    });
    let lists = read.await.map_err(|error| visit::unavailable(&error))?;
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let lists = Lists {
        page,
        lists,
        name,
        error,
    };
    Ok(html(status, &lists))
}

/// Makes a list outside of programs.
async fn add(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    fields: Fields,
) -> Result<Response, Response> {
    let (name, admin) = (fields.get("name").to_owned(), page.name().to_owned());
    let wanted = name.clone();
    let made = app.write(move |txn, _, now| {
        let id = create_list(txn, &wanted)?;
        let change = Change {
            by: &admin,
            action: "list.add",
            subject: &format!("list {id}"),
            detail: &wanted,
        };
        note(txn, now, change)?;
        Ok(id)
    });
    match made.await {
        Ok(id) => Ok(Redirect::to(&format!("/admin/lists/{id}?done=saved")).into_response()),
        Err(error @ CallError::Store(_)) => Err(visit::unavailable(&error)),
        Err(error) => lists_page(&app, page, name, Some(error.to_string())).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    after: Option<i64>,
}

struct Member {
    id: LeadId,
    email: String,
    name: String,
}

#[derive(Template)]
#[template(path = "list.html")]
struct Shown {
    page: Page,
    /// Who is to join, one a line, and why not all of them did.
    wanted: String,
    error: Option<String>,
    list: Named,
    count: u64,
    members: Vec<Member>,
    next: Option<LeadId>,
}

async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
    Query(Place { after }): Query<Place>,
) -> Result<Response, Response> {
    list_page(&app, page, &id, after, (String::new(), None)).await
}

/// Puts leads on the list, or takes them off.
async fn change(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Response> {
    let Ok(list) = id.parse().map(ListId) else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let action = match fields.get("remove").is_empty() {
        true => ListAction::Add,
        false => ListAction::Remove,
    };
    let wanted = match action {
        ListAction::Remove => fields.get("remove").to_owned(),
        _ => fields.get("wanted").to_owned(),
    };
    let lines = wanted.lines().map(str::trim);
    let keys: Vec<String> = lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    let (asked, admin) = (keys.clone(), page.name().to_owned());
    let changed = app.write(move |txn, schema, now| {
        let key = |key: &String| match key.bytes().all(|byte| byte.is_ascii_digit()) {
            true => (LeadKeyType::Idnum, key.clone()),
            false => (LeadKeyType::Email, key.clone()),
        };
        let members = asked.iter().map(key).collect();
        let done = change_list_by_hand(txn, schema, now, list, action, members)?;
        let change = Change {
            by: &admin,
            action: match action {
                ListAction::Remove => "list.leave",
                _ => "list.join",
            },
            subject: &format!("list {list}"),
            detail: &format!("{} leads", done.iter().filter(|is| **is).count()),
        };
        note(txn, now, change)?;
        Ok(done)
    });
    let unknown: Vec<String> = match changed.await {
        Ok(done) => {
            let keys = keys.into_iter().zip(done);
            keys.filter_map(|(key, is)| (!is).then_some(key)).collect()
        }
        Err(error @ CallError::Store(_)) => return Err(visit::unavailable(&error)),
        Err(CallError::ListNotFound(_)) => return Ok(visit::not_found(Viewer(page)).await),
        Err(error) => {
            let said = (wanted, Some(error.to_string()));
            return list_page(&app, page, &id, None, said).await;
        }
    };
    // Somebody else may have taken the lead off, which is what was wanted.
    if unknown.is_empty() || action == ListAction::Remove {
        return Ok(Redirect::to(&format!("/admin/lists/{list}?done=saved")).into_response());
    }
    let error = page.t.about("list-unknown", &unknown.join(", "));
    list_page(&app, page, &id, None, (unknown.join("\n"), Some(error))).await
}

async fn list_page(
    app: &Arc<App>,
    page: Page,
    id: &str,
    after: Option<i64>,
    (wanted, error): (String, Option<String>),
) -> Result<Response, Response> {
    let page = page.of(Section::Programs);
    let Ok(id) = id.parse().map(ListId) else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let t = page.t;
    let read = app.read(move |txn, _, _| {
        let mut lists = txn.static_lists()?;
        lists.retain(|list| list.id == id);
        let Some(list) = named(txn, t, lists)?.pop() else {
            return Ok(None);
        };
        let members = txn.list_members(id, after.map(LeadId), SHOWN + 1)?;
        Ok(Some((list, txn.count_list_members(id, None)?, members)))
    });
    let read = read.await.map_err(|error| visit::unavailable(&error))?;
    let Some((list, count, mut members)) = read else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let has_more = members.len() > SHOWN;
    members.truncate(SHOWN);
    let next = members.last().map(|lead| lead.id).filter(|_| has_more);
    let members = members.into_iter().map(|lead| {
        let value = |name| lead.attrs.get(name).unwrap_or_default();
        let name = format!("{} {}", value("FirstName"), value("LastName"));
        Member {
            id: lead.id,
            name: name.trim().to_owned(),
            email: lead.email.unwrap_or_default(),
        }
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shown = Shown {
        page,
        wanted,
        error,
        list,
        count,
        members: members.collect(),
        next,
    };
    Ok(html(status, &shown))
}
