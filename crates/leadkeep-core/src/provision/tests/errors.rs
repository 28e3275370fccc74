mod campaigns;
mod custom_objects;
mod fields;
mod programs;
mod settings;

use super::*;
use crate::schema::testing::DEMO;

/// Each file has one error: its line, its key, and what the message says.
fn each(table: &[(&str, usize, &str, &[&str])]) {
    for (toml, line, key, parts) in table {
        let mut structure = instance(DEMO);
        let begin = format!("line {line}: {key}: expected ");
        let mut all = vec![begin.as_str()];
        all.extend(*parts);
        assert_refused(&mut structure, toml, &all);
    }
}

#[test]
fn prv_1_all_errors_are_reported_together_by_line() {
    let toml = "
        [rules]
        window_days = -1
        strict_key = true
        [[field]]
        object = 'Leed'
        name = 'A'
        type = 'string'
        [[program]]
        name = 'P'
        channel = 'Nowhere'
        [[lists]]
        name = 'x'
    ";
    assert_eq!(
        errors(&mut instance(DEMO), toml),
        [
            "line 3: rules.window_days: expected a whole number from 0 to 4294967295, got -1",
            "line 4: rules.strict_key: expected a known key (the nearest is \"strict_keys\"), got \"strict_key\"",
            "line 6: field.object: expected one of Lead, Company, Opportunity, OpportunityPersonRole, got \"Leed\"",
            "line 11: program.channel: expected the name of a channel (the nearest is \"Webinar\"), got \"Nowhere\"",
            "line 12: lists: expected a known key (the nearest is \"list\"), got \"lists\"",
        ]
    );
}

#[test]
fn prv_1_one_error_leaves_everything_as_it_was() {
    let mut structure = Structure::default();
    let toml = format!("{DEMO}\n[[list]]\nname = 'x'\nprogram = 'Nowhere'\n");
    errors(&mut structure, &toml);
    assert!(structure.definitions.is_empty() && structure.programs.is_empty());
}

#[test]
fn prv_1_text_that_is_no_toml() {
    let errors = errors(&mut Structure::default(), "[rules]\nx = \n\ny = 1 2\n");
    assert_eq!(errors.len(), 2, "{errors:#?}");
    assert!(
        errors[0].starts_with("line 2: expected TOML ("),
        "{}",
        errors[0]
    );
    assert!(errors[0].ends_with("got \"x = \""), "{}", errors[0]);
    assert!(errors[1].starts_with("line 4: "), "{}", errors[1]);
}

#[test]
fn prv_3_every_switch_takes_every_value() {
    // PRV-3: there is no switch that this version cannot turn.
    let rules = |value: &str| {
        let toml = format!("[rules]\nrelink_custom_objects = {value}");
        instance(&toml).schema().rules
    };
    assert_eq!(rules("false"), crate::schema::Rules::default());
    assert!(rules("true").relink_custom_objects);
}

#[test]
fn prv_8_and_prv_30_tables_of_elsewhere_are_unknown() {
    // PRV-8, PRV-30
    each(&[
        (
            "[[rest_service]]\nname = 'x'",
            1,
            "rest_service",
            &["a known key"],
        ),
        (
            "[rules]\nforeign_ids = true",
            2,
            "rules.foreign_ids",
            &["a known key"],
        ),
        ("[limits]\nper_day = 1", 1, "limits", &["a known key"]),
    ]);
}

#[test]
fn prv_7_a_reference_to_a_table_that_is_wrong_is_not_reported_again() {
    let toml = "
        [[channel]]
        name = 'C'
        [[program]]
        name = 'P'
        channel = 'C'
        [[list]]
        name = 'L'
        program = 'P'
        [[campaign]]
        name = 'A'
        kind = 'batch'
        list = 'P.L'
    ";
    assert_refused(
        &mut Structure::default(),
        toml,
        &["line 2: channel.statuses: "],
    );
}
