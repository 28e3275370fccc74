//! Who writes a lead, and how its history tells that.

use super::SOURCE;
use crate::store::NewActivity;
use std::borrow::Cow;
use std::sync::Arc;

/// Who writes a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A sync of this API (ACT-20 to ACT-25).
    Api,
    /// An import into a list, by its full name (ACT-30).
    Import {
        /// `Program.List`, or `List` outside of programs.
        list: String,
    },
    /// A step of a campaign (ACT-71).
    Step(StepOrigin),
    /// Somebody on the admin pages, who changes leads that there are and makes none.
    Hand,
}

/// A step that does something to a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepOrigin {
    /// The campaign, as `Program.Campaign` inside a program.
    pub(crate) campaign: String,
    /// What the step is called, like `Change Data Value`.
    pub(crate) action: &'static str,
    /// Its place in the campaign, from 1.
    pub(crate) step: u32,
}

/// What an import is called as a reason and a source.
pub(crate) const IMPORT_SOURCE: &str = "List import";
/// What a campaign is called as a source.
pub(crate) const CAMPAIGN_SOURCE: &str = "Smart Campaign";

impl Origin {
    /// The type of source of a lead that is new, and what more there is to say about it (DM-NEW-1, DM-NEW-5).
    pub(crate) fn lead_source(&self) -> (&'static str, &str) {
        match self {
            Self::Api => (SOURCE, SOURCE),
            Self::Import { list } => ("List Import", list),
            Self::Step(_) => (CAMPAIGN_SOURCE, CAMPAIGN_SOURCE),
            Self::Hand => ("User", "User"),
        }
    }

    /// The attributes of a `New Lead` (COM-30, ACT-20, ACT-30). `day` is the day of creation in the instance's zone, `YYYY-MM-DD` (ACT-24).
    pub(crate) fn new_lead(&self, day: String) -> Vec<(Cow<'static, str>, String)> {
        let (kind, info) = match self {
            Self::Import { list } => (IMPORT_SOURCE, list.as_str()),
            other => other.lead_source(),
        };
        let mut attributes = vec![
            (Cow::Borrowed("Source Type"), kind.to_owned()),
            (Cow::Borrowed("Source Info"), info.to_owned()),
        ];
        if let Self::Import { list } = self {
            attributes.push((Cow::Borrowed("List Name"), list.clone()));
        }
        attributes.push((Cow::Borrowed("Created Date"), day));
        attributes
    }

    /// The reason of a change of a value (ACT-25, COM-31).
    pub(crate) fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::Api => Cow::Borrowed("SOAP API"),
            Self::Import { .. } => Cow::Borrowed(IMPORT_SOURCE),
            Self::Step(step) => Cow::Owned(format!(
                "Changed by Smart Campaign {} action {}",
                step.campaign, step.action
            )),
            Self::Hand => Cow::Borrowed("User changed value"),
        }
    }

    /// Says in the activity of a change where it comes from.
    pub(crate) fn mark(&self, activity: &mut NewActivity) {
        match self {
            Self::Api | Self::Hand => {}
            Self::Import { .. } => {
                let source = (Cow::Borrowed("Source"), IMPORT_SOURCE.to_owned());
                Arc::make_mut(&mut activity.attributes).push(source);
            }
            Self::Step(step) => step.mark(activity),
        }
    }
}

impl StepOrigin {
    /// Says in an activity which step of which campaign it comes from (ACT-5, ACT-71).
    pub(crate) fn mark(&self, activity: &mut NewActivity) {
        Arc::make_mut(&mut activity.attributes).extend([
            (Cow::Borrowed("Step ID"), self.step.to_string()),
            (Cow::Borrowed("Choice Number"), "0".to_owned()),
        ]);
        activity.campaign = Some(self.campaign.clone());
    }
}
