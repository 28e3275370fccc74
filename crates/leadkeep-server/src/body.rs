//! Bodies of requests (END-7).

use crate::config::Config;
use axum::body::HttpBody;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use hyper::body::Incoming;
use std::future::poll_fn;
use std::io::Read;
use std::pin::Pin;

/// A body that is too large is read on up to so many times the limit, and thrown away: a client that is still writing
/// when the connection closes sees a broken connection and not the 413.
const READ_ON: usize = 4;

pub(crate) fn too_large(limit: usize) -> Response {
    (
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("a message may have at most {limit} bytes\n"),
    )
        .into_response()
}

/// Reads a body whole.
pub(crate) async fn received(body: Incoming, config: &Config) -> Result<Vec<u8>, Response> {
    let limit = config.max_body;
    match tokio::time::timeout(config.body_timeout, collected(body, limit)).await {
        Ok(Ok(Some(message))) => Ok(message),
        Ok(Ok(None)) => Err(too_large(limit)),
        Ok(Err(_)) => Err((
            StatusCode::BAD_REQUEST,
            "the message did not arrive whole\n",
        )
            .into_response()),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the message took too long\n").into_response()),
    }
}

/// The bytes of a body, or nothing if there are more than the limit.
async fn collected(mut body: Incoming, limit: usize) -> hyper::Result<Option<Vec<u8>>> {
    // What is announced is made room for at once: room that is never written to costs no memory, and a message that grows
    // piece by piece leaves as much again behind.
    let announced = body.size_hint().exact().unwrap_or_default();
    let room = usize::try_from(announced).map_or(limit, |length| length.min(limit));
    let mut message = Vec::with_capacity(room);
    let mut size = 0_usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= limit {
            message.extend_from_slice(&data);
        } else if size <= limit.saturating_mul(READ_ON) {
            message = Vec::new();
        } else {
            break;
        }
    }
    Ok((size <= limit).then_some(message))
}

/// Undoes the compression of a body; the limit holds for what comes out (END-7).
pub(crate) async fn unpacked(
    body: Vec<u8>,
    encoding: Option<String>,
    limit: usize,
) -> Result<Vec<u8>, Response> {
    let encoding = encoding.as_deref().map(str::trim).unwrap_or("identity");
    let unpack: fn(&[u8], u64) -> std::io::Result<Vec<u8>> = match encoding {
        "" | "identity" => return Ok(body),
        "gzip" | "x-gzip" => |body, limit| read_at_most(GzDecoder::new(body), limit),
        "deflate" => |body, limit| {
            // With the zlib wrapper, as the standard has it, or without, as some clients send it.
            read_at_most(ZlibDecoder::new(body), limit)
                .or_else(|_| read_at_most(DeflateDecoder::new(body), limit))
        },
        _ => {
            let text = "Content-Encoding gzip, deflate and identity are understood\n";
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, text).into_response());
        }
    };
    let bound = u64::try_from(limit).unwrap_or(u64::MAX);
    match tokio::task::spawn_blocking(move || unpack(&body, bound)).await {
        Ok(Ok(plain)) if plain.len() > limit => Err(too_large(limit)),
        Ok(Ok(plain)) => Ok(plain),
        _ => Err((
            StatusCode::BAD_REQUEST,
            "the message cannot be decompressed\n",
        )
            .into_response()),
    }
}

fn read_at_most(reader: impl Read, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut plain)?;
    Ok(plain)
}
