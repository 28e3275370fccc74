//! Opportunities in syncMObjects (SMO-5 to SMO-10, SMO-23, SMO-24, SMO-36, SMO-37, SMO-43 to SMO-54).

use super::*;

/// SMO-5, SMO-6, SMO-7, SMO-8, SMO-44, SMO-45, SMO-46, DM-OPP-9: what each operation does with objects that are there and
/// that are not.
#[test]
fn smo_05_operations_differ_by_what_exists() {
    let bad = "FAILED 77 input error: Opportunity 77 not found";
    for (operation, by_id, by_key, unknown_id, unknown_key) in [
        (INSERT, "SKIPPED 1", "SKIPPED 1", bad, "CREATED 2"),
        (UPDATE, "UPDATED 1", "UPDATED 1", "SKIPPED 77", "SKIPPED -"),
        (UPSERT, "UPDATED 1", "UPDATED 1", bad, "CREATED 2"),
    ] {
        let house = house();
        house.sync(
            INSERT,
            &[("Opportunity; key opportunityId=A; Name=old", "CREATED 1")],
        );
        house.syncs(
            operation,
            &[
                ("Opportunity 1; Name=new", by_id),
                ("Opportunity; key opportunityId=A; Name=newer", by_key),
                ("Opportunity 77; Name=x", unknown_id),
                ("Opportunity; key opportunityId=B; Name=x", unknown_key),
            ],
        );
        let name = if operation == INSERT { "old" } else { "newer" };
        assert_eq!(
            house.values("Opportunity 1"),
            format!("Name={name}; opportunityId=A")
        );
        let count = if operation == UPDATE { "1" } else { "1 2" };
        assert_eq!(house.ids("Opportunity"), count);
    }
    // What is skipped is so whatever its values say.
    let house = house();
    house.sync(INSERT, &[("Opportunity; key opportunityId=A", "CREATED 1")]);
    house.sync(
        INSERT,
        &[(
            "Opportunity; key opportunityId=A; Amount=x; zork=1",
            "SKIPPED 1",
        )],
    );
    house.syncs(
        UPDATE,
        &[
            ("Opportunity 77; Amount=x", "SKIPPED 77"),
            ("Opportunity; key opportunityId=B; zork=1", "SKIPPED -"),
        ],
    );
}

/// SMO-14, SMO-47, SMO-73: inserts carry no id; without a key each makes another one, numbered from 1, never again.
#[test]
fn smo_47_without_id_and_key_an_opportunity_is_new_each_time() {
    let house = house();
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; Name=x", "CREATED 1"),
            ("Opportunity; Name=x", "CREATED 2"),
        ],
    );
    house.sync(INSERT, &[("Opportunity; Name=x", "CREATED 3")]);
    house.sync(UPDATE, &[("Opportunity; Name=x", "SKIPPED -")]);
    house.delete(&[("Opportunity 3", "DELETED 3")]);
    house.sync(INSERT, &[("Opportunity; Name=x", "CREATED 4")]);
}

/// SMO-23, DM-OPP-2, DM-OPP-4: the 19 standard fields and custom ones; all optional, nothing is derived.
#[test]
fn smo_23_all_described_fields_may_be_sent() {
    let house = house();
    let line = "Amount=501; CloseDate=2014-10-24; Description=d; ExpectedRevenue=501; \
        ExternalCreatedDate=2014-10-24T01:02:03Z; Fiscal=2013 3; FiscalQuarter=3; FiscalYear=2013; \
        ForecastCategoryName=Pipeline; IsClosed=1; IsWon=0; LastActivityDate=2014-10-23; LeadSource=Web; Name=n; \
        NextStep=s; number=7; opportunityId=A; Probability=80; Quantity=2.5; Stage=Proposal; Type=New";
    house.sync(
        INSERT,
        &[
            (&format!("Opportunity; {line}"), "CREATED 1"),
            ("Opportunity", "CREATED 2"),
        ],
    );
    let given = house.values("Opportunity 1");
    assert_eq!(given, line.replace("01:02:03Z", "01:02:03+00:00"));
    assert_eq!(house.values("Opportunity 2"), "");
}

/// SMO-24, DM-OPP-3: Name is asked for by a switch only, and only of new ones.
#[test]
fn smo_24_a_name_is_required_by_a_switch() {
    let house = house_with("[rules]\nrequire_opportunity_name = true\n");
    house.syncs(
        UPSERT,
        &[
            (
                "Opportunity; Stage=x",
                "FAILED - parameter required: Parameter Name is required",
            ),
            (
                "Opportunity; Name= ",
                "FAILED - parameter required: Parameter Name is required",
            ),
            ("Opportunity; Name=x", "CREATED 1"),
            ("Opportunity 1; Stage=x", "UPDATED 1"),
        ],
    );
}

/// SMO-36, SMO-53, VAL-8: values as clients write them, and values that do not fit.
#[test]
fn smo_53_values_fit_or_fail() {
    let house = house();
    let long = format!("Opportunity 1; Name={}", "x".repeat(256));
    house.syncs(
        UPSERT,
        &[
            (
                "Opportunity; Probability=80%; IsWon=1; Amount=501.00; CloseDate=2014-10-24",
                "CREATED 1",
            ),
            ("Opportunity 1; Probability=100", "UPDATED 1"),
            (
                "Opportunity 1; Amount=1,000",
                "FAILED 1 input error: Amount: …",
            ),
            (
                "Opportunity 1; CloseDate=12/31/1985",
                "FAILED 1 input error: CloseDate: …",
            ),
            (
                "Opportunity 1; IsWon=perhaps; Name=x",
                "FAILED 1 input error: IsWon: …",
            ),
            (&long, "FAILED 1 input error: Name: …"),
            ("Opportunity; Amount=$5", "FAILED - input error: Amount: …"),
        ],
    );
    let kept = "Amount=501; CloseDate=2014-10-24; IsWon=1; Probability=100";
    assert_eq!(house.values("Opportunity 1"), kept);
    // Empty clears; of a repeated name the last counts.
    house.syncs(
        UPDATE,
        &[
            (
                "Opportunity 1; Amount=; CloseDate= ; IsWon=null",
                "UPDATED 1",
            ),
            ("Opportunity 1; Stage=a; Stage=b", "UPDATED 1"),
        ],
    );
    assert_eq!(house.values("Opportunity 1"), "Probability=100; Stage=b");
}

/// SMO-37, SMO-53, COM-28: what is the server's is ignored, and changes nothing.
#[test]
fn smo_37_numbers_times_and_references_are_read_only() {
    let house = house();
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; Id=9; CompanyId=4; Name=x", "CREATED 1"),
            (
                "Opportunity 1; Id=9; CompanyId=4; CompanyId=x",
                "UNCHANGED 1",
            ),
        ],
    );
    assert_eq!(
        house
            .found("Opportunity")
            .iter()
            .map(told)
            .collect::<Vec<_>>(),
        ["1 Name=x"]
    );
}

/// SMO-52, SMO-11: unknown names fail the object as a whole, all of them named, once each.
#[test]
fn smo_52_unknown_attributes_fail_their_object_alone() {
    let house = house();
    house.sync(
        UPSERT,
        &[
            (
                "Opportunity; Name=x; b=1; a=2; b=3; Amount=z",
                "FAILED - input error: unknown fields: b, a",
            ),
            ("Opportunity; Name=y; =ignored", "CREATED 1"),
            // DM-NAM-3: display names are no names; case does not count.
            (
                "Opportunity; Close Date=2013-01-01",
                "FAILED - input error: unknown fields: Close Date",
            ),
            ("Opportunity; closedate=2013-01-01", "CREATED 2"),
            // SMO-53: of a repeated name the last one counts, whatever the others say.
            ("Opportunity; Amount=x; Amount=2", "CREATED 3"),
            (
                "Opportunity; Amount=2; Amount=x",
                "FAILED - input error: Amount: expected a number, got `x`",
            ),
        ],
    );
    assert_eq!(house.values("Opportunity 2"), "CloseDate=2013-01-01");
}

/// SMO-48, COM-32: values that are the same after reading change nothing, not even the time.
#[test]
fn smo_48_no_change_is_unchanged() {
    let house = house();
    house.lead("a@x.com; cAccountFSID=C");
    let line = "Opportunity; key opportunityId=A; Amount=501; Probability=80; IsWon=true; -> Company cAccountFSID=C";
    house.sync(UPSERT, &[(line, "CREATED 1")]);
    let before = house.picture();
    house.store.advance(60);
    let again = "Opportunity; key opportunityId=A; Amount=501.00; Probability=80%; IsWon=1; Stage=; \
        -> Company cAccountFSID=C";
    house.syncs(
        UPSERT,
        &[(again, "UNCHANGED 1"), ("Opportunity 1", "UNCHANGED 1")],
    );
    house.sync(UPDATE, &[(again, "UNCHANGED 1")]);
    house.sync(INSERT, &[(again, "SKIPPED 1")]);
    assert_eq!(house.picture(), before);
    let at = house.store.advance(60);
    house.sync(UPDATE, &[("Opportunity 1; Amount=502", "UPDATED 1")]);
    let view = &house.found("Opportunity 1")[0];
    assert_eq!(view.updated_at, Some(at));
    assert!(view.created_at < view.updated_at);
}

/// SMO-19, SMO-54: lists for programs only, on other objects, fail; empty ones are ignored.
#[test]
fn smo_54_lists_of_programs_fail_elsewhere() {
    let house = house();
    let bad = "FAILED - input error: typeAttribList is for programs only";
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; [Tag] Type=Regions, Value=EMEA", bad),
            ("OpportunityPersonRole; [Cost] Amount=1", bad),
            ("Opportunity; [] ", "CREATED 1"),
        ],
    );
}

/// SMO-77: with a CRM opportunities and roles are not ours, programs and reads are.
#[test]
fn smo_77_opportunities_belong_to_the_crm() {
    let house = house_with(&testing::DEMO.replace("crm_sync = false", "crm_sync = true"));
    house.sync(
        UPDATE,
        &[
            (
                "Opportunity 1; Name=x",
                "FAILED 1 input error: Opportunity is managed by the CRM",
            ),
            (
                "OpportunityPersonRole; Role=x",
                "FAILED - input error: Opportunity is managed by the CRM",
            ),
            (
                "Program 1970; [Tag] Type=Regions, Value=North",
                "UPDATED 1970",
            ),
        ],
    );
    house.sync(
        INSERT,
        &[(
            "Opportunity",
            "FAILED - input error: Opportunity is managed by the CRM",
        )],
    );
    house.delete(&[
        (
            "Opportunity 1",
            "FAILED 1 input error: Opportunity is managed by the CRM",
        ),
        (
            "OpportunityPersonRole 1",
            "FAILED 1 input error: Opportunity is managed by the CRM",
        ),
    ]);
    assert_eq!(house.ids("Opportunity"), "");
}
