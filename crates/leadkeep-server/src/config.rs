//! What the operator of a server can set. What belongs to the instance is in the provisioning file (PRV-8).

use crate::outbound::Outbound;
use leadkeep_core::limits::Limits;
use std::time::Duration;

/// Settings of one server process.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address by which clients reach the server, like `https://leads.example.com`; without it the request tells
    /// (WSD-4).
    pub public_url: Option<String>,
    /// How old a timestamp may be; zero is no check (AUT-7).
    pub timestamp_past: Duration,
    /// How far a timestamp may be ahead; zero is no check (AUT-7).
    pub timestamp_future: Duration,
    /// Bytes of a request after decompression (END-7).
    pub max_body: usize,
    /// Records of one syncMultipleLeads call (SML-28).
    pub max_records: usize,
    /// Whether visits of web pages are taken at `/track/visit`.
    pub track_visits: bool,
    /// Whether everybody may see the metrics, not only who asks from this machine.
    pub public_metrics: bool,
    /// Calls that run at once; later ones wait.
    pub max_running: usize,
    /// How long a client may take to send the head of a request.
    pub header_timeout: Duration,
    /// How long a client may take to send the body of a request.
    pub body_timeout: Duration,
    /// How long running calls may take after the signal to stop.
    pub grace: Duration,
    /// How many calls users may make.
    pub limits: Limits,
    /// What campaigns send out.
    pub outbound: Outbound,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            timestamp_past: Duration::from_secs(3_600),
            timestamp_future: Duration::from_secs(900),
            max_body: 32 << 20,
            max_records: 1_000,
            track_visits: false,
            public_metrics: false,
            max_running: 64,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(120),
            grace: Duration::from_secs(30),
            limits: Limits::default(),
            outbound: Outbound::default(),
        }
    }
}
