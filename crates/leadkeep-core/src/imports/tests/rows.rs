//! What rows of an import do.

use super::*;

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
