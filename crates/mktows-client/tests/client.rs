//! The client against servers that answer recorded bytes over real sockets.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response as HttpResponse};
use axum::routing::post;
use mktows::*;
use mktows_client::{Client, Error};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Serves one handler and gives a client of it.
async fn client<F>(
    handler: F,
    set: impl FnOnce(mktows_client::Builder) -> mktows_client::Builder,
) -> Client
where
    F: Fn(HeaderMap, Bytes) -> HttpResponse + Clone + Send + Sync + 'static,
{
    client_at("/soap/mktows/3_1", handler, set).await
}

/// Serves one handler at a path and gives a client of it.
async fn client_at<F>(
    path: &str,
    handler: F,
    set: impl FnOnce(mktows_client::Builder) -> mktows_client::Builder,
) -> Client
where
    F: Fn(HeaderMap, Bytes) -> HttpResponse + Clone + Send + Sync + 'static,
{
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route(
        path,
        post(move |headers: HeaderMap, body: Bytes| {
            let handler = handler.clone();
            async move { handler(headers, body) }
        }),
    );
    tokio::spawn(async move { axum::serve(listener, app).await });
    let endpoint = format!("http://{address}{path}");
    set(Client::builder(endpoint, "user", "key"))
        .build()
        .unwrap()
}

fn by_email() -> ParamsGetLead {
    ParamsGetLead {
        lead_key: LeadKey {
            key_type: LeadKeyRef::Email,
            key_value: "a@example.com".into(),
        },
    }
}

fn nobody() -> Vec<u8> {
    write_response(
        &Response::GetLead(ResultGetLead {
            count: 3,
            lead_record_list: Some(Vec::new()),
        }),
        Version::LAST,
    )
}

#[tokio::test]
async fn a_call_is_signed_and_its_answer_typed() {
    let client = client(
        |headers, body| {
            let read = read_request(
                &body,
                headers["content-type"].to_str().ok(),
                &Limits::default(),
            )
            .unwrap();
            let header = read.authentication.unwrap();
            let part = |part: &Option<String>| part.clone().unwrap();
            let (user, time) = (
                part(&header.mktows_user_id),
                part(&header.request_timestamp),
            );
            assert!(signature::verify(
                "key",
                &time,
                &user,
                &part(&header.request_signature)
            ));
            assert_eq!(
                headers["soapaction"],
                "\"http://www.marketo.com/mktows/getLead\""
            );
            assert_eq!(read.body, Ok(Request::GetLead(by_email())));
            nobody().into_response()
        },
        |builder| builder,
    )
    .await;
    assert_eq!(client.get_lead(by_email()).await.unwrap().count, 3);
}

// RSP-8 for requests: a strict server of an old version must not see what it does not know.
#[tokio::test]
async fn end_03_a_request_holds_what_the_version_of_the_address_has() {
    for (path, known) in [
        ("/soap/mktows/2_3", false),
        ("/soap/mktows/2_6/", false),
        ("/soap/mktows/2_7", true),
        ("/soap/mktows/3_1", true),
        ("/somewhere/else", true),
    ] {
        let client = client_at(
            path,
            move |_, body| {
                let text = String::from_utf8(body.to_vec()).unwrap();
                assert_eq!(text.contains("<mergeInSales>"), known, "{path}: {text}");
                let status = MergeStatus {
                    winning_lead_id: Some(7),
                    losing_lead_id_list: None,
                    status: LeadMergeStatusEnum::Merged,
                    error: None,
                };
                let merged = ResultMergeLeads {
                    merge_status: status,
                };
                write_response(&Response::MergeLeads(merged), Version::LAST).into_response()
            },
            |builder| builder,
        )
        .await;
        let key = |id: &str| {
            vec![Attribute {
                attr_name: "IDNUM".into(),
                attr_type: None,
                attr_value: id.into(),
            }]
        };
        let merge = ParamsMergeLeads {
            winning_lead_key_list: key("7"),
            losing_lead_key_lists: vec![key("8")],
            merge_in_sales: Some(true),
        };
        let merged = client.merge_leads(merge).await.unwrap();
        assert_eq!(merged.merge_status.winning_lead_id, Some(7), "{path}");
    }
}

#[tokio::test]
async fn a_fault_is_an_error_with_its_code() {
    let fault = Fault::new(
        FaultCode::LeadNotFound,
        "No lead found with EMAIL = a@example.com",
    );
    let client = client(
        move |_, _| (StatusCode::INTERNAL_SERVER_ERROR, write_fault(&fault)).into_response(),
        |builder| builder.retries(3),
    )
    .await;
    let error = client.get_lead(by_email()).await.unwrap_err();
    assert_eq!(error.code(), Some(FaultCode::LeadNotFound));
    assert!(
        error.to_string().starts_with("20103 - Lead not found"),
        "{error}"
    );
}

#[tokio::test]
async fn flt_11_what_asks_to_be_repeated_is_repeated_if_wanted() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let client = client(
        move |_, _| match counted.fetch_add(1, Ordering::SeqCst) {
            0 => {
                let fault = Fault::new(
                    FaultCode::RateLimitExceeded,
                    "Rate limit of 100 calls in 20 seconds exceeded",
                );
                (StatusCode::INTERNAL_SERVER_ERROR, write_fault(&fault)).into_response()
            }
            _ => nobody().into_response(),
        },
        |builder| builder.retries(1),
    )
    .await;
    assert_eq!(client.get_lead(by_email()).await.unwrap().count, 3);
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_would_be_done_twice_is_not_repeated() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let client = client(
        move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            let fault = Fault::new(FaultCode::InternalError, "Internal error");
            (StatusCode::INTERNAL_SERVER_ERROR, write_fault(&fault)).into_response()
        },
        |builder| builder.retries(1),
    )
    .await;
    let run = ParamsScheduleCampaign {
        program_name: "Spring".into(),
        campaign_name: "Mail".into(),
        campaign_run_at: None,
        clone_to_program_name: None,
        program_token_list: None,
    };
    let refused = client.schedule_campaign(run).await.unwrap_err();
    assert!(refused.is_retryable());
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_key_is_not_shown() {
    let builder = Client::builder("http://127.0.0.1:9/soap/mktows/3_1", "user", "a-key");
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(
        shown.contains("user") && !shown.contains("a-key"),
        "{shown}"
    );
}

#[tokio::test]
async fn compressed_answers_are_read_and_long_ones_refused() {
    let zipped = |_: HeaderMap, _: Bytes| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&nobody()).unwrap();
        (
            [
                ("content-encoding", "gzip"),
                ("content-type", "text/xml; charset=utf-8"),
            ],
            encoder.finish().unwrap(),
        )
            .into_response()
    };
    let generous = client(zipped, |builder| builder).await;
    assert_eq!(generous.get_lead(by_email()).await.unwrap().count, 3);
    let stingy = client(zipped, |builder| builder.max_answer(100)).await;
    assert!(matches!(
        stingy.get_lead(by_email()).await,
        Err(Error::TooLarge(100))
    ));
}

#[tokio::test]
async fn what_is_no_answer_is_told_apart() {
    let html = client(
        |_, _| (StatusCode::BAD_GATEWAY, "<html><body>oops").into_response(),
        |builder| builder,
    )
    .await;
    assert!(matches!(
        html.get_lead(by_email()).await,
        Err(Error::Malformed { status: 502, .. })
    ));
    let plain = client(
        |_, _| (StatusCode::NOT_FOUND, "no such version\n").into_response(),
        |builder| builder,
    )
    .await;
    let said = plain.get_lead(by_email()).await.unwrap_err().to_string();
    assert_eq!(
        said,
        "HTTP status 404, and the answer cannot be read: it says \"no such version\""
    );
    let other = write_response(&Response::GetTags(ResultGetTags::default()), Version::LAST);
    let other = client(move |_, _| other.clone().into_response(), |builder| builder).await;
    assert!(matches!(
        other.get_lead(by_email()).await,
        Err(Error::Malformed { status: 200, .. })
    ));
    let slow = client(
        |_, _| {
            std::thread::sleep(Duration::from_millis(800));
            nobody().into_response()
        },
        |builder| builder.timeout(Duration::from_millis(100)),
    )
    .await;
    assert!(matches!(
        slow.get_lead(by_email()).await,
        Err(Error::Network(_))
    ));
    let nobody_there = Client::builder("http://127.0.0.1:9/soap/mktows/3_1", "user", "key")
        .build()
        .unwrap();
    assert!(matches!(
        nobody_there.get_lead(by_email()).await,
        Err(Error::Network(_))
    ));
    assert!(matches!(
        Client::builder("ftp://x", "user", "key").build(),
        Err(Error::Endpoint(_))
    ));
}
