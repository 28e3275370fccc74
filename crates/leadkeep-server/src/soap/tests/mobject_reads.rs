//! getMObjects, listMObjects and describeMObject on the wire.

use super::mobjects::{read, sample};
use super::*;
use leadkeep_core::schema::testing::DEMO;

fn get(rest: &str) -> String {
    format!("<paramsGetMObjects>{rest}</paramsGetMObjects>")
}

async fn insert(wire: &Wire, count: usize) {
    let object = "<mObject><type>Opportunity</type><attribList><attrib><name>ExternalCreatedDate</name>\
                  <value>2013-08-05T14:22:45-07:00</value></attrib></attribList></mObject>";
    let objects = object.repeat(count);
    wire.call(&format!(
        "<paramsSyncMObjects><mObjectList>{objects}</mObjectList><operation>INSERT</operation></paramsSyncMObjects>"
    ))
    .await;
}

/// LMO-1, LMO-2, LMO-3, LMO-4: the sample, whatever stands in the request.
#[tokio::test]
async fn lmo_04_the_names_of_objects() {
    let wire = wire(DEMO);
    let expected = sample("listMObjects-response", "result");
    for params in [
        "<paramsListMObjects/>",
        "<paramsListMObjects><objectName>x</objectName><y/></paramsListMObjects>",
    ] {
        assert_eq!(wire.part("result", params).await, expected);
    }
}

/// DMO-3, DMO-5, DMO-6, DMO-8, DMO-10: the sample as it stands, on an empty database.
#[tokio::test]
async fn dmo_05_activity_record_is_the_sample() {
    let wire = wire("");
    let expected = sample("describeMObject-response", "result");
    let body = wire.call_envelope(&read("describeMObject-request")).await;
    assert!(body.contains(&expected), "{body}");
    let params =
        "<paramsDescribeMObject><objectName> activityrecord </objectName></paramsDescribeMObject>";
    assert_eq!(wire.part("result", params).await, expected);
}

/// DMO-2, DMO-4, DMO-7, DMO-9, DMO-13, RSP-1, RSP-9: a field of a lead, a field of an opportunity, and refusals.
#[tokio::test]
async fn dmo_04_fields_on_the_wire() {
    let wire = wire(DEMO);
    let describe = |name: &str| {
        format!("<paramsDescribeMObject><objectName>{name}</objectName></paramsDescribeMObject>")
    };
    let lead = wire.part("metadata", &describe("LeadRecord")).await;
    assert!(
        lead.starts_with(
            "<name>LeadRecord</name><description xsi:nil=\"true\"/><isCustom>false</isCustom><isVirtual>true</isVirtual>\
             <fieldList><field><name>"
        ),
        "{lead}"
    );
    for field in [
        "<field><name>FSPID</name><description xsi:nil=\"true\"/><displayName>Foreign Id</displayName>\
         <sourceObject>Lead</sourceObject><dataType>string</dataType><size>255</size><isReadonly>false</isReadonly>\
         <isUpdateBlocked>false</isUpdateBlocked><isName xsi:nil=\"true\"/><isPrimaryKey>false</isPrimaryKey>\
         <isCustom>true</isCustom><isDynamic>true</isDynamic><dynamicFieldRef>leadAttributeList</dynamicFieldRef>\
         <updatedAt>2013-08-01T00:00:00+00:00</updatedAt></field>",
        "<isDynamic>false</isDynamic><dynamicFieldRef xsi:nil=\"true\"/>",
    ] {
        assert!(lead.contains(field), "{field}: {lead}");
    }
    let deal = wire.part("metadata", &describe("Opportunity")).await;
    assert!(deal.contains("<isVirtual>false</isVirtual>"));
    assert!(
        deal.ends_with("</fieldList><updatedAt>2013-08-01T00:00:00+00:00</updatedAt>"),
        "{deal}"
    );
    for (name, expected) in [
        ("Program", "Object name is not valid (20110)"),
        ("RoadShow", "Object name is not valid (20110)"),
        ("", "Parameter objectName is required (20109)"),
        (" ", "Parameter objectName is required (20109)"),
    ] {
        assert_eq!(wire.fault(&describe(name)).await, expected, "{name}");
    }
}

/// GMO-24, GMO-25, GMO-11, GMO-22, RSP-4, RSP-9: an opportunity, and no opportunity.
#[tokio::test]
async fn gmo_24_opportunities_on_the_wire() {
    let wire = wire("[instance]\ntime_zone = \"America/Chicago\"\n");
    let empty = wire.part("result", &get("<type>Opportunity</type>")).await;
    assert!(empty.starts_with(
        "<returnCount>0</returnCount><hasMore>false</hasMore><newStreamPosition>mo1."
    ));
    assert!(
        empty.ends_with("</newStreamPosition><mObjectList/>"),
        "{empty}"
    );
    insert(&wire, 1).await;
    let list = wire
        .part("mObjectList", &get("<type>Opportunity</type>"))
        .await;
    assert_eq!(
        list,
        "<mObject><type>Opportunity</type><id>1</id><createdAt>2013-07-31T19:00:00-05:00</createdAt>\
         <updatedAt>2013-07-31T19:00:00-05:00</updatedAt><attribList><attrib><name>ExternalCreatedDate</name>\
         <value>2013-08-05T16:22:45-05:00</value></attrib></attribList></mObject>"
    );
}

/// GMO-12, GMO-13, GMO-14, GMO-15, GMO-16, GMO-17, GMO-26: a program, in the elements of the sample.
#[tokio::test]
async fn gmo_12_programs_on_the_wire() {
    let wire = wire(DEMO);
    let attribute = |name: &str, value: &str| {
        format!("<attrib><name>{name}</name><value>{value}</value></attrib>")
    };
    let plain = [
        "<mObject><type>Program</type><id>1970</id><attribList>".to_owned(),
        attribute("Name", "Trav-Demo-Program"),
        attribute("Type", "Marketing Program"),
        attribute("Workspace Id", "1"),
        attribute("Workspace Name", "Default"),
        attribute(
            "Tree Path",
            "/Marketing Activities/Default/Training/Trav-Demo-Program",
        ),
        attribute("Is Archived", "false"),
        "</attribList>".to_owned(),
    ]
    .concat();
    let list = |kind: &str, pairs: &[(&str, &str)]| {
        let pairs: String = pairs
            .iter()
            .map(|(name, value)| attribute(name, value))
            .collect();
        format!("<typeAttrib><attrType>{kind}</attrType><attrList>{pairs}</attrList></typeAttrib>")
    };
    let details = [
        list("Tag", &[("Type", "Channel"), ("Value", "Blog")]),
        list("Tag", &[("Type", "Regions"), ("Value", "EMEA")]),
        list("Token", &[("Name", "message"), ("Value", "Hello")]),
        list("Token", &[("Name", "other token"), ("Value", "Other")]),
        list(
            "Cost",
            &[
                ("Id", "153"),
                ("Month", "2013-05-01"),
                ("Amount", "1000"),
                ("Note", "before"),
            ],
        ),
    ]
    .concat();
    let full = format!("{plain}<typeAttribList>{details}</typeAttribList></mObject>");
    for (flag, expected) in [
        ("", &full),
        ("<includeDetails/>", &full),
        ("<includeDetails>true</includeDetails>", &full),
        (
            "<includeDetails>0</includeDetails>",
            &format!("{plain}</mObject>"),
        ),
    ] {
        let params = get(&format!("<type>Program</type><id>1970</id>{flag}"));
        assert_eq!(&wire.part("mObjectList", &params).await, expected, "{flag}");
    }
    let body = wire.call_envelope(&read("getMObjects-request")).await;
    assert!(
        body.contains("<returnCount>1</returnCount><hasMore>false</hasMore>"),
        "{body}"
    );
}

/// GMO-3, GMO-11, GMO-23, GMO-37: a loop, as clients have it.
#[tokio::test]
async fn gmo_37_pages_on_the_wire() {
    let wire = wire(DEMO);
    insert(&wire, 100).await;
    insert(&wire, 1).await;
    let mut rest = String::new();
    let mut counts = Vec::new();
    for _ in 0..3 {
        let result = wire
            .part("result", &get(&format!("<type>Opportunity</type>{rest}")))
            .await;
        let (_, after) = result.split_once("<newStreamPosition>").unwrap();
        let position = after.split_once("</newStreamPosition>").unwrap().0;
        rest = format!("<streamPosition>{position}</streamPosition>");
        counts.push(result.split_once("<newStream").unwrap().0.to_owned());
    }
    assert_eq!(
        counts,
        [
            "<returnCount>100</returnCount><hasMore>true</hasMore>",
            "<returnCount>1</returnCount><hasMore>false</hasMore>",
            "<returnCount>0</returnCount><hasMore>false</hasMore>",
        ]
    );
    let again = get(&format!("<type>OpportunityPersonRole</type>{rest}"));
    assert_eq!(
        wire.fault(&again).await,
        "Stream position is not valid (20122)"
    );
}

/// GMO-5, GMO-18, GMO-27, GMO-28, GMO-29, GMO-30, GMO-36: codes of refusals.
#[tokio::test]
async fn gmo_27_refusals_on_the_wire() {
    let wire = wire(DEMO);
    let criterion = |name: &str, word: &str, value: &str| {
        format!(
            "<type>Program</type><mObjCriteriaList><mObjCriteria><attrName>{name}</attrName><comparison>{word}</comparison>\
             <attrValue>{value}</attrValue></mObjCriteria></mObjCriteriaList>"
        )
    };
    for (rest, expected) in [
        (String::new(), "Parameter type is required (20109)"),
        ("<type/>".to_owned(), "Parameter type is required (20109)"),
        ("<type>LeadRecord</type>".to_owned(), "Object name is not valid (20110)"),
        (
            "<type>Program</type><streamPosition>x</streamPosition>".to_owned(),
            "Stream position is not valid (20122)",
        ),
        (criterion("Stage", "EQ", "x"), "attrName: Program has no attribute Stage (20110)"),
        (
            criterion("Name", "LIKE", "x"),
            "comparison: EQ, NE, LT, LE, GT, GE is expected, not `LIKE` (20110)",
        ),
        (
            "<type>Program</type><mObjAssociationList><mObjAssociation><mObjType>Lead</mObjType><id>1</id></mObjAssociation>\
             </mObjAssociationList>"
                .to_owned(),
            "mObjAssociationList: Program has no association Lead (20110)",
        ),
    ] {
        assert_eq!(wire.fault(&get(&rest)).await, expected, "{rest}");
    }
    // GMO-29: a sample misspells the element; IN is taken.
    let misspelt = "<type>Program</type><mObjCriteriaList><mObjCriteria><attrName>Id</attrName><comparision>LE</comparision>\
                    <attrValue>1970</attrValue></mObjCriteria></mObjCriteriaList>";
    for rest in [misspelt.to_owned(), criterion("Id", "IN", "1970,1")] {
        let result = wire.part("result", &get(&rest)).await;
        assert!(
            result.contains("<returnCount>1</returnCount>"),
            "{rest}: {result}"
        );
    }
}
