//! Reading of elements in one pass, without a tree.

use super::XmlType;
use super::writer::Side;
use crate::fault::{Fault, FaultCode};
use crate::limits::Limits;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
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
    pub(crate) xsi_type: Option<String>,
    /// The id that `href` refers to (REQ-23).
    href: Option<String>,
    /// Whether a header block must be understood (REQ-19).
    pub(crate) must_understand: bool,
    /// `<a/>`: there is no end tag.
    empty: bool,
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
    /// The part that `inner` reads: the message, or an element that a reference led to.
    text: &'a str,
    /// Where that part begins.
    base: usize,
    side: Side,
    inner: quick_xml::Reader<&'a [u8]>,
    /// The prefixes that are declared here.
    prefixes: NamespaceResolver,
    /// The depths of the elements around here that may have declared some.
    declared_at: Vec<usize>,
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

/// What stands next on a level.
pub(crate) enum Next<'a> {
    /// A start tag with the namespace of its name, if it has one.
    Start(Tag<'a>, Option<String>),
    /// The end of the level.
    End,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, side: Side, limits: &'a Limits) -> Self {
        Self {
            message: text,
            text,
            base: 0,
            side,
            inner: quick_xml::Reader::from_str(text),
            prefixes: NamespaceResolver::default(),
            declared_at: Vec::new(),
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
            let event = self.event()?;
            match event {
                Event::Start(start) => return self.start(&start, false),
                Event::Empty(start) => return self.start(&start, true),
                Event::End(_) => {
                    self.end();
                    return Ok(Next::End);
                }
                Event::Eof if tag.is_none() => return Ok(Next::End),
                Event::Eof => {
                    return Err(Fault::not_understood(
                        "the message ends in the middle of an element",
                    ));
                }
                Event::Text(text) if tag.is_none() && !text.trim_ascii().is_empty() => {
                    return Err(Fault::not_understood(
                        "there is text outside of the envelope",
                    ));
                }
                Event::GeneralRef(reference) => {
                    resolve(&reference)?;
                }
                _ => {}
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

    /// Passes over an element with its content (REQ-2).
    pub(crate) fn skip(&mut self, tag: &Tag<'a>) -> Result<(), Fault> {
        if tag.empty {
            return Ok(());
        }
        let outside = self.depth - 1;
        while self.depth > outside {
            match self.event()? {
                Event::Start(start) => {
                    self.start(&start, false)?;
                }
                Event::Empty(start) => {
                    self.start(&start, true)?;
                }
                Event::End(_) => self.end(),
                Event::GeneralRef(reference) => {
                    resolve(&reference)?;
                }
                Event::Eof => {
                    return Err(Fault::not_understood(
                        "the message ends in the middle of an element",
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The text of an element: its pieces put together over comments, CDATA and references (REQ-14).
    pub(crate) fn text(&mut self, tag: &Tag<'a>) -> Result<Cow<'a, str>, Fault> {
        let mut text = Cow::Borrowed("");
        if tag.empty {
            return Ok(text);
        }
        loop {
            let piece = match self.event()? {
                Event::Text(piece) => piece.xml10_content(),
                Event::CData(piece) => piece.xml10_content(),
                Event::GeneralRef(reference) => Cow::Owned(resolve(&reference)?.to_string()),
                Event::Start(start) => {
                    if let Next::Start(child, _) = self.start(&start, false)? {
                        self.skip(&child)?;
                    }
                    continue;
                }
                Event::Empty(start) => {
                    self.start(&start, true)?;
                    continue;
                }
                Event::End(_) => {
                    self.end();
                    return Ok(text);
                }
                Event::Eof => {
                    return Err(Fault::not_understood(
                        "the message ends in the middle of an element",
                    ));
                }
                _ => continue,
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
        let Some(id) = &tag.href else {
            return T::read(self, tag, given);
        };
        self.references
            .push(self.base + self.inner.buffer_position() as usize - 1);
        self.skip(tag)?;
        let target = self.target(id)?;
        if self.references.iter().any(|at| target.contains(at)) {
            return Err(Fault::not_understood(&format!(
                "the id {} refers to itself",
                super::simple::quoted(id)
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
            std::mem::replace(&mut self.inner, quick_xml::Reader::from_str(part)),
            std::mem::replace(&mut self.text, part),
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
        (self.inner, self.text, self.base) = outer;
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
        found.ok_or_else(|| {
            Fault::not_understood(&format!("nothing has the id {}", super::simple::quoted(id)))
        })
    }

    fn event(&mut self) -> Result<Event<'a>, Fault> {
        match self.inner.read_event() {
            Ok(Event::DocType(_)) => Err(Fault::not_understood("a DOCTYPE is not allowed")),
            Ok(event) => Ok(event),
            Err(error) => Err(Fault::not_understood(&error.to_string())),
        }
    }

    fn start(&mut self, start: &BytesStart<'a>, empty: bool) -> Result<Next<'a>, Fault> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(Fault::not_understood(&format!(
                "more than {} elements",
                self.limits.elements
            )));
        }
        let depth = self.depth + 1 + self.references.len();
        if depth > self.limits.depth {
            return Err(too_deep(self.limits));
        }
        if !empty {
            self.depth += 1;
        }
        let end = self.inner.buffer_position() as usize - if empty { 2 } else { 1 };
        let content = &self.text[end - start.len()..end];
        let qualified = &content[..start.name().as_ref().len()];
        if qualified.len() > self.limits.name_bytes {
            return Err(Fault::not_understood(&format!(
                "a name is longer than {} bytes",
                self.limits.name_bytes
            )));
        }
        let (prefix, name) = qualified
            .split_once(':')
            .map_or((None, qualified), |(prefix, name)| (Some(prefix), name));
        // Elements without attributes, nearly all there are, declare nothing.
        let has_attributes = content.len() > qualified.len();
        if has_attributes {
            self.prefixes
                .push(start)
                .map_err(|error| Fault::not_understood(&error.to_string()))?;
            self.declared_at.push(self.depth);
        }
        // Deep inside the body only an undeclared prefix would matter (REQ-1).
        let resolved = match prefix {
            None if self.depth > 4 => ResolveResult::Unbound,
            _ => self.prefixes.resolve_element(start.name()).0,
        };
        let namespace = match resolved {
            ResolveResult::Bound(namespace) if self.depth <= 4 => {
                Some(String::from_utf8_lossy(namespace.as_ref().as_bytes()).into_owned())
            }
            ResolveResult::Unknown(_) if self.references.is_empty() => {
                let prefix = prefix.unwrap_or_default();
                return Err(Fault::not_understood(&format!(
                    "the prefix {} is not declared",
                    super::simple::quoted(prefix)
                )));
            }
            _ => None,
        };
        let mut tag = Tag {
            name,
            nil: false,
            xsi_type: None,
            href: None,
            must_understand: false,
            empty,
        };
        if has_attributes {
            self.attributes(start, &mut tag)?;
            if empty {
                self.undeclare();
            }
        }
        Ok(Next::Start(tag, namespace))
    }

    /// Leaves an element.
    fn end(&mut self) {
        if self.declared_at.last() == Some(&self.depth) {
            self.undeclare();
        }
        self.depth -= 1;
    }

    /// Forgets the prefixes that the innermost element with attributes declared.
    fn undeclare(&mut self) {
        self.declared_at.pop();
        self.prefixes.pop();
    }

    /// Of all attributes only `xsi:type`, `xsi:nil`, `href` and, in headers, `mustUnderstand` count (REQ-6, REQ-21).
    fn attributes(&self, start: &BytesStart<'a>, tag: &mut Tag<'a>) -> Result<(), Fault> {
        for (count, attribute) in start.attributes().enumerate() {
            if count >= self.limits.attributes {
                return Err(Fault::not_understood(&format!(
                    "an element has more than {count} attributes"
                )));
            }
            let attribute = attribute.map_err(|error| Fault::not_understood(&error.to_string()))?;
            let key: &str = attribute.key.as_ref();
            if key.len() > self.limits.name_bytes || attribute.value.len() > self.limits.name_bytes
            {
                return Err(Fault::not_understood(&format!(
                    "an attribute is longer than {} bytes",
                    self.limits.name_bytes
                )));
            }
            let value = attribute.value.trim();
            match key
                .split_once(':')
                .map_or(("", key), |(prefix, name)| (prefix, name))
            {
                ("xmlns", _) => {}
                (prefix, "nil") if !prefix.is_empty() => tag.nil = matches!(value, "true" | "1"),
                (prefix, "type") if !prefix.is_empty() => {
                    tag.xsi_type = Some(value.rsplit(':').next().unwrap_or(value).to_owned());
                }
                (_, "mustUnderstand") => tag.must_understand = matches!(value, "1" | "true"),
                ("", "href") => tag.href = value.strip_prefix('#').map(str::to_owned),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The parts of a message that have an id. The first of two equal ones counts.
fn targets(text: &str, limits: &Limits) -> Result<HashMap<String, Range<usize>>, Fault> {
    let mut found = HashMap::new();
    let mut open: Vec<Option<(String, usize)>> = Vec::new();
    let mut reader = quick_xml::Reader::from_str(text);
    let id = |start: &BytesStart<'_>| {
        let attribute = start.try_get_attribute("id").ok().flatten()?;
        let short = attribute.value.len() <= limits.name_bytes;
        short.then(|| attribute.value.trim().to_owned())
    };
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event();
        let here = from..reader.buffer_position() as usize;
        match event {
            Ok(Event::Start(_)) if open.len() >= limits.depth => {
                return Err(too_deep(limits));
            }
            Ok(Event::Start(start)) => open.push(id(&start).map(|id| (id, from))),
            Ok(Event::Empty(start)) => {
                if let Some(id) = id(&start) {
                    found.entry(id).or_insert(here);
                }
            }
            Ok(Event::End(_)) => {
                if let Some(Some((id, from))) = open.pop() {
                    found.entry(id).or_insert(from..here.end);
                }
            }
            // What is wrong in the message is found by whoever reads it.
            Ok(Event::Eof) | Err(_) => return Ok(found),
            Ok(_) => {}
        }
        if found.len() > limits.elements {
            return Err(Fault::not_understood("more ids than elements are allowed"));
        }
    }
}

fn too_deep(limits: &Limits) -> Fault {
    Fault::not_understood(&format!("elements are nested deeper than {}", limits.depth))
}

/// The character of a reference: one of the five entities, or a number.
fn resolve(reference: &BytesRef<'_>) -> Result<char, Fault> {
    let unknown = || {
        let name = reference.borrow().into_inner();
        Fault::not_understood(&format!(
            "the reference {} means nothing",
            super::simple::quoted(&name)
        ))
    };
    if reference.is_char_ref() {
        let character = reference
            .resolve_char_ref()
            .ok()
            .flatten()
            .ok_or_else(unknown)?;
        let allowed = character >= ' ' || matches!(character, '\t' | '\n' | '\r');
        return if allowed && !matches!(character, '\u{FFFE}' | '\u{FFFF}') {
            Ok(character)
        } else {
            Err(unknown())
        };
    }
    match reference.borrow().into_inner().as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(unknown()),
    }
}
