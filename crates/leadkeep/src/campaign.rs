//! `leadkeep campaign`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::anyhow;
use leadkeep_core::campaigns::{failed_steps, replay};
use leadkeep_core::ids::TaskId;
use leadkeep_core::store::StoreError;
use leadkeep_sqlite::SqliteStore;
use std::io::Write;

/// What is done with campaigns.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// List the steps that failed for good: mails and webhooks that could not be sent, values that do not fit.
    #[command(
        after_help = "Columns: number, when it failed, lead, campaign, step, action, reason.\n\nExample: leadkeep campaign failures --limit 5"
    )]
    Failures {
        /// How many, the oldest first.
        #[arg(long, value_name = "COUNT", default_value_t = 100)]
        limit: usize,
        #[command(flatten)]
        data: DataDir,
    },
    /// Do failed steps again, without the steps after them, which were done then.
    #[command(
        after_help = "A server on the data directory begins within a second; without one it happens at the next start.\n\nExamples:\n  leadkeep campaign replay 17 18\n  leadkeep campaign replay --all"
    )]
    Replay {
        /// Their numbers, as `leadkeep campaign failures` gives them.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<i64>,
        /// All of them.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        data: DataDir,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Failures { limit, data } => failures(&data.open()?, *limit),
        Command::Replay { ids, all, data } => {
            let tasks: Vec<TaskId> = ids.iter().copied().map(TaskId).collect();
            let tasks = Some(tasks).filter(|_| !all);
            let done: Result<usize, StoreError> =
                data::write(&data.open()?, move |txn, _, now| {
                    replay(txn, now, tasks.as_deref())
                })?;
            let done = done?;
            let steps = if done == 1 { "step" } else { "steps" };
            writeln!(std::io::stdout(), "{done} {steps} will be done again")?;
            if done < ids.len() {
                let missing = ids.len() - done;
                let why = anyhow!(
                    "{missing} of the numbers are no failed steps; `leadkeep campaign failures` lists them"
                );
                return Err(Failure::refused(why));
            }
            Ok(Exit::Done)
        }
    }
}

fn failures(store: &SqliteStore, limit: usize) -> Result<Exit, Failure> {
    let (steps, zone) = data::read(store, move |txn, schema| {
        let steps = failed_steps(txn, schema, None, limit)?;
        Ok((steps, schema.instance.time_zone.clone()))
    })?;
    let mut out = std::io::stdout().lock();
    if steps.is_empty() {
        writeln!(out, "no failed steps")?;
    }
    for step in steps {
        let task = step.task;
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            task.id,
            task.since.to_zoned(zone.clone()).strftime("%F %T"),
            task.lead,
            step.campaign,
            task.step + 1,
            step.action,
            task.failure
                .unwrap_or_default()
                .replace(['\t', '\n', '\r'], " "),
        )?;
    }
    Ok(Exit::Done)
}
