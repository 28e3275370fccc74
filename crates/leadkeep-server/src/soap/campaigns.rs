//! Messages of campaigns, to core and back.

use super::{Refused, int};
use crate::app::App;
use leadkeep_core::campaigns::{self, CampaignFilter, Source};
use mktows::{
    CampaignRecord, ParamsGetCampaignsForSource, ReqCampSourceType, Response,
    ResultGetCampaignsForSource,
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

fn source(source: ReqCampSourceType) -> Source {
    match source {
        ReqCampSourceType::Mktows => Source::Mktows,
        ReqCampSourceType::Sales => Source::Sales,
    }
}
