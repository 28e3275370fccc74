//! Listening, and stopping without losing a call.

use crate::app::App;
use crate::http::{Peer, Web};
use crate::jobs;
use crate::tls::{self, Tls};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// How often a server that has no calls looks for changed definitions.
const SCHEMA_REFRESH: Duration = Duration::from_millis(500);

/// Why a server cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The store does not answer.
    #[error("the store does not answer: {0}")]
    Store(String),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// A server that listens and is ready to run.
pub struct Server {
    app: Arc<App>,
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    hangup: Signal,
}

impl Server {
    /// Listens on an address and makes sure that the store answers. With certificates it speaks TLS, and nothing else.
    ///
    /// # Errors
    /// When the address is taken, or the store fails.
    pub async fn bind(
        mut app: App,
        address: SocketAddr,
        tls: Option<Tls>,
    ) -> Result<Self, ServeError> {
        app.tls = tls.map(Arc::new);
        let tls = app.tls.as_ref().map(|tls| tls.acceptor()).transpose();
        let tls = tls.map_err(|error| ServeError::Tls(error.to_string()))?;
        let app = Arc::new(app);
        app.read(|_, _, _| Ok(()))
            .await
            .map_err(|error| ServeError::Store(error.to_string()))?;
        crate::limits::restore(&app)
            .await
            .map_err(|error| ServeError::Store(error.to_string()))?;
        let refused = |reason| ServeError::Listen { address, reason };
        // Without certificates there is nothing to be read again, but nobody should end the server by asking.
        let hangup = signal(SignalKind::hangup()).map_err(refused)?;
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self {
            app,
            listener,
            address,
            tls,
            hangup,
        })
    }

    /// The path at which the first owner of the admin pages is made, while there is nobody who may use them.
    ///
    /// # Errors
    /// When the store does not answer, or the system gives no randomness.
    pub async fn set_up_path(&self) -> Result<Option<String>, ServeError> {
        let failed = |error: &dyn std::fmt::Display| ServeError::Store(error.to_string());
        let known = self.app.read(|txn, _, _| Ok(!txn.admins()?.is_empty()));
        if known.await.map_err(|error| failed(&error))? {
            return Ok(None);
        }
        let path = self.app.admin.begin_set_up();
        path.map(Some).map_err(|error| failed(&error))
    }

    /// Where it listens: with the port that the system chose, if it was asked to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` ends; then takes no new calls, and ends when the running ones have, or when their grace is
    /// over. Tells whether all calls could finish.
    pub async fn run(self, stop: impl Future<Output = ()>) -> bool {
        let web = Arc::new(Web::new(self.app.clone()));
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.app.config.header_timeout);
        builder
            .http2()
            .timer(TokioTimer::new())
            // Clients that are gone without a word.
            .keep_alive_interval(self.app.config.header_timeout)
            .keep_alive_timeout(self.app.config.header_timeout);
        let connections = GracefulShutdown::new();
        let refresh = tokio::spawn(refresh(self.app.clone()));
        let imports = tokio::spawn(jobs::imports(self.app.clone()));
        let limits = tokio::spawn(crate::limits::keep(self.app.clone()));
        let sizes = tokio::spawn(jobs::sizes(self.app.clone()));
        let certificates = self.app.tls.as_ref().map(|tls| {
            let asked = self.hangup;
            tokio::spawn(tls::keep_fresh(tls.clone(), asked))
        });
        let (stopping, stopped) = watch::channel(false);
        let mut campaigns = tokio::spawn(jobs::campaigns(self.app.clone(), stopped));
        let mut stop = pin!(stop);
        loop {
            let (stream, peer) = tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        // Out of file descriptors, most likely: those that are open will close.
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = &mut stop => break,
            };
            // A client that is gone needs no answer.
            let _ = stream.set_nodelay(true);
            let (web, builder) = (web.clone(), builder.clone());
            let (watcher, patience) = (connections.watcher(), self.app.config.header_timeout);
            match &self.tls {
                None => {
                    let stream = TokioIo::new(stream);
                    tokio::spawn(connection(builder, web, stream, peer, watcher, patience));
                }
                Some(acceptor) => {
                    let handshake = acceptor.accept(stream);
                    tokio::spawn(async move {
                        match tokio::time::timeout(patience, handshake).await {
                            Ok(Ok(stream)) => {
                                let stream = TokioIo::new(stream);
                                connection(builder, web, stream, peer, watcher, patience).await;
                            }
                            Ok(Err(error)) => {
                                tracing::debug!(%error, %peer, "a TLS handshake failed");
                            }
                            // Who says nothing is not waited for.
                            Err(_) => {}
                        }
                    });
                }
            }
        }
        drop(self.listener);
        refresh.abort();
        // Between two pieces of work: what is not done goes on at the next start.
        imports.abort();
        sizes.abort();
        if let Some(certificates) = certificates {
            certificates.abort();
        }
        // Nobody listens if that has ended already.
        let _ = stopping.send(true);
        let grace = self.app.config.grace;
        let calls = tokio::time::timeout(grace, connections.shutdown());
        let messages = tokio::time::timeout(grace, &mut campaigns);
        let (calls, messages) = tokio::join!(calls, messages);
        if messages.is_err() {
            tracing::warn!("messages of campaigns were cut off; they will be sent again");
            campaigns.abort();
        }
        let finished = calls.is_ok();
        limits.abort();
        crate::limits::keep_now(&self.app).await;
        finished
    }
}

/// Serves a connection to its end.
async fn connection(
    builder: Builder<TokioExecutor>,
    web: Arc<Web>,
    stream: impl hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    peer: SocketAddr,
    watcher: Watcher,
    patience: Duration,
) {
    let asked = Arc::new(AtomicBool::new(false));
    let peer = Peer::new(peer);
    let service = {
        let asked = asked.clone();
        service_fn(move |request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let (web, peer) = (web.clone(), peer.clone());
            async move { Ok::<_, Infallible>(web.answer(request, peer).await) }
        })
    };
    let connection = builder.serve_connection(stream, service).into_owned();
    let mut connection = pin!(watcher.watch(connection));
    let ended = match tokio::time::timeout(patience, &mut connection).await {
        Ok(ended) => ended,
        // The time-out of heads begins with the first byte that tells HTTP/1 from HTTP/2. Who sends
        // nothing, or an HTTP/2 greeting and no request, is held to the same time here.
        Err(_) if !asked.load(Ordering::Relaxed) => return,
        Err(_) => connection.await,
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Keeps the schema fresh for the check of users, which comes before any transaction of a call.
async fn refresh(app: Arc<App>) {
    loop {
        tokio::time::sleep(SCHEMA_REFRESH).await;
        if let Err(error) = app.read(|_, _, _| Ok(())).await {
            tracing::warn!(%error, "the definitions could not be read");
        }
    }
}
