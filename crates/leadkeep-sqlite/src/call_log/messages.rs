//! Messages and answers in the file of the log, many of them packed together: those of one operation are much alike.

use crate::error::failed;
use crate::statements::{insert_rows, prepare};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use leadkeep_core::call_log::Body;
use leadkeep_core::store::Result;
use rusqlite::{Connection, OptionalExtension};
use std::io::{Read, Write};

pub(super) const TABLES: &str = "
CREATE TABLE body (
    call INTEGER PRIMARY KEY,
    block INTEGER NOT NULL,
    -- Where the message begins in the texts of the block; the answer follows it.
    start INTEGER NOT NULL,
    -- How many bytes they have; below zero there is no text (see messages.rs).
    request INTEGER NOT NULL,
    response INTEGER NOT NULL
);
CREATE TABLE block (id INTEGER PRIMARY KEY, texts BLOB NOT NULL);
";

/// Texts are packed when there are so many bytes of them; who reads one of them unpacks those before it.
const BLOCK: usize = 64 << 10;

/// In place of a length: more came than is kept.
const TOO_MUCH: i64 = -1;
/// In place of a length: it is no text.
const NO_TEXT: i64 = -2;

/// Writes the messages of many calls, in the order of the calls.
pub(super) struct Messages<'t> {
    txn: &'t Connection,
    texts: String,
    rows: Vec<Place>,
}

/// Where the messages of a call are.
struct Place {
    call: i64,
    start: i64,
    request: i64,
    response: i64,
}

impl<'t> Messages<'t> {
    pub(super) fn new(txn: &'t Connection) -> Self {
        Self {
            txn,
            texts: String::new(),
            rows: Vec::new(),
        }
    }

    /// Takes the messages of a call.
    pub(super) fn add(&mut self, call: i64, request: &Body, response: &Body) -> Result<()> {
        let place = Place {
            call,
            start: whole(self.texts.len()),
            request: self.take(request),
            response: self.take(response),
        };
        self.rows.push(place);
        match self.texts.len() < BLOCK {
            true => Ok(()),
            false => self.write(),
        }
    }

    /// Takes a text, and says how long it is.
    fn take(&mut self, body: &Body) -> i64 {
        match body {
            Body::TooMuch => TOO_MUCH,
            Body::NoText => NO_TEXT,
            Body::Kept(text) => {
                self.texts.push_str(text);
                whole(text.len())
            }
        }
    }

    /// Writes what has not been written yet.
    pub(super) fn write(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        let packed = packed
            .write_all(self.texts.as_bytes())
            .and_then(|()| packed.finish())
            .map_err(|error| failed(rusqlite::Error::ToSqlConversionFailure(error.into())))?;
        prepare(self.txn, "INSERT INTO block (texts) VALUES (?)")?
            .execute([packed])
            .map_err(failed)?;
        let block = self.txn.last_insert_rowid();
        let columns = "body (call, block, start, request, response)";
        insert_rows(self.txn, columns, 5, &self.rows, |places, row| {
            places.put(row.call)?;
            places.put(block)?;
            places.put(row.start)?;
            places.put(row.request)?;
            places.put(row.response)
        })?;
        self.texts.clear();
        self.rows.clear();
        Ok(())
    }
}

pub(super) fn whole(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Deletes the messages of the calls before this one.
pub(super) fn forget(txn: &Connection, call: i64) -> rusqlite::Result<()> {
    txn.execute("DELETE FROM body WHERE call < ?1", [call])?;
    // Places of blocks ascend with those of calls.
    let first = txn
        .query_row("SELECT block FROM body ORDER BY call LIMIT 1", [], |row| {
            row.get(0)
        })
        .optional()?;
    txn.execute(
        "DELETE FROM block WHERE id < ?1",
        [first.unwrap_or(i64::MAX)],
    )?;
    Ok(())
}

/// The message and the answer of a call.
pub(super) fn of_call(connection: &Connection, call: i64) -> Result<[Body; 2]> {
    let sql = "SELECT start, request, response, texts FROM body JOIN block ON block.id = block WHERE call = ?1";
    let found = prepare(connection, sql)?
        .query_row([call], |row| {
            let (start, lengths) = (row.get(0)?, [row.get(1)?, row.get(2)?]);
            // What cannot be read hides nothing else of its call.
            let both = unpacked(row.get_ref(3)?.as_blob()?, start, lengths);
            Ok(both.unwrap_or([Body::NoText, Body::NoText]))
        })
        .optional()
        .map_err(failed)?;
    Ok(found.unwrap_or([Body::TooMuch, Body::TooMuch]))
}

fn unpacked(texts: &[u8], start: u64, [request, response]: [i64; 2]) -> std::io::Result<[Body; 2]> {
    let mut texts = DeflateDecoder::new(texts);
    std::io::copy(&mut texts.by_ref().take(start), &mut std::io::sink())?;
    let mut body = |length: i64| -> std::io::Result<Body> {
        let Ok(length) = u64::try_from(length) else {
            return Ok(match length {
                TOO_MUCH => Body::TooMuch,
                _ => Body::NoText,
            });
        };
        let mut text = String::new();
        texts.by_ref().take(length).read_to_string(&mut text)?;
        Ok(Body::Kept(text))
    };
    Ok([body(request)?, body(response)?])
}
