//! getCampaignsForSource, requestCampaign, scheduleCampaign.

use crate::common::Attrib;
use crate::leads::LeadKey;
use crate::xml::date_time::DateTime;
use crate::xml::{enumeration, items, types};

enumeration! {
    /// Who asks for a campaign.
    ReqCampSourceType {
        /// This API.
        Mktows = "MKTOWS",
        /// The sales add-on.
        Sales = "SALES",
    }
}

types! {
    /// A campaign.
    CampaignRecord {
        /// Its number.
        id: "id" req i32,
        /// Its name.
        name: "name" lax String,
        /// What it is; empty for none (GCS-5).
        description: "description" lax String,
    }

    /// Request of getCampaignsForSource.
    ParamsGetCampaignsForSource {
        /// For whom.
        source: "source" req ReqCampSourceType,
        /// Part of the name, or the name.
        name: "name" optnil String,
        /// Which of the two.
        exact_name: "exactName" optnil bool,
    }

    /// Request of requestCampaign.
    ParamsRequestCampaign {
        /// Who asks.
        source: "source" req ReqCampSourceType,
        /// The campaign by number.
        campaign_id: "campaignId" optnil i32,
        /// The leads.
        lead_list: "leadList" optnil Vec<LeadKey>,
        /// The program of the campaign.
        program_name: "programName" optnil String,
        /// The campaign by name.
        campaign_name: "campaignName" optnil String,
        /// Tokens for this run.
        program_token_list: "programTokenList" optnil Vec<Attrib>,
    }

    /// Request of scheduleCampaign.
    ParamsScheduleCampaign {
        /// The program of the campaign.
        program_name: "programName" req String,
        /// The name of a copy of the program (SC-6); in the schema from 3_0.
        clone_to_program_name: "cloneToProgramName" optnil String [since V3_0],
        /// The campaign.
        campaign_name: "campaignName" req String,
        /// When it runs.
        campaign_run_at: "campaignRunAt" optnil DateTime,
        /// Tokens for this run.
        program_token_list: "programTokenList" optnil Vec<Attrib>,
    }

    /// Result of getCampaignsForSource.
    #[derive(Default)]
    ResultGetCampaignsForSource {
        /// Campaigns in this answer.
        return_count: "returnCount" lax i32,
        /// The campaigns.
        campaign_record_list: "campaignRecordList" optnil Vec<CampaignRecord>,
    }

    /// Result of requestCampaign.
    #[derive(Default)]
    ResultRequestCampaign {
        /// Whether the request was taken.
        success: "success" lax bool,
    }

    /// Result of scheduleCampaign.
    #[derive(Default)]
    ResultScheduleCampaign {
        /// Whether the run was taken.
        success: "success" lax bool,
    }
}

items! {
    CampaignRecord = "ArrayOfCampaignRecord" "campaignRecord",
}
