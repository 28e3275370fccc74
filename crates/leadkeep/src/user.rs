//! `leadkeep user`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use jiff::{SignedDuration, Timestamp};
use leadkeep_core::provision::{UserError, user_add, user_revoke, user_rotate};
use std::io::Write;

/// What is done with users.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Add a user and print its key.
    #[command(after_help = "Example: leadkeep user add crm_sync --note 'nightly job'")]
    Add {
        /// The User ID (mktowsUserId).
        id: String,
        /// The encryption key; without it 40 random characters.
        #[arg(long)]
        key: Option<String>,
        /// A remark.
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        data: DataDir,
    },
    /// List all users.
    List {
        #[command(flatten)]
        data: DataDir,
    },
    /// Refuse the calls of a user from now on (fault 20013).
    Revoke {
        /// The User ID.
        id: String,
        #[command(flatten)]
        data: DataDir,
    },
    /// Give a user a new key and print it; the old one stays valid for a while.
    Rotate {
        /// The User ID.
        id: String,
        /// The new key; without it 40 random characters.
        #[arg(long)]
        key: Option<String>,
        /// Hours for which the old key stays valid.
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        overlap: u32,
        #[command(flatten)]
        data: DataDir,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    let mut out = std::io::stdout().lock();
    let refused = |error: UserError| match error {
        UserError::Store(error) => error.into(),
        error => Failure::refused(error),
    };
    match command {
        Command::Add {
            id,
            key,
            note,
            data,
        } => {
            let fresh = data::random_key()?;
            let (name, key, note) = (id.clone(), key.clone(), note.clone());
            let added = data::write(&data.open()?, move |txn, schema, now| {
                user_add(txn, schema, now, &name, key.as_deref(), &note, &mut || {
                    fresh.clone()
                })
            })?;
            writeln!(out, "user {id}\nkey  {}", added.map_err(refused)?)?;
        }
        Command::List { data } => {
            let users = data::read(&data.open()?, |_, schema| Ok(schema.users.clone()))?;
            if users.is_empty() {
                writeln!(out, "no users; `leadkeep user add ID` makes one")?;
            }
            for user in users {
                let state = if user.disabled { "revoked" } else { "active" };
                let keys = user.valid_keys(Timestamp::now()).count();
                let keys = if keys == 1 {
                    "1 key".to_owned()
                } else {
                    format!("{keys} keys")
                };
                writeln!(out, "{}\t{state}\t{keys}\t{}", user.id, user.note)?;
            }
        }
        Command::Revoke { id, data } => {
            let name = id.clone();
            let revoked = data::write(&data.open()?, move |txn, schema, now| {
                user_revoke(txn, schema, now, &name)
            })?;
            let done = if revoked.map_err(refused)? {
                "is revoked"
            } else {
                "was revoked already"
            };
            writeln!(out, "{id} {done}")?;
        }
        Command::Rotate {
            id,
            key,
            overlap,
            data,
        } => {
            let fresh = data::random_key()?;
            let (name, key) = (id.clone(), key.clone());
            let hours = SignedDuration::from_hours(i64::from(*overlap));
            let rotated = data::write(&data.open()?, move |txn, schema, now| {
                user_rotate(txn, schema, now, &name, key.as_deref(), hours, &mut || {
                    fresh.clone()
                })
            })?;
            writeln!(out, "user {id}\nkey  {}", rotated.map_err(refused)?)?;
        }
    }
    Ok(Exit::Done)
}
