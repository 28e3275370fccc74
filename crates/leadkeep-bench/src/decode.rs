//! XML in: what the protocol makes of a call, and floor-parse, which throws the events away.

use anyhow::{Result, anyhow, ensure};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::hint::black_box;
use std::time::Instant;

/// How often a message is read.
const TIMES: usize = 200;

/// Reads a message into typed values; bytes a second.
pub(crate) fn typed(message: &[u8]) -> Result<f64> {
    let limits = mktows::Limits::default();
    measured(message, |message| {
        let envelope = mktows::read_request(message, None, &limits);
        let envelope = envelope.map_err(|fault| anyhow!("{}", fault.text))?;
        ensure!(envelope.body.is_ok(), "the message is not understood");
        black_box(envelope);
        Ok(())
    })
}

/// Reads the same bytes with the bare pull parser; bytes a second.
pub(crate) fn floor(message: &[u8]) -> Result<f64> {
    measured(message, |message| {
        let mut reader = Reader::from_str(std::str::from_utf8(message)?);
        while !matches!(black_box(reader.read_event()?), Event::Eof) {}
        Ok(())
    })
}

fn measured(message: &[u8], read: impl Fn(&[u8]) -> Result<()>) -> Result<f64> {
    read(message)?;
    let started = Instant::now();
    for _ in 0..TIMES {
        read(black_box(message))?;
    }
    Ok((TIMES * message.len()) as f64 / started.elapsed().as_secs_f64())
}
