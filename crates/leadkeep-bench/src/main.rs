//! Measures the real server over HTTP against floors that do the same work without it, in one run.
//!
//! Every figure is printed with the ratio to its floor: `0.50` means half as fast as a bare loop over the database.

mod floor;
mod histories;
mod http;
mod imports;
mod load;
mod messages;
mod report;
mod server;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Load generator and floors.
#[derive(Parser)]
#[command(
    about,
    after_help = "Example: cargo run --release -p leadkeep-bench -- sync-leads"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Creates leads, then updates two attributes of each, by calls of syncMultipleLeads.
    SyncLeads(SyncLeads),
    /// Reads single leads by e-mail address with getLead.
    GetLead(GetLead),
    /// Imports rows into a list with one call of importToList, against syncMultipleLeads with the same values.
    Import(Import),
    /// Pages through a long history with getLeadActivity, against a short one.
    History(History),
}

/// What sync-leads writes.
#[derive(clap::Args)]
struct SyncLeads {
    /// Leads to create, and then to update.
    #[arg(long, default_value_t = 150_000)]
    leads: usize,
    /// Leads a call.
    #[arg(long, default_value_t = 300)]
    batch: usize,
    /// Connections, each with one call under way.
    #[arg(long, default_value_t = 8)]
    connections: usize,
}

/// What get-lead reads.
#[derive(clap::Args)]
struct GetLead {
    /// Leads in the database.
    #[arg(long, default_value_t = 30_000)]
    leads: usize,
    /// Calls.
    #[arg(long, default_value_t = 100_000)]
    calls: usize,
    /// Connections, each with one call under way.
    #[arg(long, default_value_t = 16)]
    connections: usize,
}

/// What import imports.
#[derive(clap::Args)]
struct Import {
    /// Rows of the one import.
    #[arg(long, default_value_t = 100_000)]
    rows: usize,
}

/// What history reads.
#[derive(clap::Args)]
struct History {
    /// Activities of the long history.
    #[arg(long, default_value_t = 100_000)]
    activities: usize,
    /// Activities of the short one, and of a page.
    #[arg(long, default_value_t = 100)]
    page: usize,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::SyncLeads(options) => load::sync_leads(&options),
        Command::GetLead(options) => load::get_lead(&options),
        Command::Import(options) => imports::import(&options),
        Command::History(options) => histories::history(&options),
    }
}
