//! Which leads the key lists of a merge mean.

use super::KeyList;
use crate::error::{CallError, RecordError};
use crate::ids::LeadId;
use crate::leads::{LeadKeyType, writable_leads};
use crate::schema::Schema;
use crate::store::WriteTxn;
use std::collections::{HashMap, HashSet};

/// The one lead of a list, or why there is none.
type Named = Result<LeadId, RecordError>;

/// Finds the winner, and the losers in the order of the call, each once (ML-10).
pub(super) fn resolve(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    winner: &KeyList,
    losers: &[&KeyList],
) -> Result<(Named, Result<Vec<LeadId>, RecordError>), CallError> {
    let all: KeyList = losers.iter().fold(winner.clone(), |mut all, list| {
        all.extend(list.iter().cloned());
        all
    });
    let mut found = writable_leads(txn, schema, &all)?.into_iter();
    let mut found_of =
        |list: &KeyList| -> Vec<Vec<LeadId>> { found.by_ref().take(list.len()).collect() };

    let found_winner = named(winner, &found_of(winner)).and_then(|mut leads| match leads.len() {
        1 => Ok(leads.remove(0)),
        _ => Err(ambiguous(&winner[0])),
    });
    let mut found_losers = Ok(Vec::new());
    let mut seen = HashSet::new();
    for list in losers {
        let leads = named(list, &found_of(list));
        found_losers = found_losers.and_then(|mut all: Vec<LeadId>| {
            all.extend(leads?.into_iter().filter(|lead| seen.insert(*lead)));
            Ok(all)
        });
    }
    Ok((found_winner, found_losers))
}

/// The leads that a list names: keys of one type each name a lead, and each of these must have the keys of all other types
/// (ML-6, ML-7). Each must be one lead exactly (ML-8).
fn named(list: &KeyList, found: &[Vec<LeadId>]) -> Result<Vec<LeadId>, RecordError> {
    // How many keys of each type there are, and the leads that they have.
    let mut types: HashMap<LeadKeyType, (usize, HashSet<LeadId>)> = HashMap::new();
    for ((own, _), leads) in list.iter().zip(found) {
        let (keys, has) = types.entry(*own).or_default();
        *keys += 1;
        has.extend(leads);
    }
    let keys = |own: &LeadKeyType| types.get(own).map(|(keys, _)| *keys);
    let Some((naming, _)) = list.iter().max_by_key(|(own, _)| keys(own)) else {
        return Ok(Vec::new());
    };
    let has_others = |lead: &LeadId| {
        let mut others = types.iter().filter(|(own, _)| *own != naming);
        others.all(|(_, (_, has))| has.contains(lead))
    };
    let names = list.iter().zip(found).filter(|((own, _), _)| own == naming);
    names
        .map(|(key, leads)| {
            let mut leads = leads.iter().copied().filter(has_others);
            match (leads.next(), leads.next()) {
                (Some(lead), None) => Ok(lead),
                (None, _) => Err(RecordError::LeadNotFound(text(key))),
                (Some(_), Some(_)) => Err(ambiguous(key)),
            }
        })
        .collect()
}

fn text((key_type, value): &(LeadKeyType, String)) -> String {
    format!("{} = {}", key_type.as_str(), value.trim())
}

fn ambiguous(key: &(LeadKeyType, String)) -> RecordError {
    RecordError::LeadKeyBad(format!("Lead key is ambiguous: {}", text(key)))
}
