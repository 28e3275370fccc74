//! Free text: string, text, email, phone, url (VAL-1).

use super::{DataType, ValueError, ValueRules};
use std::borrow::Cow;

/// What a text field holds, in bytes of UTF-8, whatever its metadata say (DM-VAL, limits).
const TEXT_BYTES: usize = 30_000;
/// The size of a string field without one of its own, and of every address (VAL-11).
const DEFAULT_SIZE: u32 = 255;

pub(super) fn read(
    data_type: DataType,
    size: Option<u32>,
    raw: &str,
    rules: &ValueRules,
) -> Result<Option<String>, ValueError> {
    // COM-25: in text `NULL` is the four letters, unless the switch says otherwise.
    if rules.null_clears_text && matches!(raw, "NULL" | "null") {
        return Ok(None);
    }
    let text = clean(raw);
    if text.trim().is_empty() {
        return Ok(None);
    }
    if data_type == DataType::Email {
        return address(&text, rules).map(|()| Some(text.into_owned()));
    }
    let limit = match data_type {
        DataType::Text => end_of_bytes(&text, TEXT_BYTES),
        _ => end_of_chars(&text, size.unwrap_or(DEFAULT_SIZE)),
    };
    match limit {
        None => Ok(Some(text.into_owned())),
        // VAL-8, DM-VAL-7: cut on a character boundary, and count it.
        Some(end) if rules.cut_long_strings => {
            rules.cuts.count();
            let cut = &text[..end];
            Ok((!cut.trim().is_empty()).then(|| cut.to_owned()))
        }
        Some(_) if data_type == DataType::Text => Err(ValueError(format!(
            "expected at most {TEXT_BYTES} bytes, got {}",
            text.len()
        ))),
        Some(_) => Err(too_long(&text, size.unwrap_or(DEFAULT_SIZE))),
    }
}

/// VAL-11, DM-VAL-10: only the length is checked, unless `check_email` asks for more. An address that is too long is
/// refused even with `cut_long_strings`: a part of it would be the address of somebody else.
fn address(text: &str, rules: &ValueRules) -> Result<(), ValueError> {
    if end_of_chars(text, DEFAULT_SIZE).is_some() {
        return Err(too_long(text, DEFAULT_SIZE));
    }
    let sound = || {
        let mut parts = text.split('@');
        let filled = |part: Option<&str>| part.is_some_and(|part| !part.is_empty());
        filled(parts.next())
            && filled(parts.next())
            && parts.next().is_none()
            && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if rules.check_email && !sound() {
        return Err(ValueError::expected(
            "an address with one @, without blanks, in ASCII",
            text,
        ));
    }
    Ok(())
}

fn too_long(text: &str, size: u32) -> ValueError {
    ValueError(format!(
        "expected at most {size} characters, got {}",
        text.chars().count()
    ))
}

/// Where the text must be cut to have `size` characters; `None` if it fits.
fn end_of_chars(text: &str, size: u32) -> Option<usize> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if text.len() <= size {
        return None;
    }
    text.char_indices().nth(size).map(|(at, _)| at)
}

/// Where the text must be cut to have at most `bytes` bytes; `None` if it fits.
fn end_of_bytes(text: &str, bytes: usize) -> Option<usize> {
    (text.len() > bytes).then(|| text.floor_char_boundary(bytes))
}

/// DM-VAL-9, VAL-10: drops what XML 1.0 cannot carry, and makes line feeds of CR LF; a lone CR stays. Characters beyond
/// the basic plane stay as they are (DM-VAL-8).
fn clean(raw: &str) -> Cow<'_, str> {
    // Bytes below 0x20 are controls; 0xEF starts the characters that U+FFFE and U+FFFF are among.
    let suspect = |byte: u8| (byte < 0x20 && byte != b'\t' && byte != b'\n') || byte == 0xEF;
    // To look at all bytes without a stop is quicker than to stop at the first of few.
    if !raw.bytes().fold(false, |any, byte| any | suspect(byte)) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    for character in raw.chars().filter(|character| allowed(*character)) {
        if character == '\n' && out.ends_with('\r') {
            out.pop();
        }
        out.push(character);
    }
    Cow::Owned(out)
}

fn allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        _ => character >= ' ',
    }
}
