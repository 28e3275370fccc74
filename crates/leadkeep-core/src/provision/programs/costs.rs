//! Costs of a program (DM-CST-1, DM-CST-2).

use crate::ids::{CostId, ProgramId};
use crate::provision::error::{At, shown};
use crate::provision::plan::Plan;
use crate::provision::reader::Table;
use crate::store::{Cost, Program, Sequence, StoreError};
use crate::value::{self, DataType};
use serde_json::json;
use std::collections::HashMap;

/// One of the `costs`.
#[derive(Debug, Clone)]
pub(super) struct CostTable {
    id: Option<At<i64>>,
    month: At<String>,
    amount: At<String>,
    note: Option<At<String>>,
}

/// The ids of the file, with their lines: one sequence over all programs.
pub(super) type Seen = HashMap<i64, usize>;

const MONTH: &str = "a month, like \"2013-05\"";
const NOTE: &str = "a text of 1 to 255 characters";
const AMOUNT: &str = "a number not below 0, with at most 18 digits before and 4 after the point";

pub(super) fn read(program: &Table<'_>) -> Vec<CostTable> {
    let tables = program.tables("costs").map_or_else(Vec::new, |at| at.value);
    tables
        .into_iter()
        .filter_map(|table| {
            let id = table.id("id");
            let month = table.scalar("month", MONTH);
            let month = table.required("month", MONTH, month);
            let amount = table.scalar("amount", AMOUNT);
            let amount = table.required("amount", AMOUNT, amount);
            let note = table.text("note");
            let month = month.and_then(|at| checked(&table, at, MONTH, first_of_month));
            let amount = amount.and_then(|at| checked(&table, at, AMOUNT, canonical));
            let note = note.and_then(|at| checked(&table, at, NOTE, remark));
            table.finish();
            Some(CostTable {
                id,
                month: month?,
                amount: amount?,
                note,
            })
        })
        .collect()
}

fn checked(
    table: &Table<'_>,
    at: At<String>,
    what: &str,
    read: fn(&str) -> Option<String>,
) -> Option<At<String>> {
    match read(&at.value) {
        Some(value) => Some(At {
            value,
            place: at.place,
        }),
        None => {
            table.wrong(&at.place, what, shown(&at.value));
            None
        }
    }
}

/// SMO-59: `YYYY-MM`, or a date whose day is dropped; kept as the first day.
fn first_of_month(text: &str) -> Option<String> {
    let date = if text.len() == 7 {
        format!("{text}-01")
    } else {
        text.to_owned()
    };
    let date = mktows_datetime::DateTime::parse_or_date(&date).ok()?;
    Some(date.civil.date().first_of_month().to_string())
}

fn canonical(text: &str) -> Option<String> {
    let amount = value::canonical_amount(text)?;
    let zero_or_more = value::compare(DataType::Currency, &amount, "0").is_ge();
    zero_or_more.then_some(amount)
}

/// What calls can set too (SMO-57): it may have lines.
fn remark(text: &str) -> Option<String> {
    (1..=255)
        .contains(&text.chars().count())
        .then(|| text.to_owned())
}

/// Keeps the ids of the file from being given to other costs.
pub(super) fn reserve(plan: &mut Plan<'_>, costs: &[CostTable]) -> Result<(), StoreError> {
    for id in costs.iter().filter_map(|cost| cost.id.as_ref()) {
        plan.reserve(Sequence::Cost, id.value)?;
    }
    Ok(())
}

/// PRV-4: a cost with an id is set when that id is new, one without when the program is new.
pub(super) fn apply(
    plan: &mut Plan<'_>,
    what: &str,
    program: &mut Program,
    old: Option<&Program>,
    costs: &[CostTable],
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let ids: Vec<CostId> = costs
        .iter()
        .filter_map(|cost| cost.id.as_ref().map(|id| CostId(id.value)))
        .collect();
    let owners = if ids.is_empty() {
        Vec::new()
    } else {
        plan.txn.cost_owners(&ids)?
    };
    let owners: HashMap<CostId, ProgramId> = ids
        .into_iter()
        .zip(owners)
        .filter_map(|(id, owner)| Some((id, owner?)))
        .collect();
    for wanted in costs {
        let Some(given) = &wanted.id else {
            if old.is_none() {
                let id = CostId(plan.next_id(Sequence::Cost)?);
                program.costs.push(cost(id, wanted));
            }
            continue;
        };
        if let Some(line) = seen.insert(given.value, given.place.line) {
            let expected = format!("each cost id once (the first is in line {line})");
            plan.errors
                .push(&given.place, expected, given.value.to_string());
            continue;
        }
        let id = CostId(given.value);
        match owners.get(&id) {
            Some(owner) if *owner != program.id => {
                let reason = format!("cost {id} belongs to program {owner}");
                plan.errors
                    .push(&given.place, "the id of a cost of this program", reason);
            }
            Some(_) => change(plan, what, program, cost(id, wanted)),
            None => {
                let cost = cost(id, wanted);
                // A new program takes its costs along.
                if old.is_some() {
                    plan.report.added(&format!("{what} cost {id}"));
                    plan.writes.costs.push((program.id, cost.clone()));
                }
                program.costs.push(cost);
            }
        }
    }
    program.costs.sort_by_key(|cost| cost.id);
    Ok(())
}

fn change(plan: &mut Plan<'_>, what: &str, program: &mut Program, new: Cost) {
    let Some(stored) = program.costs.iter_mut().find(|cost| cost.id == new.id) else {
        return;
    };
    if *stored == new {
        return;
    }
    let what = format!("{what} cost {}", new.id);
    let view = |cost: &Cost| json!({"month": cost.month, "amount": cost.amount, "note": cost.note});
    if plan.options.overwrite {
        plan.report.compare(&what, &view(stored), &view(&new));
        *stored = new.clone();
        plan.writes.costs.push((program.id, new));
    } else {
        let (stored, new) = (view(stored).to_string(), view(&new).to_string());
        plan.report.left(&what, &stored, &new);
    }
}

fn cost(id: CostId, wanted: &CostTable) -> Cost {
    Cost {
        id,
        month: wanted.month.value.clone(),
        amount: wanted.amount.value.clone(),
        note: wanted.note.as_ref().map(|at| at.value.clone()),
    }
}
