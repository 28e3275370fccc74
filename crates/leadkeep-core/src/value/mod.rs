//! Values of fields: what is taken, how it is kept, what is given.
//!
//! A value has three forms: the text that a caller sends (DM-VAL-1), which [`read`] takes in every way that clients
//! write it; the canonical text, which is kept, so that equal values are equal texts (DM-VAL-6); and the wire text,
//! which [`write`](write()) gives. An absent value is no text at all: there are no empty values. A false boolean is one, `0`, and
//! differs from none (VAL-9, DM-VAL-16). Enumerated values are free text (DM-VAL-15).

mod number;
mod order;
mod text;
mod time;

pub(crate) use order::fold_chars;
pub use order::{compare, fold, fold_text, sort_key};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The data type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataType {
    /// Any text up to the field's size in characters.
    String,
    /// Any text up to 30,000 bytes of UTF-8.
    Text,
    /// An e-mail address, kept as sent, compared in lower case.
    Email,
    /// A telephone number; any text.
    Phone,
    /// An address of a page; any text.
    Url,
    /// A signed 64-bit whole number.
    Integer,
    /// A 64-bit float.
    Float,
    /// An exact decimal: 18 digits before and 4 after the point.
    Currency,
    /// A signed 32-bit whole number, shown as percent.
    Percent,
    /// A signed 32-bit whole number.
    Score,
    /// True, false, or without value.
    Boolean,
    /// A day.
    Date,
    /// An instant in whole seconds.
    Datetime,
    /// A link to another row, given by the server.
    Reference,
}

impl DataType {
    /// The word of the type, as `attrType` and the metadata have it (COM-19).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Text => "text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Score => "score",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Reference => "reference",
        }
    }

    /// Whether values are free text, which `NULL` does not clear (COM-25).
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::String | Self::Text | Self::Email | Self::Phone | Self::Url
        )
    }
}

/// What a reader of values needs to know of the instance.
#[derive(Debug, Clone)]
pub struct ValueRules {
    /// The zone of times without one (DM-VAL-13).
    pub zone: jiff::tz::TimeZone,
    /// `NULL` and `null` clear text too (COM-25).
    pub null_clears_text: bool,
    /// Over-long strings are cut (VAL-8).
    pub cut_long_strings: bool,
    /// Addresses are checked (DM-VAL-10).
    pub check_email: bool,
    /// Counts the values that were cut, so that the server can say so in its log (VAL-8, DM-VAL-7).
    pub cuts: CutCounter,
}

/// How many over-long strings were cut; shared by all that read with the rules of one schema.
#[derive(Debug, Clone, Default)]
pub struct CutCounter(Arc<AtomicU64>);

impl CutCounter {
    /// The number of values cut since the last time that somebody asked.
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }

    fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Why a value does not fit its type; the text says what was expected and what came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);

impl ValueError {
    /// `expected <what>, got <the value's beginning>`.
    fn expected(what: &str, got: &str) -> Self {
        const SHOWN: usize = 40;
        let mut shown: String = got.chars().take(SHOWN).collect();
        if shown.len() < got.len() {
            shown.push('…');
        }
        Self(format!("expected {what}, got `{shown}`"))
    }
}

/// The canonical text of a value as a caller sent it, or `None` if it clears the field.
///
/// `size` is the field's number of characters, for strings; without one it is 255.
///
/// Empty and blank values clear every type, `NULL` and `null` all but text types (COM-25, DM-VAL-3, DM-VAL-4). Blanks
/// around values are dropped for all types but string and text (VAL-1, DM-VAL-5).
///
/// # Errors
/// When the type cannot read the value or it is too long (VAL-8, DM-VAL-2, DM-VAL-14). The text says what was expected
/// and what came; it does not name the field.
pub fn read(
    data_type: DataType,
    size: Option<u32>,
    raw: &str,
    rules: &ValueRules,
) -> Result<Option<String>, ValueError> {
    let trimmed = raw.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    if data_type.is_text() {
        let kept = match data_type {
            DataType::String | DataType::Text => raw,
            _ => trimmed,
        };
        return text::read(data_type, size, kept, rules);
    }
    if matches!(trimmed, "NULL" | "null") {
        return Ok(None);
    }
    match data_type {
        DataType::Integer => number::integer(trimmed),
        DataType::Score | DataType::Percent => number::small_integer(trimmed),
        DataType::Float => number::float(trimmed),
        DataType::Currency => number::currency(trimmed),
        DataType::Boolean => boolean(trimmed),
        DataType::Date => time::date(trimmed),
        DataType::Datetime => time::datetime(trimmed, &rules.zone),
        // VAL-7: callers ignore references, but for those of roles, which are ids.
        _ => number::reference(trimmed),
    }
    .map(Some)
}

/// An exact amount without an instance's rules, for program costs (SMO-59); `None` if it cannot be read.
pub fn canonical_amount(text: &str) -> Option<String> {
    number::currency(text.trim()).ok()
}

/// The wire text of a canonical value: itself, but for times, which are written in the instance's zone (VAL-6, RSP-9,
/// DM-VAL-13).
pub fn write<'a>(data_type: DataType, canonical: &'a str, zone: &TimeZone) -> Cow<'a, str> {
    match data_type {
        DataType::Datetime => time::write(canonical, zone),
        _ => Cow::Borrowed(canonical),
    }
}

/// What [`write`] gives, for who needs a text to keep.
pub(crate) fn wire(data_type: DataType, canonical: Cow<'_, str>, zone: &TimeZone) -> String {
    let wire = match write(data_type, &canonical, zone) {
        Cow::Owned(wire) => Some(wire),
        // It is written as it is kept.
        Cow::Borrowed(_) => None,
    };
    wire.unwrap_or_else(|| canonical.into_owned())
}

/// VAL-4, DM-VAL-17: every word for yes and no that clients use.
fn boolean(text: &str) -> Result<String, ValueError> {
    let is = |words: [&str; 6]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["1", "true", "yes", "y", "t", "on"]) {
        Ok("1".to_owned())
    } else if is(["0", "false", "no", "n", "f", "off"]) {
        Ok("0".to_owned())
    } else {
        Err(ValueError::expected("1 or 0, true or false", text))
    }
}

#[cfg(test)]
mod tests;
