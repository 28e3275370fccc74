//! The smallest HTTP/1.1 client that measures a server and not itself: one kept-alive connection, blocking.

use anyhow::{Context, Result, bail, ensure};
use memchr::memmem;
use std::io::{IoSlice, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::time::Duration;

/// What a server may take for one answer; more means that it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
pub(crate) struct Connection {
    stream: TcpStream,
    host: String,
    head: Vec<u8>,
    /// What has come so far of an answer.
    buffer: Vec<u8>,
    filled: usize,
}

impl Connection {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream =
            TcpStream::connect(address).with_context(|| format!("connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            host: address.to_string(),
            head: Vec::new(),
            buffer: vec![0; 64 * 1024],
            filled: 0,
        })
    }

    /// Posts a message and gives the body of the answer, which must be a success.
    pub(crate) fn post(&mut self, message: &[u8]) -> Result<&[u8]> {
        self.send(message)?;
        self.receive()
    }

    /// Posts a message; its answer is read by [`Connection::receive`].
    pub(crate) fn send(&mut self, message: &[u8]) -> Result<()> {
        self.head.clear();
        write!(
            self.head,
            "POST /soap/mktows/3_1 HTTP/1.1\r\nHost: {}\r\nContent-Type: text/xml; charset=utf-8\r\n\
             Content-Length: {}\r\n\r\n",
            self.host,
            message.len()
        )?;
        // Head and body in one piece, as clients send them.
        let parts = [IoSlice::new(&self.head), IoSlice::new(message)];
        let sent = self.stream.write_vectored(&parts)?;
        match sent.checked_sub(self.head.len()) {
            Some(sent) => self.stream.write_all(&message[sent..])?,
            None => {
                self.stream.write_all(&self.head[sent..])?;
                self.stream.write_all(message)?;
            }
        }
        Ok(())
    }

    /// The body of the answer to what was sent, which must be a success.
    pub(crate) fn receive(&mut self) -> Result<&[u8]> {
        self.filled = 0;
        let head = loop {
            self.more()?;
            if let Some(end) = memmem::find(&self.buffer[..self.filled], b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        let body = body_range(&text)?;
        if self.buffer.len() < body.end {
            self.buffer.resize(body.end, 0);
        }
        while self.filled < body.end {
            self.more()?;
        }
        let body = &self.buffer[body];
        if !text.starts_with("HTTP/1.1 200") {
            let status = text.lines().next().unwrap_or_default();
            bail!("{status}: {}", String::from_utf8_lossy(body));
        }
        Ok(body)
    }

    fn more(&mut self) -> Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(2 * self.filled, 0);
        }
        let came = self.stream.read(&mut self.buffer[self.filled..])?;
        ensure!(came > 0, "the server closed the connection");
        self.filled += came;
        Ok(())
    }
}

/// Where the body stands in an answer with this head.
fn body_range(head: &str) -> Result<Range<usize>> {
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.with_context(|| format!("the answer has no Content-Length:\n{head}"))?;
    Ok(head.len()..head.len() + length)
}
