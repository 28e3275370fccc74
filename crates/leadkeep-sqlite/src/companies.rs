//! Companies.

use crate::kept_back;
use crate::statements::{attrs_with, each, execute_each, limit, rows};
use crate::txn::Txn;
use leadkeep_core::attrs::Names;
use leadkeep_core::ids::CompanyId;
use leadkeep_core::store::{Company, Result};
use rusqlite::{Connection, Row};

pub(crate) fn insert(txn: &Txn<'_>, companies: &[Company]) -> Result<()> {
    let rows = companies.iter().map(|company| {
        let attrs = company.attrs.to_json();
        (company.id.0, company.key.clone(), attrs)
    });
    if let Some(mut kept) = txn.1.keep_back(companies.len()) {
        kept.companies.extend(rows);
        return Ok(());
    }
    kept_back::insert_companies(txn.whole()?, &rows.collect::<Vec<_>>())
}

pub(crate) fn update(connection: &Connection, companies: &[Company]) -> Result<()> {
    let sql = "UPDATE company SET key = ?2, attrs = ?3 WHERE id = ?1";
    execute_each(connection, sql, companies, |company| {
        (
            company.id.0,
            company.key.as_deref(),
            company.attrs.to_json(),
        )
    })
}

/// The columns of a company.
pub(crate) const COMPANY: &str = "SELECT id, key, attrs FROM company";

pub(crate) fn company_reader() -> impl FnMut(&Row<'_>) -> rusqlite::Result<Company> {
    let mut names = Names::default();
    move |row| {
        Ok(Company {
            id: CompanyId(row.get(0)?),
            key: row.get(1)?,
            attrs: attrs_with(row, 2, &mut names)?,
        })
    }
}

pub(crate) fn by_id(connection: &Connection, ids: &[CompanyId]) -> Result<Vec<Company>> {
    if let Some((first, last)) = close_together(ids) {
        // One walk instead of a look-up each: the companies of a page of leads are mostly the leads' own.
        let sql = format!("{COMPANY} WHERE id >= ?1 AND id <= ?2 ORDER BY id");
        let mut read = company_reader();
        let found = rows(connection, &sql, (first.0, last.0), |row| {
            let wanted = ids.binary_search(&CompanyId(row.get(0)?)).is_ok();
            wanted.then(|| read(row)).transpose()
        })?;
        return Ok(found.into_iter().flatten().collect());
    }
    let sql = format!("{COMPANY} WHERE id = ?1");
    Ok(each(connection, &sql, ids, |id| (id.0,), company_reader())?
        .into_iter()
        .flatten()
        .collect())
}

/// The first and the last of several ascending ids, if at least half of the numbers between them are among them.
fn close_together(ids: &[CompanyId]) -> Option<(CompanyId, CompanyId)> {
    let (first, last) = (*ids.first()?, *ids.last()?);
    let ascending = ids.is_sorted_by(|a, b| a < b);
    let between = last.0.checked_sub(first.0)?;
    (ascending && ids.len() > 1 && between < 2 * limit(ids.len())).then_some((first, last))
}

pub(crate) fn by_key(connection: &Connection, keys: &[String]) -> Result<Vec<Option<Company>>> {
    let sql = format!("{COMPANY} WHERE key = ?1");
    each(
        connection,
        &sql,
        keys,
        |key| (key.clone(),),
        company_reader(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::Numbers;
    use crate::plans::database;
    use leadkeep_core::contract::support::company;
    use leadkeep_core::store::WriteTxn;

    #[test]
    fn companies_that_stand_close_together_are_walked_to() {
        let connection = database();
        let all: Vec<_> = (1..=9).filter(|id| *id != 5).map(company).collect();
        let numbers = Numbers::default();
        Txn(&connection, &numbers).insert_companies(&all).unwrap();
        for (wanted, found, together) in [
            (&[][..], &[][..], false),
            (&[3], &[3], false),
            (&[2, 3, 4], &[2, 3, 4], true),
            (&[2, 4, 5, 7], &[2, 4, 7], true),
            (&[1, 9], &[1, 9], false),
            (&[9, 8], &[9, 8], false),
            (&[8, 8], &[8, 8], false),
            (&[i64::MIN, i64::MAX], &[], false),
        ] {
            let wanted: Vec<_> = wanted.iter().copied().map(CompanyId).collect();
            assert_eq!(close_together(&wanted).is_some(), together, "{wanted:?}");
            let given = by_id(&connection, &wanted).unwrap();
            let given: Vec<i64> = given.iter().map(|company| company.id.0).collect();
            assert_eq!(given, found, "{wanted:?}");
        }
    }
}
