//! Static lists: how they are found, and who is on them (listOperation).

mod create;
mod find;
mod operation;
#[cfg(test)]
mod tests;

pub use create::{create_list, find_or_create_list};
pub use find::list_names;
pub(crate) use find::{full_list_name, list_of_program, list_of_selector};
pub use operation::{
    ListAction, ListKeyType, ListOperation, ListOutcome, change_list_by_hand, list_operation,
};
