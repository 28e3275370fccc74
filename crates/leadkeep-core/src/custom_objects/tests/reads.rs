//! getCustomObjects.

use super::*;

#[test]
fn gco_01_gco_02_gco_08_gco_12_gco_13_gco_14_gco_18_criteria() {
    let house = house();
    let all = [
        "MKTOID=3; rid=B",
        "MKTOID=2; rid=a",
        "MKTOID=3; rid=a",
        "MKTOID=1; rid=c",
    ];
    house.sync("RoadShow", Insert, &all);
    assert_eq!(
        house.read("RoadShow", ""),
        [
            "MKTOID=1; rid=c | ",
            "MKTOID=2; rid=a | ",
            "MKTOID=3; rid=a | ",
            "MKTOID=3; rid=B | "
        ]
    );
    assert_eq!(
        house.read("RoadShow", "MKTOID=3").len(),
        2,
        "a part of the key"
    );
    assert_eq!(
        house.read("RoadShow", "MKTOID=003; rid=b"),
        ["MKTOID=3; rid=B | "],
        "all must hold; GCO-18"
    );
    assert_eq!(
        house.read("RoadShow", "rid=a; rid=C").len(),
        3,
        "any of one name's values"
    );
    assert_eq!(house.read("RoadShow", "MKTOID=77").len(), 0, "GCO-10");
    house.sync(
        "Subscription",
        Insert,
        &["contract=1 | Email=one@x.com; seats=2"],
    );
    assert_eq!(
        house.read("Subscription", "Email=ONE@x.com").len(),
        1,
        "a link field"
    );
    for bad in ["city=Oslo", "pants=1", "MKTOID=x"] {
        let query = CustomObjectQuery {
            object: "RoadShow".into(),
            keys: pairs(bad),
            ..Default::default()
        };
        assert!(
            matches!(house.page(&query), Err(CallError::BadParameter { .. })),
            "{bad}"
        );
    }
    let numbers = ["number=10", "number=9", "number=-1"];
    house.sync("Visit", Insert, &numbers);
    assert_eq!(
        house.read("Visit", ""),
        ["number=-1 | ", "number=9 | ", "number=10 | "],
        "numbers sort as numbers"
    );
}

#[test]
fn gco_04_gco_09_gco_15_fields_that_are_wanted() {
    let house = house();
    house.sync("RoadShow", Upsert, &["rid=a; MKTOID=3 | zip=1; city=Oslo"]);
    let read = |include: &[&str]| {
        let include = include.iter().map(|name| (*name).to_owned()).collect();
        lines(
            &house
                .page(&CustomObjectQuery {
                    object: "RoadShow".into(),
                    include,
                    ..Default::default()
                })
                .unwrap(),
        )
    };
    assert_eq!(
        read(&[]),
        ["MKTOID=3; rid=a | city=Oslo; zip=1"],
        "keys as defined, others by name"
    );
    assert_eq!(read(&["ZIP", "pants", "rid"]), ["MKTOID=3; rid=a | zip=1"]);
    assert_eq!(read(&["pants"]), ["MKTOID=3; rid=a | "]);
}

#[test]
fn gco_05_gco_07_gco_17_gco_19_gco_20_gco_21_pages() {
    let house = house();
    for call in 0..3 {
        let lines: Vec<String> = (0..50)
            .map(|at| format!("MKTOID=3; rid=r{:03}", call * 50 + at))
            .collect();
        house.sync(
            "RoadShow",
            Insert,
            &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }
    let query = CustomObjectQuery {
        object: "RoadShow".into(),
        keys: pairs("MKTOID=3"),
        ..Default::default()
    };
    let size = |size| {
        house.page(&CustomObjectQuery {
            batch_size: size,
            ..query.clone()
        })
    };
    for (asked, came) in [
        (None, 100),
        (Some(0), 100),
        (Some(7), 7),
        (Some(5_000), 100),
    ] {
        let page = size(asked).unwrap();
        assert_eq!(
            (page.records.len(), page.remaining),
            (came, 150 - came as u64),
            "{asked:?}"
        );
    }
    assert!(matches!(
        size(Some(-1)),
        Err(CallError::BadParameter {
            parameter: "batchSize",
            ..
        })
    ));
    let first = house.page(&query).unwrap();
    assert!(
        first
            .position
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'&'),
        "STR-7"
    );
    // The position carries the criteria; a record that comes in between is neither lost nor doubled.
    house.sync(
        "RoadShow",
        Insert,
        &["MKTOID=3; rid=r100b", "MKTOID=3; rid=a"],
    );
    let go_on = |position: &str| CustomObjectQuery {
        object: "RoadShow".into(),
        position: Some(position.into()),
        ..Default::default()
    };
    let second = house.page(&go_on(&first.position)).unwrap();
    assert_eq!((second.records.len(), second.remaining), (51, 0));
    assert!(!second.position.is_empty(), "GCO-7");
    let end = house.page(&go_on(&second.position)).unwrap();
    assert_eq!((end.records.len(), end.remaining), (0, 0));
    let other = CustomObjectQuery {
        object: "Visit".into(),
        ..go_on(&first.position)
    };
    for bad in [other, go_on("garbage"), go_on("co1.AAAA"), go_on("mo1.e30")] {
        assert!(
            matches!(house.page(&bad), Err(CallError::BadStreamPosition)),
            "{bad:?}"
        );
    }
}

#[test]
fn gco_06_gco_11_gco_22_the_type() {
    let house = house();
    let page = |name: &str| {
        house.page(&CustomObjectQuery {
            object: name.into(),
            ..Default::default()
        })
    };
    assert_eq!(page("rOADsHOW").unwrap().object, "RoadShow");
    assert!(matches!(page("Nothing"), Err(CallError::BadObjectName)));
    assert!(matches!(
        page(""),
        Err(CallError::ParameterRequired("objTypeName"))
    ));
}
