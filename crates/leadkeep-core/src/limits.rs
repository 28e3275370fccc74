//! How many calls users may make (LIM-1 to LIM-6). Counting and nothing else: the time comes in with each call.

#[cfg(test)]
mod tests;

use crate::store::CallUsage;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet, VecDeque};

/// What may be done; nothing is limited by default (LIM-4).
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Calls a day (LIM-1).
    pub daily: Option<u64>,
    /// Calls in a time (LIM-2).
    pub rate: Option<Rate>,
    /// Calls at once (LIM-3).
    pub concurrent: Option<u64>,
    /// Clones of programs a day, of all users together (SC-8).
    pub clones: Option<u64>,
    /// The zone in which a day begins (LIM-6).
    pub zone: TimeZone,
}

/// So many calls in so many seconds, wherever they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The calls.
    pub calls: u64,
    /// The seconds.
    pub seconds: u32,
}

/// The zone in which the original's days began.
const ZONE: &str = "America/Chicago";

/// A rate has at most so many calls: the time of each one is held and kept.
const MOST_CALLS: u64 = 10_000;
/// A rate is over at most so many seconds, a day.
const MOST_SECONDS: u32 = 86_400;

impl Default for Limits {
    fn default() -> Self {
        Self {
            daily: None,
            rate: None,
            concurrent: None,
            clones: None,
            zone: TimeZone::get(ZONE).unwrap_or(TimeZone::UTC),
        }
    }
}

impl Limits {
    /// Those of the original (LIM-1, LIM-2, LIM-3, SC-8).
    pub fn original() -> Self {
        Self {
            daily: Some(10_000),
            rate: Some(Rate {
                calls: 100,
                seconds: 20,
            }),
            concurrent: Some(10),
            clones: Some(10),
            ..Self::default()
        }
    }

    /// Reads parts between commas: `original`, or numbers like `daily=10000`, `rate=100/20`, `concurrent=10` and
    /// `clones=10`, and `zone=America/Chicago`. 0, or what is not named, is no limit; a later part goes before an
    /// earlier one.
    ///
    /// # Errors
    /// What was expected, and what came.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut limits = Self::default();
        let parts = text.split(',').map(str::trim);
        for part in parts.filter(|part| !part.is_empty()) {
            if part.eq_ignore_ascii_case("original") {
                let zone = limits.zone;
                limits = Self {
                    zone,
                    ..Self::original()
                };
                continue;
            }
            let (key, value) = part.split_once('=').ok_or_else(|| {
                format!("expected original, or parts like daily=10000, got {part:?}")
            })?;
            let (key, value) = (key.trim(), value.trim());
            match key {
                "daily" => limits.daily = limit(key, value)?,
                "concurrent" => limits.concurrent = limit(key, value)?,
                "clones" => limits.clones = limit(key, value)?,
                "rate" => limits.rate = rate(value)?,
                "zone" => {
                    limits.zone = TimeZone::get(value)
                        .map_err(|_| format!("zone: expected a name like {ZONE}, got {value:?}"))?;
                }
                other => {
                    return Err(format!(
                        "expected daily, rate, concurrent, clones or zone, got {other:?}"
                    ));
                }
            }
        }
        Ok(limits)
    }

    /// Whether calls are counted at all.
    pub fn count_calls(&self) -> bool {
        self.daily.is_some() || self.rate.is_some() || self.concurrent.is_some()
    }

    /// When the day of a time began.
    pub fn day_begin(&self, now: Timestamp) -> Timestamp {
        let day = now.to_zoned(self.zone.clone()).start_of_day();
        day.map_or(now, |begin| begin.timestamp())
    }

    fn day(&self, now: Timestamp) -> Date {
        now.to_zoned(self.zone.clone()).date()
    }
}

/// A number, of which 0 is none.
fn limit(key: &str, text: &str) -> Result<Option<u64>, String> {
    let number = text.trim().parse::<u64>();
    let number = number.map_err(|_| format!("{key}: expected a whole number, got {text:?}"))?;
    Ok(Some(number).filter(|number| *number > 0))
}

/// A rate. What cannot be kept is refused: a limit that is asked for and not there would be found out too late.
fn rate(text: &str) -> Result<Option<Rate>, String> {
    if text == "0" {
        return Ok(None);
    }
    let (calls, seconds) = text
        .split_once('/')
        .ok_or_else(|| format!("rate: expected calls/seconds like 100/20, got {text:?}"))?;
    let seconds = limit("rate", seconds)?
        .and_then(|seconds| u32::try_from(seconds).ok())
        .filter(|seconds| *seconds <= MOST_SECONDS)
        .ok_or_else(|| format!("rate: expected 1 to {MOST_SECONDS} seconds, got {text:?}"))?;
    let calls = limit("rate", calls)?;
    if calls.is_some_and(|calls| calls > MOST_CALLS) {
        return Err(format!(
            "rate: expected at most {MOST_CALLS} calls, got {text:?}; daily has no such bound"
        ));
    }
    Ok(calls.map(|calls| Rate { calls, seconds }))
}

/// A call that is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitExceeded {
    /// 20015 (LIM-1).
    #[error("Request limit of {0} calls a day exceeded")]
    Daily(u64),
    /// 20023 (LIM-2).
    #[error("Rate limit of {} calls in {} seconds exceeded", .0.calls, .0.seconds)]
    Rate(Rate),
    /// 20024 (LIM-3).
    #[error("Concurrency limit of {0} calls exceeded")]
    Concurrent(u64),
}

/// Counts the calls of each user for itself. It holds as many times as the rate has calls, and no more.
#[derive(Debug)]
pub struct Limiter {
    limits: Limits,
    users: HashMap<String, Usage>,
    /// Whose figures are not kept yet.
    changed: HashSet<String>,
}

#[derive(Debug, Default)]
struct Usage {
    day: Date,
    calls: u64,
    /// When the calls of the window began, in milliseconds since 1970, ascending.
    recent: VecDeque<i64>,
    running: u64,
}

impl Limiter {
    /// One that goes on from what was kept.
    pub fn new(limits: Limits, kept: Vec<CallUsage>) -> Self {
        let users = kept.into_iter().filter_map(|mut kept| {
            kept.recent.sort_unstable();
            let usage = Usage {
                day: kept.day.parse().ok()?,
                calls: kept.calls,
                recent: kept.recent.into(),
                running: 0,
            };
            Some((kept.user, usage))
        });
        Self {
            users: users.collect(),
            limits,
            changed: HashSet::new(),
        }
    }

    /// Counts a call that begins now. One that is refused counts for nothing, so that who waits gets on (LIM-5).
    ///
    /// # Errors
    /// The limit that it is above.
    pub fn begin(&mut self, user: &str, now: Timestamp) -> Result<(), LimitExceeded> {
        let limits = &self.limits;
        let today = limits.day(now);
        let milli = now.as_millisecond();
        if !self.users.contains_key(user) {
            self.users.insert(user.to_owned(), Usage::default());
        }
        let Some(usage) = self.users.get_mut(user) else {
            return Ok(());
        };
        // A clock that is set back does not begin the day anew. A day after tomorrow is that of a clock that was far
        // ahead: the calls stay counted, but as today's, or nobody could call until that day has come.
        if today > usage.day {
            usage.day = today;
            usage.calls = 0;
        } else if today.tomorrow().is_ok_and(|tomorrow| usage.day > tomorrow) {
            usage.day = today;
        }
        if let Some(daily) = limits.daily.filter(|daily| usage.calls >= *daily) {
            return Err(LimitExceeded::Daily(daily));
        }
        if let Some(rate) = limits.rate {
            let window = SignedDuration::from_secs(i64::from(rate.seconds)).as_millis();
            let age = |at: &i64| i128::from(milli) - i128::from(*at);
            // They ascend. Those after now are of a clock that was set back; nobody waits for them.
            while usage.recent.back().is_some_and(|at| age(at) < 0) {
                usage.recent.pop_back();
            }
            while usage.recent.front().is_some_and(|at| age(at) >= window) {
                usage.recent.pop_front();
            }
            if usage.recent.len() as u64 >= rate.calls {
                return Err(LimitExceeded::Rate(rate));
            }
        }
        if let Some(most) = limits.concurrent.filter(|most| usage.running >= *most) {
            return Err(LimitExceeded::Concurrent(most));
        }
        if limits.rate.is_some() {
            usage.recent.push_back(milli);
        }
        usage.calls += 1;
        usage.running += 1;
        if !self.changed.contains(user) {
            self.changed.insert(user.to_owned());
        }
        Ok(())
    }

    /// How many calls of a user were counted today.
    pub fn calls_today(&self, user: &str, now: Timestamp) -> u64 {
        let today = self.limits.day(now);
        let usage = self.users.get(user).filter(|usage| usage.day >= today);
        usage.map_or(0, |usage| usage.calls)
    }

    /// A call that had begun has ended.
    pub fn end(&mut self, user: &str) {
        if let Some(usage) = self.users.get_mut(user) {
            usage.running = usage.running.saturating_sub(1);
        }
    }

    /// What has changed since the last time, to be kept.
    pub fn changes(&mut self) -> Vec<CallUsage> {
        let changed = std::mem::take(&mut self.changed).into_iter();
        let kept = changed.filter_map(|user| {
            let usage = self.users.get(&user)?;
            Some(CallUsage {
                day: usage.day.to_string(),
                calls: usage.calls,
                recent: usage.recent.iter().copied().collect(),
                user,
            })
        });
        kept.collect()
    }

    /// Says that changes could not be kept, so that they come again.
    pub fn not_kept(&mut self, changes: Vec<CallUsage>) {
        self.changed
            .extend(changes.into_iter().map(|kept| kept.user));
    }
}
