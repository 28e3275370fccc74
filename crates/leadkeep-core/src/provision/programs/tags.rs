//! Tags and tokens of a program.

use crate::provision::error::{At, shown};
use crate::provision::plan::{Kind, Plan};
use crate::schema::{names, same_name};
use crate::store::Program;

/// Tags are first values (PRV-4); type and value must be defined (SMO-60).
pub(super) fn apply_tags(
    plan: &mut Plan<'_>,
    what: &str,
    program: &mut Program,
    old: Option<&Program>,
    tags: &[(At<String>, At<String>)],
) {
    for (wanted_type, wanted) in tags {
        let Some((tag, value)) = defined(plan, wanted_type, wanted) else {
            continue;
        };
        let stored = program.tags.iter_mut().find(|(other, _)| *other == tag);
        match stored {
            Some((_, stored)) if *stored == value => {}
            _ if old.is_some() && !plan.options.overwrite => {
                let stored = stored.map_or("none".to_owned(), |(_, value)| shown(value));
                let what = format!("{what} tag {}", shown(&tag));
                plan.report.left(&what, &stored, &shown(&value));
            }
            Some((_, stored)) => *stored = value,
            None => program.tags.push((tag, value)),
        }
    }
    // In the order in which the types are defined.
    let types = &plan.schema.tags;
    let position = |name: &String| types.iter().position(|tag| tag.name == *name);
    program.tags.sort_by_key(|(tag, _)| position(tag));
}

/// A tag type and its value, in their own spellings.
fn defined(
    plan: &mut Plan<'_>,
    wanted_type: &At<String>,
    wanted: &At<String>,
) -> Option<(String, String)> {
    if same_name(&wanted_type.value, "Channel") {
        let expected = "a tag type other than Channel; the key `channel` sets it";
        plan.errors
            .push(&wanted_type.place, expected, shown(&wanted_type.value));
        return None;
    }
    let Some(tag) = plan.schema.tag(&wanted_type.value).cloned() else {
        let known: Vec<String> = plan
            .schema
            .tags
            .iter()
            .map(|tag| tag.name.clone())
            .collect();
        let known = known.iter().map(String::as_str);
        plan.unknown(&wanted_type.place, Kind::Tag, &wanted_type.value, known);
        return None;
    };
    match tag.value(&wanted.value) {
        Some(value) => Some((tag.name.clone(), value.to_owned())),
        None => {
            let what = format!("a value of tag {}", shown(&tag.name));
            let known = tag.values.iter().map(String::as_str);
            plan.errors
                .unknown(&wanted.place, &what, &wanted.value, known);
            None
        }
    }
}

/// Tokens are brought to the file's state; those that it does not name stay. DM-TOK-1, GMO-14: kept without `my.` and
/// braces.
pub(super) fn apply_tokens(
    plan: &mut Plan<'_>,
    program: &mut Program,
    tokens: &[(At<String>, At<String>)],
) {
    let mut seen: Vec<String> = Vec::with_capacity(tokens.len());
    for (name, text) in tokens {
        let bare = bare(&name.value);
        if bare.is_empty() {
            let expected = "the name of a token, like \"{{my.message}}\"";
            plan.errors.push(&name.place, expected, shown(&name.value));
            continue;
        }
        let folded = names::folded(bare);
        if seen.contains(&folded) {
            plan.errors
                .push(&name.place, "each token once", shown(&name.value));
            continue;
        }
        seen.push(folded);
        let stored = program
            .tokens
            .iter_mut()
            .find(|(other, _)| same_name(other, bare));
        match stored {
            Some((_, stored)) => stored.clone_from(&text.value),
            None => program.tokens.push((bare.to_owned(), text.value.clone())),
        }
    }
}

/// `{{my.x}}`, `my.x` and `x` are all `x`.
fn bare(name: &str) -> &str {
    let name = name.trim();
    let inner = name
        .strip_prefix("{{")
        .and_then(|name| name.strip_suffix("}}"))
        .unwrap_or(name)
        .trim();
    inner.strip_prefix("my.").unwrap_or(inner).trim()
}
