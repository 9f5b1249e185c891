//! The bytes of one connection: checks their framing, and ends the connection when the peer stalls.
//!
//! Each wait has its own time-out, and only this place knows the reason for a wait: hyper's own time-out for headers
//! also runs while a connection idles between two requests.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::{framing::Framing, hosts::Hosts, log::Log, origin::Origin, refusal::Refusal};

/// The time-out for a request head, from its first byte to its last.
const HEAD: Duration = Duration::from_secs(10);
/// The time-out for the first byte of the next request.
const IDLE: Duration = Duration::from_secs(75);
/// The same while the server stops. It is long enough for a request that is already on its way.
pub(crate) const LAST_CALL: Duration = Duration::from_millis(250);
/// The time-out for the peer to take a byte of an answer.
const WRITE: Duration = Duration::from_secs(30);

/// Knows if a request is being answered, if it is the last, and how long the peer has kept the server waiting. The
/// wire, the service and the answer's body of one connection share it. Different connections share no such state:
/// writing to it would cost more with every core.
#[derive(Debug)]
pub(crate) struct Exchange {
    state: AtomicU8,
    stopping: Arc<AtomicBool>,
    /// The connection makes room for others: it ends when it waits for the peer, or after its next answer.
    last: AtomicBool,
    opened: Instant,
    /// The milliseconds from the opening to the moment since which the server waits for the peer, plus 1. 0 while it
    /// does not wait.
    waits: AtomicU64,
    /// The program reads and writes the bytes from now on, as with a WebSocket.
    upgraded: AtomicBool,
    /// The log of the program. A copy for each connection, so that cores do not count one reference together.
    log: Option<Log>,
}

const WAITING: u8 = 0;
const ANSWERING: u8 = 1;
/// The answer has ended, but some of it may still be in a buffer.
const ANSWERED: u8 = 2;

impl Exchange {
    /// `stopping` is set when the server stops.
    pub(crate) fn new(stopping: Arc<AtomicBool>) -> Self {
        Self {
            state: AtomicU8::new(WAITING),
            stopping,
            last: AtomicBool::new(false),
            opened: Instant::now(),
            waits: AtomicU64::new(1),
            upgraded: AtomicBool::new(false),
            log: None,
        }
    }

    pub(crate) fn with_log(self, log: Option<Log>) -> Self {
        Self { log, ..self }
    }

    pub(crate) fn log(&self) -> Option<&Log> {
        self.log.as_ref()
    }

    /// The answer hands the connection over to the program.
    pub(crate) fn upgrade(&self) {
        self.upgraded.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_upgraded(&self) -> bool {
        self.upgraded.load(Ordering::Relaxed)
    }

    pub(crate) fn begin(&self) {
        self.state.store(ANSWERING, Ordering::Relaxed);
        self.works();
    }

    /// Returns the moment since which the server waits for the peer: for a request, for the rest of one, or until the
    /// peer takes an answer. A byte now and then does not move this moment.
    pub(crate) fn waits_since(&self) -> Option<Instant> {
        let waits = self.waits.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.opened + Duration::from_millis(waits))
    }

    /// The server waits for the peer from now on.
    pub(crate) fn wait(&self) {
        self.wait_from(Instant::now());
    }

    fn wait_from(&self, now: Instant) {
        let since = now.saturating_duration_since(self.opened);
        let since = since.as_secs() * 1000 + u64::from(since.subsec_millis());
        self.waits.store(since + 1, Ordering::Relaxed);
    }

    fn works(&self) {
        self.waits.store(0, Ordering::Relaxed);
    }

    /// Ends the connection as soon as the server waits for the peer, or after the next answer.
    pub(crate) fn end_soon(&self) {
        self.last.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if the connection is to end soon and waits for the peer.
    pub(crate) fn makes_room(&self) -> bool {
        self.last.load(Ordering::Relaxed) && self.waits_since().is_some()
    }

    pub(crate) fn answered(&self) {
        self.state.store(ANSWERED, Ordering::Relaxed);
    }

    pub(crate) fn is_last(&self) -> bool {
        self.stopping.load(Ordering::Relaxed) || self.last.load(Ordering::Relaxed)
    }

    fn flushed(&self) {
        if self.state.load(Ordering::Relaxed) == ANSWERED {
            self.state.store(WAITING, Ordering::Relaxed);
        }
    }

    fn is_open(&self) -> bool {
        self.state.load(Ordering::Relaxed) != WAITING
    }
}

/// A stream with framing checks and time-outs.
#[derive(Debug)]
pub(crate) struct Wire<S> {
    pub(crate) stream: S,
    exchange: Arc<Exchange>,
    framing: Framing,
    refusal: Option<Refusal>,
    /// The rest of a head that was refused in the middle.
    rest: Origin,
    end: Option<End>,
    awaited: Awaited,
    deadline: Instant,
    /// Fires at the deadline or before it. Setting it for every request would cost more than an early wake-up now and
    /// then.
    patience: Pin<Box<Sleep>>,
    /// Made at the first write that has to wait.
    write_patience: Option<Pin<Box<Sleep>>>,
    write_waits: bool,
    /// The handler waits for the rest of a body.
    body_waits: bool,
    /// hyper wrote an answer of its own, which was discarded.
    muted: bool,
}

/// The reason why nothing more is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    /// The peer sends nothing more.
    Peer,
    /// No further request came.
    Idle,
    /// The bytes that came were refused.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Awaited {
    Nothing,
    Request,
    LastRequest,
    /// The rest of the head with this number.
    Head(u64),
}

impl<S> Wire<S> {
    pub(crate) fn new(stream: S, exchange: Arc<Exchange>, hosts: Option<Arc<Hosts>>) -> Self {
        Self {
            stream,
            exchange,
            framing: Framing::new(hosts),
            refusal: None,
            rest: Origin::default(),
            end: None,
            awaited: Awaited::Nothing,
            deadline: Instant::now() + IDLE,
            patience: Box::pin(sleep(IDLE)),
            write_patience: None,
            write_waits: false,
            body_waits: false,
            muted: false,
        }
    }

    /// Returns the reason why reading ended, if it did.
    pub(crate) fn end(&self) -> Option<End> {
        self.end
    }

    /// Returns the refusal to send after hyper has ended with this result.
    pub(crate) fn refusal(&self, ended: &hyper::Result<()>) -> Option<Refusal> {
        match ended {
            // hyper found an error that the framing does not check, such as a control character.
            Err(error) if self.muted && error.is_parse_too_large() => Some(Refusal::Head),
            Err(error) if self.muted && error.is_parse() => Some(Refusal::Malformed),
            _ => self.refusal,
        }
    }

    /// Takes the `Origin` of the head that is refused. It may stand in the rest of the head.
    pub(crate) fn take_origin(&mut self, refusal: Refusal) -> Origin {
        let known = self.framing.origin();
        let has_rest = self.end == Some(End::Refused) && refusal != Refusal::Slow;
        if has_rest && known.is_empty() { std::mem::take(&mut self.rest) } else { Origin::of(known) }
    }

    /// Returns the refusal to send if the connection ends now, to make room for others. The server must be waiting for
    /// the peer. A connection without a request gets none, and one in the middle of an answer can take none.
    pub(crate) fn refusal_for_room(&self) -> Option<Refusal> {
        let begun = self.body_waits || (self.framing.head().is_some() && !self.exchange.is_open());
        (begun && !self.write_waits).then_some(Refusal::Busy)
    }

    /// Waits for bytes, or ends the reading after the time-out.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let awaited = match self.framing.head() {
            Some(number) => Awaited::Head(number),
            None if self.exchange.is_last() => Awaited::LastRequest,
            None => Awaited::Request,
        };
        if awaited != self.awaited {
            self.awaited = awaited;
            let time = match awaited {
                Awaited::Head(_) => HEAD,
                Awaited::LastRequest => LAST_CALL,
                Awaited::Request | Awaited::Nothing => IDLE,
            };
            let now = Instant::now();
            self.exchange.wait_from(now);
            self.deadline = now + time;
            if self.deadline < self.patience.deadline() {
                self.patience.as_mut().reset(self.deadline);
            }
        }
        ready!(self.patience.as_mut().poll(context));
        while Instant::now() < self.deadline {
            self.patience.as_mut().reset(self.deadline);
            ready!(self.patience.as_mut().poll(context));
        }
        if let Awaited::Head(_) = awaited {
            self.refusal = Some(Refusal::Slow);
            self.end = Some(End::Refused);
        } else {
            self.end = Some(End::Idle);
        }
        Poll::Ready(Ok(()))
    }

    /// Waits until bytes can be written, or fails after the time-out.
    fn wait_to_write(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let patience = self.write_patience.get_or_insert_with(|| Box::pin(sleep(WRITE)));
        if !self.write_waits {
            self.write_waits = true;
            self.exchange.wait();
            patience.as_mut().reset(Instant::now() + WRITE);
        }
        ready!(patience.as_mut().poll(context));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    fn written(
        &mut self,
        context: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if result.is_ready() {
            if self.write_waits || self.body_waits {
                (self.write_waits, self.body_waits) = (false, false);
                self.exchange.works();
            }
            return result;
        }
        self.wait_to_write(context).map(Err)
    }

    /// Returns `true` if hyper writes an answer of its own. It does so only for a head that it cannot parse, with a
    /// bare status. The connection sends a better answer afterwards.
    fn mutes(&mut self) -> bool {
        let muted = !self.exchange.is_open();
        self.muted |= muted;
        muted
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.end.is_some() {
            // In a body this must be an error: a plain end would look like the end of the body.
            let in_body = this.end == Some(End::Refused) && this.exchange.is_open();
            return Poll::Ready(if in_body { Err(io::ErrorKind::InvalidData.into()) } else { Ok(()) });
        }
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(context, buffer) {
            // While a request is being answered, the handler decides about time-outs.
            Poll::Pending if this.exchange.is_open() => {
                if this.framing.is_in_body() && !this.body_waits && !this.write_waits {
                    this.body_waits = true;
                    this.exchange.wait();
                }
                return Poll::Pending;
            }
            Poll::Pending => return this.wait(context),
            Poll::Ready(result) => result?,
        }
        let arrived = &buffer.filled()[before..];
        if arrived.is_empty() {
            this.end = Some(End::Peer);
            return Poll::Ready(Ok(()));
        }
        if let Err(stop) = this.framing.feed(arrived) {
            this.rest.search(if stop.in_body { &[] } else { &arrived[stop.usable..] });
            buffer.set_filled(before + stop.usable);
            this.end = Some(End::Refused);
            if stop.in_body && stop.usable == 0 {
                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
            }
            if !stop.in_body {
                this.refusal = Some(stop.refusal);
            }
        }
        if this.framing.head().is_none() {
            this.awaited = Awaited::Nothing;
        }
        if this.body_waits && !this.framing.is_in_body() {
            this.body_waits = false;
            this.exchange.works();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.mutes() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let result = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.written(context, result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.mutes() {
            return Poll::Ready(Ok(bytes.iter().map(|slice| slice.len()).sum()));
        }
        let result = Pin::new(&mut this.stream).poll_write_vectored(context, bytes);
        this.written(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(context))?;
        this.exchange.flushed();
        Poll::Ready(Ok(()))
    }

    /// Does nothing: the connection ends the stream itself, after a possible refusal.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
