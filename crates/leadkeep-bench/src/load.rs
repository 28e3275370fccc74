//! Driving a server with prepared messages.

use crate::http::Connection;
use anyhow::{Result, anyhow, bail, ensure};
use hdrhistogram::Histogram;
use memchr::memmem;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Threads that send; each has several connections where there are more. More threads would measure the switching
/// between them.
const THREADS: usize = 8;

/// How one phase went.
pub(crate) struct Phase {
    pub(crate) records: usize,
    pub(crate) elapsed: Duration,
    /// Microseconds of each call.
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

/// Sends each message once, over as many connections, each with one call under way, and checks that the answers hold
/// `expected` once a record.
pub(crate) fn drive(
    address: SocketAddr,
    connections: usize,
    messages: &[Vec<u8>],
    records: usize,
    expected: &str,
) -> Result<Phase> {
    let next = AtomicUsize::new(0);
    let threads = connections.min(THREADS);
    let mut open = (0..connections)
        .map(|_| Connection::open(address))
        .collect::<Result<Vec<_>>>()?;
    let started = Instant::now();
    let outcomes: Result<Vec<(Histogram<u64>, usize)>> = std::thread::scope(|scope| {
        let workers: Vec<_> = open
            .chunks_mut(connections.div_ceil(threads))
            .map(|own| scope.spawn(|| take_turns(own, messages, &next, expected)))
            .collect();
        workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .map_err(|_| anyhow!("a connection panicked"))?
            })
            .collect()
    });
    let elapsed = started.elapsed();
    let mut calls = Histogram::new(3)?;
    let mut seen = 0;
    for (latencies, own) in outcomes? {
        calls.add(latencies)?;
        seen += own;
    }
    ensure!(
        seen == records,
        "{records} times {expected} were expected in the answers, {seen} came"
    );
    Ok(Phase {
        records,
        elapsed,
        calls,
    })
}

/// One thread: each of its connections gets its next call as soon as the answer to the last one has been read, in turn.
fn take_turns(
    connections: &mut [Connection],
    messages: &[Vec<u8>],
    next: &AtomicUsize,
    expected: &str,
) -> Result<(Histogram<u64>, usize)> {
    let mut latencies = Histogram::new(3)?;
    let mut seen = 0;
    let mut running = VecDeque::with_capacity(connections.len());
    let begin = |at: usize, connections: &mut [Connection]| -> Result<Option<(usize, Instant)>> {
        let Some(message) = messages.get(next.fetch_add(1, Ordering::Relaxed)) else {
            return Ok(None);
        };
        let sent = Instant::now();
        connections[at].send(message)?;
        Ok(Some((at, sent)))
    };
    for at in 0..connections.len() {
        running.extend(begin(at, connections)?);
    }
    let count = memmem::Finder::new(expected);
    while let Some((at, sent)) = running.pop_front() {
        let answer = connections[at].receive()?;
        latencies.record(u64::try_from(sent.elapsed().as_micros())?)?;
        let found = count.find_iter(answer).count();
        if found == 0 {
            let answer = String::from_utf8_lossy(&answer[..answer.len().min(2_000)]);
            bail!("{expected} was expected in the answer, this came: {answer}");
        }
        seen += found;
        running.extend(begin(at, connections)?);
    }
    Ok((latencies, seen))
}
