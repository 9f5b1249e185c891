//! One connection: hyper reads and writes HTTP/1.1 on it, the router answers, and it is closed so that the peer can
//! read the last answer.

use std::{
    cell::RefCell,
    convert::Infallible,
    future::poll_fn,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, PoisonError, atomic::AtomicBool},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::ConnectInfo,
    http::{HeaderValue, Request, Response, StatusCode, header},
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
};
use hyper_util::rt::TokioIo;
use pin_project_lite::pin_project;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    sync::oneshot,
    time::timeout,
};
use tower::Service;

use super::{
    hosts::Hosts,
    line::{self, Line},
    log::Log,
    origin::Origin,
    refusal::{Refusal, Refusals},
    upgrade::SharedWire,
    wire::{End, Exchange, Wire},
};
use crate::{auth::Auth, web::client::Arrival};

/// The time for which the server still reads after the last answer. Closing at once would reset the connection, and the
/// reset can overtake the answer (RFC 9112, section 9.6).
const LINGER: Duration = Duration::from_secs(2);
/// The time that a peer has to take a refusal, which fits in any buffer.
const REFUSE: Duration = Duration::from_secs(5);
/// The bytes that are read and thrown away at once while the server waits for a peer that was refused.
const UNREAD: usize = 2 * 1024;
/// The most bytes that hyper buffers for a connection while it reads or writes. The largest head fits.
const BUFFER: usize = 20 * 1024;

/// A service that answers requests.
pub(crate) trait App:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<A> App for A where
    A: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The state that all connections share.
#[derive(Debug)]
pub(crate) struct Server<A> {
    /// The app. If it is `alone`, every answer of it has the header [`line::HEADER`], whose value is set here.
    pub(crate) app: A,
    /// The app has the routes of this library and no others: none of them upgrades a connection or asks for
    /// `ConnectInfo`.
    pub(crate) alone: bool,
    /// The log of the program, if it has one.
    pub(crate) log: Option<Log>,
    /// Knows the trusted proxies, if there are any.
    pub(crate) proxies: Option<Auth>,
    pub(crate) refusals: Refusals,
    /// The hosts that are served; `None` for all.
    pub(crate) hosts: Option<Arc<Hosts>>,
    /// Set when the server stops: from then on each answer ends its connection.
    pub(crate) stopping: Arc<AtomicBool>,
}

impl<A> Server<A> {
    /// Serves this app to all hosts, without a log and without proxies.
    pub(crate) fn of(app: A, refusals: Refusals, alone: bool) -> Self {
        Self { app, alone, log: None, proxies: None, refusals, hosts: None, stopping: Arc::default() }
    }
}

/// Ends a connection so that another one has room.
#[derive(Debug)]
pub(crate) struct MakeRoom;

/// Serves a connection until it ends. When `stop` is dropped, and `Server::stopping` is set, the request that is being
/// answered or on its way is the last. When `stop` gets [`MakeRoom`], the connection ends at once if it waits for its
/// peer, and after its answer otherwise.
pub(crate) async fn serve<A, S>(
    server: Arc<Server<A>>,
    stream: S,
    peer: SocketAddr,
    exchange: Arc<Exchange>,
    mut stop: oneshot::Receiver<MakeRoom>,
) where
    A: App,
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let hosts = server.hosts.clone().filter(|hosts| peer != Arrival::UNIX || hosts.are_for_files());
    let mut wire = Wire::new(stream, exchange.clone(), hosts);
    let app = RefCell::new(server.app.clone());
    let service = Answers { app, server: server.clone(), exchange: exchange.clone(), peer };
    let mut http = http1::Builder::new();
    // A client may close its half after its request. It still gets the answer.
    http.header_read_timeout(None).half_close(true).max_buf_size(BUFFER);
    let ended = if server.alone {
        let http = pin!(http.serve_connection(TokioIo::new(&mut wire), service));
        until_ended(http, &exchange, &mut stop).await
    } else {
        let (shared, ours, finished) = SharedWire::of(wire, exchange.clone());
        let ended = {
            let http = pin!(http.serve_connection(TokioIo::new(shared), service).with_upgrades());
            until_ended(http, &exchange, &mut stop).await
        };
        // Only a program that has taken the stream over still holds it.
        let Some(ours) = Arc::into_inner(ours) else {
            return until_finished(finished, stop).await;
        };
        wire = ours.into_inner().unwrap_or_else(PoisonError::into_inner);
        ended
    };
    let Some(ended) = ended else {
        return make_room(&server, wire, peer).await;
    };
    let refusal = wire.refusal(&ended);
    let end = wire.end();
    let mut origin = refusal.map(|refusal| wire.take_origin(refusal)).unwrap_or_default();
    let mut stream = wire.stream;
    if let Some(refusal) = refusal {
        let refused = async {
            if server.refusals.has_pages() {
                origin.search_rest(&mut stream).await;
            }
            refuse(&server, &mut stream, peer, refusal, &origin).await;
        };
        let _ = timeout(REFUSE, refused).await;
    } else if matches!(end, Some(End::Peer | End::Idle)) {
        return;
    }
    exchange.wait();
    tokio::select! {
        _ = timeout(LINGER, linger(&mut stream)) => {}
        Ok(MakeRoom) = stop, if !stop.is_terminated() => {}
    }
}

/// Serves requests until the connection ends. Returns `None` if it has to make room at once.
async fn until_ended(
    mut http: Pin<&mut impl Future<Output = hyper::Result<()>>>,
    exchange: &Exchange,
    stop: &mut oneshot::Receiver<MakeRoom>,
) -> Option<hyper::Result<()>> {
    poll_fn(|context| {
        let ended = http.as_mut().poll(context);
        if ended.is_ready() {
            return ended.map(Some);
        }
        if !stop.is_terminated() {
            match Pin::new(&mut *stop).poll(context) {
                Poll::Pending => {}
                Poll::Ready(Ok(MakeRoom)) => exchange.end_soon(),
                // The wire has a new time-out now.
                Poll::Ready(Err(_)) => return http.as_mut().poll(context).map(Some),
            }
        }
        if exchange.makes_room() { Poll::Ready(None) } else { Poll::Pending }
    })
    .await
}

/// Waits until the program drops the stream that it has taken over, or until the server stops: nobody here knows how to
/// say so on that stream.
async fn until_finished(finished: oneshot::Receiver<()>, stop: oneshot::Receiver<MakeRoom>) {
    if stop.is_terminated() {
        return;
    }
    tokio::select! {
        _ = finished => {}
        _ = stop => {}
    }
}

/// Refuses what the peer has begun, if the connection can take that at once. All that the peer sent was read, so closing
/// does not reset the connection.
async fn make_room<A, S>(server: &Server<A>, mut wire: Wire<S>, peer: SocketAddr)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let refusal = wire.refusal_for_room();
    let origin = refusal.map(|refusal| wire.take_origin(refusal)).unwrap_or_default();
    let mut stream = wire.stream;
    if let Some(refusal) = refusal {
        let _ = timeout(Duration::ZERO, refuse(server, &mut stream, peer, refusal, &origin)).await;
    }
}

/// Refuses a connection for which there is no room.
pub(crate) async fn refuse_connection<A, S>(server: &Server<A>, mut stream: S, peer: SocketAddr)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let refused = async {
        refuse(server, &mut stream, peer, Refusal::Busy, &Origin::default()).await;
        linger(&mut stream).await;
    };
    let _ = timeout(LINGER, refused).await;
}

async fn refuse<A, S>(server: &Server<A>, stream: &mut S, peer: SocketAddr, refusal: Refusal, origin: &Origin)
where
    S: AsyncWrite + Unpin,
{
    let id = line::request_id();
    if let Some(log) = &server.log {
        log.refused(line::as_str(&id), refusal.status(), peer);
    }
    let answer = server.refusals.answer(refusal, line::as_str(&id), origin.value());
    let _ = stream.write_all(&answer).await;
}

/// Ends our half, and reads until the peer ends its own.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut unread = vec![0; UNREAD];
    while stream.read(&mut unread).await.is_ok_and(|count| count > 0) {}
}

/// The app as a service for hyper.
struct Answers<A> {
    /// The copy for this connection.
    app: RefCell<A>,
    server: Arc<Server<A>>,
    exchange: Arc<Exchange>,
    peer: SocketAddr,
}

impl<A: App> hyper::service::Service<Request<Incoming>> for Answers<A> {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Answer<A::Future>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        self.exchange.begin();
        let alone = self.server.alone;
        let line = Line::begin(&request, self.peer, self.server.proxies.as_ref(), self.exchange.clone());
        request.extensions_mut().insert(Arrival { peer: self.peer, id: line.id });
        if !alone && self.peer != Arrival::UNIX {
            request.extensions_mut().insert(ConnectInfo(self.peer));
        }
        let answer = self.app.borrow_mut().call(request.map(Body::new));
        Answer { answer, line, alone }
    }
}

pin_project! {
    /// The future of an answer.
    struct Answer<F> {
        #[pin]
        answer: F,
        line: Line,
        alone: bool,
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for Answer<F> {
    type Output = Result<Response<AnswerBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.answer.poll(context))?;
        this.line.answered(answer.status());
        // The app may have an id of its own.
        if let Ok(id) = HeaderValue::from_bytes(&this.line.id)
            && (*this.alone || !answer.headers().contains_key(line::HEADER))
        {
            answer.headers_mut().insert(line::HEADER, id);
        }
        let exchange = &this.line.exchange;
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            exchange.upgrade();
        } else if exchange.is_last() {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let exchange = exchange.clone();
        Poll::Ready(Ok(answer.map(|body| AnswerBody { body, exchange })))
    }
}

/// The body of an answer. It tells the exchange when it ends.
struct AnswerBody {
    body: Body,
    exchange: Arc<Exchange>,
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.exchange.answered();
    }
}

#[cfg(test)]
mod tests;
