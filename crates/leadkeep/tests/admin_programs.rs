//! Channels, tags, programs, workspaces and assignment rules made on the admin pages of the real server.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use support::browser::{Browser, house};

/// Where a form sends after it has done its work.
fn saved(answer: &support::Answer, path: &str) {
    let to = format!("{path}?done=saved");
    let text = answer.text();
    assert_eq!(answer.header("location"), Some(to.as_str()), "{text}");
}

/// From an empty instance to a program that a call finds, by forms alone.
#[test]
fn programs_are_made_of_channels_and_tags() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let page = owner.get("/admin/programs").text();
    assert!(page.contains("A program needs a channel."), "{page}");
    let here = "/admin/setup/programs";
    let channel = [
        ("what", "channel"),
        ("name", "Trade \"Fair\""),
        ("kind", "event"),
        ("status.0", "Invited"),
        ("step.0", "10"),
        ("status.2", "Came"),
        ("step.2", "20"),
        ("success.2", "on"),
    ];
    saved(&owner.post(here, &channel), here);
    // Statuses more, and another step of one that is there; what was not typed in stays.
    let more = [
        ("what", "channel"),
        ("name", "trade \"fair\""),
        ("status.0", "Registered"),
        ("step.0", "15"),
        ("status.1", "came"),
        ("step.1", "30"),
        ("success.1", "on"),
    ];
    saved(&owner.post(here, &more), here);
    let tag = [
        ("what", "tag"),
        ("name", "Region"),
        ("values", "EMEA\r\n\r\n  North America \r\n"),
    ];
    saved(&owner.post(here, &tag), here);
    saved(
        &owner.post(
            here,
            &[("what", "tag"), ("name", "Region"), ("values", "APAC")],
        ),
        here,
    );
    let file = owner.get("/admin/setup/provision.toml").text();
    for part in [
        "Invited",
        "Registered",
        "\"Came\"",
        "step = 30",
        "kind = \"event\"",
    ] {
        assert!(file.contains(part), "{part} in {file}");
    }
    assert!(!file.contains("step = 20"), "{file}");
    for value in ["EMEA", "North America", "APAC"] {
        assert!(file.contains(&format!("\"{value}\"")), "{value} in {file}");
    }
    let program = [("name", "Fair 2026"), ("channel", "Trade \"Fair\"")];
    saved(&owner.post("/admin/programs", &program), "/admin/programs");
    let answer = server.call(
        "<ns1:paramsGetMObjects><type>Program</type><mObjCriteriaList><mObjCriteria><attrName>Name</attrName>\
         <comparison>EQ</comparison><attrValue>Fair 2026</attrValue></mObjCriteria></mObjCriteriaList></ns1:paramsGetMObjects>",
    );
    assert!(answer.text().contains("Fair 2026"), "{}", answer.text());

    // What is wrong is said without lines that nobody has typed, and what was typed stays.
    for (path, fields, wanted) in [
        (
            "/admin/programs",
            &program[..],
            "There is a program Fair 2026 already.",
        ),
        (
            "/admin/programs",
            &[("name", "Other"), ("channel", "Hats")],
            "program.channel: expected",
        ),
        (
            here,
            &[("what", "channel"), ("name", "Mail")],
            "channel.statuses: expected at least one status",
        ),
        (
            here,
            &[
                ("what", "channel"),
                ("name", "Mail"),
                ("status.0", "Sent"),
                ("step.0", "ten"),
            ],
            "step: expected a whole number",
        ),
        (
            here,
            &[("what", "tag"), ("name", "Channel"), ("values", "x")],
            "other than Channel",
        ),
    ] {
        let refused = owner.post(path, fields);
        let text = refused.text();
        assert_eq!(refused.status, 422, "{text}");
        assert!(
            text.contains("role=\"alert\"") && text.contains(wanted),
            "{wanted} in {text}"
        );
        assert!(!text.contains("line 1"), "{text}");
        let typed = fields.iter().find(|(name, _)| *name == "name").unwrap().1;
        assert!(
            text.contains(&format!("value=\"{typed}\"")),
            "{typed} in {text}"
        );
    }
}

#[test]
fn workspaces_and_rules_send_new_leads_where_they_belong() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let here = "/admin/setup/workspaces";
    let workspace = [
        ("what", "workspace"),
        ("name", "Europe"),
        ("primary", "EU"),
        ("partitions", "EU\r\nAlps\r\n"),
    ];
    saved(&owner.post(here, &workspace), here);
    let more = [
        ("what", "workspace"),
        ("name", "europe"),
        ("primary", "EU"),
        ("partitions", "Islands"),
    ];
    saved(&owner.post(here, &more), here);
    for (country, partition) in [("Switzerland", "Alps"), ("Malta", "Islands")] {
        let rule = [
            ("what", "rule"),
            ("workspace", "Europe"),
            ("field", "Country"),
            ("equals", country),
            ("partition", partition),
        ];
        saved(&owner.post(here, &rule), here);
    }
    let file = owner.get("/admin/setup/provision.toml").text();
    assert!(
        file.contains("partitions = [\"EU\", \"Alps\", \"Islands\"]"),
        "{file}"
    );
    assert_eq!(file.matches("[[assignment_rule]]").count(), 2, "{file}");
    let page = owner.get(here).text();
    assert!(
        page.contains("Switzerland") && page.contains("Malta"),
        "{page}"
    );
    let refused = owner.post(
        here,
        &[
            ("what", "rule"),
            ("field", "Shoe"),
            ("equals", "41"),
            ("partition", "EU"),
        ],
    );
    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(
        text.contains("field") && text.contains("value=\"41\""),
        "{text}"
    );
    // Nobody else may.
    let viewer = [("what", "workspace"), ("name", "Asia"), ("primary", "Asia")];
    let mut viewer_browser = owner.added("vic", "viewer");
    assert_eq!(viewer_browser.post(here, &viewer).status, 403);
    assert_eq!(
        viewer_browser
            .post("/admin/programs", &[("name", "x")])
            .status,
        403
    );
}
