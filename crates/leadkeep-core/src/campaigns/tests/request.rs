//! requestCampaign.

use super::*;

const CAMPAIGNS: &str = r#"
[[campaign]]
id = 11
name = "Welcome"
program = "Spring"
kind = "trigger"
sources = ["MKTOWS"]
steps = [{ do = "change_data_value", field = "City", value = "{{my.gift}}" }]
[[campaign]]
id = 12
name = "Sales only"
kind = "trigger"
sources = ["SALES"]
[[campaign]]
id = 13
name = "Off"
kind = "trigger"
active = false
sources = ["MKTOWS"]
[[campaign]]
id = 14
name = "Batch"
kind = "batch"
"#;

fn by_name(name: &str, program: &str) -> RequestCampaign {
    RequestCampaign {
        campaign_id: None,
        campaign_name: Some(name.to_owned()),
        program: Some(program.to_owned()),
        ..ask(0, &[1])
    }
}

/// RC-1, RC-8, RC-15, RC-17, RC-18, ACT-14, ACT-70: each lead once, and each has it in its history.
#[test]
fn rc_18_leads_are_queued_once() {
    let house = house(CAMPAIGNS);
    let mut call = ask(11, &[2, 1, 2, 99]);
    call.keys.push((LeadKeyType::Email, "ANN@x.com".to_owned()));
    house.ask(&call).unwrap();
    assert_eq!(house.tasks(), 2);
    assert_eq!(
        house.history(),
        [1, 2].map(|lead| format!(
            "{lead} Request Campaign [Spring.Welcome] Campaign ID=11; Source=Web service API <>"
        ))
    );
    let ann = house.store.read_now(|txn, _| txn.leads(&[LeadId(1)]));
    assert_eq!(ann.unwrap()[0].updated_at, house.store.now());
    assert_eq!(house.value(1, "City"), None, "steps come after the answer");
    assert_eq!(house.work(), []);
    assert_eq!(house.value(1, "City").as_deref(), Some("mug"));
    assert_eq!((house.tasks(), house.failures().len()), (0, 0));
}

/// RC-2, RC-6, RC-7, RC-10, RC-13, RC-16: by number or by names, with tokens or without.
#[test]
fn rc_06_tokens_hold_for_one_run() {
    let house = house(CAMPAIGNS);
    let city = |call: &RequestCampaign| {
        house.ask(call).unwrap();
        house.work();
        house.value(1, "City").unwrap()
    };
    assert_eq!(city(&by_name("welcome ", "SPRING")), "mug");
    for name in ["{{my.gift}}", "my.gift", "gift", "{{ MY.Gift }}"] {
        let tokens = pairs(&[("{{my.none}}", "x"), (name, "pen")]);
        let named = RequestCampaign {
            tokens: tokens.clone(),
            ..by_name("Spring.Welcome", "Spring")
        };
        assert_eq!(city(&named), "pen", "{name}");
        assert_eq!(city(&by_name("Welcome", "Spring")), "mug");
        let numbered = RequestCampaign {
            tokens,
            ..ask(11, &[1])
        };
        assert_eq!(city(&numbered), "pen", "{name}");
        assert_eq!(city(&ask(11, &[1])), "mug");
    }
}

/// RC-4: keys above 100 are not looked at.
#[test]
fn rc_04_a_hundred_keys_count() {
    let house = house(CAMPAIGNS);
    let mut leads = vec![1; 100];
    leads.push(2);
    house.request(11, &leads);
    assert_eq!(house.tasks(), 1);
}

/// RC-3, RC-9, RC-11, RC-12, RC-14: what is refused leaves nothing.
#[test]
fn rc_12_bad_calls_are_refused() {
    let house = house(CAMPAIGNS);
    let with = |change: &dyn Fn(&mut RequestCampaign)| {
        let mut call = ask(11, &[1]);
        change(&mut call);
        house.ask(&call).unwrap_err().to_string()
    };
    let text = |text: &str| Some(text.to_owned());
    for (refused, expected) in [
        (with(&|call| call.keys.clear()), "a lead key is required"),
        (
            with(&|call| call.keys = ask(11, &[99, 98]).keys),
            "no lead found with IDNUM = 99",
        ),
        (
            with(&|call| call.campaign_id = Some(77)),
            "campaign 77 not found",
        ),
        (
            with(&|call| call.campaign_id = Some(12)),
            "campaign 12 not found",
        ),
        (
            with(&|call| call.campaign_id = Some(13)),
            "campaign 13 not found",
        ),
        (
            with(&|call| call.campaign_id = Some(14)),
            "campaign 14 not found",
        ),
        (
            with(&|call| call.source = Source::Sales),
            "campaign 11 not found",
        ),
        (
            with(&|call| call.campaign_name = text("Welcome")),
            "campaignId: campaignName cannot stand beside it",
        ),
        (
            with(&|call| call.program = text("Spring")),
            "campaignId: programName cannot stand beside it",
        ),
        (
            with(&|call| call.campaign_id = None),
            "parameter campaignId is required",
        ),
        (
            with(&|call| {
                *call = RequestCampaign {
                    program: None,
                    ..by_name("Welcome", "")
                }
            }),
            "campaignName: programName is required beside it",
        ),
        (
            with(&|call| *call = by_name(" ", "Spring")),
            "programName: campaignName is required beside it",
        ),
        (
            with(&|call| *call = by_name("Welcome", "Winter")),
            "program Winter not found",
        ),
        (
            with(&|call| *call = by_name("Welcome", "Autumn")),
            "campaign Welcome not found",
        ),
    ] {
        assert_eq!(refused, expected);
    }
    assert_eq!((house.tasks(), house.history().len()), (0, 0));
}
