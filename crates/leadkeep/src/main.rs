//! A lead database that speaks the Marketo SOAP API.
//!
//! One file a subcommand; no logic: that is in the crates below.

mod admin;
mod apply;
mod backup;
mod call;
mod campaign;
mod check;
mod config;
mod data;
mod demo;
mod exit;
mod export;
mod import;
mod imports;
mod log;
mod logging;
mod progress;
mod provision;
mod restore;
mod serve;
mod settings;
mod status;
mod tls;
mod user;

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use exit::{Exit, Failure};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Messages are read on one thread and freed on another, which the system's allocator is slow at (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A lead database that speaks the Marketo SOAP API.
#[derive(Parser)]
#[command(
    name = "leadkeep",
    version,
    about,
    after_help = "Examples:\n  leadkeep serve --demo\n  leadkeep serve --data /var/lib/leadkeep --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem\n  leadkeep apply provision.toml --dry-run\n  leadkeep user add crm_sync --note 'nightly job'\n\nExit status: 0 done, 1 refused, 2 wrong usage or environment, 3 running calls were cut off at shutdown."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer SOAP calls.
    Serve(Box<serve::Options>),
    /// Bring fields, custom objects, programs, lists and users to what a file says.
    Apply(apply::Options),
    /// Write the definitions of an instance as a file for `apply`.
    #[command(subcommand)]
    Provision(provision::Command),
    /// Sign a message, send it to any mktows endpoint, and print the answer.
    Call(call::Options),
    /// Add, list, revoke API users, or give them new keys.
    #[command(subcommand)]
    User(user::Command),
    /// List who may use the admin pages, or give one of them a new password.
    #[command(subcommand)]
    Admin(admin::Command),
    /// List the steps of campaigns that failed, or do them again.
    #[command(subcommand)]
    Campaign(campaign::Command),
    /// Bring leads out of a file, also while a server runs.
    #[command(subcommand)]
    Import(import::Command),
    /// List imports, print their failed rows, or stop one.
    #[command(subcommand)]
    Imports(imports::Command),
    /// Show the calls that a server has answered, and follow them.
    Log(log::Options),
    /// Show what the database holds.
    Status(status::Options),
    /// Write leads to a file, also while a server runs.
    #[command(subcommand)]
    Export(export::Command),
    /// Copy the database into a file, also while a server runs.
    Backup(backup::Options),
    /// Make a database of a backup.
    Restore(restore::Options),
    /// Look whether the database is whole.
    Check(check::Options),
    /// Make certificates for any host names.
    #[command(subcommand)]
    Tls(tls::Command),
    /// Look at the settings of `serve`, or print a file with all of them.
    #[command(subcommand)]
    Config(config::Command),
    /// Print completions for a shell.
    #[command(after_help = "Example: leadkeep completions bash > /etc/bash_completion.d/leadkeep")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write manual pages, one for each command.
    #[command(
        after_help = "Example: leadkeep manual /usr/local/share/man/man1 && man leadkeep-serve"
    )]
    Manual {
        /// The directory for them; it must be there.
        directory: PathBuf,
    },
}

fn main() -> ExitCode {
    match run() {
        Ok(exit) => exit.into(),
        Err(Failure { exit, error }) => {
            // clap knows how to print its own, in colours on a terminal. Help and version come this way too, and are no
            // failure.
            if let Some(error) = error.downcast_ref::<clap::Error>() {
                let _ = error.print();
                return match error.use_stderr() {
                    true => exit.into(),
                    false => Exit::Done.into(),
                };
            }
            if !is_broken_pipe(&error) {
                // Nothing is left to do when standard error is closed too.
                let _ = writeln!(std::io::stderr(), "leadkeep: {error:#}");
            }
            exit.into()
        }
    }
}

fn run() -> Result<Exit, Failure> {
    let mut command = settings::with_environment(Cli::command());
    let mut arguments: Vec<_> = std::env::args_os().collect();
    let file = settings::read_file_into(&mut arguments, &command)?;
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    let cli = Cli::from_arg_matches_mut(&mut matches);
    match cli.map_err(|error| error.format(&mut command))?.command {
        Command::Serve(options) => serve::run(&options, file.as_ref()),
        Command::Apply(options) => apply::run(&options),
        Command::Provision(command) => provision::run(&command),
        Command::Call(options) => call::run(&options),
        Command::User(command) => user::run(&command),
        Command::Admin(command) => admin::run(&command),
        Command::Campaign(command) => campaign::run(&command),
        Command::Import(command) => import::run(&command),
        Command::Imports(command) => imports::run(&command),
        Command::Log(options) => log::run(&options),
        Command::Status(options) => status::run(&options),
        Command::Export(command) => export::run(&command),
        Command::Backup(options) => backup::run(&options),
        Command::Restore(options) => restore::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Tls(command) => tls::run(&command),
        Command::Config(command) => config::run(&command),
        Command::Completions { shell } => completions(shell),
        Command::Manual { directory } => manual(&directory),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "leadkeep", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Exit::Done)
}

fn manual(directory: &Path) -> Result<Exit, Failure> {
    let written = clap_mangen::generate_to(settings::with_environment(Cli::command()), directory);
    written.with_context(|| format!("cannot write into {}", directory.display()))?;
    Ok(Exit::Done)
}

/// `leadkeep status | head -1` ends quietly.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = error
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind);
    kind == Some(std::io::ErrorKind::BrokenPipe)
}
