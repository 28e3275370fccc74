use super::*;
use crate::schema::testing::DEMO;

/// Whatever comes, the answer is a report or errors.
fn survive(toml: &str) {
    let _ = Structure::default().try_apply(toml, &ApplyOptions::default());
}

#[test]
fn prv_1_every_beginning_of_the_example_is_answered() {
    for end in (0..DEMO.len())
        .filter(|end| DEMO.is_char_boundary(*end))
        .step_by(23)
    {
        survive(&DEMO[..end]);
    }
}

#[test]
fn prv_1_every_key_with_every_kind_of_value_is_answered() {
    let values = [
        "1",
        "-9223372036854775808",
        "1.5e300",
        "nan",
        "''",
        "'x'",
        "true",
        "[]",
        "[[]]",
        "[{}]",
        "{}",
        "{ a = 1 }",
        "2011-08-01",
        "\"\\u0000\"",
    ];
    let lines: Vec<&str> = DEMO.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let Some((key, _)) = line
            .split_once('=')
            .filter(|_| !line.starts_with([' ', '#', '[']))
        else {
            continue;
        };
        for value in values {
            let line = format!("{key}= {value}");
            let mut changed = lines.clone();
            changed[at] = &line;
            survive(&changed.join("\n"));
        }
    }
}

#[test]
fn prv_1_deep_and_long_texts_are_answered() {
    let deep = "[".repeat(100_000);
    survive(&deep);
    survive(&format!("a = {deep}"));
    survive(&format!("a = {}", "{ a = ".repeat(50_000)));
    survive(&format!("{}= 1", "a.".repeat(50_000)));
    survive(&format!("[[user]]\nid = '{}'", "x".repeat(1_000_000)));
    let users: String = (0..3000)
        .map(|i| format!("[[user]]\nid = 'u{i}'\nkey = 'k'\n"))
        .collect();
    survive(&users);
    let unknown: String = (0..3000)
        .map(|i| format!("{}{i} = 1\n", "k".repeat(200)))
        .collect();
    survive(&unknown);
}

#[test]
fn a_byte_order_mark_is_no_error() {
    survive("\u{FEFF}");
    assert!(
        instance("\u{FEFF}[instance]\ncrm_sync = true")
            .schema()
            .instance
            .crm_sync
    );
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let errors = errors(
        &mut Structure::default(),
        "[[user]]\nid = \"\\u001b[2J\"\n\"\\u001b[31m\" = 1",
    );
    assert!(
        errors.iter().all(|error| !error.contains('\u{1b}')),
        "{errors:?}"
    );
}
