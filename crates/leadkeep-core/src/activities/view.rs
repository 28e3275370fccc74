//! Activities as they are answered.

use super::position::StartPosition;
use crate::catalogue::activity_type;
use crate::ids::{ActivityId, LeadId};
use crate::store::Activity;
use jiff::Timestamp;
use std::borrow::Cow;
use std::sync::Arc;

/// An activity as it is written. What it does not have, `personName` among them, is nil (ACT-6, GLA-16, GLA-28).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityView {
    /// Its number, also as a text `marketoGUID` (ACT-8, GLA-17, GLC-17).
    pub id: ActivityId,
    /// When it happened.
    pub at: Timestamp,
    /// The display name of its type (ACT-1, GLA-10).
    pub activity_type: Cow<'static, str>,
    /// `mktgAssetName` (ACT-2, ACT-7).
    pub asset: Option<String>,
    /// Names and values in order, `Lead ID` last (ACT-3, GLA-11, GLC-16, ACT-13).
    pub attributes: Vec<(Cow<'static, str>, String)>,
    /// The campaign that caused it (ACT-5, GLA-29, GLC-13).
    pub campaign: Option<String>,
    /// Whose it is: after a merge the winner's (ACT-51).
    pub lead: LeadId,
}

/// A page of activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityPage {
    /// The activities.
    pub activities: Vec<ActivityView>,
    /// How many follow; exact up to a bound, and never 0 while there are more.
    pub remaining: u64,
    /// Where the next page begins.
    pub position: StartPosition,
}

pub(super) fn view(activity: Activity) -> ActivityView {
    let what = activity.what;
    let mut attributes = Arc::unwrap_or_clone(what.attributes);
    attributes.push((Cow::Borrowed("Lead ID"), what.lead.to_string()));
    let number = what.activity_type;
    ActivityView {
        id: activity.id,
        at: what.at,
        activity_type: match activity_type(number) {
            Some(info) => Cow::Borrowed(&info.display_name),
            None => Cow::Owned(format!("Activity {}", number.0)),
        },
        asset: what.asset,
        attributes,
        campaign: what.campaign,
        lead: what.lead,
    }
}
