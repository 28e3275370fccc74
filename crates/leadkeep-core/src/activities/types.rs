//! Types of activities, as callers write them.

use crate::catalogue::activity_types;
use crate::error::CallError;
use crate::store::{ActivityType, TypeFilter};
use std::collections::HashMap;

/// The filters of a call, word by word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypeWords {
    /// `includeTypes`.
    pub include: Vec<String>,
    /// `excludeTypes`.
    pub exclude: Vec<String>,
    /// `activityNameFilter` of getLeadChanges.
    pub names: Vec<String>,
}

impl TypeWords {
    /// The types that are wanted: all that no filter speaks against (GLA-4, GLC-5, GLC-26, ACT-11). `unnamed` are left
    /// out unless they are named.
    ///
    /// # Errors
    /// 20110 for both lists of activityFilter at once (GLA-6, GLC-7), 20107 for a word that is no type (GLA-7, GLC-9).
    pub(super) fn filter(&self, unnamed: &[ActivityType]) -> Result<TypeFilter, CallError> {
        let include = types(&self.include)?;
        let exclude = types(&self.exclude)?;
        let names = types(&self.names)?;
        let only = match (include, names) {
            (Some(_), _) if exclude.is_some() => {
                return Err(CallError::BadParameter {
                    parameter: "activityFilter",
                    reason: "includeTypes and excludeTypes cannot be used together".to_owned(),
                });
            }
            (Some(mut include), Some(names)) => {
                include.retain(|own| names.contains(own));
                Some(include)
            }
            (include, names) => include.or(names),
        };
        let mut except = exclude.unwrap_or_default();
        Ok(match only {
            Some(mut only) => {
                only.retain(|own| !except.contains(own));
                TypeFilter::Only(only)
            }
            None => {
                except.extend(unnamed);
                TypeFilter::Except(except)
            }
        })
    }
}

/// The types of a list of words; blank words are none, and a list without words is no list.
fn types(words: &[String]) -> Result<Option<Vec<ActivityType>>, CallError> {
    let words = words.iter().map(|word| word.trim());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(None);
    }
    let mut by_name: HashMap<String, Vec<ActivityType>> = HashMap::new();
    for info in activity_types() {
        let names = info.enum_name.iter().chain([&info.display_name]);
        for name in names {
            by_name.entry(squeezed(name)).or_default().push(info.number);
        }
    }
    let mut found = Vec::new();
    for word in words {
        let Some(types) = by_name.get(&squeezed(word)) else {
            let word: String = word.chars().take(64).collect();
            return Err(CallError::UnknownActivityType(word));
        };
        for number in types {
            if !found.contains(number) {
                found.push(*number);
            }
        }
    }
    Ok(Some(found))
}

/// Without blanks and case: words of the schema and display names are taken alike (GLA-7).
fn squeezed(word: &str) -> String {
    let letters = word.chars().filter(|letter| !letter.is_whitespace());
    letters.flat_map(char::to_lowercase).collect()
}
