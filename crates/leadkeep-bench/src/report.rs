//! What is printed.

use hdrhistogram::Histogram;
use std::time::Duration;

/// How one phase went.
pub(crate) struct Phase {
    pub(crate) records: usize,
    pub(crate) elapsed: Duration,
    pub(crate) calls: Histogram<u64>,
}

impl Phase {
    /// Records a second.
    pub(crate) fn rate(&self) -> f64 {
        rate(self.records, self.elapsed)
    }

    /// Prints rate and latencies.
    pub(crate) fn print(&self, name: &str, unit: &str) {
        println!(
            "{name:<8} {:>9.0} {unit}/s  p50 {:>7.2} ms  p99 {:>7.2} ms a call  ({} calls)",
            self.rate(),
            self.calls.value_at_quantile(0.50) as f64 / 1000.0,
            self.calls.value_at_quantile(0.99) as f64 / 1000.0,
            self.calls.len(),
        );
    }
}

/// Records a second.
pub(crate) fn rate(records: usize, elapsed: Duration) -> f64 {
    records as f64 / elapsed.as_secs_f64()
}
