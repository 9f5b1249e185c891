//! Accounts for the tests of a host.
//!
//! Each test has a database of its own, a clock that it moves, users who are logged in by one call, and the mails that were
//! sent. All this is there with the feature `test-util`:
//!
//! ```toml
//! [dev-dependencies]
//! doorward = { version = "0.1", features = ["test-util"] }
//! ```
//!
//! [`Auth::for_tests`](crate::Auth::for_tests) opens the accounts. It needs the feature `sqlite`. A host that has only
//! `postgres` names a server: [`Auth::for_tests_on`](crate::Auth::for_tests_on). The test of a protected route:
//!
//! ```
//! use std::time::Duration;
//!
//! use axum::{Router, body::Body, http::{Request, header}, routing::get};
//! use doorward::{Auth, CurrentUser};
//! use tower::ServiceExt;
//!
//! /// The app that is tested.
//! fn app(auth: &Auth) -> Router {
//!     Router::new()
//!         .route("/hello", get(|CurrentUser(user): CurrentUser| async move { user.email }))
//!         .with_state(auth.clone())
//!         .nest("/auth", auth.router())
//! }
//!
//! # /*
//! #[tokio::test]
//! # */
//! async fn a_session_opens_the_route_until_it_expires() {
//!     let accounts = Auth::for_tests().await;
//!     let app = app(&accounts);
//!     let ann = accounts.new_user("ann@example.org").await;
//!     let session = accounts.log_in_as(&ann).await;
//!     let hello = async || {
//!         let request = Request::get("/hello").header(header::AUTHORIZATION, session.bearer());
//!         app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
//!     };
//!     assert_eq!(hello().await, 200);
//!     accounts.advance(Duration::from_secs(90 * 24 * 3600));
//!     assert_eq!(hello().await, 401);
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() { a_session_opens_the_route_until_it_expires().await }
//! ```
//!
//! # What is real and what is not
//!
//! | | in a test |
//! |---|---|
//! | database | a temporary file of SQLite, or a schema of its own on your server of PostgreSQL. A crash of the machine may damage the file |
//! | hashing | argon2id with 8 KiB and one pass, on one thread |
//! | mails | kept in memory, see [`TestAuth::mails`] |
//! | background tasks | none. [`Auth::send_mails`](crate::Auth::send_mails) and [`Auth::clean_up`](crate::Auth::clean_up) run their work |
//! | clock | the one of the machine, until the test [stops](crate::Auth::stop_clock) or [moves](crate::Auth::advance) it |
//! | all else | as in production: routes, rules, events, limits on guesses |
//!
//! The limits on guesses hold too. A test of many wrong passwords moves the clock, or raises them in
//! [`Config::limit`](crate::Config::limit).
//!
//! Everything here but [`unstable`] is part of the stable interface of this library. The methods of [`TestAuth`] panic if
//! something fails, because then the test has failed.
//!
//! # No release has weak hashes by mistake
//!
//! A setting cannot make hashes weak: less than OWASP's minimum is refused, also in a build that has this feature. Only
//! a call in the code of a test does: [`Auth::for_tests`](crate::Auth::for_tests), or
//! [`AuthBuilder::hash_cost_for_tests`](crate::AuthBuilder::hash_cost_for_tests). If the feature stands under
//! `[dev-dependencies]` alone, a release does not even contain them.

mod accounts;
mod database;
mod mails;
mod open;
mod sessions;
mod steps;
pub mod unstable;

pub use accounts::{PASSWORD, TestAuth};
pub use mails::SentMail;
pub use open::ForTests;
pub use sessions::{TestBrowser, TestProgram};
