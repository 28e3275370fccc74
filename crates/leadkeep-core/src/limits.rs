//! How many calls users may make (LIM-1 to LIM-6). Counting and nothing else: the time comes in with each call.

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

    /// Reads `original`, or numbers like `daily=10000,rate=100/20,concurrent=10,clones=10,zone=America/Chicago`: 0, or
    /// what is not named, is no limit.
    ///
    /// # Errors
    /// What was expected, and what came.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("original") {
            return Ok(Self::original());
        }
        let mut limits = Self::default();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (key, value) = part.split_once('=').ok_or_else(|| {
                format!("expected original, or parts like daily=10000, got {part:?}")
            })?;
            let (key, value) = (key.trim(), value.trim());
            let number = |text: &str| {
                let number = text.trim().parse::<u64>();
                number.map_err(|_| format!("{key}: expected a whole number, got {text:?}"))
            };
            let limit = |number: u64| Some(number).filter(|number| *number > 0);
            match key {
                "daily" => limits.daily = limit(number(value)?),
                "concurrent" => limits.concurrent = limit(number(value)?),
                "clones" => limits.clones = limit(number(value)?),
                "rate" => {
                    let form =
                        || format!("rate: expected calls/seconds like 100/20, got {value:?}");
                    let (calls, seconds) = value.split_once('/').ok_or_else(form)?;
                    let seconds = u32::try_from(number(seconds)?).ok().filter(|it| *it > 0);
                    limits.rate = limit(number(calls)?)
                        .zip(seconds)
                        .map(|(calls, seconds)| Rate { calls, seconds });
                }
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
    /// When the calls of the window began, in milliseconds since 1970.
    recent: VecDeque<i64>,
    running: u64,
}

impl Limiter {
    /// One that goes on from what was kept.
    pub fn new(limits: Limits, kept: Vec<CallUsage>) -> Self {
        let users = kept.into_iter().filter_map(|kept| {
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
        // A clock that is set back does not begin the day anew.
        if today > usage.day {
            usage.day = today;
            usage.calls = 0;
        }
        if let Some(daily) = limits.daily.filter(|daily| usage.calls >= *daily) {
            return Err(LimitExceeded::Daily(daily));
        }
        if let Some(rate) = limits.rate {
            let window = SignedDuration::from_secs(i64::from(rate.seconds)).as_millis();
            // Times after now are those of a clock that was set back; nobody waits for them.
            usage.recent.retain(|at| {
                let age = i128::from(milli) - i128::from(*at);
                (0..window).contains(&age)
            });
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

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(text: &str) -> Limiter {
        Limiter::new(Limits::parse(text).unwrap(), Vec::new())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// LIM-4.
    #[test]
    fn lim_04_words_and_numbers() {
        assert_eq!(Limits::parse(" Original "), Ok(Limits::original()));
        assert_eq!(Limits::parse(""), Ok(Limits::default()));
        let own = Limits::parse("daily=5, rate = 2/3,concurrent=0,zone=Asia/Tokyo").unwrap();
        assert_eq!(
            own,
            Limits {
                daily: Some(5),
                rate: Some(Rate {
                    calls: 2,
                    seconds: 3
                }),
                zone: TimeZone::get("Asia/Tokyo").unwrap(),
                ..Limits::default()
            }
        );
        assert!(!Limits::parse("clones=1,rate=0/20").unwrap().count_calls());
        for (text, expected) in [
            (
                "much",
                "expected original, or parts like daily=10000, got \"much\"",
            ),
            ("daily=x", "daily: expected a whole number, got \"x\""),
            ("daily=-1", "daily: expected a whole number, got \"-1\""),
            (
                "rate=100",
                "rate: expected calls/seconds like 100/20, got \"100\"",
            ),
            (
                "zone=Nowhere",
                "zone: expected a name like America/Chicago, got \"Nowhere\"",
            ),
            (
                "weekly=1",
                "expected daily, rate, concurrent, clones or zone, got \"weekly\"",
            ),
        ] {
            assert_eq!(Limits::parse(text).unwrap_err(), expected);
        }
    }

    /// LIM-1, LIM-5, LIM-6: a day begins in its zone, also when the clocks change.
    #[test]
    fn lim_01_a_day_has_so_many_calls() {
        let mut limiter = limiter("daily=2");
        let exceeded = Err(LimitExceeded::Daily(2));
        for day in ["2026-03-07", "2026-03-08", "2026-11-01"] {
            // Midnight in Chicago, before its clocks change in the night.
            let hour = if day == "2026-11-01" { 5 } else { 6 };
            let midnight = at(&format!("{day}T{hour:02}:00:00Z"));
            let before = midnight - SignedDuration::from_millis(1);
            limiter.users.clear();
            assert_eq!(limiter.begin("a", before), Ok(()));
            assert_eq!(limiter.begin("a", before), Ok(()));
            assert_eq!(limiter.begin("a", before), exceeded, "{day}");
            assert_eq!(limiter.begin("b", before), Ok(()), "users are apart");
            assert_eq!(limiter.begin("a", midnight), Ok(()), "{day}");
            assert_eq!(limiter.begin("a", before), Ok(()), "the clock was set back");
            assert_eq!(limiter.begin("a", midnight), exceeded, "no day anew");
            assert_eq!(limiter.limits.day_begin(midnight), midnight);
            assert!(limiter.limits.day_begin(before) < midnight);
        }
        let text = LimitExceeded::Daily(2).to_string();
        assert_eq!(text, "Request limit of 2 calls a day exceeded");
    }

    /// LIM-2, LIM-5, LIM-6: the window slides, and refused calls are not in it.
    #[test]
    fn lim_02_a_window_has_so_many_calls() {
        let mut limiter = limiter("rate=2/20");
        let begin = at("2026-07-01T12:00:00Z");
        let mut after = |millis: i64| {
            let now = begin + SignedDuration::from_millis(millis);
            limiter.begin("a", now).is_ok()
        };
        let calls = [0, 10_000, 10_001, 19_999, 20_000, 20_001, 29_999, 30_000];
        assert_eq!(
            calls.map(&mut after),
            [true, true, false, false, true, false, false, true]
        );
        // Set back by an hour: who was refused is not for an hour.
        assert!(after(-3_600_000) && after(-3_600_000) && !after(-3_599_999));
        assert!(limiter.users["a"].recent.len() <= 2);
        let rate = limiter.limits.rate.unwrap();
        assert_eq!(
            LimitExceeded::Rate(rate).to_string(),
            "Rate limit of 2 calls in 20 seconds exceeded"
        );
    }

    /// LIM-3, LIM-5.
    #[test]
    fn lim_03_so_many_calls_run_at_once() {
        let mut limiter = limiter("concurrent=2,daily=3");
        let now = at("2026-07-01T12:00:00Z");
        assert!(limiter.begin("a", now).is_ok() && limiter.begin("a", now).is_ok());
        assert_eq!(limiter.begin("a", now), Err(LimitExceeded::Concurrent(2)));
        assert!(limiter.begin("b", now).is_ok());
        limiter.end("a");
        limiter.end("nobody");
        assert!(
            limiter.begin("a", now).is_ok(),
            "the refused one did not count"
        );
        limiter.end("a");
        assert_eq!(limiter.begin("a", now), Err(LimitExceeded::Daily(3)));
        let text = LimitExceeded::Concurrent(2).to_string();
        assert_eq!(text, "Concurrency limit of 2 calls exceeded");
    }

    /// What is kept goes on, but for calls that ran.
    #[test]
    fn lim_04_figures_come_back() {
        let mut first = limiter("daily=2,rate=9/20,concurrent=2");
        let now = at("2026-07-01T12:00:00Z");
        assert!(first.begin("a", now).is_ok() && first.begin("a", now).is_ok());
        let kept = first.changes();
        assert_eq!(kept.len(), 1);
        assert_eq!(first.changes(), []);
        first.not_kept(kept.clone());
        assert_eq!(first.changes(), kept);
        let mut second = Limiter::new(first.limits.clone(), kept);
        assert_eq!(second.begin("a", now), Err(LimitExceeded::Daily(2)));
        assert_eq!(second.users["a"].recent.len(), 2);
        assert_eq!(second.users["a"].running, 0);
        let broken = CallUsage {
            user: "a".to_owned(),
            day: "x".to_owned(),
            calls: 9,
            recent: Vec::new(),
        };
        assert!(Limiter::new(first.limits, vec![broken]).users.is_empty());
    }
}
