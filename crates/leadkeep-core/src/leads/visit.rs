//! Visits of web pages by people of whom a cookie is known.

use super::key::cookie;
use crate::activities::{WebPage, visit_webpage};
use crate::attrs::Attrs;
use crate::error::CallError;
use crate::ids::{CompanyId, LeadId, PartitionId, WorkspaceId};
use crate::schema::Schema;
use crate::store::{Company, EmailPick, Lead, LeadKey, Pick, Sequence, WriteTxn};
use jiff::Timestamp;

/// Where an anonymous lead came from (DM-NEW-5).
const SOURCE: &str = "Web Page Visits";

/// Writes a visit into the history of the lead that has the cookie; a cookie that nobody has makes an anonymous lead
/// (DM-LEAD-2, DM-COOK-1, ACT-15). Gives the lead.
///
/// # Errors
/// 20110 for a text that is no cookie.
pub fn track_visit(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    text: &str,
    page: &WebPage,
) -> Result<LeadId, CallError> {
    let cookie = cookie(text);
    if !cookie.token.starts_with("token:") || cookie.token.len() > 255 {
        return Err(CallError::BadParameter {
            parameter: "cookie",
            reason: "the value of a _mkto_trk cookie is expected, with token: in it".to_owned(),
        });
    }
    let key = LeadKey::Cookie(cookie.clone());
    let owner = txn.lead_ids(&[key], Pick::one(EmailPick::Added))?.concat();
    let lead = match owner.first() {
        Some(lead) => {
            // ACT-14.
            txn.touch_leads(&[*lead], now)?;
            *lead
        }
        None => {
            let lead = anonymous(txn, schema, now, page)?;
            txn.attach_cookies(&[(cookie, lead)])?;
            lead
        }
    };
    let zone = schema.instance.time_zone.clone();
    let created = now.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string();
    txn.append_activities(&[visit_webpage(lead, now, page, created)])?;
    Ok(lead)
}

/// Makes a lead of whom nothing but a cookie is known. No activity tells of it until it becomes known.
fn anonymous(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    page: &WebPage,
) -> Result<LeadId, CallError> {
    let first = |ids: Vec<i64>| ids.first().copied().unwrap_or_default();
    let id = LeadId(first(txn.allocate(Sequence::Lead, 1)?));
    let company = CompanyId(first(txn.allocate(Sequence::Company, 1)?));
    let mut attrs = Attrs::new();
    for (name, value) in [
        ("AnonymousIP", page.client_address.as_str()),
        ("OriginalSourceType", SOURCE),
        ("OriginalSourceInfo", page.path.as_str()),
    ] {
        if let Some(field) = schema.lead_fields.stored(name)
            && !value.is_empty()
        {
            attrs.set(&field.name, Some(value.to_owned()));
        }
    }
    txn.insert_companies(&[Company {
        id: company,
        key: None,
        attrs: Attrs::new(),
    }])?;
    let default = schema.workspace_by_id(WorkspaceId(1));
    txn.insert_leads(&[Lead {
        id,
        email: None,
        foreign_id: None,
        attrs,
        company,
        partition: default.map_or(PartitionId(1), |workspace| workspace.primary_partition),
        anonymous: true,
        created_at: now,
        updated_at: now,
    }])?;
    Ok(id)
}
