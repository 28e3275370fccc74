//! Rows of an import as lines of comma-separated values (ITL-17, DM-IMP-3).

use csv::{ReaderBuilder, StringRecord};

/// The rows of a call, each with its own text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportRows(Vec<String>);

impl ImportRows {
    /// Cuts items into rows: an item with several lines is several rows, but for line breaks inside of quotes. Empty
    /// lines between them are no rows; an item with nothing in it is a blank one, which will be ignored (ITS-5).
    pub fn split(items: Vec<String>) -> Self {
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            if item.contains(['\n', '\r']) {
                rows.extend(lines(&item));
            } else {
                rows.push(item);
            }
        }
        Self(rows)
    }

    /// The rows, in order, each a line.
    pub fn texts(&self) -> &[String] {
        &self.0
    }

    /// Whether there is nothing in any of them.
    pub(super) fn are_blank(&self) -> bool {
        self.0.iter().all(|row| is_blank(&cells(row)))
    }
}

/// The rows of a text, as they stand in it.
fn lines(text: &str) -> Vec<String> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut starts = Vec::new();
    // Text in memory can be read to its end: any sequence of characters is some record.
    while let Ok(true) = reader.read_record(&mut record) {
        starts.extend(record.position().map(|at| at.byte()));
    }
    starts.push(text.len() as u64);
    let place = |at: u64| usize::try_from(at).unwrap_or(text.len());
    let mut rows: Vec<String> = starts
        .windows(2)
        .filter_map(|pair| text.get(place(pair[0])..place(pair[1])))
        .map(|row| row.trim_matches(['\n', '\r']).to_owned())
        .collect();
    if rows.is_empty() {
        rows.push(String::new());
    }
    rows
}

/// The cells of a row. A quote counts only at the beginning of a cell.
pub(super) fn cells(row: &str) -> Vec<String> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(row.as_bytes());
    let mut record = StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Whether a row says nothing.
pub(super) fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}
