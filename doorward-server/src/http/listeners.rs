//! The sockets on which connections arrive: addresses, socket files, and sockets that a service manager has opened.

use std::{io, net::SocketAddr};

use anyhow::{Context as _, Result};
use doorward::serve::Listeners;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

#[cfg(unix)]
use super::socket_file::SocketFile;
use crate::config::{Listen, Rights};

/// All sockets of the server.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) listeners: Listeners,
    /// The names of the socket files, as in the setting `listen`.
    pub(crate) files: Vec<String>,
}

impl Bound {
    /// Listens on all of these places.
    pub(crate) async fn to(places: &[Listen], rights: Rights) -> Result<Self> {
        let (mut all, mut files) = (None, Vec::new());
        for place in places {
            let listeners = match place {
                Listen::Address(address) => {
                    let listener = listen(*address, places).await;
                    Listeners::from(listener.with_context(|| format!("cannot listen on {address}"))?)
                }
                #[cfg(unix)]
                Listen::File(path) => {
                    let cannot = || format!("cannot listen on unix:{}", path.display());
                    let (listener, file) = SocketFile::bind(path, rights).await.with_context(cannot)?;
                    let listener = unix(listener).with_context(cannot)?;
                    files.push(name(&listener));
                    Listeners::from(listener).keeping(file)
                }
                #[cfg(not(unix))]
                Listen::File(_) => anyhow::bail!("this system has no socket files"),
            };
            all = and(all, listeners);
        }
        Ok(Self { listeners: all.context("listen: expected a place")?, files })
    }

    /// Takes the sockets that a service manager has opened. `None` if there are none.
    #[cfg(unix)]
    pub(crate) fn of_service_manager(mut sockets: listenfd::ListenFd) -> Result<Option<Self>> {
        let (mut all, mut files) = (None, Vec::new());
        for place in 0..sockets.len() {
            if let Ok(Some(listener)) = sockets.take_unix_listener(place) {
                let listener = unix(listener)?;
                files.push(name(&listener));
                all = and(all, listener.into());
                continue;
            }
            let listener = sockets.take_tcp_listener(place).ok().flatten();
            let expected = "LISTEN_FDS: expected sockets that listen, of TCP or of a socket file";
            let listener = listener.context(expected)?;
            listener.set_nonblocking(true)?;
            all = and(all, TcpListener::from_std(listener).context(expected)?.into());
        }
        Ok(all.map(|listeners| Self { listeners, files }))
    }
}

fn and(all: Option<Listeners>, further: Listeners) -> Option<Listeners> {
    Some(match all {
        Some(all) => all.and(further),
        None => further,
    })
}

/// The name of a socket file, as in the setting `listen`.
#[cfg(unix)]
fn name(listener: &UnixListener) -> String {
    let address = listener.local_addr().ok();
    let path = address.as_ref().and_then(|address| address.as_pathname());
    path.map_or_else(|| "unix:".into(), |path| format!("unix:{}", path.display()))
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
