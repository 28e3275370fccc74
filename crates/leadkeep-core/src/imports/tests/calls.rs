//! Calls of imports, and how they end.

use super::*;

/// ITL-8, ITL-25, ACT-30: members who are in no row leave at the end, the others stay without a word.
#[test]
fn itl_08_a_list_can_be_cleared() {
    let house = house();
    house.run(&input("Email", &["a@x.com", "b@x.com", "c@x.com"]));
    let before = house.history(0).len();
    let call = ImportToList {
        mode: ImportMode::ListOnly,
        clear: true,
        ..input("Email", &["b@x.com", "b@x.com"])
    };
    assert_eq!(house.run(&call), "1 lead imported, 0 failed, 1 ignored");
    assert_eq!(house.members(1), [2]);
    assert_eq!(
        house.history(before),
        [
            "1 Remove from List [Spring.Guests] List ID=1; Source=List import",
            "3 Remove from List [Spring.Guests] List ID=1; Source=List import",
        ]
    );
}

/// ITL-22, ITL-23, ITS-2, ITS-7, ITS-8: an import is done piece by piece, the next one after it.
#[test]
fn itl_22_imports_into_a_list_queue() {
    let house = house();
    let many: Vec<String> = (0..1_200).map(|n| format!("u{n}@x.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let first = house.take(&input("Email", &many)).unwrap();
    let second = house.take(&input("Email", &["z@x.com"])).unwrap();
    let other = ImportToList {
        list: "Spring.Others".to_owned(),
        ..input("Email", &["y@x.com"])
    };
    let other = house.take(&other).unwrap();
    let waits = house.status("Guests");
    assert_eq!((waits.import.id, waits.import.started_at), (second, None));
    // Turn by turn.
    assert_eq!(house.piece(None), Some(first));
    house.store.advance(10);
    assert_eq!(house.piece(Some(first)), Some(other));
    assert_eq!(house.piece(Some(other)), Some(first));
    assert_eq!(house.status("Others").import.state, ImportState::Complete);
    let running = house.store.read_now(|txn, _| txn.open_imports());
    let running = running.unwrap().remove(0);
    assert_eq!((running.rows, running.imported), (1_200, 1_000));
    assert_eq!(status::seconds_left(&running, house.store.now()), Some(2));
    house.finish();
    let last = house.status("guests");
    assert_eq!((last.import.id, last.seconds_left), (second, None));
    assert_eq!(last.import.state, ImportState::Complete);
    assert!(last.import.ended_at.is_some());
    assert_eq!(
        house.store.read_now(|txn, _| txn.counts()).unwrap().leads,
        1_202
    );
}

/// ITL-4, ITL-5, ITL-6, ITL-26: texts for tokens are kept for the next run of the campaign.
#[test]
fn itl_06_rows_bring_tokens() {
    let house = house();
    let call = ImportToList {
        campaign: Some("spring.invite".to_owned()),
        ..input(
            "Email,{{my.gift}},{{ MY.unknown }}",
            &[
                "a@x.com,\"pen, blue\",x",
                "b@x.com,,",
                "a@x.com,cap",
                "no,pin",
            ],
        )
    };
    let told = house.run(&call);
    assert!(
        told.starts_with("3 leads imported, 1 failed, 0 ignored;"),
        "{told}"
    );
    let gift = |text: &str| vec![("gift".to_owned(), text.to_owned())];
    assert_eq!(house.tokens(&[1, 2]), [gift("cap"), vec![]]);
    // ITL-21: a campaign without tokens is taken.
    let call = ImportToList {
        campaign: Some(" Invite".to_owned()),
        ..input("Email", &["b@x.com"])
    };
    assert_eq!(house.run(&call), "1 lead imported, 0 failed, 0 ignored");
}

/// ITL-2, ITL-5, ITL-11, ITL-12, ITL-13, ITL-16, ITL-21, ITL-24: bad calls are refused, and nothing is kept.
#[test]
fn itl_24_bad_calls_keep_nothing() {
    let house = house();
    let good = || input("Email", &["a@x.com"]);
    let with = |change: &dyn Fn(&mut ImportToList)| {
        let mut call = good();
        change(&mut call);
        house.take(&call).unwrap_err().to_string()
    };
    let text = str::to_owned;
    for (refused, expected) in [
        (
            with(&|call| call.program = text(" ")),
            "parameter programName is required",
        ),
        (
            with(&|call| call.program = text("Winter ")),
            "program Winter not found",
        ),
        (
            with(&|call| call.list = String::new()),
            "parameter listName is required",
        ),
        (
            with(&|call| call.list = text("Outside")),
            "list Outside not found",
        ),
        (
            with(&|call| call.list = text("Autumn.Guests")),
            "list Autumn.Guests not found",
        ),
        (
            with(&|call| call.campaign = text("Elsewhere").into()),
            "campaign Elsewhere not found",
        ),
        (
            with(&|call| call.header = text(" ")),
            "parameter importFileHeader is required",
        ),
        (
            with(&|call| call.header = text("City,{{my.id}}")),
            "importFileHeader: a column Email Address or Id is required",
        ),
        (
            with(&|call| call.rows = ImportRows::split(vec![text(" "), text(",")])),
            "parameter importFileRows is required",
        ),
        (
            with(&|call| call.rows = ImportRows::default()),
            "parameter importFileRows is required",
        ),
        (
            with(&|call| call.header = text("Email,{{my.gift}}")),
            "parameter campaignName is required",
        ),
    ] {
        assert_eq!(refused, expected);
    }
    // ITS-4.
    let status = |program: &str, list: &str| {
        let (program, list) = (program.to_owned(), list.to_owned());
        let status = house
            .store
            .read_now(|txn, now| import_status(txn, now, &program, &list));
        status.unwrap_err().to_string()
    };
    assert_eq!(
        status("Spring", "Guests"),
        "no import found for list Spring.Guests"
    );
    assert_eq!(status("Spring", "Nobody"), "list Nobody not found");
    assert_eq!(status("Winter", "Guests"), "program Winter not found");
    assert_eq!(status("", "Guests"), "parameter programName is required");
    assert_eq!(status("Spring", ""), "parameter listName is required");
    assert_eq!(house.piece(None), None);
}

/// ITS-6: an import that cannot go on says why, and lets the next one in; members who were to leave stay.
#[test]
fn its_06_imports_can_end_early() {
    let house = house();
    house.run(&input("Email", &["a@x.com", "b@x.com"]));
    let many: Vec<String> = (0..600).map(|n| format!("u{n}@x.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let call = ImportToList {
        clear: true,
        ..input("Email", &many)
    };
    let state = |id: ImportId| -> Import {
        let found = house
            .store
            .read_now(|txn, _| txn.imports_before(Some(ImportId(id.0 + 1)), 1));
        found.unwrap().remove(0)
    };
    let failed = house.take(&call).unwrap();
    house.piece(None);
    let fail = || {
        house
            .store
            .write_now(|txn, _| fail_rows(txn, failed, "the disk is gone"))
    };
    assert!(fail().unwrap() && !fail().unwrap());
    house
        .store
        .write_now(|txn, now| give_up(txn, now, failed, "the disk is gone"))
        .unwrap();
    let ended = state(failed);
    assert_eq!(
        (ended.state, ended.summary.as_deref()),
        (ImportState::Failed, Some("the disk is gone"))
    );
    assert_eq!((ended.imported, ended.failed, ended.rows), (500, 100, 600));
    let failures = house
        .store
        .read_now(|txn, _| txn.import_failures(failed, 0, 1_000))
        .unwrap();
    assert_eq!(failures.len(), 100);
    let rows = house.store.read_now(|txn, _| txn.import_rows(failed, 1));
    assert!(rows.unwrap().is_empty());
    assert_eq!(
        (failures[0].row, failures[0].reason.as_str()),
        (501, "the disk is gone")
    );
    assert_eq!(house.members(1)[..3], [1, 2, 3]);

    let (running, waits) = (house.take(&call).unwrap(), house.take(&call).unwrap());
    let stop = |id| {
        house
            .store
            .write_now(|txn, now| cancel(txn, now, id))
            .unwrap()
    };
    house.piece(None);
    assert!(stop(waits) && !stop(waits) && !stop(ImportId(77)));
    assert_eq!(state(waits).state, ImportState::Canceled);
    assert_eq!(house.piece(None), Some(running));
    assert_eq!(house.piece(None), None);
    // The one that ran did all of its work, though another one of its list was stopped meanwhile.
    assert_eq!(state(running).state, ImportState::Complete);
    assert_eq!(house.members(1)[..2], [3, 4]);
}

/// ITL-8: whoever is added by another call meanwhile stays.
#[test]
fn itl_08_a_call_keeps_its_member_through_a_clear() {
    use crate::leads::LeadKeyType;
    use crate::lists::{ListAction, ListKeyType, ListOperation, list_operation};
    let house = house();
    house.run(&input("Email", &["a@x.com", "b@x.com"]));
    let many: Vec<String> = (0..600).map(|n| format!("u{n}@x.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let call = ImportToList {
        clear: true,
        ..input("Email", &many)
    };
    house.take(&call).unwrap();
    house.piece(None);
    let add = ListOperation {
        action: ListAction::Add,
        key_type: ListKeyType::Name,
        key: "Spring.Guests".to_owned(),
        members: vec![(LeadKeyType::Idnum, "2".to_owned())],
        strict: false,
        skip_activity_log: false,
    };
    house
        .store
        .write_now(|txn, now| list_operation(txn, &house.schema, now, &add))
        .unwrap();
    house.finish();
    assert_eq!(house.members(1)[..2], [2, 3]);
}
