//! What real clients put on the wire: nine families, single odd programs, recorded libraries.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use mktows::{
    Fault, FaultCode, Limits, ParamsGetLead, Request, RequestEnvelope, SoapFaultCode,
    SyncOperationEnum, read_request, signature,
};
use std::path::{Path, PathBuf};

const TIMESTAMP: &str = "2014-02-13T11:22:33-08:00";
const KEY: &str = "demo_key_0123456789abcdef";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn read_file(path: &Path) -> Result<RequestEnvelope, Fault> {
    let text = std::fs::read_to_string(path)
        .unwrap()
        .replace("{{TIMESTAMP}}", TIMESTAMP)
        .replace(
            "{{SIGNATURE}}",
            &signature::sign(KEY, TIMESTAMP, "demo_user"),
        )
        .replace("{{STREAM_POSITION}}", "id:5:to:1:tl:2:os:3:rc:4");
    read_request(text.as_bytes(), None, &Limits::default())
}

fn verified(envelope: &RequestEnvelope) -> bool {
    let header = envelope.authentication.as_ref().unwrap();
    signature::verify(
        KEY,
        header.request_timestamp.as_deref().unwrap(),
        header.mktows_user_id.as_deref().unwrap(),
        header.request_signature.as_deref().unwrap(),
    )
}

const FAMILIES: [&str; 9] = [
    "php-soapclient",
    "ruby-savon2",
    "python-suds",
    "python-zeep",
    "java-jaxws-ri",
    "java-axis14",
    "dotnet-asmx",
    "node-soap",
    "apex-callout",
];

/// The request with what the families may leave out or spell in another way made equal.
fn plain(request: Request) -> Request {
    match request {
        Request::SyncMultipleLeads(mut params) => {
            for lead in &mut params.lead_record_list {
                lead.email = lead.email.take().or(lead.loose_email.take());
                for attribute in lead.lead_attribute_list.iter_mut().flatten() {
                    attribute.attr_type = None;
                }
            }
            Request::SyncMultipleLeads(params)
        }
        Request::SyncCustomObjects(mut params) => {
            for object in &mut params.custom_obj_list {
                let lists = [
                    &mut object.custom_obj_key_list,
                    &mut object.custom_obj_attribute_list,
                ];
                for attribute in lists.into_iter().flatten().flatten() {
                    attribute.attr_type = None;
                }
            }
            params.operation = params.operation.or(Some(SyncOperationEnum::Upsert));
            Request::SyncCustomObjects(params)
        }
        other => other,
    }
}

#[test]
fn req_01_req_04_req_06_req_07_nine_families_mean_the_same() {
    for operation in [
        "syncMultipleLeads",
        "syncMObjects",
        "syncCustomObjects",
        "getLead",
        "getMultipleLeads",
    ] {
        let mut first: Option<Request> = None;
        for family in FAMILIES {
            let path = folder("client-requests")
                .join(family)
                .join(format!("{operation}.xml"));
            let envelope = read_file(&path).unwrap();
            assert!(verified(&envelope), "{family} {operation}");
            let request = plain(
                envelope
                    .body
                    .unwrap_or_else(|fault| panic!("{family} {operation}: {fault}")),
            );
            match &first {
                None => {
                    insta::assert_debug_snapshot!(format!("family-{operation}"), request);
                    first = Some(request);
                }
                Some(first) => assert_eq!(&request, first, "{family} {operation}"),
            }
        }
    }
}

#[test]
fn req_02_req_03_req_05_req_22_req_23_quirks_of_single_programs() {
    let mut paths: Vec<_> = std::fs::read_dir(folder("client-requests/quirks"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
    {
        let name = path.file_stem().unwrap().to_str().unwrap();
        match read_file(path) {
            Ok(envelope) => insta::assert_debug_snapshot!(format!("quirk-{name}"), envelope.body),
            Err(fault) => insta::assert_debug_snapshot!(format!("quirk-{name}"), fault),
        }
    }
}

#[test]
fn env_01_env_07_what_is_refused() {
    let fault = read_file(&folder("client-requests/quirks/soap12-envelope.xml")).unwrap_err();
    assert_eq!(
        (fault.soap_code, fault.code),
        (
            SoapFaultCode::VersionMismatch,
            FaultCode::RequestNotUnderstood
        )
    );
    let envelope = read_file(&folder(
        "client-requests/quirks/bad-operation-name-as-root.xml",
    ))
    .unwrap();
    assert_eq!(
        envelope.body.unwrap_err().code,
        FaultCode::UnsupportedOperation
    );
}

#[test]
fn aut_03_aut_11_recorded_libraries_verify_and_are_read() {
    let mut paths: Vec<_> = std::fs::read_dir(folder("captures"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let at = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let content_type = head.lines().find_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-type:")
                .map(str::to_owned)
        });
        let envelope = read_request(
            &bytes[at + 4..],
            content_type.as_deref(),
            &Limits::default(),
        )
        .unwrap();
        assert!(verified(&envelope), "{name}");
        match envelope.body {
            Ok(request) => insta::assert_debug_snapshot!(format!("capture-{name}"), request),
            Err(fault) => insta::assert_snapshot!(format!("capture-{name}"), fault.to_string()),
        }
    }
}

#[test]
fn a_point_read_is_what_it_says() {
    let path = folder("client-requests/php-soapclient/getLead.xml");
    let Request::GetLead(ParamsGetLead { lead_key }) = read_file(&path).unwrap().body.unwrap()
    else {
        panic!()
    };
    assert_eq!(
        (lead_key.key_type.as_str(), lead_key.key_value.as_str()),
        ("EMAIL", "ann@example.com")
    );
}
