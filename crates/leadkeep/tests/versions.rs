//! The real server at every version's address: what it answers is valid by the WSDL that the same address serves, by
//! libxml2, by a strict client, and by one that validates.
//!
//! A call that is to be checked is a row of [`ROWS`]. An operation that answers and has no row fails the test.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[path = "support/answering.rs"]
mod answering;
#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use answering::answers;
use mktows::{Operation, Version};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::python;
use support::tools::{Validation, available, xmllint_available};
use support::{KEY, Server, USER, post, signed};

/// An address of each document, and others that are answered by one (WSD-3).
const ADDRESSES: &[&str] = &[
    "1_0", "1_6", "2_0", "2_1", "2_2", "2_3", "2_4", "2_6", "2_7", "2_9", "3_0", "3_1",
];

/// An operation, what stands in its params, and what the answer must show. `{key}` is new for each version, `{lead}` is
/// the lead of the last answer with one. Requests are as the schema of every version has them, since strict clients build them
/// from it.
const ROWS: &[(Operation, &str, &str)] = &[
    (
        Operation::SyncLead,
        "<leadRecord><Email>asked-{key}@example.com</Email></leadRecord><returnLead>false</returnLead>",
        "<status>CREATED</status>",
    ),
    (
        Operation::RequestCampaign,
        "<source>MKTOWS</source><campaignId>4496</campaignId><leadList><leadKey><keyType>EMAIL</keyType>\
         <keyValue>asked-{key}@example.com</keyValue></leadKey></leadList>",
        "<success>true</success>",
    ),
    (
        Operation::ScheduleCampaign,
        "<programName>Trav-Demo-Program</programName><campaignName>Batch Campaign Example</campaignName>\
         <campaignRunAt>2030-01-01T00:00:00Z</campaignRunAt>",
        "<success>true</success>",
    ),
    (
        Operation::ImportToList,
        "<programName>Trav-Demo-Program</programName><importFileHeader>Email Address,First Name</importFileHeader>\
         <importFileRows><stringItem>import-{key}@example.com,Ann</stringItem></importFileRows>\
         <importListMode>UPSERTLEADS</importListMode><listName>Trav-Test-List</listName><clearList>false</clearList>\
         <campaignName/>",
        "<importStatus>PROCESSING</importStatus>",
    ),
    (
        Operation::GetImportToListStatus,
        "<programName>Trav-Demo-Program</programName><listName>Trav-Test-List</listName>",
        "<rowsFailed>0</rowsFailed>",
    ),
    (
        Operation::SyncLead,
        "<leadRecord><Email>loser-{key}@example.com</Email></leadRecord><returnLead>false</returnLead>",
        "<status>CREATED</status>",
    ),
    (
        Operation::SyncLead,
        "<leadRecord><Email>winner-{key}@example.com</Email></leadRecord><returnLead>false</returnLead>",
        "<status>CREATED</status>",
    ),
    (
        Operation::MergeLeads,
        "<winningLeadKeyList><attribute><attrName>IDNUM</attrName><attrValue>{lead}</attrValue></attribute></winningLeadKeyList>\
         <losingLeadKeyLists><keyList><attribute><attrName>EMAIL</attrName><attrValue>loser-{key}@example.com</attrValue>\
         </attribute></keyList></losingLeadKeyLists>",
        "<status>MERGED</status>",
    ),
    (
        Operation::MergeLeads,
        "<winningLeadKeyList><attribute><attrName>IDNUM</attrName><attrValue>{lead}</attrValue></attribute></winningLeadKeyList>\
         <losingLeadKeyLists><keyList><attribute><attrName>IDNUM</attrName><attrValue>{lead}</attrValue></attribute>\
         </keyList></losingLeadKeyLists>",
        "<status>FAILED</status>",
    ),
    (
        Operation::SyncLead,
        "<leadRecord><Email>{key}@example.com</Email><ForeignSysPersonId>{key}</ForeignSysPersonId>\
         <ForeignSysType>CUSTOM</ForeignSysType><leadAttributeList><attribute><attrName>FirstName</attrName>\
         <attrValue>Ann</attrValue></attribute></leadAttributeList></leadRecord><returnLead>true</returnLead>",
        "<ForeignSysType>CUSTOM</ForeignSysType>",
    ),
    (
        Operation::SyncLead,
        "<leadRecord><Email>{key}@example.com</Email></leadRecord><returnLead>false</returnLead>",
        "<status>UPDATED</status>",
    ),
    (
        Operation::SyncMultipleLeads,
        "<leadRecordList><leadRecord><Email>{key}@example.com</Email><leadAttributeList/></leadRecord>\
         <leadRecord><Id>2000000000</Id></leadRecord></leadRecordList><dedupEnabled>true</dedupEnabled>",
        "<status>FAILED</status>",
    ),
    (
        Operation::GetLead,
        "<leadKey><keyType>EMAIL</keyType><keyValue>{key}@example.com</keyValue></leadKey>",
        "<attrType>string</attrType>",
    ),
    (
        Operation::GetMultipleLeads,
        "<leadSelector xsi:type=\"ns1:LeadKeySelector\"><keyType>IDNUM</keyType><keyValues>\
         <stringItem>{lead}</stringItem></keyValues></leadSelector><includeAttributes><stringItem>Company</stringItem>\
         </includeAttributes>",
        "<Email xsi:nil=\"true\"/>",
    ),
    (
        Operation::GetMultipleLeads,
        "<leadSelector xsi:type=\"ns1:LastUpdateAtSelector\"><oldestUpdatedAt>2000-01-01T00:00:00Z</oldestUpdatedAt>\
         </leadSelector><batchSize>3</batchSize>",
        "<newStreamPosition>id:",
    ),
    (
        Operation::GetMultipleLeads,
        "<leadSelector xsi:type=\"ns1:LeadKeySelector\"><keyType>EMAIL</keyType><keyValues>\
         <stringItem>nobody@example.com</stringItem></keyValues></leadSelector>",
        "<leadRecordList/>",
    ),
    (
        Operation::ListMObjects,
        "",
        "<objects>ActivityRecord</objects>",
    ),
    (
        Operation::DescribeMObject,
        "<objectName>ActivityRecord</objectName>",
        "<size xsi:nil=\"true\"/>",
    ),
    (
        Operation::DescribeMObject,
        "<objectName>LeadRecord</objectName>",
        "<name>FirstName</name>",
    ),
    (
        Operation::DescribeMObject,
        "<objectName>Opportunity</objectName>",
        "<name>CloseDate</name>",
    ),
    (
        Operation::DescribeMObject,
        "<objectName>OpportunityPersonRole</objectName>",
        "<name>Role</name>",
    ),
    (
        Operation::SyncMObjects,
        "<mObjectList><mObject><type>Opportunity</type><externalKey><name>opportunityId</name><value>{key}</value>\
         </externalKey><attribList><attrib><name>Name</name><value>Q1 &amp; Q2</value></attrib></attribList></mObject>\
         <mObject><type>OpportunityPersonRole</type><attribList><attrib><name>Role</name><value>User</value></attrib>\
         </attribList><associationList><mObjAssociation><mObjType>Opportunity</mObjType><externalKey>\
         <name>opportunityId</name><value>{key}</value></externalKey></mObjAssociation><mObjAssociation>\
         <mObjType>Lead</mObjType><id>{lead}</id></mObjAssociation></associationList></mObject>\
         <mObject><type>Opportunity</type><attribList><attrib><name>Nothing</name><value>1</value></attrib></attribList>\
         </mObject></mObjectList><operation>UPSERT</operation>",
        "<status>FAILED</status>",
    ),
    (
        Operation::SyncMObjects,
        "<mObjectList><mObject><type>Opportunity</type><externalKey><name>opportunityId</name><value>{key}</value>\
         </externalKey></mObject></mObjectList><operation>INSERT</operation>",
        "<status>SKIPPED</status>",
    ),
    (
        Operation::GetMObjects,
        "<type>Opportunity</type><externalKey><name>opportunityId</name><value>{key}</value></externalKey>",
        "<value>Q1 &amp; Q2</value>",
    ),
    (
        Operation::GetMObjects,
        "<type>OpportunityPersonRole</type><mObjAssociationList><mObjAssociation><mObjType>Lead</mObjType>\
         <id>{lead}</id></mObjAssociation></mObjAssociationList>",
        "<mObjType>Opportunity</mObjType>",
    ),
    (
        Operation::GetMObjects,
        "<type>Program</type><mObjCriteriaList><mObjCriteria><attrName>Tag Type</attrName><comparison>EQ</comparison>\
         <attrValue>Region</attrValue></mObjCriteria></mObjCriteriaList><includeDetails>true</includeDetails>",
        "<attrType>Tag</attrType>",
    ),
    (
        Operation::GetMObjects,
        "<type>Program</type><id>2000000000</id>",
        "<returnCount>0</returnCount>",
    ),
    (
        Operation::DeleteMObjects,
        "<mObjectList><mObject><type>Opportunity</type><externalKey><name>opportunityId</name><value>{key}</value>\
         </externalKey></mObject><mObject><type>Opportunity</type><externalKey><name>opportunityId</name>\
         <value>{key}-none</value></externalKey></mObject></mObjectList>",
        "<status>DELETED</status>",
    ),
    (
        Operation::SyncCustomObjects,
        "<objTypeName>RoadShow</objTypeName><customObjList><customObj><customObjKeyList><attribute>\
         <attrName>MKTOID</attrName><attrValue>{lead}</attrValue></attribute><attribute><attrName>rid</attrName>\
         <attrValue>{key}</attrValue></attribute></customObjKeyList><customObjAttributeList><attribute>\
         <attrName>city</attrName><attrValue>Oslo</attrValue></attribute></customObjAttributeList></customObj>\
         <customObj/></customObjList><operation>UPSERT</operation>",
        "<customObjKeyList xsi:nil=\"true\"/><status>FAILED</status>",
    ),
    (
        Operation::SyncCustomObjects,
        "<objTypeName>RoadShow</objTypeName><customObjList><customObj><customObjKeyList><attribute>\
         <attrName>MKTOID</attrName><attrValue>{lead}</attrValue></attribute><attribute><attrName>rid</attrName>\
         <attrValue>{key}</attrValue></attribute></customObjKeyList></customObj></customObjList>\
         <operation>INSERT</operation>",
        "<status>SKIPPED</status>",
    ),
    (
        Operation::GetCustomObjects,
        "<objTypeName>RoadShow</objTypeName><customObjKeyList><attribute><attrName>MKTOID</attrName>\
         <attrValue>{lead}</attrValue></attribute></customObjKeyList>\
         <includeAttributes><stringItem>city</stringItem></includeAttributes>",
        "<attrValue>Oslo</attrValue>",
    ),
    (
        Operation::GetCustomObjects,
        "<objTypeName>RoadShow</objTypeName><customObjKeyList><attribute><attrName>MKTOID</attrName>\
         <attrValue>2000000000</attrValue></attribute></customObjKeyList>\
         <includeAttributes><stringItem>city</stringItem></includeAttributes>",
        "<customObjList/>",
    ),
    (
        Operation::DeleteCustomObjects,
        "<objTypeName>RoadShow</objTypeName><customObjKeyLists><keyList><attribute><attrName>MKTOID</attrName>\
         <attrValue>{lead}</attrValue></attribute><attribute><attrName>rid</attrName><attrValue>{key}</attrValue>\
         </attribute></keyList><keyList><attribute><attrName>MKTOID</attrName><attrValue>{lead}</attrValue></attribute>\
         <attribute><attrName>rid</attrName><attrValue>none</attrValue></attribute></keyList></customObjKeyLists>",
        "<status>UNCHANGED</status>",
    ),
    (
        Operation::GetLeadActivity,
        "<leadKey><keyType>IDNUM</keyType><keyValue>{lead}</keyValue></leadKey><activityFilter><includeTypes>\
         <activityType>NewLead</activityType></includeTypes></activityFilter><batchSize>2</batchSize>",
        "<mktgAssetName",
    ),
    (
        Operation::GetLeadActivity,
        "<leadKey><keyType>IDNUM</keyType><keyValue>{lead}</keyValue></leadKey><activityFilter><includeTypes>\
         <activityType>ClickEmail</activityType></includeTypes></activityFilter>",
        "<activityRecordList/>",
    ),
    (
        Operation::GetLeadChanges,
        "<startPosition><oldestCreatedAt>2015-07-06T12:00:00.5+09:00</oldestCreatedAt></startPosition>\
         <batchSize>3</batchSize>",
        "<leadChangeRecord><id>",
    ),
    (
        Operation::GetLeadChanges,
        "<startPosition><oldestCreatedAt>2015-07-06T12:00:00</oldestCreatedAt></startPosition><activityFilter>\
         <includeTypes><activityType>ClickEmail</activityType></includeTypes></activityFilter>",
        "<leadChangeRecordList/>",
    ),
    (
        Operation::ListOperation,
        "<listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
         <keyValue>Winter 2025 Content 1.Content list 1</keyValue></listKey><listMemberList><leadKey>\
         <keyType>IDNUM</keyType><keyValue>{lead}</keyValue></leadKey></listMemberList>",
        "<statusList xsi:nil=\"true\"/>",
    ),
    (
        Operation::ListOperation,
        "<listOperation>ISMEMBEROFLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
         <keyValue>Winter 2025 Content 1.Content list 1</keyValue></listKey><listMemberList><leadKey>\
         <keyType>IDNUM</keyType><keyValue>{lead}</keyValue></leadKey><leadKey><keyType>EMAIL</keyType>\
         <keyValue>nobody@example.com</keyValue></leadKey></listMemberList><strict>false</strict>",
        "<status>false</status>",
    ),
    (
        Operation::GetCampaignsForSource,
        "<source>MKTOWS</source><name>Request</name><exactName>false</exactName>",
        "<campaignRecord>",
    ),
    (
        Operation::GetCampaignsForSource,
        "<source>MKTOWS</source><name>No such campaign</name><exactName>true</exactName>",
        "<returnCount>0</returnCount>",
    ),
    (Operation::GetChannels, "", "<progressionStatusItem>"),
    (
        Operation::GetTags,
        "<tagList><tag><type>Region</type></tag></tagList>",
        "<stringItem>EMEA</stringItem>",
    ),
];

/// A request as a document of its own.
fn params(operation: Operation, inside: &str) -> String {
    let stem = operation.type_stem();
    format!(
        "<ns1:params{stem} xmlns:ns1=\"{}\" xmlns:xsi=\"{}\">{inside}</ns1:params{stem}>",
        mktows::MKTOWS_NAMESPACE,
        mktows::XSI_NAMESPACE
    )
}

fn wsdl(server: &Server, address: &str) -> String {
    let request = format!(
        "GET /soap/mktows/{address}?WSDL HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        server.address
    );
    server.raw(request.as_bytes()).text()
}

/// Calls every row at an address, holds the answers against the schema that the address serves, and keeps the requests
/// for other clients in the folder.
fn call_rows(server: &Server, address: &str, folder: &Path) {
    let folder = folder.join(address);
    let mut validation = Validation::new(folder.join("answers"), &wsdl(server, address));
    let mut lead = String::new();
    for (at, (operation, request, shown)) in ROWS.iter().enumerate() {
        let name = format!("{at:03}-{}", operation.name());
        let key = format!("version-{address}");
        let request = request.replace("{key}", &key).replace("{lead}", &lead);
        let request = params(*operation, &request);
        std::fs::write(folder.join(format!("{name}.xml")), &request).unwrap();
        let answer = server.raw(&post(address, "", &signed(USER, KEY, &request)));
        let text = answer.text();
        assert_eq!(answer.status, 200, "{name} at {address}: {text}");
        assert!(text.contains(shown), "{name} at {address}: {text}");
        lead = answer.element("leadId").unwrap_or(lead);
        validation.add(&name, &answer.body);
    }
    assert_eq!(validation.complaints(), "", "at {address}");
}

#[test]
fn rsp_08_wsd_03_answers_are_valid_by_the_wsdl_of_their_address() {
    if !xmllint_available("answers of every version") {
        return;
    }
    let server = Server::start(&["--demo"]);
    let folder = tempfile::tempdir().unwrap();
    for address in ADDRESSES {
        call_rows(&server, address, folder.path());
    }
    with_zeep(&server, folder.path());
    with_jax_ws(&server, folder.path());
}

/// Programs that are not for users.
fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions")
}

/// Runs a strict client, which sends the requests in the folder again and says `ok: ` for each answer that it takes.
fn run_strict(server: &Server, client: &mut Command, folder: &Path) {
    let output = client
        .arg(folder)
        .env("LEADKEEP_ENDPOINT", server.endpoint())
        .env("LEADKEEP_USER", USER)
        .env("LEADKEEP_KEY", KEY)
        .output()
        .unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{said}\n{complained}");
    assert_eq!(
        said.lines().filter(|line| line.starts_with("ok: ")).count(),
        ADDRESSES.len() * ROWS.len(),
        "{said}"
    );
}

fn with_zeep(server: &Server, folder: &Path) {
    let python = python::python();
    if available(
        "a strict client of every version",
        "Python's zeep",
        Command::new(&python).args(["-c", "import zeep"]),
    ) {
        let mut client = Command::new(&python);
        client
            .arg(programs().join("zeep_strict.py"))
            .env("PYTHONPATH", python::examples().join("python"))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        run_strict(server, &mut client, folder);
    }
}

/// JAX-WS RI with its schema validation on.
fn with_jax_ws(server: &Server, folder: &Path) {
    let probe = "command -v java javac && test -e /usr/share/jaxws/lib/jaxws-rt.jar";
    if !available(
        "a validating client of every version",
        "a JDK with JAX-WS RI (Debian: jaxws)",
        Command::new("sh").args(["-c", probe]),
    ) {
        return;
    }
    let build = tempfile::tempdir().unwrap();
    let libraries = "/usr/share/jaxws/lib/*:/usr/share/java/*";
    let output = Command::new("javac")
        .args(["-nowarn", "-encoding", "UTF-8", "-cp", libraries, "-d"])
        .arg(build.path())
        .arg(python::examples().join("java/Signer.java"))
        .arg(programs().join("JaxwsValidation.java"))
        .output()
        .unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complained}");
    let mut client = Command::new("java");
    client
        .arg("-cp")
        .arg(format!("{}:{libraries}", build.path().display()))
        .arg("JaxwsValidation");
    run_strict(server, &mut client, folder);
}

// WSD-3: the addresses above are asked for every document.
#[test]
fn wsd_07_no_operation_that_answers_is_left_out() {
    for document in Version::DOCUMENTS {
        let asked = ADDRESSES
            .iter()
            .any(|address| Version::parse(address).unwrap().document() == document);
        assert!(asked, "{document}");
    }
    let server = Server::start(&["--demo"]);
    for operation in Operation::ALL {
        assert!(
            ROWS.iter().any(|(row, ..)| row == operation) || !answers(&server, *operation),
            "{} answers and has no row",
            operation.name()
        );
    }
}
