//! getLead and getMultipleLeads on the wire.

use super::*;

async fn three(toml: &str) -> Wire {
    let wire = wire(toml);
    let statuses = wire
        .call(
            "<paramsSyncMultipleLeads><leadRecordList>\
             <leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>City</attrName><attrValue>Bonn</attrValue>\
             </attribute></leadAttributeList></leadRecord>\
             <leadRecord><ForeignSysPersonId>F</ForeignSysPersonId><ForeignSysType>SFDC</ForeignSysType></leadRecord>\
             <leadRecord><Email>a@x.com</Email></leadRecord></leadRecordList><dedupEnabled>false</dedupEnabled>\
             </paramsSyncMultipleLeads>",
        )
        .await;
    assert_eq!(statuses.matches("CREATED").count(), 3);
    wire
}

fn key(key_type: &str, value: &str) -> String {
    format!(
        "<paramsGetLead><leadKey><keyType>{key_type}</keyType><keyValue>{value}</keyValue></leadKey></paramsGetLead>"
    )
}

/// GL-3, GL-4, COM-14, COM-18, RSP-4, RSP-6.
#[tokio::test]
async fn gl_04_the_answer_of_get_lead() {
    let wire = three("").await;
    let result = wire.part("result", &key("EMAIL", " A@X.com ")).await;
    assert!(
        result.starts_with(
            "<count>2</count><leadRecordList><leadRecord><Id>3</Id><Email>a@x.com</Email>"
        ),
        "{result}"
    );
    assert_eq!(
        wire.part("result", &key("IDNUM", "2")).await,
        "<count>1</count><leadRecordList><leadRecord><Id>2</Id><Email xsi:nil=\"true\"/>\
         <ForeignSysPersonId>F</ForeignSysPersonId><ForeignSysType>SFDC</ForeignSysType>\
         <leadAttributeList xsi:nil=\"true\"/></leadRecord></leadRecordList>"
    );
}

/// GL-5, GL-6, GL-9, COM-1, COM-3, COM-5, COM-6: the code and the text of each refusal.
#[tokio::test]
async fn gl_06_refusals_of_get_lead() {
    let wire = three("").await;
    for (params, expected) in [
        (
            key("EMAIL", " no@x.com"),
            "No lead found with EMAIL = no@x.com (20103)",
        ),
        (key("idnum", "77"), "No lead found with IDNUM = 77 (20103)"),
        (
            key("SFDCACCOUNTID", "x"),
            "No lead found with SFDCACCOUNTID = x (20103)",
        ),
        (
            key("LEADOWNEREMAIL", "x@x.com"),
            "No lead owner found with LEADOWNEREMAIL = x@x.com (20108)",
        ),
        (key("PHONE", "1"), "PHONE is not a valid lead key (20102)"),
        (key("IDNUM", ""), "Lead key value is not valid (20102)"),
        (
            key("IDNUM", "12345678901"),
            "Lead key value is not valid (20102)",
        ),
        ("<paramsGetLead/>".to_owned(), "Lead key required (20101)"),
        (
            "<paramsGetLead><leadKey/></paramsGetLead>".to_owned(),
            "Lead key required (20101)",
        ),
    ] {
        assert_eq!(wire.fault(&params).await, expected, "{params}");
    }
    let nil = "<paramsGetLead><leadKey><keyType>IDNUM</keyType><keyValue xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
               xsi:nil=\"true\"/></leadKey></paramsGetLead>";
    let body = wire.call(nil).await;
    assert!(
        body.contains("<faultstring>20102 - Input error</faultstring>"),
        "COM-5: {body}"
    );
}

/// GML-14, GML-15, GML-18, RSP-3, RSP-4: keys in one answer, without a position.
#[tokio::test]
async fn gml_14_the_answer_for_keys() {
    let wire = three("").await;
    let params = |values: &str, rest: &str| {
        format!(
            "<paramsGetMultipleLeads><leadSelector><keyType>EMAIL</keyType><keyValues>{values}</keyValues></leadSelector>\
             {rest}</paramsGetMultipleLeads>"
        )
    };
    let named = params(
        "<stringItem>no@x.com</stringItem><stringItem>a@x.com</stringItem>",
        "<includeAttributes><stringItem>City</stringItem></includeAttributes>",
    );
    let nil = "<Email xsi:nil=\"true\"/><ForeignSysPersonId xsi:nil=\"true\"/><ForeignSysType xsi:nil=\"true\"/>";
    assert_eq!(
        wire.part("result", &named).await,
        format!(
            "<returnCount>2</returnCount><remainingCount>0</remainingCount><newStreamPosition/><leadRecordList>\
             <leadRecord><Id>1</Id>{nil}<leadAttributeList><attribute><attrName>City</attrName><attrType>string</attrType>\
             <attrValue>Bonn</attrValue></attribute></leadAttributeList></leadRecord>\
             <leadRecord><Id>3</Id>{nil}<leadAttributeList xsi:nil=\"true\"/></leadRecord></leadRecordList>"
        )
    );
    assert_eq!(
        wire.part("result", &params("<stringItem>no@x.com</stringItem>", ""))
            .await,
        "<returnCount>0</returnCount><remainingCount>0</remainingCount><newStreamPosition/><leadRecordList/>"
    );
}

/// GML-7, GML-10, GML-19, GML-20, GML-21, GML-22, GML-27, GML-28: a loop, as clients have it.
#[tokio::test]
async fn gml_22_a_window_is_read_page_by_page() {
    let wire = three("").await;
    wire.store.advance(10);
    let bounds = ":to:1375315200:tl:1375315210";
    for selector in [
        "<leadSelector xsi:type=\"ns9:LastUpdateAtSelector\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <oldestUpdatedAt>2013-08-01T00:00:00Z</oldestUpdatedAt></leadSelector>",
        "<leadSelector><latestUpdatedAt>2013-07-31T19:00:10-05:00</latestUpdatedAt>\
         <oldestUpdatedAt>2013-07-31T19:00:00-05:00</oldestUpdatedAt></leadSelector>",
        "<lastUpdatedAt>2013-08-01 00:00:00</lastUpdatedAt>",
    ] {
        let first = wire
            .part(
                "result",
                &format!("<paramsGetMultipleLeads>{selector}<batchSize>2</batchSize></paramsGetMultipleLeads>"),
            )
            .await;
        let position = format!("id:2{bounds}:os:2:rc:1");
        assert!(
            first.starts_with(&format!(
                "<returnCount>2</returnCount><remainingCount>1</remainingCount><newStreamPosition>{position}</newStreamPosition>"
            )),
            "{first}"
        );
        let next = |position: &str| {
            format!(
                "<paramsGetMultipleLeads><streamPosition>{position}</streamPosition></paramsGetMultipleLeads>"
            )
        };
        let last = wire.part("result", &next(&position)).await;
        let position = format!("id:3{bounds}:os:3:rc:0");
        assert!(
            last.starts_with(&format!(
                "<returnCount>1</returnCount><remainingCount>0</remainingCount><newStreamPosition>{position}</newStreamPosition>"
            )),
            "{last}"
        );
        assert_eq!(
            wire.part("result", &next(&position)).await,
            format!(
                "<returnCount>0</returnCount><remainingCount>0</remainingCount><newStreamPosition>{position}</newStreamPosition>\
                 <leadRecordList/>"
            )
        );
    }
}

/// GML-13, GML-19, GML-23, GML-26, GML-32, GML-35, STR-4.
#[tokio::test]
async fn gml_23_refusals_of_get_multiple_leads() {
    let wire = three("").await;
    for (params, expected) in [
        ("", "Parameter leadSelector is required (20109)"),
        (
            "<leadSelector/>",
            "Parameter leadSelector is required (20109)",
        ),
        (
            "<leadSelector><latestUpdatedAt>2013-08-01T00:00:00Z</latestUpdatedAt></leadSelector>",
            "Parameter oldestUpdatedAt is required (20109)",
        ),
        (
            "<leadSelector><keyType>IDNUM</keyType></leadSelector>",
            "Parameter keyValues is required (20109)",
        ),
        (
            "<leadSelector><keyType>IDNUM</keyType><keyValues><stringItem/></keyValues></leadSelector>",
            "Parameter keyValues is required (20109)",
        ),
        (
            "<leadSelector><keyType>PHONE</keyType><keyValues><stringItem>1</stringItem></keyValues></leadSelector>",
            "PHONE is not a valid lead key (20102)",
        ),
        (
            "<leadSelector><oldestUpdatedAt>2013-01-01 00:00:00</oldestUpdatedAt><latestUpdatedAt>2013-08-01 00:00:00</latestUpdatedAt></leadSelector>",
            "Time range exceeds 30 days (20022)",
        ),
        (
            "<lastUpdatedAt>2013-08-01T00:00:00Z</lastUpdatedAt><batchSize>-1</batchSize>",
            "batchSize: a number from 0 is expected, not -1 (20110)",
        ),
        (
            "<streamPosition>garbage</streamPosition>",
            "Stream position is not valid (20122)",
        ),
        (
            "<leadSelector xsi:type=\"ns1:StaticListSelector\"><staticListId>7</staticListId></leadSelector>",
            "List 7 not found (20111)",
        ),
    ] {
        let params = format!("<paramsGetMultipleLeads>{params}</paramsGetMultipleLeads>");
        assert_eq!(wire.fault(&params).await, expected, "{params}");
    }
}
