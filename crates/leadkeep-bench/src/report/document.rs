//! The report as a document: what it writes stands between two marks, what people have written around them stays.

use super::chart::{bars, grouped};
use super::figures::{Figures, Spread};
use super::goals::GOALS;
use super::large::{READ, READ_WHOLE};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::path::Path;

const BEGIN: &str = "<!-- figures: written by leadkeep-bench report -->\n";
const END: &str = "<!-- end of figures -->\n";

/// The pictures: file, what is measured, title, unit.
const CHARTS: [(&str, &str, &str, &str); 6] = [
    (
        "creates.svg",
        "creates",
        "syncMultipleLeads, creates",
        "leads/s",
    ),
    (
        "updates.svg",
        "updates",
        "syncMultipleLeads, updates",
        "leads/s",
    ),
    (
        "sync-lead.svg",
        "syncLead",
        "syncLead, 64 connections",
        "calls/s",
    ),
    (
        "get-lead.svg",
        "getLead",
        "getLead, 64 connections",
        "calls/s",
    ),
    (
        "get-multiple-leads.svg",
        READ,
        "getMultipleLeads, ten attributes",
        "leads/s",
    ),
    (
        "get-multiple-leads-all.svg",
        READ_WHOLE,
        "getMultipleLeads, all attributes",
        "leads/s",
    ),
];

/// The goals and the figures as Markdown; `note` says how they came about.
pub(super) fn markdown(figures: &Figures, note: &str, pictures: Option<&str>) -> String {
    let mut out =
        format!("{note}\n\n| goal | wanted | median (lowest to highest) | |\n|---|---|---|---|\n");
    for goal in &GOALS {
        let line = match goal.outcome(figures) {
            Some(outcome) => format!(
                "| {} | {} | {} | {} |",
                goal.what,
                outcome.bound,
                spread(outcome.spread),
                if outcome.met { "met" } else { "**missed**" }
            ),
            None => format!("| {} | | not measured | |", goal.what),
        };
        let _ = writeln!(out, "{line}");
    }
    for (file, what, title, unit) in CHARTS {
        if figures.of(what).next().is_none() {
            continue;
        }
        let _ = write!(out, "\n### {title}\n\n");
        if let Some(folder) = pictures {
            let _ = write!(out, "![{title}]({folder}/{file})\n\n");
        }
        let _ = write!(out, "| | {unit}, median (lowest to highest) |\n|---|---|\n");
        for (whom, values) in figures.of(what) {
            let _ = writeln!(out, "| {whom} | {} |", spread(values));
        }
    }
    out
}

fn spread(values: Spread) -> String {
    format!(
        "{} ({} to {})",
        grouped(values.median),
        grouped(values.lowest),
        grouped(values.highest)
    )
}

/// Writes the document, and its pictures in a folder of its name beside it.
///
/// # Errors
/// When the document has lost its marks, or cannot be written.
pub(super) fn write(path: &Path, figures: &Figures, note: &str) -> Result<()> {
    let folder = path.with_extension("");
    std::fs::create_dir_all(&folder)?;
    for (file, what, title, unit) in CHARTS {
        let rows: Vec<_> = figures.of(what).collect();
        if !rows.is_empty() {
            std::fs::write(folder.join(file), bars(title, unit, rows))?;
        }
    }
    let name = folder.file_name().context("the document has no name")?;
    let text = markdown(figures, note, Some(&name.to_string_lossy()));
    let old = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    std::fs::write(path, spliced(&old, &text)?)?;
    Ok(())
}

fn spliced(old: &str, text: &str) -> Result<String> {
    let lost = || format!("the document has no lines {BEGIN:?} and {END:?}");
    let (before, rest) = old.split_once(BEGIN).with_context(lost)?;
    let (_, after) = rest.split_once(END).with_context(lost)?;
    Ok(format!("{before}{BEGIN}{text}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_around_the_figures_stay() {
        let old = format!("# Title\n{BEGIN}old\n{END}words\n");
        let new = spliced(&old, "new\n").unwrap_or_default();
        assert_eq!(new, format!("# Title\n{BEGIN}new\n{END}words\n"));
        assert!(spliced("# Title\n", "new\n").is_err());
    }

    #[test]
    fn a_goal_is_met_missed_or_not_measured() {
        let mut figures = Figures::default();
        figures.add(("creates", "leadkeep"), 90.0);
        figures.add(("creates", "floor-write"), 100.0);
        figures.add(("creates", "gSOAP"), 200.0);
        let text = markdown(&figures, "note", None);
        let line = |part: &str| {
            text.lines()
                .find(|line| line.contains(part))
                .unwrap_or_default()
        };
        assert!(
            line("creates, to floor-write").ends_with("| met |"),
            "{text}"
        );
        assert!(
            line("creates, to gSOAP").ends_with("| **missed** |"),
            "{text}"
        );
        assert!(line("release binary").contains("not measured"), "{text}");
    }
}
