//! getLeadActivity.

use super::position::{StartPosition, offset, whole_second};
use super::types::TypeWords;
use super::view::{ActivityPage, view};
use crate::error::CallError;
use crate::leads::{LeadKeyType, one_lead, page_size};
use crate::schema::Schema;
use crate::store::{ActivityFilter, ReadTxn};
use jiff::{SignedDuration, Timestamp};

/// Activities of a page at the most (GLA-8).
const MAX_PAGE: usize = 100;
/// How far is counted what remains; above it the number only says that there is more (GLA-9, GLA-21).
const MAX_COUNT: usize = 1_000;

/// A call of getLeadActivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistorySelection {
    /// The type of the lead's key.
    pub key_type: LeadKeyType,
    /// The lead's key.
    pub key: String,
    /// Which types.
    pub types: TypeWords,
    /// Where to begin.
    pub start: StartPosition,
    /// The size of a page.
    pub batch_size: Option<i64>,
}

/// The history of one lead (GLA-1), latest first (GLA-3, GLA-22, ACT-10), page by page (GLA-12). Of several leads with
/// the key the one is meant that COM-2 names (GLA-19).
///
/// # Errors
/// 20102 and 20103 for the key (GLA-18), 20107 and 20110 for the filter (GLA-6, GLA-7), 20110 for a negative page size
/// (GLA-27), 20122 for a position that cannot be read (GLA-25).
pub fn lead_activity(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    now: Timestamp,
    input: &HistorySelection,
) -> Result<ActivityPage, CallError> {
    let size = page_size(input.batch_size, MAX_PAGE)?;
    let types = input.types.filter(&[])?;
    let last = input.start.last()?;
    let lead = one_lead(txn, schema, input.key_type, &input.key)?;
    // GLA-23: pages that carry the time of the first one do not see what came since. GLA-13: without it this is one.
    let latest = whole_second(input.start.latest.unwrap_or(now));
    // GLA-15, GLA-24: all bounds belong to what they bound.
    let until = input.start.activity.map_or(latest, |at| at.min(latest));
    let second = SignedDuration::from_secs(1);
    let filter = ActivityFilter {
        types,
        from: input.start.oldest,
        to: Some(until.checked_add(second).unwrap_or(Timestamp::MAX)),
    };
    let before = match last {
        None => None,
        Some(id) => match txn.activity_time(id)? {
            Some(at) => Some((at, id)),
            // GLA-26: nothing is older than the first activity of all.
            None => return Ok(past_the_end(input)),
        },
    };
    let activities = txn.activities_of_lead(lead, &filter, before, size)?;
    let Some(end) = activities.last() else {
        return Ok(past_the_end(input));
    };
    let remaining = match activities.len() < size {
        true => 0,
        false => {
            let end = Some((end.what.at, end.id));
            txn.count_activities_of_lead(lead, &filter, end, MAX_COUNT)?
        }
    };
    Ok(ActivityPage {
        remaining,
        // GLA-14.
        position: StartPosition {
            latest: Some(latest),
            oldest: input.start.oldest,
            activity: None,
            offset: Some(offset(end.id)),
        },
        activities: activities.into_iter().map(view).collect(),
    })
}

/// GLA-20, GLA-26: an empty page, and the offset that was sent.
fn past_the_end(input: &HistorySelection) -> ActivityPage {
    ActivityPage {
        activities: Vec::new(),
        remaining: 0,
        position: StartPosition {
            offset: input.start.offset.clone(),
            ..StartPosition::default()
        },
    }
}
