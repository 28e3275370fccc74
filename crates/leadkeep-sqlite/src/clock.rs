//! The time of transactions.

use crate::store::lock;
use jiff::Timestamp;
use std::sync::Mutex;

/// The system's time in whole seconds, which never goes back here, whatever the system does.
///
/// While a write runs, reads get its time and no later one. So nothing that they cannot see yet, because it is still to
/// be committed, is older than what they are told the time is, and whoever asks for the changes of one window after the other
/// misses none.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: i64,
    write: Option<i64>,
}

impl Clock {
    /// The time of a read.
    pub(crate) fn read(&self) -> Timestamp {
        let mut state = lock(&self.0);
        let now = state.tick();
        timestamp(state.write.unwrap_or(now))
    }

    /// The time of a write, which runs from now on.
    pub(crate) fn begin_write(&self) -> Timestamp {
        let mut state = lock(&self.0);
        let now = state.tick();
        state.write = Some(now);
        timestamp(now)
    }

    /// The write is over.
    pub(crate) fn end_write(&self) {
        lock(&self.0).write = None;
    }
}

impl State {
    fn tick(&mut self) -> i64 {
        self.last = self.last.max(Timestamp::now().as_second());
        self.last
    }
}

fn timestamp(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_do_not_run_ahead_of_a_write() {
        let clock = Clock::default();
        let write = clock.begin_write();
        // As if a second had gone by.
        lock(&clock.0).last += 1;
        assert_eq!(clock.read(), write);
        clock.end_write();
        assert!(clock.read() > write);
    }

    #[test]
    fn time_never_goes_back() {
        let clock = Clock::default();
        let ahead = Timestamp::now().as_second() + 1_000;
        lock(&clock.0).last = ahead;
        assert_eq!(clock.read().as_second(), ahead);
        assert_eq!(clock.begin_write().as_second(), ahead);
    }
}
