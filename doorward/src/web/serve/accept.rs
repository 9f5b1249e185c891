//! Accepts connections, and stops without losing a request.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
    task::JoinSet,
    time::{Instant, sleep, timeout_at},
};
use tracing::warn;

use super::{
    connection::{self, App, Server},
    listeners::{Accepted, Listeners, is_of_peer},
    room::{Limits, Room},
    wire::{Exchange, LAST_CALL},
};
use crate::web::client::Arrival;

/// The time that requests in progress have when the server stops. With the work after them, a stop takes less than ten
/// seconds.
const DRAIN: Duration = Duration::from_secs(9);
/// The pause after an error that will not pass at once, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);
/// The most connections that get a refusal at the same time because there is no room for them.
pub(crate) const REFUSED: usize = 128;

/// Serves until `stop` is ready, then stops: requests that were sent to this server are answered, new connections are
/// not accepted. Calls `stopping` in between, so that the rest of the program can prepare. Gives up on requests in
/// progress when `hurry` is ready.
pub(crate) async fn serve(
    server: Arc<Server<impl App>>,
    mut listeners: Listeners,
    limits: Limits,
    stop: impl Future<Output = ()>,
    stopping: impl FnOnce(),
    hurry: impl Future<Output = ()>,
) {
    let mut connections = Connections::new(server.clone(), limits);
    tokio::select! {
        () = stop => {}
        () = connections.accept(&mut listeners) => {}
    }
    let begun = Instant::now();
    // From now on each answer ends its connection, so that the client connects to another server.
    server.stopping.store(true, Ordering::Relaxed);
    stopping();
    connections.room.tell_to_stop();
    // Accept connections during the last call, then those that the kernel has already accepted: closing the sockets
    // would reset them.
    let _ = timeout_at(begun + LAST_CALL, connections.accept(&mut listeners)).await;
    if let Err(error) = listeners.accept_rest(|accepted| connections.open(accepted)) {
        warn!(%error, "cannot accept the last connections");
    }
    connections.finish(begun + DRAIN, hurry).await;
}

/// The connections that are open.
struct Connections<A> {
    server: Arc<Server<A>>,
    tasks: JoinSet<()>,
    room: Room,
    /// Connections for which there was no room.
    refused: JoinSet<()>,
}

impl<A: App> Connections<A> {
    fn new(server: Arc<Server<A>>, limits: Limits) -> Self {
        Self { server, tasks: JoinSet::new(), room: Room::new(limits), refused: JoinSet::new() }
    }

    /// Accepts connections forever.
    async fn accept(&mut self, listeners: &mut Listeners) {
        loop {
            tokio::select! {
                accepted = listeners.accept() => match accepted {
                    Ok(accepted) => self.open(accepted),
                    Err(error) if is_of_peer(&error) => {}
                    Err(error) => {
                        warn!(%error, "cannot accept a connection");
                        // The error may be that too many files are open.
                        self.room.make_room(Instant::now());
                        sleep(PAUSE).await;
                    }
                },
                Some(ended) = self.tasks.join_next_with_id() => {
                    let id = match ended {
                        Ok((id, ())) => id,
                        Err(error) => error.id(),
                    };
                    self.room.ended(id);
                }
                Some(_) = self.refused.join_next() => {}
            }
        }
    }

    fn open(&mut self, accepted: Accepted) {
        match accepted {
            Accepted::Tcp(stream, peer) => {
                // Otherwise an answer in two packets waits for the acknowledgement of the first.
                let _ = stream.set_nodelay(true);
                self.open_from(stream, peer);
            }
            #[cfg(unix)]
            Accepted::Unix(stream) => self.open_from(stream, Arrival::UNIX),
        }
    }

    fn open_from(&mut self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, peer: SocketAddr) {
        if !self.room.admits(peer.ip(), Instant::now()) {
            if self.refused.len() < REFUSED {
                let server = self.server.clone();
                self.refused.spawn(async move { connection::refuse_connection(&server, stream, peer).await });
            }
            return;
        }
        let exchange =
            Arc::new(Exchange::new(self.server.stopping.clone()).with_log(self.server.log.clone()));
        let (stop, stopped) = oneshot::channel();
        // While the server stops, nothing has to tell the connection.
        let stop = (!self.server.stopping.load(Ordering::Relaxed)).then_some(stop);
        let served = connection::serve(self.server.clone(), stream, peer, exchange.clone(), stopped);
        let task = self.tasks.spawn(served);
        self.room.opened(task.id(), peer.ip(), exchange, stop);
    }

    /// Waits until all connections have ended, and aborts the others at the deadline, or when `hurry` is ready.
    async fn finish(mut self, deadline: Instant, hurry: impl Future<Output = ()>) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        let ended = tokio::select! {
            ended = timeout_at(deadline, all) => ended.is_ok(),
            () = hurry => false,
        };
        if !ended {
            warn!(connections = self.tasks.len(), "giving up on requests that take too long");
            self.tasks.shutdown().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::Router;

    use super::*;
    use crate::web::serve::refusal::Refusals;

    async fn connections() -> Connections<Router> {
        let router = Router::new();
        let refusals = Refusals::like(&router).await;
        let server = Server::of(router, refusals, true);
        Connections::new(Arc::new(server), Limits::new(1, None, None))
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_for_requests_but_not_forever() {
        let start = Instant::now();
        let mut short = connections().await;
        short.tasks.spawn(sleep(Duration::from_secs(3)));
        short.finish(start + DRAIN, pending()).await;
        assert_eq!(start.elapsed().as_secs(), 3);

        let start = Instant::now();
        let mut endless = connections().await;
        endless.tasks.spawn(pending());
        endless.finish(start + DRAIN, pending()).await;
        assert_eq!(start.elapsed().as_secs(), DRAIN.as_secs());

        let start = Instant::now();
        let mut endless = connections().await;
        endless.tasks.spawn(pending());
        endless.finish(start + DRAIN, sleep(Duration::from_secs(1))).await;
        assert_eq!(start.elapsed().as_secs(), 1);
    }
}
