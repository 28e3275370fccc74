//! Measures the real server over HTTP against floors and rivals that do the same work, in one run.
//!
//! Every speed is told as a ratio: `0.50` means half as fast as a bare loop over the database, or as another toolkit that
//! keeps everything in memory.

mod decode;
mod floor;
mod floor_http;
mod histories;
mod http;
mod imports;
mod instructions;
mod load;
mod messages;
mod pages;
mod report;
mod rivals;
mod server;
mod single;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// As in the server, so that floors and counted paths are not those of another allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Load generator, floors and rivals.
#[derive(Parser)]
#[command(
    about,
    after_help = "Example: cargo run --release -p leadkeep-bench -- report --quick"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures everything, and writes docs/performance.md.
    Report(report::Report),
    /// Drives one kind of call against a fresh server, to be looked at with a profiler.
    Load(Load),
    /// Imports rows into a list with one call of importToList, against syncMultipleLeads with the same values.
    Import(Import),
    /// Pages through a long history with getLeadActivity, against a short one.
    History(History),
    /// Loads the admin pages of a server with many leads, against the same server's /healthz.
    Pages(Pages),
    /// Counts the instructions of three paths with valgrind, for the gate in CI.
    Instructions(instructions::Instructions),
    /// Takes one of these paths some times over.
    #[command(hide = true)]
    Path(Path),
    /// Serves a constant over the HTTP stack of the server.
    #[command(hide = true)]
    FloorHttp,
}

/// What load sends.
#[derive(clap::Args)]
struct Load {
    /// The kind of call.
    kind: single::Kind,
    /// Leads or other records.
    #[arg(long, default_value_t = 60_000)]
    records: usize,
    /// Connections, each with one call under way; without it, as many as the report has.
    #[arg(long)]
    connections: Option<usize>,
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

/// What pages shows.
#[derive(clap::Args)]
struct Pages {
    /// Leads in the database.
    #[arg(long, default_value_t = 1_000_000)]
    leads: usize,
    /// How often each page is loaded.
    #[arg(long, default_value_t = 50)]
    times: usize,
}

/// What path takes.
#[derive(clap::Args)]
struct Path {
    /// The path.
    path: instructions::Path,
    /// How often.
    #[arg(long)]
    times: usize,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Report(options) => report::report(&options),
        Command::Load(options) => single::load(&options),
        Command::Import(options) => imports::import(&options),
        Command::History(options) => histories::history(&options),
        Command::Pages(options) => pages::pages(&options),
        Command::Instructions(options) => instructions::instructions(&options),
        Command::Path(options) => instructions::path(options.path, options.times),
        Command::FloorHttp => floor_http::serve(),
    }
}
