//! Imports into lists: bringing a file, following how far it is, and what failed.

use super::lists;
use super::page::{Page, Section, html};
use super::visit::{self, Editor, Fields, Upload, Viewer};
use crate::app::App;
use crate::table::{ENCODINGS, Table, TableError, Writer};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use leadkeep_core::admins::{Change, note};
use leadkeep_core::error::CallError;
use leadkeep_core::ids::{ImportId, ListId};
use leadkeep_core::imports::{
    ImportByHand, ImportColumn, ImportMode, cancel, failed_rows, import, import_by_hand,
    import_columns,
};
use leadkeep_core::lists::create_list;
use leadkeep_core::store::{Import, ImportState, ReadTxn};
use serde::Deserialize;
use std::sync::Arc;

/// Imports of a page.
const SHOWN: usize = 50;
/// The word in the form for a list that is to be made.
const NEW_LIST: &str = "new";

pub(crate) fn router(max_body: usize) -> Router<Arc<App>> {
    let form = get(list).post(bring).layer(DefaultBodyLimit::max(max_body));
    Router::new()
        .route("/admin/imports", form)
        .route("/admin/imports/{id}", get(show))
        .route("/admin/imports/{id}/failed.csv", get(failed))
        .route("/admin/imports/{id}/cancel", post(stop))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    before: Option<i64>,
    list: String,
}

/// An import as a list has it.
struct Row {
    import: Import,
    list: String,
    /// The key of its state's name.
    state: &'static str,
}

impl Row {
    fn new(import: Import, list: String) -> Self {
        let state = match import.state {
            ImportState::Processing => "import-processing",
            ImportState::Complete => "import-complete",
            ImportState::Failed => "import-failed-state",
            ImportState::Canceled => "import-canceled",
        };
        Self {
            import,
            list,
            state,
        }
    }

    fn is_open(&self) -> bool {
        self.import.state == ImportState::Processing
    }

    fn done(&self) -> u64 {
        self.import.imported + self.import.failed + self.import.ignored
    }

    /// Rows done of a hundred.
    fn percent(&self) -> u64 {
        (self.done() * 100)
            .checked_div(self.import.rows)
            .unwrap_or(100)
    }
}

/// What was chosen in the form.
struct Chosen {
    list: String,
    new_list: String,
    encoding: String,
    list_only: bool,
    clear: bool,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct List {
    page: Page,
    rows: Vec<Row>,
    older: Option<ImportId>,
    lists: Vec<lists::Named>,
    encodings: [(&'static str, &'static str); ENCODINGS.len()],
    chosen: Chosen,
    error: Option<String>,
}

impl List {
    fn is_list(&self, id: &ListId) -> bool {
        self.chosen.list == id.to_string()
    }

    fn is_encoding(&self, label: &str) -> bool {
        self.chosen.encoding == label
    }
}

async fn list(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Response> {
    let chosen = Chosen {
        list: wanted.list,
        new_list: String::new(),
        encoding: String::new(),
        list_only: false,
        clear: false,
    };
    imports_page(&app, page, wanted.before, chosen, None).await
}

async fn imports_page(
    app: &Arc<App>,
    page: Page,
    before: Option<i64>,
    chosen: Chosen,
    error: Option<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Imports);
    let t = page.t;
    let read = app.read(move |txn, _, _| {
        let imports = txn.imports_before(before.map(ImportId), SHOWN + 1)?;
        let lists = txn.static_lists()?;
        Ok((imports, lists::named(txn, t, lists)?))
    });
    let (mut imports, lists) = read.await.map_err(|error| visit::unavailable(&error))?;
    let has_more = imports.len() > SHOWN;
    imports.truncate(SHOWN);
    let older = imports.last().map(|import| import.id).filter(|_| has_more);
    let rows = imports.into_iter().map(|import| {
        let list = lists.iter().find(|list| list.id == import.list);
        let name = list.map_or_else(String::new, |list| list.name.clone());
        Row::new(import, name)
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let list = List {
        page,
        rows: rows.collect(),
        older,
        lists,
        encodings: ENCODINGS,
        chosen,
        error,
    };
    Ok(html(status, &list))
}

/// Takes a file as an import.
async fn bring(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    upload: Upload,
) -> Result<Response, Response> {
    let chosen = Chosen {
        list: upload.fields.get("list").to_owned(),
        new_list: upload.fields.get("new_list").to_owned(),
        encoding: upload.fields.get("encoding").to_owned(),
        list_only: upload.fields.get("mode") == "list-only",
        clear: upload.fields.get("clear") == "on",
    };
    if upload.file.is_empty() {
        let error = page.t.get("import-no-file");
        return imports_page(&app, page, None, chosen, Some(error)).await;
    }
    let is_new = chosen.list == NEW_LIST;
    let list = chosen.list.parse().ok().map(ListId);
    if list.is_none() && !is_new {
        let error = page.t.get("import-no-list");
        return imports_page(&app, page, None, chosen, Some(error)).await;
    }
    let label = chosen.encoding.clone();
    // Reading many rows takes a while.
    let table = tokio::task::spawn_blocking(move || Table::read(&upload.file, &label)).await;
    let table = match table {
        Ok(Ok(table)) => table,
        Ok(Err(error)) => {
            let text = match error {
                TableError::Encoding(line) => page.t.count("import-encoding-wrong", line),
                TableError::Quote(line) => page.t.count("import-quote", line),
                TableError::Empty => page.t.get("import-no-rows"),
            };
            return imports_page(&app, page, None, chosen, Some(text)).await;
        }
        Err(error) => {
            tracing::error!(%error, "a file could not be read");
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        }
    };
    let (admin, new_list) = (page.name().to_owned(), chosen.new_list.clone());
    let mut input = ImportByHand {
        list: list.unwrap_or(ListId(0)),
        header: table.header,
        rows: table.rows,
        mode: match chosen.list_only {
            true => ImportMode::ListOnly,
            false => ImportMode::Upsert,
        },
        clear: chosen.clear,
        key: None,
        named: Vec::new(),
    };
    let taken = app.write(move |txn, schema, now| {
        if is_new {
            input.list = create_list(txn, &new_list)?;
        }
        let id = import_by_hand(txn, schema, now, &input)?;
        let change = Change {
            by: &admin,
            action: "import.bring",
            subject: &format!("import {id}"),
            detail: &format!("into list {}", input.list),
        };
        note(txn, now, change)?;
        Ok(id)
    });
    match taken.await {
        Ok(id) => {
            app.jobs.wake_imports();
            Ok(Redirect::to(&format!("/admin/imports/{id}")).into_response())
        }
        Err(error @ CallError::Store(_)) => Err(visit::unavailable(&error)),
        Err(error) => imports_page(&app, page, None, chosen, Some(error.to_string())).await,
    }
}

#[derive(Template)]
#[template(path = "import.html")]
struct Shown {
    page: Page,
    row: Row,
    columns: Vec<ImportColumn>,
    /// The first rows that failed: cells with their number and reason in front.
    header: Vec<String>,
    failures: Vec<Vec<String>>,
}

/// Failed rows that the page itself shows.
const FAILURES: usize = 20;

async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Imports);
    let Ok(id) = id.parse().map(ImportId) else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let t = page.t;
    let read = app.read(move |txn, schema, _| {
        let txn: &mut dyn ReadTxn = txn;
        let Some(own) = import(txn, id)? else {
            return Ok(None);
        };
        let mut of = txn.static_lists()?;
        of.retain(|list| list.id == own.list);
        let list = lists::named(txn, t, of)?.pop();
        let columns = import_columns(schema, &own)?;
        let failed = failed_rows(txn, id, 0)?;
        let name = list.map_or_else(String::new, |list| list.name);
        Ok(Some((Row::new(own, name), columns, failed)))
    });
    let read = read.await.map_err(|error| visit::unavailable(&error))?;
    let Some((row, columns, failed)) = read else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let (header, mut failures) = failed.map(|own| (own.header, own.rows)).unwrap_or_default();
    failures.truncate(FAILURES);
    let shown = Shown {
        page,
        row,
        columns,
        header,
        failures,
    };
    Ok(html(StatusCode::OK, &shown))
}

/// The failed rows as a file that can be mended and brought again.
async fn failed(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let Ok(id) = id.parse().map(ImportId) else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let mut out = Writer::new();
    let mut after = Some(0);
    while let Some(row) = after {
        let read = app.read(move |txn, _, _| Ok(failed_rows(txn, id, row)?));
        let part = read.await.map_err(|error| visit::unavailable(&error))?;
        let Some(part) = part else {
            return Ok(visit::not_found(Viewer(page)).await);
        };
        if row == 0 {
            out.line(&part.header);
        }
        part.rows.iter().for_each(|line| out.line(line));
        after = part.next;
    }
    let name = format!("attachment; filename=\"import-{id}-failed.csv\"");
    let head = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((head, out.text()).into_response())
}

/// Stops an import; what it has done stays.
async fn stop(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    Path(id): Path<i64>,
    _: Fields,
) -> Result<Response, Response> {
    let id = ImportId(id);
    let admin = page.name().to_owned();
    let done = app.write(move |txn, _, now| {
        if cancel(txn, now, id)? {
            let change = Change {
                by: &admin,
                action: "import.stop",
                subject: &format!("import {id}"),
                detail: "",
            };
            note(txn, now, change)?;
        }
        Ok(())
    });
    done.await.map_err(|error| visit::unavailable(&error))?;
    Ok(Redirect::to(&format!("/admin/imports/{id}")).into_response())
}
