//! A connection that may become a WebSocket. The program then reads and writes its bytes, without checks of HTTP.
//!
//! hyper hands the stream over to the program, so both must hold it. The routes of this library alone need no such
//! stream, and their requests do not pay for the lock.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::oneshot,
};

use super::wire::{Exchange, Wire};

/// A wire that hyper, and later the program, reads and writes.
pub(super) struct SharedWire<S> {
    wire: Arc<Mutex<Wire<S>>>,
    exchange: Arc<Exchange>,
    is_write_vectored: bool,
    /// Dropped with this, so that the connection learns that the program has finished.
    _held: oneshot::Sender<()>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> SharedWire<S> {
    /// Returns the wire for hyper, the one to take back, and what is ready when hyper and the program have finished.
    pub(super) fn of(
        wire: Wire<S>,
        exchange: Arc<Exchange>,
    ) -> (Self, Arc<Mutex<Wire<S>>>, oneshot::Receiver<()>) {
        let is_write_vectored = wire.is_write_vectored();
        let wire = Arc::new(Mutex::new(wire));
        let (held, finished) = oneshot::channel();
        (Self { wire: wire.clone(), exchange, is_write_vectored, _held: held }, wire, finished)
    }

    fn wire(&self) -> MutexGuard<'_, Wire<S>> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for SharedWire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut wire = self.wire();
        match self.exchange.is_upgraded() {
            // Bytes that came before the upgrade were refused, so nobody knows what the next ones mean.
            true if wire.end().is_some() => Poll::Ready(Ok(())),
            true => Pin::new(&mut wire.stream).poll_read(context, buffer),
            false => Pin::new(&mut *wire).poll_read(context, buffer),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for SharedWire<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut wire = self.wire();
        match self.exchange.is_upgraded() {
            true => Pin::new(&mut wire.stream).poll_write(context, bytes),
            false => Pin::new(&mut *wire).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut wire = self.wire();
        match self.exchange.is_upgraded() {
            true => Pin::new(&mut wire.stream).poll_write_vectored(context, bytes),
            false => Pin::new(&mut *wire).poll_write_vectored(context, bytes),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.is_write_vectored
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut wire = self.wire();
        Pin::new(&mut *wire).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut wire = self.wire();
        match self.exchange.is_upgraded() {
            true => Pin::new(&mut wire.stream).poll_shutdown(context),
            false => Pin::new(&mut *wire).poll_shutdown(context),
        }
    }
}
