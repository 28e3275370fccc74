//! getLeadChanges.

use super::*;

/// GLC-1, GLC-2, GLC-12, GLC-14, GLC-18, GLC-19, GLC-22, GLC-24, GLC-28, GLC-30.
#[test]
fn glc_02_changes_are_oldest_first_page_by_page() {
    let house = house();
    let many: Vec<_> = (0..250).map(|n| (1 + n % 5, 13, n)).collect();
    house.add(&many);
    let mut input = ChangeSelection {
        start: StartPosition {
            oldest: Some(at(0)),
            ..StartPosition::default()
        },
        ..of_all()
    };
    let mut found = Vec::new();
    let mut left = Vec::new();
    loop {
        let page = house.changes(&input).unwrap();
        left.push(page.remaining);
        assert_eq!(page.position.oldest, Some(at(0)), "as it was sent");
        assert_eq!((page.position.latest, page.position.activity), (None, None));
        if page.activities.is_empty() {
            assert_eq!(page.position, input.start, "pollers come again with it");
            break;
        }
        found.extend(ids(&page));
        input.start = page.position;
    }
    assert_eq!(found, (1..=250).collect::<Vec<_>>());
    assert_eq!(left, [150, 50, 0, 0]);
    house.add(&[(3, 12, 999)]);
    assert_eq!(ids(&house.changes(&input).unwrap()), [251]);
    // A first call without hits has no offset.
    let later = ChangeSelection {
        start: StartPosition {
            oldest: Some(at(5_000)),
            ..StartPosition::default()
        },
        ..of_all()
    };
    let page = house.changes(&later).unwrap();
    assert_eq!((page.position, page.remaining), (later.start, 0));
    for (size, expected) in [(Some(0), 100), (Some(3), 3), (Some(5_000), 251)] {
        let input = ChangeSelection {
            batch_size: size,
            ..of_all()
        };
        assert_eq!(house.changes(&input).unwrap().activities.len(), expected);
    }
    let negative = ChangeSelection {
        batch_size: Some(-5),
        ..of_all()
    };
    refused(house.changes(&negative), "batchSize");
}

/// GLC-8, GLC-27: a thousand a page, and an exact count up to ten thousand.
#[test]
fn glc_27_what_remains_is_counted_up_to_a_bound() {
    let house = house();
    let many: Vec<_> = (0..11_500).map(|n| (1, 13, n)).collect();
    house.add(&many);
    let page = |after: i64| {
        let input = ChangeSelection {
            start: self::after(&format!("ID:{after}")),
            batch_size: Some(9_999),
            ..of_all()
        };
        let page = house.changes(&input).unwrap();
        (page.activities.len(), page.remaining)
    };
    assert_eq!(page(100), (1_000, 10_000));
    assert_eq!(page(2_000), (1_000, 8_500));
    assert_eq!(page(11_499), (1, 0));
}

/// GLC-4, GLC-20, GLC-21: two lower bounds, one upper bound.
#[test]
fn glc_20_the_later_of_the_lower_bounds_counts() {
    let house = house();
    house.add(&[(1, 13, 10), (1, 13, 20), (1, 13, 30)]);
    for (oldest, activity, latest, found) in [
        (Some(20), None, None, &[2, 3][..]),
        (None, Some(30), None, &[3]),
        (Some(30), Some(10), None, &[3]),
        (Some(10), Some(20), Some(30), &[2]),
        (None, None, Some(20), &[1]),
        (Some(30), None, Some(10), &[]),
    ] {
        let start = StartPosition {
            oldest: oldest.map(at),
            activity: activity.map(at),
            latest: latest.map(at),
            offset: None,
        };
        let selection = ChangeSelection {
            start: start.clone(),
            ..of_all()
        };
        let page = house.changes(&selection).unwrap();
        assert_eq!(ids(&page), found, "{oldest:?} {activity:?} {latest:?}");
        // STR-3: whoever comes back with the position alone is told nothing that the bounds keep out.
        let mut sent = page.position.clone();
        sent.offset = None;
        assert_eq!(sent, start);
    }
}

/// GLC-19: time bounds hold beside an offset. An offset that no activity here ever had is another server's.
#[test]
fn glc_19_bounds_hold_beside_an_offset() {
    let house = house();
    house.add(&[(1, 13, 10), (1, 13, 20), (1, 13, 30), (1, 13, 40)]);
    for (offset, found) in [
        ("ID:1", &[2, 3][..]),
        ("3", &[]),
        ("", &[1, 2, 3]),
        ("ID:1086173", &[1, 2, 3]),
    ] {
        let start = StartPosition {
            latest: Some(at(40)),
            oldest: Some(at(0)),
            ..after(offset)
        };
        let page = house
            .changes(&ChangeSelection { start, ..of_all() })
            .unwrap();
        assert_eq!(ids(&page), found, "{offset}");
        assert_eq!(page.position.latest, Some(at(40)));
    }
}

/// GLC-5, GLC-6, GLC-7, GLC-9, GLC-26: both filters must hold.
#[test]
fn glc_26_filters_by_name_and_by_word_hold_together() {
    let house = house();
    house.add(&[(1, 12, 1), (1, 13, 2), (1, 24, 3), (1, 1, 4)]);
    let ask = |include: &[&str], exclude: &[&str], names: &[&str]| {
        let types = TypeWords {
            include: words(include),
            exclude: words(exclude),
            names: words(names),
        };
        house.changes(&ChangeSelection { types, ..of_all() })
    };
    for (include, exclude, names, found) in [
        (
            &[][..],
            &[][..],
            &["Visit Webpage", "new lead"][..],
            &[1, 4][..],
        ),
        (&[], &[], &["", " "], &[1, 2, 3, 4]),
        (
            &["NewLead", "AddToList"],
            &[],
            &["Add to List", "Visit Webpage"],
            &[3],
        ),
        (&["NewLead"], &[], &["Add to List"], &[]),
        (&[], &["AddToList"], &["Add to List", "Visit Webpage"], &[4]),
        (&[], &["AddToList"], &[], &[1, 2, 4]),
    ] {
        assert_eq!(
            ids(&ask(include, exclude, names).unwrap()),
            found,
            "{include:?} {exclude:?} {names:?}"
        );
    }
    refused(
        ask(&["NewLead"], &["AddToList"], &[]),
        "cannot be used together",
    );
    refused(ask(&[], &[], &["Visit Website"]), "Visit Website");
}

/// GLC-10, GLC-11, GLC-15, GLC-25: some leads, a list as it is now, or a window of activities.
#[test]
fn glc_25_a_selector_limits_the_leads() {
    let house = house();
    house.leads(&[1, 2, 3]);
    house.add(&[(1, 12, 1), (2, 12, 2), (3, 12, 3), (1, 13, 4), (9, 12, 5)]);
    let list = StaticList {
        id: ListId(1001),
        name: "Newsletter".to_owned(),
        program: None,
    };
    house
        .store
        .write_now(|txn, now| {
            txn.put_static_lists(std::slice::from_ref(&list))?;
            txn.add_list_members(&[(ListId(1001), LeadId(1)), (ListId(1001), LeadId(3))], now)
        })
        .unwrap();
    let ask = |selector| {
        house.changes(&ChangeSelection {
            selector: Some(selector),
            ..of_all()
        })
    };
    let keys = |key_type, keys: &[&str]| Selector::Keys(key_type, words(keys));
    let list = |name: Option<&str>, id| Selector::StaticList(name.map(str::to_owned), id);
    for (selector, found) in [
        (keys(LeadKeyType::Idnum, &["2", "77"]), &[2][..]),
        (
            keys(LeadKeyType::Email, &["l1@x.com", "L3@X.com", "l1@x.com"]),
            &[1, 3, 4],
        ),
        (keys(LeadKeyType::Idnum, &["77"]), &[]),
        (list(Some("newsletter"), None), &[1, 3, 4]),
        (list(None, Some(1001)), &[1, 3, 4]),
        (Selector::Updated(at(2), Some(at(4))), &[2, 3]),
        (Selector::Updated(at(4), None), &[4, 5]),
    ] {
        assert_eq!(ids(&ask(selector.clone()).unwrap()), found, "{selector:?}");
    }
    refused(ask(list(Some("Nobody"), None)), "Nobody");
    refused(ask(list(None, Some(7))), "7");
    refused(ask(list(Some("Other"), Some(1001))), "Newsletter");
    refused(ask(list(None, None)), "staticListName");
    refused(ask(keys(LeadKeyType::Idnum, &["1"; 101])), "at most 100");
    assert_eq!(
        ids(&ask(keys(LeadKeyType::Idnum, &["1"; 100])).unwrap()),
        [1, 4]
    );
    refused(ask(keys(LeadKeyType::Idnum, &[])), "keyValues");
    let days = |days: i64| Selector::Updated(at(0), Some(at(days * 86_400)));
    assert!(ask(days(30)).is_ok());
    assert!(matches!(ask(days(31)), Err(CallError::TimeRange(30))));
}
