//! importToList.

use super::plan::{Column, Plan, columns, key_field};
use super::rows::ImportRows;
use crate::error::CallError;
use crate::ids::{ImportId, ListId};
use crate::lists::{full_list_name, list_of_program};
use crate::schema::Schema;
use crate::store::{Import, ImportState, Sequence, WriteTxn};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is done with the leads of the rows (ITL-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportMode {
    /// They are created or updated, then they join.
    Upsert,
    /// They join if they exist.
    ListOnly,
}

/// A call of importToList.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportToList {
    /// The program that has the list.
    pub program: String,
    /// The list, by its name or as `Program.List` (ITL-13).
    pub list: String,
    /// The names of the columns, comma-separated.
    pub header: String,
    /// The rows.
    pub rows: ImportRows,
    /// What is done with their leads.
    pub mode: ImportMode,
    /// Whether members who are not in the rows leave (ITL-8).
    pub clear: bool,
    /// The campaign of the program that uses the tokens of the rows (ITL-5).
    pub campaign: Option<String>,
}

/// An import that somebody brings on the admin pages or the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportByHand {
    /// The list, which may be outside of programs.
    pub list: ListId,
    /// The names of the columns, comma-separated.
    pub header: String,
    /// The rows.
    pub rows: ImportRows,
    /// What is done with their leads.
    pub mode: ImportMode,
    /// Whether members who are not in the rows leave.
    pub clear: bool,
    /// The field by which leads are found, by display name or SOAP name; without it they are found by number and address.
    pub key: Option<String>,
    /// Columns that somebody has named, and must mean something.
    pub named: Vec<String>,
}

/// Takes an import into a list of any kind, by the rules of importToList.
///
/// # Errors
/// 20111 for an unknown list, 20109 without header or rows, and for token columns, which only a campaign of importToList can
/// use (ITL-21), 20110 for a header without a key (ITL-16) and a key or a named column that no field has.
pub fn import_by_hand(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &ImportByHand,
) -> Result<ImportId, CallError> {
    let name = full_list_name(txn, input.list)?;
    let key = match &input.key {
        Some(name) => key_field(schema, name)?,
        None => None,
    };
    let columns = columns(schema, &input.header, key.as_deref())?;
    let means_nothing = |title: &&String| {
        let ignored = Column::Ignored(title.trim().to_owned());
        columns.contains(&ignored)
    };
    if let Some(title) = input.named.iter().find(means_nothing) {
        return Err(CallError::BadParameter {
            parameter: "map",
            reason: format!("{} is no field that this import can use", title.trim()),
        });
    }
    let plan = Plan {
        mode: input.mode,
        clear: input.clear,
        list: name.ok_or_else(|| CallError::ListNotFound(input.list.to_string()))?,
        campaign: None,
        columns,
        header: input.header.clone(),
        key,
    };
    take(txn, now, input.list, &plan, &input.rows)
}

/// Takes an import and keeps its rows; they are worked on later (ITL-9, ITL-23).
///
/// # Errors
/// 20109 without names, header or rows (ITL-24) and for token columns without a campaign (ITL-21); 20110 for an unknown
/// program (ITL-12) and a header without a key (ITL-16); 20111 for an unknown list, 20113 for an unknown campaign (ITL-11).
pub fn import_to_list(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &ImportToList,
) -> Result<ImportId, CallError> {
    // What the call itself lacks is told before what is unknown here.
    if input.program.trim().is_empty() {
        return Err(CallError::ParameterRequired("programName"));
    }
    let columns = columns(schema, &input.header, None)?;
    must_have_rows(&input.rows)?;
    let (program, list) = list_of_program(txn, &input.program, &input.list)?;
    let campaign = match input.campaign.as_deref().map(str::trim) {
        Some(name) if !name.is_empty() => {
            let found = schema.campaign_of_program(&program, name);
            let found = found.ok_or_else(|| CallError::CampaignNotFound(name.to_owned()))?;
            Some(found.id)
        }
        _ => None,
    };
    let plan = Plan {
        mode: input.mode,
        clear: input.clear,
        list: list.full_name,
        campaign,
        columns,
        header: input.header.clone(),
        key: None,
    };
    take(txn, now, list.id, &plan, &input.rows)
}

/// ITL-24.
fn must_have_rows(rows: &ImportRows) -> Result<(), CallError> {
    match rows.are_blank() {
        true => Err(CallError::ParameterRequired("importFileRows")),
        false => Ok(()),
    }
}

fn take(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    list: ListId,
    plan: &Plan,
    rows: &ImportRows,
) -> Result<ImportId, CallError> {
    must_have_rows(rows)?;
    if plan.has_tokens() && plan.campaign.is_none() {
        return Err(CallError::ParameterRequired("campaignName"));
    }
    let rows = rows.texts();
    let ids = txn.allocate(Sequence::Import, 1)?;
    let id = ImportId(ids.first().copied().unwrap_or_default());
    let import = Import {
        id,
        list,
        plan: plan.to_text()?,
        state: ImportState::Processing,
        accepted_at: now,
        started_at: None,
        ended_at: None,
        rows: rows.len() as u64,
        imported: 0,
        failed: 0,
        ignored: 0,
        summary: None,
    };
    txn.insert_import(&import, rows)?;
    Ok(id)
}
