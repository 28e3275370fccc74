//! getMObjects: what is found, how it is given, pages (GMO-1 to GMO-3, GMO-7 to GMO-26, GMO-34 to GMO-38, DM-OPP-11,
//! DM-OPP-12).

use super::*;
use proptest::prelude::*;

/// Three leads, two of one company, three opportunities, three roles.
fn set() -> House {
    let house = house();
    house.lead("a@x.com; FSPID=P1; cAccountFSID=C");
    house.lead("b@x.com; FSPID=P2; cAccountFSID=C");
    house.lead("c@x.com; FSPID=P3; cAccountFSID=D");
    house.sync(
        INSERT,
        &[
            (
                "Opportunity; key opportunityId=A; Name=First; -> Company cAccountFSID=C",
                "CREATED 1",
            ),
            (
                "Opportunity; opportunityId=A; Stage=x; -> Company cAccountFSID=C",
                "CREATED 2",
            ),
            ("Opportunity; opportunityId=B; Stage=x", "CREATED 3"),
            (
                "OpportunityPersonRole; -> Opportunity opportunityId=A; PersonId=1",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; -> Opportunity opportunityId=B; PersonId=1",
                "CREATED 2",
            ),
            (
                "OpportunityPersonRole; -> Opportunity opportunityId=B; PersonId=2; Role=x",
                "CREATED 3",
            ),
        ],
    );
    house
}

/// GMO-1, GMO-2, GMO-7, GMO-10, GMO-21, GMO-22, GMO-34, GMO-35, GMO-36, DM-OPP-12: all that is asked for must hold.
#[test]
fn gmo_01_an_object_satisfies_all_filters() {
    let house = set();
    for (line, expected) in [
        ("Opportunity", "1 2 3"),
        ("Opportunity 2", "2"),
        ("Opportunity 77", ""),
        ("Opportunity; key opportunityId=A", "1 2"),
        ("Opportunity; key opportunityId=Z", ""),
        ("Opportunity 1; key opportunityId=A", "1"),
        ("Opportunity 3; key opportunityId=A", ""),
        ("Opportunity; Stage|EQ|x", "2 3"),
        ("Opportunity; Stage|EQ|x; opportunityId|EQ|a", "2"),
        ("Opportunity; key opportunityId=A; Stage|EQ|x", "2"),
        ("Opportunity; -> Lead 1", "2 3"),
        ("Opportunity; -> Lead 3", ""),
        ("Opportunity; -> Lead 77", ""),
        ("Opportunity; -> Lead FSPID=P2", "3"),
        ("Opportunity; -> Lead FSPID=P9", ""),
        ("Opportunity; -> Lead Email=B@X.com", "3"),
        ("Opportunity; -> Company cAccountFSID=C", "1 2"),
        ("Opportunity; -> Company cAccountFSID=D", ""),
        ("Opportunity; -> Company 77", ""),
        ("Opportunity; -> Company cAccountFSID=C; -> Lead 1", "2"),
        (
            "Opportunity; -> Company cAccountFSID=C; -> Lead 1; Stage|NE|x",
            "",
        ),
        ("Opportunity; ->", "1 2 3"),
        ("OpportunityPersonRole", "1 2 3"),
        ("OpportunityPersonRole; -> Opportunity 3", "2 3"),
        ("OpportunityPersonRole; -> Opportunity opportunityId=A", "1"),
        ("OpportunityPersonRole; -> Opportunity 77", ""),
        ("OpportunityPersonRole; -> Lead 1", "1 2"),
        ("OpportunityPersonRole; -> Lead 1; -> Opportunity 3", "2"),
        ("OpportunityPersonRole 3; -> Lead 1", ""),
    ] {
        assert_eq!(house.ids(line), expected, "{line}");
    }
    // GMO-2.
    for view in house.found("OpportunityPersonRole") {
        assert_eq!(view.object, MObjectType::OpportunityPersonRole);
    }
}

/// GMO-35, GMO-7: a key in a link is a filter too, so that all leads and all companies that it names count.
#[test]
fn gmo_35_a_link_by_key_means_all_that_have_it() {
    let house = set();
    for line in [
        "d@x.com; City=Bonn",
        "e@x.com; City=Bonn; cAccountFSID=C",
        "d@x.com",
    ] {
        house.lead(line);
    }
    house.sync(
        INSERT,
        &[
            ("Opportunity; -> Company Id=4", "CREATED 4"),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=4",
                "CREATED 4",
            ),
            (
                "OpportunityPersonRole; OpportunityId=2; PersonId=5",
                "CREATED 5",
            ),
        ],
    );
    for (line, expected) in [
        ("Opportunity; -> Lead City=Bonn", "1 2"),
        ("Opportunity; -> Lead Email=d@x.com", "1"),
        ("Opportunity; -> Lead cAccountFSID=C", "2 3"),
        ("OpportunityPersonRole; -> Lead City=Bonn", "4 5"),
        ("OpportunityPersonRole; -> Lead cAccountFSID=C", "1 2 3 5"),
        ("Opportunity; -> Company City=Bonn", "1 2 4"),
        ("Opportunity; -> Company FSPID=P1", "1 2"),
    ] {
        assert_eq!(house.ids(line), expected, "{line}");
    }
}

/// GMO-36, GMO-34, SMO-50: what makes no sense is refused.
#[test]
fn gmo_36_senseless_links_and_keys_are_refused() {
    let house = set();
    for (line, expected) in [
        (
            "Opportunity; -> Opportunity 1",
            "mObjAssociationList: Opportunity has no association Opportunity",
        ),
        (
            "OpportunityPersonRole; -> Company 1",
            "mObjAssociationList: OpportunityPersonRole has no association Company",
        ),
        (
            "Program; -> Lead 1",
            "mObjAssociationList: Program has no association Lead",
        ),
        (
            "Opportunity; -> Foo 1",
            "mObjAssociationList: Opportunity has no association Foo",
        ),
        (
            "Opportunity; -> Lead",
            "mObjAssociationList: the association Lead has neither id nor externalKey",
        ),
        (
            "Opportunity; -> Lead nofield=1",
            "externalKey: nofield: there is no such field",
        ),
        (
            "Opportunity; key nofield=1",
            "externalKey: nofield: there is no such field",
        ),
        (
            "Program; key Name=x",
            "externalKey: Program has no externalKey",
        ),
    ] {
        assert_eq!(house.ids(line), expected, "{line}");
    }
}

/// GMO-24, GMO-25, DM-OPP-11: attributes with a value by name, times, links; the key only if it was asked for.
#[test]
fn gmo_24_how_opportunities_and_roles_are_given() {
    let house = set();
    let created = house.store.now();
    let changed = house.store.advance(60);
    house.sync(
        UPDATE,
        &[("Opportunity 1; Amount=5; CloseDate=2013-01-02", "UPDATED 1")],
    );
    let company = house.lead_row(1).company;
    let asked = key("OpportunityId= A");
    let view = &house.found("Opportunity 1; key OpportunityId= A")[0];
    assert_eq!(
        told(view),
        format!(
            "1 Amount=5; cAccountFSID=C; CloseDate=2013-01-02; Name=First; opportunityId=A -> Company {company}"
        )
    );
    assert_eq!(
        (view.created_at, view.updated_at),
        (Some(created), Some(changed))
    );
    assert_eq!(view.external_key, Some(asked));
    let views = house.found("Opportunity");
    assert_eq!(views[0].external_key, None);
    assert!(views[2].associations.is_empty());
    let role = &house.found("OpportunityPersonRole 3")[0];
    assert_eq!(
        told(role),
        "3 OpportunityId=3; PersonId=2; Role=x -> Lead 2 -> Opportunity 3"
    );
    assert_eq!(
        (role.created_at, role.updated_at),
        (Some(created), Some(created))
    );
}

/// GMO-12, GMO-13, GMO-14, GMO-15, GMO-17, GMO-19, GMO-20, DM-PRG-1, DM-PRG-3, DM-PRG-5, DM-PRG-7, DM-TOK-1.
#[test]
fn gmo_12_how_programs_are_given() {
    let house = demo();
    let found = house.found("Program; Include Archive|EQ|true");
    let told: Vec<_> = found.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "1006 Name=Big Launch Webinar; Type=Marketing Event; Workspace Id=1; Workspace Name=Default; \
             Tree Path=/Marketing Activities/Default/Training/Events/Big Launch Webinar; Is Archived=false; \
             Start Date=2011-08-01 11:00:00; End Date=2011-08-01 14:00:00 [Tag] Type=Channel, Value=Webinar \
             [Cost] Id=1, Month=2011-07-01, Amount=3000, Note=Speaker \
             [Cost] Id=2, Month=2011-07-01, Amount=1000, Note=Post-production",
            "1970 Name=Trav-Demo-Program; Type=Marketing Program; Workspace Id=1; Workspace Name=Default; \
             Tree Path=/Marketing Activities/Default/Training/Trav-Demo-Program; Is Archived=false \
             [Tag] Type=Channel, Value=Blog [Tag] Type=Regions, Value=EMEA [Token] Name=message, Value=Hello \
             [Token] Name=other token, Value=Other [Cost] Id=153, Month=2013-05-01, Amount=1000, Note=before",
            "1971 Name=Old Roadshow; Type=Marketing Event; Workspace Id=1; Workspace Name=Default; \
             Tree Path=/Marketing Activities/Default/Old Roadshow; Is Archived=true [Tag] Type=Channel, Value=Tradeshow",
        ]
    );
    for view in found {
        assert_eq!(
            (view.created_at, view.updated_at, &view.external_key),
            (None, None, &None)
        );
        assert!(view.associations.is_empty());
    }
}

/// GMO-8, GMO-9, GMO-16, GMO-26: details unless they are refused; on other types the word means nothing.
#[test]
fn gmo_26_details_unless_they_are_refused() {
    let house = demo();
    let plain = "1970 Name=Trav-Demo-Program; Type=Marketing Program; Workspace Id=1; Workspace Name=Default; \
        Tree Path=/Marketing Activities/Default/Training/Trav-Demo-Program; Is Archived=false";
    for (line, details) in [
        ("Program 1970", true),
        ("Program 1970; details true", true),
        ("Program 1970; details false", false),
    ] {
        let given = told(&house.found(line)[0]);
        assert_eq!(given == plain, !details, "{line}");
        assert!(given.starts_with(plain));
    }
    house.sync(INSERT, &[("Opportunity; Name=x", "CREATED 1")]);
    assert_eq!(
        told(&house.found("Opportunity; details false")[0]),
        "1 Name=x"
    );
}

/// GMO-27, DM-GEN-5: the words of types.
#[test]
fn gmo_27_only_three_types_are_found() {
    let house = set();
    assert_eq!(house.ids(" "), "parameter type is required");
    for line in ["LeadRecord", "ActivityRecord", "Company"] {
        assert!(
            matches!(house.get(&query(line), None), Err(CallError::BadObjectName)),
            "{line}"
        );
    }
    assert_eq!(house.ids("opportunityleadrole"), "1 2 3");
    assert_eq!(house.ids("OPPORTUNITY"), "1 2 3");
}

/// Opportunities `1..=count`, all named `x` but for every third.
fn many(count: usize) -> House {
    let house = house();
    let objects: Vec<_> = (1..=count)
        .map(|at| {
            object(if at % 3 == 0 {
                "Opportunity; Name=y"
            } else {
                "Opportunity; Name=x; opportunityId=A"
            })
        })
        .collect();
    for objects in objects.chunks(100) {
        house.call(INSERT, objects).unwrap();
    }
    house
}

fn numbers(page: &MObjectPage) -> Vec<i64> {
    page.objects.iter().map(|view| view.id).collect()
}

/// GMO-3, GMO-10, GMO-11, GMO-37, GMO-38: pages of 100 by id; the position carries all filters.
#[test]
fn gmo_03_pages_of_a_hundred() {
    for (line, count) in [
        ("Opportunity; Name|EQ|x", 760usize),
        ("Opportunity; key opportunityId=A; Name|EQ|x", 760),
        ("Opportunity; Name|EQ|x", 150),
        ("Opportunity", 100),
    ] {
        let house = many(count);
        let wanted: Vec<i64> = (1..=count as i64)
            .filter(|id| line == "Opportunity" || id % 3 != 0)
            .collect();
        let mut given = Vec::new();
        let mut position: Option<String> = None;
        loop {
            // A call with type and position continues.
            let next = if position.is_some() {
                query("Opportunity")
            } else {
                query(line)
            };
            let page = house.get(&next, position.as_deref()).unwrap();
            assert!(!page.position.is_empty(), "GMO-11");
            assert_eq!(
                page.has_more,
                given.len() + page.objects.len() < wanted.len()
            );
            assert!(page.objects.len() == 100 || !page.has_more);
            given.extend(numbers(&page));
            position = Some(page.position);
            if !page.has_more {
                break;
            }
        }
        assert_eq!(given, wanted, "{line}");
        // GMO-38: what is new meanwhile comes at the end.
        house.sync(
            INSERT,
            &[("Opportunity; Name=x; opportunityId=A", "CREATED…")],
        );
        let page = house
            .get(&query("Opportunity"), position.as_deref())
            .unwrap();
        assert_eq!(numbers(&page), [count as i64 + 1]);
    }
}

/// GMO-23, STR-5: past the end the position stays, or a switch makes it a fault.
#[test]
fn gmo_23_past_the_end_the_position_stays() {
    let house = set();
    let first = house.get(&query("Opportunity"), None).unwrap();
    assert!(!first.has_more);
    for position in [first.position.clone(), format!(" {}\n", first.position)] {
        let page = house.get(&query("Opportunity"), Some(&position)).unwrap();
        assert_eq!((page.objects.len(), page.has_more), (0, false));
        assert_eq!(page.position, first.position);
    }
    let strict = house_with("[rules]\nend_of_stream = \"fault\"\n");
    let page = strict.get(&query("Opportunity"), None).unwrap();
    assert!(page.objects.is_empty(), "GMO-22");
    let again = strict.get(&query("Opportunity"), Some(&page.position));
    assert!(matches!(again, Err(CallError::StreamAtEnd)));
}

/// GMO-18, GMO-37, STR-4: positions of something else. Empty ones are none.
#[test]
fn gmo_18_other_positions_are_refused() {
    let house = set();
    let own = house.get(&query("Opportunity"), None).unwrap().position;
    let bad = [
        "x".to_owned(),
        own[1..].to_owned(),
        own[..own.len() - 1].to_owned(),
        format!("{own}A"),
        own.replacen("mo1.", "mo2.", 1),
        "mo1.".to_owned(),
        "é<&".to_owned(),
    ];
    for position in bad {
        let given = house.get(&query("Opportunity"), Some(&position));
        assert!(
            matches!(given, Err(CallError::BadStreamPosition)),
            "{position}"
        );
    }
    let given = house.get(&query("OpportunityPersonRole"), Some(&own));
    assert!(matches!(given, Err(CallError::BadStreamPosition)), "GMO-37");
    assert_eq!(
        house
            .get(&query("Opportunity"), Some(" "))
            .unwrap()
            .objects
            .len(),
        3
    );
}

proptest! {
    /// GMO-37, STR-7: a position is short printable text, carries any query, and no text does harm.
    #[test]
    fn gmo_37_positions_carry_any_query(
        name in "\\PC{0,20}", value in any::<String>(), id in any::<Option<i64>>(), after in any::<i64>(), text in "(mo1\\.)?[A-Za-z0-9_-]{0,40}"
    ) {
        let query = MObjectQuery {
            object: "Opportunity".to_owned(),
            id,
            external_key: Some(ExternalKey { name: name.clone(), value: value.clone() }),
            criteria: vec![Criterion { name, comparison: None, value }],
            associations: vec![link("Lead 7")],
            include_details: Some(false),
        };
        let position = position::Position { query, after };
        let written = position.write();
        prop_assert!(written.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'&'));
        prop_assert_eq!(position::Position::read(&written), Some(position));
        let _ = position::Position::read(&text);
    }
}
