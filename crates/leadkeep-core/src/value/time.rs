//! Days and instants (VAL-5, VAL-6).

use super::ValueError;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, civil};
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
    let instant = time.to_timestamp(zone);
    if instant < Timestamp::MAX {
        return Ok(canonical(TimeZone::UTC.to_datetime(instant)));
    }
    // The last day of the year 9999, which many write for "never", has no instants.
    let offset = time.offset.unwrap_or(zone.to_offset(Timestamp::MAX));
    let ahead = SignedDuration::from_secs(offset.seconds().into());
    Ok(canonical(time.civil.saturating_sub(ahead)))
}

fn canonical(civil: civil::DateTime) -> String {
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
        Err(_) => match canonical
            .strip_suffix('Z')
            .map(str::parse::<civil::DateTime>)
        {
            // The last day of the year 9999; where it would be another year, it is written in UTC.
            Some(Ok(civil)) => {
                let offset = mktows_datetime::offset(Timestamp::MAX, zone);
                let ahead = SignedDuration::from_secs(offset.seconds().into());
                Cow::Owned(match civil.checked_add(ahead) {
                    Ok(local) => mktows_datetime::written(local, offset),
                    Err(_) => mktows_datetime::written(civil, Offset::UTC),
                })
            }
            // Somebody else wrote to the database: shown as it is.
            _ => Cow::Borrowed(canonical),
        },
    }
}
