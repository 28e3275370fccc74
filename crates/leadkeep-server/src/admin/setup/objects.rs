//! Custom object types: what there is, and a designer.

use super::super::page::{Page, Section, html};
use super::super::visit::{self, Fields, Owner, Viewer, form_urlencoded};
use super::{Refused, apply, in_a_form, number, status};
use crate::app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use leadkeep_core::provision::{FIELD_TYPES, link_text, quoted};
use leadkeep_core::schema::{CustomObject, Schema, same_name};
use std::sync::Arc;

/// Rows for fields in the form of a new type.
const ROWS: usize = 8;
/// What a link mostly refers to; it may be any field of leads and companies, and fields of other types.
const LINKS: [&str; 3] = ["Lead.Id", "Lead.Email", "Company.Company"];

/// A field as it is typed in.
#[derive(Default, Clone)]
struct NewField {
    place: usize,
    name: String,
    display_name: String,
    data_type: String,
    size: String,
    dedupe: bool,
    link: String,
}

impl NewField {
    /// Whether there is anything in the row but the type, which is always chosen. One without a name is refused, not dropped.
    fn is_typed(&self) -> bool {
        let texts = [&self.name, &self.display_name, &self.size, &self.link];
        self.dedupe || texts.into_iter().any(|text| !text.is_empty())
    }

    fn is_type(&self, data_type: &str) -> bool {
        self.data_type == data_type
    }

    /// Reads a row of a form; `None` for an empty one.
    fn read(fields: &Fields, place: usize) -> Self {
        let get = |name: &str| fields.get(&format!("{name}.{place}")).to_owned();
        Self {
            place,
            name: get("name"),
            display_name: get("display_name"),
            data_type: get("type"),
            size: get("size"),
            dedupe: get("dedupe") == "on",
            link: get("link"),
        }
    }

    /// The field as a provisioning file has it.
    fn text(&self) -> String {
        let mut text = format!(
            "{{ name = {}, type = {}",
            quoted(&self.name),
            quoted(&self.data_type)
        );
        if !self.display_name.is_empty() {
            text.push_str(&format!(", display_name = {}", quoted(&self.display_name)));
        }
        if !self.size.is_empty() {
            text.push_str(&format!(", size = {}", number(&self.size)));
        }
        if self.dedupe {
            text.push_str(", dedupe = true");
        }
        if !self.link.is_empty() {
            text.push_str(&format!(", link = {}", quoted(&self.link)));
        }
        text + " }"
    }
}

fn rows(fields: &Fields, count: usize) -> Vec<NewField> {
    (0..count)
        .map(|place| NewField::read(fields, place))
        .collect()
}

fn empty(count: usize) -> Vec<NewField> {
    let row = |place| NewField {
        place,
        ..NewField::default()
    };
    (0..count).map(row).collect()
}

/// The types that fields of custom objects can have (DM-COB-4).
fn types() -> Vec<&'static str> {
    let words = FIELD_TYPES.iter().map(|(word, _)| *word);
    words
        .filter(|word| !matches!(*word, "text" | "score"))
        .collect()
}

struct Row {
    name: String,
    display_name: String,
    description: String,
    fields: u64,
    records: u64,
    /// Its page.
    path: String,
}

fn path(name: &str) -> String {
    let query = form_urlencoded(&[("", name)]).replace('+', "%20");
    format!("/admin/setup/objects/{}", query.trim_start_matches('='))
}

/// What the form proposes for links: what they mostly refer to, and the keys of other types.
fn links(schema: &Schema) -> Vec<String> {
    let of_others = schema.custom_objects.iter().flat_map(|object| {
        let keys = object.fields.iter().filter(|field| field.dedupe);
        keys.map(|field| format!("{}.{}", object.name, field.name))
    });
    let usual = LINKS.iter().map(|link| (*link).to_owned());
    usual.chain(of_others).collect()
}

#[derive(Template)]
#[template(path = "setup_objects.html")]
struct List {
    page: Page,
    rows: Vec<Row>,
    name: String,
    display_name: String,
    description: String,
    strict: bool,
    new: Vec<NewField>,
    types: Vec<&'static str>,
    links: Vec<String>,
    errors: Vec<String>,
}

pub(super) async fn list(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
) -> Result<Response, Response> {
    let texts = [String::new(), String::new(), String::new()];
    objects_page(&app, page, texts, false, empty(ROWS), Vec::new()).await
}

async fn objects_page(
    app: &Arc<App>,
    page: Page,
    [name, display_name, description]: [String; 3],
    strict: bool,
    new: Vec<NewField>,
    errors: Vec<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Setup);
    let read = app.read(|txn, schema, _| {
        let mut rows = Vec::new();
        for object in &schema.custom_objects {
            rows.push(Row {
                name: object.name.clone(),
                display_name: object.display_name.clone(),
                description: object.description.clone(),
                fields: object.fields.len().try_into().unwrap_or(u64::MAX),
                records: txn.count_records(object.id, &[], None)?,
                path: path(&object.name),
            });
        }
        Ok((rows, links(schema)))
    });
    let (rows, links) = read.await.map_err(|error| visit::unavailable(&error))?;
    let list = List {
        page,
        rows,
        name,
        display_name,
        description,
        strict,
        new,
        types: types(),
        links,
        errors,
    };
    Ok(html(status(&list.errors), &list))
}

/// Adds a type.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let texts = ["name", "display_name", "description"].map(|name| fields.get(name).to_owned());
    let new = rows(&fields, ROWS);
    let own: Vec<String> = new
        .iter()
        .filter(|field| field.is_typed())
        .map(NewField::text)
        .collect();
    let [name, display_name, description] = &texts;
    let mut text = format!("[[custom_object]]\nname = {}\n", quoted(name));
    for (key, value) in [("display_name", display_name), ("description", description)] {
        if !value.is_empty() {
            text.push_str(&format!("{key} = {}\n", quoted(value)));
        }
    }
    let strict = fields.get("strict") == "on";
    if strict {
        text.push_str("strict = true\n");
    }
    text.push_str(&format!("fields = [{}]\n", own.join(", ")));
    let exists = {
        let name = name.clone();
        let read = app.read(move |_, schema, _| Ok(schema.custom_object(&name).is_some()));
        read.await.map_err(|error| visit::unavailable(&error))?
    };
    if exists {
        let error = page.t.about("setup-object-exists", name);
        return objects_page(&app, page, texts, strict, new, vec![error]).await;
    }
    let what = format!("custom object {name}");
    match apply(&app, &page, &text, false, &what).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=saved", path(name))).into_response()),
        Err(Refused::Errors(errors)) => {
            objects_page(&app, page, texts, strict, new, in_a_form(&errors)).await
        }
        Err(Refused::Answer(answer)) => Err(answer),
    }
}

/// A field that a type has.
struct Known {
    name: String,
    display_name: String,
    data_type: &'static str,
    size: Option<u64>,
    dedupe: bool,
    link: String,
}

#[derive(Template)]
#[template(path = "setup_object.html")]
struct Shown {
    page: Page,
    object: CustomObject,
    fields: Vec<Known>,
    records: u64,
    path: String,
    new: Vec<NewField>,
    types: Vec<&'static str>,
    links: Vec<String>,
    errors: Vec<String>,
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Path(name): Path<String>,
) -> Result<Response, Response> {
    object_page(&app, page, name, empty(1), Vec::new()).await
}

async fn object_page(
    app: &Arc<App>,
    page: Page,
    name: String,
    new: Vec<NewField>,
    errors: Vec<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Setup);
    let read = app.read(move |txn, schema, _| {
        let Some(object) = schema.custom_object(&name) else {
            return Ok(None);
        };
        let fields: Vec<Known> = object
            .fields
            .iter()
            .map(|field| Known {
                name: field.name.clone(),
                display_name: field.display_name.clone(),
                data_type: field.data_type.as_str(),
                size: field.size.map(u64::from),
                dedupe: field.dedupe,
                link: field
                    .link
                    .as_ref()
                    .map_or_else(String::new, |link| link_text(schema, link)),
            })
            .collect();
        let records = txn.count_records(object.id, &[], None)?;
        Ok(Some((
            CustomObject::clone(object),
            fields,
            records,
            links(schema),
        )))
    });
    let read = read.await.map_err(|error| visit::unavailable(&error))?;
    let Some((object, fields, records, links)) = read else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    let shown = Shown {
        page,
        path: path(&object.name),
        object,
        fields,
        records,
        new,
        types: types(),
        links,
        errors,
    };
    Ok(html(status(&shown.errors), &shown))
}

/// Adds a field to a type.
pub(super) async fn extend(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, Response> {
    let new = rows(&fields, 1);
    let wanted = new[0].name.clone();
    // By its name or its display name: what is written is the name.
    let read = app.read(move |_, schema, _| {
        let object = schema.custom_object(&name);
        Ok(object.map(|object| {
            let mut known = object.fields.iter();
            let exists = known.any(|field| same_name(&field.name, &wanted));
            (object.name.clone(), exists)
        }))
    });
    let Some((name, exists)) = read.await.map_err(|error| visit::unavailable(&error))? else {
        return Ok(visit::not_found(Viewer(page)).await);
    };
    if exists {
        // A file would change the field; this form adds one.
        let error = page.t.about("setup-field-exists", &new[0].name);
        return object_page(&app, page, name, new, vec![error]).await;
    }
    let text = format!(
        "[[custom_object]]\nname = {}\nfields = [{}]\n",
        quoted(&name),
        new[0].text()
    );
    match apply(&app, &page, &text, false, &format!("custom object {name}")).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=saved", path(&name))).into_response()),
        Err(Refused::Errors(errors)) => {
            object_page(&app, page, name, new, in_a_form(&errors)).await
        }
        Err(Refused::Answer(answer)) => Err(answer),
    }
}
