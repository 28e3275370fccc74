//! listMObjects and describeMObject (LMO-1 to LMO-3, DMO-1 to DMO-14).

use super::*;

fn described(schema: &Schema, name: &str) -> ObjectDescription {
    describe_mobject(schema, name).unwrap()
}

fn field<'a>(found: &'a ObjectDescription, name: &str) -> &'a FieldDescription {
    found
        .fields
        .iter()
        .find(|field| field.name == name)
        .unwrap()
}

/// LMO-1, LMO-2, LMO-3, DMO-1, DMO-9, DMO-10: the names, and what is none.
#[test]
fn lmo_01_four_objects_are_described() {
    let names = [
        "ActivityRecord",
        "LeadRecord",
        "Opportunity",
        "OpportunityPersonRole",
    ];
    assert_eq!(list_mobjects(), names);
    let schema = testing::demo();
    for name in names {
        assert_eq!(described(&schema, name).name, name);
        assert_eq!(
            described(&schema, &format!(" {} ", name.to_uppercase())).name,
            name
        );
    }
    assert!(matches!(
        describe_mobject(&schema, " "),
        Err(CallError::ParameterRequired("objectName"))
    ));
    for name in ["Program", "RoadShow", "Company", "Lead"] {
        assert!(
            matches!(
                describe_mobject(&schema, name),
                Err(CallError::BadObjectName)
            ),
            "{name}"
        );
    }
}

/// DMO-2, DMO-8, DM-FLD-6: on an empty database.
#[test]
fn dmo_02_composites_are_virtual() {
    let schema = Schema::new_instance();
    for (name, is_virtual) in [
        ("ActivityRecord", true),
        ("LeadRecord", true),
        ("Opportunity", false),
        ("OpportunityPersonRole", false),
    ] {
        let found = described(&schema, name);
        assert_eq!(found.is_virtual, is_virtual, "{name}");
        assert!(!found.fields.is_empty());
    }
}

/// DMO-3, DMO-5, DMO-6: eleven fields, as the documentation has them.
#[test]
fn dmo_03_activity_records() {
    let found = described(&testing::demo(), "ActivityRecord");
    assert_eq!(
        found.description.as_deref(),
        Some("Composite object composed of fields from Event, Campaign, Lead, and Company")
    );
    assert_eq!(found.fields.len(), 11);
    assert_eq!(found.updated_at.to_string(), "2010-01-01T00:00:00Z");
    for field in &found.fields {
        assert!(field.is_readonly && field.is_update_blocked && !field.is_custom);
        assert_eq!(
            (&field.display_name, field.dynamic_field_ref),
            (&None, None)
        );
        assert_eq!(field.is_name, Some(field.name == "activityType"));
        assert_eq!(field.is_primary_key, field.name == "id");
        assert_eq!(field.updated_at, found.updated_at);
    }
    let id = field(&found, "id");
    assert_eq!(id.description.as_deref(), Some("Unique system id of Event"));
    assert_eq!(
        (id.source_object.as_str(), id.data_type.as_str(), id.size),
        ("Event", "integer", Some(10))
    );
    assert_eq!(field(&found, "activityDateTime").data_type, "dateTime");
}

/// DMO-4, DMO-6, DMO-12: fields of leads and of opportunities.
#[test]
fn dmo_04_where_fields_travel() {
    let schema = testing::demo();
    for (name, dynamic) in [
        ("LeadRecord", "leadAttributeList"),
        ("Opportunity", "attributeList"),
        ("OpportunityPersonRole", "attributeList"),
    ] {
        let found = described(&schema, name);
        assert_eq!(found.description, None);
        for field in &found.fields {
            let is_dynamic = match name {
                "LeadRecord" => field.name != "Email",
                _ => field.name == "Id",
            };
            assert_eq!(
                field.dynamic_field_ref,
                is_dynamic.then_some(dynamic),
                "{name} {}",
                field.name
            );
            assert_eq!(
                (field.is_name, field.is_primary_key, &field.description),
                (None, false, &None)
            );
            assert!(!field.is_readonly, "DMO-12: {}", field.name);
            let sized = matches!(
                field.data_type.as_str(),
                "string" | "text" | "email" | "phone" | "url"
            );
            assert!(sized || field.size.is_none(), "{name} {}", field.name);
        }
    }
    let lead = described(&schema, "LeadRecord");
    assert_eq!(field(&lead, "Company").source_object, "Company");
    assert_eq!(field(&lead, "FirstName").size, Some(255));
    assert!(field(&lead, "AnonymousIP").is_update_blocked, "DMO-12");
    assert!(!field(&lead, "FirstName").is_update_blocked);
    let deal = described(&schema, "Opportunity");
    assert_eq!(
        field(&deal, "ExternalCreatedDate").data_type,
        "datetime",
        "DMO-6"
    );
    assert_eq!(
        field(&deal, "ExternalCreatedDate").display_name.as_deref(),
        Some("SFDC Created Date")
    );
}

/// DMO-7, DMO-11, DMO-12: custom fields stand among the others, by name without regard to case.
#[test]
fn dmo_11_fields_stand_in_the_order_of_their_names() {
    let schema = testing::demo();
    for (name, custom) in [
        (
            "LeadRecord",
            vec!["cAccountFSID", "Date_of_purchase", "FSPID", "OwnerEmail"],
        ),
        ("Opportunity", vec!["cAccountFSID", "opportunityId"]),
        ("OpportunityPersonRole", vec![]),
    ] {
        let found = described(&schema, name);
        let names: Vec<_> = found
            .fields
            .iter()
            .map(|field| field.name.to_lowercase())
            .collect();
        assert!(names.is_sorted(), "{name}");
        let own: Vec<_> = found
            .fields
            .iter()
            .filter(|field| field.is_custom)
            .map(|field| field.name.as_str())
            .collect();
        assert_eq!(own, custom);
    }
}

/// DMO-13: times are those of definitions.
#[test]
fn dmo_13_times_of_definitions() {
    let schema = demo().schema;
    let found = described(&schema, "Opportunity");
    let own = field(&found, "opportunityId").updated_at;
    assert_eq!(found.updated_at, own);
    assert!(field(&found, "Name").updated_at < own);
    let new = described(&Schema::new_instance(), "Opportunity");
    assert_eq!(new.updated_at, field(&new, "Name").updated_at);
}

/// DMO-14, DM-OPP-2: exactly the described fields of the catalogue, no element, no internal one.
#[test]
fn dmo_14_only_fields_with_a_soap_name() {
    let schema = Schema::new_instance();
    let names = |name| {
        let found = described(&schema, name);
        let names: Vec<_> = found.fields.into_iter().map(|field| field.name).collect();
        names.join(" ")
    };
    assert_eq!(
        names("Opportunity"),
        "Amount CloseDate CompanyId Description ExpectedRevenue ExternalCreatedDate Fiscal FiscalQuarter FiscalYear \
         ForecastCategoryName Id IsClosed IsWon LastActivityDate LeadSource Name NextStep Probability Quantity Stage Type"
    );
    assert_eq!(
        names("OpportunityPersonRole"),
        "ExternalCreatedDate Id IsPrimary OpportunityId PersonId Role"
    );
    let lead = names("LeadRecord");
    assert!(
        lead.contains("FirstName")
            && !lead.contains("MarketoSocial")
            && !lead.contains("marketoGUID")
    );
}
