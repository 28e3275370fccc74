//! Stream positions of getMObjects: the whole query and the last id, as printable text (GMO-37, STR-3, STR-7).

use super::read::MObjectQuery;
use crate::position::{decode, encode};

/// What a position begins with: whose it is, and in which form.
const MARK: &str = "mo1.";

/// A query and the number of the last object that was given.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Position {
    pub(super) query: MObjectQuery,
    pub(super) after: i64,
}

impl Position {
    /// Reads a position that [`Position::write`] wrote.
    pub(super) fn read(text: &str) -> Option<Self> {
        let bytes = decode(text.trim().strip_prefix(MARK)?)?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Writes the position as letters, digits and `-`, `_`, `.`.
    pub(super) fn write(&self) -> String {
        // Plain data always serialises; an empty position would only start again.
        let json = serde_json::to_vec(self).unwrap_or_default();
        format!("{MARK}{}", encode(&json))
    }
}
