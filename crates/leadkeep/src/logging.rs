//! The log of a server, on standard error.

use clap::ValueEnum;
use std::io::IsTerminal;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt, registry};

/// How a line of the log is written: for people, or as a JSON object for programs.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// Reads a filter.
pub(crate) fn filter(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_level = |word: &str| LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word));
    let expected = format!(
        "expected one of {}, or parts like leadkeep_server=debug between commas",
        LEVELS.join(", ")
    );
    // A word alone would be taken for the name of a module: a level with a typo would switch nearly all off, in silence.
    // Commas inside of brackets divide nothing.
    let has_brackets = text.contains('[');
    let odd = text
        .split(',')
        .map(str::trim)
        .find(|part| !(has_brackets || part.contains('=') || is_level(part)));
    if let Some(part) = odd {
        return Err(format!("{expected}, got {part:?}"));
    }
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("{expected}: {error}")),
    }
}

/// Logs from now on.
pub(crate) fn start(filter: &str, format: Format) {
    // A filter by levels and modules asks nothing of spans; one that looks into them costs each call some of its time.
    let levels = (!filter.contains('[')).then(|| filter.parse::<Targets>().ok());
    let (levels, by_spans) = match levels.flatten() {
        Some(levels) => (Some(levels), None),
        None => (None, Some(EnvFilter::new(filter))),
    };
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        Format::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        // The one span that there is, of the call, is an object of its own beside the fields of the line.
        Format::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    };
    let logs = registry().with(lines).with(levels).with(by_spans);
    // Only a second set-up in one process can fail.
    let _ = logs.try_init();
}
