//! What becomes of leads that lose a merge.

use super::support::{at, cookie, custom, lead, lead_with, read, write, write_then_read};
use crate::ids::{LeadId, ListId};
use crate::store::{ActivityFilter, ActivityType, ForeignId, LeadKey, NewActivity, Pick, Store};
use std::sync::Arc;

fn activity(lead: i64, second: i64) -> NewActivity {
    NewActivity {
        lead: LeadId(lead),
        at: at(second),
        activity_type: ActivityType(13),
        asset: None,
        attributes: Arc::default(),
        campaign: None,
    }
}

/// DM-MRG-3, DM-MRG-4, DM-MRG-6, ACT-51.
pub fn all_of_a_loser_goes_to_its_winner(store: &dyn Store) {
    let (one, two, three) = (ListId(1001), ListId(1002), ListId(1003));
    write(store, move |txn| {
        txn.insert_leads(&[lead(1), lead_with(2, "b@x.com"), lead(3), lead(4)])?;
        txn.append_activities(&[
            activity(2, 10),
            activity(1, 20),
            activity(3, 30),
            activity(4, 40),
        ])?;
        txn.attach_foreign_ids(&[(custom("b"), LeadId(2)), (custom("d"), LeadId(4))])?;
        txn.attach_cookies(&[
            (cookie("token:c"), LeadId(3)),
            (cookie("token:d"), LeadId(4)),
        ])?;
        let members = [(one, 1), (one, 2), (two, 2), (two, 3), (three, 4)];
        txn.add_list_members(&members.map(|(list, lead)| (list, LeadId(lead))), at(1))
    });
    let before = read(store, |txn| {
        txn.activities_after(
            &crate::store::LeadScope::All,
            &ActivityFilter::default(),
            None,
            9,
        )
    });
    let keys = [
        LeadKey::Foreign(custom("b")),
        LeadKey::Cookie(cookie("token:c")),
        LeadKey::Email("b@x.com".into()),
        LeadKey::Id(LeadId(3)),
        LeadKey::Foreign(custom("d")),
        LeadKey::Cookie(cookie("token:d")),
    ];
    let (found, winners, history, members) = write_then_read(
        store,
        |txn| txn.absorb_leads(LeadId(1), &[LeadId(2), LeadId(3)]),
        move |txn| {
            let history = txn.activities_of_lead(LeadId(1), &ActivityFilter::default(), None, 9)?;
            let lists = [one, two, three].map(|list| [1, 2, 3].map(|lead| (list, LeadId(lead))));
            Ok((
                txn.lead_ids(&keys, Pick::newest(9))?,
                txn.merge_winners(&[LeadId(1), LeadId(2), LeadId(3)])?,
                history,
                txn.are_list_members(&lists.concat())?,
            ))
        },
    );
    let lead = |id| vec![LeadId(id)];
    assert_eq!(found, [lead(1), lead(1), vec![], vec![], lead(4), lead(4)]);
    assert_eq!(winners, [(LeadId(2), LeadId(1)), (LeadId(3), LeadId(1))]);
    // With their ids and times.
    let ids: Vec<_> = history
        .iter()
        .map(|found| (found.id, found.what.at))
        .collect();
    let were: Vec<_> = [2, 1, 0]
        .map(|place: usize| (before[place].id, before[place].what.at))
        .into();
    assert_eq!(ids, were);
    assert_eq!(
        members,
        [true, false, false, true, false, false, false, false, false]
    );
    assert_eq!(read(store, |txn| Ok(txn.counts()?.leads)), 2);
}

/// COM-12: for good, and through later merges of the winner.
pub fn a_winner_may_lose_later(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[lead(1), lead(2), lead(3)])?;
        txn.absorb_leads(LeadId(2), &[LeadId(1)])
    });
    write(store, |txn| txn.absorb_leads(LeadId(3), &[LeadId(2)]));
    let winners = read(store, |txn| {
        txn.merge_winners(&[LeadId(1), LeadId(2), LeadId(3)])
    });
    assert_eq!(winners, [(LeadId(1), LeadId(3)), (LeadId(2), LeadId(3))]);
}

/// DM-FSID-4: the foreign id that was attached to the winner last, whenever those of the losers were; a winner without
/// one shows the last of the losers'.
pub fn what_the_winner_shows_stays(store: &dyn Store) {
    let shown = |lead: i64| -> Option<ForeignId> {
        let found = read(store, move |txn| txn.leads(&[LeadId(lead)]));
        found.into_iter().find_map(|lead| lead.foreign_id)
    };
    write(store, |txn| {
        txn.insert_leads(&[lead(1), lead(2), lead(3), lead(4)])?;
        let ids = [("own", 1), ("z", 2), ("a", 2), ("y", 4)];
        txn.attach_foreign_ids(&ids.map(|(id, lead)| (custom(id), LeadId(lead))))
    });
    write(store, |txn| txn.absorb_leads(LeadId(3), &[LeadId(2)]));
    assert_eq!(shown(3), Some(custom("a")));
    write(store, |txn| {
        txn.absorb_leads(LeadId(1), &[LeadId(3), LeadId(4)])
    });
    assert_eq!(shown(1), Some(custom("own")));
    write(store, |txn| {
        txn.attach_foreign_ids(&[(custom("z"), LeadId(1))])
    });
    assert_eq!(shown(1), Some(custom("z")));
}
