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
    refusal::{Refusal, Refusals},
    wire::{End, Exchange, Wire},
};
use crate::log::{
    budget::Budget,
    request::{self, Line},
};

/// The time for which the server still reads after the last answer. Closing at once would reset the connection, and the
/// reset can overtake the answer (RFC 9112, section 9.6).
const LINGER: Duration = Duration::from_secs(2);
/// The time that a peer has to take a refusal, which fits in any buffer.
const REFUSE: Duration = Duration::from_secs(5);
/// The most bytes that hyper buffers for a connection while it reads or writes.
const BUFFER: usize = 64 * 1024;

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
    /// Limits the number of requests that are logged.
    pub(crate) budget: &'static Budget,
    pub(crate) refusals: Refusals,
    /// Set when the server stops: from then on each answer ends its connection.
    pub(crate) stopping: Arc<AtomicBool>,
}

/// Serves a connection until it ends. When `stop` fires or is dropped, and `Server::stopping` is set, the request
/// that is being answered or on its way is the last.
pub(crate) async fn serve<A, S>(
    server: Arc<Server<A>>,
    stream: S,
    peer: SocketAddr,
    mut stop: oneshot::Receiver<()>,
) where
    A: App,
    S: AsyncRead + AsyncWrite + Unpin,
{
    let exchange = Arc::new(Exchange::new(server.stopping.clone()));
    let mut wire = Wire::new(stream, exchange.clone());
    let ended = {
        let service =
            Answers { app: RefCell::new(server.app.clone()), budget: server.budget, exchange, peer };
        let mut http = pin!(
            http1::Builder::new()
                .header_read_timeout(None)
                // A client may close its half after its request. It still gets the answer.
                .half_close(true)
                .max_buf_size(BUFFER)
                .serve_connection(TokioIo::new(&mut wire), service)
        );
        let mut stopped = false;
        poll_fn(|context| {
            let ended = http.as_mut().poll(context);
            if ended.is_ready() || stopped || Pin::new(&mut stop).poll(context).is_pending() {
                return ended;
            }
            // The wire has a new time-out now.
            stopped = true;
            http.as_mut().poll(context)
        })
        .await
    };
    let refusal = wire.refusal(&ended);
    let end = wire.end();
    let mut stream = wire.stream;
    if let Some(refusal) = refusal {
        let _ = timeout(REFUSE, refuse(&server.refusals, &mut stream, peer, refusal)).await;
    } else if matches!(end, Some(End::Peer | End::Idle)) {
        return;
    }
    let _ = timeout(LINGER, linger(&mut stream)).await;
}

async fn refuse<S>(refusals: &Refusals, stream: &mut S, peer: SocketAddr, refusal: Refusal)
where
    S: AsyncWrite + Unpin,
{
    let id = request::request_id();
    request::refused(&id, refusal.status(), peer);
    let answer = refusals.answer(refusal, request::as_str(&id));
    let _ = stream.write_all(&answer).await;
}

/// Ends our half, and reads until the peer ends its own.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut unread = vec![0; 16 * 1024];
    while stream.read(&mut unread).await.is_ok_and(|count| count > 0) {}
}

/// The app as a service for hyper.
struct Answers<A> {
    /// The copy for this connection.
    app: RefCell<A>,
    budget: &'static Budget,
    exchange: Arc<Exchange>,
    peer: SocketAddr,
}

impl<A: App> hyper::service::Service<Request<Incoming>> for Answers<A> {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Answer<A::Future>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        self.exchange.begin();
        let line = Line::begin(&request, self.peer, self.budget);
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
