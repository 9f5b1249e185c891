//! User accounts for axum applications. Users register and log in, and get a token. The token is opaque: a random text
//! that says nothing by itself. The database says which user it belongs to. So a token can be revoked at any time, and
//! is refused from then on.
//!
//! The application that mounts this library is called the host. A whole host:
//!
//! ```no_run
//! use axum::{Router, routing::get};
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
//!     Ok(auth.serve(listener, app).await?)
//! }
//! ```
//!
//! A user registers with `POST /auth/register`. A program gets a token from `POST /auth/token` and sends it as
//! `Authorization: Bearer`. A browser gets a cookie from `POST /auth/login`. `/auth/docs` shows all routes, by default
//! only while [`Config::public_url`] is a loopback address.
//!
//! # The map
//!
//! - [`Auth`] is the one handle. Open it, mount its [`router`](Auth::router), and keep it in the state of your app.
//! - [`CurrentUser`] protects a handler that has it as an argument: without a valid token or cookie the answer is 401.
//! - [`CurrentSession`] does the same, says how and when the user logged in, and tells a stream that its session has
//!   ended. [`Auth::session`] finds it by a token, without a request.
//! - [`Auth::log_in`] logs a user in whom your own code has proved, such as by single sign-on.
//! - [`Auth::require`] protects a group of routes, and sends browsers to the page for logging in.
//! - [`HasRole`] protects a handler for users with a role. [`Auth::set_roles`] gives roles; users cannot.
//! - [`Auth::serve`] serves your app with the time-outs and limits of the server `doorward`; see [`serve`].
//! - [`Config`] holds every setting. The defaults are safe.
//! - [`Auth::events`] reads the audit log. [`Auth::on_event`] calls a function of yours for each event.
//!   [`Auth::before_attempt`] sets one that may refuse attempts.
//! - [`MailSender`] sends mails by your own means. [`Auth::queue_letter`] sends a letter of your own.
//! - [`Auth::users`], [`Auth::disable_user`] and others are for operators. [`Import`] brings in the users of another
//!   system.
//! - [`own_tables`] says how your app keeps its own tables in the same database.
//!
//! # Features
//!
//! All are on by default. A host that wants less names what it wants:
//! `doorward = { version = "0.1", default-features = false, features = ["postgres"] }`.
//!
//! | feature | adds |
//! |---|---|
//! | `sqlite` | databases in a file; SQLite is compiled in |
//! | `postgres` | databases on a PostgreSQL server. One of the two is needed |
//! | `mail` | mails by SMTP ([`Config::smtp_url`]) |
//! | `serve` | [`Auth::serve`] |
//! | `docs` | Swagger UI at `/docs`; `/openapi.json` needs no feature |
//! | `test-util` | hooks for tests |
//!
//! A URL or a setting that needs a missing feature is refused at the start, and the error names the feature.
//!
//! ## Beside other database crates
//!
//! A program can hold only one version of SQLite. `postgres` alone goes with every crate. With `sqlite`:
//!
//! | crate | fits | clashes |
//! |---|---|---|
//! | rusqlite | 0.39 to 0.41 | 0.38 and older |
//! | sqlx | 0.9 | 0.8, also if it uses only PostgreSQL |
//! | diesel | 2.3 | |
//! | sea-orm | 2 | 1 |
//!
//! # Errors and units
//!
//! - [`OpenError`] is the error of a failed start: one line for people, without passwords.
//! - [`Error`] is the error of a request, with a status and a stable code. It is an axum response, so a handler may
//!   return it.
//! - A duration in [`Config`] is a [`Duration`](std::time::Duration). A settings file writes it as `"15m"` or `"24h"`.
//! - A [`Timestamp`] is exact to the second and in UTC.
//!
//! # What a host can get wrong
//!
//! - Plain http shows passwords to everybody between client and server. Use https, and set [`Config::public_url`] to
//!   the https address with the path of the router.
//! - A proxy in front must pass on `Host`, `Origin` and `Sec-Fetch-Site` unchanged. Requests from other sites are
//!   refused by these headers. Name the proxy in [`Config::trusted_proxies`], or all its clients count as one.
//! - [`Auth::serve`] knows the client addresses. A host that calls `axum::serve` must give it
//!   `app.into_make_service_with_connect_info::<SocketAddr>()`. Otherwise no limit counts by client address, so one
//!   client can guess at all accounts, and the list of sessions shows no addresses. The first guess writes a warning.
//! - A route that changes something must not answer `GET`: a browser follows a link on any site, and sends the cookie
//!   along.
//! - A CORS layer of the host lets pages of other origins read answers. It does not let them send changes with a
//!   cookie: list their origins in [`Config::cors_origins`].
//! - A stream, such as a WebSocket, goes on after its user has logged out, unless the handler ends it with
//!   [`CurrentSession::ended`].
//! - `axum::serve` does not limit the time that a client takes to send its headers, and [`Auth::serve`] does. The router
//!   only limits the time for a body of its own routes, to 30 seconds.
//! - Call [`Auth::close`] before the program ends, so that the background tasks can finish their work. [`Auth::serve`]
//!   does so at its end.

mod accounts;
mod auth;
mod base;
mod features;
mod model;
mod open;
mod router;
#[cfg(feature = "serve")]
pub mod serve;
mod web;

pub use accounts::mail::own::NewLetter;
pub use accounts::user::EmailClash;
pub use auth::Auth;
pub use auth::attempts::{Attempt, AttemptKind, Decision};
pub use base::config::{
    Config, ConfigKey, ConfigKind, FirebaseConfig, LimitConfig, PasswordConfig, ProfileField, ProfileKind,
    Registration, Secret,
};
pub use base::error::{Error, FieldError, Result};
pub use base::mail::sender::{Delivery, MailSender, OutgoingMail, Sending};
#[doc(hidden)]
pub use base::network::client_network;
pub use base::open_error::{ConfigMistake, OpenError, OpenErrorKind};
#[cfg(feature = "provider")]
#[doc(hidden)]
pub use base::seal::new_secret_key;
#[doc(hidden)]
pub use base::text::shown::shown;
pub use base::time::{Timestamp, UnreadableTimestamp};
pub use features::audit::events::Events;
pub use features::host::log_in::{LogInOutcome, LogInRequest, NewSession};
pub use features::import::foreign_user::ForeignUser;
pub use features::import::users::{Import, Imported};
pub use features::import::wrap::{Wrapped, Wrapping};
pub use features::sessions::operator::ListedSession;
pub use model::details::{JsonObject, Roles};
pub use model::event::{Event, LiveEvent};
pub use model::event_kind::{Actor, EventKind, UnknownEventKind};
pub use model::id::NotAnId;
pub use model::session::{SessionId, Transport};
pub use model::user::{User, UserId};
#[doc(hidden)]
pub use open::shown_database;
pub use open::{AuthBuilder, Migrated};
pub use web::auth_state::AuthState;
pub use web::client::RequestId;
pub use web::current_session::CurrentSession;
pub use web::current_user::CurrentUser;
pub use web::has_role::{AnyRole, HasAnyRole, HasRole, Role};
pub use web::require::{Guarded, Require};

/// Makes and checks the file of breached passwords that [`PasswordConfig::breached_file`] names.
pub mod breached {
    pub use crate::base::passwords::policy::{Built, Step, build, check};
}

/// The provider of OAuth 2.1 and OpenID Connect: apps on other hosts let people log in here (feature `provider`).
///
/// An app is a [`ClientConfig`](provider::ClientConfig) in [`Config::client`], or one that [`Auth::add_client`] adds. It
/// needs [`Config::secret_key`].
pub mod provider {
    pub use crate::base::config::ClientConfig;
    #[cfg(feature = "provider")]
    pub use crate::{
        features::provider::clients::NewClient,
        model::oauth_client::{OAuthClient, Origin},
    };
}

/// Compiles the example of the README.
#[cfg(all(doctest, feature = "serve", feature = "sqlite"))]
#[doc = include_str!("../../README.md")]
mod readme {}

#[doc = include_str!("../docs/own_tables.md")]
pub mod own_tables {}
