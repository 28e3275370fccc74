//! getCampaignsForSource.

use super::Source;
use crate::ids::CampaignId;
use crate::programs::{full_name, program_names};
use crate::schema::{Campaign, CampaignKind, Schema};
use crate::store::{ReadTxn, Result};
use crate::value::fold_text;

/// Which campaigns are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignFilter {
    /// For whom.
    pub source: Source,
    /// The name or a part of it; all if it is absent or empty (GCS-8).
    pub name: Option<String>,
    /// Whether it is the whole name (GCS-3).
    pub exact: bool,
}

/// A campaign as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignView {
    /// Its number.
    pub id: CampaignId,
    /// Its name, as `Program.Campaign` inside a program (GCS-6, GCS-9, DM-CMP-1).
    pub name: String,
    /// What it is; empty for none (GCS-5).
    pub description: String,
}

/// The active campaigns that can be requested by a source (GCS-1, GCS-2, DM-CMP-2), by name, then by id (GCS-4). That
/// there is none is no fault (GCS-10).
///
/// # Errors
/// Those of the store.
pub fn campaigns_for_source(
    txn: &mut dyn ReadTxn,
    schema: &Schema,
    filter: &CampaignFilter,
) -> Result<Vec<CampaignView>> {
    let campaigns: Vec<&Campaign> = schema
        .campaigns
        .iter()
        .filter(|campaign| is_offered(campaign, filter.source))
        .collect();
    let names = campaign_names(txn, campaigns.iter().copied())?;
    // GCS-7.
    let wanted = fold_text(filter.name.as_deref().unwrap_or_default().trim());
    let fits = |name: &str| {
        let name = fold_text(name);
        wanted.is_empty()
            || if filter.exact {
                name == wanted
            } else {
                name.contains(&wanted)
            }
    };
    let mut found: Vec<CampaignView> = campaigns
        .into_iter()
        .zip(names)
        .map(|(campaign, name)| (name, campaign))
        .filter(|(full, campaign)| fits(full) || fits(&campaign.name))
        .map(|(name, campaign)| CampaignView {
            id: campaign.id,
            name,
            description: campaign.description.clone(),
        })
        .collect();
    found.sort_by_cached_key(|campaign| (fold_text(&campaign.name), campaign.id));
    Ok(found)
}

/// What campaigns are called in answers and histories, in their order (DM-CMP-1, ACT-5).
///
/// # Errors
/// Those of the store.
pub fn campaign_names<'c, T: ReadTxn + ?Sized>(
    txn: &mut T,
    campaigns: impl Iterator<Item = &'c Campaign> + Clone,
) -> Result<Vec<String>> {
    let programs = program_names(txn, campaigns.clone().filter_map(|one| one.program))?;
    let name = |one: &Campaign| full_name(&programs, one.program, &one.name);
    Ok(campaigns.map(name).collect())
}

/// Whether a source may request a campaign.
pub(super) fn is_offered(campaign: &Campaign, source: Source) -> bool {
    let has = |own: &String| own == source.as_str();
    campaign.active && campaign.kind == CampaignKind::Trigger && campaign.sources.iter().any(has)
}
