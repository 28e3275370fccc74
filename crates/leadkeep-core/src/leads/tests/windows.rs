//! getMultipleLeads by time of update, page by page.

use super::*;
use jiff::Timestamp;

/// Noon and some seconds, the time of the leads in these tests.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_375_358_400 + seconds).unwrap()
}

fn window(from: i64, to: Option<i64>) -> LeadSelection {
    LeadSelection {
        selector: Some(Selector::Updated(at(from), to.map(at))),
        position: None,
        batch_size: None,
        include: None,
    }
}

fn next(position: &str) -> LeadSelection {
    LeadSelection {
        selector: None,
        position: Some(position.to_owned()),
        batch_size: None,
        include: None,
    }
}

/// Leads 1, 2, ... one second after the other, from second 0 on.
fn leads(count: i64) -> House {
    let house = house();
    for n in 0..count {
        house.store.set_now(at(n));
        let line = format!("email {n}@x.com");
        house.batch(&[(&line, &format!("CREATED {}", n + 1))]);
    }
    house.store.set_now(at(count));
    house
}

#[track_caller]
fn page(house: &House, selection: &LeadSelection, expected: &str) -> String {
    let page = house.select(selection).unwrap();
    let given = format!("{} +{}", numbers(&page.leads), page.remaining);
    assert_eq!(given, expected);
    page.position
}

/// GML-8, GML-9, GML-29, GML-31: since inclusive, until exclusive, in whole seconds.
#[test]
fn gml_29_bounds_are_inclusive_and_exclusive() {
    let house = leads(4);
    for (from, to, found) in [
        (0, Some(4), "1 2 3 4 +0"),
        (1, Some(3), "2 3 +0"),
        (3, Some(4), "4 +0"),
        (4, Some(9), " +0"),
        (3, Some(1), " +0"),
        (2, Some(2), " +0"),
        (-9, Some(1), "1 +0"),
    ] {
        page(&house, &window(from, to), found);
    }
    let half = Timestamp::from_millisecond(at(1).as_millisecond() + 500).unwrap();
    let mut selection = window(0, Some(4));
    selection.selector = Some(Selector::Updated(half, Some(at(3))));
    page(&house, &selection, "2 3 +0");
}

/// GML-8, COM-35: a change brings a lead into the window, reading does not.
#[test]
fn gml_08_a_change_moves_a_lead_into_the_window() {
    let house = leads(3);
    house.store.set_now(at(10));
    house.batch(&[
        ("id 2; City=Bonn", "UPDATED 2"),
        ("id 3; City=", "UPDATED 3"),
    ]);
    page(&house, &window(10, Some(11)), "2 +0");
    page(&house, &window(0, Some(10)), "1 3 +0");
}

/// GML-38, COM-13.
#[test]
fn gml_38_anonymous_leads_are_in_no_window() {
    let house = leads(2);
    let mut lead = house.row(1);
    lead.anonymous = true;
    house
        .store
        .write_now(|txn, _| txn.update_leads(&[lead.clone()]))
        .unwrap();
    page(&house, &window(0, Some(9)), "2 +0");
}

/// GML-5, GML-7, GML-12, GML-20, GML-22, GML-27, GML-28, STR-3, STR-5, STR-7: pages, their position, and their end.
#[test]
fn gml_20_pages_have_the_recorded_position() {
    let house = leads(5);
    let mut selection = window(0, Some(86_400));
    selection.batch_size = Some(2);
    let bounds = format!("to:{}:tl:{}", at(0).as_second(), at(86_400).as_second());
    let first = page(&house, &selection, "1 2 +3");
    assert_eq!(first, format!("id:2:{bounds}:os:2:rc:3"));
    let mut selection = next(&first);
    selection.batch_size = Some(2);
    let second = page(&house, &selection, "3 4 +1");
    let last = page(&house, &next(&second), "5 +0");
    assert_eq!(
        last,
        format!("id:5:{bounds}:os:5:rc:0"),
        "GML-28: not empty"
    );
    for _ in 0..2 {
        assert_eq!(page(&house, &next(&last), " +0"), last, "GML-27: not 20123");
    }
}

/// GML-5: what remains is counted for every page, whatever was told and whoever has left meanwhile.
#[test]
fn gml_05_what_remains_is_counted() {
    let house = leads(9);
    let leave = |id: i64| {
        house.batch(&[(&format!("id {id}; City=Bonn"), &format!("UPDATED {id}"))]);
    };
    let one = |position: &str, expected: &str| {
        let mut selection = next(position);
        selection.batch_size = Some(1);
        page(&house, &selection, expected)
    };
    let mut selection = window(0, Some(20));
    selection.batch_size = Some(1);
    let position = page(&house, &selection, "1 +8");
    house.store.set_now(at(60));
    leave(4);
    let position = one(&position, "2 +6");
    leave(5);
    let position = one(&position, "3 +4");
    let position = one(&position, "6 +3");
    let position = one(&position, "7 +2");
    leave(9);
    one(&position, "8 +0");
    leave(8);
    one(&position, " +0");
}

/// GML-5, GML-7: in a long stream it is told on, until it has halved or is short, or until there are no more leads.
#[test]
fn gml_05_what_remains_of_a_long_stream_is_counted_now_and_then() {
    let house = leads(9);
    let bounds = format!("to:{}:tl:{}", at(0).as_second(), at(9).as_second());
    for (given, remaining, size, expected) in [
        (1, 30_000, 1, "2 +29999"),
        (1, 30_000, 3, "2 3 4 +29997"),
        // The first page, halved, short.
        (0, 30_000, 1, "2 +7"),
        (1, 16_384, 1, "2 +7"),
        (1, 10_001, 1, "2 +7"),
        (1, 30_000, 8, "2 3 4 5 6 7 8 9 +0"),
    ] {
        let mut selection = next(&format!("id:1:{bounds}:os:{given}:rc:{remaining}"));
        selection.batch_size = Some(size);
        page(&house, &selection, expected);
    }
}

/// GML-5, GML-7: a position that tells too little does not end a stream, and one that tells too much does not go on with it.
#[test]
fn gml_07_a_stream_ends_where_its_leads_end() {
    let house = leads(4);
    let bounds = format!("to:{}:tl:{}", at(0).as_second(), at(9).as_second());
    for (given, remaining, expected) in [
        (1, 0, "2 +2"),
        (1, 1, "2 +2"),
        (1, 3, "2 +2"),
        (0, 3, "2 +2"),
        (0, 900, "2 +2"),
    ] {
        let mut selection = next(&format!("id:1:{bounds}:os:{given}:rc:{remaining}"));
        selection.batch_size = Some(1);
        page(&house, &selection, expected);
        selection.batch_size = Some(3);
        page(&house, &selection, "2 3 4 +0");
    }
    page(&house, &next(&format!("id:4:{bounds}:os:4:rc:9")), " +0");
}

/// GML-21, GML-30: an open end is the time of the first call, and stays that.
#[test]
fn gml_30_an_open_end_is_the_time_of_the_first_call() {
    let house = leads(3);
    let mut selection = window(0, None);
    selection.batch_size = Some(1);
    let position = page(&house, &selection, "1 +2");
    assert!(
        position.contains(&format!(":tl:{}:os:1:", at(3).as_second())),
        "{position}"
    );
    house.store.set_now(at(60));
    house.batch(&[
        ("email new@x.com", "CREATED 4"),
        ("id 3; City=Bonn", "UPDATED 3"),
    ]);
    let position = page(&house, &next(&position), "2 +0");
    page(&house, &window(3, None), " +0");
    house.store.set_now(at(61));
    // A poller goes on with the digits of the last position: what came meanwhile is there, and nothing twice.
    let since: i64 = position.split(':').nth(5).unwrap().parse().unwrap();
    page(&house, &window(since - at(0).as_second(), None), "3 4 +0");
}

/// GML-10.
#[test]
fn gml_10_last_updated_at_is_a_window_without_end() {
    // The edge turns lastUpdatedAt into such a selection.
    let house = leads(3);
    page(&house, &window(1, None), "2 3 +0");
}

/// GML-13: only if both bounds are given; the width is a switch.
#[test]
fn gml_13_a_window_of_more_than_thirty_days_is_refused() {
    const DAY: i64 = 86_400;
    for (switch, to, works) in [
        ("", Some(30 * DAY), true),
        ("", Some(30 * DAY + 1), false),
        ("", None, true),
        ("", Some(-9), true),
        ("[rules]\nwindow_days = 1", Some(DAY), true),
        ("[rules]\nwindow_days = 1", Some(DAY + 1), false),
        ("[rules]\nwindow_days = 0", Some(9_999 * DAY), true),
    ] {
        let house = house_with(switch);
        let given = house.select(&window(0, to));
        assert_eq!(given.is_ok(), works, "{switch} {to:?}");
        assert!(works || matches!(given, Err(CallError::TimeRange(_))));
    }
}

/// GML-4, GML-11, GML-19.
#[test]
fn gml_19_the_size_of_a_page() {
    let house = house();
    let lines: Vec<String> = (0..1_000).map(|n| format!("email {n}@x.com")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    house.call(&lines, true).unwrap();
    house.call(&["email more@x.com"], true).unwrap();
    house.store.advance(1);
    for (size, given) in [
        (None, Some(100)),
        (Some(0), Some(100)),
        (Some(200), Some(200)),
        (Some(1_000), Some(1_000)),
        (Some(1_000_000), Some(1_000)),
        (Some(-1), None),
    ] {
        let mut selection = window(-99_999, None);
        selection.batch_size = size;
        match (house.select(&selection), given) {
            (Ok(page), Some(given)) => {
                assert_eq!(
                    (page.leads.len(), page.remaining),
                    (given, 1_001 - given as u64)
                );
            }
            (Err(CallError::BadParameter { parameter, .. }), None) => {
                assert_eq!(parameter, "batchSize")
            }
            (other, _) => panic!("{size:?}: {other:?}"),
        }
    }
}

/// GML-25: the position wins over the selector; size and fields are those of the call.
#[test]
fn gml_25_a_position_wins_over_a_selector() {
    let house = leads(4);
    let mut selection = window(0, Some(9));
    selection.batch_size = Some(1);
    let position = page(&house, &selection, "1 +3");
    for selector in [
        Some(Selector::Updated(at(3), None)),
        Some(Selector::Keys(LeadKeyType::Idnum, vec!["1".to_owned()])),
        None,
    ] {
        let selection = LeadSelection {
            selector,
            position: Some(position.clone()),
            batch_size: Some(2),
            include: Some(vec!["Email".to_owned()]),
        };
        let page = house.select(&selection).unwrap();
        assert_eq!(line(&page.leads[0]), "2; 1@x.com");
        assert_eq!((page.leads.len(), page.remaining), (2, 1));
    }
}

/// Protocol section 6: what is missing first, then what is wrong in the order of the schema.
#[test]
fn the_first_error_of_several_is_told() {
    let house = leads(2);
    let mut selection = window(0, Some(9));
    selection.batch_size = Some(-1);
    let error = |selection: &LeadSelection| named(&house.select(selection).unwrap_err());
    assert_eq!(error(&selection), "BadParameter");
    selection.position = Some("garbage".to_owned());
    assert_eq!(error(&selection), "BadStreamPosition");
    (selection.selector, selection.position) = (None, None);
    assert_eq!(error(&selection), "ParameterRequired");
}

/// GML-26, STR-2, STR-4.
#[test]
fn gml_26_a_position_that_cannot_be_read_is_refused() {
    let house = leads(2);
    let forged = "id:1:ts:1:os:0:rc:1";
    for (position, with_selector, without) in [
        ("", "1 2", "ParameterRequired"),
        (" ", "1 2", "ParameterRequired"),
        (forged, "1 2", "ParameterRequired"),
        ("id:abc:zz:9:rc:x", "1 2", "BadStreamPosition"),
        ("id:9:to:x:tl:y:os:0:rc:1", "1 2", "BadStreamPosition"),
        ("garbage", "BadStreamPosition", "BadStreamPosition"),
        ("ID:7", "BadStreamPosition", "BadStreamPosition"),
        (
            "id:1:to:99999999999999:tl:1:os:0:rc:1",
            "1 2",
            "BadStreamPosition",
        ),
    ] {
        let mut selection = window(0, Some(9));
        selection.position = Some(position.to_owned());
        for expected in [with_selector, without] {
            let given = match house.select(&selection) {
                Ok(page) => numbers(&page.leads),
                Err(error) => named(&error),
            };
            assert_eq!(given, expected, "{position}");
            selection.selector = None;
        }
    }
}

/// GML-39, STR-6: what is in the window all the time is given once, whatever happens meanwhile.
#[test]
fn gml_39_pages_are_stable_under_change() {
    let house = leads(6);
    let mut selection = window(0, Some(50));
    selection.batch_size = Some(2);
    let position = page(&house, &selection, "1 2 +4");
    // One that was given, one that leaves the window, one that stays in it, one that comes later.
    house.store.set_now(at(20));
    house.batch(&[
        ("id 1; City=Bonn", "UPDATED 1"),
        ("id 5; City=Bonn", "UPDATED 5"),
    ]);
    house.store.set_now(at(60));
    house.batch(&[
        ("id 3; City=Bonn", "UPDATED 3"),
        ("email new@x.com", "CREATED 7"),
    ]);
    let mut selection = next(&position);
    selection.batch_size = Some(2);
    let position = page(&house, &selection, "4 5 +1");
    page(&house, &next(&position), "6 +0");
}
