//! An axum app in which only people with an invitation can register: `cargo run --example invite_only`.
//!
//! A user who is logged in invites an address with `POST /invite`. The answer is a code. It opens the registration of
//! that address: `POST /auth/register` with `{"email": …, "password": …, "invite_code": …}`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Json, Router, extract::State, routing::post};
use doorward::{
    Auth, Config, CurrentUser,
    attempt::{Attempt, AttemptKind, Decision},
    event::EventKind,
};
use serde_json::{Value, json};

/// The code of each invited address. A real app keeps them in its database.
type Invitations = Arc<Mutex<HashMap<String, String>>>;

/// The state of the app.
#[derive(Clone, Debug)]
pub struct App {
    auth: Auth,
    invitations: Invitations,
}

impl axum::extract::FromRef<App> for Auth {
    fn from_ref(app: &App) -> Auth {
        app.auth.clone()
    }
}

/// Invites the address in the body, and returns the code.
async fn invite(State(app): State<App>, _: CurrentUser, Json(body): Json<Value>) -> Json<Value> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    let code: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let email = body["email"].as_str().unwrap_or_default().to_lowercase();
    let mut invitations = app.invitations.lock().unwrap_or_else(PoisonError::into_inner);
    invitations.insert(email, code.clone());
    Json(json!({"invite_code": code}))
}

/// Lets an attempt go on, unless it is a registration without an invitation.
fn decide(attempt: &Attempt, invitations: &Invitations) -> Decision {
    if attempt.kind != AttemptKind::Register {
        return Decision::Allow;
    }
    let invitations = invitations.lock().unwrap_or_else(PoisonError::into_inner);
    let expected = invitations.get(&attempt.email.trim().to_lowercase());
    match expected.is_some() && expected == attempt.fields.get("invite_code") {
        true => Decision::Allow,
        // The same for every address, so nobody learns who is invited.
        false => Decision::refuse("invite_needed", "You need an invitation for this address"),
    }
}

/// Returns settings with which `decide` sees the code.
pub fn config(config: Config) -> Config {
    Config { attempt_fields: vec!["invite_code".into()], ..config }
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth) -> Router {
    let app = App { auth: auth.clone(), invitations: Invitations::default() };
    let invitations = Arc::clone(&app.invitations);
    auth.before_attempt(move |attempt| {
        let decision = decide(&attempt, &invitations);
        async move { decision }
    });
    // An invitation is used up by its registration.
    let invitations = Arc::clone(&app.invitations);
    auth.on_event(move |live| {
        if let (EventKind::Registered, Some(user)) = (live.event.kind, &live.user) {
            let mut invitations = invitations.lock().unwrap_or_else(PoisonError::into_inner);
            invitations.remove(&user.email.to_lowercase());
        }
    });
    Router::new().route("/invite", post(invite)).with_state(app).nest("/auth", auth.router())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = Auth::open_with("sqlite:app.db", config(Config::default())).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app(&auth)).await?)
}
