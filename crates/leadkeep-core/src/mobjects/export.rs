//! All opportunities, or all roles, one after the other.

use super::criteria::canonical;
use super::fields::ID;
use super::input::MObjectType;
use super::view::{MObjectView, deal_view, role_view};
use crate::error::CallError;
use crate::export::{Each, Export, ExportError, ExportRows, PAGE, Selection};
use crate::ids::{OpportunityId, RoleId};
use crate::schema::{Exposure, FieldSet, Schema};
use crate::store::ReadTxn;
use crate::value::{self, DataType};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// The columns of a row's times, which are no fields of the API.
const TIMES: [&str; 2] = ["createdAt", "updatedAt"];

/// Opportunities or roles, in the order of ids.
#[derive(Debug)]
pub struct MObjectRows {
    object: MObjectType,
    selection: Selection,
    since: Timestamp,
}

impl MObjectRows {
    /// Looks up what an export of opportunities or roles names. Without names the columns are the number, all fields, and
    /// the times of creation and of the last change.
    ///
    /// # Errors
    /// All names that no field has, at once; programs, which are definitions and no rows.
    pub fn new(schema: &Schema, object: MObjectType, export: &Export) -> Result<Self, ExportError> {
        let fields = fields_of(schema, object).ok_or(CallError::BadObjectName)?;
        let find = |name: &str| {
            let time = TIMES.iter().find(|time| time.eq_ignore_ascii_case(name));
            let field = || Some(fields.find(name)?.name.clone());
            time.map(|time| Arc::from(*time)).or_else(field)
        };
        let selection = Selection::new(export, find, || {
            let known = fields
                .iter()
                .filter(|field| field.exposure != Exposure::Internal);
            let mut names: Vec<Arc<str>> = known.map(|field| field.name.clone()).collect();
            names.sort_by_key(|name| (name.as_ref() != ID, name.to_lowercase()));
            names.extend(TIMES.iter().map(|time| Arc::from(*time)));
            names
        })?;
        Ok(Self {
            object,
            selection,
            since: export.since.unwrap_or(Timestamp::MIN),
        })
    }

    fn page(
        &self,
        txn: &mut dyn ReadTxn,
        schema: &Schema,
        after: i64,
    ) -> Result<Vec<MObjectView>, CallError> {
        let zone = &schema.instance.time_zone;
        Ok(match self.object {
            MObjectType::Opportunity => {
                let rows = txn.opportunities_after(Some(OpportunityId(after)), PAGE)?;
                let view = |row| deal_view(schema, zone, row, None);
                rows.into_iter().map(view).collect()
            }
            _ => {
                let rows = txn.roles_after(Some(RoleId(after)), PAGE)?;
                let view = |row| role_view(schema, zone, row);
                rows.into_iter().map(view).collect()
            }
        })
    }

    fn fill(&self, row: &mut [String], zone: &TimeZone, object: MObjectView) {
        let mut put = |name: &str, value: String| self.selection.put(row, name, value);
        put(ID, object.id.to_string());
        let times = [object.created_at, object.updated_at];
        for (name, time) in TIMES.iter().zip(times) {
            let canonical = time.map(canonical).unwrap_or_default();
            put(
                name,
                value::write(DataType::Datetime, &canonical, zone).into_owned(),
            );
        }
        for (kind, id) in object.associations {
            if kind == "Company" {
                put("CompanyId", id.to_string());
            }
        }
        for (name, value) in object.attributes {
            put(&name, value);
        }
    }
}

/// The fields of a kind whose rows are exported and imported; none of programs.
pub(crate) fn fields_of(schema: &Schema, object: MObjectType) -> Option<&FieldSet> {
    match object {
        MObjectType::Opportunity => Some(&schema.opportunity_fields),
        MObjectType::OpportunityPersonRole => Some(&schema.role_fields),
        MObjectType::Program => None,
    }
}

impl ExportRows for MObjectRows {
    fn columns(&self) -> &[Arc<str>] {
        &self.selection.columns
    }

    fn count(&self, txn: &mut dyn ReadTxn) -> Result<u64, CallError> {
        let counts = txn.counts()?;
        Ok(match self.object {
            MObjectType::Opportunity => counts.opportunities,
            _ => counts.roles,
        })
    }

    fn each(
        &self,
        txn: &mut dyn ReadTxn,
        schema: &Schema,
        each: Each<'_>,
    ) -> Result<(), CallError> {
        let mut after = 0;
        let mut row = self.selection.row();
        loop {
            let objects = self.page(txn, schema, after)?;
            let Some(last) = objects.last().map(|object| object.id) else {
                return Ok(());
            };
            for object in objects {
                let done = if object.updated_at.is_some_and(|at| at < self.since) {
                    each(None)
                } else {
                    self.fill(&mut row, &schema.instance.time_zone, object);
                    self.selection.give(&mut row, each)
                };
                if done.is_break() {
                    return Ok(());
                }
            }
            after = last;
        }
    }
}
