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
#[derive(Clone, Debug, FromRef)]
pub struct Host {
    auth: Auth,
    /// What people say, for everybody who listens.
    said: broadcast::Sender<String>,
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
        talk(&mut socket, &session, &host.said).await;
        // A client that has gone does not read this.
        let frame = CloseFrame { code: close_code::POLICY, reason: "the session has ended".into() };
        let _ = socket.send(Message::Close(Some(frame))).await;
    })
}

/// Passes messages on in both directions, until the session has ended or the client has gone.
async fn talk(socket: &mut WebSocket, session: &CurrentSession, said: &broadcast::Sender<String>) {
    let mut heard = said.subscribe();
    let mut ended = pin!(session.ended());
    loop {
        tokio::select! {
            () = &mut ended => return,
            Ok(text) = heard.recv() => {
                if session.has_ended().await || socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(_))) if session.has_ended().await => return,
                Some(Ok(Message::Text(text))) => drop(said.send(format!("{}: {text}", session.user().email))),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
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
    Ok(auth.serve(listener, app(&auth)).await?)
}
