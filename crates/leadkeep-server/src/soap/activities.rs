//! Messages of histories, to core and back.

use super::leads::{key_type, selector};
use super::{Refused, int};
use crate::app::App;
use jiff::tz::TimeZone;
use leadkeep_core::activities::{
    self, ActivityPage, ActivityView, ChangeSelection, HistorySelection, TypeWords,
};
use mktows::{
    ActivityRecord, ActivityTypeFilter, ActivityTypeWord, Attribute, DateTime, LeadActivityList,
    LeadChangeRecord, ParamsGetLeadActivity, ParamsGetLeadChanges, Response, ResultGetLeadChanges,
    StreamPosition, Version, write_response,
};
use std::sync::Arc;

pub(super) async fn get_lead_activity(
    app: &Arc<App>,
    params: ParamsGetLeadActivity,
) -> Result<Response, Refused> {
    let start = params.start_position.unwrap_or_default();
    let sent = start.clone();
    let (page, zone) = app
        .read(move |txn, schema, now| {
            let zone = &schema.instance.time_zone;
            let input = HistorySelection {
                key_type: key_type(params.lead_key.key_type),
                key: params.lead_key.key_value.clone(),
                types: type_words(params.activity_filter.as_ref(), None),
                start: start_position(&start, zone),
                batch_size: params.batch_size.map(i64::from),
            };
            let page = activities::lead_activity(txn, schema, now, &input)?;
            Ok((page, zone.clone()))
        })
        .await?;
    Ok(LeadActivityList {
        return_count: int(page.activities.len()),
        remaining_count: int(page.remaining),
        new_start_position: position(&page, &sent, &zone),
        activity_record_list: Some(
            page.activities
                .into_iter()
                .map(|found| activity_record(found, &zone))
                .collect(),
        ),
    }
    .into())
}

pub(super) async fn get_lead_changes(
    app: &Arc<App>,
    params: ParamsGetLeadChanges,
    version: Version,
) -> Result<Vec<u8>, Refused> {
    let answer = app
        .read(move |txn, schema, _| {
            let zone = &schema.instance.time_zone;
            let input = ChangeSelection {
                start: start_position(&params.start_position, zone),
                types: type_words(
                    params.activity_filter.as_ref(),
                    params.activity_name_filter.as_deref(),
                ),
                selector: params
                    .lead_selector
                    .as_ref()
                    .map(|given| selector(given, zone)),
                batch_size: params.batch_size.map(i64::from),
            };
            let page = activities::lead_changes(txn, schema, &input)?;
            let new_start_position = position(&page, &params.start_position, zone);
            let records = page.activities.into_iter();
            let response = ResultGetLeadChanges {
                return_count: int(records.len()),
                remaining_count: int(page.remaining),
                new_start_position,
                lead_change_record_list: Some(
                    records
                        .map(|found| lead_change_record(found, zone))
                        .collect(),
                ),
            };
            Ok(write_response(&response.into(), version))
        })
        .await?;
    Ok(answer)
}

fn type_words(filter: Option<&ActivityTypeFilter>, names: Option<&[String]>) -> TypeWords {
    let words = |list: Option<&Vec<ActivityTypeWord>>| {
        let words = list.into_iter().flatten().map(|word| word.0.clone());
        words.collect()
    };
    TypeWords {
        include: words(filter.and_then(|filter| filter.include_types.as_ref())),
        exclude: words(filter.and_then(|filter| filter.exclude_types.as_ref())),
        names: names.unwrap_or_default().to_vec(),
    }
}

fn start_position(position: &StreamPosition, zone: &TimeZone) -> activities::StartPosition {
    let time = |time: &Option<DateTime>| time.as_ref().map(|time| time.to_timestamp(zone));
    activities::StartPosition {
        latest: time(&position.latest_created_at),
        oldest: time(&position.oldest_created_at),
        activity: time(&position.activity_created_at),
        offset: position.offset.clone(),
    }
}

/// The position of the next page; times that came are echoed as they came (RSP-10).
fn position(page: &ActivityPage, sent: &StreamPosition, zone: &TimeZone) -> StreamPosition {
    let echo = |time: Option<jiff::Timestamp>, sent: &Option<DateTime>| {
        let time = time?;
        let new = || DateTime::new(time, zone);
        Some(sent.clone().unwrap_or_else(new))
    };
    let next = &page.position;
    StreamPosition {
        latest_created_at: echo(next.latest, &sent.latest_created_at),
        oldest_created_at: echo(next.oldest, &sent.oldest_created_at),
        activity_created_at: echo(next.activity, &sent.activity_created_at),
        offset: next.offset.clone(),
    }
}

/// Their type is nil (ACT-4, GLA-11).
fn attributes(activity: &ActivityView) -> Vec<Attribute> {
    let attributes = activity.attributes.iter();
    attributes
        .map(|(name, value)| Attribute {
            attr_name: name.to_string().into(),
            attr_type: None,
            attr_value: value.clone(),
        })
        .collect()
}

/// What is nil here was nil in every answer of the original (ACT-6, GLA-28).
fn activity_record(activity: ActivityView, zone: &TimeZone) -> ActivityRecord {
    ActivityRecord {
        id: Some(activity.id.0),
        marketo_guid: activity.id.to_string(),
        activity_date_time: DateTime::new(activity.at, zone),
        activity_attributes: Some(attributes(&activity)),
        activity_type: activity.activity_type.into_owned(),
        mktg_asset_name: activity.asset,
        campaign: activity.campaign,
        person_name: None,
        mkt_person_id: activity.lead.to_string(),
        foreign_sys_id: None,
        org_name: None,
        foreign_sys_org_id: None,
    }
}

fn lead_change_record(activity: ActivityView, zone: &TimeZone) -> LeadChangeRecord {
    LeadChangeRecord {
        id: Some(activity.id.0),
        marketo_guid: activity.id.to_string(),
        activity_date_time: DateTime::new(activity.at, zone),
        activity_attributes: Some(attributes(&activity)),
        activity_type: activity.activity_type.into_owned(),
        mktg_asset_name: activity.asset,
        campaign: activity.campaign,
        mkt_person_id: activity.lead.to_string(),
    }
}
