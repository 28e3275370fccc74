use super::*;

#[test]
fn custom_object_types() {
    let of = |fields: &str| format!("[[custom_object]]\nname = 'T'\nfields = [\n{fields}\n]");
    let linked = |data_type: &str, link: &str| {
        of(&format!(
            "{{ name = 'k', type = '{data_type}', link = '{link}' }}"
        ))
    };
    for (data_type, link) in [
        ("integer", "Lead.Id"),
        ("string", "Lead.Email"),
        ("email", "Lead.FSPID"),
        ("string", "Company.Company"),
        ("string", "RoadShow.rid"),
        ("integer", "roadshow.MKTOID"),
    ] {
        instance(&format!("{DEMO}\n{}", linked(data_type, link)));
    }
    let many: String = (0..51)
        .map(|i| format!("{{ name = 'f{i}', type = 'string' }},\n"))
        .collect();
    let dedupe: String = (0..4)
        .map(|i| format!("{{ name = 'f{i}', type = 'string', dedupe = true }},\n"))
        .collect();
    each(&[
        (
            "[[custom_object]]\nname = 'T'",
            1,
            "custom_object.fields",
            &["required"],
        ),
        (
            "[[custom_object]]\nname = 'T'\nfields = []",
            3,
            "custom_object.fields",
            &["1 to 50 fields", "got none"],
        ),
        (
            "[[custom_object]]\nname = 'T'\nfields = 'x'",
            3,
            "custom_object.fields",
            &["a list of tables"],
        ),
        (
            "[[custom_object]]\nname = 'T x'\nfields = [{ name = 'a', type = 'string' }]",
            2,
            "custom_object.name",
            &["letters, digits and underscores"],
        ),
        (
            "[[custom_object]]\nname = 'lead'\nfields = [{ name = 'a', type = 'string' }]",
            2,
            "custom_object.name",
            &["other than Lead and Company"],
        ),
        (
            &of(&many),
            3,
            "custom_object.fields",
            &["1 to 50 fields", "got 51"],
        ),
        (
            &of(&dedupe),
            3,
            "custom_object.fields",
            &["at most 3 dedupe fields", "got 4"],
        ),
        (
            &of("{ name = 'a', type = 'text' }"),
            4,
            "custom_object.fields.type",
            &["one of string, email"],
        ),
        (
            &of("{ name = 'a', type = 'score' }"),
            4,
            "custom_object.fields.type",
            &["one of string, email"],
        ),
        (
            &of("{ name = 'a', type = 'string' },\n{ name = 'A', type = 'string' }"),
            5,
            "custom_object.fields.name",
            &["each field once"],
        ),
        (
            &of("{ name = 'a', type = 'string', uniqe = true }"),
            4,
            "custom_object.fields.uniqe",
            &["a known key"],
        ),
        (
            &linked("string", "Lead"),
            4,
            "custom_object.fields.link",
            &["<object>.<dedupe field>"],
        ),
        (
            &linked("string", "Lead.Id"),
            4,
            "custom_object.fields.link",
            &["a field of the type of the link, string", "integer"],
        ),
        (
            &linked("integer", "Lead.Nope"),
            4,
            "custom_object.fields.link",
            &["a lead field"],
        ),
        (
            &linked("string", "Lead.Company"),
            4,
            "custom_object.fields.link",
            &["Company.Company"],
        ),
        (
            &linked("string", "Company.City"),
            4,
            "custom_object.fields.link",
            &["Lead.City"],
        ),
        (
            &linked("string", "Lead.ForeignSysPersonId"),
            4,
            "custom_object.fields.link",
            &["an attribute of the lead"],
        ),
        (
            &linked("string", "Nope.x"),
            4,
            "custom_object.fields.link",
            &["a custom object type"],
        ),
        (
            &linked("string", "RoadShow.city"),
            4,
            "custom_object.fields.link",
            &["a dedupe field of RoadShow"],
        ),
    ]);
}
