//! [`Sudo`] and [`TwoFactor`]: the user who sent a request, if their session was proved well enough for a dangerous
//! change.

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    accounts::step_up::{self, EVER},
    base::error::{Error, Result},
    model::user::User,
    web::{auth_state::AuthState, current_user},
};
#[cfg(feature = "totp")]
use crate::{auth::Auth, model::session::Session, web::current_user::RequestSession};

/// The user who is logged in, and who has proved who they are in the last `SECONDS` seconds.
///
/// As an argument it protects a handler that does something dangerous, against a session that was stolen or left open.
///
/// Without a session it refuses what [`CurrentUser`](crate::CurrentUser) refuses. If the last proof is older, the
/// answer is 401 `step_up_required`, with the challenge of RFC 9470 in `WWW-Authenticate`. The client then shows its
/// user a field, and sends the answer to `POST /step-up`; or it sends them to the page `/confirm`. A log-in of a moment
/// ago counts too.
///
/// **Any proof counts**: also the password of a user who has a second factor. Take [`TwoFactor<300>`](TwoFactor) where
/// that is not enough. It asks for nothing of users who have no second factor.
///
/// It costs no further look-up: the time of the proof is read together with the session. A refusal reads what the user
/// can prove themselves with.
///
/// ```
/// use axum::{Router, routing::post};
/// use doorward::{Auth, Sudo};
///
/// fn app(auth: Auth) -> Router {
///     Router::new()
///         .route("/drop-database", post(|Sudo(user): Sudo| async move { user.email }))
///         // A minute instead of five.
///         .route("/pay", post(|Sudo(user): Sudo<60>| async move { user.email }))
///         .with_state(auth)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Sudo<const SECONDS: u64 = 300>(pub User);

/// The user who is logged in, and who has shown a second factor in this session. As an argument it protects a handler.
///
/// Without a session it refuses what [`CurrentUser`](crate::CurrentUser) refuses. Without a second factor the answer is
/// 401 `step_up_required` with `acr_values="aal2"` (RFC 9470). **A user who has no second factor never passes**:
/// `methods` of the answer is empty then, and the page `/account/second-factor` adds one.
///
/// `TwoFactor<300>` asks for a second factor in the last 300 seconds. A session of a browser that the user trusts began
/// without one.
///
/// Two arguments ask for both: a second factor at any time, and any proof in the last five minutes.
///
/// ```
/// use axum::{Router, routing::post};
/// use doorward::{Auth, Sudo, TwoFactor};
///
/// async fn close_books(TwoFactor(user): TwoFactor, _: Sudo) -> String {
///     user.email
/// }
///
/// fn app(auth: Auth) -> Router {
///     Router::new().route("/close-books", post(close_books)).with_state(auth)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct TwoFactor<const SECONDS: u64 = EVER>(pub User);

impl<S: AuthState + Sync, const SECONDS: u64> FromRequestParts<S> for Sudo<SECONDS> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let auth = state.auth();
        let session = current_user::session(&auth, parts).await?;
        step_up::require_recent(&auth, &session, SECONDS).await?;
        Ok(Self(User::clone(&session.user)))
    }
}

impl<S: AuthState + Sync, const SECONDS: u64> FromRequestParts<S> for TwoFactor<SECONDS> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let auth = state.auth();
        let session = current_user::session(&auth, parts).await?;
        step_up::require_second_factor(&auth, &session, SECONDS).await?;
        Ok(Self(User::clone(&session.user)))
    }
}

/// The session of a request, if its user may change the ways in which they log in: they have proved who they are in the
/// last five minutes, by a second factor if log-ins ask for one.
#[cfg(feature = "totp")]
pub(crate) struct SudoSession(pub(crate) Session);

#[cfg(feature = "totp")]
impl FromRequestParts<Auth> for SudoSession {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, auth: &Auth) -> Result<Self> {
        let RequestSession(session) = RequestSession::from_request_parts(parts, auth).await?;
        step_up::expect_allowed(auth, &session).await?;
        Ok(Self(session))
    }
}
