use super::*;
use crate::ids::ObjectTypeId;
use crate::schema::testing::DEMO;
use crate::store::FieldIndex;
use crate::value::DataType;

fn lead_field(lines: &str) -> String {
    format!("[[field]]\nobject = 'Lead'\nname = 'FSPID'\n{lines}")
}

#[test]
fn prv_5_a_field_with_values_keeps_its_type_and_object() {
    let mut structure = instance(DEMO);
    let index = FieldIndex::Lead("FSPID".to_owned());
    structure.in_use.insert(index.clone(), 40);
    assert_refused(
        &mut structure,
        &lead_field("type = 'integer'"),
        &[
            "line 4: field.type: expected string, as it is stored: records have values",
            "integer",
        ],
    );
    assert_refused(
        &mut structure,
        "[[field]]\nobject = 'Company'\nname = 'fspid'\ntype = 'string'",
        &[
            "line 2: field.object: expected Lead, as it is stored",
            "Company",
        ],
    );
    structure.in_use.clear();
    let report = structure.apply(&lead_field("type = 'integer'"));
    assert_eq!(
        report.changes,
        [
            "~ field Lead.FSPID size: 255 -> none",
            "~ field Lead.FSPID type: \"string\" -> \"integer\""
        ]
    );
    let schema = structure.schema();
    assert_eq!(
        schema.lead_field("FSPID").unwrap().data_type,
        DataType::Integer
    );
}

#[test]
fn prv_5_a_field_has_room_for_its_values() {
    let mut structure = instance(DEMO);
    let index = FieldIndex::Lead("FSPID".to_owned());
    structure.in_use.insert(index, 40);
    assert_refused(
        &mut structure,
        &lead_field("type = 'string'\nsize = 39"),
        &[
            "line 5: field.size: expected 255, as it is stored: a record has a value of 40 characters, got 39",
        ],
    );
    structure.apply(&lead_field("type = 'string'\nsize = 40"));
    structure.apply(&lead_field("type = 'string'\nsize = 2000"));
}

#[test]
fn prv_5_a_company_key_is_made_before_its_values() {
    let mut structure = instance(DEMO);
    let key =
        "[[field]]\nobject = 'Lead'\nname = 'cAccountFSID'\ntype = 'string'\ncompany_key = false";
    structure
        .in_use
        .insert(FieldIndex::Lead("cAccountFSID".to_owned()), 5);
    assert_refused(
        &mut structure,
        key,
        &[
            "line 5: field.company_key: expected true",
            "share their companies",
        ],
    );
    structure.in_use.clear();
    structure.apply(key);
    assert!(structure.schema().company_key.is_none());
}

fn road_show(rid: &str, city: &str) -> String {
    format!(
        "[[custom_object]]\nname = 'RoadShow'\nfields = [\n{{ name = 'MKTOID', type = 'integer', dedupe = true, link = 'Lead.Id' }},\n{{ name = 'rid', {rid} }},\n{{ name = 'city', {city} }}]"
    )
}

#[test]
fn dm_cob_4_a_type_with_records_keeps_its_dedupe_and_link_fields() {
    // PRV-5, DM-COB-4
    let mut structure = instance(DEMO);
    let id = structure.schema().custom_object("RoadShow").unwrap().id;
    structure.records.insert(id, 1);
    let key = "type = 'string', dedupe = true";
    let plain = "type = 'string'";
    for (rid, city, parts) in [
        (
            plain,
            plain,
            [
                "line 5",
                "expected a dedupe field, as it is stored: the type has records",
            ],
        ),
        (
            key,
            "type = 'string', dedupe = true",
            ["line 6", "expected no dedupe field, as it is stored"],
        ),
        (
            key,
            "type = 'string', link = 'Lead.City'",
            ["line 6", "expected no link, as it is stored"],
        ),
    ] {
        assert_refused(&mut structure, &road_show(rid, city), &parts);
    }
    let unlinked = road_show(key, plain).replace(", link = 'Lead.Id'", "");
    assert_refused(
        &mut structure,
        &unlinked,
        &["line 4", "expected a link, as it is stored"],
    );

    structure
        .in_use
        .insert(FieldIndex::Record(id, "city".to_owned()), 12);
    assert_refused(
        &mut structure,
        &road_show(key, "type = 'integer'"),
        &["line 6", "expected string"],
    );
    assert_refused(
        &mut structure,
        &road_show(key, "type = 'string', size = 11"),
        &["line 6", "12 characters"],
    );

    // Other fields may be added.
    let more = road_show(key, plain).replace(
        "\n{ name = 'city'",
        "\n{ name = 'when', type = 'date' },\n{ name = 'city'",
    );
    let report = structure.apply(&more);
    assert_eq!(
        report.changes[..1],
        ["~ custom_object RoadShow fields rid display_name: \"Road show id\" -> \"rid\""]
    );
    assert_eq!(
        report.changes[1..],
        ["+ custom_object RoadShow fields when"]
    );
}

#[test]
fn dm_cob_4_an_empty_type_may_change() {
    let mut structure = instance(DEMO);
    structure.apply(&road_show(
        "type = 'integer'",
        "type = 'string', dedupe = true",
    ));
    let schema = structure.schema();
    let object = schema.custom_object_by_id(ObjectTypeId(1)).unwrap();
    let dedupe: Vec<_> = object
        .fields
        .iter()
        .filter(|f| f.dedupe)
        .map(|f| f.name.as_str())
        .collect();
    assert_eq!(dedupe, ["MKTOID", "city"]);
}

/// PRV-5, DM-COB-4, DM-COB-6: keys hold the dedupe values in the order of the definition.
#[test]
fn dm_cob_6_a_type_with_records_keeps_the_order_of_its_dedupe_fields() {
    let mut structure = instance(DEMO);
    let id = structure.schema().custom_object("RoadShow").unwrap().id;
    structure.records.insert(id, 1);
    let swapped = "[[custom_object]]
name = 'RoadShow'
fields = [
{ name = 'city', type = 'string' },
{ name = 'rid', type = 'string', dedupe = true },
{ name = 'MKTOID', type = 'integer', dedupe = true, link = 'Lead.Id' }]";
    assert_refused(
        &mut structure,
        swapped,
        &[
            "line 3: custom_object.fields: expected the dedupe fields in the order MKTOID, rid, as it is stored: the type has records",
            "got the dedupe fields in the order rid, MKTOID",
        ],
    );
    structure.records.clear();
    assert_eq!(
        fields_after(&mut structure, swapped, "RoadShow"),
        ["city", "rid", "MKTOID", "zip", "state"],
        "an empty type may change"
    );
}

/// PRV-2, PRV-5: what a file does not name keeps its place, so that no key changes by accident.
#[test]
fn prv_5_fields_that_the_file_does_not_name_keep_their_places() {
    let mut structure = instance(
        "[[custom_object]]
        name = 'Ev'
        fields = [
        { name = 'a', type = 'string', dedupe = true },
        { name = 'b', type = 'string', dedupe = true },
        { name = 'c', type = 'string' }]",
    );
    let id = structure.schema().custom_object("Ev").unwrap().id;
    structure.records.insert(id, 1);
    let of = |fields: &str| format!("[[custom_object]]\nname = 'Ev'\nfields = [{fields}]");
    let key = "{ name = 'b', type = 'string', dedupe = true }";
    let plain = |name: &str| format!("{{ name = '{name}', type = 'string' }}");
    for (fields, expected) in [
        (format!("{key}, {}", plain("extra")), "a b c extra"),
        (format!("{}, {key}", plain("front")), "a front b c extra"),
        (plain("last"), "a front b c extra last"),
        (
            format!("{}, {}", plain("last"), plain("c")),
            "a front b last extra c",
        ),
    ] {
        let after = fields_after(&mut structure, &of(&fields), "Ev");
        assert_eq!(after.join(" "), expected);
        assert_eq!(structure.apply(&of(&fields)).to_string(), "no changes");
    }
}

/// The names of a type's fields in order, once a file is applied.
fn fields_after(structure: &mut Structure, toml: &str, object: &str) -> Vec<String> {
    structure.apply(toml);
    let schema = structure.schema();
    let object = schema.custom_object(object).unwrap();
    object.fields.iter().map(|f| f.name.clone()).collect()
}

/// PRV-5, PRV-7, DM-COB-2: what links refer to keeps fitting them, also if the file does not name the types that link.
#[test]
fn dm_cob_2_what_is_linked_to_keeps_fitting() {
    let mut structure = instance(
        "[[field]]
        object = 'Lead'
        name = 'LX'
        type = 'string'
        [[field]]
        object = 'Company'
        name = 'CX'
        type = 'string'
        [[custom_object]]
        name = 'Parent'
        fields = [{ name = 'k', type = 'string', dedupe = true }, { name = 'n', type = 'integer', dedupe = true }]
        [[custom_object]]
        name = 'Child'
        fields = [{ name = 'p', type = 'string', link = 'Parent.k' }]
        [[custom_object]]
        name = 'Other'
        fields = [
          { name = 'l', type = 'string', link = 'Lead.LX' },
          { name = 'c', type = 'string', link = 'Company.CX' },
        ]",
    );
    let parent =
        |k: &str| format!("[[custom_object]]\nname = 'Parent'\nfields = [{{ name = 'k', {k} }}]");
    let field = |object: &str, name: &str, data_type: &str| {
        format!("[[field]]\nobject = '{object}'\nname = '{name}'\ntype = '{data_type}'")
    };
    for (toml, parts) in [
        (
            parent("type = 'integer'"),
            [
                "line 3: custom_object.fields.name: expected a dedupe field that Child.p, which is string, can link to",
                "got no dedupe field, integer",
            ],
        ),
        (
            parent("type = 'string'"),
            ["line 3: ", "got no dedupe field, string"],
        ),
        (
            parent("type = 'integer', dedupe = true"),
            ["line 3: ", "got a dedupe field, integer"],
        ),
        (
            field("Lead", "lx", "integer"),
            [
                "line 3: field.name: expected a field of Lead that Other.l, which is string, can link to",
                "got a field of Lead, integer",
            ],
        ),
        (
            field("Company", "LX", "string"),
            [
                "expected a field of Lead that Other.l",
                "got a field of Company, string",
            ],
        ),
        (
            field("Lead", "CX", "string"),
            [
                "expected a field of Company that Other.c",
                "got a field of Lead, string",
            ],
        ),
    ] {
        assert_refused(&mut structure, &toml, &parts);
    }
    // Texts fit each other, and a link that goes with its target is no obstacle.
    structure.apply(&parent("type = 'email', dedupe = true"));
    structure.apply(&field("Lead", "LX", "url"));
    structure.apply(&format!(
        "{}\n[[custom_object]]\nname = 'Child'\nfields = [{{ name = 'p', type = 'integer', link = 'Parent.k' }}]",
        parent("type = 'integer', dedupe = true")
    ));
}
