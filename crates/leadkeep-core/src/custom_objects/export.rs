//! All records of a type, one after the other.

use super::object_type;
use super::read::view;
use crate::error::CallError;
use crate::export::{Each, Export, ExportError, ExportRows, PAGE, Selection};
use crate::schema::{CustomObject, Schema};
use crate::store::ReadTxn;
use jiff::Timestamp;
use std::sync::Arc;

/// Records of one type, in the order of their keys.
#[derive(Debug)]
pub struct RecordRows {
    object: Arc<CustomObject>,
    selection: Selection,
    since: Timestamp,
}

impl RecordRows {
    /// Looks up what an export names. Without names the columns are all fields, in the order of their definition.
    ///
    /// # Errors
    /// An unknown type, or all names that no field has, at once.
    pub fn new(schema: &Schema, name: &str, export: &Export) -> Result<Self, ExportError> {
        let object = object_type(schema, name)?;
        let find = |name: &str| Some(Arc::from(object.field(name)?.name.as_str()));
        let selection = Selection::new(export, find, || {
            let names = object.fields.iter().map(|field| field.name.as_str());
            names.map(Arc::from).collect()
        })?;
        Ok(Self {
            object,
            selection,
            since: export.since.unwrap_or(Timestamp::MIN),
        })
    }
}

impl ExportRows for RecordRows {
    fn columns(&self) -> &[Arc<str>] {
        &self.selection.columns
    }

    fn count(&self, txn: &mut dyn ReadTxn) -> Result<u64, CallError> {
        Ok(txn.count_records(self.object.id, &[], None)?)
    }

    fn each(
        &self,
        txn: &mut dyn ReadTxn,
        schema: &Schema,
        each: Each<'_>,
    ) -> Result<(), CallError> {
        let shown: Vec<_> = self.object.fields.iter().collect();
        let mut after: Option<String> = None;
        let mut row = self.selection.row();
        loop {
            let records = txn.records_after(self.object.id, &[], after.as_deref(), PAGE)?;
            let Some(last) = records.last().map(|record| record.key.clone()) else {
                return Ok(());
            };
            for record in records {
                let done = if record.updated_at < self.since {
                    each(None)
                } else {
                    let view = view(&self.object, &schema.instance.time_zone, &record, &shown);
                    for (name, value) in view.keys.into_iter().chain(view.attributes) {
                        self.selection.put(&mut row, &name, value);
                    }
                    self.selection.give(&mut row, each)
                };
                if done.is_break() {
                    return Ok(());
                }
            }
            after = Some(last);
        }
    }
}
