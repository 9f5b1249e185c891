//! An access token of an app at a route with `Granted`, beside the token of a session at a route with `CurrentUser`: both
//! are to cost the same.

use anyhow::{Context, Result};
use axum::{Router, routing::get};
use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::{Auth, Config, CurrentUser, Granted, Scope};
use tokio::net::TcpListener;

use crate::{
    contest::{self, Contestant},
    cores::{self, Awake, For},
    load,
    report::Report,
    seed,
    server::Server,
    setup::Setup,
};

const API: &str = "https://api.example.org";

struct Read;

impl Scope for Read {
    const NAME: &'static str = "read";
}

/// Serves a host with both routes on a free port, and prints the address like the server does.
pub(crate) async fn serve(database: &str) -> Result<()> {
    let config = Config {
        secret_key_id: Some("bench".into()),
        secret_key: Some(STANDARD.encode([7; 32]).as_str().into()),
        scopes: [(Read::NAME.into(), "Read".into())].into(),
        ..Config::default()
    };
    let auth = Auth::open_with(database, config).await?;
    let api = auth.protected_resource(API)?.scope::<Read>()?;
    let app = Router::new()
        .route("/granted", get(async |Granted(caller, ..): Granted<Read>| caller.user().email.clone()))
        .route_layer(api)
        .route("/user", get(async |CurrentUser(user): CurrentUser| user.email))
        .route("/healthz", get(async || "ok"))
        .with_state(auth.clone())
        .nest("/auth", auth.router());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("the host listens on http://{}", listener.local_addr()?);
    Ok(auth.serve(listener, app).await?)
}

/// Measures and reports both routes of one server in alternation.
pub(crate) async fn measure(setup: &Setup, report: &mut Report) -> Result<()> {
    report.title(&format!(
        "An access token at Granted beside a session at CurrentUser, of one host: {} of each, drawn at random, each used once \
         before",
        setup.sessions
    ));
    let folder = tempfile::tempdir()?;
    for (name, database) in setup.databases(folder.path(), "doorward_bench_granted")? {
        let filled = async {
            let sessions = seed::sessions(&database, setup.users, setup.sessions).await?;
            let granted =
                seed::access_tokens(&database, setup.users, setup.sessions, (Read::NAME, API)).await?;
            Ok::<_, anyhow::Error>((sessions, granted))
        };
        let (sessions, granted) = filled.await.with_context(|| format!("cannot fill {name}"))?;
        cores::stay(For::Servers)?;
        let arguments = ["api".to_owned(), database];
        let server = Server::start(&std::env::current_exe()?, &arguments, folder.path()).await?;
        cores::stay(For::Client)?;
        let both =
            [("CurrentUser", load::gets("/user", &sessions)), ("Granted", load::gets("/granted", &granted))];
        for (_, requests) in both {
            load::send_each(server.port, requests).await?;
        }
        let contestants = both.map(|(route, requests)| Contestant {
            name: format!("{route}, {name}"),
            servers: vec![&server],
            requests,
        });
        let awake = Awake::keep();
        for &connections in &setup.connections {
            report.outcome(&contest::run(setup, &contestants, connections).await?);
        }
        drop(awake);
        cores::stay(For::Everybody)?;
    }
    Ok(())
}
