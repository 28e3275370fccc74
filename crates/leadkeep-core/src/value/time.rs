//! Days and instants (VAL-5, VAL-6).

use super::ValueError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mktows_datetime::DateTime;
use std::borrow::Cow;
use std::fmt::Write;

/// VAL-5: a day of the years 0001 to 9999, or the day of a date-time, as it was on the caller's wall.
pub(super) fn date(text: &str) -> Result<String, ValueError> {
    let time = DateTime::parse_or_date(text)
        .map_err(|_| ValueError::expected("a date YYYY-MM-DD", text))?;
    Ok(time.civil.date().to_string())
}

/// VAL-6, DM-VAL-13: every form of AUT-15, or a day, which is its midnight; a time without zone is the instance's.
/// Kept in UTC and whole seconds.
pub(super) fn datetime(text: &str, zone: &TimeZone) -> Result<String, ValueError> {
    let time = DateTime::parse_or_date(text)
        .map_err(|_| ValueError::expected("a date-time YYYY-MM-DDThh:mm:ss+hh:mm", text))?;
    Ok(canonical(time.to_timestamp(zone)))
}

fn canonical(instant: Timestamp) -> String {
    let civil = TimeZone::UTC.to_datetime(instant);
    if civil.year() < 1 {
        // The first hours of the year 1, east of Greenwich: there is no year 0 in XML.
        return "0001-01-01T00:00:00Z".to_owned();
    }
    let mut out = String::with_capacity(20);
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    out
}

pub(super) fn write<'a>(canonical: &'a str, zone: &TimeZone) -> Cow<'a, str> {
    match canonical.parse::<Timestamp>() {
        Ok(instant) => Cow::Owned(mktows_datetime::format(instant, zone)),
        // Somebody else wrote to the database: shown as it is.
        Err(_) => Cow::Borrowed(canonical),
    }
}
