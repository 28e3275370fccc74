//! Cookies: whom they identify, and what becomes of their owners.

use super::*;
use crate::activities::WebPage;
use crate::store::WriteTxn;

const COOKIE: &str = "id:100-AEK-913&token:_mch-x.com-1400000000000-1";

fn page(path: &str) -> WebPage {
    WebPage {
        path: path.to_owned(),
        query: "aliId=7".to_owned(),
        referrer: "https://example.com/".to_owned(),
        client_address: "192.0.2.7".to_owned(),
        user_agent: "Browser/1".to_owned(),
    }
}

impl House {
    fn visit(&self, cookie: &str, path: &str) -> Result<i64, CallError> {
        let track =
            |txn: &mut dyn WriteTxn, now| track_visit(txn, &self.schema, now, cookie, &page(path));
        self.store.write_now(track).map(|lead| lead.0)
    }

    /// A syncLead with a cookie: what became of the record, or the error.
    fn by_cookie(&self, cookie: &str, line: &str) -> String {
        self.by_cookie_in(None, cookie, line)
    }

    fn by_cookie_in(&self, workspace: Option<&str>, cookie: &str, line: &str) -> String {
        let input = SyncLead {
            record: record(line),
            workspace: workspace.map(str::to_owned),
            cookie: Some(cookie.to_owned()),
            return_lead: false,
        };
        match self
            .store
            .write_now(|txn, now| sync_lead(txn, &self.schema, now, &input, None))
        {
            Ok((done, _)) => outcome(&done),
            Err(error) => error.to_string(),
        }
    }

    fn owner(&self, cookie: &str) -> String {
        self.ids(LeadKeyType::Cookie, cookie)
    }
}

/// DM-LEAD-2, DM-COOK-1, COM-13, ACT-14: a visit makes an anonymous lead, and the next one finds it.
#[test]
fn dm_cook_01_visits_have_a_lead() {
    let house = house();
    assert_eq!(house.visit(COOKIE, "/demo.html").unwrap(), 1);
    house.store.advance(60);
    assert_eq!(
        house
            .visit("token:_mch-x.com-1400000000000-1", "/more.html")
            .unwrap(),
        1
    );
    assert_eq!(house.visit("token:other", "/").unwrap(), 2);
    let row = house.row(1);
    assert!(row.anonymous && row.updated_at == house.store.now());
    assert_eq!(row.attrs.get("AnonymousIP"), Some("192.0.2.7"));
    assert_eq!(row.attrs.get("OriginalSourceType"), Some("Web Page Visits"));
    assert_eq!(house.owner(COOKIE), "1");
    assert_eq!(
        house.history(0)[0],
        "1 Visit Webpage [/demo.html] Webpage URL=/demo.html; Query Parameters=aliId=7; Referrer URL=https://example.com/; \
         Client IP Address=192.0.2.7; User Agent=Browser/1; Created At=2013-08-01 00:00:00"
    );
    for bad in [
        "",
        "x",
        "id:100-AEK-913",
        &format!("token:{}", "x".repeat(255)),
    ] {
        assert!(house.visit(bad, "/").is_err(), "{bad}");
    }
    assert_eq!(house.counts(), (2, 2, 3));
}

/// SL-2, SL-11, SL-33, SL-45, DM-COOK-3: a cookie alone is a key.
#[test]
fn sl_33_a_cookie_alone_identifies() {
    let house = house();
    house.visit(COOKIE, "/").unwrap();
    assert_eq!(house.by_cookie(COOKIE, "City=Bonn"), "UPDATED 1");
    assert!(!house.row(1).anonymous, "SL-11");
    assert_eq!(
        house.history(1),
        [
            "1 Change Data Value [City] Attribute Name=City; Old Value=; New Value=Bonn; Reason=SOAP API"
        ]
    );
    assert_eq!(
        house.by_cookie(COOKIE, "City=Ulm"),
        "UPDATED 1",
        "a known lead is updated"
    );
    assert_eq!(house.by_cookie("token:new", "City=Rom"), "CREATED 2");
    assert_eq!(house.by_cookie("token:newer", ""), "CREATED 3");
    assert_eq!(house.owner("token:newer"), "3");
    // Known without a single value.
    house.visit("token:quiet", "/").unwrap();
    assert_eq!(house.by_cookie("token:quiet", ""), "UPDATED 4");
    assert!(!house.row(4).anonymous);
    // An empty one is none.
    for empty in ["", " \n"] {
        assert_eq!(house.by_cookie(empty, ""), "a lead record is required");
        // What is missing is told before what is wrong.
        let nowhere = house.by_cookie_in(Some("Nowhere"), empty, "");
        assert_eq!(nowhere, "a lead record is required");
        assert_eq!(
            house.by_cookie(empty, "email e@x.com").split(' ').nth(1),
            Some("5")
        );
    }
}

/// COM-4, COM-8: a cookie that is sent without its account is the same one, and its account stays known.
#[test]
fn com_08_a_cookie_without_its_account_does_not_lose_it() {
    let house = house();
    let (own, other) = ("id:1-A-1&token:x", "id:2-B-2&token:x");
    assert_eq!(house.by_cookie(own, "City=Bonn"), "CREATED 1");
    assert_eq!(house.by_cookie("token:x", "City=Ulm"), "UPDATED 1");
    assert_eq!(house.by_cookie(other, "City=Rom"), "CREATED 2");
    assert_eq!(house.by_cookie(own, "City=Pau"), "UPDATED 1");
    assert_eq!(house.by_cookie("token:x", "City=Oslo"), "UPDATED 2");
    assert_eq!(
        (house.owner(own), house.owner(other)),
        ("1".into(), "2".into())
    );
}

/// SL-34, DM-COOK-2, ACT-15, ACT-22: beside another key a cookie is given to the lead that the key means.
#[test]
fn sl_34_beside_a_key_a_cookie_does_not_identify() {
    let house = house();
    house.batch(&[("email a@x.com; City=Bonn", "CREATED 1")]);
    house.visit(COOKIE, "/demo.html").unwrap();
    assert_eq!(
        house.by_cookie(COOKIE, "email a@x.com; Title=Boss"),
        "UPDATED 1"
    );
    // The anonymous lead is part of it.
    assert_eq!(house.ids(LeadKeyType::Idnum, "2"), "LeadNotFound");
    assert_eq!(house.owner(COOKIE), "1");
    let ip = house.row(1).attrs.get("AnonymousIP").map(str::to_owned);
    assert_eq!(ip.as_deref(), Some("192.0.2.7"), "web data move");
    let told: Vec<_> = house
        .history(1)
        .iter()
        .map(|line| line.split(" Attribute").next().unwrap().to_owned())
        .collect();
    assert!(
        told[0].starts_with("1 Visit Webpage [/demo.html]"),
        "{told:?}"
    );
    assert_eq!(told[1], "1 Change Data Value [Job Title]");
    assert!(
        told.last()
            .unwrap()
            .contains("Merge IDs=[2]; Merged in Sales=false; Merge Source=leaddb"),
        "{told:?}"
    );
    // A known owner loses the cookie and keeps its past.
    house.batch(&[("foreign F", "CREATED 3")]);
    assert_eq!(house.by_cookie(COOKIE, "foreign F"), "UPDATED 3");
    assert_eq!(house.owner(COOKIE), "3");
    assert!(
        house
            .history(0)
            .iter()
            .any(|line| line.starts_with("1 Visit Webpage"))
    );
    assert_eq!(house.by_cookie(COOKIE, "id 1; City=Rom"), "UPDATED 1");
    assert_eq!(house.owner(COOKIE), "1");
}

/// SL-34: where the key finds nobody, the anonymous owner becomes the lead; a known owner does not.
#[test]
fn sl_34_an_anonymous_owner_becomes_the_lead() {
    let house = house();
    house.visit(COOKIE, "/").unwrap();
    assert_eq!(
        house.by_cookie(COOKIE, "email a@x.com; foreign F; FirstName=Al"),
        "UPDATED 1"
    );
    let row = house.row(1);
    assert_eq!(
        (row.anonymous, row.email.as_deref()),
        (false, Some("a@x.com"))
    );
    assert_eq!(
        house.history(1).len(),
        2,
        "no New Lead: {:?}",
        house.history(1)
    );
    assert_eq!(house.by_cookie(COOKIE, "email b@x.com"), "CREATED 2");
    assert_eq!(
        house.owner(COOKIE),
        "2",
        "a second address from the same browser"
    );
    assert_eq!(
        house.by_cookie(COOKIE, "id 77"),
        "no lead found with IDNUM = 77"
    );
    assert_eq!(house.owner(COOKIE), "2");
    // SL-13, REQ-3: an attribute is a key too.
    house.visit("token:third", "/").unwrap();
    assert_eq!(house.by_cookie("token:third", "Email=a@x.com"), "UPDATED 1");
    assert_eq!(house.owner("token:third"), "1");
}

/// SL-24, SL-25, SL-30, DM-WSP-2, DM-WSP-3: where leads that cookies found may be.
#[test]
fn sl_25_a_cookie_finds_leads_of_its_workspace_only() {
    let house = demo();
    house.visit("token:a", "/").unwrap();
    house.visit("token:b", "/").unwrap();
    let refused = house.by_cookie_in(Some("EMEA"), "token:a", "City=Bonn");
    assert_eq!(
        refused,
        "Lead 1 is not in the primary partition of workspace EMEA"
    );
    assert!(house.row(1).anonymous, "nothing changes");
    // As a new lead the visitor goes where the workspace has its own.
    assert_eq!(
        house.by_cookie_in(Some("EMEA"), "token:b", "email b@x.com"),
        "UPDATED 2"
    );
    assert_ne!(house.row(2).partition, house.row(1).partition);
    assert_eq!(
        house.by_cookie_in(Some("EMEA"), "token:b", "City=Bonn"),
        "UPDATED 2"
    );
}
