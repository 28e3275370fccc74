//! `leadkeep import` and `export` of opportunities, roles and custom objects, beside a running server and without one.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::path::Path;
use support::{Server, run_in};

const DEFINITIONS: &str = r#"
[[field]]
object = "Opportunity"
name = "dealId"
display_name = "Deal Number"
type = "string"
[[custom_object]]
name = "car"
display_name = "Company Car"
fields = [
  { name = "vin", type = "string", dedupe = true },
  { name = "owner", type = "email", link = "Lead.Email" },
  { name = "km", type = "integer" },
]
"#;

fn server(directory: &Path) -> Server {
    let server = Server::on_with(directory, DEFINITIONS, &[]);
    let answer = server.call(
        "<ns1:paramsSyncLead><leadRecord><Email>ann@x.com</Email></leadRecord>\
         <returnLead>false</returnLead></ns1:paramsSyncLead>",
    );
    assert_eq!(answer.status, 200);
    server
}

fn run(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_in(directory, &[arguments, &["--data", "data"]].concat())
}

/// Runs what must end with this exit code; what it printed.
fn done(directory: &Path, code: i32, arguments: &[&str]) -> String {
    let (ended, said, complained) = run(directory, arguments);
    assert_eq!(ended, code, "{arguments:?}: {said}{complained}");
    said
}

#[test]
fn opportunities_and_roles_come_and_go() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let server = server(here);
    let file = "Number;Deal;Amount;Lead\nD1;Größe;100;x\nD2;Two;many;x\nD3;Three;;x\n";
    std::fs::write(here.join("deals.csv"), file).unwrap();
    let import = [
        "import",
        "opportunities",
        "deals.csv",
        "--key",
        "deal number",
        "--map",
        "number=dealId",
        "--map",
        "Deal=Name",
    ];
    let status = |here: &Path| done(here, 0, &["status"]);
    let counts = |text: &str| {
        text.lines()
            .find(|line| line.starts_with("opportunities"))
            .map(str::to_owned)
    };
    let before = counts(&status(here));
    let dry = done(here, 1, &[&import[..], &["--dry-run"]].concat());
    for part in [
        "column    dealId -> dealId\ncolumn    Name -> Name\ncolumn    Amount -> Amount\ncolumn    Lead -> (nothing: it is ignored)",
        "rows      3\ncreated   2\nupdated   0\nunchanged 0\nignored   0\nfailed    1\nrow 2: ",
        "(dry run: nothing was written)",
    ] {
        assert!(dry.contains(part), "{part} in {dry}");
    }
    assert_eq!(counts(&status(here)), before);
    let said = done(
        here,
        1,
        &[&import[..], &["--failed", "failed.csv"]].concat(),
    );
    assert!(
        said.contains("created   2") && said.contains("failed rows are in failed.csv"),
        "{said}"
    );
    let failed = std::fs::read_to_string(here.join("failed.csv")).unwrap();
    assert!(
        failed.starts_with("Row,Reason,dealId,Name,Amount,Lead\n2,"),
        "{failed}"
    );
    assert!(failed.ends_with(",D2,Two,many,x\n"), "{failed}");
    // Mended, with another one that is there already.
    std::fs::write(
        here.join("failed.csv"),
        failed.replace("many", "7") + "1,,D1,Größe,100,x\n",
    )
    .unwrap();
    let said = done(
        here,
        0,
        &["import", "opportunities", "failed.csv", "--key", "dealId"],
    );
    assert!(
        said.contains("created   1\nupdated   0\nunchanged 1"),
        "{said}"
    );
    std::fs::write(
        here.join("roles.csv"),
        "Opportunity.dealId,Lead.Email,Role\nD1,ann@x.com,Buyer\n",
    )
    .unwrap();
    assert!(done(here, 0, &["import", "roles", "roles.csv"]).contains("created   1"));

    // Clients see them.
    let answer = server.call(
        "<ns1:paramsGetMObjects><type>Opportunity</type><externalKey><name>dealId</name><value>D1</value></externalKey>\
         <mObjCriteriaList/><mObjAssociationList/></ns1:paramsGetMObjects>",
    );
    assert!(
        answer.text().contains("<value>Größe</value>"),
        "{}",
        answer.text()
    );
    server.kill();
    let fields = ["--fields", "dealId,Name,Amount", "--where", "dealId != D3"];
    let table = done(
        here,
        0,
        &[&["export", "opportunities"][..], &fields].concat(),
    );
    assert!(
        table.starts_with("dealId,Name,Amount\nD1,Größe,100"),
        "{table}"
    );
    assert_eq!(table.lines().count(), 3, "{table}");
    let roles = done(
        here,
        0,
        &[
            "export",
            "roles",
            "--format",
            "jsonl",
            "--fields",
            "PersonId,Role",
        ],
    );
    assert_eq!(roles, "{\"PersonId\":\"1\",\"Role\":\"Buyer\"}\n");
    // What was exported is there.
    let all = done(here, 0, &["export", "opportunities"]);
    std::fs::write(here.join("all.csv"), all).unwrap();
    let said = done(here, 0, &["import", "opportunities", "all.csv"]);
    assert!(
        said.contains("created   0\nupdated   0\nunchanged 3"),
        "{said}"
    );
}

#[test]
fn records_of_custom_objects_come_and_go() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let server = server(here);
    let mut file = "vin,owner,km\nV0,nobody@x.com,1\n".to_owned();
    for number in 1..=250 {
        file.push_str(&format!("V{number},ann@x.com,{number}\n"));
    }
    std::fs::write(here.join("cars.csv"), file).unwrap();
    let said = done(
        here,
        1,
        &["import", "custom-object", "company car", "cars.csv"],
    );
    assert!(
        said.contains("rows      251\ncreated   250\n") && said.contains("\nrow 1: "),
        "{said}"
    );
    let since = ["--since", "2100-01-01T00:00:00Z"];
    let cars = ["export", "custom-object", "car", "--fields", "km,vin"];
    assert_eq!(done(here, 0, &[&cars[..], &since].concat()), "km,vin\n");
    let one = done(here, 0, &[&cars[..], &["--where", "vin = V200"]].concat());
    assert_eq!(one, "km,vin\n200,V200\n");
    assert_eq!(done(here, 0, &cars).lines().count(), 251);
    let answer = server.call(
        "<ns1:paramsGetCustomObjects><objTypeName>car</objTypeName><customObjKeyList><attribute><attrName>vin</attrName>\
         <attrValue>V200</attrValue></attribute></customObjKeyList></ns1:paramsGetCustomObjects>",
    );
    assert!(
        answer.text().contains("<attrValue>200</attrValue>"),
        "{}",
        answer.text()
    );
}

#[test]
fn what_cannot_be_done_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    drop(server(here));
    std::fs::write(here.join("a.csv"), "Name,km\nx,1\n").unwrap();
    std::fs::write(here.join("b.csv"), "Email,Town\nx@x.com,Bonn\n").unwrap();
    for (arguments, code, wanted) in [
        (
            &["import", "opportunities", "a.csv"][..],
            1,
            "a key is required",
        ),
        (
            &["import", "opportunities", "a.csv", "--key", "dealId"],
            1,
            "a column dealId is required, which is the key",
        ),
        (
            &["import", "opportunities", "a.csv", "--key", "Shoe"],
            1,
            "Opportunity has no field Shoe",
        ),
        (
            &["import", "opportunities", "a.csv", "--map", "Nome=Name"],
            1,
            "there is no column Nome; there are Name, km",
        ),
        (
            &["import", "opportunities", "a.csv", "--map", "Nome"],
            2,
            "expected COLUMN=FIELD, got `Nome`",
        ),
        (
            &["import", "opportunities", "none.csv", "--key", "dealId"],
            2,
            "cannot read none.csv",
        ),
        (
            &["import", "custom-object", "car", "a.csv"],
            1,
            "the key fields of car are required: vin",
        ),
        (
            &["import", "custom-object", "boat", "a.csv"],
            1,
            "there is no custom object type of this name",
        ),
        (
            &["export", "custom-object", "boat"],
            1,
            "there is no custom object type of this name",
        ),
        (
            &["export", "custom-object", "car", "--fields", "colour"],
            1,
            "records have no fields colour",
        ),
        (
            &["export", "opportunities", "--where", "Colour = red"],
            1,
            "opportunities have no fields Colour",
        ),
        (
            &["import", "leads", "a.csv", "--list", "L", "--key", "Shoe"],
            1,
            "no lead has a field Shoe",
        ),
        (
            &["import", "leads", "b.csv", "--map", "Town=Citty"],
            1,
            "Citty is no field that this import can use",
        ),
    ] {
        let (ended, said, complained) = run(here, arguments);
        assert_eq!(
            (ended, said.as_str()),
            (code, ""),
            "{arguments:?}: {complained}"
        );
        assert!(complained.contains(wanted), "{wanted} in {complained}");
    }
}

/// A key other than the address, and columns under the names of another program.
#[test]
fn leads_are_brought_by_the_key_of_another_system() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let toml = "[[field]]\nobject = \"Lead\"\nname = \"CrmId\"\ntype = \"string\"\n";
    let _server = Server::on_with(here, toml, &[]);
    std::fs::write(here.join("crm.csv"), "Contact,E-Mail\nC1,old@x.com\n").unwrap();
    let import = [
        "import",
        "leads",
        "crm.csv",
        "--list",
        "CRM",
        "--key",
        "CrmId",
        "--map",
        "Contact=CrmId",
        "--map",
        "E-Mail=Email Address",
    ];
    assert!(done(here, 0, &import).contains("imported  1"));
    std::fs::write(here.join("crm.csv"), "Contact,E-Mail\nC1,new@x.com\n").unwrap();
    assert!(done(here, 0, &import).contains("imported  1"));
    let leads = done(here, 0, &["export", "leads", "--fields", "Id,Email,CrmId"]);
    assert_eq!(leads, "Id,Email,CrmId\n1,new@x.com,C1\n");
}
