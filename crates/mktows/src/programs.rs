//! getChannels and getTags.

use crate::common::Attrib;
use crate::xml::{items, types};

types! {
    /// A tag type with values, or a filter for them.
    #[derive(Default)]
    Tag {
        /// The tag type.
        type_: "type" opt String,
        /// Its values.
        values: "values" opt Vec<String>,
    }

    /// A channel with its statuses.
    #[derive(Default)]
    TagStatus {
        /// The channel.
        tag_value: "tagValue" lax String,
        /// Its statuses.
        status_list: "statusList" lax Vec<ProgressionStatus>,
    }

    /// A status of a channel.
    #[derive(Default)]
    ProgressionStatus {
        /// Status, Step, maybe one more, Success (GCH-5).
        progression_status: "progressionStatus" opt Vec<Attrib>,
    }

    /// Request of getChannels.
    #[derive(Default)]
    ParamsGetChannels {
        /// Which channels.
        tag: "tag" opt Tag,
    }

    /// Request of getTags.
    #[derive(Default)]
    ParamsGetTags {
        /// Which tags.
        tag_list: "tagList" opt Vec<Tag>,
    }

    /// Result of getChannels.
    #[derive(Default)]
    ResultGetChannels {
        /// The channels.
        tags: "tags" lax Vec<TagStatus>,
    }

    /// Result of getTags.
    #[derive(Default)]
    ResultGetTags {
        /// The tag types.
        tag_list: "tagList" lax Vec<Tag>,
    }
}

items! {
    Tag = "ArrayOfTag" "tag",
    TagStatus = "ArrayOfTagStatus" "tagStatus",
    ProgressionStatus = "ArrayOfProgressionStatus" "progressionStatusItem",
}
