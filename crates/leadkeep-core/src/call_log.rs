//! The log of calls: what was called, by whom, and what became of it.
//!
//! It is no part of the store: it is written beside the calls, not before their answers, and what a crash takes of it are
//! the last moments.

use crate::store::StoreError;
use jiff::Timestamp;

/// Durations are counted in so many classes; each reaches twice as far as the one before.
pub const CLASSES: usize = 20;
/// Where the first class ends, in microseconds.
const FIRST_CLASS: u64 = 128;

/// What became of the records of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Records that are new.
    pub created: u32,
    /// Records that were changed, or deleted.
    pub updated: u32,
    /// Records that were left as they are.
    pub skipped: u32,
    /// Records that failed.
    pub failed: u32,
}

/// A message of a call, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// Its text, without signature.
    Kept(String),
    /// More came than is kept at a time.
    #[default]
    TooMuch,
    /// It is no text that could be shown.
    NoText,
}

/// A call that has ended. `Text` holds its texts: its own ones, those of somebody else, or where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<Text = String> {
    /// When it came, with milliseconds.
    pub at: Timestamp,
    /// The random name under which other logs and faults have it.
    pub call_id: Text,
    /// The API user, or who the message says it is, if it was not believed; empty if it does not say.
    pub user: Text,
    /// The operation; empty if the message names none.
    pub operation: Text,
    /// The version of the API, like `3_1`.
    pub version: Text,
    /// How many records a writing call brought.
    pub records: Option<u32>,
    /// What became of them.
    pub outcomes: Outcomes,
    /// The code of the fault with which it was answered.
    pub fault: Option<u32>,
    /// What the fault says.
    pub message: Text,
    /// How long it took from the whole message to the answer, in microseconds.
    pub duration: u64,
    /// Bytes of the message.
    pub bytes_in: u64,
    /// Bytes of the answer.
    pub bytes_out: u64,
    /// Where it came from.
    pub address: Text,
    /// What the client calls itself.
    pub user_agent: Text,
}

/// The faults of calls whose user is no more than claimed: what the signature should prove is wrong or missing (20014, 20017).
const NOT_BELIEVED: [u32; 2] = [20_014, 20_017];

impl<Text> Call<Text> {
    /// Whether the user has proved to be who the message says.
    pub fn is_believed(&self) -> bool {
        !self
            .fault
            .is_some_and(|fault| NOT_BELIEVED.contains(&fault))
    }

    /// The same call with other texts. They are asked for in the same order for each call.
    pub fn map<'c, Other>(&'c self, mut text: impl FnMut(&'c Text) -> Other) -> Call<Other> {
        Call {
            at: self.at,
            call_id: text(&self.call_id),
            user: text(&self.user),
            operation: text(&self.operation),
            version: text(&self.version),
            records: self.records,
            outcomes: self.outcomes,
            fault: self.fault,
            message: text(&self.message),
            duration: self.duration,
            bytes_in: self.bytes_in,
            bytes_out: self.bytes_out,
            address: text(&self.address),
            user_agent: text(&self.user_agent),
        }
    }
}

/// A call in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedCall {
    /// Its place, ascending with time.
    pub id: i64,
    /// What it was.
    pub call: Call,
}

/// Which calls are wanted; all that is said must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Of this API user.
    pub user: Option<String>,
    /// Of this operation.
    pub operation: Option<String>,
    /// From this address.
    pub address: Option<String>,
    /// Of clients that call themselves so.
    pub user_agent: Option<String>,
    /// With this fault.
    pub fault: Option<u32>,
    /// Only with a fault or with failed records.
    pub failed: bool,
    /// That came at this time or later.
    pub since: Option<Timestamp>,
    /// That came before this time.
    pub until: Option<Timestamp>,
    /// That took so many microseconds or more.
    pub slower: Option<u64>,
}

/// What was called in a minute, by one user, one operation, with one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minute {
    /// When it began.
    pub at: Timestamp,
    /// The API user; empty if it is not known, or only claimed.
    pub user: String,
    /// The operation; empty if messages named none.
    pub operation: String,
    /// The code of the fault, if there was one.
    pub fault: Option<u32>,
    /// How many calls.
    pub calls: u64,
    /// Records that they brought.
    pub records: u64,
    /// Records that failed.
    pub failed: u64,
    /// How many calls took how long (see [`class`]).
    pub durations: [u64; CLASSES],
}

/// How many things there were at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// When.
    pub at: Timestamp,
    /// Leads.
    pub leads: u64,
    /// Opportunities.
    pub opportunities: u64,
    /// Custom object records.
    pub records: u64,
}

/// The class of a duration in microseconds.
pub fn class(duration: u64) -> usize {
    let doubled = (duration / FIRST_CLASS).checked_ilog2();
    let class = doubled.map_or(0, |doubled| doubled as usize + 1);
    class.min(CLASSES - 1)
}

/// Where a class ends, in microseconds.
pub fn class_end(class: usize) -> u64 {
    FIRST_CLASS << class.min(CLASSES - 1)
}

/// The duration in microseconds below which so many of a hundred calls stayed: the end of the class that they reach.
/// Nothing without calls.
pub fn percentile(durations: &[u64; CLASSES], percent: u64) -> Option<u64> {
    let all: u64 = durations.iter().sum();
    let wanted = (all * percent).div_ceil(100).max(1);
    let mut counted = 0;
    let reached = durations.iter().position(|count| {
        counted += count;
        counted >= wanted
    });
    reached.map(class_end)
}

/// A log of calls.
pub trait CallLog: Send + Sync {
    /// Takes a call with its message and its answer. It is written later and by another thread; if it cannot keep up, calls
    /// are counted and not kept.
    fn append(&self, call: &Call<&str>, request: Body, response: Body);

    /// Takes what there was at a time.
    fn append_size(&self, size: Size);

    /// Calls with a place below `before`, the latest first.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn calls(
        &self,
        filter: &CallFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<LoggedCall>, StoreError>;

    /// A call with its message and its answer.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn call(&self, id: i64) -> Result<Option<(LoggedCall, Body, Body)>, StoreError>;

    /// What was called from a time on, by minute.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn minutes(&self, since: Timestamp) -> Result<Vec<Minute>, StoreError>;

    /// The minute of the last call of each user in the log.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn last_calls(&self) -> Result<Vec<(String, Timestamp)>, StoreError>;

    /// What there was from a time on.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn sizes(&self, since: Timestamp) -> Result<Vec<Size>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_is_below_the_end_of_its_class() {
        for duration in [0, 1, 127, 128, 255, 256, 1_000, 1_000_000, 60_000_000] {
            let own = class(duration);
            assert!(duration < class_end(own), "{duration}");
            assert!(own == 0 || duration >= class_end(own - 1), "{duration}");
        }
        assert_eq!(class(u64::MAX), CLASSES - 1);
    }

    #[test]
    fn percentiles_are_the_ends_of_classes() {
        let mut durations = [0; CLASSES];
        assert_eq!(percentile(&durations, 50), None);
        durations[0] = 98;
        durations[3] = 1;
        durations[9] = 1;
        assert_eq!(percentile(&durations, 50), Some(128));
        assert_eq!(percentile(&durations, 98), Some(128));
        assert_eq!(percentile(&durations, 99), Some(1_024));
        assert_eq!(percentile(&durations, 100), Some(class_end(9)));
    }
}
