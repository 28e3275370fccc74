use super::*;
use crate::memory::MemoryStore;

type Result<T> = std::result::Result<T, AdminError>;

/// A store with an owner and an editor.
fn house() -> MemoryStore {
    let store = MemoryStore::new();
    store
        .write_now(|txn, now| {
            first_owner(txn, now, "ann", "hash of ann".to_owned())?;
            add(
                txn,
                now,
                "ann",
                "Bob",
                "hash of bob".to_owned(),
                Role::Editor,
            )
        })
        .unwrap();
    store
}

fn session(store: &MemoryStore, token: &[u8]) -> Option<String> {
    let resumed = store.read_now(|txn, now| resume(txn, now, token)).unwrap();
    if let Some((_, Some(seen))) = &resumed {
        store.write_now(|txn, _| txn.put_session(seen)).unwrap();
    }
    resumed.map(|(admin, _)| admin.name)
}

fn enter(store: &MemoryStore, name: &str, token: &[u8], step: Option<i64>) -> Result<Admin> {
    store.write_now(|txn, now| sign_in(txn, now, name, token, step))
}

#[test]
fn there_is_one_first_owner() {
    let store = MemoryStore::new();
    let first =
        |name: &str| store.write_now(|txn, now| first_owner(txn, now, name, "hash".to_owned()));
    for bad in ["", " ", "a\nb", &"x".repeat(256)] {
        assert_eq!(first(bad), Err(AdminError::BadName), "{bad:?}");
    }
    assert_eq!(first(" ann "), Ok(()));
    assert_eq!(first("eve"), Err(AdminError::NotFirst));
    let admins = store.read_now(|txn, _| txn.admins()).unwrap();
    assert_eq!(admins.len(), 1);
    assert_eq!(
        (admins[0].name.as_str(), admins[0].role),
        ("ann", Role::Owner)
    );
}

#[test]
fn names_are_unique_whatever_their_case() {
    let store = house();
    let again =
        store.write_now(|txn, now| add(txn, now, "ann", "BOB", "hash".to_owned(), Role::Owner));
    assert_eq!(again, Err(AdminError::Exists("BOB".to_owned())));
    assert_eq!(enter(&store, "bOB", b"token", None).unwrap().name, "Bob");
}

#[test]
fn the_last_owner_stays_one() {
    let store = house();
    let role = |name: &str, role| store.write_now(|txn, now| set_role(txn, now, "ann", name, role));
    let disable = |name: &str| store.write_now(|txn, now| disable(txn, now, "ann", name));
    assert_eq!(role("ann", Role::Viewer), Err(AdminError::LastOwner));
    assert_eq!(disable("ann"), Err(AdminError::LastOwner));
    role("Bob", Role::Owner).unwrap();
    disable("Bob").unwrap();
    // One that may not sign in is no owner who could help.
    assert_eq!(role("ann", Role::Editor), Err(AdminError::LastOwner));
    store
        .write_now(|txn, now| enable(txn, now, "ann", "bob"))
        .unwrap();
    role("ann", Role::Editor).unwrap();
    assert_eq!(disable("Bob"), Err(AdminError::LastOwner));
}

#[test]
fn sessions_end_by_age_and_by_idleness() {
    let store = house();
    enter(&store, "ann", b"a", None).unwrap();
    let hours = |hours: u32| store.advance(hours * 3_600);
    hours(12);
    assert_eq!(session(&store, b"a").as_deref(), Some("ann"));
    hours(12);
    assert_eq!(session(&store, b"a").as_deref(), Some("ann"));
    store.advance(12 * 3_600 + 1);
    assert_eq!(session(&store, b"a"), None);
    enter(&store, "ann", b"b", None).unwrap();
    for _ in 0..14 {
        hours(12);
        assert_eq!(session(&store, b"b").as_deref(), Some("ann"));
    }
    store.advance(1);
    assert_eq!(session(&store, b"b"), None);
    assert_eq!(session(&store, b"unknown"), None);
}

#[test]
fn who_is_disabled_or_has_a_new_password_is_signed_out() {
    let store = house();
    enter(&store, "bob", b"1", None).unwrap();
    enter(&store, "ann", b"2", None).unwrap();
    store
        .write_now(|txn, now| set_password(txn, now, "ann", "bob", "new".to_owned()))
        .unwrap();
    assert_eq!(session(&store, b"1"), None);
    assert_eq!(session(&store, b"2").as_deref(), Some("ann"));
    enter(&store, "bob", b"3", None).unwrap();
    store
        .write_now(|txn, now| disable(txn, now, "ann", "bob"))
        .unwrap();
    assert_eq!(session(&store, b"3"), None);
    assert!(enter(&store, "bob", b"4", None).is_err());
    store.write_now(|txn, _| sign_out(txn, b"2")).unwrap();
    assert_eq!(session(&store, b"2"), None);
}

#[test]
fn a_code_is_taken_once() {
    let store = house();
    let totp = Totp {
        secret: vec![1; 20],
        last_step: 10,
    };
    store
        .write_now(|txn, now| set_totp(txn, now, "bob", "bob", Some(totp)))
        .unwrap();
    assert!(enter(&store, "bob", b"1", None).is_err());
    assert!(enter(&store, "bob", b"1", Some(10)).is_err());
    enter(&store, "bob", b"1", Some(11)).unwrap();
    assert!(enter(&store, "bob", b"2", Some(11)).is_err());
    assert_eq!(session(&store, b"2"), None);
    store
        .write_now(|txn, now| set_totp(txn, now, "bob", "bob", None))
        .unwrap();
    enter(&store, "bob", b"2", None).unwrap();
}

#[test]
fn what_was_changed_is_written_down_without_secrets() {
    let store = house();
    store
        .write_now(|txn, now| {
            set_role(txn, now, "ann", "bob", Role::Owner)?;
            set_role(txn, now, "ann", "bob", Role::Owner)?;
            set_password(txn, now, "Bob", "bob", "hash of new".to_owned())?;
            set_language(txn, "bob", Some("ja".to_owned()))
        })
        .unwrap();
    let refused =
        store.write_now(|txn, now| add(txn, now, "ann", "ann", "hash".to_owned(), Role::Viewer));
    assert!(refused.is_err());
    let entries = store.read_now(|txn, _| txn.audit_before(None, 10)).unwrap();
    let lines: Vec<_> = entries
        .iter()
        .map(|entry| {
            format!(
                "{}: {} {} {}",
                entry.admin, entry.action, entry.subject, entry.detail
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "Bob: admin.password admin user Bob ",
            "ann: admin.role admin user Bob editor -> owner",
            "ann: admin.add admin user Bob editor",
            "ann: admin.add admin user ann owner",
        ]
    );
    assert!(!format!("{entries:?}").contains("hash of"));
}
