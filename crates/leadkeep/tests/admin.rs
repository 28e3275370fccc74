//! The admin pages of the real server, over HTTP.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use support::browser::{Browser, PASSWORD, house};
use support::{KEY, Server, USER, leadkeep, post, signed};

const SYNC: &str = "<ns1:paramsSyncMultipleLeads><leadRecordList>\
    <leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>FirstName</attrName>\
    <attrValue>&lt;script&gt;alert(1)&lt;/script&gt; 山田</attrValue></attribute></leadAttributeList></leadRecord>\
    <leadRecord><Id>77</Id><Email>b@x.com</Email></leadRecord>\
    </leadRecordList></ns1:paramsSyncMultipleLeads>";
const GET: &str = "<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>no@x.com</keyValue></leadKey></ns1:paramsGetLead>";

#[test]
fn the_first_owner_is_made_by_the_link_and_only_once() {
    let (directory, server) = house();
    let mut browser = Browser::new(&server);
    let page = browser.get("/admin");
    assert_eq!(page.status, 303);
    assert_eq!(
        page.header("location"),
        Some("/admin/sign-in?next=%2fadmin")
    );
    assert!(
        browser
            .get("/admin/sign-in")
            .text()
            .contains("Nobody can sign in yet")
    );
    assert_eq!(browser.get("/admin/set-up?token=guessed").status, 403);
    let path = browser.set_up_path();
    assert!(browser.get(&path).text().contains("Make the first owner"));
    let short = browser.make_owner("short", "short");
    assert_eq!(short.status, 422);
    assert!(
        short.text().contains("at least 10 characters"),
        "{}",
        short.text()
    );
    let differs = browser.make_owner(PASSWORD, "another password");
    assert!(
        differs.text().contains("not the same"),
        "{}",
        differs.text()
    );
    assert_eq!(browser.make_owner(PASSWORD, PASSWORD).status, 303);
    assert!(browser.get("/admin").text().contains("Overview"));
    // Whoever finds the link later makes nothing.
    let mut late = Browser::new(&server);
    assert_eq!(late.get(&path).status, 403);
    assert_eq!(late.make_owner(PASSWORD, PASSWORD).status, 403);
    server.kill();
    let server = Server::on(directory.path());
    assert!(server.printed.iter().any(|line| line.ends_with("/admin")));
    assert!(!server.printed.iter().any(|line| line.starts_with("set up")));
    let mut browser = Browser::new(&server);
    assert_eq!(browser.sign_in("OWNER", PASSWORD).status, 303);
}

#[test]
fn who_guesses_waits_and_learns_nothing() {
    let (_directory, server) = house();
    Browser::owner(&server);
    let mut browser = Browser::new(&server);
    let wrong = browser.sign_in("owner", "wrong password").text();
    let nobody = browser.sign_in("nobody", "wrong password").text();
    assert!(wrong.contains("Name, password or code is wrong"));
    assert_eq!(
        wrong.replace("value=\"owner\"", ""),
        nobody.replace("value=\"nobody\"", "")
    );
    let answers: Vec<u16> = (0..6)
        .map(|_| browser.sign_in("owner", "wrong password").status)
        .collect();
    assert_eq!(answers, [403, 403, 403, 429, 429, 429]);
    assert_eq!(browser.sign_in("owner", PASSWORD).status, 429);
    assert!(browser.cookie("leadkeep_session").is_none());
}

/// The visitors of a proxy on this machine are not one.
#[test]
fn who_guesses_behind_a_proxy_makes_nobody_else_wait() {
    let (_directory, server) = house();
    Browser::owner(&server);
    let mut browser = Browser::new(&server);
    browser.head = "X-Forwarded-For: 198.51.100.7, 203.0.113.1\r\n".to_owned();
    let answers: Vec<u16> = (0..6)
        .map(|number| browser.sign_in(&format!("nobody {number}"), "wrong password"))
        .map(|answer| answer.status)
        .collect();
    assert_eq!(answers, [403, 403, 403, 403, 403, 429]);
    let mut other = Browser::new(&server);
    other.head = "X-Forwarded-For: 198.51.100.7, 203.0.113.2\r\n".to_owned();
    assert_eq!(other.sign_in("owner", PASSWORD).status, 303);
}

#[test]
fn sessions_are_kept_by_cookies_that_scripts_and_others_do_not_get() {
    let (_directory, server) = house();
    Browser::owner(&server);
    let mut browser = Browser::new(&server);
    let signed_in = browser.sign_in("owner", PASSWORD);
    let cookie = signed_in.header("set-cookie").unwrap().to_owned();
    for part in ["httponly", "samesite=lax", "path=/admin"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("secure"), "{cookie}");
    browser.head = "X-Forwarded-Proto: https\r\n".to_owned();
    let behind_tls = browser.sign_in("owner", PASSWORD);
    assert!(behind_tls.header("set-cookie").unwrap().contains("secure"));
    let page = browser.get("/admin");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("x-frame-options"), Some("deny"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert!(!page.text().contains("style=") && !page.text().contains("onclick"));
    let stolen = browser.cookie("leadkeep_session").unwrap().to_owned();
    assert_eq!(browser.post("/admin/sign-out", &[]).status, 303);
    browser.set_cookie("leadkeep_session", &stolen);
    assert_eq!(browser.get("/admin").status, 303);
}

#[test]
fn forms_of_others_are_refused() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let add = [("id", "intruder"), ("note", "")];
    assert_eq!(owner.post_bare("/admin/users/add", &add).status, 403);
    let csrf = owner.csrf();
    let with = |csrf: &str| {
        let mut fields = vec![("csrf".to_owned(), csrf.to_owned())];
        fields.extend(
            add.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        fields
    };
    let send = |browser: &mut Browser<'_>, csrf: &str| {
        let fields = with(csrf);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        browser.post_bare("/admin/users/add", &fields).status
    };
    assert_eq!(
        send(&mut owner, &csrf.replace(|c: char| c.is_ascii_digit(), "0")),
        403
    );
    for head in [
        "Origin: https://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Origin: null\r\n",
    ] {
        owner.head = head.to_owned();
        assert_eq!(send(&mut owner, &csrf), 403, "{head}");
    }
    owner.head = format!("Origin: http://{}\r\n", server.address);
    assert_eq!(send(&mut owner, &csrf), 200);
    let users = owner.get("/admin/users").text();
    assert_eq!(users.matches("user=intruder").count(), 1);
}

/// A form that is too large is answered by a page, also to a browser that sends all of it first.
#[test]
fn forms_that_are_too_large_say_so() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let text = "# ".repeat(1 << 19);
    for (fields, status) in [
        (&[("text", text.as_str())][..], 413),
        (&[("text", "[instance]")], 200),
    ] {
        let answer = owner.post("/admin/setup/file", fields);
        assert_eq!(answer.status, status);
        let page = answer.text();
        assert_eq!(
            page.contains("larger than 1 MiB. Nothing was changed."),
            status == 413,
            "{page}"
        );
    }
}

#[test]
fn keys_are_shown_once_and_rotate_with_an_overlap() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let key_of = |answer: &support::Answer| {
        let text = answer.text();
        let (_, rest) = text.split_once("<pre id=\"key\">").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    let first = key_of(&owner.post("/admin/users/add", &[("id", "crm"), ("note", "x <b>")]));
    assert_eq!(first.len(), 40);
    let works = |key: &str| {
        let answer = server.raw(&post("3_1", "", &signed("crm", key, GET)));
        answer.text().contains("20103")
    };
    assert!(works(&first));
    let page = owner.get("/admin/users").text();
    assert!(
        !page.contains(&first) && page.contains("x &#60;b&#62;"),
        "{page}"
    );
    let again = owner.post("/admin/users/add", &[("id", "crm"), ("note", "")]);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("There is an API user crm already"));
    for bad in ["", "-1", "x", "99999"] {
        let refused = owner.post("/admin/users/rotate", &[("id", "crm"), ("overlap", bad)]);
        assert_eq!(refused.status, 422, "{bad}");
    }
    let second = key_of(&owner.post("/admin/users/rotate", &[("id", "crm"), ("overlap", "1")]));
    assert!(works(&first) && works(&second));
    let third = key_of(&owner.post("/admin/users/rotate", &[("id", "crm"), ("overlap", "0")]));
    assert!(works(&third) && !works(&second));
    assert_eq!(
        owner.post("/admin/users/revoke", &[("id", "crm")]).status,
        303
    );
    assert!(!works(&third));
    let audit = owner.get("/admin/audit").text();
    for action in ["user.add", "user.rotate", "user.revoke", "admin.add"] {
        assert!(audit.contains(action), "{action}");
    }
    for key in [first, second, third] {
        assert!(!audit.contains(&key));
    }
}

#[test]
fn viewers_see_and_change_nothing() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let mut viewer = owner.added("vic", "viewer");
    for path in [
        "/admin",
        "/admin/calls",
        "/admin/leads",
        "/admin/users",
        "/admin/connect",
        "/admin/audit",
        "/admin/account",
    ] {
        let page = viewer.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains("/admin/users/add"), "{path}");
    }
    for path in [
        "/admin/users/add",
        "/admin/users/rotate",
        "/admin/users/revoke",
        "/admin/admins/add",
        "/admin/admins/role",
        "/admin/admins/disable",
        "/admin/admins/enable",
        "/admin/admins/password",
        "/admin/connect",
        "/admin/calls/1/again",
    ] {
        let refused = viewer.post(path, &[("id", USER), ("name", "owner"), ("params", GET)]);
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.text().contains("Not allowed"), "{path}");
    }
    assert_eq!(viewer.get("/admin/admins").status, 403);
    // The last owner stays one; a viewer becomes an editor, and is let in no more at last.
    let demoted = owner.post(
        "/admin/admins/role",
        &[("name", "owner"), ("role", "viewer")],
    );
    assert_eq!(demoted.status, 422);
    assert!(demoted.text().contains("The last owner must stay one"));
    owner.post("/admin/admins/role", &[("name", "vic"), ("role", "editor")]);
    assert_eq!(
        viewer
            .post("/admin/connect", &[("user", USER), ("params", GET)])
            .status,
        200
    );
    // Not as another user than the one that was chosen.
    let unknown = viewer.post("/admin/connect", &[("user", "gone"), ("params", GET)]);
    assert_eq!(unknown.status, 422);
    assert!(unknown.text().contains("disabled or has no valid key"));
    owner.post("/admin/admins/disable", &[("name", "vic")]);
    assert_eq!(viewer.get("/admin").status, 303);
    assert_eq!(Browser::new(&server).sign_in("vic", PASSWORD).status, 403);
}

#[test]
fn calls_are_seen_with_their_messages_and_failed_ones_are_sent_again() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let message = signed(USER, KEY, SYNC);
    let text = String::from_utf8(message.clone()).unwrap();
    let (_, rest) = text.split_once("requestSignature>").unwrap();
    let signature = rest.split('<').next().unwrap().to_owned();
    server.raw(&post("3_1", "User-Agent: <b>odd</b>\r\n", &message));
    let list = owner.wait_for("/admin/calls", "<td>syncMultipleLeads</td>");
    assert!(
        list.contains("&#60;b&#62;odd") && !list.contains("<b>odd"),
        "{list}"
    );
    let call = owner.get("/admin/calls/1").text();
    assert!(
        call.contains("a@x.com") && call.contains("requestSignature&#62;***"),
        "{call}"
    );
    assert!(
        !call.contains(&signature) && !call.contains("<script>alert"),
        "{call}"
    );
    assert!(call.contains("FAILED") && call.contains("20103"), "{call}");
    assert!(
        !call.contains("/again"),
        "what was stored is not sent again"
    );
    // A fault, whose reason then goes away.
    server.call(&GET.replace("no@x.com", "late@x.com"));
    owner.wait_for("/admin/calls?fault=20103", "bad\">20103");
    assert!(
        !owner
            .get("/admin/calls?operation=syncLead")
            .text()
            .contains("<tbody>")
    );
    server.call(&SYNC.replace("a@x.com", "late@x.com"));
    assert!(
        owner
            .get("/admin/calls/2")
            .text()
            .contains("/admin/calls/2/again")
    );
    assert_eq!(owner.post("/admin/calls/2/again", &[]).status, 303);
    let again = owner.wait_for(
        "/admin/calls?agent=leadkeep+admin+owner",
        "<td>getLead</td>",
    );
    assert!(!again.contains("class=\"bad\""), "{again}");
    assert_eq!(owner.post("/admin/calls/1/again", &[]).status, 409);
    assert_eq!(owner.get("/admin/calls/999").status, 404);
    assert_eq!(owner.get("/admin/calls/x").status, 400);
    assert!(owner.get("/admin/audit").text().contains("call.again"));
    let overview = owner.get("/admin").text();
    assert!(
        overview.contains("2 records failed in the last hour"),
        "{overview}"
    );
    assert!(
        overview.contains("One call ended with a fault"),
        "{overview}"
    );
    assert!(overview.contains("<svg class=\"chart\""));
    assert_eq!(owner.get("/admin?span=day").status, 200);
}

#[test]
fn leads_are_found_and_shown() {
    let (_directory, server) = house();
    server.call(SYNC);
    server.call(&SYNC.replace("山田", "Ann"));
    let mut owner = Browser::owner(&server);
    let found = owner.get("/admin/leads?by=EMAIL&q=A%40x.com").text();
    assert!(
        found.contains("One lead.") && found.contains("/admin/leads/1"),
        "{found}"
    );
    assert!(found.contains("&#60;script&#62;") && !found.contains("<script>alert"));
    assert!(
        owner
            .get("/admin/leads?q=1")
            .text()
            .contains("/admin/leads/1")
    );
    assert!(
        owner
            .get("/admin/leads?q=nobody%40x.com")
            .text()
            .contains("No leads.")
    );
    let bad = owner.get("/admin/leads?by=IDNUM&q=x").text();
    assert!(bad.contains("role=\"alert\""), "{bad}");
    let page = owner.get("/admin/leads/1").text();
    assert!(
        page.contains("First Name") && page.contains("Change Data Value"),
        "{page}"
    );
    assert!(
        page.contains("山田") && !page.contains("<script>alert"),
        "{page}"
    );
    assert_eq!(owner.get("/admin/leads/99").status, 404);
    assert_eq!(owner.get("/admin/leads/x").status, 404);
}

#[test]
fn the_pages_speak_the_language_of_the_visitor() {
    let (_directory, server) = house();
    let mut browser = Browser::owner(&server);
    browser.head = "Accept-Language: ko-KR, en;q=0.5\r\n".to_owned();
    let page = browser.get("/admin").text();
    assert!(
        page.contains("<html lang=\"ko\">") && page.contains("개요"),
        "{page}"
    );
    for (tag, word) in [
        ("it", "Riepilogo"),
        ("ja", "概要"),
        ("nl", "Overzicht"),
        ("zh-TW", "總覽"),
        ("en", "Overview"),
    ] {
        let chosen = browser.post("/admin/language", &[("language", tag), ("next", "/admin")]);
        assert_eq!(chosen.header("location"), Some("/admin"));
        for path in [
            "/admin",
            "/admin/calls",
            "/admin/leads",
            "/admin/leads?q=1",
            "/admin/users",
            "/admin/admins",
            "/admin/account",
            "/admin/audit",
            "/admin/connect",
        ] {
            let page = browser.get(path).text();
            assert!(page.contains(&format!("<html lang=\"{tag}\">")), "{path}");
            assert!(page.contains(word), "{path} {tag}");
        }
    }
    let elsewhere = browser.post(
        "/admin/language",
        &[("language", "it"), ("next", "//evil.example")],
    );
    assert_eq!(elsewhere.header("location"), Some("/admin"));
    // Who is not signed in has a cookie for it.
    let mut stranger = Browser::new(&server);
    stranger.post(
        "/admin/language",
        &[("language", "nl"), ("next", "/admin/sign-in")],
    );
    assert!(stranger.get("/admin/sign-in").text().contains("Inloggen"));
}

#[test]
fn passwords_are_changed_by_who_knows_them() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let mut other = Browser::new(&server);
    other.sign_in("owner", PASSWORD);
    let new = "another good password";
    let change = |current: &'static str, password: &'static str| {
        [
            ("what", "password"),
            ("current", current),
            ("password", password),
            ("again", password),
        ]
    };
    let refused = owner.post("/admin/account", &change("wrong", new));
    assert!(refused.text().contains("current password is wrong"));
    assert_eq!(
        owner
            .post("/admin/account", &change(PASSWORD, "short"))
            .status,
        422
    );
    assert_eq!(
        owner.post("/admin/account", &change(PASSWORD, new)).status,
        303
    );
    assert_eq!(owner.get("/admin").status, 200, "this session goes on");
    assert_eq!(other.get("/admin").status, 303, "others end");
    assert_eq!(other.sign_in("owner", PASSWORD).status, 403);
    let code = [("what", "codes-on"), ("current", new), ("code", "000000")];
    let wrong = owner.post("/admin/account", &code);
    assert!(
        wrong.text().contains("The code is wrong"),
        "{}",
        wrong.text()
    );
    assert!(
        owner
            .get("/admin/account")
            .text()
            .contains("otpauth://totp/leadkeep:owner?secret=")
    );
}

#[test]
fn who_is_locked_out_gets_a_new_password_on_the_command_line() {
    let (directory, server) = house();
    let mut owner = Browser::owner(&server);
    let (_, said) = leadkeep(directory.path(), &["admin", "list"]);
    assert_eq!(said, "owner   owner\n");
    let (done, said) = leadkeep(directory.path(), &["admin", "password", "nobody"]);
    assert!(!done);
    assert!(said.contains("there is no admin user \"nobody\""), "{said}");
    let (done, said) = leadkeep(directory.path(), &["admin", "password", "Owner"]);
    assert!(done, "{said}");
    let password = said.trim().strip_prefix("password  ").unwrap();
    assert_eq!(owner.get("/admin").status, 303, "sessions have ended");
    assert_eq!(owner.sign_in("owner", PASSWORD).status, 403);
    assert_eq!(owner.sign_in("owner", password).status, 303);
    assert!(owner.get("/admin/audit").text().contains("command line"));
}

#[test]
fn users_show_when_they_called_and_how_much_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on_with(directory.path(), "", &["--limits", "daily=5"]);
    let mut owner = Browser::owner(&server);
    let before = owner.get("/admin/users").text();
    assert!(before.contains(">0 / 5<"), "{before}");
    server.call(GET);
    server.call(GET);
    let page = owner.wait_for("/admin/users", ">2 / 5<");
    // The log of calls is written a little later.
    let day = &page_day(&mut owner);
    owner.wait_for("/admin/users", &format!("<td class=\"time\">{day}"));
    assert!(page.contains("Last call"), "{page}");
    let account = owner.get("/admin/account").text();
    assert!(
        account.contains("<svg class=\"code\" viewBox=\"0 0 "),
        "{account}"
    );
    assert!(
        account.contains("otpauth://totp/leadkeep:owner?secret="),
        "{account}"
    );
}

/// The day on which the last call was made, as pages write it.
fn page_day(browser: &mut Browser<'_>) -> String {
    let page = browser.wait_for("/admin/calls", "<td class=\"time\">");
    let (_, rest) = page.split_once("<td class=\"time\">").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest[..10].to_owned()
}
