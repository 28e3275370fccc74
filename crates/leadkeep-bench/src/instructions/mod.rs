//! `instructions`: how many instructions three fixed paths need, held against the counts that are kept.
//!
//! Seconds depend on what else a machine does; instructions hardly do, so that a change which needs more of them is seen
//! in CI, where machines are shared.

mod apply;
mod callgrind;
mod kept;
mod paths;

use anyhow::Result;
use callgrind::instructions_a_call;
use kept::{Counts, change};
use std::path::PathBuf;

pub(crate) use paths::{Path, path};

/// Leads in each call.
const LEADS: usize = 300;

/// What instructions does with the counts; without an option they are printed.
#[derive(clap::Args)]
pub(crate) struct Instructions {
    /// Fail if a path needs more than 10 % more than is kept.
    #[arg(long, conflicts_with = "update")]
    check: bool,
    /// Keep the counts.
    #[arg(long)]
    update: bool,
    /// Where they are kept.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "crates/leadkeep-bench/instructions.toml"
    )]
    file: PathBuf,
}

/// Runs `instructions`.
pub(crate) fn instructions(options: &Instructions) -> Result<()> {
    // What is kept is read first: a file that cannot be read is said at once, not after the counting.
    let kept = match options.check {
        true => kept::read(&options.file)?,
        false => Counts::new(),
    };
    println!("instructions of a call with {LEADS} leads");
    let mut measured = Counts::new();
    for path in paths::ALL {
        let count = instructions_a_call(path)?;
        measured.insert(path, count);
        match kept.get(&path) {
            Some(kept) => println!(
                "{:<8} {count:>12}  kept {kept:>12}  {:+.1} %",
                path.name(),
                change(*kept, count)
            ),
            None => println!("{:<8} {count:>12}", path.name()),
        }
    }
    if options.update {
        kept::write(&options.file, &measured)?;
        println!("{} is written", options.file.display());
    }
    if options.check {
        kept::compare(&kept, &measured)?;
    }
    Ok(())
}
