use super::*;
use crate::ids::{CampaignId, ListId, ProgramId, WorkspaceId};
use crate::schema::testing::DEMO;

#[test]
fn prv_6_names_have_no_case_and_keep_their_first_spelling() {
    // PRV-6, DM-GEN-4
    let mut structure = instance(DEMO);
    let before = structure.clone();
    let toml = "
        [[workspace]]
        name = 'emea '
        primary_partition = 'EMEA LEADS'
        [[field]]
        object = 'Lead'
        name = 'fspid'
        type = 'string'
        [[channel]]
        name = 'BLOG'
        statuses = [{ name = 'visited', step = 10 }, { name = 'ENGAGED', step = 20, success = true }]
        [[tag]]
        type = 'REGIONS'
        values = ['north']
        [[program]]
        name = 'trav-demo-PROGRAM'
        channel = 'blog'
        workspace = 'default'
        tags = { regions = 'emea' }
        tokens = { MESSAGE = 'Hello' }
        [[list]]
        name = 'NEWSLETTER'
        [[campaign]]
        name = 'trigger: WELCOME'
        program = 'TRAV-demo-program'
        kind = 'trigger'
    ";
    assert_eq!(structure.apply(toml).to_string(), "no changes");
    assert_eq!(structure.definitions, before.definitions);
}

#[test]
fn prv_6_user_ids_compare_exactly() {
    let mut structure = instance(DEMO);
    let report = structure.apply("[[user]]\nid = 'Demo_User'\nkey = 'k'");
    assert_eq!(report.changes, ["+ user \"Demo_User\""]);
}

#[test]
fn prv_6_an_id_that_exists_identifies_and_the_name_may_change() {
    let mut structure = instance(DEMO);
    let toml = "
        [[workspace]]
        id = 2
        name = 'Europe'
        primary_partition = 'EMEA Leads'
        [[program]]
        id = 1970
        name = 'Renamed'
        channel = 'Blog'
        workspace = 'Europe'
        [[list]]
        id = 1001
        name = 'Renamed list'
        [[campaign]]
        id = 4496
        name = 'Renamed campaign'
        kind = 'trigger'
    ";
    let report = structure.apply(toml);
    assert_eq!(
        report.changes,
        [
            "~ workspace \"Europe\" name: \"EMEA\" -> \"Europe\"",
            "~ program \"Renamed\" name: \"Trav-Demo-Program\" -> \"Renamed\"",
            "~ program \"Renamed\" workspace: \"Default\" -> \"Europe\"",
            "~ list \"Renamed list\" name: \"Trav-Test-List\" -> \"Renamed list\"",
            "~ campaign \"Renamed campaign\" name: \"Trigger: Welcome\" -> \"Renamed campaign\"",
        ]
    );
    let schema = structure.schema();
    assert_eq!(schema.workspace("EMEA"), None);
    assert_eq!(schema.workspaces.len(), 2);
    assert_eq!(
        structure.lists[&ListId(1001)].program,
        Some(ProgramId(1970))
    );
    assert_eq!(
        schema.campaign(CampaignId(4496)).unwrap().program,
        Some(ProgramId(1970))
    );
    assert_eq!(structure.apply(toml).to_string(), "no changes");

    structure.apply("[[workspace]]\nid = 2\nname = 'EU'\nprimary_partition = 'EMEA Leads'");
    assert_eq!(
        structure.programs[&ProgramId(1970)].workspace,
        "EU",
        "programs follow"
    );
    assert_eq!(
        structure
            .schema()
            .workspace_by_id(WorkspaceId(2))
            .unwrap()
            .name,
        "EU"
    );
}

#[test]
fn prv_5_another_id_of_an_existing_name_is_refused() {
    for (toml, stored) in [
        (
            "[[program]]\nid = 5\nname = 'Big Launch Webinar'\nchannel = 'Webinar'\ntype = 'Marketing Event'",
            "1006",
        ),
        ("[[list]]\nid = 5\nname = 'newsletter'", "1002"),
        (
            "[[list]]\nid = 5\nname = 'Trav-Test-List'\nprogram = 'Trav-Demo-Program'",
            "1001",
        ),
        (
            "[[campaign]]\nid = 5\nname = 'Trigger: Welcome'\nprogram = 'Trav-Demo-Program'\nkind = 'trigger'",
            "4496",
        ),
        (
            "[[program]]\nid = 1970\nname = 'Big Launch Webinar'\nchannel = 'Blog'",
            "1006",
        ),
    ] {
        let expected = format!(".id: expected {stored}, as it is stored");
        assert_refused(&mut instance(DEMO), toml, &["line 2: ", &expected]);
    }
}

#[test]
fn prv_6_lists_of_one_name_may_be_in_several_programs() {
    // DM-LST-2
    let mut structure = instance(DEMO);
    let toml = "
        [[list]]
        name = 'Newsletter'
        program = 'Old Roadshow'
        [[list]]
        id = 2000
        name = 'Newsletter'
        program = 'Big Launch Webinar'
        [[list]]
        name = 'Next'
    ";
    structure.apply(toml);
    let programs: Vec<_> = structure
        .lists
        .values()
        .map(|list| (list.id.0, list.program.map(|p| p.0)))
        .collect();
    assert_eq!(
        programs,
        [
            (1001, Some(1970)),
            (1002, None),
            (2000, Some(1006)),
            (2001, Some(1971)),
            (2002, None)
        ]
    );
    assert_eq!(structure.apply(toml).to_string(), "no changes");
}

#[test]
fn prv_6_campaigns_outside_programs_with_equal_names_need_ids() {
    let of = |first: &str, second: &str| {
        format!(
            "[[campaign]]\nname = 'A'\nkind = 'batch'\n{first}\n[[campaign]]\nname = 'a'\nkind = 'batch'\n{second}"
        )
    };
    let parts = ["line 6: campaign.name: expected an id for each"];
    let errors = errors(&mut Structure::default(), &of("id = 7", ""));
    assert!(
        errors.iter().any(|error| error.contains(parts[0])),
        "{errors:?}"
    );
    let mut structure = instance(&of("id = 7", "id = 8"));
    assert_eq!(structure.schema().campaigns.len(), 2);
    assert_eq!(
        structure.apply(&of("id = 7", "id = 8")).to_string(),
        "no changes"
    );
    assert_refused(
        &mut structure,
        "[[campaign]]\nname = 'A'\nkind = 'batch'",
        &["several stored campaigns"],
    );
}

#[test]
fn prv_7_tables_refer_to_each_other_in_any_order() {
    let toml = "
        [[campaign]]
        name = 'First'
        program = 'P.Q'
        kind = 'batch'
        list = 'P.Q.L'
        steps = [
          { do = 'request_campaign', campaign = 'Second' },
          { do = 'request_campaign', campaign = 77 },
          { do = 'request_campaign', campaign = 'P.Q.First' },
          { do = 'change_data_value', field = 'custom', value = '{{lead.City}}' },
          { do = 'change_score', field = 'LeadScore', to = '-5' },
          { do = 'add_to_list', list = 'L' },
        ]
        [[campaign]]
        id = 77
        name = 'Second'
        kind = 'trigger'
        [[list]]
        name = 'L'
        program = 'P.Q'
        [[program]]
        name = 'P.Q'
        channel = 'C'
        workspace = 'W'
        tags = { T = 'v' }
        [[tag]]
        type = 'T'
        values = ['v']
        [[channel]]
        name = 'C'
        statuses = [{ name = 's', step = 1 }]
        [[assignment_rule]]
        workspace = 'W'
        partition = 'WP'
        when = { field = 'Custom', equals = 'x' }
        [[workspace]]
        name = 'W'
        primary_partition = 'WP'
        [[custom_object]]
        name = 'A'
        fields = [{ name = 'b', type = 'string', link = 'B.key' }]
        [[custom_object]]
        name = 'B'
        fields = [{ name = 'key', type = 'string', dedupe = true }]
        [lead_keys]
        SFDCACCOUNTID = 'Lead.Custom'
        SFDCLEADOWNERID = 'Lead.sfdcLeadOwnerId'
        [rules]
        blocked_fields = ['custom']
        [[field]]
        object = 'Lead'
        name = 'Custom'
        type = 'string'
    ";
    let mut structure = instance(toml);
    assert_eq!(structure.apply(toml).to_string(), "no changes");
    let schema = structure.schema();
    let first = schema
        .campaigns
        .iter()
        .find(|campaign| campaign.name == "First")
        .unwrap();
    assert_eq!(first.list, structure.lists.keys().next().copied());
    let requested: Vec<_> = first.steps[..3]
        .iter()
        .map(|step| step["campaign"].as_i64().unwrap())
        .collect();
    assert_eq!(requested, [77, 77, first.id.0]);
    assert_eq!(first.steps[3]["field"], "Custom");
    assert_eq!(first.steps[4]["to"], -5);
    assert!(schema.lead_field("Custom").unwrap().is_update_blocked);
    assert!(
        !schema.lead_field("AnonymousIP").unwrap().is_update_blocked,
        "COM-24"
    );
}
