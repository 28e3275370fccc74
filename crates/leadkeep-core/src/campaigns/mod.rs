//! Smart campaigns: which may be asked for (getCampaignsForSource), how leads come into them (requestCampaign,
//! scheduleCampaign), and how their steps are done.
//!
//! A call leaves tasks or runs (`queue`), `work` does what is due, `group` one step for many leads; `message` fills in what
//! is to be sent, `text` the texts in it; `outcome` moves tasks on. What failed for good is in `report`.

mod copy;
mod group;
mod list;
mod message;
mod outcome;
mod queue;
mod report;
mod request;
mod schedule;
mod step;
#[cfg(test)]
mod tests;
pub mod text;
mod work;

pub use list::{CampaignFilter, CampaignView, campaign_names, campaigns_for_source};
pub use message::{Message, Outgoing};
pub use outcome::{Sent, sent};
pub use report::{FailedStep, failed_steps, replay};
pub use request::{RequestCampaign, request_campaign};
pub use schedule::{ScheduleCampaign, schedule_campaign};
pub use work::{Worked, is_due, work};

/// Who asks for a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// This API.
    Mktows,
    /// The sales add-on (GCS-2).
    Sales,
}

impl Source {
    /// The word of the protocol and of the provisioning file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mktows => "MKTOWS",
            Self::Sales => "SALES",
        }
    }
}
