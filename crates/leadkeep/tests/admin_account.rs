//! Sessions, one's own password, and languages of the admin pages.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use support::browser::{Browser, PASSWORD, house};

/// The browser keeps a session as long as one can last; when it was last used the server knows.
#[test]
fn a_session_that_is_used_outlives_half_a_day() {
    let (_directory, server) = house();
    drop(Browser::owner(&server));
    let signed_in = Browser::new(&server).sign_in("owner", PASSWORD);
    let cookie = signed_in.header("set-cookie").unwrap();
    assert!(cookie.contains("max-age=604800"), "{cookie}");
}

/// Whoever has a session that is not theirs cannot guess the password any faster than at the sign-in.
#[test]
fn guesses_of_ones_own_password_wait() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let change = |owner: &mut Browser<'_>, current: &str| {
        let fields = [
            ("what", "password"),
            ("current", current),
            ("password", PASSWORD),
            ("again", PASSWORD),
        ];
        owner.post("/admin/account", &fields).status
    };
    let tries: Vec<u16> = (0..7).map(|_| change(&mut owner, "a wrong one")).collect();
    assert_eq!(tries[..5], [422; 5]);
    assert_eq!(tries[5..], [429; 2]);
    assert_eq!(
        change(&mut owner, PASSWORD),
        429,
        "nor does the right one count now"
    );
}

/// The answer to a form is no page to come back to in another language: the section is.
#[test]
fn a_language_is_chosen_on_the_answer_to_a_form() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let made = owner.post("/admin/users/add", &[("id", "crm"), ("note", "")]);
    assert_eq!(made.status, 200);
    let next = "name=\"next\" value=\"/admin/users\"";
    assert!(made.text().contains(next), "{}", made.text());
    let chosen = owner.post(
        "/admin/language",
        &[("language", "it"), ("next", "/admin/users")],
    );
    assert_eq!(chosen.header("location"), Some("/admin/users"));
    assert_eq!(owner.get("/admin/users").status, 200);
    let page = owner.get("/admin/leads?by=email").text();
    assert!(
        page.contains("name=\"next\" value=\"/admin/leads?by=email\""),
        "{page}"
    );
}
