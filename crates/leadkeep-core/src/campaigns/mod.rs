//! Smart campaigns: which may be asked for (getCampaignsForSource), and the texts of their steps.

mod list;
#[cfg(test)]
mod tests;
pub mod text;

pub use list::{CampaignFilter, CampaignView, campaigns_for_source};

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
