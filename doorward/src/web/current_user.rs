//! [`CurrentUser`]: the user who sent a request, as an argument of a handler.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, Method, header, request::Parts},
};

use crate::{
    accounts::session,
    auth::Auth,
    base::{
        error::{Error, Result},
        http::{
            cookie::{self, Found},
            input::CrossSite,
        },
        secret::{self, Hash},
    },
    model::{
        session::{Session, TOKEN, Transport},
        user::User,
    },
    web::{auth_state::AuthState, cookies, csrf},
};

/// The user who is logged in. As an argument it protects a handler: without a valid session the handler does not
/// run, and the answer is 401 with `WWW-Authenticate: Bearer` (RFC 6750, section 3).
///
/// It works with every state that an [`Auth`] can be taken from, so a forgotten set-up does not compile. The token
/// comes as `Authorization: Bearer` or in the session cookie. A request with both, or with one of them twice, is
/// refused with 400. If the database does not answer, the answer is 503, never 401.
///
/// `Option<CurrentUser>` is for handlers that serve anyone: it is `None` without a credential or with a cookie that is
/// no longer valid. A bearer token that is not valid is still refused, because a client that sends one expects to be
/// recognised.
///
/// A request with a cookie may come from a page of another site. With `POST`, `PUT`, `PATCH` and `DELETE` it is then
/// refused with 403; with `GET` it is not. A handler that changes something must therefore not answer `GET`.
/// A program or a test that sends the cookie sends `Sec-Fetch-Site: same-origin` or `Origin` too, as browsers do.
/// Without both, its changes get 403.
///
/// The handshake of a WebSocket with a cookie is judged like a change, though it is a `GET`. Otherwise a page of
/// another site could read and write as its visitor (RFC 6455, section 10.2). Pages of our own origin and of those in
/// [`Config::cors_origins`](crate::Config::cors_origins) may open one.
///
/// A request is checked once, when it arrives. A stream that the handler answers with, such as a WebSocket, goes on
/// after a logout. Take a [`CurrentSession`](crate::CurrentSession) instead: it tells when the session has ended.
///
/// ```
/// use axum::{Router, extract::FromRef, routing::get};
/// use doorward::{Auth, CurrentUser};
///
/// #[derive(Clone)]
/// struct Host { auth: Auth }
///
/// impl FromRef<Host> for Auth {
///     fn from_ref(host: &Host) -> Auth { host.auth.clone() }
/// }
///
/// fn app(host: Host) -> Router {
///     Router::new()
///         .route("/hello", get(|CurrentUser(user): CurrentUser| async move { user.email }))
///         .with_state(host)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CurrentUser(pub User);

/// The session of a request.
pub(crate) struct RequestSession(pub(crate) Session);

/// The credential that a request carries, before it is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    None,
    /// The transport, and the hash of the token. The hash is `None` if the value cannot be a token.
    Some(Transport, Option<Hash>),
}

impl Credential {
    /// Reads the credential of a request.
    ///
    /// # Errors
    /// [`Error::AmbiguousCredentials`] if there is more than one.
    pub(crate) fn of(auth: &Auth, headers: &HeaderMap) -> Result<Self> {
        let bearer = bearer(headers)?;
        let cookie = match cookie::find(headers, cookies::session_name(auth)) {
            Found::Nothing => None,
            Found::One(value) => Some(value),
            Found::Several => return Err(Error::AmbiguousCredentials),
        };
        let hash =
            |token: &[u8]| std::str::from_utf8(token).ok().and_then(|token| secret::hash(TOKEN, token));
        match (bearer, cookie) {
            (None, None) => Ok(Self::None),
            (Some(token), None) => Ok(Self::Some(Transport::Bearer, hash(token))),
            (None, Some(token)) => Ok(Self::Some(Transport::Cookie, hash(token))),
            (Some(_), Some(_)) => Err(Error::AmbiguousCredentials),
        }
    }

    /// Returns the hash of the token, if the value can be a token.
    pub(crate) fn token_hash(self) -> Option<Hash> {
        match self {
            Self::None => None,
            Self::Some(_, hash) => hash,
        }
    }

    /// Returns the session of this credential. Refuses a cookie that a page of another site may have sent.
    async fn session(self, auth: &Auth, request: &Parts) -> Result<Session> {
        match self {
            Self::None => Err(Error::NotAuthenticated),
            Self::Some(_, None) => Err(Error::InvalidSession),
            Self::Some(transport, Some(hash)) => {
                if transport == Transport::Cookie {
                    csrf::check(auth, &request.method, &request.headers)?;
                }
                session::find(auth, hash, transport).await?.ok_or(Error::InvalidSession)
            }
        }
    }
}

/// Returns the hash of the token in the session cookie of a request, or `None` if there is no cookie, or no token in it.
/// Ignores other credentials.
///
/// # Errors
/// [`Error::AmbiguousCredentials`] if there is more than one such cookie.
pub(crate) fn session_cookie(auth: &Auth, headers: &HeaderMap) -> Result<Option<Hash>> {
    match cookie::find(headers, cookies::session_name(auth)) {
        Found::Nothing => Ok(None),
        Found::One(token) => Ok(std::str::from_utf8(token).ok().and_then(|token| secret::hash(TOKEN, token))),
        Found::Several => Err(Error::AmbiguousCredentials),
    }
}

/// Returns `true` if a request carries a bearer token and no session cookie.
pub(crate) fn has_only_bearer(auth: &Auth, headers: &HeaderMap) -> bool {
    matches!(bearer(headers), Ok(Some(_)))
        && cookie::find(headers, cookies::session_name(auth)) == Found::Nothing
}

/// Returns the token of `Authorization: Bearer` (RFC 6750, section 2.1). Ignores other schemes.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&[u8]>> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(Error::AmbiguousCredentials);
    }
    let line = line.as_bytes();
    let (scheme, token) = line.split_at(line.iter().position(|byte| *byte == b' ').unwrap_or(line.len()));
    // RFC 9110, section 11.4: only spaces separate the scheme from the token.
    let start = token.iter().position(|byte| *byte != b' ').unwrap_or(token.len());
    Ok(scheme.eq_ignore_ascii_case(b"bearer").then_some(&token[start..]))
}

/// Returns the session of a request, as [`CurrentUser`] says.
pub(crate) async fn session(auth: &Auth, parts: &Parts) -> Result<Session> {
    Credential::of(auth, &parts.headers)?.session(auth, parts).await
}

/// Returns the session of a request, or `None`, as [`CurrentUser`] says about `Option<CurrentUser>`.
pub(crate) async fn optional_session(auth: &Auth, parts: &Parts) -> Result<Option<Session>> {
    let credential = Credential::of(auth, &parts.headers)?;
    match credential.session(auth, parts).await {
        Ok(session) => Ok(Some(session)),
        Err(Error::NotAuthenticated) => Ok(None),
        Err(Error::InvalidSession) if matches!(credential, Credential::Some(Transport::Cookie, _)) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

impl FromRequestParts<Auth> for RequestSession {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, auth: &Auth) -> Result<Self> {
        let session = Credential::of(auth, &parts.headers)?.session(auth, parts).await?;
        if parts.method != Method::GET {
            // A cookie was checked, and a token was used.
            parts.extensions.remove::<CrossSite>();
        }
        Ok(Self(session))
    }
}

impl<S: AuthState + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let session = session(&state.auth(), parts).await?;
        Ok(Self(User::clone(&session.user)))
    }
}

impl<S: AuthState + Sync> OptionalFromRequestParts<S> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>> {
        let session = optional_session(&state.auth(), parts).await?;
        Ok(session.map(|session| Self(User::clone(&session.user))))
    }
}
