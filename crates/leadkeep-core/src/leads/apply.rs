//! Storing the values of a record in a new lead or in one that exists.

use super::batch::Batch;
use super::events::Event;
use super::matching::given_id;
use super::prepare::{Address, Prepared};
use super::working::{LeadRef, WorkingSet};
use crate::attrs::Attrs;
use crate::ids::{CompanyId, LeadId, PartitionId};
use crate::schema::{Field, FieldPlace};
use crate::store::Lead;
use std::sync::Arc;

impl<'a> Batch<'a> {
    /// Makes a lead of a record (DM-NEW-1). What counts as false until somebody says so is not written (DM-NEW-3). Its first values are no changes (COM-33, ACT-20).
    pub(super) fn create(&mut self, record: &mut Prepared, email: Option<Address>) -> LeadRef {
        let (email, folded) = email.map(|email| (email.text, email.folded)).unzip();
        let website = folded.as_deref().and_then(domain);
        let lead = Lead {
            id: LeadId(0),
            email,
            foreign_id: None,
            // Those of the record, and the five that are set below.
            attrs: Attrs::with_capacity(record.values.fields.len() + 5),
            company: CompanyId(0),
            partition: PartitionId(1),
            anonymous: false,
            created_at: self.now,
            updated_at: self.now,
        };
        let lead = self.set.create(lead, folded);
        self.join_company(lead, &record.values.fields);
        let fields = &self.schema.lead_fields;
        let say = |set: &mut WorkingSet, (place, source): &(FieldPlace, &str)| {
            set.set_default(lead, fields.at(*place), || (*source).to_owned());
        };
        // Both are in the order of names, in which values are kept.
        let mut sources = self.fields.sources.iter().peekable();
        for (place, value) in record.values.fields.drain(..) {
            let rank = fields.exact_rank(place);
            while let Some(before) = sources.next_if(|(own, _)| fields.exact_rank(*own) < rank) {
                say(&mut self.set, before);
            }
            self.set.set_value(lead, fields.at(place), value);
        }
        sources.for_each(|source| say(&mut self.set, source));
        // COM-34, SL-22, DM-NEW-2.
        if let (true, Some(field), Some(website)) = (
            self.schema.rules.website_from_email,
            self.fields.website,
            website,
        ) {
            self.set.set_default(lead, field, || website);
        }
        self.set.change(lead).partition = self.partition(lead);
        if let Some(key) = &record.foreign {
            // SML-17.
            self.set.attach(given_id(key), lead);
        }
        let name = full_name(&self.set.get(lead).attrs);
        self.events.push(Event::Created { lead, name });
        lead
    }

    /// Changes what a record names, and nothing else (COM-29, DM-SYNC-5).
    pub(super) fn update(&mut self, lead: LeadRef, record: &mut Prepared) {
        let mut email = record.values.email.take();
        let schema = self.schema;
        let names_invalid = |(place, _): &(FieldPlace, _)| {
            self.fields
                .email_invalid
                .is_some_and(|field| Arc::ptr_eq(field, schema.lead_fields.at(*place)))
        };
        let keeps_invalid = record.values.fields.iter().any(names_invalid);
        let moved = self.join_company(lead, &record.values.fields);
        for (place, value) in record.values.fields.drain(..) {
            let field = schema.lead_fields.at(place);
            // ACT-21: the address has its place among the others.
            if field.name.as_ref() > "Email"
                && let Some(email) = email.take()
            {
                self.change_email(lead, email, keeps_invalid);
            }
            let was = moved.as_ref().filter(|(key, _)| Arc::ptr_eq(key, field));
            match was {
                Some((_, before)) => self.moved_value(lead, field, before.clone(), value),
                None => self.change_value(lead, field, value),
            }
        }
        if let Some(email) = email {
            self.change_email(lead, email, keeps_invalid);
        }
        if let Some(key) = &record.foreign {
            // SL-5, SL-10, SL-36, SML-4, SML-33: the foreign id goes to this lead, unless it has it.
            if self.owner(key) != Some(lead) {
                self.set.attach(given_id(key), lead);
            }
            self.become_known(lead);
        }
    }

    /// Puts a lead into the company that its company key names (DM-CO-3). Gives the key field with the value that the
    /// lead had, if it is in another row now: what is in that row is no change of this lead's past.
    fn join_company(
        &mut self,
        lead: LeadRef,
        values: &[(FieldPlace, Option<String>)],
    ) -> Option<(&'a Arc<Field>, Option<String>)> {
        let schema = self.schema;
        let key = schema.company_key.as_ref()?;
        let (field, value) = values
            .iter()
            .map(|(place, value)| (schema.lead_fields.at(*place), value))
            .find(|(field, _)| field.name == key.name)?;
        let before = self.set.value(lead, field).map(str::to_owned);
        if is_kept(field, before.as_deref()) {
            return None;
        }
        self.set.move_to_company(lead, value.as_deref());
        Some((field, before))
    }

    fn moved_value(
        &mut self,
        lead: LeadRef,
        field: &'a Arc<Field>,
        before: Option<String>,
        after: Option<String>,
    ) {
        if self.set.value(lead, field) != after.as_deref() {
            self.set.set_value(lead, field, after.clone());
        }
        if before != after {
            self.changed(lead, field, before, after);
        }
    }

    fn change_value(&mut self, lead: LeadRef, field: &'a Arc<Field>, value: Option<String>) {
        let before = self.set.value(lead, field);
        // COM-32, SML-47, DM-SYNC-4: the same value is no change.
        if before == value.as_deref() || is_kept(field, before) {
            return;
        }
        let before = self.set.set_value(lead, field, value.clone());
        if value.is_some() && (is(field, "FirstName") || is(field, "LastName")) {
            self.become_known(lead);
        }
        self.changed(lead, field, before, value);
    }

    /// SML-6, SML-38, SML-39, SL-41.
    fn change_email(&mut self, lead: LeadRef, email: Option<String>, keeps_invalid: bool) {
        let Some(field) = self.fields.email else {
            return;
        };
        let current = self.set.get(lead).email.as_deref();
        if current == email.as_deref() || is_kept(field, current) {
            return;
        }
        let before = self.set.set_email(lead, email.clone());
        if email.is_some() {
            self.become_known(lead);
        }
        self.changed(lead, field, before, email);
        // DM-VAL-11: a new address is not known to be invalid.
        if let Some(invalid) = self.fields.email_invalid
            && !keeps_invalid
            && self.set.value(lead, invalid) == Some("1")
        {
            self.change_value(lead, invalid, Some("0".to_owned()));
        }
    }

    /// COM-31, COM-35.
    fn changed(
        &mut self,
        lead: LeadRef,
        field: &'a Field,
        before: Option<String>,
        after: Option<String>,
    ) {
        self.set.change(lead).updated_at = self.now;
        self.events.push(Event::Changed {
            lead,
            field,
            before,
            after,
        });
    }

    /// DM-LEAD-2, SML-52: who has an address, a name or a foreign id is not anonymous any more, and turns up in windows.
    pub(super) fn become_known(&mut self, lead: LeadRef) {
        if self.set.get(lead).anonymous {
            let now = self.now;
            let lead = self.set.change(lead);
            lead.anonymous = false;
            lead.updated_at = now;
        }
    }
}

/// First and last name, if there are any.
pub(super) fn full_name(attrs: &Attrs) -> Option<String> {
    match (attrs.get("FirstName"), attrs.get("LastName")) {
        (Some(first), Some(last)) => Some([first, " ", last].concat()),
        (first, last) => first.or(last).map(str::to_owned),
    }
}

fn is(field: &Field, name: &str) -> bool {
    field.name.as_ref() == name
}

/// COM-24, SL-19, SML-49: a blocked field takes its first value only.
fn is_kept(field: &Field, before: Option<&str>) -> bool {
    field.is_update_blocked && before.is_some()
}

/// The text after the last `@` of an address in lower case (DM-NEW-2).
fn domain(folded: &str) -> Option<String> {
    let (_, domain) = folded.rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_owned())
}
