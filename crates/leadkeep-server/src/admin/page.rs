//! What every page has.

use super::texts::{LANGUAGES, Language, Texts};
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use leadkeep_core::admins::{Admin, Role};

/// A part of the pages, as the menu has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Overview,
    Calls,
    Leads,
    Opportunities,
    Programs,
    Imports,
    Setup,
    Users,
    Connect,
    /// Pages outside of the menu.
    None,
}

impl Section {
    /// The menu, in its order.
    const MENU: [Self; 9] = [
        Self::Overview,
        Self::Calls,
        Self::Leads,
        Self::Opportunities,
        Self::Programs,
        Self::Imports,
        Self::Setup,
        Self::Users,
        Self::Connect,
    ];

    /// Where it begins.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Overview | Self::None => "/admin",
            Self::Calls => "/admin/calls",
            Self::Leads => "/admin/leads",
            Self::Opportunities => "/admin/opportunities",
            Self::Programs => "/admin/programs",
            Self::Imports => "/admin/imports",
            Self::Setup => "/admin/setup",
            Self::Users => "/admin/users",
            Self::Connect => "/admin/connect",
        }
    }

    /// The key of its name.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Overview => "nav-overview",
            Self::Calls => "nav-calls",
            Self::Leads => "nav-leads",
            Self::Opportunities => "count-opportunities",
            Self::Programs => "nav-programs",
            Self::Imports => "nav-imports",
            Self::Setup => "nav-setup",
            Self::Users => "nav-users",
            Self::Connect => "nav-connect",
            Self::None => "brand",
        }
    }
}

/// What every page is made with.
pub(crate) struct Page {
    /// The texts in the visitor's language.
    pub(crate) t: &'static Texts,
    /// Who is signed in.
    pub(crate) me: Option<Admin>,
    /// What the page's forms carry (see `Token::form`).
    pub(crate) csrf: String,
    /// The part of the pages that it belongs to.
    pub(crate) section: Section,
    /// The zone of the instance, in which times are shown.
    pub(crate) zone: TimeZone,
    /// The path of the page, if it can be asked for again.
    pub(crate) path: Option<String>,
    /// What was just done, in words.
    pub(crate) done: Option<String>,
}

impl Page {
    /// The page of a section of the menu.
    pub(crate) fn of(mut self, section: Section) -> Self {
        self.section = section;
        self
    }

    /// Where to be in another language: here, or where the section begins.
    pub(crate) fn here(&self) -> &str {
        self.path.as_deref().unwrap_or(self.section.path())
    }

    /// The version, under which browsers keep style and script.
    pub(crate) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// The menu.
    pub(crate) fn menu(&self) -> [Section; Section::MENU.len()] {
        Section::MENU
    }

    /// All languages.
    pub(crate) fn languages(&self) -> &'static [Language] {
        &LANGUAGES
    }

    /// Whether the visitor may change records.
    pub(crate) fn may_edit(&self) -> bool {
        self.may(Role::Editor)
    }

    /// Whether the visitor may change what is set up.
    pub(crate) fn may_set_up(&self) -> bool {
        self.may(Role::Owner)
    }

    pub(crate) fn may(&self, role: Role) -> bool {
        self.me.as_ref().is_some_and(|me| me.role >= role)
    }

    /// The name of the visitor.
    pub(crate) fn name(&self) -> &str {
        self.me.as_ref().map_or("", |me| &me.name)
    }

    /// A time as people read it, in the instance's zone.
    pub(crate) fn time(&self, time: &Timestamp) -> String {
        time.to_zoned(self.zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string()
    }

    /// The hour and minute of a time.
    pub(crate) fn clock(&self, time: Timestamp) -> String {
        let time = time.to_zoned(self.zone.clone());
        time.strftime("%H:%M").to_string()
    }

    /// The month and day of a time.
    pub(crate) fn day(&self, time: Timestamp) -> String {
        let time = time.to_zoned(self.zone.clone());
        time.strftime("%m-%d").to_string()
    }

    /// A number as the visitor's language writes it.
    pub(crate) fn number(&self, number: impl Number) -> String {
        self.t.number(number.whole())
    }

    /// Microseconds, as milliseconds.
    pub(crate) fn millis(&self, micros: impl Number) -> String {
        let micros = micros.whole();
        let (whole, rest) = (micros / 1_000, micros % 1_000 / 100);
        match whole {
            0..10 => format!("{whole}.{rest} ms"),
            _ => format!("{} ms", self.t.number(whole)),
        }
    }
}

/// A number in a template, which hands out some as they are and some by reference.
pub(crate) trait Number {
    fn whole(self) -> u64;
}

impl Number for u32 {
    fn whole(self) -> u64 {
        self.into()
    }
}

impl Number for u64 {
    fn whole(self) -> u64 {
        self
    }
}

impl<N: Number + Copy> Number for &N {
    fn whole(self) -> u64 {
        (*self).whole()
    }
}

/// A page as an answer.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => {
            let kind = (CONTENT_TYPE, "text/html; charset=utf-8");
            (status, [kind], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Says what went wrong, with a way back.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) page: Page,
    pub(crate) title: String,
    pub(crate) text: String,
}
