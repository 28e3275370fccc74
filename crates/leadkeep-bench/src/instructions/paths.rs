//! `path`: one of the fixed paths, some times over. `instructions` runs it under callgrind.

use super::{LEADS, apply};
use crate::messages;
use crate::server::Server;
use anyhow::{Result, anyhow};
use mktows::{LeadSyncStatus, ResultSyncMultipleLeads, SyncStatus, Version};
use std::hint::black_box;

/// How often a path is run in the two runs of a count. With few calls the store's first pages are made, and what is done
/// once has been done.
pub(super) const FEW: usize = 2;
pub(super) const MANY: usize = 12;

/// The paths, in the order of a call.
pub(super) const ALL: [Path; 3] = [Path::Decode, Path::Apply, Path::Encode];

/// A path through the server that a call of syncMultipleLeads takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Path {
    /// The bytes of the message become typed values.
    Decode,
    /// New leads, by the rules, into a database file.
    Apply,
    /// The outcomes become the bytes of the answer.
    Encode,
}

impl Path {
    /// Its name on the command line and in the file of the counts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Apply => "apply",
            Self::Encode => "encode",
        }
    }
}

/// Runs `path`.
pub(crate) fn path(path: Path, times: usize) -> Result<()> {
    match path {
        Path::Decode => decode(times),
        Path::Apply => apply::apply(times),
        Path::Encode => {
            encode(times);
            Ok(())
        }
    }
}

fn decode(times: usize) -> Result<()> {
    let message = messages::create(&Server::signer(), 0..LEADS);
    for _ in 0..times {
        black_box(read(black_box(&message))?);
    }
    Ok(())
}

/// What a message says.
pub(super) fn read(message: &[u8]) -> Result<mktows::Request> {
    let envelope = mktows::read_request(message, None, &mktows::Limits::default());
    let body = envelope.and_then(|envelope| envelope.body);
    body.map_err(|fault| anyhow!("{}", fault.text))
}

fn encode(times: usize) {
    let status = |lead| SyncStatus {
        lead_id: lead,
        status: LeadSyncStatus::Created,
        error: None,
    };
    let answer = ResultSyncMultipleLeads {
        sync_status_list: (1_000_001..).take(LEADS).map(status).collect(),
    };
    let answer = answer.into();
    for _ in 0..times {
        black_box(mktows::write_response(black_box(&answer), Version::LAST));
    }
}
