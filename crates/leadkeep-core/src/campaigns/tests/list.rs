//! Campaigns as they are listed.

use super::super::*;
use crate::schema::testing;

const CAMPAIGNS: &str = r#"
[[channel]]
name = "Blog"
statuses = [{ name = "Visited", step = 10 }]
[[program]]
name = "Trav-Demo-Program"
channel = "Blog"
[[campaign]]
id = 5
name = "Trigger: Welcome"
description = "Greets"
program = "Trav-Demo-Program"
kind = "trigger"
sources = ["MKTOWS", "SALES"]
[[campaign]]
id = 9
name = "a Trigger"
kind = "trigger"
sources = ["MKTOWS"]
[[campaign]]
id = 7
name = "A TRIGGER"
kind = "trigger"
sources = ["MKTOWS"]
[[campaign]]
name = "Trigger, not active"
kind = "trigger"
active = false
sources = ["MKTOWS"]
[[campaign]]
name = "Trigger without a source"
kind = "trigger"
[[campaign]]
name = "Trigger of sales"
kind = "trigger"
sources = ["SALES"]
[[campaign]]
name = "Batch, no Trigger"
kind = "batch"
"#;

/// GCS-1, GCS-2, GCS-3, GCS-4, GCS-5, GCS-6, GCS-7, GCS-8, GCS-9, GCS-10, DM-CMP-1, DM-CMP-2.
#[test]
fn gcs_03_names_are_looked_for_in_part_or_exactly() {
    let (store, schema) = testing::store(CAMPAIGNS);
    let ask = |source, name: Option<&str>, exact| {
        let filter = CampaignFilter {
            source,
            name: name.map(str::to_owned),
            exact,
        };
        let found = store.read_now(|txn, _| campaigns_for_source(txn, &schema, &filter));
        let found = found.unwrap().into_iter();
        let lines = found.map(|one| format!("{} {} ({})", one.id, one.name, one.description));
        lines.collect::<Vec<_>>()
    };
    let (a, b, c) = (
        "7 A TRIGGER ()",
        "9 a Trigger ()",
        "5 Trav-Demo-Program.Trigger: Welcome (Greets)",
    );
    let sales = "1001 Trigger of sales ()";
    for (source, name, exact, found) in [
        (Source::Mktows, None, false, &[a, b, c][..]),
        (Source::Mktows, Some(" "), true, &[a, b, c]),
        (Source::Mktows, Some("a trigger"), true, &[a, b]),
        (Source::Mktows, Some("trigger: welcome"), true, &[c]),
        (
            Source::Mktows,
            Some("trav-demo-program.Trigger: Welcome"),
            true,
            &[c],
        ),
        (Source::Mktows, Some("Trigger:"), true, &[]),
        (Source::Mktows, Some("WELCOME "), false, &[c]),
        (Source::Mktows, Some("demo"), false, &[c]),
        (Source::Mktows, Some("nothing"), false, &[]),
    ] {
        assert_eq!(ask(source, name, exact), found, "{name:?}");
    }
    let of_sales = ask(Source::Sales, None, false);
    assert_eq!(of_sales.len(), 2, "{of_sales:?}");
    assert!(
        of_sales[0] == c && of_sales[1].ends_with(&sales[5..]),
        "{of_sales:?}"
    );
}
