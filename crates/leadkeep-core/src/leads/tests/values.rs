//! Attributes in requests (COM-22 to COM-29), in both calls alike.

use super::*;

/// COM-22, COM-26, DM-NAM-1, DM-NAM-2, DM-NAM-3: SOAP names, their aliases, any case; no display or REST names.
#[test]
fn com_26_names_are_matched_exactly_by_alias_and_without_regard_to_case() {
    let house = house_with(
        "[[field]]\nobject = \"Lead\"\nname = \"userid+shop cart\"\ntype = \"string\"\n\
         [[field]]\nobject = \"Lead\"\nname = \"Budget__c\"\ntype = \"currency\"\n",
    );
    house.batch(&[(
        "email a@x.com; FirstName=A; lastname=B; Street=C; DATEOFBIRTH=1985-12-31; userid+shop cart=D; budget__C=1; \
         Lead Person=77;  City =E",
        "CREATED 1",
    )]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; Address=C; Budget__c=1; City=E; DateofBirth=1985-12-31; FirstName=A; LastName=B; \
         userid+shop cart=D; Website=x.com"
    );
    for name in [
        "First Name",
        "dateOfBirth2",
        "Job Title",
        "leadPartition",
        "externalCompanyId",
        "pants",
    ] {
        let error = house
            .call(&[&format!("email b@x.com; {name}=1")], true)
            .unwrap_err();
        assert_eq!(named(&error), "UnknownLeadFields", "{name}");
    }
}

/// COM-25, SML-48, DM-SYNC-5, DM-VAL-3, DM-VAL-4.
#[test]
fn com_25_empty_and_blank_values_clear_and_null_does_except_in_text() {
    let house = house();
    let full = "email a@x.com; City=Bonn; Phone=1; LeadScore=7; DoNotCall=1; DateofBirth=1985-12-31; Address=a";
    house.batch(&[(full, "CREATED 1")]);
    house.batch(&[(
        "id 1; City=NULL; Phone=null; LeadScore=NULL; DoNotCall=null; DateofBirth=NULL",
        "UPDATED 1",
    )]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; Address=a; City=NULL; Phone=null; Website=x.com"
    );
    house.batch(&[(
        "id 1; City=; Phone=  ; Address=\t\n; =ignored;  =too; Website=",
        "UPDATED 1",
    )]);
    assert_eq!(house.lead(1), "1; a@x.com");
    let switched = house_with("[rules]\nnull_clears_text = true");
    switched.batch(&[
        (full, "CREATED 1"),
        ("email a@x.com; City=NULL", "UPDATED 1"),
        ("email NULL", "FAILED 0 a lead key is required"),
    ]);
    assert_eq!(switched.value(1, "City"), None);
}

/// COM-27, SML-48, DM-SYNC-7: also if the first one could not be read.
#[test]
fn com_27_of_an_attribute_given_twice_the_last_one_counts() {
    let house = house();
    house.batches(&[
        (
            "email a@x.com; City=Bonn; city=Rome; LeadScore=x; LeadScore=7",
            "CREATED 1",
        ),
        ("email a@x.com; Phone=1; Phone=", "UPDATED 1"),
        ("id 1; Email=b@x.com; Email=c@x.com", "UPDATED 1"),
    ]);
    assert_eq!(
        house.lead(1),
        "1; c@x.com; City=Rome; LeadScore=7; Website=x.com"
    );
    house.batch(&[(
        "id 1; LeadScore=7; LeadScore=x",
        "FAILED 1 lead sync failed: LeadScore: expected a whole number, got `x`",
    )]);
}

/// COM-28, SL-47, SML-49, VAL-7: what is not the caller's is dropped, whatever it says.
#[test]
fn com_28_system_fields_are_dropped() {
    let house = house();
    house.batch(&[(
        "email a@x.com; Id=77; ForeignSysPersonId=F; ForeignSysType=SAP; Lead Partition ID=9; LeadPerson=x; \
         Contact Company=5; PersonType=x; MarketoSocialTotalReferredVisits=x",
        "CREATED 1",
    )]);
    assert_eq!(house.lead(1), "1; a@x.com; Website=x.com");
    let before = house.picture();
    house.sync(&[(
        "id 1; Lead Partition ID=9; Person Primary Lead Interest=5",
        "UPDATED 1",
    )]);
    assert_eq!(house.picture(), before);
    assert_eq!(house.value(1, "Lead Partition ID").as_deref(), Some("1"));
}

/// COM-24, SML-49, SL-19, DM-FLD-3, DM-FLD-4: a first value, and no later one.
#[test]
fn com_24_blocked_fields_keep_their_first_value() {
    let house =
        house_with("[rules]\nblocked_fields = [\"AnonymousIP\", \"City\", \"Email\", \"Company\"]");
    house.batches(&[
        ("email a@x.com; AnonymousIP=1.1.1.1", "CREATED 1"),
        ("id 1; City=Bonn; Company=Acme", "UPDATED 1"),
        (
            "id 1; City=Rome; Company=Bolt; AnonymousIP=2.2.2.2; Email=b@x.com; Phone=1",
            "UPDATED 1",
        ),
        ("id 1; City=; Company=; Email=", "UPDATED 1"),
    ]);
    house.sync(&[("id 1; email b@x.com; City=Rome", "UPDATED 1")]);
    assert_eq!(house.history(1).len(), 3, "ACT-22");
    // What does not fit is no error where it would not be stored.
    let long = "9".repeat(256);
    let unfit = "lead sync failed: AnonymousIP: expected at most 255 characters, got 256";
    house.batches(&[
        (
            &format!("id 1; AnonymousIP={long}; Email=no; City={long}"),
            "UPDATED 1",
        ),
        (
            &format!("email n@x.com; AnonymousIP={long}"),
            &format!("FAILED 0 {unfit}"),
        ),
        ("email n@x.com; Phone=1", "CREATED 2"),
        (
            &format!("id 2; AnonymousIP={long}"),
            &format!("FAILED 2 {unfit}"),
        ),
    ]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; AnonymousIP=1.1.1.1; City=Bonn; Company=Acme; Phone=1; Website=x.com"
    );
}

/// COM-29: what is not named stays.
#[test]
fn com_29_an_update_touches_only_what_it_names() {
    let house = house();
    house.batch(&[(
        "email a@x.com; City=Bonn; Company=Acme; LeadScore=1",
        "CREATED 1",
    )]);
    house.batch(&[("email a@x.com; Country=DE", "UPDATED 1")]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; City=Bonn; Company=Acme; Country=DE; LeadScore=1; Website=x.com"
    );
}

/// COM-34, SL-22, DM-NEW-2.
#[test]
fn com_34_a_new_lead_without_website_gets_the_domain_of_its_address() {
    for (line, website) in [
        ("email a@Mail.X.COM", Some("mail.x.com")),
        ("email a@b@c.com", Some("c.com")),
        ("email a@x.com; Website=y.com", Some("y.com")),
        ("email a@x.com; Website= ", Some("x.com")),
        ("email a@x.com; Email=a@z.com", Some("z.com")),
        ("foreign F; email a@x.com", Some("x.com")),
        ("email odd", None),
        ("email odd@", None),
        ("foreign F", None),
    ] {
        let house = house();
        house.batch(&[(line, "CREATED 1")]);
        assert_eq!(house.value(1, "Website").as_deref(), website, "{line}");
        house.batch(&[("id 1; Website=; Email=n@n.com", "UPDATED 1")]);
        assert_eq!(house.value(1, "Website"), None, "only on creation: {line}");
        let off = house_with("[rules]\nwebsite_from_email = false");
        off.batch(&[("email a@x.com", "CREATED 1")]);
        assert_eq!(off.value(1, "Website"), None);
    }
}

/// DM-NEW-1, DM-NEW-3: what the server gives to a new lead; sources that the caller names stay.
#[test]
fn dm_new_1_a_new_lead_has_a_source() {
    let house = house();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        (
            "email b@x.com; OriginalSourceType=Fair; RegistrationSourceInfo=Booth",
            "CREATED 2",
        ),
    ]);
    for (lead, field, value) in [
        (1, "OriginalSourceType", Some("Web service API")),
        (1, "OriginalSourceInfo", Some("Web service API")),
        (1, "RegistrationSourceType", Some("Web service API")),
        (1, "RegistrationSourceInfo", Some("Web service API")),
        (2, "OriginalSourceType", Some("Fair")),
        (2, "OriginalSourceInfo", Some("Web service API")),
        (2, "RegistrationSourceInfo", Some("Booth")),
        (1, "PersonType", Some("contact")),
        (1, "IsLead", Some("1")),
        (2, "Lead Person", Some("2")),
        (2, "Person Primary Lead Interest", Some("2")),
        (2, "Contact Company", Some("2")),
        (1, "Unsubscribed", None),
        (1, "EmailInvalid", None),
    ] {
        assert_eq!(house.value(lead, field).as_deref(), value, "{lead} {field}");
    }
    house.batch(&[("id 1; OriginalSourceType=Fair", "UPDATED 1")]);
    assert_eq!(
        house.value(1, "OriginalSourceType").as_deref(),
        Some("Fair")
    );
}

/// DM-VAL-11: unless the record says something itself.
#[test]
fn dm_val_11_a_new_address_is_not_known_to_be_invalid() {
    let house = house();
    house.batch(&[("email a@x.com; EmailInvalid=true", "CREATED 1")]);
    for (line, invalid) in [
        ("id 1; Email=a@x.com", "1"),
        ("id 1; Email=b@x.com; EmailInvalid=yes", "1"),
        ("id 1; Email=c@x.com", "0"),
        ("id 1; Email=d@x.com", "0"),
    ] {
        house.batch(&[(line, "UPDATED 1")]);
        assert_eq!(
            house.value(1, "EmailInvalid").as_deref(),
            Some(invalid),
            "{line}"
        );
    }
}

/// VAL-8, VAL-11, DM-VAL-10, DM-VAL-7: the switches about values.
#[test]
fn val_08_long_texts_are_cut_only_by_a_switch() {
    let house = house_with("[rules]\ncut_long_strings = true\ncheck_email = true");
    house.batch(&[(
        &format!("email a@x.com; City={}", "ä".repeat(300)),
        "CREATED 1",
    )]);
    assert_eq!(house.value(1, "City"), Some("ä".repeat(255)));
    for bad in ["a", "a@", "@x", "a@b@c", "a b@x", "ä@x.com"] {
        let given = house.call(&[&format!("email {bad}")], true).unwrap();
        assert!(
            given[0].starts_with("FAILED 0 lead sync failed: Email: "),
            "{bad}"
        );
    }
}
