//! Programs in syncMObjects (SMO-16 to SMO-22, SMO-55 to SMO-62, DM-PRG-8, DM-CST-1, DM-CST-2, DM-TAG-1, DM-TAG-2).

use super::*;

/// Tags and costs of a program as getMObjects shows them.
fn lists(house: &House, id: i64) -> Vec<String> {
    let found = house.found(&format!("Program {id}; Include Archive|EQ|true"));
    let lists = found[0].typed.iter().map(|(kind, list)| {
        let list: Vec<String> = list
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{kind} {}", list.join(", "))
    });
    lists.filter(|list| !list.starts_with("Token")).collect()
}

/// SMO-16, SMO-55, DM-PRG-8: only updates; other objects of the call go on.
#[test]
fn smo_55_programs_are_only_updated() {
    let house = demo();
    for operation in [INSERT, UPSERT] {
        let outcomes = house
            .call(
                operation,
                &[object("Program 1970"), object("Opportunity; Name=x")],
            )
            .unwrap();
        assert_eq!(
            outcome(&outcomes[0]),
            "FAILED 1970 input error: Program can only be updated"
        );
        assert_eq!(outcomes[1].status, MObjectStatus::Created);
    }
}

/// SMO-56: by id, which must exist.
#[test]
fn smo_56_programs_are_found_by_id() {
    demo().sync(
        UPDATE,
        &[
            (
                "Program; [Tag] Type=Regions, Value=North",
                "FAILED - parameter required: Parameter id is required",
            ),
            (
                "Program 77; [Tag] Type=Regions, Value=North",
                "FAILED 77 input error: Program 77 not found",
            ),
            (
                "program 1970; [tag] type=regions, VALUE=north",
                "UPDATED 1970",
            ),
        ],
    );
}

/// SMO-54, DM-PRG-8: what a program is cannot be changed.
#[test]
fn smo_54_attributes_of_programs_fail() {
    demo().sync(
        UPDATE,
        &[
            (
                "Program 1970; Name=x",
                "FAILED 1970 input error: the attributes of a Program cannot be changed",
            ),
            ("Program 1970; =x", "UNCHANGED 1970"),
        ],
    );
}

/// SMO-62, SMO-48: nothing to do is no change; of several lists all are applied or none.
#[test]
fn smo_62_all_lists_of_a_program_or_none() {
    let house = demo();
    let before = house.picture();
    house.store.advance(60);
    house.sync(
        UPDATE,
        &[
            ("Program 1970", "UNCHANGED 1970"),
            ("Program 1970; [] ", "UNCHANGED 1970"),
            ("Program 1970; [Tag] Type=Regions, Value=EMEA; [Tag] Type=channel, Value=blog", "UNCHANGED 1970"),
            (
                "Program 1970; [Tag] Type=Regions, Value=North; [Cost] Month=2013-06, Amount=1; [Tag] Type=Regions, Value=Mars",
                "FAILED 1970 input error: tag value Mars is not defined for type Regions",
            ),
        ],
    );
    assert_eq!(house.picture(), before);
    house.sync(
        UPDATE,
        &[(
            "Program 1970; [Tag] Type=Regions, Value=North; [Cost] Month=2013-06, Amount=1; [Tag] Type=Content Channel, Value=sem",
            "UPDATED 1970",
        )],
    );
    assert_eq!(
        lists(&house, 1970),
        [
            "Tag Type=Channel, Value=Blog",
            "Tag Type=Regions, Value=North",
            "Tag Type=Content Channel, Value=SEM",
            "Cost Id=153, Month=2013-05-01, Amount=1000, Note=before",
            "Cost Id=154, Month=2013-06-01, Amount=1",
        ]
    );
}

/// SMO-17, SMO-20, SMO-21, SMO-57, SMO-41, DM-CST-2: without Id a new row each time, also in a month that has one.
#[test]
fn smo_57_a_cost_without_id_is_a_new_row() {
    let house = demo();
    house.syncs(
        UPDATE,
        &[
            ("Program 1006; [Cost] Month=2011-07, Amount=5, Note= Room ", "UPDATED 1006"),
            ("Program 1006; [Cost] Month=2011-07, Amount=5, Note=Room", "UPDATED 1006"),
            ("Program 1006; [Cost] Month=2011-08, Amount=0; [Cost] Month=2011-09, Amount=7, Id= ", "UPDATED 1006"),
        ],
    );
    assert_eq!(
        lists(&house, 1006)[1..],
        [
            "Cost Id=1, Month=2011-07-01, Amount=3000, Note=Speaker",
            "Cost Id=2, Month=2011-07-01, Amount=1000, Note=Post-production",
            "Cost Id=154, Month=2011-07-01, Amount=5, Note= Room ",
            "Cost Id=155, Month=2011-07-01, Amount=5, Note=Room",
            "Cost Id=156, Month=2011-08-01, Amount=0",
            "Cost Id=157, Month=2011-09-01, Amount=7",
        ]
    );
}

/// SMO-58, SMO-38, DM-CST-2: with Id that row of that program; a note that is not sent stays.
#[test]
fn smo_58_a_cost_with_id_is_changed() {
    let house = demo();
    house.syncs(
        UPDATE,
        &[
            (
                "Program 1970; [Cost] Id=153, Month=2013-06, Amount=2000",
                "UPDATED 1970",
            ),
            (
                "Program 1970; [Cost] Id=153, Month=2013-06-30, Amount=2000.00",
                "UNCHANGED 1970",
            ),
            (
                "Program 1006; [Cost] Id=2, Month=2011-08, Amount=1, Note=new",
                "UPDATED 1006",
            ),
            (
                "Program 1970; [Cost] Id=1, Month=2013-06, Amount=1",
                "FAILED 1970 input error: Cost 1 of Program 1970 not found",
            ),
            (
                "Program 1970; [Cost] Id=999, Month=2013-06, Amount=1",
                "FAILED 1970 input error: Cost 999 of Program 1970 not found",
            ),
            (
                "Program 1970; [Cost] Id=x, Month=2013-06, Amount=1",
                "FAILED 1970 input error: Cost x of…",
            ),
        ],
    );
    assert_eq!(
        lists(&house, 1970)[2],
        "Cost Id=153, Month=2013-06-01, Amount=2000, Note=before"
    );
    assert_eq!(
        lists(&house, 1006)[2],
        "Cost Id=2, Month=2011-08-01, Amount=1, Note=new"
    );
}

/// SMO-58, SMO-53, REQ-8: an empty note is one that was sent, and clears.
#[test]
fn smo_58_an_empty_note_clears() {
    let house = demo();
    let note = || lists(&house, 1970).pop().unwrap();
    for (cost, expected, after) in [
        ("Amount=1000", "UNCHANGED 1970", ", Note=before"),
        ("Amount=1000, Note= ", "UPDATED 1970", ""),
        ("Amount=1000, Note=", "UNCHANGED 1970", ""),
        (
            "Amount=1000, Note=x, Note=new",
            "UPDATED 1970",
            ", Note=new",
        ),
        ("Amount=1000, Note=x, note=", "UPDATED 1970", ""),
    ] {
        let line = format!("Program 1970; [Cost] Id=153, Month=2013-05, {cost}");
        house.sync(UPDATE, &[(&line, expected)]);
        let stored = format!("Cost Id=153, Month=2013-05-01, Amount=1000{after}");
        assert_eq!(note(), stored, "{line}");
    }
}

/// SMO-59, DM-CST-1: months, amounts and notes.
#[test]
fn smo_59_months_and_amounts() {
    let good = [
        (
            "Month=2013-06, Amount=2000",
            "Month=2013-06-01, Amount=2000",
        ),
        (
            "Month=2013-06-15, Amount=0.50",
            "Month=2013-06-01, Amount=0.5",
        ),
        (
            "Month= 2013-12-31T23:59:59-07:00 , Amount=12.0",
            "Month=2013-12-01, Amount=12",
        ),
        ("amount=0, MONTH=2013-01", "Month=2013-01-01, Amount=0"),
        (
            "Month=2013-06, Amount=1, Amount=2",
            "Month=2013-06-01, Amount=2",
        ),
    ];
    for (sent, expected) in good {
        let house = demo();
        house.sync(
            UPDATE,
            &[(&format!("Program 1970; [Cost] {sent}"), "UPDATED 1970")],
        );
        assert_eq!(lists(&house, 1970)[3], format!("Cost Id=154, {expected}"));
    }
    let long = format!("Month=2013-06, Amount=1, Note={}", "x".repeat(256));
    let month = "input error: Month: …";
    let amount = "input error: Amount: …";
    for (sent, expected) in [
        ("Month=2013, Amount=1", month),
        ("Month=2013-13, Amount=1", month),
        ("Month=06-2013, Amount=1", month),
        ("Month=2013-02-30, Amount=1", month),
        ("Month=2013-06-15Tx, Amount=1", month),
        ("Month=Junié1, Amount=1", month),
        ("Month=NULL, Amount=1", month),
        ("Month=2013-06, Amount=-1", amount),
        ("Month=2013-06, Amount=x", amount),
        ("Month=2013-06, Amount=NULL", amount),
        (
            "Amount=1",
            "parameter required: Parameter Month is required",
        ),
        (
            "Month=2013-06",
            "parameter required: Parameter Amount is required",
        ),
        (
            "Id=153, Month=2013-06",
            "parameter required: Parameter Amount is required",
        ),
        (
            "Id=153, Amount=5",
            "parameter required: Parameter Month is required",
        ),
        (
            "Id=153, Month=x",
            "parameter required: Parameter Amount is required",
        ),
        (
            "Month=2013-06, Amount=1, Price=2",
            "input error: unknown fields: Price",
        ),
        (&long, "input error: Note: …"),
    ] {
        let house = demo();
        let before = house.picture();
        house.sync(
            UPDATE,
            &[(
                &format!("Program 1970; [Cost] {sent}"),
                &format!("FAILED 1970 {expected}"),
            )],
        );
        assert_eq!(house.picture(), before, "{sent}");
    }
}

/// SMO-18, SMO-22, SMO-60, DM-TAG-1, DM-TAG-2, DM-CHN-1: tags and channels are chosen, never made.
#[test]
fn smo_60_tags_and_channels_must_be_defined() {
    let house = demo();
    let undefined = |value: &str, kind: &str| {
        format!("FAILED 1970 input error: tag value {value} is not defined for type {kind}")
    };
    house.syncs(
        UPDATE,
        &[
            (
                "Program 1970; [Tag] Type=Regions, Value=West",
                "UPDATED 1970",
            ),
            (
                "Program 1970; [Tag] Type=Regions, Value=WEST",
                "UNCHANGED 1970",
            ),
            (
                "Program 1970; [Tag] Type=Regions, Value=Mars",
                &undefined("Mars", "Regions"),
            ),
            (
                "Program 1970; [Tag] Type=Planet, Value=Mars",
                &undefined("Mars", "Planet"),
            ),
            (
                "Program 1970; [Tag] Type=Channel, Value=Nope",
                &undefined("Nope", "Channel"),
            ),
            // A webinar channel does not fit a program, nor a blog a webinar.
            (
                "Program 1970; [Tag] Type=Channel, Value=Webinar",
                &undefined("Webinar", "Channel"),
            ),
            (
                "Program 1970; [Tag] Value=West",
                "FAILED 1970 parameter required: Parameter Type is required",
            ),
            (
                "Program 1970; [Tag] Type=Regions",
                "FAILED 1970 parameter required: Parameter Value is required",
            ),
            (
                "Program 1970; [Tag] Type=Regions, Value= ",
                "FAILED 1970 parameter required: Parameter Value is required",
            ),
            (
                "Program 1970; [Tag] Type=Regions, Value=West, Extra=1",
                "FAILED 1970 input error: unknown fields: Extra",
            ),
            (
                "Program 1006; [Tag] Type=channel, Value=tradeshow",
                "UPDATED 1006",
            ),
        ],
    );
    assert_eq!(lists(&house, 1970)[1], "Tag Type=Regions, Value=West");
    assert_eq!(lists(&house, 1006)[0], "Tag Type=Channel, Value=Tradeshow");
}

/// SMO-60: tags stand in the order in which their types are defined, however they came.
#[test]
fn smo_60_tags_stand_in_the_order_of_their_types() {
    let house = demo();
    house.sync(
        UPDATE,
        &[(
            "Program 1006; [Tag] Type=Content Channel, Value=SEM; [Tag] Type=Regions, Value=East",
            "UPDATED 1006",
        )],
    );
    assert_eq!(
        lists(&house, 1006)[1..3],
        [
            "Tag Type=Regions, Value=East",
            "Tag Type=Content Channel, Value=SEM"
        ]
    );
}

/// SMO-19, SMO-61: there are costs and tags.
#[test]
fn smo_61_other_lists_fail() {
    demo().sync(
        UPDATE,
        &[
            (
                "Program 1970; [Token] Name=x, Value=y",
                "FAILED 1970 input error: attrType Token is not Cost or Tag",
            ),
            (
                "Program 1970; [] Name=x",
                "FAILED 1970 input error: attrType  is not Cost or Tag",
            ),
        ],
    );
}
