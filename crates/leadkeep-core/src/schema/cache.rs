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

    /// The schema of the point in time of a transaction that only reads. It is kept.
    ///
    /// # Errors
    /// When the store fails or holds definitions that cannot be read.
    pub fn current(&self, txn: &mut dyn ReadTxn) -> Result<Arc<Schema>> {
        let schema = self.seen_by(txn)?;
        self.keep(schema.clone());
        Ok(schema)
    }

    /// The schema as a transaction sees it that writes. It may have definitions that another call of its group has made and that
    /// are never committed, so it is not kept: once the transaction is committed, hand it to [`SchemaCache::keep`].
    ///
    /// # Errors
    /// As those of [`SchemaCache::current`].
    pub fn seen_by(&self, txn: &mut dyn ReadTxn) -> Result<Arc<Schema>> {
        let version = txn.schema_version()?;
        match self.latest().filter(|schema| schema.version == version) {
            Some(schema) => Ok(schema),
            None => Ok(Arc::new(Schema::load(version, &txn.definitions()?)?)),
        }
    }

    /// Keeps a schema that is committed, unless a later one is known.
    pub fn keep(&self, schema: Arc<Schema>) {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if latest
            .as_ref()
            .is_none_or(|latest| latest.version < schema.version)
        {
            *latest = Some(schema);
        }
    }

    /// The schema that was loaded last, if any.
    pub fn latest(&self) -> Option<Arc<Schema>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
