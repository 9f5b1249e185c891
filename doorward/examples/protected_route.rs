//! An axum app with accounts: `cargo run --example protected_route`, then
//!
//! ```text
//! curl localhost:3000/auth/register --json '{"email": "ann@example.org", "password": "correct horse battery"}'
//! curl localhost:3000/auth/token -d username=ann@example.org -d 'password=correct horse battery'
//! curl localhost:3000/protected-route -H 'Authorization: Bearer dw_s_…'
//! ```

use axum::{Json, Router, routing::get};
use doorward::{Auth, CurrentUser, User};

/// Answers only users who are logged in: the argument checks it.
async fn protected_route(CurrentUser(user): CurrentUser) -> Json<User> {
    Json(user)
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth) -> Router {
    Router::new()
        .route("/protected-route", get(protected_route))
        .with_state(auth.clone())
        .nest("/auth", auth.router())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = Auth::open("sqlite:app.db").await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("The documentation is at http://localhost:3000/auth/docs");
    Ok(auth.serve(listener, app(&auth)).await?)
}
