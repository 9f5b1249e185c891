//! Serves an app over HTTP/1.1, with the time-outs, checks and limits of the server `doorward`.
//!
//! [`Auth::serve`] takes the place of `axum::serve`. It knows the address of each client, so that the limits on guessing
//! hold, and does for the whole app what `axum::serve` leaves out:
//!
//! | | limit |
//! |---|---|
//! | the head of a request | 10 s, 16 KiB, 100 fields, 8 KiB of URL |
//! | the next request on a connection | 75 s |
//! | the client does not take the answer | 30 s |
//! | connections | 10,000, or fewer if the limit of open files is lower; a quarter of them, and at least 256, for one client network |
//! | bytes that two servers could read as different requests (RFC 9112, section 11.2) | refused with 400 |
//! | hosts | on a loopback address without proxies: the names of this machine and the host of `public_url` |
//!
//! The time that a body may take is a matter of its route. Those of this library give it 30 s, and yours have no limit
//! unless you set one.
//!
//! It speaks plain HTTP/1.1, and is made for a proxy in front that terminates TLS. A handler may open a WebSocket.

use std::{
    fmt,
    future::{IntoFuture, pending},
    io,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::Router;
use tokio::time::timeout;

pub use crate::base::network::client_network;
pub use crate::web::serve::{
    hosts::Hosts, listeners::Listeners, log::Served, room::of_one_network, signals::Signals,
};
use crate::{
    auth::Auth,
    web::{
        layers,
        serve::{
            accept,
            connection::{App, Server},
            line::HEADER,
            log::Log,
            refusal::Refusals,
            room::Limits,
        },
    },
};

/// The most connections, if the program does not say another number.
const CONNECTIONS: usize = 10_000;
/// The open files that are no connections with room: connections that are refused, the database, and those of the app.
pub const OTHER_FILES: usize = accept::REFUSED + 128;
/// The time that the database has to finish its work after the last request.
const CLOSE: Duration = Duration::from_millis(500);

type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Auth {
    /// Serves an app on these sockets, until the program gets SIGTERM, SIGHUP or Ctrl-C. Then it answers the requests in
    /// progress, for up to nine seconds, and calls [`Auth::close`]. A second signal ends this wait.
    ///
    /// ```no_run
    /// # use axum::{Router, routing::get};
    /// # use doorward::{Auth, CurrentUser};
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let auth = Auth::open("sqlite:app.db").await?;
    /// let app = Router::new()
    ///     .route("/hello", get(|CurrentUser(user): CurrentUser| async move { user.email }))
    ///     .with_state(auth.clone())
    ///     .nest("/auth", auth.router());
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    /// auth.serve(listener, app).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The module [`serve`](crate::serve) lists the limits. Handlers can ask for `ConnectInfo<SocketAddr>`. Every
    /// answer has an id in `x-request-id`, unless the app sets one.
    ///
    /// One call serves all sockets ([`Listeners::and`]): the first call that ends closes the accounts.
    pub fn serve(&self, sockets: impl Into<Listeners>, app: Router) -> Serve {
        Serve::of(self, sockets.into(), Routes::OfHost(app))
    }

    /// Serves the routes of this library and no others, as the server `doorward` does. This saves each request some
    /// work: use it in a program whose only task it is to keep accounts. All else is as with [`Auth::serve`].
    pub fn serve_alone(&self, sockets: impl Into<Listeners>) -> Serve {
        Serve::of(self, sockets.into(), Routes::Own)
    }
}

/// The routes to serve.
enum Routes {
    OfHost(Router),
    Own,
}

/// An app that is served when this is awaited. [`Auth::serve`] makes it.
#[must_use = "nothing is served until this is awaited"]
pub struct Serve {
    auth: Auth,
    sockets: Listeners,
    routes: Routes,
    hosts: Option<Hosts>,
    max_connections: usize,
    max_connections_per_peer: Option<usize>,
    log: Option<Log>,
    stop: Option<Stop>,
}

impl fmt::Debug for Serve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Serve").field("sockets", &self.sockets).finish_non_exhaustive()
    }
}

impl Serve {
    fn of(auth: &Auth, sockets: Listeners, routes: Routes) -> Self {
        Self {
            auth: auth.clone(),
            sockets,
            routes,
            hosts: None,
            max_connections: fitting(CONNECTIONS),
            max_connections_per_peer: None,
            log: None,
            stop: None,
        }
    }

    /// Stops when this future is ready, in place of these signals. Then this library looks at no signal, and nothing cuts
    /// the nine seconds short.
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Some(Box::pin(stop));
        self
    }

    /// Serves these hosts alone, or all with [`Hosts::all`].
    ///
    /// Without this call, an app that listens on loopback addresses and has no
    /// [`trusted_proxies`](crate::Config::trusted_proxies) serves the names of this machine and the host of
    /// [`public_url`](crate::Config::public_url). Otherwise a page of another site, whose name only has to lead to this
    /// machine, could read its answers. Every other app serves all hosts.
    ///
    /// Others get 421. Only `/healthz` and `/readyz` at the root may name any host.
    pub fn allowed_hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = Some(hosts);
        self
    }

    /// Keeps at most this many connections open. By default 10,000, or fewer if the limit of open files is lower.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections.max(1);
        self
    }

    /// Keeps at most this many connections of one client network open. A trusted proxy has no such limit. By default a
    /// quarter of all, see [`of_one_network`].
    pub fn max_connections_per_peer(mut self, connections: usize) -> Self {
        self.max_connections_per_peer = Some(connections.max(1));
        self
    }

    /// Calls this function for each request when its answer begins, and for bytes that were refused before they became
    /// a request. It must be quick: the answer waits for it. A panic of it is ignored.
    pub fn log(mut self, log: impl Fn(&Served<'_>) + Send + Sync + 'static) -> Self {
        self.log = Some(Log::new(log));
        self
    }

    /// Returns the hosts to serve; `None` for all.
    fn hosts(&self) -> Option<Arc<Hosts>> {
        let proxies = &self.auth.config().trusted_proxies;
        let hosts = match &self.hosts {
            Some(hosts) => hosts.clone(),
            None if self.sockets.addresses().all(|address| address.ip().is_loopback())
                && proxies.iter().all(|proxy| proxy == "unix") =>
            {
                Hosts::default().with_loopback().with_host_of(&self.auth.config().public_url)
            }
            None => return None,
        };
        (!hosts.are_all()).then(|| Arc::new(hosts))
    }

    async fn run<A: App>(mut self, app: A, alone: bool) -> io::Result<()> {
        let auth = self.auth.clone();
        let like = layers::around_routes(&auth, Router::new(), None, Vec::new());
        let refusals = Refusals::like(&like).await.for_pages(&like, &auth.config().cors_origins).await;
        let proxies = (!auth.config().trusted_proxies.is_empty()).then(|| auth.clone());
        let limits = Limits::new(self.max_connections, self.max_connections_per_peer, proxies.clone());
        let server =
            Server { log: self.log.take(), proxies, hosts: self.hosts(), ..Server::of(app, refusals, alone) };
        let (stop, hurry): (Stop, Stop) = match self.stop.take() {
            Some(stop) => (stop, Box::pin(pending())),
            None => {
                let mut signals = Signals::new()?;
                (Box::pin(async move { signals.stop().await }), Box::pin(again()))
            }
        };
        accept::serve(Arc::new(server), self.sockets, limits, stop, || auth.start_draining(), hurry).await;
        if timeout(CLOSE, auth.close()).await.is_err() {
            tracing::warn!("the database did not finish in time");
        }
        Ok(())
    }
}

/// Waits for a further signal.
async fn again() {
    match Signals::new() {
        Ok(mut signals) => signals.end().await,
        Err(_) => pending().await,
    }
}

/// Returns how many connections fit into the limit of open files, at most `connections`.
#[cfg(target_os = "linux")]
fn fitting(connections: usize) -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let fits = limit.and_then(|files| usize::try_from(files).ok());
    fits.map_or(connections, |files| connections.min(files.saturating_sub(OTHER_FILES).max(1)))
}

#[cfg(not(target_os = "linux"))]
fn fitting(connections: usize) -> usize {
    connections
}

impl IntoFuture for Serve {
    type Output = io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        match std::mem::replace(&mut self.routes, Routes::Own) {
            Routes::OfHost(app) => Box::pin(self.run(app, false)),
            Routes::Own => {
                let own = self.auth.service(HEADER);
                Box::pin(self.run(own, true))
            }
        }
    }
}
