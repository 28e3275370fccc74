//! `leadkeep check`.

use crate::data::DataDir;
use crate::exit::{Exit, Failure};
use leadkeep_sqlite::check_database;
use std::io::Write;

/// Look whether the database is whole.
#[derive(clap::Args)]
#[command(
    after_help = "Looks at the file, at rows that refer to others, at values, and at ids, as they are at one moment; a server may run. Exit status 1 if something is wrong.\n\nExample: leadkeep check --data /var/lib/leadkeep"
)]
pub(crate) struct Options {
    #[command(flatten)]
    data: DataDir,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let database = options.data.database()?;
    let mut out = std::io::stdout().lock();
    let mut wrong = 0_u64;
    let mut told = Ok(());
    check_database(&database, |finding| {
        let line = match finding.count {
            0 => format!("ok     no {}", finding.what),
            count => {
                wrong += 1;
                let more = if count > finding.examples.len() as u64 {
                    ", ..."
                } else {
                    ""
                };
                let examples = finding.examples.join(", ");
                format!("WRONG  {count} {}: {examples}{more}", finding.what)
            }
        };
        if told.is_ok() {
            told = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    })?;
    told?;
    Ok(match wrong {
        0 => Exit::Done,
        _ => Exit::Refused,
    })
}
