//! Runs and tasks of campaigns.

use super::support::{at, lead, read, refused, write, write_then_read};
use crate::ids::{CampaignId, LeadId, RunId, TaskId};
use crate::store::{CampaignRun, CampaignTask, RowTokens, Store};

fn texts(names: &[&str]) -> Vec<(String, String)> {
    let pair = |name: &&str| ((*name).to_owned(), format!("\"{name}\" \u{1F600}"));
    names.iter().map(pair).collect()
}

fn run(id: i64, second: i64) -> CampaignRun {
    CampaignRun {
        id: RunId(id),
        campaign: CampaignId(7),
        run_at: at(second),
        tokens: texts(&["a", "b"]),
        cloned: id == 2,
        accepted_at: at(id),
        position: LeadId(0),
        ended_at: None,
    }
}

fn task(id: i64, second: i64) -> CampaignTask {
    CampaignTask {
        id: TaskId(id),
        campaign: CampaignId(7),
        lead: LeadId(id),
        step: 2,
        only_step: id == 1,
        call_tokens: texts(&["a"]),
        row_tokens: texts(&["b", "c"]),
        depth: 3,
        due_at: at(second),
        attempts: 4,
        failure: None,
        since: at(5),
    }
}

fn due_runs(store: &dyn Store, second: i64, limit: usize) -> Vec<i64> {
    let due = read(store, move |txn| txn.due_runs(at(second), limit));
    due.iter().map(|run| run.id.0).collect()
}

fn due_tasks(store: &dyn Store, second: i64, limit: usize) -> Vec<i64> {
    let due = read(store, move |txn| txn.due_tasks(at(second), limit));
    due.iter().map(|task| task.id.0).collect()
}

/// SC-13, SC-15: due by their time, until they are done.
pub fn runs_come_back_as_written(store: &dyn Store) {
    write(store, |txn| {
        for run in [run(1, 20), run(2, 10), run(3, 30), run(4, 10)] {
            txn.insert_run(&run)?;
        }
        Ok(())
    });
    refused(store, |txn| txn.insert_run(&run(1, 9)));
    assert_eq!(due_runs(store, 9, 9), [0; 0]);
    assert_eq!(due_runs(store, 20, 9), [2, 4, 1]);
    assert_eq!(due_runs(store, 99, 2), [2, 4]);
    let done = CampaignRun {
        position: LeadId(77),
        ended_at: Some(at(40)),
        ..run(2, 10)
    };
    let changed = done.clone();
    let same = write_then_read(
        store,
        move |txn| txn.update_run(&changed),
        |txn| {
            assert!(txn.runs_at(CampaignId(8), at(10))?.is_empty());
            txn.runs_at(CampaignId(7), at(10))
        },
    );
    assert_eq!(same, [done, run(4, 10)]);
    assert_eq!(due_runs(store, 99, 9), [4, 1, 3]);
    let clones = |second| read(store, move |txn| txn.count_clone_runs(at(second)));
    assert_eq!((clones(2), clones(3)), (1, 0));
}

/// RC-17: due by their time, until they are gone.
pub fn tasks_come_back_as_written(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_tasks(&[task(1, 20), task(2, 10), task(3, 30), task(4, 10)])
    });
    refused(store, |txn| txn.insert_tasks(&[task(5, 1), task(1, 9)]));
    assert_eq!(due_tasks(store, 9, 9), [0; 0]);
    assert_eq!(due_tasks(store, 20, 9), [2, 4, 1]);
    assert_eq!(due_tasks(store, 99, 2), [2, 4]);
    let ids = [TaskId(3), TaskId(9), TaskId(1), TaskId(3)];
    let found = read(store, move |txn| txn.tasks(&ids));
    assert_eq!(found, [task(1, 20), task(3, 30)]);
    let left = write_then_read(
        store,
        |txn| {
            txn.update_tasks(&[task(2, 50)])?;
            txn.delete_tasks(&[TaskId(4), TaskId(9)])
        },
        |txn| txn.due_tasks(at(99), 9),
    );
    assert_eq!(left, [task(1, 20), task(3, 30), task(2, 50)]);
}

/// A task that failed is due no more, until it has no failure.
pub fn what_failed_waits(store: &dyn Store) {
    let failed = |id| CampaignTask {
        failure: Some("no \"server\"".to_owned()),
        ..task(id, 10)
    };
    write(store, move |txn| {
        txn.insert_tasks(&[task(1, 10), failed(2), failed(3)])
    });
    assert_eq!(due_tasks(store, 99, 9), [1]);
    let after =
        |id: Option<i64>, limit| read(store, move |txn| txn.failed_tasks(id.map(TaskId), limit));
    assert_eq!(after(None, 9), [failed(2), failed(3)]);
    assert_eq!(after(None, 1), [failed(2)]);
    assert_eq!(after(Some(2), 9), [failed(3)]);
    write(store, |txn| txn.update_tasks(&[task(3, 5)]));
    assert_eq!(due_tasks(store, 99, 9), [3, 1]);
    assert_eq!(after(None, 9), [failed(2)]);
}

/// ITL-6, DM-DEL-2: the last row counts; they go over to who wins a merge, and go with their lead.
pub fn tokens_of_rows_are_for_one_lead(store: &dyn Store) {
    let row = |campaign, lead, name: &str| RowTokens {
        campaign: CampaignId(campaign),
        lead: LeadId(lead),
        tokens: texts(&[name]),
    };
    let of = |campaign| {
        let leads = [5, 4, 3, 2, 1].map(LeadId);
        let found = read(store, move |txn| {
            txn.row_tokens(CampaignId(campaign), &leads)
        });
        found
            .iter()
            .map(|own| {
                own.first()
                    .map(|(name, _)| name.clone())
                    .unwrap_or_default()
            })
            .collect::<Vec<_>>()
            .join(",")
    };
    write(store, move |txn| {
        txn.insert_leads(&[lead(1), lead(2), lead(3), lead(4), lead(5)])?;
        txn.insert_tasks(&[task(4, 10), task(3, 10)])?;
        txn.put_row_tokens(&[row(7, 1, "a"), row(7, 2, "b"), row(7, 1, "c")])?;
        txn.put_row_tokens(&[
            row(7, 2, "d"),
            row(8, 2, "e"),
            row(7, 3, "f"),
            row(7, 4, "g"),
        ])
    });
    assert_eq!((of(7), of(8)), (",g,f,d,c".to_owned(), ",,,e,".to_owned()));
    // The winner keeps its own.
    write(store, |txn| txn.absorb_leads(LeadId(1), &[LeadId(2)]));
    assert_eq!((of(7).as_str(), of(8).as_str()), (",g,f,,c", ",,,,e"));
    write(store, |txn| txn.delete_leads(&[LeadId(4)]));
    assert_eq!(of(7), ",,f,,c");
    assert_eq!(due_tasks(store, 99, 9), [3]);
    write(store, |txn| {
        txn.delete_row_tokens(CampaignId(7), Some(&[LeadId(3)]))
    });
    assert_eq!((of(7).as_str(), of(8).as_str()), (",,,,c", ",,,,e"));
    write(store, |txn| txn.delete_row_tokens(CampaignId(7), None));
    assert_eq!((of(7).as_str(), of(8).as_str()), (",,,,", ",,,,e"));
}

/// The latest come first, of one campaign.
pub fn the_latest_runs_come_first(store: &dyn Store) {
    write(store, |txn| {
        let other = CampaignRun {
            campaign: CampaignId(8),
            ..run(5, 40)
        };
        for run in [run(1, 20), run(2, 10), run(3, 30), run(4, 10), other] {
            txn.insert_run(&run)?;
        }
        Ok(())
    });
    let latest = |limit| {
        let runs = read(store, move |txn| txn.latest_runs(CampaignId(7), limit));
        runs.iter().map(|run| run.id.0).collect::<Vec<_>>()
    };
    assert_eq!(latest(9), [3, 1, 4, 2]);
    assert_eq!(latest(2), [3, 1]);
}
