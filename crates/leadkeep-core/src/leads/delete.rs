//! Deleting leads, which only campaigns and administrators do (DM-DEL-1).

use super::apply::full_name;
use crate::activities;
use crate::custom_objects::delete_records_of_leads;
use crate::ids::LeadId;
use crate::schema::Schema;
use crate::store::{Lead, Result, WriteTxn};
use jiff::Timestamp;

/// Deletes leads with all that belongs to them: foreign ids, cookies, memberships, roles, history, records that link to
/// them by Id (DM-DEL-2, DM-OPP-13), and company rows that nobody else is in (DM-DEL-3). One Delete Lead each stays (ACT-80).
/// `campaign` is the one that does it, by its full name; without one somebody does it by hand.
///
/// # Errors
/// Those of the store.
pub(crate) fn delete_leads(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    leads: &[Lead],
    campaign: Option<&str>,
) -> Result<()> {
    let ids: Vec<LeadId> = leads.iter().map(|lead| lead.id).collect();
    let roles = txn.roles_of_leads(&ids)?;
    let roles: Vec<_> = roles.iter().map(|role| role.id).collect();
    txn.delete_roles(&roles)?;
    delete_records_of_leads(txn, schema, &ids)?;
    txn.delete_leads(&ids)?;
    let companies: Vec<_> = leads.iter().map(|lead| lead.company).collect();
    let companies = txn.companies(&companies)?;
    // A company with a key outlives its last lead.
    let own = companies.iter().filter(|company| company.key.is_none());
    let own: Vec<_> = own.map(|company| company.id).collect();
    txn.delete_unused_companies(&own)?;
    let history: Vec<_> = leads
        .iter()
        .map(|lead| {
            let name = full_name(&lead.attrs);
            let mut told =
                activities::delete_lead(lead.id, now, name, campaign.unwrap_or_default());
            told.campaign = campaign.map(str::to_owned);
            told
        })
        .collect();
    txn.append_activities(&history)
}
