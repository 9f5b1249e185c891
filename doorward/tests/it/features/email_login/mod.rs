//! Tests of the log-in by a link or a code from a mail.

mod known_browsers;
mod no_passwords;
mod page;
mod routes;
mod takeover;
mod token;

use doorward::Config;

use crate::{
    app::{Actor, Answer, App},
    mail::mailbox::{Mail, with_mail},
};

/// Settings with which a mail logs in.
pub(super) fn by_mail() -> Config {
    Config { email_login: true, ..with_mail() }
}

/// Asks for a mail that logs in. Returns the answer.
pub(super) async fn ask(browser: &mut Actor<'_>, email: &str) -> Answer {
    browser.post("/auth/login/email", serde_json::json!({"email": email})).await
}

/// Asks for a mail that logs in, and returns the mail.
pub(super) async fn mail(app: &App, browser: &mut Actor<'_>, email: &str) -> Mail {
    // Mails of the same moment arrive in any order, so earlier ones are sent first.
    app.mails().await;
    let answer = ask(browser, email).await;
    assert_eq!(answer.status, axum::http::StatusCode::ACCEPTED, "{}", answer.text);
    app.newest_mail(&email.trim().to_lowercase()).await
}

/// The text of a mail in one line.
pub(super) fn in_one_line(mail: &Mail) -> String {
    mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) async fn finish_by_link(browser: &mut Actor<'_>, mail: &Mail) -> Answer {
    browser.post("/auth/login/email/finish", serde_json::json!({"token": mail.token("login/link")})).await
}

pub(super) async fn finish_by_code(browser: &mut Actor<'_>, code: &str) -> Answer {
    browser.post("/auth/login/email/finish", serde_json::json!({"code": code})).await
}
