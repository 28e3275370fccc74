//! Which list a caller means.

use crate::error::CallError;
use crate::ids::ListId;
use crate::programs::{full_name, is_inside, program_by_name, program_names};
use crate::schema::same_name;
use crate::store::{Program, ReadTxn, StaticList, StoreError};

/// A list, and what it is called in answers and histories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundList {
    /// Its number.
    pub(crate) id: ListId,
    /// Its name, as `Program.List` inside a program (DM-LST-1, GML-17).
    pub(crate) full_name: String,
    /// Its name alone.
    name: String,
}

/// What lists are called in answers and histories, in their order (DM-LST-1, GML-17).
///
/// # Errors
/// Those of the store.
pub fn list_names<T: ReadTxn + ?Sized>(
    txn: &mut T,
    lists: &[StaticList],
) -> Result<Vec<String>, StoreError> {
    let programs = program_names(txn, lists.iter().filter_map(|list| list.program))?;
    let name = |list: &StaticList| full_name(&programs, list.program, &list.name);
    Ok(lists.iter().map(name).collect())
}

/// All lists with their full names.
fn all<T: ReadTxn + ?Sized>(txn: &mut T) -> Result<Vec<(StaticList, FoundList)>, CallError> {
    let lists = txn.static_lists()?;
    let names = list_names(txn, &lists)?;
    let found = lists.into_iter().zip(names).map(|(list, full_name)| {
        let found = FoundList {
            id: list.id,
            full_name,
            name: list.name.clone(),
        };
        (list, found)
    });
    Ok(found.collect())
}

/// What histories call a list (GML-17).
pub(crate) fn full_list_name<T: ReadTxn + ?Sized>(
    txn: &mut T,
    id: ListId,
) -> Result<Option<String>, CallError> {
    let found = all(txn)?.into_iter().find(|(list, _)| list.id == id);
    Ok(found.map(|(_, found)| found.full_name))
}

/// The list that a name means: one outside of programs, else the `Program.List` of that name, else the only one inside a
/// program that is called so (LO-19, LO-26, GML-34).
pub(crate) fn list_by_name(
    txn: &mut dyn ReadTxn,
    name: &str,
) -> Result<Option<FoundList>, CallError> {
    let name = name.trim();
    let mut inside = Vec::new();
    let mut full = None;
    for (list, found) in all(txn)? {
        if list.program.is_none() && same_name(&found.name, name) {
            return Ok(Some(found));
        }
        if same_name(&found.full_name, name) {
            full = Some(found);
        } else if same_name(&found.name, name) {
            inside.push(found);
        }
    }
    Ok(match (full, inside.len()) {
        (Some(full), _) => Some(full),
        (None, 1) => inside.pop(),
        _ => None,
    })
}

/// The program with a name, and the list inside of it that another name means, alone or as `Program.List` (ITL-2, ITL-13).
///
/// # Errors
/// 20109 without one of the names, 20110 for an unknown program (ITL-12), 20111 if it has no such list (ITL-11).
pub(crate) fn list_of_program<T: ReadTxn + ?Sized>(
    txn: &mut T,
    program: &str,
    name: &str,
) -> Result<(Program, FoundList), CallError> {
    let name = name.trim();
    // What is missing is told before what is unknown.
    if name.is_empty() && !program.trim().is_empty() {
        return Err(CallError::ParameterRequired("listName"));
    }
    let program = program_by_name(txn, program)?;
    let mut lists = txn.static_lists()?.into_iter();
    let list = lists
        .find(|list| list.program == Some(program.id) && is_inside(&program, &list.name, name))
        .ok_or_else(|| CallError::ListNotFound(name.to_owned()))?;
    let found = FoundList {
        id: list.id,
        full_name: format!("{}.{}", program.name, list.name),
        name: list.name,
    };
    Ok((program, found))
}

/// The list of a StaticListSelector; `None` for a name that nobody has. With both, the id counts and the name must fit
/// (GML-33, DM-LST-5).
///
/// # Errors
/// 20109 without id and name, 20111 for an unknown id, 20110 for a name of another list.
pub(crate) fn list_of_selector(
    txn: &mut dyn ReadTxn,
    name: Option<&str>,
    id: Option<i64>,
) -> Result<Option<FoundList>, CallError> {
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let Some(id) = id else {
        let name = name.ok_or(CallError::ParameterRequired("staticListName"))?;
        return list_by_name(txn, name);
    };
    let found = all(txn)?.into_iter().find(|(list, _)| list.id.0 == id);
    let Some((_, found)) = found else {
        return Err(CallError::ListNotFound(id.to_string()));
    };
    match name {
        Some(name) if !same_name(&found.name, name) && !same_name(&found.full_name, name) => {
            Err(CallError::BadParameter {
                parameter: "staticListName",
                reason: format!("the list with the id {id} is called {}", found.full_name),
            })
        }
        _ => Ok(Some(found)),
    }
}
