use super::*;
use crate::provision::export;
use crate::schema::testing::DEMO;

/// The export of an instance.
fn exported(structure: &mut Structure) -> String {
    let schema = structure.schema();
    export(structure, &schema).unwrap()
}

/// Applies an instance's export to itself and to a new one: it changes nothing, and makes the same instance.
fn assert_round_trip(structure: &mut Structure) -> String {
    let text = exported(structure);
    let same = structure.apply(&text);
    assert_eq!(same.to_string(), "no changes", "{text}");
    assert!(same.left_alone.is_empty(), "{text}");
    assert_eq!(exported(&mut instance(&text)), text);
    text
}

#[test]
fn the_example_comes_back_as_it_was_defined() {
    let mut structure = instance(DEMO);
    let text = assert_round_trip(&mut structure);
    // What was defined is what a new instance has, but for times, keys and the numbers that no file has.
    let copy = instance(&text);
    let (old, new) = (structure.schema(), copy.schema());
    assert_eq!(old.rules, new.rules);
    assert_eq!(old.lead_keys, new.lead_keys);
    assert_eq!(old.workspaces, new.workspaces);
    assert_eq!(old.assignment_rules, new.assignment_rules);
    assert_eq!(old.custom_objects, new.custom_objects);
    assert_eq!(old.channels, new.channels);
    assert_eq!(old.tags, new.tags);
    assert_eq!(old.campaigns, new.campaigns);
    assert_eq!(structure.lists, copy.lists);
    assert_eq!(structure.indexes, copy.indexes);
    let programs = |structure: &Structure| -> Vec<_> {
        let programs = structure.programs.values().cloned();
        programs
            .map(|program| crate::store::Program {
                created_at: jiff::Timestamp::UNIX_EPOCH,
                updated_at: jiff::Timestamp::UNIX_EPOCH,
                ..program
            })
            .collect()
    };
    assert_eq!(programs(&structure), programs(&copy));
}

#[test]
fn keys_of_users_are_not_in_it() {
    let mut structure = instance("[[user]]\nid = 'ann'\nkey = 'the secret'\nnote = 'a \"note\"'");
    let text = exported(&mut structure);
    assert!(!text.contains("the secret"), "{text}");
    assert!(
        text.contains("[[user]]\nid = \"ann\"\nnote = \"a \\\"note\\\"\"\n"),
        "{text}"
    );
    assert!(!text.contains("\nkey"), "{text}");
    // The one that is stored stays.
    structure.apply(&text);
    assert_eq!(structure.schema().users[0].keys[0].key, "the secret");
}

#[test]
fn a_new_instance_has_little_to_say() {
    let mut structure = Structure::default();
    let text = assert_round_trip(&mut structure);
    let heads: Vec<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(heads, ["[instance]", "[rules]", "[[workspace]]"]);
}

#[test]
fn odd_names_and_texts_come_back() {
    let toml = r#"
        [instance]
        time_zone = "Asia/Tokyo"
        crm_sync = true
        [rules]
        blocked_fields = ["LeadStatus", "AnonymousIP"]
        shown_groups = ["social"]
        window_days = 0
        [lead_keys]
        SFDCLEADOWNERID = "Lead.Owner Id-2+"
        [[field]]
        object = "Lead"
        name = "Owner Id-2+"
        display_name = "A \"quoted\" \\ name"
        description = "two\nlines\twith a tab"
        type = "string"
        size = 2000
        [[field]]
        object = "OpportunityPersonRole"
        name = "Größe"
        type = "integer"
        [[field]]
        object = "Company"
        name = "Key"
        type = "string"
        company_key = true
        [[custom_object]]
        name = "B"
        fields = [{ name = "a", type = "string", size = 7, link = "A.k" }, { name = "b", type = "url", link = "Company.Website" }]
        [[custom_object]]
        name = "A"
        strict = true
        fields = [{ name = "k", type = "string", dedupe = true, display_name = "日本" }]
        [[workspace]]
        id = 9
        name = "W"
        primary_partition = "P1"
        partitions = ["P2", "P1"]
        [[assignment_rule]]
        partition = "P2"
        when = { field = "Owner Id-2+", equals = "a'b\"c" }
        [[tag]]
        type = "Z tag"
        values = ["b", "a"]
        [[tag]]
        type = "A"
        values = ["x"]
        [[channel]]
        name = "Any"
        statuses = [{ name = "S", step = 1 }]
        [[program]]
        name = "P.1"
        channel = "Any"
        workspace = "W"
        archived = true
        tags = { A = "x", "Z tag" = "b" }
        tokens = { "{{my.my.odd}}" = "text", "plain token" = "two\nlines" }
        costs = [{ month = "2020-01", amount = 10.5, note = "one\ntwo" }, { month = "2020-02", amount = 999999999999999999 }]
        [[program]]
        name = "Q"
        channel = "Any"
    "#;
    let mut structure = instance(toml);
    let text = assert_round_trip(&mut structure);
    assert_eq!(
        structure.schema().tags[0].name,
        "Z tag",
        "the order is kept"
    );
    assert!(
        text.contains("tags = { \"Z tag\" = \"b\", A = \"x\" }"),
        "{text}"
    );
    assert!(text.contains("\"{{my.my.odd}}\" = \"text\""), "{text}");
}

#[test]
fn lists_and_campaigns_with_one_name_are_told_apart() {
    let toml = r#"
        [[channel]]
        name = "Any"
        statuses = [{ name = "S", step = 1 }]
        [[program]]
        name = "P"
        channel = "Any"
        [[program]]
        name = "Q"
        channel = "Any"
        [[list]]
        name = "L"
        program = "P"
        [[list]]
        name = "L"
        program = "Q"
        [[list]]
        name = "M"
        program = "P"
        [[list]]
        name = "M"
        [[campaign]]
        name = "own"
        program = "P"
        kind = "batch"
        list = "P.L"
        active = false
        steps = [
          { do = "add_to_list", list = "Q.L" },
          { do = "add_to_list", list = "P.M" },
          { do = "add_to_list", list = "M" },
          { do = "request_campaign", campaign = "P.twice" },
          { do = "request_campaign", campaign = "Q.twice" },
          { do = "request_campaign", campaign = "12" },
          { do = "wait", for = "2d" },
          { do = "change_score", field = "LeadScore", to = -3 },
          { do = "change_data_value", field = "LeadStatus", value = "" },
          { do = "delete_lead" },
        ]
        [[campaign]]
        name = "twice"
        program = "P"
        kind = "trigger"
        [[campaign]]
        name = "twice"
        program = "Q"
        kind = "trigger"
        sources = ["SALES"]
        [[campaign]]
        name = "12"
        kind = "trigger"
    "#;
    let mut structure = instance(toml);
    let text = assert_round_trip(&mut structure);
    let copy = instance(&text);
    assert_eq!(structure.schema().campaigns, copy.schema().campaigns);
    assert!(
        text.contains("\nlist = \"L\"\n"),
        "its own list needs no program: {text}"
    );
}
