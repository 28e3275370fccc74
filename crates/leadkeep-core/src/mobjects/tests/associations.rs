//! Links of opportunities and roles (SMO-29 to SMO-33, SMO-63 to SMO-68, DM-EXT-7).

use super::*;

/// The company of an opportunity as a number, from its view.
fn company(house: &House, line: &str) -> Option<i64> {
    let view = &house.found(line)[0];
    view.associations.first().map(|(kind, id)| {
        assert_eq!(*kind, "Company");
        *id
    })
}

/// SMO-29, SMO-31, SMO-66, DM-CO-5: the company of the most recently added lead whose field has the value; the opportunity's field
/// of that name gets it too.
#[test]
fn smo_66_a_company_is_found_through_its_leads() {
    let house = house();
    house.lead("a@x.com; cAccountFSID=C1");
    house.lead("b@x.com; cAccountFSID=C2");
    house.lead("c@x.com; FSPID=P");
    house.lead("d@x.com; FSPID=P");
    house.syncs(
        UPSERT,
        &[
            (
                "Opportunity; Name=x; -> Company cAccountFSID=C2",
                "CREATED 1",
            ),
            (
                "Opportunity; cAccountFSID=own; -> Company cAccountFSID=C2",
                "CREATED 2",
            ),
            ("Opportunity; -> Company Email=A@X.com", "CREATED 3"),
            ("Opportunity; -> Company FSPID=P", "CREATED 4"),
            (
                "Opportunity; -> Company cAccountFSID=C9",
                "FAILED - input error: Company with cAccountFSID = C9 not found",
            ),
            (
                "Opportunity; -> Company nofield=C2",
                "FAILED - input error: externalKey nofield: …",
            ),
            (
                "Opportunity; -> Company cAccountFSID= ",
                "FAILED - input error: externalKey cAccountFSID: …",
            ),
        ],
    );
    assert_eq!(house.values("Opportunity 1"), "cAccountFSID=C2; Name=x");
    assert_eq!(house.values("Opportunity 2"), "cAccountFSID=own");
    assert_eq!(house.values("Opportunity 3"), "");
    for (deal, lead) in [(1, 2), (2, 2), (3, 1), (4, 4)] {
        let own = house.lead_row(lead).company;
        assert_eq!(company(&house, &format!("Opportunity {deal}")), Some(own.0));
    }
}

/// SMO-66, SMO-33: by the number of the company, which getMObjects shows. The lead's number in a key is not the
/// opportunity's.
#[test]
fn smo_66_a_company_by_its_number() {
    let house = house();
    house.lead("a@x.com");
    let number = house.lead_row(1).company.0;
    house.syncs(
        UPSERT,
        &[
            (&format!("Opportunity; -> Company {number}"), "CREATED 1"),
            (
                "Opportunity; -> Company 77",
                "FAILED - input error: Company 77 not found",
            ),
            ("Opportunity; -> Company Id=1", "CREATED 2"),
        ],
    );
    assert_eq!(company(&house, "Opportunity 1"), Some(number));
    assert_eq!(house.values("Opportunity 2"), "");
}

/// SMO-29, SMO-32, SMO-67, DM-EXT-1: a lead by any of its fields, the newest of several.
#[test]
fn smo_67_a_lead_by_any_of_its_fields() {
    let house = house();
    house.lead("a@x.com; FSPID=P; City=Bonn");
    house.lead("a@x.com; FSPID=P; City=Rome; Company=Acme");
    house.lead("b@x.com; City=Bonn");
    let keyed = LeadInput {
        id: Some(1),
        foreign_id: Some(crate::leads::ForeignKey {
            system: None,
            value: "F".to_owned(),
        }),
        ..LeadInput::default()
    };
    let input = SyncMultipleLeads {
        records: vec![keyed],
        dedup: true,
        max_records: 1,
    };
    let sync = house
        .store
        .write_now(|txn, now| sync_multiple_leads(txn, &house.schema, now, &input, None));
    assert_eq!(sync.unwrap().0[0].lead, 1);
    house.sync(INSERT, &[("Opportunity", "CREATED 1")]);
    for (at, (named, lead)) in [
        ("FSPID=P", 2),
        ("Email=A@x.com", 2),
        ("email= a@x.com ", 2),
        ("Id=1", 1),
        ("ForeignSysPersonId=F", 1),
        ("City=Bonn", 3),
        ("Company=Acme", 2),
    ]
    .into_iter()
    .enumerate()
    {
        let (line, id) = (
            format!("OpportunityPersonRole; OpportunityId=1; Role={at}; -> Lead {named}"),
            at + 1,
        );
        house.sync(INSERT, &[(&line, &format!("CREATED {id}"))]);
        let values = house.values(&format!("OpportunityPersonRole {id}"));
        assert_eq!(
            values,
            format!("OpportunityId=1; PersonId={lead}; Role={at}"),
            "{named}"
        );
    }
    for named in [
        "City=bonn",
        "ForeignSysPersonId=G",
        "Email=z@x.com",
        "Id=77",
    ] {
        let line = format!("OpportunityPersonRole; OpportunityId=1; -> Lead {named}");
        house.sync(INSERT, &[(&line, "FAILED - input error: Lead with…")]);
    }
}

/// SMO-67, SMO-66, SL-37, COM-9: a foreign id of any type; CUSTOM first, else the most recently added lead, CRM ids by their
/// first 15 characters.
#[test]
fn smo_67_foreign_ids_of_all_types_name_a_lead() {
    use crate::store::ForeignSystem::{Custom, Netsuite, Sfdc};
    let house = house();
    let records: Vec<_> = [
        (Some(Custom), "F"),
        (Some(Sfdc), "F"),
        (Some(Netsuite), "F"),
        (Some(Sfdc), "G"),
        (Some(Netsuite), "G"),
        (Some(Sfdc), "00Q123456789012AAA"),
    ]
    .into_iter()
    .map(|(system, value)| LeadInput {
        foreign_id: Some(crate::leads::ForeignKey {
            system,
            value: value.to_owned(),
        }),
        ..LeadInput::default()
    })
    .collect();
    let input = SyncMultipleLeads {
        records,
        dedup: true,
        max_records: 9,
    };
    house
        .store
        .write_now(|txn, now| sync_multiple_leads(txn, &house.schema, now, &input, None))
        .unwrap();
    house.lead("blanks@x.com; City= Bonn");
    house.sync(INSERT, &[("Opportunity", "CREATED 1")]);
    let keys = [
        ("ForeignSysPersonId=F", 1),
        ("ForeignSysPersonId= G ", 5),
        ("ForeignSysPersonId=00Q123456789012AAA", 6),
        ("ForeignSysPersonId=00Q123456789012", 6),
        ("ForeignSysPersonId=00Q123456789012BBB", 6),
        ("City= Bonn", 7),
    ];
    let lines: Vec<_> = keys
        .iter()
        .enumerate()
        .map(|(at, (named, _))| {
            let link =
                format!("OpportunityPersonRole; OpportunityId=1; Role={at}; -> Lead {named}");
            (link, format!("CREATED {}", at + 1))
        })
        .collect();
    // All in one call: none of them must take the lead of another.
    let lines: Vec<_> = lines
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    house.sync(INSERT, &lines);
    for (at, (named, lead)) in keys.into_iter().enumerate() {
        let values = house.values(&format!("OpportunityPersonRole {}", at + 1));
        let expected = format!("OpportunityId=1; PersonId={lead}; Role={at}");
        assert_eq!(values, expected, "{named}");
    }
    for named in [
        "ForeignSysPersonId=f",
        "ForeignSysPersonId=00Q12345678901",
        "City=bonn",
    ] {
        let line = format!("OpportunityPersonRole; OpportunityId=1; -> Lead {named}");
        house.sync(INSERT, &[(&line, "FAILED - input error: Lead with…")]);
    }
    house.sync(
        INSERT,
        &[("Opportunity; -> Company ForeignSysPersonId=G", "CREATED 2")],
    );
    assert_eq!(
        company(&house, "Opportunity 2"),
        Some(house.lead_row(5).company.0)
    );
}

/// SMO-64, SMO-63, DM-EXT-7: id before key, the last of a type; links that do not fit, or say nothing, fail.
#[test]
fn smo_64_links_that_do_not_fit_fail() {
    let house = house();
    house.lead("a@x.com; FSPID=P1");
    house.lead("b@x.com; FSPID=P2");
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; key opportunityId=A", "CREATED 1"),
            (
                "OpportunityPersonRole; -> opportunity 1 opportunityId=Z; -> LEAD 1 FSPID=P2",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; -> Opportunity 1; -> Lead 77; -> Lead 2",
                "CREATED 2",
            ),
            (
                "Opportunity; -> Lead 1",
                "FAILED - input error: Opportunity has no association Lead",
            ),
            (
                "Opportunity; -> Opportunity 1",
                "FAILED - input error: Opportunity has no association Opportunity",
            ),
            (
                "OpportunityPersonRole; -> Company 1",
                "FAILED - input error: OpportunityPersonRole has no association Company",
            ),
            (
                "Opportunity; -> Compony 1",
                "FAILED - input error: Opportunity has no association Compony",
            ),
            (
                "Opportunity; -> Company",
                "FAILED - input error: the association Company has neither id nor externalKey",
            ),
            (
                "OpportunityPersonRole; -> Lead; -> Opportunity 1",
                "FAILED - input error: the association Lead has neither id nor externalKey",
            ),
            (
                "OpportunityPersonRole; -> Lead 1; -> Opportunity",
                "FAILED - input error: the association Opportunity…",
            ),
            (
                "OpportunityPersonRole; -> Lead 1; -> Opportunity Amount=5",
                "FAILED - input error: externalKey Amount: …",
            ),
        ],
    );
    let roles: Vec<_> = house
        .found("OpportunityPersonRole")
        .iter()
        .map(attributes)
        .collect();
    assert_eq!(
        roles,
        ["OpportunityId=1; PersonId=1", "OpportunityId=1; PersonId=2"]
    );
    house.sync(
        UPDATE,
        &[(
            "Program 1; -> Lead 1",
            "FAILED 1 input error: Program has no association Lead",
        )],
    );
}

/// SMO-68: what is not sent stays; empty members count for nothing.
#[test]
fn smo_68_links_that_are_not_sent_stay() {
    let house = house();
    house.lead("a@x.com; cAccountFSID=C1");
    house.lead("b@x.com; cAccountFSID=C2");
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; -> Company cAccountFSID=C1; ->", "CREATED 1"),
            ("Opportunity 1; Name=x", "UPDATED 1"),
            ("Opportunity 1; ->; ->", "UNCHANGED 1"),
        ],
    );
    assert_eq!(
        company(&house, "Opportunity 1"),
        Some(house.lead_row(1).company.0)
    );
    house.sync(
        UPDATE,
        &[("Opportunity 1; -> Company cAccountFSID=C2", "UPDATED 1")],
    );
    assert_eq!(
        company(&house, "Opportunity 1"),
        Some(house.lead_row(2).company.0)
    );
}
