//! A method an operation.

use crate::{Client, Error};
use mktows::*;

macro_rules! methods {
    ($($method:ident $operation:ident $params:ty => $result:ty;)+) => {
        impl Client {
            $(
                #[doc = concat!("Calls `", stringify!($method), "`.")]
                ///
                /// # Errors
                /// As [`Client::call`].
                pub async fn $method(&self, params: $params) -> Result<$result, Error> {
                    match self.call(&Request::$operation(params)).await? {
                        Response::$operation(result) => Ok(result),
                        _ => Err(Error::Mismatch(Operation::$operation.name())),
                    }
                }
            )+
        }
    };
}

methods! {
    delete_mobjects DeleteMObjects ParamsDeleteMObjects => ResultDeleteMObjects;
    describe_mobject DescribeMObject ParamsDescribeMObject => ResultDescribeMObject;
    get_mobjects GetMObjects ParamsGetMObjects => ResultGetMObjects;
    sync_mobjects SyncMObjects ParamsSyncMObjects => ResultSyncMObjects;
    get_campaigns_for_source GetCampaignsForSource ParamsGetCampaignsForSource => ResultGetCampaignsForSource;
    get_import_to_list_status GetImportToListStatus ParamsGetImportToListStatus => ResultGetImportToListStatus;
    get_lead GetLead ParamsGetLead => ResultGetLead;
    get_lead_activity GetLeadActivity ParamsGetLeadActivity => LeadActivityList;
    get_lead_changes GetLeadChanges ParamsGetLeadChanges => ResultGetLeadChanges;
    get_multiple_leads GetMultipleLeads ParamsGetMultipleLeads => ResultGetMultipleLeads;
    import_to_list ImportToList ParamsImportToList => ResultImportToList;
    list_mobjects ListMObjects ParamsListMObjects => ResultListMObjects;
    list_operation ListOperation ParamsListOperation => ResultListOperation;
    request_campaign RequestCampaign ParamsRequestCampaign => ResultRequestCampaign;
    schedule_campaign ScheduleCampaign ParamsScheduleCampaign => ResultScheduleCampaign;
    sync_lead SyncLead ParamsSyncLead => ResultSyncLead;
    sync_multiple_leads SyncMultipleLeads ParamsSyncMultipleLeads => ResultSyncMultipleLeads;
    sync_custom_objects SyncCustomObjects ParamsSyncCustomObjects => ResultSyncCustomObjects;
    delete_custom_objects DeleteCustomObjects ParamsDeleteCustomObjects => ResultDeleteCustomObjects;
    get_custom_objects GetCustomObjects ParamsGetCustomObjects => ResultGetCustomObjects;
    merge_leads MergeLeads ParamsMergeLeads => ResultMergeLeads;
    get_channels GetChannels ParamsGetChannels => ResultGetChannels;
    get_tags GetTags ParamsGetTags => ResultGetTags;
}
