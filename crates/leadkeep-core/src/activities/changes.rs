//! getLeadChanges.

use super::position::{StartPosition, offset};
use super::types::TypeWords;
use super::view::{ActivityPage, view};
use super::written::DELETE_LEAD;
use crate::error::CallError;
use crate::ids::ActivityId;
use crate::leads::{Selector, check_width, leads_of_keys, page_size};
use crate::lists::list_of_selector;
use crate::schema::Schema;
use crate::store::{ActivityFilter, LeadScope, ReadTxn};

/// Activities of a page at the most (GLC-8, GLC-18).
const MAX_PAGE: usize = 1_000;
/// How far is counted what remains (GLC-14, GLC-27).
const MAX_COUNT: usize = 10_000;
/// Keys of a selector at the most (GLC-10).
const MAX_KEYS: usize = 100;

/// A call of getLeadChanges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSelection {
    /// Where to begin.
    pub start: StartPosition,
    /// Which types.
    pub types: TypeWords,
    /// Which leads; all without, anonymous ones too (GLC-28).
    pub selector: Option<Selector>,
    /// The size of a page.
    pub batch_size: Option<i64>,
}

/// The histories of all leads or of some (GLC-1), oldest first in the order of the commits (GLC-2, GLC-23, GLC-24,
/// ACT-10), page by page. The end is an empty page whose position is the one that was sent, since pollers come again
/// with it (GLC-22, GLC-30).
///
/// # Errors
/// 20107 and 20110 for the filters (GLC-7, GLC-9), 20110 for a negative page size or too many keys (GLC-10), 20022 for a
/// window that is too wide (GLC-15), 20111 for an unknown list (GLC-25), 20122 for an offset that cannot be read
/// (GLC-29).
pub fn lead_changes(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    input: &ChangeSelection,
) -> Result<ActivityPage, CallError> {
    let size = page_size(input.batch_size, MAX_PAGE)?;
    // ACT-80: of leads that are gone only who asks for it hears.
    let types = input.types.filter(&[DELETE_LEAD])?;
    let last = known(txn, input.start.last()?)?;
    // GLC-4, GLC-20: of two lower bounds the later one counts. GLC-19: they hold beside an offset too.
    let mut filter = ActivityFilter {
        types,
        from: input.start.oldest.max(input.start.activity),
        // GLC-21.
        to: input.start.latest,
    };
    let scope = scope(txn, schema, input, &mut filter)?;
    let activities = txn.activities_after(&scope, &filter, last, size)?;
    let remaining = match activities.last() {
        Some(end) if activities.len() == size => {
            txn.count_activities_after(&scope, &filter, Some(end.id), MAX_COUNT)?
        }
        _ => 0,
    };
    // GLC-12; what else bounds the stream goes with the position, so that it can be sent back alone (STR-3).
    let position = StartPosition {
        latest: input.start.latest,
        oldest: input.start.oldest,
        activity: input.start.activity,
        offset: match activities.last() {
            Some(end) => Some(offset(end.id)),
            None => input.start.offset.clone().filter(|_| last.is_some()),
        },
    };
    Ok(ActivityPage {
        activities: activities.into_iter().map(view).collect(),
        remaining,
        position,
    })
}

/// An offset above every number that was ever given comes from another server, most likely from the original. It says
/// nothing here: the bounds of time decide where the stream begins.
fn known(
    txn: &mut dyn ReadTxn,
    offset: Option<ActivityId>,
) -> Result<Option<ActivityId>, CallError> {
    let Some(id) = offset else {
        return Ok(None);
    };
    let last = txn.last_activity_id()?;
    Ok(Some(id).filter(|id| Some(*id) <= last))
}

/// Whose activities are wanted; a window is one of activities (GLC-11, GLC-25).
fn scope(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    input: &ChangeSelection,
    filter: &mut ActivityFilter,
) -> Result<LeadScope, CallError> {
    Ok(match &input.selector {
        None => LeadScope::All,
        Some(Selector::Keys(_, values)) if values.len() > MAX_KEYS => {
            return Err(CallError::BadParameter {
                parameter: "keyValues",
                reason: format!("at most {MAX_KEYS} keys are allowed, {} came", values.len()),
            });
        }
        Some(Selector::Keys(key_type, values)) => {
            LeadScope::Leads(leads_of_keys(txn, schema, *key_type, values)?)
        }
        Some(Selector::StaticList(name, id)) => {
            match list_of_selector(txn, name.as_deref(), *id)? {
                Some(list) => LeadScope::List(list.id),
                None => {
                    let name = name.as_deref().unwrap_or_default();
                    return Err(CallError::ListNotFound(name.trim().to_owned()));
                }
            }
        }
        Some(Selector::Updated(from, to)) => {
            if let Some(to) = to {
                check_width(schema, *from, *to)?;
            }
            filter.from = filter.from.max(Some(*from));
            filter.to = [filter.to, *to].into_iter().flatten().min();
            LeadScope::All
        }
    })
}
