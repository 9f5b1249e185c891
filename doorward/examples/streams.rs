//! Streams that end with the session of their user: `cargo run --example streams`, then register and get a token as in
//! the example `protected_route`, and
//!
//! ```text
//! curl -N localhost:3000/news -H 'Authorization: Bearer dw_s_…'
//! curl localhost:3000/auth/logout -X POST -H 'Authorization: Bearer dw_s_…'
//! ```
//!
//! A request is checked only when it arrives. A stream goes on, so it has to learn when its session ends.

use std::{convert::Infallible, pin::pin};

use axum::{
    Router,
    extract::{
        FromRef, State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code},
    },
    response::{
        Response,
        sse::{Event, Sse},
    },
    routing::{any, get},
};
use doorward::{Auth, CurrentSession};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::broadcast;

/// The state of the app.
#[derive(Clone, Debug)]
pub struct Host {
    auth: Auth,
    /// What people say, for everybody who listens.
    said: broadcast::Sender<String>,
}

impl FromRef<Host> for Auth {
    fn from_ref(host: &Host) -> Auth {
        host.auth.clone()
    }
}

/// Server-sent events: all that is said, until the session ends.
async fn news(
    session: CurrentSession,
    State(host): State<Host>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let ended = session.ended();
    let news = stream::unfold((host.said.subscribe(), session), async |(mut said, session)| {
        let text = said.recv().await.ok()?;
        // `ended` below ends a silent stream. This drops an event that comes after an acknowledged logout.
        let goes_on = !session.has_ended().await;
        goes_on.then(|| (Ok(Event::default().data(text)), (said, session)))
    });
    Sse::new(news.take_until(ended))
}

/// A WebSocket. With a cookie, only pages of our own origin and of `cors_origins` open it.
async fn chat(upgrade: WebSocketUpgrade, session: CurrentSession, State(host): State<Host>) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        if talk(&mut socket, &session, &host.said).await {
            let frame = CloseFrame { code: close_code::POLICY, reason: "the session has ended".into() };
            let _ = socket.send(Message::Close(Some(frame))).await;
        }
    })
}

/// Passes messages on in both directions. Returns `true` if the session has ended, and `false` if the client has gone.
async fn talk(socket: &mut WebSocket, session: &CurrentSession, said: &broadcast::Sender<String>) -> bool {
    let mut heard = said.subscribe();
    let mut ended = pin!(session.ended());
    loop {
        tokio::select! {
            () = &mut ended => return true,
            Ok(text) = heard.recv() => {
                if session.has_ended().await {
                    return true;
                }
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return false;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    if session.has_ended().await {
                        return true;
                    }
                    let _ = said.send(format!("{}: {text}", session.user().email));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return false,
            },
        }
    }
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth) -> Router {
    let host = Host { auth: auth.clone(), said: broadcast::Sender::new(100) };
    Router::new()
        .route("/news", get(news))
        .route("/chat", any(chat))
        .with_state(host)
        .nest("/auth", auth.router())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = Auth::open("sqlite:app.db").await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("The documentation is at http://127.0.0.1:3000/auth/docs");
    Ok(auth.serve(listener, app(&auth)).await?)
}
