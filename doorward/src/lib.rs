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

mod accounts;
mod auth;
mod base;
mod features;
mod model;
mod open;
mod router;
mod web;

pub use auth::Auth;
pub use base::config::{
    Config, ConfigKey, ConfigKind, FirebaseConfig, LimitConfig, PasswordConfig, Registration, Secret,
};
pub use base::error::{Error, FieldError, Result};
pub use base::open_error::OpenError;
pub use base::time::{Timestamp, UnreadableTimestamp};
pub use features::audit::events::Events;
pub use features::import::foreign_user::ForeignUser;
pub use features::import::users::{Import, Imported};
pub use features::import::wrap::{Wrapped, Wrapping};
pub use model::event::Event;
pub use model::event_kind::{Actor, EventKind, UnknownEventKind};
pub use model::user::{User, UserId};
#[doc(hidden)]
pub use web::client::Arrival;
pub use web::client::RequestId;
pub use web::current_user::CurrentUser;
#[doc(hidden)]
pub use web::layers::Surrounded;

/// The file of breached passwords for [`PasswordConfig::breached_file`]: making it, and checking it whole.
pub mod breached {
    pub use crate::base::passwords::policy::{Built, Step, build, check};
}
