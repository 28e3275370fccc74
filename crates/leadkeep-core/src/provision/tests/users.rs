use super::*;
use crate::provision::{UserError, user_add, user_revoke, user_rotate};
use crate::schema::UserKey;
use jiff::{SignedDuration, Timestamp};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn generated() -> String {
    "generated".to_owned()
}

#[test]
fn aut_1_a_generated_key_is_reported_once_and_kept() {
    let toml = "[[user]]\nid = 'a'\nnote = 'n'";
    let mut structure = Structure::default();
    let report = structure.apply(toml);
    assert_eq!(report.changes, ["+ user \"a\" with a generated key"]);
    assert_eq!(report.generated_keys[0].key, "key 1");
    assert!(
        !format!("{report:?}{report}").contains("key 1"),
        "not in a log"
    );
    let again = structure.apply(toml);
    assert_eq!(
        (again.to_string().as_str(), again.generated_keys.len()),
        ("no changes", 0)
    );
    assert_eq!(structure.schema().user("a").unwrap().keys[0].key, "key 1");
}

#[test]
fn aut_13_another_key_replaces_the_stored_one_with_an_overlap() {
    let mut structure = instance("[[user]]\nid = 'a'\nkey = 'old'");
    let options = ApplyOptions {
        key_overlap: SignedDuration::from_hours(1),
        ..ApplyOptions::default()
    };
    let report = structure
        .try_apply("[[user]]\nid = 'a'\nkey = 'new'", &options)
        .unwrap();
    assert_eq!(
        report.changes,
        ["~ user \"a\" key: (old) -> (new)"],
        "no secrets"
    );
    let schema = structure.schema();
    let user = schema.user("a").unwrap();
    let changed = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(structure.minute);
    let end = changed + SignedDuration::from_hours(1);
    let valid = |now| user.valid_keys(now).collect::<Vec<_>>();
    assert_eq!(valid(changed), ["new", "old"]);
    assert_eq!(valid(end - SignedDuration::from_secs(1)), ["new", "old"]);
    assert_eq!(valid(end), ["new"]);

    let mut structure = instance("[[user]]\nid = 'a'\nkey = 'old'");
    structure.apply("[[user]]\nid = 'a'\nkey = 'new'");
    let no_overlap = [UserKey {
        key: "new".to_owned(),
        valid_until: None,
    }];
    assert_eq!(structure.schema().user("a").unwrap().keys, no_overlap);
}

#[test]
fn aut_12_a_file_disables_and_enables() {
    let mut structure = instance("[[user]]\nid = 'a'\nkey = 'k'");
    let disable = "[[user]]\nid = 'a'\ndisabled = true";
    assert_eq!(
        structure.apply(disable).changes,
        ["~ user \"a\" disabled: false -> true"]
    );
    structure.apply("[[user]]\nid = 'a'\nnote = 'x'");
    assert!(
        structure.schema().user("a").unwrap().disabled,
        "not named, not changed"
    );
    structure.apply("[[user]]\nid = 'a'\ndisabled = false");
    assert!(!structure.schema().user("a").unwrap().disabled);
}

#[test]
fn users_are_added_rotated_and_revoked_by_command() {
    // AUT-1, AUT-12, AUT-13
    let mut store = Structure::default();
    let schema = store.schema();
    let key = user_add(
        &mut store,
        &schema,
        at(0),
        "a",
        None,
        "note",
        &mut generated,
    )
    .unwrap();
    assert_eq!(key, "generated");
    let schema = store.schema();
    let again = user_add(&mut store, &schema, at(0), "a", None, "", &mut generated);
    assert!(matches!(again, Err(UserError::Exists(_))), "{again:?}");

    let hour = SignedDuration::from_hours(1);
    let key = user_rotate(
        &mut store,
        &schema,
        at(10),
        "a",
        Some("second"),
        hour,
        &mut generated,
    )
    .unwrap();
    assert_eq!(key, "second");
    let schema = store.schema();
    let user = schema.user("a").unwrap();
    assert_eq!(
        user.valid_keys(at(11)).collect::<Vec<_>>(),
        ["second", "generated"]
    );
    assert_eq!(user.valid_keys(at(3610)).collect::<Vec<_>>(), ["second"]);
    user_rotate(
        &mut store,
        &schema,
        at(20),
        "a",
        Some("third"),
        SignedDuration::ZERO,
        &mut generated,
    )
    .unwrap();
    let schema = store.schema();
    assert_eq!(
        schema.user("a").unwrap().keys.len(),
        1,
        "no overlap ends all old ones"
    );

    assert!(user_revoke(&mut store, &schema, at(30), "a").unwrap());
    let schema = store.schema();
    assert!(schema.user("a").unwrap().disabled);
    assert!(!user_revoke(&mut store, &schema, at(30), "a").unwrap());
    // A key that cannot count is not given out.
    let dead = user_rotate(&mut store, &schema, at(40), "a", None, hour, &mut generated);
    assert!(matches!(dead, Err(UserError::Revoked(_))), "{dead:?}");
}

#[test]
fn commands_about_users_say_what_is_wrong() {
    let mut store = instance("[[user]]\nid = 'agency'\nkey = 'k'");
    let schema = store.schema();
    let unknown = user_revoke(&mut store, &schema, at(0), "agencee").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no user \"agencee\" (the nearest is \"agency\")"
    );
    let empty = user_add(&mut store, &schema, at(0), "", None, "", &mut generated).unwrap_err();
    assert!(
        empty.to_string().contains("a user id of 1 to 255"),
        "{empty}"
    );
    let long = "k".repeat(256);
    for key in ["", "a\nb", long.as_str()] {
        let error = user_add(
            &mut store,
            &schema,
            at(0),
            "b",
            Some(key),
            "",
            &mut generated,
        );
        assert!(
            matches!(error, Err(UserError::Malformed("a key"))),
            "{error:?}"
        );
        let zero = SignedDuration::ZERO;
        let error = user_rotate(
            &mut store,
            &schema,
            at(0),
            "agency",
            Some(key),
            zero,
            &mut generated,
        );
        assert!(
            matches!(error, Err(UserError::Malformed("a key"))),
            "{error:?}"
        );
    }
}
