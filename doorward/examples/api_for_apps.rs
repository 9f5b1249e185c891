//! An axum app with an API that apps on other hosts call for their users. It needs a key, each time the same:
//! `cargo run --example api_for_apps -- "$(openssl rand -base64 32)"`.
//!
//! A person on this host gets their notes by the cookie (`CurrentUser`). An app gets them by an access token for this API
//! (`Granted`), as far as the person allowed it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{FromRef, State},
    routing::get,
};
use doorward::{Auth, Config, CurrentUser, Granted, OpenError, Scope, UserId, provider::ClientConfig};

/// The address of this API. Apps ask for tokens for it (`resource`).
pub const API: &str = "http://localhost:3000";

struct ReadNotes;
impl Scope for ReadNotes {
    const NAME: &'static str = "notes:read";
}

struct WriteNotes;
impl Scope for WriteNotes {
    const NAME: &'static str = "notes:write";
}

type Notes = Arc<Mutex<HashMap<UserId, Vec<String>>>>;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    notes: Notes,
}

fn notes_of(notes: &Notes, user: UserId) -> Json<Vec<String>> {
    Json(notes.lock().expect("nobody panics").get(&user).cloned().unwrap_or_default())
}

async fn own(CurrentUser(user): CurrentUser, State(notes): State<Notes>) -> Json<Vec<String>> {
    notes_of(&notes, user.id)
}

/// For apps. The scope says what the app may do. The user, and nothing in the request, decides whose notes it gets.
async fn read(Granted(caller, ..): Granted<ReadNotes>, State(notes): State<Notes>) -> Json<Vec<String>> {
    notes_of(&notes, caller.user().id)
}

async fn write(Granted(caller, ..): Granted<WriteNotes>, State(notes): State<Notes>, note: String) {
    let note = format!("{note} (by {})", caller.client_id());
    notes.lock().expect("nobody panics").entry(caller.user().id).or_default().push(note);
}

/// What apps may ask for, and an app that may ask for it. A key outside the database seals the keys of the provider.
pub fn config(config: Config, secret_key: &str) -> Config {
    let reader = ClientConfig {
        id: "reader".into(),
        name: "The reader".into(),
        redirect_uris: vec!["http://127.0.0.1/callback".into()],
        public: true,
        scopes: vec![ReadNotes::NAME.into(), WriteNotes::NAME.into()],
        resources: vec![API.into()],
        ..ClientConfig::default()
    };
    let words = [(ReadNotes::NAME, "Read your notes"), (WriteNotes::NAME, "Add notes")];
    Config {
        public_url: format!("{API}/auth"),
        secret_key_id: Some("example".into()),
        secret_key: Some(secret_key.into()),
        scopes: words.map(|(name, words)| (name.into(), words.into())).into(),
        client: vec![reader],
        ..config
    }
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth) -> Result<Router, OpenError> {
    // A misspelt scope fails here, and not at the first request.
    let api = auth.protected_resource(API)?.scope::<ReadNotes>()?.scope::<WriteNotes>()?;
    Ok(Router::new()
        .route("/api/notes", get(read).post(write))
        .route_layer(api.clone())
        .route("/notes", get(own))
        .merge(api.metadata())
        .with_state(App { auth: auth.clone(), notes: Notes::default() })
        .nest("/auth", auth.router())
        .merge(auth.well_known()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::args().nth(1).ok_or("expected the key: base64 of 32 random bytes")?;
    let auth = Auth::open_with("sqlite:app.db", config(Config::default(), &key)).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app(&auth)?).await?)
}
