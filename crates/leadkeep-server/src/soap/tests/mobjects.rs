//! syncMObjects and deleteMObjects on the wire.

use super::*;
use leadkeep_core::schema::testing::DEMO;

const XSI: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

fn sync(objects: &str, operation: &str) -> String {
    format!(
        "<paramsSyncMObjects><mObjectList>{objects}</mObjectList><operation>{operation}</operation></paramsSyncMObjects>"
    )
}

fn attributes(pairs: &[(&str, &str)]) -> String {
    let attributes: String = pairs
        .iter()
        .map(|(name, value)| format!("<attrib><name>{name}</name><value>{value}</value></attrib>"))
        .collect();
    format!("<attribList>{attributes}</attribList>")
}

/// An opportunity with an external key of the demo's field.
fn keyed(key: &str, rest: &str) -> String {
    format!(
        "<mObject><type>Opportunity</type><externalKey><name>opportunityId</name><value>{key}</value></externalKey>{rest}\
         </mObject>"
    )
}

/// What stands between two tags, without the blanks between elements.
pub(super) fn sample(name: &str, tag: &str) -> String {
    let text = read(name);
    let (_, rest) = text.split_once(&format!("<{tag}>")).unwrap();
    let part = rest.rsplit_once(&format!("</{tag}>")).unwrap().0;
    let lines: String = part.lines().map(str::trim).collect();
    lines.replace(" />", "/>")
}

pub(super) fn read(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../mktows/tests/messages");
    std::fs::read_to_string(format!("{path}/{name}.xml")).unwrap()
}

/// SMO-2, SMO-3, SMO-12, SMO-13, SMO-44, SMO-46, SMO-48, SMO-74, FLT-9, RSP-5: statuses of every kind.
#[tokio::test]
async fn smo_74_statuses_on_the_wire() {
    let wire = wire(DEMO);
    let name = attributes(&[("Name", "x")]);
    let objects = [
        keyed("A", &name),
        keyed("A", &name),
        keyed("A", &attributes(&[("Name", "y")])),
        keyed("A", &attributes(&[("b", "1"), ("a", "2")])),
        "<mObject><type>Opportunity</type><id>77</id></mObject>".to_owned(),
        "<mObject><type>LeadRecord</type></mObject>".to_owned(),
        "<mObject/>".to_owned(),
        "<mObject><type>Program</type><id>1970</id></mObject>".to_owned(),
        "<mObject><type>OpportunityPersonRole</type></mObject>".to_owned(),
    ];
    let key = "<externalKey><name>opportunityId</name><value>A</value></externalKey>";
    let failed = |id: &str, error: &str| {
        format!("<mObjStatus>{id}<status>FAILED</status><error>{error}</error></mObjStatus>")
    };
    let nil = "<id xsi:nil=\"true\"/>";
    assert_eq!(
        wire.part("mObjStatusList", &sync(&objects.concat(), "UPSERT"))
            .await,
        [
            format!("<mObjStatus><id>1</id>{key}<status>CREATED</status></mObjStatus>"),
            format!("<mObjStatus><id>1</id>{key}<status>UNCHANGED</status></mObjStatus>"),
            format!("<mObjStatus><id>1</id>{key}<status>UPDATED</status></mObjStatus>"),
            failed(
                &format!("<id>1</id>{key}"),
                "20110 - Input error: unknown fields: b, a"
            ),
            failed(
                "<id>77</id>",
                "20110 - Input error: Opportunity 77 not found"
            ),
            failed(nil, "20110 - Input error: Object name is not valid"),
            failed(nil, "20110 - Input error: Object name is not valid"),
            failed(
                "<id>1970</id>",
                "20110 - Input error: Program can only be updated"
            ),
            failed(
                nil,
                "20109 - Parameter required: Parameter OpportunityId is required"
            ),
        ]
        .concat()
    );
    assert_eq!(
        wire.part("mObjStatusList", &sync(&keyed("B", ""), "UPDATE"))
            .await,
        format!(
            "<mObjStatus>{nil}<externalKey><name>opportunityId</name><value>B</value></externalKey>\
             <status>SKIPPED</status></mObjStatus>"
        )
    );
}

/// SMO-1, SMO-4, SMO-40, SMO-41, XMO-8: refusals of the call; nothing is stored.
#[tokio::test]
async fn smo_41_refusals_of_the_call() {
    let wire = wire(DEMO);
    let one = "<mObject><type>Opportunity</type></mObject>";
    let list = |objects: &str| format!("<mObjectList>{objects}</mObjectList>");
    for (rest, expected) in [
        (String::new(), "Parameter mObjectList is required (20109)"),
        (
            "<mObjectList/><operation>UPSERT</operation>".to_owned(),
            "Parameter mObjectList is required (20109)",
        ),
        (list(one), "Parameter operation is required (20109)"),
        (
            list(one) + "<operation/>",
            "Parameter operation is required (20109)",
        ),
    ] {
        let params = format!("<paramsSyncMObjects>{rest}</paramsSyncMObjects>");
        assert_eq!(wire.fault(&params).await, expected, "{rest}");
    }
    let merge = wire.fault(&sync(one, "MERGE")).await;
    assert!(
        merge.starts_with("operation: ") && merge.ends_with(" (20110)"),
        "{merge}"
    );
    let many = "mObjectList: at most 100 objects are allowed, 101 came (20110)";
    let objects = one.repeat(101);
    assert_eq!(wire.fault(&sync(&objects, "UPSERT")).await, many);
    let delete = |rest: &str| format!("<paramsDeleteMObjects>{rest}</paramsDeleteMObjects>");
    assert_eq!(wire.fault(&delete(&list(&objects))).await, many);
    for rest in ["", "<mObjectList/>"] {
        let fault = wire.fault(&delete(rest)).await;
        assert_eq!(fault, "Parameter mObjectList is required (20109)");
    }
    let all = wire
        .call("<paramsGetMObjects><type>Opportunity</type></paramsGetMObjects>")
        .await;
    assert!(all.contains("<returnCount>0</returnCount>"));
}

/// SMO-30, SMO-42, SMO-50, SMO-68, REQ-8, REQ-9, REQ-11, REQ-22: what real clients send.
#[tokio::test]
async fn smo_30_objects_as_clients_write_them() {
    let wire = wire(DEMO);
    wire.call(
        "<paramsSyncLead><leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>cAccountFSID</attrName>\
         <attrValue>C</attrValue></attribute></leadAttributeList></leadRecord><returnLead>false</returnLead></paramsSyncLead>",
    )
    .await;
    let company = "<mObjAssociation><mObjType>Company</mObjType><externalKey><name>cAccountFSID</name><value>C</value>\
                   </externalKey></mObjAssociation>";
    for (at, object) in [
        format!("<type>Opportunity</type><associationList>{company}</associationList>"),
        format!("<type>Opportunity</type><mObjAssociationList>{company}</mObjAssociationList>"),
        format!(
            "<associationList><mObjAssociation {XSI} xsi:nil=\"true\"/>{company}<mObjAssociation/></associationList>\
             <type>opportunity</type><externalKey {XSI} xsi:nil=\"true\"/>"
        ),
        format!(
            "<type>Opportunity</type><externalKey><attrName>opportunityId</attrName><attrValue>K</attrValue></externalKey>\
             <associationList>{company}</associationList><id/>"
        ),
        format!(
            "<type>Opportunity</type><id>0</id><externalKey/><createdAt>2013-08-05T14:22:45-07:00</createdAt>\
             <associationList>{company}</associationList><typeAttribList/>"
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let statuses = wire
            .part("mObjStatusList", &sync(&format!("<mObject>{object}</mObject>"), "upsert"))
            .await;
        let id = format!("<id>{}</id>", at + 1);
        assert!(statuses.contains(&id) && statuses.contains("CREATED"), "{object}: {statuses}");
    }
    let found = wire
        .call(
            "<paramsGetMObjects><type>Opportunity</type><externalKey><name>opportunityId</name><value>K</value></externalKey>\
             </paramsGetMObjects>",
        )
        .await;
    assert!(
        found.contains("<returnCount>1</returnCount>"),
        "SMO-50: {found}"
    );
    let linked = wire
        .call(
            "<paramsGetMObjects><type>Opportunity</type><associationList><mObjAssociation><mObjType>Company</mObjType>\
             <externalKey><name>cAccountFSID</name><value>C</value></externalKey></mObjAssociation></associationList>\
             </paramsGetMObjects>",
        )
        .await;
    assert!(linked.contains("<returnCount>5</returnCount>"), "{linked}");
}

/// XMO-1, XMO-3, XMO-4, XMO-5, XMO-9: statuses of deletes.
#[tokio::test]
async fn xmo_03_statuses_of_deletes() {
    let wire = wire(DEMO);
    wire.call(&sync(
        "<mObject><type>Opportunity</type></mObject>",
        "INSERT",
    ))
    .await;
    let object =
        |kind: &str, id: u32| format!("<mObject><type>{kind}</type><id>{id}</id></mObject>");
    let objects = object("Opportunity", 1) + &object("Opportunity", 1) + &object("Program", 1970);
    let params = format!(
        "<paramsDeleteMObjects><mObjectList>{objects}</mObjectList></paramsDeleteMObjects>"
    );
    assert_eq!(
        wire.part("mObjStatusList", &params).await,
        "<mObjStatus><id>1</id><status>DELETED</status></mObjStatus>\
         <mObjStatus><id>1</id><status>UNCHANGED</status></mObjStatus>\
         <mObjStatus><id>1970</id><status>FAILED</status><error>20110 - Input error: Program cannot be deleted</error>\
         </mObjStatus>"
    );
}

/// GMO-34, GMO-36, XMO-4, SL-39: in syncs 0 is no id, in finding and deleting it is that of nobody.
#[tokio::test]
async fn gmo_34_nobody_has_the_id_0() {
    let wire = wire(DEMO);
    let opportunity = "<type>Opportunity</type><id>0</id>";
    let role = "<type>OpportunityPersonRole</type><id>0</id>";
    for expected in ["<id>1</id><status>CREATED", "<id>2</id><status>CREATED"] {
        let one = sync(&format!("<mObject>{opportunity}</mObject>"), "UPSERT");
        let statuses = wire.part("mObjStatusList", &one).await;
        assert!(statuses.contains(expected), "{statuses}");
    }
    let link = "<associationList><mObjAssociation><mObjType>Opportunity</mObjType><id>0</id></mObjAssociation>\
                </associationList>";
    for query in [
        opportunity.to_owned(),
        "<type>Program</type><id>0</id>".to_owned(),
        format!("<type>OpportunityPersonRole</type>{link}"),
    ] {
        let found = wire
            .call(&format!("<paramsGetMObjects>{query}</paramsGetMObjects>"))
            .await;
        assert!(found.contains("<returnCount>0</returnCount>"), "{found}");
    }
    let objects = format!("<mObject>{opportunity}</mObject><mObject>{role}</mObject>");
    let statuses = wire
        .part(
            "mObjStatusList",
            &format!(
                "<paramsDeleteMObjects><mObjectList>{objects}</mObjectList></paramsDeleteMObjects>"
            ),
        )
        .await;
    let unchanged = "<mObjStatus><id>0</id><status>UNCHANGED</status></mObjStatus>";
    assert_eq!(statuses, unchanged.repeat(2));
}

/// The samples as they stand, one after the other; the answers are those of the documentation, but for the numbers:
/// SMO-14, SMO-34, SMO-35, SMO-36, SMO-38, XMO-3.
#[tokio::test]
async fn smo_35_the_samples_of_the_vendor_work() {
    let wire = wire(DEMO);
    wire.call(
        "<paramsSyncLead><leadRecord><Email>jane@acme.com</Email><leadAttributeList>\
         <attribute><attrName>FSPID</attrName><attrValue>12346</attrValue></attribute>\
         <attribute><attrName>cAccountFSID</attrName><attrValue>C123</attrValue></attribute></leadAttributeList></leadRecord>\
         <returnLead>false</returnLead></paramsSyncLead>",
    )
    .await;
    for (request, response, numbers) in [
        ("syncMObjects-request", "syncMObjects-response", &[][..]),
        (
            "syncMObjects-request-2",
            "syncMObjects-response-2",
            &[("40", "1")][..],
        ),
        (
            "syncMObjects-request-3",
            "syncMObjects-response-3",
            &[("11", "1")][..],
        ),
        (
            "syncMObjects-request-4",
            "syncMObjects-response-4",
            &[("41", "2"), ("12", "2")][..],
        ),
    ] {
        let body = wire.call_envelope(&read(request)).await;
        let mut expected = sample(response, "mObjStatusList");
        for (theirs, ours) in numbers {
            expected = expected.replace(&format!("<id>{theirs}</id>"), &format!("<id>{ours}</id>"));
        }
        assert!(body.contains(&expected), "{request}: {body}");
    }
    let body = wire.call_envelope(&read("syncMObjects-request-5")).await;
    assert!(
        body.contains("<id>3</id><status>CREATED</status>"),
        "{body}"
    );
    let body = wire.call_envelope(&read("syncMObjects-request-6")).await;
    let text = "20110 - Input error: Opportunity 64 not found";
    assert!(body.contains(text), "{body}");
    for _ in 4..=7 {
        wire.call_envelope(&read("syncMObjects-request-5")).await;
    }
    let body = wire.call_envelope(&read("deleteMObjects-request")).await;
    assert!(
        body.contains(&sample("deleteMObjects-response", "mObjStatusList")),
        "{body}"
    );
}
