//! Requests rule by rule: what is read from which spelling, and what is refused how, and in which order.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::tz::TimeZone;
use mktows::{
    ActivityType, ActivityTypeWord, AuthenticationHeaderInfo, Fault, FaultCode, ForeignSysType,
    LeadKeyRef, LeadRecord, LeadSelector, Limits, MKTOWS_NAMESPACE, Operation,
    ParamsGetMultipleLeads, Request, RequestEnvelope, SOAP_NAMESPACE, SoapFaultCode,
    SyncOperationEnum, read_request,
};

fn envelope(header: &str, body: &str) -> Result<RequestEnvelope, Fault> {
    let text = format!(
        "<s:Envelope xmlns:s='{SOAP_NAMESPACE}' xmlns:m='{MKTOWS_NAMESPACE}' \
         xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>{header}<s:Body>{body}</s:Body></s:Envelope>"
    );
    read_request(text.as_bytes(), None, &Limits::default())
}

fn read(body: &str) -> Request {
    let envelope = envelope("", body).unwrap_or_else(|fault| panic!("{fault}\n{body}"));
    envelope
        .body
        .unwrap_or_else(|fault| panic!("{fault}\n{body}"))
}

/// The message of the fault of a body that is well-formed.
fn refused(body: &str) -> String {
    envelope("", body).unwrap().body.unwrap_err().message()
}

/// The message of the fault of an envelope that cannot be read.
fn misunderstood(text: &str) -> Fault {
    let fault = read_request(text.as_bytes(), None, &Limits::default()).unwrap_err();
    assert_eq!(fault.code, FaultCode::RequestNotUnderstood, "{text}");
    fault
}

fn leads(inside: &str) -> Vec<LeadRecord> {
    let Request::SyncMultipleLeads(params) = read(&format!(
        "<m:paramsSyncMultipleLeads>{inside}</m:paramsSyncMultipleLeads>"
    )) else {
        panic!()
    };
    params.lead_record_list
}

fn lead(inside: &str) -> LeadRecord {
    leads(&format!(
        "<leadRecordList><leadRecord>{inside}</leadRecord></leadRecordList>"
    ))
    .remove(0)
}

fn pages(inside: &str) -> ParamsGetMultipleLeads {
    let body = format!("<m:paramsGetMultipleLeads>{inside}</m:paramsGetMultipleLeads>");
    let Request::GetMultipleLeads(params) = read(&body) else {
        panic!()
    };
    params
}

// ---- ENV ----

#[test]
fn env_02_env_07_the_child_of_the_body() {
    let known = "<m:paramsListMObjects/>";
    assert_eq!(read(known).operation(), Operation::ListMObjects);
    for (body, reason) in [
        ("", "the Body is empty"),
        ("text", "the Body is empty"),
        (
            "<m:paramsListMObjects/><m:paramsListMObjects/>",
            "the Body has two children",
        ),
        (
            "<paramsListMObjects/>",
            "paramsListMObjects is not in the namespace http://www.marketo.com/mktows/",
        ),
        (
            "<paramsListMObjects xmlns='http://www.marketo.com/mktows'/>",
            "paramsListMObjects is not in the namespace http://www.marketo.com/mktows/",
        ),
        ("<x:paramsListMObjects/>", "the prefix `x` is not declared"),
    ] {
        assert_eq!(
            envelope("", body).unwrap_err().text,
            format!("Request not understood: {reason}"),
            "{body}"
        );
    }
    for (body, name) in [
        ("<m:paramsFoo><a/></m:paramsFoo>", "Foo"),
        ("<m:foo/>", "foo"),
        ("<m:getLead/>", "getLead"),
        ("<m:params/>", ""),
        ("<m:paramsgetLead/>", "getLead"),
        ("<m:successGetLead/>", "successGetLead"),
    ] {
        assert_eq!(
            refused(body),
            format!("Operation {name} is not supported (20019)"),
            "{body}"
        );
    }
    let long = format!("<m:params{}/>", "x".repeat(1000));
    assert!(refused(&long).len() < 120);
}

#[test]
fn env_03_the_name_of_the_body_is_told() {
    let envelope = envelope("", "<m:paramsFoo/>").unwrap();
    assert_eq!(envelope.body_name, "paramsFoo");
}

#[test]
fn env_01_the_envelope() {
    let inside = format!("<s:Body><p:paramsListMObjects xmlns:p='{MKTOWS_NAMESPACE}'/></s:Body>");
    for namespace in [
        "http://www.w3.org/2003/05/soap-envelope",
        "http://schemas.xmlsoap.org/soap/envelope",
        "x",
    ] {
        let fault = misunderstood(&format!(
            "<s:Envelope xmlns:s='{namespace}'>{inside}</s:Envelope>"
        ));
        assert_eq!(
            (fault.soap_code, fault.fault_string().as_str()),
            (
                SoapFaultCode::VersionMismatch,
                "20012 - Request Not Understood"
            )
        );
    }
    for (text, reason) in [
        ("", "the message is empty"),
        ("   \n", "the message is empty"),
        ("{\"a\": 1}", "there is text outside of the envelope"),
        ("<html/>", "the message is html, not an Envelope"),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'/>"),
            "there is no Body element",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'><Body/></s:Envelope>"),
            "there is no Body element",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'>{inside}{inside}</s:Envelope>"),
            "there are two Body elements",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'>{inside}</s:Envelope><a/>"),
            "something follows the envelope",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'>{inside}</s:Envelope> x"),
            "there is text outside of the envelope",
        ),
    ] {
        let fault = misunderstood(text);
        assert_eq!(
            (fault.soap_code, fault.text),
            (
                SoapFaultCode::Client,
                format!("Request not understood: {reason}")
            ),
            "{text}"
        );
    }
}

// ---- AUT, CTX ----

const AUTHENTICATION: &str = "<mktowsUserId>u</mktowsUserId><requestSignature>s</requestSignature>\
    <requestTimestamp> 2013-08-02T01:22:30Z\n</requestTimestamp><partnerId>p</partnerId><audit>a</audit><mode>x</mode>";

#[test]
fn aut_02_aut_10_aut_11_the_authentication_header() {
    let qualified = AUTHENTICATION.replace("</", "</m:").replace("<m", "<m:m");
    let qualified = qualified
        .replace("<r", "<m:r")
        .replace("<p", "<m:p")
        .replace("<a", "<m:a");
    for header in [
        format!("<m:AuthenticationHeader>{AUTHENTICATION}</m:AuthenticationHeader>"),
        format!("<AuthenticationHeader>{AUTHENTICATION}</AuthenticationHeader>"),
        format!("<m:AuthenticationHeader>{qualified}</m:AuthenticationHeader>"),
        // REQ-19.
        format!(
            "<m:AuthenticationHeader s:mustUnderstand='1' s:actor='x'>{AUTHENTICATION}</m:AuthenticationHeader>"
        ),
        format!(
            "<m:MktowsContextHeader/><x/><m:AuthenticationHeader>{AUTHENTICATION}</m:AuthenticationHeader>"
        ),
    ] {
        let read = envelope(
            &format!("<s:Header>{header}</s:Header>"),
            "<m:paramsListMObjects/>",
        )
        .unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            read.authentication,
            Some(AuthenticationHeaderInfo {
                mktows_user_id: text("u"),
                request_signature: text("s"),
                // AUT-3: exactly as sent.
                request_timestamp: text(" 2013-08-02T01:22:30Z\n"),
                partner_id: text("p"),
                audit: text("a"),
                mode: text("x"),
            }),
            "{header}"
        );
    }
    for missing in [
        "",
        "<s:Header/>",
        "<s:Header><o:AuthenticationHeader xmlns:o='other'/></s:Header>",
    ] {
        let read = envelope(missing, "<m:paramsListMObjects/>").unwrap();
        assert_eq!(read.authentication, None, "{missing}");
    }
    for empty in [
        "<m:AuthenticationHeader/>",
        "<m:AuthenticationHeader xsi:nil='true'/>",
        "<m:AuthenticationHeader><mktowsUserId/><requestSignature xsi:nil='1'/></m:AuthenticationHeader>",
    ] {
        let read = envelope(
            &format!("<s:Header>{empty}</s:Header>"),
            "<m:paramsListMObjects/>",
        )
        .unwrap();
        assert_eq!(
            read.authentication,
            Some(AuthenticationHeaderInfo::default())
        );
    }
}

#[test]
fn aut_14_two_authentication_headers() {
    let one = "<m:AuthenticationHeader/>";
    for header in [
        format!("<s:Header>{one}{one}</s:Header>"),
        format!("<s:Header>{one}</s:Header><s:Header>{one}</s:Header>"),
    ] {
        let fault = envelope(&header, "<m:paramsListMObjects/>").unwrap_err();
        assert_eq!(fault.code, FaultCode::RequestNotUnderstood);
    }
}

#[test]
fn ctx_02_ctx_04_the_context_header() {
    for (header, workspace) in [
        (
            "<m:MktowsContextHeader><targetWorkspace> default </targetWorkspace></m:MktowsContextHeader>",
            Some(" default "),
        ),
        (
            "<m:MktowsContextHeader><targetWorkspace/></m:MktowsContextHeader>",
            None,
        ),
        (
            "<m:MktowsContextHeader><targetWorkspace xsi:nil='true'/></m:MktowsContextHeader>",
            None,
        ),
        ("<m:MktowsContextHeader/>", None),
        ("", None),
    ] {
        // On any operation.
        let read = envelope(
            &format!("<s:Header>{header}</s:Header>"),
            "<m:paramsListMObjects/>",
        )
        .unwrap();
        assert_eq!(
            read.context
                .and_then(|context| context.target_workspace)
                .as_deref(),
            workspace,
            "{header}"
        );
    }
}

#[test]
fn req_19_headers_that_must_be_understood() {
    for (header, understood) in [
        ("<o:To xmlns:o='o'>x</o:To>", true),
        ("<o:To xmlns:o='o' s:mustUnderstand='0'/>", true),
        ("<o:To xmlns:o='o' s:mustUnderstand='1'/>", false),
        ("<m:Other s:mustUnderstand='1'><a/></m:Other>", false),
        ("<m:MktowsContextHeader s:mustUnderstand='1'/>", true),
    ] {
        let read = envelope(
            &format!("<s:Header>{header}</s:Header>"),
            "<m:paramsListMObjects/>",
        );
        match read {
            Ok(_) => assert!(understood, "{header}"),
            Err(fault) => {
                assert!(!understood, "{header}");
                assert_eq!(
                    (fault.soap_code, fault.code),
                    (
                        SoapFaultCode::MustUnderstand,
                        FaultCode::RequestNotUnderstood
                    )
                );
            }
        }
    }
}

// ---- REQ ----

#[test]
fn req_02_names_are_case_sensitive_and_strangers_are_skipped() {
    let params = pages(
        "<BatchSize>1</BatchSize><batchsize>2</batchsize><x><batchSize>3</batchSize></x><batchSize>4</batchSize>",
    );
    assert_eq!(params.batch_size, Some(4));
}

#[test]
fn req_03_keys_of_lead_records_under_other_names() {
    for name in ["id", "leadId", "ID", "LeadID"] {
        let lead = lead(&format!("<{name}>6</{name}>"));
        assert_eq!(
            (lead.id, lead.loose_id.as_deref()),
            (None, Some("6")),
            "{name}"
        );
    }
    for name in ["email", "EMAIL", "eMail"] {
        let lead = lead(&format!("<{name}>a@b.c</{name}>"));
        assert_eq!(
            (lead.email, lead.loose_email.as_deref()),
            (None, Some("a@b.c")),
            "{name}"
        );
    }
    let foreign =
        lead("<foreignSysPersonID>x</foreignSysPersonID><foreignsystype>custom</foreignsystype>");
    assert_eq!(
        (
            foreign.loose_foreign_sys_person_id.as_deref(),
            foreign.loose_foreign_sys_type.as_deref()
        ),
        (Some("x"), Some("custom"))
    );
    // The right names stay what they are, and an id that is no number is none's fault under a wrong name.
    let both = lead("<Id>7</Id><id>x</id><Email>a</Email><email>b</email>");
    assert_eq!(
        (both.id, both.email.as_deref(), both.loose_id.as_deref()),
        (Some(7), Some("a"), Some("x"))
    );
}

#[test]
fn req_05_repeated_elements() {
    let record = |email: &str| format!("<leadRecord><Email>{email}</Email></leadRecord>");
    let joined = leads(&format!(
        "<leadRecordList>{}{}</leadRecordList><dedupEnabled>true</dedupEnabled><leadRecordList>{}</leadRecordList>",
        record("a"),
        record("b"),
        record("c")
    ));
    let emails: Vec<_> = joined.iter().map(|lead| lead.email.as_deref()).collect();
    assert_eq!(emails, [Some("a"), Some("b"), Some("c")]);
    let params = pages("<batchSize>1</batchSize><batchSize>2</batchSize>");
    assert_eq!(params.batch_size, Some(2));
    let values = pages(
        "<leadSelector><keyType>IDNUM</keyType><keyValues><stringItem>1</stringItem></keyValues>\
         <keyValues><stringItem>2</stringItem></keyValues></leadSelector>",
    );
    let Some(LeadSelector::LeadKey(selector)) = values.lead_selector else {
        panic!()
    };
    assert_eq!(selector.key_values, ["1", "2"]);
}

#[test]
fn req_07_selectors() {
    let selector = |attributes: &str, inside: &str| {
        pages(&format!(
            "<leadSelector {attributes}>{inside}</leadSelector>"
        ))
        .lead_selector
    };
    let keys = "<keyType>EMAIL</keyType><keyValues><stringItem>a</stringItem></keyValues>";
    for attributes in [
        "xsi:type='m:LeadKeySelector'",
        "xsi:type='LeadKeySelector'",
        "xsi:type='q1:LeadKeySelector' xmlns:q1='http://www.marketo.com/mktows/'",
        "xsi:type='nowhere:LeadKeySelector'",
        "xsi:type='m:Unknown'",
        "",
    ] {
        let Some(LeadSelector::LeadKey(found)) = selector(attributes, keys) else {
            panic!("{attributes}")
        };
        assert_eq!(
            (found.key_type, found.key_values),
            (LeadKeyRef::Email, vec!["a".to_owned()])
        );
    }
    for inside in [
        "<staticListName>L</staticListName>",
        "<staticListId>7</staticListId>",
        "<staticListName>L</staticListName><staticListId>7</staticListId>",
    ] {
        assert!(matches!(
            selector("", inside),
            Some(LeadSelector::StaticList(_))
        ));
    }
    let window = "<oldestUpdatedAt>2013-08-01T00:00:00Z</oldestUpdatedAt>";
    let Some(LeadSelector::LastUpdateAt(found)) = selector("", window) else {
        panic!()
    };
    assert_eq!(found.latest_updated_at, None);
    // The type decides where it is known.
    assert!(matches!(
        selector("xsi:type='m:StaticListSelector'", keys),
        Some(LeadSelector::StaticList(_))
    ));
    // Nothing in it: as if there were none (also nil with a type, as .NET may write it).
    for (attributes, inside) in [
        ("", ""),
        ("", "<other/>"),
        ("xsi:nil='true'", ""),
        ("xsi:nil='true' xsi:type='m:LeadKeySelector'", ""),
    ] {
        assert_eq!(selector(attributes, inside), None, "{attributes}");
    }
    let broken = |inside: &str| {
        refused(&format!(
            "<m:paramsGetMultipleLeads><leadSelector>{inside}</leadSelector></m:paramsGetMultipleLeads>"
        ))
    };
    for (inside, message) in [
        (
            "<keyType>FOO</keyType><keyValues><stringItem>a</stringItem></keyValues>",
            "FOO is not a valid lead key (20102)",
        ),
        (
            "<keyType>EMAIL</keyType>",
            "Parameter keyValues is required (20109)",
        ),
        (
            "<keyType>EMAIL</keyType><keyValues/>",
            "Parameter keyValues is required (20109)",
        ),
        (
            "<latestUpdatedAt>2013-08-01T00:00:00Z</latestUpdatedAt>",
            "Parameter oldestUpdatedAt is required (20109)",
        ),
        (
            "<staticListId>x</staticListId>",
            "staticListId: a whole number from -2147483648 to 2147483647 is expected, not `x` (20110)",
        ),
    ] {
        assert_eq!(broken(inside), message, "GML-32, GML-35: {inside}");
    }
}

#[test]
fn req_08_absent_nil_and_empty_are_one() {
    for none in [
        "",
        "<streamPosition/>",
        "<streamPosition></streamPosition>",
        "<streamPosition xsi:nil='true'/>",
        "<streamPosition xsi:nil='1'></streamPosition>",
        "<batchSize/><batchSize xsi:nil='true'/><lastUpdatedAt/><includeAttributes/>",
        "<batchSize>  </batchSize>",
        "<includeAttributes xsi:nil='true'/>",
        "<includeAttributes>\n</includeAttributes>",
    ] {
        assert_eq!(pages(none), ParamsGetMultipleLeads::default(), "{none}");
    }
    // A nil with content has content.
    let params = pages(
        "<streamPosition xsi:nil='true'>x</streamPosition>\
         <includeAttributes xsi:nil='true'><stringItem>a</stringItem></includeAttributes>",
    );
    assert_eq!(
        (params.stream_position.as_deref(), params.include_attributes),
        (Some("x"), Some(vec!["a".to_owned()]))
    );
    // White space is text where text is kept (REQ-13).
    assert_eq!(
        pages("<streamPosition> </streamPosition>")
            .stream_position
            .as_deref(),
        Some(" ")
    );
}

#[test]
fn req_08_req_13_values_of_attributes_are_kept_as_sent() {
    let value = |element: &str| {
        let lead = lead(&format!(
            "<leadAttributeList><attribute><attrName>a</attrName>{element}</attribute></leadAttributeList>"
        ));
        lead.lead_attribute_list.unwrap().remove(0).attr_value
    };
    for (element, text) in [
        ("", ""),
        ("<attrValue/>", ""),
        ("<attrValue xsi:nil='true'/>", ""),
        ("<attrValue> x </attrValue>", " x "),
        ("<attrValue>  </attrValue>", "  "),
        // VAL-10: a line end is a line feed, unless it is written as a reference.
        ("<attrValue>a\r\nb\rc\n</attrValue>", "a\nb\nc\n"),
        ("<attrValue>a&#13;&#10;b&#x0D;</attrValue>", "a\r\nb\r"),
        (
            "<attrValue><![CDATA[a\r\n<b>&amp;]]></attrValue>",
            "a\n<b>&amp;",
        ),
        ("<attrValue xsi:type='xsd:int'>007</attrValue>", "007"),
    ] {
        assert_eq!(value(element), text, "{element}");
    }
}

#[test]
fn req_09_booleans() {
    for (text, value) in [
        ("true", true),
        ("True", true),
        ("TRUE", true),
        ("1", true),
        ("yes", true),
        (" true\n", true),
        ("false", false),
        ("False", false),
        ("0", false),
        ("No", false),
    ] {
        let Request::SyncMultipleLeads(params) = read(&format!(
            "<m:paramsSyncMultipleLeads><leadRecordList><leadRecord/></leadRecordList>\
             <dedupEnabled>{text}</dedupEnabled></m:paramsSyncMultipleLeads>"
        )) else {
            panic!()
        };
        assert_eq!(params.dedup_enabled, Some(value), "{text}");
    }
    for text in ["t", "on", "2", "-1", "tru e", "ja"] {
        assert_eq!(
            refused(&format!(
                "<m:paramsSyncMultipleLeads><leadRecordList><leadRecord/></leadRecordList>\
                 <dedupEnabled>{text}</dedupEnabled></m:paramsSyncMultipleLeads>"
            )),
            format!("dedupEnabled: true or false is expected, not `{text}` (20110)")
        );
    }
}

#[test]
fn req_10_whole_numbers() {
    for (text, number) in [
        ("10", 10),
        ("+10", 10),
        ("-10", -10),
        ("0010", 10),
        (" 10\n", 10),
        ("10.0", 10),
        ("10.000", 10),
        ("2147483647", i32::MAX),
        ("-2147483648", i32::MIN),
    ] {
        let params = pages(&format!("<batchSize>{text}</batchSize>"));
        assert_eq!(params.batch_size, Some(number), "{text}");
    }
    for text in [
        "2147483648",
        "-2147483649",
        "10.5",
        "10.",
        ".0",
        "1e3",
        "0x10",
        "ten",
        "1 0",
        "--1",
        "١",
        &"9".repeat(1000),
    ] {
        let message = refused(&format!(
            "<m:paramsGetMultipleLeads><batchSize>{text}</batchSize></m:paramsGetMultipleLeads>"
        ));
        assert!(
            message.starts_with("batchSize: a whole number") && message.ends_with(" (20110)"),
            "{message}"
        );
        assert!(message.len() < 200, "short, whatever was sent");
    }
}

#[test]
fn req_11_enumerations() {
    let operation = |word: &str| {
        format!(
            "<m:paramsSyncMObjects><mObjectList><mObject/></mObjectList><operation>{word}</operation></m:paramsSyncMObjects>"
        )
    };
    for word in ["UPSERT", "upsert", "Upsert", " UPSERT\n"] {
        let Request::SyncMObjects(params) = read(&operation(word)) else {
            panic!()
        };
        assert_eq!(params.operation, SyncOperationEnum::Upsert, "{word}");
    }
    for word in ["UPSERTS", "UP SERT", "DELETE"] {
        assert_eq!(
            refused(&operation(word)),
            format!("operation: UPSERT, INSERT, UPDATE is expected, not `{word}` (20110)"),
            "SMO-41"
        );
    }
    assert_eq!(
        lead("<ForeignSysType>netsuite</ForeignSysType>").foreign_sys_type,
        Some(ForeignSysType::Netsuite)
    );
    // COM-3: a key type has a fault of its own.
    assert_eq!(
        refused(
            "<m:paramsGetLead><leadKey><keyType>E-MAIL</keyType><keyValue>a</keyValue></leadKey></m:paramsGetLead>"
        ),
        "E-MAIL is not a valid lead key (20102)"
    );
    // LO-18; and a list has other keys than a lead.
    assert_eq!(
        refused(
            "<m:paramsListOperation><listOperation>CLEARLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
             <keyValue>l</keyValue></listKey><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue>\
             </leadKey></listMemberList></m:paramsListOperation>"
        ),
        "listOperation: ADDTOLIST, ISMEMBEROFLIST, REMOVEFROMLIST is expected, not `CLEARLIST` (20110)"
    );
}

#[test]
fn req_12_date_times() {
    let since =
        |text: &str| pages(&format!("<lastUpdatedAt>{text}</lastUpdatedAt>")).last_updated_at;
    for text in [
        "2013-08-01T18:22:30-07:00",
        "2013-08-02 01:22:30 UTC",
        "2013-08-02 10:22:30 +0900",
        " 2013-08-02T01:22:30.1234567Z ",
    ] {
        let time = since(text).unwrap();
        assert_eq!(time.text(), text.trim(), "RSP-10");
        assert_eq!(
            time.to_timestamp(&TimeZone::UTC).as_second(),
            1_375_406_550,
            "{text}"
        );
    }
    for text in ["2013-08-01", "yesterday", "2013-02-30T00:00:00Z"] {
        let message = refused(&format!(
            "<m:paramsGetMultipleLeads><lastUpdatedAt>{text}</lastUpdatedAt></m:paramsGetMultipleLeads>"
        ));
        assert!(
            message.starts_with("lastUpdatedAt: not a date-time") && message.ends_with("(20110)"),
            "{message}"
        );
    }
}

#[test]
fn req_14_references_of_other_kinds_mean_nothing() {
    for reference in [
        "&nbsp;",
        "&#0;",
        "&#1;",
        "&#xD800;",
        "&#xFFFF;",
        "&#x110000;",
        "&;",
        "&",
        "&a",
    ] {
        for place in [
            format!(
                "<m:paramsGetMultipleLeads><streamPosition>{reference}</streamPosition></m:paramsGetMultipleLeads>"
            ),
            format!("<m:paramsGetMultipleLeads>{reference}</m:paramsGetMultipleLeads>"),
            format!(
                "<m:paramsGetMultipleLeads><stranger>{reference}</stranger></m:paramsGetMultipleLeads>"
            ),
        ] {
            let fault = envelope("", &place).unwrap_err();
            assert_eq!(fault.code, FaultCode::RequestNotUnderstood, "{place}");
        }
    }
}

#[test]
fn req_22_names_of_the_documentation() {
    let Request::GetLeadActivity(params) = read(
        "<m:paramsGetLeadActivity><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey><activityFilter>\
         <includeAttributes><activityType>VisitWebpage</activityType><activityType>Fill Out Form</activityType>\
         <activityType/><activityType>ComputeSegmentation</activityType></includeAttributes>\
         <excludeAttributes><activityType> NewLead </activityType></excludeAttributes></activityFilter></m:paramsGetLeadActivity>",
    ) else {
        panic!()
    };
    let filter = params.activity_filter.unwrap();
    // GLA-7: display names and words of older schemas pass the reader.
    assert_eq!(
        filter.include_types.unwrap(),
        [
            ActivityTypeWord::from(ActivityType::VisitWebpage),
            ActivityTypeWord("Fill Out Form".to_owned()),
            ActivityTypeWord("ComputeSegmentation".to_owned())
        ]
    );
    assert_eq!(
        filter.exclude_types.unwrap(),
        [ActivityType::NewLead.into()]
    );

    let Request::SyncMObjects(params) = read(
        "<m:paramsSyncMObjects><mObjectList><mObject><type>Opportunity</type>\
         <externalKey><attrName>k</attrName><attrValue>v</attrValue></externalKey>\
         <mObjAssociationList><mObjAssociation><mObjType>Company</mObjType><id>1</id></mObjAssociation>\
         </mObjAssociationList></mObject></mObjectList><operation>INSERT</operation></m:paramsSyncMObjects>",
    ) else {
        panic!()
    };
    let object = &params.m_object_list[0];
    let key = object.external_key.as_ref().unwrap();
    assert_eq!((key.name.as_str(), key.value.as_str()), ("k", "v"));
    assert_eq!(object.association_list.as_ref().unwrap().len(), 1);

    let Request::SyncCustomObjects(params) = read(
        "<m:paramsSyncCustomObjects><objectTypeName>T</objectTypeName><customObjectList><customObject><customObjKeyList>\
         <attribute><attrName>k</attrName><attrValue>v</attrValue></attribute></customObjKeyList></customObject>\
         <customObj/></customObjectList></m:paramsSyncCustomObjects>",
    ) else {
        panic!()
    };
    assert_eq!(
        (params.obj_type_name.as_str(), params.custom_obj_list.len()),
        ("T", 2)
    );

    let Request::GetCustomObjects(params) = read(
        "<m:paramsGetCustomObjects><objTypeName>T</objTypeName><customObjKeyLists>\
         <keyList><attribute><attrName>a</attrName></attribute></keyList>\
         <keyList><attribute><attrName>b</attrName></attribute></keyList></customObjKeyLists></m:paramsGetCustomObjects>",
    ) else {
        panic!()
    };
    let keys = params.custom_obj_key_list.unwrap();
    assert_eq!((keys.len(), keys[0].attr_name.as_str()), (1, "a"));

    // LO-14: not in the last schema.
    let Request::ListOperation(params) = read(
        "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
         <keyValue>l</keyValue></listKey><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue>\
         </leadKey></listMemberList><skipActivityLog>1</skipActivityLog></m:paramsListOperation>",
    ) else {
        panic!()
    };
    assert_eq!(params.skip_activity_log, Some(true));
}

// STR-1: two kinds of positions, a text and a type of four members.
#[test]
fn str_01_positions() {
    assert_eq!(
        pages("<streamPosition>id:5:to:1</streamPosition>")
            .stream_position
            .as_deref(),
        Some("id:5:to:1")
    );
    let Request::GetLeadChanges(params) = read(
        "<m:paramsGetLeadChanges><startPosition><latestCreatedAt/><oldestCreatedAt>2013-08-01T00:13:13+00:00\
         </oldestCreatedAt><offset>ID:1086173</offset></startPosition></m:paramsGetLeadChanges>",
    ) else {
        panic!()
    };
    let position = params.start_position;
    assert_eq!(
        (
            position.latest_created_at,
            position.activity_created_at,
            position.offset.as_deref()
        ),
        (None, None, Some("ID:1086173"))
    );
    assert_eq!(
        position.oldest_created_at.unwrap().text(),
        "2013-08-01T00:13:13+00:00"
    );
}

#[test]
fn lmo_04_sco_13_what_may_be_left_out() {
    for body in [
        "<m:paramsListMObjects/>",
        "<m:paramsListMObjects><stranger/></m:paramsListMObjects>",
    ] {
        assert_eq!(
            read(body),
            Request::ListMObjects(mktows::ParamsListMObjects {})
        );
    }
    let Request::SyncCustomObjects(params) = read(
        "<m:paramsSyncCustomObjects><objTypeName>T</objTypeName><customObjList><customObj/></customObjList>\
         <operation/></m:paramsSyncCustomObjects>",
    ) else {
        panic!()
    };
    assert_eq!(params.operation, None);
}

#[test]
fn req_23_shared_elements() {
    let attribute = "<attribute><attrName>a</attrName><attrValue>v</attrValue></attribute>";
    // Forward, backward, of a value, of a list, and inside of another that is referred to.
    let found = leads(&format!(
        "<leadRecordList><leadRecord><Email id='e'>x</Email><leadAttributeList href='#l'/></leadRecord>\
         <leadRecord id='r'><Email href='#e'/><leadAttributeList id='l'>{attribute}</leadAttributeList></leadRecord>\
         <leadRecord href='#r'/><leadRecord href='#r'></leadRecord></leadRecordList>"
    ));
    assert_eq!(found.len(), 4);
    for lead in &found {
        assert_eq!(lead.email.as_deref(), Some("x"));
        assert_eq!(lead.lead_attribute_list, found[0].lead_attribute_list);
        assert_eq!(lead.lead_attribute_list.as_ref().unwrap().len(), 1);
    }
    // Prefixes that are declared outside of the target.
    let Request::GetMultipleLeads(params) = read(
        "<m:paramsGetMultipleLeads><leadSelector href='#s'/><x id='s' xsi:type='m:LeadKeySelector'><m:keyType>EMAIL</m:keyType>\
         <keyValues><stringItem>a</stringItem></keyValues></x></m:paramsGetMultipleLeads>",
    ) else {
        panic!()
    };
    assert!(matches!(
        params.lead_selector,
        Some(LeadSelector::LeadKey(_))
    ));
    // The first of two equal ids; an id alone does nothing; another document is nobody's target.
    let twice = leads(
        "<leadRecordList><leadRecord id='r'><Email>a</Email></leadRecord><leadRecord id='r'><Email>b</Email></leadRecord>\
         <leadRecord href='#r'/><leadRecord href='http://example.com/x'/></leadRecordList>",
    );
    let emails: Vec<_> = twice.iter().map(|lead| lead.email.as_deref()).collect();
    assert_eq!(emails, [Some("a"), Some("b"), Some("a"), None]);

    for (inside, reason) in [
        ("<leadRecord href='#no'/>", "nothing has the id `no`"),
        // Circles: to itself, to what stands around it, and by a detour.
        (
            "<leadRecord href='#a' id='a'/>",
            "the id `a` refers to itself",
        ),
        (
            "<leadRecord id='a'><Email href='#a'/></leadRecord>",
            "the id `a` refers to itself",
        ),
        (
            "<leadRecord><leadAttributeList href='#b'/></leadRecord><x id='b'><attribute href='#c'/></x>\
             <x id='c'><attrName href='#b'/></x>",
            "the id `b` refers to itself",
        ),
    ] {
        let fault = envelope(
            "",
            &format!(
                "<m:paramsSyncMultipleLeads><leadRecordList>{inside}</leadRecordList></m:paramsSyncMultipleLeads>"
            ),
        )
        .unwrap_err();
        assert_eq!(fault.text, format!("Request not understood: {reason}"));
    }
}

// ---- Protocol section 6, step 7 ----

#[test]
fn what_is_missing() {
    let key = "<leadKey><keyType>EMAIL</keyType><keyValue>a</keyValue></leadKey>";
    for (body, message) in [
        ("<m:paramsGetLead/>", "Lead key required (20101)"),
        (
            "<m:paramsGetLead><leadKey xsi:nil='true'/></m:paramsGetLead>",
            "Lead key required (20101)",
        ),
        (
            "<m:paramsGetLead><leadKey/></m:paramsGetLead>",
            "Lead key required (20101)",
        ),
        // COM-5.
        (
            "<m:paramsGetLead><leadKey><keyType>IDNUM</keyType><keyValue/></leadKey></m:paramsGetLead>",
            "Lead key value is not valid (20102)",
        ),
        (
            "<m:paramsGetLead><leadKey><keyType>IDNUM</keyType><keyValue xsi:nil='1'/></leadKey></m:paramsGetLead>",
            "Lead key value is not valid (20102)",
        ),
        (
            "<m:paramsGetLead><leadKey><keyValue>1</keyValue></leadKey></m:paramsGetLead>",
            "Lead key value is not valid (20102)",
        ),
        ("<m:paramsSyncLead/>", "Lead record required (20104)"),
        (
            "<m:paramsSyncLead><leadRecord/></m:paramsSyncLead>",
            "Lead record required (20104)",
        ),
        (
            "<m:paramsSyncMultipleLeads/>",
            "Lead record required (20104)",
        ),
        (
            "<m:paramsSyncMultipleLeads><leadRecordList/></m:paramsSyncMultipleLeads>",
            "Lead record required (20104)",
        ),
        (
            "<m:paramsSyncMultipleLeads><leadRecordList><lead/></leadRecordList></m:paramsSyncMultipleLeads>",
            "Lead record required (20104)",
        ),
        // GLA-18, GLC-3, DMO-9, GMO-27, SMO-41, XMO-8, GCO-22, SCO-23, XCO-8, ML-11, LO-23, ITL-24.
        ("<m:paramsGetLeadActivity/>", "Lead key required (20101)"),
        (
            "<m:paramsGetLeadChanges/>",
            "Parameter startPosition is required (20109)",
        ),
        (
            "<m:paramsDescribeMObject><objectName/></m:paramsDescribeMObject>",
            "Parameter objectName is required (20109)",
        ),
        (
            "<m:paramsGetMObjects/>",
            "Parameter type is required (20109)",
        ),
        (
            "<m:paramsSyncMObjects><operation>INSERT</operation></m:paramsSyncMObjects>",
            "Parameter mObjectList is required (20109)",
        ),
        (
            "<m:paramsSyncMObjects><mObjectList><mObject/></mObjectList></m:paramsSyncMObjects>",
            "Parameter operation is required (20109)",
        ),
        (
            "<m:paramsDeleteMObjects><mObjectList/></m:paramsDeleteMObjects>",
            "Parameter mObjectList is required (20109)",
        ),
        (
            "<m:paramsGetCustomObjects/>",
            "Parameter objTypeName is required (20109)",
        ),
        (
            "<m:paramsSyncCustomObjects><objTypeName>T</objTypeName></m:paramsSyncCustomObjects>",
            "Parameter customObjList is required (20109)",
        ),
        (
            "<m:paramsDeleteCustomObjects><objTypeName>T</objTypeName><customObjKeyLists/></m:paramsDeleteCustomObjects>",
            "Parameter customObjKeyLists is required (20109)",
        ),
        (
            "<m:paramsMergeLeads><winningLeadKeyList><attribute/></winningLeadKeyList><losingLeadKeyLists/></m:paramsMergeLeads>",
            "Parameter losingLeadKeyLists is required (20109)",
        ),
        (
            &format!(
                "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listMemberList>{key}</listMemberList></m:paramsListOperation>"
            ),
            "Parameter listKey is required (20109)",
        ),
        (
            &format!(
                "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyValue>l</keyValue></listKey>\
                 <listMemberList>{key}</listMemberList></m:paramsListOperation>"
            ),
            "Parameter keyType is required (20109)",
        ),
        (
            "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
             <keyValue>l</keyValue></listKey><listMemberList/></m:paramsListOperation>",
            "Lead key required (20101)",
        ),
        (
            "<m:paramsImportToList><programName>p</programName><importFileRows><stringItem>r</stringItem></importFileRows>\
             <importListMode>LISTONLY</importListMode><listName>l</listName></m:paramsImportToList>",
            "Parameter importFileHeader is required (20109)",
        ),
        (
            "<m:paramsScheduleCampaign><campaignName>c</campaignName></m:paramsScheduleCampaign>",
            "Parameter programName is required (20109)",
        ),
    ] {
        assert_eq!(refused(body), message, "{body}");
    }
}

#[test]
fn the_first_error_wins() {
    for (body, message) in [
        // What is missing comes before what cannot be read, wherever they stand.
        (
            "<m:paramsSyncMObjects><operation>FOO</operation></m:paramsSyncMObjects>",
            "Parameter mObjectList is required (20109)",
        ),
        (
            "<m:paramsGetLeadActivity><batchSize>x</batchSize></m:paramsGetLeadActivity>",
            "Lead key required (20101)",
        ),
        // Then the order of the schema counts, not that of the message.
        (
            "<m:paramsGetMultipleLeads><batchSize>x</batchSize><lastUpdatedAt>y</lastUpdatedAt></m:paramsGetMultipleLeads>",
            "lastUpdatedAt: not a date-time: `y` (expected YYYY-MM-DDThh:mm:ss with an optional fraction and zone) (20110)",
        ),
        (
            "<m:paramsSyncCustomObjects/>",
            "Parameter objTypeName is required (20109)",
        ),
        // A key without a value is a bad value.
        (
            "<m:paramsListOperation><listMemberList><leadKey><keyType>IDNUM</keyType></leadKey></listMemberList>\
             <listKey><keyType>MKTOLISTNAME</keyType><keyValue>l</keyValue></listKey></m:paramsListOperation>",
            "Parameter listOperation is required (20109)",
        ),
        // The first record's.
        (
            "<m:paramsSyncMultipleLeads><dedupEnabled>x</dedupEnabled><leadRecordList><leadRecord><Id>1</Id></leadRecord>\
             <leadRecord><ForeignSysType>B</ForeignSysType><Id>A</Id></leadRecord><leadRecord><Id>C</Id></leadRecord>\
             </leadRecordList></m:paramsSyncMultipleLeads>",
            "Id: a whole number from -2147483648 to 2147483647 is expected, not `A` (20110)",
        ),
        // SML-50, SML-51: an id or a system that cannot be read is the call's error.
        (
            "<m:paramsSyncMultipleLeads><leadRecordList><leadRecord><ForeignSysType>SAP</ForeignSysType></leadRecord>\
             </leadRecordList></m:paramsSyncMultipleLeads>",
            "ForeignSysType: CUSTOM, SFDC, NETSUITE is expected, not `SAP` (20110)",
        ),
    ] {
        assert_eq!(refused(body), message, "{body}");
    }
}

#[test]
fn what_concerns_one_record_is_not_an_error_of_the_call() {
    // SMO-42, GMO-29, SML-30, COM-25: read as they come, for the rules to say what is wrong with them.
    let Request::SyncMObjects(params) = read(
        "<m:paramsSyncMObjects><mObjectList><mObject/><mObject><type>Nonsense</type><externalKey/><attribList><attrib/>\
         <attrib><value>v</value></attrib></attribList><associationList><mObjAssociation/></associationList></mObject>\
         </mObjectList><operation>INSERT</operation></m:paramsSyncMObjects>",
    ) else {
        panic!()
    };
    assert_eq!(params.m_object_list.len(), 2);
    assert_eq!(params.m_object_list[0].type_, None);
    assert_eq!(params.m_object_list[1].type_.as_deref(), Some("Nonsense"));
    assert_eq!(params.m_object_list[1].external_key, None);

    let Request::GetMObjects(params) = read(
        "<m:paramsGetMObjects><type>Program</type><mObjCriteriaList><mObjCriteria><attrName>Id</attrName>\
         <comparsion>EQ</comparsion><attrValue>1</attrValue></mObjCriteria><mObjCriteria><comparison>IN</comparison>\
         </mObjCriteria></mObjCriteriaList></m:paramsGetMObjects>",
    ) else {
        panic!()
    };
    let criteria = params.m_obj_criteria_list.unwrap();
    assert_eq!(criteria[0].comparison, None);
    assert_eq!(criteria[1].comparison.as_ref().unwrap().0, "IN");

    let found = leads(
        "<leadRecordList><leadRecord/><leadRecord xsi:nil='true'/><leadRecord><leadAttributeList><attribute/>\
         </leadAttributeList></leadRecord></leadRecordList>",
    );
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], LeadRecord::default());
}
