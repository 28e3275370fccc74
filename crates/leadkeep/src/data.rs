//! The data directory: what is in it, and how a command reaches the store.

use crate::exit::Failure;
use anyhow::{Context, anyhow};
use jiff::Timestamp;
use leadkeep_core::schema::{Schema, SchemaCache};
use leadkeep_core::store::{ReadTxn, Rollback, StoreError, WriteTxn};
use leadkeep_server::{run_read, run_write_with_schema};
use leadkeep_sqlite::{SqliteStore, database_path};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is said of a custom object type that is not there.
pub(crate) const NO_SUCH_TYPE: &str = "there is no custom object type of this name; `leadkeep provision export` writes those that there are";

/// Where the data directory is.
#[derive(clap::Args)]
pub(crate) struct DataDir {
    /// The data directory.
    #[arg(
        long = "data",
        value_name = "DIR",
        default_value = "leadkeep-data",
        env = "LEADKEEP_DATA"
    )]
    pub(crate) path: PathBuf,
}

impl DataDir {
    /// Opens the store of a directory that a server has made.
    pub(crate) fn open(&self) -> Result<SqliteStore, Failure> {
        Ok(SqliteStore::open(&self.database()?, 1)?)
    }

    /// The database file of a directory that a server has made.
    pub(crate) fn database(&self) -> Result<PathBuf, Failure> {
        let database = database_path(&self.path);
        if !database.exists() {
            let shown = database.display();
            return Err(anyhow!("there is no database {shown}; `leadkeep serve` makes one, `--data DIR` names another").into());
        }
        Ok(database)
    }
}

/// The directory of a file.
pub(crate) fn directory_of(path: &Path) -> &Path {
    let directory = path.parent().filter(|parent| *parent != Path::new(""));
    directory.unwrap_or(Path::new("."))
}

/// Makes sure that the names in a directory are on the disk.
pub(crate) fn sync_directory(path: &Path) -> Result<(), Failure> {
    Ok(File::open(path)?.sync_all()?)
}

/// A file with another end of its name.
pub(crate) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(end);
    name.into()
}

/// Makes the directory, for its owner only, if it is not there.
pub(crate) fn make_directory(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("cannot make the data directory {}", path.display()))?;
    Ok(())
}

/// Holds the directory for one server: two would not see each other's calls in order.
pub(crate) fn lock(directory: &Path) -> Result<File, Failure> {
    let path = directory.join("serve.lock");
    let file = private(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => {
            let shown = directory.display();
            Err(anyhow!(
                "another leadkeep serves {shown} already; stop it, or use another `--data DIR`"
            )
            .into())
        }
    }
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let mut file = private(path)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.sync_all()?;
    Ok(())
}

/// Opens a file to write to, and makes it, for its owner only, if it is not there.
pub(crate) fn private(path: &Path) -> Result<File, Failure> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path);
    Ok(file.with_context(|| format!("cannot open {}", path.display()))?)
}

/// Write transactions of a command, one after the other, which read definitions again only when they have changed.
pub(crate) struct Writes<'s> {
    store: &'s SqliteStore,
    schemas: Arc<SchemaCache>,
    runtime: tokio::runtime::Runtime,
}

impl<'s> Writes<'s> {
    /// Of a store.
    pub(crate) fn of(store: &'s SqliteStore) -> Result<Self, Failure> {
        Ok(Self {
            store,
            schemas: Arc::new(SchemaCache::new()),
            runtime: runtime()?,
        })
    }

    /// Runs rules in a transaction of their own, with the schema of that transaction.
    pub(crate) fn write<T, E, F>(&self, rules: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        Rollback: for<'e> From<&'e E>,
        F: FnMut(&mut dyn WriteTxn, &Schema, Timestamp) -> Result<T, E> + Send + 'static,
    {
        self.runtime
            .block_on(run_write_with_schema(self.store, &self.schemas, rules))
    }
}

/// Runs a command's rules in a write transaction, with the schema of that transaction.
pub(crate) fn write<T, E, F>(store: &SqliteStore, rules: F) -> Result<Result<T, E>, Failure>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    Rollback: for<'e> From<&'e E>,
    F: FnMut(&mut dyn WriteTxn, &Schema, Timestamp) -> Result<T, E> + Send + 'static,
{
    Ok(Writes::of(store)?.write(rules))
}

/// Runs a command's rules in a read transaction.
pub(crate) fn read<T, F>(store: &SqliteStore, mut rules: F) -> Result<T, Failure>
where
    T: Send + 'static,
    F: FnMut(&mut dyn ReadTxn, &Schema) -> Result<T, StoreError> + Send + 'static,
{
    let schemas = SchemaCache::new();
    let work = run_read::<_, StoreError, _>(store, move |txn, _| {
        let schema = schemas.current(txn)?;
        rules(txn, &schema)
    });
    Ok(runtime()?.block_on(work)?)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_current_thread().build()?)
}

/// A fresh key of 40 random characters (AUT-1).
pub(crate) fn random_key() -> Result<String, Failure> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow!("the system gives no random numbers: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
