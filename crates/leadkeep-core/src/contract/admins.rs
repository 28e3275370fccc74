//! Admin users, their sessions, and what they did.

use super::support::{read, write};
use crate::admins::{Admin, AuditEntry, Role, Session, Sessions, Totp};
use crate::store::Store;
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_782_907_200 + second).unwrap_or_default()
}

/// One that is put again is replaced; all come in the order of their names.
pub fn come_back_as_written(store: &dyn Store) {
    let admin = |name: &str| Admin {
        name: name.to_owned(),
        password: "$argon2id$x".to_owned(),
        role: Role::Editor,
        language: None,
        totp: None,
        disabled: false,
        created_at: at(0),
        signed_in_at: None,
    };
    assert_eq!(read(store, |txn| txn.admins()), []);
    let whole = Admin {
        role: Role::Owner,
        language: Some("ja".to_owned()),
        totp: Some(Totp {
            secret: vec![0, 255, 7],
            last_step: 59_000_000,
        }),
        disabled: true,
        signed_in_at: Some(at(5)),
        ..admin("ann\u{1F600}")
    };
    let (first, again, other) = (admin("ann\u{1F600}"), whole.clone(), admin("Bob"));
    write(store, move |txn| {
        txn.put_admin(&first)?;
        txn.put_admin(&other)?;
        txn.put_admin(&again)
    });
    assert_eq!(read(store, |txn| txn.admins()), [admin("Bob"), whole]);
}

/// By token, by user, by their last use.
pub fn sessions_end(store: &dyn Store) {
    let session = |token: u8, admin: &str, seen| Session {
        token: vec![token; 32],
        admin: admin.to_owned(),
        made_at: at(0),
        seen_at: at(seen),
    };
    let all = [
        session(1, "ann", 1),
        session(2, "ann", 2),
        session(3, "bob", 3),
        session(4, "cyd", 4),
        session(5, "cyd", 5),
    ];
    let put = all.clone();
    write(store, move |txn| {
        put.iter()
            .try_for_each(|session| txn.put_session(session))?;
        txn.put_session(&session(5, "cyd", 9))
    });
    let left = || -> Vec<u8> {
        let is_there = |token: &u8| {
            let token = vec![*token; 32];
            read(store, move |txn| txn.session(&token)).is_some()
        };
        (1..=6).filter(is_there).collect()
    };
    assert_eq!(left(), [1, 2, 3, 4, 5]);
    assert_eq!(
        read(store, |txn| txn.session(&[5; 32])),
        Some(session(5, "cyd", 9))
    );
    for (which, expected) in [
        (Sessions::Token(vec![1; 32]), vec![2, 3, 4, 5]),
        (Sessions::Of("ann".to_owned()), vec![3, 4, 5]),
        (Sessions::SeenBefore(at(4)), vec![4, 5]),
        (Sessions::Of("nobody".to_owned()), vec![4, 5]),
    ] {
        write(store, move |txn| txn.delete_sessions(&which));
        assert_eq!(left(), expected);
    }
}

/// In pages, by numbers that ascend.
pub fn what_they_did_comes_latest_first(store: &dyn Store) {
    let entry = |action: &str| AuditEntry {
        id: 0,
        at: at(0),
        admin: "ann".to_owned(),
        action: action.to_owned(),
        subject: "lead 17".to_owned(),
        detail: "City: Bonn -> K\u{f6}ln".to_owned(),
    };
    let (first, second) = ([entry("a"), entry("b")], [entry("c")]);
    write(store, move |txn| txn.append_audit(&first));
    write(store, move |txn| txn.append_audit(&second));
    let all = read(store, |txn| txn.audit_before(None, 10));
    let actions: Vec<_> = all.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["c", "b", "a"]);
    assert!(all.is_sorted_by(|one, next| one.id > next.id));
    assert_eq!(
        all[2],
        AuditEntry {
            id: all[2].id,
            ..entry("a")
        }
    );
    let before = all[0].id;
    let page = read(store, move |txn| txn.audit_before(Some(before), 1));
    assert_eq!(page, [all[1].clone()]);
}
