use super::*;
use crate::ids::{CostId, ProgramId};

const BEFORE: &str = "
    [[channel]]
    name = 'Blog'
    statuses = [{ name = 'Visited', step = 10 }]
    [[channel]]
    name = 'News'
    statuses = [{ name = 'Read', step = 10 }]
    [[tag]]
    type = 'Regions'
    values = ['North', 'South']
    [[tag]]
    type = 'Source'
    values = ['Web']
    [[program]]
    id = 5
    name = 'P'
    channel = 'Blog'
    tags = { Regions = 'North' }
    costs = [{ id = 7, month = '2013-05', amount = 10.50, note = 'n' }, { month = 2013-06-15, amount = 1_000 }]
    tokens = { a = '1' }
";

const AFTER: &str = "
    [[program]]
    id = 5
    name = 'P'
    channel = 'News'
    tags = { Source = 'Web', Regions = 'South' }
    costs = [{ id = 7, month = '2013-06', amount = 11 }, { id = 9, month = '2013-07', amount = 0 }, { month = '2013-08', amount = 5 }]
    tokens = { a = '2', 'my.b' = '3' }
";

#[test]
fn prv_4_first_values_are_set_when_new_and_left_alone_later() {
    // PRV-4, DM-CST-1, SMO-59
    let mut structure = instance(BEFORE);
    let costs = |structure: &Structure| -> Vec<(i64, String, String, Option<String>)> {
        let costs = structure.programs[&ProgramId(5)].costs.iter();
        costs
            .map(|c| (c.id.0, c.month.clone(), c.amount.clone(), c.note.clone()))
            .collect()
    };
    let first = (
        7,
        "2013-05-01".to_owned(),
        "10.5".to_owned(),
        Some("n".to_owned()),
    );
    let second = (8, "2013-06-01".to_owned(), "1000".to_owned(), None);
    assert_eq!(costs(&structure), [first.clone(), second.clone()]);

    let report = structure.apply(AFTER);
    assert_eq!(
        report.changes,
        [
            "+ program \"P\" cost 9",
            "~ program \"P\" tokens a: \"1\" -> \"2\"",
            "~ program \"P\" tokens b: none -> \"3\"",
        ]
    );
    assert_eq!(
        report.left_alone,
        [
            "= program \"P\" channel: stays \"Blog\", the file has \"News\" (--overwrite applies it)",
            "= program \"P\" tag \"Source\": stays none, the file has \"Web\" (--overwrite applies it)",
            "= program \"P\" tag \"Regions\": stays \"North\", the file has \"South\" (--overwrite applies it)",
            "= program \"P\" cost 7: stays {\"amount\":\"10.5\",\"month\":\"2013-05-01\",\"note\":\"n\"}, the file has {\"amount\":\"11\",\"month\":\"2013-06-01\",\"note\":null} (--overwrite applies it)",
        ]
    );
    let third = (9, "2013-07-01".to_owned(), "0".to_owned(), None);
    assert_eq!(
        costs(&structure),
        [first, second, third],
        "no second cost without id"
    );
    assert_eq!(structure.programs[&ProgramId(5)].channel, "Blog");
    assert!(
        structure
            .apply(AFTER)
            .to_string()
            .starts_with("no changes\n= ")
    );
}

#[test]
fn prv_4_overwrite_applies_them() {
    let mut structure = instance(BEFORE);
    let overwrite = ApplyOptions {
        overwrite: true,
        ..ApplyOptions::default()
    };
    let report = structure.try_apply(AFTER, &overwrite).unwrap();
    assert!(report.left_alone.is_empty(), "{report}");
    let lines = [
        "~ program \"P\" cost 7 amount: \"10.5\" -> \"11\"",
        "~ program \"P\" cost 7 month: \"2013-05-01\" -> \"2013-06-01\"",
        "~ program \"P\" cost 7 note: \"n\" -> none",
        "~ program \"P\" channel: \"Blog\" -> \"News\"",
        "~ program \"P\" tags Regions: \"North\" -> \"South\"",
    ];
    for line in lines {
        assert!(
            report.changes.iter().any(|change| change == line),
            "{line}\n{report}"
        );
    }
    let program = &structure.programs[&ProgramId(5)];
    assert_eq!(program.channel, "News");
    let tags = [("Regions", "South"), ("Source", "Web")];
    assert_eq!(
        program.tags,
        tags.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(program.costs[0].id, CostId(7));
    assert_eq!(program.costs[0].amount, "11");
    assert!(program.updated_at > program.created_at);
    let again = structure.try_apply(AFTER, &overwrite).unwrap();
    assert_eq!(again.to_string(), "no changes");
}

/// DM-TAG-2, SMO-60, PRV-4: a type that the stored channel does not fit is refused as long as that channel stays.
#[test]
fn smo_60_the_channel_that_stays_fits_the_type() {
    let channels = "
        [[channel]]
        name = 'Blog'
        kind = 'program'
        statuses = [{ name = 'Visited', step = 10 }]
        [[channel]]
        name = 'Webinar'
        kind = 'webinar'
        statuses = [{ name = 'Attended', step = 10 }]";
    let mut structure = instance(&format!(
        "{channels}\n[[program]]\nname = 'P'\nchannel = 'Blog'"
    ));
    let event = "[[program]]\nname = 'P'\ntype = 'Marketing Event'\nchannel = 'Webinar'";
    assert_refused(
        &mut structure,
        event,
        &[
            "line 3: program.type: expected \"Marketing Program\" for channel \"Blog\", which stays",
            "--overwrite",
            "got \"Marketing Event\"",
        ],
    );
    let overwrite = ApplyOptions {
        overwrite: true,
        ..ApplyOptions::default()
    };
    let report = structure.try_apply(event, &overwrite).unwrap();
    assert_eq!(
        report.changes,
        [
            "~ program \"P\" channel: \"Blog\" -> \"Webinar\"",
            "~ program \"P\" type: \"Marketing Program\" -> \"Marketing Event\"",
        ]
    );
    // Nothing is left that a later file would stumble over.
    assert_eq!(structure.apply(event).to_string(), "no changes");
    assert_eq!(structure.apply(channels).to_string(), "no changes");
}
