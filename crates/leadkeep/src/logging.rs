//! The log of a server, on standard error.

use clap::ValueEnum;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

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
    let logs = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr);
    // Only a second set-up in one process can fail.
    let _ = match format {
        Format::Text => logs.with_ansi(std::io::stderr().is_terminal()).try_init(),
        // The one span that there is, of the call, is an object of its own beside the fields of the line.
        Format::Json => logs
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
}
