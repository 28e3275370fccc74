//! syncLead and syncMultipleLeads on the wire.

use super::*;
use leadkeep_core::ids::LeadId;

const NIL: &str = "<error xsi:nil=\"true\"/>";

/// SML-13, SML-14, SML-15, SML-16, SML-44, RSP-5: digits in every status, an error only where it failed.
#[tokio::test]
async fn sml_13_statuses_on_the_wire() {
    let statuses = wire("")
        .part(
            "syncStatusList",
            "<paramsSyncMultipleLeads><leadRecordList>\
             <leadRecord><Email>a@x.com</Email></leadRecord>\
             <leadRecord><Email>a@x.com</Email></leadRecord>\
             <leadRecord><Id>77</Id></leadRecord>\
             <leadRecord/>\
             <leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>LeadScore</attrName>\
             <attrValue>x</attrValue></attribute></leadAttributeList></leadRecord>\
             </leadRecordList></paramsSyncMultipleLeads>",
        )
        .await;
    assert_eq!(
        statuses,
        format!(
            "<syncStatus><leadId>1</leadId><status>CREATED</status>{NIL}</syncStatus>\
             <syncStatus><leadId>1</leadId><status>UPDATED</status>{NIL}</syncStatus>\
             <syncStatus><leadId>77</leadId><status>FAILED</status>\
             <error>20103 - Lead not found: IDNUM = 77</error></syncStatus>\
             <syncStatus><leadId>0</leadId><status>FAILED</status><error>20101 - Lead key required</error></syncStatus>\
             <syncStatus><leadId>1</leadId><status>FAILED</status>\
             <error>20106 - Lead sync failed: LeadScore: expected a whole number, got `x`</error></syncStatus>"
        )
    );
}

/// SML-7, SML-25, SML-27, REQ-9: absent, nil and empty are true.
#[tokio::test]
async fn sml_27_dedup_enabled() {
    for (flag, deduplicates) in [
        ("", true),
        ("<dedupEnabled/>", true),
        (
            "<dedupEnabled xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>",
            true,
        ),
        ("<dedupEnabled>True</dedupEnabled>", true),
        ("<dedupEnabled>1</dedupEnabled>", true),
        ("<dedupEnabled>False</dedupEnabled>", false),
        ("<dedupEnabled> 0 </dedupEnabled>", false),
    ] {
        let wire = wire("");
        let params = format!(
            "<paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>a@x.com</Email></leadRecord>\
             </leadRecordList>{flag}</paramsSyncMultipleLeads>"
        );
        wire.call(&params).await;
        let again = wire.call(&params).await;
        assert_eq!(again.contains("UPDATED"), deduplicates, "{flag}");
    }
}

/// SML-18, SML-22, SML-24, COM-23, REQ-1, REQ-2, REQ-3: what real clients send is read as one record.
#[tokio::test]
async fn sml_22_records_as_clients_write_them() {
    let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    for record in [
        "<Email>a@x.com</Email>".to_owned(),
        "<Email>a@x.com</Email><ForeignSysPersonId/><ForeignSysType/><Id/>".to_owned(),
        format!("<Email>a@x.com</Email><Id {xsi} xsi:nil=\"true\"/><Id>0</Id>"),
        "<email>a@x.com</email>".to_owned(),
        "<company>x</company><Email> a@x.com </Email>".to_owned(),
        "<n:leadAttributeList xmlns:n=\"http://www.marketo.com/mktows/\"><n:attribute><n:attrName>Email</n:attrName>\
         <n:attrType>string</n:attrType><n:attrValue>a@x.com</n:attrValue></n:attribute></n:leadAttributeList>"
            .to_owned(),
    ] {
        let wire = wire("");
        let params = format!(
            "<paramsSyncMultipleLeads><leadRecordList><leadRecord>{record}</leadRecord></leadRecordList>\
             </paramsSyncMultipleLeads>"
        );
        assert!(wire.call(&params).await.contains("CREATED"), "{record}");
        let lead = wire.store.read_now(|txn, _| txn.leads(&[LeadId(1)])).unwrap();
        assert_eq!(lead[0].email.as_deref(), Some("a@x.com"), "{record}");
        assert_eq!(lead[0].foreign_id, None, "{record}");
    }
}

/// SML-20, SML-21, CTX-2: a header, a cookie and returnLead are not for this call.
#[tokio::test]
async fn sml_20_header_and_cookie_are_ignored() {
    let wire = wire("");
    let envelope = "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:m=\"http://www.marketo.com/mktows/\">\
        <e:Header><m:MktowsContextHeader><targetWorkspace>nowhere</targetWorkspace></m:MktowsContextHeader></e:Header>\
        <e:Body><m:paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>a@x.com</Email></leadRecord></leadRecordList>\
        <marketoCookie>token:x</marketoCookie><returnLead>true</returnLead></m:paramsSyncMultipleLeads></e:Body></e:Envelope>";
    let body = wire.call_envelope(envelope).await;
    assert!(
        body.contains("CREATED") && !body.contains("leadRecord"),
        "{body}"
    );
}

/// SML-23, SML-26, SML-28, SML-29, SML-50, SML-51: refusals of the whole call; nothing is stored.
#[tokio::test]
async fn sml_51_refusals_of_the_whole_call() {
    let wire = wire_with(
        "",
        Config {
            max_records: 2,
            ..Config::default()
        },
    );
    let good = "<leadRecord><Email>a@x.com</Email></leadRecord>";
    for (records, expected) in [
        (String::new(), "Lead record required (20104)"),
        ("<leadRecordList/>".to_owned(), "Lead record required (20104)"),
        (format!("<leadRecordList>{good}{good}{good}</leadRecordList>"), "leadRecordList: "),
        (format!("<leadRecordList>{good}<leadRecord><Id>x</Id></leadRecord></leadRecordList>"), "Id: "),
        (
            format!(
                "<leadRecordList>{good}<leadRecord><ForeignSysPersonId>1</ForeignSysPersonId>\
                 <ForeignSysType>SAP</ForeignSysType></leadRecord></leadRecordList>"
            ),
            "ForeignSysType: ",
        ),
        (
            "<leadRecordList><leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>a b</attrName>\
             </attribute><attribute><attrName>c</attrName></attribute></leadAttributeList></leadRecord></leadRecordList>"
                .to_owned(),
            "syncMultipleLeads operation failed: unknown fields for import: a b, c (20105)",
        ),
    ] {
        let params = format!("<paramsSyncMultipleLeads>{records}</paramsSyncMultipleLeads>");
        let text = wire.fault(&params).await;
        assert!(text.starts_with(expected), "{text}");
        assert!(expected.ends_with(')') || text.ends_with("(20110)"), "{text}");
    }
    assert_eq!(wire.store.read_now(|txn, _| txn.counts()).unwrap().leads, 0);
}

/// SML-54, COM-39, FLT-10: a store that fails is 20011, and nothing is stored.
#[tokio::test]
async fn com_39_a_store_that_cannot_be_reached_is_a_fault() {
    struct Broken;
    impl leadkeep_core::store::Store for Broken {
        fn read(&self, work: Box<dyn leadkeep_core::store::ReadWork>) {
            work.done(Err(StoreError::Failed("secret".to_owned()).into()));
        }
        fn write(&self, work: Box<dyn leadkeep_core::store::WriteWork>) {
            work.done(Err(StoreError::Failed("secret".to_owned()).into()));
        }
        fn size_bytes(&self) -> Result<u64, StoreError> {
            Ok(0)
        }
    }
    let good = wire("");
    good.call("<paramsGetLead><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey></paramsGetLead>").await;
    let schema = Arc::new(leadkeep_core::schema::SchemaCache::new());
    good.store
        .read_now(|txn, _| schema.current(txn).map(drop))
        .unwrap();
    let broken = Wire {
        app: Arc::new(App {
            store: Arc::new(Broken),
            schema,
            ..App::new(good.store.clone(), good.app.config.clone())
        }),
        store: good.store.clone(),
    };
    let text = broken
        .fault(
            "<paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>a@x.com</Email></leadRecord></leadRecordList>\
             </paramsSyncMultipleLeads>",
        )
        .await;
    assert!(
        text.starts_with("Internal error, call ") && text.ends_with("(20011)"),
        "{text}"
    );
}

/// SL-14, SL-15, SL-16, SL-46, COM-14, COM-16, COM-19, RSP-1: the whole answer.
#[tokio::test]
async fn sl_15_the_answer_of_sync_lead() {
    let wire = wire("[instance]\ntime_zone = \"America/Chicago\"");
    let params = |rest: &str| {
        format!(
            "<paramsSyncLead><leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>FirstName</attrName>\
             <attrType xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/><attrValue>B&amp;b</attrValue>\
             </attribute></leadAttributeList></leadRecord>{rest}</paramsSyncLead>"
        )
    };
    assert_eq!(
        wire.part(
            "result",
            &params("<returnLead>true</returnLead><marketoCookie/>")
        )
        .await,
        format!(
            "<leadId>1</leadId><syncStatus><leadId>1</leadId><status>CREATED</status>{NIL}</syncStatus>\
             <leadRecord><Id>1</Id><Email>a@x.com</Email><ForeignSysPersonId xsi:nil=\"true\"/>\
             <ForeignSysType xsi:nil=\"true\"/><leadAttributeList>\
             <attribute><attrName>FirstName</attrName><attrType>string</attrType><attrValue>B&amp;b</attrValue></attribute>\
             <attribute><attrName>Website</attrName><attrType>url</attrType><attrValue>x.com</attrValue></attribute>\
             </leadAttributeList></leadRecord>"
        )
    );
    for rest in ["", "<returnLead>false</returnLead>", "<returnLead/>"] {
        assert_eq!(
            wire.part("result", &params(rest)).await,
            format!(
                "<leadId>1</leadId><syncStatus><leadId>1</leadId><status>UPDATED</status>{NIL}</syncStatus>\
                 <leadRecord xsi:nil=\"true\"/>"
            )
        );
    }
}

/// SL-17, SL-18, SL-20, SL-21, SL-31, SL-32, SL-33: each refusal with its text.
#[tokio::test]
async fn sl_18_refusals_of_sync_lead() {
    let wire = wire("");
    let attribute = |name: &str| {
        format!(
            "<leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>{name}</attrName>\
             <attrValue>x</attrValue></attribute></leadAttributeList></leadRecord>"
        )
    };
    for (params, expected) in [
        (String::new(), "Lead record required (20104)".to_owned()),
        (
            "<leadRecord/>".to_owned(),
            "Lead record required (20104)".to_owned(),
        ),
        (
            "<leadRecord><ForeignSysType>SFDC</ForeignSysType></leadRecord>".to_owned(),
            "Lead record required (20104)".to_owned(),
        ),
        (
            "<leadRecord><Id>77</Id></leadRecord>".to_owned(),
            "No lead found with IDNUM = 77 (20103)".to_owned(),
        ),
        (
            attribute("pants"),
            "syncLead operation failed: unknown fields for import: pants (20105)".to_owned(),
        ),
        (
            attribute("LeadScore"),
            "LeadScore: expected a whole number, got `x` (20106)".to_owned(),
        ),
    ] {
        let params =
            format!("<paramsSyncLead>{params}<returnLead>true</returnLead></paramsSyncLead>");
        assert_eq!(wire.fault(&params).await, expected);
    }
}

/// CTX-1, CTX-3, CTX-4, SL-31.
#[tokio::test]
async fn sl_31_the_context_header_names_a_workspace() {
    let wire = wire("");
    for (workspace, works) in [("default ", true), ("", true), ("EMEA", false)] {
        let envelope = format!(
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:m=\"http://www.marketo.com/mktows/\">\
             <e:Header><m:MktowsContextHeader><targetWorkspace>{workspace}</targetWorkspace></m:MktowsContextHeader></e:Header>\
             <e:Body><m:paramsSyncLead><leadRecord><Email>a@x.com</Email></leadRecord><returnLead>0</returnLead>\
             </m:paramsSyncLead></e:Body></e:Envelope>"
        );
        let body = wire.call_envelope(&envelope).await;
        assert_eq!(body.contains("successSyncLead"), works, "{body}");
        assert!(
            works || body.contains("targetWorkspace: there is no workspace EMEA (20110)"),
            "{body}"
        );
    }
}

/// The vendor's sample requests, as they stand, one after the other: SL-9, SML-19, SML-22, SML-24, SML-25, REQ-3.
#[tokio::test]
async fn req_03_the_samples_of_the_vendor_work() {
    let wire = wire(leadkeep_core::schema::testing::DEMO);
    for (sample, expected) in [
        ("syncLead-request", "1 CREATED"),
        // It names an Email in the right spelling, so that its `leadId` is a stranger (REQ-2).
        ("syncLead-request-3", "1 UPDATED"),
        ("syncLead-request-4", "2 CREATED"),
        ("syncLead-request-2", "No lead found with IDNUM = 6 (20103)"),
        ("syncMultipleLeads-request", "3 CREATED, 4 CREATED"),
        ("syncMultipleLeads-request-2", "5 CREATED, 6 CREATED"),
        ("syncLead-request-2", "6 UPDATED"),
        ("syncMultipleLeads-request-4", "3 UPDATED"),
        (
            "syncMultipleLeads-request-3",
            "1090240 FAILED, 1090239 FAILED",
        ),
    ] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../mktows/tests/messages");
        let request = std::fs::read_to_string(format!("{path}/{sample}.xml")).unwrap();
        let body = wire.call_envelope(&request).await;
        let statuses: Vec<String> = body
            .split("<syncStatus>")
            .skip(1)
            .map(|status| {
                format!(
                    "{} {}",
                    between(status, "leadId"),
                    between(status, "status")
                )
            })
            .collect();
        let given = match statuses.is_empty() {
            true => between(&body, "message").to_owned(),
            false => statuses.join(", "),
        };
        assert_eq!(given, expected, "{sample}");
    }
}

fn between<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}
