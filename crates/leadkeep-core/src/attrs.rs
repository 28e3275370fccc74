//! The attribute values of one record.

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use std::sync::Arc;

/// Canonical values by field name, in ascending order of name.
///
/// A field without a value is not in here: there are no empty values (COM-17). Values are the canonical texts of
/// [`crate::value`], names the spelling of the field's own definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attrs(Vec<(Arc<str>, String)>);

impl Attrs {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// No values, with room for some.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// The value of a field, by its exact name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.position(name).ok().map(|at| self.0[at].1.as_str())
    }

    /// Sets or clears a value and gives back what stood there before.
    pub fn set(&mut self, name: &Arc<str>, value: Option<String>) -> Option<String> {
        match (self.position(name), value) {
            (Ok(at), Some(value)) => Some(std::mem::replace(&mut self.0[at].1, value)),
            (Ok(at), None) => Some(self.0.remove(at).1),
            (Err(at), Some(value)) => {
                self.0.insert(at, (name.clone(), value));
                None
            }
            (Err(_), None) => None,
        }
    }

    /// Sets the value of a field that has none; whether it did.
    pub(crate) fn set_default(&mut self, name: &Arc<str>, value: impl FnOnce() -> String) -> bool {
        let place = self.position(name);
        if let Err(at) = place {
            self.0.insert(at, (name.clone(), value()));
        }
        place.is_err()
    }

    /// Names and values, in ascending order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &str)> {
        self.0.iter().map(|(name, value)| (name, value.as_str()))
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of fields with a value.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The values as a JSON object of strings, the form in which stores keep them.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(
            2 + self
                .0
                .iter()
                .map(|(n, v)| n.len() + v.len() + 6)
                .sum::<usize>(),
        );
        self.write_json(&mut out);
        out
    }

    /// Writes what [`Attrs::to_json`] gives to the end of a text.
    pub fn write_json(&self, out: &mut String) {
        out.push('{');
        for (at, (name, value)) in self.0.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_json_string(out, name);
            out.push(':');
            push_json_string(out, value);
        }
        out.push('}');
    }

    /// Reads what [`Attrs::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is not a JSON object of strings, which means that somebody else wrote to the database.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        Self::from_json_with(text, &mut Names::default())
    }

    /// As [`Attrs::from_json`], with names that other rows have had already.
    ///
    /// # Errors
    /// As those of [`Attrs::from_json`].
    pub fn from_json_with(text: &str, names: &mut Names) -> Result<Self, serde_json::Error> {
        if let Some(attrs) = plain_pairs(text, names) {
            return Ok(attrs);
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let attrs = Pairs(names).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(attrs)
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        // Values mostly come in the order of their names.
        if self.0.last().is_none_or(|(last, _)| last.as_ref() < name) {
            return Err(self.0.len());
        }
        self.0.binary_search_by(|(own, _)| own.as_ref().cmp(name))
    }
}

impl FromIterator<(Arc<str>, String)> for Attrs {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, String)>>(pairs: I) -> Self {
        let mut attrs = Self::new();
        for (name, value) in pairs {
            attrs.set(&name, Some(value));
        }
        attrs
    }
}

impl IntoIterator for Attrs {
    type Item = (Arc<str>, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// What is known of names that come again and again in much the same order, as those of rows do.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    known: Vec<(Arc<str>, V)>,
    /// Where the name that is expected next stands.
    next: usize,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self {
            known: Vec::new(),
            next: 0,
        }
    }
}

impl<V> Memo<V> {
    /// The next row begins.
    pub(crate) fn begin(&mut self) {
        self.next = 0;
    }

    /// What is known of a name; `find` says it where it comes for the first time.
    pub(crate) fn get(
        &mut self,
        name: &str,
        find: impl FnOnce(&str) -> (Arc<str>, V),
    ) -> &(Arc<str>, V) {
        let is = |at: &usize| self.known[*at].0.as_ref() == name;
        // Rows leave names out more often than they have others.
        let found = (self.next..self.known.len()).find(is);
        let at = found
            .or_else(|| (0..self.next).find(is))
            .unwrap_or_else(|| {
                self.known.insert(self.next, find(name));
                self.next
            });
        self.next = at + 1;
        &self.known[at]
    }
}

/// The names of fields that were read, so that rows share them.
#[derive(Debug, Default)]
pub struct Names(Memo<()>);

impl Names {
    fn get(&mut self, name: &str) -> Arc<str> {
        self.0.get(name, |name| (name.into(), ())).0.clone()
    }
}

/// Reads an object as [`Attrs::to_json`] writes it: without blanks, names in order. Nothing if it is another one, or if there
/// are escapes in it; rows seldom have any.
fn plain_pairs(text: &str, names: &mut Names) -> Option<Attrs> {
    names.0.begin();
    let mut rest = text.strip_prefix('{')?;
    if rest == "}" {
        return Some(Attrs::new());
    }
    let mut pairs: Vec<(Arc<str>, String)> = Vec::with_capacity(16);
    loop {
        let (name, after) = plain_string(rest)?;
        let (value, after) = plain_string(after.strip_prefix(':')?)?;
        if pairs.last().is_some_and(|(last, _)| last.as_ref() >= name) {
            return None;
        }
        pairs.push((names.get(name), value.to_owned()));
        match after.as_bytes() {
            [b',', ..] => rest = &after[1..],
            b"}" => return Some(Attrs(pairs)),
            _ => return None,
        }
    }
}

/// A string of JSON without escapes, and what follows it.
fn plain_string(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let end = first_special(inside.as_bytes())?;
    (inside.as_bytes()[end] == b'"').then(|| (&inside[..end], &inside[end + 1..]))
}

/// Reads an object of strings.
struct Pairs<'n>(&'n mut Names);

impl<'de> DeserializeSeed<'de> for Pairs<'_> {
    type Value = Attrs;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Attrs, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Pairs<'_> {
    type Value = Attrs;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attrs, A::Error> {
        self.0.0.begin();
        let mut pairs: Vec<(Arc<str>, String)> = Vec::with_capacity(map.size_hint().unwrap_or(8));
        let mut sorted = true;
        while let Some(name) = map.next_key_seed(Name(self.0))? {
            sorted &= pairs.last().is_none_or(|(last, _)| *last < name);
            pairs.push((name, map.next_value()?));
        }
        Ok(if sorted {
            Attrs(pairs)
        } else {
            pairs.into_iter().collect()
        })
    }
}

/// Reads a name.
struct Name<'n>(&'n mut Names);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Arc<str>, E> {
        Ok(self.0.get(name))
    }
}

/// Writes a text as a JSON string.
pub(crate) fn push_json_string(out: &mut String, text: &str) {
    if needs_escapes(text.as_bytes()) {
        // A string always serialises; the fallback keeps the function total.
        out.push_str(&serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned()));
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

/// Whether JSON has another form for one of the bytes.
fn needs_escapes(bytes: &[u8]) -> bool {
    first_special(bytes).is_some()
}

/// The place of the first byte for which JSON has another form inside a string: controls, the quote and the backslash.
fn first_special(bytes: &[u8]) -> Option<usize> {
    // Eight at a time: this is a good part of the writer's own time.
    for (at, word) in bytes.as_chunks::<8>().0.iter().enumerate() {
        if let Some(within) = first_special_of(*word) {
            return Some(at * 8 + within);
        }
    }
    match bytes.last_chunk::<8>() {
        // Some of these were looked at already, and are none.
        Some(last) => Some(bytes.len() - 8 + first_special_of(*last)?),
        None => bytes.iter().position(|byte| is_special(*byte)),
    }
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn first_special_of(bytes: [u8; 8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    // The top bit of each byte that is below; only above the first one it may stand without reason.
    let bytes_below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word & TOPS;
    let word = u64::from_le_bytes(bytes);
    let quote = word ^ (ONES * u64::from(b'"'));
    let backslash = word ^ (ONES * u64::from(b'\\'));
    let found = bytes_below(word, 0x20) | bytes_below(quote, 1) | bytes_below(backslash, 1);
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_round_trip_keeps_order_and_odd_characters() {
        let mut attrs = Attrs::new();
        for (name, value) in [
            ("Lead Person", "a\"b"),
            ("Company", "Ünïcode \u{1F600}\n"),
            ("Zip", "\\"),
        ] {
            assert_eq!(attrs.set(&name.into(), Some(value.into())), None);
        }
        let json = attrs.to_json();
        assert_eq!(Attrs::from_json(&json).unwrap(), attrs);
        assert!(json.starts_with("{\"Company\":"), "{json}");
        assert!(Attrs::from_json("[1]").is_err());
    }

    #[test]
    fn the_first_byte_that_needs_an_escape_is_found_at_every_place() {
        for length in 0..20 {
            for at in 0..length {
                for byte in 0..=255 {
                    for around in [b'a', b' ', b'!', 0x7F, 0x80, 0xFF] {
                        let mut bytes = vec![around; length];
                        bytes[at] = byte;
                        let special = byte < 0x20 || byte == b'"' || byte == b'\\';
                        let first = special.then_some(at);
                        assert_eq!(first_special(&bytes), first, "{bytes:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn unsorted_json_is_sorted_on_the_way_in() {
        let attrs = Attrs::from_json(r#"{"b":"2","a":"1"}"#).unwrap();
        assert_eq!(attrs.get("a"), Some("1"));
        assert_eq!(attrs.get("b"), Some("2"));
    }

    #[test]
    fn rows_share_their_names() {
        let mut names = Names::default();
        let rows = [
            r#"{"a":"1","c":"2"}"#,
            r#"{"a":"1","b":"2","c":"3"}"#,
            r#"{"c":"1","d\"":"2"}"#,
            r#"{"a":"1","b":"2","c":"3","d\"":"4"}"#,
        ];
        let read = rows.map(|row| Attrs::from_json_with(row, &mut names).unwrap());
        for (row, attrs) in rows.iter().zip(&read) {
            assert_eq!(attrs.to_json(), *row);
            assert_eq!(Attrs::from_json(row).unwrap(), *attrs);
            for (name, _) in attrs.iter() {
                let (known, ()) = names.0.get(name, |name| panic!("{name}"));
                assert!(Arc::ptr_eq(known, name), "{name}");
            }
        }
        assert_eq!(names.0.known.len(), 4);
        for bad in ["", "[1]", r#"{"a":1}"#, r#"{"a":"1"} x"#] {
            assert!(Attrs::from_json(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        /// What is read the short way is what a parser of JSON reads.
        #[test]
        fn plain_objects_are_read_as_others(text in "\\{?(\"(a|b|c|)\"[:]?\"(x|\u{1}|\\\\n|\\\\\"|\u{e9}|)\"[,]?| ){0,4}\\}?") {
            let mut names = Names::default();
            let mut deserializer = serde_json::Deserializer::from_str(&text);
            let others = Pairs(&mut names).deserialize(&mut deserializer);
            let others = others.and_then(|attrs| deserializer.end().map(|()| attrs));
            if let Some(own) = plain_pairs(&text, &mut Names::default()) {
                proptest::prop_assert_eq!(own, others.unwrap());
            }
        }
    }

    #[test]
    fn setting_nothing_removes() {
        let mut attrs: Attrs = [("a".into(), "1".to_owned())].into_iter().collect();
        assert_eq!(attrs.set(&"a".into(), None), Some("1".to_owned()));
        assert!(attrs.is_empty());
        assert_eq!(attrs.len(), 0);
    }
}
