//! The context header and the partitions of new leads (SL-23 to SL-31).

use super::*;

fn partition(house: &House, lead: i64) -> String {
    let id = house.row(lead).partition;
    house.schema.partition_by_id(id).unwrap().name.clone()
}

/// SL-29, SL-31, DM-WSP-4, CTX-3, CTX-4.
#[test]
fn sl_31_without_workspaces_only_default_can_be_named() {
    let house = house();
    for header in [
        None,
        Some(""),
        Some("  "),
        Some("Default"),
        Some(" default "),
    ] {
        house.sync_in(header, &[("email a@x.com", "")]);
    }
    house.sync_in(
        Some("EMEA"),
        &[(
            "email b@x.com",
            "BadParameter { parameter: \"targetWorkspace\"",
        )],
    );
    assert_eq!(house.counts().0, 1);
}

#[test]
fn sl_31_a_workspace_that_nobody_made_is_refused() {
    let house = demo();
    house.sync_in(
        Some("APAC"),
        &[(
            "email a@x.com",
            "BadParameter { parameter: \"targetWorkspace\"",
        )],
    );
}

/// SL-23, SL-24, SL-27, DM-WSP-2: a rule that matches comes before the primary partition.
#[test]
fn sl_24_a_new_lead_goes_where_rule_or_workspace_send_it() {
    let house = demo();
    house.sync_in(
        Some("emea"),
        &[
            ("email a@x.com", "CREATED 1"),
            ("email b@x.com; LeadSource=PARTNER", "CREATED 2"),
        ],
    );
    house.sync_in(
        Some("Default"),
        &[("email c@x.com; LeadSource=Partner", "CREATED 3")],
    );
    house.sync(&[("email d@x.com", "CREATED 4")]);
    // SML-20: the batch knows no header.
    house.batch(&[("email e@x.com; LeadSource=Partner", "CREATED 5")]);
    let partitions: Vec<_> = (1..=5).map(|lead| partition(&house, lead)).collect();
    assert_eq!(
        partitions,
        [
            "EMEA Leads",
            "EMEA Partners",
            "Default",
            "Default",
            "Default"
        ]
    );
}

#[test]
fn sl_27_rules_without_workspace_are_for_all_and_the_first_match_wins() {
    let house = house_with(
        "[[workspace]]\nname = \"EMEA\"\nprimary_partition = \"E\"\npartitions = [\"E\", \"P\", \"Q\"]\n\
         [[assignment_rule]]\npartition = \"P\"\nwhen = { field = \"LeadScore\", equals = \"007\" }\n\
         [[assignment_rule]]\npartition = \"Q\"\nwhen = { field = \"Email\", equals = \"A@x.com\" }\n",
    );
    house.batch(&[
        ("email a@x.com; LeadScore=7", "CREATED 1"),
        ("email b@x.com; LeadScore= 07 ", "CREATED 2"),
        ("email b@x.com; LeadScore=8", "UPDATED 2"),
        ("foreign F; email a@X.com", "CREATED 3"),
        ("email c@x.com", "CREATED 4"),
    ]);
    let partitions: Vec<_> = (1..=4).map(|lead| partition(&house, lead)).collect();
    assert_eq!(
        partitions,
        ["P", "P", "Q", "Default"],
        "existing leads stay"
    );
}

/// SL-25, SL-26, SL-28, SL-30, DM-WSP-3, DM-WSP-5, DM-WSP-6.
#[test]
fn sl_25_with_a_header_a_lead_of_another_partition_is_not_touched_by_key() {
    let house = demo();
    house.sync(&[("email a@x.com; foreign F", "CREATED 1")]);
    let before = house.picture();
    let refused = "LeadSyncFailed(\"Lead 1 is not in the primary partition of workspace EMEA\")";
    house.sync_in(
        Some("EMEA"),
        &[
            ("id 1; City=Bonn", refused),
            ("foreign F; email b@x.com", refused),
            ("foreign F", refused),
        ],
    );
    assert_eq!(house.picture(), before);
    house.sync_in(Some("EMEA"), &[("email a@x.com; City=Bonn", "UPDATED 1")]);
    house.sync_in(Some("Default"), &[("id 1; City=Rome", "UPDATED 1")]);
    house.sync_in(
        Some("EMEA"),
        &[
            ("email b@x.com", "CREATED 2"),
            ("id 2; City=Oslo", "UPDATED 2"),
        ],
    );
    house.sync(&[("id 2; City=Lima", "UPDATED 2")]);
    assert_eq!(partition(&house, 1), "Default");
    assert_eq!(partition(&house, 2), "EMEA Leads");
    // COM-21: reads see all of them.
    assert_eq!(house.ids(LeadKeyType::Email, "b@x.com"), "2");
}
