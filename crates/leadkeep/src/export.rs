//! `leadkeep export`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use anyhow::anyhow;
use jiff::Timestamp;
use leadkeep_core::error::CallError;
use leadkeep_core::leads::{Condition, LeadExport, LeadRows};
use leadkeep_core::schema::Schema;
use leadkeep_core::store::ReadTxn;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What is written.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Write all leads to standard output, as they are at one moment.
    #[command(
        after_help = "Columns are SOAP names; values are written as the API writes them. Anonymous leads are left out. --where may be given several times; all of them must hold.\n\nExamples:\n  leadkeep export leads > leads.csv\n  leadkeep export leads --format jsonl --fields Email,Company --where 'Company = \"ACME\"' --since 2026-07-01T00:00:00Z"
    )]
    Leads(Leads),
}

/// Which leads, and how.
#[derive(clap::Args)]
pub(crate) struct Leads {
    /// What is written: a table with a line of names, or an object a line without empty values.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// The columns, by SOAP name; without it, all that a full record shows.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    fields: Vec<String>,
    /// Only leads with this value: FIELD = "VALUE", or without it: FIELD != "VALUE".
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<Condition>,
    /// Only leads that were updated at this time or later, like 2026-07-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    #[command(flatten)]
    data: DataDir,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// RFC 4180.
    Csv,
    /// JSON Lines.
    Jsonl,
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    let Command::Leads(options) = command;
    let export = LeadExport {
        fields: options.fields.clone(),
        since: options.since,
        conditions: options.conditions.clone(),
    };
    let format = options.format;
    let outcome = data::read(&options.data.open()?, move |txn, schema| match write_leads(
        txn, schema, &export, format,
    ) {
        Err(CallError::Store(error)) => Err(error),
        outcome => Ok(outcome),
    })?;
    match outcome {
        Ok(written) => written?,
        Err(CallError::UnknownLeadFields(names)) => {
            let names = names.join(", ");
            return Err(Failure::refused(anyhow!(
                "no lead has the fields {names}; describeMObject of LeadRecord names those that there are"
            )));
        }
        Err(error) => return Err(Failure::refused(anyhow!("{error}"))),
    }
    Ok(Exit::Done)
}

fn write_leads(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    export: &LeadExport,
    format: Format,
) -> Result<std::io::Result<()>, CallError> {
    let rows = LeadRows::new(schema, export)?;
    let all = rows.count(txn)?;
    let out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut writer = Writer::new(format, out, &rows.columns);
    let mut progress = Progress::new("leads");
    let mut done = 0;
    let broken = rows.each(txn, schema, |row| {
        done += 1;
        progress.show(done, all);
        match row.map_or(Ok(()), |row| writer.row(&rows.columns, row)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    })?;
    progress.end();
    Ok(match broken {
        Some(error) => Err(error),
        None => writer.end(),
    })
}

/// Writes rows in a format.
enum Writer<W: Write> {
    Csv(Box<csv::Writer<W>>, Option<Vec<String>>),
    Jsonl(W),
}

impl<W: Write> Writer<W> {
    fn new(format: Format, out: W, columns: &[Arc<str>]) -> Self {
        let names = columns.iter().map(|name| name.to_string()).collect();
        match format {
            Format::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out)), Some(names)),
            Format::Jsonl => Self::Jsonl(out),
        }
    }

    fn row(&mut self, columns: &[Arc<str>], row: &[String]) -> std::io::Result<()> {
        match self {
            Self::Csv(out, names) => {
                if let Some(names) = names.take() {
                    out.write_record(names).map_err(own)?;
                }
                out.write_record(row).map_err(own)
            }
            Self::Jsonl(out) => {
                let values = columns
                    .iter()
                    .zip(row)
                    .filter(|(_, value)| !value.is_empty());
                let mut between = "{";
                for (name, value) in values {
                    out.write_all(between.as_bytes())?;
                    serde_json::to_writer(&mut *out, name.as_ref())?;
                    out.write_all(b":")?;
                    serde_json::to_writer(&mut *out, value)?;
                    between = ",";
                }
                out.write_all(if between == "{" { b"{}\n" } else { b"}\n" })
            }
        }
    }

    /// Writes the names if there was no row, and all that is still held back.
    fn end(self) -> std::io::Result<()> {
        match self {
            Self::Csv(mut out, names) => {
                if let Some(names) = names {
                    out.write_record(names).map_err(own)?;
                }
                out.flush()
            }
            Self::Jsonl(mut out) => out.flush(),
        }
    }
}

/// What kept a row from being written, so that a reader who has left is told from a full disk.
fn own(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => std::io::Error::other(format!("{kind:?}")),
    }
}
