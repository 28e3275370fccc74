//! Answers rule by rule: what stands in them, to the byte, and what a client reads from them.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::tz::TimeZone;
use mktows::{
    ActivityRecord, Attrib, Attribute, CampaignRecord, DateTime, Fault, FaultCode,
    LeadActivityList, LeadChangeRecord, LeadRecord, LeadSyncStatus, Limits, MObjStatus,
    MObjStatusEnum, MObject, Name, Operation, Response, ResponseError, ResultGetCampaignsForSource,
    ResultGetChannels, ResultGetCustomObjects, ResultGetImportToListStatus, ResultGetLead,
    ResultGetLeadChanges, ResultGetMObjects, ResultGetMultipleLeads, ResultListMObjects,
    ResultListOperation, ResultSyncCustomObjects, ResultSyncLead, ResultSyncMObjects,
    ResultSyncMultipleLeads, SoapFaultCode, StreamPosition, SyncCustomObjStatus, SyncStatus,
    SyncStatusEnum, Version, read_response, write_fault, write_response,
};

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn whole(response: impl Into<Response>, version_of: &str) -> String {
    String::from_utf8(write_response(&response.into(), version(version_of))).unwrap()
}

/// What stands in `result`.
fn result(response: impl Into<Response>) -> String {
    result_at(response, "3_1")
}

fn result_at(response: impl Into<Response>, version: &str) -> String {
    let text = whole(response, version);
    let from = text.find("<result>").unwrap() + "<result>".len();
    text[from..text.find("</result>").unwrap()].to_owned()
}

fn time(text: &str) -> DateTime {
    DateTime::parse(text).unwrap()
}

fn activity() -> ActivityRecord {
    ActivityRecord {
        id: Some(5),
        marketo_guid: "5".to_owned(),
        activity_date_time: time("2013-08-01T18:22:30-05:00"),
        activity_type: "New Lead".to_owned(),
        mktg_asset_name: None,
        activity_attributes: Some(vec![Attribute {
            attr_name: Name::word("Lead ID"),
            attr_type: None,
            attr_value: "7".to_owned(),
        }]),
        campaign: None,
        person_name: None,
        mkt_person_id: "7".to_owned(),
        foreign_sys_id: None,
        org_name: None,
        foreign_sys_org_id: None,
    }
}

#[test]
fn env_04_env_05_env_06_an_answer_to_the_byte() {
    let with_nil = ResultSyncMultipleLeads {
        sync_status_list: vec![SyncStatus {
            lead_id: 7,
            status: LeadSyncStatus::Created,
            error: None,
        }],
    };
    assert_eq!(
        whole(with_nil, "2_2"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:ns1=\"http://www.marketo.com/mktows/\">\
         <SOAP-ENV:Body><ns1:successSyncMultipleLeads><result><syncStatusList><syncStatus><leadId>7</leadId>\
         <status>CREATED</status><error xsi:nil=\"true\"/></syncStatus></syncStatusList></result>\
         </ns1:successSyncMultipleLeads></SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
    );
    let without_nil = ResultListMObjects {
        objects: vec!["ActivityRecord".to_owned(), "LeadRecord".to_owned()],
    };
    assert_eq!(
        whole(without_nil, "3_1"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:ns1=\"http://www.marketo.com/mktows/\"><SOAP-ENV:Body><ns1:successListMObjects><result>\
         <objects>ActivityRecord</objects><objects>LeadRecord</objects></result></ns1:successListMObjects>\
         </SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
    );
}

/// The table of protocol.md section 9: what stands for no value.
#[test]
fn rsp_01_rsp_02_rsp_03_rsp_04_rsp_06_rsp_07_no_value() {
    let nil = |name: &str| format!("<{name} xsi:nil=\"true\"/>");
    let lead = LeadRecord {
        id: Some(1),
        ..LeadRecord::default()
    };
    // GML-18, COM-14, COM-18.
    assert_eq!(
        result(ResultGetLead {
            count: 1,
            lead_record_list: Some(vec![lead]),
        }),
        format!(
            "<count>1</count><leadRecordList><leadRecord><Id>1</Id>{}{}{}{}</leadRecord></leadRecordList>",
            nil("Email"),
            nil("ForeignSysPersonId"),
            nil("ForeignSysType"),
            nil("leadAttributeList")
        )
    );
    assert_eq!(
        result(ResultGetMultipleLeads {
            lead_record_list: Some(Vec::new()),
            ..ResultGetMultipleLeads::default()
        }),
        "<returnCount>0</returnCount><remainingCount>0</remainingCount><newStreamPosition/><leadRecordList/>"
    );
    assert_eq!(
        result(ResultSyncLead {
            lead_id: 7,
            sync_status: SyncStatus {
                lead_id: 0,
                status: LeadSyncStatus::Failed,
                error: Some("x".to_owned()),
            },
            lead_record: None,
        }),
        format!(
            "<leadId>7</leadId><syncStatus><leadId>0</leadId><status>FAILED</status><error>x</error></syncStatus>{}",
            nil("leadRecord")
        ),
        "RSP-5: leadId is always digits"
    );
    assert_eq!(
        result(ResultListOperation {
            success: true,
            status_list: None,
        }),
        format!("<success>true</success>{}", nil("statusList"))
    );
    assert_eq!(
        result(ResultGetCustomObjects {
            obj_type_name: "T".to_owned(),
            custom_obj_list: Some(Vec::new()),
            ..ResultGetCustomObjects::default()
        }),
        "<objTypeName>T</objTypeName><returnCount>0</returnCount><remainingCount>0</remainingCount>\
         <newStreamPosition/><customObjList/>"
    );
    assert_eq!(
        result(ResultSyncCustomObjects {
            sync_custom_obj_status_list: vec![SyncCustomObjStatus {
                obj_type_name: "T".to_owned(),
                custom_obj_key_list: None,
                status: SyncStatusEnum::Skipped,
                error: None,
            }],
        }),
        format!(
            "<syncCustomObjStatusList><syncCustomObjStatus><objTypeName>T</objTypeName>{}<status>SKIPPED</status>{}\
             </syncCustomObjStatus></syncCustomObjStatusList>",
            nil("customObjKeyList"),
            nil("error")
        )
    );
    assert_eq!(
        result(ResultGetMObjects {
            m_object_list: Some(vec![MObject {
                type_: Some("Program".to_owned()),
                ..MObject::default()
            }]),
            ..ResultGetMObjects::default()
        }),
        "<returnCount>0</returnCount><hasMore>false</hasMore><newStreamPosition/><mObjectList><mObject>\
         <type>Program</type></mObject></mObjectList>"
    );
    assert_eq!(
        result(ResultGetCampaignsForSource {
            return_count: 1,
            campaign_record_list: Some(vec![CampaignRecord {
                id: 1,
                name: "n".to_owned(),
                description: String::new(),
            }]),
        }),
        "<returnCount>1</returnCount><campaignRecordList><campaignRecord><id>1</id><name>n</name><description/>\
         </campaignRecord></campaignRecordList>"
    );
    assert_eq!(
        result(ResultGetImportToListStatus {
            status: mktows::ImportToListStatusEnum::Processing,
            started_time: None,
            ended_time: None,
            estimated_time: None,
            estimated_rows: None,
            rows_imported: None,
            rows_failed: None,
            rows_ignored: None,
            import_summary: None,
        }),
        format!(
            "<status>PROCESSING</status>{}",
            [
                "startedTime",
                "endedTime",
                "estimatedTime",
                "estimatedRows",
                "rowsImported",
                "rowsFailed",
                "rowsIgnored",
                "importSummary"
            ]
            .map(nil)
            .concat()
        )
    );
    assert_eq!(result(ResultGetChannels::default()), "<tags/>");
}

#[test]
fn rsp_05_ids_of_failed_objects() {
    let failed = ResultSyncMObjects {
        m_obj_status_list: vec![MObjStatus {
            id: None,
            external_key: Some(Attrib {
                name: "k".to_owned(),
                value: String::new(),
            }),
            status: MObjStatusEnum::Failed,
            error: Some("e".to_owned()),
        }],
    };
    let written = |id: &str| {
        format!(
            "<mObjStatusList><mObjStatus>{id}<externalKey><name>k</name><value/></externalKey><status>FAILED</status>\
             <error>e</error></mObjStatus></mObjStatusList>"
        )
    };
    for old in ["1_0", "2_2", "2_6"] {
        assert_eq!(result_at(failed.clone(), old), written("<id>0</id>"));
    }
    for new in ["2_7", "2_9", "3_1"] {
        assert_eq!(
            result_at(failed.clone(), new),
            written("<id xsi:nil=\"true\"/>")
        );
    }
}

// GLA-16, GLA-17, GLC-13, RSP-7.
#[test]
fn rsp_07_activities() {
    let position = StreamPosition {
        latest_created_at: None,
        // RSP-10: as the client sent it.
        oldest_created_at: Some(time("2013-08-01T00:13:13Z")),
        activity_created_at: None,
        offset: Some("ID:5".to_owned()),
    };
    let attributes = "<activityAttributes><attribute><attrName>Lead ID</attrName><attrType xsi:nil=\"true\"/>\
        <attrValue>7</attrValue></attribute></activityAttributes>";
    let place = "<newStartPosition><latestCreatedAt xsi:nil=\"true\"/>\
        <oldestCreatedAt>2013-08-01T00:13:13Z</oldestCreatedAt><activityCreatedAt xsi:nil=\"true\"/>\
        <offset>ID:5</offset></newStartPosition>";
    for (address, guid) in [
        ("2_7", ""),
        ("2_9", ""),
        ("3_0", "<marketoGUID>5</marketoGUID>"),
    ] {
        let one = LeadActivityList {
            return_count: 1,
            remaining_count: 0,
            new_start_position: position.clone(),
            activity_record_list: Some(vec![activity()]),
        };
        assert!(
            whole(one, address).contains(&format!(
                "<ns1:successGetLeadActivity><leadActivityList><returnCount>1</returnCount><remainingCount>0</remainingCount>\
                 {place}<activityRecordList><activityRecord><id>5</id>{guid}\
                 <activityDateTime>2013-08-01T18:22:30-05:00</activityDateTime><activityType>New Lead</activityType>\
                 <mktgAssetName/>{attributes}<campaign/><personName xsi:nil=\"true\"/><mktPersonId>7</mktPersonId>\
                 <foreignSysId xsi:nil=\"true\"/><orgName xsi:nil=\"true\"/><foreignSysOrgId xsi:nil=\"true\"/>\
                 </activityRecord></activityRecordList></leadActivityList>"
            )),
            "GLA-2: {address}"
        );
        let many = ResultGetLeadChanges {
            return_count: 1,
            remaining_count: 0,
            new_start_position: position.clone(),
            lead_change_record_list: Some(vec![LeadChangeRecord {
                id: Some(5),
                marketo_guid: "5".to_owned(),
                activity_date_time: time("2013-08-01T18:22:30-05:00"),
                activity_type: "New Lead".to_owned(),
                mktg_asset_name: None,
                activity_attributes: activity().activity_attributes,
                campaign: None,
                mkt_person_id: "7".to_owned(),
            }]),
        };
        assert!(
            result_at(many, address).ends_with(&format!(
                "<leadChangeRecord><id>5</id>{guid}<activityDateTime>2013-08-01T18:22:30-05:00</activityDateTime>\
                 <activityType>New Lead</activityType><mktgAssetName xsi:nil=\"true\"/>{attributes}\
                 <mktPersonId>7</mktPersonId></leadChangeRecord></leadChangeRecordList>"
            )),
            "{address}"
        );
    }
}

#[test]
fn rsp_09_times_of_the_server() {
    let instant = "2013-07-09T21:44:28.987Z".parse().unwrap();
    for (zone, text) in [
        ("UTC", "2013-07-09T21:44:28+00:00"),
        ("America/Chicago", "2013-07-09T16:44:28-05:00"),
        ("Asia/Kolkata", "2013-07-10T03:14:28+05:30"),
    ] {
        let time = DateTime::new(instant, &TimeZone::get(zone).unwrap());
        assert_eq!(time.text(), text);
        assert_eq!(
            time,
            DateTime::new(
                time.to_timestamp(&TimeZone::UTC),
                &TimeZone::get(zone).unwrap()
            )
        );
    }
}

// RSP-8: an echo that the schema does not allow would break the clients that hold answers against it.
#[test]
fn rsp_10_times_of_the_client_are_echoed_in_a_form_of_the_schema() {
    for (sent, written) in [
        ("2013-08-01T00:13:13+00:00", "2013-08-01T00:13:13+00:00"),
        ("2013-08-01T00:13:13Z", "2013-08-01T00:13:13Z"),
        ("2013-08-01T00:13:13", "2013-08-01T00:13:13"),
        (
            "2013-08-01T00:13:13.1234567-14:00",
            "2013-08-01T00:13:13.1234567-14:00",
        ),
        ("2015-07-06 12:00:00 +0900", "2015-07-06T12:00:00+09:00"),
        ("2015-07-06 03:00:00 UTC", "2015-07-06T03:00:00+00:00"),
        ("2015-07-06t03:00:00,50z", "2015-07-06T03:00:00.5+00:00"),
        ("2015-07-06T03:00", "2015-07-06T03:00:00"),
        ("2015-07-06T03:00-0730", "2015-07-06T03:00:00-07:30"),
        (
            "2015-07-06T03:00:60Z",
            "2015-07-06T03:00:59.999999999+00:00",
        ),
        ("2015-07-06T24:00:00Z", "2015-07-07T00:00:00+00:00"),
        ("2015-07-06T03:00:00+15:00", "2015-07-05T12:00:00+00:00"),
        ("2015-07-06T03:00:00-14:01", "2015-07-06T17:01:00+00:00"),
        ("2015-07-06T03:00:00 -01", "2015-07-06T03:00:00-01:00"),
    ] {
        let position = StreamPosition {
            oldest_created_at: Some(time(sent)),
            ..StreamPosition::default()
        };
        let text = result(ResultGetLeadChanges {
            new_start_position: position,
            ..ResultGetLeadChanges::default()
        });
        assert!(
            text.contains(&format!("<oldestCreatedAt>{written}</oldestCreatedAt>")),
            "{sent}: {text}"
        );
    }
}

#[test]
fn rsp_11_rsp_12_rsp_13_texts_and_numbers() {
    let value = |text: &str| {
        let campaign = CampaignRecord {
            id: -1,
            name: String::new(),
            description: text.to_owned(),
        };
        let text = result(ResultGetCampaignsForSource {
            return_count: i32::MAX,
            campaign_record_list: Some(vec![campaign]),
        });
        assert!(text.starts_with("<returnCount>2147483647</returnCount>"));
        let from = text.find("<description>").unwrap() + "<description>".len();
        text[from..text.find("</description>").unwrap()].to_owned()
    };
    for (text, written) in [
        ("<p>a & b</p>", "&lt;p&gt;a &amp; b&lt;/p&gt;"),
        ("&lt;p&gt;", "&amp;lt;p&amp;gt;"),
        ("a\r\nb\tc", "a&#13;\nb\tc"),
        ("\"'", "\"'"),
        ("]]>", "]]&gt;"),
        ("a\u{0}\u{8}\u{B}\u{C}\u{1F}\u{FFFE}\u{FFFF}b", "ab"),
        (
            "\u{7F}\u{85}\u{FEFF}\u{1F600}",
            "\u{7F}\u{85}\u{FEFF}\u{1F600}",
        ),
    ] {
        assert_eq!(value(text), written);
    }
}

// ---- FLT ----

#[test]
fn flt_01_flt_04_flt_06_every_fault_has_the_layout_that_clients_search() {
    for code in FaultCode::ALL {
        let fault = Fault::new(*code, "a <b> & \"c\"");
        let text = String::from_utf8(write_fault(&fault)).unwrap();
        let number = code.number();
        assert!(text.contains(&format!(
            "<name>mktServiceException</name><message>a &lt;b&gt; &amp; \"c\" ({number})</message><code>{number}</code>"
        )));
        assert!(
            text.contains(&format!(
                "<faultstring>{number} - {}</faultstring>",
                code.title()
            )),
            "FLT-3"
        );
        let document = roxmltree::Document::parse(&text).unwrap();
        let names: Vec<_> = document
            .descendants()
            .filter(roxmltree::Node::is_element)
            .map(|node| (node.tag_name().namespace(), node.tag_name().name()))
            .collect();
        let soap = Some(mktows::SOAP_NAMESPACE);
        assert_eq!(
            names,
            [
                (soap, "Envelope"),
                (soap, "Body"),
                (soap, "Fault"),
                (None, "faultcode"),
                (None, "faultstring"),
                (None, "detail"),
                (Some(mktows::MKTOWS_NAMESPACE), "serviceException"),
                (None, "name"),
                (None, "message"),
                (None, "code"),
            ]
        );
        // A client reads what the server meant.
        let error = read_response(
            text.as_bytes(),
            Some("text/xml; charset=utf-8"),
            Operation::GetTags,
            &Limits::default(),
        )
        .unwrap_err();
        assert_eq!(error.code(), Some(*code));
        assert_eq!(
            error,
            ResponseError::Fault {
                soap_code: fault.soap_code,
                code: Some(number),
                fault_string: fault.fault_string(),
                message: fault.message(),
            }
        );
    }
}

#[test]
fn flt_08_faults_of_other_servers() {
    let envelope = |inside: &str| {
        format!(
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault>{inside}</e:Fault></e:Body></e:Envelope>"
        )
    };
    for (inside, soap_code, code, fault_string) in [
        // The original's answer to what it could not read.
        (
            "<faultcode>SOAP-ENV:Client</faultcode><faultstring>Bad Request</faultstring>",
            SoapFaultCode::Client,
            None,
            "Bad Request",
        ),
        // Without a detail the number still stands in front.
        (
            "<faultcode>e:Server</faultcode><faultstring>20015 - Request Limit Exceeded</faultstring><detail/>",
            SoapFaultCode::Server,
            Some(20015),
            "20015 - Request Limit Exceeded",
        ),
        (
            "<faultstring>x</faultstring><detail><m:serviceException xmlns:m='m'><code> 20018 </code></m:serviceException></detail>",
            SoapFaultCode::Client,
            Some(20018),
            "x",
        ),
        (
            "<faultcode>VersionMismatch</faultcode>",
            SoapFaultCode::VersionMismatch,
            None,
            "",
        ),
    ] {
        let error = read_response(
            envelope(inside).as_bytes(),
            None,
            Operation::GetLead,
            &Limits::default(),
        )
        .unwrap_err();
        assert_eq!(
            error,
            ResponseError::Fault {
                soap_code,
                code,
                fault_string: fault_string.to_owned(),
                message: String::new(),
            },
            "{inside}"
        );
    }
}

#[test]
fn answers_that_are_none() {
    let envelope = |inside: &str| {
        format!(
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:m='http://www.marketo.com/mktows/'>\
             <e:Body>{inside}</e:Body></e:Envelope>"
        )
    };
    for text in [
        String::new(),
        "<html><body>502 Bad Gateway</body></html>".to_owned(),
        envelope(""),
        envelope("<m:successGetTags><result/></m:successGetTags>"),
        envelope("<m:successGetLead/>"),
        envelope("<m:successSyncLead><result><leadId>1</leadId></result></m:successSyncLead>"),
    ] {
        for operation in [Operation::GetLead, Operation::SyncLead] {
            let error =
                read_response(text.as_bytes(), None, operation, &Limits::default()).unwrap_err();
            assert!(
                matches!(&error, ResponseError::Malformed(_)) && error.code().is_none(),
                "{text}: {error}"
            );
        }
    }
    // A word that the schema does not have is told, not swallowed.
    let error = read_response(
        envelope(
            "<m:successSyncMultipleLeads><result><syncStatusList><syncStatus><leadId>1</leadId><status>GONE</status>\
             </syncStatus></syncStatusList></result></m:successSyncMultipleLeads>",
        )
        .as_bytes(),
        None,
        Operation::SyncMultipleLeads,
        &Limits::default(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer cannot be read: status: CREATED, UPDATED, FAILED is expected, not `GONE`"
    );
}
