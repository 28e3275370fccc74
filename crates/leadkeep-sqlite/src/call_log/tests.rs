use super::*;
use jiff::{SignedDuration, Timestamp};
use leadkeep_core::call_log::Outcomes;

const MUCH: Retention = Retention {
    days: 7,
    bytes: 1 << 30,
};

fn call(number: u32) -> Call {
    Call {
        at: Timestamp::now(),
        call_id: format!("{number:08x}"),
        user: "ann".to_owned(),
        operation: "syncLead".to_owned(),
        version: "3_1".to_owned(),
        records: Some(1),
        outcomes: Outcomes {
            created: 1,
            ..Outcomes::default()
        },
        fault: None,
        message: String::new(),
        duration: 900,
        bytes_in: 2_000,
        bytes_out: 700,
        address: "10.0.0.7".to_owned(),
        user_agent: "PHP-SOAP/8.2 \u{65e5}".to_owned(),
    }
}

fn faulty(number: u32) -> Call {
    Call {
        user: String::new(),
        operation: String::new(),
        records: None,
        outcomes: Outcomes::default(),
        fault: Some(20_014),
        message: "Authentication failed".to_owned(),
        duration: 90,
        ..call(number)
    }
}

/// What is in a log after it was closed.
fn with<T>(
    calls: Vec<(Call, Body, Body)>,
    retention: Retention,
    look: impl FnOnce(&SqliteCallLog) -> T,
) -> T {
    let directory = tempfile::tempdir().unwrap();
    let path = call_log_path(directory.path());
    let log = SqliteCallLog::open(&path, retention).unwrap();
    for (call, request, response) in calls {
        log.append(&call.map(String::as_str), request, response);
    }
    drop(log);
    look(&SqliteCallLog::open(&path, retention).unwrap())
}

fn ids(calls: &[LoggedCall]) -> Vec<&str> {
    calls
        .iter()
        .map(|call| call.call.call_id.trim_start_matches('0'))
        .collect()
}

#[test]
fn calls_come_back_as_they_were() {
    let kept = |text: &str| Body::Kept(text.to_owned());
    let calls = vec![
        (call(1), kept("<a>\u{1F600}</a>"), kept("")),
        (faulty(2), Body::NoText, Body::TooMuch),
        (call(3), Body::TooMuch, Body::TooMuch),
    ];
    let given = calls.clone();
    with(calls, MUCH, |log| {
        let found = log.calls(&CallFilter::default(), None, 10).unwrap();
        assert_eq!(ids(&found), ["3", "2", "1"]);
        for (found, given) in found.iter().rev().zip(&given) {
            let milli = |call: &Call| Call {
                at: Timestamp::from_millisecond(call.at.as_millisecond()).unwrap(),
                ..call.clone()
            };
            assert_eq!(found.call, milli(&given.0));
            let (again, request, response) = log.call(found.id).unwrap().unwrap();
            assert_eq!((&again, &request, &response), (found, &given.1, &given.2));
        }
        let before = found[1].id;
        let page = log.calls(&CallFilter::default(), Some(before), 1).unwrap();
        assert_eq!(ids(&page), ["1"]);
        assert_eq!(log.call(before + 1_000).unwrap(), None);
    });
}

/// Every size, and texts that do not get smaller.
#[test]
fn long_messages_come_back_whole() {
    let text = |length: u32| -> String {
        let mut seed = 7_u32;
        let mut next = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 16
        };
        (0..length)
            .filter_map(|_| char::from_u32(32 + next() % 900))
            .collect()
    };
    // As they come some share a block, some fill one, and some begin where one is nearly full.
    let texts = [
        0, 1, 63, 64, 1_000, 65_537, 400_000, 0, 65_535, 2, 30_000, 40_000,
    ]
    .map(text);
    let calls = (0..).zip(&texts).map(|(number, text)| {
        let kept = Body::Kept(text.clone());
        match number % 2 {
            0 => (call(number), kept, Body::NoText),
            _ => (call(number), Body::TooMuch, kept),
        }
    });
    with(calls.collect(), MUCH, |log| {
        let found = log.calls(&CallFilter::default(), None, 100).unwrap();
        assert_eq!(found.len(), texts.len());
        for ((logged, text), number) in found.iter().rev().zip(&texts).zip(0..) {
            let (_, request, response) = log.call(logged.id).unwrap().unwrap();
            let (kept, other, no) = match number % 2 {
                0 => (request, response, Body::NoText),
                _ => (response, request, Body::TooMuch),
            };
            assert!(kept == Body::Kept(text.clone()), "{}", text.len());
            assert_eq!(other, no);
        }
    });
}

#[test]
fn filters_hold_together() {
    let slow = Call {
        duration: 5_000_000,
        user_agent: "zeep".to_owned(),
        outcomes: Outcomes {
            failed: 1,
            ..Outcomes::default()
        },
        ..call(3)
    };
    let calls = [call(1), faulty(2), slow];
    let calls = calls
        .map(|call| (call, Body::TooMuch, Body::TooMuch))
        .into();
    with(calls, MUCH, |log| {
        let found = |filter: &CallFilter| {
            let calls = log.calls(filter, None, 10).unwrap();
            ids(&calls).join(" ")
        };
        let text = |text: &str| Some(text.to_owned());
        let all = CallFilter::default;
        for (filter, expected) in [
            (
                CallFilter {
                    user: text("ann"),
                    ..all()
                },
                "3 1",
            ),
            (
                CallFilter {
                    user: text(""),
                    ..all()
                },
                "2",
            ),
            (
                CallFilter {
                    user: text("nobody"),
                    ..all()
                },
                "",
            ),
            (
                CallFilter {
                    operation: text("syncLead"),
                    ..all()
                },
                "3 1",
            ),
            (
                CallFilter {
                    address: text("10.0.0.7"),
                    ..all()
                },
                "3 2 1",
            ),
            (
                CallFilter {
                    user_agent: text("zeep"),
                    ..all()
                },
                "3",
            ),
            (
                CallFilter {
                    fault: Some(20_014),
                    ..all()
                },
                "2",
            ),
            (
                CallFilter {
                    failed: true,
                    ..all()
                },
                "3 2",
            ),
            (
                CallFilter {
                    failed: true,
                    user: text("ann"),
                    ..all()
                },
                "3",
            ),
            (
                CallFilter {
                    slower: Some(900),
                    ..all()
                },
                "3 1",
            ),
            (
                CallFilter {
                    since: Some(Timestamp::now()),
                    ..all()
                },
                "",
            ),
            (
                CallFilter {
                    until: Some(Timestamp::now()),
                    ..all()
                },
                "3 2 1",
            ),
        ] {
            assert_eq!(found(&filter), expected, "{filter:?}");
        }
    });
}

#[test]
fn minutes_add_up_over_batches_and_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let path = call_log_path(directory.path());
    let at = Timestamp::from_second(Timestamp::now().as_second() / 60 * 60).unwrap();
    for number in 0..3 {
        let log = SqliteCallLog::open(&path, MUCH).unwrap();
        let stranger = Call {
            user: format!("stranger {number}"),
            ..faulty(number)
        };
        for call in [call(number), stranger] {
            let call = Call { at, ..call };
            log.append(&call.map(String::as_str), Body::TooMuch, Body::TooMuch);
        }
        log.append_size(Size {
            at,
            leads: number.into(),
            opportunities: 2,
            records: 3,
        });
    }
    let log = SqliteCallLog::open(&path, MUCH).unwrap();
    let minutes = log.minutes(at).unwrap();
    let lines: Vec<_> = minutes
        .iter()
        .map(|own| {
            let user = own.user.as_str();
            (
                user,
                own.fault,
                own.calls,
                own.records,
                own.durations[..4].to_vec(),
            )
        })
        .collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.contains(&("ann", None, 3, 3, vec![0, 0, 0, 3])));
    assert!(lines.contains(&("", Some(20_014), 3, 0, vec![3, 0, 0, 0])));
    assert_eq!(log.minutes(at + SignedDuration::from_mins(1)).unwrap(), []);
    let last = log.last_calls().unwrap();
    let users: Vec<&str> = last.iter().map(|(user, _)| user.as_str()).collect();
    assert!(
        users.contains(&"ann") && !users.contains(&"stranger 0"),
        "{users:?}"
    );
    let sizes = log.sizes(at).unwrap();
    assert_eq!((sizes.len(), sizes[0].leads), (1, 2));
}

#[test]
fn what_is_old_is_forgotten() {
    let old = Call {
        at: Timestamp::now() - SignedDuration::from_hours(7 * 24 + 1),
        ..call(1)
    };
    let text = |text: &str| Body::Kept(text.to_owned());
    // More than a block holds, so that the two are not packed together.
    let calls = vec![
        (old, text(&"x".repeat(70_000)), text("y")),
        (call(2), text("z"), Body::TooMuch),
    ];
    with(calls, MUCH, |log| {
        let deadline = std::time::Instant::now() + Duration::from_secs(30);
        loop {
            let found = log.calls(&CallFilter::default(), None, 10).unwrap();
            if ids(&found) == ["2"] || std::time::Instant::now() > deadline {
                assert_eq!(ids(&found), ["2"]);
                assert_eq!(log.minutes(Timestamp::UNIX_EPOCH).unwrap().len(), 1);
                let (_, request, _) = log.call(found[0].id).unwrap().unwrap();
                assert_eq!(request, text("z"));
                let blocks = lock(&log.reader)
                    .query_row("SELECT count(*) FROM block", [], |row| row.get::<_, u64>(0));
                assert_eq!(blocks.unwrap(), 1);
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
}

#[test]
fn the_oldest_go_when_there_is_too_much() {
    let small = Retention {
        bytes: 200_000,
        ..MUCH
    };
    let calls = (0..5_000)
        .map(|number| (call(number), Body::TooMuch, Body::TooMuch))
        .collect();
    with(calls, small, |log| {
        let deadline = std::time::Instant::now() + Duration::from_secs(30);
        let left = loop {
            let found = log.calls(&CallFilter::default(), None, 10_000).unwrap();
            if found.len() < 5_000 || std::time::Instant::now() > deadline {
                break found;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(left.len() < 5_000, "{}", left.len());
        assert_eq!(left[0].call.call_id, format!("{:08x}", 4_999));
    });
}

#[test]
fn programs_beside_it_see_what_comes() {
    let directory = tempfile::tempdir().unwrap();
    let path = call_log_path(directory.path());
    assert!(CallLogReader::open(&path).is_err());
    let log = SqliteCallLog::open(&path, MUCH).unwrap();
    let reader = CallLogReader::open(&path).unwrap();
    assert_eq!(reader.latest(&CallFilter::default(), 10).unwrap(), []);
    for number in 1..=3 {
        log.append(
            &call(number).map(String::as_str),
            Body::TooMuch,
            Body::TooMuch,
        );
    }
    drop(log);
    let latest = reader.latest(&CallFilter::default(), 2).unwrap();
    assert_eq!(ids(&latest), ["2", "3"]);
    let after = reader
        .after(&CallFilter::default(), latest[0].id, 10)
        .unwrap();
    assert_eq!(ids(&after), ["3"]);
}

#[test]
fn a_file_that_is_something_else_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = call_log_path(directory.path());
    std::fs::write(&path, "no database at all, and rather long for that").unwrap();
    assert!(SqliteCallLog::open(&path, MUCH).is_err());
    std::fs::remove_file(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    drop(other);
    let refused = SqliteCallLog::open(&path, MUCH).map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("version 99"), "{refused}");
}

#[test]
fn what_cannot_be_unpacked_is_no_text() {
    let directory = tempfile::tempdir().unwrap();
    let path = call_log_path(directory.path());
    let log = SqliteCallLog::open(&path, MUCH).unwrap();
    let kept = Body::Kept("<a>".to_owned());
    log.append(&call(1).map(String::as_str), kept.clone(), kept);
    drop(log);
    let other = Connection::open(&path).unwrap();
    other
        .execute("UPDATE block SET texts = x'ffffffff'", [])
        .unwrap();
    let log = SqliteCallLog::open(&path, MUCH).unwrap();
    let (logged, request, response) = log.call(1).unwrap().unwrap();
    assert_eq!(logged.call.call_id, "00000001");
    assert_eq!([request, response], [Body::NoText, Body::NoText]);
}

/// Version 1 had each message packed alone.
#[test]
fn a_log_of_version_1_keeps_its_calls() {
    let directory = tempfile::tempdir().unwrap();
    let path = call_log_path(directory.path());
    let log = SqliteCallLog::open(&path, MUCH).unwrap();
    log.append(&call(1).map(String::as_str), Body::TooMuch, Body::TooMuch);
    drop(log);
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch(
            "DROP TABLE block; DROP TABLE body;
             CREATE TABLE body (call INTEGER PRIMARY KEY, request_state INTEGER NOT NULL, request BLOB NOT NULL,
                                response_state INTEGER NOT NULL, response BLOB NOT NULL);
             INSERT INTO body VALUES (1, 1, x'03', 1, x'03');
             PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(other);
    let log = SqliteCallLog::open(&path, MUCH).unwrap();
    let kept = Body::Kept("<b>".to_owned());
    log.append(&call(2).map(String::as_str), kept.clone(), Body::NoText);
    drop(log);
    let log = SqliteCallLog::open(&path, MUCH).unwrap();
    let messages = [1, 2].map(|id| log.call(id).unwrap().unwrap().1);
    assert_eq!(messages, [Body::TooMuch, kept]);
}
