//! Users and sessions, made through the library as people would make them, with hashing that costs next to nothing.

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use doorward::{Auth, Config, PasswordConfig};
use futures_util::{StreamExt, TryStreamExt, stream};
use tower::ServiceExt;

const PASSWORD: &str = "correct horse battery";
/// How many requests are under way at once.
const AT_ONCE: usize = 60;

/// Fills the database and gives the tokens of the sessions.
pub(crate) async fn sessions(database: &str, users: usize, sessions: usize) -> Result<Vec<String>> {
    let password = PasswordConfig { memory_kib: 8, iterations: 1, ..PasswordConfig::default() };
    let auth = Auth::open_with(database, Config { password, ..Config::default() }).await?;
    stream::iter(0..users)
        .map(|user| {
            let auth = auth.clone();
            async move { auth.add_user(&email(user), PASSWORD).await.map(drop) }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    let router = auth.router();
    let tokens = stream::iter(0..sessions)
        .map(|session| token(router.clone(), form(session % users)))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    auth.close().await;
    Ok(tokens)
}

/// The form that logs a user in.
pub(crate) fn form(user: usize) -> String {
    format!("username={}&password={}", email(user).replace('@', "%40"), PASSWORD.replace(' ', "+"))
}

/// Registers users whose passwords cost what they cost by default.
pub(crate) async fn users(database: &str, users: usize) -> Result<()> {
    let auth = Auth::open(database).await?;
    for user in 0..users {
        auth.add_user(&email(user), PASSWORD).await?;
    }
    auth.close().await;
    Ok(())
}

fn email(user: usize) -> String {
    format!("user-{user:05}@example.org")
}

async fn token(router: Router, form: String) -> Result<String> {
    let request = Request::post("/token")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))?;
    let answer = router.oneshot(request).await?;
    ensure!(answer.status().is_success(), "POST /token answered {}", answer.status());
    let body: serde_json::Value = serde_json::from_slice(&to_bytes(answer.into_body(), 65536).await?)?;
    Ok(body["access_token"].as_str().context("an answer without a token")?.to_owned())
}
