//! mergeLeads on the wire.

use super::*;

fn keys(list: &str) -> String {
    let keys = list.split(' ').filter(|key| !key.is_empty()).map(|key| {
        let (name, value) = key.split_once('=').unwrap();
        format!("<attribute><attrName>{name}</attrName><attrValue>{value}</attrValue></attribute>")
    });
    keys.collect()
}

fn merge(winner: &str, losers: &[&str]) -> String {
    let losers: String = losers
        .iter()
        .map(|list| format!("<keyList>{}</keyList>", keys(list)))
        .collect();
    format!(
        "<paramsMergeLeads><winningLeadKeyList>{}</winningLeadKeyList><losingLeadKeyLists>{losers}</losingLeadKeyLists>\
         <mergeInSales>True</mergeInSales></paramsMergeLeads>",
        keys(winner)
    )
}

async fn four_leads() -> Wire {
    let wire = wire("");
    for n in 1..=4 {
        wire.call(&format!(
            "<paramsSyncLead><leadRecord><Email>l{n}@x.com</Email></leadRecord><returnLead>false</returnLead></paramsSyncLead>"
        ))
        .await;
    }
    wire
}

/// ML-1, ML-2, ML-3, ML-4, ML-5, ML-6, ML-9, ML-16, ML-17.
#[tokio::test]
async fn ml_04_the_answers_of_merge_leads() {
    let wire = four_leads().await;
    for (call, expected) in [
        (
            merge("IDNUM=1", &["idnum=3 EMAIL=L3@x.com", "IDNUM=2"]),
            "<winningLeadId>1</winningLeadId><losingLeadIdList><integerItem>3</integerItem><integerItem>2</integerItem>\
             </losingLeadIdList><status>MERGED</status><error xsi:nil=\"true\"/>",
        ),
        (
            merge("IDNUM=1", &["IDNUM=99"]),
            "<winningLeadId>1</winningLeadId><losingLeadIdList xsi:nil=\"true\"/><status>FAILED</status>\
             <error>20103 - Lead not found: IDNUM = 99</error>",
        ),
        (
            merge("COOKIE=token:x", &["IDNUM=4"]),
            "<winningLeadId xsi:nil=\"true\"/><losingLeadIdList xsi:nil=\"true\"/><status>FAILED</status>\
             <error>20103 - Lead not found: COOKIE = token:x</error>",
        ),
    ] {
        assert_eq!(wire.part("mergeStatus", &call).await, expected, "{call}");
    }
}

/// ML-11.
#[tokio::test]
async fn ml_11_refusals_of_merge_leads() {
    let wire = four_leads().await;
    for (call, expected) in [
        (
            merge("IDNUM=1", &["Nonsense=2"]),
            "Nonsense is not a valid lead key (20102)",
        ),
        (
            merge("IDNUM=x", &["IDNUM=2"]),
            "Lead key value is not valid (20102)",
        ),
        (
            merge("", &["IDNUM=2"]),
            "Parameter winningLeadKeyList is required (20109)",
        ),
        (
            merge("IDNUM=1", &[]),
            "Parameter losingLeadKeyLists is required (20109)",
        ),
        (
            merge("IDNUM=1", &[""]),
            "Parameter losingLeadKeyLists is required (20109)",
        ),
        (
            "<paramsMergeLeads/>".to_owned(),
            "Parameter winningLeadKeyList is required (20109)",
        ),
    ] {
        assert_eq!(wire.fault(&call).await, expected, "{call}");
    }
}
