//! What a call did to leads, and how their histories tell it.

use super::batch::Batch;
use super::working::{LeadRef, WrittenRows};
use crate::activities;
use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::Field;
use crate::store::{NewActivity, WriteTxn};
use std::cell::LazyCell;
use std::sync::Arc;

/// What a call has written and nobody needs any more. To free thousands of texts takes a while, in which other calls
/// could write: so it is given back with the answer, and the thread of the call frees it.
#[derive(Debug)]
pub struct Spent {
    _rows: WrittenRows,
    _history: Vec<NewActivity>,
}

/// Something for a history, before ids are given. Foreign ids, system fields and what stays the same are nothing
/// (ACT-22).
pub(super) enum Event<'a> {
    /// A lead was made; its name, if it has any (COM-30, COM-33).
    Created { lead: LeadRef, name: Option<String> },
    /// A value changed (COM-31); scores too (ACT-23).
    Changed {
        lead: LeadRef,
        field: &'a Field,
        before: Option<String>,
        after: Option<String>,
    },
}

impl Batch<'_> {
    /// Writes all leads, then what happened to them (SML-53, ACT-10). Gives the ids by place, and what is left.
    pub(super) fn write(self, txn: &mut dyn WriteTxn) -> Result<(Vec<LeadId>, Spent), CallError> {
        let mut rows = self.set.write(txn)?;
        let ids = std::mem::take(&mut rows.ids);
        let now = self.now;
        let origin = self.manners.origin;
        let zone = &self.schema.instance.time_zone;
        let new_lead = LazyCell::new(|| {
            // ACT-24: the day in the instance's zone.
            let day = now.to_zoned(zone.clone()).date().to_string();
            Arc::new(origin.new_lead(day))
        });
        let reason = origin.reason();
        let told = |event| match event {
            Event::Created { lead, name } => {
                activities::new_lead(ids[lead], now, name, Arc::clone(&new_lead))
            }
            Event::Changed {
                lead,
                field,
                before,
                after,
            } => {
                let values = (before, after);
                let mut change =
                    activities::change_data_value(ids[lead], now, field, values, zone, &reason);
                origin.mark(&mut change);
                change
            }
        };
        let history: Vec<NewActivity> = self.events.into_iter().map(told).collect();
        if !history.is_empty() {
            txn.append_activities(&history)?;
        }
        Ok((
            ids,
            Spent {
                _rows: rows,
                _history: history,
            },
        ))
    }
}
