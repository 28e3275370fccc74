//! Counting by callgrind, in a process of its own.

use super::paths::{FEW, MANY, Path};
use anyhow::{Context, Result, bail, ensure};
use std::io::ErrorKind;
use std::process::{Command, Stdio};

/// How many instructions one call needs: a run with many calls less one with few, so that what a process does before and
/// after its calls, and what only a first call does, are not in it.
pub(super) fn instructions_a_call(path: Path) -> Result<u64> {
    let (few, many) = (count(path, FEW)?, count(path, MANY)?);
    let more = many
        .checked_sub(few)
        .context("more calls needed fewer instructions")?;
    Ok(more / (MANY - FEW) as u64)
}

/// Instructions of a whole process that makes some calls.
fn count(path: Path, times: usize) -> Result<u64> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("callgrind.out");
    let mut option = std::ffi::OsString::from("--callgrind-out-file=");
    option.push(&file);
    let run = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(option)
        .arg(std::env::current_exe()?)
        .args(["path", path.name(), "--times", &times.to_string()])
        .stdin(Stdio::null())
        .output();
    let output = match run {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("there is no valgrind, which counts instructions: apt-get install valgrind")
        }
        run => run.context("run valgrind")?,
    };
    ensure!(
        output.status.success(),
        "{} under valgrind: {}\n{}",
        path.name(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    let text = std::fs::read_to_string(&file).context("read what callgrind has written")?;
    total(&text).context("callgrind has written no sum")
}

/// The sum in a file of callgrind.
fn total(text: &str) -> Option<u64> {
    let line = |name| text.lines().find_map(|line| line.strip_prefix(name));
    // Without further options, instructions are the only event.
    let counts = line("totals:").or_else(|| line("summary:"))?;
    counts.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\npid: 1\ncmd:  leadkeep-bench path \
                           decode --times 2\npart: 1\n\n\ndesc: Trigger: Program termination\n\npositions: line\n\
                           events: Ir\nsummary: 41\n\n\nob=(1) /lib/ld.so\nfn=(0) totals\n0 41\n\ntotals: 42\n";

    #[test]
    fn the_sum_is_found() {
        assert_eq!(total(WRITTEN), Some(42));
        let older = WRITTEN.replace("totals: 42", "");
        assert_eq!(total(&older), Some(41));
        assert_eq!(total("events: Ir\ntotals: many\n"), None);
        assert_eq!(total("events: Ir\n"), None);
    }
}
