//! Channels and tags, of which programs are made.

use super::super::page::{Page, Section, html};
use super::super::visit::{self, Fields, Owner, Viewer};
use super::{Refused, apply, in_a_form, lines, number, status};
use crate::app::App;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use leadkeep_core::provision::quoted;
use leadkeep_core::schema::{Channel, ChannelKind, ProgressionStatus, TagType, same_name};
use std::sync::Arc;

/// Statuses that the form has room for; it can be sent again for more.
const ROWS: usize = 6;
/// The kinds of channels, as provisioning files name them.
const KINDS: [(&str, ChannelKind); 5] = [
    ("program", ChannelKind::Program),
    ("event", ChannelKind::Event),
    ("webinar", ChannelKind::Webinar),
    ("nurture", ChannelKind::Nurture),
    ("email", ChannelKind::Email),
];

/// A status as it is typed in.
#[derive(Default)]
struct NewStatus {
    place: usize,
    name: String,
    step: String,
    success: bool,
}

impl NewStatus {
    /// Whether there is anything in the row. One without a name is refused, not dropped.
    fn is_typed(&self) -> bool {
        !self.name.is_empty() || !self.step.is_empty() || self.success
    }
}

/// What was typed in.
#[derive(Default)]
struct New {
    /// Which form it was.
    is_tag: bool,
    name: String,
    kind: String,
    statuses: Vec<NewStatus>,
    values: String,
}

impl New {
    fn empty() -> Self {
        let status = |place| NewStatus {
            place,
            ..NewStatus::default()
        };
        Self {
            statuses: (0..ROWS).map(status).collect(),
            ..Self::default()
        }
    }

    fn read(fields: &Fields) -> Self {
        let status = |place| NewStatus {
            place,
            name: fields.get(&format!("status.{place}")).to_owned(),
            step: fields.get(&format!("step.{place}")).to_owned(),
            success: fields.get(&format!("success.{place}")) == "on",
        };
        Self {
            is_tag: fields.get("what") == "tag",
            name: fields.get("name").to_owned(),
            kind: fields.get("kind").to_owned(),
            statuses: (0..ROWS).map(status).collect(),
            values: fields.raw("values").to_owned(),
        }
    }

    /// The channel as a provisioning file has it: with the statuses that there are, in their order, as they are unless they were
    /// typed in again.
    fn channel_text(&self, known: Option<&Channel>) -> String {
        let mut text = format!("[[channel]]\nname = {}\n", quoted(&self.name));
        if !self.kind.is_empty() {
            text.push_str(&format!("kind = {}\n", quoted(&self.kind)));
        }
        let typed = || self.statuses.iter().filter(|own| own.is_typed());
        let known = known.map_or(&[][..], |channel| &channel.statuses);
        let again = |known: &ProgressionStatus| {
            let mut same = typed().filter(|own| same_name(&own.name, &known.name));
            same.next()
        };
        // One that is typed in again keeps what the form does not show.
        let kept = known.iter().map(|known| match again(known) {
            Some(own) => {
                let step = number(&own.step);
                status_text(&known.name, &step, own.success, Some(known))
            }
            None => {
                let step = known.step.to_string();
                status_text(&known.name, &step, known.success, Some(known))
            }
        });
        let is_new =
            |own: &&NewStatus| !known.iter().any(|known| same_name(&own.name, &known.name));
        let new = typed()
            .filter(is_new)
            .map(|own| status_text(&own.name, &number(&own.step), own.success, None));
        let statuses: Vec<String> = kept.chain(new).collect();
        text.push_str(&format!("statuses = [{}]\n", statuses.join(", ")));
        text
    }

    fn tag_text(&self) -> String {
        let values: Vec<String> = lines(&self.values).into_iter().map(quoted).collect();
        let (name, values) = (quoted(&self.name), values.join(", "));
        format!("[[tag]]\ntype = {name}\nvalues = [{values}]\n")
    }
}

/// A status as a provisioning file has it, with what one that there is has besides.
fn status_text(name: &str, step: &str, success: bool, known: Option<&ProgressionStatus>) -> String {
    let name = quoted(name);
    let mut text = format!("{{ name = {name}, step = {step}, success = {success}");
    let own = known.map(|own| [("check_in", &own.check_in), ("behavior", &own.behavior)]);
    for (key, value) in own.into_iter().flatten() {
        if let Some(value) = value {
            text.push_str(&format!(", {key} = {}", quoted(value)));
        }
    }
    text + " }"
}

#[derive(Template)]
#[template(path = "setup_programs.html")]
struct Programs {
    page: Page,
    channels: Vec<Channel>,
    tags: Vec<TagType>,
    kinds: [(&'static str, &'static str); KINDS.len()],
    new: New,
    errors: Vec<String>,
}

impl Programs {
    fn is_kind(&self, kind: &str) -> bool {
        self.new.kind == kind
    }
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
) -> Result<Response, Response> {
    programs_page(&app, page, New::empty(), Vec::new()).await
}

async fn programs_page(
    app: &Arc<App>,
    page: Page,
    new: New,
    errors: Vec<String>,
) -> Result<Response, Response> {
    let page = page.of(Section::Setup);
    let read = app.read(|_, schema, _| Ok((schema.channels.clone(), schema.tags.clone())));
    let (channels, tags) = read.await.map_err(|error| visit::unavailable(&error))?;
    let programs = Programs {
        page,
        channels,
        tags,
        kinds: KINDS.map(|(word, kind)| (word, kind.program_type())),
        new,
        errors,
    };
    Ok(html(status(&programs.errors), &programs))
}

/// Adds a channel or a tag type, or statuses or values to one that is there.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    Owner(page): Owner,
    fields: Fields,
) -> Result<Response, Response> {
    let new = New::read(&fields);
    let (what, text) = if new.is_tag {
        (format!("tag {}", new.name), new.tag_text())
    } else {
        let name = new.name.clone();
        let read = app.read(move |_, schema, _| Ok(schema.channel(&name).cloned()));
        let known = read.await.map_err(|error| visit::unavailable(&error))?;
        (
            format!("channel {}", new.name),
            new.channel_text(known.as_ref()),
        )
    };
    match apply(&app, &page, &text, false, &what).await {
        Ok(_) => Ok(Redirect::to("/admin/setup/programs?done=saved").into_response()),
        Err(Refused::Errors(errors)) => programs_page(&app, page, new, in_a_form(&errors)).await,
        Err(Refused::Answer(answer)) => Err(answer),
    }
}
