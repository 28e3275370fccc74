//! What is wrong with a provisioning file.

use crate::store::{Rollback, StoreError};
use std::fmt;

/// Where something stands in the file: its line, from 1, and its key, like `program.tags.Regions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) key: String,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// One thing that is wrong with a file (PRV-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionError {
    /// The line that it stands in, from 1.
    pub line: usize,
    /// The key that it is about, like `program.tags.Regions`; empty if the text is no TOML.
    pub key: String,
    /// What was expected.
    pub expected: String,
    /// What came instead.
    pub got: String,
}

impl fmt::Display for ProvisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.without_line())
    }
}

impl ProvisionError {
    /// What is wrong, for somebody who has typed no file.
    pub fn without_line(&self) -> String {
        let key = match self.key.as_str() {
            "" => String::new(),
            key => format!("{key}: "),
        };
        format!("{key}expected {}, got {}", self.expected, self.got)
    }
}

impl std::error::Error for ProvisionError {}

/// Why a file was not applied. Nothing of it was stored, if the transaction is now rolled back.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ApplyError {
    /// The file is wrong; all that is wrong with it, by line (PRV-1).
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<ProvisionError>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<&ApplyError> for Rollback {
    fn from(error: &ApplyError) -> Self {
        match error {
            ApplyError::Refused(_) => Self::Refused,
            ApplyError::Store(error) => error.into(),
        }
    }
}

/// Collects errors, so that all are reported together.
#[derive(Debug, Default)]
pub(super) struct Errors(pub(super) Vec<ProvisionError>);

impl Errors {
    pub(super) fn push(
        &mut self,
        place: &Place,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) {
        self.0.push(ProvisionError {
            line: place.line,
            key: place.key.clone(),
            expected: expected.into(),
            got: got.into(),
        });
    }

    /// A name that nothing has, with the nearest one that something has (PRV-1, PRV-7).
    pub(super) fn unknown<'n>(
        &mut self,
        place: &Place,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let expected = match nearest(name, known) {
            Some(nearest) => format!("{what} (the nearest is {})", shown(nearest)),
            None => format!("{what} (there is none)"),
        };
        self.push(place, expected, shown(name));
    }

    /// All errors, by line.
    pub(super) fn sorted(mut self) -> Vec<ProvisionError> {
        self.0.sort_by_key(|error| error.line);
        self.0.dedup();
        self.0
    }
}

/// A text from the file, quoted, with escapes, and not too long to be read.
pub(super) fn shown(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut begin: String = text.chars().take(SHOWN).collect();
    if begin.len() < text.len() {
        begin.push('…');
    }
    format!("{begin:?}")
}

/// The known name that takes the fewest changes of letters.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    known
        .into_iter()
        .min_by_key(|known| distance(&known.to_lowercase(), &name.to_lowercase()))
}

/// The number of letters to insert, remove or replace; only the beginnings of long texts are looked at.
fn distance(a: &str, b: &str) -> usize {
    const LOOKED_AT: usize = 64;
    let b: Vec<char> = b.chars().take(LOOKED_AT).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().take(LOOKED_AT).enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let replaced = corner + usize::from(a != *b);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_needs_the_fewest_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        let known = ["window_days", "end_of_stream", "strict_keys"];
        assert_eq!(nearest("windows_day", known), Some("window_days"));
        assert_eq!(nearest("STRICT", known), Some("strict_keys"));
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn shown_texts_are_escaped_and_short() {
        assert_eq!(shown("a\u{1b}\n"), "\"a\\u{1b}\\n\"");
        assert!(shown(&"é".repeat(10_000)).chars().count() < 70);
    }
}
