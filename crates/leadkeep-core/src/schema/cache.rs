//! The current schema, shared by all calls.

use super::Schema;
use crate::store::{ReadTxn, Result};
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps the latest [`Schema`] and loads another one when the store's schema version moves.
#[derive(Debug, Default)]
pub struct SchemaCache(Mutex<Option<Arc<Schema>>>);

impl SchemaCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// The schema of the transaction's point in time.
    ///
    /// # Errors
    /// When the store fails or holds definitions that cannot be read.
    pub fn current(&self, txn: &mut dyn ReadTxn) -> Result<Arc<Schema>> {
        let version = txn.schema_version()?;
        if let Some(schema) = self.latest().filter(|schema| schema.version == version) {
            return Ok(schema);
        }
        let schema = Arc::new(Schema::load(version, &txn.definitions()?)?);
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if latest
            .as_ref()
            .is_none_or(|latest| latest.version < version)
        {
            *latest = Some(schema.clone());
        }
        Ok(schema)
    }

    /// The schema that was loaded last, if any.
    pub fn latest(&self) -> Option<Arc<Schema>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
