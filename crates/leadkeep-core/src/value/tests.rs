use super::DataType as T;
use super::*;

fn rules() -> ValueRules {
    ValueRules {
        zone: TimeZone::get("America/Chicago").unwrap(),
        null_clears_text: false,
        cut_long_strings: false,
        check_email: false,
        cuts: CutCounter::default(),
    }
}

const ALL: [T; 14] = [
    T::String,
    T::Text,
    T::Email,
    T::Phone,
    T::Url,
    T::Integer,
    T::Float,
    T::Currency,
    T::Percent,
    T::Score,
    T::Boolean,
    T::Date,
    T::Datetime,
    T::Reference,
];

/// `Some(text)`: stored so. `None`: refused.
fn check(data_type: T, table: &[(&str, Option<&str>)]) {
    for (raw, expected) in table {
        let got = read(data_type, None, raw, &rules());
        match expected {
            Some(expected) => {
                let stored = got.unwrap_or_else(|error| panic!("{data_type:?} {raw:?}: {error}"));
                assert_eq!(stored.as_deref(), Some(*expected), "{data_type:?} {raw:?}");
                assert_eq!(
                    read(data_type, None, expected, &rules()),
                    Ok(stored),
                    "DM-VAL-6: the canonical text stays, {raw:?}"
                );
            }
            None => assert!(got.is_err(), "{data_type:?} {raw:?}: {got:?}"),
        }
    }
}

#[test]
fn com_25_empty_and_blank_clear_every_type() {
    // COM-25, DM-VAL-3
    for data_type in ALL {
        for raw in ["", " ", "\t\r\n ", "\u{a0}"] {
            assert_eq!(
                read(data_type, None, raw, &rules()),
                Ok(None),
                "{data_type:?} {raw:?}"
            );
        }
    }
}

#[test]
fn com_25_null_clears_all_but_text() {
    // COM-25, DM-VAL-4
    let clearing = ValueRules {
        null_clears_text: true,
        ..rules()
    };
    for data_type in ALL {
        for raw in ["NULL", "null"] {
            let kept = data_type.is_text().then(|| raw.to_owned());
            assert_eq!(
                read(data_type, None, raw, &rules()),
                Ok(kept),
                "{data_type:?}"
            );
            assert_eq!(
                read(data_type, None, raw, &clearing),
                Ok(None),
                "{data_type:?}"
            );
        }
        if !data_type.is_text() {
            assert!(
                read(data_type, None, "Null", &clearing).is_err(),
                "{data_type:?}"
            );
        }
    }
    assert_eq!(
        read(T::String, None, "Null", &clearing),
        Ok(Some("Null".to_owned()))
    );
}

#[test]
fn val_1_text_is_kept_as_sent() {
    // VAL-1, DM-VAL-1, DM-VAL-5, DM-VAL-15
    for data_type in [T::String, T::Text] {
        check(
            data_type,
            &[(" a b ", Some(" a b ")), ("a; b", Some("a; b"))],
        );
    }
    for data_type in [T::Email, T::Phone, T::Url] {
        check(
            data_type,
            &[(" a b ", Some("a b")), ("example.com", Some("example.com"))],
        );
    }
}

#[test]
fn val_10_line_breaks_and_what_xml_cannot_carry() {
    // VAL-10, DM-VAL-8, DM-VAL-9
    let table = [
        ("a\r\nb", Some("a\nb")),
        ("a\rb\n", Some("a\rb\n")),
        ("a\u{0}\u{1f}b\u{fffe}\u{ffff}", Some("ab")),
        ("a\tb\u{7f}", Some("a\tb\u{7f}")),
        ("\u{feff}\u{fffd}", Some("\u{feff}\u{fffd}")),
        ("\u{1F600} \u{20BB7}", Some("\u{1F600} \u{20BB7}")),
        ("e\u{301}", Some("e\u{301}")),
    ];
    check(T::String, &table);
    check(T::Text, &table);
    assert_eq!(read(T::String, None, "\u{0}\u{1}", &rules()), Ok(None));
}

#[test]
fn val_2_whole_numbers() {
    // VAL-2, DM-VAL-14, DM-VAL-18
    let common = [
        ("0042", Some("42")),
        ("+15", Some("15")),
        ("-5", Some("-5")),
        ("-0", Some("0")),
        ("12.0", Some("12")),
        ("12.", Some("12")),
        ("80%", Some("80")),
        ("80.00 %", Some("80")),
        (" 7 ", Some("7")),
        ("000000000000000000000000000000000000007", Some("7")),
        ("1,000", None),
        ("1 000", None),
        ("$5", None),
        ("=5", None),
        ("1.5", None),
        ("1e3", None),
        (".0", None),
        ("%", None),
        ("-", None),
        ("--1", None),
        ("five", None),
        ("٣", None),
        ("99999999999999999999999", None),
    ];
    for data_type in [T::Integer, T::Score, T::Percent] {
        check(data_type, &common);
    }
    check(
        T::Integer,
        &[
            ("9223372036854775807", Some("9223372036854775807")),
            ("-9223372036854775808", Some("-9223372036854775808")),
            ("9223372036854775808", None),
        ],
    );
    for data_type in [T::Score, T::Percent] {
        check(
            data_type,
            &[
                ("2147483647", Some("2147483647")),
                ("2147483648", None),
                ("-2147483648", Some("-2147483648")),
                ("-2147483649", None),
            ],
        );
    }
}

#[test]
fn val_3_floats_and_money() {
    // VAL-3, DM-VAL-12, DM-VAL-14
    let common = [
        ("501.00", Some("501")),
        ("28970000", Some("28970000")),
        ("10.40", Some("10.4")),
        ("007", Some("7")),
        ("-0.0", Some("0")),
        ("+1.5", Some("1.5")),
        (".5", Some("0.5")),
        ("5.", Some("5")),
        ("1.5E3", Some("1500")),
        ("15e-1", Some("1.5")),
        ("1e-4", Some("0.0001")),
        ("0e999999999999999999999999", Some("0")),
        ("16777217", Some("16777217")),
        ("1,000.5", None),
        ("1,5", None),
        ("$5", None),
        ("5 €", None),
        ("1 000", None),
        ("NaN", None),
        ("inf", None),
        ("infinity", None),
        ("1e", None),
        ("e5", None),
        (".", None),
        ("-", None),
        ("1e999999999999999999999999", None),
        ("0x10", None),
    ];
    check(T::Float, &common);
    check(T::Currency, &common);
    check(
        T::Currency,
        &[
            ("999999999999999999.9999", Some("999999999999999999.9999")),
            ("-999999999999999999.9999", Some("-999999999999999999.9999")),
            ("1000000000000000000", None),
            ("1e17", Some("100000000000000000")),
            ("1e18", None),
            ("0.00001", None),
            ("0.00010000000000000000000000000000000000", Some("0.0001")),
            ("1e-9223372036854775808", None),
        ],
    );
    check(
        T::Float,
        &[
            ("0.1", Some("0.1")),
            ("1e21", Some("1000000000000000000000")),
            ("1e-400", Some("0")),
            ("1e400", None),
        ],
    );
}

#[test]
fn val_4_booleans() {
    // VAL-4, DM-VAL-17
    check(
        T::Boolean,
        &[
            ("1", Some("1")),
            ("True", Some("1")),
            ("YES", Some("1")),
            ("y", Some("1")),
            ("T", Some("1")),
            ("on", Some("1")),
            ("0", Some("0")),
            ("false", Some("0")),
            ("No", Some("0")),
            ("N", Some("0")),
            ("f", Some("0")),
            ("OFF", Some("0")),
            ("2", None),
            ("maybe", None),
        ],
    );
}

#[test]
fn val_5_dates() {
    // VAL-5
    check(
        T::Date,
        &[
            ("2013-08-01", Some("2013-08-01")),
            ("2013-08-01T23:59:59-07:00", Some("2013-08-01")),
            ("2013-08-01 10:00", Some("2013-08-01")),
            ("0001-01-01", Some("0001-01-01")),
            ("9999-12-31", Some("9999-12-31")),
            ("2013-02-29", None),
            ("0000-01-01", None),
            ("31/12/1985", None),
            ("12/31/1985", None),
            ("1985-1-1", None),
            ("yesterday", None),
        ],
    );
}

#[test]
fn val_6_times_are_kept_in_utc() {
    // VAL-6, DM-VAL-13
    check(
        T::Datetime,
        &[
            (
                "2013-08-01T18:22:30.999+00:00",
                Some("2013-08-01T18:22:30Z"),
            ),
            ("2013-08-01T18:22:30", Some("2013-08-01T23:22:30Z")),
            ("2013-08-01", Some("2013-08-01T05:00:00Z")),
            ("2013-08-01 18:22 +0900", Some("2013-08-01T09:22:00Z")),
            ("0001-01-01T00:00:00+01:00", Some("0001-01-01T00:00:00Z")),
            ("9999-12-30T21:59:59Z", Some("9999-12-30T21:59:59Z")),
            ("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59Z")),
            ("9999-12-31", Some("9999-12-31T06:00:00Z")),
            ("9999-12-31T01:00:00+02:00", Some("9999-12-30T23:00:00Z")),
            ("9999-12-31T23:59:59-06:00", Some("9999-12-31T23:59:59Z")),
            ("1985", None),
            ("12/31/1985", None),
            ("soon", None),
        ],
    );
    let chicago = rules().zone;
    for (canonical, expected) in [
        ("2013-07-09T21:44:28Z", "2013-07-09T16:44:28-05:00"),
        ("2013-01-09T21:44:28Z", "2013-01-09T15:44:28-06:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00-05:51"),
        ("9999-12-30T23:00:00Z", "9999-12-30T17:00:00-06:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31T17:59:59-06:00"),
        ("1850-01-01T12:00:00Z", "1850-01-01T06:09:00-05:51"),
        ("not a time", "not a time"),
    ] {
        assert_eq!(write(T::Datetime, canonical, &chicago), expected, "RSP-9");
    }
    assert_eq!(write(T::Date, "2013-08-01", &chicago), "2013-08-01");
    assert_eq!(write(T::Boolean, "0", &chicago), "0", "DM-VAL-16, VAL-9");
}

#[test]
fn val_7_references_are_ids() {
    // VAL-7
    check(
        T::Reference,
        &[("0012", Some("12")), ("0", None), ("-1", None), ("x", None)],
    );
}

#[test]
fn val_8_too_long_is_refused_never_cut_without_a_word() {
    // VAL-8, DM-VAL-2, DM-VAL-7
    let long = "é".repeat(256);
    for data_type in [T::String, T::Phone, T::Url, T::Email] {
        let error = read(data_type, None, &long, &rules()).unwrap_err();
        assert_eq!(error.0, "expected at most 255 characters, got 256");
        let fits = &long[2..];
        assert_eq!(
            read(data_type, Some(255), fits, &rules()),
            Ok(Some(fits.to_owned()))
        );
    }
    assert!(read(T::String, Some(3), "abcd", &rules()).is_err());
    assert!(read(T::String, Some(256), &long, &rules()).is_ok());

    let text = "é".repeat(15_000);
    assert!(read(T::Text, Some(2000), &text, &rules()).is_ok());
    assert!(read(T::Text, Some(2000), &format!("{text}x"), &rules()).is_err());

    let cutting = ValueRules {
        cut_long_strings: true,
        ..rules()
    };
    assert_eq!(
        read(T::String, Some(3), "aé\u{1F600}d", &cutting),
        Ok(Some("aé\u{1F600}".to_owned()))
    );
    assert_eq!(
        read(T::Text, None, &format!("x{text}"), &cutting),
        Ok(Some(format!("x{}", "é".repeat(14_999))))
    );
    assert_eq!(
        read(T::String, Some(3), "    x", &cutting),
        Ok(None),
        "what is left is blank"
    );
    assert_eq!(cutting.cuts.take(), 3);
    assert_eq!(cutting.cuts.take(), 0);
    assert!(
        read(T::Email, None, &long, &cutting).is_err(),
        "a part of an address is another address"
    );
    let error = read(T::Integer, None, &"x".repeat(1000), &rules()).unwrap_err();
    assert!(error.0.chars().count() < 90, "{error}");
}

#[test]
fn val_11_addresses_are_checked_only_on_demand() {
    // VAL-11, DM-VAL-10
    let odd = [
        "no at",
        "a@b@c",
        "@b",
        "a@",
        "jörg@example.com",
        "a b@example.com",
    ];
    let checking = ValueRules {
        check_email: true,
        ..rules()
    };
    for address in odd {
        assert!(read(T::Email, None, address, &rules()).is_ok(), "{address}");
        assert!(
            read(T::Email, None, address, &checking).is_err(),
            "{address}"
        );
    }
    assert_eq!(
        read(T::Email, None, " Jo@Example.com ", &checking),
        Ok(Some("Jo@Example.com".to_owned()))
    );
}

#[test]
fn values_compare_by_type_and_sort_keys_agree() {
    // DM-OPP-11, GCO-8
    let ascending: [(T, &[&str]); 8] = [
        (T::String, &["123456", "rid0", "RID1", "rid10", "été"]),
        (
            T::Integer,
            &[
                "-9223372036854775808",
                "-5",
                "0",
                "9",
                "10",
                "9223372036854775807",
            ],
        ),
        (T::Float, &["-1000", "-1.5", "0", "0.5", "9", "10"]),
        (
            T::Currency,
            &[
                "-999999999999999999.9999",
                "-10.4",
                "-10",
                "0",
                "0.0001",
                "9.5",
                "10",
                "999999999999999999.9999",
            ],
        ),
        (T::Boolean, &["0", "1"]),
        (T::Date, &["0001-01-01", "2013-08-01", "2013-08-02"]),
        (
            T::Datetime,
            &["0001-01-01T00:00:00Z", "2013-08-01T18:22:30Z"],
        ),
        (T::Reference, &["2", "10"]),
    ];
    for (data_type, values) in ascending {
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(compare(data_type, a, b), i.cmp(&j), "{data_type:?} {a} {b}");
                assert_eq!(
                    sort_key(data_type, a).cmp(&sort_key(data_type, b)),
                    i.cmp(&j),
                    "{data_type:?} {a} {b}"
                );
            }
        }
    }
    assert!(compare(T::String, "ABC", "abc").is_eq());
    assert_eq!(fold(T::Email, "Jo@EXAMPLE.com"), "jo@example.com");
    assert_eq!(
        fold(T::String, "ΣΑΣ"),
        fold(T::String, "σασ"),
        "whatever stands around the letters"
    );
    assert_eq!(fold(T::Integer, "5"), "5");
}
