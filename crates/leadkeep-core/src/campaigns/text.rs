//! The texts of campaign steps: names in double braces, the values that stand for them, and the program's tokens.
//!
//! A text is a template: `Hello {{lead.First Name:default=friend}}`. Each value is escaped once, for the place where it
//! stands, and is never read as a template again: what somebody typed into a form cannot ask for another field. Only
//! the text of a token, which is the administrator's or the caller's, may hold the other names.

mod escape;
#[cfg(test)]
mod tests;
mod tokens;

pub use escape::{Escape, one_line};
pub use tokens::{Tokens, token_name};

const OPEN: &str = "{{";
const CLOSE: &str = "}}";
const DEFAULT: &str = ":default=";

/// What a template asks for. Blanks around it and the case of the part before the dot do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name<'a> {
    /// `lead.<display name>`.
    Lead(&'a str),
    /// `company.<display name>`.
    Company(&'a str),
    /// `my.<token>`, without `my.` (DM-TOK-1).
    My(&'a str),
    /// `campaign.Name`.
    CampaignName,
    /// `system.DateTime`.
    SystemDateTime,
}

impl<'a> Name<'a> {
    /// Reads what stands between the braces, without its default; `None` if there is no such name.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (group, rest) = text.trim().split_once('.')?;
        let rest = rest.trim();
        match group.trim().to_ascii_lowercase().as_str() {
            _ if rest.is_empty() => None,
            "lead" => Some(Self::Lead(rest)),
            "company" => Some(Self::Company(rest)),
            "my" => Some(Self::My(rest)),
            "campaign" if rest.eq_ignore_ascii_case("name") => Some(Self::CampaignName),
            "system" if rest.eq_ignore_ascii_case("datetime") => Some(Self::SystemDateTime),
            _ => None,
        }
    }
}

/// Writes a template with its names replaced (RC-6, SC-3).
///
/// `value` gives what a name stands for, as plain text; an empty text counts as none. Without a value the default
/// stands in, which is escaped like a value; without that, and for a name that does not exist, nothing stands there.
/// Braces that do not close stay as they are; of several that open, the last before `}}` counts.
///
/// The text of a token may hold the other names (`lead`, `company`, `campaign`, `system`), which are replaced too. Tokens
/// inside of tokens have no value: there is one level, so there are no loops.
pub fn render(
    template: &str,
    escape: Escape,
    value: &dyn Fn(&Name<'_>) -> Option<String>,
) -> String {
    expand(template, escape, &|name| {
        let text = value(name)?;
        Some(match name {
            // The whole is escaped by the caller, so that what is inside must not be.
            Name::My(_) => expand(&text, Escape::Plain, &|inner| match inner {
                Name::My(_) => None,
                other => value(other),
            }),
            _ => text,
        })
    })
}

/// One level of [`render`]: values stand as they are given, but for the escape.
fn expand(template: &str, escape: Escape, value: &dyn Fn(&Name<'_>) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(end) = rest.find(CLOSE) {
        let (before, after) = (&rest[..end], &rest[end + CLOSE.len()..]);
        match before.rfind(OPEN) {
            Some(start) => {
                out.push_str(&before[..start]);
                let asked = &before[start + OPEN.len()..];
                let (name, default) = match asked.split_once(DEFAULT) {
                    Some((name, default)) => (name, Some(default)),
                    None => (asked, None),
                };
                let found = Name::parse(name).and_then(|name| value(&name));
                let found = found.filter(|text| !text.is_empty());
                if let Some(text) = found.as_deref().or(default) {
                    escape.write(text, &mut out);
                }
            }
            None => out.push_str(&rest[..end + CLOSE.len()]),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
