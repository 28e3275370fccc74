//! Schemas for tests of rules (feature `testing`).

mod structure;

pub use structure::Structure;

use super::Schema;
use crate::memory::MemoryStore;
use crate::provision::{self, ApplyOptions};
use jiff::Timestamp;

/// The provisioning file that the project is tested with.
pub const DEMO: &str = include_str!("../../data/provision.toml");

/// The schema that a provisioning file makes of a new instance. Programs and lists of the file are rows of a store and
/// not in it.
///
/// # Panics
/// When the file is wrong: with all that is wrong, as a test wants it.
pub fn schema(toml: &str) -> Schema {
    let mut structure = Structure::default();
    structure.apply(toml);
    structure.schema()
}

/// A store that a provisioning file made, programs and lists included, and its schema.
///
/// # Panics
/// When the file is wrong.
pub fn store(toml: &str) -> (MemoryStore, Schema) {
    let store = MemoryStore::new();
    let parsed = provision::parse(toml).unwrap_or_else(|error| panic!("{error:?}"));
    let made = store.write_now(|txn, now| {
        let schema = Schema::load(txn.schema_version()?, &txn.definitions()?)?;
        let options = ApplyOptions::default();
        provision::apply(txn, &schema, now, &parsed, &options, &mut || {
            "a fresh key".to_owned()
        })?;
        let schema = Schema::load(txn.schema_version()?, &txn.definitions()?)?;
        Ok::<_, provision::ApplyError>(schema)
    });
    let schema = made.unwrap_or_else(|error| panic!("{error}"));
    (store, schema)
}

/// The schema of [`DEMO`].
///
/// # Panics
/// Never, as long as the tests of provisioning hold.
pub fn demo() -> Schema {
    schema(DEMO)
}

impl Structure {
    /// The schema of what is stored.
    ///
    /// # Panics
    /// When a definition cannot be read.
    pub fn schema(&self) -> Schema {
        match Schema::load(self.version, &self.definitions) {
            Ok(schema) => schema,
            Err(error) => panic!("{error}"),
        }
    }

    /// Applies a provisioning file; generated keys are `key 1`, `key 2`, ...
    ///
    /// # Panics
    /// When the file is wrong.
    pub fn apply(&mut self, toml: &str) -> provision::Report {
        match self.try_apply(toml, &ApplyOptions::default()) {
            Ok(report) => report,
            Err(errors) => panic!("{}", errors.join("\n")),
        }
    }

    /// Applies a provisioning file, or gives everything that is wrong with it and leaves all as it was.
    ///
    /// # Errors
    /// The texts of the errors.
    pub fn try_apply(
        &mut self,
        toml: &str,
        options: &ApplyOptions,
    ) -> Result<provision::Report, Vec<String>> {
        let provision = provision::parse(toml)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let before = self.clone();
        let schema = self.schema();
        self.minute += 1;
        let now = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(self.minute);
        let mut keys = 0;
        let mut new_key = || {
            keys += 1;
            format!("key {keys}")
        };
        provision::apply(self, &schema, now, &provision, options, &mut new_key).map_err(|error| {
            *self = before;
            error.to_string().lines().map(str::to_owned).collect()
        })
    }
}
