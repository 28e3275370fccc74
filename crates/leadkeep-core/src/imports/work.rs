//! Doing an import, piece by piece.

use super::accept::ImportMode;
use super::keys::find_leads;
use super::plan::{Plan, RowInput};
use super::rows::{cells, is_blank};
use crate::activities::{IMPORT_SOURCE, Origin, list_membership};
use crate::error::{CallError, RecordError};
use crate::ids::{ImportId, LeadId};
use crate::leads::{LeadInput, apply_records};
use crate::schema::Schema;
use crate::store::{self, Import, ImportFailure, ImportState, NewActivity, RowTokens, WriteTxn};
use jiff::Timestamp;
use std::collections::HashSet;

/// Rows of one transaction: other calls wait no longer than these take.
const PIECE: usize = 500;

/// Does the next piece of an import in this transaction, which takes its rows away with it: whatever happens, no row is
/// done twice (ITL-23). Of several imports into different lists each gets its turn: the one after `last` is next. Gives
/// the import that was worked on, `None` if there is nothing to do.
///
/// # Errors
/// Those of the store.
pub fn work(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    last: Option<ImportId>,
) -> Result<Option<ImportId>, CallError> {
    let open = txn.open_imports()?;
    let Some(mut import) = next(&open, last).cloned() else {
        return Ok(None);
    };
    let plan = Plan::from_text(&import.plan)?;
    if import.started_at.is_none() {
        import.started_at = Some(now);
        if plan.clear {
            txn.mark_list_leaving(import.list)?;
        }
    }
    let rows = txn.import_rows(import.id, PIECE)?;
    let came = rows.len();
    let done = match came {
        0 => 0,
        _ => apply(txn, schema, now, &mut import, &plan, rows)?,
    };
    let was_last = came < PIECE && done == came;
    if was_last && (!plan.clear || remove_leaving(txn, now, &import, &plan)?) {
        complete(&mut import, &plan, now);
    }
    txn.update_import(&import)?;
    Ok(Some(import.id))
}

/// The import whose turn it is, of those that are open.
pub fn next(open: &[Import], last: Option<ImportId>) -> Option<&Import> {
    let after = open.iter().find(|import| Some(import.id) > last);
    after.or_else(|| open.first())
}

/// Makes failed ones of the next rows of an import that cannot be done, so that somebody can mend them. Gives whether there were any.
///
/// # Errors
/// Those of the store.
pub fn fail_rows(txn: &mut dyn WriteTxn, id: ImportId, reason: &str) -> Result<bool, CallError> {
    let rows = txn.import_rows(id, PIECE)?;
    let open = txn
        .open_imports()?
        .into_iter()
        .find(|import| import.id == id);
    let (Some(&(up_to, _)), Some(mut import)) = (rows.last(), open) else {
        return Ok(false);
    };
    let failed = rows.into_iter().map(|(row, text)| ImportFailure {
        row,
        text,
        reason: reason.to_owned(),
    });
    let failures: Vec<_> = failed.collect();
    import.failed += u64::try_from(failures.len()).unwrap_or_default();
    txn.finish_import_rows(id, up_to, &failures)?;
    txn.update_import(&import)?;
    Ok(true)
}

/// Ends an import that cannot be done (ITS-6). What it did stays; members that were to leave stay too; the rows that are left are gone
/// (see [`fail_rows`]).
///
/// # Errors
/// Those of the store.
pub fn give_up(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    id: ImportId,
    reason: &str,
) -> Result<(), CallError> {
    let open = txn.open_imports()?;
    if let Some(mut import) = open.into_iter().find(|import| import.id == id) {
        end(txn, now, &mut import, ImportState::Failed, reason)?;
    }
    Ok(())
}

/// Ends an import before its time.
pub(super) fn end(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    import: &mut Import,
    state: ImportState,
    reason: &str,
) -> store::Result<()> {
    // Whoever is marked as leaving by it stays.
    while import.started_at.is_some() {
        let leaving = txn.leaving_members(import.list, PIECE)?;
        let members: Vec<_> = leaving.iter().map(|lead| (import.list, *lead)).collect();
        txn.add_list_members(&members, now)?;
        if leaving.len() < PIECE {
            break;
        }
    }
    import.state = state;
    import.started_at.get_or_insert(now);
    import.ended_at = Some(now);
    import.summary = Some(reason.to_owned());
    txn.update_import(import)?;
    txn.finish_import_rows(import.id, import.rows, &[])?;
    Ok(())
}

/// What became of a row.
enum Outcome {
    /// Its lead joins, if it is none of the members.
    Lead(LeadId),
    Ignored,
    Failed(String),
}

/// Does rows, as many as can be done at once, and gives how many those were.
fn apply(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    import: &mut Import,
    plan: &Plan,
    mut rows: Vec<(u64, String)>,
) -> Result<usize, CallError> {
    let origin = Origin::Import {
        list: plan.list.clone(),
    };
    let mut read: Vec<Option<Result<RowInput, String>>> = rows
        .iter()
        .map(|(_, text)| {
            let cells = cells(text);
            (!is_blank(&cells)).then(|| plan.row(cells))
        })
        .collect();
    if let Some(key) = &plan.key {
        let at_once = find_leads(txn, schema, key, plan.mode, &mut read)?;
        rows.truncate(at_once);
        read.truncate(at_once);
    }
    let mut tokens = Vec::new();
    let mut inputs: Vec<LeadInput> = Vec::with_capacity(rows.len());
    let read: Vec<Option<Result<usize, String>>> = read
        .into_iter()
        .map(|row| {
            Some(row?.map(|row| {
                inputs.push(row.lead);
                tokens.push(row.tokens);
                inputs.len() - 1
            }))
        })
        .collect();
    let upsert = plan.mode == ImportMode::Upsert;
    let leads = apply_records(txn, schema, now, &origin, &inputs, upsert)?;
    let outcomes: Vec<Outcome> = read
        .into_iter()
        .map(|row| match row {
            None => Outcome::Ignored,
            Some(Err(reason)) => Outcome::Failed(reason),
            Some(Ok(place)) => match &leads[place] {
                Ok(Some(lead)) => Outcome::Lead(*lead),
                Ok(None) => Outcome::Ignored,
                Err(error) => Outcome::Failed(reason(error)),
            },
        })
        .collect();
    let joined = join(txn, now, import, plan, &outcomes)?;
    if let Some(campaign) = plan.campaign.filter(|_| plan.has_tokens()) {
        // ITL-6: for the next run; of a lead with several rows the last one counts.
        let own = leads.iter().zip(tokens).filter_map(|(lead, tokens)| {
            let lead = *lead.as_ref().ok()?.as_ref()?;
            Some(RowTokens {
                campaign,
                lead,
                tokens,
            })
        });
        let own: Vec<RowTokens> = own.filter(|row| !row.tokens.is_empty()).collect();
        txn.put_row_tokens(&own)?;
    }
    let mut failures = Vec::new();
    let mut seen = HashSet::new();
    for ((row, text), outcome) in rows.iter().zip(outcomes) {
        match outcome {
            Outcome::Failed(reason) => {
                import.failed += 1;
                failures.push(ImportFailure {
                    row: *row,
                    text: text.clone(),
                    reason,
                });
            }
            // ITS-5: whoever is a member already is none of those that a list only is given.
            Outcome::Lead(lead) if upsert || (joined.contains(&lead) && seen.insert(lead)) => {
                import.imported += 1;
            }
            Outcome::Lead(_) | Outcome::Ignored => import.ignored += 1,
        }
    }
    let up_to = rows.last().map_or(0, |(row, _)| *row);
    txn.finish_import_rows(import.id, up_to, &failures)?;
    Ok(rows.len())
}

/// Puts the leads on the list, and gives those that were not on it, or were about to leave it.
fn join(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    import: &Import,
    plan: &Plan,
    outcomes: &[Outcome],
) -> Result<HashSet<LeadId>, CallError> {
    let mut leads: Vec<LeadId> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Lead(lead) => Some(*lead),
            Outcome::Ignored | Outcome::Failed(_) => None,
        })
        .collect();
    leads.sort_unstable();
    leads.dedup();
    let members: Vec<_> = leads.iter().map(|lead| (import.list, *lead)).collect();
    let are_members = txn.are_list_members(&members)?;
    let leaving: HashSet<LeadId> = match plan.clear {
        true => txn.are_leaving(import.list, &leads)?.into_iter().collect(),
        false => HashSet::new(),
    };
    let new: Vec<LeadId> = leads
        .iter()
        .zip(are_members)
        .filter_map(|(lead, is_member)| (!is_member).then_some(*lead))
        .collect();
    txn.add_list_members(&members, now)?;
    // ACT-30: a member that stays through a clear gets no line.
    tell(txn, now, import, plan, &new, true)?;
    Ok(new.into_iter().chain(leaving).collect())
}

/// Takes off the list who was on it and is in no row. Tells whether that were all.
fn remove_leaving(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    import: &Import,
    plan: &Plan,
) -> Result<bool, CallError> {
    let leaving = txn.leaving_members(import.list, PIECE)?;
    let members: Vec<_> = leaving.iter().map(|lead| (import.list, *lead)).collect();
    txn.remove_list_members(&members)?;
    tell(txn, now, import, plan, &leaving, false)?;
    Ok(leaving.len() < PIECE)
}

/// Who joined, or left, has it in its history (ITL-25, ACT-14).
fn tell(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    import: &Import,
    plan: &Plan,
    leads: &[LeadId],
    joined: bool,
) -> Result<(), CallError> {
    if leads.is_empty() {
        return Ok(());
    }
    let told =
        |lead: &LeadId| list_membership(*lead, now, joined, import.list, &plan.list, IMPORT_SOURCE);
    let history: Vec<NewActivity> = leads.iter().map(told).collect();
    txn.append_activities(&history)?;
    txn.touch_leads(leads, now)?;
    Ok(())
}

fn complete(import: &mut Import, plan: &Plan, now: Timestamp) {
    let Import {
        imported,
        failed,
        ignored,
        ..
    } = import;
    let leads = if *imported == 1 { "lead" } else { "leads" };
    let mut summary = format!("{imported} {leads} imported, {failed} failed, {ignored} ignored");
    // ITL-16.
    let unknown = plan.ignored();
    if !unknown.is_empty() {
        summary.push_str(&format!("; unknown columns: {}", unknown.join(", ")));
    }
    import.state = ImportState::Complete;
    import.ended_at = Some(now);
    import.summary = Some(summary);
}

/// Why a row failed, for whoever mends it.
fn reason(error: &RecordError) -> String {
    match error {
        RecordError::LeadSyncFailed(reason) => reason.clone(),
        RecordError::LeadNotFound(_) => "Id: there is no such lead".to_owned(),
        other => other.to_string(),
    }
}
