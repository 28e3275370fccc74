//! `leadkeep apply`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::{Context, anyhow};
use jiff::SignedDuration;
use leadkeep_core::provision::{self, ApplyError, ApplyOptions, Report};
use leadkeep_sqlite::SqliteStore;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// Bring fields, custom objects, programs, lists and users to what a file says.
#[derive(clap::Args)]
#[command(
    after_help = "Works while a server runs, which sees the change within a second, and while none does.\n\nExamples:\n  leadkeep apply provision.toml --dry-run\n  leadkeep apply provision.toml --data /var/lib/leadkeep"
)]
pub(crate) struct Options {
    /// The file; docs/provisioning.md has its keys.
    file: PathBuf,
    #[command(flatten)]
    data: DataDir,
    /// Only print what would change.
    #[arg(long)]
    dry_run: bool,
    /// Also bring tags, costs and channels that calls have changed since to the file's state.
    #[arg(long)]
    overwrite: bool,
    /// Hours for which the old key of a user stays valid beside a new one.
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    key_overlap: u32,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let text = read_file(&options.file)?;
    let store = options.data.open()?;
    let how = ApplyOptions {
        dry_run: options.dry_run,
        overwrite: options.overwrite,
        key_overlap: SignedDuration::from_hours(i64::from(options.key_overlap)),
    };
    let report = apply(&store, &options.file.display().to_string(), &text, how)?;
    print(&report, options.dry_run)?;
    Ok(Exit::Done)
}

/// Reads a provisioning file.
pub(crate) fn read_file(path: &PathBuf) -> Result<String, Failure> {
    Ok(std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?)
}

/// Applies a text to a store.
pub(crate) fn apply(
    store: &SqliteStore,
    name: &str,
    text: &str,
    how: ApplyOptions,
) -> Result<Report, Failure> {
    let refused = |errors: Vec<provision::ProvisionError>| {
        let lines: Vec<String> = errors.iter().map(|error| format!("  {error}")).collect();
        let count = lines.len();
        let things = if count == 1 { "error" } else { "errors" };
        Failure::refused(anyhow!(
            "{name} was not applied: {count} {things}\n{}",
            lines.join("\n")
        ))
    };
    let parsed = provision::parse(text).map_err(refused)?;
    // Keys are drawn before the transaction, which may run twice and must then give the same.
    let keys: Vec<String> = (0..parsed.keys_needed())
        .map(|_| data::random_key())
        .collect::<Result<_, _>>()?;
    let outcome = data::write(store, move |txn, schema, now| {
        let mut unused = keys.iter();
        let mut new_key = || unused.next().cloned().unwrap_or_default();
        provision::apply(txn, schema, now, &parsed, &how, &mut new_key)
    })?;
    outcome.map_err(|error| match error {
        ApplyError::Refused(errors) => refused(errors),
        ApplyError::Store(error) => error.into(),
    })
}

/// What changed, and keys that were made, which nobody sees again.
pub(crate) fn told(report: &Report) -> String {
    let mut told = report.to_string().trim_end().to_owned();
    for made in &report.generated_keys {
        // Writing to a string cannot fail.
        let _ = write!(told, "\nkey of user \"{}\": {}", made.user, made.key);
    }
    told
}

/// Prints what changed.
fn print(report: &Report, dry_run: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", told(report))?;
    if dry_run && !report.changes.is_empty() {
        writeln!(out, "(dry run: nothing was written)")?;
    }
    Ok(())
}
