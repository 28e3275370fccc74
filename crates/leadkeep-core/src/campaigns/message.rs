//! Messages of steps, with their texts filled in.

use super::step::{EmailStep, Step, WebhookStep};
use super::text::{Escape, Name, Tokens, render};
use crate::ids::TaskId;
use crate::schema::{Campaign, Field, Schema, SourceObject};
use crate::store::{CampaignTask, Company, Lead};
use crate::value::{self, fold_text};
use jiff::Timestamp;

/// Something to be sent for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The task.
    pub task: TaskId,
    /// The step that it is at.
    pub step: u32,
    /// Which try this is, the first being 1.
    pub attempt: u32,
    /// The same for each try of this step of this task, and for nothing else.
    pub key: String,
    /// What is to be sent.
    pub message: Message,
}

/// A message with its texts filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A mail.
    Email {
        /// Who sends it.
        from: String,
        /// The lead's address.
        to: String,
        /// Where answers go, if not to the sender.
        reply_to: Option<String>,
        /// The subject.
        subject: String,
        /// The text.
        text: String,
        /// The same in HTML.
        html: Option<String>,
    },
    /// A request to a server.
    Webhook {
        /// Where to.
        url: String,
        /// The method.
        method: String,
        /// The type of the body.
        content_type: String,
        /// The body; empty for none.
        body: String,
    },
}

impl Message {
    /// The subject of a mail.
    pub(super) fn subject(&self) -> Option<&str> {
        match self {
            Self::Email { subject, .. } => Some(subject),
            Self::Webhook { .. } => None,
        }
    }
}

/// Whom texts are about.
pub(super) struct Subject<'a> {
    pub(super) schema: &'a Schema,
    pub(super) now: Timestamp,
    pub(super) campaign: &'a Campaign,
    pub(super) lead: &'a Lead,
    pub(super) company: Option<&'a Company>,
    pub(super) task: &'a CampaignTask,
    /// The tokens of the program.
    pub(super) program: &'a [(String, String)],
}

impl Subject<'_> {
    /// A text for a value.
    pub(super) fn text(&self, template: &str) -> String {
        self.filled(template, Escape::Plain)
    }

    /// The message of a step; `None` if there is none to be sent: the step has no messages, or the lead wants no mails,
    /// or cannot have any.
    pub(super) fn message(&self, step: &Step) -> Option<Message> {
        match step {
            Step::SendEmail(email) => self.email(email),
            Step::Webhook(webhook) => Some(self.webhook(webhook)),
            _ => None,
        }
    }

    fn email(&self, step: &EmailStep) -> Option<Message> {
        let is = |name| self.lead.attrs.get(name) == Some("1");
        let to = self.lead.email.clone()?;
        if is("Unsubscribed") || is("EmailInvalid") {
            return None;
        }
        Some(Message::Email {
            from: self.text(&step.from),
            to,
            reply_to: step.reply_to.as_ref().map(|text| self.text(text)),
            subject: self.text(&step.subject),
            text: self.text(&step.text),
            html: step
                .html
                .as_ref()
                .map(|html| self.filled(html, Escape::Html)),
        })
    }

    fn webhook(&self, step: &WebhookStep) -> Message {
        let escape = Escape::for_content_type(&step.content_type);
        let body = step.body.as_deref().unwrap_or_default();
        // What an address begins with is its server, and no part of one.
        let begin = match step.url.find("}}") {
            Some(end) if step.url.starts_with("{{") => end + 2,
            _ => 0,
        };
        let (begin, rest) = step.url.split_at(begin);
        Message::Webhook {
            url: self.text(begin) + &self.filled(rest, Escape::Url),
            method: step.method.clone(),
            content_type: step.content_type.clone(),
            body: self.filled(body, escape),
        }
    }

    fn filled(&self, template: &str, escape: Escape) -> String {
        render(template, escape, &|name| self.value(name))
    }

    fn value(&self, name: &Name<'_>) -> Option<String> {
        let zone = &self.schema.instance.time_zone;
        match name {
            Name::Lead(name) => self.field(name, false),
            Name::Company(name) => self.field(name, true),
            Name::My(name) => {
                let tokens = Tokens {
                    import_row: &self.task.row_tokens,
                    call: &self.task.call_tokens,
                    program: self.program,
                };
                tokens.get(name).map(str::to_owned)
            }
            Name::CampaignName => Some(self.campaign.name.clone()),
            Name::SystemDateTime => {
                let now = self.now.to_zoned(zone.clone());
                Some(now.strftime("%Y-%m-%d %H:%M:%S").to_string())
            }
        }
    }

    /// The value of a field by its display name, or else its SOAP name, as answers of this API write it.
    fn field(&self, name: &str, of_company: bool) -> Option<String> {
        let wanted = fold_text(name);
        let fits = |field: &Field| !of_company || field.source == SourceObject::Company;
        let fields = &self.schema.lead_fields;
        let shown = fields
            .iter()
            .find(|field| fits(field) && fold_text(field.display_name.trim()) == wanted);
        let field = shown.or_else(|| fields.find(name).filter(|field| fits(field)))?;
        let stored = stored_value(self.lead, self.company, field)?;
        let zone = &self.schema.instance.time_zone;
        Some(value::write(field.data_type, &stored, zone).into_owned())
    }
}

/// A value of a lead or of its company, as it is stored.
pub(super) fn stored_value(
    lead: &Lead,
    company: Option<&Company>,
    field: &Field,
) -> Option<String> {
    match field.name.as_ref() {
        "Id" => Some(lead.id.to_string()),
        "Email" => lead.email.clone(),
        name if field.source == SourceObject::Company => {
            company?.attrs.get(name).map(str::to_owned)
        }
        name => lead.attrs.get(name).map(str::to_owned),
    }
}
