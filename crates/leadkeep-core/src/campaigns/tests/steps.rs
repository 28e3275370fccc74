//! What steps do, and what they leave in histories (ACT-71).

use super::*;

const HOUR: u32 = 3_600;

/// ACT-71, ACT-5, ACT-23: values and scores, in order, with the campaign's name.
#[test]
fn act_71_values_and_scores_change() {
    let house = house(&trigger(
        1,
        r#"{ do = "change_data_value", field = "City", value = "{{lead.First Name:default=friend}} {{my.gift}}" },
           { do = "change_data_value", field = "City", value = "NULL" },
           { do = "change_score", field = "LeadScore", by = 5 },
           { do = "change_score", field = "LeadScore", by = "-20" },
           { do = "change_score", field = "LeadScore", to = -5 },
           { do = "change_score", field = "LeadScore", to = 3 }"#,
    ));
    house.request(1, &[1]);
    house.work();
    assert_eq!(house.value(1, "LeadScore").as_deref(), Some("3"));
    assert_eq!(house.value(1, "City"), None);
    let reason = |action| format!("Reason=Changed by Smart Campaign C1 action {action}");
    let value = |step: u32, name: &str, old: &str, new: &str, action| {
        format!(
            "1 Change Data Value [{name}] Attribute Name={name}; Old Value={old}; New Value={new}; {}; \
             Step ID={step}; Choice Number=0 <C1>",
            reason(action)
        )
    };
    let score = |step: u32, change: &str, old: &str, new: &str| {
        [
            format!(
                "1 Change Score [Lead Score] Score Name=Lead Score; Change Value={change}; New Value={new}; \
                 Old Value={old}; {} <C1>",
                reason("Change Score")
            ),
            value(step, "Lead Score", old, new, "Change Score"),
        ]
    };
    let mut expected = vec![
        value(1, "City", "", "Ann ", "Change Data Value"),
        value(2, "City", "Ann ", "", "Change Data Value"),
    ];
    expected.extend(score(3, "+5", "10", "15"));
    expected.extend(score(4, "-20", "15", "-5"));
    expected.extend(score(6, "=3", "-5", "3"));
    // Step 5 changes nothing, and says nothing.
    assert_eq!(house.history()[1..], expected);
}

/// ACT-71, ACT-14: lists.
#[test]
fn act_71_leads_join_and_leave_lists() {
    let house = house(&trigger(
        1,
        r#"{ do = "add_to_list", list = "Spring.Guests" }, { do = "add_to_list", list = "Spring.Guests" },
           { do = "add_to_list", list = "Outside" }, { do = "remove_from_list", list = "Spring.Guests" }"#,
    ));
    house.request(1, &[2]);
    house.work();
    assert_eq!((house.members(1), house.members(2)), (vec![], vec![2]));
    assert_eq!(
        house.history()[1..],
        [
            "2 Add to List [Spring.Guests] List ID=1; Source=Smart Campaign <C1>",
            "2 Add to List [Outside] List ID=2; Source=Smart Campaign <C1>",
            "2 Remove from List [Spring.Guests] List ID=1; Source=Smart Campaign <C1>",
        ]
    );
}

/// DM-DEL-1, DM-DEL-2, DM-DEL-3, ACT-80: the lead goes with all it had; one line stays.
#[test]
fn dm_del_02_a_lead_can_be_deleted() {
    let house = house(
        &(trigger(
            1,
            r#"{ do = "add_to_list", list = "Outside" }, { do = "delete_lead" }, { do = "add_to_list", list = "Outside" }"#,
        ) + &trigger(2, r#"{ do = "wait", for = "1h" }, { do = "delete_lead" }"#)
            + r#"
[[custom_object]]
name = "RoadShow"
fields = [
  { name = "MKTOID", type = "integer", dedupe = true, link = "Lead.Id" },
  { name = "rid", type = "string", dedupe = true },
]
"#),
    );
    let object = house.schema.custom_objects[0].id;
    let record = |lead: i64| crate::custom_objects::RecordInput {
        keys: pairs(&[("MKTOID", &lead.to_string()), ("rid", "R")]),
        attributes: Vec::new(),
    };
    let records: Vec<_> = [1, 2].map(record).to_vec();
    house
        .store
        .write_now(|txn, now| {
            crate::custom_objects::sync_custom_objects(
                txn,
                &house.schema,
                now,
                "RoadShow",
                crate::mobjects::SyncOperation::Upsert,
                &records,
            )
        })
        .unwrap();
    house.request(1, &[1, 2]);
    house.request(2, &[2]);
    house.work();
    let (counts, records) = house
        .store
        .read_now(|txn, _| {
            Ok::<_, crate::store::StoreError>((
                txn.counts()?,
                txn.count_records(object, &[], None)?,
            ))
        })
        .unwrap();
    assert_eq!((counts.leads, counts.companies, records), (1, 1, 0));
    assert_eq!((house.members(2), house.tasks()), (vec![], 0));
    let told = house.store.read_now(|txn, _| {
        txn.activities_after(&LeadScope::All, &ActivityFilter::default(), None, 99)
    });
    let told = told.unwrap();
    assert_eq!(
        told.len(),
        3,
        "New Lead of cy, and two that outlive their leads: {told:?}"
    );
    let last = &told[1].what;
    assert_eq!(last.asset.as_deref(), Some("Ann"));
    assert_eq!((last.lead, last.activity_type.0), (LeadId(1), 37));
    house.store.advance(2 * HOUR);
    assert_eq!(house.work(), [], "there is nobody to go on with");
}

/// RC-17: a wait holds the rest back, whatever happens to the server meanwhile.
#[test]
fn rc_17_waits_hold_the_rest_back() {
    let house = house(&trigger(
        1,
        r#"{ do = "wait", for = "2h" }, { do = "change_data_value", field = "City", value = "Rome" }"#,
    ));
    house.request(1, &[1]);
    house.work();
    house.store.advance(2 * HOUR - 1);
    house.work();
    assert_eq!(house.value(1, "City"), None);
    house.store.advance(1);
    house.work();
    assert_eq!(house.value(1, "City").as_deref(), Some("Rome"));
}

/// A step goes to the winner of a merge that came in between (COM-12).
#[test]
fn dm_mrg_06_a_merge_takes_the_steps_along() {
    let house = house(&trigger(
        1,
        r#"{ do = "wait", for = "1h" }, { do = "change_score", field = "LeadScore", by = 1 }"#,
    ));
    house.request(1, &[1, 2, 3]);
    house.work();
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(3), &[LeadId(1)]))
        .unwrap();
    house.store.advance(HOUR);
    house.work();
    assert_eq!(
        house.value(3, "LeadScore").as_deref(),
        Some("2"),
        "once for each of the two"
    );
    assert_eq!(house.tasks(), 0);
}

/// Campaigns that request each other end; with waits between them they go on for ever.
#[test]
fn rc_17_campaigns_request_each_other() {
    let steps = |other: i64| format!(r#"{{ do = "request_campaign", campaign = "{other}" }}"#);
    let house = house(&(trigger(1, &steps(2)) + &trigger(2, &steps(1))));
    house.request(1, &[1]);
    house.work();
    assert_eq!(house.history().len(), 11);
    assert_eq!(
        house.history()[1],
        "1 Request Campaign [C2] Campaign ID=2; Source=Smart Campaign <C1>"
    );
    assert_eq!(
        house.failures(),
        ["1 C1 Request Campaign: campaigns request each other more than 10 times in a row"]
    );
}

/// What does not work is kept, and the lead goes on; done again it is that step alone.
#[test]
fn rc_17_a_step_that_failed_can_be_done_again() {
    let mut house = house(
        &(trigger(
            1,
            r#"{ do = "request_campaign", campaign = "2" }, { do = "add_to_list", list = "Outside" }"#,
        ) + &trigger(2, "").replace("kind", "active = false\nkind")),
    );
    house.request(1, &[1, 2]);
    house.work();
    assert_eq!(house.members(2), [1, 2]);
    let reason =
        "the campaign 2 cannot be requested: there is no active trigger campaign of that id";
    let failed = |lead| format!("{lead} C1 Request Campaign: {reason}");
    assert_eq!(house.failures(), [failed(1), failed(2)]);
    let replay = |house: &House, tasks: Option<&[TaskId]>| {
        let done = house.store.write_now(|txn, now| replay(txn, now, tasks));
        let done = done.unwrap();
        house.work();
        done
    };
    assert_eq!(replay(&house, None), 2);
    assert_eq!(house.failures(), [failed(1), failed(2)], "still off");
    for campaign in &mut house.schema.campaigns {
        campaign.active = true;
    }
    let first = house.store.read_now(|txn, _| txn.failed_tasks(None, 1));
    let first = first.unwrap()[0].id;
    assert_eq!(replay(&house, Some(&[first, TaskId(999)])), 1);
    assert_eq!(house.failures(), [failed(2)]);
    assert_eq!(replay(&house, None), 1);
    assert_eq!((house.failures().len(), house.tasks()), (0, 0));
    let joined = house.history().into_iter();
    let joined = joined.filter(|line| line.contains("Add to List"));
    assert_eq!(joined.count(), 2, "the step after it is not done again");
}

const MAIL: &str = r#"{ do = "send_email", from = "a@b.com", subject = "Hi {{lead.First Name}}", text = "{{my.gift}}",
    html = "<b>{{lead.First Name}}</b>", reply_to = "r@b.com" }, { do = "add_to_list", list = "Outside" }"#;

/// ACT-71: a mail is handed out, told when it was taken, and not sent to who wants none.
#[test]
fn act_71_mails_are_handed_out() {
    let house = house(&trigger(1, MAIL));
    house.sync("ann@x.com", &[("Unsubscribed", "1")]);
    house.sync("cy@x.com", &[("EmailInvalid", "1")]);
    house.request(1, &[1, 2, 3]);
    let before = house.history().len();
    let outgoing = house.work();
    assert_eq!(house.members(2), [1, 3], "those who want none go on");
    let [mail] = &outgoing[..] else {
        panic!("{outgoing:?}");
    };
    let expected = Message::Email {
        from: "a@b.com".to_owned(),
        to: "bob@x.com".to_owned(),
        reply_to: Some("r@b.com".to_owned()),
        subject: "Hi Bob \"B\"".to_owned(),
        text: String::new(),
        html: Some("<b>Bob &quot;B&quot;</b>".to_owned()),
    };
    assert_eq!((&mail.message, mail.attempt), (&expected, 1));
    // Nothing more happens until it is known what became of it.
    assert_eq!(house.work(), []);
    house.sent(mail, &Sent::Taken);
    house.work();
    assert_eq!(house.members(2), [1, 2, 3]);
    let told = house.history()[before..].to_vec();
    let told: Vec<_> = told
        .iter()
        .filter(|line| line.contains("Send Email"))
        .collect();
    assert_eq!(
        told,
        [&format!(
            "2 Send Email [Hi Bob \"B\"] Campaign Run ID={}; Choice Number=0; Step ID=1 <C1>",
            mail.task
        )]
    );
    // An answer that comes twice counts once.
    house.sent(mail, &Sent::Never("late".to_owned()));
    assert_eq!((house.failures().len(), house.tasks()), (0, 0));
}

/// COM-12: what became of a mail is told of the lead that has taken the other one in meanwhile.
#[test]
fn dm_mrg_06_a_mail_on_its_way_belongs_to_the_winner() {
    let house = house(&trigger(1, MAIL));
    house.request(1, &[2]);
    let outgoing = house.work();
    let [mail] = &outgoing[..] else {
        panic!("{outgoing:?}");
    };
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(3), &[LeadId(2)]))
        .unwrap();
    house.sent(mail, &Sent::Taken);
    house.work();
    let told = house.history();
    let told = told.iter().filter(|line| line.contains("Send Email"));
    assert!(told.clone().all(|line| line.starts_with("3 ")), "{told:?}");
    assert_eq!(
        (told.count(), house.members(2), house.tasks()),
        (1, vec![3], 0)
    );
}

/// Values are escaped for where they stand, and an address may begin with a token.
#[test]
fn webhooks_are_filled_in() {
    let steps = r#"{ do = "webhook", url = "{{my.site}}/{{lead.Email Address}}?n={{lead.First Name}}", method = "PUT",
        body = '{"name": "{{lead.First Name}}", "at": "{{system.DateTime}}", "of": "{{campaign.Name}}"}' }"#;
    let campaign = trigger(1, steps).replace("kind", "program = \"Spring\"\nkind");
    let house = house(&campaign);
    house.request(1, &[2]);
    let outgoing = house.work();
    let Message::Webhook {
        url,
        method,
        content_type,
        body,
    } = &outgoing[0].message
    else {
        panic!("{outgoing:?}");
    };
    assert_eq!(url, "https://example.com/bob%40x.com?n=Bob%20%22B%22");
    assert_eq!(
        (method.as_str(), content_type.as_str()),
        ("PUT", "application/json")
    );
    let at = house
        .store
        .now()
        .to_zoned(house.schema.instance.time_zone.clone());
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["name"], "Bob \"B\"");
    assert_eq!(body["at"], at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    assert_eq!(body["of"], "C1");
}

/// Tries come later, with the same key; a sender that is not heard of again is one more try.
#[test]
fn messages_are_tried_again_with_the_same_key() {
    let house = house(&trigger(1, MAIL));
    house.request(1, &[2]);
    let first = house.work().remove(0);
    let wait = SignedDuration::from_secs(30);
    house.sent(&first, &Sent::Later(wait, "no connection".to_owned()));
    house.store.advance(29);
    assert_eq!(house.work(), []);
    house.store.advance(1);
    let second = house.work().remove(0);
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert_eq!((&first.key, &first.message), (&second.key, &second.message));
    // What is heard of the first try now is too late.
    house.sent(&first, &Sent::Taken);
    assert_eq!(house.members(2), [0; 0]);
    house.store.advance(119);
    assert_eq!(house.work(), []);
    house.store.advance(1);
    let third = house.work().remove(0);
    assert_eq!((third.attempt, &third.key), (3, &first.key));
    house.sent(&third, &Sent::Never("no such mailbox".to_owned()));
    house.work();
    assert_eq!(house.members(2), [2]);
    assert_eq!(house.failures(), ["2 C1 Send Email: no such mailbox"]);
    // Done again it has a key of its own: it is meant to be sent.
    house
        .store
        .write_now(|txn, now| replay(txn, now, None))
        .unwrap();
    let again = house.work().remove(0);
    assert_ne!(again.key, first.key);
    house.sent(&again, &Sent::Taken);
    assert_eq!((house.failures().len(), house.tasks()), (0, 0));
}

/// As many as there are senders; the others give way to what needs none.
#[test]
fn busy_senders_hold_nobody_else_up() {
    let house = house(
        &(trigger(1, MAIL) + &trigger(2, r#"{ do = "add_to_list", list = "Spring.Guests" }"#)),
    );
    house.request(1, &[1, 2, 3]);
    house.request(2, &[1]);
    let first = house.piece(2);
    assert_eq!(first.outgoing.len(), 2);
    assert_eq!(house.members(1), [1]);
    while house.piece(0).more {}
    house.store.advance(1);
    assert_eq!(house.piece(9).outgoing.len(), 1);
}

/// A campaign that is gone has nothing to do; a step that nobody can read fails.
#[test]
fn definitions_may_change_under_way() {
    let mut house = house(&(trigger(1, r#"{ do = "delete_lead" }"#) + &trigger(2, "")));
    house.request(1, &[1]);
    house.request(2, &[1]);
    house.schema.campaigns.retain(|campaign| campaign.id.0 == 1);
    house.schema.campaigns[0].steps = vec![serde_json::json!({"do": "dance"})];
    house.work();
    let failed = house.failures();
    assert!(
        failed[0].starts_with("1 C1 : the step cannot be read: unknown variant `dance`"),
        "{failed:?}"
    );
    assert_eq!(house.tasks(), 1);
}
