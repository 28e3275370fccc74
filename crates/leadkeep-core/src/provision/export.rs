//! `leadkeep provision export`: what is defined, as a file that [`super::apply`] takes.

use super::channels::KINDS;
use super::fields::{TYPES, object_name};
use super::settings::LeadKeyWord;
use super::toml_text::{array, inline_table, key, quoted, value};
use crate::ids::{CampaignId, ListId, ProgramId};
use crate::schema::{
    Campaign, CampaignKind, Channel, CustomObject, Field, FieldBody, FieldObject, LeadKeyField,
    Link, Schema, same_name,
};
use crate::store::{Program, ReadTxn, StaticList, StoreError};
use crate::value::DataType;
use serde_json::Value;
use std::fmt::Write;

const HEAD: &str = "\
# The definitions of an instance, as `leadkeep provision export` writes them and `leadkeep apply` reads them.
# Keys of API users are not in here: applied to an instance that does not have a user, a new key is made and printed.
";

/// Programs that are read at a time.
const PAGE: usize = 500;

/// All programs, ascending by id.
///
/// # Errors
/// Those of the store.
pub fn all_programs(txn: &mut dyn ReadTxn) -> Result<Vec<Program>, StoreError> {
    let mut programs: Vec<Program> = Vec::new();
    loop {
        let last = programs.last().map(|program| program.id);
        let page = txn.programs_after(last, PAGE)?;
        let full = page.len() == PAGE;
        programs.extend(page);
        if !full {
            return Ok(programs);
        }
    }
}

/// All that is defined, as a provisioning file. Applied to the same instance it changes nothing; applied to a new one it
/// makes one whose export is the same text. `schema` is that of the transaction.
///
/// Keys of API users are left out, for they are secrets. Addresses and texts of webhooks are in it as they are defined.
///
/// # Errors
/// When the store fails.
pub fn export(txn: &mut dyn ReadTxn, schema: &Schema) -> Result<String, StoreError> {
    let programs = all_programs(txn)?;
    let mut lists = txn.static_lists()?;
    lists.sort_by_key(|list| list.id);
    Ok(text(schema, &programs, &lists))
}

/// The file of these definitions. Tables with ids stand in their order, other ones in the order of definition, which
/// describeMObject and getTags show too. What has its default is left out but for `[instance]` and `[rules]`.
pub(super) fn text(schema: &Schema, programs: &[Program], lists: &[StaticList]) -> String {
    let mut file = File {
        out: HEAD.to_owned(),
        schema,
        programs,
        lists,
    };
    file.settings();
    file.users();
    file.workspaces();
    file.fields();
    file.custom_objects();
    file.channels();
    file.tags();
    file.programs();
    file.lists();
    file.campaigns();
    file.out
}

/// The file so far, and what is put into it.
struct File<'a> {
    out: String,
    schema: &'a Schema,
    programs: &'a [Program],
    lists: &'a [StaticList],
}

impl File<'_> {
    fn head(&mut self, head: &str) {
        // Writing into a string does not fail.
        let _ = writeln!(self.out, "\n{head}");
    }

    fn set(&mut self, name: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.out, "{} = {value}", key(name));
    }

    fn set_text(&mut self, name: &str, text: &str) {
        self.set(name, quoted(text));
    }

    /// Unless it is empty, which is the default.
    fn set_some_text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.set_text(name, text);
        }
    }

    /// Unless it is false, which is the default.
    fn set_true(&mut self, name: &str, flag: bool) {
        if flag {
            self.set(name, true);
        }
    }

    /// An item a line.
    fn set_lines(&mut self, name: &str, items: &[String]) {
        let _ = writeln!(self.out, "{name} = [");
        for item in items {
            let _ = writeln!(self.out, "  {item},");
        }
        self.out.push_str("]\n");
    }

    fn program_name(&self, id: ProgramId) -> String {
        let found = self.programs.iter().find(|program| program.id == id);
        // Programs are not removed; a number that none has is refused by `apply` with its line.
        found.map_or_else(|| id.to_string(), |program| program.name.clone())
    }

    fn settings(&mut self) {
        let schema = self.schema;
        self.head("[instance]");
        self.set_text("time_zone", &schema.instance.time_zone_name);
        self.set("crm_sync", schema.instance.crm_sync);
        self.head("[rules]");
        // Rules are kept by the keys that they have in the file.
        if let Ok(Value::Object(rules)) = serde_json::to_value(&schema.rules) {
            for (name, rule) in &rules {
                self.set(name, value(rule));
            }
        }
        let mut keys = schema.lead_keys.clone();
        let assigned: Vec<(&str, String)> = LeadKeyWord::ALL
            .into_iter()
            .filter_map(|word| {
                let text = match word.slot(&mut keys).as_ref()? {
                    LeadKeyField::Lead(name) => format!("Lead.{name}"),
                    LeadKeyField::Opportunity(name) => format!("Opportunity.{name}"),
                };
                Some((word.as_str(), text))
            })
            .collect();
        if !assigned.is_empty() {
            self.head("[lead_keys]");
        }
        for (word, field) in assigned {
            self.set_text(word, &field);
        }
    }

    fn users(&mut self) {
        for user in &self.schema.users {
            self.head("[[user]]");
            self.set_text("id", &user.id);
            self.set_some_text("note", &user.note);
            self.set_true("disabled", user.disabled);
            self.set_true("strict_statuses", user.strict_statuses);
        }
    }

    fn workspaces(&mut self) {
        let schema = self.schema;
        let partition = |id| {
            let found = schema.partition_by_id(id);
            found.map_or_else(String::new, |found| found.name.clone())
        };
        let mut workspaces: Vec<_> = schema.workspaces.iter().collect();
        workspaces.sort_by_key(|workspace| workspace.id);
        for workspace in workspaces {
            self.head("[[workspace]]");
            self.set("id", workspace.id);
            self.set_text("name", &workspace.name);
            self.set_text("primary_partition", &partition(workspace.primary_partition));
            let seen = workspace
                .partitions
                .iter()
                .map(|id| quoted(&partition(*id)));
            self.set("partitions", array(seen));
        }
        for rule in &schema.assignment_rules {
            self.head("[[assignment_rule]]");
            let workspace = rule.workspace.and_then(|id| schema.workspace_by_id(id));
            if let Some(workspace) = workspace {
                self.set_text("workspace", &workspace.name);
            }
            self.set_text("partition", &partition(rule.partition));
            let condition = [
                ("field", quoted(&rule.field)),
                ("equals", quoted(&rule.equals)),
            ];
            self.set("when", inline_table(condition));
        }
    }

    fn fields(&mut self) {
        let schema = self.schema;
        let sets = [
            &schema.lead_fields,
            &schema.opportunity_fields,
            &schema.role_fields,
        ];
        for field in sets.into_iter().flat_map(|set| set.iter()) {
            if field.custom {
                self.field(field);
            }
        }
    }

    fn field(&mut self, field: &Field) {
        let body = FieldBody::of(field);
        self.head("[[field]]");
        self.set_text("object", object_name(body.object));
        self.set_text("name", &body.name);
        self.set_text("display_name", &body.display_name);
        self.set_some_text("description", &body.description);
        self.set_text("type", type_word(body.data_type));
        if let (DataType::String, Some(size)) = (body.data_type, body.size) {
            self.set("size", size);
        }
        self.set_true("external_key", body.external_key);
        self.set_true("company_key", body.company_key);
    }

    fn custom_objects(&mut self) {
        for object in &self.schema.custom_objects {
            self.head("[[custom_object]]");
            self.set_text("name", &object.name);
            self.set_text("display_name", &object.display_name);
            self.set_some_text("description", &object.description);
            self.set_true("strict", object.strict);
            let fields = object_fields(self.schema, object);
            self.set_lines("fields", &fields);
        }
    }

    fn channels(&mut self) {
        for channel in &self.schema.channels {
            self.head("[[channel]]");
            self.set_text("name", &channel.name);
            let word = |kind| KINDS.iter().find(|(_, other)| *other == kind);
            if let Some((word, _)) = channel.kind.and_then(word) {
                self.set_text("kind", word);
            }
            self.set_lines("statuses", &statuses(channel));
        }
    }

    fn tags(&mut self) {
        for tag in &self.schema.tags {
            self.head("[[tag]]");
            self.set_text("type", &tag.name);
            self.set("values", array(tag.values.iter().map(|text| quoted(text))));
        }
    }

    fn programs(&mut self) {
        for program in self.programs {
            self.head("[[program]]");
            self.set("id", program.id);
            self.set_text("name", &program.name);
            self.set_text("type", &program.program_type);
            self.set_text("channel", &program.channel);
            self.set_text("workspace", &program.workspace);
            self.set_text("folder", &program.folder);
            for (name, time) in [("start", &program.start), ("end", &program.end)] {
                if let Some(time) = time {
                    self.set_text(name, &time.replacen(' ', "T", 1));
                }
            }
            self.set_true("archived", program.archived);
            if !program.tags.is_empty() {
                let tags = program.tags.iter();
                let tags = tags.map(|(tag, text)| (tag.as_str(), quoted(text)));
                self.set("tags", inline_table(tags));
            }
            if !program.costs.is_empty() {
                let costs: Vec<String> = program.costs.iter().map(cost).collect();
                self.set_lines("costs", &costs);
            }
            if !program.tokens.is_empty() {
                let tokens: Vec<(String, String)> = program
                    .tokens
                    .iter()
                    .map(|(name, text)| (token_key(name), quoted(text)))
                    .collect();
                let tokens = tokens
                    .iter()
                    .map(|(name, text)| (name.as_str(), text.clone()));
                self.set("tokens", inline_table(tokens));
            }
        }
    }

    fn lists(&mut self) {
        for list in self.lists {
            self.head("[[list]]");
            self.set("id", list.id);
            self.set_text("name", &list.name);
            if let Some(program) = list.program {
                self.set_text("program", &self.program_name(program));
            }
        }
    }

    fn campaigns(&mut self) {
        let mut campaigns: Vec<&Campaign> = self.schema.campaigns.iter().collect();
        campaigns.sort_by_key(|campaign| campaign.id);
        for campaign in campaigns {
            self.head("[[campaign]]");
            self.set("id", campaign.id);
            self.set_text("name", &campaign.name);
            self.set_some_text("description", &campaign.description);
            if let Some(program) = campaign.program {
                self.set_text("program", &self.program_name(program));
            }
            let kind = match campaign.kind {
                CampaignKind::Trigger => "trigger",
                CampaignKind::Batch => "batch",
            };
            self.set_text("kind", kind);
            if !campaign.active {
                self.set("active", false);
            }
            if !campaign.sources.is_empty() {
                let sources = campaign.sources.iter().map(|source| quoted(source));
                self.set("sources", array(sources));
            }
            if let Some(list) = campaign.list {
                self.set_text("list", &self.list_name(list, campaign.program));
            }
            if !campaign.steps.is_empty() {
                let steps = campaign.steps.iter();
                let steps: Vec<String> = steps.map(|step| self.step(step, campaign)).collect();
                self.set_lines("steps", &steps);
            }
        }
    }

    /// The text that means a list, for something in a program: its name, or `Program.List` where its name alone would
    /// mean another one (`lists::reference`).
    fn list_name(&self, id: ListId, from: Option<ProgramId>) -> String {
        let Some(list) = self.lists.iter().find(|list| list.id == id) else {
            return id.to_string();
        };
        let Some(program) = list.program else {
            return list.name.clone();
        };
        let mut others = self
            .lists
            .iter()
            .filter(|other| other.id != id && same_name(&other.name, &list.name));
        let alone = match from == Some(program) {
            true => others.all(|other| other.program.is_some()),
            false => others.next().is_none(),
        };
        match alone {
            true => list.name.clone(),
            false => format!("{}.{}", self.program_name(program), list.name),
        }
    }

    /// The name of a campaign if no other one has it, else its number.
    fn campaign_name(&self, id: CampaignId) -> String {
        let campaigns = &self.schema.campaigns;
        let Some(campaign) = campaigns.iter().find(|campaign| campaign.id == id) else {
            return id.to_string();
        };
        let same = |other: &&Campaign| same_name(&other.name, &campaign.name);
        // A name that is a number would mean the campaign with that number.
        match campaigns.iter().filter(same).count() == 1 && campaign.name.parse::<i64>().is_err() {
            true => quoted(&campaign.name),
            false => id.to_string(),
        }
    }

    fn step(&self, step: &Value, campaign: &Campaign) -> String {
        let Some(keys) = step.as_object() else {
            return "{}".to_owned();
        };
        // What it does first, then as it is kept.
        let action = keys.get_key_value("do");
        let others = keys.iter().filter(|(name, _)| *name != "do");
        let pairs = action.into_iter().chain(others).map(|(name, kept)| {
            let text = match (name.as_str(), kept.as_i64()) {
                ("list", Some(id)) => quoted(&self.list_name(ListId(id), campaign.program)),
                ("campaign", Some(id)) => self.campaign_name(CampaignId(id)),
                _ => value(kept),
            };
            (name.as_str(), text)
        });
        inline_table(pairs)
    }
}

fn object_fields(schema: &Schema, object: &CustomObject) -> Vec<String> {
    let fields = object.fields.iter().map(|field| {
        let mut pairs = vec![
            ("name", quoted(&field.name)),
            ("type", quoted(type_word(field.data_type))),
        ];
        if field.display_name != field.name {
            pairs.push(("display_name", quoted(&field.display_name)));
        }
        if let (DataType::String, Some(size)) = (field.data_type, field.size) {
            pairs.push(("size", size.to_string()));
        }
        if field.dedupe {
            pairs.push(("dedupe", true.to_string()));
        }
        if let Some(link) = &field.link {
            pairs.push(("link", quoted(&link_text(schema, link))));
        }
        inline_table(pairs)
    });
    fields.collect()
}

/// What a link field refers to, as `link` of a provisioning file names it.
pub fn link_text(schema: &Schema, link: &Link) -> String {
    match link {
        Link::LeadId => "Lead.Id".to_owned(),
        Link::LeadEmail => "Lead.Email".to_owned(),
        Link::LeadField(name) => format!("{}.{name}", object_name(FieldObject::Lead)),
        Link::CompanyField(name) => format!("{}.{name}", object_name(FieldObject::Company)),
        Link::Record(id, name) => {
            let object = schema.custom_object_by_id(*id);
            format!("{}.{name}", object.map_or("", |object| &object.name))
        }
    }
}

fn statuses(channel: &Channel) -> Vec<String> {
    let statuses = channel.statuses.iter().map(|status| {
        let mut pairs = vec![
            ("name", quoted(&status.name)),
            ("step", status.step.to_string()),
            ("success", status.success.to_string()),
        ];
        for (name, text) in [
            ("check_in", &status.check_in),
            ("behavior", &status.behavior),
        ] {
            pairs.extend(text.iter().map(|text| (name, quoted(text))));
        }
        inline_table(pairs)
    });
    statuses.collect()
}

fn cost(cost: &crate::store::Cost) -> String {
    let month = cost.month.get(..7).unwrap_or(&cost.month);
    let mut pairs = vec![
        ("id", cost.id.to_string()),
        ("month", quoted(month)),
        // A canonical decimal is a number of TOML.
        ("amount", cost.amount.clone()),
    ];
    pairs.extend(cost.note.iter().map(|note| ("note", quoted(note))));
    inline_table(pairs)
}

/// The key that reads back as this token: its name, in braces where the name itself looks like a longer form.
fn token_key(name: &str) -> String {
    match name.starts_with("my.") || name.starts_with("{{") {
        true => format!("{{{{my.{name}}}}}"),
        false => name.to_owned(),
    }
}

fn type_word(data_type: DataType) -> &'static str {
    let word = TYPES.iter().find(|(_, other)| *other == data_type);
    word.map_or_else(|| data_type.as_str(), |(word, _)| word)
}
