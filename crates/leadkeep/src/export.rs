//! `leadkeep export`.

use crate::data::{self, DataDir, NO_SUCH_TYPE};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use anyhow::anyhow;
use jiff::Timestamp;
use leadkeep_core::custom_objects::RecordRows;
use leadkeep_core::error::CallError;
use leadkeep_core::export::{Condition, Export, ExportError, ExportRows};
use leadkeep_core::leads::LeadRows;
use leadkeep_core::mobjects::{MObjectRows, MObjectType};
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
    Leads(Options),
    /// Write all opportunities to standard output, as they are at one moment.
    #[command(
        after_help = "Columns are SOAP names; values are written as the API writes them. --where may be given several times; all of them must hold.\n\nExamples:\n  leadkeep export opportunities > opportunities.csv\n  leadkeep export opportunities --where 'Stage = \"Closed Won\"'"
    )]
    Opportunities(Options),
    /// Write all roles of leads in opportunities to standard output, as they are at one moment.
    #[command(after_help = "Example: leadkeep export roles > roles.csv")]
    Roles(Options),
    /// Write all records of a custom object type to standard output, as they are at one moment.
    #[command(
        after_help = "Columns are the names of the type's fields; values are written as the API writes them. --where may be given several times; all of them must hold.\n\nExample: leadkeep export custom-object car > cars.csv"
    )]
    CustomObject {
        /// The type, by name or display name.
        name: String,
        #[command(flatten)]
        options: Options,
    },
}

/// Which rows, and how.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What is written: a table with a line of names, or an object a line without empty values.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// The columns, by name; without it, all that there are.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    fields: Vec<String>,
    /// Only rows with this value: FIELD = "VALUE", or without it: FIELD != "VALUE".
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<Condition>,
    /// Only rows that were updated at this time or later, like 2026-07-01T00:00:00Z.
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
    match command {
        Command::Leads(options) => {
            let described = "describeMObject of LeadRecord names those that there are";
            export(options, "leads", described, |schema, export| {
                LeadRows::new(schema, export)
            })
        }
        Command::Opportunities(options) => {
            let described = "describeMObject of Opportunity names those that there are";
            let object = MObjectType::Opportunity;
            export(
                options,
                "opportunities",
                described,
                move |schema, export| MObjectRows::new(schema, object, export),
            )
        }
        Command::Roles(options) => {
            let described = "describeMObject of OpportunityPersonRole names those that there are";
            let object = MObjectType::OpportunityPersonRole;
            export(options, "roles", described, move |schema, export| {
                MObjectRows::new(schema, object, export)
            })
        }
        Command::CustomObject { name, options } => {
            let described = "the admin page of the type names those that there are";
            let name = name.clone();
            export(options, "records", described, move |schema, export| {
                RecordRows::new(schema, &name, export)
            })
        }
    }
}

/// Writes rows that are called so; `described` says where the names of their fields stand.
fn export<R: ExportRows>(
    options: &Options,
    unit: &'static str,
    described: &str,
    rows: impl Fn(&Schema, &Export) -> Result<R, ExportError> + Send + 'static,
) -> Result<Exit, Failure> {
    let export = Export {
        fields: options.fields.clone(),
        since: options.since,
        conditions: options.conditions.clone(),
    };
    let format = options.format;
    let outcome = data::read(&options.data.open()?, move |txn, schema| {
        let written = rows(schema, &export)
            .and_then(|rows| Ok(write_rows(txn, schema, &rows, format, unit)?));
        match written {
            Err(ExportError::Call(CallError::Store(error))) => Err(error),
            outcome => Ok(outcome),
        }
    })?;
    match outcome {
        Ok(written) => written?,
        Err(ExportError::Unknown(names)) => {
            let names = names.join(", ");
            return Err(Failure::refused(anyhow!(
                "{unit} have no fields {names}; {described}"
            )));
        }
        Err(ExportError::Call(CallError::BadObjectName)) => {
            return Err(Failure::refused(anyhow!(NO_SUCH_TYPE)));
        }
        Err(error) => return Err(Failure::refused(anyhow!("{error}"))),
    }
    Ok(Exit::Done)
}

fn write_rows(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    rows: &impl ExportRows,
    format: Format,
    unit: &'static str,
) -> Result<std::io::Result<()>, CallError> {
    let all = rows.count(txn)?;
    let columns = rows.columns();
    let out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut writer = Writer::new(format, out, columns);
    let mut progress = Progress::new(unit);
    let mut done = 0;
    let mut written = Ok(());
    rows.each(txn, schema, &mut |row| {
        done += 1;
        progress.show(done, all);
        written = row.map_or(Ok(()), |row| writer.row(columns, row));
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    progress.end();
    Ok(written.and_then(|()| writer.end()))
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
