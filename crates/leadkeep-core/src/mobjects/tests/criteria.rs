//! Conditions of getMObjects (GMO-4 to GMO-6, GMO-28 to GMO-33, GMO-39).

use super::*;

/// Opportunities to choose from; 4 has nothing.
fn set() -> House {
    let house = house();
    house.lead("a@x.com");
    house.sync(
        INSERT,
        &[
            ("Opportunity; Name=Alpha; Amount=9; Stage=Open; Type=New; CloseDate=2013-01-02; IsWon=1", "CREATED 1"),
            ("Opportunity; Name=beta; Amount=10.50; Stage=Won; number=7; CloseDate=2013-01-10", "CREATED 2"),
            ("Opportunity; Name=Gamma; Amount=100; Probability=5; ExternalCreatedDate=2013-08-01T12:00:00Z", "CREATED 3"),
        ],
    );
    house.store.advance(3600);
    house.sync(
        INSERT,
        &[
            ("Opportunity", "CREATED 4"),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=Buyer; IsPrimary=1",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; OpportunityId=2; PersonId=1",
                "CREATED 2",
            ),
        ],
    );
    house
}

#[track_caller]
fn all(house: &House, cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        assert_eq!(&house.ids(line), expected, "{line}");
    }
}

/// GMO-6, GMO-30: by the type of the field; text without regard to case; without a value only NE holds.
#[test]
fn gmo_30_values_compare_by_their_type() {
    let house = set();
    for (comparison, amounts, names) in [
        ("EQ", "2", "2"),
        ("NE", "1 3 4", "1 3 4"),
        ("LT", "1", "1"),
        ("LE", "1 2", "1 2"),
        ("GT", "3", "3"),
        ("GE", "2 3", "2 3"),
    ] {
        assert_eq!(
            house.ids(&format!("Opportunity; Amount|{comparison}|10.5")),
            amounts
        );
        assert_eq!(
            house.ids(&format!("Opportunity; Name|{comparison}|BETA")),
            names
        );
    }
    all(
        &house,
        &[
            ("Opportunity; CloseDate|LT|2013-01-10", "1"),
            (
                "Opportunity; ExternalCreatedDate|EQ|2013-08-01T05:00:00-07:00",
                "3",
            ),
            ("Opportunity; IsWon|EQ|true", "1"),
            ("Opportunity; IsWon|NE|yes", "2 3 4"),
            ("Opportunity; Name|EQ| alpha ", "1"),
            ("Opportunity; Name|EQ|", ""),
            ("Opportunity; Name|NE|", "1 2 3 4"),
        ],
    );
}

/// GMO-30, SMO-51: blanks around a value do not count, neither in what is asked for nor in what is there.
#[test]
fn gmo_30_blanks_around_values_do_not_count() {
    let house = house();
    house.syncs(
        INSERT,
        &[
            (
                "Opportunity; Name= B ; Description= long  text ",
                "CREATED 1",
            ),
            ("Opportunity; Name=B", "CREATED 2"),
        ],
    );
    all(
        &house,
        &[
            ("Opportunity; Name|EQ| B ", "1 2"),
            ("Opportunity; Name|EQ|b", "1 2"),
            ("Opportunity; Name|NE| B", ""),
            ("Opportunity; Description|EQ| long  text ", "1"),
            ("Opportunity; Description|EQ|long text", ""),
        ],
    );
}

/// GMO-30: values that do not fit are refused.
#[test]
fn gmo_30_values_that_do_not_fit_are_refused() {
    let house = set();
    for line in [
        "Opportunity; Amount|EQ|x",
        "Opportunity; Amount|EQ|",
        "Opportunity; Amount|EQ|NULL",
        "Opportunity; CloseDate|GT|12/31/1985",
        "Opportunity; IsWon|EQ|perhaps",
        "Opportunity; Id|EQ|one",
        "Opportunity; Created At|GE|yesterday",
        "Opportunity; Amount|IN|1,x",
        "Program; Include Archive|EQ|perhaps",
        "Program; Include Archive|EQ|",
        "Program; Start Date|EQ|soon",
    ] {
        let given = house.ids(line);
        assert!(given.starts_with("attrValue: "), "{line}: {given}");
    }
}

/// GMO-30: by number, also with other numbers that nobody has.
#[test]
fn gmo_30_numbers_narrow_what_is_looked_at() {
    let unknown: Vec<String> = (1000..2000).map(|id| id.to_string()).collect();
    let many = format!("Opportunity; Id|IN|{},3", unknown.join(","));
    let first = format!("Opportunity; Id|IN|2,-1,0,{}", unknown.join(","));
    all(
        &set(),
        &[
            ("Opportunity; Id|EQ|2", "2"),
            ("Opportunity; Id|EQ|2; Id|EQ|3", ""),
            ("Opportunity; Id|EQ|2; Id|GT|2", ""),
            ("Opportunity; Id|IN|3,2,2; Name|NE|beta", "3"),
            ("Opportunity; Id|GT|2", "3 4"),
            ("Opportunity; Id|GE|2; Id|LT|4", "2 3"),
            ("Opportunity; Id|GE|2; Id|GT|1; Id|GE|3", "3 4"),
            ("Opportunity; Id|GE|-9223372036854775808", "1 2 3 4"),
            ("Opportunity; Id|GT|9223372036854775807", ""),
            ("Opportunity 2; Id|NE|2", ""),
            (&many, "3"),
            (&first, "2"),
        ],
    );
}

/// GMO-29: EQ if missing, IN with commas, nothing else.
#[test]
fn gmo_29_comparisons_as_clients_send_them() {
    all(
        &set(),
        &[
            ("Opportunity; Name|alpha", "1"),
            ("Opportunity; Name||alpha", "1"),
            ("Opportunity; Name| eq |alpha", "1"),
            ("Opportunity; Id|IN|1,3, 4,77", "1 3 4"),
            ("Opportunity; Name|in|ALPHA,Gamma", "1 3"),
            ("Opportunity; Id|IN|1,,", "1"),
            ("Opportunity; Id|IN|", ""),
            (
                "Opportunity; Name|LIKE|a",
                "comparison: EQ, NE, LT, LE, GT, GE is expected, not `LIKE`",
            ),
        ],
    );
}

/// GMO-28, GMO-4: names without regard to case and blanks; every attribute, custom ones too; no others.
#[test]
fn gmo_28_every_attribute_may_be_used() {
    all(
        &set(),
        &[
            ("Opportunity; NAME|EQ|alpha", "1"),
            ("Opportunity; close date|EQ|2013-01-02", "1"),
            ("Opportunity; number|EQ|007", "2"),
            ("Opportunity; Number|GT|6", "2"),
            ("Opportunity; Probability|LE|5%", "3"),
            ("Opportunity; CompanyId|EQ|1", ""),
            ("OpportunityPersonRole; Is Primary|EQ|1", "1"),
            ("OpportunityPersonRole; OpportunityId|EQ|2", "2"),
            ("OpportunityPersonRole; Person Id|EQ|1", "1 2"),
            (
                "Opportunity; Nome|EQ|x",
                "attrName: Opportunity has no attribute Nome",
            ),
            (
                "Opportunity; |EQ|x",
                "attrName: Opportunity has no attribute ",
            ),
            (
                "Opportunity; Marketo GUID|EQ|x",
                "attrName: Opportunity has no attribute Marketo GUID",
            ),
            (
                "Program; Description|EQ|x",
                "attrName: Program has no attribute Description",
            ),
        ],
    );
}

/// GMO-28: CompanyId is an attribute too.
#[test]
fn gmo_28_the_company_may_be_used() {
    let house = house();
    house.lead("a@x.com");
    let company = house.lead_row(1).company;
    house.sync(
        INSERT,
        &[
            ("Opportunity; -> Company Email=a@x.com", "CREATED 1"),
            ("Opportunity", "CREATED 2"),
        ],
    );
    assert_eq!(
        house.ids(&format!("Opportunity; CompanyId|EQ|{company}")),
        "1"
    );
    assert_eq!(
        house.ids(&format!("Opportunity; Company Id|NE|{company}")),
        "2"
    );
}

/// GMO-4, GMO-39: which listed names belong to which type.
#[test]
fn gmo_39_listed_names_by_type() {
    let house = set();
    for (name, value, types) in [
        ("Id", "1", "ORP"),
        ("Created At", "2013-08-01", "ORP"),
        ("Updated At", "2013-08-01", "ORP"),
        ("Name", "x", "OP"),
        ("Type", "x", "OP"),
        ("Stage", "x", "O"),
        ("CRM Id", "x", "OP"),
        ("Role", "x", "R"),
        ("Tag Type", "x", "P"),
        ("Tag Value", "x", "P"),
        ("Workspace Id", "1", "P"),
        ("Workspace Name", "x", "P"),
        ("Include Archive", "true", "P"),
    ] {
        for (letter, object) in [
            ("O", "Opportunity"),
            ("R", "OpportunityPersonRole"),
            ("P", "Program"),
        ] {
            let given = house.ids(&format!("{object}; {name}|EQ|{value}"));
            let refused = format!("attrName: {object} has no attribute {name}");
            assert_eq!(
                given != refused,
                types.contains(letter),
                "{object} {name}: {given}"
            );
        }
    }
    all(
        &house,
        &[
            ("Opportunity; Id|LE|2", "1 2"),
            ("Opportunity; Stage|EQ|won", "2"),
            ("Opportunity; Type|EQ|new", "1"),
            ("OpportunityPersonRole; Role|EQ|buyer", "1"),
            ("Opportunity; CreatedAt|LE|2013-08-01T00:59:59Z", "1 2 3"),
            ("Opportunity; Created At|EQ|2013-08-01T03:00:00+02:00", "4"),
            ("Opportunity; UpdatedAt|GE|2013-08-01T00:00:01Z", "4"),
        ],
    );
}

/// GMO-33: CRM Id matches a field of that name, else nothing.
#[test]
fn gmo_33_crm_id_is_a_field_or_nothing() {
    let house = set();
    all(
        &house,
        &[
            ("Opportunity; CRM Id|EQ|7", ""),
            ("Opportunity; CRM Id|NE|7", "1 2 3 4"),
        ],
    );
    let house =
        house_with("[[field]]\nobject = \"Opportunity\"\nname = \"crmId\"\ntype = \"string\"\n");
    house.sync(
        INSERT,
        &[
            ("Opportunity; crmId=7", "CREATED 1"),
            ("Opportunity", "CREATED 2"),
        ],
    );
    all(&house, &[("Opportunity; CRM Id|EQ|7", "1")]);
}

/// GMO-5, GMO-31: tags by type, by value, or by the pair.
#[test]
fn gmo_31_programs_by_their_tags() {
    let house = demo();
    house.sync(
        UPDATE,
        &[("Program 1006; [Tag] Type=Content Channel, Value=Email; [Tag] Type=Regions, Value=North", "UPDATED 1006")],
    );
    let once = "mObjCriteriaList: only one Tag Type may be given";
    let kinds = "comparison: tags compare by EQ and NE only";
    all(
        &house,
        &[
            ("Program; Tag Type|EQ|Regions", "1006 1970"),
            ("Program; TagType|EQ|content channel", "1006"),
            ("Program; Tag Type|NE|Content Channel", "1970"),
            ("Program; Tag Value|EQ|emea", "1970"),
            ("Program; Tag Value|NE|EMEA", "1006"),
            ("Program; Tag Type|EQ|Regions; Tag Value|EQ|North", "1006"),
            (
                "Program; Tag Value|EQ|North; Tag Type|EQ|Content Channel",
                "",
            ),
            ("Program; Tag Type|EQ|Regions; Tag Value|NE|North", "1970"),
            ("Program; Tag Type|EQ|Channel; Tag Value|EQ|Blog", "1970"),
            ("Program; Tag Type|EQ|Nope", ""),
            ("Program; Tag Type|EQ|Regions; Tag Type|EQ|Channel", once),
            ("Program; Tag Type|GT|Regions", kinds),
            ("Program; Tag Value|IN|North,EMEA", kinds),
        ],
    );
}

/// GMO-32, DM-PRG-4: archived ones only if they are asked for.
#[test]
fn gmo_32_archived_programs_are_left_out() {
    let equality = "comparison: Include Archive compares by EQ and NE only";
    all(
        &demo(),
        &[
            ("Program", "1006 1970"),
            ("Program; Include Archive|EQ|true", "1006 1970 1971"),
            ("Program; includearchive|1", "1006 1970 1971"),
            ("Program; Include Archive|EQ|false", "1006 1970"),
            ("Program; Include Archive|NE|false", "1006 1970 1971"),
            ("Program; Include Archive|LT|true", equality),
            ("Program; Include Archive|IN|true", equality),
            (
                "Program; Include Archive|EQ|true; Is Archived|EQ|true",
                "1971",
            ),
            ("Program 1971", ""),
        ],
    );
}

/// GMO-4, GMO-28, GMO-39: programs by what they show.
#[test]
fn gmo_39_programs_by_their_attributes() {
    all(
        &demo(),
        &[
            ("Program; Name|EQ|trav-demo-program", "1970"),
            ("Program; Type|EQ|Marketing Event", "1006"),
            ("Program; Workspace Id|EQ|1", "1006 1970"),
            ("Program; Workspace Name|NE|default", ""),
            ("Program; CRM Id|EQ|x", ""),
            (
                "Program; Tree Path|EQ|/Marketing Activities/Default/Training/Trav-Demo-Program",
                "1970",
            ),
            ("Program; Start Date|EQ|2011-08-01 11:00:00", "1006"),
            ("Program; Start Date|EQ|2011-08-01T13:00:00+02:00", "1006"),
            ("Program; End Date|GT|2011-08-01", "1006"),
            ("Program; StartDate|NE|2011-08-01T11:00:00", "1970"),
        ],
    );
}
