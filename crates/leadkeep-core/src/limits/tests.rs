//! Limits: what is read, and who is refused when.

use super::*;

fn limiter(text: &str) -> Limiter {
    Limiter::new(Limits::parse(text).unwrap(), Vec::new())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// LIM-4.
#[test]
fn lim_04_words_and_numbers() {
    assert_eq!(Limits::parse(" Original "), Ok(Limits::original()));
    assert_eq!(Limits::parse(""), Ok(Limits::default()));
    let zone = TimeZone::get("Asia/Tokyo").unwrap();
    for text in [
        "original,zone=Asia/Tokyo,rate=0/1",
        "zone=Asia/Tokyo,original,rate=0/20",
    ] {
        let parsed = Limits::parse(text).unwrap();
        let expected = (Some(10_000), None, Some(10), zone.clone());
        assert_eq!(
            (parsed.daily, parsed.rate, parsed.concurrent, parsed.zone),
            expected
        );
    }
    let own = Limits::parse("daily=5, rate = 2/3,concurrent=0,zone=Asia/Tokyo").unwrap();
    assert_eq!(
        own,
        Limits {
            daily: Some(5),
            rate: Some(Rate {
                calls: 2,
                seconds: 3
            }),
            zone: TimeZone::get("Asia/Tokyo").unwrap(),
            ..Limits::default()
        }
    );
    assert!(
        !Limits::parse("clones=1,rate=0/20,rate=0")
            .unwrap()
            .count_calls()
    );
    for (text, expected) in [
        (
            "much",
            "expected original, or parts like daily=10000, got \"much\"",
        ),
        ("daily=x", "daily: expected a whole number, got \"x\""),
        ("daily=-1", "daily: expected a whole number, got \"-1\""),
        (
            "rate=100",
            "rate: expected calls/seconds like 100/20, got \"100\"",
        ),
        (
            "rate=100/0",
            "rate: expected 1 to 86400 seconds, got \"100/0\"",
        ),
        (
            "rate=100/4294967316",
            "rate: expected 1 to 86400 seconds, got \"100/4294967316\"",
        ),
        (
            "rate=10001/20",
            "rate: expected at most 10000 calls, got \"10001/20\"; daily has no such bound",
        ),
        (
            "zone=Nowhere",
            "zone: expected a name like America/Chicago, got \"Nowhere\"",
        ),
        (
            "weekly=1",
            "expected daily, rate, concurrent, clones or zone, got \"weekly\"",
        ),
    ] {
        assert_eq!(Limits::parse(text).unwrap_err(), expected);
    }
}

/// LIM-1, LIM-5, LIM-6: a day begins in its zone, also when the clocks change.
#[test]
fn lim_01_a_day_has_so_many_calls() {
    let mut limiter = limiter("daily=2");
    let exceeded = Err(LimitExceeded::Daily(2));
    for day in ["2026-03-07", "2026-03-08", "2026-11-01"] {
        // Midnight in Chicago, before its clocks change in the night.
        let hour = if day == "2026-11-01" { 5 } else { 6 };
        let midnight = at(&format!("{day}T{hour:02}:00:00Z"));
        let before = midnight - SignedDuration::from_millis(1);
        limiter.users.clear();
        assert_eq!(limiter.begin("a", before), Ok(()));
        assert_eq!(limiter.begin("a", before), Ok(()));
        assert_eq!(limiter.begin("a", before), exceeded, "{day}");
        assert_eq!(limiter.begin("b", before), Ok(()), "users are apart");
        assert_eq!(limiter.begin("a", midnight), Ok(()), "{day}");
        assert_eq!(limiter.begin("a", before), Ok(()), "the clock was set back");
        assert_eq!(limiter.begin("a", midnight), exceeded, "no day anew");
        assert_eq!(limiter.limits.day_begin(midnight), midnight);
        assert!(limiter.limits.day_begin(before) < midnight);
    }
    let text = LimitExceeded::Daily(2).to_string();
    assert_eq!(text, "Request limit of 2 calls a day exceeded");
}

/// LIM-2, LIM-5, LIM-6: the window slides, and refused calls are not in it.
#[test]
fn lim_02_a_window_has_so_many_calls() {
    let mut limiter = limiter("rate=2/20");
    let begin = at("2026-07-01T12:00:00Z");
    let mut after = |millis: i64| {
        let now = begin + SignedDuration::from_millis(millis);
        limiter.begin("a", now).is_ok()
    };
    let calls = [0, 10_000, 10_001, 19_999, 20_000, 20_001, 29_999, 30_000];
    assert_eq!(
        calls.map(&mut after),
        [true, true, false, false, true, false, false, true]
    );
    // Set back by an hour: who was refused is not for an hour.
    assert!(after(-3_600_000) && after(-3_600_000) && !after(-3_599_999));
    assert!(limiter.users["a"].recent.len() <= 2);
    let rate = limiter.limits.rate.unwrap();
    assert_eq!(
        LimitExceeded::Rate(rate).to_string(),
        "Rate limit of 2 calls in 20 seconds exceeded"
    );
}

/// LIM-3, LIM-5.
#[test]
fn lim_03_so_many_calls_run_at_once() {
    let mut limiter = limiter("concurrent=2,daily=3");
    let now = at("2026-07-01T12:00:00Z");
    assert!(limiter.begin("a", now).is_ok() && limiter.begin("a", now).is_ok());
    assert_eq!(limiter.begin("a", now), Err(LimitExceeded::Concurrent(2)));
    assert!(limiter.begin("b", now).is_ok());
    limiter.end("a");
    limiter.end("nobody");
    assert!(
        limiter.begin("a", now).is_ok(),
        "the refused one did not count"
    );
    limiter.end("a");
    assert_eq!(limiter.begin("a", now), Err(LimitExceeded::Daily(3)));
    let text = LimitExceeded::Concurrent(2).to_string();
    assert_eq!(text, "Concurrency limit of 2 calls exceeded");
}

/// What is kept goes on, but for calls that ran.
#[test]
fn lim_04_figures_come_back() {
    let mut first = limiter("daily=2,rate=9/20,concurrent=2");
    let now = at("2026-07-01T12:00:00Z");
    assert!(first.begin("a", now).is_ok() && first.begin("a", now).is_ok());
    let kept = first.changes();
    assert_eq!(kept.len(), 1);
    assert_eq!(first.changes(), []);
    first.not_kept(kept.clone());
    assert_eq!(first.changes(), kept);
    let mut second = Limiter::new(first.limits.clone(), kept);
    assert_eq!(second.begin("a", now), Err(LimitExceeded::Daily(2)));
    assert_eq!(second.users["a"].recent.len(), 2);
    assert_eq!(second.users["a"].running, 0);
    let broken = CallUsage {
        user: "a".to_owned(),
        day: "x".to_owned(),
        calls: 9,
        recent: Vec::new(),
    };
    assert!(Limiter::new(first.limits, vec![broken]).users.is_empty());
}

/// LIM-1: a clock that was far ahead locks nobody out once it is right again, not even over a restart.
#[test]
fn lim_01_a_day_far_ahead_is_not_waited_for() {
    let mut wrong = limiter("daily=2");
    let ahead = at("2027-07-01T12:00:00Z");
    assert!(wrong.begin("a", ahead).is_ok() && wrong.begin("a", ahead).is_ok());
    let mut limiter = Limiter::new(wrong.limits.clone(), wrong.changes());
    let now = at("2026-07-01T12:00:00Z");
    let exceeded = Err(LimitExceeded::Daily(2));
    assert_eq!(limiter.begin("a", now), exceeded, "they were calls");
    let tomorrow = now + SignedDuration::from_hours(24);
    assert_eq!(limiter.begin("a", tomorrow), Ok(()));
}
