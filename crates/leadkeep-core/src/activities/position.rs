//! Places in streams of activities.

use crate::error::CallError;
use crate::ids::ActivityId;
use jiff::Timestamp;

/// A place in a stream of activities: `startPosition`, `newStartPosition`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartPosition {
    /// Upper bound.
    pub latest: Option<Timestamp>,
    /// Lower bound.
    pub oldest: Option<Timestamp>,
    /// Where to begin in time; which bound it is depends on the direction.
    pub activity: Option<Timestamp>,
    /// Where the previous page ended: `ID:` and the number of its last activity. It alone is enough (GLA-12, STR-3).
    pub offset: Option<String>,
}

impl StartPosition {
    /// The activity that the previous page ended with, if the offset says so. A number alone is taken too (STR-7).
    ///
    /// # Errors
    /// 20122 for any other text (GLA-25, GLC-29).
    pub(super) fn last(&self) -> Result<Option<ActivityId>, CallError> {
        let text = self.offset.as_deref().unwrap_or_default().trim();
        if text.is_empty() {
            return Ok(None);
        }
        let number = match text.get(..3) {
            Some(prefix) if prefix.eq_ignore_ascii_case("ID:") => &text[3..],
            _ => text,
        };
        let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
        let id = number.parse().ok().filter(|_| is_number);
        id.map(|id| Some(ActivityId(id)))
            .ok_or(CallError::BadStreamPosition)
    }
}

/// The offset behind an activity (GLA-14, GLC-12).
pub(super) fn offset(id: ActivityId) -> String {
    format!("ID:{id}")
}

/// A time as stores keep it: without the part of a second (ACT-9).
pub(super) fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
