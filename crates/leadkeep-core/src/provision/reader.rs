//! Reads typed values out of TOML tables; says line, key, expectation and find of everything that is wrong (PRV-1).

use super::error::{At, Errors, Place, ProvisionError, shown};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The longest name, in characters (PRV-6).
pub(super) const NAME_CHARS: usize = 255;

/// The text of a file: where its lines begin, and what is wrong with it.
pub(super) struct Source {
    starts: Vec<usize>,
    errors: RefCell<Errors>,
}

impl Source {
    pub(super) fn new(text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(after_breaks).collect(),
            errors: RefCell::default(),
        }
    }

    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }

    fn push(&self, place: &Place, expected: impl Into<String>, got: impl Into<String>) {
        self.errors.borrow_mut().push(place, expected, got);
    }

    pub(super) fn into_errors(self) -> Vec<ProvisionError> {
        self.errors.into_inner().0
    }
}

/// The text as a table, or everything that keeps it from being TOML.
pub(super) fn document(text: &str) -> Result<Spanned<DeTable<'_>>, Vec<ProvisionError>> {
    let source = Source::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table);
    }
    Err(errors
        .iter()
        .map(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = source.line(at);
            let begin = source.starts.get(line - 1).copied().unwrap_or(0);
            let rest = text.get(begin..).unwrap_or_default();
            ProvisionError {
                line,
                key: String::new(),
                expected: format!("TOML ({})", error.message()),
                got: shown(rest.lines().next().unwrap_or_default()),
            }
        })
        .collect())
}

/// A table of the file. Every key that is asked for is a known one; [`Table::finish`] reports the others.
pub(super) struct Table<'a> {
    pub(super) place: Place,
    path: String,
    entries: Vec<Entry<'a>>,
    known: RefCell<Vec<&'static str>>,
    source: &'a Source,
}

struct Entry<'a> {
    key: &'a str,
    line: usize,
    value: &'a DeValue<'a>,
}

impl<'a> Table<'a> {
    /// The table of the whole file.
    pub(super) fn root(source: &'a Source, table: &'a Spanned<DeTable<'a>>) -> Self {
        let place = Place {
            line: 1,
            key: String::new(),
        };
        Self::new(source, table.get_ref(), place)
    }

    fn new(source: &'a Source, table: &'a DeTable<'a>, place: Place) -> Self {
        let mut entries: Vec<(usize, Entry<'a>)> = table
            .iter()
            .map(|(key, value)| {
                let at = key.span().start;
                let entry = Entry {
                    key: key.get_ref().as_ref(),
                    line: source.line(at),
                    value: value.get_ref(),
                };
                (at, entry)
            })
            .collect();
        // The parser sorts keys by name; their order in the file is the order of tags and tokens.
        entries.sort_by_key(|(at, _)| *at);
        Self {
            path: place.key.clone(),
            place,
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
            known: RefCell::default(),
            source,
        }
    }

    fn place_of(&self, key: &str, line: usize) -> Place {
        let key = &if key.len() > 60 || key.chars().any(char::is_control) {
            shown(key)
        } else {
            key.to_owned()
        };
        let key = if self.path.is_empty() {
            key.clone()
        } else {
            format!("{}.{key}", self.path)
        };
        Place { line, key }
    }

    fn get(&self, key: &'static str) -> Option<At<&'a DeValue<'a>>> {
        self.known.borrow_mut().push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(At {
            value: entry.value,
            place: self.place_of(key, entry.line),
        })
    }

    /// Says that something is wrong.
    pub(super) fn wrong(&self, place: &Place, expected: impl Into<String>, got: impl Into<String>) {
        self.source.push(place, expected, got);
    }

    /// Reports a required key that is not there. `None` also if it is there, but wrong.
    pub(super) fn required<T>(
        &self,
        key: &'static str,
        what: &str,
        value: Option<At<T>>,
    ) -> Option<At<T>> {
        if value.is_none() && !self.entries.iter().any(|entry| entry.key == key) {
            let place = self.place_of(key, self.place.line);
            self.wrong(&place, what, "nothing (the key is required)");
        }
        value
    }

    fn read<T>(
        &self,
        key: &'static str,
        what: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<At<T>> {
        let At { value, place } = self.get(key)?;
        match read(value) {
            Some(value) => Some(At { value, place }),
            None => {
                self.wrong(&place, what, described(value));
                None
            }
        }
    }

    pub(super) fn boolean(&self, key: &'static str) -> Option<At<bool>> {
        self.read(key, "true or false", |value| match value {
            DeValue::Boolean(value) => Some(*value),
            _ => None,
        })
    }

    pub(super) fn integer(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<At<i64>> {
        let what = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(key, &what, |value| {
            integer(value).filter(|number| range.contains(number))
        })
    }

    /// The number of a row: ids are positive and have 31 bits (DM-GEN-1).
    pub(super) fn id(&self, key: &'static str) -> Option<At<i64>> {
        self.integer(key, 1..=i64::from(i32::MAX))
    }

    /// Any text that XML can carry.
    pub(super) fn text(&self, key: &'static str) -> Option<At<String>> {
        self.read(key, "a text without control characters", |value| {
            string(value).filter(|text| text.chars().all(allowed_in_text))
        })
    }

    /// A text of one line with something in it.
    pub(super) fn line(&self, key: &'static str) -> Option<At<String>> {
        self.read(
            key,
            "a text of one line, without control characters",
            |value| string(value).filter(|text| is_line(text)),
        )
    }

    /// A name: 1 to 255 characters without control characters (PRV-6).
    pub(super) fn name(&self, key: &'static str) -> Option<At<String>> {
        self.read(key, NAME, |value| {
            string(value).filter(|text| is_name(text))
        })
    }

    /// A name that must be there.
    pub(super) fn required_name(&self, key: &'static str) -> Option<At<String>> {
        let name = self.name(key);
        self.required(key, NAME, name)
    }

    /// One of the given words, which stand for values.
    pub(super) fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<At<T>> {
        let what = format!("one of {}", listed(words.iter().map(|(word, _)| *word)));
        self.read(key, &what, |value| {
            let text = string(value)?;
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, value)| *value)
        })
    }

    /// A list of texts, each with its place.
    pub(super) fn names(&self, key: &'static str) -> Option<At<Vec<At<String>>>> {
        let At { value, place } = self.get(key)?;
        let DeValue::Array(array) = value else {
            self.wrong(&place, "a list of texts", described(value));
            return None;
        };
        let mut names = Vec::with_capacity(array.len());
        for item in array.iter() {
            let place = self.place_of(key, self.source.line(item.span().start));
            match string(item.get_ref()).filter(|text| is_name(text)) {
                Some(value) => names.push(At { value, place }),
                None => self.wrong(&place, NAME, described(item.get_ref())),
            }
        }
        Some(At {
            value: names,
            place,
        })
    }

    /// A date-time without zone, as a text or as TOML's own.
    pub(super) fn local_time(&self, key: &'static str) -> Option<At<jiff::civil::DateTime>> {
        self.read(
            key,
            "a date-time without zone, like 2011-08-01T11:00:00",
            |value| {
                let text = match value {
                    DeValue::Datetime(time) => time.to_string(),
                    value => string(value)?,
                };
                let time = mktows_datetime::DateTime::parse(&text).ok()?;
                time.offset.is_none().then_some(time.civil)
            },
        )
    }

    /// A number, a date or a text, as it is written in the file.
    pub(super) fn scalar(&self, key: &'static str, what: &str) -> Option<At<String>> {
        self.read(key, what, |value| match value {
            DeValue::Integer(_) => integer(value).map(|number| number.to_string()),
            DeValue::Float(number) => Some(number.as_str().replace('_', "")),
            DeValue::Boolean(value) => Some(value.to_string()),
            DeValue::Datetime(time) => Some(time.to_string()),
            value => string(value).filter(|text| text.chars().all(allowed_in_text)),
        })
    }

    /// A table of texts by name, in the order of the file.
    pub(super) fn pairs(&self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        let Some(table) = self.table(key) else {
            return Vec::new();
        };
        let mut pairs = Vec::with_capacity(table.entries.len());
        for entry in &table.entries {
            let place = table.place_of(entry.key, entry.line);
            let value = string(entry.value).filter(|text| text.chars().all(allowed_in_text));
            match (is_name(entry.key), value) {
                (true, Some(value)) => pairs.push((
                    At {
                        value: entry.key.to_owned(),
                        place: place.clone(),
                    },
                    At { value, place },
                )),
                (true, None) => table.wrong(&place, "a text", described(entry.value)),
                (false, _) => table.wrong(&place, NAME, shown(entry.key)),
            }
        }
        pairs
    }

    /// A table inside this one.
    pub(super) fn table(&self, key: &'static str) -> Option<Table<'a>> {
        let At { value, place } = self.get(key)?;
        match value {
            DeValue::Table(table) => Some(Table::new(self.source, table, place)),
            _ => {
                self.wrong(&place, "a table", described(value));
                None
            }
        }
    }

    /// A list of tables inside this one; empty if there is none.
    pub(super) fn tables(&self, key: &'static str) -> Option<At<Vec<Table<'a>>>> {
        let At { value, place } = self.get(key)?;
        let what = if self.path.is_empty() {
            format!("a list of tables, each headed [[{key}]]")
        } else {
            "a list of tables".to_owned()
        };
        let DeValue::Array(array) = value else {
            self.wrong(&place, what, described(value));
            return None;
        };
        let mut tables = Vec::with_capacity(array.len());
        for item in array.iter() {
            let place = self.place_of(key, self.source.line(item.span().start));
            match item.get_ref() {
                DeValue::Table(table) => tables.push(Table::new(self.source, table, place)),
                other => self.wrong(&place, what.as_str(), described(other)),
            }
        }
        Some(At {
            value: tables,
            place,
        })
    }

    /// Reports the keys that nobody asked for, each with the nearest known one (PRV-1).
    pub(super) fn finish(self) {
        let known = self.known.borrow();
        for entry in &self.entries {
            if !known.contains(&entry.key) {
                let place = self.place_of(entry.key, entry.line);
                self.source.errors.borrow_mut().unknown(
                    &place,
                    "a known key",
                    entry.key,
                    known.iter().copied(),
                );
            }
        }
    }
}

const NAME: &str = "a name of 1 to 255 characters, without control characters";

fn string(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.as_ref().to_owned()),
        _ => None,
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    }
}

/// Whether the text can be a name (PRV-6).
pub(crate) fn is_name(text: &str) -> bool {
    is_line(text) && text.chars().count() <= NAME_CHARS
}

fn is_line(text: &str) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    !text.trim().is_empty() && !text.chars().any(odd)
}

fn allowed_in_text(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}

/// Words for a message: `a, b, c`.
pub(super) fn listed<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => shown(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
