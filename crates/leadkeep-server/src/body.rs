//! Bodies of requests (END-7).

use crate::config::Config;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flate2::read::{DeflateDecoder, GzDecoder, MultiGzDecoder, ZlibDecoder};
use hyper::body::{Frame, Incoming};
use mktows::Fault;
use std::future::poll_fn;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Sleep;

/// A body that is too large is read on up to so many times the limit, and thrown away: a client that is still writing
/// when the connection closes sees a broken connection and not the 413.
const READ_ON: usize = 4;

/// Bytes that any message may have. Of larger ones, which anybody can send before it is known who calls, only [`LARGE_AT_ONCE`]
/// are in memory at a time; the others wait, and so do their senders.
const SMALL: usize = 256 << 10;
/// Messages of more than [`SMALL`] bytes that are in memory at a time.
pub(crate) const LARGE_AT_ONCE: usize = 8;

/// How long the sender of a large message may pause: the others wait for its turn.
const PAUSE: Duration = Duration::from_secs(10);

/// Why the bytes of a body are not there.
pub(crate) enum Lost<E> {
    /// What its connection says.
    Broken(E),
    /// Its sender has paused for too long.
    Stalled,
}

/// The turn of a message to be large: it is taken when the message turns out to be, and held until its call is answered.
pub(crate) struct Turn<'s> {
    turns: &'s Semaphore,
    taken: Option<SemaphorePermit<'s>>,
}

impl<'s> Turn<'s> {
    /// A turn out of [`LARGE_AT_ONCE`], which is not taken yet.
    pub(crate) fn of(turns: &'s Semaphore) -> Self {
        Self { turns, taken: None }
    }

    async fn take(&mut self) {
        if self.taken.is_none() {
            // Nobody closes them.
            self.taken = self.turns.acquire().await.ok();
        }
    }
}

pub(crate) fn too_large(limit: usize) -> Response {
    (
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("a message may have at most {limit} bytes\n"),
    )
        .into_response()
}

/// Reads a body whole.
pub(crate) async fn received(
    body: Incoming,
    config: &Config,
    turn: &mut Turn<'_>,
) -> Result<Vec<u8>, Response> {
    let limit = config.max_body;
    match tokio::time::timeout(config.body_timeout, collected(body, limit, Some(turn))).await {
        Ok(Ok(Some(message))) => Ok(message),
        Ok(Ok(None)) => Err(too_large(limit)),
        Ok(Err(Lost::Broken(_))) => Err((
            StatusCode::BAD_REQUEST,
            "the message did not arrive whole\n",
        )
            .into_response()),
        Ok(Err(Lost::Stalled)) | Err(_) => {
            Err((StatusCode::REQUEST_TIMEOUT, "the message took too long\n").into_response())
        }
    }
}

/// The bytes of a body, or nothing if there are more than the limit. Large ones take their turn, if they have one to take.
pub(crate) async fn collected<B: HttpBody<Data = Bytes> + Unpin>(
    mut body: B,
    limit: usize,
    mut turn: Option<&mut Turn<'_>>,
) -> Result<Option<Vec<u8>>, Lost<B::Error>> {
    let announced = body.size_hint().exact().unwrap_or_default();
    let room = usize::try_from(announced).map_or(limit, |length| length.min(limit));
    let mut message = with_room(room);
    let mut size = 0_usize;
    loop {
        let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let frame = match turn.as_ref().is_some_and(|turn| turn.taken.is_some()) {
            true => tokio::time::timeout(PAUSE, next)
                .await
                .map_err(|_| Lost::Stalled)?,
            false => next.await,
        };
        let Some(frame) = frame else {
            break;
        };
        let Ok(data) = frame.map_err(Lost::Broken)?.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= limit {
            if size > SMALL
                && let Some(turn) = &mut turn
            {
                turn.take().await;
            }
            message.extend_from_slice(&data);
        } else if size <= limit.saturating_mul(READ_ON) {
            message = Vec::new();
        } else {
            break;
        }
    }
    Ok((size <= limit).then_some(message))
}

/// Nothing, with room for so many bytes, if they can be had: room that is never written to costs no memory, and what grows piece by piece
/// leaves as much again behind.
fn with_room(bytes: usize) -> Vec<u8> {
    let mut room = Vec::new();
    // Without it, it grows.
    let _ = room.try_reserve_exact(bytes);
    room
}

/// Undoes the compression of a body; the limit holds for what comes out (END-7). One that cannot be undone is a fault of its call (FLT-8).
///
/// # Errors
/// What HTTP answers to a message that is too large or packed in a way that nobody knows here.
pub(crate) async fn unpacked(
    mut body: Vec<u8>,
    encoding: Option<String>,
    limit: usize,
    turn: &mut Turn<'_>,
) -> Result<Result<Vec<u8>, Fault>, Response> {
    let encoding = encoding.as_deref().map(str::trim).unwrap_or("identity");
    let unpack: fn(&[u8], u64) -> std::io::Result<Vec<u8>> = match encoding {
        "" | "identity" => return Ok(Ok(body)),
        "gzip" | "x-gzip" => |body, limit| {
            // Of several members, or of one with something behind it that is none.
            read_at_most(MultiGzDecoder::new(body), limit)
                .or_else(|_| read_at_most(GzDecoder::new(body), limit))
        },
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
    // A few bytes may become a message of any size, so whether it is a large one is found out first.
    for most in [SMALL.min(limit), limit] {
        if most > SMALL {
            turn.take().await;
        }
        let bound = u64::try_from(most).unwrap_or(u64::MAX);
        let unpacked = tokio::task::spawn_blocking(move || (unpack(&body, bound), body));
        body = match unpacked.await {
            Ok((Ok(plain), _)) if plain.len() <= most => return Ok(Ok(plain)),
            Ok((Ok(_), body)) => body,
            _ => {
                let text = "the message cannot be decompressed";
                return Ok(Err(Fault::not_understood(text)));
            }
        };
    }
    Err(too_large(limit))
}

fn read_at_most(reader: impl Read, limit: u64) -> std::io::Result<Vec<u8>> {
    let most = limit.saturating_add(1);
    let mut plain = with_room(usize::try_from(most).unwrap_or_default());
    reader.take(most).read_to_end(&mut plain)?;
    Ok(plain)
}

/// A body that ends with an error when it has not arrived in time, for whoever reads it.
pub(crate) struct Timed<B> {
    body: B,
    end: Pin<Box<Sleep>>,
}

impl<B: HttpBody<Data = Bytes> + Send + Unpin + 'static> Timed<B>
where
    B::Error: std::error::Error + Send + Sync,
{
    /// The body, with so long to arrive from now on.
    pub(crate) fn within(time: Duration, body: B) -> Body {
        match body.is_end_stream() {
            true => Body::empty(),
            false => Body::new(Self {
                body,
                end: Box::pin(tokio::time::sleep(time)),
            }),
        }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Timed<B>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())));
        }
        let frame = Pin::new(&mut self.body).poll_frame(context);
        frame.map(|frame| frame.map(|frame| frame.map_err(io::Error::other)))
    }
}

/// What to answer when a [`Timed`] body did not arrive whole; nothing if it was larger than its reader takes.
pub(crate) fn not_whole(error: &axum::Error) -> Option<StatusCode> {
    let first: &dyn std::error::Error = error;
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    let cause = causes.find_map(|error| error.downcast_ref::<io::Error>())?;
    Some(match cause.kind() {
        io::ErrorKind::TimedOut => StatusCode::REQUEST_TIMEOUT,
        _ => StatusCode::BAD_REQUEST,
    })
}
