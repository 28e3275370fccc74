//! Lists and their members, on a store in memory.

use super::*;
use crate::error::CallError;
use crate::ids::{LeadId, ListId};
use crate::leads::{LeadKeyType, LeadSelection, Selector, get_multiple_leads};
use crate::memory::MemoryStore;
use crate::schema::{Schema, testing};
use crate::store::{ActivityFilter, Lead, LeadScope};

const LISTS: &str = r#"
[[channel]]
name = "Blog"
statuses = [{ name = "Visited", step = 10 }]
[[program]]
name = "Spring"
channel = "Blog"
[[program]]
name = "Autumn"
channel = "Blog"
[[list]]
id = 1
name = "Newsletter"
[[list]]
id = 2
name = "Newsletter"
program = "Spring"
[[list]]
id = 3
name = "Guests"
program = "Spring"
[[list]]
id = 4
name = "Guests"
program = "Autumn"
[[list]]
id = 5
name = "Only here"
program = "Autumn"
[[list]]
id = 6
name = "Spring.Dotted"
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

/// Leads 1 to 6: 1 and 2 share an address, 5 is anonymous, 6 has lost a merge against 1.
fn house() -> House {
    let (store, schema) = testing::store(LISTS);
    let lead = |id: i64| Lead {
        id: LeadId(id),
        email: (id != 5).then(|| format!("{}@x.com", if id < 3 { 1 } else { id })),
        foreign_id: None,
        attrs: crate::attrs::Attrs::new(),
        company: crate::ids::CompanyId(id),
        partition: crate::ids::PartitionId(1),
        anonymous: id == 5,
        created_at: store.now(),
        updated_at: store.now(),
    };
    let leads: Vec<Lead> = (1..=6).map(lead).collect();
    store
        .write_now(|txn, _| {
            txn.insert_leads(&leads)?;
            txn.absorb_leads(LeadId(1), &[LeadId(6)])
        })
        .unwrap();
    store.advance(10);
    House { store, schema }
}

impl House {
    fn run(&self, input: &ListOperation) -> Result<ListOutcome, CallError> {
        self.store
            .write_now(|txn, now| list_operation(txn, &self.schema, now, input))
    }

    /// A call, and its outcome in a line: success, then a letter a lead.
    fn call(&self, action: ListAction, list: &str, keys: &[&str]) -> String {
        told(&self.run(&input(action, list, keys)).unwrap())
    }

    fn strict(&self, action: ListAction, list: &str, keys: &[&str]) -> String {
        let strict = ListOperation {
            strict: true,
            ..input(action, list, keys)
        };
        told(&self.run(&strict).unwrap())
    }

    /// All activities, one line each.
    fn history(&self) -> Vec<String> {
        let all = self.store.read_now(|txn, _| {
            txn.activities_after(&LeadScope::All, &ActivityFilter::default(), None, 100)
        });
        let line = |what: crate::store::NewActivity| {
            let attributes: Vec<_> = what
                .attributes
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let asset = what.asset.unwrap_or_default();
            format!(
                "{} {} [{asset}] {}",
                what.lead,
                what.activity_type.0,
                attributes.join("; ")
            )
        };
        all.unwrap()
            .into_iter()
            .map(|found| line(found.what))
            .collect()
    }

    fn members(&self, list: i64) -> Vec<i64> {
        let asked: Vec<_> = (1..=9).map(|lead| (ListId(list), LeadId(lead))).collect();
        let is = self.store.read_now(|txn, _| txn.are_list_members(&asked));
        let both = asked.iter().zip(is.unwrap());
        both.filter_map(|((_, lead), is)| is.then_some(lead.0))
            .collect()
    }
}

fn told(outcome: &ListOutcome) -> String {
    let statuses = outcome.statuses.as_ref().map(|statuses| {
        let letters = statuses
            .iter()
            .map(|status| if *status { 'y' } else { 'n' });
        letters.collect::<String>()
    });
    format!(
        "{} {}",
        outcome.success,
        statuses.as_deref().unwrap_or("nil")
    )
}

/// Numbers are IDNUM, other keys addresses.
fn input(action: ListAction, list: &str, keys: &[&str]) -> ListOperation {
    let member = |key: &&str| match key.contains('@') {
        true => (LeadKeyType::Email, (*key).to_owned()),
        false => (LeadKeyType::Idnum, (*key).to_owned()),
    };
    ListOperation {
        action,
        key_type: ListKeyType::Name,
        key: list.to_owned(),
        members: keys.iter().map(member).collect(),
        strict: false,
        skip_activity_log: false,
    }
}

#[track_caller]
fn refused(outcome: Result<ListOutcome, CallError>, text: &str) {
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains(text), "{error}");
}

use ListAction::{Add, IsMember, Remove};

/// LO-1, LO-3, LO-4, LO-5, LO-6, LO-7, LO-13, LO-15, LO-16, LO-17, DM-LST-4, DM-LST-6.
#[test]
fn lo_06_what_wholly_succeeds_has_no_statuses() {
    let house = house();
    assert_eq!(house.call(Add, "Newsletter", &["1", "3"]), "true nil");
    assert_eq!(
        house.call(Add, "Newsletter", &["1", "4"]),
        "true nil",
        "LO-15"
    );
    assert_eq!(
        house.call(IsMember, "Newsletter", &["1", "3", "4"]),
        "true yyy"
    );
    assert_eq!(
        house.call(IsMember, "Newsletter", &["2", "1", "77"]),
        "false nyn"
    );
    assert_eq!(house.call(Add, "Newsletter", &["77", "2"]), "false ny");
    assert_eq!(house.members(1), [1, 2, 3, 4]);
    assert_eq!(house.call(Remove, "Newsletter", &["3", "77"]), "false yn");
    assert_eq!(house.call(Remove, "Newsletter", &["3", "4"]), "false ny");
    assert_eq!(house.call(Remove, "Newsletter", &["1", "2"]), "true nil");
    assert_eq!(house.members(1), [0; 0]);
}

/// LO-4, LO-16, LO-25, ACT-42: all or nothing, and no history of nothing.
#[test]
fn lo_16_strict_is_all_or_nothing() {
    let house = house();
    assert_eq!(house.strict(Add, "Newsletter", &["1", "77"]), "false nn");
    assert_eq!(house.members(1), [0; 0]);
    assert_eq!(house.strict(Add, "Newsletter", &["1", "3"]), "true nil");
    let told = house.history();
    assert_eq!(house.strict(Remove, "Newsletter", &["1", "4"]), "false nn");
    assert_eq!(house.members(1), [1, 3]);
    assert_eq!(
        house.strict(IsMember, "Newsletter", &["1", "77"]),
        "false yn"
    );
    assert_eq!(house.history(), told);
}

/// LO-24, ACT-14, ACT-40, LO-15: one activity for each that joined or left, under the full name, and a later time of update.
#[test]
fn lo_24_joining_and_leaving_are_told() {
    let house = house();
    house.call(Add, "Only here", &["1", "1", "3"]);
    house.call(Add, "Only here", &["1"]);
    house.call(Remove, "autumn.only here", &["3", "4"]);
    let line = |lead, number: u16| {
        format!("{lead} {number} [Autumn.Only here] List ID=5; Source=Web service API")
    };
    assert_eq!(house.history(), [line(1, 24), line(3, 24), line(3, 25)]);
    let leads = house
        .store
        .read_now(|txn, _| txn.leads(&[LeadId(1), LeadId(4)]));
    let mut leads = leads.unwrap();
    leads.sort_by_key(|lead| lead.id);
    assert_eq!(leads[0].updated_at, house.store.now());
    assert!(leads[1].updated_at < house.store.now());
}

/// LO-14, ACT-41.
#[test]
fn lo_14_the_log_can_be_skipped() {
    let house = house();
    let quiet = ListOperation {
        skip_activity_log: true,
        ..input(Add, "Newsletter", &["1"])
    };
    assert_eq!(told(&house.run(&quiet).unwrap()), "true nil");
    assert_eq!((house.members(1), house.history()), (vec![1], Vec::new()));
}

/// LO-9, LO-21, LO-22, COM-12, COM-13: any key; all leads of it; a lead that lost a merge is its winner.
#[test]
fn lo_21_a_key_means_all_its_leads() {
    let house = house();
    assert_eq!(
        house.call(Add, "Newsletter", &["1@X.com", "no@x.com"]),
        "false yn"
    );
    assert_eq!(house.members(1), [1, 2]);
    assert_eq!(
        house.call(Remove, "Newsletter", &["1", "1", "1@x.com"]),
        "true nil"
    );
    assert_eq!(house.members(1), [0; 0]);
    assert_eq!(house.call(Add, "Newsletter", &["6", "5"]), "true nil");
    assert_eq!(house.members(1), [1, 5]);
    assert_eq!(
        house.call(IsMember, "Newsletter", &["1@x.com", "6"]),
        "true yy"
    );
}

/// LO-10, LO-18, LO-19, LO-20, LO-26, GML-17, GML-34, DM-LST-1, DM-LST-2, DM-LST-3.
#[test]
fn lo_26_names_are_looked_up_outside_programs_first() {
    let house = house();
    for (name, id) in [
        ("newsletter ", 1),
        ("Spring.Newsletter", 2),
        ("SPRING.guests", 3),
        ("Only here", 5),
        ("Spring.Dotted", 6),
    ] {
        assert_eq!(house.call(Add, name, &["1"]), "true nil", "{name}");
        assert_eq!(house.members(id), [1], "{name}");
    }
    for name in ["Guests", "Nothing", "Autumn.Newsletter", "Winter.Guests"] {
        refused(house.run(&input(Add, name, &["1"])), "not found");
    }
    refused(house.run(&input(Add, "  ", &["1"])), "keyValue is required");
    let of_sales = ListOperation {
        key_type: ListKeyType::SalesUser,
        ..input(Add, "Newsletter", &["1"])
    };
    refused(house.run(&of_sales), "Newsletter not found");
}

/// LO-2, LO-11, LO-23.
#[test]
fn lo_23_bad_calls_change_nothing() {
    let house = house();
    refused(
        house.run(&input(Add, "Newsletter", &[])),
        "lead key is required",
    );
    refused(
        house.run(&input(Add, "Newsletter", &["1"; 1_001])),
        "at most 1000",
    );
    assert_eq!(house.call(Add, "Newsletter", &["3"; 1_000]), "true nil");
    for bad in ["", "x", "-1"] {
        refused(
            house.run(&input(Add, "Newsletter", &["1", bad])),
            "not valid",
        );
    }
    assert_eq!(house.members(1), [3]);
}

/// GML-1, GML-6, GML-12, GML-16, GML-22, GML-25, GML-27, GML-28, GML-33, GML-34, GML-38, DM-LST-5: a list is read page by
/// page.
#[test]
fn gml_06_a_list_is_read_to_its_end() {
    let house = house();
    house.call(Add, "Spring.Guests", &["4", "1", "5", "3"]);
    let page = |selector: Option<(Option<&str>, Option<i64>)>, position: &str, size| {
        let selection = LeadSelection {
            selector: selector.map(|(name, id)| Selector::StaticList(name.map(str::to_owned), id)),
            position: Some(position.to_owned()),
            batch_size: Some(size),
            include: None,
        };
        let page = house
            .store
            .read_now(|txn, now| get_multiple_leads(txn, &house.schema, now, &selection))?;
        let ids: Vec<_> = page.leads.iter().map(|lead| lead.id.0).collect();
        Ok::<_, CallError>((ids, page.remaining, page.position))
    };
    let by_name = Some((Some("spring.guests"), None));
    let (ids, remaining, position) = page(by_name, "", 2).unwrap();
    assert_eq!((ids, remaining), (vec![1, 3], 1));
    // GML-22: the position alone goes on.
    let (ids, remaining, end) = page(None, &position, 2).unwrap();
    assert_eq!((ids, remaining), (vec![4], 0));
    assert!(!end.is_empty());
    let past = page(by_name, &end, 2).unwrap();
    assert_eq!(past, (Vec::new(), 0, end));
    // GML-33.
    for selector in [
        (None, Some(3)),
        (Some("Guests"), Some(3)),
        (Some("Spring.Guests"), Some(3)),
    ] {
        assert_eq!(
            page(Some(selector), "", 9).unwrap().0,
            [1, 3, 4],
            "{selector:?}"
        );
    }
    // GML-16.
    for name in ["Nobody", "Guests"] {
        let empty = page(Some((Some(name), None)), "", 9).unwrap();
        assert_eq!(empty, (Vec::new(), 0, String::new()), "{name}");
    }
    assert!(matches!(
        page(Some((None, Some(77))), "", 9),
        Err(CallError::ListNotFound(_))
    ));
    assert!(matches!(
        page(Some((Some("Newsletter"), Some(3))), "", 9),
        Err(CallError::BadParameter { .. })
    ));
    for nothing in [(None, None), (Some(" "), None)] {
        assert!(matches!(
            page(Some(nothing), "", 9),
            Err(CallError::ParameterRequired(_))
        ));
    }
}
