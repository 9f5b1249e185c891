//! The sockets on which connections arrive, of TCP and UNIX.

use std::{
    any::Any,
    future::poll_fn,
    io,
    net::SocketAddr,
    task::{Context, Poll, ready},
};

use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

#[derive(Debug)]
enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

/// A connection that was accepted.
#[derive(Debug)]
pub(crate) enum Accepted {
    Tcp(TcpStream, SocketAddr),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// The sockets that a program listens on: one or several, of TCP or UNIX.
///
/// ```
/// # use doorward::serve::Listeners;
/// # async fn example() -> std::io::Result<()> {
/// let local = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// let other = tokio::net::TcpListener::bind("[::1]:3000").await?;
/// let both = Listeners::from(local).and(other);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Listeners {
    all: Vec<Listener>,
    /// The index of the socket that is asked first.
    turn: usize,
    kept: Vec<Box<dyn Any + Send>>,
}

impl From<TcpListener> for Listeners {
    fn from(listener: TcpListener) -> Self {
        Self { all: vec![Listener::Tcp(listener)], turn: 0, kept: Vec::new() }
    }
}

#[cfg(unix)]
impl From<UnixListener> for Listeners {
    fn from(listener: UnixListener) -> Self {
        Self { all: vec![Listener::Unix(listener)], turn: 0, kept: Vec::new() }
    }
}

impl Listeners {
    /// Listens on these sockets too.
    #[must_use]
    pub fn and(mut self, others: impl Into<Self>) -> Self {
        let others = others.into();
        self.all.extend(others.all);
        self.kept.extend(others.kept);
        self
    }

    /// Keeps something until no further connection arrives, and drops it then. It can remove a socket file, for
    /// example: a new server can make its own while this one answers its last requests.
    #[must_use]
    pub fn keeping(mut self, something: impl Any + Send) -> Self {
        self.kept.push(Box::new(something));
        self
    }

    /// The addresses. UNIX sockets have none.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> + Clone {
        self.all.iter().filter_map(|listener| match listener {
            Listener::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Listener::Unix(_) => None,
        })
    }

    /// Accepts the next connection. The sockets take turns, so that a busy one does not block the others.
    pub(crate) async fn accept(&mut self) -> io::Result<Accepted> {
        poll_fn(|context| {
            for _ in 0..self.all.len() {
                let listener = &self.all[self.turn];
                self.turn = (self.turn + 1) % self.all.len();
                let accepted = listener.poll_accept(context);
                if accepted.is_ready() {
                    return accepted;
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Accepts the connections that wait at the sockets, and closes them.
    pub(crate) fn accept_rest(self, mut open: impl FnMut(Accepted)) -> io::Result<()> {
        drop(self.kept);
        for listener in self.all {
            match listener {
                Listener::Tcp(listener) => {
                    let listener = listener.into_std()?;
                    while let Some((stream, peer)) = waiting(|| listener.accept())? {
                        stream.set_nonblocking(true)?;
                        open(Accepted::Tcp(TcpStream::from_std(stream)?, peer));
                    }
                }
                #[cfg(unix)]
                Listener::Unix(listener) => {
                    let listener = listener.into_std()?;
                    while let Some((stream, _)) = waiting(|| listener.accept())? {
                        stream.set_nonblocking(true)?;
                        open(Accepted::Unix(UnixStream::from_std(stream)?));
                    }
                }
            }
        }
        Ok(())
    }
}

impl Listener {
    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<Accepted>> {
        Poll::Ready(match self {
            Self::Tcp(listener) => {
                ready!(listener.poll_accept(context)).map(|(stream, peer)| Accepted::Tcp(stream, peer))
            }
            #[cfg(unix)]
            Self::Unix(listener) => {
                ready!(listener.poll_accept(context)).map(|(stream, _)| Accepted::Unix(stream))
            }
        })
    }
}

/// Accepts a connection that waits. `None` if there is none.
fn waiting<T>(accept: impl Fn() -> io::Result<T>) -> io::Result<Option<T>> {
    loop {
        match accept() {
            Ok(accepted) => return Ok(Some(accepted)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) if is_of_peer(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Returns `true` if the peer gave up before its connection was accepted. This does not affect the next one.
pub(crate) fn is_of_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
