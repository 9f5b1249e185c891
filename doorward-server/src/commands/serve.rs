//! `doorward serve`: the server.

use std::{
    io::{IsTerminal as _, Write as _, stdout},
    process,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use axum::{Router, body::Body, http::Request};
use clap::Args;
use doorward::{
    Auth,
    serve::{Hosts, Signals},
};
use tokio::{runtime, time::sleep};
use tower::ServiceExt as _;
use tracing::{info, warn};

use crate::{
    config::{Exposed, ServerConfig, local_url, widest},
    http::listeners::Bound,
    key_file,
    log::{request::Requests, start},
    open_files,
};

/// The time after which the log says how many requests got no line of their own, if no other line does.
const TELL: Duration = Duration::from_secs(10);

/// What a start may do besides.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Options {
    /// Start although passkeys exist for another domain: they stop working
    #[arg(long)]
    accept_passkey_loss: bool,
}

/// Serves until a signal stops the server.
pub(crate) fn run(config: &ServerConfig, options: &Options) -> Result<()> {
    // Refuse insecure settings before anything is opened.
    config.check_for_serving()?;
    // Reading them changes the environment, so this comes before there are other threads.
    #[cfg(unix)]
    let sockets = listenfd::ListenFd::from_env();
    let _log = start::start(config.log.clone(), config.log_format).context("cannot start the log")?;
    let runtime =
        super::runtime::runtime(&mut runtime::Builder::new_multi_thread()).context("cannot start threads")?;
    let served = runtime.block_on(async {
        let signals = Signals::new().context("cannot wait for signals")?;
        let opened: Option<Bound> = None;
        #[cfg(unix)]
        let opened = opened.or(Bound::of_service_manager(sockets)?);
        let bound = match opened {
            Some(opened) => opened,
            None => Bound::to(&config.places, config.rights).await?,
        };
        until_stopped(config, options, signals, bound).await
    });
    // Do not wait for tasks that still run.
    runtime.shutdown_background();
    served
}

async fn until_stopped(
    config: &ServerConfig,
    options: &Options,
    mut signals: Signals,
    bound: Bound,
) -> Result<()> {
    let address = widest(bound.listeners.addresses());
    let has_address = bound.listeners.addresses().next().is_some();
    let has_file = !bound.files.is_empty();
    let mut library = config.for_serving_on(address, has_address, has_file)?;
    let public_url = library.public_url.trim_end_matches('/').to_owned();
    let dev_mailbox = library.dev_mailbox;
    config.check_breached_file()?;
    let made = key_file::read_or_make(&mut library, &config.database)?;
    let hosts = config.hosts(address, &library);
    let builder = Auth::builder(&config.database).config(library);
    let builder = if options.accept_passkey_loss { builder.accept_passkey_loss() } else { builder };
    let auth = builder.open().await.map_err(|error| config.explained(error))?;
    if let Some(made) = made {
        info!(file = %made.display(), "made the key that seals secrets in the database: back it up, apart from the database");
    }
    if let Some(url) = config.attempt_url.clone() {
        url.decides(&auth);
    }
    // It lives as long as the program.
    let requests: &'static Requests =
        Box::leak(Box::new(Requests::new(config.log_requests, config.log_refused)));
    greet(&auth, &bound, &public_url, dev_mailbox).await;
    if !address.ip().is_loopback() && public_url.starts_with("http:") {
        warn!(%address, public_url, "listening for other machines, with cookies that also go over plain http");
    }
    warn_of_exposed_files(config);
    let stop = async move {
        signals.stop().await;
        info!("stopping");
        tokio::spawn(async move {
            // A second signal ends the server at once.
            signals.end().await;
            process::exit(1);
        });
    };
    tokio::spawn(tell_now_and_then(requests));
    let mut serve = auth
        .serve_alone(bound.listeners)
        .allowed_hosts(hosts.unwrap_or_else(Hosts::all))
        .max_connections(connections(config))
        .log(|served| requests.log(served))
        .until(stop);
    if let Some(connections) = config.max_connections_per_peer {
        serve = serve.max_connections_per_peer(connections);
    }
    serve.await.context("cannot serve")?;
    requests.tell_last();
    info!("stopped");
    Ok(())
}

/// Returns the number of connections that may be open. Every connection is an open file.
fn connections(config: &ServerConfig) -> usize {
    let max_connections = config.max_connections;
    match open_files::raise_limit() {
        Some(fits) if fits < max_connections => {
            warn!(
                max_connections,
                fits, "max_connections does not fit into the limit of open files (ulimit -n)"
            );
            fits
        }
        _ => max_connections,
    }
}

fn warn_of_exposed_files(config: &ServerConfig) {
    for Exposed { file, holds } in config.exposed() {
        let file = file.display();
        warn!(%file, "every user of this machine can read or change this file, which holds {holds}: chmod o= {file}");
    }
}

/// Says how many requests got no line of their own, also if no further request comes.
async fn tell_now_and_then(requests: &'static Requests) {
    loop {
        sleep(TELL).await;
        requests.tell(Instant::now());
    }
}

/// Prints where the server can be reached.
async fn greet(auth: &Auth, bound: &Bound, public_url: &str, dev_mailbox: bool) {
    let version = env!("CARGO_PKG_VERSION");
    // Browsers refuse passkeys at an IP address. So people see `localhost` if that is the public address.
    let places = bound.listeners.addresses().map(|address| match local_url(address) {
        local if local == public_url => local,
        _ => format!("http://{address}"),
    });
    let places: Vec<_> = places.chain(bound.files.iter().cloned()).collect();
    let mut lines = format!("doorward {version} listens on {}\n", places.join(" and "));
    if !places.iter().any(|place| place == public_url) {
        lines += &format!("public url {public_url}\n");
    }
    lines += &format!("database   {}\n", auth.database());
    if serves_docs(auth.router()).await {
        lines += &format!("docs       {public_url}/docs\n");
    }
    if dev_mailbox {
        lines += &format!("mailbox    {public_url}/dev/mailbox\n");
    }
    if stdout().is_terminal() {
        lines += "stop       Ctrl-C\n";
    }
    // An error here does not matter.
    let _ = stdout().write_all(lines.as_bytes());
}

async fn serves_docs(router: Router) -> bool {
    let request = Request::get("/docs").body(Body::empty()).expect("a fixed request is valid");
    let answer = router.oneshot(request).await.unwrap_or_else(|never| match never {});
    answer.status().is_success()
}
