//! What applying a file changed.

use serde_json::Value;
use std::fmt;

/// What applying a file changed, or would change (PRV-2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// One line a change: `+` new, `~` changed with old and new value.
    pub changes: Vec<String>,
    /// First values that differ and were left alone, one line each (PRV-4).
    pub left_alone: Vec<String>,
    /// Keys that were made for users without one. They are shown once, here.
    pub generated_keys: Vec<GeneratedKey>,
}

/// A key that was made for a user.
#[derive(Clone, PartialEq, Eq)]
pub struct GeneratedKey {
    /// The user's id.
    pub user: String,
    /// Its key.
    pub key: String,
}

impl fmt::Debug for GeneratedKey {
    /// Without the key itself: it must not get into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedKey")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Report {
    /// The lines of the changes or `no changes`, then what was left alone. Without generated keys: who prints a report
    /// decides where keys go.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changes.is_empty() {
            f.write_str("no changes")?;
        }
        for (at, line) in self.changes.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{line}")?;
        }
        for line in &self.left_alone {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}

impl Report {
    pub(super) fn added(&mut self, what: &str) {
        self.changes.push(format!("+ {what}"));
    }

    pub(super) fn changed(&mut self, what: &str, old: &str, new: &str) {
        self.changes.push(format!("~ {what}: {old} -> {new}"));
    }

    pub(super) fn left(&mut self, what: &str, stored: &str, file: &str) {
        self.left_alone.push(format!(
            "= {what}: stays {stored}, the file has {file} (--overwrite applies it)"
        ));
    }

    /// A line for each difference between two pictures of one thing. Lists of things with a `name` are compared by it.
    pub(super) fn compare(&mut self, what: &str, old: &Value, new: &Value) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, new) in new {
                    let old = old.get(key).unwrap_or(&Value::Null);
                    self.compare(&format!("{what} {key}"), old, new);
                }
            }
            (Value::Array(old_items), Value::Array(new_items))
                if old_items
                    .iter()
                    .chain(new_items)
                    .all(|item| name(item).is_some()) =>
            {
                self.compare_lists(what, old_items, new_items);
            }
            _ if old != new => self.changed(what, &text(old), &text(new)),
            _ => {}
        }
    }

    fn compare_lists(&mut self, what: &str, old: &[Value], new: &[Value]) {
        let before = self.changes.len();
        for item in new {
            let what = format!("{what} {}", name(item).unwrap_or_default());
            match old.iter().find(|old| name(old) == name(item)) {
                Some(old) => self.compare(&what, old, item),
                None => self.added(&what),
            }
        }
        let names = |items: &[Value]| items.iter().filter_map(name).collect::<Vec<_>>().join(", ");
        if self.changes.len() == before && old != new {
            self.changed(&format!("{what} order"), &names(old), &names(new));
        }
    }
}

fn name(item: &Value) -> Option<&str> {
    item.get("name").and_then(Value::as_str)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}
