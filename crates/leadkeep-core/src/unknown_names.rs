//! Names that no field has.

use std::collections::HashSet;

/// Names in the order of their first use, each once, however many come.
#[derive(Debug, Default)]
pub(crate) struct UnknownNames<'n> {
    names: Vec<&'n str>,
    seen: HashSet<&'n str>,
}

impl<'n> UnknownNames<'n> {
    /// Adds a name, without the blanks around it; blanks alone are none.
    pub(crate) fn add(&mut self, name: &'n str) {
        let name = name.trim();
        if !name.is_empty() && self.seen.insert(name) {
            self.names.push(name);
        }
    }

    /// The names, unless there are none.
    pub(crate) fn into_names(self) -> Option<Vec<&'n str>> {
        (!self.names.is_empty()).then_some(self.names)
    }
}
