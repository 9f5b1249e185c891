//! The mails that users get. Each test has a mail server of its own, which its thread keeps.

use axum::http::StatusCode;
use doorward::{Config, config::Registration};
use mail_parser::MessageParser;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::{
    app::{App, config},
    mail::smtp::{Received, Smtp},
};

thread_local! {
    static SMTP: Smtp = Smtp::start();
}

/// Settings with a mail server that takes every mail, and with open registration.
pub(crate) fn with_mail() -> Config {
    Config {
        smtp_url: Some(SMTP.with(Smtp::url).into()),
        mail_from: Some("Example <no-reply@example.org>".into()),
        registration: Some(Registration::Open),
        ..config()
    }
}

/// Settings with this mail server, and with a public address.
pub(crate) fn with_smtp(smtp: &Smtp) -> Config {
    Config {
        smtp_url: Some(smtp.url().into()),
        mail_from: Some("Example <no-reply@example.org>".into()),
        public_url: "https://accounts.example.org/auth".into(),
        registration: Some(Registration::Open),
        ..config()
    }
}

/// The text of a mail that arrived.
pub(crate) fn text(mail: &Received) -> String {
    MessageParser::default().parse(&mail.data).unwrap().body_text(0).unwrap().replace("\r\n", "\n")
}

/// The token of the link in a mail.
pub(crate) fn link_token(mail: &Received) -> String {
    let text = text(mail);
    text.split("&token=")
        .nth(1)
        .unwrap_or_else(|| panic!("no link: {text}"))
        .lines()
        .next()
        .unwrap()
        .to_owned()
}

/// A mail that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    /// The address in the header.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Mail {
    /// The token of the link to this page.
    #[track_caller]
    pub(crate) fn token(&self, page: &str) -> String {
        let link = format!("http://localhost:8000/{page}?lang=");
        let rest = self.text.split_once(&link).unwrap_or_else(|| panic!("no {link} in {}", self.text)).1;
        rest.split_once("&token=").unwrap().1.split_whitespace().next().unwrap().to_owned()
    }

    /// The code that works instead of the link.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let is_code = |word: &&str| {
            word.len() == 9
                && word.chars().enumerate().all(|(position, letter)| match position {
                    4 => letter == '-',
                    _ => letter.is_ascii_uppercase() || letter.is_ascii_digit(),
                })
        };
        self.text
            .split_whitespace()
            .find(is_code)
            .unwrap_or_else(|| panic!("no code in {}", self.text))
            .to_owned()
    }
}

impl App {
    /// Begins to send mails in a task of its own.
    pub(crate) fn begin_sending(&self) -> JoinHandle<()> {
        let auth = self.auth.clone();
        tokio::spawn(async move { auth.send_mails().await })
    }

    /// All mails that were sent so far, newest first.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        self.auth.send_mails().await;
        let mut mails: Vec<_> = SMTP
            .with(Smtp::mails)
            .iter()
            .map(|mail| {
                let parsed = MessageParser::default().parse(&mail.data).unwrap();
                Mail {
                    to: parsed.to().unwrap().first().unwrap().address().unwrap().to_owned(),
                    subject: parsed.subject().unwrap().to_owned(),
                    text: parsed.body_text(0).unwrap().into_owned(),
                }
            })
            .collect();
        mails.reverse();
        mails
    }

    /// How many mails were sent so far.
    pub(crate) fn mails_sent(&self) -> usize {
        SMTP.with(Smtp::mails).len()
    }

    /// Verifies the address with the link of its newest mail.
    pub(crate) async fn verify(&self, email: &str) {
        let link = json!({"token": self.newest_mail(email).await.token("verify-email")});
        let answer = self.anonymous().post("/auth/verify-email", link).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    }

    /// The newest mail to this address.
    pub(crate) async fn newest_mail(&self, to: &str) -> Mail {
        let mails = self.mails().await;
        let newest = mails.iter().find(|mail| mail.to == to);
        newest.unwrap_or_else(|| panic!("no mail to {to}: {mails:#?}")).clone()
    }
}
