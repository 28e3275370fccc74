//! Who may use the admin pages, what they may do, and what they have changed.
//!
//! Passwords come in hashed, and sessions as hashes of their tokens: what is kept opens nothing. Every rule that changes
//! something writes down who did it.

mod audit;
mod rules;
mod session;
#[cfg(test)]
mod tests;

pub use audit::{Change, note};
pub use rules::{
    add, disable, enable, first_owner, set_language, set_password, set_role, set_totp,
};
pub use session::{IDLE, LONGEST, resume, sign_in, sign_out};

use crate::schema::same_name;
use crate::store::{Rollback, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an admin user may do; a later one may do all that an earlier one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// See everything but keys.
    Viewer,
    /// Change leads and other records, import, run campaigns again.
    Editor,
    /// Change what is set up, and who may do what.
    Owner,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Owner];

    /// Its word in forms, on the command line and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// One-time codes of an admin user (RFC 6238).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The shared secret.
    pub secret: Vec<u8>,
    /// The last time step whose code was taken; it and those before are never taken again.
    pub last_step: i64,
}

impl std::fmt::Debug for Totp {
    /// Without the secret: it must not get into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Totp")
            .field("last_step", &self.last_step)
            .finish_non_exhaustive()
    }
}

/// Somebody who may use the admin pages.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// The name to sign in with; unique whatever its case.
    pub name: String,
    /// The hash of the password, as a PHC string.
    pub password: String,
    /// What this one may do.
    pub role: Role,
    /// The language of the pages, if one was chosen.
    pub language: Option<String>,
    /// One-time codes, if they are on.
    pub totp: Option<Totp>,
    /// May not sign in.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last signed in as this one.
    pub signed_in_at: Option<Timestamp>,
}

impl Admin {
    /// Whether this is the name of the admin user, whatever its case.
    pub fn is_called(&self, name: &str) -> bool {
        same_name(&self.name, name.trim())
    }
}

impl std::fmt::Debug for Admin {
    /// Without what a password could be guessed by.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admin")
            .field("name", &self.name)
            .field("role", &self.role)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The SHA-256 of the token that the browser has.
    pub token: Vec<u8>,
    /// The name of the admin user.
    pub admin: String,
    /// When it began.
    pub made_at: Timestamp,
    /// When it was last used, a minute more or less.
    pub seen_at: Timestamp,
}

/// Which sessions are ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sessions {
    /// The one with this token.
    Token(Vec<u8>),
    /// All of an admin user.
    Of(String),
    /// Those that were last used before this time.
    SeenBefore(Timestamp),
}

/// Something that was changed on the admin pages or by the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, in the order of commits; the store gives it.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who: the name of an admin user.
    pub admin: String,
    /// What was done, as a word like `lead.edit`.
    pub action: String,
    /// What it was done to, like `lead 17`.
    pub subject: String,
    /// What changed, in words; never a key or a password.
    pub detail: String,
}

/// Why something about admin users was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdminError {
    /// There is such a name already.
    #[error("there is an admin user {0:?} already")]
    Exists(String),
    /// There is no such name.
    #[error("there is no admin user {0:?}")]
    Unknown(String),
    /// A name that cannot be one.
    #[error("expected a name of 1 to 255 characters, without control characters")]
    BadName,
    /// The first owner was made already.
    #[error("the first owner was made already")]
    NotFirst,
    /// Nobody would be left who may set things up.
    #[error("the last owner must stay one")]
    LastOwner,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<&AdminError> for Rollback {
    fn from(error: &AdminError) -> Self {
        match error {
            AdminError::Store(error) => error.into(),
            _ => Self::Refused,
        }
    }
}
