use super::bodies::{definition, names};
use super::*;
use crate::store::{Definition, DefinitionKind, StoreError};
use crate::value::DataType;
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn custom(object: FieldObject, name: &str) -> FieldBody {
    FieldBody {
        object,
        name: name.to_owned(),
        display_name: name.to_owned(),
        description: String::new(),
        data_type: DataType::String,
        size: Some(255),
        external_key: false,
        company_key: object == FieldObject::Company,
    }
}

fn field(body: &FieldBody) -> Definition {
    let name = names::field(body.object, &body.name);
    definition(DefinitionKind::Field, name, body, at(77)).unwrap()
}

fn settings(name: &str, body: &str) -> Definition {
    Definition {
        kind: DefinitionKind::Settings,
        name: name.to_owned(),
        body: body.to_owned(),
        updated_at: at(1),
    }
}

#[test]
fn a_new_instance_has_defaults() {
    let schema = Schema::load(0, &[]).unwrap();
    assert_eq!(schema.instance.time_zone_name, "UTC");
    assert_eq!(schema.rules, Rules::default());
    assert_eq!(schema.workspaces.len(), 1);
    assert_eq!(
        schema.workspace("DEFAULT ").unwrap().primary_partition.0,
        1,
        "DM-WSP-1, DM-GEN-4"
    );
    assert_eq!(schema.partition("default").unwrap().id.0, 1);
    assert!(schema.channels.is_empty() && schema.tags.is_empty() && schema.users.is_empty());
    let blocked: Vec<_> = schema
        .lead_fields
        .iter()
        .filter(|field| field.is_update_blocked)
        .map(|field| field.name.as_ref())
        .collect();
    assert_eq!(blocked, ["AnonymousIP"], "COM-24, DM-FLD-4");
}

#[test]
fn com_26_fields_are_found_exactly_then_by_alias_then_by_folded_name() {
    // COM-26, DM-NAM-2, DM-NAM-3
    let bodies = [
        custom(FieldObject::Lead, "Score A+"),
        custom(FieldObject::Company, "Budget__c"),
        custom(FieldObject::Opportunity, "opportunityId"),
        custom(FieldObject::OpportunityPersonRole, "Weight"),
    ];
    let schema = Schema::load(3, &bodies.iter().map(field).collect::<Vec<_>>()).unwrap();
    for (name, expected) in [
        ("FirstName", Some("FirstName")),
        ("firstname", Some("FirstName")),
        ("Street", Some("Address")),
        ("LeadPerson", Some("Lead Person")),
        ("score a+", Some("Score A+")),
        ("budget__C", Some("Budget__c")),
        ("First Name", None),
        ("sfdcAccountId", None),
        ("opportunityId", None),
    ] {
        let found = schema.lead_field(name).map(|field| field.name.as_ref());
        assert_eq!(found, expected, "{name}");
    }
    let field = schema.opportunity_fields.find("OPPORTUNITYID").unwrap();
    assert!(field.custom && schema.is_shown(field), "DMO-7");
    assert_eq!(field.updated_at, at(77), "DMO-13");
    assert_eq!(
        schema.company_key.as_ref().unwrap().name.as_ref(),
        "Budget__c",
        "DM-CO-3"
    );
    assert!(schema.role_fields.find("weight").is_some());
    assert!(
        schema.lead_fields.stored("sfdcAccountId").is_some(),
        "hidden ones have their REST name"
    );
}

#[test]
fn dm_read_4_optional_fields_are_shown_by_group() {
    // DM-FLD-2, DM-READ-4
    let shown = |groups: &str| {
        let rules = settings("rules", &format!("{{\"shown_groups\":[{groups}]}}"));
        let schema = Schema::load(1, &[rules]).unwrap();
        schema
            .lead_fields
            .iter()
            .filter(|field| schema.is_shown(field))
            .count()
    };
    assert_eq!(shown(""), 42);
    assert_eq!(shown("\"social\""), 42 + 27);
    assert_eq!(shown("\"datacom\""), 42 + 2);
    assert_eq!(shown("\"social\",\"datacom\""), 42 + 29);
}

#[test]
fn sco_36_types_are_found_by_name_then_display_name() {
    // SCO-36
    let object = |id, name: &str, display_name: &str| CustomObject {
        id: crate::ids::ObjectTypeId(id),
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        description: String::new(),
        strict: false,
        fields: vec![ObjectField {
            name: "rid".to_owned(),
            display_name: "rid".to_owned(),
            data_type: DataType::String,
            size: Some(255),
            dedupe: true,
            link: Some(Link::LeadId),
        }],
    };
    let definitions: Vec<_> = [object(1, "A", "B"), object(2, "B", "Road Show")]
        .iter()
        .map(|object| {
            let name = names::folded(&object.name);
            definition(DefinitionKind::CustomObject, name, object, at(1)).unwrap()
        })
        .collect();
    let schema = Schema::load(1, &definitions).unwrap();
    for (name, expected) in [
        ("a", Some(1)),
        ("b", Some(2)),
        ("road SHOW ", Some(2)),
        ("C", None),
    ] {
        assert_eq!(
            schema.custom_object(name).map(|object| object.id.0),
            expected,
            "{name}"
        );
    }
    let first = schema.custom_object("A").unwrap();
    assert!(first.field("RID").is_some() && first.field("x").is_none());
}

#[test]
fn smo_60_tag_values_and_channels() {
    // SMO-60, DM-CHN-1
    let tag = TagType {
        name: "Regions".to_owned(),
        values: vec!["north".to_owned(), "North".to_owned()],
    };
    assert_eq!(tag.value("North"), Some("North"));
    assert_eq!(tag.value("NORTH "), Some("north"));
    assert_eq!(tag.value("South"), None);
    let channel = |kind| Channel {
        name: "x".to_owned(),
        kind,
        statuses: Vec::new(),
    };
    assert!(channel(None).fits("Anything"));
    assert!(channel(Some(ChannelKind::Webinar)).fits("marketing event"));
    assert!(!channel(Some(ChannelKind::Program)).fits("Marketing Event"));
    assert!(channel(Some(ChannelKind::Nurture)).fits("Nurture Program"));
    assert!(channel(Some(ChannelKind::Email)).fits("Email Program"));
}

#[test]
fn what_somebody_else_wrote_is_an_error_not_a_panic() {
    for bad in [
        settings("instance", "{"),
        settings(
            "instance",
            "{\"time_zone\":\"Mars/Olympus\",\"crm_sync\":false}",
        ),
        settings("rules", "{\"no_such_rule\":1}"),
        settings("elsewhere", "{}"),
        Definition {
            kind: DefinitionKind::User,
            ..settings("x", "[]")
        },
    ] {
        let result = Schema::load(1, std::slice::from_ref(&bad));
        assert!(matches!(result, Err(StoreError::Corrupt(_))), "{bad:?}");
    }
}

#[test]
fn keys_of_users_are_not_in_debug_output() {
    let key = UserKey {
        key: "secret".to_owned(),
        valid_until: None,
    };
    assert!(!format!("{key:?}").contains("secret"));
}
