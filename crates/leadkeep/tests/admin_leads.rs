//! Leads on the admin pages of the real server: finding, editing, merging and deleting them.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use support::Server;
use support::browser::Browser;

const TOML: &str = r#"
[[custom_object]]
name = "ticket_c"
fields = [
  { name = "number", type = "string", dedupe = true },
  { name = "owner", type = "email", link = "Lead.Email" },
]

[[channel]]
name = "Fairs"
kind = "event"
statuses = [{ name = "Invited", step = 10, success = false }]

[[program]]
name = "Fair"
type = "Marketing Event"
channel = "Fairs"

[[list]]
name = "Guests"
program = "Fair"
"#;

/// A record of syncMultipleLeads: an address, then names and values.
fn record(email: &str, values: &[(&str, &str)]) -> String {
    let values: String = values
        .iter()
        .map(|(name, value)| {
            format!(
                "<attribute><attrName>{name}</attrName><attrValue>{value}</attrValue></attribute>"
            )
        })
        .collect();
    format!(
        "<leadRecord><Email>{email}</Email><leadAttributeList>{values}</leadAttributeList></leadRecord>"
    )
}

fn sync(records: &[String]) -> String {
    let records = records.concat();
    format!(
        "<ns1:paramsSyncMultipleLeads><leadRecordList>{records}</leadRecordList></ns1:paramsSyncMultipleLeads>"
    )
}

/// A server with three leads, and its owner.
fn house() -> (tempfile::TempDir, Server) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on_with(directory.path(), TOML, &[]);
    let made = server.call(&sync(&[
        record(
            "ann@x.com",
            &[
                ("LastName", "Meier"),
                ("Company", "Müller AG"),
                ("City", "Bonn"),
            ],
        ),
        record("bob@x.com", &[("LastName", "meier"), ("Phone", "1")]),
        record("山@x.com", &[("LastName", "山田"), ("FirstName", "太郎")]),
    ]));
    assert_eq!(made.status, 200, "{}", made.text());
    (directory, server)
}

/// The links to leads of a page, in its order.
fn leads(page: &str) -> Vec<String> {
    let links = page.split("<a href=\"/admin/leads/").skip(1);
    links
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn leads_are_found_by_any_field_and_the_newest_come_first() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    assert_eq!(leads(&owner.get("/admin/leads").text()), ["3", "2", "1"]);
    for (by, q, expected) in [
        ("field.LastName", "mei", &["2", "1"][..]),
        ("field.Company", "m%C3%BC", &["1"]),
        ("field.LastName", "%E5%B1%B1", &["3"]),
        ("field.City", "Ulm", &[]),
        ("EMAIL", "BOB@x.com", &["2"]),
        ("field.Email", "BOB@x.com", &["2"]),
        ("IDNUM", "3", &["3"]),
    ] {
        let page = owner.get(&format!("/admin/leads?by={by}&q={q}")).text();
        assert_eq!(leads(&page), expected, "{by} {q}");
    }
    let unknown = owner.get("/admin/leads?by=field.Hat&q=x").text();
    assert!(unknown.contains("unknown fields: Hat"), "{unknown}");
    let element = owner.get("/admin/leads?by=field.Id&q=1").text();
    assert!(element.contains("unknown fields: Id"), "{element}");
}

#[test]
fn a_search_that_would_look_at_many_leads_asks_for_an_index() {
    let (_directory, server) = house();
    // The number of leads is taken from the newest id.
    let call = "<ns1:paramsSyncMultipleLeads><leadRecordList>".to_owned();
    let many: String = (0..1_000)
        .map(|n| record(&format!("l{n}@x.com"), &[]))
        .collect();
    for _ in 0..20 {
        let message = format!(
            "{call}{many}</leadRecordList><dedupEnabled>false</dedupEnabled></ns1:paramsSyncMultipleLeads>"
        );
        assert_eq!(server.call(&message).status, 200);
    }
    let mut owner = Browser::owner(&server);
    let path = "/admin/leads?by=field.LastName&q=Mei";
    let page = owner.get(path).text();
    assert!(page.contains("“Last Name” has no index"), "{page}");
    assert!(leads(&page).is_empty());
    let made = owner.post(
        "/admin/leads/index",
        &[("by", "field.LastName"), ("q", "Mei")],
    );
    assert_eq!(
        made.header("location"),
        Some("/admin/leads?by=field.lastname&q=mei")
    );
    assert_eq!(leads(&owner.get(path).text()), ["1", "2"]);
    let page = owner.get("/admin/leads").text();
    assert_eq!(leads(&page).len(), 100);
    assert!(page.contains("?before="), "{page}");
    assert_eq!(
        leads(&owner.get("/admin/leads?before=3").text()),
        ["2", "1"]
    );
    assert_eq!(
        owner
            .post("/admin/leads/index", &[("by", "field.Hat"), ("q", "")])
            .status,
        404
    );
}

#[test]
fn a_lead_is_edited_by_the_rules_of_the_api() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let form = owner.get("/admin/leads/1/edit").text();
    for part in [
        "name=\"after.City\" value=\"Bonn\"",
        "name=\"before.City\" value=\"Bonn\"",
        "name=\"after.Email\"",
    ] {
        assert!(form.contains(part), "{part} in {form}");
    }
    let edited = owner.post(
        "/admin/leads/1/edit",
        &[
            ("before.City", "Bonn"),
            ("after.City", "Köln <b>"),
            ("before.Phone", ""),
            ("after.Phone", ""),
            ("before.Company", "Müller AG"),
            ("after.Company", ""),
        ],
    );
    assert_eq!(edited.header("location"), Some("/admin/leads/1?done=saved"));
    let page = owner.get("/admin/leads/1?done=saved").text();
    assert!(
        page.contains("Saved.") && page.contains("Köln &#60;b&#62;"),
        "{page}"
    );
    assert!(page.contains("User changed value"), "{page}");
    assert!(!page.contains("Müller AG</dd>"), "{page}");
    // What somebody else has changed since is not lost, and neither is what was typed.
    let late = owner.post(
        "/admin/leads/1/edit",
        &[
            ("before.City", "Bonn"),
            ("after.City", "Ulm"),
            ("before.Phone", ""),
            ("after.Phone", "7"),
        ],
    );
    assert_eq!(late.status, 422);
    let text = late.text();
    assert!(text.contains("somebody else has changed it"), "{text}");
    assert!(text.contains("name=\"after.City\" value=\"Ulm\""), "{text}");
    assert!(text.contains("name=\"before.City\" value=\"Köln"), "{text}");
    let bad = owner.post(
        "/admin/leads/1/edit",
        &[("before.LeadScore", ""), ("after.LeadScore", "five")],
    );
    assert_eq!(bad.status, 422);
    assert!(bad.text().contains("LeadScore: "), "{}", bad.text());
    let unknown = owner.post(
        "/admin/leads/1/edit",
        &[("before.Hat", ""), ("after.Hat", "x")],
    );
    assert_eq!(unknown.status, 422);
    assert_eq!(
        owner
            .post("/admin/leads/99/edit", &[("after.City", "x")])
            .status,
        404
    );
    assert!(owner.get("/admin/leads/1").text().contains("Köln"));
    let audit = owner.get("/admin/audit").text();
    assert!(
        audit.contains("lead.edit") && audit.contains("City, Company"),
        "{audit}"
    );
}

#[test]
fn leads_are_merged_and_their_ids_lead_to_the_winner() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let both = owner.get("/admin/leads/1/merge?other=2").text();
    assert!(
        both.contains("bob@x.com") && both.contains("ann@x.com"),
        "{both}"
    );
    for (other, wanted) in [
        ("99", "There is no lead 99."),
        ("1", "cannot become part of itself"),
        ("x", "There is no lead x."),
    ] {
        let page = owner.get(&format!("/admin/leads/1/merge?other={other}"));
        assert_eq!(page.status, 422, "{other}");
        assert!(page.text().contains(wanted), "{}", page.text());
        assert_eq!(
            owner
                .post("/admin/leads/1/merge", &[("other", other)])
                .status,
            422,
            "{other}"
        );
    }
    let merged = owner.post("/admin/leads/1/merge", &[("other", "2")]);
    assert_eq!(
        merged.header("location"),
        Some("/admin/leads/1?done=merged")
    );
    let page = owner.get("/admin/leads/1").text();
    assert!(page.contains("leaddb") && page.contains("[2]"), "{page}");
    // No lead stands for it any more, but its number is known.
    assert_eq!(
        owner.get("/admin/leads/2").header("location"),
        Some("/admin/leads/1")
    );
    assert_eq!(leads(&owner.get("/admin/leads?q=2").text()), ["1"]);
    assert_eq!(owner.get("/admin/leads/2/edit").status, 404);
    assert!(owner.get("/admin/audit").text().contains("with lead 2"));
}

#[test]
fn a_lead_is_deleted_after_a_question() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    assert!(
        owner
            .get("/admin/leads/2/delete")
            .text()
            .contains("bob@x.com")
    );
    let gone = owner.post("/admin/leads/2/delete", &[]);
    assert_eq!(gone.header("location"), Some("/admin/leads?done=deleted"));
    assert!(
        owner
            .get("/admin/leads?done=deleted")
            .text()
            .contains("Deleted.")
    );
    assert_eq!(owner.get("/admin/leads/2").status, 404);
    assert_eq!(owner.post("/admin/leads/2/delete", &[]).status, 303);
    let audit = owner.get("/admin/audit").text();
    assert_eq!(audit.matches("lead.delete").count(), 1, "{audit}");
}

#[test]
fn a_page_shows_what_belongs_to_its_lead() {
    let (_directory, server) = house();
    let synced = server.call(
        "<ns1:paramsSyncCustomObjects><objTypeName>ticket_c</objTypeName><customObjList><customObj>\
         <customObjKeyList><attribute><attrName>number</attrName><attrValue>T-1</attrValue></attribute></customObjKeyList>\
         <customObjAttributeList><attribute><attrName>owner</attrName><attrValue>ann@x.com</attrValue></attribute></customObjAttributeList>\
         </customObj></customObjList><operation>UPSERT</operation></ns1:paramsSyncCustomObjects>",
    );
    assert!(synced.text().contains("CREATED"), "{}", synced.text());
    let joined = server.call(
        "<ns1:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
         <keyValue>Fair.Guests</keyValue></listKey><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue>\
         </leadKey></listMemberList></ns1:paramsListOperation>",
    );
    assert_eq!(
        joined.element("success").as_deref(),
        Some("true"),
        "{}",
        joined.text()
    );
    let mut owner = Browser::owner(&server);
    let page = owner.get("/admin/leads/1").text();
    for part in [
        "T-1",
        "Fair.Guests</a>",
        "Add to List",
        "<code class=\"faint\">LastName</code>",
        "<dt>Created</dt>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("; </td>"), "{page}");
    assert!(!owner.get("/admin/leads/2").text().contains("T-1"));
    // A place in the history that is none shows its beginning.
    assert_eq!(
        owner
            .get("/admin/leads/1?after=nonsense")
            .header("location"),
        Some("/admin/leads/1")
    );
    assert_eq!(owner.get("/admin/leads/9?after=nonsense").status, 404);
}

#[test]
fn viewers_change_no_lead() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let mut viewer = owner.added("vic", "viewer");
    let page = viewer.get("/admin/leads/1").text();
    assert!(page.contains("Bonn") && !page.contains("/edit"), "{page}");
    for path in ["edit", "merge", "delete"] {
        let path = format!("/admin/leads/1/{path}");
        assert_eq!(viewer.get(&path).status, 403, "{path}");
        let fields = [("other", "2"), ("before.City", "Bonn"), ("after.City", "x")];
        assert_eq!(viewer.post(&path, &fields).status, 403, "{path}");
    }
    let index = viewer.post("/admin/leads/index", &[("by", "field.LastName")]);
    assert_eq!(index.status, 403);
    assert!(viewer.get("/admin/leads/1").text().contains("Bonn"));
}
