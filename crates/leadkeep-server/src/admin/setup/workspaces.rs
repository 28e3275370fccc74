//! Workspaces, their partitions, and which new leads go where.

use super::super::page::{Page, Section, html};
use super::super::visit::{self, Fields, Owner, Viewer};
use super::{Refused, apply, in_a_form, lines, status};
use crate::app::App;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use leadkeep_core::ids::PartitionId;
use leadkeep_core::provision::quoted;
use leadkeep_core::schema::{AssignmentRule, Schema, same_name};
use std::sync::Arc;

/// A workspace with the names of its partitions.
struct Workspace {
    name: String,
    primary: String,
    partitions: String,
}

/// An assignment rule in words.
#[derive(Clone, Default)]
struct Rule {
    workspace: String,
    field: String,
    equals: String,
    partition: String,
}

impl Rule {
    /// The rule as a provisioning file has it.
    fn text(&self) -> String {
        let mut text = "[[assignment_rule]]\n".to_owned();
        if !self.workspace.is_empty() {
            text.push_str(&format!("workspace = {}\n", quoted(&self.workspace)));
        }
        text + &format!(
            "partition = {}\nwhen = {{ field = {}, equals = {} }}\n",
            quoted(&self.partition),
            quoted(&self.field),
            quoted(&self.equals)
        )
    }
}

/// What was typed in.
#[derive(Default)]
struct New {
    /// Which form it was.
    is_rule: bool,
    name: String,
    primary: String,
    partitions: String,
    rule: Rule,
}

impl New {
    fn read(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).to_owned();
        Self {
            is_rule: get("what") == "rule",
            name: get("name"),
            primary: get("primary"),
            partitions: fields.raw("partitions").to_owned(),
            rule: Rule {
                workspace: get("workspace"),
                field: get("field"),
                equals: get("equals"),
                partition: get("partition"),
            },
        }
    }

    /// The workspace as a provisioning file has it, with the partitions that it sees already.
    fn workspace_text(&self, known: &[String]) -> String {
        let mut partitions: Vec<&str> = known.iter().map(String::as_str).collect();
        let typed = std::iter::once(self.primary.as_str()).chain(lines(&self.partitions));
        for name in typed.filter(|name| !name.is_empty()) {
            if !partitions.iter().any(|known| same_name(known, name)) {
                partitions.push(name);
            }
        }
        let partitions: Vec<String> = partitions.into_iter().map(quoted).collect();
        format!(
            "[[workspace]]\nname = {}\nprimary_partition = {}\npartitions = [{}]\n",
            quoted(&self.name),
            quoted(&self.primary),
            partitions.join(", ")
        )
    }
}

#[derive(Template)]
#[template(path = "setup_workspaces.html")]
struct Workspaces {
    page: Page,
    workspaces: Vec<Workspace>,
    rules: Vec<Rule>,
    partitions: Vec<String>,
    new: New,
    errors: Vec<String>,
}

impl Workspaces {
    fn is_workspace(&self, name: &str) -> bool {
        self.new.rule.workspace == name
    }
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
) -> Result<Response, Response> {
    workspaces_page(&app, page, New::default(), Vec::new()).await
}

fn partition(schema: &Schema, id: PartitionId) -> String {
    let own = schema.partitions.iter().find(|own| own.id == id);
    own.map_or_else(String::new, |own| own.name.clone())
}

fn rules(schema: &Schema) -> Vec<Rule> {
    let rule = |rule: &AssignmentRule| {
        let mut all = schema.workspaces.iter();
        let workspace = all.find(|own| Some(own.id) == rule.workspace);
        Rule {
            workspace: workspace.map_or_else(String::new, |own| own.name.clone()),
            field: rule.field.clone(),
            equals: rule.equals.clone(),
            partition: partition(schema, rule.partition),
        }
    };
    schema.assignment_rules.iter().map(rule).collect()
}

async fn workspaces_page(
    app: &Arc<App>,
    page: Page,
    new: New,
    errors: Vec<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Setup);
    let read = app.read(|_, schema, _| {
        let name = |id: &_| partition(schema, *id);
        let workspaces = schema.workspaces.iter().map(|own| Workspace {
            name: own.name.clone(),
            primary: name(&own.primary_partition),
            partitions: own
                .partitions
                .iter()
                .map(name)
                .collect::<Vec<_>>()
                .join(", "),
        });
        let partitions = schema.partitions.iter().map(|own| own.name.clone());
        Ok((workspaces.collect(), partitions.collect(), rules(schema)))
    });
    let (workspaces, partitions, rules) = read.await.map_err(|error| visit::unavailable(&error))?;
    let workspaces = Workspaces {
        page,
        workspaces,
        rules,
        partitions,
        new,
        errors,
    };
    Ok(html(status(&workspaces.errors), &workspaces))
}

/// Adds a workspace, or partitions to one that is there, or a rule behind those that there are.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let new = New::read(&fields);
    let (what, text) = if new.is_rule {
        // A file says all rules.
        let read = app.read(|_, schema, _| Ok(rules(schema)));
        let mut rules = read.await.map_err(|error| visit::unavailable(&error))?;
        rules.push(new.rule.clone());
        let text: String = rules.iter().map(Rule::text).collect();
        (format!("assignment rule for {}", new.rule.partition), text)
    } else {
        let name = new.name.clone();
        let read = app.read(move |_, schema, _| {
            let known = schema.workspace(&name);
            let ids = known.iter().flat_map(|own| &own.partitions);
            Ok(ids.map(|id| partition(schema, *id)).collect::<Vec<_>>())
        });
        let known = read.await.map_err(|error| visit::unavailable(&error))?;
        (
            format!("workspace {}", new.name),
            new.workspace_text(&known),
        )
    };
    match apply(&app, &page, &text, false, &what).await {
        Ok(_) => Ok(Redirect::to("/admin/setup/workspaces?done=saved").into_response()),
        Err(Refused::Errors(errors)) => workspaces_page(&app, page, new, in_a_form(&errors)).await,
        Err(Refused::Answer(answer)) => Err(answer),
    }
}
