//! Numbers for Prometheus, in the OpenMetrics form.

use crate::app::App;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::time::Duration;

/// What the numbers come as.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The operation of a message that names none.
const UNKNOWN: &str = "unknown";

/// Upper bounds of durations, in seconds: from a look-up in memory to a call that clients give up.
const SECONDS: [f64; 14] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    operation: &'static str,
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfFile {
    file: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOperation {
    operation: &'static str,
}

/// What has happened since the start.
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<Outcome, Counter>,
    seconds: Family<OfOperation, Histogram>,
    records: Family<OfOperation, Counter>,
    received: Counter,
    sent: Counter,
    running: Gauge,
    store: Gauge,
    importing: Gauge,
    steps_due: Gauge,
    steps_failed: Gauge,
    certificates: Family<OfFile, Gauge>,
}

/// What is to be counted of a call that has ended.
pub(crate) struct Ended {
    pub(crate) operation: Option<&'static str>,
    /// `ok`, or the code of the fault.
    pub(crate) outcome: String,
    /// Records that a writing call brought.
    pub(crate) records: Option<usize>,
    pub(crate) bytes_in: usize,
    pub(crate) bytes_out: usize,
    pub(crate) duration: Duration,
}

/// A call that runs; it is counted as one until this is dropped.
pub(crate) struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let own = Self {
            registry: Registry::with_prefix("leadkeep"),
            calls: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            records: Family::default(),
            received: Counter::default(),
            sent: Counter::default(),
            running: Gauge::default(),
            store: Gauge::default(),
            importing: Gauge::default(),
            steps_due: Gauge::default(),
            steps_failed: Gauge::default(),
            certificates: Family::default(),
        };
        own.registered()
    }

    fn registered(mut self) -> Self {
        let all = &mut self.registry;
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        all.register("build", "The version of leadkeep", version);
        all.register(
            "calls",
            "SOAP calls that were answered, by operation and by `ok` or the fault's code",
            self.calls.clone(),
        );
        all.register_with_unit(
            "call_duration",
            "Time from a whole message to its answer",
            Unit::Seconds,
            self.seconds.clone(),
        );
        all.register(
            "records",
            "Records that writing calls brought, whatever became of them",
            self.records.clone(),
        );
        all.register_with_unit(
            "received",
            "Size of the messages of calls",
            Unit::Bytes,
            self.received.clone(),
        );
        all.register_with_unit(
            "sent",
            "Size of their answers",
            Unit::Bytes,
            self.sent.clone(),
        );
        all.register("calls_running", "SOAP calls that run", self.running.clone());
        all.register_with_unit(
            "store_size",
            "Size of the database with its log",
            Unit::Bytes,
            self.store.clone(),
        );
        all.register(
            "lists_importing",
            "Lists with imports that wait or run",
            self.importing.clone(),
        );
        all.register(
            "campaign_steps_due",
            "Steps of campaigns, mails and webhooks among them, whose time has come; counted up to 1000",
            self.steps_due.clone(),
        );
        all.register(
            "campaign_steps_failed",
            "Steps of campaigns that failed for good; counted up to 1000",
            self.steps_failed.clone(),
        );
        all.register_with_unit(
            "certificate_end_timestamp",
            "When the certificate in a file ends, since 1970-01-01 UTC",
            Unit::Seconds,
            self.certificates.clone(),
        );
        self
    }

    /// A call begins.
    pub(crate) fn begin(&self) -> Running {
        self.running.inc();
        Running(self.running.clone())
    }

    /// A call has ended.
    pub(crate) fn end(&self, call: Ended) {
        let operation = call.operation.unwrap_or(UNKNOWN);
        let own = OfOperation { operation };
        self.seconds
            .get_or_create(&own)
            .observe(call.duration.as_secs_f64());
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        if let Some(records) = call.records {
            self.records.get_or_create(&own).inc_by(count(records));
        }
        self.received.inc_by(count(call.bytes_in));
        self.sent.inc_by(count(call.bytes_out));
        let outcome = Outcome {
            operation,
            outcome: call.outcome,
        };
        self.calls.get_or_create(&outcome).inc();
    }
}

/// Steps that are counted at the most: who asks often must not make the store read all of a long queue.
const COUNTED: usize = 1_000;

/// All numbers as they are now. What the store knows is left as it was the last time if it does not answer: the other
/// numbers then say why.
pub(crate) async fn written(app: &Arc<App>) -> String {
    let metrics = &app.metrics;
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    if let Ok(size) = app.store.size_bytes() {
        metrics.store.set(whole(size));
    }
    let ends = app.tls.iter().flat_map(|tls| tls.ends());
    for (file, end) in ends {
        let file = file.display().to_string();
        let own = metrics.certificates.get_or_create(&OfFile { file });
        own.set(end.as_second());
    }
    let waiting = app.read(|txn, _, now| {
        Ok([
            txn.open_imports()?.len(),
            txn.due_tasks(now, COUNTED)?.len(),
            txn.failed_tasks(None, COUNTED)?.len(),
        ])
    });
    if let Ok(counts) = waiting.await {
        let gauges = [
            &metrics.importing,
            &metrics.steps_due,
            &metrics.steps_failed,
        ];
        for (gauge, count) in gauges.into_iter().zip(counts) {
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = encode(&mut text, &metrics.registry);
    text
}
