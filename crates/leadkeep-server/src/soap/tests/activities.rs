//! getLeadActivity and getLeadChanges on the wire.

use super::*;

/// Lead 1 with a history of three: created, then two values changed.
async fn one_lead() -> Wire {
    let wire = wire("[instance]\ntime_zone = \"America/Chicago\"");
    for (id, attribute) in [
        ("", ""),
        (
            "<Id>1</Id>",
            "<attribute><attrName>City</attrName><attrValue>Bonn &amp; Ulm</attrValue></attribute><attribute><attrName>Title</attrName><attrValue>Boss</attrValue></attribute>",
        ),
    ] {
        wire.store.advance(60);
        wire.call(&format!(
            "<paramsSyncLead><leadRecord>{id}<Email>a@x.com</Email><leadAttributeList>{attribute}</leadAttributeList></leadRecord>\
             <returnLead>false</returnLead></paramsSyncLead>"
        ))
        .await;
    }
    wire
}

fn attribute(name: &str, value: &str) -> String {
    let value = match value {
        "" => "<attrValue></attrValue>".to_owned(),
        value => format!("<attrValue>{value}</attrValue>"),
    };
    format!("<attribute><attrName>{name}</attrName><attrType xsi:nil=\"true\"/>{value}</attribute>")
}

const KEY_1: &str = "<leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey>";

/// GLA-2, GLA-11, GLA-14, GLA-16, GLA-17, GLA-28, ACT-1, ACT-4, ACT-5, ACT-6, ACT-7, ACT-9, RSP-7.
#[tokio::test]
async fn gla_02_the_answer_of_get_lead_activity() {
    let wire = one_lead().await;
    let body = wire
        .call(&format!(
            "<paramsGetLeadActivity>{KEY_1}<activityFilter><includeAttributes><activityType>NewLead</activityType>\
             <activityType>Change Data Value</activityType></includeAttributes></activityFilter>\
             <startPosition><latestCreatedAt/><offset/></startPosition><batchSize>2</batchSize></paramsGetLeadActivity>"
        ))
        .await;
    let (_, list) = body
        .split_once("<ns1:successGetLeadActivity><leadActivityList>")
        .expect(&body);
    let time = "2013-07-31T19:02:00-05:00";
    let record = |id: i64, field: &str, value: &str| {
        format!(
            "<activityRecord><id>{id}</id><activityDateTime>{time}</activityDateTime><activityType>Change Data Value</activityType>\
             <mktgAssetName>{field}</mktgAssetName><activityAttributes>{}{}{}{}{}</activityAttributes><campaign></campaign>\
             <personName xsi:nil=\"true\"/><mktPersonId>1</mktPersonId><foreignSysId xsi:nil=\"true\"/><orgName xsi:nil=\"true\"/>\
             <foreignSysOrgId xsi:nil=\"true\"/></activityRecord>",
            attribute("Attribute Name", field),
            attribute("Old Value", ""),
            attribute("New Value", value),
            attribute("Reason", "SOAP API"),
            attribute("Lead ID", "1"),
        )
    };
    let expected = format!(
        "<returnCount>2</returnCount><remainingCount>1</remainingCount><newStartPosition>\
         <latestCreatedAt>{time}</latestCreatedAt><oldestCreatedAt xsi:nil=\"true\"/><activityCreatedAt xsi:nil=\"true\"/>\
         <offset>ID:2</offset></newStartPosition><activityRecordList>{}{}</activityRecordList></leadActivityList></ns1:successGetLeadActivity>",
        record(3, "Job Title", "Boss"),
        record(2, "City", "Bonn &amp; Ulm"),
    );
    assert_eq!(
        list.replace("<campaign/>", "<campaign></campaign>")
            .replace("<attrValue/>", "<attrValue></attrValue>"),
        expected
    );
    // GLA-12: the offset alone; ACT-7: no name is an empty element.
    let page = wire
        .part(
            "activityRecordList",
            &format!("<paramsGetLeadActivity>{KEY_1}<startPosition><offset>ID:2</offset></startPosition></paramsGetLeadActivity>"),
        )
        .await;
    assert!(
        page.contains("<activityType>New Lead</activityType><mktgAssetName/>"),
        "{page}"
    );
    assert_eq!(page.matches("<activityRecord>").count(), 1);
}

/// GLA-20, RSP-4.
#[tokio::test]
async fn gla_20_a_history_without_activities() {
    let wire = one_lead().await;
    let list = wire
        .part(
            "leadActivityList",
            &format!(
                "<paramsGetLeadActivity>{KEY_1}<activityFilter><includeTypes><activityType>MergeLeads</activityType></includeTypes>\
                 </activityFilter></paramsGetLeadActivity>"
            ),
        )
        .await;
    assert_eq!(
        list,
        "<returnCount>0</returnCount><remainingCount>0</remainingCount><newStartPosition><latestCreatedAt xsi:nil=\"true\"/>\
         <oldestCreatedAt xsi:nil=\"true\"/><activityCreatedAt xsi:nil=\"true\"/><offset xsi:nil=\"true\"/></newStartPosition>\
         <activityRecordList/>"
    );
}

/// GLC-3, GLC-12, GLC-13, GLC-16, GLC-17, ACT-5, ACT-7, RSP-10: bounds come back as they came.
#[tokio::test]
async fn glc_12_the_answer_of_get_lead_changes() {
    let wire = one_lead().await;
    let result = wire
        .part(
            "result",
            "<paramsGetLeadChanges><startPosition><oldestCreatedAt>2013-08-01T00:00:00Z</oldestCreatedAt></startPosition>\
             <batchSize>1</batchSize></paramsGetLeadChanges>",
        )
        .await;
    assert_eq!(
        result,
        format!(
            "<returnCount>1</returnCount><remainingCount>2</remainingCount><newStartPosition><latestCreatedAt xsi:nil=\"true\"/>\
             <oldestCreatedAt>2013-08-01T00:00:00Z</oldestCreatedAt><activityCreatedAt xsi:nil=\"true\"/><offset>ID:1</offset>\
             </newStartPosition><leadChangeRecordList><leadChangeRecord><id>1</id>\
             <activityDateTime>2013-07-31T19:01:00-05:00</activityDateTime><activityType>New Lead</activityType>\
             <mktgAssetName xsi:nil=\"true\"/><activityAttributes>{}{}{}{}</activityAttributes><mktPersonId>1</mktPersonId>\
             </leadChangeRecord></leadChangeRecordList>",
            attribute("Source Type", "Web service API"),
            attribute("Source Info", "Web service API"),
            attribute("Created Date", "2013-07-31"),
            attribute("Lead ID", "1"),
        )
    );
    let filtered = wire
        .part(
            "result",
            "<paramsGetLeadChanges><startPosition><offset/></startPosition><activityNameFilter><stringItem>New Lead</stringItem></activityNameFilter>\
             <leadSelector xsi:type=\"ns1:LeadKeySelector\"><keyType>EMAIL</keyType><keyValues><stringItem>a@x.com</stringItem>\
             </keyValues></leadSelector></paramsGetLeadChanges>",
        )
        .await;
    assert!(
        filtered.starts_with("<returnCount>1</returnCount><remainingCount>0<"),
        "{filtered}"
    );
}

/// GLA-17, GLC-17: the number a second time, as text, in the newest version only.
#[tokio::test]
async fn gla_17_the_newest_version_names_activities_by_text_too() {
    let wire = one_lead().await;
    let params = format!("<paramsGetLeadActivity>{KEY_1}</paramsGetLeadActivity>");
    for (version, expected) in [("2_7", 0), ("2_9", 0), ("3_0", 3), ("3_1", 3)] {
        let envelope = envelope_around(&header(), &params).unwrap();
        let answer = answer(
            &wire.app,
            Version::parse(version).unwrap(),
            None,
            Ok(envelope),
            Client::default(),
            call_id::next(),
        )
        .await;
        let text = String::from_utf8(answer.body).unwrap();
        assert_eq!(text.matches("<marketoGUID>").count(), expected, "{version}");
    }
}

/// GLA-6, GLA-7, GLA-18, GLA-25, GLA-27, GLC-3, GLC-9, GLC-15, GLC-25.
#[tokio::test]
async fn gla_18_refusals() {
    let wire = one_lead().await;
    for (params, expected) in [
        ("<paramsGetLeadActivity/>".to_owned(), "Lead key required (20101)"),
        (
            "<paramsGetLeadActivity><leadKey><keyType>IDNUM</keyType><keyValue>9</keyValue></leadKey></paramsGetLeadActivity>".to_owned(),
            "No lead found with IDNUM = 9 (20103)",
        ),
        (
            format!("<paramsGetLeadActivity>{KEY_1}<activityFilter><includeTypes><activityType>Nonsense</activityType></includeTypes></activityFilter></paramsGetLeadActivity>"),
            "Unknown activity type Nonsense (20107)",
        ),
        (
            format!("<paramsGetLeadActivity>{KEY_1}<activityFilter><includeTypes><activityType>NewLead</activityType></includeTypes><excludeTypes><activityType>AddToList</activityType></excludeTypes></activityFilter></paramsGetLeadActivity>"),
            "activityFilter: includeTypes and excludeTypes cannot be used together (20110)",
        ),
        (
            format!("<paramsGetLeadActivity>{KEY_1}<batchSize>-1</batchSize></paramsGetLeadActivity>"),
            "batchSize: a number from 0 is expected, not -1 (20110)",
        ),
        (
            format!("<paramsGetLeadActivity>{KEY_1}<startPosition><offset>x</offset></startPosition></paramsGetLeadActivity>"),
            "Stream position is not valid (20122)",
        ),
        ("<paramsGetLeadChanges/>".to_owned(), "Parameter startPosition is required (20109)"),
        (
            "<paramsGetLeadChanges><startPosition><offset/></startPosition><activityNameFilter><stringItem>Nonsense</stringItem></activityNameFilter></paramsGetLeadChanges>".to_owned(),
            "Unknown activity type Nonsense (20107)",
        ),
        (
            "<paramsGetLeadChanges><startPosition><offset/></startPosition><leadSelector><staticListName>Nobody</staticListName></leadSelector></paramsGetLeadChanges>".to_owned(),
            "List Nobody not found (20111)",
        ),
        (
            "<paramsGetLeadChanges><startPosition><offset/></startPosition><leadSelector><oldestUpdatedAt>2013-01-01T00:00:00Z</oldestUpdatedAt><latestUpdatedAt>2013-03-01T00:00:00Z</latestUpdatedAt></leadSelector></paramsGetLeadChanges>".to_owned(),
            "Time range exceeds 30 days (20022)",
        ),
    ] {
        assert_eq!(wire.fault(&params).await, expected, "{params}");
    }
}
