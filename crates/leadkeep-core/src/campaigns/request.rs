//! requestCampaign.

use super::Source;
use super::list::is_offered;
use super::queue::{Entry, call_tokens, request};
use crate::activities::SOURCE;
use crate::error::CallError;
use crate::ids::{CampaignId, LeadId};
use crate::leads::{LeadKeyType, last_leads};
use crate::programs::{is_inside, program_by_name};
use crate::schema::{Campaign, Schema};
use crate::store::WriteTxn;
use jiff::Timestamp;

/// Lead keys of one call; further ones are not looked at (RC-4).
const MAX_KEYS: usize = 100;

/// A call of requestCampaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCampaign {
    /// For whom the campaign must be offered.
    pub source: Source,
    /// The leads, by key.
    pub keys: Vec<(LeadKeyType, String)>,
    /// The campaign by number.
    pub campaign_id: Option<i64>,
    /// The campaign by name.
    pub campaign_name: Option<String>,
    /// The program of the campaign.
    pub program: Option<String>,
    /// What stands for tokens of the program in this run (RC-6).
    pub tokens: Vec<(String, String)>,
}

/// Puts leads into a trigger campaign; its steps run later (RC-8, RC-17, DM-CMP-3).
///
/// # Errors
/// 20101 without keys and 20103 if no key has a lead (RC-14), 20102 for a value that cannot be a key; 20109 without a
/// campaign, 20110 for parameters that do not go together (RC-2, RC-3, RC-12); 20113 for a campaign that there is not, or
/// that cannot be requested (RC-9, RC-11).
pub fn request_campaign(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &RequestCampaign,
) -> Result<(), CallError> {
    if input.keys.is_empty() {
        return Err(CallError::LeadKeyRequired);
    }
    let campaign = campaign(txn, schema, input)?;
    let keys = &input.keys[..input.keys.len().min(MAX_KEYS)];
    // RC-5, RC-15, COM-12, DM-KEY-5: whatever their type.
    let found = last_leads(txn, schema, keys)?;
    let mut leads: Vec<LeadId> = found.into_iter().flatten().collect();
    leads.sort_unstable();
    leads.dedup();
    if leads.is_empty() {
        let (key_type, value) = &input.keys[0];
        return Err(CallError::LeadNotFound {
            key_type: key_type.as_str(),
            value: value.trim().to_owned(),
        });
    }
    let tokens = call_tokens(&input.tokens)?;
    let entry = Entry {
        campaign,
        tokens: &tokens,
        depth: 0,
    };
    request(txn, now, &entry, &leads, (SOURCE, None))?;
    Ok(())
}

fn campaign<'s>(
    txn: &mut dyn WriteTxn,
    schema: &'s Schema,
    input: &RequestCampaign,
) -> Result<&'s Campaign, CallError> {
    let given = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let (name, program) = (given(&input.campaign_name), given(&input.program));
    let bad = |parameter, reason: &str| {
        Err(CallError::BadParameter {
            parameter,
            reason: reason.to_owned(),
        })
    };
    let offered = |campaign: &&Campaign| is_offered(campaign, input.source);
    let (found, shown) = match (input.campaign_id, name, program) {
        // RC-7: also with tokens.
        (Some(id), None, None) => (schema.campaign(CampaignId(id)), id.to_string()),
        (Some(_), Some(_), _) => {
            return bad("campaignId", "campaignName cannot stand beside it");
        }
        (Some(_), None, Some(_)) => {
            return bad("campaignId", "programName cannot stand beside it");
        }
        // RC-10: with tokens or without.
        (None, Some(name), Some(program)) => {
            (in_program(txn, schema, &name, &program, &offered)?, name)
        }
        (None, Some(_), None) => return bad("campaignName", "programName is required beside it"),
        (None, None, Some(_)) => return bad("programName", "campaignName is required beside it"),
        (None, None, None) => return Err(CallError::ParameterRequired("campaignId")),
    };
    found
        .filter(offered)
        .ok_or(CallError::CampaignNotFound(shown))
}

/// The campaign of a program that can be requested (RC-13), of several of one name too.
///
/// # Errors
/// 20110 for an unknown program, as in scheduleCampaign.
fn in_program<'s>(
    txn: &mut dyn WriteTxn,
    schema: &'s Schema,
    name: &str,
    program: &str,
    offered: &dyn Fn(&&Campaign) -> bool,
) -> Result<Option<&'s Campaign>, CallError> {
    let program = program_by_name(txn, program)?;
    let mut campaigns = schema.campaigns.iter();
    Ok(campaigns.find(|campaign| {
        campaign.program == Some(program.id)
            && is_inside(&program, &campaign.name, name)
            && offered(campaign)
    }))
}
