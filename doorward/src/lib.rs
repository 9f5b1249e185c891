//! User accounts for axum applications: register, log in, and opaque tokens that are revocable at once.
//!
//! ```no_run
//! use axum::{Router, extract::FromRef, routing::get};
//! use doorward::{Auth, CurrentUser};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let auth = Auth::open("sqlite:app.db").await?;
//!     let app = Router::new()
//!         .route("/protected-route", get(|CurrentUser(user): CurrentUser| async move { user.email }))
//!         .with_state(auth.clone())
//!         .nest("/auth", auth.router());
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//!     Ok(axum::serve(listener, app).await?)
//! }
//! ```
//!
//! People register at `POST /auth/register`, apps get a token at `POST /auth/token`, pages a cookie at
//! `POST /auth/login`; `/auth/docs` shows all routes.
//!
//! # The map
//!
//! - [`Auth`] is the one handle: open it, mount its [`router`](Auth::router), keep it in your state.
//! - [`CurrentUser`] as an argument protects a handler.
//! - [`Config`] holds every setting; the defaults are safe.
//! - [`Error`] is what a request ends in, [`OpenError`] what starting does.
//!
//! # What a host can get wrong
//!
//! - Over plain http everyone on the way reads passwords. Set [`Config::public_url`] to the https address, and let the
//!   proxy before it hand on `Host`, `Origin` and `Sec-Fetch-Site` unchanged.
//! - A route that changes something must not answer `GET`: browsers follow links from anywhere with the cookie.
//! - Nothing here limits the time that a client takes to send its headers: that is up to the server that runs the
//!   router.

mod account;
mod addressee;
mod admin;
mod answers;
mod asset;
mod attempts;
mod auth;
mod change_email;
mod cleanup;
mod client;
mod config;
mod cookie;
mod credential;
mod csrf;
mod current_user;
mod db;
mod dev_mailbox;
mod device;
mod docs;
mod email;
mod email_change;
mod error;
mod event;
mod events;
mod foreign_user;
mod hashing;
mod health;
mod import;
mod input;
mod introspect;
mod known;
mod language;
mod layers;
mod letter;
mod limit;
mod login;
mod mail;
mod mail_limit;
mod model;
mod oauth;
mod one_time;
mod open;
mod open_error;
mod outbox;
mod own_account;
mod pace;
mod pages;
mod password;
mod policy;
mod proof;
mod proxies;
mod recovery;
mod register;
mod registration;
mod reset_password;
mod router;
mod secret;
mod sender;
mod session;
mod sessions;
mod site;
mod template;
#[cfg(any(test, feature = "test-util"))]
mod test_util;
mod time;
mod token;
mod user;
mod user_agent;
mod verification;
mod verify_email;
mod web;
mod wrap;

pub use auth::Auth;
#[doc(hidden)]
pub use client::Arrival;
pub use client::RequestId;
pub use config::{Config, FirebaseConfig, LimitConfig, PasswordConfig, Registration, Secret};
pub use current_user::CurrentUser;
pub use error::{Error, FieldError, Result};
pub use events::Events;
pub use foreign_user::ForeignUser;
pub use import::{Import, Imported};
#[doc(hidden)]
pub use layers::Surrounded;
pub use model::event::Event;
pub use model::event_kind::{Actor, EventKind, UnknownEventKind};
pub use model::user::{User, UserId};
pub use open_error::OpenError;
pub use time::{Timestamp, UnreadableTimestamp};
pub use wrap::{Wrapped, Wrapping};

/// The file of breached passwords for [`PasswordConfig::breached_file`]: making it, and checking it whole.
pub mod breached {
    pub use crate::policy::{Built, Step, build, check};
}
