//! Company rows (DM-CO-1 to DM-CO-4).

use super::*;

fn keyed(object: &str) -> House {
    house_with(&format!(
        "[[field]]\nobject = \"{object}\"\nname = \"Account\"\ntype = \"string\"\ncompany_key = true"
    ))
}

/// DM-CO-1, DM-CO-2: the same name is not the same company.
#[test]
fn dm_co_2_each_new_lead_has_a_company_of_its_own() {
    let house = house();
    house.batches(&[
        ("email a@x.com; Company=Acme; Industry=Steel", "CREATED 1"),
        ("email b@x.com; Company=Acme", "CREATED 2"),
        ("id 1; Company=Bolt", "UPDATED 1"),
    ]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; Company=Bolt; Industry=Steel; Website=x.com"
    );
    assert_eq!(house.lead(2), "2; b@x.com; Company=Acme; Website=x.com");
    assert_eq!(house.counts().1, 2);
    assert_ne!(house.row(1).company, house.row(2).company);
}

/// DM-CO-3, DM-CO-4: one row, one value; only the lead that was written has it in its history.
#[test]
fn dm_co_3_leads_with_one_company_key_share_a_row() {
    for object in ["Lead", "Company"] {
        let house = keyed(object);
        house.batch(&[
            ("email a@x.com; Account=7; Company=Acme", "CREATED 1"),
            ("email b@y.com; Account=7; Industry=Steel", "CREATED 2"),
            ("email c@z.com; Company=Own", "CREATED 3"),
        ]);
        house.store.advance(60);
        house.batch(&[
            ("id 3; Account=7", "UPDATED 3"),
            ("id 3; Company=Bolt", "UPDATED 3"),
        ]);
        for lead in 1..=3 {
            assert_eq!(
                house.value(lead, "Company").as_deref(),
                Some("Bolt"),
                "{object}"
            );
            assert_eq!(
                house.value(lead, "Industry").as_deref(),
                Some("Steel"),
                "{object}"
            );
            assert_eq!(
                house.value(lead, "Account").as_deref(),
                Some("7"),
                "{object}"
            );
        }
        assert_eq!(
            house.counts().1,
            1,
            "rows that nobody uses are gone: {object}"
        );
        assert_eq!(
            house.history(3),
            [
                "3 Change Data Value [Account] Attribute Name=Account; Old Value=; New Value=7; Reason=SOAP API",
                "3 Change Data Value [Company Name] Attribute Name=Company Name; Old Value=Acme; New Value=Bolt; \
                 Reason=SOAP API",
            ],
            "{object}"
        );
    }
}

/// DM-CO-3: another key is another row, an empty one a row of the lead's own.
#[test]
fn dm_co_3_a_lead_leaves_its_company_with_the_key() {
    for object in ["Lead", "Company"] {
        let house = keyed(object);
        house.batch(&[
            ("email a@x.com; Account=7; Company=Acme", "CREATED 1"),
            ("email b@x.com; Account=7", "CREATED 2"),
            ("email c@x.com; Account=8; Company=Bolt", "CREATED 3"),
        ]);
        let now = house.store.advance(60);
        house.batches(&[
            ("id 2; Account=8", "UPDATED 2"),
            ("id 2; Account=8", "UPDATED 2"),
        ]);
        assert_eq!(
            house.value(2, "Company").as_deref(),
            Some("Bolt"),
            "{object}"
        );
        assert_eq!(house.row(2).updated_at, now, "{object}");
        house.batch(&[("id 2; Account=", "UPDATED 2")]);
        assert_eq!(
            house.lead(2),
            "2; b@x.com; Website=x.com".replace("; Website=x.com", ""),
            "{object}"
        );
        assert_eq!(
            house.history(3),
            [
                "2 Change Data Value [Account] Attribute Name=Account; Old Value=7; New Value=8; Reason=SOAP API",
                "2 Change Data Value [Account] Attribute Name=Account; Old Value=8; New Value=; Reason=SOAP API",
            ],
            "{object}"
        );
        assert_eq!(
            house.value(1, "Company").as_deref(),
            Some("Acme"),
            "{object}"
        );
        assert_eq!(house.counts().1, 3, "{object}");
    }
}

/// A row with a key outlives its last lead; one without goes, or is not written at all.
#[test]
fn dm_co_3_a_company_with_a_key_stays_for_the_next_lead() {
    let house = keyed("Lead");
    house.batch(&[
        ("email a@x.com; Account=1", "CREATED 1"),
        ("email a@x.com; Account=2", "UPDATED 1"),
        ("email a@x.com; Account=3; Company=Acme", "UPDATED 1"),
        ("email b@x.com; Account=1", "CREATED 2"),
        ("email c@x.com; Account=3", "CREATED 3"),
    ]);
    assert_eq!(house.counts().1, 3, "1, 2 and 3");
    assert_eq!(house.value(3, "Company").as_deref(), Some("Acme"));
    assert_eq!(house.row(1).company, house.row(3).company);

    house.batch(&[("id 2; Account=; Company=Solo", "UPDATED 2")]);
    assert_eq!(house.counts().1, 4, "and one of the lead's own");
    house.batch(&[("id 2; Account=2", "UPDATED 2")]);
    assert_eq!(house.counts().1, 3);
    assert_eq!(house.value(2, "Company"), None);

    // Whoever comes in a later call finds what one in the same call would have found.
    house.batch(&[("id 1; Account=9", "UPDATED 1")]);
    house.batch(&[("id 3; Account=9", "UPDATED 3")]);
    house.batch(&[("email d@x.com; Account=3", "CREATED 4")]);
    assert_eq!(house.value(4, "Company").as_deref(), Some("Acme"));
}

/// COM-24: a company key that is blocked moves nobody.
#[test]
fn com_24_a_blocked_company_key_keeps_the_lead_where_it_is() {
    let house = house_with(
        "[rules]\nblocked_fields = [\"Account\"]\n\
         [[field]]\nobject = \"Lead\"\nname = \"Account\"\ntype = \"string\"\ncompany_key = true",
    );
    house.batches(&[
        ("email a@x.com; Account=1; Company=Acme", "CREATED 1"),
        ("email b@x.com; Account=2; Company=Bolt", "CREATED 2"),
        ("id 2; Account=1", "UPDATED 2"),
    ]);
    assert_eq!(house.value(2, "Company").as_deref(), Some("Bolt"));
}

/// A lead whose row somebody else removed gets one again when it is written.
#[test]
fn dm_co_2_a_lead_without_company_gets_one() {
    let house = house();
    house.batch(&[("email a@x.com", "CREATED 1")]);
    let mut lead = house.row(1);
    lead.company = crate::ids::CompanyId(77);
    house
        .store
        .write_now(|txn, _| txn.update_leads(&[lead.clone()]))
        .unwrap();
    assert_eq!(house.lead(1), "1; a@x.com");
    house.batch(&[("id 1; Company=Acme", "UPDATED 1")]);
    assert_eq!(house.lead(1), "1; a@x.com; Company=Acme");
}
