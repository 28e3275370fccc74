//! The counts that are kept in a file, and what is measured against them.

use super::paths::{ALL, Path};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Instructions of one call, by path.
pub(super) type Counts = BTreeMap<Path, u64>;

/// Percent that a path may need more than is kept.
const MARGIN: u64 = 10;

/// What stands above the counts in their file.
const HEAD: &str = "\
# Instructions of one call with 300 leads of ten attributes each, as valgrind's callgrind counts them in the release build:
# to read its message, to apply it to a database file with up to 3,600 leads, to write its answer. CI fails when a
# path needs more than 10 % more. After a change that is meant to move them, or a new compiler:
# cargo run --release --locked -p leadkeep-bench -- instructions --update
";

/// Reads the file.
pub(super) fn read(file: &std::path::Path) -> Result<Counts> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("read {}; `--update` writes it", file.display()))?;
    parse(&text).with_context(|| format!("read {}", file.display()))
}

fn parse(text: &str) -> Result<Counts> {
    let table: toml::Table = text.parse()?;
    let mut counts = Counts::new();
    for path in ALL {
        let count = table
            .get(path.name())
            .and_then(toml::Value::as_integer)
            .and_then(|count| u64::try_from(count).ok())
            .filter(|count| *count > 0)
            .with_context(|| format!("there is no count of {}", path.name()))?;
        counts.insert(path, count);
    }
    Ok(counts)
}

/// Writes the file.
pub(super) fn write(file: &std::path::Path, counts: &Counts) -> Result<()> {
    std::fs::write(file, text(counts)).with_context(|| format!("write {}", file.display()))
}

fn text(counts: &Counts) -> String {
    let mut text = HEAD.to_owned();
    for (path, count) in counts {
        let _ = writeln!(text, "{} = {count}", path.name());
    }
    text
}

/// How many percent more are measured than are kept.
pub(super) fn change(kept: u64, measured: u64) -> f64 {
    (measured as f64 / kept as f64 - 1.0) * 100.0
}

/// Fails if a path needs too much more than is kept, with the figures of each that does.
pub(super) fn compare(kept: &Counts, measured: &Counts) -> Result<()> {
    let mut said = String::new();
    for path in ALL {
        let name = path.name();
        let (Some(&kept), Some(&measured)) = (kept.get(&path), measured.get(&path)) else {
            bail!("there is no count of {name}");
        };
        if u128::from(measured) * 100 > u128::from(kept) * u128::from(100 + MARGIN) {
            let percent = change(kept, measured);
            let _ = write!(
                said,
                "\n{name}: {kept} instructions are kept, {measured} were measured, {percent:+.1} %"
            );
        }
    }
    if !said.is_empty() {
        bail!(
            "more than {MARGIN} % above the kept count:{said}\nIf that is meant, `instructions --update` keeps the new \
             counts; see \"The gate in CI\" in docs/performance.md."
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(decode: u64, apply: u64, encode: u64) -> Counts {
        ALL.into_iter().zip([decode, apply, encode]).collect()
    }

    #[test]
    fn more_than_ten_percent_fails_with_the_figure() {
        let kept = counts(1_000, 2_000, 3_000);
        assert!(compare(&kept, &kept).is_ok());
        assert!(
            compare(&kept, &counts(1_100, 2_200, 3_300)).is_ok(),
            "ten percent are allowed"
        );
        assert!(compare(&kept, &counts(1, 1, 1)).is_ok(), "less is no fault");
        let error = compare(&kept, &counts(1_100, 2_201, 3_300)).unwrap_err();
        let text = error.to_string();
        let line = "\napply: 2000 instructions are kept, 2201 were measured, +10.1 %\n";
        assert!(text.contains(line), "{text}");
        assert!(
            !text.contains("decode") && !text.contains("encode"),
            "{text}"
        );
        let error = compare(&kept, &counts(2_000, 2_000, 4_500)).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("decode: 1000") && text.contains("+50.0 %"),
            "{text}"
        );
    }

    #[test]
    fn a_path_without_a_count_fails() {
        let mut some = counts(1, 2, 3);
        some.remove(&Path::Encode);
        for (kept, measured) in [(&some, &counts(1, 2, 3)), (&counts(1, 2, 3), &some)] {
            let error = compare(kept, measured).unwrap_err().to_string();
            assert!(error.contains("encode"), "{error}");
        }
        for text in [
            "decode = 1\napply = 2",
            "decode = 1\napply = 2\nencode = 0",
            "decode = 1\napply = 2\nencode = \"3\"",
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("encode"), "{error}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let counts = counts(12, 345, 6_789);
        assert_eq!(parse(&text(&counts)).unwrap(), counts);
    }
}
