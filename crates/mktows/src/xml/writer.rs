//! Writing of elements.

use super::{Form, Mark};
use crate::version::Version;

/// What a message is. An answer leaves nothing out that a generated client looks at, and tells nil from empty; a request
/// holds no more than its sender has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
}

/// Collects elements without indentation.
pub(crate) struct Writer {
    out: String,
    side: Side,
    version: Version,
    nil: bool,
}

impl Writer {
    pub(crate) fn new(side: Side, version: Version) -> Self {
        Self {
            out: String::with_capacity(1024),
            side,
            version,
            nil: false,
        }
    }

    /// The version of the address.
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// What was written, and whether it holds a nil.
    pub(crate) fn finish(self) -> (String, bool) {
        (self.out, self.nil)
    }

    /// How much was written so far.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Makes room at once for some elements of about this size, so that an answer with a thousand leads is not copied again
    /// and again while it grows.
    pub(crate) fn expect(&mut self, size: usize, count: usize) {
        /// Elements differ; what the first one is like decides on no more than this.
        const MOST: usize = 4 << 20;
        let room = size.saturating_mul(count);
        self.out.reserve(room.saturating_add(room / 8).min(MOST));
    }

    /// An element with what `content` writes.
    pub(crate) fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.element_with(name, "", content);
    }

    /// An element with attributes as text, each with a blank in front.
    pub(crate) fn element_with(
        &mut self,
        name: &str,
        attributes: &str,
        content: impl FnOnce(&mut Self),
    ) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(attributes);
        self.out.push('>');
        let start = self.out.len();
        content(self);
        if self.out.len() == start {
            self.out.pop();
            self.out.push_str("/>");
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// An element with text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.element(name, |writer| escape(&mut writer.out, text));
    }

    /// Notes that `xsi` is used.
    pub(crate) fn uses_xsi(&mut self) {
        self.nil = true;
    }

    /// What stands for a member without a value (RSP-1 to RSP-3, RSP-5, RSP-7).
    pub(crate) fn absent(&mut self, name: &str, form: Form) {
        let optional = form.mark.is_optional();
        match form.mark {
            _ if optional && self.side == Side::Request => {}
            Mark::Optional | Mark::Many | Mark::Hidden => {}
            // RSP-5: an empty element is no number.
            Mark::Required if matches!(form.type_name, "xs:int" | "xs:long") => {
                self.text(name, "0")
            }
            Mark::Nillable | Mark::OptionalNillable => {
                self.nil = true;
                self.element_with(name, " xsi:nil=\"true\"", |_| {});
            }
            Mark::Required | Mark::OptionalEmpty | Mark::OptionalNillableEmpty => {
                self.element(name, |_| {})
            }
        }
    }
}

/// Escapes text, HTML in it too (RSP-13); drops the characters that XML 1.0 cannot carry (RSP-12).
pub(crate) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| SPECIAL[usize::from(byte)]) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('\r') => out.push_str("&#13;"),
            Some('\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}') | None => {}
            Some(other) => out.push(other),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

/// The bytes with which characters begin that may not stand as they are. A table, since every byte of an answer is
/// looked up in it.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = byte != b'\t' as usize && byte != b'\n' as usize;
        byte += 1;
    }
    special[b'&' as usize] = true;
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    // U+FFFE and U+FFFF, but others too.
    special[0xEF] = true;
    special
};

/// Escapes text for an attribute in double quotes.
pub(crate) fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    out.replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rsp_12_text_is_escaped_and_what_xml_cannot_carry_is_dropped() {
        let mut out = String::new();
        escape(&mut out, "a&b<c>\r\n\t\u{1}\u{FFFE}\"'\u{1F600}é]]>");
        assert_eq!(out, "a&amp;b&lt;c&gt;&#13;\n\t\"'\u{1F600}é]]&gt;");
        out.clear();
        escape(
            &mut out,
            "\u{FEFF}\u{FFFD}&&\u{FFFF}\0\u{FF01}\u{1F}\u{20}z",
        );
        assert_eq!(out, "\u{FEFF}\u{FFFD}&amp;&amp;\u{FF01} z");
        assert_eq!(escape_attribute("a\"<"), "a&quot;&lt;");
    }
}
