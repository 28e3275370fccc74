use super::*;
use crate::ids::{CampaignId, CostId, ListId, ProgramId};
use crate::schema::testing::DEMO;
use crate::schema::{LeadKeyField, Link};
use crate::store::FieldIndex;
use crate::value::DataType;

#[test]
fn prv_2_the_example_applies_as_it_stands_twice() {
    // PRV-1, PRV-2, PRV-7
    let mut structure = Structure::default();
    let first = structure.apply(DEMO);
    assert!(
        first
            .changes
            .iter()
            .all(|line| line.starts_with("+ ") || line.starts_with("~ "))
    );
    let generated: Vec<_> = first
        .generated_keys
        .iter()
        .map(|key| key.user.as_str())
        .collect();
    assert_eq!(generated, ["nightly_import", "old_agency"]);

    let before = structure.clone();
    let second = structure.apply(DEMO);
    assert_eq!(second.to_string(), "no changes");
    assert!(second.left_alone.is_empty() && second.generated_keys.is_empty());
    assert_eq!(structure.version, before.version);
    assert_eq!(structure.definitions, before.definitions);
    assert_eq!(structure.programs, before.programs);
    assert_eq!(structure.lists, before.lists);
}

#[test]
fn prv_2_a_dry_run_prints_the_same_and_writes_nothing() {
    let mut structure = Structure::default();
    let dry = ApplyOptions {
        dry_run: true,
        ..ApplyOptions::default()
    };
    let planned = structure.try_apply(DEMO, &dry).unwrap();
    assert_eq!((structure.writes, structure.version), (0, 0));
    assert!(structure.indexes.is_empty() && structure.programs.is_empty());
    assert!(
        planned.generated_keys.is_empty(),
        "a key that is not stored"
    );
    assert_eq!(planned.changes, structure.apply(DEMO).changes);
}

#[test]
fn the_example_is_what_it_says() {
    let structure = instance(DEMO);
    let schema = structure.schema();
    assert_eq!(schema.instance.time_zone_name, "UTC");
    assert_eq!(schema.rules, crate::schema::Rules::default());
    assert_eq!(
        schema.lead_keys.sfdc_account_id,
        Some(LeadKeyField::Lead("cAccountFSID".to_owned()))
    );
    assert_eq!(
        schema.lead_keys.sfdc_oppty_id,
        Some(LeadKeyField::Opportunity("opportunityId".to_owned()))
    );
    // COM-9, COM-10, DM-KEY-4, DM-CO-3, DM-EXT-1: what is looked up is indexed.
    for index in [
        FieldIndex::Lead("OwnerEmail".to_owned()),
        FieldIndex::Lead("cAccountFSID".to_owned()),
        FieldIndex::Opportunity("opportunityId".to_owned()),
    ] {
        assert!(structure.indexes.contains(&index), "{index:?}");
    }
    assert_eq!(
        schema.company_key.as_ref().unwrap().name.as_ref(),
        "cAccountFSID"
    );
    let field = schema.lead_field("Date_of_purchase").unwrap();
    assert_eq!((field.data_type, field.size), (DataType::Date, None));
    assert_eq!(field.display_name, "Date of purchase", "COM-22");
    assert_eq!(schema.lead_field("FSPID").unwrap().size, Some(255));

    assert_eq!(schema.users.len(), 3);
    assert!(schema.user("old_agency").unwrap().disabled, "AUT-12");
    assert!(
        schema.user("nightly_import").unwrap().strict_statuses,
        "SCO-3"
    );
    let emea = schema.workspace("EMEA").unwrap();
    assert_eq!((emea.id.0, emea.primary_partition.0), (2, 2));
    assert_eq!(emea.partitions.len(), 2);
    let rule = &schema.assignment_rules[0];
    assert_eq!(rule.workspace, Some(emea.id), "SL-24");
    assert_eq!((rule.partition.0, rule.equals.as_str()), (3, "Partner"));

    let road_show = schema.custom_object("road show").unwrap();
    assert_eq!(road_show.fields[0].link, Some(Link::LeadId));
    let dedupe = road_show.fields.iter().filter(|field| field.dedupe).count();
    assert_eq!(
        (dedupe, road_show.fields.len(), road_show.strict),
        (2, 5, false)
    );
    let subscription = schema.custom_object("Subscription").unwrap();
    assert_eq!(
        subscription.field("email").unwrap().link,
        Some(Link::LeadEmail)
    );
    assert!(subscription.strict, "SCO-25");

    assert_eq!(
        schema.channel("Tradeshow").unwrap().statuses[1]
            .check_in
            .as_deref(),
        Some("Attended")
    );
    assert_eq!(schema.channel("Webinar").unwrap().statuses.len(), 9);
    assert_eq!(schema.tag("regions").unwrap().values.len(), 5);
}

#[test]
fn the_rows_of_the_example() {
    let structure = instance(DEMO);
    let schema = structure.schema();
    let program = &structure.programs[&ProgramId(1970)];
    assert_eq!(program.tags, [("Regions".to_owned(), "EMEA".to_owned())]);
    // DM-TOK-1, GMO-14
    let tokens = [("message", "Hello"), ("other token", "Other")];
    assert_eq!(
        program.tokens,
        tokens.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
    let cost = &program.costs[0];
    // DM-CST-1
    assert_eq!(
        (cost.id, cost.month.as_str(), cost.amount.as_str()),
        (CostId(153), "2013-05-01", "1000")
    );
    let event = &structure.programs[&ProgramId(1006)];
    assert_eq!(
        event.start.as_deref(),
        Some("2011-08-01 11:00:00"),
        "DM-PRG-5"
    );
    // DM-GEN-2: an id of its own, behind the ones of the file.
    let old = &structure.programs[&ProgramId(1971)];
    assert!(old.archived);
    assert_eq!(old.folder, "/Marketing Activities/Default", "DM-PRG-3");

    assert_eq!(
        structure.lists[&ListId(1001)].program,
        Some(ProgramId(1970))
    );
    assert_eq!(structure.lists[&ListId(1002)].program, None);
    let welcome = schema.campaign(CampaignId(4496)).unwrap();
    assert_eq!(welcome.program, Some(ProgramId(1970)));
    assert_eq!(welcome.steps[1]["list"], 1002);
    assert_eq!(welcome.steps[2]["method"], "POST");
    let batch = schema.campaign(CampaignId(4497)).unwrap();
    assert_eq!(batch.list, Some(ListId(1001)));
    assert_eq!(batch.steps[0]["by"], 5);
    let goodbye = schema.campaign(CampaignId(4498)).unwrap();
    assert!(!goodbye.active);
    assert_eq!(goodbye.steps[1]["campaign"], 4496);
    assert_eq!(goodbye.steps[3], serde_json::json!({"do": "delete_lead"}));
}

#[test]
fn prv_2_changes_are_one_line_each_with_old_and_new_value() {
    let mut structure = instance(DEMO);
    let toml = DEMO
        .replace("time_zone = \"UTC\"", "time_zone = \"America/Chicago\"")
        .replace("window_days = 30", "window_days = 60")
        .replace(
            "display_name = \"Foreign Id\"",
            "display_name = \"Foreign key\"",
        )
        .replace("\"2d\"", "\"3d\"")
        .replace(
            "step = 40, success = false, behavior",
            "step = 45, success = false, behavior",
        )
        .replace("note = \"samples and tests\"", "note = \"samples\"")
        .replace(
            "primary_partition = \"Default\"",
            "primary_partition = \"EMEA Leads\"",
        )
        .replace("strict = true   ", "strict = false  ")
        .replace("\"North\", \"South\"", "\"South\", \"North\", \"Moon\"")
        .replace("\"Other\" }", "\"New\" }");
    assert_eq!(
        structure.apply(&toml).changes,
        [
            "~ field Lead.FSPID display_name: \"Foreign Id\" -> \"Foreign key\"",
            "~ instance time_zone: \"UTC\" -> \"America/Chicago\"",
            "~ rules window_days: 30 -> 60",
            "~ user \"demo_user\" note: \"samples and tests\" -> \"samples\"",
            "~ workspace \"Default\" partitions: [\"Default\"] -> [\"Default\",\"EMEA Leads\"]",
            "~ workspace \"Default\" primary_partition: \"Default\" -> \"EMEA Leads\"",
            "~ custom_object Subscription strict: true -> false",
            "~ channel \"Webinar\" statuses Registered step: 40 -> 45",
            "~ tag \"Regions\" values: [\"North\",\"South\",\"East\",\"West\",\"EMEA\"] -> [\"South\",\"North\",\"Moon\",\"East\",\"West\",\"EMEA\"]",
            "~ program \"Trav-Demo-Program\" tokens other token: \"Other\" -> \"New\"",
            "~ campaign \"Trigger: Goodbye\" steps: [{\"do\":\"remove_from_list\",\"list\":1002},{\"campaign\":4496,\"do\":\"request_campaign\"},{\"do\":\"wait\",\"for\":\"2d\"},{\"do\":\"delete_lead\"}] -> [{\"do\":\"remove_from_list\",\"list\":1002},{\"campaign\":4496,\"do\":\"request_campaign\"},{\"do\":\"wait\",\"for\":\"3d\"},{\"do\":\"delete_lead\"}]",
        ]
    );
    assert_eq!(structure.apply(&toml).to_string(), "no changes");
    let schema = structure.schema();
    let moved = schema.lead_field("FSPID").unwrap().updated_at;
    let kept = schema.lead_field("OwnerEmail").unwrap().updated_at;
    assert!(moved > kept, "DMO-13");
}

#[test]
fn prv_5_what_a_file_does_not_name_stays() {
    let mut structure = instance(DEMO);
    let before = structure.clone();
    assert_eq!(structure.apply("").to_string(), "no changes");
    let toml = "
        [instance]
        [rules]
        strict_keys = false
        [lead_keys]
        [[user]]
        id = 'old_agency'
        [[workspace]]
        name = 'EMEA'
        primary_partition = 'EMEA Leads'
        [[field]]
        object = 'Lead'
        name = 'FSPID'
        type = 'string'
        [[custom_object]]
        name = 'RoadShow'
        fields = [{ name = 'city', type = 'string' }]
        [[channel]]
        name = 'Webinar'
        statuses = [{ name = 'Downloaded', step = 5, success = true }]
        [[tag]]
        type = 'Regions'
        values = ['North']
        [[program]]
        name = 'Trav-Demo-Program'
        channel = 'Blog'
        [[program]]
        name = 'Big Launch Webinar'
        channel = 'Webinar'
        [[list]]
        id = 1001
        name = 'Trav-Test-List'
        [[campaign]]
        id = 4496
        name = 'Trigger: Welcome'
        kind = 'trigger'
        [[campaign]]
        id = 4497
        name = 'Batch Campaign Example'
        kind = 'batch'
    ";
    assert_eq!(structure.apply(toml).to_string(), "no changes");
    assert_eq!(structure.programs, before.programs);
    assert_eq!(structure.lists, before.lists);
    assert_eq!(structure.schema().campaigns, before.schema().campaigns);
    assert_eq!(structure.schema().users, before.schema().users);
}
