//! No look-up scans: every statement that a transaction prepares is explained by SQLite.

use crate::database::configure;
use crate::migrate::MIGRATIONS;
use crate::numbers::Numbers;
use crate::txn::Txn;
use jiff::Timestamp;
use leadkeep_core::contract::support::{company, cookie, lead_with};
use leadkeep_core::ids::{
    ActivityId, CampaignId, CompanyId, CostId, ImportId, LeadId, ListId, ObjectTypeId,
    OpportunityId, ProgramId, RoleId, TaskId,
};
use leadkeep_core::store::{
    ActivityFilter, ActivityType, Cookie, EmailPick, FieldIndex, ForeignId, ForeignSystem, LeadKey,
    LeadScope, NewActivity, Pick, ReadTxn, Result, Sequence, TypeFilter, WriteTxn,
};
use rusqlite::{Connection, StatementStatus};
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Remembers a statement of this thread.
pub(crate) fn heard(sql: &str) {
    HEARD.with_borrow_mut(|all| all.push(sql.to_owned()));
}

/// A new database, in memory.
pub(crate) fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    for migration in MIGRATIONS {
        connection.execute_batch(migration).unwrap();
    }
    connection
}

/// The plans of all statements that `run` prepares, one line a step.
fn plans(connection: &Connection, run: impl FnOnce(&mut Txn<'_>) -> Result<()>) -> Vec<String> {
    HEARD.take();
    run(&mut Txn(connection, &Numbers::default())).unwrap();
    let statements = HEARD.take();
    assert!(!statements.is_empty());
    let mut steps = Vec::new();
    for sql in statements {
        let mut explain = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        // Parameters stay unbound: without statistics plans do not depend on them.
        let mut rows = explain.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get("detail").unwrap();
            steps.push(format!("{step}   <- {sql}"));
        }
    }
    steps
}

fn assert_no_scan(steps: &[String]) {
    for step in steps {
        // What a common table expression or a subquery has already found is no table; nor is a list of parameters.
        let no_table = [
            "SCAN chain",
            "SCAN (subquery",
            "SCAN wanted VIRTUAL TABLE",
            "SCAN rarray VIRTUAL TABLE",
        ];
        let is_list = no_table.iter().any(|list| step.starts_with(list));
        assert!(!step.starts_with("SCAN") || is_list, "{step}");
    }
}

/// Data-model 13: the look-ups that must not scan.
#[test]
fn look_ups_use_their_indexes() {
    let connection = database();
    let text = |text: &str| text.to_owned();
    let field = "Konto + 'Nr' \"1\"";
    let sfdc = ForeignId {
        system: ForeignSystem::Sfdc,
        value: text("x"),
    };
    let keys = [
        LeadKey::Id(LeadId(1)),
        LeadKey::Foreign(sfdc),
        LeadKey::ForeignAnySystem(text("x")),
        LeadKey::SfdcPrefix(text("x")),
        LeadKey::Email("x".into()),
        LeadKey::Cookie(cookie("token:x")),
        LeadKey::Cookie(Cookie {
            account: Some(text("1-A-2")),
            ..cookie("token:x")
        }),
        LeadKey::LeadField(text(field), text("x")),
        LeadKey::LeadField(text("Email"), text("x")),
        LeadKey::CompanyField(text(field), text("x")),
        LeadKey::OpportunityField(text(field), text("x")),
    ];
    Txn(&connection, &Numbers::default())
        .ensure_index(&FieldIndex::Lead(text(field)))
        .and_then(|()| {
            Txn(&connection, &Numbers::default()).ensure_index(&FieldIndex::Company(text(field)))
        })
        .and_then(|()| {
            Txn(&connection, &Numbers::default())
                .ensure_index(&FieldIndex::Opportunity(text(field)))
        })
        .unwrap();
    let filter = [
        (text("MKTOID"), vec![text("1"), text("2")]),
        (text("rid"), vec![text("x")]),
    ];
    let steps = plans(&connection, |txn| {
        for pick in [
            Pick::newest(9),
            Pick::one(EmailPick::Added),
            Pick::one(EmailPick::Updated),
        ] {
            txn.lead_ids(&keys, pick)?;
            txn.opportunity_ids_by_field(&[(text(field), text("x"))], pick)?;
        }
        for key in &keys {
            txn.count_leads(key)?;
        }
        for index in [
            FieldIndex::Lead(text(field)),
            FieldIndex::Company(text(field)),
        ] {
            txn.lead_ids_by_prefix(&index, "x", 9)?;
        }
        let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        txn.leads(&[LeadId(1)])?;
        txn.merge_winners(&[LeadId(1)])?;
        txn.leads_updated(from, to, Some(LeadId(1)), 9)?;
        txn.count_leads_updated(from, to, Some(LeadId(1)))?;
        txn.companies(&[CompanyId(1)])?;
        txn.companies_by_key(&[text("x")])?;
        txn.opportunities(&[OpportunityId(1)])?;
        txn.opportunity_ids_by_company(&[CompanyId(1)])?;
        txn.roles(&[RoleId(1)])?;
        txn.role_ids_by_key(&[(OpportunityId(1), LeadId(1), text("x"))])?;
        txn.roles_of_opportunities(&[OpportunityId(1)])?;
        txn.roles_of_leads(&[LeadId(1)])?;
        txn.programs(&[ProgramId(1)])?;
        txn.program_ids_by_name(&[text("x")])?;
        txn.cost_owners(&[CostId(1)])?;
        txn.records_by_key(ObjectTypeId(1), &[text("x")])?;
        for filter in [&filter[..], &filter[..1]] {
            for after in [None, Some("x")] {
                txn.records_after(ObjectTypeId(1), filter, after, 9)?;
                txn.count_records(ObjectTypeId(1), filter, after)?;
            }
        }
        txn.are_list_members(&[(ListId(1), LeadId(1))])?;
        txn.add_list_members(&[(ListId(1), LeadId(1))], from)?;
        txn.remove_list_members(&[(ListId(1), LeadId(1))])?;
        txn.attach_cookies(&[(cookie("token:x"), LeadId(1))])?;
        txn.absorb_leads(LeadId(1), &[LeadId(2)])?;
        txn.delete_unused_companies(&[CompanyId(1)])?;
        txn.delete_records(&[leadkeep_core::ids::RecordId(1)])?;
        txn.touch_leads(&[LeadId(1)], from)
    });
    assert_no_scan(&steps);
    for index in [
        "lead_updated",
        "lead_company",
        "foreign_id_lead",
        "opportunity_company",
        "role_key",
        "role_lead",
        "record_key",
        "lead_field_",
        "company_field_",
        "opportunity_field_",
    ] {
        let index = format!("INDEX {index}");
        assert!(steps.iter().any(|step| step.contains(&index)), "{index}");
    }
    // A filter looks its records up instead of walking through all keys of the type.
    let walks = |step: &&String| step.contains("record_key") && step.contains("record_lookup");
    assert_eq!(steps.iter().find(walks), None);
}

/// Pages begin at their position and come in order as they stand.
#[test]
fn pages_neither_scan_nor_sort() {
    let connection = database();
    let steps = plans(&connection, |txn| {
        txn.activities_after(
            &LeadScope::All,
            &ActivityFilter::default(),
            Some(ActivityId(1)),
            9,
        )?;
        txn.list_members(ListId(1), Some(LeadId(1)), 9)?;
        txn.count_list_members(ListId(1), Some(LeadId(1)))?;
        txn.opportunities_after(Some(OpportunityId(1)), 9)?;
        txn.opportunities_before(None, 9)?;
        txn.roles_after(Some(RoleId(1)), 9)?;
        txn.programs_after(Some(ProgramId(1)), 9)?;
        txn.leads_before(Some(LeadId(1)), 9)?;
        txn.leads_before(None, 9)?;
        txn.records_after(ObjectTypeId(1), &[], None, 9)?;
        txn.records_after(ObjectTypeId(1), &[], Some("x"), 9)?;
        txn.count_records(ObjectTypeId(1), &[], Some("x"))?;
        let newest = [LeadKey::Email("x".into())];
        txn.lead_ids(&newest, Pick::newest(9)).map(|_| ())
    });
    assert_no_scan(&steps);
    for step in &steps {
        assert!(!step.contains("TEMP B-TREE"), "{step}");
    }
}

/// What imports and campaigns ask for all the time costs the same, however much they have done before.
#[test]
fn work_that_is_due_is_found_without_a_scan() {
    let connection = database();
    let (now, list, lead) = (Timestamp::UNIX_EPOCH, ListId(1), LeadId(1));
    let (import, campaign, task) = (ImportId(1), CampaignId(1), TaskId(1));
    let steps = plans(&connection, |txn| {
        txn.open_imports()?;
        txn.latest_import(list)?;
        txn.imports_before(Some(import), 9)?;
        txn.import_rows(import, 9)?;
        txn.import_failures(import, 0, 9)?;
        txn.finish_import_rows(import, 9, &[])?;
        txn.mark_list_leaving(list)?;
        txn.leaving_members(list, 9)?;
        txn.are_leaving(list, &[lead])?;
        txn.due_runs(now, 9)?;
        txn.runs_at(campaign, now)?;
        txn.latest_runs(campaign, 9)?;
        txn.count_clone_runs(now)?;
        txn.due_tasks(now, 9)?;
        txn.failed_tasks(Some(task), 9)?;
        txn.tasks(&[task])?;
        txn.delete_tasks(&[task])?;
        txn.row_tokens(campaign, &[lead])?;
        txn.delete_row_tokens(campaign, Some(&[lead]))?;
        txn.delete_row_tokens(campaign, None)?;
        txn.delete_leads(&[lead])?;
        let value = (ObjectTypeId(1), "rid".to_owned(), "x".to_owned());
        txn.count_records_with(&[value]).map(|_| ())
    });
    // This index holds what is open, and nothing else.
    let open = "SCAN import USING COVERING INDEX import_open";
    let (open, steps): (Vec<_>, Vec<_>) =
        steps.into_iter().partition(|step| step.starts_with(open));
    assert_eq!(open.len(), 1);
    assert_no_scan(&steps);
    for step in &steps {
        assert!(!step.contains("TEMP B-TREE"), "{step}");
    }
    for index in [
        "import_list",
        "list_member_leaving",
        "campaign_run_due",
        "campaign_run_campaign",
        "campaign_run_cloned",
        "campaign_task_due",
        "campaign_task_failed",
        "campaign_task_lead",
        "row_token_lead",
    ] {
        let index = format!("INDEX {index}");
        assert!(steps.iter().any(|step| step.contains(&index)), "{index}");
    }
}

/// A page of a history costs the same, however long it is and whatever it is filtered by (GLA-12, GLA-21).
#[test]
fn pages_of_long_histories_cost_what_short_ones_do() {
    let connection = database();
    let numbers = Numbers::default();
    let txn = &mut Txn(&connection, &numbers);
    let history = |lead: i64, count: i64| -> Vec<NewActivity> {
        let one = |n: i64| NewActivity {
            lead: LeadId(lead),
            at: Timestamp::from_second(n / 3).unwrap_or_default(),
            activity_type: ActivityType(if n % 1_000 == 0 { 24 } else { 13 }),
            asset: None,
            attributes: Arc::default(),
            campaign: None,
        };
        (0..count).map(one).collect()
    };
    txn.append_activities(&history(1, 300)).unwrap();
    txn.append_activities(&history(2, 30_000)).unwrap();
    // Steps of SQLite's machine are the measure; they do not depend on the machine.
    let mut steps = |lead: i64, types: TypeFilter| {
        let filter = ActivityFilter {
            types,
            ..ActivityFilter::default()
        };
        HEARD.take();
        txn.activities_of_lead(LeadId(lead), &filter, None, 100)
            .unwrap();
        txn.count_activities_of_lead(LeadId(lead), &filter, None, 100)
            .unwrap();
        steps_of_heard(&connection)
    };
    for types in [
        TypeFilter::default(),
        TypeFilter::Only(vec![ActivityType(24)]),
        TypeFilter::Except(vec![ActivityType(13)]),
    ] {
        let (short, long) = (steps(1, types.clone()), steps(2, types.clone()));
        assert!(
            long < short * 2 + 2_000,
            "{types:?}: {short} and {long} steps"
        );
    }
}

/// A page of a window costs the same, however many leads the window and the table have (GML-4, GML-11).
#[test]
fn pages_of_long_windows_cost_what_short_ones_do() {
    // One lead a second. The steps of a page of a hundred, and of one more look to see whether there are more.
    let page = |leads: i64, from: i64, after: i64| {
        let connection = database();
        let insert = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ?1) \
                      INSERT INTO lead SELECT id, NULL, '{}', 1, 1, 0, id, id FROM n";
        connection.execute(insert, [leads]).unwrap();
        HEARD.take();
        let from = Timestamp::from_second(from).unwrap();
        let numbers = Numbers::default();
        let page = Txn(&connection, &numbers)
            .leads_updated(from, Timestamp::MAX, Some(LeadId(after)), 101)
            .unwrap();
        assert_eq!(page.len(), 101);
        steps_of_heard(&connection)
    };
    let few = page(15_000, 0, 0);
    for after in [0, 60_000] {
        let many = page(90_000, 0, after);
        assert!(many < few * 11 / 10, "{few} and {many} steps");
    }
    // A small window does not look at the leads outside of it.
    let (short, long) = (page(1_000, 800, 0), page(90_000, 89_800, 0));
    assert!(long < short * 11 / 10, "{short} and {long} steps");
    // Nor does a larger one that begins late look at all that come before it.
    let (short, long) = (page(45_000, 30_000, 0), page(90_000, 75_000, 0));
    assert!(long < short * 11 / 10, "{short} and {long} steps");
}

/// The steps of SQLite's machine so far, for all statements that this thread has prepared.
pub(crate) fn steps(connection: &Connection) -> i64 {
    let statements: std::collections::BTreeSet<_> =
        HEARD.with_borrow(|all| all.iter().cloned().collect());
    let spent = |sql: &String| {
        let statement = connection.prepare_cached(sql).unwrap();
        i64::from(statement.get_status(StatementStatus::VmStep))
    };
    statements.iter().map(spent).sum()
}

/// The steps of SQLite's machine for all statements since the last time.
fn steps_of_heard(connection: &Connection) -> i64 {
    let statements: std::collections::BTreeSet<_> = HEARD.take().into_iter().collect();
    let spent = |sql: &String| {
        let statement = connection.prepare_cached(sql).unwrap();
        i64::from(statement.reset_status(StatementStatus::VmStep))
    };
    statements.iter().map(spent).sum()
}

/// What SQLite compiles again for every value costs more than what it then does.
#[test]
fn statements_are_compiled_once() {
    let connection = database();
    HEARD.take();
    for id in 1..=9 {
        let numbers = Numbers::default();
        let txn = &mut Txn(&connection, &numbers);
        let field = "FSPID".to_owned();
        let keys = [
            LeadKey::Id(LeadId(id)),
            LeadKey::Email(format!("{id}@example.com").into()),
            LeadKey::ForeignAnySystem(id.to_string()),
            LeadKey::LeadField(field.clone(), id.to_string()),
            LeadKey::CompanyField(field.clone(), id.to_string()),
            LeadKey::OpportunityField(field.clone(), id.to_string()),
        ];
        for pick in [Pick::one(EmailPick::Added), Pick::newest(9)] {
            txn.lead_ids(&keys, pick).unwrap();
            let pair = (field.clone(), id.to_string());
            txn.opportunity_ids_by_field(&[pair], pick).unwrap();
        }
        txn.companies_by_key(&[id.to_string()]).unwrap();
        txn.insert_companies(&[company(id)]).unwrap();
        txn.insert_leads(&[lead_with(id, "a@example.com")]).unwrap();
        txn.update_leads(&[lead_with(id, "b@example.com")]).unwrap();
        txn.leads(&[LeadId(id)]).unwrap();
        txn.allocate(Sequence::Lead, 1).unwrap();
        let told = NewActivity {
            lead: LeadId(id),
            at: Timestamp::UNIX_EPOCH,
            activity_type: ActivityType(13),
            asset: None,
            attributes: Arc::default(),
            campaign: None,
        };
        txn.append_activities(&[told]).unwrap();
        txn.activities_of_lead(LeadId(id), &ActivityFilter::default(), None, 9)
            .unwrap();
        let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        txn.leads_updated(from, to, Some(LeadId(id)), 9).unwrap();
        let filter = [("rid".to_owned(), vec![id.to_string()])];
        txn.records_after(ObjectTypeId(1), &filter, Some("x"), 9)
            .unwrap();
        numbers.write(&connection).unwrap();
    }
    let statements: std::collections::BTreeSet<_> = HEARD.take().into_iter().collect();
    for sql in statements {
        let statement = connection.prepare_cached(&sql).unwrap();
        let runs = statement.get_status(StatementStatus::Run);
        let again = statement.get_status(StatementStatus::RePrepare);
        assert!(runs >= 9, "{sql} is not kept");
        assert_eq!(again, 0, "{sql} is compiled again");
    }
}

/// On the thread that writes a statement that is not needed costs each call of one lead some time.
#[test]
fn nobody_is_found_without_a_statement() {
    let connection = database();
    let numbers = Numbers::default();
    let mut txn = Txn(&connection, &numbers);
    HEARD.take();
    assert!(txn.leads(&[]).unwrap().is_empty());
    let found = txn.lead_ids(&[], Pick::one(EmailPick::Added)).unwrap();
    assert!(found.is_empty());
    assert_eq!(HEARD.take(), [""; 0]);
}
