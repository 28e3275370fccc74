//! Times of every kind, and texts that are none.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mktows_datetime::{DateTime, format};
use proptest::prelude::*;

const ZONES: &[&str] = &[
    "UTC",
    "America/Chicago",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Africa/Monrovia",
    "America/St_Johns",
];

/// The first and last second of the years 2 to 9998, so that no zone leaves the calendar of XML.
const SECONDS: std::ops::Range<i64> = -62_104_060_800..253_370_764_800;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    // RSP-9: what is written is read as the same second, whatever the zone and its history.
    #[test]
    fn what_is_written_is_read(seconds in SECONDS, nanoseconds in 0..1_000_000_000, zone in proptest::sample::select(ZONES)) {
        let zone = TimeZone::get(zone).unwrap();
        let second = Timestamp::from_second(seconds).unwrap();
        let instant = Timestamp::new(seconds, nanoseconds).unwrap();
        for instant in [second, instant] {
            let text = format(instant, &zone);
            prop_assert_eq!(text.len(), 25);
            prop_assert!(!text.ends_with('Z'));
            let read = DateTime::parse(&text).unwrap().to_timestamp(&TimeZone::UTC);
            prop_assert_eq!(read.as_second(), instant.as_nanosecond().div_euclid(1_000_000_000) as i64, "{}", text);
        }
    }

    // AUT-15: every spelling of one second is that second.
    #[test]
    fn spellings_do_not_count(
        seconds in SECONDS,
        between in proptest::sample::select(&["T", "t", " ", "   "][..]),
        fraction in proptest::sample::select(&["", ".0", ",9", ".1234567", ".123456789012345678901234567890"][..]),
        blank in proptest::sample::select(&["", " ", "  "][..]),
        hours in -23_i64..24,
        minutes in 0_i64..60,
        form in 0..3,
    ) {
        let sign = if hours < 0 { '-' } else { '+' };
        let (minutes, zone) = match form {
            0 => (minutes, format!("{sign}{:02}:{minutes:02}", hours.abs())),
            1 => (minutes, format!("{sign}{:02}{minutes:02}", hours.abs())),
            _ => (0, format!("{sign}{:02}", hours.abs())),
        };
        let offset = (hours.abs() * 60 + minutes) * 60 * if hours < 0 { -1 } else { 1 };
        let local = format(Timestamp::from_second(seconds + offset).unwrap(), &TimeZone::UTC);
        let text = format!("{}{between}{}{fraction}{blank}{zone}", &local[..10], &local[11..19]);
        let read = DateTime::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        prop_assert_eq!(read.to_timestamp(&TimeZone::UTC).as_nanosecond().div_euclid(1_000_000_000) as i64, seconds, "{}", text);
    }

    // AUT-8: a time without a zone is local.
    #[test]
    fn a_time_without_a_zone_is_read_in_the_zone(seconds in SECONDS, zone in proptest::sample::select(ZONES)) {
        let zone = TimeZone::get(zone).unwrap();
        let text = format(Timestamp::from_second(seconds).unwrap(), &TimeZone::UTC);
        let local = DateTime::parse(&text[..19]).unwrap();
        prop_assert_eq!(local.offset, None);
        let expected = zone.to_timestamp(local.civil).unwrap();
        prop_assert_eq!(local.to_timestamp(&zone), expected);
    }

    #[test]
    fn nothing_stops_the_reader(text: String, near in "[0-9]{0,5}-?[0-9]{0,3}-?[0-9]{0,3}[Tt ]{0,2}[0-9:.,]{0,12} ?[ZzUTCGM+-]{0,3}[0-9:]{0,6}") {
        for text in [text, near] {
            if let Ok(time) = DateTime::parse_or_date(&text) {
                for zone in ZONES {
                    let zone = TimeZone::get(zone).unwrap();
                    let _ = format(time.to_timestamp(&zone), &zone);
                }
            }
        }
    }
}

#[test]
fn the_ends_of_time() {
    for (text, end) in [
        ("9999-12-31T23:59:59-23:59", Timestamp::MAX),
        (
            "0001-01-01T00:00:00+23:59",
            "0000-12-31T00:01:00Z".parse().unwrap(),
        ),
    ] {
        assert_eq!(
            DateTime::parse(text).unwrap().to_timestamp(&TimeZone::UTC),
            end,
            "{text}"
        );
    }
    assert!(DateTime::parse("9999-12-31T24:00:00").is_err());
    for zone in ZONES {
        let zone = TimeZone::get(zone).unwrap();
        for end in [Timestamp::MIN, Timestamp::MAX] {
            let text = format(end, &zone);
            assert!(DateTime::parse(&text).is_ok(), "{text}");
        }
    }
}
