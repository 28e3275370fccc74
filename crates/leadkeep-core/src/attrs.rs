//! The attribute values of one record.

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
        out.push('{');
        for (at, (name, value)) in self.0.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_json_string(&mut out, name);
            out.push(':');
            push_json_string(&mut out, value);
        }
        out.push('}');
        out
    }

    /// Reads what [`Attrs::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is not a JSON object of strings, which means that somebody else wrote to the database.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
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

impl<'de> serde::Deserialize<'de> for Attrs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> serde::de::Visitor<'de> for Pairs {
            type Value = Attrs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Attrs, A::Error> {
                let mut pairs: Vec<(Arc<str>, String)> =
                    Vec::with_capacity(map.size_hint().unwrap_or(8));
                let mut sorted = true;
                while let Some((name, value)) = map.next_entry::<Arc<str>, String>()? {
                    sorted &= pairs.last().is_none_or(|(last, _)| *last < name);
                    pairs.push((name, value));
                }
                Ok(if sorted {
                    Attrs(pairs)
                } else {
                    pairs.into_iter().collect()
                })
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

fn push_json_string(out: &mut String, text: &str) {
    if text.bytes().any(|b| b < 0x20 || b == b'"' || b == b'\\') {
        // A string always serialises; the fallback keeps the function total.
        out.push_str(&serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned()));
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
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
    fn unsorted_json_is_sorted_on_the_way_in() {
        let attrs = Attrs::from_json(r#"{"b":"2","a":"1"}"#).unwrap();
        assert_eq!(attrs.get("a"), Some("1"));
        assert_eq!(attrs.get("b"), Some("2"));
    }

    #[test]
    fn setting_nothing_removes() {
        let mut attrs: Attrs = [("a".into(), "1".to_owned())].into_iter().collect();
        assert_eq!(attrs.set(&"a".into(), None), Some("1".to_owned()));
        assert!(attrs.is_empty());
        assert_eq!(attrs.len(), 0);
    }
}
