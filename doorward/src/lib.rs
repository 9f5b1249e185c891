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
//! The [guide] goes on from here: [embed](guide::embed), [configure](guide::configure), [protect](guide::protect),
//! [apps](guide::apps), [your own tables](guide::own_tables), [test](guide::test), [deploy](guide::deploy).
//!
//! # The map
//!
//! - [`Auth`] is the one handle. Open it, mount its [`router`](Auth::router), and keep it in the state of your app.
//! - [`CurrentUser`] protects a handler that has it as an argument: without a valid token or cookie the answer is 401.
//! - [`CurrentSession`] does the same, says how and when the user logged in, and tells a stream that its session has
//!   ended. [`Auth::session`] finds it by a token, without a request.
//! - [`Auth::log_in`] logs a user in whom your own code has proved, such as by single sign-on.
//! - [`Auth::require`] protects a group of routes. With `or_log_in` it sends browsers to the page for logging in.
//! - [`Sudo`] and [`TwoFactor`] protect dangerous handlers: they ask for a recent proof, or for a second factor.
//! - [`HasRole`] protects a handler for users with a role. [`Auth::set_roles`] gives roles; users cannot.
//! - [`Granted`] protects a handler for apps on other hosts that act for a user, and [`Auth::protected_resource`] says
//!   which API it belongs to.
//! - [`Auth::serve`] serves your app with the time-outs and limits of the server `doorward`; see [`serve`].
//! - [`Config`] holds every setting. The defaults are safe on your own machine: before others reach it, set an https
//!   address as [`Config::public_url`].
//! - [`Auth::events`] reads the audit log. [`Auth::on_event`] calls a function of yours for the events of this process.
//!   [`Auth::before_attempt`] sets one that may refuse attempts, and give a new user roles.
//! - [`MailSender`](mail::MailSender) sends mails by your own means. [`Auth::queue_letter`] sends a letter of your own.
//! - [`Auth::users`], [`Auth::disable_user`] and others are for operators. [`Auth::import`] brings in the users of
//!   another system.
//! - `Auth::for_tests` opens accounts for the tests of your app: see the module `test_util`, with the feature
//!   `test-util`.
//!
//! # Whole apps
//!
//! The folder `examples` of this crate has an app for each of these, and tests run them:
//!
//! | example | shows |
//! |---|---|
//! | `protected_route` | a route that only users who are logged in reach |
//! | `roles_and_profile` | roles that open routes, and a profile that users write and that opens none |
//! | `server_rendered` | HTML pages: led to the log-in and back, a form without CSRF tokens, logging out |
//! | `spa_and_api` | a single-page app and its API at two origins |
//! | `api_for_apps` | an API for apps on other hosts, with scopes |
//! | `streams` | a WebSocket and server-sent events that end with the session |
//! | `captcha` | a CAPTCHA before registering, and addresses of one domain only |
//! | `invite_only` | only people with an invitation register |
//! | `own_mail_sender` | mails by the HTTP API of a mail service |
//! | `sqlx_postgres`, `own_tables_sqlite` | tables of the app in the same database |
//!
//! # Features
//!
//! All but `test-util` are on by default. A host that wants less names what it wants: `doorward = { version = "0.1",
//! default-features = false, features = ["postgres"] }`.
//!
//! | feature | adds |
//! |---|---|
//! | `sqlite` | databases in a file; SQLite is compiled in |
//! | `postgres` | databases on a PostgreSQL server. One of the two is needed |
//! | `mail` | mails by SMTP ([`Config::smtp_url`]) |
//! | `pages` | pages for people, such as `/login` ([`Config::pages`]). Without it, mail needs [`Config::pages_url`] |
//! | `provider` | OAuth 2.1 and OpenID Connect for apps on other hosts ([`provider`]). It needs `pages` |
//! | `totp` | authenticator apps and recovery codes as the second step of a log-in. It needs `provider` |
//! | `serve` | [`Auth::serve`] |
//! | `docs` | Swagger UI at `/docs`; `/openapi.json` needs no feature |
//! | `test-util` | `doorward::test_util`, for the tests of a host; off by default |
//!
//! `Auth::serve` needs `serve`: add it to such a list.
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
//!   return it. A layer finds it in the extensions of the response, to answer in another form.
//! - A duration in [`Config`] is a [`Duration`](std::time::Duration). A settings file writes it as `"15m"` or `"24h"`.
//! - A [`Timestamp`] is exact to the second and in UTC.
//!
//! # What a host can get wrong
//!
//! - Plain http shows passwords to everybody between client and server: use https. A proxy in front must pass on some
//!   headers and be named: see [deploying](guide::deploy).
//! - A host that calls `axum::serve` must pass on the client addresses, or one client can guess at all accounts.
//!   [`Auth::serve`] knows them: see [embedding](guide::embed).
//! - A handler that changes something must not answer `GET`. A stream goes on after a logout unless you end it. A CORS
//!   layer does not allow changes with a cookie: see [protecting](guide::protect).

mod accounts;
mod auth;
mod base;
mod features;
mod model;
mod open;
mod router;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(feature = "test-util")]
pub mod test_util;
mod web;

pub use auth::Auth;
pub use base::config::Config;
pub use base::error::{Error, Result};
pub use base::open_error::OpenError;
pub use base::time::Timestamp;
pub use model::user::{User, UserId};
pub use open::AuthBuilder;
pub use web::current_session::CurrentSession;
pub use web::current_user::CurrentUser;
#[cfg(feature = "provider")]
pub use web::granted::{Granted, Scope};
pub use web::has_role::{HasAnyRole, HasRole, Role};
pub use web::sudo::{Sudo, TwoFactor};

/// Decides whether an attempt to register, log in or change an account may go on. Begin with [`Auth::before_attempt`].
pub mod attempt {
    pub use crate::auth::attempts::{Attempt, AttemptKind};
    pub use crate::auth::decision::{AllowedAs, Decision};
}

/// Makes and checks the file of breached passwords that [`PasswordConfig::breached_file`](config::PasswordConfig)
/// names.
pub mod breached {
    pub use crate::base::passwords::policy::{Built, Step, build, check};
}

/// The parts of [`Config`], and what a program needs to read them from its own settings.
pub mod config {
    pub use crate::base::config::{
        ConfigKey, ConfigKind, FirebaseConfig, LimitConfig, PasswordConfig, ProfileField, ProfileKind,
        RefreshReuse, Registration, SecondFactorPolicy, Secret,
    };
    pub use crate::base::text::shown::shown;
}

/// The database of the accounts: what a migration has done, and the URL as it may be shown.
pub mod database {
    pub use crate::accounts::user::EmailClash;
    pub use crate::open::{Migrated, shown_url};
}

/// The parts of errors: wrong fields of a request, mistakes in the settings, and the kinds of a failed start.
pub mod error {
    pub use crate::base::error::FieldError;
    pub use crate::base::open_error::{ConfigMistake, OpenErrorKind};
    pub use crate::base::parse_error::ParseError;
    pub use crate::base::step_up::StepUp;
}

/// What happens to accounts. [`Auth::events`] reads the audit log, [`Auth::on_event`] calls a function of yours.
pub mod event {
    pub use crate::features::audit::events::EventReader;
    pub use crate::model::event::{Event, LiveEvent};
    pub use crate::model::event_kind::{Actor, EventKind};
}

/// What stands between a request and a handler, beside the extractors at the root. Begin with [`Auth::require`].
pub mod guard {
    pub use crate::web::auth_state::AuthState;
    pub use crate::web::client::RequestId;
    pub use crate::web::has_role::AnyRole;
    pub use crate::web::require::{Guarded, Require};
}

/// Brings in the users of another system with their password hashes. Begin with [`Auth::import`].
pub mod import {
    #[cfg(feature = "totp")]
    pub use crate::features::import::foreign_totp::ForeignTotp;
    pub use crate::features::import::foreign_user::ForeignUser;
    pub use crate::features::import::users::{Imported, UserImport};
    pub use crate::features::import::wrap::{HashWrapping, WrappedBatch};
}

/// Mails by the means of the host, in place of SMTP, and letters of the host. Begin with [`AuthBuilder::mail_sender`]
/// or [`Auth::queue_letter`].
pub mod mail {
    pub use crate::accounts::mail::own::NewLetter;
    pub use crate::base::mail::sender::{Delivery, MailSender, OutgoingMail, Sending};
}

/// The provider of OAuth 2.1 and OpenID Connect: apps on other hosts let people log in here (feature `provider`).
///
/// An app is a [`ClientConfig`](provider::ClientConfig) in [`Config::client`], or one that [`Auth::add_client`] adds.
/// It needs [`Config::secret_key`]. [`Auth::rotate_signing_keys`] replaces the keys that sign ID tokens.
pub mod provider {
    pub use crate::base::config::ClientConfig;
    #[cfg(feature = "provider")]
    pub use crate::base::seal::new_secret_key;
    #[cfg(feature = "provider")]
    pub use crate::{
        features::provider::{
            clients::NewClient,
            resource::{Protected, ProtectedResource},
        },
        model::oauth_client::{OAuthClient, Origin},
        model::signing_keys::{ListedSigningKey, SigningKeyState},
        web::granted::Caller,
    };
}

/// Sessions that the code of the host begins, lists and ends. Begin with [`Auth::log_in`] or [`Auth::sessions_of`].
pub mod session {
    pub use crate::features::host::log_in::{LogInOutcome, LogInRequest, NewSession, SecondStep};
    pub use crate::features::sessions::operator::ListedSession;
    pub use crate::model::session::{SecondFactor, SessionId, Transport};
}

/// What is known of a [`User`] beside the address.
pub mod user {
    pub use crate::model::details::{JsonObject, Roles};
}

/// How to use this library, chapter by chapter.
pub mod guide {
    #[doc = include_str!("../docs/guide/embed.md")]
    pub mod embed {}

    #[doc = include_str!("../docs/guide/configure.md")]
    pub mod configure {}

    #[doc = include_str!("../docs/guide/protect.md")]
    pub mod protect {}

    #[cfg(feature = "provider")]
    #[doc = include_str!("../docs/guide/apps.md")]
    pub mod apps {}

    #[doc = include_str!("../docs/guide/own_tables.md")]
    pub mod own_tables {}

    #[doc = include_str!("../docs/guide/test.md")]
    pub mod test {}

    #[doc = include_str!("../docs/guide/deploy.md")]
    pub mod deploy {}
}

/// Compiles the examples of both READMEs.
#[cfg(all(doctest, feature = "serve", feature = "sqlite"))]
mod readmes {
    #[doc = include_str!("../../README.md")]
    mod of_the_project {}
    #[doc = include_str!("../README.md")]
    mod of_the_crate {}
}
