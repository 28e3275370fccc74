//! getLeadActivity.

use super::*;

/// GLA-1, GLA-3, GLA-22, ACT-10.
#[test]
fn gla_03_a_history_is_latest_first() {
    let house = house();
    house.leads(&[1, 2]);
    house.add(&[
        (1, 12, 10),
        (1, 13, 30),
        (2, 12, 20),
        (1, 13, 20),
        (1, 13, 30),
    ]);
    let page = house.history(&of_lead(1)).unwrap();
    assert_eq!(ids(&page), [5, 2, 4, 1]);
    assert_eq!(page.remaining, 0);
}

/// GLA-4, GLA-5, GLA-7, ACT-11: words of the schema, display names, and words of old schemas.
#[test]
fn gla_07_types_are_named_by_word_or_display_name() {
    let house = house();
    house.leads(&[1]);
    house.add(&[(1, 12, 1), (1, 13, 2), (1, 24, 3), (1, 13, 4)]);
    let ask = |include: &[&str], exclude: &[&str]| {
        let types = TypeWords {
            include: words(include),
            exclude: words(exclude),
            names: Vec::new(),
        };
        house.history(&HistorySelection {
            types,
            ..of_lead(1)
        })
    };
    for (include, exclude, found) in [
        (&["NewLead"][..], &[][..], &[1][..]),
        (&["New Lead", " changeDATAvalue "], &[], &[4, 2, 1]),
        (&["AddToList", ""], &[" "], &[3]),
        (&[], &["ChangeDataValue"], &[3, 1]),
        (&[], &[], &[4, 3, 2, 1]),
        (&["", " "], &[], &[4, 3, 2, 1]),
        (
            &["RegisterForEvent", "AttendEvent", "ComputeSegmentation"],
            &[],
            &[],
        ),
    ] {
        assert_eq!(
            ids(&ask(include, exclude).unwrap()),
            found,
            "{include:?} {exclude:?}"
        );
    }
    // GLA-6.
    refused(ask(&["NewLead"], &["AddToList"]), "cannot be used together");
    for bad in ["Nonsense", "New-Lead", "12"] {
        refused(ask(&[bad], &[]), "activity type");
        refused(ask(&[], &["NewLead", bad]), bad);
    }
}

/// GLA-8, GLA-27, GLA-9, GLA-21.
#[test]
fn gla_08_pages_have_at_most_a_hundred() {
    let house = house();
    house.leads(&[1]);
    let many: Vec<_> = (0..1_250).map(|second| (1, 13, second / 7)).collect();
    house.add(&many);
    let page = |batch_size| {
        let page = house
            .history(&HistorySelection {
                batch_size,
                ..of_lead(1)
            })
            .unwrap();
        (page.activities.len(), page.remaining)
    };
    for size in [None, Some(0), Some(100), Some(101), Some(i64::MAX)] {
        assert_eq!(page(size), (100, 1_000), "{size:?}");
    }
    assert_eq!(page(Some(7)), (7, 1_000));
    let negative = HistorySelection {
        batch_size: Some(-1),
        ..of_lead(1)
    };
    refused(house.history(&negative), "batchSize");
}

/// GLA-12, GLA-13, GLA-14, GLA-20, GLA-26, STR-3, STR-6: the offset alone leads through all pages, also when others are
/// written between them.
#[test]
fn gla_12_the_offset_alone_pages() {
    let house = house();
    house.leads(&[1]);
    let all: Vec<_> = (0..23).map(|n| (1, 13, n / 4)).collect();
    house.add(&all);
    let mut found = Vec::new();
    let mut input = HistorySelection {
        batch_size: Some(5),
        start: after(" "),
        ..of_lead(1)
    };
    let mut left = Vec::new();
    loop {
        let page = house.history(&input).unwrap();
        left.push(page.remaining);
        if page.activities.is_empty() {
            assert_eq!(page.position, input.start, "the same position");
            break;
        }
        let end = ids(&page).last().copied().unwrap();
        assert_eq!(page.position.offset, Some(format!("ID:{end}")));
        found.extend(ids(&page));
        input.start = after(&page.position.offset.unwrap());
        house.add(&[(1, 13, 500)]);
    }
    assert_eq!(found, (1..=23).rev().collect::<Vec<_>>());
    assert_eq!(left, [18, 13, 8, 3, 0, 0]);
    // A number alone, any case, blanks.
    for offset in ["ID:6", "id:6", " 6 "] {
        input.start = after(offset);
        assert_eq!(
            ids(&house.history(&input).unwrap()),
            [5, 4, 3, 2, 1],
            "{offset}"
        );
    }
    let none = HistorySelection {
        types: TypeWords {
            include: words(&["MergeLeads"]),
            ..TypeWords::default()
        },
        ..of_lead(1)
    };
    let empty = house.history(&none).unwrap();
    assert_eq!(
        (empty.remaining, empty.position),
        (0, StartPosition::default())
    );
}

/// GLA-25, STR-4.
#[test]
fn gla_25_other_offsets_are_refused() {
    let house = house();
    house.leads(&[1]);
    for bad in [
        "x",
        "ID:",
        "ID:x",
        "ID:-1",
        "-1",
        "1.0",
        "ID:1:2",
        "ID:99999999999999999999",
        "é",
        "ID: 1",
    ] {
        let input = HistorySelection {
            start: after(bad),
            ..of_lead(1)
        };
        refused(house.history(&input), "position");
        let input = ChangeSelection {
            start: after(bad),
            ..of_all()
        };
        refused(house.changes(&input), "position");
    }
}

/// GLA-15, GLA-23, GLA-24: bounds of time, and the time of the first page.
#[test]
fn gla_23_the_first_page_fixes_its_time() {
    let house = house();
    house.leads(&[1]);
    house.add(&[(1, 13, 10), (1, 13, 20), (1, 13, 30), (1, 13, 1_000)]);
    let first = house
        .history(&HistorySelection {
            batch_size: Some(2),
            ..of_lead(1)
        })
        .unwrap();
    assert_eq!(ids(&first), [4, 3]);
    assert_eq!(
        first.position.latest,
        Some(at(1_000)),
        "the time of the call"
    );
    // Newer ones, imported late perhaps: the position keeps them out.
    house.add(&[(1, 13, 1_001)]);
    let second = house
        .history(&HistorySelection {
            start: first.position,
            ..of_lead(1)
        })
        .unwrap();
    assert_eq!(ids(&second), [2, 1]);
    let bounded = |latest, oldest, activity| {
        let start = StartPosition {
            latest,
            oldest,
            activity,
            offset: None,
        };
        ids(&house
            .history(&HistorySelection {
                start,
                ..of_lead(1)
            })
            .unwrap())
    };
    assert_eq!(bounded(Some(at(20)), None, None), [2, 1]);
    assert_eq!(bounded(None, Some(at(20)), None), [4, 3, 2]);
    assert_eq!(bounded(None, None, Some(at(20))), [2, 1]);
    assert_eq!(bounded(Some(at(30)), Some(at(20)), Some(at(25))), [2]);
    assert_eq!(bounded(Some(at(5)), Some(at(20)), None), [0; 0]);
    assert_eq!(bounded(Some(Timestamp::MAX), None, None), [5, 4, 3, 2, 1]);
}

/// GLA-18, GLA-19: of several leads the one added last, or updated last.
#[test]
fn gla_19_one_lead_is_meant() {
    for (toml, expected) in [("", 2), ("[rules]\nduplicate_email = \"updated\"", 1)] {
        let house = house_with(toml);
        let mut leads = [1, 2].map(person);
        for lead in &mut leads {
            lead.email = Some("a@x.com".to_owned());
        }
        leads[0].updated_at = at(900);
        house
            .store
            .write_now(|txn, _| txn.insert_leads(&leads))
            .unwrap();
        house.add(&[(1, 12, 1), (2, 12, 2)]);
        let by_email = HistorySelection {
            key_type: LeadKeyType::Email,
            key: " A@x.com ".to_owned(),
            ..of_lead(0)
        };
        let page = house.history(&by_email).unwrap();
        assert_eq!(page.activities[0].lead, LeadId(expected));
    }
    let house = house();
    refused(house.history(&of_lead(9)), "IDNUM = 9");
    refused(house.history(&of_lead(0)), "not valid");
    let owner = HistorySelection {
        key_type: LeadKeyType::LeadOwnerEmail,
        ..of_lead(9)
    };
    assert!(matches!(
        house.history(&owner),
        Err(CallError::LeadOwnerNotFound { .. })
    ));
}
