//! scheduleCampaign.

use super::*;
use crate::imports::{self, ImportMode, ImportRows, ImportToList, import_to_list};
use crate::store::{Program, StaticList};

const CAMPAIGNS: &str = r#"
[[campaign]]
id = 21
name = "Invite"
program = "Spring"
kind = "batch"
list = "Guests"
steps = [
  { do = "change_data_value", field = "City", value = "{{my.gift}}" },
  { do = "add_to_list", list = "Guests" },
  { do = "request_campaign", campaign = "Spring.Asked" },
  { do = "add_to_list", list = "Outside" },
]
[[campaign]]
id = 22
name = "Asked"
program = "Spring"
kind = "trigger"
sources = ["MKTOWS"]
[[campaign]]
id = 23
name = "Off"
program = "Spring"
kind = "batch"
active = false
"#;

fn call() -> ScheduleCampaign {
    ScheduleCampaign {
        program: "Spring".to_owned(),
        campaign: "Invite".to_owned(),
        run_at: None,
        clone_to: None,
        tokens: Vec::new(),
        clone_limit: None,
    }
}

/// SC-8: so many clones a day, and no more.
#[test]
fn sc_08_clones_are_limited() {
    let house = house_with(&[]);
    let since = house.store.now();
    let clone = |name: &str| {
        house.schedule(&ScheduleCampaign {
            clone_to: Some(name.to_owned()),
            clone_limit: Some((2, since)),
            ..call()
        })
    };
    clone("One").unwrap();
    house.store.advance(1);
    clone("Two").unwrap();
    assert!(matches!(clone("Three"), Err(CallError::CloneLimit(2))));
    // Runs without a clone are none.
    house
        .schedule(&ScheduleCampaign {
            clone_limit: Some((2, since)),
            ..call()
        })
        .unwrap();
    let programs = house.store.read_now(|txn, _| txn.counts());
    assert_eq!(programs.unwrap().programs, 4);
}

/// A house whose list has these members.
fn house_with(members: &[i64]) -> House {
    let house = house(CAMPAIGNS);
    let rows: Vec<_> = members
        .iter()
        .map(|lead| (ListId(1), LeadId(*lead)))
        .collect();
    house
        .store
        .write_now(|txn, now| txn.add_list_members(&rows, now))
        .unwrap();
    house
}

impl House {
    fn cities(&self) -> Vec<String> {
        let city = |lead| self.value(lead, "City").unwrap_or_default();
        [1, 2, 3].map(city).to_vec()
    }
}

/// SC-1, SC-9, SC-10, SC-15: who is on the list when its time has come.
#[test]
fn sc_01_a_run_goes_over_its_list_at_its_time() {
    let house = house_with(&[1, 2]);
    let at = house.store.now() + SignedDuration::from_hours(1);
    let later = ScheduleCampaign {
        run_at: Some(at),
        ..call()
    };
    house.schedule(&later).unwrap();
    house.work();
    assert_eq!(house.cities(), ["", "", ""]);
    house
        .store
        .write_now(|txn, now| txn.add_list_members(&[(ListId(1), LeadId(3))], now))
        .unwrap();
    house.store.set_now(at);
    house.work();
    assert_eq!(house.cities(), ["mug", "mug", "mug"]);
    // ACT-70: nobody asked, so nobody is told that somebody did.
    let asked = house.history().into_iter();
    let asked = asked.filter(|line| line.contains("Request Campaign"));
    assert!(
        asked.clone().count() == 3 && asked.clone().all(|line| line.contains("Smart Campaign"))
    );
    house.store.advance(99);
    let before = house.history().len();
    house.work();
    assert_eq!(house.history().len(), before, "done once");
}

/// SC-3, SC-13, SC-17: the same again is the same run; another time or other tokens are another one.
#[test]
fn sc_13_a_repeated_call_is_one_run() {
    let house = house_with(&[1]);
    let past = house.store.now() - SignedDuration::from_hours(1);
    let with = |tokens: &[(&str, &str)]| ScheduleCampaign {
        run_at: Some(past),
        tokens: pairs(tokens),
        ..call()
    };
    let runs = || {
        let found = house
            .store
            .read_now(|txn, _| txn.runs_at(crate::ids::CampaignId(21), past));
        found.unwrap().len()
    };
    let (first, second) = (("{{my.gift}}", "pen"), ("other", "x"));
    house.schedule(&with(&[first, second])).unwrap();
    let again = ScheduleCampaign {
        run_at: Some(past + SignedDuration::from_millis(900)),
        ..with(&[second, ("gift", "pen")])
    };
    house.schedule(&again).unwrap();
    assert_eq!(runs(), 1);
    house.work();
    assert_eq!(house.cities()[0], "pen");
    house.schedule(&with(&[first, second])).unwrap();
    assert_eq!(runs(), 1, "also when it is done");
    house.schedule(&with(&[])).unwrap();
    assert_eq!(runs(), 2);
    house.work();
    assert_eq!(house.cities()[0], "mug");
}

/// SC-1, SC-13: calls without a time are at different ones, also within a second.
#[test]
fn sc_13_calls_without_a_time_are_runs_of_their_own() {
    let house = house_with(&[1]);
    for _ in 0..2 {
        house.schedule(&call()).unwrap();
    }
    let now = house.store.now();
    let found = house
        .store
        .read_now(|txn, _| txn.runs_at(crate::ids::CampaignId(21), now));
    assert_eq!(found.unwrap().len(), 2);
}

/// Each lead keeps the tokens of its call.
#[test]
fn tokens_of_a_call_have_a_limit() {
    let house = house_with(&[1]);
    let with = |length: usize| ScheduleCampaign {
        tokens: vec![("gift".to_owned(), "x".repeat(length))],
        ..call()
    };
    house.schedule(&with(99_996)).unwrap();
    let refused = house.schedule(&with(99_997)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "programTokenList: at most 100000 bytes are allowed, 100001 came"
    );
}

fn import(house: &House, list: &str, rows: &[&str]) {
    let call = ImportToList {
        program: "Spring".to_owned(),
        list: list.to_owned(),
        header: "Email,{{my.gift}}".to_owned(),
        rows: ImportRows::split(rows.iter().map(|row| (*row).to_owned()).collect()),
        mode: ImportMode::Upsert,
        clear: false,
        campaign: Some("Invite".to_owned()),
    };
    house
        .store
        .write_now(|txn, now| import_to_list(txn, &house.schema, now, &call))
        .unwrap();
}

fn finish_imports(house: &House) {
    let piece = || {
        house
            .store
            .write_now(|txn, now| imports::work(txn, &house.schema, now, None))
    };
    while piece().unwrap().is_some() {}
}

/// SC-4, SC-5, SC-16, ITL-6, ITL-7, DM-TOK-2: a run waits for the import before it, whose rows count before the call.
#[test]
fn itl_07_tokens_of_rows_count_first() {
    let house = house_with(&[3]);
    import(&house, "Guests", &["ann@x.com,cap", "bob@x.com,"]);
    let with_tokens = ScheduleCampaign {
        tokens: pairs(&[("gift", "pen")]),
        ..call()
    };
    house.schedule(&with_tokens).unwrap();
    assert!(!house.piece(9).more, "SC-16");
    house.store.advance(5);
    // One that comes later is not waited for.
    finish_imports(&house);
    house.store.advance(5);
    import(&house, "Guests", &["cy@x.com,hat"]);
    house.work();
    assert_eq!(house.cities(), ["cap", "pen", "pen"]);
    // What rows said is dropped after the one run.
    house.store.advance(5);
    finish_imports(&house);
    house.schedule(&call()).unwrap();
    house.work();
    assert_eq!(house.cities(), ["mug", "mug", "hat"]);
    house.store.advance(5);
    house.schedule(&call()).unwrap();
    house.work();
    assert_eq!(house.cities(), ["mug", "mug", "mug"]);
}

/// A list longer than one piece of work.
#[test]
fn sc_15_long_lists_are_queued_piece_by_piece() {
    let house = house_with(&[]);
    let rows: Vec<String> = (0..1_203).map(|n| format!("u{n}@x.com,")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    import(&house, "Guests", &rows);
    finish_imports(&house);
    house.schedule(&call()).unwrap();
    house.work();
    let done = house
        .store
        .read_now(|txn, _| txn.count_list_members(ListId(2), None));
    assert_eq!(done.unwrap(), 1_203);
    assert_eq!(house.tasks(), 0);
}

/// SC-2, SC-11, SC-12: bad calls plan nothing.
#[test]
fn sc_11_bad_calls_are_refused() {
    let house = house_with(&[1]);
    let with = |change: &dyn Fn(&mut ScheduleCampaign)| {
        let mut bad = call();
        change(&mut bad);
        house.schedule(&bad).unwrap_err().to_string()
    };
    let text = str::to_owned;
    for (refused, expected) in [
        (
            with(&|call| call.program = text("")),
            "parameter programName is required",
        ),
        (
            with(&|call| call.program = text("Winter")),
            "program Winter not found",
        ),
        (
            with(&|call| call.campaign = text(" ")),
            "parameter campaignName is required",
        ),
        (
            with(&|call| call.campaign = text("None")),
            "campaign None not found",
        ),
        (
            with(&|call| call.campaign = text("Off")),
            "campaign Off not found",
        ),
        (
            with(&|call| call.campaign = text("Asked")),
            "campaignName: Asked is requested, not scheduled",
        ),
        (
            with(&|call| call.clone_to = Some(text("autumn "))),
            "cloneToProgramName: there is a program autumn already",
        ),
        (
            with(&|call| call.clone_to = Some("x".repeat(256))),
            "cloneToProgramName: a name has one line and at most 255 characters",
        ),
    ] {
        assert_eq!(refused, expected);
    }
    let due = house.store.read_now(|txn, now| txn.due_runs(now, 9));
    assert!(due.unwrap().is_empty());
}

/// SC-6, SC-14, DM-CMP-4, DM-GEN-3: the copy has all but costs and members, and its campaign runs.
#[test]
fn sc_14_a_program_can_be_cloned() {
    let mut house = house_with(&[1]);
    let clone = ScheduleCampaign {
        clone_to: Some(" Spring 2 ".to_owned()),
        tokens: pairs(&[("gift", "pen")]),
        ..call()
    };
    house.schedule(&clone).unwrap();
    let (programs, lists, schema) = house
        .store
        .read_now(|txn, _| {
            let schema = Schema::load(txn.schema_version()?, &txn.definitions()?)?;
            Ok::<_, crate::store::StoreError>((
                txn.programs_after(None, 9)?,
                txn.static_lists()?,
                schema,
            ))
        })
        .unwrap();
    house.schema = schema;
    let [old, _, new] = &programs[..] else {
        panic!("{programs:?}");
    };
    assert_eq!(
        *new,
        Program {
            id: new.id,
            name: "Spring 2".to_owned(),
            costs: Vec::new(),
            created_at: house.store.now(),
            updated_at: house.store.now(),
            ..old.clone()
        }
    );
    let of = |program: &Program| {
        let lists = lists.iter();
        let own: Vec<&StaticList> = lists
            .filter(|list| list.program == Some(program.id))
            .collect();
        own[0].id
    };
    assert_ne!(of(old), of(new));
    let copies: Vec<_> = house
        .schema
        .campaigns
        .iter()
        .filter(|campaign| campaign.program == Some(new.id))
        .collect();
    assert_eq!(
        copies
            .iter()
            .map(|one| one.name.as_str())
            .collect::<Vec<_>>(),
        ["Invite", "Asked", "Off"]
    );
    assert_eq!(copies[0].list, Some(of(new)));
    assert_eq!(copies[0].steps[1]["list"], of(new).0);
    assert_eq!(copies[0].steps[2]["campaign"], copies[1].id.0);
    assert_eq!(copies[0].steps[3]["list"], 2, "what is outside stays");
    // The list of the copy is empty, so that nothing happens to the members of the first.
    house.work();
    assert_eq!(house.cities(), ["", "", ""]);
    // Names inside of programs tell them apart.
    house.schedule(&call()).unwrap();
    house.work();
    assert_eq!(house.cities(), ["mug", "", ""]);
}
