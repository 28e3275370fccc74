//! `leadkeep log`.

use crate::data::DataDir;
use crate::exit::{Exit, Failure};
use jiff::Timestamp;
use leadkeep_core::call_log::{CallFilter, LoggedCall};
use leadkeep_sqlite::{CallLogReader, call_log_path};
use std::io::Write;
use std::time::Duration;

/// How often a log that is followed is looked at.
const PAUSE: Duration = Duration::from_millis(300);
/// Calls that are read at once.
const PAGE: usize = 1_000;

/// Show the calls that a server has answered, and follow them.
#[derive(clap::Args)]
#[command(
    after_help = "A line a call: time, call id, user, operation, records (+ created, ~ updated, = left as they were, ! failed), duration, address, and the fault.\nAll conditions must hold.\n\nExamples:\n  leadkeep log -f\n  leadkeep log --failed --since 2026-07-01T00:00:00Z\n  leadkeep log --user crm_sync --operation syncMultipleLeads -n 100"
)]
pub(crate) struct Options {
    /// Go on with the calls that come, until Ctrl-C.
    #[arg(short, long)]
    follow: bool,
    /// So many of the latest calls.
    #[arg(short = 'n', long, value_name = "CALLS", default_value_t = 20)]
    lines: usize,
    /// Only calls of this API user.
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// Only calls of this operation, like syncLead.
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// Only calls from this address.
    #[arg(long, value_name = "IP")]
    address: Option<String>,
    /// Only calls with this fault, like 20014.
    #[arg(long, value_name = "CODE")]
    fault: Option<u32>,
    /// Only calls with a fault or with records that failed.
    #[arg(long)]
    failed: bool,
    /// Only calls since this time, like 2026-07-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Only calls that took so many milliseconds or more.
    #[arg(long, value_name = "MS")]
    slower: Option<u64>,
    #[command(flatten)]
    data: DataDir,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let filter = CallFilter {
        user: options.user.clone(),
        operation: options.operation.clone(),
        address: options.address.clone(),
        user_agent: None,
        fault: options.fault,
        failed: options.failed,
        since: options.since,
        until: None,
        slower: options.slower.map(|millis| millis.saturating_mul(1_000)),
    };
    options.data.database()?;
    let log = CallLogReader::open(&call_log_path(&options.data.path))?;
    let mut out = std::io::stdout().lock();
    // Where to go on is asked for first: what comes in between is shown twice by nobody.
    let everything = CallFilter::default();
    let mut last = log.latest(&everything, 1)?.pop().map_or(0, |call| call.id);
    for call in log.latest(&filter, options.lines)? {
        last = last.max(call.id);
        show(&mut out, &call)?;
    }
    out.flush()?;
    if !options.follow {
        return Ok(Exit::Done);
    }
    loop {
        let calls = log.after(&filter, last, PAGE)?;
        let is_all = calls.len() < PAGE;
        for call in calls {
            last = call.id;
            show(&mut out, &call)?;
        }
        out.flush()?;
        if is_all {
            std::thread::sleep(PAUSE);
        }
    }
}

fn show(out: &mut impl Write, logged: &LoggedCall) -> std::io::Result<()> {
    let call = &logged.call;
    let or_dash = |text: &str| match text.is_empty() {
        true => "-".to_owned(),
        // What clients send must not steer the terminal.
        false => text.escape_debug().to_string(),
    };
    let outcomes = &call.outcomes;
    let counts = [
        ('+', outcomes.created),
        ('~', outcomes.updated),
        ('=', outcomes.skipped),
        ('!', outcomes.failed),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(sign, count)| format!("{sign}{count}"))
        .collect();
    let records = match call.records {
        Some(records) if counts.is_empty() => records.to_string(),
        Some(records) => format!("{records} ({})", counts.join(" ")),
        None => "-".to_owned(),
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds with one digit are shown"
    )]
    let millis = call.duration as f64 / 1_000.0;
    write!(
        out,
        "{} {} {} {} {} {millis:.1}ms {}",
        call.at,
        call.call_id,
        or_dash(&call.user),
        or_dash(&call.operation),
        records,
        or_dash(&call.address),
    )?;
    match call.fault {
        Some(code) => writeln!(out, " fault {code}: {}", or_dash(&call.message)),
        None => writeln!(out),
    }
}
