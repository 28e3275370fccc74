//! What a winner takes from a loser.

use crate::ids::LeadId;
use crate::leads::values::is_email;
use crate::schema::{Field, Schema, SourceObject};
use crate::store::{Company, Lead};
use std::sync::Arc;

/// A winner with what it has taken so far.
pub(super) struct Merged {
    pub(super) lead: Lead,
    /// Its company row, if that has changed.
    pub(super) company: Option<Company>,
    /// What it took, by field name.
    pub(super) taken: Vec<Taken>,
}

/// A value that the winner took.
pub(super) struct Taken {
    pub(super) field: Arc<Field>,
    pub(super) before: Option<String>,
    pub(super) after: String,
    pub(super) from: LeadId,
}

impl Merged {
    pub(super) fn new(winner: &Lead, companies: &[Company]) -> Self {
        Self {
            lead: winner.clone(),
            company: companies
                .iter()
                .find(|own| own.id == winner.company)
                .cloned(),
            taken: Vec::new(),
        }
    }

    /// Takes what the winner does not have from a loser (ML-12, DM-MRG-2). Its company row, company key and where it came
    /// from stay (DM-MRG-8).
    pub(super) fn take(&mut self, schema: &Schema, loser: &Lead, companies: &[Company]) {
        let theirs = companies.iter().find(|own| own.id == loser.company);
        for field in schema.lead_fields.iter() {
            let is_company = field.source == SourceObject::Company;
            let value = match () {
                () if is_email(field) => loser.email.as_deref(),
                () if is_company => theirs.and_then(|company| company.attrs.get(&field.name)),
                () => loser.attrs.get(&field.name),
            };
            let Some(value) = value else {
                continue;
            };
            let own = match () {
                () if is_email(field) => self.lead.email.as_deref(),
                () if is_company => self
                    .company
                    .as_ref()
                    .and_then(|own| own.attrs.get(&field.name)),
                () => self.lead.attrs.get(&field.name),
            };
            let wins = is_refusal(field) && value == "1" && own != Some("1");
            if stays(field) || (own.is_some() && !wins) {
                continue;
            }
            let before = own.map(str::to_owned);
            let after = Some(value.to_owned());
            if is_email(field) {
                self.lead.email = after;
            } else if is_company {
                match &mut self.company {
                    Some(company) => company.attrs.set(&field.name, after),
                    None => continue,
                };
            } else {
                self.lead.attrs.set(&field.name, after);
            }
            self.taken.push(Taken {
                field: field.clone(),
                before,
                after: value.to_owned(),
                from: loser.id,
            });
        }
        // DM-LEAD-2: who has swallowed a known lead is known.
        self.lead.anonymous &= loser.anonymous;
        // ACT-21, ACT-10: by name, whichever loser it came from.
        self.taken.sort_by(|a, b| a.field.name.cmp(&b.field.name));
    }
}

/// Fields in which true wins: whoever wants no mail of one of the leads wants none of the person (ML-12).
fn is_refusal(field: &Field) -> bool {
    matches!(field.name.as_ref(), "Unsubscribed" | "DoNotCall")
}

/// What a winner keeps although it may have nothing: where it came from, and the key of its company (DM-MRG-8).
fn stays(field: &Field) -> bool {
    let name = field.name.as_ref();
    field.company_key || name.starts_with("OriginalS") || name.starts_with("RegistrationSource")
}
