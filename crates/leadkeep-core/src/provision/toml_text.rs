//! How values are written in TOML.

use serde_json::Value;
use std::fmt::Write;

/// A basic string in one line.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing into a string does not fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A key, in quotes where it needs them.
pub(super) fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(is_bare) {
        return name.to_owned();
    }
    quoted(name)
}

/// `[a, b]` of values that are written already.
pub(super) fn array(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(", "))
}

/// `{ a = 1, b = 2 }` of values that are written already.
pub(super) fn inline_table<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let pairs = pairs.into_iter();
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{} = {value}", key(name)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A value that is kept as JSON. TOML has no null, which none of them is.
pub(super) fn value(json: &Value) -> String {
    match json {
        Value::String(text) => quoted(text),
        Value::Array(items) => array(items.iter().map(value)),
        Value::Object(pairs) => inline_table(
            pairs
                .iter()
                .map(|(name, inner)| (name.as_str(), value(inner))),
        ),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_reads_back() {
        let control: String = (0..0xA0).filter_map(char::from_u32).collect();
        for text in [
            "",
            "plain",
            "a\"b\\c",
            "two\r\nlines\t",
            "日本 🎉 ' ''' \"\"\"",
            &control,
        ] {
            let toml = format!("{} = {}", key(text), quoted(text));
            let table: toml::Table = toml
                .parse()
                .unwrap_or_else(|error| panic!("{toml}: {error}"));
            assert_eq!(table[text].as_str(), Some(text), "{toml}");
        }
    }

    #[test]
    fn keys_are_bare_where_they_can_be() {
        let keys = ["time_zone", "my-key7", "my.x", "a b", "ä", ""].map(key);
        assert_eq!(
            keys,
            [
                "time_zone",
                "my-key7",
                "\"my.x\"",
                "\"a b\"",
                "\"ä\"",
                "\"\""
            ]
        );
    }
}
