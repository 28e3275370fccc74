//! Whole messages (ENV-1 to ENV-8).

use crate::encoding::decode;
use crate::fault::{Fault, FaultCode, SoapFaultCode};
use crate::header::{AuthenticationHeaderInfo, MktowsContextHeaderInfo};
use crate::limits::Limits;
use crate::operation::{Operation, Request, Response};
use crate::version::Version;
use crate::xml::XmlType;
use crate::xml::reader::{Next, Reader, Tag};
use crate::xml::writer::{Side, Writer};
use crate::{MKTOWS_NAMESPACE, SOAP_NAMESPACE, XSI_NAMESPACE};
use std::borrow::Cow;

/// A request as a server reads it. Its sender must be known before what is wrong in its body is told (protocol
/// section 6), so the body comes as a result of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestEnvelope {
    /// The AuthenticationHeader, if there is one (AUT-10).
    pub authentication: Option<AuthenticationHeaderInfo>,
    /// The MktowsContextHeader, if there is one.
    pub context: Option<MktowsContextHeaderInfo>,
    /// The name of the Body's child.
    pub body_name: String,
    /// The request, or the fault that it deserves (20019, 20101 to 20110).
    pub body: Result<Request, Fault>,
}

/// Reads a request in any of the forms that clients send it in (REQ-1 to REQ-23).
///
/// # Errors
/// 20012 in its three forms, for what is no envelope with one body child that can be read (ENV-1, ENV-7, REQ-15,
/// REQ-16, REQ-19, REQ-20, AUT-14).
pub fn read_request(
    bytes: &[u8],
    content_type: Option<&str>,
    limits: &Limits,
) -> Result<RequestEnvelope, Fault> {
    let text = text_of(bytes, content_type, limits)?;
    let mut reader = Reader::new(&text, Side::Request, limits);
    let mut authentication = None;
    let mut context = None;
    let mut body = None;
    each_part(&mut reader, |reader, part, tag| match part {
        Part::Header => header_blocks(reader, tag, &mut authentication, &mut context),
        Part::Body if body.is_some() => Err(Fault::not_understood("there are two Body elements")),
        Part::Body => {
            body = Some(request_body(reader, tag)?);
            Ok(())
        }
    })?;
    let (body_name, body) =
        body.ok_or_else(|| Fault::not_understood("there is no Body element"))?;
    Ok(RequestEnvelope {
        authentication,
        context,
        body_name,
        body,
    })
}

enum Part {
    Header,
    Body,
}

fn text_of<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    limits: &Limits,
) -> Result<Cow<'a, str>, Fault> {
    if bytes.len() > limits.bytes {
        return Err(Fault::not_understood(&format!(
            "the message is longer than {} bytes",
            limits.bytes
        )));
    }
    let text = decode(bytes, content_type)?;
    // White space may precede the XML declaration (REQ-18), which no XML parser would take. A second byte order mark
    // would put the parser's positions out of step with the text.
    let odd = |first: char| first.is_whitespace() || first == '\u{FEFF}';
    Ok(match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches(odd)),
        Cow::Owned(text) if text.starts_with(odd) => {
            Cow::Owned(text.trim_start_matches(odd).to_owned())
        }
        text => text,
    })
}

/// Walks over the envelope's children; whatever follows the envelope must be nothing.
fn each_part<'a>(
    reader: &mut Reader<'a>,
    mut part: impl FnMut(&mut Reader<'a>, Part, &Tag<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Next::Start(envelope, namespace) = reader.next(None)? else {
        return Err(Fault::not_understood("the message is empty"));
    };
    match (envelope.name, namespace) {
        ("Envelope", Some(SOAP_NAMESPACE)) => {}
        ("Envelope", _) => return Err(Fault::version_mismatch()),
        (name, _) => {
            let name: String = name.chars().take(64).collect();
            return Err(Fault::not_understood(&format!(
                "the message is {name}, not an Envelope"
            )));
        }
    }
    while let Next::Start(child, namespace) = reader.next(Some(&envelope))? {
        match (child.name, namespace) {
            ("Header", Some(SOAP_NAMESPACE)) => part(reader, Part::Header, &child)?,
            ("Body", Some(SOAP_NAMESPACE)) => part(reader, Part::Body, &child)?,
            _ => reader.skip(&child)?,
        }
    }
    match reader.next(None)? {
        Next::End => Ok(()),
        Next::Start(..) => Err(Fault::not_understood("something follows the envelope")),
    }
}

fn header_blocks<'a>(
    reader: &mut Reader<'a>,
    header: &Tag<'a>,
    authentication: &mut Option<AuthenticationHeaderInfo>,
    context: &mut Option<MktowsContextHeaderInfo>,
) -> Result<(), Fault> {
    while let Next::Start(block, namespace) = reader.next(Some(header))? {
        // AUT-11: also in no namespace.
        let ours = namespace.is_none_or(|namespace| namespace == MKTOWS_NAMESPACE);
        match block.name {
            "AuthenticationHeader" if ours => {
                if authentication.is_some() {
                    // AUT-14.
                    return Err(Fault::not_understood(
                        "there are two AuthenticationHeader elements",
                    ));
                }
                *authentication = Some(reader.item(&block)?.unwrap_or_default());
            }
            // CTX-2: on any operation.
            "MktowsContextHeader" if ours => *context = reader.item(&block)?,
            name if block.must_understand => return Err(Fault::must_understand(name)),
            _ => reader.skip(&block)?,
        }
    }
    // Nothing in a header block can be wrong but its signature.
    let _ = reader.problem();
    Ok(())
}

fn request_body<'a>(
    reader: &mut Reader<'a>,
    body: &Tag<'a>,
) -> Result<(String, Result<Request, Fault>), Fault> {
    let Next::Start(params, namespace) = reader.next(Some(body))? else {
        return Err(Fault::not_understood("the Body is empty"));
    };
    if namespace != Some(MKTOWS_NAMESPACE) {
        let name: String = params.name.chars().take(64).collect();
        return Err(Fault::not_understood(&format!(
            "{name} is not in the namespace {MKTOWS_NAMESPACE}"
        )));
    }
    // ENV-2, ENV-3: only this name counts, whatever the SOAPAction says.
    let request = match params
        .name
        .strip_prefix("params")
        .and_then(Operation::from_type_stem)
    {
        Some(operation) => Request::read(operation, reader, &params)?,
        None => {
            reader.skip(&params)?;
            Err(Fault::unsupported_operation(
                params.name.strip_prefix("params").unwrap_or(params.name),
            ))
        }
    };
    match reader.next(Some(body))? {
        Next::End => Ok((params.name.to_owned(), request)),
        Next::Start(..) => Err(Fault::not_understood("the Body has two children")),
    }
}

/// Writes a request, as a client sends it to an address of this version: what its schema lacks is left out (RSP-8 has
/// the same for answers).
pub fn write_request(
    authentication: &AuthenticationHeaderInfo,
    context: Option<&MktowsContextHeaderInfo>,
    request: &Request,
    version: Version,
) -> Vec<u8> {
    let mut writer = Writer::new(Side::Request, version);
    writer.element("SOAP-ENV:Header", |writer| {
        authentication.write(writer, "ns1:AuthenticationHeader");
        if let Some(context) = context {
            context.write(writer, "ns1:MktowsContextHeader");
        }
    });
    writer.element("SOAP-ENV:Body", |writer| {
        request.write(
            writer,
            &format!("ns1:params{}", request.operation().type_stem()),
        );
    });
    envelope(writer)
}

/// Writes an answer for an address of this version, in the form of the original (ENV-4 to ENV-6): it holds nothing that
/// the schema of that version lacks (RSP-8).
pub fn write_response(response: &Response, version: Version) -> Vec<u8> {
    let mut writer = Writer::new(Side::Response, version);
    writer.element("SOAP-ENV:Body", |writer| {
        writer.element(
            &format!("ns1:success{}", response.operation().type_stem()),
            |writer| response.write(writer),
        );
    });
    envelope(writer)
}

/// ENV-5, ENV-6: the prefixes in their order, xsi only where it is used; a declaration, one line, line feeds.
fn envelope(writer: Writer) -> Vec<u8> {
    let (mut out, xsi) = writer.finish();
    let mut head = String::with_capacity(400);
    head.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"",
    );
    head.push_str(SOAP_NAMESPACE);
    if xsi {
        head.push_str("\" xmlns:xsi=\"");
        head.push_str(XSI_NAMESPACE);
    }
    head.push_str("\" xmlns:ns1=\"");
    head.push_str(MKTOWS_NAMESPACE);
    head.push_str("\">");
    // Moving a large content along is cheaper than memory for another one.
    out.insert_str(0, &head);
    out.push_str("</SOAP-ENV:Envelope>\n");
    out.into_bytes()
}

/// Why an answer is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// The server refused the call.
    #[error("{fault_string}: {message}")]
    Fault {
        /// Who is to blame.
        soap_code: SoapFaultCode,
        /// The number of the error, if the server gave one.
        code: Option<u32>,
        /// faultstring.
        fault_string: String,
        /// The message of the detail, or empty.
        message: String,
    },
    /// The answer cannot be read, or is one to another operation.
    #[error("the answer cannot be read: {0}")]
    Malformed(String),
}

impl ResponseError {
    /// The documented code of a fault.
    pub fn code(&self) -> Option<FaultCode> {
        match self {
            Self::Fault { code, .. } => code.and_then(FaultCode::from_number),
            Self::Malformed(_) => None,
        }
    }
}

/// Reads an answer to `operation`, as a client does.
///
/// # Errors
/// [`ResponseError::Fault`] when the server refused the call, [`ResponseError::Malformed`] when this is no answer.
pub fn read_response(
    bytes: &[u8],
    content_type: Option<&str>,
    operation: Operation,
    limits: &Limits,
) -> Result<Response, ResponseError> {
    let mut answer = None;
    let read = text_of(bytes, content_type, limits).and_then(|text| {
        let mut reader = Reader::new(&text, Side::Response, limits);
        each_part(&mut reader, |reader, part, tag| match part {
            Part::Header => reader.skip(tag),
            Part::Body => {
                answer = response_body(reader, tag, operation)?;
                Ok(())
            }
        })
    });
    match (read, answer) {
        (Err(fault), _) => Err(ResponseError::Malformed(fault.text)),
        (Ok(()), None) => Err(ResponseError::Malformed(format!(
            "it holds no success{}",
            operation.type_stem()
        ))),
        (Ok(()), Some(answer)) => answer,
    }
}

fn response_body<'a>(
    reader: &mut Reader<'a>,
    body: &Tag<'a>,
    operation: Operation,
) -> Result<Option<Result<Response, ResponseError>>, Fault> {
    let mut answer = None;
    while let Next::Start(child, namespace) = reader.next(Some(body))? {
        if child.name == "Fault" && namespace == Some(SOAP_NAMESPACE) {
            answer = Some(Err(read_fault(reader, &child)?));
        } else if child.name.strip_prefix("success") == Some(operation.type_stem()) {
            answer = Response::read(operation, reader, &child)?.map(Ok);
        } else {
            reader.skip(&child)?;
        }
    }
    Ok(answer)
}

fn read_fault<'a>(reader: &mut Reader<'a>, fault: &Tag<'a>) -> Result<ResponseError, Fault> {
    let mut soap_code = SoapFaultCode::Client;
    let (mut code, mut fault_string, mut message) = (None, String::new(), String::new());
    while let Some(child) = reader.child(fault)? {
        match child.name {
            "faultcode" => {
                let text = reader.text(&child)?;
                let word = text.trim().rsplit(':').next().unwrap_or_default();
                let known = [
                    SoapFaultCode::Server,
                    SoapFaultCode::VersionMismatch,
                    SoapFaultCode::MustUnderstand,
                ];
                soap_code = known
                    .into_iter()
                    .find(|known| known.as_str() == word)
                    .unwrap_or(SoapFaultCode::Client);
            }
            "faultstring" => fault_string = reader.text(&child)?.into_owned(),
            "detail" => {
                while let Some(exception) = reader.child(&child)? {
                    while let Some(part) = reader.child(&exception)? {
                        match part.name {
                            "message" => message = reader.text(&part)?.into_owned(),
                            "code" => code = reader.text(&part)?.trim().parse().ok(),
                            _ => reader.skip(&part)?,
                        }
                    }
                }
            }
            _ => reader.skip(&child)?,
        }
    }
    // Without a detail the number still stands in front of the title (FLT-3).
    code = code.or_else(|| fault_string.split(' ').next()?.parse().ok());
    Ok(ResponseError::Fault {
        soap_code,
        code,
        fault_string,
        message,
    })
}
