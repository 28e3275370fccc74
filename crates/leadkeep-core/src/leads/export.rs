//! All leads, one after the other.

use super::read::views;
use super::record::{Include, LeadView};
use crate::error::CallError;
use crate::export::{Each, Export, ExportError, ExportRows, PAGE, Selection};
use crate::schema::Schema;
use crate::store::ReadTxn;
use jiff::Timestamp;
use std::sync::Arc;

/// The columns that are elements of a record and no attributes.
const ELEMENTS: [&str; 4] = ["Id", "Email", "ForeignSysPersonId", "ForeignSysType"];

/// Known leads, in the order of ids.
#[derive(Debug)]
pub struct LeadRows {
    selection: Selection,
    include: Include,
    since: Timestamp,
}

impl LeadRows {
    /// Looks up what an export names. Without names the columns are the elements of a record and all fields that a full
    /// record shows.
    ///
    /// # Errors
    /// All names that no field has, at once.
    pub fn new(schema: &Schema, export: &Export) -> Result<Self, ExportError> {
        let find = |name: &str| Some(schema.lead_fields.find(name)?.name.clone());
        let selection = Selection::new(export, find, || {
            let shown = schema
                .lead_fields
                .iter()
                .filter(|field| schema.is_shown(field));
            let mut shown: Vec<Arc<str>> = shown.map(|field| field.name.clone()).collect();
            shown.sort_by_key(|name| name.to_lowercase());
            let elements = ELEMENTS.iter().map(|name| Arc::from(*name));
            elements.chain(shown).collect()
        })?;
        Ok(Self {
            include: Include::named(schema, Some(&selection.names()))?,
            since: export.since.unwrap_or(Timestamp::MIN),
            selection,
        })
    }

    fn fill(&self, row: &mut [String], lead: LeadView) {
        let mut put = |name: &str, value: String| self.selection.put(row, name, value);
        put("Id", lead.id.to_string());
        put("Email", lead.email.unwrap_or_default());
        put("ForeignSysPersonId", lead.foreign_id.unwrap_or_default());
        let system = lead.foreign_system.map(|system| system.as_str().to_owned());
        put("ForeignSysType", system.unwrap_or_default());
        for attribute in lead.attributes {
            put(&attribute.name, attribute.value);
        }
    }
}

impl ExportRows for LeadRows {
    fn columns(&self) -> &[Arc<str>] {
        &self.selection.columns
    }

    fn count(&self, txn: &mut dyn ReadTxn) -> Result<u64, CallError> {
        Ok(txn.count_leads_updated(self.since, Timestamp::MAX, None)?)
    }

    fn each(
        &self,
        txn: &mut dyn ReadTxn,
        schema: &Schema,
        each: Each<'_>,
    ) -> Result<(), CallError> {
        let mut after = None;
        let mut row = self.selection.row();
        loop {
            let leads = txn.leads_updated(self.since, Timestamp::MAX, after, PAGE)?;
            let Some(last) = leads.last().map(|lead| lead.id) else {
                return Ok(());
            };
            for lead in views(txn, schema, leads, &self.include)? {
                self.fill(&mut row, lead);
                if self.selection.give(&mut row, each).is_break() {
                    return Ok(());
                }
            }
            after = Some(last);
        }
    }
}
