//! Messages that somebody else wrote: put around, and signed, without touching the rest.

use crate::header::AuthenticationHeaderInfo;
use crate::version::Version;
use crate::xml::XmlType;
use crate::xml::writer::{Side, Writer};
use crate::{MKTOWS_NAMESPACE, SOAP_NAMESPACE, XSI_NAMESPACE};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What the root of a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// A whole envelope.
    Envelope,
    /// The element of a request's parameters, by its local name.
    Params(String),
}

/// Tells what a document is by its root.
///
/// # Errors
/// When it has no root that can be read.
pub fn document_kind(text: &str) -> Result<Document, String> {
    let mut reader = Reader::from_str(without_mark(text));
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) | Event::Empty(start) => {
                let name: &str = start.local_name().into_inner();
                return Ok(if name == "Envelope" {
                    Document::Envelope
                } else {
                    Document::Params(name.to_owned())
                });
            }
            Event::Eof => return Err("there is no element in it".to_owned()),
            _ => {}
        }
    }
}

/// Puts a signed envelope around a `params...` element, which may be in any namespace, or in none.
///
/// # Errors
/// When the text holds no whole element.
pub fn envelope_around(
    authentication: &AuthenticationHeaderInfo,
    params: &str,
) -> Result<Vec<u8>, String> {
    let text = without_mark(params);
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut root = None;
    let mut end = None;
    while end.is_none() {
        let from = reader.buffer_position() as usize;
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                depth += 1;
                root = root.or(Some((
                    from,
                    start.name().into_inner().len(),
                    is_bare(&start),
                )));
            }
            Event::Empty(start) if depth == 0 => {
                root = Some((from, start.name().into_inner().len(), is_bare(&start)));
                end = Some((from, reader.buffer_position() as usize));
            }
            Event::End(_) => {
                depth -= 1;
                if depth == 0 {
                    end = Some((from, reader.buffer_position() as usize));
                }
            }
            Event::Eof if depth > 0 => return Err("it ends in the middle of an element".to_owned()),
            Event::Eof => return Err("there is no element in it".to_owned()),
            _ => {}
        }
    }
    let (Some((from, name, bare)), Some((end_tag, to))) = (root, end) else {
        return Err("there is no element in it".to_owned());
    };
    // A bare name becomes one of the API's namespace; what the text declares itself stays as it is.
    let body = match (bare, end_tag > from) {
        (false, _) => text[from..to].to_owned(),
        (true, false) => format!("<ns1:{}", &text[from + 1..to]),
        (true, true) => format!(
            "<ns1:{}</ns1:{}>",
            &text[from + 1..end_tag],
            &text[from + 1..from + 1 + name]
        ),
    };
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"{SOAP_NAMESPACE}\" \
         xmlns:xsi=\"{XSI_NAMESPACE}\" xmlns:ns1=\"{MKTOWS_NAMESPACE}\"><SOAP-ENV:Header>{}</SOAP-ENV:Header>\
         <SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n",
        header_block(authentication, "ns1", "")
    )
    .into_bytes())
}

/// Whether an element has neither a prefix nor a namespace of its own.
fn is_bare(start: &BytesStart<'_>) -> bool {
    let name: &str = start.name().into_inner();
    !name.contains(':') && !matches!(start.try_get_attribute("xmlns"), Ok(Some(_)))
}

/// Gives an envelope this AuthenticationHeader in place of its own; the rest stays byte for byte.
///
/// # Errors
/// When the text is no envelope that can be read, as far as its Body begins.
pub fn with_header(
    authentication: &AuthenticationHeaderInfo,
    envelope: &str,
) -> Result<Vec<u8>, String> {
    let block = header_block(
        authentication,
        "lk",
        &format!(" xmlns:lk=\"{MKTOWS_NAMESPACE}\""),
    );
    let envelope = without_mark(envelope);
    let mut reader = Reader::from_str(envelope);
    let mut old = None;
    let mut after_header_start = None;
    let mut body = None;
    let mut soap_prefix = String::new();
    let mut started = None;
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let to = reader.buffer_position() as usize;
        match &event {
            Event::Eof => break,
            Event::Start(start) | Event::Empty(start) => {
                let empty = matches!(event, Event::Empty(_));
                match (start.local_name().into_inner(), body) {
                    ("Header", None) if !empty => after_header_start = Some(to),
                    ("AuthenticationHeader", None) if empty => old = Some(from..to),
                    ("AuthenticationHeader", None) => started = Some(from),
                    ("Body", None) => {
                        body = Some(from);
                        let name: &str = start.name().into_inner();
                        soap_prefix = name
                            .split_once(':')
                            .map(|(prefix, _)| format!("{prefix}:"))
                            .unwrap_or_default();
                    }
                    _ => {}
                }
            }
            Event::End(end) if end.local_name().into_inner() == "AuthenticationHeader" => {
                old = started.take().map(|from| from..to).or(old);
            }
            _ => {}
        }
    }
    let body = body.ok_or("there is no Body in it")?;
    let (from, to, text) = match (old, after_header_start) {
        (Some(old), _) => (old.start, old.end, block),
        (None, Some(at)) => (at, at, block),
        (None, None) => (
            body,
            body,
            format!("<{soap_prefix}Header>{block}</{soap_prefix}Header>"),
        ),
    };
    Ok([&envelope[..from], &text, &envelope[to..]]
        .concat()
        .into_bytes())
}

fn header_block(
    authentication: &AuthenticationHeaderInfo,
    prefix: &str,
    declaration: &str,
) -> String {
    let mut writer = Writer::new(Side::Request, Version::LAST);
    let name = format!("{prefix}:AuthenticationHeader");
    authentication.write(&mut writer, &name);
    writer
        .finish()
        .0
        .replacen(&format!("<{name}"), &format!("<{name}{declaration}"), 1)
}

/// The text without a byte order mark, which would put the parser's positions out of step.
fn without_mark(text: &str) -> &str {
    text.trim_start_matches(|first: char| first.is_whitespace() || first == '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Operation, read_request};

    fn header() -> AuthenticationHeaderInfo {
        AuthenticationHeaderInfo::signed("user", "key", "2013-08-02T01:22:30Z")
    }

    #[test]
    fn params_in_any_namespace_get_an_envelope() {
        for params in [
            "<paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>a</keyValue></leadKey></paramsGetLead>",
            "<?xml version='1.0'?>\n<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>a</keyValue></leadKey></ns1:paramsGetLead>",
            "<x:paramsGetLead xmlns:x='http://www.marketo.com/mktows/'><leadKey><keyType>EMAIL</keyType><keyValue>a</keyValue></leadKey></x:paramsGetLead>",
            "<paramsGetLead xmlns='http://www.marketo.com/mktows/'><leadKey><keyType>EMAIL</keyType><keyValue>a</keyValue></leadKey></paramsGetLead>",
        ] {
            let envelope = envelope_around(&header(), params).unwrap();
            let read = read_request(&envelope, None, &Limits::default()).unwrap();
            assert_eq!(read.authentication, Some(header()), "{params}");
            assert_eq!(
                read.body.unwrap().operation(),
                Operation::GetLead,
                "{params}"
            );
        }
        for bad in [
            "",
            "nothing",
            "<a>",
            "<a></b>",
            "</a>",
            "<a",
            "<!-- <a/> -->",
        ] {
            assert!(envelope_around(&header(), bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn marks_comments_and_strange_letters_around_params() {
        for params in [
            "\u{FEFF}\n<!-- <paramsListMObjects> é --><paramsListMObjects/>",
            "\u{FEFF}<?xml version='1.0'?><!-- é --><paramsListMObjects\n>é</paramsListMObjects ><!-- é -->",
            "<paramsListMObjects x='>'><paramsListMObjects/></paramsListMObjects>",
        ] {
            let envelope = envelope_around(&header(), params).unwrap();
            let read = read_request(&envelope, None, &Limits::default()).unwrap();
            assert_eq!(
                read.body.unwrap().operation(),
                Operation::ListMObjects,
                "{params}"
            );
        }
    }

    #[test]
    fn an_envelope_gets_the_header_wherever_it_lacks_one() {
        let soap = "xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:m='http://www.marketo.com/mktows/'";
        let body = "<s:Body><m:paramsListMObjects/></s:Body></s:Envelope>";
        for head in [
            format!("<s:Envelope {soap}>"),
            format!("<s:Envelope {soap}><s:Header></s:Header>"),
            format!("<s:Envelope {soap}><s:Header><m:AuthenticationHeader/></s:Header>"),
            format!(
                "<s:Envelope {soap}><s:Header><m:AuthenticationHeader><audit>x</audit></m:AuthenticationHeader></s:Header>"
            ),
        ] {
            let envelope = with_header(&header(), &format!("{head}{body}")).unwrap();
            let read = read_request(&envelope, None, &Limits::default()).unwrap();
            assert_eq!(read.authentication, Some(header()), "{head}");
        }
        let marked = format!("\u{FEFF}<s:Envelope {soap}><!-- é -->{body}");
        let envelope = with_header(&header(), &marked).unwrap();
        let read = read_request(&envelope, None, &Limits::default()).unwrap();
        assert_eq!(read.authentication, Some(header()));
        assert!(with_header(&header(), "<a/>").is_err());
        assert_eq!(document_kind("<a:Envelope/>"), Ok(Document::Envelope));
        assert_eq!(
            document_kind("<!-- x --><paramsGetLead/>"),
            Ok(Document::Params("paramsGetLead".into()))
        );
    }
}
