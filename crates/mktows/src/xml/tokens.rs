//! XML as a run of tokens: tags, text and CDATA. All that is none of these is passed over, but a DOCTYPE, which is refused
//! (REQ-15).
//!
//! This is a part of XML 1.0, and the only part that messages have: no DTD, and so no entities of one's own. Tags must
//! match, names and attributes must have their form; references are left to whoever reads the text. Nothing is copied.

use crate::fault::Fault;
use crate::xml::simple::quoted;
use memchr::{memchr, memchr2, memchr3, memmem};

/// A piece of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A start tag.
    Start(Start<'a>),
    /// The end tag of the innermost open element.
    End,
    /// Text between tags, as it stands there: references are in it.
    Text(&'a str),
    /// The inside of a CDATA section.
    CData(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start<'a> {
    /// The name with its prefix.
    pub(crate) name: &'a str,
    /// What follows the name; for [`attributes`].
    pub(crate) attributes: &'a str,
    /// `<a/>`: there is no end tag.
    pub(crate) empty: bool,
}

/// How the tag of an element without content goes on after its name, as clients write it.
const EMPTY: [&[u8]; 2] = [b" xsi:nil=\"true\"/>", b"/>"];

/// Reads tokens one by one.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    open: Vec<&'a str>,
}

impl<'a> Tokens<'a> {
    /// From the beginning of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            open: Vec::new(),
        }
    }

    /// The byte at which the next token begins.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Whether nothing but an end tag follows.
    pub(crate) fn ends_next(&self) -> bool {
        self.text[self.at..].trim_ascii_start().starts_with("</")
    }

    /// The next token; nothing at the end of the text, also if elements are open there.
    pub(crate) fn next(&mut self) -> Result<Option<Token<'a>>, Fault> {
        loop {
            let rest = &self.text[self.at..];
            let bytes = rest.as_bytes();
            let token = match bytes {
                [] => return Ok(None),
                [b'<', b'/', ..] => self.end_tag(rest)?,
                [b'<', b'?', ..] => {
                    let inside = self.pass(rest, "<?", "?>")?;
                    let target = inside.split(char::is_whitespace).next().unwrap_or_default();
                    if !is_name(target) {
                        return Err(not_well_formed(&format!("{} is no name", quoted(target))));
                    }
                    continue;
                }
                [b'<', b'!', ..] => match self.declaration(rest)? {
                    Some(text) => Token::CData(text),
                    None => continue,
                },
                [b'<', ..] => self.start_tag(rest)?,
                _ => {
                    let end = memchr(b'<', bytes).unwrap_or(bytes.len());
                    self.at += end;
                    Token::Text(&rest[..end])
                }
            };
            return Ok(Some(token));
        }
    }

    /// The text of the innermost open element, if there is nothing but text in it, none of it to be resolved, and its end
    /// tag stands there as usual; the element is closed then. Otherwise nothing happens.
    pub(crate) fn plain_text(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let bytes = rest.as_bytes();
        let end = memchr(b'<', bytes)?;
        let name = self.open.last()?;
        let after = bytes[end..].strip_prefix(b"</")?;
        if after.get(name.len()) != Some(&b'>') || !after.starts_with(name.as_bytes()) {
            return None;
        }
        if memchr2(b'&', b'\r', &bytes[..end]).is_some() {
            return None;
        }
        self.at += end + name.len() + 3;
        self.open.pop();
        Some(&rest[..end])
    }

    /// If what comes next is an element of this name, without a prefix, with nothing but text in it, none of it to be
    /// resolved, and with its tags as usual, or one that is empty or nil: its text, and the element is passed. Otherwise
    /// nothing happens.
    pub(crate) fn plain_element(&mut self, name: &str) -> Option<&'a str> {
        let after = self.text.as_bytes()[self.at..].strip_prefix(b"<")?;
        let after = after.strip_prefix(name.as_bytes())?;
        let start = self.at + 1 + name.len();
        let Some(bytes) = after.strip_prefix(b">") else {
            let empty = EMPTY.iter().find(|end| after.starts_with(end))?;
            self.at = start + empty.len();
            return Some("");
        };
        let end = memchr3(b'<', b'&', b'\r', bytes)?;
        let after = bytes[end..].strip_prefix(b"</")?;
        if after.get(name.len()) != Some(&b'>') || !after.starts_with(name.as_bytes()) {
            return None;
        }
        self.at = start + 1 + end + name.len() + 3;
        Some(&self.text[start + 1..start + 1 + end])
    }

    /// If what comes next is the start tag of an element of this name, without a prefix or attributes: the name as it
    /// stands there, and the element is open. Otherwise nothing happens.
    pub(crate) fn plain_start(&mut self, name: &str) -> Option<&'a str> {
        let length = name.len() + 2;
        let tag = self.text.as_bytes()[self.at..].get(..length)?;
        if tag[0] != b'<' || tag[length - 1] != b'>' || tag[1..length - 1] != *name.as_bytes() {
            return None;
        }
        let name = &self.text[self.at + 1..self.at + length - 1];
        self.at += length;
        self.open.push(name);
        Some(name)
    }

    fn start_tag(&mut self, rest: &'a str) -> Result<Token<'a>, Fault> {
        let bytes = rest.as_bytes();
        let length = name_length(&bytes[1..]);
        let name = &rest[1..=length];
        match bytes.get(1 + length) {
            None => return Err(unfinished("a tag")),
            Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r') if begins_name(name) => {}
            Some(_) => {
                let ends = |byte: char| matches!(byte, '>' | '/' | '<') || byte.is_whitespace();
                let word = rest[1..].split(ends).next().unwrap_or_default();
                return Err(match is_name(word) {
                    true => not_well_formed("a tag begins inside of a tag"),
                    false => not_well_formed(&format!("{} is no name", quoted(word))),
                });
            }
        }
        let after = 1 + length;
        let close = match bytes[after] {
            b'>' => after,
            _ => after + tag_end(&bytes[after..])?,
        };
        let inside = &rest[after..close];
        let (attributes, empty) = match inside.strip_suffix('/') {
            Some(attributes) => (attributes, true),
            None => (inside, false),
        };
        self.at += close + 1;
        if !empty {
            self.open.push(name);
        }
        Ok(Token::Start(Start {
            name,
            attributes,
            empty,
        }))
    }

    fn end_tag(&mut self, rest: &'a str) -> Result<Token<'a>, Fault> {
        // Nearly every one.
        if let Some(open) = self.open.last()
            && rest.as_bytes().get(2 + open.len()) == Some(&b'>')
            && rest.as_bytes()[2..].starts_with(open.as_bytes())
        {
            self.at += open.len() + 3;
            self.open.pop();
            return Ok(Token::End);
        }
        let close = memchr(b'>', rest.as_bytes()).ok_or_else(|| unfinished("a tag"))?;
        let name = rest[2..close].trim_ascii_end();
        match self.open.pop() {
            Some(open) if open == name => {
                self.at += close + 1;
                Ok(Token::End)
            }
            Some(open) => Err(not_well_formed(&format!(
                "{} is closed by {}",
                quoted(open),
                quoted(name)
            ))),
            None => Err(not_well_formed(&format!("{} is not open", quoted(name)))),
        }
    }

    /// What begins with `<!`: the inside of a CDATA section, or a comment, which is nothing.
    fn declaration(&mut self, rest: &'a str) -> Result<Option<&'a str>, Fault> {
        if rest.starts_with("<!--") {
            self.pass(rest, "<!--", "-->")?;
            return Ok(None);
        }
        if rest.starts_with("<![CDATA[") {
            return self.pass(rest, "<![CDATA[", "]]>").map(Some);
        }
        let is_doctype = rest
            .get(2..9)
            .is_some_and(|word| word.eq_ignore_ascii_case("DOCTYPE"));
        Err(match is_doctype {
            true => Fault::not_understood("a DOCTYPE is not allowed"),
            false => not_well_formed("`<!` begins neither a comment nor CDATA"),
        })
    }

    /// Passes over all up to and with `end`; gives what stands between.
    fn pass(&mut self, rest: &'a str, begin: &str, end: &str) -> Result<&'a str, Fault> {
        let inside = &rest[begin.len()..];
        let length =
            memmem::find(inside.as_bytes(), end.as_bytes()).ok_or_else(|| unfinished(begin))?;
        self.at += begin.len() + length + end.len();
        Ok(&inside[..length])
    }
}

/// Where the `>` of a tag stands; quoted ones do not count.
fn tag_end(bytes: &[u8]) -> Result<usize, Fault> {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return Ok(at),
            b'<' => return Err(not_well_formed("a tag begins inside of a tag")),
            b'"' | b'\'' => {
                let quoted = memchr(*byte, &bytes[at + 1..]);
                at += 1 + quoted.ok_or_else(|| unfinished("an attribute"))?;
            }
            _ => {}
        }
        at += 1;
    }
    Err(unfinished("a tag"))
}

/// The names and values of attributes, as they stand in a tag.
pub(crate) fn attributes(mut rest: &str) -> impl Iterator<Item = Result<(&str, &str), Fault>> {
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        (!rest.is_empty()).then(|| {
            let (attribute, after) = attribute(rest)?;
            rest = after;
            Ok(attribute)
        })
    })
}

type Attribute<'a> = (&'a str, &'a str);

/// The first attribute of a text, and what follows it.
fn attribute(text: &str) -> Result<(Attribute<'_>, &str), Fault> {
    let end = text
        .bytes()
        .position(|byte| byte == b'=' || byte.is_ascii_whitespace());
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    let odd = || not_well_formed(&format!("the attribute {} is odd", quoted(name)));
    if !is_name(name) {
        return Err(odd());
    }
    let value = rest.trim_ascii_start().strip_prefix('=').ok_or_else(odd)?;
    let value = value.trim_ascii_start();
    let quote = match value.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => *quote,
        _ => return Err(odd()),
    };
    let value = &value[1..];
    let length = memchr(quote, value.as_bytes()).ok_or_else(odd)?;
    Ok(((name, &value[..length]), &value[length + 1..]))
}

/// Whether a byte may stand in a name: XML's names, but for the rarer characters beyond ASCII, which are all let in.
const NAME_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let own = byte as u8;
        table[byte] =
            own.is_ascii_alphanumeric() || matches!(own, b'_' | b':' | b'-' | b'.') || own >= 0x80;
        byte += 1;
    }
    table
};

/// How many bytes at the beginning may stand in a name.
fn name_length(bytes: &[u8]) -> usize {
    let is_over = |byte: &u8| !NAME_BYTES[usize::from(*byte)];
    bytes.iter().position(is_over).unwrap_or(bytes.len())
}

/// Digits, dots and hyphens begin no name.
fn begins_name(text: &str) -> bool {
    let first = text.as_bytes().first();
    first.is_some_and(|first| !matches!(first, b'-' | b'.' | b'0'..=b'9'))
}

fn is_name(text: &str) -> bool {
    begins_name(text) && name_length(text.as_bytes()) == text.len()
}

fn not_well_formed(reason: &str) -> Fault {
    Fault::not_understood(&format!("the message is not well-formed: {reason}"))
}

fn unfinished(what: &str) -> Fault {
    not_well_formed(&format!("{what} has no end"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quick_xml::events::Event;

    /// The tokens of a text, or the reason why it has none, by this reader.
    fn own(text: &str) -> Result<Vec<String>, String> {
        let mut tokens = Tokens::new(text);
        let mut out = Vec::new();
        while let Some(token) = tokens.next().map_err(|fault| fault.text)? {
            out.push(match token {
                Token::Start(start) => {
                    let mut line = format!("<{}", start.name);
                    for attribute in attributes(start.attributes) {
                        let (name, value) = attribute.map_err(|fault| fault.text)?;
                        line.push_str(&format!(" {name}={value}"));
                    }
                    if start.empty {
                        line.push_str(" /");
                    }
                    line
                }
                Token::End => ">".to_owned(),
                Token::Text(text) => text.to_owned(),
                Token::CData(text) => format!("[{text}"),
            });
        }
        Ok(out)
    }

    /// The same by a parser that many others use.
    fn others(text: &str) -> Result<Vec<String>, String> {
        let mut reader = quick_xml::Reader::from_str(text);
        let mut out: Vec<String> = Vec::new();
        let mut in_text = false;
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            let piece = match &event {
                Event::Text(text) => Some(text.to_string()),
                Event::GeneralRef(name) => Some(format!("&{};", &**name)),
                _ => None,
            };
            if let Some(piece) = piece {
                match out.last_mut().filter(|_| in_text) {
                    Some(text) => text.push_str(&piece),
                    None => out.push(piece),
                }
                in_text = true;
                continue;
            }
            in_text = false;
            match event {
                Event::Eof => return Ok(out),
                Event::Start(ref start) | Event::Empty(ref start) => {
                    let name: &str = start.name().into_inner();
                    let mut line = format!("<{name}");
                    for attribute in start.attributes() {
                        let attribute = attribute.map_err(|error| error.to_string())?;
                        let key: &str = attribute.key.as_ref();
                        line.push_str(&format!(" {key}={}", &*attribute.value));
                    }
                    if matches!(event, Event::Empty(_)) {
                        line.push_str(" /");
                    }
                    out.push(line);
                }
                Event::End(_) => out.push(">".to_owned()),
                Event::CData(text) => out.push(format!("[{}", &*text)),
                Event::DocType(_) => return Err("DOCTYPE".to_owned()),
                _ => {}
            }
        }
    }

    #[test]
    fn all_kinds_of_tokens() {
        let text = "<?xml version='1.0'?><!-- <x> --><a:b c = '>' d=\"'\">1 &amp; 2<![CDATA[<&]]><e /></a:b >\n";
        let expected = ["<a:b c=> d='", "1 &amp; 2", "[<&", "<e /", ">", "\n"];
        assert_eq!(own(text).unwrap(), expected);
        assert_eq!(others(text).unwrap(), expected);
    }

    #[test]
    fn plain_text_is_told_from_all_else() {
        for (inside, expected) in [
            ("text</a>", Some("text")),
            ("</a>", Some("")),
            ("a &amp; b</a>", None),
            ("a\rb</a>", None),
            ("a</ab>", None),
            ("a</a >", None),
            ("a<b/></a>", None),
            ("a<!-- --></a>", None),
            ("a", None),
        ] {
            let text = format!("<a>{inside}");
            let mut tokens = Tokens::new(&text);
            tokens.next().unwrap();
            assert_eq!(tokens.plain_text(), expected, "{inside}");
            let end = if expected.is_some() { text.len() } else { 3 };
            assert_eq!(tokens.position(), end, "{inside}");
        }
    }

    #[test]
    fn plain_elements_are_told_from_all_else() {
        for (text, expected) in [
            ("<a>text</a>", Some("text")),
            ("<a></a>", Some("")),
            ("<a>\u{e9}</a><a>x", Some("\u{e9}")),
            ("<ab>text</ab>", None),
            ("<a/>", Some("")),
            ("<a xsi:nil=\"true\"/>", Some("")),
            ("<a xsi:nil=\"false\"/>", None),
            ("<a />", None),
            ("<a b='c'>text</a>", None),
            ("<x:a>text</x:a>", None),
            (" <a>text</a>", None),
            ("<a>a &amp; b</a>", None),
            ("<a>a\rb</a>", None),
            ("<a>text</a >", None),
            ("<a>text</ab>", None),
            ("<a><b/></a>", None),
            ("<a>text<!-- --></a>", None),
            ("<a>text", None),
            ("<a", None),
            ("", None),
        ] {
            let mut tokens = Tokens::new(text);
            assert_eq!(tokens.plain_element("a"), expected, "{text}");
            let end = match expected {
                Some(_) => text.find("<a>x").unwrap_or(text.len()),
                None => 0,
            };
            assert_eq!(tokens.position(), end, "{text}");
            let starts = text.starts_with("<a>");
            let mut tokens = Tokens::new(text);
            assert_eq!(tokens.plain_start("a"), starts.then_some("a"), "{text}");
            assert_eq!(tokens.position(), if starts { 3 } else { 0 }, "{text}");
            if starts && expected.is_some() {
                assert!(
                    matches!(tokens.next(), Ok(Some(Token::Text(_) | Token::End))),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, reason) in [
            ("<a></b>", "`a` is closed by `b`"),
            ("</b>", "`b` is not open"),
            ("<a", "a tag has no end"),
            ("<a b='", "an attribute has no end"),
            ("<a b>", "the attribute `b` is odd"),
            ("<1/>", "`1` is no name"),
            ("<a <b/>", "a tag begins inside of a tag"),
            ("<!-- ", "<!-- has no end"),
            ("<!ELEMENT a>", "`<!` begins neither a comment nor CDATA"),
        ] {
            let said = own(text).unwrap_err();
            let reason = format!("the message is not well-formed: {reason}");
            assert!(said.ends_with(&reason), "{text}: {said}");
        }
        let said = own("<!DOCTYPE a>").unwrap_err();
        assert!(said.ends_with("a DOCTYPE is not allowed"), "{said}");
    }

    proptest! {
        /// Whatever both can read, they read alike; what the other refuses, this one does too.
        #[test]
        fn reads_as_others_do(text in "(<(a|b:c|!--|\\?x|!\\[CDATA\\[|/a|/b:c|)|>|/>|-->|\\]\\]>|\\?>| d='e'| f=\"é>\"|&amp;|x|\n){0,24}") {
            match (own(&text), others(&text)) {
                (Ok(own), Ok(others)) => prop_assert_eq!(own, others),
                // Names that come twice are the reader's to refuse.
                (Ok(_), Err(error)) if error.contains("duplicated attribute") => {}
                (Ok(own), Err(error)) => prop_assert!(false, "{:?} but {}", own, error),
                (Err(_), _) => {}
            }
        }
    }
}
