//! The one lenient reader of date-times of the mktows protocol (AUT-15), and the one writer (RSP-9).
//!
//! Clients of fifteen years write times in every form that their languages have: with `T` or blanks, with or without
//! seconds, with any number of fraction digits, with `Z`, `UTC`, `+01:00`, `+0100`, `+01`, or without a zone. All are
//! read here, for signatures, for message fields and for values of leads alike.
//!
//! ```
//! use mktows_datetime::DateTime;
//! let time = DateTime::parse("2013-08-02 10:22:30 +0900")?;
//! let instant = time.to_timestamp(&jiff::tz::TimeZone::UTC);
//! assert_eq!(mktows_datetime::format(instant, &jiff::tz::TimeZone::UTC), "2013-08-02T01:22:30+00:00");
//! # Ok::<(), mktows_datetime::DateTimeError>(())
//! ```

use jiff::Timestamp;
use jiff::civil::{self, Date, Time};
use jiff::tz::{Offset, TimeZone};

/// A date-time as a client wrote it: a civil time, and an offset if one was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The time on the wall, with up to nanoseconds; further digits are dropped.
    pub civil: civil::DateTime,
    /// The offset from UTC; without one the time is local to somewhere (AUT-8).
    pub offset: Option<Offset>,
}

/// The text is no date-time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date-time: `{0}` (expected YYYY-MM-DDThh:mm:ss with an optional fraction and zone)")]
pub struct DateTimeError(pub String);

impl DateTime {
    /// Reads a date and a time (AUT-15). A second of 60 counts as 59; 24:00:00 is the midnight that follows.
    ///
    /// # Errors
    /// When the text has another form or names a day or time that does not exist.
    pub fn parse(text: &str) -> Result<Self, DateTimeError> {
        Reader::new(text)
            .date_time(false)
            .ok_or_else(|| error(text))
    }

    /// Reads a date and a time, or a bare date, which means its midnight without a zone (VAL-6).
    ///
    /// # Errors
    /// As [`DateTime::parse`].
    pub fn parse_or_date(text: &str) -> Result<Self, DateTimeError> {
        Reader::new(text).date_time(true).ok_or_else(|| error(text))
    }

    /// The instant; a time without an offset is taken in `zone`. Times beyond the range of instants (the last day of
    /// the year 9999) give its end.
    pub fn to_timestamp(&self, zone: &TimeZone) -> Timestamp {
        let instant = match self.offset {
            Some(offset) => offset.to_timestamp(self.civil),
            None => zone.to_timestamp(self.civil),
        };
        instant.unwrap_or(if self.civil.year() > 0 {
            Timestamp::MAX
        } else {
            Timestamp::MIN
        })
    }
}

/// Writes an instant in `zone`: `2013-07-09T16:44:28-05:00`, whole seconds, a numeric offset, never `Z` (RSP-9).
///
/// XML knows neither offsets with seconds, which zones had before 1900, nor a year 0: the offset is rounded to minutes,
/// and what is before the year 1 in `zone` is written as its beginning.
pub fn format(instant: Timestamp, zone: &TimeZone) -> String {
    let offset = offset(instant, zone);
    let civil = offset
        .to_datetime(instant)
        .max(civil::DateTime::constant(1, 1, 1, 0, 0, 0, 0));
    written(civil, offset)
}

/// The offset of a zone, rounded to minutes.
pub fn offset(instant: Timestamp, zone: &TimeZone) -> Offset {
    let seconds = zone.to_offset(instant).seconds();
    let minutes = (f64::from(seconds) / 60.0).round() as i32;
    Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC)
}

/// Writes a time on the wall with its offset, as [`format()`] does; the offset has whole minutes.
pub fn written(civil: civil::DateTime, offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
        if minutes < 0 { '-' } else { '+' },
        minutes.abs() / 60,
        minutes.abs() % 60,
    )
}

fn error(text: &str) -> DateTimeError {
    DateTimeError(text.chars().take(64).collect())
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text.trim().as_bytes(),
        }
    }

    fn date_time(mut self, date_alone: bool) -> Option<DateTime> {
        let year = self.digits(4)?;
        self.expect(b'-')?;
        let month = self.digits(2)?;
        self.expect(b'-')?;
        let day = self.digits(2)?;
        let date = Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()?;
        if date.year() == 0 {
            return None;
        }
        if self.rest.is_empty() {
            return date_alone.then(|| DateTime {
                civil: date.to_datetime(Time::midnight()),
                offset: None,
            });
        }
        if !self.take(b'T') && !self.take(b't') && !self.blanks() {
            return None;
        }
        let hour = self.digits(2)?;
        self.expect(b':')?;
        let minute = self.digits(2)?;
        let (mut second, mut nanosecond) = (0, 0);
        if self.take(b':') {
            second = self.digits(2)?;
            if self.take(b'.') || self.take(b',') {
                nanosecond = self.fraction()?;
            }
        }
        let civil = civil_time(date, hour, minute, second, nanosecond)?;
        let offset = self.offset()?;
        self.rest.is_empty().then_some(DateTime { civil, offset })
    }

    /// `None`: not an offset. `Some(None)`: no offset.
    fn offset(&mut self) -> Option<Option<Offset>> {
        self.blanks();
        match self.rest {
            [] => Some(None),
            [b'Z' | b'z'] | [b'U', b'T', b'C'] | [b'G', b'M', b'T'] => {
                self.rest = &[];
                Some(Some(Offset::UTC))
            }
            [sign @ (b'+' | b'-'), ..] => {
                let negative = *sign == b'-';
                self.rest = &self.rest[1..];
                let hours = self.digits(2)?;
                let minutes = match self.rest {
                    [] => 0,
                    _ => {
                        self.take(b':');
                        self.digits(2)?
                    }
                };
                if hours > 23 || minutes > 59 {
                    return None;
                }
                let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
                Some(Some(
                    Offset::from_seconds(if negative { -seconds } else { seconds }).ok()?,
                ))
            }
            _ => None,
        }
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            number = number * 10 + (*digit as char).to_digit(10)?;
        }
        self.rest = rest;
        Some(number)
    }

    /// Nanoseconds of any number of fraction digits, at least one.
    fn fraction(&mut self) -> Option<u32> {
        let count = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let mut nanoseconds = 0;
        for at in 0..9 {
            let digit = self
                .rest
                .get(at)
                .filter(|_| at < count)
                .map_or(0, |digit| u32::from(digit - b'0'));
            nanoseconds = nanoseconds * 10 + digit;
        }
        self.rest = &self.rest[count..];
        (count > 0).then_some(nanoseconds)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }

    fn take(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn blanks(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_ascii_start();
        self.rest.len() < before
    }
}

fn civil_time(
    date: Date,
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: u32,
) -> Option<civil::DateTime> {
    if hour == 24 {
        return (minute == 0 && second == 0 && nanosecond == 0)
            .then(|| date.tomorrow().ok())?
            .map(|next| next.to_datetime(Time::midnight()));
    }
    let (second, nanosecond) = if second == 60 {
        (59, 999_999_999)
    } else {
        (second, nanosecond)
    };
    let time = Time::new(
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second).ok()?,
        i32::try_from(nanosecond).ok()?,
    );
    Some(date.to_datetime(time.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        let time = DateTime::parse_or_date(text).ok()?;
        Some(format(time.to_timestamp(&TimeZone::UTC), &TimeZone::UTC))
    }

    #[test]
    fn aut_15_every_form_that_clients_send() {
        for (text, expected) in [
            ("2013-08-01T18:22:30-07:00", "2013-08-02T01:22:30+00:00"),
            ("2013-08-02T01:22:30+00:00", "2013-08-02T01:22:30+00:00"),
            ("2015-07-06 12:00:00 +0900", "2015-07-06T03:00:00+00:00"),
            ("2015-07-06 03:00:00 UTC", "2015-07-06T03:00:00+00:00"),
            ("2015-07-06  03:00:00 GMT", "2015-07-06T03:00:00+00:00"),
            ("2013-08-02T01:22:30Z", "2013-08-02T01:22:30+00:00"),
            ("2013-08-02t01:22:30z", "2013-08-02T01:22:30+00:00"),
            ("2013-08-02T01:22:30.123456", "2013-08-02T01:22:30+00:00"),
            ("2013-08-02T01:22:30,5", "2013-08-02T01:22:30+00:00"),
            ("2013-08-02T01:22:30.1234567Z", "2013-08-02T01:22:30+00:00"),
            (
                "2013-08-02T01:22:30.12345678901234567890Z",
                "2013-08-02T01:22:30+00:00",
            ),
            ("2013-08-01T18:22:30-0700", "2013-08-02T01:22:30+00:00"),
            ("2013-08-01T18:22:30-07", "2013-08-02T01:22:30+00:00"),
            ("2013-08-01T18:22", "2013-08-01T18:22:00+00:00"),
            ("  2013-08-01T18:22:30  ", "2013-08-01T18:22:30+00:00"),
            ("2013-08-01T24:00:00", "2013-08-02T00:00:00+00:00"),
            ("2013-06-30T23:59:60Z", "2013-06-30T23:59:59+00:00"),
            ("9999-12-31T23:59:59Z", "9999-12-30T22:00:00+00:00"),
            ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+00:00"),
            ("2013-08-01", "2013-08-01T00:00:00+00:00"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn aut_15_what_is_no_date_time_is_refused() {
        for text in [
            "",
            "x",
            "2013",
            "2013-08",
            "2013-02-30",
            "2013-13-01T00:00:00",
            "0000-01-01",
            "2013-08-01T",
            "2013-08-01T1:00",
            "2013-08-01T25:00:00",
            "2013-08-01T24:00:01",
            "2013-08-01T00:60:00",
            "2013-08-01T00:00:61",
            "2013-08-01T00:00:00.",
            "2013-08-01T00:00:00+",
            "2013-08-01T00:00:00+24:00",
            "2013-08-01T00:00:00+01:60",
            "2013-08-01T00:00:00 EST",
            "2013-08-01T00:00:00Zx",
            "13-08-01T00:00:00",
            "2013/08/01",
            "２０１３-08-01",
            "2013-08-01T00:00:00+1",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
        assert!(
            DateTime::parse("2013-08-01").is_err(),
            "a bare date is a value, not a time"
        );
        let long = DateTime::parse(&"é".repeat(1000)).unwrap_err().to_string();
        assert!(long.chars().count() < 200, "{long}");
    }

    #[test]
    fn a_time_without_a_zone_is_local() {
        let chicago = TimeZone::get("America/Chicago").unwrap();
        let instant = DateTime::parse("2013-07-09T16:44:28")
            .unwrap()
            .to_timestamp(&chicago);
        assert_eq!(format(instant, &TimeZone::UTC), "2013-07-09T21:44:28+00:00");
        assert_eq!(
            format(instant, &chicago),
            "2013-07-09T16:44:28-05:00",
            "RSP-9"
        );
        let early = DateTime::parse("1850-01-01T12:00:00Z")
            .unwrap()
            .to_timestamp(&chicago);
        assert_eq!(
            format(early, &chicago),
            "1850-01-01T06:09:00-05:51",
            "RSP-9"
        );
    }
}
