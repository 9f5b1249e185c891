//! Asks a program on this machine about attempts to register, to log in, to have a mail sent, or to change an address:
//! `attempt_url`.
//!
//! The program gets `POST` with JSON: `kind` (`register`, `log_in`, `mail` or `change_email`), `email`, `ip`,
//! `user_agent`, `answer`, `language`, and in `fields` those that `attempt_fields` names. It answers
//! `{"decision": "allow"}`, `{"decision": "refuse"}`, or `{"decision": "challenge", "text": "…"}`. With `allow` it may send
//! another `email`, and with `refuse` a `code` and a `text`. An attempt is answered with 503 if the program does not
//! answer so.

use std::net::IpAddr;

use anyhow::{Context as _, Result};
use axum::{
    body::{Body, to_bytes},
    http::{Request, Uri, header},
};
use doorward::{
    Auth,
    attempt::{Attempt, Decision},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpStream;
use tracing::warn;

/// The most bytes of an answer.
const ANSWER: usize = 8 * 1024;

/// The URL of the program: plain http on this machine.
#[derive(Clone, Debug)]
pub(crate) struct AttemptUrl {
    authority: String,
    path: String,
}

/// The answer of the program.
#[derive(Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
enum Answer {
    Allow { email: Option<String> },
    Refuse { code: Option<String>, text: Option<String> },
    Challenge { text: String },
}

impl AttemptUrl {
    /// Reads a URL. Returns `None` unless it is plain http to a loopback address: an attempt contains an e-mail address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let url: Uri = text.parse().ok()?;
        let host = url.host()?.trim_start_matches('[').trim_end_matches(']');
        let is_local = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let authority = url.authority()?;
        if url.scheme_str() != Some("http") || !is_local || authority.as_str().contains('@') {
            return None;
        }
        let port = url.port_u16().unwrap_or(80);
        let path = url.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Some(Self { authority: format!("{}:{port}", url.host()?), path })
    }

    /// Asks the program about each attempt from now on.
    pub(crate) fn decides(self, auth: &Auth) {
        auth.before_attempt(move |attempt| {
            let url = self.clone();
            async move {
                url.ask(attempt).await.unwrap_or_else(|error| {
                    warn!(cause = %format!("{error:#}"), "attempt_url: no decision");
                    Decision::Later
                })
            }
        });
    }

    async fn ask(&self, mut attempt: Attempt) -> Result<Decision> {
        let stream = TcpStream::connect(&self.authority).await.context("cannot connect")?;
        let (mut program, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let body = json!({
            "kind": attempt.kind.as_str(), "email": attempt.email, "ip": attempt.ip, "user_agent": attempt.user_agent,
            "answer": attempt.answer, "language": attempt.language, "fields": attempt.fields,
        });
        let request = Request::post(&self.path)
            .header(header::HOST, &self.authority)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONNECTION, "close")
            .body(Body::from(body.to_string()))?;
        let answer = program.send_request(request).await.context("no answer")?;
        let status = answer.status();
        let body = to_bytes(Body::new(answer.into_body()), ANSWER).await.context("the answer is too long")?;
        connection.abort();
        anyhow::ensure!(status.is_success(), "the answer has status {status}");
        let answer: Answer = serde_json::from_slice(&body).context("the answer is no decision")?;
        Ok(match answer {
            Answer::Allow { email: None } => Decision::Allow,
            Answer::Allow { email: Some(email) } => {
                attempt.email = email;
                Decision::AllowAs(attempt)
            }
            Answer::Refuse { code: None, text: None } => Decision::Refuse,
            Answer::Refuse { code, text } => Decision::refuse(
                code.unwrap_or_else(|| "refused_by_operator".to_owned()),
                text.unwrap_or_else(|| "This attempt was refused".to_owned()),
            ),
            Answer::Challenge { text } => Decision::Challenge(text),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_program_on_this_machine_is_asked() {
        for (text, authority, path) in [
            ("http://127.0.0.1:9000/attempt?key=1", "127.0.0.1:9000", "/attempt?key=1"),
            ("http://localhost", "localhost:80", "/"),
            ("http://[::1]:9000/", "[::1]:9000", "/"),
        ] {
            let url = AttemptUrl::parse(text).unwrap();
            assert_eq!((&*url.authority, &*url.path), (authority, path));
        }
        for text in [
            "",
            "9000",
            "http://192.0.2.1/",
            "https://localhost/",
            "http://a@localhost/",
            "/attempt",
            "ftp://localhost",
        ] {
            assert!(AttemptUrl::parse(text).is_none(), "{text}");
        }
    }
}
