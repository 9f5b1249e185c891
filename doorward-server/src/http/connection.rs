//! One connection: hyper reads and writes HTTP/1.1 on it, the router answers, and it is closed so that the peer can
//! read the last answer.

use std::{
    cell::RefCell,
    convert::Infallible,
    future::poll_fn,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, atomic::AtomicBool},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, Request, Response, header},
};
use doorward::Arrival;
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
    origin::Origin,
    refusal::{Refusal, Refusals},
    wire::{End, Exchange, Wire},
};
use crate::log::request::{self, Line, Requests};

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
    /// Every answer of it has the header [`request::HEADER`], whose value is set here.
    pub(crate) app: A,
    /// What the log lines of all requests share.
    pub(crate) requests: &'static Requests,
    pub(crate) refusals: Refusals,
    /// The hosts that are served; `None` for all.
    pub(crate) hosts: Option<&'static Hosts>,
    /// Set when the server stops: from then on each answer ends its connection.
    pub(crate) stopping: Arc<AtomicBool>,
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
    S: AsyncRead + AsyncWrite + Unpin,
{
    let hosts = server.hosts.filter(|hosts| peer != Arrival::UNIX || hosts.are_for_files());
    let mut wire = Wire::new(stream, exchange.clone(), hosts);
    let ended = {
        let app = RefCell::new(server.app.clone());
        let service = Answers { app, requests: server.requests, exchange: exchange.clone(), peer };
        let mut http = pin!(
            http1::Builder::new()
                .header_read_timeout(None)
                // A client may close its half after its request. It still gets the answer.
                .half_close(true)
                .max_buf_size(BUFFER)
                .serve_connection(TokioIo::new(&mut wire), service)
        );
        poll_fn(|context| {
            let ended = http.as_mut().poll(context);
            if ended.is_ready() {
                return ended.map(Some);
            }
            if !stop.is_terminated() {
                match Pin::new(&mut stop).poll(context) {
                    Poll::Pending => {}
                    Poll::Ready(Ok(MakeRoom)) => exchange.end_soon(),
                    // The wire has a new time-out now.
                    Poll::Ready(Err(_)) => return http.as_mut().poll(context).map(Some),
                }
            }
            if exchange.makes_room() { Poll::Ready(None) } else { Poll::Pending }
        })
        .await
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
    let id = request::request_id();
    server.requests.refused(&id, refusal.status(), peer);
    let answer = server.refusals.answer(refusal, request::as_str(&id), origin.value());
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
    requests: &'static Requests,
    exchange: Arc<Exchange>,
    peer: SocketAddr,
}

impl<A: App> hyper::service::Service<Request<Incoming>> for Answers<A> {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Answer<A::Future>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        self.exchange.begin();
        let line = Line::begin(&request, self.peer, self.requests);
        request.extensions_mut().insert(Arrival { peer: self.peer, id: line.id });
        let answer = self.app.borrow_mut().call(request.map(Body::new));
        Answer { answer, line, exchange: self.exchange.clone() }
    }
}

pin_project! {
    /// The future of an answer.
    struct Answer<F> {
        #[pin]
        answer: F,
        line: Line,
        exchange: Arc<Exchange>,
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for Answer<F> {
    type Output = Result<Response<AnswerBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.answer.poll(context))?;
        this.line.answered(answer.status());
        if let Ok(id) = HeaderValue::from_bytes(&this.line.id) {
            answer.headers_mut().insert(request::HEADER, id);
        }
        if this.exchange.is_last() {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let exchange = this.exchange.clone();
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
