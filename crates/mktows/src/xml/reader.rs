//! Reading of elements in one pass, without a tree.

use super::XmlType;
use super::references::{check_references, resolved, with_line_feeds};
use super::simple::quoted;
use super::tokens::{Start, Token, Tokens, attributes};
use super::writer::Side;
use crate::fault::{Fault, FaultCode};
use crate::limits::Limits;
use memchr::memchr;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// A start tag.
#[derive(Debug, Clone)]
pub(crate) struct Tag<'a> {
    /// The local name: below the Body's child namespaces do not count (REQ-1).
    pub(crate) name: &'a str,
    /// Whether `xsi:nil` says so.
    pub(crate) nil: bool,
    /// `xsi:type` without its prefix (REQ-7).
    pub(crate) xsi_type: Option<&'a str>,
    /// The id that `href` refers to (REQ-23).
    href: Option<&'a str>,
    /// Whether a header block must be understood (REQ-19).
    pub(crate) must_understand: bool,
    /// `<a/>`: there is no end tag.
    empty: bool,
}

impl<'a> Tag<'a> {
    /// One without attributes.
    fn plain(name: &'a str) -> Self {
        Self {
            name,
            nil: false,
            xsi_type: None,
            href: None,
            must_understand: false,
            empty: false,
        }
    }
}

/// A value or a missing member that ends the call, but only after its sender is known.
struct Problem<'a> {
    missing: bool,
    name: &'a str,
    fault: Fault,
}

/// A message as it is read. All limits hold here (REQ-20).
pub(crate) struct Reader<'a> {
    /// The whole message, in which ids are looked for.
    message: &'a str,
    /// What is being read: the message, or an element that a reference led to.
    tokens: Tokens<'a>,
    /// Where that begins in the message.
    base: usize,
    side: Side,
    /// The namespaces that the elements around here have declared, the innermost last.
    namespaces: Vec<Namespace<'a>>,
    limits: &'a Limits,
    elements: usize,
    depth: usize,
    problems: Vec<Problem<'a>>,
    targets: Option<HashMap<String, Range<usize>>>,
    /// Where the references stand that are being followed.
    references: Vec<usize>,
    /// Bytes that were read again through references.
    expanded: usize,
}

/// A namespace that an element has declared.
struct Namespace<'a> {
    /// The depth of that element.
    depth: usize,
    /// Without one it is the default of elements.
    prefix: Option<&'a str>,
    name: &'a str,
}

/// Namespaces that may be declared around one element.
const MAX_NAMESPACES: usize = 128;

/// The namespace that needs no declaration.
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// What stands next on a level.
pub(crate) enum Next<'a> {
    /// A start tag with the namespace of its name, if it has one.
    Start(Tag<'a>, Option<&'a str>),
    /// The end of the level.
    End,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, side: Side, limits: &'a Limits) -> Self {
        Self {
            message: text,
            tokens: Tokens::new(text),
            base: 0,
            side,
            namespaces: Vec::new(),
            limits,
            elements: 0,
            depth: 0,
            problems: Vec::new(),
            targets: None,
            references: Vec::new(),
            expanded: 0,
        }
    }

    /// What is read: a request or a response.
    pub(crate) fn side(&self) -> Side {
        self.side
    }

    /// The next element of a level, or its end. Text beside elements is skipped, a DOCTYPE is refused (REQ-15). `tag`
    /// is the element whose level it is; without it, the document.
    pub(crate) fn next(&mut self, tag: Option<&Tag<'a>>) -> Result<Next<'a>, Fault> {
        if tag.is_some_and(|tag| tag.empty) {
            return Ok(Next::End);
        }
        loop {
            match self.tokens.next()? {
                Some(Token::Start(start)) => return self.start(start),
                Some(Token::End) => {
                    self.end();
                    return Ok(Next::End);
                }
                Some(Token::Text(text) | Token::CData(text))
                    if tag.is_none() && !text.trim_ascii().is_empty() =>
                {
                    return Err(Fault::not_understood(
                        "there is text outside of the envelope",
                    ));
                }
                Some(Token::Text(text)) => check_references(text)?,
                Some(Token::CData(_)) => {}
                None if tag.is_none() => return Ok(Next::End),
                None => return Err(cut_off()),
            }
        }
    }

    /// The next child of an element.
    pub(crate) fn child(&mut self, tag: &Tag<'a>) -> Result<Option<Tag<'a>>, Fault> {
        match self.next(Some(tag))? {
            Next::Start(child, _) => Ok(Some(child)),
            Next::End => Ok(None),
        }
    }

    /// The next child of an array, whose members mostly are elements of this name.
    pub(crate) fn member_of(
        &mut self,
        tag: &Tag<'a>,
        name: &str,
    ) -> Result<Option<Tag<'a>>, Fault> {
        if self.fits(tag, name)
            && let Some(name) = self.tokens.plain_start(name)
        {
            self.elements += 1;
            self.depth += 1;
            return Ok(Some(Tag::plain(name)));
        }
        self.child(tag)
    }

    /// The text of the next child, if it has this name and the usual form; nothing has happened otherwise.
    pub(crate) fn plain_child(&mut self, tag: &Tag<'a>, name: &str) -> Option<&'a str> {
        if !self.fits(tag, name) {
            return None;
        }
        let text = self.tokens.plain_element(name)?;
        self.elements += 1;
        Some(text)
    }

    /// Whether an element may have another child of this name, so that nothing but its form is left to be looked at.
    fn fits(&self, tag: &Tag<'a>, name: &str) -> bool {
        let limits = self.limits;
        !tag.empty
            && self.elements < limits.elements
            && self.depth + self.references.len() < limits.depth
            && name.len() <= limits.name_bytes
    }

    /// Whether there is nothing in an element that has just begun, here or elsewhere.
    pub(crate) fn is_bare(&self, tag: &Tag<'a>) -> bool {
        tag.href.is_none() && (tag.empty || self.tokens.ends_next())
    }

    /// Passes over an element with its content (REQ-2).
    pub(crate) fn skip(&mut self, tag: &Tag<'a>) -> Result<(), Fault> {
        if tag.empty {
            return Ok(());
        }
        let outside = self.depth - 1;
        while self.depth > outside {
            match self.tokens.next()? {
                Some(Token::Start(start)) => {
                    self.start(start)?;
                }
                Some(Token::End) => self.end(),
                Some(Token::Text(text)) => check_references(text)?,
                Some(Token::CData(_)) => {}
                None => return Err(cut_off()),
            }
        }
        Ok(())
    }

    /// The text of an element: its pieces put together over comments, CDATA and references (REQ-14). Who sends markup in a text
    /// without escaping it must hear of it, or it would be stored without its words; what answers hold is only read.
    pub(crate) fn text(&mut self, tag: &Tag<'a>) -> Result<Cow<'a, str>, Fault> {
        let mut text = Cow::Borrowed("");
        if tag.empty {
            return Ok(text);
        }
        // Nearly every element.
        if let Some(text) = self.tokens.plain_text() {
            self.end();
            return Ok(Cow::Borrowed(text));
        }
        loop {
            let piece = match self.tokens.next()? {
                Some(Token::Text(piece)) => resolved(piece)?,
                Some(Token::CData(piece)) => with_line_feeds(piece),
                Some(Token::Start(start)) => {
                    if let Next::Start(child, _) = self.start(start)? {
                        if self.side == Side::Request {
                            return Err(Fault::not_understood(&format!(
                                "{} holds an element {} where text is expected; markup in a text must be escaped",
                                tag.name,
                                quoted(child.name)
                            )));
                        }
                        self.skip(&child)?;
                    }
                    continue;
                }
                Some(Token::End) => {
                    self.end();
                    return Ok(text);
                }
                None => return Err(cut_off()),
            };
            if text.is_empty() {
                text = piece;
            } else {
                text.to_mut().push_str(&piece);
            }
        }
    }

    /// Reads a member of a sequence. Absent, nil and empty members are none (REQ-8), whatever was wrong in them.
    pub(crate) fn member<T: XmlType>(&mut self, child: &Tag<'a>) -> Result<Option<T>, Fault> {
        let before = self.problems.len();
        let mut given = false;
        let value = self.content(child, &mut given)?;
        if !given {
            self.problems.truncate(before);
            return Ok(None);
        }
        self.name_problems(before, child.name);
        Ok(value)
    }

    /// Reads a member of an array, which counts also when it is empty.
    pub(crate) fn item<T: XmlType>(&mut self, child: &Tag<'a>) -> Result<Option<T>, Fault> {
        let before = self.problems.len();
        let value = self.content(child, &mut false)?;
        self.name_problems(before, child.name);
        Ok(value)
    }

    /// Starts a sequence; give the result to [`Reader::leave`].
    pub(crate) fn enter(&mut self) -> usize {
        self.problems.len()
    }

    /// Ends a sequence: of all its problems one stays. Missing members come before bad values, then the order of the
    /// schema decides (protocol section 6, step 7).
    pub(crate) fn leave(&mut self, outer: usize, order: &[&str]) {
        if self.problems.len() <= outer + 1 {
            return;
        }
        let place = |problem: &Problem<'_>| {
            (
                !problem.missing,
                order
                    .iter()
                    .position(|name| *name == problem.name)
                    .unwrap_or(order.len()),
            )
        };
        let first = self.problems.drain(outer..).reduce(|best, next| {
            if place(&next) < place(&best) {
                next
            } else {
                best
            }
        });
        self.problems.extend(first);
    }

    /// Notes that a required member is missing from the sequence that began at `outer`.
    pub(crate) fn missing(&mut self, outer: usize, type_name: &str, name: &'static str) {
        // A member that came, but could not be read, has been noted already.
        if !self.problems[outer..]
            .iter()
            .any(|problem| problem.name == name)
        {
            let fault = Fault::missing_in(type_name, name);
            self.problems.push(Problem {
                // COM-5: a key without a value is a bad key, so a value.
                missing: fault.code != FaultCode::LeadKeyBad,
                name,
                fault,
            });
        }
    }

    /// Notes that a value cannot be read.
    pub(crate) fn refused(&mut self, fault: Fault) {
        self.problems.push(Problem {
            missing: false,
            name: "",
            fault,
        });
    }

    /// The fault that the message deserves, if any.
    pub(crate) fn problem(&mut self) -> Option<Fault> {
        self.problems.drain(..).next().map(|problem| problem.fault)
    }

    fn name_problems(&mut self, from: usize, name: &'a str) {
        for problem in &mut self.problems[from..] {
            problem.name = name;
        }
    }

    /// Reads the content of an element, or of the one that it refers to (REQ-23).
    fn content<T: XmlType>(&mut self, tag: &Tag<'a>, given: &mut bool) -> Result<Option<T>, Fault> {
        let Some(id) = tag.href else {
            return T::read(self, tag, given);
        };
        self.references.push(self.base + self.tokens.position() - 1);
        self.skip(tag)?;
        let target = self.target(id)?;
        if self.references.iter().any(|at| target.contains(at)) {
            return Err(Fault::not_understood(&format!(
                "the id {} refers to itself",
                quoted(id)
            )));
        }
        let part = &self.message[target.clone()];
        self.expanded += part.len();
        if self.expanded > self.limits.bytes {
            return Err(Fault::not_understood(&format!(
                "references make the message longer than {} bytes",
                self.limits.bytes
            )));
        }
        let outer = (
            std::mem::replace(&mut self.tokens, Tokens::new(part)),
            std::mem::replace(&mut self.base, target.start),
        );
        let value = match self.next(None)? {
            Next::Start(start, _) => T::read(
                self,
                &Tag {
                    name: tag.name,
                    href: None,
                    ..start
                },
                given,
            ),
            Next::End => Err(Fault::not_understood("a reference leads nowhere")),
        }?;
        (self.tokens, self.base) = outer;
        self.references.pop();
        Ok(value)
    }

    fn target(&mut self, id: &str) -> Result<Range<usize>, Fault> {
        let targets = match self.targets.take() {
            Some(targets) => targets,
            None => targets(self.message, self.limits)?,
        };
        let found = targets.get(id).cloned();
        self.targets = Some(targets);
        found.ok_or_else(|| Fault::not_understood(&format!("nothing has the id {}", quoted(id))))
    }

    fn start(&mut self, start: Start<'a>) -> Result<Next<'a>, Fault> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(Fault::not_understood(&format!(
                "more than {} elements",
                self.limits.elements
            )));
        }
        let depth = self.depth + 1;
        if depth + self.references.len() > self.limits.depth {
            return Err(too_deep(self.limits));
        }
        if start.name.len() > self.limits.name_bytes {
            return Err(Fault::not_understood(&format!(
                "a name is longer than {} bytes",
                self.limits.name_bytes
            )));
        }
        let (prefix, name) = match memchr(b':', start.name.as_bytes()) {
            Some(colon) => (Some(&start.name[..colon]), &start.name[colon + 1..]),
            None => (None, start.name),
        };
        let mut tag = Tag {
            empty: start.empty,
            ..Tag::plain(name)
        };
        // Elements without attributes, nearly all there are, declare nothing.
        if !start.attributes.is_empty() {
            self.attributes(start.attributes, depth, &mut tag)?;
        }
        // Deep inside the body only an undeclared prefix would matter (REQ-1).
        let namespace = match prefix {
            None if depth > 4 => None,
            prefix => self.namespace(prefix)?,
        };
        match start.empty {
            true => self.undeclare(depth),
            false => self.depth = depth,
        }
        Ok(Next::Start(tag, namespace))
    }

    /// Leaves an element.
    fn end(&mut self) {
        self.undeclare(self.depth);
        self.depth -= 1;
    }

    /// Forgets what an element at this depth declared.
    fn undeclare(&mut self, depth: usize) {
        while self.namespaces.last().is_some_and(|own| own.depth == depth) {
            self.namespaces.pop();
        }
    }

    /// The namespace of a prefix. What a reference led to may have its declarations elsewhere (REQ-23).
    fn namespace(&self, prefix: Option<&str>) -> Result<Option<&'a str>, Fault> {
        let mut around = self.namespaces.iter().rev();
        let declared = around
            .find(|own| own.prefix == prefix)
            .map(|own| own.name)
            .filter(|name| !name.is_empty());
        match (declared, prefix) {
            (Some(name), _) => Ok(Some(name)),
            (None, Some("xml")) => Ok(Some(XML_NAMESPACE)),
            (None, Some(prefix)) if self.references.is_empty() => Err(Fault::not_understood(
                &format!("the prefix {} is not declared", quoted(prefix)),
            )),
            (None, _) => Ok(None),
        }
    }

    /// Of all attributes only declarations of namespaces, `xsi:type`, `xsi:nil`, `href` and, in headers, `mustUnderstand`
    /// count (REQ-6, REQ-21).
    fn attributes(&mut self, text: &'a str, depth: usize, tag: &mut Tag<'a>) -> Result<(), Fault> {
        let mut seen: Vec<&str> = Vec::new();
        for (count, attribute) in attributes(text).enumerate() {
            if count >= self.limits.attributes {
                return Err(Fault::not_understood(&format!(
                    "an element has more than {count} attributes"
                )));
            }
            let (key, value) = attribute?;
            if key.len() > self.limits.name_bytes || value.len() > self.limits.name_bytes {
                return Err(Fault::not_understood(&format!(
                    "an attribute is longer than {} bytes",
                    self.limits.name_bytes
                )));
            }
            seen.push(key);
            let word = value.trim();
            match key.split_once(':').unwrap_or(("", key)) {
                ("", "xmlns") => self.declare(depth, None, value)?,
                ("xmlns", prefix) => self.declare(depth, Some(prefix), value)?,
                ("", "href") => tag.href = word.strip_prefix('#'),
                (prefix, "nil") if !prefix.is_empty() => tag.nil = matches!(word, "true" | "1"),
                (prefix, "type") if !prefix.is_empty() => {
                    tag.xsi_type = Some(word.rsplit(':').next().unwrap_or(word));
                }
                (_, "mustUnderstand") => tag.must_understand = matches!(word, "1" | "true"),
                _ => {}
            }
        }
        if seen.len() > 1 {
            seen.sort_unstable();
            if let Some(twice) = seen.windows(2).find(|pair| pair[0] == pair[1]) {
                let name = quoted(twice[0]);
                return Err(Fault::not_understood(&format!(
                    "an element has the attribute {name} twice"
                )));
            }
        }
        Ok(())
    }

    fn declare(
        &mut self,
        depth: usize,
        prefix: Option<&'a str>,
        name: &'a str,
    ) -> Result<(), Fault> {
        if self.namespaces.len() >= MAX_NAMESPACES {
            return Err(Fault::not_understood(&format!(
                "more than {MAX_NAMESPACES} namespaces are declared"
            )));
        }
        self.namespaces.push(Namespace {
            depth,
            prefix,
            name,
        });
        Ok(())
    }
}

/// The parts of a message that have an id. The first of two equal ones counts.
fn targets(text: &str, limits: &Limits) -> Result<HashMap<String, Range<usize>>, Fault> {
    let mut found = HashMap::new();
    let mut open: Vec<Option<(String, usize)>> = Vec::new();
    let mut tokens = Tokens::new(text);
    let id = |start: &Start<'_>| {
        let mut own = attributes(start.attributes)
            .take_while(Result::is_ok)
            .flatten();
        let (_, id) = own.find(|(name, _)| *name == "id")?;
        (id.len() <= limits.name_bytes).then(|| id.trim().to_owned())
    };
    loop {
        let from = tokens.position();
        let token = tokens.next();
        match token {
            Ok(Some(Token::Start(start))) if start.empty => {
                if let Some(id) = id(&start) {
                    found.entry(id).or_insert(from..tokens.position());
                }
            }
            Ok(Some(Token::Start(_))) if open.len() >= limits.depth => {
                return Err(too_deep(limits));
            }
            Ok(Some(Token::Start(start))) => open.push(id(&start).map(|id| (id, from))),
            Ok(Some(Token::End)) => {
                if let Some(Some((id, from))) = open.pop() {
                    found.entry(id).or_insert(from..tokens.position());
                }
            }
            Ok(Some(Token::Text(_) | Token::CData(_))) => {}
            // What is wrong in the message is found by whoever reads it.
            Ok(None) | Err(_) => return Ok(found),
        }
        if found.len() > limits.elements {
            return Err(Fault::not_understood("more ids than elements are allowed"));
        }
    }
}

fn too_deep(limits: &Limits) -> Fault {
    Fault::not_understood(&format!("elements are nested deeper than {}", limits.depth))
}

fn cut_off() -> Fault {
    Fault::not_understood("the message ends in the middle of an element")
}
