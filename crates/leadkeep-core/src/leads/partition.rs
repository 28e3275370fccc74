//! Workspaces and partitions of leads.

use super::batch::Batch;
use super::values::is_email;
use super::working::LeadRef;
use crate::error::{CallError, RecordError};
use crate::ids::{PartitionId, WorkspaceId};
use crate::schema::{AssignmentRule, Schema, Workspace};
use crate::value::fold_text;

/// The workspace of the context header (SL-23, SL-29, SL-31, DM-WSP-4, CTX-3, CTX-4); `None` if the header says nothing.
///
/// # Errors
/// 20110 for a workspace that does not exist.
pub(super) fn target_workspace<'a>(
    schema: &'a Schema,
    name: Option<&str>,
) -> Result<Option<&'a Workspace>, CallError> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    match schema.workspace(name) {
        // SL-29: workspaces are off, and naming Default says nothing.
        Some(_) if schema.workspaces.len() == 1 => Ok(None),
        Some(workspace) => Ok(Some(workspace)),
        None => {
            let name: String = name.chars().take(64).collect();
            Err(CallError::BadParameter {
                parameter: "targetWorkspace",
                reason: format!("there is no workspace {name}"),
            })
        }
    }
}

impl Batch<'_> {
    /// SL-25, SL-30, DM-WSP-3; without a header a lead is updated where it is (SL-28).
    pub(super) fn must_be_in_workspace(&self, lead: LeadRef) -> Result<(), RecordError> {
        let lead = self.set.get(lead);
        match self.manners.workspace {
            Some(workspace) if lead.partition != workspace.primary_partition => {
                Err(RecordError::LeadSyncFailed(format!(
                    "Lead {} is not in the primary partition of workspace {}",
                    lead.id, workspace.name
                )))
            }
            _ => Ok(()),
        }
    }

    /// Where a new lead goes: as the first rule that matches says, else to the primary partition of the workspace that
    /// it is made for, which is Default without a header (SL-24, SL-27,
    /// DM-WSP-2).
    pub(super) fn partition(&self, lead: LeadRef) -> PartitionId {
        let workspace = self
            .manners
            .workspace
            .or_else(|| self.schema.workspace_by_id(WorkspaceId(1)));
        let matches = |rule: &&AssignmentRule| {
            let meant = rule
                .workspace
                .is_none_or(|id| workspace.is_some_and(|workspace| workspace.id == id));
            let field = self.schema.lead_fields.stored(&rule.field);
            let value = field.and_then(|field| match is_email(field) {
                true => self.set.get(lead).email.as_deref(),
                false => self.set.value(lead, field),
            });
            meant && value.is_some_and(|value| fold_text(value) == fold_text(&rule.equals))
        };
        let rule = self.schema.assignment_rules.iter().find(matches);
        rule.map(|rule| rule.partition)
            .or(workspace.map(|workspace| workspace.primary_partition))
            .unwrap_or(PartitionId(1))
    }
}
