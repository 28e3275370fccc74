//! Fields of leads, companies, opportunities and roles.

use super::super::page::{Page, Section, html};
use super::super::visit::{self, Fields, Owner, Viewer};
use super::{Refused, apply, in_a_form, number, status};
use crate::app::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use leadkeep_core::provision::{FIELD_TYPES, quoted};
use leadkeep_core::schema::{Exposure, Field, FieldSet, Schema, SourceObject};
use leadkeep_core::value::DataType;
use serde::Deserialize;
use std::sync::Arc;

/// What fields are added to, as provisioning files name it.
const OBJECTS: [&str; 4] = ["Lead", "Company", "Opportunity", "OpportunityPersonRole"];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    /// A field to be changed, with what it is one of.
    object: String,
    name: String,
}

struct Row {
    object: &'static str,
    name: String,
    display_name: String,
    data_type: &'static str,
    size: Option<u64>,
    is_custom: bool,
}

impl Row {
    /// Where the field is changed.
    fn path(&self) -> String {
        let query = visit::form_urlencoded(&[("object", self.object), ("name", &self.name)]);
        format!("/admin/setup?{query}#field")
    }
}

/// What was typed in.
#[derive(Default)]
struct New {
    /// Whether it changes a field that there is.
    changes: bool,
    object: String,
    name: String,
    display_name: String,
    data_type: String,
    size: String,
}

#[derive(Template)]
#[template(path = "setup_fields.html")]
struct List {
    page: Page,
    q: String,
    rows: Vec<Row>,
    objects: [&'static str; OBJECTS.len()],
    types: Vec<&'static str>,
    new: New,
    errors: Vec<String>,
}

impl List {
    fn is_object(&self, object: &str) -> bool {
        self.new.object == object
    }

    fn is_type(&self, data_type: &str) -> bool {
        self.new.data_type == data_type
    }
}

pub(super) async fn list(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Response> {
    let new = match wanted.name.is_empty() {
        true => New::default(),
        false => match known(&app, wanted.object, wanted.name).await? {
            Some(field) => field,
            None => return Ok(visit::not_found(Viewer(page)).await),
        },
    };
    fields_page(&app, page, wanted.q, new, Vec::new()).await
}

/// A custom field as it is, to be changed.
async fn known(app: &Arc<App>, object: String, name: String) -> Result<Option<New>, Response> {
    let read = app.read(move |_, schema, _| {
        let field = fields_of(schema, &object).find(&name);
        let field = field.filter(|field| field.custom);
        Ok(field.map(|field| New {
            changes: true,
            object: match (object.as_str(), field.source) {
                ("Lead" | "Company", SourceObject::Company) => OBJECTS[1].to_owned(),
                ("Lead" | "Company", _) => OBJECTS[0].to_owned(),
                _ => object.clone(),
            },
            name: field.name.to_string(),
            display_name: field.display_name.clone(),
            data_type: type_word(field.data_type).to_owned(),
            size: match field.data_type {
                DataType::String => field.size.map(|size| size.to_string()).unwrap_or_default(),
                _ => String::new(),
            },
        }))
    });
    read.await.map_err(|error| visit::unavailable(&error))
}

/// The fields of an object, by its name in provisioning files.
fn fields_of<'s>(schema: &'s Schema, object: &str) -> &'s FieldSet {
    match object {
        "Opportunity" => &schema.opportunity_fields,
        "OpportunityPersonRole" => &schema.role_fields,
        _ => &schema.lead_fields,
    }
}

/// The word of a type in provisioning files.
fn type_word(data_type: DataType) -> &'static str {
    let own = FIELD_TYPES.iter().find(|(_, own)| *own == data_type);
    own.map_or("", |(word, _)| word)
}

async fn fields_page(
    app: &Arc<App>,
    page: Page,
    q: String,
    new: New,
    errors: Vec<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Setup);
    let (wanted, t) = (q.trim().to_lowercase(), page.t);
    let read = app.read(move |_, schema, _| {
        let row = |object: &'static str, field: &Field| Row {
            object,
            name: field.name.to_string(),
            display_name: field.display_name.clone(),
            data_type: field.data_type.as_str(),
            size: field.size.map(u64::from),
            is_custom: field.custom,
        };
        let of_leads = schema
            .lead_fields
            .iter()
            .filter(|field| field.exposure == Exposure::Record || schema.is_shown(field));
        let of_leads = of_leads.map(|field| match field.source {
            SourceObject::Company => row(OBJECTS[1], field),
            _ => row(OBJECTS[0], field),
        });
        let is_known = |field: &&Arc<Field>| field.exposure != Exposure::Internal;
        let of_deals = schema.opportunity_fields.iter().filter(is_known);
        let of_deals = of_deals.map(|field| row(OBJECTS[2], field));
        let of_roles = schema.role_fields.iter().filter(is_known);
        let of_roles = of_roles.map(|field| row(OBJECTS[3], field));
        let has = |text: &str| text.to_lowercase().contains(&wanted);
        let rows = of_leads.chain(of_deals).chain(of_roles);
        let mut rows: Vec<Row> = rows
            .filter(|row| has(&row.name) || has(&row.display_name))
            .collect();
        let place = |row: &Row| {
            let object = OBJECTS.iter().position(|object| *object == row.object);
            (!row.is_custom, object)
        };
        rows.sort_by(|one, other| {
            let by_name = || t.order(&one.display_name, &other.display_name);
            place(one).cmp(&place(other)).then_with(by_name)
        });
        Ok(rows)
    });
    let rows = read.await.map_err(|error| visit::unavailable(&error))?;
    let list = List {
        page,
        q,
        rows,
        objects: OBJECTS,
        types: FIELD_TYPES.iter().map(|(word, _)| *word).collect(),
        new,
        errors,
    };
    Ok(html(status(&list.errors), &list))
}

/// Adds a field, or changes one.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let get = |name: &str| fields.get(name).to_owned();
    let new = New {
        changes: !get("changes").is_empty(),
        object: get("object"),
        name: get("name"),
        display_name: get("display_name"),
        data_type: get("type"),
        size: get("size"),
    };
    let (object, name) = (new.object.clone(), new.name.clone());
    let read = app.read(move |_, schema, _| Ok(fields_of(schema, &object).find(&name).is_some()));
    let is_there = read.await.map_err(|error| visit::unavailable(&error))?;
    if is_there && !new.changes {
        // A file would change the field; this form adds one.
        let error = page.t.about("setup-field-exists", &new.name);
        return fields_page(&app, page, String::new(), new, vec![error]).await;
    }
    let mut text = format!(
        "[[field]]\nobject = {}\nname = {}\ntype = {}\n",
        quoted(&new.object),
        quoted(&new.name),
        quoted(&new.data_type)
    );
    if !new.display_name.is_empty() {
        text.push_str(&format!("display_name = {}\n", quoted(&new.display_name)));
    }
    if !new.size.is_empty() {
        text.push_str(&format!("size = {}\n", number(&new.size)));
    }
    let what = format!("field {}.{}", new.object, new.name);
    match apply(&app, &page, &text, false, &what).await {
        Ok(_) => Ok(Redirect::to("/admin/setup?done=saved").into_response()),
        Err(Refused::Errors(errors)) => {
            fields_page(&app, page, String::new(), new, in_a_form(&errors)).await
        }
        Err(Refused::Answer(answer)) => Err(answer),
    }
}
