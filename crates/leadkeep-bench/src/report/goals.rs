//! What leadkeep wants to reach, and whether it does.

use super::figures::{Figures, Key, Spread};
use super::large::READ;

/// A goal: of which figure, and how much or how little it must be.
pub(super) struct Goal {
    pub(super) what: &'static str,
    measure: Measure,
    bound: Bound,
}

enum Measure {
    Ratio(Key, Key),
    Plain(Key),
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// How a goal fared.
pub(super) struct Outcome {
    pub(super) spread: Spread,
    pub(super) bound: String,
    pub(super) met: bool,
}

const OWN: &str = "leadkeep";

const fn ratio(what: &'static str, of: Key, to: Key, least: f64) -> Goal {
    Goal {
        what,
        measure: Measure::Ratio(of, to),
        bound: Bound::AtLeast(least),
    }
}

const fn at_most(what: &'static str, of: Key, most: f64) -> Goal {
    Goal {
        what,
        measure: Measure::Plain(of),
        bound: Bound::AtMost(most),
    }
}

/// All goals, in the order of the report.
pub(super) const GOALS: [Goal; 20] = [
    ratio(
        "syncMultipleLeads, creates, to floor-write",
        ("creates", OWN),
        ("creates", "floor-write"),
        0.85,
    ),
    ratio(
        "syncMultipleLeads, updates of two attributes, to floor-write",
        ("updates", OWN),
        ("updates", "floor-write"),
        0.85,
    ),
    ratio(
        "syncMultipleLeads, creates, to JAX-WS RI in memory",
        ("creates", OWN),
        ("creates", "JAX-WS RI"),
        1.5,
    ),
    ratio(
        "syncMultipleLeads, creates, to gSOAP in memory",
        ("creates", OWN),
        ("creates", "gSOAP"),
        0.5,
    ),
    ratio(
        "syncMultipleLeads, creates, to PHP SoapServer in memory",
        ("creates", OWN),
        ("creates", "PHP SoapServer"),
        5.0,
    ),
    ratio(
        "syncMultipleLeads, creates, to Spyne in memory",
        ("creates", OWN),
        ("creates", "Spyne"),
        5.0,
    ),
    ratio(
        "syncMultipleLeads, creates, to node-soap in memory",
        ("creates", OWN),
        ("creates", "node-soap"),
        5.0,
    ),
    ratio(
        "syncMultipleLeads, creates, to the original's documented ceiling",
        ("creates", OWN),
        ("creates", "original"),
        1.0,
    ),
    ratio(
        "syncLead, one lead a call, 64 connections, to floor-http",
        ("syncLead", OWN),
        ("syncLead", "floor-http"),
        0.35,
    ),
    ratio(
        "getLead by e-mail, 64 connections, to gSOAP in memory",
        ("getLead", OWN),
        ("getLead", "gSOAP"),
        0.7,
    ),
    ratio(
        "getLead by e-mail, 64 connections, to JAX-WS RI in memory",
        ("getLead", OWN),
        ("getLead", "JAX-WS RI"),
        2.0,
    ),
    ratio(
        "syncCustomObjects, 100 a call, to syncMultipleLeads",
        ("syncCustomObjects", OWN),
        ("creates", OWN),
        0.8,
    ),
    ratio(
        "syncMObjects, 100 a call, to syncMultipleLeads",
        ("syncMObjects", OWN),
        ("creates", OWN),
        0.8,
    ),
    ratio(
        "getMultipleLeads, all by LastUpdateAtSelector, ten attributes, to a bare SELECT of the same values",
        (READ, OWN),
        (READ, "bare SELECT"),
        0.5,
    ),
    ratio(
        "creates into the large database, to creates into 10,000 leads",
        ("creates, large", OWN),
        ("creates, small", OWN),
        0.6,
    ),
    at_most(
        "server memory of the large database under load, MiB",
        ("memory, large", OWN),
        256.0,
    ),
    at_most(
        "cold start to the first answer on the large database, ms",
        ("cold start, large", OWN),
        150.0,
    ),
    ratio(
        "XML in: a 300-lead call into typed values, to floor-parse",
        ("XML in", OWN),
        ("XML in", "floor-parse"),
        0.5,
    ),
    at_most("release binary, MB", ("binary", OWN), 25.0),
    at_most(
        "clean `cargo build --release`, minutes",
        ("build", OWN),
        6.0,
    ),
];

impl Goal {
    /// How it fared; nothing if it was not measured.
    pub(super) fn outcome(&self, figures: &Figures) -> Option<Outcome> {
        let spread = match self.measure {
            Measure::Ratio(of, to) => figures.ratio(of, to)?,
            Measure::Plain(of) => Spread::of(figures.values(of).to_vec())?,
        };
        let (bound, met) = match self.bound {
            Bound::AtLeast(least) => (format!("≥ {least}"), spread.median >= least),
            Bound::AtMost(most) => (format!("≤ {most}"), spread.median <= most),
        };
        Some(Outcome { spread, bound, met })
    }
}
