//! kill -9 at any moment loses nothing that was acknowledged, and no call is half applied (COM-39).

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use support::{KEY, Server, USER, post, signed, try_raw};

/// Leads of one call; all of them carry the call's number.
const LEADS: usize = 20;

/// What the clients know: calls that were answered, and calls that were sent.
#[derive(Default)]
struct Ledger {
    acknowledged: Mutex<Vec<u64>>,
    next: AtomicU64,
}

fn message(call: u64) -> Vec<u8> {
    let records: String = (0..LEADS)
        .map(|lead| {
            format!(
                "<leadRecord><Email>call{call}-{lead}@example.com</Email><leadAttributeList><attribute>\
                 <attrName>Company</attrName><attrValue>call {call}</attrValue></attribute></leadAttributeList></leadRecord>"
            )
        })
        .collect();
    let params = format!(
        "<ns1:paramsSyncMultipleLeads><leadRecordList>{records}</leadRecordList></ns1:paramsSyncMultipleLeads>"
    );
    post("3_1", "", &signed(USER, KEY, &params))
}

/// Leads by the call that made them, as the server has them now.
fn stored(server: &Server) -> BTreeMap<u64, usize> {
    let mut found = BTreeMap::new();
    let mut position = String::new();
    loop {
        let selector = if position.is_empty() {
            "<lastUpdatedAt>2000-01-01T00:00:00Z</lastUpdatedAt>".to_owned()
        } else {
            format!("<streamPosition>{position}</streamPosition>")
        };
        let answer = server.call(&format!(
            "<ns1:paramsGetMultipleLeads>{selector}<batchSize>1000</batchSize><includeAttributes>\
             <stringItem>Company</stringItem></includeAttributes></ns1:paramsGetMultipleLeads>"
        ));
        assert_eq!(answer.status, 200, "{}", answer.text());
        for part in answer.text().split("<attrValue>call ").skip(1) {
            let call: u64 = part.split('<').next().unwrap().parse().unwrap();
            *found.entry(call).or_default() += 1;
        }
        if answer.element("remainingCount").as_deref() == Some("0") {
            return found;
        }
        position = answer.element("newStreamPosition").unwrap();
    }
}

#[test]
fn com_39_kill_9_loses_nothing_that_was_acknowledged() {
    let default = if std::env::var_os("CI").is_some() {
        20
    } else {
        5
    };
    let rounds = std::env::var("LEADKEEP_KILL_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default);
    let directory = tempfile::tempdir().unwrap();
    let ledger = Ledger::default();
    for round in 0..rounds {
        let server = Server::on(directory.path());
        let address = server.address;
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let call = ledger.next.fetch_add(1, Ordering::Relaxed);
                        match try_raw(address, &message(call)) {
                            Ok(answer) if answer.status == 200 => {
                                assert_eq!(
                                    answer.text().matches("CREATED").count(),
                                    LEADS,
                                    "{}",
                                    answer.text()
                                );
                                ledger.acknowledged.lock().unwrap().push(call);
                            }
                            Ok(answer) => panic!("{}", answer.text()),
                            // Killed before it answered: the call may be stored or not, but only as a whole.
                            Err(_) => return,
                        }
                    }
                });
            }
            // Another moment in each round.
            std::thread::sleep(Duration::from_millis(60 + 37 * (round % 11)));
            server.kill();
            stop.store(true, Ordering::Relaxed);
        });
        let server = Server::on(directory.path());
        // A window ends before the second in which it is asked for.
        std::thread::sleep(Duration::from_millis(1_100));
        let stored = stored(&server);
        for (call, leads) in &stored {
            assert_eq!(
                *leads, LEADS,
                "call {call} of round {round} is half applied"
            );
        }
        for call in ledger.acknowledged.lock().unwrap().iter() {
            assert!(
                stored.contains_key(call),
                "call {call} was acknowledged and is lost in round {round}"
            );
        }
        server.kill();
    }
    let acknowledged = ledger.acknowledged.lock().unwrap().len();
    assert!(
        acknowledged > usize::try_from(rounds).unwrap(),
        "only {acknowledged} calls were answered"
    );
}

#[test]
fn calls_that_run_finish_when_the_server_is_asked_to_stop() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    let address = server.address;
    let answers = Mutex::new(Vec::new());
    let code = std::thread::scope(|scope| {
        for call in 0..8 {
            let answers = &answers;
            scope.spawn(move || {
                // Accepted before the signal or refused after it; never cut off.
                if let Ok(answer) = try_raw(address, &message(call)) {
                    answers.lock().unwrap().push(answer.status);
                }
            });
        }
        std::thread::sleep(Duration::from_millis(30));
        let terminated = std::process::Command::new("kill")
            .args(["-TERM", &server.pid().to_string()])
            .status();
        assert!(terminated.unwrap().success());
        server.wait()
    });
    assert_eq!(code, Some(0));
    let answers = answers.into_inner().unwrap();
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
}
