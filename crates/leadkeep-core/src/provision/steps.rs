//! Steps of campaigns: checked here, kept as JSON, run by a later version (DM-CMP-5, RC-17).

use super::error::{At, Place, shown};
use super::plan::Plan;
use super::reader::{Table, listed};
use super::{campaigns, lists};
use crate::ids::ProgramId;
use crate::schema::{Field, WriteRule};
use crate::value::{self, DataType};
use serde_json::{Map, Value};
use std::sync::Arc;

/// One of the `steps`.
#[derive(Debug, Clone)]
pub(super) struct StepTable {
    place: Place,
    action: &'static str,
    /// The keys in JSON, without those that refer to something.
    keys: Map<String, Value>,
    field: Option<At<String>>,
    list: Option<At<String>>,
    campaign: Option<At<String>>,
}

const ACTIONS: [&str; 9] = [
    "change_data_value",
    "change_score",
    "add_to_list",
    "remove_from_list",
    "send_email",
    "webhook",
    "request_campaign",
    "wait",
    "delete_lead",
];

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Reads a step; `None` if it is wrong.
pub(super) fn read(table: Table<'_>) -> Option<StepTable> {
    let action = table.word("do", &ACTIONS.map(|action| (action, action)));
    let what = format!("one of {}", listed(ACTIONS));
    // Without an action nobody knows which keys are known.
    let action = table.required("do", &what, action)?.value;
    let mut step = StepTable {
        place: table.place.clone(),
        action,
        keys: Map::new(),
        field: None,
        list: None,
        campaign: None,
    };
    step.keys.insert("do".to_owned(), action.into());
    let fine = match action {
        "change_data_value" => {
            step.field = required_line(&table, "field");
            let value = table.scalar("value", "a value");
            let value = table.required("value", "a value", value);
            step.set("value", value) && step.field.is_some()
        }
        "change_score" => {
            step.field = required_line(&table, "field");
            step.read_score(&table) && step.field.is_some()
        }
        "add_to_list" | "remove_from_list" => {
            step.list = required_line(&table, "list");
            step.list.is_some()
        }
        "send_email" => step.read_email(&table),
        "webhook" => step.read_webhook(&table),
        "request_campaign" => {
            let campaign = table.scalar("campaign", "the id or the name of a campaign");
            step.campaign =
                table.required("campaign", "the id or the name of a campaign", campaign);
            step.campaign.is_some()
        }
        "wait" => step.read_wait(&table),
        _ => true,
    };
    table.finish();
    fine.then_some(step)
}

fn required_line(table: &Table<'_>, key: &'static str) -> Option<At<String>> {
    let line = table.line(key);
    table.required(key, "a text", line)
}

impl StepTable {
    /// Takes a key over; says whether it was there.
    fn set(&mut self, key: &str, value: Option<At<String>>) -> bool {
        let Some(value) = value else { return false };
        self.keys.insert(key.to_owned(), value.value.into());
        true
    }

    /// One of `by` and `to`: whole numbers, as numbers or as texts with a sign (DM-VAL-18).
    fn read_score(&mut self, table: &Table<'_>) -> bool {
        const WHAT: &str = "a whole number, like 5, -5 or \"+5\"";
        let (by, to) = (table.scalar("by", WHAT), table.scalar("to", WHAT));
        let (key, number) = match (by, to) {
            (Some(by), None) => ("by", by),
            (None, Some(to)) => ("to", to),
            (Some(_), Some(to)) => {
                table.wrong(&to.place, "one of `by` and `to`", "both");
                return false;
            }
            (None, None) => {
                table.wrong(&table.place, "one of the keys `by` and `to`", "neither");
                return false;
            }
        };
        match number.value.trim().parse::<i32>() {
            Ok(parsed) => {
                self.keys.insert(key.to_owned(), parsed.into());
                true
            }
            Err(_) => {
                table.wrong(&number.place, WHAT, shown(&number.value));
                false
            }
        }
    }

    fn read_email(&mut self, table: &Table<'_>) -> bool {
        // Headers of a mail: one line each.
        let mut fine = true;
        for key in ["from", "subject"] {
            let line = required_line(table, key);
            fine &= self.set(key, line);
        }
        let text = table.text("text");
        let text = table.required("text", "a text", text);
        fine &= self.set("text", text);
        let html = table.text("html");
        self.set("html", html);
        let reply_to = table.line("reply_to");
        self.set("reply_to", reply_to);
        fine
    }

    fn read_webhook(&mut self, table: &Table<'_>) -> bool {
        let url = required_line(table, "url");
        let fine = url.as_ref().is_some_and(|url| {
            let known = ["http://", "https://", "{{"];
            let fine = known.iter().any(|begin| url.value.starts_with(begin));
            if !fine {
                let expected = "an address that begins with http:// or https://";
                table.wrong(&url.place, expected, shown(&url.value));
            }
            fine
        });
        self.set("url", url);
        let body = table.text("body");
        self.set("body", body);
        let method = table.word("method", &METHODS.map(|method| (method, method)));
        let method = method.map_or("POST", |at| at.value);
        self.keys.insert("method".to_owned(), method.into());
        let content_type = table.line("content_type");
        let content_type = content_type.map_or("application/json".to_owned(), |at| at.value);
        self.keys
            .insert("content_type".to_owned(), content_type.into());
        fine
    }

    fn read_wait(&mut self, table: &Table<'_>) -> bool {
        const WHAT: &str = "a time, like \"30m\", \"12h\" or \"2d\"";
        let time = table.line("for");
        let Some(time) = table.required("for", WHAT, time) else {
            return false;
        };
        let fine = time
            .value
            .strip_suffix(['m', 'h', 'd'])
            .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|number| number.parse::<u32>().ok())
            .is_some_and(|number| (1..=1_000_000).contains(&number));
        if !fine {
            table.wrong(&time.place, WHAT, shown(&time.value));
        }
        self.set("for", Some(time)) && fine
    }
}

/// The step in JSON: fields by their stored names, lists and campaigns by their ids. Reports what names nothing.
pub(super) fn resolve(plan: &mut Plan<'_>, step: &StepTable, program: Option<ProgramId>) -> Value {
    let mut keys = step.keys.clone();
    if let Some(name) = &step.field
        && let Some(field) = field(plan, step, name)
    {
        keys.insert("field".to_owned(), field.name.as_ref().into());
    }
    if let Some(name) = &step.list
        && let Some(list) = lists::reference(plan, name, program)
    {
        keys.insert("list".to_owned(), list.0.into());
    }
    if let Some(name) = &step.campaign
        && let Some(campaign) = campaigns::reference(plan, &name.place, &name.value)
    {
        keys.insert("campaign".to_owned(), campaign.0.into());
    }
    Value::Object(keys)
}

/// The lead field that a step changes; unknown and system fields are errors.
fn field(plan: &mut Plan<'_>, step: &StepTable, name: &At<String>) -> Option<Arc<Field>> {
    let Some(field) = plan.schema.lead_field(&name.value).cloned() else {
        plan.unknown_lead_field(&name.place, &name.value);
        return None;
    };
    let writable = matches!(
        field.write_rule,
        WriteRule::Normal | WriteRule::CreateDefault
    );
    if !writable || field.is_readonly {
        plan.errors.push(
            &name.place,
            "a field that may be written",
            shown(&field.name),
        );
        return None;
    }
    if step.action == "change_score" {
        if !matches!(field.data_type, DataType::Integer | DataType::Score) {
            plan.errors.push(
                &name.place,
                "a field of type integer or score",
                format!("{}, {}", shown(&field.name), field.data_type.as_str()),
            );
            return None;
        }
        return Some(field);
    }
    check_value(plan, step, &field);
    Some(field)
}

/// A value without tokens must fit its field now; one with tokens is known only when the step runs.
fn check_value(plan: &mut Plan<'_>, step: &StepTable, field: &Field) {
    let Some(text) = step.keys.get("value").and_then(Value::as_str) else {
        return;
    };
    if text.contains("{{") {
        return;
    }
    let rules = plan.schema.value_rules();
    if let Err(error) = value::read(field.data_type, field.size, text, &rules) {
        let expected = format!("a value of {} ({error})", field.name);
        plan.errors.push(&step.place, expected, shown(text));
    }
}
