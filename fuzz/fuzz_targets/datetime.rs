//! Date-times in any spelling.

#![no_main]

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use mktows_datetime::{DateTime, format};

fuzz_target!(|text: &str| {
    let Ok(time) = DateTime::parse_or_date(text) else {
        return;
    };
    for zone in ["UTC", "America/Chicago", "Africa/Monrovia"] {
        let zone = TimeZone::get(zone).expect("a zone of the bundled data");
        let instant = time.to_timestamp(&zone);
        let written = format(instant, &zone);
        let again = DateTime::parse(&written).expect("a date-time");
        // What is before the year 1 is written as its beginning.
        if time.civil.year() > 1 {
            let second = instant.as_nanosecond().div_euclid(1_000_000_000);
            assert_eq!(i128::from(again.to_timestamp(&zone).as_second()), second);
        }
    }
});
