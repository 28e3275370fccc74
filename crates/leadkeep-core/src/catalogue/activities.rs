//! `data/activity-types.csv`.

use crate::store::ActivityType;
use serde::Deserialize;
use std::sync::LazyLock;

/// Numbers for the types that the REST API gave none; far above those that it gave.
const OWN_NUMBERS: u16 = 10_001;

/// A type of activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityTypeInfo {
    /// Its number in stores: that of the REST API, else one of our own, which never changes as long as rows are only
    /// added at the end of the table.
    pub number: ActivityType,
    /// The word of `ActivityType` in activityFilter (GLA-10), if it has one.
    pub enum_name: Option<String>,
    /// The text in answers (ACT-3).
    pub display_name: String,
    /// Whether getLeadChanges can filter it by the name of its asset.
    pub name_filter: bool,
}

#[derive(Deserialize)]
struct Row {
    enum_name: String,
    display_name: String,
    rest_type_id: Option<u16>,
    name_filter: String,
}

fn read() -> Result<Vec<ActivityTypeInfo>, csv::Error> {
    let mut own = OWN_NUMBERS..;
    Ok(
        super::rows::<Row>(include_str!("../../data/activity-types.csv"))?
            .into_iter()
            .filter_map(|row| {
                Some(ActivityTypeInfo {
                    number: ActivityType(row.rest_type_id.or_else(|| own.next())?),
                    enum_name: Some(row.enum_name).filter(|name| !name.is_empty()),
                    display_name: row.display_name,
                    name_filter: row.name_filter == "yes",
                })
            })
            .collect(),
    )
}

/// All types, in the order of the table.
pub fn activity_types() -> &'static [ActivityTypeInfo] {
    // The table is part of the program, and a test reads it.
    static TYPES: LazyLock<Vec<ActivityTypeInfo>> = LazyLock::new(|| read().unwrap_or_default());
    &TYPES
}

/// The type with a number.
pub fn activity_type(number: ActivityType) -> Option<&'static ActivityTypeInfo> {
    activity_types().iter().find(|info| info.number == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn act_3_types_have_stable_numbers_and_display_names() {
        let types = read().unwrap();
        assert_eq!(types.len(), 83);
        let numbers: HashSet<_> = types.iter().map(|info| info.number).collect();
        assert_eq!(numbers.len(), types.len());
        for (number, display_name) in [
            (12, "New Lead"),
            (13, "Change Data Value"),
            (34, "Add to Opportunity"),
            (10_001, "Resolve Ruleset"),
            (10_016, "Segmentation Approval"),
        ] {
            let info = activity_type(ActivityType(number)).unwrap();
            assert_eq!(info.display_name, display_name);
        }
        let new_lead = activity_type(ActivityType(12)).unwrap();
        assert_eq!(new_lead.enum_name.as_deref(), Some("NewLead"));
        assert!(new_lead.name_filter);
        assert_eq!(
            activity_type(ActivityType(9)).map(|i| i.name_filter),
            Some(true)
        );
        assert_eq!(activity_type(ActivityType(9999)), None);
    }
}
