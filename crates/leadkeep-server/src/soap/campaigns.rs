//! Messages of campaigns, to core and back.

use super::leads::key_type;
use super::{Refused, int};
use crate::app::App;
use leadkeep_core::campaigns::{self, CampaignFilter, RequestCampaign, ScheduleCampaign, Source};
use mktows::{
    Attrib, CampaignRecord, ParamsGetCampaignsForSource, ParamsRequestCampaign,
    ParamsScheduleCampaign, ReqCampSourceType, Response, ResultGetCampaignsForSource,
    ResultRequestCampaign, ResultScheduleCampaign,
};
use std::sync::Arc;

pub(super) async fn get_campaigns_for_source(
    app: &Arc<App>,
    params: ParamsGetCampaignsForSource,
) -> Result<Response, Refused> {
    let filter = CampaignFilter {
        source: source(params.source),
        name: params.name,
        exact: params.exact_name.unwrap_or(false),
    };
    let found = app
        .read(move |txn, schema, _| Ok(campaigns::campaigns_for_source(txn, schema, &filter)?))
        .await?;
    let records: Vec<CampaignRecord> = found
        .into_iter()
        .map(|campaign| CampaignRecord {
            id: int(campaign.id.0),
            name: campaign.name,
            description: campaign.description,
        })
        .collect();
    Ok(ResultGetCampaignsForSource {
        return_count: int(records.len()),
        campaign_record_list: Some(records),
    }
    .into())
}

pub(super) async fn request_campaign(
    app: &Arc<App>,
    params: ParamsRequestCampaign,
) -> Result<Response, Refused> {
    let keys = params.lead_list.unwrap_or_default().into_iter();
    let input = RequestCampaign {
        source: source(params.source),
        keys: keys
            .map(|key| (key_type(key.key_type), key.key_value))
            .collect(),
        campaign_id: params.campaign_id.map(i64::from),
        campaign_name: params.campaign_name,
        program: params.program_name,
        tokens: tokens(params.program_token_list),
    };
    app.write(move |txn, schema, now| campaigns::request_campaign(txn, schema, now, &input))
        .await?;
    app.jobs.wake_campaigns();
    Ok(ResultRequestCampaign { success: true }.into())
}

pub(super) async fn schedule_campaign(
    app: &Arc<App>,
    params: ParamsScheduleCampaign,
) -> Result<Response, Refused> {
    let run_at = params.campaign_run_at;
    let input = ScheduleCampaign {
        program: params.program_name,
        campaign: params.campaign_name,
        run_at: None,
        clone_to: params.clone_to_program_name,
        tokens: tokens(params.program_token_list),
        clone_limit: None,
    };
    let limits = app.config.limits.clone();
    app.write(move |txn, schema, now| {
        let zone = &schema.instance.time_zone;
        let input = ScheduleCampaign {
            run_at: run_at.as_ref().map(|at| at.to_timestamp(zone)),
            clone_limit: limits.clones.map(|most| (most, limits.day_begin(now))),
            ..input.clone()
        };
        campaigns::schedule_campaign(txn, schema, now, &input)
    })
    .await?;
    app.jobs.wake_campaigns();
    Ok(ResultScheduleCampaign { success: true }.into())
}

fn tokens(list: Option<Vec<Attrib>>) -> Vec<(String, String)> {
    let list = list.unwrap_or_default().into_iter();
    list.map(|token| (token.name, token.value)).collect()
}

fn source(source: ReqCampSourceType) -> Source {
    match source {
        ReqCampSourceType::Mktows => Source::Mktows,
        ReqCampSourceType::Sales => Source::Sales,
    }
}
