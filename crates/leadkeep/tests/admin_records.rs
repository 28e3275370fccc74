//! Opportunities, programs, lists, campaigns and imports on the admin pages of the real server.

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
[[channel]]
name = "Fairs"
kind = "event"
statuses = [{ name = "Invited", step = 10, success = false }]

[[tag]]
type = "Region"
values = ["EMEA", "<b>"]

[[program]]
id = 1001
name = "Fair"
type = "Marketing Event"
channel = "Fairs"
tags = { Region = "EMEA" }
costs = [{ id = 7, month = "2026-07", amount = 1500.5, note = "Booth & lights" }]
tokens = { "{{my.gift}}" = "red pen" }

[[list]]
id = 1001
name = "Guests"
program = "Fair"

[[campaign]]
id = 1001
name = "Welcome"
program = "Fair"
kind = "trigger"
active = true
sources = ["MKTOWS"]
steps = [
  { do = "send_email", from = "us@x.com", subject = "Hello", text = "Your {{my.gift}}" },
]

[[campaign]]
id = 1002
name = "Nightly"
kind = "batch"
active = true
list = "Fair.Guests"
steps = [{ do = "add_to_list", list = "Fair.Guests" }]
"#;

fn house() -> (tempfile::TempDir, Server) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on_with(directory.path(), TOML, &[]);
    (directory, server)
}

fn lead(server: &Server, email: &str) {
    let record = format!("<leadRecord><Email>{email}</Email></leadRecord>");
    let call = format!(
        "<ns1:paramsSyncMultipleLeads><leadRecordList>{record}</leadRecordList></ns1:paramsSyncMultipleLeads>"
    );
    assert_eq!(server.call(&call).status, 200);
}

#[test]
fn opportunities_are_found_and_show_who_is_in_them() {
    let (directory, server) = house();
    lead(&server, "ann@x.com");
    let pair = |name: &str, value: &str| {
        format!("<attrib><name>{name}</name><value>{value}</value></attrib>")
    };
    let sync = |object: &str, pairs: &str| {
        format!(
            "<ns1:paramsSyncMObjects><mObjectList><mObject><type>{object}</type><attribList>{pairs}</attribList>\
             </mObject></mObjectList><operation>INSERT</operation></ns1:paramsSyncMObjects>"
        )
    };
    let deal = [
        pair("Name", "Bridge &lt;b&gt;"),
        pair("Amount", "1500.50"),
        pair("Stage", "Won"),
    ]
    .concat();
    let made = server.call(&sync("Opportunity", &deal)).text();
    assert!(made.contains("CREATED"), "{made}");
    let role = [
        pair("OpportunityId", "1"),
        pair("PersonId", "1"),
        pair("Role", "Buyer"),
        pair("IsPrimary", "true"),
    ]
    .concat();
    let made = server.call(&sync("OpportunityPersonRole", &role)).text();
    assert!(made.contains("CREATED"), "{made}");
    let mut owner = Browser::owner(&server);
    let link = "<a href=\"/admin/opportunities/1\">";
    for query in [
        "",
        "?q=1",
        "?by=Name&q=Bridge+%3Cb%3E",
        "?by=Amount&q=1500.5",
        "?by=Stage&q=Won",
    ] {
        let page = owner.get(&format!("/admin/opportunities{query}")).text();
        assert!(
            page.contains(link) && page.contains("Bridge &#60;b&#62;"),
            "{query}: {page}"
        );
    }
    for query in ["?q=2", "?by=Amount&q=many", "?by=Hat&q=x", "?by=Id&q=x"] {
        let page = owner.get(&format!("/admin/opportunities{query}"));
        assert!(page.status == 200 && !page.text().contains(link), "{query}");
    }
    let page = owner.get("/admin/opportunities/1").text();
    for part in [
        "/admin/leads/1",
        "ann@x.com",
        "Buyer",
        "<td>Yes</td>",
        "1500.5",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(owner.get("/admin/leads/1").text().contains(link));
    assert_eq!(owner.get("/admin/opportunities/2").status, 404);
    assert_eq!(owner.get("/admin/opportunities/x").status, 404);
    // How many there are is taken from the newest number.
    let database = directory.path().join("data/leadkeep.sqlite");
    let database = rusqlite::Connection::open(database).unwrap();
    let many = "UPDATE sequence SET next = 20001 WHERE name = 'opportunity'";
    assert_eq!(database.execute(many, []).unwrap(), 1);
    let made = server.call(&sync("Opportunity", &deal)).text();
    assert!(made.contains("<id>20001</id>"), "{made}");
    let path = "/admin/opportunities?by=Stage&q=Won";
    let page = owner.get(path).text();
    assert!(
        page.contains("“Stage” has no index") && !page.contains(link),
        "{page}"
    );
    assert!(owner.get("/admin/opportunities?q=1").text().contains(link));
    let field = [("by", "Stage"), ("q", "Won")];
    let mut viewer = owner.added("vera", "viewer");
    assert!(!viewer.get(path).text().contains("/opportunities/index"));
    let refused = viewer.post("/admin/opportunities/index", &field);
    assert_eq!(refused.status, 403);
    let made = owner.post("/admin/opportunities/index", &field);
    assert_eq!(made.status, 303);
    let page = owner.get(path).text();
    assert!(
        page.contains(link) && page.contains("/admin/opportunities/20001"),
        "{page}"
    );
    let hat = [("by", "Hat"), ("q", "x")];
    let unknown = owner.post("/admin/opportunities/index", &hat);
    assert_eq!(unknown.status, 404);
}

#[test]
fn programs_lists_and_campaigns_show_what_was_set_up() {
    let (_directory, server) = house();
    lead(&server, "ann@x.com");
    let mut owner = Browser::owner(&server);
    assert!(
        owner
            .get("/admin/programs")
            .text()
            .contains("/admin/programs/1001\">Fair")
    );
    let page = owner.get("/admin/programs/1001").text();
    for part in [
        "Fairs",
        "EMEA",
        "1500.5",
        "2026-07",
        "Booth &#38; lights",
        "{{my.gift}}",
        "red pen",
        "/admin/lists/1001",
        "/admin/campaigns/1001",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let page = owner.get("/admin/campaigns").text();
    assert!(
        page.contains("Fair.Welcome") && page.contains(">Nightly<"),
        "{page}"
    );
    let page = owner.get("/admin/campaigns/1001").text();
    assert!(
        page.contains("send_email") && page.contains("for single leads"),
        "{page}"
    );
    let page = owner.get("/admin/campaigns/1002").text();
    assert!(
        page.contains("Fair.Guests</a>") && page.contains("for a list"),
        "{page}"
    );
    let joined = server.call(
        "<ns1:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
         <keyValue>Fair.Guests</keyValue></listKey><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue>\
         </leadKey></listMemberList></ns1:paramsListOperation>",
    );
    assert_eq!(joined.element("success").as_deref(), Some("true"));
    let page = owner.get("/admin/lists/1001").text();
    assert!(
        page.contains("One lead.") && page.contains("ann@x.com"),
        "{page}"
    );
    let made = owner.post("/admin/lists/add", &[("name", "Friends")]);
    assert_eq!(
        made.header("location"),
        Some("/admin/lists/1002?done=saved")
    );
    // People join and leave by hand, with a history that says so.
    lead(&server, "bob@x.com");
    let page = owner.post(
        "/admin/lists/1002",
        &[("wanted", "1\r\n nobody@x.com\r\n\r\nBOB@x.com\r\n77")],
    );
    assert_eq!(page.status, 422);
    let page = page.text();
    for part in [
        "No lead was found for: nobody@x.com, 77. All others are on the list.",
        ">\nnobody@x.com\n77</textarea>",
        "2 leads.",
        "bob@x.com",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let history = owner.get("/admin/leads/2").text();
    assert!(
        history.contains("Add to List") && history.contains("Friends"),
        "{history}"
    );
    let left = owner.post("/admin/lists/1002", &[("remove", "2")]);
    assert_eq!(
        left.header("location"),
        Some("/admin/lists/1002?done=saved")
    );
    let page = owner.get("/admin/lists/1002").text();
    assert!(
        page.contains("One lead.") && !page.contains("bob@x.com"),
        "{page}"
    );
    assert!(
        owner
            .get("/admin/leads/2")
            .text()
            .contains("Remove from List")
    );
    for (wanted, reason) in [("", "20101"), ("12345678901", "20102")] {
        let refused = owner.post("/admin/lists/1002", &[("wanted", wanted)]);
        assert_eq!(refused.status, 422, "{reason}: {}", refused.text());
    }
    assert_eq!(
        owner.post("/admin/lists/77", &[("wanted", "1")]).status,
        404
    );
    let audit = owner.get("/admin/audit").text();
    for part in ["list.join", "list.leave", "list 1002", "2 leads"] {
        assert!(audit.contains(part), "{part} in {audit}");
    }
    let mut viewer = owner.added("vera", "viewer");
    assert!(
        !viewer
            .get("/admin/lists/1002")
            .text()
            .contains("name=\"remove\"")
    );
    let refused = viewer.post("/admin/lists/1002", &[("remove", "1")]);
    assert_eq!(refused.status, 403);
    let twice = owner.post("/admin/lists/add", &[("name", "friends")]);
    assert_eq!(twice.status, 422);
    assert!(
        twice
            .text()
            .contains("there is a list of this name already"),
        "{}",
        twice.text()
    );
    assert_eq!(owner.post("/admin/lists/add", &[("name", " ")]).status, 422);
    for path in ["programs", "lists", "campaigns"] {
        assert_eq!(owner.get(&format!("/admin/{path}/9")).status, 404, "{path}");
        assert_eq!(owner.get(&format!("/admin/{path}/x")).status, 404, "{path}");
    }
}

#[test]
fn steps_that_failed_are_done_again() {
    let (_directory, server) = house();
    lead(&server, "ann@x.com");
    let asked = server.call(
        "<ns1:paramsRequestCampaign><source>MKTOWS</source><campaignId>1001</campaignId><leadList><leadKey>\
         <keyType>EMAIL</keyType><keyValue>ann@x.com</keyValue></leadKey></leadList></ns1:paramsRequestCampaign>",
    );
    assert_eq!(asked.status, 200, "{}", asked.text());
    let mut owner = Browser::owner(&server);
    let path = "/admin/campaigns/failures";
    let page = owner.wait_for(path, "no mail server is set up");
    assert!(
        page.contains("Fair.Welcome") && page.contains("/admin/leads/1"),
        "{page}"
    );
    let metrics = owner.get("/metrics").text();
    assert!(
        metrics.contains("leadkeep_campaign_steps_failed 1\n"),
        "{metrics}"
    );
    let overview = owner.get("/admin").text();
    assert!(
        overview.contains("One step of a campaign has") && overview.contains(path),
        "{overview}"
    );
    assert!(owner.get("/admin/campaigns").text().contains(path));
    let (_, rest) = page.split_once("name=\"task\" value=\"all\"").unwrap();
    let (_, rest) = rest.split_once("name=\"task\" value=\"").unwrap();
    let task = rest.split('"').next().unwrap().to_owned();
    for which in [task.as_str(), "all", "9999"] {
        let done = owner.post("/admin/campaigns/replay", &[("task", which)]);
        assert_eq!(
            done.header("location"),
            Some("/admin/campaigns/failures?done=replayed")
        );
        // There is still no mail server.
        owner.wait_for(path, "no mail server is set up");
    }
    assert_eq!(
        owner
            .post("/admin/campaigns/replay", &[("task", "x")])
            .status,
        404
    );
    let audit = owner.get("/admin/audit").text();
    assert_eq!(audit.matches("campaign.replay").count(), 2, "{audit}");
}

#[test]
fn a_file_is_imported_and_its_failed_rows_come_back() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let file = "Email Address;Last Name;Lead Score;Shoe\r\nann@x.com;M\u{FC}ller;5;41\r\nbob@x.com;\"Lee; Bob\";many;42\r\n;Nobody;1;\r\n";
    let latin: Vec<u8> = file
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let fields = [
        ("list", "new"),
        ("new_list", "Friends"),
        ("encoding", "windows-1252"),
        ("mode", "upsert"),
    ];
    let taken = owner.upload("/admin/imports", &fields, &latin);
    assert_eq!(
        taken.header("location"),
        Some("/admin/imports/1"),
        "{}",
        taken.text()
    );
    let page = owner.wait_for("/admin/imports/1", ">Done<");
    for part in [
        "100 %",
        "value=\"3\"",
        "Friends</a>",
        "<td class=\"text\">Shoe</td>",
        "nothing",
        "neither Email Address nor Id",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let lead = owner.get("/admin/leads/1").text();
    assert!(
        lead.contains("Müller") && lead.contains("List import") && lead.contains("Friends</a>"),
        "{lead}"
    );
    let failed = owner.get("/admin/imports/1/failed.csv");
    assert_eq!(
        failed.header("content-disposition"),
        Some("attachment; filename=\"import-1-failed.csv\"")
    );
    let text = failed.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "Row,Reason,Email Address,Last Name,Lead Score,Shoe"
    );
    assert!(
        lines[1].starts_with("2,") && lines[1].ends_with(",bob@x.com,Lee; Bob,many,42"),
        "{text}"
    );
    assert_eq!(lines.len(), 3, "{text}");
    // Mended, it is taken as it is.
    let mended = text.replace("many", "7");
    let list = [("list", "1002"), ("mode", "upsert"), ("clear", "on")];
    owner.upload("/admin/imports", &list, mended.as_bytes());
    owner.wait_for("/admin/imports/2", ">Done<");
    let members = owner.get("/admin/lists/1002").text();
    assert!(
        members.contains("bob@x.com") && !members.contains("ann@x.com"),
        "{members}"
    );
    assert!(
        owner
            .get("/admin/imports")
            .text()
            .contains("/admin/imports/2")
    );
    assert!(owner.get("/admin/audit").text().contains("import.bring"));
    assert_eq!(owner.get("/admin/imports/3").status, 404);
    assert_eq!(owner.get("/admin/imports/3/failed.csv").status, 404);
}

#[test]
fn files_that_cannot_be_imported_say_why_and_change_nothing() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let list = ("list", "1001");
    for (fields, file, wanted) in [
        (&[list][..], &b""[..], "Choose a file."),
        (&[], b"Email\na@x.com\n", "Choose a list."),
        (&[("list", "99")], b"Email\na@x.com\n", "list 99 not found"),
        (
            &[list],
            b"Email\na@x.com\n\xFF\n",
            "Line 3 is not of this encoding.",
        ),
        (&[list], b"Email\n", "no row below the first line"),
        (
            &[list],
            b"Name\nBob\n",
            "a column Email Address or Id is required",
        ),
        (&[list], b"Email,{{my.gift}}\na@x.com,pen\n", "campaignName"),
        (
            &[("list", "new"), ("new_list", "")],
            b"Email\na@x.com\n",
            "expected a name",
        ),
    ] {
        let refused = owner.upload("/admin/imports", fields, file);
        assert_eq!(refused.status, 422, "{wanted}");
        let text = refused.text();
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    let broken = owner.post_bare("/admin/imports", &[("list", "1001")]);
    assert_eq!(broken.status, 400, "{}", broken.text());
    assert_eq!(owner.get("/admin/imports/1").status, 404);
    assert!(!owner.get("/admin/lists").text().contains("1002"));
    // Without the token of the session nothing is taken.
    let session = owner.cookie("leadkeep_session").unwrap().to_owned();
    let mut other = Browser::new(&server);
    other.set_cookie("leadkeep_session", &session);
    other.head = "Sec-Fetch-Site: cross-site\r\n".to_owned();
    assert_eq!(
        other
            .upload("/admin/imports", &[list], b"Email\na@x.com\n")
            .status,
        403
    );
}

#[test]
fn viewers_bring_and_stop_nothing() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let mut viewer = owner.added("vic", "viewer");
    for path in [
        "opportunities",
        "programs",
        "lists",
        "campaigns",
        "campaigns/failures",
        "imports",
    ] {
        let page = viewer.get(&format!("/admin/{path}"));
        assert_eq!(page.status, 200, "{path}");
        assert!(
            !page
                .text()
                .contains(&format!("action=\"/admin/{path}\" enctype")),
            "{path}"
        );
    }
    assert_eq!(
        viewer
            .upload("/admin/imports", &[("list", "1001")], b"Email\na@x.com\n")
            .status,
        403
    );
    for path in ["lists/add", "campaigns/replay", "imports/1/cancel"] {
        let refused = viewer.post(&format!("/admin/{path}"), &[("name", "x"), ("task", "all")]);
        assert_eq!(refused.status, 403, "{path}");
    }
    // An import that is not there is stopped by nobody.
    assert_eq!(owner.post("/admin/imports/9/cancel", &[]).status, 303);
}
