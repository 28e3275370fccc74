//! Messages made from the description of the types.

use mktows::wsdl::types;
use mktows::xml::{FieldDef, Mark, TypeDef, TypeKind};
use mktows::{MKTOWS_NAMESPACE, SOAP_NAMESPACE, Version};
use std::collections::{BTreeSet, HashMap};

/// Bytes as decisions. An empty tape always decides for the least.
pub(crate) struct Tape<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Tape<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
        }
    }

    /// A number below `count`.
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % count
    }

    fn choose<'b, T: ?Sized>(&mut self, among: &[&'b T]) -> &'b T {
        among[self.pick(among.len())]
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
}

/// An element.
#[derive(Clone)]
pub(crate) struct Node {
    name: String,
    /// The type of a selector.
    xsi_type: Option<&'static str>,
    content: Content,
    /// Whether its children are members of an array, whose order counts.
    array: bool,
}

#[derive(Clone)]
enum Content {
    Text(String),
    Children(Vec<Node>),
    Nil,
}

/// Makes elements of any type, as the schema of one version has it.
pub(crate) struct Maker {
    types: HashMap<&'static str, TypeDef>,
    side: Side,
}

/// Members that count as missing when they are empty, though they are texts of the schema; in answers too.
const NEVER_EMPTY: &[&str] = &[
    "keyValue",
    "objTypeName",
    "objectName",
    "type",
    "programName",
    "campaignName",
    "listName",
    "importFileHeader",
];

impl Maker {
    pub(crate) fn new(side: Side, version: Version) -> Self {
        Self {
            types: types(version)
                .into_iter()
                .map(|definition| (definition.name, definition))
                .collect(),
            side,
        }
    }

    pub(crate) fn node(&self, name: &str, type_name: &str, tape: &mut Tape<'_>) -> Node {
        let leaf = |text: String| Node {
            name: name.to_owned(),
            xsi_type: None,
            content: Content::Text(text),
            array: false,
        };
        match type_name {
            "xs:string" | "xs:anySimpleType" => leaf(text(tape, !NEVER_EMPTY.contains(&name))),
            "xs:int" => leaf(
                tape.choose(&["0", "1", "-7", "1090177", "2147483647", "-2147483648"])
                    .to_owned(),
            ),
            "xs:long" => leaf(
                tape.choose(&["0", "9223372036854775807", "-1", "5000000000"])
                    .to_owned(),
            ),
            "xs:boolean" => leaf(tape.choose(&["false", "true"]).to_owned()),
            "xs:dateTime" => leaf(
                tape.choose(&[
                    "2013-08-01T18:22:30-07:00",
                    "2013-08-02T01:22:30Z",
                    "2013-08-02T01:22:30.1234567",
                ])
                .to_owned(),
            ),
            "tns:LeadSelector" => {
                let of = tape.choose(&[
                    "LeadKeySelector",
                    "StaticListSelector",
                    "LastUpdateAtSelector",
                    // Four, so that a tape of equal bytes can have it with everything else.
                    "LeadKeySelector",
                ]);
                let mut node = self.node(name, &format!("tns:{of}"), tape);
                if matches!(&node.content, Content::Children(children) if children.is_empty()) {
                    node.content = Content::Children(vec![Node {
                        name: "staticListId".to_owned(),
                        ..leaf("7".to_owned())
                    }]);
                }
                node.xsi_type = Some(of);
                node
            }
            _ => {
                let definition = &self.types[type_name];
                match &definition.kind {
                    TypeKind::Enumeration(words) => leaf(words[tape.pick(words.len())].to_owned()),
                    TypeKind::Abstract => unreachable!("{type_name}"),
                    TypeKind::Sequence { fields, .. } => Node {
                        name: name.to_owned(),
                        xsi_type: None,
                        content: Content::Children(self.members(fields, tape)),
                        array: definition.name.starts_with("tns:ArrayOf"),
                    },
                }
            }
        }
    }

    fn members(&self, fields: &[FieldDef], tape: &mut Tape<'_>) -> Vec<Node> {
        let mut nodes = Vec::new();
        for field in fields {
            let empty = |content| Node {
                name: field.name.to_owned(),
                xsi_type: None,
                content,
                array: false,
            };
            let (mark, type_name) = (field.form.mark, field.form.type_name);
            if mark == Mark::Many {
                for _ in 0..tape.pick(4) {
                    nodes.push(self.node(field.name, type_name, tape));
                }
                continue;
            }
            let optional = mark.is_optional() || mark.is_nillable();
            let there = !optional || tape.pick(3) > 0;
            let mut node = there.then(|| self.node(field.name, type_name, tape));
            if let Some(made) = &node {
                let empty_array = made.array
                    && matches!(&made.content, Content::Children(items) if items.is_empty());
                let no_text =
                    matches!(&made.content, Content::Text(text) if text.is_empty()) && optional;
                let no_members = !made.array
                    && made.xsi_type.is_none()
                    && matches!(&made.content, Content::Children(members) if members.is_empty());
                if self.side == Side::Request && empty_array {
                    // A list that must be there has members; one that may be missing is, rather than empty.
                    node = (!optional).then(|| {
                        let mut made = made.clone();
                        let item = self.types[type_name].clone();
                        let TypeKind::Sequence { fields, .. } = item.kind else {
                            unreachable!()
                        };
                        made.content = Content::Children(vec![self.node(
                            fields[0].name,
                            fields[0].form.type_name,
                            tape,
                        )]);
                        made
                    });
                } else if self.side == Side::Request && no_members && !optional {
                    // REQ-8: a record or a position with nothing in it would be as none.
                    let TypeKind::Sequence { fields, .. } = &self.types[type_name].kind else {
                        unreachable!()
                    };
                    let first = self.node(fields[0].name, fields[0].form.type_name, tape);
                    let mut made = made.clone();
                    made.content = Content::Children(vec![first]);
                    node = Some(made);
                } else if no_text || (no_members && optional) {
                    // Empty is as none (REQ-8).
                    node = None;
                }
            }
            match (node, mark) {
                (Some(node), _) => nodes.push(node),
                (None, Mark::OptionalEmpty | Mark::OptionalNillableEmpty)
                    if self.side == Side::Response =>
                {
                    nodes.push(empty(Content::Children(Vec::new())));
                }
                (None, mark) if mark.is_nillable() && self.side == Side::Response => {
                    nodes.push(empty(Content::Nil));
                }
                (None, Mark::Nillable) => nodes.push(empty(Content::Nil)),
                (None, _) => {}
            }
        }
        nodes
    }
}

const TEXTS: &[&str] = &[
    "a",
    "Acme & Sons <\"GmbH\"> 'ß'",
    "  blanks  ",
    "two\nlines\r\nand a tab\t",
    "\u{1F600} ç ]]> \u{2028}",
    " ",
    "0",
    "&amp;",
    "日本語",
];

fn text(tape: &mut Tape<'_>, maybe_empty: bool) -> String {
    match tape.pick(TEXTS.len() + 1) {
        0 if maybe_empty => String::new(),
        at => TEXTS[at.max(1) - 1].to_owned(),
    }
}

/// The paths of all elements in it.
pub(crate) fn paths(node: &Node, above: &str, seen: &mut BTreeSet<String>) {
    let path = format!("{above}/{}", node.name);
    if let Content::Children(children) = &node.content {
        for child in children {
            paths(child, &path, seen);
        }
    }
    seen.insert(path);
}

/// How the writer writes text (RSP-12).
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\r', "&#13;")
}

/// The element as the writer writes it; `prefix` is that of the outermost.
pub(crate) fn plain(node: &Node, prefix: &str) -> String {
    let name = if prefix.is_empty() {
        node.name.clone()
    } else {
        format!("{prefix}:{}", node.name)
    };
    let attributes = match (node.xsi_type, &node.content) {
        (Some(of), _) => format!(" xsi:type=\"ns1:{of}\""),
        (None, Content::Nil) => " xsi:nil=\"true\"".to_owned(),
        _ => String::new(),
    };
    let inside = match &node.content {
        Content::Text(text) => escaped(text),
        Content::Children(children) => children.iter().map(|child| plain(child, "")).collect(),
        Content::Nil => String::new(),
    };
    if inside.is_empty() {
        format!("<{name}{attributes}/>")
    } else {
        format!("<{name}{attributes}>{inside}</{name}>")
    }
}

/// An envelope with the element, in any of the clothes that toolkits put on.
pub(crate) fn disguise(node: &Node, tape: &mut Tape<'_>) -> String {
    let mut out = String::new();
    // REQ-18.
    out.push_str(tape.choose(&["", "\n ", "\r\n\t"]));
    out.push_str(tape.choose(&[
        "",
        "<?xml version='1.0' encoding='UTF-8'?>",
        "<?xml version=\"1.0\" standalone=\"yes\"?>\n<!-- a -->",
    ]));
    let soap = tape.choose(&["SOAP-ENV:", "soapenv:", "S:", ""]);
    let xmlns = if soap.is_empty() {
        "xmlns".to_owned()
    } else {
        format!("xmlns:{}", soap.trim_end_matches(':'))
    };
    out.push_str(&format!(
        "<{soap}Envelope  {xmlns}=\"{SOAP_NAMESPACE}\" xmlns:m='{MKTOWS_NAMESPACE}' \
         xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">"
    ));
    out.push_str(tape.choose(&["", "\n  <!-- -->"]));
    out.push_str(&format!("<{soap}Body>"));
    let prefix = tape.choose(&["m:", "other:", "", ""]);
    dress(node, prefix, true, tape, &mut out);
    out.push_str(&format!("\n</{soap}Body></{soap}Envelope >\n"));
    out
}

fn dress(node: &Node, prefix: &str, outermost: bool, tape: &mut Tape<'_>, out: &mut String) {
    let mut attributes: Vec<String> = Vec::new();
    if outermost {
        match prefix {
            "" => attributes.push(format!("xmlns='{MKTOWS_NAMESPACE}'")),
            "other:" => attributes.push(format!("xmlns:other='{MKTOWS_NAMESPACE}'")),
            _ => {}
        }
    }
    match (node.xsi_type, &node.content) {
        // REQ-7: any prefix, or none; without the type the children tell it.
        (Some(of), _) => match tape.pick(4) {
            0 => {}
            1 => attributes.push(format!("i:type='{of}'")),
            _ => attributes.push(format!("i:type=\"whatever:{of}\"")),
        },
        (None, Content::Nil) => {
            attributes.push(tape.choose(&["i:nil='true'", "i:nil=\" 1 \""]).to_owned())
        }
        // REQ-6.
        (None, Content::Text(_)) if tape.pick(3) == 1 => {
            attributes.push("i:type=\"xsd:string\"".to_owned());
        }
        _ => {}
    }
    // REQ-21.
    if tape.pick(5) == 1 {
        attributes.push("stranger='&lt;'".to_owned());
    }
    let name = format!("{prefix}{}", node.name);
    let blank = tape.choose(&["", " ", "\n"]);
    let attributes: String = attributes
        .iter()
        .map(|attribute| format!(" {attribute}"))
        .collect();
    out.push_str(&format!("<{name}{attributes}{blank}>"));
    match &node.content {
        Content::Nil => {}
        Content::Text(text) => dress_text(text, tape, out),
        Content::Children(children) => {
            let mut order: Vec<&Node> = children.iter().collect();
            // REQ-4, but not where one name stands several times.
            if !node.array
                && !order.is_empty()
                && children.iter().all(|child| once(child, children))
            {
                let at = tape.pick(order.len());
                order.rotate_left(at);
                if tape.pick(2) == 1 {
                    order.reverse();
                }
            }
            for child in order {
                // REQ-2, REQ-14.
                out.push_str(tape.choose(&[
                    "",
                    "\n    ",
                    "<!-- <leadKey/> -->",
                    "<?target data?>",
                    "<stranger><leadKey>x</leadKey><a><![CDATA[</a>]]>&amp;</a></stranger>",
                    "<m:stranger/>",
                    "text",
                ]));
                let prefix = match prefix {
                    // Unqualified as it should be, or qualified as a Java client does (REQ-1).
                    "m:" | "other:" => tape.choose(&["", "m:"]),
                    default => default,
                };
                dress(child, prefix, false, tape, out);
            }
        }
    }
    out.push_str(&format!("</{name}{blank}>"));
}

fn once(child: &Node, children: &[Node]) -> bool {
    children
        .iter()
        .filter(|other| other.name == child.name)
        .count()
        == 1
}

/// Text in pieces: references, CDATA, comments (REQ-14).
fn dress_text(text: &str, tape: &mut Tape<'_>, out: &mut String) {
    for character in text.chars() {
        match tape.pick(12) {
            1 => out.push_str(&format!("&#{};", u32::from(character))),
            2 => out.push_str(&format!("&#x{:x};", u32::from(character))),
            3 if character != '\r' => out.push_str(&format!("<![CDATA[{character}]]>")),
            4 => {
                out.push_str("<!-- - -->");
                out.push_str(&escaped(&character.to_string()));
            }
            5 if character == '"' => out.push_str("&quot;"),
            5 if character == '\'' => out.push_str("&apos;"),
            // A line end of any kind is a line feed.
            6 if character == '\n' => out.push_str("\r\n"),
            _ => out.push_str(&escaped(&character.to_string())),
        }
    }
}
