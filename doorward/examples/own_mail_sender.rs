//! An axum app that sends its mails with the HTTP API of a mail service: `cargo run --example own_mail_sender`, with the
//! API at 127.0.0.1:9000.
//!
//! Mails wait in the database until the API takes them, those of the accounts and those of the app. So the API may be
//! down for a day, and the app may restart.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use doorward::{
    Auth, CurrentUser,
    mail::{Delivery, MailSender, NewLetter, OutgoingMail, Sending},
};
use serde_json::json;

/// The HTTP API of a mail service.
#[derive(Debug)]
pub struct MailApi(pub String);

impl MailSender for MailApi {
    fn send(&self, mail: OutgoingMail) -> Sending<'_> {
        let address = self.0.clone();
        Box::pin(async move {
            // Your app has an HTTP client. This one blocks, so it gets a thread.
            let answered = tokio::task::spawn_blocking(move || request(&address, &mail)).await;
            let status = match answered {
                Ok(Ok(status)) => status,
                Ok(Err(error)) => return Delivery::Later(error.to_string()),
                Err(error) => return Delivery::Later(error.to_string()),
            };
            // Only the status is told: the answer may repeat the mail.
            match status.as_str() {
                "200" | "202" => Delivery::Delivered,
                "400" | "422" => Delivery::Never(format!("the API answered {status}")),
                _ => Delivery::Later(format!("the API answered {status}")),
            }
        })
    }
}

/// Posts a mail to the API, and returns the status.
fn request(address: &str, mail: &OutgoingMail) -> std::io::Result<String> {
    let body = json!({"to": mail.to, "subject": mail.subject, "text": mail.text, "html": mail.html});
    let body = body.to_string();
    let mut api = TcpStream::connect(address)?;
    // The API drops a second request with the same key. So a mail arrives once, also if an answer is lost.
    write!(
        api,
        "POST /mails HTTP/1.0\r\nIdempotency-Key: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        mail.id,
        body.len()
    )?;
    let mut answer = String::new();
    api.read_to_string(&mut answer)?;
    Ok(answer.split(' ').nth(1).unwrap_or_default().to_owned())
}

/// Sends the user a letter of the app.
async fn invoice(State(auth): State<Auth>, CurrentUser(user): CurrentUser) -> doorward::Result<StatusCode> {
    auth.queue_letter(NewLetter::to_user(user.id, "Your invoice", "Hello,\n\nyour invoice is ready."))
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth) -> Router {
    Router::new().route("/invoice", post(invoice)).with_state(auth.clone()).nest("/auth", auth.router())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = MailApi("127.0.0.1:9000".to_owned());
    let auth = Auth::builder("sqlite:app.db").mail_sender(api).open().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app(&auth)).await?)
}
