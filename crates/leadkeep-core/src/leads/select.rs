//! getMultipleLeads.

use super::key::LeadKeyType;
use super::position::{ListPosition, Position, WindowPosition, counts_as_none};
use super::read::{leads_of_keys, views};
use super::record::{Include, LeadView};
use crate::error::CallError;
use crate::ids::{LeadId, ListId};
use crate::lists::list_of_selector;
use crate::schema::Schema;
use crate::store::{Lead, ReadTxn, Result as StoreResult};
use jiff::Timestamp;

/// The size of a page where none is given, and the largest one (GML-4, GML-11, GML-19).
const DEFAULT_PAGE: usize = 100;
const MAX_PAGE: usize = 1_000;

/// Which leads are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// By key.
    Keys(LeadKeyType, Vec<String>),
    /// By time of update: since, and until if it has an end (GML-9, GML-21). The edge refuses one without a beginning
    /// (GML-32).
    Updated(Timestamp, Option<Timestamp>),
    /// By static list: name and id.
    StaticList(Option<String>, Option<i64>),
}

/// A call of getMultipleLeads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadSelection {
    /// Which leads; `lastUpdatedAt` is a window without an end (GML-10).
    pub selector: Option<Selector>,
    /// Where the previous page ended.
    pub position: Option<String>,
    /// The size of a page.
    pub batch_size: Option<i64>,
    /// The fields that are wanted; all without.
    pub include: Option<Vec<String>>,
}

/// A page of leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadPage {
    /// The leads, ascending by id (GML-12).
    pub leads: Vec<LeadView>,
    /// Leads after this page (GML-5); of more than 10,000 as of the last count, less what was given since.
    pub remaining: u64,
    /// Where the next page begins; empty for keys (GML-14), never empty for windows and
    /// lists that there are (GML-28).
    pub position: String,
}

/// Leads by key, by static list or by time of update, page by page (GML-1, GML-3, GML-7).
///
/// # Errors
/// 20109 without a selection (GML-23), 20102 for bad keys, 20110 for a negative page size, 20111 for the id of no list
/// (GML-33), 20022 for a window that is too wide (GML-13), 20122 for a position that cannot be read (GML-26), 20105 by the switch `unknown_include`.
pub fn get_multiple_leads(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    now: Timestamp,
    input: &LeadSelection,
) -> Result<LeadPage, CallError> {
    // Known to be wrong only where they are asked for: what is missing is told before what is wrong.
    let size = page_size(input.batch_size, MAX_PAGE);
    let include = Include::named(schema, input.include.as_deref());
    // GML-22, GML-25: a position carries its selection and wins.
    match (continued(input)?, &input.selector) {
        (Some(Position::Window(position)), _) => window(txn, schema, position, size?, &include?),
        (Some(Position::List(position)), _) => members(txn, schema, position, size?, &include?),
        (None, None) => Err(CallError::ParameterRequired("leadSelector")),
        (None, Some(Selector::StaticList(name, id))) => {
            let (size, include) = (size?, include?);
            match list_of_selector(txn, name.as_deref(), *id)? {
                Some(list) => {
                    let start = ListPosition {
                        id: 0,
                        list: list.id.0,
                        given: 0,
                        remaining: 0,
                    };
                    members(txn, schema, start, size, &include)
                }
                // GML-16.
                None => Ok(LeadPage {
                    leads: Vec::new(),
                    remaining: 0,
                    position: String::new(),
                }),
            }
        }
        (None, Some(Selector::Keys(key_type, values))) => {
            // All of them come at once, but a size that is none is wrong all the same.
            size?;
            by_key(txn, schema, *key_type, values, &include?)
        }
        (None, Some(Selector::Updated(from, to))) => {
            let (size, include) = (size?, include?);
            if let Some(to) = to {
                check_width(schema, *from, *to)?;
            }
            // GML-30: an open end is the time of the first call, which the position keeps.
            let to = to.unwrap_or(now).as_second();
            let start = WindowPosition {
                id: 0,
                from: from.as_second(),
                to,
                given: 0,
                remaining: 0,
            };
            window(txn, schema, start, size, &include)
        }
    }
}

/// How many records a page of a stream has, if `max` is the most (GML-19, GLA-8, GLC-18).
///
/// # Errors
/// 20110 for a negative number (GLA-27).
pub(crate) fn page_size(batch_size: Option<i64>, max: usize) -> Result<usize, CallError> {
    match batch_size {
        None | Some(0) => Ok(DEFAULT_PAGE),
        Some(size) if size < 0 => Err(CallError::BadParameter {
            parameter: "batchSize",
            reason: format!("a number from 0 is expected, not {size}"),
        }),
        Some(size) => Ok(usize::try_from(size).unwrap_or(max).min(max)),
    }
}

/// The position that a call continues from, if it does.
fn continued(input: &LeadSelection) -> Result<Option<Position>, CallError> {
    let Some(text) = input
        .position
        .as_deref()
        .filter(|text| !text.trim().is_empty())
    else {
        return Ok(None);
    };
    match Position::read(text) {
        Some(position) => Ok(Some(position)),
        None if counts_as_none(text, input.selector.is_some()) => Ok(None),
        None => Err(CallError::BadStreamPosition),
    }
}

/// GML-13, GLC-15: checked only if both bounds are given.
///
/// # Errors
/// 20022 for more days than the switch `window_days` allows.
pub(crate) fn check_width(
    schema: &Schema,
    from: Timestamp,
    to: Timestamp,
) -> Result<(), CallError> {
    let days = schema.rules.window_days;
    let width = to.as_second() - from.as_second();
    if days > 0 && width > i64::from(days) * 86_400 {
        Err(CallError::TimeRange(days))
    } else {
        Ok(())
    }
}

/// All leads of the keys at once, each once, ascending (GML-2, GML-12, GML-14, GML-36, GML-37).
fn by_key(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    key_type: LeadKeyType,
    values: &[String],
    include: &Include,
) -> Result<LeadPage, CallError> {
    let ids = leads_of_keys(txn, schema, key_type, values)?;
    let mut leads = txn.leads(&ids)?;
    leads.sort_unstable_by_key(|lead| lead.id);
    Ok(LeadPage {
        leads: views(txn, schema, leads, include)?,
        remaining: 0,
        position: String::new(),
    })
}

/// A page of a window, from a position on (GML-8, GML-20, GML-27, GML-28, GML-29, GML-31, GML-38, GML-39, STR-6).
fn window(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    position: WindowPosition,
    size: usize,
    include: &Include,
) -> Result<LeadPage, CallError> {
    let bound = |seconds| Timestamp::from_second(seconds).map_err(|_| CallError::BadStreamPosition);
    let (from, to) = (bound(position.from)?, bound(position.to)?);
    let page = Page::of(
        txn.leads_updated(from, to, Some(LeadId(position.id)), size + 1)?,
        size,
    );
    let last = page.last(position.id);
    let told = (position.given, position.remaining);
    let remaining = page.remaining(told, || txn.count_leads_updated(from, to, Some(last)))?;
    let next = WindowPosition {
        id: last.0,
        given: page.given(position.given),
        remaining,
        ..position
    };
    Ok(LeadPage {
        leads: views(txn, schema, page.leads, include)?,
        remaining,
        position: next.write(),
    })
}

/// A page of the known members of a list as it is now, from a position on (GML-1, GML-6, GML-12, GML-27, GML-28, GML-38,
/// STR-6).
fn members(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    position: ListPosition,
    size: usize,
    include: &Include,
) -> Result<LeadPage, CallError> {
    let list = ListId(position.list);
    let page = Page::of(
        txn.list_members(list, Some(LeadId(position.id)), size + 1)?,
        size,
    );
    let last = page.last(position.id);
    let told = (position.given, position.remaining);
    let remaining = page.remaining(told, || txn.count_list_members(list, Some(last)))?;
    let next = ListPosition {
        id: last.0,
        given: page.given(position.given),
        remaining,
        ..position
    };
    Ok(LeadPage {
        leads: views(txn, schema, page.leads, include)?,
        remaining,
        position: next.write(),
    })
}

/// So many leads that remain, or fewer, are counted for every page.
const COUNTED: u64 = 10_000;

/// The leads of a page of a stream, and whether there are more.
struct Page {
    leads: Vec<Lead>,
    more: bool,
}

impl Page {
    /// A page out of what was read: one lead more than it has tells whether it is the last one.
    fn of(mut leads: Vec<Lead>, size: usize) -> Self {
        let more = leads.len() > size;
        leads.truncate(size);
        Self { leads, more }
    }

    /// The last id that was given; past the end the position stays (GML-27, STR-5).
    fn last(&self, before: i64) -> LeadId {
        self.leads.last().map_or(LeadId(before), |lead| lead.id)
    }

    /// How many the stream has given, if it had given so many before.
    fn given(&self, before: u64) -> u64 {
        before.saturating_add(self.len())
    }

    fn len(&self) -> u64 {
        u64::try_from(self.leads.len()).unwrap_or(u64::MAX)
    }

    /// How many leads come after the page (GML-5), if the position told how many had been given and how many remained.
    ///
    /// Counting looks at all that there is, which at every page of a long stream is far more work than the pages are. So
    /// while more than [`COUNTED`] remain it is done on the first page and whenever the number has halved; in between it is
    /// what the position told less this page, and what moved into the stream or out of it meanwhile is in the next count.
    /// Whether a stream ends does not depend on that number: it is 0 if there are no more leads, and only then (GML-7).
    fn remaining(
        &self,
        (given, remaining): (u64, u64),
        count: impl FnOnce() -> StoreResult<u64>,
    ) -> StoreResult<u64> {
        if !self.more {
            return Ok(0);
        }
        let left = remaining.saturating_sub(self.len());
        if given > 0 && left > COUNTED && left.ilog2() == remaining.ilog2() {
            Ok(left)
        } else {
            count()
        }
    }
}
