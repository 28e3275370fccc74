//! `[[user]]`, and the rules of `leadkeep user` (AUT-1, AUT-12, AUT-13).

use super::error::{At, nearest, shown};
use super::plan::Plan;
use super::reader::{Table, is_name};
use super::report::GeneratedKey;
use crate::schema::{ApiUser, Schema, UserKey, definition};
use crate::store::{DefinitionKind, Rollback, StoreError, WriteTxn};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::HashMap;

/// A `[[user]]`.
#[derive(Debug, Clone)]
pub(super) struct UserTable {
    id: At<String>,
    key: Option<At<String>>,
    note: Option<At<String>>,
    disabled: Option<At<bool>>,
    strict_statuses: Option<At<bool>>,
}

impl UserTable {
    /// Whether a user who is new gets a key that somebody must make.
    pub(super) fn needs_key(&self) -> bool {
        self.key.is_none()
    }
}

pub(super) fn read(root: &Table<'_>) -> Vec<UserTable> {
    let tables = root.tables("user").map_or_else(Vec::new, |at| at.value);
    tables
        .into_iter()
        .filter_map(|table| {
            let id = table.required_name("id");
            let key = table.name("key");
            let note = table.text("note");
            let disabled = table.boolean("disabled");
            let strict_statuses = table.boolean("strict_statuses");
            table.finish();
            Some(UserTable {
                id: id?,
                key,
                note,
                disabled,
                strict_statuses,
            })
        })
        .collect()
}

pub(super) fn apply(
    plan: &mut Plan<'_>,
    tables: &[UserTable],
    new_key: &mut dyn FnMut() -> String,
) -> Result<(), StoreError> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for table in tables {
        // A-5, PRV-6: user ids compare exactly.
        if let Some(line) = seen.insert(&table.id.value, table.id.place.line) {
            let expected = format!("one table a user (the first is in line {line})");
            plan.errors
                .push(&table.id.place, expected, shown(&table.id.value));
            continue;
        }
        let old = plan.schema.user(&table.id.value).cloned();
        match old {
            Some(old) => change(plan, table, &old)?,
            None => add(plan, table, new_key)?,
        }
    }
    Ok(())
}

fn add(
    plan: &mut Plan<'_>,
    table: &UserTable,
    new_key: &mut dyn FnMut() -> String,
) -> Result<(), StoreError> {
    let user = &table.id.value;
    let what = format!("user {}", shown(user));
    let key = match &table.key {
        Some(key) => {
            plan.report.added(&what);
            key.value.clone()
        }
        None => {
            plan.report.added(&format!("{what} with a generated key"));
            let key = new_key();
            if key.is_empty() {
                // With an empty key everybody could sign.
                let reason = format!("there is no key for {what}");
                return Err(StoreError::Failed(reason));
            }
            // A key that will not be stored is nobody's business.
            if !plan.options.dry_run {
                plan.report.generated_keys.push(GeneratedKey {
                    user: user.clone(),
                    key: key.clone(),
                });
            }
            key
        }
    };
    let user = ApiUser {
        id: user.clone(),
        keys: vec![UserKey {
            key,
            valid_until: None,
        }],
        note: table
            .note
            .as_ref()
            .map_or_else(String::new, |at| at.value.clone()),
        disabled: table.disabled.as_ref().is_some_and(|at| at.value),
        strict_statuses: table.strict_statuses.as_ref().is_some_and(|at| at.value),
    };
    plan.define(DefinitionKind::User, user.id.clone(), &user)?;
    plan.schema.users.push(user);
    Ok(())
}

fn change(plan: &mut Plan<'_>, table: &UserTable, old: &ApiUser) -> Result<(), StoreError> {
    let mut user = old.clone();
    if let Some(note) = &table.note {
        user.note.clone_from(&note.value);
    }
    if let Some(disabled) = &table.disabled {
        user.disabled = disabled.value;
    }
    if let Some(strict) = &table.strict_statuses {
        user.strict_statuses = strict.value;
    }
    let what = format!("user {}", shown(&user.id));
    let view = |user: &ApiUser| {
        json!({
            "note": user.note,
            "disabled": user.disabled,
            "strict_statuses": user.strict_statuses,
        })
    };
    plan.report.compare(&what, &view(old), &view(&user));
    if let Some(key) = &table.key
        && user
            .keys
            .first()
            .is_none_or(|current| current.key != key.value)
    {
        user.replace_key(key.value.clone(), plan.now, plan.options.key_overlap);
        // Keys are secrets: neither the old nor the new one is printed.
        plan.report
            .changed(&format!("{what} key"), "(old)", "(new)");
    }
    if user == *old {
        return Ok(());
    }
    plan.define(DefinitionKind::User, user.id.clone(), &user)?;
    if let Some(stored) = plan
        .schema
        .users
        .iter_mut()
        .find(|other| other.id == user.id)
    {
        *stored = user;
    }
    Ok(())
}

impl ApiUser {
    /// The keys that are valid at a time, the current one first (AUT-13). An empty one never is: everybody could sign with
    /// it.
    pub fn valid_keys(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        self.keys
            .iter()
            .filter(move |key| key.valid_until.is_none_or(|until| now < until))
            .map(|key| key.key.as_str())
            .filter(|key| !key.is_empty())
    }

    /// Makes a key the current one. The one before stays valid for the overlap (AUT-13).
    fn replace_key(&mut self, key: String, now: Timestamp, overlap: SignedDuration) {
        let end = now.saturating_add(overlap).unwrap_or(Timestamp::MAX);
        for old in &mut self.keys {
            old.valid_until = Some(old.valid_until.map_or(end, |until| until.min(end)));
        }
        self.keys
            .retain(|old| old.key != key && old.valid_until.is_some_and(|until| now < until));
        let current = UserKey {
            key,
            valid_until: None,
        };
        self.keys.insert(0, current);
    }
}

/// Why a command about users was refused.
#[derive(Debug, Clone, thiserror::Error)]
pub enum UserError {
    /// There is such a user already.
    #[error("there is a user {} already; `rotate` gives it a new key", shown(.0))]
    Exists(String),
    /// There is no such user; with the nearest known id.
    #[error("there is no user {}{}", shown(.id), .nearest.as_ref().map_or(String::new(), |id| format!(" (the nearest is {})", shown(id))))]
    Unknown {
        /// The id that was asked for.
        id: String,
        /// The known id that is most like it.
        nearest: Option<String>,
    },
    /// The user was revoked: no key of it counts.
    #[error("the user {} is revoked, so that no key of it counts; `leadkeep apply` with a file that says `disabled = false` brings it back", shown(.0))]
    Revoked(String),
    /// An id or a key that cannot be one.
    #[error("expected {0} of 1 to 255 characters, without control characters")]
    Malformed(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<&UserError> for Rollback {
    fn from(error: &UserError) -> Self {
        match error {
            UserError::Store(error) => error.into(),
            _ => Self::Refused,
        }
    }
}

/// Adds a user and gives its key: the given one, or a fresh one of `new_key` (AUT-1).
///
/// # Errors
/// When the user exists, id or key cannot be one, or the store fails.
pub fn user_add(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    id: &str,
    key: Option<&str>,
    note: &str,
    new_key: &mut dyn FnMut() -> String,
) -> Result<String, UserError> {
    if !is_name(id) {
        return Err(UserError::Malformed("a user id"));
    }
    if schema.user(id).is_some() {
        return Err(UserError::Exists(id.to_owned()));
    }
    let key = checked_key(key, new_key)?;
    let user = ApiUser {
        id: id.to_owned(),
        keys: vec![UserKey {
            key: key.clone(),
            valid_until: None,
        }],
        note: note.to_owned(),
        disabled: false,
        strict_statuses: false,
    };
    put(txn, &user, now)?;
    Ok(key)
}

/// Disables a user: from now on its calls are 20013 (AUT-12). Gives whether that changed anything.
///
/// # Errors
/// When there is no such user, or the store fails.
pub fn user_revoke(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    id: &str,
) -> Result<bool, UserError> {
    let mut user = known(schema, id)?;
    if user.disabled {
        return Ok(false);
    }
    user.disabled = true;
    put(txn, &user, now)?;
    Ok(true)
}

/// Gives a user a new key, and returns it: the given one, or a fresh one of `new_key`. The old one stays valid for the
/// overlap (AUT-13).
///
/// # Errors
/// When there is no such user, the key cannot be one, or the store fails.
pub fn user_rotate(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    id: &str,
    key: Option<&str>,
    overlap: SignedDuration,
    new_key: &mut dyn FnMut() -> String,
) -> Result<String, UserError> {
    let mut user = known(schema, id)?;
    if user.disabled {
        return Err(UserError::Revoked(user.id));
    }
    let key = checked_key(key, new_key)?;
    user.replace_key(key.clone(), now, overlap);
    put(txn, &user, now)?;
    Ok(key)
}

fn known(schema: &Schema, id: &str) -> Result<ApiUser, UserError> {
    schema.user(id).cloned().ok_or_else(|| UserError::Unknown {
        id: id.to_owned(),
        nearest: nearest(id, schema.users.iter().map(|user| user.id.as_str())).map(str::to_owned),
    })
}

fn checked_key(
    key: Option<&str>,
    new_key: &mut dyn FnMut() -> String,
) -> Result<String, UserError> {
    match key {
        Some(key) if is_name(key) => Ok(key.to_owned()),
        Some(_) => Err(UserError::Malformed("a key")),
        None => Ok(new_key()),
    }
}

fn put(txn: &mut dyn WriteTxn, user: &ApiUser, now: Timestamp) -> Result<(), StoreError> {
    let definition = definition(DefinitionKind::User, user.id.clone(), user, now)?;
    txn.put_definitions(&[definition])
}
