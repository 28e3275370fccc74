//! What the versions of the API differ in, in answers and requests (END-4, RSP-8, WSD-3).

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;
#[path = "support/tools.rs"]
mod tools;

use mktows::*;
use std::path::Path;
use support::{Maker, Side, Tape, plain};
use tools::{Validation, xmllint_available};

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

/// Every address: those of END-2 and all between that somebody may try.
fn addresses() -> Vec<Version> {
    let numbers = (1..=3).flat_map(|major| (0..=9).map(move |minor| format!("{major}_{minor}")));
    numbers.filter_map(|text| Version::parse(&text)).collect()
}

fn time() -> DateTime {
    DateTime::parse("2013-08-01T18:22:30-05:00").unwrap()
}

fn header() -> AuthenticationHeaderInfo {
    AuthenticationHeaderInfo {
        partner_id: Some("partner".to_owned()),
        ..AuthenticationHeaderInfo::signed("demo_user", "key", "2013-08-02T01:22:30Z")
    }
}

fn request(request: impl Into<Request>, version: Version) -> String {
    String::from_utf8(write_request(&header(), None, &request.into(), version)).unwrap()
}

fn answer(response: impl Into<Response>, version: Version) -> String {
    String::from_utf8(write_response(&response.into(), version)).unwrap()
}

fn lead_change(id: Option<i64>) -> ResultGetLeadChanges {
    ResultGetLeadChanges {
        lead_change_record_list: Some(vec![LeadChangeRecord {
            id,
            marketo_guid: "5".to_owned(),
            activity_date_time: time(),
            activity_type: "New Lead".to_owned(),
            mktg_asset_name: None,
            activity_attributes: None,
            campaign: None,
            mkt_person_id: "7".to_owned(),
        }]),
        ..ResultGetLeadChanges::default()
    }
}

fn lead_activity(id: Option<i64>) -> LeadActivityList {
    LeadActivityList {
        activity_record_list: Some(vec![ActivityRecord {
            id,
            marketo_guid: "5".to_owned(),
            activity_date_time: time(),
            activity_type: "New Lead".to_owned(),
            mktg_asset_name: None,
            activity_attributes: None,
            campaign: None,
            person_name: None,
            mkt_person_id: "7".to_owned(),
            foreign_sys_id: None,
            org_name: None,
            foreign_sys_org_id: None,
        }]),
        ..LeadActivityList::default()
    }
}

fn attributes() -> Vec<Attribute> {
    vec![Attribute {
        attr_name: "IDNUM".into(),
        attr_type: None,
        attr_value: "7".to_owned(),
    }]
}

fn list_operation() -> ParamsListOperation {
    ParamsListOperation {
        list_operation: ListOperationType::AddToList,
        list_key: ListKey {
            key_type: ListKeyType::MktoListName,
            key_value: "List".to_owned(),
        },
        list_member_list: vec![lead_key()],
        strict: None,
        skip_activity_log: Some(true),
    }
}

fn lead_key() -> LeadKey {
    LeadKey {
        key_type: LeadKeyRef::Idnum,
        key_value: "7".to_owned(),
    }
}

fn get_lead_changes() -> ParamsGetLeadChanges {
    ParamsGetLeadChanges {
        start_position: StreamPosition {
            offset: Some("5".to_owned()),
            ..StreamPosition::default()
        },
        activity_filter: None,
        activity_name_filter: Some(vec!["New Lead".to_owned()]),
        batch_size: None,
        lead_selector: Some(LeadSelector::StaticList(StaticListSelector {
            static_list_id: Some(1),
            ..StaticListSelector::default()
        })),
    }
}

fn merge_leads() -> ParamsMergeLeads {
    ParamsMergeLeads {
        winning_lead_key_list: attributes(),
        losing_lead_key_lists: vec![attributes()],
        merge_in_sales: Some(true),
    }
}

fn schedule_campaign() -> ParamsScheduleCampaign {
    ParamsScheduleCampaign {
        program_name: "Program".to_owned(),
        clone_to_program_name: Some("Copy".to_owned()),
        campaign_name: "Campaign".to_owned(),
        campaign_run_at: None,
        program_token_list: None,
    }
}

/// An element, the first and the last version that have it, and a message with it, as written for a version.
type Member = (
    &'static str,
    &'static str,
    &'static str,
    fn(Version) -> String,
);

/// The "Versions" columns of the reference's list of types, but for the two ids, which change their form.
const MEMBERS: &[Member] = &[
    ("marketoGUID", "3_0", "3_1", |at| {
        answer(lead_activity(Some(5)), at)
    }),
    ("marketoGUID", "3_0", "3_1", |at| {
        answer(lead_change(Some(5)), at)
    }),
    ("partnerId", "3_0", "3_1", |at| {
        request(list_operation(), at)
    }),
    ("cloneToProgramName", "3_0", "3_1", |at| {
        request(schedule_campaign(), at)
    }),
    ("mergeInSales", "2_7", "3_1", |at| {
        request(merge_leads(), at)
    }),
    ("leadSelector", "2_2", "3_1", |at| {
        request(get_lead_changes(), at)
    }),
    ("activityNameFilter", "2_3", "3_1", |at| {
        request(get_lead_changes(), at)
    }),
    ("skipActivityLog", "1_0", "2_2", |at| {
        request(list_operation(), at)
    }),
];

// GLA-17, GLC-17, LO-14, SC-6, RSP-8.
#[test]
fn end_04_a_member_is_written_where_its_version_has_it_and_nowhere_else() {
    for (element, first, last, write) in MEMBERS {
        for address in addresses() {
            let there = (version(first)..=version(last)).contains(&address);
            assert_eq!(
                write(address).contains(&format!("<{element}")),
                there,
                "{element} at {address}"
            );
        }
    }
}

// END-3: whatever an address says, nothing that any version had is refused or lost.
#[test]
fn end_03_what_is_written_for_any_version_is_read_whole() {
    let all: [(Request, &str); 4] = [
        (list_operation().into(), "2_2"),
        (get_lead_changes().into(), "2_3"),
        (merge_leads().into(), "2_7"),
        (schedule_campaign().into(), "3_1"),
    ];
    for (request, at) in all {
        let message = write_request(&header(), None, &request, version(at));
        let read = read_request(&message, None, &Limits::default()).unwrap();
        assert_eq!(read.body, Ok(request));
    }
}

#[test]
fn gla_17_rsp_05_ids_of_activities_have_the_form_of_their_version() {
    let forms: &[(Option<i64>, &str, &str, &str)] = &[
        // Number, and what stands up to 2_6, up to 2_9, from 3_0.
        (Some(5), "<id>5</id>", "<id>5</id>", "<id>5</id>"),
        (
            Some(2_147_483_647),
            "<id>2147483647</id>",
            "<id>2147483647</id>",
            "<id>2147483647</id>",
        ),
        (
            Some(2_147_483_648),
            "<id>0</id>",
            "<id>2147483648</id>",
            "<id>2147483648</id>",
        ),
        (None, "<id>0</id>", "<id>0</id>", "<id xsi:nil=\"true\"/>"),
    ];
    for (id, short, long, last) in forms {
        for address in addresses() {
            let expected = match address {
                _ if address < Version::V2_7 => short,
                _ if address < Version::V3_0 => long,
                _ => last,
            };
            for text in [
                answer(lead_activity(*id), address),
                answer(lead_change(*id), address),
            ] {
                assert!(text.contains(expected), "{id:?} at {address}: {text}");
            }
        }
    }
}

/// Messages of every operation, from everything that there is to nothing that may be missing, written for a version
/// from what another one's schema allows.
fn samples(folder: &Path, wsdl_of: Version) -> Validation {
    let mut validation = Validation::new(
        folder.join(wsdl_of.to_string()),
        &wsdl::wsdl(wsdl_of, "http://leadkeep.example/soap/mktows/3_1"),
    );
    let envelope = |body: &str| {
        format!(
            "<e:Envelope xmlns:e=\"{SOAP_NAMESPACE}\" xmlns:ns1=\"{MKTOWS_NAMESPACE}\" xmlns:xsi=\"{XSI_NAMESPACE}\">\
             <e:Body>{body}</e:Body></e:Envelope>"
        )
    };
    // The first and the last document have between them every member that any version had.
    for from in [Version::V2_1, Version::LAST] {
        let [asks, tells] = [Side::Request, Side::Response].map(|side| Maker::new(side, from));
        for operation in Operation::ALL {
            let stem = operation.type_stem();
            let made = |maker: &Maker, kind: &str, tape: &[u8]| {
                let type_name = format!("tns:{}{}{stem}", kind[..1].to_uppercase(), &kind[1..]);
                let name = format!("{kind}{stem}");
                envelope(&plain(
                    &maker.node(&name, &type_name, &mut Tape::new(tape)),
                    "ns1",
                ))
            };
            // No byte: the least. Each byte: another decision everywhere; 1 and 4 have every member.
            let tapes = std::iter::once(Vec::new()).chain((1..24).map(|byte| vec![byte; 5000]));
            for (at, tape) in tapes.enumerate() {
                let message = made(&tells, "success", &tape);
                let limits = Limits::default();
                let read = read_response(message.as_bytes(), None, *operation, &limits).unwrap();
                validation.add(
                    &format!("{from}-{stem}-answer-{at}"),
                    &write_response(&read, wsdl_of),
                );
                let message = made(&asks, "params", &tape);
                let read = read_request(message.as_bytes(), None, &limits).unwrap();
                validation.add(
                    &format!("{from}-{stem}-request-{at}"),
                    &write_request(&header(), None, &read.body.unwrap(), wsdl_of),
                );
            }
        }
    }
    validation
}

#[test]
fn rsp_08_messages_of_every_operation_are_valid_by_the_schema_of_every_version() {
    if !xmllint_available("messages against the schemas") {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("versions");
    for document in Version::DOCUMENTS {
        let complaints = samples(&folder, document).complaints();
        assert_eq!(complaints, "", "{document}");
    }
}

// The check above must be able to fail: a message of the last version is not one of the first.
#[test]
fn wsd_03_a_message_of_another_version_is_not_valid() {
    if !xmllint_available("a message against the wrong schema") {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong-version");
    let wsdl = wsdl::wsdl(Version::V2_1, "http://leadkeep.example/soap/mktows/2_1");
    let mut validation = Validation::new(folder, &wsdl);
    let response: Response = lead_change(Some(5)).into();
    validation.add("new", &write_response(&response, Version::LAST));
    let complaints = validation.complaints();
    assert!(complaints.contains("marketoGUID"), "{complaints}");
}
