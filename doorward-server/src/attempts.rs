//! Asks a program on this machine about attempts to register, to log in, to have a mail sent, or to change an address:
//! `attempt_url`.
//!
//! The program gets `POST` with JSON: `kind` (`register`, `log_in`, `mail` or `change_email`), `email`, `ip`,
//! `user_agent`, `answer`, `language`, and in `fields` those that `attempt_fields` names. It answers
//! `{"decision": "allow"}`, `{"decision": "refuse"}`, or `{"decision": "challenge", "text": "…"}`. With `allow` it may send
//! another `email`, and for a registration `display_name`, `roles`, `attributes` and `profile` of the new user. With
//! `refuse` it may send a `code` and a `text`. An attempt is answered with 503 if the program does not answer so.

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
use serde_json::{Map, Value, json};
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

    async fn ask(&self, attempt: Attempt) -> Result<Decision> {
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
        read(&body)
    }
}

/// Reads the answer of the program.
///
/// # Errors
/// The error names the field that is wrong, and repeats nothing of the answer.
fn read(answer: &[u8]) -> Result<Decision> {
    let members = serde_json::from_slice::<Map<String, Value>>(answer);
    let mut fields = Fields(members.map_err(|_| anyhow::anyhow!("the answer is no JSON object"))?);
    let decision = match fields.text("decision")?.as_deref() {
        Some("allow") => allowed(&mut fields)?,
        Some("refuse") => match (fields.text("code")?, fields.text("text")?) {
            (None, None) => Decision::Refuse,
            (code, text) => Decision::refuse(
                code.unwrap_or_else(|| "refused_by_operator".to_owned()),
                text.unwrap_or_else(|| "This attempt was refused".to_owned()),
            ),
        },
        Some("challenge") => Decision::Challenge(fields.text("text")?.context("text: expected text")?),
        _ => anyhow::bail!("decision: expected \"allow\", \"refuse\" or \"challenge\""),
    };
    // A misspelt field must not be lost.
    anyhow::ensure!(fields.0.is_empty(), "the answer has fields that this decision does not know");
    Ok(decision)
}

/// Reads the values of an attempt that is allowed. The library checks the roles, and what is in the objects.
fn allowed(fields: &mut Fields) -> Result<Decision> {
    let mut decision = Decision::Allow;
    if let Some(email) = fields.text("email")? {
        decision = decision.with_email(email);
    }
    if let Some(name) = fields.text("display_name")? {
        decision = decision.with_display_name(name);
    }
    if let Some(roles) = fields.take("roles") {
        let roles = serde_json::from_value::<Vec<String>>(roles);
        decision =
            decision.with_roles(roles.map_err(|_| anyhow::anyhow!("roles: expected a list of names"))?);
    }
    if let Some(attributes) = fields.take("attributes") {
        decision = decision.with_attributes(attributes);
    }
    if let Some(profile) = fields.take("profile") {
        decision = decision.with_profile(profile);
    }
    Ok(decision)
}

/// The fields of an answer that are not read yet.
struct Fields(Map<String, Value>);

impl Fields {
    /// Takes the value of a field, if it is there and not null.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => anyhow::bail!("{name}: expected text"),
        }
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

    #[test]
    fn a_decision_is_read_strictly() {
        let allowed =
            br#"{"decision": "allow", "email": null, "roles": ["editor"], "attributes": {"plan": "pro"},
            "display_name": "Ann", "profile": {"company": "Acme"}}"#;
        let expected = Decision::Allow
            .with_roles(["editor"])
            .with_attributes(json!({"plan": "pro"}))
            .with_display_name("Ann")
            .with_profile(json!({"company": "Acme"}));
        assert_eq!(read(allowed).unwrap(), expected);
        assert_eq!(read(br#"{"decision": "allow"}"#).unwrap(), Decision::Allow);
        assert_eq!(read(br#"{"decision": "refuse"}"#).unwrap(), Decision::Refuse);
        for (answer, told) in [
            ("canary", "no JSON object"),
            ("[\"canary\"]", "no JSON object"),
            (r#"{"decision": "canary"}"#, "decision: expected"),
            (r#"{"decision": "allow", "email": ["canary"]}"#, "email: expected text"),
            (r#"{"decision": "allow", "display_name": 7}"#, "display_name: expected text"),
            (r#"{"decision": "allow", "roles": "canary"}"#, "roles: expected a list of names"),
            (r#"{"decision": "allow", "roles": ["canary", 7]}"#, "roles: expected a list of names"),
            (r#"{"decision": "allow", "role": "canary"}"#, "fields that this decision does not know"),
            (r#"{"decision": "refuse", "roles": ["canary"]}"#, "fields that this decision does not know"),
            (r#"{"decision": "refuse", "code": 7}"#, "code: expected text"),
            (r#"{"decision": "challenge"}"#, "text: expected text"),
        ] {
            let error = format!("{:#}", read(answer.as_bytes()).unwrap_err());
            assert!(error.contains(told) && !error.contains("canary"), "{answer}: {error}");
        }
    }
}
