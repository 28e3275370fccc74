use super::*;

#[test]
fn instance_rules_and_lead_keys() {
    each(&[
        (
            "[instance]\ntime_zone = 'Mars/Olympus'",
            2,
            "instance.time_zone",
            &["IANA", "Mars"],
        ),
        (
            "[instance]\ntime_zone = 5",
            2,
            "instance.time_zone",
            &["a text", "got 5"],
        ),
        (
            "[instance]\ncrm_sync = 'yes'",
            2,
            "instance.crm_sync",
            &["true or false", "\"yes\""],
        ),
        ("instance = 1", 1, "instance", &["a table", "got 1"]),
        (
            "[rules]\nduplicate_email = 'newest'",
            2,
            "rules.duplicate_email",
            &["one of added, updated"],
        ),
        (
            "[rules]\nend_of_stream = 'x'",
            2,
            "rules.end_of_stream",
            &["one of empty, fault"],
        ),
        (
            "[rules]\nunknown_attribute = 'x'",
            2,
            "rules.unknown_attribute",
            &["one of fault, fail"],
        ),
        (
            "[rules]\nunknown_include = 'x'",
            2,
            "rules.unknown_include",
            &["one of ignore, fault"],
        ),
        (
            "[rules]\nshown_groups = ['x']",
            2,
            "rules.shown_groups",
            &["one of social, datacom"],
        ),
        (
            "[rules]\nshown_groups = 'social'",
            2,
            "rules.shown_groups",
            &["a list of texts"],
        ),
        (
            "[rules]\nblocked_fields = [\n'Emial',\n'Phone']",
            3,
            "rules.blocked_fields",
            &["nearest is \"Email\""],
        ),
        (
            "[lead_keys]\nIDNUM = 'Lead.Id'",
            2,
            "lead_keys.IDNUM",
            &["a known key"],
        ),
        (
            "[lead_keys]\nSFDCACCOUNTID = 'cAccountFSID'",
            2,
            "lead_keys.SFDCACCOUNTID",
            &["Lead.<field>"],
        ),
        (
            "[lead_keys]\nSFDCACCOUNTID = 'Opportunity.Name'",
            2,
            "lead_keys.SFDCACCOUNTID",
            &["Lead.<field>"],
        ),
        (
            "[lead_keys]\nSFDCACCOUNTID = 'Lead.nowhere'",
            2,
            "lead_keys.SFDCACCOUNTID",
            &["a lead field"],
        ),
        (
            "[lead_keys]\nSFDCOPPTYID = 'Opportunity.x'",
            2,
            "lead_keys.SFDCOPPTYID",
            &["an opportunity field"],
        ),
        (
            "[lead_keys]\nLEADOWNEREMAIL = 'Lead.Email'",
            2,
            "lead_keys.LEADOWNEREMAIL",
            &["an attribute"],
        ),
    ]);
}

#[test]
fn users_and_workspaces() {
    each(&[
        (
            "[[user]]\nkey = 'x'",
            1,
            "user.id",
            &["a name of 1 to 255", "got nothing (the key is required)"],
        ),
        ("[[user]]\nid = ''", 2, "user.id", &["a name of 1 to 255"]),
        (
            "[[user]]\nid = 'a'\nkey = ''",
            3,
            "user.key",
            &["a name of 1 to 255"],
        ),
        (
            "[[user]]\nid = 'a'\n[[user]]\nid = 'a'",
            4,
            "user.id",
            &["one table a user", "line 2"],
        ),
        (
            "[user]\nid = 'a'",
            1,
            "user",
            &["each headed [[user]]", "a table"],
        ),
        ("user = [1]", 1, "user", &["each headed [[user]]", "got 1"]),
        (
            "[[workspace]]\nname = 'X'",
            1,
            "workspace.primary_partition",
            &["required"],
        ),
        (
            "[[workspace]]\nname = 'X'\nprimary_partition = 'P'\npartitions = ['Q']",
            4,
            "workspace.partitions",
            &["the primary partition \"P\""],
        ),
        (
            "[[workspace]]\nname = 'X'\nid = 1\nprimary_partition = 'P'",
            2,
            "workspace.name",
            &["\"Default\", as it is stored"],
        ),
        (
            "[[workspace]]\nname = 'EMEA'\nid = 77\nprimary_partition = 'P'",
            3,
            "workspace.id",
            &["2, as it is stored: a name keeps its id"],
        ),
        (
            "[[workspace]]\nname = 'X'\nid = 0\nprimary_partition = 'P'",
            3,
            "workspace.id",
            &["from 1 to 2147483647"],
        ),
        (
            "[[workspace]]\nname = 'emea '\nprimary_partition = 'P'\n[[workspace]]\nname = 'EMEA'\nprimary_partition = 'P'",
            5,
            "workspace.name",
            &["one table a workspace"],
        ),
        (
            "[[assignment_rule]]\npartition = 'Default'",
            1,
            "assignment_rule.when",
            &["required"],
        ),
        (
            "[[assignment_rule]]\npartition = 'Nope'\nwhen = { field = 'City', equals = 'x' }",
            2,
            "assignment_rule.partition",
            &["the name of a partition"],
        ),
        (
            "[[assignment_rule]]\nworkspace = 'Nope'\npartition = 'Default'\nwhen = { field = 'City', equals = 'x' }",
            2,
            "assignment_rule.workspace",
            &["the name of a workspace"],
        ),
        (
            "[[assignment_rule]]\nworkspace = 'EMEA'\npartition = 'Default'\nwhen = { field = 'City', equals = 'x' }",
            3,
            "assignment_rule.partition",
            &["workspace \"EMEA\" sees"],
        ),
        (
            "[[assignment_rule]]\npartition = 'Default'\nwhen = { field = 'Citty', equals = 'x' }",
            3,
            "assignment_rule.when.field",
            &["nearest is \"City\""],
        ),
        (
            "[[assignment_rule]]\npartition = 'Default'\nwhen = { field = 'LeadScore', equals = 'x' }",
            3,
            "assignment_rule.when.equals",
            &["a whole number"],
        ),
        (
            "[[assignment_rule]]\npartition = 'Default'\nwhen = { field = 'City', equals = ' ' }",
            3,
            "assignment_rule.when.equals",
            &["a value"],
        ),
    ]);
}
