//! Messages of channels and tags, to core and back.

use super::Refused;
use crate::app::App;
use leadkeep_core::programs::{self, TagFilter};
use mktows::{
    Attrib, ParamsGetChannels, ParamsGetTags, ProgressionStatus, Response, ResultGetChannels,
    ResultGetTags, Tag, TagStatus,
};
use std::sync::Arc;

pub(super) async fn get_channels(
    app: &Arc<App>,
    params: ParamsGetChannels,
) -> Result<Response, Refused> {
    let filter = params.tag.map(filter);
    let found = app
        .read(move |_, schema, _| Ok(programs::channels(schema, filter.as_ref())))
        .await?;
    let status = |attributes: Vec<(&'static str, String)>| ProgressionStatus {
        progression_status: Some(
            attributes
                .into_iter()
                .map(|(name, value)| Attrib {
                    name: name.to_owned(),
                    value,
                })
                .collect(),
        ),
    };
    let tags = found.into_iter().map(|channel| TagStatus {
        tag_value: channel.name,
        status_list: channel.statuses.into_iter().map(status).collect(),
    });
    Ok(ResultGetChannels {
        tags: tags.collect(),
    }
    .into())
}

pub(super) async fn get_tags(app: &Arc<App>, params: ParamsGetTags) -> Result<Response, Refused> {
    let filters: Vec<TagFilter> = params
        .tag_list
        .unwrap_or_default()
        .into_iter()
        // REQ-8.
        .filter(|tag| tag.type_.is_some() || tag.values.is_some())
        .map(filter)
        .collect();
    let found = app
        .read(move |_, schema, _| Ok(programs::tags(schema, &filters)))
        .await?;
    let tags = found.into_iter().map(|tag| Tag {
        type_: Some(tag.name),
        values: Some(tag.values),
    });
    Ok(ResultGetTags {
        tag_list: tags.collect(),
    }
    .into())
}

fn filter(tag: Tag) -> TagFilter {
    TagFilter {
        tag_type: tag.type_,
        values: tag.values.unwrap_or_default(),
    }
}
