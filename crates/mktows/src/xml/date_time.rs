//! Date-times of messages.

use super::XmlType;
use super::reader::{Reader, Tag};
use super::schema::Schema;
use super::simple::read_trimmed;
use super::writer::Writer;
use crate::fault::Fault;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;

/// A dateTime of a message: its text as it is on the wire, and what it means.
///
/// A position that a client hands back is echoed as it was sent (RSP-10), so the text is kept; written is a text that
/// XML Schema does not allow in the nearest form that it does, or strict readers would refuse the answer (RSP-8).
#[derive(Clone, PartialEq, Eq)]
pub struct DateTime {
    text: String,
    value: mktows_datetime::DateTime,
}

impl DateTime {
    /// An instant as a server in this zone writes it (RSP-9).
    pub fn new(instant: Timestamp, zone: &TimeZone) -> Self {
        let zoned = instant.to_zoned(zone.clone());
        let value = mktows_datetime::DateTime {
            civil: zoned.datetime(),
            offset: Some(zoned.offset()),
        };
        Self {
            text: mktows_datetime::format(instant, zone),
            value,
        }
    }

    /// Reads every form that clients send (REQ-12, AUT-15); a bare date is its midnight.
    ///
    /// # Errors
    /// When the text is no date-time.
    pub fn parse(text: &str) -> Result<Self, mktows_datetime::DateTimeError> {
        let text = text.trim();
        Ok(Self {
            value: mktows_datetime::DateTime::parse_or_date(text)?,
            text: text.to_owned(),
        })
    }

    /// The text on the wire.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The instant; a time without a zone is taken in `zone`.
    pub fn to_timestamp(&self, zone: &TimeZone) -> Timestamp {
        self.value.to_timestamp(zone)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({})", self.text)
    }
}

impl XmlType for DateTime {
    fn type_name() -> &'static str {
        "xs:dateTime"
    }

    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        read_trimmed(reader, tag, given, |text| {
            Self::parse(text).map_err(|error| error.to_string())
        })
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        if is_schema_form(&self.text) {
            writer.text(name, &self.text);
        } else {
            writer.text(name, &schema_form(&self.value));
        }
    }

    fn define(_: &mut Schema) {}
}

/// Whether a text that was read as a date-time is one in the form of XML Schema: `YYYY-MM-DDThh:mm:ss`, maybe with a
/// fraction, then `Z`, an offset of up to 14 hours with a colon, or nothing.
fn is_schema_form(text: &str) -> bool {
    let Some((main, rest)) = text.as_bytes().split_at_checked(19) else {
        return false;
    };
    // A reader has seen the digits; hour 24 and second 60 are the two that it takes and the schema does not.
    let time = main[10] == b'T'
        && main[11..13] < *b"24".as_slice()
        && main[16] == b':'
        && main[17..] < *b"60".as_slice();
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zone = match rest {
        [b'.', fraction @ ..] if digits(fraction) > 0 => &fraction[digits(fraction)..],
        rest => rest,
    };
    let offset = match zone {
        [] | [b'Z'] => true,
        [b'+' | b'-', offset @ ..] => {
            matches!(offset, [_, _, b':', _, _]) && *offset <= *b"14:00".as_slice()
        }
        _ => false,
    };
    time && offset
}

fn schema_form(value: &mktows_datetime::DateTime) -> String {
    let furthest = 14 * 3600;
    match value.offset {
        None => value.civil.to_string(),
        Some(offset) if offset.seconds().abs() > furthest => {
            mktows_datetime::format(value.to_timestamp(&TimeZone::UTC), &TimeZone::UTC)
        }
        Some(offset) => {
            let minutes = offset.seconds().abs() / 60;
            let sign = if offset.is_negative() { '-' } else { '+' };
            format!(
                "{}{sign}{:02}:{:02}",
                value.civil,
                minutes / 60,
                minutes % 60
            )
        }
    }
}
