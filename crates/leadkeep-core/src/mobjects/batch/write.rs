//! What a call has changed, written at once.

use super::{Batch, Deal, Event, Part, RoleRef};
use crate::activities;
use crate::ids::{CompanyId, CostId, LeadId, OpportunityId, RoleId};
use crate::store::{NewActivity, Opportunity, Program, Result, Role, Sequence, WriteTxn};

impl Batch<'_> {
    /// Writes all that changed, once; gives the numbers of deals and of roles by place: each type has a sequence of its own
    /// (SMO-73), and they are good for the next call (SMO-39).
    pub(in super::super) fn write(
        mut self,
        txn: &mut dyn WriteTxn,
    ) -> Result<(Vec<OpportunityId>, Vec<RoleId>)> {
        let fresh = |txn: &mut dyn WriteTxn, sequence, count| -> Result<std::vec::IntoIter<i64>> {
            Ok(if count == 0 {
                Vec::new()
            } else {
                txn.allocate(sequence, count)?
            }
            .into_iter())
        };
        let mut ids = fresh(
            txn,
            Sequence::Opportunity,
            self.deals.iter().filter(|deal| deal.is_new).count(),
        )?;
        for deal in self.deals.iter_mut().filter(|deal| deal.is_new) {
            deal.row.id = OpportunityId(ids.next().unwrap_or_default());
        }
        let mut ids = fresh(
            txn,
            Sequence::Role,
            self.parts.iter().filter(|part| part.is_new).count(),
        )?;
        for part in &mut self.parts {
            part.row.opportunity = self.deals[part.deal].row.id;
            if part.is_new {
                part.row.id = RoleId(ids.next().unwrap_or_default());
            }
        }
        let mut ids = fresh(
            txn,
            Sequence::Cost,
            self.programs
                .iter()
                .map(|program| program.new_costs.len())
                .sum(),
        )?;
        let mut costs = Vec::new();
        for program in &mut self.programs {
            let changed = program
                .row
                .costs
                .iter()
                .filter(|cost| program.costs.contains(&cost.id));
            costs.extend(changed.map(|cost| (program.row.id, cost.clone())));
            for mut cost in program.new_costs.drain(..) {
                cost.id = CostId(ids.next().unwrap_or_default());
                costs.push((program.row.id, cost));
            }
        }
        let history = self.history();

        let rows = |wanted: fn(&Deal) -> bool, deals: &[Deal]| -> Vec<Opportunity> {
            deals
                .iter()
                .filter(|deal| wanted(deal))
                .map(|deal| deal.row.clone())
                .collect()
        };
        txn.insert_opportunities(&rows(|deal| deal.is_new, &self.deals))?;
        txn.update_opportunities(&rows(
            |deal| deal.changed && !deal.is_new && !deal.deleted,
            &self.deals,
        ))?;
        let gone: Vec<RoleId> = self
            .parts
            .iter()
            .filter(|part| part.deleted)
            .map(|part| part.row.id)
            .collect();
        txn.delete_roles(&gone)?;
        let rows = |wanted: fn(&Part) -> bool, parts: &[Part]| -> Vec<Role> {
            parts
                .iter()
                .filter(|part| wanted(part))
                .map(|part| part.row.clone())
                .collect()
        };
        txn.insert_roles(&rows(|part| part.is_new, &self.parts))?;
        txn.update_roles(&rows(
            |part| part.changed && !part.is_new && !part.deleted,
            &self.parts,
        ))?;
        let gone: Vec<&Deal> = self.deals.iter().filter(|deal| deal.deleted).collect();
        txn.delete_opportunities(&gone.iter().map(|deal| deal.row.id).collect::<Vec<_>>())?;
        let left: Vec<CompanyId> = gone.iter().filter_map(|deal| deal.row.company).collect();
        if !left.is_empty() {
            // DM-DEL-3.
            txn.delete_unused_companies(&left)?;
        }
        let programs: Vec<Program> = self
            .programs
            .iter()
            .filter(|program| program.changed)
            .map(|program| program.row.clone())
            .collect();
        txn.update_programs(&programs)?;
        txn.put_costs(&costs)?;
        if !history.is_empty() {
            // COM-35, ACT-14: an activity touches its lead.
            let mut touched: Vec<LeadId> = history.iter().map(|activity| activity.lead).collect();
            touched.sort_unstable();
            touched.dedup();
            txn.touch_leads(&touched, self.now)?;
            txn.append_activities(&history)?;
        }
        let deals = self.deals.iter().map(|deal| deal.row.id).collect();
        Ok((deals, self.parts.iter().map(|part| part.row.id).collect()))
    }

    /// SMO-75, XMO-10, ACT-60 to ACT-62.
    fn history(&self) -> Vec<NewActivity> {
        let of_part = |part: RoleRef| {
            let part = &self.parts[part];
            let attrs = &part.row.attrs;
            let primary = attrs.get("IsPrimary") == Some("1");
            (
                part.row.lead,
                self.deals[part.deal].row.id,
                self.deal_name(part.deal),
                primary,
                attrs.get("Role").unwrap_or_default(),
            )
        };
        self.events
            .iter()
            .map(|event| match event {
                Event::RoleAdded(part) => {
                    let (lead, deal, name, primary, role) = of_part(*part);
                    activities::add_to_opportunity(lead, self.now, deal, name, primary, role)
                }
                Event::RoleRemoved(part) => {
                    let (lead, deal, name, primary, role) = of_part(*part);
                    activities::remove_from_opportunity(lead, self.now, deal, name, primary, role)
                }
                Event::DealChanged(deal, lead, name, changes) => activities::update_opportunity(
                    *lead,
                    self.now,
                    self.deals[*deal].row.id,
                    name.clone(),
                    changes,
                ),
            })
            .collect()
    }
}
