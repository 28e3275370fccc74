//! Values of fields: what is taken, how it is kept, what is given (VAL-1 to VAL-8, DM-VAL).

use serde::{Deserialize, Serialize};

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
}

/// Why a value does not fit its type; the text says what was expected and what came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);
