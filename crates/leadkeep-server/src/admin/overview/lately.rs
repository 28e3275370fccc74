//! The calls of the last hour or day, summed up.

use jiff::{SignedDuration, Timestamp};
use leadkeep_core::call_log::{CLASSES, Minute, Size, percentile};
use std::collections::{BTreeMap, HashSet};

/// Series of a chart that have a name; the others are one together.
const NAMED: usize = 6;

/// How far back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// 60 bars of a minute.
    Hour,
    /// 96 bars of a quarter of an hour.
    Day,
}

impl Span {
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "day" => Self::Day,
            _ => Self::Hour,
        }
    }

    pub(crate) fn is_day(&self) -> bool {
        *self == Self::Day
    }

    /// Seconds of a bar, and how many there are.
    fn bars(self) -> (i64, usize) {
        match self {
            Self::Hour => (60, 60),
            Self::Day => (900, 96),
        }
    }

    /// When the first bar begins, so that the last one holds the present.
    pub(crate) fn start(self, now: Timestamp) -> Timestamp {
        let (seconds, count) = self.bars();
        let count = i64::try_from(count).unwrap_or(1);
        let first = now.as_second().div_euclid(seconds) - (count - 1);
        Timestamp::from_second(first * seconds).unwrap_or(now)
    }
}

/// What one operation, or all of them together, did.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) operation: String,
    pub(crate) calls: u64,
    pub(crate) faults: u64,
    pub(crate) records: u64,
    pub(crate) failed: u64,
    durations: [u64; CLASSES],
}

impl Line {
    fn new(operation: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            calls: 0,
            faults: 0,
            records: 0,
            failed: 0,
            durations: [0; CLASSES],
        }
    }

    fn add(&mut self, minute: &Minute) {
        self.calls += minute.calls;
        self.records += minute.records;
        self.failed += minute.failed;
        if minute.fault.is_some() {
            self.faults += minute.calls;
        }
        for (own, count) in self.durations.iter_mut().zip(minute.durations) {
            *own += count;
        }
    }

    /// Faults of a hundred calls, with one digit behind the point.
    pub(crate) fn error_rate(&self) -> String {
        let thousandths = (self.faults * 1_000).checked_div(self.calls).unwrap_or(0);
        format!("{}.{} %", thousandths / 10, thousandths % 10)
    }

    /// The duration in microseconds below which so many of a hundred calls stayed.
    pub(crate) fn percentile(&self, percent: u64) -> u64 {
        percentile(&self.durations, percent).unwrap_or_default()
    }
}

/// The calls of a span.
pub(crate) struct Lately<'m> {
    minutes: &'m [Minute],
    start: Timestamp,
    seconds: i64,
    bars: usize,
}

impl<'m> Lately<'m> {
    pub(crate) fn new(minutes: &'m [Minute], span: Span, now: Timestamp) -> Self {
        let (seconds, bars) = span.bars();
        Self {
            minutes,
            start: span.start(now),
            seconds,
            bars,
        }
    }

    fn bar(&self, at: Timestamp) -> Option<usize> {
        let since = at.as_second() - self.start.as_second();
        let bar = usize::try_from(since.div_euclid(self.seconds)).ok()?;
        (bar < self.bars).then_some(bar)
    }

    fn summed(&self, wanted: impl Fn(&Minute) -> bool) -> Vec<u64> {
        let mut bars = vec![0; self.bars];
        for minute in self.minutes.iter().filter(|minute| wanted(minute)) {
            if let Some(bar) = self.bar(minute.at) {
                bars[bar] += minute.calls;
            }
        }
        bars
    }

    /// Calls a bar of those that have most, and of all others together.
    pub(crate) fn groups(
        &self,
        name: impl Fn(&Minute) -> &String,
    ) -> Vec<(Option<String>, Vec<u64>)> {
        let mut calls: BTreeMap<&String, u64> = BTreeMap::new();
        for minute in self.minutes {
            *calls.entry(name(minute)).or_default() += minute.calls;
        }
        let mut most: Vec<(&String, u64)> = calls.into_iter().collect();
        most.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
        let others = most.split_off(most.len().min(NAMED));
        let mut groups: Vec<_> = most
            .into_iter()
            .map(|(own, _)| {
                let values = self.summed(|minute| name(minute) == own);
                (Some(own.clone()), values)
            })
            .collect();
        if !others.is_empty() {
            let others: HashSet<&String> = others.into_iter().map(|(own, _)| own).collect();
            let values = self.summed(|minute| others.contains(name(minute)));
            groups.push((None, values));
        }
        groups
    }

    /// Faults a bar.
    pub(crate) fn faults(&self) -> Vec<u64> {
        self.summed(|minute| minute.fault.is_some())
    }

    /// What each operation did, the most called first.
    pub(crate) fn by_operation(&self) -> Vec<Line> {
        let mut lines: BTreeMap<&str, Line> = BTreeMap::new();
        for minute in self.minutes {
            let name = minute.operation.as_str();
            let line = lines.entry(name).or_insert_with(|| Line::new(name));
            line.add(minute);
        }
        let mut lines: Vec<Line> = lines.into_values().collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.calls));
        lines
    }

    /// What all of them did, if there was any.
    pub(crate) fn all(&self) -> Option<Line> {
        let mut all = Line::new("");
        self.minutes.iter().for_each(|minute| all.add(minute));
        (all.calls > 0).then_some(all)
    }

    /// Six times under the bars.
    pub(crate) fn labels(&self, shown: impl Fn(Timestamp) -> String) -> Vec<(usize, String)> {
        let every = self.bars / 6;
        (0..6)
            .filter_map(|label| {
                let bar = label * every;
                let seconds = self.seconds * i64::try_from(bar).ok()?;
                let at = self.start.checked_add(SignedDuration::from_secs(seconds));
                Some((bar, shown(at.ok()?)))
            })
            .collect()
    }
}

/// The last sample of each bar; where there is none, that of the bar before.
pub(crate) fn sampled(
    sizes: &[Size],
    now: Timestamp,
    span: SignedDuration,
    bars: i64,
    size: fn(&Size) -> u64,
) -> Vec<u64> {
    let start = now.as_second() - span.as_secs();
    let width = span.as_secs() / bars;
    let mut sizes = sizes.iter().peekable();
    let mut last = 0;
    (1..=bars)
        .map(|bar| {
            let end = start + bar * width;
            while let Some(own) = sizes.next_if(|own| own.at.as_second() <= end) {
                last = size(own);
            }
            last
        })
        .collect()
}

/// A label a day under such bars.
pub(crate) fn days(
    now: Timestamp,
    span: SignedDuration,
    bars: i64,
    shown: impl Fn(Timestamp) -> String,
) -> Vec<(usize, String)> {
    let width = span.as_secs() / bars;
    let a_day = 86_400 / width;
    (0..bars / a_day)
        .filter_map(|day| {
            let bar = day * a_day + a_day / 2;
            let ago = SignedDuration::from_secs(span.as_secs() - bar * width);
            let at = now.checked_sub(ago).ok()?;
            Some((usize::try_from(bar).ok()?, shown(at)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_782_907_200 + second).unwrap()
    }

    fn minute(second: i64, operation: &str, fault: Option<u32>, calls: u64) -> Minute {
        let mut durations = [0; CLASSES];
        durations[1] = calls;
        Minute {
            at: at(second),
            user: "ann".to_owned(),
            operation: operation.to_owned(),
            fault,
            calls,
            records: 2 * calls,
            failed: 0,
            durations,
        }
    }

    #[test]
    fn the_last_bar_holds_the_present() {
        let now = at(30);
        assert_eq!(Span::Hour.start(now), at(-59 * 60));
        assert_eq!(Span::Day.start(now), at(-95 * 900));
        let minutes = [
            minute(-59 * 60, "a", None, 1),
            minute(0, "a", None, 5),
            minute(-60 * 60, "a", None, 9),
        ];
        let lately = Lately::new(&minutes, Span::Hour, now);
        let bars = lately.summed(|_| true);
        assert_eq!((bars.len(), bars[0], bars[59]), (60, 1, 5));
        assert_eq!(bars.iter().sum::<u64>(), 6);
        let labels = lately.labels(|time| time.to_string());
        assert_eq!(labels.len(), 6);
        assert_eq!(labels[0], (0, at(-59 * 60).to_string()));
    }

    #[test]
    fn the_seventh_series_is_all_others() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let minutes: Vec<_> = names
            .iter()
            .zip([9, 8, 7, 6, 5, 4, 3, 2])
            .map(|(name, calls)| minute(0, name, None, calls))
            .collect();
        let lately = Lately::new(&minutes, Span::Hour, at(0));
        let groups = lately.groups(|minute| &minute.operation);
        assert_eq!(groups.len(), 7);
        assert_eq!(groups[0].0.as_deref(), Some("a"));
        assert_eq!((groups[6].0.as_deref(), groups[6].1[59]), (None, 5));
    }

    #[test]
    fn operations_are_summed_up() {
        let minutes = [
            minute(0, "syncLead", None, 90),
            minute(0, "syncLead", Some(20_103), 10),
            minute(0, "getLead", None, 1),
        ];
        let lately = Lately::new(&minutes, Span::Day, at(0));
        let lines = lately.by_operation();
        assert_eq!(lines[0].operation, "syncLead");
        assert_eq!((lines[0].calls, lines[0].faults), (100, 10));
        assert_eq!(lines[0].error_rate(), "10.0 %");
        assert_eq!(lines[0].percentile(99), 256);
        assert_eq!(lately.all().map(|all| all.calls), Some(101));
        assert_eq!(lately.faults().iter().sum::<u64>(), 10);
        assert!(Lately::new(&[], Span::Hour, at(0)).all().is_none());
    }

    #[test]
    fn samples_go_on_until_the_next_one() {
        let size = |second, leads| Size {
            at: at(second),
            leads,
            opportunities: 0,
            records: 0,
        };
        let span = SignedDuration::from_secs(100);
        let sizes = [size(-65, 5), size(-61, 6), size(-10, 7)];
        let bars = sampled(&sizes, at(0), span, 10, |size| size.leads);
        assert_eq!(bars, [0, 0, 0, 6, 6, 6, 6, 6, 7, 7]);
        let labels = days(at(0), SignedDuration::from_hours(48), 4, |at| {
            at.to_string()
        });
        assert_eq!(labels.len(), 2);
    }
}
