//! What the text between tags means: references and ends of lines (REQ-14).

use super::simple::quoted;
use crate::fault::Fault;
use memchr::memchr;
use std::borrow::Cow;

/// Text with what its references mean, and with line feeds for all ends of lines, as XML has it.
pub(crate) fn resolved(text: &str) -> Result<Cow<'_, str>, Fault> {
    let mut rest = text;
    let mut out = String::new();
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        let (before, reference) = rest.split_at(at);
        out.push_str(&with_line_feeds(before));
        let (character, after) = first_reference(reference)?;
        out.push(character);
        rest = after;
    }
    if rest.len() == text.len() {
        return Ok(with_line_feeds(text));
    }
    out.push_str(&with_line_feeds(rest));
    Ok(Cow::Owned(out))
}

/// Makes sure that the references of a text which nobody reads mean something.
pub(crate) fn check_references(text: &str) -> Result<(), Fault> {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        (_, rest) = first_reference(&rest[at..])?;
    }
    Ok(())
}

/// Text as XML has it, with line feeds for all ends of lines.
pub(crate) fn with_line_feeds(text: &str) -> Cow<'_, str> {
    match memchr(b'\r', text.as_bytes()) {
        Some(_) => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        None => Cow::Borrowed(text),
    }
}

/// The character of the reference that a text begins with, one of the five entities or a number, and what follows it.
fn first_reference(text: &str) -> Result<(char, &str), Fault> {
    let Some((name, after)) = text[1..].split_once(';') else {
        return Err(Fault::not_understood(
            "an `&` begins no reference: it has no `;`",
        ));
    };
    let unknown =
        || Fault::not_understood(&format!("the reference {} means nothing", quoted(name)));
    let number = |digits: &str, radix| {
        let plain = !digits.starts_with('+');
        let number = u32::from_str_radix(digits, radix).ok().filter(|_| plain);
        let character = number.and_then(char::from_u32).ok_or_else(unknown)?;
        let allowed = character >= ' ' || matches!(character, '\t' | '\n' | '\r');
        match allowed && !matches!(character, '\u{FFFE}' | '\u{FFFF}') {
            true => Ok(character),
            false => Err(unknown()),
        }
    };
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix('x') {
                Some(digits) => number(digits, 16)?,
                None => number(digits, 10)?,
            },
            None => return Err(unknown()),
        },
    };
    Ok((character, after))
}
