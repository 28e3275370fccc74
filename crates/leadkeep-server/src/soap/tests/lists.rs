//! listOperation and StaticListSelector on the wire.

use super::*;

async fn two_leads() -> Wire {
    let wire = wire("[[list]]\nname = \"Newsletter\"\n");
    for email in ["a@x.com", "b@x.com"] {
        wire.call(&format!(
            "<paramsSyncLead><leadRecord><Email>{email}</Email></leadRecord><returnLead>false</returnLead></paramsSyncLead>"
        ))
        .await;
    }
    wire
}

fn call(operation: &str, list: &str, keys: &[&str]) -> String {
    let keys: String = keys
        .iter()
        .map(|key| format!("<leadKey><keyType>IDNUM</keyType><keyValue>{key}</keyValue></leadKey>"))
        .collect();
    // LO-12: clients send `strict` first.
    format!(
        "<paramsListOperation><listOperation>{operation}</listOperation><strict>false</strict>\
         <listKey><keyType>MKTOLISTNAME</keyType><keyValue>{list}</keyValue></listKey>\
         <listMemberList>{keys}</listMemberList></paramsListOperation>"
    )
}

/// LO-5, LO-6, LO-7, LO-8, LO-12.
#[tokio::test]
async fn lo_05_the_answers_of_list_operation() {
    let wire = two_leads().await;
    let status = |key: &str, status: bool| {
        format!(
            "<leadStatus><leadKey><keyType>IDNUM</keyType><keyValue>{key}</keyValue></leadKey><status>{status}</status></leadStatus>"
        )
    };
    for (operation, keys, expected) in [
        (
            "ADDTOLIST",
            &["1"][..],
            "<success>true</success><statusList xsi:nil=\"true\"/>".to_owned(),
        ),
        (
            "ISMEMBEROFLIST",
            &["1", "002"],
            format!(
                "<success>false</success><statusList>{}{}</statusList>",
                status("1", true),
                status("002", false)
            ),
        ),
        (
            "ISMEMBEROFLIST",
            &["1"],
            format!(
                "<success>true</success><statusList>{}</statusList>",
                status("1", true)
            ),
        ),
        (
            "REMOVEFROMLIST",
            &["9999"],
            format!(
                "<success>false</success><statusList>{}</statusList>",
                status("9999", false)
            ),
        ),
        (
            "removefromlist",
            &["1"],
            "<success>true</success><statusList xsi:nil=\"true\"/>".to_owned(),
        ),
    ] {
        let result = wire
            .part("result", &call(operation, "newsletter", keys))
            .await;
        assert_eq!(result, expected, "{operation} {keys:?}");
    }
}

/// LO-10, LO-11, LO-18, LO-20, LO-23.
#[tokio::test]
async fn lo_10_refusals_of_list_operation() {
    let wire = two_leads().await;
    let add = call("ADDTOLIST", "Newsletter", &["1"]);
    for (params, expected) in [
        (call("ADDTOLIST", "Nothing", &["1"]), "List Nothing not found (20111)"),
        (call("ADDTOLIST", "Newsletter", &[""]), "Lead key value is not valid (20102)"),
        (call("ADDTOLIST", "Newsletter", &[]), "Lead key required (20101)"),
        (
            call("CLEARLIST", "Newsletter", &["1"]),
            "listOperation: ADDTOLIST, ISMEMBEROFLIST, REMOVEFROMLIST is expected, not `CLEARLIST` (20110)",
        ),
        (add.replace("MKTOLISTNAME", "MKTOSALESUSERID"), "List Newsletter not found (20111)"),
        (
            "<paramsListOperation><listOperation>ADDTOLIST</listOperation><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey></listMemberList></paramsListOperation>".to_owned(),
            "Parameter listKey is required (20109)",
        ),
    ] {
        assert_eq!(wire.fault(&params).await, expected, "{params}");
    }
}

/// LO-14: a switch of the schemas up to 2_2.
#[tokio::test]
async fn lo_14_the_log_is_skipped_when_it_is_asked_for() {
    let wire = two_leads().await;
    let quiet = call("ADDTOLIST", "Newsletter", &["1"]).replace(
        "</paramsListOperation>",
        "<skipActivityLog>true</skipActivityLog></paramsListOperation>",
    );
    wire.part("result", &quiet).await;
    wire.part("result", &call("ADDTOLIST", "Newsletter", &["2"]))
        .await;
    let changes = wire
        .part(
            "leadChangeRecordList",
            "<paramsGetLeadChanges><startPosition><offset/></startPosition><activityNameFilter><stringItem>Add to List</stringItem></activityNameFilter></paramsGetLeadChanges>",
        )
        .await;
    assert_eq!(changes.matches("<leadChangeRecord>").count(), 1);
    assert!(
        changes.contains("<mktPersonId>2</mktPersonId>"),
        "{changes}"
    );
}

/// GML-1, GML-16, GML-17, GML-33.
#[tokio::test]
async fn gml_01_leads_of_a_list() {
    let wire = two_leads().await;
    wire.part("result", &call("ADDTOLIST", "Newsletter", &["2", "1"]))
        .await;
    let select = |selector: &str| {
        format!(
            "<paramsGetMultipleLeads><leadSelector xsi:type=\"ns1:StaticListSelector\">{selector}</leadSelector><batchSize>1</batchSize>\
             </paramsGetMultipleLeads>"
        )
    };
    let page = wire
        .part(
            "result",
            &select("<staticListName>Newsletter</staticListName>"),
        )
        .await;
    assert!(
        page.starts_with(
            "<returnCount>1</returnCount><remainingCount>1</remainingCount><newStreamPosition>id:1:li:1001:os:1:rc:1</newStreamPosition>"
        ),
        "{page}"
    );
    let none = wire
        .part(
            "result",
            &select("<staticListName>Nothing</staticListName>"),
        )
        .await;
    assert!(
        none.starts_with("<returnCount>0</returnCount><remainingCount>0<"),
        "{none}"
    );
    assert_eq!(
        wire.fault(&select("<staticListId>7</staticListId>")).await,
        "List 7 not found (20111)"
    );
}

const PROGRAM: &str = "[instance]\ntime_zone = \"America/Los_Angeles\"\n\
    [[channel]]\nname = \"Blog\"\nstatuses = [{ name = \"Visited\", step = 10 }]\n\
    [[program]]\nname = \"Spring\"\nchannel = \"Blog\"\n\
    [[list]]\nname = \"Guests\"\nprogram = \"Spring\"\n";

fn import(rows: &str, more: &str) -> String {
    format!(
        "<paramsImportToList><programName>Spring</programName><importFileHeader>Email Address</importFileHeader>{rows}\
         <listName>Guests</listName>{more}</paramsImportToList>"
    )
}

const STATUS: &str = "<paramsGetImportToListStatus><programName>Spring</programName><listName>Guests</listName>\
                      </paramsGetImportToListStatus>";

/// ITL-9, ITS-2, ITS-5, ITS-7: what is not known is nil.
#[tokio::test]
async fn itl_09_the_answers_of_import_to_list() {
    let wire = wire(PROGRAM);
    let rows = "<importFileRows><stringItem>a@x.com</stringItem><stringItem/></importFileRows>";
    let mode = "<importListMode>UPSERTLEADS</importListMode>";
    assert_eq!(
        wire.part("result", &import(rows, mode)).await,
        "<importStatus>PROCESSING</importStatus>"
    );
    let nil = |name: &str| format!("<{name} xsi:nil=\"true\"/>");
    assert_eq!(
        wire.part("result", STATUS).await,
        format!(
            "<status>PROCESSING</status>{}{}{}<estimatedRows>2</estimatedRows><rowsImported>0</rowsImported>\
             <rowsFailed>0</rowsFailed><rowsIgnored>0</rowsIgnored>{}",
            nil("startedTime"),
            nil("endedTime"),
            nil("estimatedTime"),
            nil("importSummary")
        )
    );
    let jobs = tokio::spawn(crate::jobs::imports(wire.app.clone()));
    let done = loop {
        let result = wire.part("result", STATUS).await;
        if !result.contains("PROCESSING") {
            break result;
        }
        tokio::task::yield_now().await;
    };
    jobs.abort();
    let (times, rest) = done.split_once(&nil("estimatedTime")).unwrap();
    assert!(
        times.starts_with("<status>COMPLETE</status><startedTime>"),
        "{times}"
    );
    assert!(times.contains("</startedTime><endedTime>"), "{times}");
    assert!(
        times.contains(":00</") && !times.contains("Z<"),
        "the zone of the instance: {times}"
    );
    assert_eq!(
        rest,
        "<estimatedRows>2</estimatedRows><rowsImported>1</rowsImported><rowsFailed>0</rowsFailed>\
         <rowsIgnored>1</rowsIgnored><importSummary>1 lead imported, 0 failed, 1 ignored</importSummary>"
    );
}

/// ITL-11, ITL-12, ITL-24, ITS-4.
#[tokio::test]
async fn itl_24_what_import_to_list_refuses() {
    let wire = wire(PROGRAM);
    let rows = "<importFileRows><stringItem>a@x.com</stringItem></importFileRows>";
    let mode = "<importListMode>LISTONLY</importListMode>";
    for (params, fault) in [
        (import("", mode), 20109),
        (import("<importFileRows/>", mode), 20109),
        (import(rows, ""), 20109),
        (import(rows, "<importListMode>ALL</importListMode>"), 20110),
        (import(rows, mode).replace("Spring", "Autumn"), 20110),
        (import(rows, mode).replace("Guests", "Hosts"), 20111),
        (
            import(rows, &format!("{mode}<campaignName>Mail</campaignName>")),
            20113,
        ),
        (STATUS.to_owned(), 20110),
        (STATUS.replace("Guests", " "), 20109),
        (
            STATUS.replace("<programName>Spring</programName>", ""),
            20109,
        ),
    ] {
        let text = wire.fault(&params).await;
        assert!(text.ends_with(&format!("({fault})")), "{params}: {text}");
    }
    let body = wire.call(STATUS).await;
    assert!(
        body.contains("No import found for list Spring.Guests"),
        "{body}"
    );
    let body = wire.call(&STATUS.replace("Spring", "Autumn")).await;
    assert!(body.contains("Program Autumn not found"), "{body}");
}
