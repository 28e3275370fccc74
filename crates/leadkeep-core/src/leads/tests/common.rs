//! How leads read (COM-14 to COM-21, DM-READ-1 to DM-READ-6).

use super::*;
use crate::value::DataType;

/// COM-14, DM-LEAD-1, COM-15, COM-16, DM-READ-1, DM-READ-2: sorted without regard to case, without Id and Email.
#[test]
fn com_15_attributes_are_sorted_without_regard_to_case() {
    let house = house_with(
        "[[field]]\nobject = \"Lead\"\nname = \"abc\"\ntype = \"string\"\n\
         [[field]]\nobject = \"Lead\"\nname = \"company_size\"\ntype = \"string\"\n",
    );
    house.batch(&[(
        "email a@x.com; foreign F; FirstName=Bob; abc=1; company_size=9; Company=Acme; City=Bonn",
        "CREATED 1",
    )]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; CUSTOM:F; abc=1; City=Bonn; Company=Acme; company_size=9; FirstName=Bob; Website=x.com"
    );
}

/// COM-17, COM-18, DM-READ-2, DM-READ-6, VAL-9, DM-VAL-16, GL-2: no value, no attribute; a false that was written is one.
#[test]
fn com_17_attributes_without_value_are_left_out() {
    let house = house();
    house.batches(&[
        ("foreign F; City=; LeadScore=; DoNotCall=false", "CREATED 1"),
        ("foreign G; City= ", "CREATED 2"),
        ("id 1; DoNotCall=", "UPDATED 1"),
        ("foreign H; DoNotCall=0", "CREATED 3"),
    ]);
    assert!(house.view(1).attributes.is_empty());
    assert!(house.view(2).attributes.is_empty());
    assert_eq!(house.lead(3), "3; CUSTOM:H; DoNotCall=0");
}

/// COM-19, DM-READ-3, RSP-9, VAL-6: the type of the field; times in the instance's zone.
#[test]
fn com_19_attributes_have_the_type_of_their_field() {
    let house = house_with(
        "[instance]\ntime_zone = \"America/Chicago\"\n\
         [[field]]\nobject = \"Lead\"\nname = \"Seen\"\ntype = \"datetime\"\n",
    );
    house.batch(&[(
        "email a@x.com; LeadScore=1; DateofBirth=1985-12-31; AnnualRevenue=501.00; Address=x; Phone=1; \
         Seen=2013-07-09T21:44:28Z",
        "CREATED 1",
    )]);
    let view = house.view(1);
    let given: Vec<_> = view
        .attributes
        .iter()
        .map(|attribute| {
            (
                attribute.name.as_ref(),
                attribute.data_type,
                attribute.value.as_str(),
            )
        })
        .collect();
    assert_eq!(
        given,
        [
            ("Address", DataType::Text, "x"),
            ("AnnualRevenue", DataType::Currency, "501"),
            ("DateofBirth", DataType::Date, "1985-12-31"),
            ("LeadScore", DataType::Integer, "1"),
            ("Phone", DataType::Phone, "1"),
            ("Seen", DataType::Datetime, "2013-07-09T16:44:28-05:00"),
            ("Website", DataType::Url, "x.com"),
        ]
    );
}

/// COM-20, DM-FSID-4, DM-FSID-5.
#[test]
fn com_20_the_foreign_id_assigned_last_is_shown() {
    let house = house();
    house.batch(&[("email a@x.com", "CREATED 1")]);
    assert_eq!(house.lead(1), "1; a@x.com; Website=x.com");
    house.batch(&[
        ("id 1; foreign SFDC F", "UPDATED 1"),
        ("id 1; foreign G", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(1), "1; a@x.com; CUSTOM:G; Website=x.com");
    house.batches(&[
        ("email b@x.com", "CREATED 2"),
        ("id 2; foreign G", "UPDATED 2"),
    ]);
    assert_eq!(house.lead(1), "1; a@x.com; SFDC:F; Website=x.com");
}

/// GL-1, DM-READ-4, DM-FLD-1, DM-FLD-2: described fields, custom ones, and optional ones that are switched on.
#[test]
fn gl_01_a_full_record_has_the_fields_that_are_shown() {
    let sent = "email a@x.com; City=Bonn; FSPID=F; MktoPersonNotes=n; MarketoSocialGender=f; Marketo Jigsaw Contact Id=j";
    let custom = "[[field]]\nobject = \"Lead\"\nname = \"FSPID\"\ntype = \"string\"\n";
    for (switch, shown) in [
        ("", ""),
        ("shown_groups = [\"social\"]", "MarketoSocialGender=f; "),
        (
            "shown_groups = [\"datacom\"]",
            "Marketo Jigsaw Contact Id=j; ",
        ),
    ] {
        let house = house_with(&format!("[rules]\n{switch}\n{custom}"));
        house.batch(&[(sent, "CREATED 1")]);
        assert_eq!(
            house.lead(1),
            format!("1; a@x.com; City=Bonn; FSPID=F; {shown}Website=x.com")
        );
        for (name, value) in [("MktoPersonNotes", "n"), ("MarketoSocialGender", "f")] {
            assert_eq!(house.value(1, name).as_deref(), Some(value), "by name");
        }
    }
}
