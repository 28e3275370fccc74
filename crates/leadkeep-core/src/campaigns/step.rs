//! Steps of campaigns, as the provisioning file has them (provision.md section 9).

use crate::ids::{CampaignId, ListId};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

/// A step. Texts are templates, fields are named as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Step {
    /// Changes a value; an empty text and `NULL` clear it.
    ChangeDataValue {
        field: String,
        value: String,
    },
    /// Changes a number, by or to something.
    ChangeScore {
        field: String,
        by: Option<i64>,
        to: Option<i64>,
    },
    AddToList {
        list: ListId,
    },
    RemoveFromList {
        list: ListId,
    },
    SendEmail(EmailStep),
    Webhook(WebhookStep),
    RequestCampaign {
        campaign: CampaignId,
    },
    /// Goes on later.
    Wait {
        #[serde(rename = "for")]
        time: String,
    },
    DeleteLead,
}

/// A mail to the lead.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct EmailStep {
    pub(super) from: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
    pub(super) reply_to: Option<String>,
}

/// A request to somebody else's server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct WebhookStep {
    pub(super) url: String,
    pub(super) body: Option<String>,
    pub(super) method: String,
    pub(super) content_type: String,
}

impl Step {
    /// Reads a step out of the definitions.
    ///
    /// # Errors
    /// What is wrong with it; provisioning has let it in, so that it is another version's.
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        Self::deserialize(value).map_err(|error| format!("the step cannot be read: {error}"))
    }

    /// What histories call it (ACT-71).
    pub(super) fn action(&self) -> &'static str {
        match self {
            Self::ChangeDataValue { .. } => "Change Data Value",
            Self::ChangeScore { .. } => "Change Score",
            Self::AddToList { .. } => "Add to List",
            Self::RemoveFromList { .. } => "Remove from List",
            Self::SendEmail(_) => "Send Email",
            Self::Webhook(_) => "Call Webhook",
            Self::RequestCampaign { .. } => "Request Campaign",
            Self::Wait { .. } => "Wait",
            Self::DeleteLead => "Delete Lead",
        }
    }
}

/// The length of a wait, like `30m`, `12h` or `2d`; a day has 24 hours.
pub(super) fn wait(text: &str) -> Result<SignedDuration, String> {
    let none = || format!("expected a time like 30m, 12h or 2d, got {text}");
    let unit = match text.chars().last() {
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => return Err(none()),
    };
    let number = &text[..text.len() - 1];
    let number: u32 = number.parse().map_err(|_| none())?;
    Ok(SignedDuration::from_secs(i64::from(number) * unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::testing;

    /// RC-17: what provisioning lets in can be run.
    #[test]
    fn every_step_of_the_example_can_be_read() {
        let schema = testing::demo();
        let steps = schema.campaigns.iter().flat_map(|campaign| &campaign.steps);
        let actions: Vec<_> = steps
            .map(|step| Step::read(step).unwrap().action())
            .collect();
        assert_eq!(actions.len(), 9);
        assert!(Step::read(&serde_json::json!({"do": "dance"})).is_err());
    }

    #[test]
    fn waits_have_units() {
        for (text, seconds) in [("30m", 1_800), ("12h", 43_200), ("2d", 172_800)] {
            assert_eq!(wait(text), Ok(SignedDuration::from_secs(seconds)));
        }
        for text in ["", "m", "2w", "-1d", "ä"] {
            assert!(wait(text).is_err(), "{text}");
        }
    }
}
