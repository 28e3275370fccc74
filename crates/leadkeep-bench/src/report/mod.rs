//! `report`: everything in one run, and a document of it.

mod chart;
mod document;
mod figures;
mod goals;
mod large;
mod rounds;

use crate::server::binary;
use anyhow::{Context, Result, ensure};
use figures::Figures;
pub(crate) use large::{fill, settle};
use rounds::Field;
pub(crate) use rounds::{
    CREATED, FEW, FOUND, MANY, UPDATED, batches, create, read_all, single_reads,
};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// What report does.
#[derive(clap::Args)]
pub(crate) struct Report {
    /// A small run of about three minutes, for daily use: it prints and writes nothing.
    #[arg(long)]
    quick: bool,
    /// Rounds; every figure of the report is the median of so many.
    #[arg(long, default_value_t = 5, conflicts_with = "quick")]
    rounds: usize,
    /// Leads of the large database.
    #[arg(long, default_value_t = 10_000_000, conflicts_with = "quick")]
    large: usize,
    /// Leave out the clean build, which takes longer than all the rest of a short run.
    #[arg(long)]
    no_build: bool,
    /// The document that is written.
    #[arg(long, value_name = "FILE", default_value = "docs/performance.md")]
    output: PathBuf,
}

/// Runs `report`.
pub(crate) fn report(options: &Report) -> Result<()> {
    let started = Instant::now();
    let (rounds, size, large) = if options.quick {
        let size = rounds::Size {
            leads: 30_000,
            singles: 15_000,
            divisor: 4,
        };
        let large = large::Size {
            read: 100_000,
            leads: 400_000,
            rounds: 3,
        };
        (3, size, large)
    } else {
        ensure!(options.rounds > 0, "no rounds are no report");
        let size = rounds::Size {
            leads: 90_000,
            singles: 40_000,
            divisor: 1,
        };
        let large = large::Size {
            read: options.large.min(1_000_000),
            leads: options.large,
            rounds: options.rounds,
        };
        (options.rounds, size, large)
    };
    let mut figures = Figures::default();
    let binary = binary()?;
    figures.add(
        ("binary", "leadkeep"),
        std::fs::metadata(&binary)?.len() as f64 / 1e6,
    );
    let field = Field::start()?;
    for round in 0..rounds {
        println!("round {} of {rounds}", round + 1);
        field.round(&mut figures, round, size)?;
    }
    drop(field);
    println!("the large database, {} leads", large.leads);
    large::measure(&mut figures, large)?;
    if !options.quick && !options.no_build {
        println!("a clean build");
        figures.add(("build", "leadkeep"), clean_build()?);
    }
    let mut note = machine()?;
    let _ = write!(
        note,
        " {rounds} rounds, {} leads each; the large database has {} leads; `getMultipleLeads` reads {}.",
        size.leads, large.leads, large.read
    );
    println!("\n{}", document::markdown(&figures, &note, None));
    println!("took {:.0} s", started.elapsed().as_secs_f64());
    if !options.quick {
        document::write(&options.output, &figures, &note)?;
        println!("{} is written", options.output.display());
    }
    Ok(())
}

/// Minutes of a release build from nothing, with crates that are at hand already.
fn clean_build() -> Result<f64> {
    let target = tempfile::Builder::new()
        .prefix("leadkeep-build")
        .tempdir_in(".")?;
    let started = Instant::now();
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--locked", "--quiet", "--target-dir"])
        .arg(target.path())
        .status()
        .context("run cargo build")?;
    ensure!(built.success(), "the project does not build");
    Ok(started.elapsed().as_secs_f64() / 60.0)
}

/// What the figures were measured on, in words.
fn machine() -> Result<String> {
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cpu = field(&std::fs::read_to_string("/proc/cpuinfo")?, "model name");
    let memory = field(&std::fs::read_to_string("/proc/meminfo")?, "MemTotal");
    let memory = memory.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    Ok(format!(
        "Measured on {} with {} cores ({}) and {:.0} GiB of memory.",
        jiff::Zoned::now().strftime("%Y-%m-%d"),
        std::thread::available_parallelism()?,
        cpu.unwrap_or_default(),
        memory.unwrap_or_default() / 1_048_576.0,
    ))
}
