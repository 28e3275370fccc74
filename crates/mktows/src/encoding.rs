//! Bytes to text, once, at the edge (REQ-16).

use crate::fault::Fault;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Decodes a message. A byte order mark wins over the charset of the content type, which wins over the XML
/// declaration; with none of them it is UTF-8.
///
/// # Errors
/// 20012 when the encoding is not one of UTF-8, UTF-16, ISO-8859-1, US-ASCII and Windows-1252, when the bytes are
/// not valid in it, or when the text holds a control character that XML does not allow.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
) -> Result<Cow<'a, str>, Fault> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => decode_as(encoding, &bytes[length..])?,
        None => {
            let label = match content_type.and_then(charset) {
                Some(label) => Some(Cow::Owned(label)),
                None => declared(bytes),
            };
            match label {
                None => decode_as(sniffed(bytes), bytes)?,
                Some(label) => decode_label(&label, bytes)?,
            }
        }
    };
    let forbidden = |byte: &u8| *byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r');
    // A piece at a time, without leaving it early: the processor then looks at many bytes at once.
    let spoilt = |piece: &[u8]| piece.iter().fold(false, |any, byte| any | forbidden(byte));
    if text.as_bytes().chunks(1024).any(spoilt) {
        return Err(Fault::not_understood(
            "the message holds a control character that XML does not allow",
        ));
    }
    Ok(text)
}

fn decode_label<'a>(label: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Fault> {
    let folded = label.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    match folded.as_str() {
        "utf-8" | "utf8" => decode_as(UTF_8, bytes),
        "utf-16" | "utf-16le" | "utf-16be" => {
            let encoding = match folded.as_str() {
                "utf-16le" => UTF_16LE,
                "utf-16be" => UTF_16BE,
                // Declared as UTF-16 in bytes that are not: clients re-encode and forget the declaration.
                _ => sniffed(bytes),
            };
            decode_as(encoding, bytes)
        }
        "iso-8859-1" | "latin1" | "windows-1252" | "cp1252" => decode_as(WINDOWS_1252, bytes),
        "us-ascii" | "ascii" if bytes.is_ascii() => decode_as(UTF_8, bytes),
        "us-ascii" | "ascii" => Err(invalid("US-ASCII")),
        _ => {
            let label: String = label.chars().take(40).collect();
            Err(Fault::not_understood(&format!(
                "encoding {label} is not supported (UTF-8, UTF-16, ISO-8859-1, US-ASCII, Windows-1252 are)"
            )))
        }
    }
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, Fault> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| invalid(encoding.name()))
}

fn invalid(encoding: &str) -> Fault {
    Fault::not_understood(&format!("the message is not valid {encoding}"))
}

/// UTF-16 without a byte order mark shows itself by its first character, which is always ASCII.
fn sniffed(bytes: &[u8]) -> &'static Encoding {
    match bytes {
        [0, first, ..] if *first != 0 => UTF_16BE,
        [first, 0, ..] if *first != 0 => UTF_16LE,
        _ => UTF_8,
    }
}

/// The charset parameter of a content type.
fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The encoding that an XML declaration names, in any encoding that has ASCII's letters.
fn declared(bytes: &[u8]) -> Option<Cow<'static, str>> {
    let head: String = bytes
        .iter()
        .take(400)
        .filter(|byte| **byte != 0)
        .map(|byte| char::from(*byte))
        .collect();
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    Some(Cow::Owned(value[1..].split_once(quote)?.0.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn check(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
        decode(bytes, content_type)
            .ok()
            .map(|text| text.into_owned())
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn req_16_who_decides_the_encoding() {
        let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?><a>");
        let latin1 = [declared("ISO-8859-1").as_bytes(), b"\xE9"].concat();
        assert!(check(&latin1, None).unwrap().ends_with('é'), "declaration");
        assert!(
            check(&latin1, Some("text/xml; charset=utf-8")).is_none(),
            "the content type wins"
        );
        assert!(
            check(b"<a>\xE9", Some("text/xml; Charset=\"windows-1252\""))
                .unwrap()
                .ends_with('é')
        );
        assert!(
            check(
                &[
                    "\u{FEFF}".as_bytes(),
                    &latin1[..latin1.len() - 1],
                    "é".as_bytes()
                ]
                .concat(),
                None
            )
            .is_some()
        );
        assert_eq!(
            check("<a>é".as_bytes(), Some("text/xml")).as_deref(),
            Some("<a>é")
        );
        assert_eq!(check(b"<a>\xE9", None), None, "no declaration: UTF-8");
        let wide = declared("UTF-16");
        for big in [false, true] {
            assert_eq!(
                check(&utf16(&wide, big), None).as_deref(),
                Some(wide.as_str())
            );
            assert_eq!(
                check(
                    &utf16(&format!("\u{FEFF}{wide}"), big),
                    Some("text/xml; charset=utf-8")
                )
                .as_deref(),
                Some(wide.as_str())
            );
            assert_eq!(check(&utf16("<a>", big), None).as_deref(), Some("<a>"));
        }
        assert!(check(declared("US-ASCII").as_bytes(), None).is_some());
        assert!(check(&[declared("US-ASCII").as_bytes(), b"\xE9"].concat(), None).is_none());
        assert!(check(declared("EBCDIC-US").as_bytes(), None).is_none());
        assert!(check(b"<a>\x01</a>", None).is_none(), "control characters");
        assert!(
            check(b"<a>\xF0\x9F\x98</a>", None).is_none(),
            "cut in the middle of a character"
        );
    }
}
