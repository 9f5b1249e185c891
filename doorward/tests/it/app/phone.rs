//! The authenticator app of a user.

use std::{cell::Cell, time::Duration};

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use crate::app::{Actor, App, PASSWORD};

/// The same settings with a key that seals the secrets of authenticator apps.
pub(crate) fn with_key(config: Config) -> Config {
    let key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    Config { secret_key_id: Some("test".into()), secret_key: Some(key.into()), ..config }
}

/// An authenticator app, whose clock is that of the application. The seconds of the application are stopped.
pub(crate) struct Phone {
    totp: Totp,
    now: Cell<i64>,
}

impl Phone {
    /// Begins to add an app to the account of this user, who has none.
    pub(crate) async fn begin(app: &App, user: &mut Actor<'_>) -> Self {
        app.stop_clock();
        let answer = user.post("/auth/totp", json!({"current_password": PASSWORD})).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        Self::with(app, answer.json()["secret"].as_str().unwrap()).await
    }

    /// The app with this secret.
    pub(crate) async fn with(app: &App, secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let now = app.number("SELECT MAX(created_at) FROM totp").await;
        Self { totp, now: Cell::new(now) }
    }

    /// Adds an app to the account of this user. Returns the recovery codes too. The code of this moment is used.
    pub(crate) async fn add(app: &App, user: &mut Actor<'_>) -> (Self, Vec<String>) {
        let phone = Self::begin(app, user).await;
        let answer = user.post("/auth/totp/confirm", json!({"otp": phone.code()})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let codes = answer.json()["recovery_codes"].as_array().unwrap().clone();
        (phone, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    /// The code that it shows now.
    pub(crate) fn code(&self) -> String {
        self.code_in(0)
    }

    /// The code that it shows in so many seconds.
    pub(crate) fn code_in(&self, seconds: i64) -> String {
        let at = u64::try_from(self.now.get() + seconds).unwrap();
        self.totp.generate(at).to_string()
    }

    /// A code that is none of those that work about now.
    pub(crate) fn wrong_code(&self) -> String {
        let near: Vec<String> = (-4..5).map(|step| self.code_in(step * 30)).collect();
        (0..20).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).unwrap()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, app: &App, seconds: u64) {
        app.advance(Duration::from_secs(seconds));
        self.now.set(self.now.get() + i64::try_from(seconds).unwrap());
    }

    /// Waits for a code that was not shown yet.
    pub(crate) fn next(&self, app: &App) -> String {
        self.wait(app, 30);
        self.code()
    }
}
