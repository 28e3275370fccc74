//! Stream positions of getCustomObjects: type, criteria and the last key, as printable text (GCO-19, GCO-20, STR-3).

use super::input::Pairs;
use crate::position::{decode, encode};

/// What a position begins with: whose it is, and in which form.
const MARK: &str = "co1.";

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Position {
    /// The type in its canonical spelling.
    pub(super) object: String,
    /// The key list of the first call.
    pub(super) keys: Pairs,
    /// The key of the last record that was given.
    pub(super) after: String,
    /// Records given so far.
    pub(super) given: u64,
}

impl Position {
    /// Reads a position that [`Position::write`] wrote.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_slice(&decode(text.trim().strip_prefix(MARK)?)?).ok()
    }

    /// Writes the position.
    pub(super) fn write(&self) -> String {
        // Plain data always serialises; an empty position would only start again.
        format!(
            "{MARK}{}",
            encode(&serde_json::to_vec(self).unwrap_or_default())
        )
    }
}
