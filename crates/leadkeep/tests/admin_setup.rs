//! The set-up on the admin pages of the real server: what is defined there is what calls meet.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use support::browser::{Browser, house};
use support::{post, run_in, signed};

const TICKET: [(&str, &str); 9] = [
    ("name", "ticket_c"),
    ("display_name", "Ticket"),
    ("name.0", "number"),
    ("type.0", "string"),
    ("dedupe.0", "on"),
    ("name.1", "owner"),
    ("type.1", "email"),
    ("link.1", "Lead.Email"),
    ("type.2", "string"),
];

fn upsert(field: &str, value: &str) -> String {
    format!(
        "<ns1:paramsSyncCustomObjects><objTypeName>ticket_c</objTypeName><customObjList><customObj>\
         <customObjKeyList><attribute><attrName>number</attrName><attrValue>T-1</attrValue></attribute></customObjKeyList>\
         <customObjAttributeList><attribute><attrName>{field}</attrName><attrValue>{value}</attrValue></attribute>\
         </customObjAttributeList></customObj></customObjList><operation>UPSERT</operation></ns1:paramsSyncCustomObjects>"
    )
}

#[test]
fn a_custom_object_is_designed_and_called() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let lead = "<ns1:paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>ann@x.com</Email></leadRecord></leadRecordList></ns1:paramsSyncMultipleLeads>";
    assert_eq!(server.call(lead).status, 200);
    let made = owner.post("/admin/setup/objects", &TICKET);
    assert_eq!(
        made.header("location"),
        Some("/admin/setup/objects/ticket_c?done=saved"),
        "{}",
        made.text()
    );
    let synced = server.call(&upsert("owner", "ann@x.com")).text();
    assert!(synced.contains("CREATED"), "{synced}");
    assert!(owner.get("/admin/leads/1").text().contains("T-1"));
    let page = owner.get("/admin/setup/objects/ticket_c").text();
    for part in ["<code>number</code>", "Lead.Email", "<dd>1</dd>"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    // A field more is there for the next call.
    let seats = [("name.0", "seats"), ("type.0", "integer")];
    let more = owner.post("/admin/setup/objects/ticket_c", &seats);
    assert_eq!(
        more.header("location"),
        Some("/admin/setup/objects/ticket_c?done=saved"),
        "{}",
        more.text()
    );
    let synced = server.call(&upsert("seats", "4")).text();
    assert!(synced.contains("UPDATED"), "{synced}");
    let page = owner.get("/admin/setup/objects").text();
    assert!(
        page.contains("<option value=\"ticket_c.number\">"),
        "{page}"
    );
    let other = [
        ("name", "note_c"),
        ("strict", "on"),
        ("name.0", "text"),
        ("type.0", "string"),
        ("size.0", "40"),
        ("dedupe.0", "on"),
        ("name.1", "about"),
        ("type.1", "string"),
        ("link.1", "ticket_c.number"),
    ];
    assert_eq!(owner.post("/admin/setup/objects", &other).status, 303);
    let file = owner.get("/admin/setup/provision.toml").text();
    for part in ["strict = true", "size = 40", "link = \"ticket_c.number\""] {
        assert!(file.contains(part), "{part} in {file}");
    }
    // A field that is there is not made anew, and the display name means the same type.
    for path in ["ticket_c", "Ticket"] {
        let number = [("name.0", "Number"), ("type.0", "integer")];
        let refused = owner.post(&format!("/admin/setup/objects/{path}"), &number);
        assert_eq!(refused.status, 422, "{path}");
        assert!(
            refused.text().contains("There is a field Number already."),
            "{path}"
        );
    }
    let color = [("name.0", "color"), ("type.0", "string")];
    assert_eq!(
        owner.post("/admin/setup/objects/Ticket", &color).status,
        303
    );
    assert!(
        owner
            .get("/admin/setup/objects/ticket_c")
            .text()
            .contains("<code>color</code>")
    );
    // What would lose data is refused, and what was typed stays.
    let key = [
        ("name.0", "second"),
        ("type.0", "string"),
        ("dedupe.0", "on"),
    ];
    let refused = owner.post("/admin/setup/objects/ticket_c", &key);
    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(
        text.contains("role=\"alert\"") && text.contains("value=\"second\""),
        "{text}"
    );
    let twice = owner.post("/admin/setup/objects", &TICKET);
    assert_eq!(twice.status, 422);
    assert!(
        twice
            .text()
            .contains("There is a custom object ticket_c already."),
        "{}",
        twice.text()
    );
    let bad = owner.post(
        "/admin/setup/objects",
        &[("name", "no key"), ("name.0", "a\"]"), ("type.0", "hat")],
    );
    assert_eq!(bad.status, 422);
    assert!(
        bad.text().contains("a&#34;]") && bad.text().contains("expected"),
        "{}",
        bad.text()
    );
    assert_eq!(owner.get("/admin/setup/objects/hat").status, 404);
    assert_eq!(owner.post("/admin/setup/objects/hat", &seats).status, 404);
    let audit = owner.get("/admin/audit").text();
    assert!(
        audit.contains("setup.apply") && audit.contains("custom object ticket_c"),
        "{audit}"
    );
}

#[test]
fn a_field_is_added_and_synced() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let sync = "<ns1:paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>ann@x.com</Email><leadAttributeList><attribute>\
                <attrName>Shoe</attrName><attrValue>41</attrValue></attribute></leadAttributeList></leadRecord></leadRecordList>\
                </ns1:paramsSyncMultipleLeads>";
    assert_eq!(server.call(sync).status, 500, "the field is unknown");
    let fields = [
        ("object", "Lead"),
        ("name", "Shoe"),
        ("display_name", "Shoe size"),
        ("type", "integer"),
    ];
    let made = owner.post("/admin/setup", &fields);
    assert_eq!(
        made.header("location"),
        Some("/admin/setup?done=saved"),
        "{}",
        made.text()
    );
    let synced = server.call(sync);
    assert_eq!(synced.status, 200, "{}", synced.text());
    assert!(owner.get("/admin/leads/1").text().contains("Shoe size"));
    let found = owner.get("/admin/setup?q=SHOE").text();
    assert!(
        found.contains("<code>Shoe</code>") && !found.contains("<code>City</code>"),
        "{found}"
    );
    for (fields, wanted) in [
        (
            [
                ("object", "Lead"),
                ("name", "1st"),
                ("type", "string"),
                ("size", ""),
            ],
            "a field name",
        ),
        (
            [
                ("object", "Hat"),
                ("name", "a"),
                ("type", "string"),
                ("size", ""),
            ],
            "object",
        ),
        (
            [
                ("object", "Lead"),
                ("name", "a"),
                ("type", "string"),
                ("size", "wide"),
            ],
            "size",
        ),
        (
            [
                ("object", "Lead"),
                ("name", "shoe"),
                ("type", "date"),
                ("size", ""),
            ],
            "There is a field shoe already.",
        ),
    ] {
        let refused = owner.post("/admin/setup", &fields);
        assert_eq!(refused.status, 422, "{wanted}");
        let text = refused.text();
        assert!(
            text.contains("role=\"alert\"") && text.contains(wanted),
            "{wanted} in {text}"
        );
        assert!(
            text.contains(&format!("value=\"{}\"", fields[1].1)),
            "{text}"
        );
    }
}

#[test]
fn a_field_is_changed_as_far_as_no_value_is_lost() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let field = [
        ("object", "Company"),
        ("name", "Motto"),
        ("display_name", "Motto"),
        ("type", "string"),
        ("size", "40"),
    ];
    assert_eq!(owner.post("/admin/setup", &field).status, 303);
    let page = owner.get("/admin/setup").text();
    let path = "/admin/setup?object=Company&#38;name=Motto#field";
    assert!(page.contains(path), "{page}");
    let form = owner.get("/admin/setup?object=Company&name=Motto").text();
    for part in [
        "Change the field Motto",
        "name=\"changes\" value=\"on\"",
        "name=\"size\" value=\"40\"",
        "<option selected>string</option>",
    ] {
        assert!(form.contains(part), "{part} in {form}");
    }
    let lead = "<ns1:paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>ann@x.com</Email><leadAttributeList>\
                <attribute><attrName>Motto</attrName><attrValue>Onwards and upwards</attrValue></attribute>\
                </leadAttributeList></leadRecord></leadRecordList></ns1:paramsSyncMultipleLeads>";
    assert_eq!(server.call(lead).status, 200);
    let mut change = |display: &str, data_type: &str, size: &str| {
        let fields = [
            ("changes", "on"),
            ("object", "Company"),
            ("name", "Motto"),
            ("display_name", display),
            ("type", data_type),
            ("size", size),
        ];
        let answer = owner.post("/admin/setup", &fields);
        (answer.status, answer.text())
    };
    assert_eq!(change("Watchword", "string", "19").0, 303);
    for (data_type, size, reason) in [
        ("string", "18", "a record has a value of 19 characters"),
        ("integer", "", "records have values of this type"),
    ] {
        let (status, page) = change("Watchword", data_type, size);
        assert!(status == 422 && page.contains(reason), "{page}");
        assert!(page.contains("Change the field Motto"), "{page}");
    }
    let file = owner.get("/admin/setup/provision.toml").text();
    for part in [
        "name = \"Motto\"",
        "display_name = \"Watchword\"",
        "size = 19",
    ] {
        assert!(file.contains(part), "{part} in {file}");
    }
    let audit = owner.get("/admin/audit").text();
    assert!(audit.contains("field Company.Motto"), "{audit}");
    for (object, name) in [
        ("Lead", "FirstName"),
        ("Lead", "Nothing"),
        ("Role", "Motto2"),
    ] {
        let path = format!("/admin/setup?object={object}&name={name}");
        assert_eq!(owner.get(&path).status, 404, "{path}");
    }
}

#[test]
fn all_of_it_goes_into_a_file_and_comes_out_of_one() {
    let (directory, server) = house();
    let mut owner = Browser::owner(&server);
    let text = "[[tag]]\r\ntype = \"Region\"\r\nvalues = [\"EMEA\"]\r\n\r\n[[user]]\r\nid = \"crm\"\r\n\r\n\
                [[channel]]\r\nname = \"Fairs\"\r\nkind = \"event\"\r\nstatuses = [{ name = \"Invited\", step = 10, success = false }]\r\n";
    let preview = owner
        .post("/admin/setup/file", &[("text", text), ("what", "preview")])
        .text();
    assert!(
        preview.contains("It would change:") && preview.contains("Region"),
        "{preview}"
    );
    assert!(
        !owner.get("/admin/setup/programs").text().contains("Region"),
        "nothing was written"
    );
    let applied = owner
        .post("/admin/setup/file", &[("text", text), ("what", "apply")])
        .text();
    assert!(
        applied.contains("It has changed:") && applied.contains("New keys"),
        "{applied}"
    );
    let page = owner.get("/admin/setup/programs").text();
    assert!(page.contains("EMEA") && page.contains("Invited"), "{page}");
    assert!(
        owner
            .get("/admin/setup/workspaces")
            .text()
            .contains("Default")
    );
    let again = owner
        .post("/admin/setup/file", &[("text", text), ("what", "apply")])
        .text();
    assert!(again.contains("No changes."), "{again}");
    let bad = owner.post(
        "/admin/setup/file",
        &[("text", "[[tag]]\nhat = 1\n"), ("what", "apply")],
    );
    assert_eq!(bad.status, 422);
    assert!(
        bad.text().contains("line 2") && bad.text().contains("hat = 1"),
        "{}",
        bad.text()
    );
    let file = owner.get("/admin/setup/provision.toml");
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"provision.toml\"")
    );
    let text = file.text();
    assert!(
        text.contains("Fairs") && !text.contains("demo_key"),
        "{text}"
    );
    std::fs::write(directory.path().join("all.toml"), &text).unwrap();
    let (code, said, complained) =
        run_in(directory.path(), &["apply", "all.toml", "--data", "data"]);
    assert_eq!((code, said.trim()), (0, "no changes"), "{complained}");
}

#[test]
fn only_owners_change_the_set_up() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let mut editor = owner.added("ed", "editor");
    for path in [
        "",
        "/objects",
        "/programs",
        "/workspaces",
        "/file",
        "/provision.toml",
    ] {
        let page = editor.get(&format!("/admin/setup{path}"));
        assert_eq!(page.status, 200, "{path}");
        assert!(
            !page
                .text()
                .contains("method=\"post\" action=\"/admin/setup"),
            "{path}"
        );
    }
    for path in ["", "/objects", "/objects/ticket_c", "/file"] {
        let refused = editor.post(
            &format!("/admin/setup{path}"),
            &[("text", ""), ("what", "apply")],
        );
        assert_eq!(refused.status, 403, "{path}");
    }
}

/// TOML has several ways to say the same: a user without a key gets one in all of them, and never an empty one.
#[test]
fn users_of_a_file_never_get_an_empty_key() {
    let (directory, server) = house();
    let mut owner = Browser::owner(&server);
    let message = "<ns1:paramsListMObjects/>";
    for (user, text) in [
        ("inline", "user = [{ id = \"inline\" }]\n"),
        ("wide", "[[ user ]]\nid = \"wide\"\n"),
    ] {
        let applied = owner
            .post("/admin/setup/file", &[("text", text), ("what", "apply")])
            .text();
        let (_, rest) = applied.split_once(&format!("<pre>{user}  ")).unwrap();
        assert_eq!(
            rest.split(['\n', '<']).next().unwrap().len(),
            40,
            "{applied}"
        );
        let forged = server.raw(&post("3_1", "", &signed(user, "", message)));
        assert!(forged.text().contains("20014"), "{}", forged.text());
    }
    for (user, text) in [
        ("inline_c", "user = [{ id = \"inline_c\" }]\n"),
        ("wide_c", "[[ user ]]\nid = \"wide_c\"\n"),
    ] {
        std::fs::write(directory.path().join("u.toml"), text).unwrap();
        let (code, said, complained) =
            run_in(directory.path(), &["apply", "u.toml", "--data", "data"]);
        assert_eq!(code, 0, "{complained}");
        assert!(said.contains(user), "{said}");
        let forged = server.raw(&post("3_1", "", &signed(user, "", message)));
        assert!(forged.text().contains("20014"), "{}", forged.text());
    }
}

/// Rows of a form that have no name, but something else, are refused; what is typed in again keeps what the form does not show.
#[test]
fn what_is_typed_in_is_not_dropped() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let text = "[[channel]]\nname = \"Fairs\"\nkind = \"event\"\nstatuses = [{ name = \"Came\", step = 40, success = false, \
                check_in = \"Attended\" }, { name = \"Left\", step = 50, success = false }]\n";
    let file = [("text", text), ("what", "apply")];
    assert_eq!(owner.post("/admin/setup/file", &file).status, 200);
    let again = [
        ("what", "channel"),
        ("name", "Fairs"),
        ("status.0", "came"),
        ("step.0", "45"),
        ("success.0", "on"),
    ];
    let made = owner.post("/admin/setup/programs", &again);
    assert_eq!(made.status, 303, "{}", made.text());
    let exported = owner.get("/admin/setup/provision.toml").text();
    let came = "name = \"Came\", step = 45, success = true, check_in = \"Attended\"";
    assert!(exported.contains(came), "{exported}");
    let nameless = [("what", "channel"), ("name", "Fairs"), ("step.0", "80")];
    let refused = owner.post("/admin/setup/programs", &nameless);
    assert_eq!(refused.status, 422, "{}", refused.text());
    let nameless = [
        ("name", "odd_c"),
        ("name.0", "k"),
        ("type.0", "string"),
        ("dedupe.0", "on"),
        ("display_name.1", "Contract number"),
        ("type.1", "string"),
    ];
    let refused = owner.post("/admin/setup/objects", &nameless);
    assert_eq!(refused.status, 422, "{}", refused.text());
}
