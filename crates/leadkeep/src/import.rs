//! `leadkeep import`.

mod objects;

use crate::data::{self, DataDir, Writes};
use crate::exit::{Exit, Failure};
use crate::imports::failures;
use crate::progress::Progress;
use anyhow::{Context, anyhow};
use leadkeep_core::error::CallError;
use leadkeep_core::ids::{ImportId, ListId};
use leadkeep_core::imports::{
    ImportByHand, ImportColumn, ImportMode, ObjectKind, failed_rows, import, import_by_hand,
    import_columns, work,
};
use leadkeep_core::lists::find_or_create_list;
use leadkeep_core::schema::Schema;
use leadkeep_core::store::{Import, ImportState, Rollback, StoreError, WriteTxn};
use leadkeep_server::{ENCODINGS, Table};
use leadkeep_sqlite::SqliteStore;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Failed rows that a report shows.
const SHOWN: usize = 10;

/// What is brought.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Create and change leads by the rows of a CSV file, as importToList does.
    #[command(
        after_help = "The first line names fields, by display name or SOAP name; Email Address or Id must be among them; with --key Email Address or that field, and a column Id is ignored. Cells are divided by commas, semicolons or tabs. Empty cells change nothing, NULL clears. Columns that mean nothing are listed and ignored.\n\nAn import that is cut off goes on where it was: with the next start of the server, or with the next import. No row is done twice.\n\nExit status: 0 all rows were done, 1 some failed.\n\nExamples:\n  leadkeep import leads leads.csv --dry-run\n  leadkeep import leads leads.csv --list Newsletter\n  leadkeep import leads leads.csv --list 'Spring.Guests' --failed failed.csv\n  leadkeep import leads crm.csv --list CRM --key CrmId --map 'E-Mail=Email Address' --map 'Contact Id=CrmId'\n  iconv -f EUC-JP -t UTF-8 leads.csv | leadkeep import leads - --list Japan"
    )]
    Leads(Options),
    /// Create and change opportunities by the rows of a CSV file, as syncMObjects does.
    #[command(
        after_help = "The first line names fields, by display name or SOAP name; the field of --key must be among them, or Id without it. A column Company.FIELD links to the company of the lead that has the value in this field. Cells are divided by commas, semicolons or tabs. Empty cells change nothing, NULL clears. Columns that mean nothing are listed and ignored.\n\nRows are stored 100 at a time. An import that was cut off is run again: opportunities that are there are found by the key and have their values already.\n\nExit status: 0 all rows were done, 1 some failed.\n\nExamples:\n  leadkeep import opportunities deals.csv --key opportunityId --dry-run\n  leadkeep import opportunities deals.csv --key opportunityId --map 'Deal=Name' --failed failed.csv"
    )]
    Opportunities {
        /// The field by which opportunities are found, of type string or integer.
        #[arg(long, value_name = "FIELD")]
        key: Option<String>,
        #[command(flatten)]
        options: ObjectOptions,
    },
    /// Create and change roles of leads in opportunities by the rows of a CSV file, as syncMObjects does.
    #[command(
        after_help = "The first line names fields, by display name or SOAP name. OpportunityId or Opportunity.FIELD says which opportunity a row is about, PersonId or Lead.FIELD which lead: the one that has the value in this field. A role is found by both and its name. Cells are divided by commas, semicolons or tabs. Empty cells change nothing, NULL clears. Columns that mean nothing are listed and ignored.\n\nRows are stored 100 at a time. An import that was cut off is run again: roles that are there have their values already.\n\nExit status: 0 all rows were done, 1 some failed.\n\nExample, of a file with the columns Opportunity.opportunityId, Lead.Email, Role:\n  leadkeep import roles roles.csv --failed failed.csv"
    )]
    Roles(ObjectOptions),
    /// Create and change records of a custom object type by the rows of a CSV file, as syncCustomObjects does.
    #[command(
        after_help = "The first line names fields of the type, by name or display name; all dedupe fields must be among them. Cells are divided by commas, semicolons or tabs. Empty cells change nothing, NULL clears. Columns that mean nothing are listed and ignored.\n\nRows are stored 100 at a time. An import that was cut off is run again: records that are there are found by their dedupe fields and have their values already. A type without dedupe fields makes a new record of every row.\n\nExit status: 0 all rows were done, 1 some failed.\n\nExample: leadkeep import custom-object car cars.csv --map 'VIN number=vin' --failed failed.csv"
    )]
    CustomObject {
        /// The type, by name or display name.
        name: String,
        #[command(flatten)]
        options: ObjectOptions,
    },
}

/// How a file is read.
#[derive(clap::Args)]
struct Source {
    /// The file; `-` is standard input.
    file: PathBuf,
    /// What the bytes of the file mean; UTF-8 and UTF-16 with a mark at the beginning are known by it.
    #[arg(long, value_name = "ENCODING", default_value = ENCODINGS[0].0, value_parser = ENCODINGS.map(|(label, _)| label))]
    encoding: String,
    /// A column of the file is taken for another field than its name says; may be given several times.
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = pair)]
    names: Vec<(String, String)>,
}

impl Source {
    fn read(&self) -> Result<Table, Failure> {
        let shown = self.file.display();
        let refused = |error: &dyn std::fmt::Display| Failure::refused(anyhow!("{shown}: {error}"));
        let table = Table::read(&bytes(&self.file)?, &self.encoding);
        let mut table = table.map_err(|error| refused(&error))?;
        table.rename(&self.names).map_err(|error| refused(&error))?;
        Ok(table)
    }

    /// An error of the rules, as one about the file.
    fn refused(&self, error: CallError) -> Failure {
        match error {
            CallError::Store(error) => Failure::from(error),
            error => {
                let shown = self.file.display();
                Failure::refused(anyhow!("{shown} was not imported: {error}"))
            }
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, field)) if !column.trim().is_empty() && !field.trim().is_empty() => {
            Ok((column.trim().to_owned(), field.trim().to_owned()))
        }
        _ => Err(format!("expected COLUMN=FIELD, got `{text}`")),
    }
}

/// How opportunities, roles and records are brought.
#[derive(clap::Args)]
pub(crate) struct ObjectOptions {
    #[command(flatten)]
    source: Source,
    /// Do all of it and take it back: a report of what would come of it. Other calls that write wait meanwhile.
    #[arg(long)]
    dry_run: bool,
    /// Write failed rows with their reasons into this file, which can be mended and imported as it is.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    failed: Option<PathBuf>,
    #[command(flatten)]
    data: DataDir,
}

/// How leads are brought.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// The static list that the leads join, as Program.List inside a program; one that is not there is made. Without it the list is
    /// named after the file, `Import` if that is standard input.
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// The field by which leads are found, whatever their address: one that has the value in this field is changed.
    #[arg(long, value_name = "FIELD")]
    key: Option<String>,
    /// Create and change no leads: those that there are join the list.
    #[arg(long)]
    list_only: bool,
    /// Members of the list who are not in the file leave it.
    #[arg(long)]
    clear: bool,
    /// Do all of it and take it back: a report of what would come of it. Other calls that write wait meanwhile.
    #[arg(long)]
    dry_run: bool,
    /// Write failed rows with their reasons into this file, which can be mended and imported as it is.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    failed: Option<PathBuf>,
    #[command(flatten)]
    data: DataDir,
}

impl Options {
    /// The list that was named, or one named after the file. A dot would stand between a program and its list.
    fn list(&self) -> String {
        let stem = self.source.file.file_stem();
        let of_file = || match stem.map(|stem| stem.to_string_lossy().replace('.', " ")) {
            Some(stem) if stem != "-" && !stem.trim().is_empty() => stem.trim().to_owned(),
            _ => "Import".to_owned(),
        };
        self.list.clone().unwrap_or_else(of_file)
    }
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Leads(options) => leads(options),
        Command::Opportunities { key, options } => {
            objects::run(options, &ObjectKind::Opportunities(key.clone()))
        }
        Command::Roles(options) => objects::run(options, &ObjectKind::Roles),
        Command::CustomObject { name, options } => {
            objects::run(options, &ObjectKind::Records(name.clone()))
        }
    }
}

fn leads(options: &Options) -> Result<Exit, Failure> {
    let store = options.data.open()?;
    let table = options.source.read()?;
    let mode = match options.list_only {
        true => ImportMode::ListOnly,
        false => ImportMode::Upsert,
    };
    let list = options.list();
    let named = list.clone();
    let mut input = ImportByHand {
        // Which one it is, the transaction knows.
        list: ListId(0),
        header: table.header,
        rows: table.rows,
        mode,
        clear: options.clear,
        key: options.key.clone(),
        named: options
            .source
            .names
            .iter()
            .map(|(_, field)| field.clone())
            .collect(),
    };
    let bring = move |txn: &mut dyn WriteTxn, schema: &Schema, now| {
        input.list = find_or_create_list(txn, &list)?;
        import_by_hand(txn, schema, now, &input)
    };
    let refused = |error| options.source.refused(error);
    if options.dry_run {
        return try_out(&store, bring)?.map_err(refused);
    }
    let id = data::write(&store, bring)?.map_err(refused)?;
    let import = finish(&store, id)?;
    let columns = data::read(&store, {
        let import = import.clone();
        move |_, schema| import_columns(schema, &import)
    })?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "import    {id}")?;
    writeln!(out, "list      {named}")?;
    report(&mut out, &import, &columns)?;
    if import.failed > 0 {
        match &options.failed {
            Some(file) => {
                let made = File::create(file);
                let made = made.with_context(|| format!("cannot write {}", file.display()))?;
                failures(&store, id.0, BufWriter::new(made))?;
                writeln!(out, "failed rows are in {}", file.display())?;
            }
            None => writeln!(
                out,
                "`leadkeep imports failures {id}` prints the failed rows"
            )?,
        }
    }
    match import.state {
        ImportState::Complete if import.failed == 0 => Ok(Exit::Done),
        ImportState::Complete | ImportState::Processing => Ok(Exit::Refused),
        ImportState::Failed | ImportState::Canceled => {
            let why = import.summary.unwrap_or_default();
            Err(Failure::refused(anyhow!("the import was ended: {why}")))
        }
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match file == Path::new("-") {
        true => std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map(|_| bytes),
        false => std::fs::read(file),
    };
    Ok(read.with_context(|| format!("cannot read {}", file.display()))?)
}

/// Does an import to its end, with those that were left over, beside a server that may do the same.
fn finish(store: &SqliteStore, id: ImportId) -> Result<Import, Failure> {
    let mut progress = Progress::new("rows");
    let writes = Writes::of(store)?;
    let mut last = None;
    loop {
        let worked = writes.write(move |txn, schema, now| {
            let worked = work(txn, schema, now, last)?;
            Ok::<_, CallError>((worked, import(txn, id)?))
        });
        let (worked, import) =
            worked.map_err(|error| anyhow!("the import could not go on: {error}"))?;
        let import = import.ok_or_else(|| anyhow!("import {id} is gone"))?;
        last = worked;
        progress.show(
            import.imported + import.failed + import.ignored,
            import.rows,
        );
        if import.state != ImportState::Processing {
            progress.end();
            return Ok(import);
        }
    }
}

fn report(out: &mut impl Write, import: &Import, columns: &[ImportColumn]) -> Result<(), Failure> {
    report_columns(out, columns)?;
    writeln!(out, "rows      {}", import.rows)?;
    writeln!(out, "imported  {}", import.imported)?;
    writeln!(out, "ignored   {}", import.ignored)?;
    writeln!(out, "failed    {}", import.failed)?;
    Ok(())
}

fn report_columns(out: &mut impl Write, columns: &[ImportColumn]) -> Result<(), Failure> {
    for column in columns {
        let meaning = column
            .meaning
            .as_deref()
            .unwrap_or("(nothing: it is ignored)");
        writeln!(out, "column    {} -> {meaning}", column.title)?;
    }
    Ok(())
}

/// How a trial ends: always by taking everything back.
enum Trial<T> {
    Done(Box<T>),
    Refused(CallError),
}

impl<T> From<StoreError> for Trial<T> {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl<T> From<CallError> for Trial<T> {
    fn from(error: CallError) -> Self {
        Self::Refused(error)
    }
}

impl<T> From<&Trial<T>> for Rollback {
    fn from(trial: &Trial<T>) -> Self {
        match trial {
            Trial::Refused(error) => error.into(),
            Trial::Done(_) => Self::Refused,
        }
    }
}

/// Does an import in one transaction, takes it back, and reports.
fn try_out(
    store: &SqliteStore,
    mut bring: impl FnMut(&mut dyn WriteTxn, &Schema, jiff::Timestamp) -> Result<ImportId, CallError>
    + Send
    + 'static,
) -> Result<Result<Exit, CallError>, Failure> {
    let tried = data::write(store, move |txn, schema, now| {
        let id = bring(txn, schema, now)?;
        let mut last = None;
        let own = loop {
            last = work(txn, schema, now, last)?;
            match import(txn, id)? {
                Some(own) if own.state == ImportState::Processing => {}
                Some(own) => break own,
                None => return Err(Trial::Refused(CallError::NoImport(id.to_string()))),
            }
        };
        let columns = import_columns(schema, &own)?;
        let failed = failed_rows(txn, id, 0)?;
        Err::<(), _>(Trial::Done(Box::new((own, columns, failed))))
    })?;
    let (import, columns, failed) = match tried {
        Err(Trial::Done(done)) => *done,
        Err(Trial::Refused(error)) => return Ok(Err(error)),
        Ok(()) => return Ok(Ok(Exit::Done)),
    };
    let mut out = std::io::stdout().lock();
    report(&mut out, &import, &columns)?;
    for line in failed.iter().flat_map(|failed| &failed.rows).take(SHOWN) {
        if let [row, reason, ..] = line.as_slice() {
            writeln!(out, "row {row}: {reason}")?;
        }
    }
    writeln!(out, "(dry run: nothing was written)")?;
    Ok(Ok(match import.failed {
        0 => Exit::Done,
        _ => Exit::Refused,
    }))
}
