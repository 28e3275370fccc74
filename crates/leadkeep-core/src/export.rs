//! All leads, objects or records, one after the other, as rows of named columns.

use crate::error::CallError;
use crate::schema::Schema;
use crate::store::ReadTxn;
use jiff::Timestamp;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Rows that are read at once.
pub(crate) const PAGE: usize = 1_000;

/// What is asked of a value: `Company = "X"`, `Company != "X"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field, as it was named.
    pub field: String,
    /// Whether the value is to be this one, or is not.
    pub equal: bool,
    /// The value as it is written; empty is none.
    pub value: String,
}

impl std::str::FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let odd = || format!("expected FIELD = \"VALUE\" or FIELD != \"VALUE\", got `{text}`");
        let (before, value) = text.split_once('=').ok_or_else(odd)?;
        let (field, equal) = match before.strip_suffix('!') {
            Some(field) => (field, false),
            None => (before, true),
        };
        let (field, value) = (field.trim(), value.trim());
        // Quotes keep blanks; a value without them is itself.
        let value = match value.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"').ok_or_else(odd)?,
            None => value,
        };
        if field.is_empty() || value.contains('"') {
            return Err(odd());
        }
        Ok(Self {
            field: field.to_owned(),
            equal,
            value: value.to_owned(),
        })
    }
}

/// Which rows, and what of them.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// The columns by SOAP name; without any, all that there are.
    pub fields: Vec<String>,
    /// Rows that were updated at this time or later.
    pub since: Option<Timestamp>,
    /// All must hold.
    pub conditions: Vec<Condition>,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Names that no column has, all of them.
    #[error("unknown columns: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// No such object type, or the store failed.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// What becomes of each row: `Some` with the values of the columns, empty for none, and `None` for a row that the
/// conditions leave out.
pub type Each<'a> = &'a mut dyn FnMut(Option<&[String]>) -> ControlFlow<()>;

/// Rows of one kind that can be given one after the other, in constant memory.
pub trait ExportRows {
    /// The names of the columns, in the spelling of their fields.
    fn columns(&self) -> &[Arc<str>];

    /// How many rows [`ExportRows::each`] tells of.
    ///
    /// # Errors
    /// Those of the store.
    fn count(&self, txn: &mut dyn ReadTxn) -> Result<u64, CallError>;

    /// Tells of every row, until all were given or `each` breaks off.
    ///
    /// # Errors
    /// Those of the store.
    fn each(&self, txn: &mut dyn ReadTxn, schema: &Schema, each: Each<'_>)
    -> Result<(), CallError>;
}

/// The columns of an export, and those that only its conditions look at.
#[derive(Debug)]
pub(crate) struct Selection {
    /// The columns that are given.
    pub(crate) columns: Vec<Arc<str>>,
    /// The place of each column in a row.
    places: HashMap<Arc<str>, usize>,
    /// The place of a column, which may be none that is given, and what its value is to be.
    conditions: Vec<(usize, Condition)>,
}

impl Selection {
    /// Looks up what an export names; `all` are the columns of one that names none.
    ///
    /// # Errors
    /// All names that nothing has, at once.
    pub(crate) fn new(
        export: &Export,
        find: impl Fn(&str) -> Option<Arc<str>>,
        all: impl FnOnce() -> Vec<Arc<str>>,
    ) -> Result<Self, ExportError> {
        let mut unknown = Vec::new();
        let mut spelt = |name: &String| {
            let found = find(name);
            if found.is_none() {
                unknown.push(name.clone());
            }
            found
        };
        let mut columns: Vec<Arc<str>> = export.fields.iter().filter_map(&mut spelt).collect();
        let mut named = Vec::new();
        for condition in &export.conditions {
            named.extend(spelt(&condition.field).map(|name| (name, condition.clone())));
        }
        if !unknown.is_empty() {
            return Err(ExportError::Unknown(unknown));
        }
        if columns.is_empty() {
            columns = all();
        }
        // A column that is asked for twice is there once.
        let mut seen = std::collections::HashSet::new();
        columns.retain(|name| seen.insert(name.clone()));
        let mut places = HashMap::new();
        for name in columns.iter().chain(named.iter().map(|(name, _)| name)) {
            let next = places.len();
            places.entry(name.clone()).or_insert(next);
        }
        let conditions = named
            .into_iter()
            .map(|(name, condition)| (places[&name], condition))
            .collect();
        Ok(Self {
            columns,
            places,
            conditions,
        })
    }

    /// All columns that are looked at, in no order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.places.keys().map(|name| name.to_string()).collect()
    }

    /// A row without values.
    pub(crate) fn row(&self) -> Vec<String> {
        vec![String::new(); self.places.len()]
    }

    /// Puts a value into a row, if it is looked at.
    pub(crate) fn put(&self, row: &mut [String], name: &str, value: String) {
        if let Some(at) = self.places.get(name) {
            row[*at] = value;
        }
    }

    /// Gives a row, and empties it for the next one.
    pub(crate) fn give(&self, row: &mut [String], each: Each<'_>) -> ControlFlow<()> {
        let is_wanted =
            |(at, condition): &(usize, Condition)| (row[*at] == condition.value) == condition.equal;
        let is_wanted = self.conditions.iter().all(is_wanted);
        let done = each(is_wanted.then(|| &row[..self.columns.len()]));
        row.iter_mut().for_each(String::clear);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        let read = |text: &str| text.parse::<Condition>();
        let condition = |field: &str, equal, value: &str| {
            let (field, value) = (field.to_owned(), value.to_owned());
            Ok(Condition {
                field,
                equal,
                value,
            })
        };
        assert_eq!(
            read("Company = \"A & B\""),
            condition("Company", true, "A & B")
        );
        assert_eq!(read("Company!=\" x \""), condition("Company", false, " x "));
        assert_eq!(read("City=Bonn = 1"), condition("City", true, "Bonn = 1"));
        assert_eq!(read("City ="), condition("City", true, ""));
        for odd in ["", "Company", "= x", "!= x", "City = \"x", "City = x\""] {
            let error = read(odd).unwrap_err();
            assert!(
                error.contains("expected FIELD = \"VALUE\"") && error.contains(odd),
                "{error}"
            );
        }
    }
}
