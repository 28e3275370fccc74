//! Simple types: text, numbers, booleans.

use super::reader::{Reader, Tag};
use super::schema::Schema;
use super::writer::Writer;
use super::{XmlType, items};
use crate::fault::Fault;

impl XmlType for String {
    fn type_name() -> &'static str {
        "xs:string"
    }

    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        // REQ-13: as sent. What is a key or a name is trimmed by those who look it up.
        let text = reader.text(tag)?;
        *given = !text.is_empty();
        Ok(Some(text.into_owned()))
    }

    const IS_TEXT: bool = true;

    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        writer.text(name, self);
    }

    fn define(_: &mut Schema) {}
}

/// Reads a trimmed text; what `parse` refuses is 20110 with the reason.
pub(super) fn read_trimmed<'a, T>(
    reader: &mut Reader<'a>,
    tag: &Tag<'a>,
    given: &mut bool,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, Fault> {
    let text = reader.text(tag)?;
    let text = text.trim();
    *given = !text.is_empty();
    if !*given {
        return Ok(None);
    }
    match parse(text) {
        Ok(value) => Ok(Some(value)),
        Err(reason) => {
            reader.refused(Fault::bad_parameter(tag.name, &reason));
            Ok(None)
        }
    }
}

/// Quotes what came, so that a fault stays short whatever a client sends.
pub(crate) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    let more = if short.len() < text.len() { "..." } else { "" };
    format!("`{short}{more}`")
}

macro_rules! numbers {
    ($($t:ty = $name:literal),+) => {$(
        impl XmlType for $t {
            fn type_name() -> &'static str {
                $name
            }

            // REQ-10: sign, leading zeros and a fraction of zeros are fine.
            fn read<'a>(reader: &mut Reader<'a>, tag: &Tag<'a>, given: &mut bool) -> Result<Option<Self>, Fault> {
                read_trimmed(reader, tag, given, |text| {
                    let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
                        if !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0') { whole } else { text }
                    });
                    whole.parse().map_err(|_| {
                        format!("a whole number from {} to {} is expected, not {}", <$t>::MIN, <$t>::MAX, quoted(text))
                    })
                })
            }

            // RSP-11: decimal, without plus or padding.
            fn write(&self, writer: &mut Writer, name: &str) {
                writer.text(name, &self.to_string());
            }

            fn fits(&self, type_name: &str) -> bool {
                type_name != "xs:int" || i32::try_from(*self).is_ok()
            }

            fn define(_: &mut Schema) {}
        }
    )+};
}

numbers!(i32 = "xs:int", i64 = "xs:long");

impl XmlType for bool {
    fn type_name() -> &'static str {
        "xs:boolean"
    }

    // REQ-9; written as RSP-11 says.
    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        read_trimmed(reader, tag, given, |text| {
            match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Ok(true),
                "false" | "0" | "no" => Ok(false),
                _ => Err(format!("true or false is expected, not {}", quoted(text))),
            }
        })
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        writer.text(name, if *self { "true" } else { "false" });
    }

    fn define(_: &mut Schema) {}
}

/// A value whose type the schema leaves open; its text counts, whatever `xsi:type` says (CLT-19).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnySimpleValue(pub String);

impl XmlType for AnySimpleValue {
    fn type_name() -> &'static str {
        "xs:anySimpleType"
    }

    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        Ok(String::read(reader, tag, given)?.map(Self))
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        writer.text(name, &self.0);
    }

    fn define(_: &mut Schema) {}
}

items! {
    String = "ArrayOfString" "stringItem",
    i32 = "ArrayOfInteger" "integerItem",
}
