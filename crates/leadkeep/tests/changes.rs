//! getLeadChanges while others write.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::Server;

const WRITERS: usize = 8;
const CALLS: usize = 12;
const LEADS: usize = 25;

/// All texts of elements with a name.
fn all(text: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    text.split(&open)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(&close)?.0.to_owned()))
        .collect()
}

/// Creates leads, changes them in the next call, and gives their ids.
fn write(server: &Server, writer: usize) -> Vec<String> {
    let mut ledger = Vec::new();
    for call in 0..CALLS {
        for city in [
            "",
            "<attribute><attrName>City</attrName><attrValue>Bonn</attrValue></attribute>",
        ] {
            let records: String = (0..LEADS)
                .map(|lead| {
                    format!(
                        "<leadRecord><Email>w{writer}c{call}l{lead}@x.com</Email><leadAttributeList>{city}</leadAttributeList></leadRecord>"
                    )
                })
                .collect();
            let answer = server.call(&format!(
                "<ns1:paramsSyncMultipleLeads><leadRecordList>{records}</leadRecordList></ns1:paramsSyncMultipleLeads>"
            ));
            assert_eq!(answer.status, 200, "{}", answer.text());
            if city.is_empty() {
                ledger.extend(all(&answer.text(), "leadId"));
            }
        }
    }
    ledger
}

/// GLC-2, GLC-12, GLC-22, GLC-23, STR-6: whoever pages while eight others write gets each change once and in order, and
/// none is put before a position that he was given.
#[test]
fn glc_23_paging_under_load_neither_loses_nor_repeats() {
    let server = Server::start(&["--demo"]);
    // Past the sample data.
    let mut offset = "0".to_owned();
    loop {
        let page = server.call(&format!(
            "<ns1:paramsGetLeadChanges><startPosition><offset>{offset}</offset></startPosition><batchSize>1000</batchSize>\
             </ns1:paramsGetLeadChanges>"
        ));
        offset = page.element("offset").unwrap();
        if page.element("remainingCount").as_deref() == Some("0") {
            break;
        }
    }
    let running = AtomicUsize::new(WRITERS);
    let (ledger, changes) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (server, running) = (&server, &running);
                scope.spawn(move || {
                    let ledger = write(server, writer);
                    running.fetch_sub(1, Ordering::SeqCst);
                    ledger
                })
            })
            .collect();
        let mut changes: Vec<(u64, String, String)> = Vec::new();
        loop {
            // Before the page is asked for: an empty one is the end only if nobody wrote any more by then.
            let done = running.load(Ordering::SeqCst) == 0;
            let page = server.call(&format!(
                "<ns1:paramsGetLeadChanges><startPosition><offset>{offset}</offset></startPosition><batchSize>137</batchSize>\
                 </ns1:paramsGetLeadChanges>"
            ));
            let text = page.text();
            assert_eq!(page.status, 200, "{text}");
            let ids = all(&text, "id").into_iter().map(|id| id.parse().unwrap());
            let types = all(&text, "activityType").into_iter();
            let leads = all(&text, "mktPersonId").into_iter();
            let found: Vec<_> = ids
                .zip(types)
                .zip(leads)
                .map(|((id, kind), lead)| (id, kind, lead))
                .collect();
            if found.is_empty() {
                assert_eq!(
                    page.element("offset").as_ref(),
                    Some(&offset),
                    "pollers come again with it"
                );
                if done {
                    break;
                }
            }
            changes.extend(found);
            offset = page.element("offset").unwrap();
        }
        let ledger: Vec<String> = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect();
        (ledger, changes)
    });
    assert!(
        changes.is_sorted_by(|a, b| a.0 < b.0),
        "ascending, and none twice"
    );
    let ledger: BTreeSet<_> = ledger.into_iter().collect();
    assert_eq!(ledger.len(), WRITERS * CALLS * LEADS);
    for kind in ["New Lead", "Change Data Value"] {
        let told = changes
            .iter()
            .filter(|(_, own, _)| own == kind)
            .map(|(_, _, lead)| lead.clone());
        let told: Vec<_> = told.collect();
        assert_eq!(told.len(), ledger.len(), "{kind}");
        assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), ledger, "{kind}");
    }
}
