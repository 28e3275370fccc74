//! Imports into lists, on a store in memory.

use super::*;
use crate::error::CallError;
use crate::ids::{CampaignId, ImportId, LeadId, ListId};
use crate::leads::{LeadInput, SyncMultipleLeads, sync_multiple_leads};
use crate::memory::MemoryStore;
use crate::schema::{Schema, testing};
use crate::store::{ActivityFilter, Import, ImportState, LeadScope};

const HOUSE: &str = r#"
[rules]
check_email = true
[[channel]]
name = "Blog"
statuses = [{ name = "Visited", step = 10 }]
[[program]]
name = "Spring"
channel = "Blog"
tokens = { gift = "mug" }
[[program]]
name = "Autumn"
channel = "Blog"
[[list]]
id = 1
name = "Guests"
program = "Spring"
[[list]]
id = 2
name = "Others"
program = "Spring"
[[list]]
id = 3
name = "Outside"
[[campaign]]
id = 11
name = "Invite"
program = "Spring"
kind = "batch"
[[campaign]]
id = 12
name = "Elsewhere"
program = "Autumn"
kind = "batch"
[[field]]
object = "Lead"
name = "shoe_size"
display_name = "Shoe Size"
type = "integer"
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

fn house() -> House {
    let (store, schema) = testing::store(HOUSE);
    House { store, schema }
}

/// An import of rows, one item each.
fn input(header: &str, rows: &[&str]) -> ImportToList {
    ImportToList {
        program: "Spring".to_owned(),
        list: "Guests".to_owned(),
        header: header.to_owned(),
        rows: ImportRows::split(rows.iter().map(|row| (*row).to_owned()).collect()),
        mode: ImportMode::Upsert,
        clear: false,
        campaign: None,
    }
}

impl House {
    fn take(&self, input: &ImportToList) -> Result<ImportId, CallError> {
        self.store
            .write_now(|txn, now| import_to_list(txn, &self.schema, now, input))
    }

    fn piece(&self, last: Option<ImportId>) -> Option<ImportId> {
        let done = self
            .store
            .write_now(|txn, now| work(txn, &self.schema, now, last));
        done.unwrap()
    }

    fn finish(&self) {
        while self.piece(None).is_some() {}
    }

    /// Takes an import and does all of it; its summary, then the reasons of what failed.
    fn run(&self, input: &ImportToList) -> String {
        let id = self.take(input).unwrap();
        self.finish();
        let import = self.status("Guests").import;
        assert_eq!((import.id, import.state), (id, ImportState::Complete));
        let sum = import.imported + import.failed + import.ignored;
        assert_eq!(sum, import.rows, "ITS-5: {import:?}");
        let mut told = import.summary.unwrap();
        for row in self.failed(id) {
            told.push_str(&format!("; {} {}", row[0], row[1]));
        }
        told
    }

    fn failed(&self, id: ImportId) -> Vec<Vec<String>> {
        let found = self.store.read_now(|txn, _| failed_rows(txn, id, 0));
        found.unwrap().unwrap().rows
    }

    fn status(&self, list: &str) -> ImportStatus {
        let list = list.to_owned();
        self.store
            .read_now(|txn, now| import_status(txn, now, "Spring", &list))
            .unwrap()
    }

    fn lead(&self, id: i64) -> String {
        let lead = self.store.read_now(|txn, _| txn.leads(&[LeadId(id)]));
        let Some(lead) = lead.unwrap().pop() else {
            return "none".to_owned();
        };
        let email = lead.email.unwrap_or_default();
        let values = lead
            .attrs
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let sources =
            |value: &String| value.starts_with("Original") || value.starts_with("Registration");
        let values: Vec<_> = values.filter(|value| !sources(value)).collect();
        format!("{email}; {}", values.join("; "))
    }

    fn members(&self, list: i64) -> Vec<i64> {
        let found = self
            .store
            .read_now(|txn, _| txn.list_members(ListId(list), None, 99));
        found.unwrap().iter().map(|lead| lead.id.0).collect()
    }

    fn history(&self, skip: usize) -> Vec<String> {
        let told = self.store.read_now(|txn, _| {
            txn.activities_after(&LeadScope::All, &ActivityFilter::default(), None, 99)
        });
        let told = told.unwrap();
        let line = |activity: &crate::store::Activity| {
            let activity = &activity.what;
            let what = crate::catalogue::activity_type(activity.activity_type).unwrap();
            let attributes = activity
                .attributes
                .iter()
                .filter(|(name, _)| name != "Created Date")
                .map(|(name, value)| format!("{name}={value}"));
            let attributes: Vec<_> = attributes.collect();
            let asset = activity.asset.clone().unwrap_or_default();
            format!(
                "{} {} [{asset}] {}",
                activity.lead,
                what.display_name,
                attributes.join("; ")
            )
        };
        told.iter().skip(skip).map(line).collect()
    }

    fn sync(&self, email: &str, attributes: &[(&str, &str)]) {
        let attributes = attributes.iter();
        let call = SyncMultipleLeads {
            records: vec![LeadInput {
                email: Some(email.to_owned()),
                attributes: attributes
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                ..LeadInput::default()
            }],
            dedup: true,
            max_records: 9,
        };
        self.store
            .write_now(|txn, now| sync_multiple_leads(txn, &self.schema, now, &call, None))
            .unwrap();
    }

    fn tokens(&self, leads: &[i64]) -> Vec<Vec<(String, String)>> {
        let leads: Vec<_> = leads.iter().map(|lead| LeadId(*lead)).collect();
        let found = self
            .store
            .read_now(|txn, _| txn.row_tokens(CampaignId(11), &leads));
        found.unwrap()
    }
}

/// ITL-1, ITL-3, ITL-14, ITL-25, DM-IMP-2, ACT-30, DM-NEW-1: leads are created and updated, and join.
#[test]
fn itl_14_rows_create_and_update_leads() {
    let house = house();
    house.sync("ann@x.com", &[("City", "Bonn")]);
    let header = "Email Address,City,Company Name, shoe size ";
    let rows = ["bob@x.com,Rome,Acme,42", "ANN@x.com,Oslo,,"];
    assert_eq!(
        house.run(&input(header, &rows)),
        "2 leads imported, 0 failed, 0 ignored"
    );
    assert_eq!(house.lead(2), "bob@x.com; City=Rome; shoe_size=42");
    assert_eq!(house.lead(1), "ann@x.com; City=Oslo");
    assert_eq!(house.members(1), [1, 2]);
    assert_eq!(
        house.history(1),
        [
            "2 New Lead [] Source Type=List import; Source Info=Spring.Guests; List Name=Spring.Guests",
            "1 Change Data Value [City] Attribute Name=City; Old Value=Bonn; New Value=Oslo; Reason=List import; \
             Source=List import",
            "1 Add to List [Spring.Guests] List ID=1; Source=List import",
            "2 Add to List [Spring.Guests] List ID=1; Source=List import",
        ]
    );
    let lead = house.store.read_now(|txn, _| txn.leads(&[LeadId(2)]));
    let lead = lead.unwrap().remove(0);
    for (name, value) in [
        ("OriginalSourceType", "List Import"),
        ("OriginalSourceInfo", "Spring.Guests"),
    ] {
        assert_eq!(lead.attrs.get(name), Some(value), "{name}");
    }
    // Again: nothing changes, and whoever is a member stays one without a word.
    let told = house.history(0).len();
    assert_eq!(
        house.run(&input(header, &rows)),
        "2 leads imported, 0 failed, 0 ignored"
    );
    assert_eq!(house.history(0).len(), told);
}

/// ITL-14: of several leads with one address the one that was added last.
#[test]
fn itl_14_an_address_means_the_last_lead() {
    let house = house();
    house.run(&input("Email", &["a@x.com"]));
    let twice = SyncMultipleLeads {
        records: vec![LeadInput {
            email: Some("a@x.com".to_owned()),
            ..LeadInput::default()
        }],
        dedup: false,
        max_records: 9,
    };
    house
        .store
        .write_now(|txn, now| sync_multiple_leads(txn, &house.schema, now, &twice, None))
        .unwrap();
    house.run(&input("Email,City", &["a@x.com,Rome"]));
    assert!(house.lead(2).contains("City=Rome"), "{}", house.lead(2));
    assert_eq!(house.members(1), [1, 2]);
}

/// ITL-14, ITS-5, DM-IMP-2: LISTONLY finds, and changes nothing.
#[test]
fn itl_14_a_list_only_import_finds_leads() {
    let house = house();
    house.sync("a@x.com", &[("City", "Bonn")]);
    house.sync("b@x.com", &[]);
    house.run(&input("Email", &["b@x.com"]));
    let before = house.history(0).len();
    let call = ImportToList {
        mode: ImportMode::ListOnly,
        ..input(
            "Email Address,City,Id",
            &[
                "a@x.com,Rome",
                "c@x.com",
                "b@x.com",
                "A@X.com",
                ",,2",
                ",,77",
                "@,,",
            ],
        )
    };
    assert_eq!(
        house.run(&call),
        "1 lead imported, 2 failed, 4 ignored; 6 Id: there is no such lead; \
         7 Email: expected an address with one @, without blanks, in ASCII, got `@`"
    );
    assert_eq!(house.lead(1), "a@x.com; City=Bonn");
    assert_eq!(house.lead(3), "none");
    assert_eq!(
        house.history(before),
        ["1 Add to List [Spring.Guests] List ID=1; Source=List import"]
    );
}

/// ITL-15: a number identifies before the address, which is then a value like others.
#[test]
fn itl_15_a_column_id_identifies() {
    let house = house();
    house.sync("a@x.com", &[]);
    house.sync("b@x.com", &[]);
    let rows = [
        "1,new@x.com",
        "2,NULL",
        ",b@x.com",
        "77,c@x.com",
        "x,d@x.com",
        "NULL,e@x.com",
    ];
    assert_eq!(
        house.run(&input("ID,Email", &rows)),
        "4 leads imported, 2 failed, 0 ignored; 4 Id: there is no such lead; \
         5 Id: expected the number of a lead, got x"
    );
    assert!(house.lead(1).starts_with("new@x.com;"), "{}", house.lead(1));
    assert!(house.lead(2).starts_with(';'), "{}", house.lead(2));
    assert!(house.lead(3).starts_with("b@x.com;"), "{}", house.lead(3));
    assert!(house.lead(4).starts_with("e@x.com;"), "{}", house.lead(4));
}

/// ITL-16, DM-NAM-5: display names, SOAP names, short forms; what means nothing is named.
#[test]
fn itl_16_columns_have_many_names() {
    let house = house();
    let header = " email ,First,LAST NAME,Title,Job Title,nonsense,Created At";
    assert_eq!(
        house.run(&input(header, &["a@x.com,Ann,Lee,Boss,Chief,1,2"])),
        "1 lead imported, 0 failed, 0 ignored; unknown columns: nonsense, Created At"
    );
    // Of one field named twice the last one counts.
    assert_eq!(
        house.lead(1),
        "a@x.com; FirstName=Ann; LastName=Lee; Title=Chief"
    );
}

/// ITL-17, ITS-5: quotes, commas, line breaks; several lines of one item are several rows, and blank ones are ignored.
#[test]
fn itl_17_rows_are_comma_separated_values() {
    let house = house();
    let rows = [
        "a@x.com,\"Acme, \"\"Inc\"\"\nRome\"",
        "b@x.com,5\" pipes",
        "c@x.com,one\r\nd@x.com,\"two\r\nlines\"\r\n\r\ne@x.com,three\n",
        "",
        " , ",
        "\n",
    ];
    assert_eq!(
        house.run(&input("\"Email Address\",City", &rows)),
        "5 leads imported, 0 failed, 3 ignored"
    );
    let city = |id| {
        let lead = house.store.read_now(|txn, _| txn.leads(&[LeadId(id)]));
        lead.unwrap()[0]
            .attrs
            .get("City")
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        [1, 2, 3, 4, 5].map(city),
        [
            "Acme, \"Inc\"\nRome",
            "5\" pipes",
            "one",
            "two\nlines",
            "three"
        ]
    );
}

/// ITL-18, ITL-19, DM-IMP-3, DM-IMP-4, ITL-10: missing and empty cells leave values alone, NULL clears.
#[test]
fn itl_19_empty_cells_leave_and_null_clears() {
    let house = house();
    house.sync("a@x.com", &[("City", "Bonn"), ("shoe_size", "42")]);
    let before = house.history(0).len();
    let rows = [
        "a@x.com",
        "a@x.com,,",
        "a@x.com,Rome,1,2",
        "a@x.com,NULL,NULL",
        "a@x.com,NULL,NULL",
    ];
    assert_eq!(
        house.run(&input("Email,City,Shoe Size", &rows)),
        "4 leads imported, 1 failed, 0 ignored; 3 the header has 3 cells, the row 4"
    );
    // COM-25: a text is cleared only with the switch.
    assert_eq!(house.lead(1), "a@x.com; City=NULL");
    let changes = house.history(before);
    let numbers: Vec<_> = changes
        .iter()
        .filter(|line| line.contains("[Shoe Size]"))
        .collect();
    assert_eq!(numbers.len(), 1, "{changes:?}");
}

/// ITL-20: rows fail alone, and are kept with their reasons.
#[test]
fn itl_20_bad_rows_fail_alone() {
    let house = house();
    let rows = ["a@x.com,many", ",1", "no address,2", "b@x.com,3", "NULL,4"];
    let told = house.run(&input("Email,Shoe Size", &rows));
    assert!(
        told.starts_with("1 lead imported, 4 failed, 0 ignored"),
        "{told}"
    );
    assert_eq!(house.members(1), [1]);
    let failed = house
        .store
        .read_now(|txn, _| failed_rows(txn, ImportId(1), 0));
    let failed = failed.unwrap().unwrap();
    assert_eq!(failed.header, ["Row", "Reason", "Email", "Shoe Size"]);
    let lines: Vec<_> = failed.rows.iter().map(|row| row.join("|")).collect();
    assert_eq!(lines[0].split('|').next_back(), Some("many"));
    assert!(lines[0].starts_with("1|shoe_size: "), "{lines:?}");
    assert_eq!(
        lines[1],
        "2|neither Email Address nor Id says whom the row is about||1"
    );
    assert_eq!(lines.len(), 4);
    let none = house
        .store
        .read_now(|txn, _| failed_rows(txn, ImportId(9), 0));
    assert_eq!(none.unwrap(), None);
}

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
    house
        .store
        .write_now(|txn, now| give_up(txn, now, failed, "the disk is gone"))
        .unwrap();
    let ended = state(failed);
    assert_eq!(
        (ended.state, ended.summary.as_deref()),
        (ImportState::Failed, Some("the disk is gone"))
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
