//! `leadkeep admin`.

use crate::data::{self, DataDir};
use crate::exit::{Exit, Failure};
use anyhow::anyhow;
use leadkeep_core::admins::{AdminError, set_password, set_totp};
use leadkeep_server::hash_password;
use std::io::Write;

/// Who the change is said to be by.
const BY: &str = "command line";
/// Characters of a password that is made here.
const PASSWORD: usize = 20;

/// What is done with those who may use the admin pages.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// List the admin users with their roles.
    List {
        #[command(flatten)]
        data: DataDir,
    },
    /// Give an admin user who is locked out a new password and print it.
    #[command(
        after_help = "All sessions of the user end, and one-time codes are turned off.\n\nExample: leadkeep admin password owner"
    )]
    Password {
        /// The name, whatever its case.
        name: String,
        #[command(flatten)]
        data: DataDir,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    let mut out = std::io::stdout().lock();
    match command {
        Command::List { data } => {
            for admin in data::read(&data.open()?, |txn, _| txn.admins())? {
                let state = if admin.disabled { "  disabled" } else { "" };
                writeln!(out, "{:<7} {}{state}", admin.role.as_str(), admin.name)?;
            }
        }
        Command::Password { name, data } => {
            let mut password = data::random_key()?;
            password.truncate(PASSWORD);
            let hash = hash_password(&password).map_err(|error| anyhow!("{error}"))?;
            let own = name.clone();
            let done = data::write(&data.open()?, move |txn, _, now| {
                set_password(txn, now, BY, &own, hash.clone())?;
                set_totp(txn, now, BY, &own, None)
            })?;
            done.map_err(|error: AdminError| match error {
                AdminError::Store(error) => error.into(),
                error => Failure::refused(error),
            })?;
            writeln!(out, "password  {password}")?;
        }
    }
    Ok(Exit::Done)
}
