//! How a value is written so that it stays a value where it stands.

use std::fmt::Write;

/// Where a text goes, and so how the values in it are escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// As it is.
    Plain,
    /// Text and quoted attributes of HTML.
    Html,
    /// The inside of a JSON string: the template has the quotes.
    Json,
    /// A part of a URL or of a form: all but letters, digits and `-._~` as %XX of UTF-8, so that no value can change host,
    /// path or query.
    Url,
}

impl Escape {
    /// What the body of a webhook needs, by its content type; parameters such as `charset` do not count.
    pub fn for_content_type(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "application/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Url,
            "text/html" => Self::Html,
            _ => Self::Plain,
        }
    }

    /// Writes a value.
    pub(super) fn write(self, text: &str, out: &mut String) {
        match self {
            Self::Plain => out.push_str(text),
            Self::Html => text.chars().for_each(|c| html(c, out)),
            Self::Json => text.chars().for_each(|c| json(c, out)),
            Self::Url => text.bytes().for_each(|byte| url(byte, out)),
        }
    }
}

fn html(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        _ => out.push(c),
    }
}

fn json(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // The last two end a line in JavaScript, where some receivers put such a text.
        '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => hex(out, "\\u", 4, u32::from(c)),
        _ => out.push(c),
    }
}

fn url(byte: u8, out: &mut String) {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            out.push(char::from(byte));
        }
        _ => hex(out, "%", 2, u32::from(byte)),
    }
}

fn hex(out: &mut String, mark: &str, width: usize, number: u32) {
    // Writing to a String does not fail.
    let _ = write!(out, "{mark}{number:0width$X}");
}

/// A text for a place that has one line: the subject, names and addresses of a mail. Line breaks become one blank and
/// other control characters are dropped, so that a value cannot add a header.
pub fn one_line(text: &str) -> String {
    let broken = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let lines = text
        .split(broken)
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let mut line = lines.collect::<Vec<_>>().join(" ");
    line.retain(|c| !c.is_control());
    line
}
