//! getLeadActivity and getLeadChanges.

use crate::common::Attribute;
use crate::fault::Fault;
use crate::leads::{LeadKey, LeadSelector};
use crate::xml::date_time::DateTime;
use crate::xml::reader::{Reader, Tag};
use crate::xml::schema::Schema;
use crate::xml::writer::Writer;
use crate::xml::{XmlType, enumeration, items, types};

enumeration! {
    /// The words of an activityFilter.
    ActivityType {
        /// Visit Webpage.
        VisitWebpage = "VisitWebpage",
        /// Fill Out Form.
        FillOutForm = "FillOutForm",
        /// Click Link.
        ClickLink = "ClickLink",
        /// Send Email.
        SendEmail = "SendEmail",
        /// Email Delivered.
        EmailDelivered = "EmailDelivered",
        /// Email Bounced.
        EmailBounced = "EmailBounced",
        /// Unsubscribe Email.
        UnsubscribeEmail = "UnsubscribeEmail",
        /// Open Email.
        OpenEmail = "OpenEmail",
        /// Click Email.
        ClickEmail = "ClickEmail",
        /// New Lead.
        NewLead = "NewLead",
        /// Change Data Value.
        ChangeDataValue = "ChangeDataValue",
        /// Lead Assigned.
        LeadAssigned = "LeadAssigned",
        /// New SFDC Opportunity.
        NewSfdcOpprtnty = "NewSFDCOpprtnty",
        /// Wait.
        Wait = "Wait",
        /// Run Subflow.
        RunSubflow = "RunSubflow",
        /// Remove from Flow.
        RemoveFromFlow = "RemoveFromFlow",
        /// Sync Lead to SFDC.
        PushLeadToSales = "PushLeadToSales",
        /// Create Task.
        CreateTask = "CreateTask",
        /// Convert Lead.
        ConvertLead = "ConvertLead",
        /// Change Score.
        ChangeScore = "ChangeScore",
        /// Change Owner.
        ChangeOwner = "ChangeOwner",
        /// Add to List.
        AddToList = "AddToList",
        /// Remove from List.
        RemoveFromList = "RemoveFromList",
        /// SFDC Activity.
        SfdcActivity = "SFDCActivity",
        /// Email Bounced Soft.
        EmailBouncedSoft = "EmailBouncedSoft",
        /// Sync Lead Updates to SFDC.
        PushLeadUpdatesToSales = "PushLeadUpdatesToSales",
        /// Delete Lead from SFDC.
        DeleteLeadFromSales = "DeleteLeadFromSales",
        /// SFDC Activity Updated.
        SfdcActivityUpdated = "SFDCActivityUpdated",
        /// SFDC Merge Leads.
        SfdcMergeLeads = "SFDCMergeLeads",
        /// Merge Leads.
        MergeLeads = "MergeLeads",
        /// Resolve Conflicts.
        ResolveConflicts = "ResolveConflicts",
        /// Add to Opportunity.
        AssocWithOpprtntyInSales = "AssocWithOpprtntyInSales",
        /// Remove from Opportunity.
        DissocFromOpprtntyInSales = "DissocFromOpprtntyInSales",
        /// Update Opportunity.
        UpdateOpprtntyInSales = "UpdateOpprtntyInSales",
        /// Delete Lead.
        DeleteLead = "DeleteLead",
        /// Send Alert.
        SendAlert = "SendAlert",
        /// Send Sales Email.
        SendSalesEmail = "SendSalesEmail",
        /// Open Sales Email.
        OpenSalesEmail = "OpenSalesEmail",
        /// Click Sales Email.
        ClickSalesEmail = "ClickSalesEmail",
        /// Add to SFDC Campaign.
        AddtoSfdcCampaign = "AddtoSFDCCampaign",
        /// Remove from SFDC Campaign.
        RemoveFromSfdcCampaign = "RemoveFromSFDCCampaign",
        /// Change Status in SFDC Campaign.
        ChangeStatusInSfdcCampaign = "ChangeStatusInSFDCCampaign",
        /// Receive Sales Email.
        ReceiveSalesEmail = "ReceiveSalesEmail",
        /// Interesting Moment.
        InterestingMoment = "InterestingMoment",
        /// Request Campaign.
        RequestCampaign = "RequestCampaign",
        /// Sales Email Bounced.
        SalesEmailBounced = "SalesEmailBounced",
        /// Change Lead Partition.
        ChangeLeadPartition = "ChangeLeadPartition",
        /// Change Revenue Stage.
        ChangeRevenueStage = "ChangeRevenueStage",
        /// Change Revenue Stage Manually.
        ChangeRevenueStageManually = "ChangeRevenueStageManually",
        /// Compute Data Value.
        ComputeDataValue = "ComputeDataValue",
        /// Change Status in Progression.
        ChangeStatusInProgression = "ChangeStatusInProgression",
        /// Change Program Data.
        ChangeFieldInProgram = "ChangeFieldInProgram",
        /// Enrich with Data.com.
        EnrichWithDatacom = "EnrichWithDatacom",
        /// Change Segment.
        ChangeSegment = "ChangeSegment",
        /// Resolve Ruleset.
        ResolveRuleset = "ResolveRuleset",
        /// Smart Campaign Test.
        SmartCampaignTest = "SmartCampaignTest",
        /// Smart Campaign Test Trigger.
        SmartCampaignTestTrigger = "SmartCampaignTestTrigger",
    }
}

types! {
    /// Which types of activities.
    #[derive(Default)]
    ActivityTypeFilter {
        /// Only these. The documentation's table has another name (REQ-22).
        include_types: "includeTypes" | "includeAttributes" opt Vec<ActivityTypeWord>,
        /// All but these.
        exclude_types: "excludeTypes" | "excludeAttributes" opt Vec<ActivityTypeWord>,
    }

    /// A place in a stream of activities.
    #[derive(Default)]
    StreamPosition {
        /// Upper bound.
        latest_created_at: "latestCreatedAt" optnil DateTime,
        /// Lower bound.
        oldest_created_at: "oldestCreatedAt" optnil DateTime,
        /// Another bound.
        activity_created_at: "activityCreatedAt" optnil DateTime,
        /// Where the previous page ended.
        offset: "offset" optnil String,
    }

    /// An activity of one lead.
    ActivityRecord {
        /// Its number; `0` before 2_7 if it has more than 32 bits, which the schema did not know then.
        id: "id" optnil i64 [before V2_7 req "xs:int"] [before V3_0 req "xs:long"],
        /// Its number as text, from 3_0 (GLA-17, GLC-17).
        marketo_guid: "marketoGUID" lax String [since V3_0],
        /// When it happened.
        activity_date_time: "activityDateTime" req DateTime,
        /// The display name of its type.
        activity_type: "activityType" lax String,
        /// The name of the asset; an empty element without (RSP-7).
        mktg_asset_name: "mktgAssetName" optempty String,
        /// Its attributes, `Lead ID` last.
        activity_attributes: "activityAttributes" optnil Vec<Attribute>,
        /// The campaign that caused it; an empty element without (RSP-7).
        campaign: "campaign" optnilempty String,
        /// Nil (GLA-28).
        person_name: "personName" optnil String,
        /// The lead id.
        mkt_person_id: "mktPersonId" lax String,
        /// Nil (GLA-28).
        foreign_sys_id: "foreignSysId" optnil String,
        /// Nil (GLA-28).
        org_name: "orgName" optnil String,
        /// Nil (GLA-28).
        foreign_sys_org_id: "foreignSysOrgId" optnil String,
    }

    /// The answer of getLeadActivity.
    #[derive(Default)]
    LeadActivityList {
        /// Activities in this answer.
        return_count: "returnCount" lax i32,
        /// More than 0 while there is more.
        remaining_count: "remainingCount" lax i32,
        /// Where the next page begins.
        new_start_position: "newStartPosition" lax StreamPosition,
        /// The activities, latest first.
        activity_record_list: "activityRecordList" optnil Vec<ActivityRecord>,
    }

    /// An activity of any lead.
    LeadChangeRecord {
        /// Its number; `0` before 2_7 if it has more than 32 bits, which the schema did not know then.
        id: "id" optnil i64 [before V2_7 req "xs:int"] [before V3_0 req "xs:long"],
        /// Its number as text, from 3_0 (GLA-17, GLC-17).
        marketo_guid: "marketoGUID" lax String [since V3_0],
        /// When it happened.
        activity_date_time: "activityDateTime" req DateTime,
        /// The display name of its type.
        activity_type: "activityType" lax String,
        /// The name of the asset.
        mktg_asset_name: "mktgAssetName" optnil String,
        /// Its attributes, `Lead ID` last.
        activity_attributes: "activityAttributes" optnil Vec<Attribute>,
        /// The campaign that caused it.
        campaign: "campaign" opt String,
        /// The lead id.
        mkt_person_id: "mktPersonId" lax String,
    }

    /// Request of getLeadActivity.
    ParamsGetLeadActivity {
        /// The lead.
        lead_key: "leadKey" req LeadKey,
        /// Which types.
        activity_filter: "activityFilter" optnil ActivityTypeFilter,
        /// Where to begin.
        start_position: "startPosition" optnil StreamPosition,
        /// The size of a page.
        batch_size: "batchSize" optnil i32,
    }

    /// Request of getLeadChanges.
    ParamsGetLeadChanges {
        /// Where to begin.
        start_position: "startPosition" reqempty StreamPosition,
        /// Which types, by the words of the schema.
        activity_filter: "activityFilter" optnil ActivityTypeFilter,
        /// Which types, by display name; in the schema from 2_3.
        activity_name_filter: "activityNameFilter" optnil Vec<String> [since V2_3],
        /// The size of a page.
        batch_size: "batchSize" optnil i32,
        /// Which leads; in the schema from 2_2.
        lead_selector: "leadSelector" opt LeadSelector [since V2_2],
    }

    /// Result of getLeadChanges.
    #[derive(Default)]
    ResultGetLeadChanges {
        /// Activities in this answer.
        return_count: "returnCount" lax i32,
        /// Activities after this page.
        remaining_count: "remainingCount" lax i32,
        /// Where the next page begins.
        new_start_position: "newStartPosition" lax StreamPosition,
        /// The activities, oldest first.
        lead_change_record_list: "leadChangeRecordList" optnil Vec<LeadChangeRecord>,
    }
}

items! {
    ActivityTypeWord = "ArrayOfActivityType" "activityType",
    ActivityRecord = "ArrayOfActivityRecord" "activityRecord",
    LeadChangeRecord = "ArrayOfLeadChangeRecord" "leadChangeRecord",
}

/// A type in a filter as a client wrote it: a word of [`ActivityType`], a display name, or a word of an older schema.
/// Which of them there are is for the server to say (GLA-7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityTypeWord(pub String);

impl From<ActivityType> for ActivityTypeWord {
    fn from(activity_type: ActivityType) -> Self {
        Self(activity_type.as_str().to_owned())
    }
}

impl XmlType for ActivityTypeWord {
    fn type_name() -> &'static str {
        ActivityType::type_name()
    }

    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        let text = reader.text(tag)?;
        let word = text.trim();
        *given = !word.is_empty();
        Ok(given.then(|| Self(word.to_owned())))
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        writer.text(name, &self.0);
    }

    fn define(schema: &mut Schema) {
        ActivityType::define(schema);
    }
}
