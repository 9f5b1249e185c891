//! The sockets on which connections arrive: addresses, socket files, and sockets that a service manager has opened.

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    task::{Context, Poll, ready},
};

use anyhow::{Context as _, Result};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

#[cfg(unix)]
use super::socket_file::SocketFile;
use crate::config::{Listen, Rights};

#[derive(Debug)]
enum Listener {
    Tcp(TcpListener),
    /// The file is dropped before the socket. It is `None` if the service manager owns it.
    #[cfg(unix)]
    Unix(Option<SocketFile>, UnixListener),
}

/// A connection that was accepted.
#[derive(Debug)]
pub(crate) enum Accepted {
    Tcp(TcpStream, SocketAddr),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// All sockets of the server.
#[derive(Debug)]
pub(crate) struct Listeners {
    all: Vec<Listener>,
    /// The index of the socket that is asked first.
    turn: usize,
}

impl Listeners {
    /// Listens on all of these places.
    pub(crate) async fn bind(places: &[Listen], rights: Rights) -> Result<Self> {
        let mut all = Vec::new();
        for place in places {
            all.push(match place {
                Listen::Address(address) => {
                    let listener = listen(*address, places).await;
                    Listener::Tcp(listener.with_context(|| format!("cannot listen on {address}"))?)
                }
                #[cfg(unix)]
                Listen::File(path) => {
                    let cannot = || format!("cannot listen on unix:{}", path.display());
                    let (listener, file) = SocketFile::bind(path, rights).await.with_context(cannot)?;
                    Listener::Unix(Some(file), unix(listener).with_context(cannot)?)
                }
                #[cfg(not(unix))]
                Listen::File(_) => anyhow::bail!("this system has no socket files"),
            });
        }
        Ok(Self { all, turn: 0 })
    }

    /// Takes the sockets that a service manager has opened. `None` if there are none.
    #[cfg(unix)]
    pub(crate) fn of_service_manager(mut sockets: listenfd::ListenFd) -> Result<Option<Self>> {
        let mut all = Vec::new();
        for place in 0..sockets.len() {
            if let Ok(Some(listener)) = sockets.take_unix_listener(place) {
                all.push(Listener::Unix(None, unix(listener)?));
                continue;
            }
            let listener = sockets.take_tcp_listener(place).ok().flatten();
            let expected = "LISTEN_FDS: expected sockets that listen, of TCP or of a socket file";
            let listener = listener.context(expected)?;
            listener.set_nonblocking(true)?;
            all.push(Listener::Tcp(TcpListener::from_std(listener).context(expected)?));
        }
        Ok((!all.is_empty()).then_some(Self { all, turn: 0 }))
    }

    /// The addresses, without socket files.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = SocketAddr> + Clone {
        self.all.iter().filter_map(|listener| match listener {
            Listener::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Listener::Unix(..) => None,
        })
    }

    /// The names of the socket files, as in the setting `listen`.
    pub(crate) fn files(&self) -> Vec<String> {
        let name = |listener: &Listener| match listener {
            Listener::Tcp(_) => None,
            #[cfg(unix)]
            Listener::Unix(_, listener) => {
                let address = listener.local_addr().ok();
                let path = address.as_ref().and_then(|address| address.as_pathname());
                Some(path.map_or_else(|| "unix:".into(), |path| format!("unix:{}", path.display())))
            }
        };
        self.all.iter().filter_map(name).collect()
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
                Listener::Unix(file, listener) => {
                    drop(file);
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
            Self::Unix(_, listener) => {
                ready!(listener.poll_accept(context)).map(|(stream, _)| Accepted::Unix(stream))
            }
        })
    }
}

/// The connections that the kernel keeps until they are accepted, as `TcpListener::bind` has it.
#[cfg(unix)]
const BACKLOG: u32 = 1024;

/// Listens on an address. `[::]` takes connections over IPv6 and IPv4. If the list also has `0.0.0.0` with the same
/// port, `[::]` takes IPv6 only.
#[cfg(unix)]
async fn listen(address: SocketAddr, places: &[Listen]) -> io::Result<TcpListener> {
    let all_ipv4 = Listen::Address(SocketAddr::from(([0, 0, 0, 0], address.port())));
    if address.is_ipv6() && address.ip().is_unspecified() && address.port() != 0 && places.contains(&all_ipv4)
    {
        let socket = tokio::net::TcpSocket::new_v6()?;
        socket.set_reuseaddr(true)?;
        rustix::net::sockopt::set_ipv6_v6only(&socket, true)?;
        socket.bind(address)?;
        return socket.listen(BACKLOG);
    }
    TcpListener::bind(address).await
}

#[cfg(not(unix))]
async fn listen(address: SocketAddr, _: &[Listen]) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

#[cfg(unix)]
fn unix(listener: std::os::unix::net::UnixListener) -> io::Result<UnixListener> {
    listener.set_nonblocking(true)?;
    UnixListener::from_std(listener)
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
