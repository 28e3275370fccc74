//! getChannels.

use super::{CHANNEL, TagFilter};
use crate::schema::{Channel, ChannelKind, ProgressionStatus, Schema, same_name};
use crate::value::fold_text;

/// A channel as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelView {
    /// Its name.
    pub name: String,
    /// Its statuses, each as names and values in order (GCH-5).
    pub statuses: Vec<Vec<(&'static str, String)>>,
}

/// The channels that are asked for, all without a filter or without names in it (GCH-1, GCH-2, GCH-3, GCH-8), by name,
/// their statuses by name too (GCH-4, DM-CHN-2). Names that no channel has are skipped (GCH-7).
pub fn channels(schema: &Schema, filter: Option<&TagFilter>) -> Vec<ChannelView> {
    let names = filter.map(TagFilter::values).unwrap_or_default();
    let other_type = filter
        .and_then(TagFilter::tag_type)
        .is_some_and(|name| !same_name(name, CHANNEL));
    if other_type {
        return Vec::new();
    }
    let mut channels: Vec<&Channel> = schema
        .channels
        .iter()
        // GCH-9.
        .filter(|channel| {
            names.is_empty() || names.iter().any(|name| same_name(name, &channel.name))
        })
        .collect();
    channels.sort_by_cached_key(|channel| (fold_text(&channel.name), channel.name.clone()));
    channels.into_iter().map(view).collect()
}

fn view(channel: &Channel) -> ChannelView {
    let mut statuses: Vec<&ProgressionStatus> = channel.statuses.iter().collect();
    statuses.sort_by_cached_key(|status| (fold_text(&status.name), status.name.clone()));
    ChannelView {
        name: channel.name.clone(),
        statuses: statuses
            .into_iter()
            .map(|status| attributes(channel.kind, status))
            .collect(),
    }
}

/// GCH-5: events always say their check-in status, webinars their behavior only where there is one. Steps are not
/// unique (GCH-6).
fn attributes(
    kind: Option<ChannelKind>,
    status: &ProgressionStatus,
) -> Vec<(&'static str, String)> {
    let mut attributes = vec![
        ("Status", status.name.clone()),
        ("Step", status.step.to_string()),
    ];
    match kind {
        Some(ChannelKind::Event) => {
            let check_in = status.check_in.as_deref().unwrap_or("None");
            attributes.push(("Check-in Status", check_in.to_owned()));
        }
        Some(ChannelKind::Webinar) => {
            let behavior = status.behavior.clone();
            attributes.extend(behavior.map(|behavior| ("Webinar Behavior", behavior)));
        }
        _ => {}
    }
    attributes.push(("Success", status.success.to_string()));
    attributes
}
