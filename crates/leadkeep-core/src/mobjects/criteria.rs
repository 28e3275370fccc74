//! Conditions of getMObjects (GMO-4 to GMO-6, GMO-28 to GMO-33, GMO-39).

use super::input::MObjectType;
use super::read::Criterion;
use super::view::tree_path;
use crate::error::CallError;
use crate::schema::{Exposure, FieldSet, Schema, same_name};
use crate::store::{Opportunity, Program, Role};
use crate::value::{self, DataType, ValueRules};
use jiff::Timestamp;
use std::cmp::Ordering;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
}

impl Comparison {
    /// GMO-29: EQ if missing; IN is sent by one client.
    fn read(word: Option<&str>) -> Result<Self, CallError> {
        let word = word.unwrap_or("EQ").trim();
        match word.to_ascii_uppercase().as_str() {
            "EQ" | "" => Ok(Self::Eq),
            "NE" => Ok(Self::Ne),
            "LT" => Ok(Self::Lt),
            "LE" => Ok(Self::Le),
            "GT" => Ok(Self::Gt),
            "GE" => Ok(Self::Ge),
            "IN" => Ok(Self::In),
            _ => {
                let word: String = word.chars().take(40).collect();
                Err(bad(
                    "comparison",
                    format!("EQ, NE, LT, LE, GT, GE is expected, not `{word}`"),
                ))
            }
        }
    }
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Id,
    CreatedAt,
    UpdatedAt,
    CompanyId,
    OpportunityId,
    PersonId,
    Attribute(String),
    ProgramText(ProgramText),
    TagType,
    TagValue,
    /// GMO-33: nothing has it.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProgramText {
    Name,
    Type,
    WorkspaceId,
    WorkspaceName,
    TreePath,
    IsArchived,
    StartDate,
    EndDate,
}

#[derive(Debug, Clone)]
struct Condition {
    subject: Subject,
    comparison: Comparison,
    data_type: DataType,
    /// In their order: several with IN, else one.
    values: Vec<String>,
}

/// All conditions of a query; all must hold.
#[derive(Debug)]
pub(super) struct Conditions {
    list: Vec<Condition>,
    include_archived: bool,
}

fn bad(parameter: &'static str, reason: String) -> CallError {
    CallError::BadParameter { parameter, reason }
}

/// What has no order was compared by it.
fn equality_only(who: &str) -> CallError {
    bad("comparison", format!("{who} by EQ and NE only"))
}

/// Names compare without regard to case and blanks (GMO-28).
fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Conditions {
    /// Reads the conditions for objects of a type.
    pub(super) fn read(
        schema: &Schema,
        object: MObjectType,
        criteria: &[Criterion],
    ) -> Result<Self, CallError> {
        let rules = schema.value_rules();
        let mut conditions = Self {
            list: Vec::new(),
            include_archived: false,
        };
        for criterion in criteria {
            let comparison = Comparison::read(criterion.comparison.as_deref())?;
            if object == MObjectType::Program && plain(&criterion.name) == "includearchive" {
                // GMO-32, DM-PRG-4.
                let wanted = read_value(DataType::Boolean, &criterion.value, &rules)? == "1";
                conditions.include_archived = match comparison {
                    Comparison::Eq => wanted,
                    Comparison::Ne => !wanted,
                    _ => return Err(equality_only("Include Archive compares")),
                };
                continue;
            }
            let (subject, data_type) = subject(schema, object, &criterion.name)?;
            let is_tag = matches!(subject, Subject::TagType | Subject::TagValue);
            if is_tag && !matches!(comparison, Comparison::Eq | Comparison::Ne) {
                return Err(equality_only("tags compare"));
            }
            if subject == Subject::TagType
                && conditions.list.iter().any(|known| known.subject == subject)
            {
                // GMO-5, GMO-31.
                return Err(bad(
                    "mObjCriteriaList",
                    "only one Tag Type may be given".to_owned(),
                ));
            }
            let mut values: Vec<String> = match comparison {
                Comparison::In => criterion
                    .value
                    .split(',')
                    .filter(|text| !text.trim().is_empty())
                    .map(|text| read_value(data_type, text, &rules))
                    .collect(),
                _ => read_value(data_type, &criterion.value, &rules).map(|value| vec![value]),
            }?;
            values.sort_by(|a, b| value::compare(data_type, a, b));
            conditions.list.push(Condition {
                subject,
                comparison,
                data_type,
                values,
            });
        }
        Ok(conditions)
    }

    /// The numbers that conditions on Id name, if they do, and the number that all are above: clients poll by them, and
    /// should not wait until all older objects have been looked at.
    pub(super) fn numbers(&self) -> (Option<Vec<i64>>, i64) {
        let (mut named, mut above) = (None, 0);
        for condition in self
            .list
            .iter()
            .filter(|known| known.subject == Subject::Id)
        {
            let mut values = condition
                .values
                .iter()
                .filter_map(|value| value.parse().ok());
            match condition.comparison {
                Comparison::Eq | Comparison::In => named = Some(values.collect()),
                Comparison::Gt => above = values.next().map_or(above, |id: i64| above.max(id)),
                Comparison::Ge => {
                    let id = values.next().map(|id: i64| id.saturating_sub(1));
                    above = id.map_or(above, |id| above.max(id));
                }
                _ => {}
            }
        }
        (named, above)
    }

    /// Whether an opportunity satisfies them.
    pub(super) fn hold_for_opportunity(&self, deal: &Opportunity) -> bool {
        self.list.iter().all(|condition| {
            let value = match &condition.subject {
                Subject::Id => Some(deal.id.to_string()),
                Subject::CreatedAt => Some(canonical(deal.created_at)),
                Subject::UpdatedAt => Some(canonical(deal.updated_at)),
                Subject::CompanyId => deal.company.map(|company| company.to_string()),
                Subject::Attribute(name) => deal.attrs.get(name).map(str::to_owned),
                _ => None,
            };
            condition.holds(value.as_deref())
        })
    }

    /// Whether a role satisfies them.
    pub(super) fn hold_for_role(&self, role: &Role) -> bool {
        self.list.iter().all(|condition| {
            let value = match &condition.subject {
                Subject::Id => Some(role.id.to_string()),
                Subject::CreatedAt => Some(canonical(role.created_at)),
                Subject::UpdatedAt => Some(canonical(role.updated_at)),
                Subject::OpportunityId => Some(role.opportunity.to_string()),
                Subject::PersonId => Some(role.lead.to_string()),
                Subject::Attribute(name) => role.attrs.get(name).map(str::to_owned),
                _ => None,
            };
            condition.holds(value.as_deref())
        })
    }

    /// Whether a program satisfies them; archived ones only if they are asked for (GMO-32).
    pub(super) fn hold_for_program(&self, schema: &Schema, program: &Program) -> bool {
        if program.archived && !self.include_archived {
            return false;
        }
        let tags = || {
            std::iter::once(("Channel", program.channel.as_str())).chain(
                program
                    .tags
                    .iter()
                    .map(|(kind, value)| (kind.as_str(), value.as_str())),
            )
        };
        let kind = self
            .list
            .iter()
            .find(|condition| condition.subject == Subject::TagType);
        self.list.iter().all(|condition| match condition.subject {
            // GMO-31: with both, exactly that pair.
            Subject::TagType => condition.holds_for_any(tags().map(|(kind, _)| kind)),
            Subject::TagValue => {
                let of_kind = |tag: &str| {
                    kind.filter(|kind| kind.comparison == Comparison::Eq)
                        .is_none_or(|kind| kind.values.iter().any(|wanted| same_name(wanted, tag)))
                };
                condition.holds_for_any(
                    tags()
                        .filter(|(kind, _)| of_kind(kind))
                        .map(|(_, value)| value),
                )
            }
            Subject::Id => condition.holds(Some(&program.id.to_string())),
            Subject::CreatedAt => condition.holds(Some(&canonical(program.created_at))),
            Subject::UpdatedAt => condition.holds(Some(&canonical(program.updated_at))),
            Subject::ProgramText(text) => condition.holds(text.of(schema, program).as_deref()),
            _ => condition.holds(None),
        })
    }
}

impl Condition {
    /// GMO-30: what has no value satisfies NE only. Blanks around either side do not count.
    fn holds(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return self.comparison == Comparison::Ne;
        };
        let order = |wanted: &String| value::compare(self.data_type, value.trim(), wanted);
        let is_one = || {
            let place = self
                .values
                .binary_search_by(|wanted| order(wanted).reverse());
            place.is_ok()
        };
        let is = |test: fn(Ordering) -> bool| {
            self.values
                .first()
                .is_some_and(|wanted| test(order(wanted)))
        };
        match self.comparison {
            Comparison::Eq | Comparison::In => is_one(),
            Comparison::Ne => !is_one(),
            Comparison::Lt => is(Ordering::is_lt),
            Comparison::Le => is(Ordering::is_le),
            Comparison::Gt => is(Ordering::is_gt),
            Comparison::Ge => is(Ordering::is_ge),
        }
    }

    fn holds_for_any<'a>(&self, mut tags: impl Iterator<Item = &'a str>) -> bool {
        let found = tags.any(|tag| self.values.iter().any(|wanted| same_name(wanted, tag)));
        found == (self.comparison == Comparison::Eq)
    }
}

impl ProgramText {
    fn of(self, schema: &Schema, program: &Program) -> Option<String> {
        match self {
            Self::Name => Some(program.name.clone()),
            Self::Type => Some(program.program_type.clone()),
            Self::WorkspaceId => schema
                .workspace(&program.workspace)
                .map(|workspace| workspace.id.to_string()),
            Self::WorkspaceName => Some(program.workspace.clone()),
            Self::TreePath => Some(tree_path(program)),
            Self::IsArchived => Some(if program.archived { "1" } else { "0" }.to_owned()),
            Self::StartDate => instant(schema, program.start.as_deref()?),
            Self::EndDate => instant(schema, program.end.as_deref()?),
        }
    }
}

/// A time of the instance's zone as datetimes are kept.
fn instant(schema: &Schema, local: &str) -> Option<String> {
    value::read(DataType::Datetime, None, local, &schema.value_rules()).ok()?
}

/// An instant as datetimes are kept.
pub(super) fn canonical(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn read_value(data_type: DataType, text: &str, rules: &ValueRules) -> Result<String, CallError> {
    match value::read(data_type, Some(u32::MAX), text.trim(), rules) {
        Ok(Some(value)) => Ok(value),
        // Nothing has an empty text; of other types it is no value.
        Ok(None) if data_type.is_text() => Ok(String::new()),
        Ok(None) => Err(bad(
            "attrValue",
            format!("a value of type {} is expected", data_type.as_str()),
        )),
        Err(reason) => Err(bad("attrValue", reason.to_string())),
    }
}

fn subject(
    schema: &Schema,
    object: MObjectType,
    name: &str,
) -> Result<(Subject, DataType), CallError> {
    let unknown = || {
        let name: String = name.trim().chars().take(64).collect();
        bad(
            "attrName",
            format!("{} has no attribute {name}", object.as_str()),
        )
    };
    Ok(match plain(name).as_str() {
        "id" => (Subject::Id, DataType::Integer),
        "createdat" => (Subject::CreatedAt, DataType::Datetime),
        "updatedat" => (Subject::UpdatedAt, DataType::Datetime),
        words => match object {
            MObjectType::Program => program_subject(words).ok_or_else(unknown)?,
            MObjectType::OpportunityPersonRole if words == "opportunityid" => {
                (Subject::OpportunityId, DataType::Integer)
            }
            MObjectType::OpportunityPersonRole if words == "personid" => {
                (Subject::PersonId, DataType::Integer)
            }
            MObjectType::OpportunityPersonRole => {
                attribute(&schema.role_fields, name).ok_or_else(unknown)?
            }
            MObjectType::Opportunity if words == "companyid" => {
                (Subject::CompanyId, DataType::Integer)
            }
            MObjectType::Opportunity => match attribute(&schema.opportunity_fields, name) {
                Some(found) => found,
                None if words == "crmid" => (Subject::Nothing, DataType::String),
                None => return Err(unknown()),
            },
        },
    })
}

fn attribute(fields: &FieldSet, name: &str) -> Option<(Subject, DataType)> {
    let field = fields.find(name).or_else(|| {
        fields
            .iter()
            .filter(|field| field.exposure != Exposure::Internal)
            .find(|field| plain(&field.name) == plain(name))
    })?;
    Some((Subject::Attribute(field.name.to_string()), field.data_type))
}

fn program_subject(words: &str) -> Option<(Subject, DataType)> {
    let text = |text| (Subject::ProgramText(text), DataType::String);
    Some(match words {
        "name" => text(ProgramText::Name),
        "type" => text(ProgramText::Type),
        "workspaceid" => (
            Subject::ProgramText(ProgramText::WorkspaceId),
            DataType::Integer,
        ),
        "workspacename" => text(ProgramText::WorkspaceName),
        "treepath" => text(ProgramText::TreePath),
        "isarchived" => (
            Subject::ProgramText(ProgramText::IsArchived),
            DataType::Boolean,
        ),
        "startdate" => (
            Subject::ProgramText(ProgramText::StartDate),
            DataType::Datetime,
        ),
        "enddate" => (
            Subject::ProgramText(ProgramText::EndDate),
            DataType::Datetime,
        ),
        "tagtype" => (Subject::TagType, DataType::String),
        "tagvalue" => (Subject::TagValue, DataType::String),
        "crmid" => (Subject::Nothing, DataType::String),
        _ => return None,
    })
}
