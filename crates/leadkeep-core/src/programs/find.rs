//! Which program a caller means.

use crate::error::CallError;
use crate::ids::ProgramId;
use crate::schema::{Campaign, Schema, same_name};
use crate::store::{Program, ReadTxn, Result};
use std::collections::HashMap;

/// The program with a name (ITL-12, SC-12, DM-PRG-6).
///
/// # Errors
/// 20109 without a name, 20110 if no program is called so.
pub(crate) fn program_by_name<T: ReadTxn + ?Sized>(
    txn: &mut T,
    name: &str,
) -> std::result::Result<Program, CallError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(CallError::ParameterRequired("programName"));
    }
    let ids = txn.program_ids_by_name(&[name.to_owned()])?;
    let program = match ids.first() {
        Some(Some(id)) => txn.programs(&[*id])?.pop(),
        _ => None,
    };
    program.ok_or_else(|| CallError::ProgramNotFound(name.to_owned()))
}

/// What programs are called, for the names of what is inside of them.
pub(crate) fn program_names<T: ReadTxn + ?Sized>(
    txn: &mut T,
    ids: impl Iterator<Item = ProgramId>,
) -> Result<HashMap<ProgramId, String>> {
    let mut ids: Vec<ProgramId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let programs = txn.programs(&ids)?.into_iter();
    Ok(programs.map(|program| (program.id, program.name)).collect())
}

/// What histories call something that may be inside of a program: `Program.Name`, or its name alone (DM-CMP-1, DM-LST-1).
pub(crate) fn full_name(
    programs: &HashMap<ProgramId, String>,
    program: Option<ProgramId>,
    name: &str,
) -> String {
    match program.and_then(|program| programs.get(&program)) {
        Some(program) => format!("{program}.{name}"),
        None => name.to_owned(),
    }
}

/// A name as it may stand for something inside of a program: alone, or as `Program.Name` (ITL-13, RC-13).
pub(crate) fn is_inside(program: &Program, own: &str, name: &str) -> bool {
    same_name(own, name) || same_name(&format!("{}.{own}", program.name), name)
}

impl Schema {
    /// The campaign of a program that a name means; of several the first (DM-CMP-1). One that would run is preferred.
    pub(crate) fn campaign_of_program(&self, program: &Program, name: &str) -> Option<&Campaign> {
        let own = || {
            self.campaigns.iter().filter(|campaign| {
                campaign.program == Some(program.id) && is_inside(program, &campaign.name, name)
            })
        };
        own()
            .find(|campaign| campaign.active)
            .or_else(|| own().next())
    }
}
