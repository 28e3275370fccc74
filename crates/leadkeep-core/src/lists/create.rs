//! Making lists by hand.

use super::find::list_by_name;
use crate::error::CallError;
use crate::ids::ListId;
use crate::provision::is_name;
use crate::schema::same_name;
use crate::store::{Sequence, StaticList, WriteTxn};

/// The list of a name, as `Program.List` inside of a program; one that nobody has is made, outside of programs.
///
/// # Errors
/// 20110 for a name that cannot be one.
pub fn find_or_create_list(txn: &mut dyn WriteTxn, name: &str) -> Result<ListId, CallError> {
    match list_by_name(txn, name)? {
        Some(list) => Ok(list.id),
        None => create_list(txn, name),
    }
}

/// Makes a list outside of programs.
///
/// # Errors
/// 20110 for a name that cannot be one, or that a list outside of programs has (DM-LST-2).
pub fn create_list(txn: &mut dyn WriteTxn, name: &str) -> Result<ListId, CallError> {
    let name = name.trim();
    let bad = |reason: &str| CallError::BadParameter {
        parameter: "listName",
        reason: reason.to_owned(),
    };
    if !is_name(name) {
        return Err(bad(
            "expected a name of 1 to 255 characters, without control characters",
        ));
    }
    let lists = txn.static_lists()?;
    let mut outside = lists.iter().filter(|list| list.program.is_none());
    if outside.any(|list| same_name(&list.name, name)) {
        return Err(bad("there is a list of this name already"));
    }
    let ids = txn.allocate(Sequence::List, 1)?;
    let id = ListId(ids.first().copied().unwrap_or_default());
    txn.put_static_lists(&[StaticList {
        id,
        name: name.to_owned(),
        program: None,
    }])?;
    Ok(id)
}
