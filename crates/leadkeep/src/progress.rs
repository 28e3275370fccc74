//! A line on a terminal that says how far long work is.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line is written.
const OFTEN: Duration = Duration::from_millis(200);

/// Nothing is shown where standard error is no terminal.
pub(crate) struct Progress {
    unit: &'static str,
    started: Instant,
    shown: Instant,
    is_terminal: bool,
}

impl Progress {
    /// Of work that is counted in this unit.
    pub(crate) fn new(unit: &'static str) -> Self {
        let now = Instant::now();
        Self {
            unit,
            started: now,
            shown: now,
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// So much of it is done.
    pub(crate) fn show(&mut self, done: u64, all: u64) {
        if self.is_terminal && self.shown.elapsed() >= OFTEN {
            self.shown = Instant::now();
            self.write(&line(done, all, self.started.elapsed(), self.unit));
        }
    }

    /// It has ended: the line goes.
    pub(crate) fn end(self) {
        if self.is_terminal {
            self.write("");
        }
    }

    fn write(&self, line: &str) {
        let mut out = std::io::stderr();
        // A terminal that is gone stops no work. The sequence clears the rest of the line.
        let _ = write!(out, "\r{line}\x1b[K").and_then(|()| out.flush());
    }
}

fn line(done: u64, all: u64, spent: Duration, unit: &str) -> String {
    let seconds = spent.as_secs_f64();
    let left = seconds * all.saturating_sub(done) as f64 / done.max(1) as f64;
    let rate = done as f64 / seconds.max(0.001);
    let percent = done.saturating_mul(100) / all.max(1);
    format!("{percent:>3} %  {done} of {all} {unit}  {rate:.0} {unit}/s  {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_how_far_it_is() {
        let line = |done, all| line(done, all, Duration::from_secs(2), "MiB");
        assert_eq!(line(50, 200), " 25 %  50 of 200 MiB  25 MiB/s  6 s left");
        assert_eq!(line(200, 200), "100 %  200 of 200 MiB  100 MiB/s  0 s left");
        assert_eq!(line(0, 0), "  0 %  0 of 0 MiB  0 MiB/s  0 s left");
        assert_eq!(line(3, 2), "150 %  3 of 2 MiB  2 MiB/s  0 s left");
    }
}
