//! What the system writes into the history of a lead (ACT-1, ACT-2, ACT-3, ACT-4).

use crate::ids::{CampaignId, LeadId, ListId, OpportunityId, TaskId};
use crate::schema::Field;
use crate::store::{ActivityType, NewActivity};
use crate::value;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::sync::Arc;

/// A page was visited.
pub const VISIT_WEBPAGE: ActivityType = ActivityType(1);
/// A lead was created.
pub const NEW_LEAD: ActivityType = ActivityType(12);
/// A value of a lead changed.
pub const CHANGE_DATA_VALUE: ActivityType = ActivityType(13);
/// A lead joined a static list.
pub const ADD_TO_LIST: ActivityType = ActivityType(24);
/// A lead left a static list.
pub const REMOVE_FROM_LIST: ActivityType = ActivityType(25);
/// A mail of a campaign was taken by the mail server.
pub const SEND_EMAIL: ActivityType = ActivityType(6);
/// A campaign changed a score.
pub const CHANGE_SCORE: ActivityType = ActivityType(22);
/// A campaign was requested for a lead.
pub const REQUEST_CAMPAIGN: ActivityType = ActivityType(47);
/// A lead got a role in an opportunity.
pub const ADD_TO_OPPORTUNITY: ActivityType = ActivityType(34);
/// A lead lost a role in an opportunity.
pub const REMOVE_FROM_OPPORTUNITY: ActivityType = ActivityType(35);
/// Leads were merged into one.
pub const MERGE_LEADS: ActivityType = ActivityType(32);
/// A lead was deleted.
pub const DELETE_LEAD: ActivityType = ActivityType(37);
/// An opportunity, or a role in it, changed.
pub const UPDATE_OPPORTUNITY: ActivityType = ActivityType(36);

/// What a source of this API is called in histories (ACT-25, COM-30).
pub const SOURCE: &str = "Web service API";

fn activity<const N: usize>(
    lead: LeadId,
    at: Timestamp,
    activity_type: ActivityType,
    asset: Option<String>,
    attributes: [(&'static str, String); N],
) -> NewActivity {
    let attributes = attributes
        .into_iter()
        .map(|(name, value)| (Cow::Borrowed(name), value));
    NewActivity {
        lead,
        at,
        activity_type,
        asset,
        attributes: Arc::new(attributes.collect()),
        campaign: None,
    }
}

/// `Visit Webpage`. Pages have no numbers here, so that the attribute is left out that would say one (ACT-4). `created` is
/// the time of the visit in the instance's zone, without one.
pub fn visit_webpage(lead: LeadId, at: Timestamp, page: &WebPage, created: String) -> NewActivity {
    let attributes = [
        ("Webpage URL", page.path.clone()),
        ("Query Parameters", page.query.clone()),
        ("Referrer URL", page.referrer.clone()),
        ("Client IP Address", page.client_address.clone()),
        ("User Agent", page.user_agent.clone()),
        ("Created At", created),
    ];
    activity(lead, at, VISIT_WEBPAGE, Some(page.path.clone()), attributes)
}

/// A page as it was visited; what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebPage {
    /// The path of its address.
    pub path: String,
    /// The query of its address, without the question mark.
    pub query: String,
    /// The address of the page that led there.
    pub referrer: String,
    /// The visitor's network address.
    pub client_address: String,
    /// The visitor's browser, as it says.
    pub user_agent: String,
}

/// `New Lead` (COM-30, ACT-20, ACT-30). `name` is first and last name, if it has any; `attributes` are those of
/// `Origin::new_lead`.
pub(crate) fn new_lead(
    lead: LeadId,
    at: Timestamp,
    name: Option<String>,
    attributes: Arc<Vec<(Cow<'static, str>, String)>>,
) -> NewActivity {
    NewActivity {
        attributes,
        ..activity(lead, at, NEW_LEAD, name, [])
    }
}

/// `Change Data Value` for a reason (COM-31). Field by display name, values as answers have them, empty for none (ACT-4, RSP-9).
pub fn change_data_value(
    lead: LeadId,
    at: Timestamp,
    field: &Field,
    (old, new): (Option<String>, Option<String>),
    zone: &TimeZone,
    reason: &str,
) -> NewActivity {
    let display_name = &field.display_name;
    let attributes = [
        ("Attribute Name", display_name.to_owned()),
        ("Old Value", told(field, old, zone)),
        ("New Value", told(field, new, zone)),
        ("Reason", reason.to_owned()),
    ];
    activity(
        lead,
        at,
        CHANGE_DATA_VALUE,
        Some(display_name.to_owned()),
        attributes,
    )
}

/// A value that is kept, as histories and answers have it.
pub(crate) fn told(field: &Field, canonical: Option<String>, zone: &TimeZone) -> String {
    let canonical = canonical.unwrap_or_default();
    value::wire(field.data_type, canonical.into(), zone)
}

/// `Merge Leads` on the winner, whose name is given if it has one (ML-15, ACT-50). Nothing is ever merged in sales, since
/// there is no CRM (ML-16, DM-MRG-7). `source` says who merged, `updated` whether the winner got values.
pub fn merge_leads(
    winner: LeadId,
    at: Timestamp,
    name: Option<String>,
    losers: &[LeadId],
    source: &str,
    updated: bool,
) -> NewActivity {
    let losers: Vec<String> = losers.iter().map(LeadId::to_string).collect();
    let attributes = [
        ("Merge IDs", format!("[{}]", losers.join(","))),
        ("Merged in Sales", false.to_string()),
        ("Merge Source", source.to_owned()),
        ("Master Updated", updated.to_string()),
    ];
    activity(winner, at, MERGE_LEADS, name, attributes)
}

/// `Add to List`, or `Remove from List` if the lead left it (LO-24, ACT-40). `list` is the full name, `source` who did it.
pub fn list_membership(
    lead: LeadId,
    at: Timestamp,
    joined: bool,
    id: ListId,
    list: &str,
    source: &str,
) -> NewActivity {
    let activity_type = if joined {
        ADD_TO_LIST
    } else {
        REMOVE_FROM_LIST
    };
    let attributes = [("List ID", id.to_string()), ("Source", source.to_owned())];
    activity(lead, at, activity_type, Some(list.to_owned()), attributes)
}

/// `Request Campaign` (RC-18). `name` is the campaign's, as `Program.Campaign` inside a program; `source` says who asked.
pub(crate) fn request_campaign(
    lead: LeadId,
    at: Timestamp,
    id: CampaignId,
    name: &str,
    source: &str,
) -> NewActivity {
    let attributes = [
        ("Campaign ID", id.to_string()),
        ("Source", source.to_owned()),
    ];
    activity(
        lead,
        at,
        REQUEST_CAMPAIGN,
        Some(name.to_owned()),
        attributes,
    )
}

/// `Change Score` by a step of a campaign (ACT-71). `change` is like `+5`, `-5` or `=5`.
pub(crate) fn change_score(
    lead: LeadId,
    at: Timestamp,
    score: &str,
    change: String,
    (old, new): (i64, i64),
    reason: &str,
) -> NewActivity {
    let attributes = [
        ("Score Name", score.to_owned()),
        ("Change Value", change),
        ("New Value", new.to_string()),
        ("Old Value", old.to_string()),
        ("Reason", reason.to_owned()),
    ];
    activity(lead, at, CHANGE_SCORE, Some(score.to_owned()), attributes)
}

/// `Send Email` by a step of a campaign (ACT-71). Mails have no numbers here: their subject is their name.
pub(crate) fn send_email(
    lead: LeadId,
    at: Timestamp,
    subject: String,
    run: TaskId,
    step: u32,
) -> NewActivity {
    let attributes = [
        ("Campaign Run ID", run.to_string()),
        ("Choice Number", "0".to_owned()),
        ("Step ID", step.to_string()),
    ];
    activity(lead, at, SEND_EMAIL, Some(subject), attributes)
}

/// `Delete Lead` (ACT-80): the one activity that outlives its lead. `campaign` deleted it; it is empty if somebody did.
pub(crate) fn delete_lead(
    lead: LeadId,
    at: Timestamp,
    name: Option<String>,
    campaign: &str,
) -> NewActivity {
    let attributes = [("Campaign", campaign.to_owned())];
    activity(lead, at, DELETE_LEAD, name, attributes)
}

/// `Add to Opportunity` (SMO-75). `name` is that of the opportunity.
pub fn add_to_opportunity(
    lead: LeadId,
    at: Timestamp,
    opportunity: OpportunityId,
    name: Option<String>,
    primary: bool,
    role: &str,
) -> NewActivity {
    activity(
        lead,
        at,
        ADD_TO_OPPORTUNITY,
        name,
        role_attributes(opportunity, primary, role),
    )
}

/// `Remove from Opportunity` (XMO-10).
pub fn remove_from_opportunity(
    lead: LeadId,
    at: Timestamp,
    opportunity: OpportunityId,
    name: Option<String>,
    primary: bool,
    role: &str,
) -> NewActivity {
    activity(
        lead,
        at,
        REMOVE_FROM_OPPORTUNITY,
        name,
        role_attributes(opportunity, primary, role),
    )
}

fn role_attributes(
    opportunity: OpportunityId,
    primary: bool,
    role: &str,
) -> [(&'static str, String); 3] {
    [
        ("Oppty ID", opportunity.to_string()),
        ("Is Primary", primary.to_string()),
        ("Role", role.to_owned()),
    ]
}

/// A value that changed: display name, old and new canonical text (ACT-60).
pub type ValueChange = (String, String, String);

/// `Update Opportunity` (SMO-75). The changes are written as the JSON list that clients read (ACT-60).
pub fn update_opportunity(
    lead: LeadId,
    at: Timestamp,
    opportunity: OpportunityId,
    name: Option<String>,
    changes: &[ValueChange],
) -> NewActivity {
    let changes: Vec<_> = changes
        .iter()
        .map(|(field, old, new)| {
            serde_json::json!({
                "Attribute Name": field,
                "New Value": new,
                "Old Value": old,
            })
        })
        .collect();
    let attributes = [
        ("Oppty ID", opportunity.to_string()),
        (
            "Data Value Changes",
            serde_json::Value::Array(changes).to_string(),
        ),
    ];
    activity(lead, at, UPDATE_OPPORTUNITY, name, attributes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::activity_type;

    #[test]
    fn act_2_types_are_those_of_the_catalogue() {
        for (number, name) in [
            (VISIT_WEBPAGE, "Visit Webpage"),
            (NEW_LEAD, "New Lead"),
            (CHANGE_DATA_VALUE, "Change Data Value"),
            (ADD_TO_OPPORTUNITY, "Add to Opportunity"),
            (REMOVE_FROM_OPPORTUNITY, "Remove from Opportunity"),
            (UPDATE_OPPORTUNITY, "Update Opportunity"),
            (DELETE_LEAD, "Delete Lead"),
            (MERGE_LEADS, "Merge Leads"),
            (ADD_TO_LIST, "Add to List"),
            (REMOVE_FROM_LIST, "Remove from List"),
            (SEND_EMAIL, "Send Email"),
            (CHANGE_SCORE, "Change Score"),
            (REQUEST_CAMPAIGN, "Request Campaign"),
        ] {
            assert_eq!(
                activity_type(number).map(|info| info.display_name.as_str()),
                Some(name)
            );
        }
    }

    #[test]
    fn act_60_changes_of_an_opportunity_are_a_json_list() {
        let changes = [(
            "Stage".to_owned(),
            "Proposal".to_owned(),
            "Closed Won".to_owned(),
        )];
        let written = update_opportunity(
            LeadId(1),
            Timestamp::UNIX_EPOCH,
            OpportunityId(2),
            None,
            &changes,
        );
        assert_eq!(
            written.attributes[1].1,
            r#"[{"Attribute Name":"Stage","New Value":"Closed Won","Old Value":"Proposal"}]"#
        );
    }

    #[test]
    fn act_02_roles_name_their_opportunity() {
        let write = [add_to_opportunity, remove_from_opportunity];
        for (write, number) in write.into_iter().zip([34, 35]) {
            let name = Some("Big deal".to_owned());
            let written = write(
                LeadId(1),
                Timestamp::UNIX_EPOCH,
                OpportunityId(2),
                name,
                true,
                "Buyer",
            );
            assert_eq!(written.activity_type, ActivityType(number));
            assert_eq!(written.asset.as_deref(), Some("Big deal"));
            let attributes: Vec<_> = written
                .attributes
                .iter()
                .map(|(name, value)| (name.as_ref(), value.as_str()))
                .collect();
            assert_eq!(
                attributes,
                [("Oppty ID", "2"), ("Is Primary", "true"), ("Role", "Buyer")]
            );
        }
    }
}
