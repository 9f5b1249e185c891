//! An axum app that asks for a CAPTCHA, and lets only people with an address at `example.org` register:
//! `cargo run --example captcha`, with the API of the provider at 127.0.0.1:9000.
//!
//! A page of yours shows the widget of the provider, which gives it a token: our own pages load nothing from other sites.
//! It sends the token with the rest: `POST /auth/register` with `{"email": …, "password": …, "captcha_token": …}`.
//! Without a good token the answer is 403 `challenge_required`.
//!
//! The domain of an address proves something only if the address is verified. With a mail server, people must verify it
//! before they log in: that is the default then.

use axum::{Router, routing::get};
use doorward::{
    Auth, Config, CurrentUser,
    attempt::{Attempt, AttemptKind, Decision},
};
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The provider of the CAPTCHA, and the secret that it gave to this app.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The host and port of its API.
    pub address: String,
    /// The secret.
    pub secret: String,
}

/// The answer of the API. Providers such as Turnstile, hCaptcha and reCAPTCHA have this field.
#[derive(Deserialize)]
struct Verdict {
    success: bool,
}

impl Provider {
    /// Asks if a person has solved the CAPTCHA of this token. The provider accepts each token once.
    async fn accepts(&self, token: &str) -> std::io::Result<bool> {
        // Your app has an HTTP client. This function stands for `client.post(…).form(…).send()`.
        let form = [("secret", &*self.secret), ("response", token)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let head = "POST /siteverify HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded";
        let request = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let mut api = TcpStream::connect(&self.address).await?;
        api.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        api.read_to_string(&mut answer).await?;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        Ok(serde_json::from_str::<Verdict>(body)?.success)
    }
}

/// Decides about an attempt. An error means 503: nobody gets in because the provider is down.
async fn decide(attempt: Attempt, provider: Provider) -> std::io::Result<Decision> {
    // A change of address is here too: otherwise people register as they must, and leave the domain later.
    let takes_address = matches!(attempt.kind, AttemptKind::Register | AttemptKind::ChangeEmail);
    let domain = attempt.email.trim().rsplit_once('@').map(|(_, domain)| domain);
    if takes_address && !domain.is_some_and(|domain| domain.eq_ignore_ascii_case("example.org")) {
        return Ok(Decision::refuse("other_domain", "Use your address at example.org"));
    }
    // What strangers can do a thousand times. Guesses at passwords are limited anyway.
    if !matches!(attempt.kind, AttemptKind::Register | AttemptKind::Mail) {
        return Ok(Decision::Allow);
    }
    match attempt.fields.get("captcha_token") {
        Some(token) if provider.accepts(token).await? => Ok(Decision::Allow),
        _ => Ok(Decision::Challenge("Solve the CAPTCHA, and send its token as captcha_token".into())),
    }
}

/// Returns settings with which `decide` sees the token.
pub fn config(config: Config) -> Config {
    Config { attempt_fields: vec!["captcha_token".into()], ..config }
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth, provider: Provider) -> Router {
    auth.before_attempt(move |attempt| decide(attempt, provider.clone()));
    Router::new()
        .route("/hello", get(|CurrentUser(user): CurrentUser| async move { user.email }))
        .with_state(auth.clone())
        .nest("/auth", auth.router())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = Auth::open_with("sqlite:app.db", config(Config::default())).await?;
    let provider = Provider { address: "127.0.0.1:9000".into(), secret: "the secret of this app".into() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app(&auth, provider)).await?)
}
