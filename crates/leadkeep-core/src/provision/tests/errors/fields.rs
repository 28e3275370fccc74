use super::*;

#[test]
fn prv_6_field_names_and_what_stands_on_fields() {
    // PRV-6, DM-NAM-6
    let field =
        |lines: &str| format!("[[field]]\nobject = 'Lead'\nname = 'N'\ntype = 'string'\n{lines}");
    let named =
        |name: &str| format!("[[field]]\nobject = 'Lead'\nname = {name:?}\ntype = 'string'");
    for name in ["Budget__c", "Score A+", "_x", "Größe", "a-b"] {
        instance(&named(name));
    }
    for name in ["1a", "a.b", "a\"b", "a\\b", "'", "a ", " a", "a\nb"] {
        assert_refused(
            &mut Structure::default(),
            &named(name),
            &["line 3: field.name: "],
        );
    }
    for name in [
        "FirstName",
        "firstname",
        "Street",
        "Id",
        "sfdcAccountId",
        "ForeignSysType",
    ] {
        let parts = ["line 3: field.name: expected a name that no standard field has"];
        assert_refused(&mut Structure::default(), &named(name), &parts);
    }
    let long = "n".repeat(256);
    assert_refused(&mut Structure::default(), &named(&long), &["1 to 255"]);
    each(&[
        (&field("size = 0"), 5, "field.size", &["from 1 to 2000"]),
        (&field("size = 2001"), 5, "field.size", &["from 1 to 2000"]),
        (
            &field("external_key = true"),
            5,
            "field.external_key",
            &["Opportunity"],
        ),
        (
            "[[field]]\nobject = 'Lead'\nname = 'N'\ntype = 'integer'\nsize = 5",
            5,
            "field.size",
            &["no size"],
        ),
        (
            "[[field]]\nobject = 'Lead'\nname = 'N'",
            1,
            "field.type",
            &["required"],
        ),
        (
            "[[field]]\nobject = 'Lead'\nname = 'N'\ntype = 'varchar'",
            4,
            "field.type",
            &["one of string, text"],
        ),
        (
            "[[field]]\nobject = 'Opportunity'\nname = 'N'\ntype = 'date'\nexternal_key = true",
            5,
            "field.external_key",
            &["string or integer"],
        ),
        (
            "[[field]]\nobject = 'Opportunity'\nname = 'N'\ntype = 'string'\ncompany_key = true",
            5,
            "field.company_key",
            &["Lead or Company"],
        ),
        (
            &field("[[field]]\nobject = 'Company'\nname = 'n'\ntype = 'string'"),
            7,
            "field.name",
            &["one table a field", "line 3"],
        ),
    ]);
    // The example has a company key and an external key already.
    assert_refused(
        &mut instance(DEMO),
        &field("company_key = true"),
        &["cAccountFSID"],
    );
    let second =
        "[[field]]\nobject = 'Opportunity'\nname = 'N'\ntype = 'string'\nexternal_key = true";
    assert_refused(
        &mut instance(DEMO),
        second,
        &["line 5: field.external_key", "opportunityId"],
    );
}
