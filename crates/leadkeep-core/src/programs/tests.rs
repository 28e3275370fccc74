//! Channels and tags of the project's own provisioning file, and of others.

use super::*;
use crate::schema::{Schema, testing};

fn filter(tag_type: Option<&str>, values: &[&str]) -> TagFilter {
    TagFilter {
        tag_type: tag_type.map(str::to_owned),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

fn names(channels: &[ChannelView]) -> Vec<&str> {
    channels
        .iter()
        .map(|channel| channel.name.as_str())
        .collect()
}

/// GCH-1, GCH-2, GCH-4, GCH-6, DM-CHN-1, DM-CHN-2.
#[test]
fn gch_04_channels_and_statuses_come_by_name() {
    let schema = testing::schema(testing::DEMO);
    let all = channels(&schema, None);
    assert_eq!(names(&all), ["Blog", "Tradeshow", "Webinar"]);
    let webinar = &all[2];
    let statuses: Vec<_> = webinar
        .statuses
        .iter()
        .map(|status| format!("{}/{}", status[0].1, status[1].1))
        .collect();
    assert_eq!(
        statuses,
        [
            "Attended/70",
            "Attended On-demand/75",
            "Downloaded/5",
            "Invited/10",
            "No Show/50",
            "Pending Approval/20",
            "Registered/40",
            "Rejected/30",
            "Wait Listed/30"
        ]
    );
}

/// GCH-5: what each kind of channel writes of a status.
#[test]
fn gch_05_events_and_webinars_say_more() {
    let schema = testing::schema(testing::DEMO);
    let all = channels(&schema, None);
    let status = |channel: usize, name: &str| {
        let mut statuses = all[channel].statuses.iter();
        let status = statuses.find(|status| status[0].1 == name).unwrap();
        let texts = status.iter().map(|(name, value)| format!("{name}={value}"));
        texts.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        status(0, "Engaged"),
        "Status=Engaged; Step=20; Success=true"
    );
    assert_eq!(
        status(1, "Invited"),
        "Status=Invited; Step=10; Check-in Status=None; Success=false"
    );
    assert_eq!(
        status(1, "Attended Show"),
        "Status=Attended Show; Step=20; Check-in Status=Attended; Success=false"
    );
    assert_eq!(
        status(2, "No Show"),
        "Status=No Show; Step=50; Webinar Behavior=No Show; Success=false"
    );
    assert_eq!(
        status(2, "Rejected"),
        "Status=Rejected; Step=30; Success=false"
    );
}

/// GCH-3, GCH-7, GCH-8, GCH-9.
#[test]
fn gch_07_unknown_names_are_skipped() {
    let schema = testing::schema(testing::DEMO);
    for (asked, found) in [
        (
            filter(None, &["webinar", "Nothing", "BLOG "]),
            &["Blog", "Webinar"][..],
        ),
        (filter(None, &["Nothing"]), &[]),
        (filter(None, &["", " "]), &["Blog", "Tradeshow", "Webinar"]),
        (filter(Some("channel"), &["Blog"]), &["Blog"]),
        (filter(Some(" "), &[]), &["Blog", "Tradeshow", "Webinar"]),
        (filter(Some("Regions"), &["Blog"]), &[]),
    ] {
        assert_eq!(names(&channels(&schema, Some(&asked))), found, "{asked:?}");
    }
    assert!(channels(&Schema::new_instance(), None).is_empty());
}

/// GT-1, GT-2, GT-3, GT-4, GT-5, GT-6, GT-7, GT-8, GT-9, GT-10, DM-TAG-4.
#[test]
fn gt_06_types_and_values_are_filtered() {
    let schema = testing::schema(testing::DEMO);
    let ask = |filters: &[TagFilter]| {
        let found = tags(&schema, filters).into_iter();
        let found = found.map(|tag| format!("{}: {}", tag.name, tag.values.join(",")));
        found.collect::<Vec<_>>().join("; ")
    };
    let all = "Regions: North,South,East,West,EMEA; Content Channel: SEM,Email,Website";
    for (filters, expected) in [
        (vec![], all),
        (vec![filter(None, &[])], all),
        (
            vec![filter(Some("content channel "), &[])],
            "Content Channel: SEM,Email,Website",
        ),
        (
            vec![filter(Some("Regions"), &["emea", "North", "Mars"])],
            "Regions: North,EMEA",
        ),
        (
            vec![filter(None, &["Email", "West"])],
            "Regions: West; Content Channel: Email",
        ),
        (
            vec![
                filter(Some("Regions"), &["East"]),
                filter(Some("REGIONS"), &["South"]),
            ],
            "Regions: South,East",
        ),
        (vec![filter(Some("Regions"), &["Mars"])], ""),
        (vec![filter(Some("Nothing"), &[])], ""),
        (vec![filter(Some("Channel"), &[])], ""),
    ] {
        assert_eq!(ask(&filters), expected, "{filters:?}");
    }
    assert!(tags(&Schema::new_instance(), &[]).is_empty());
}
