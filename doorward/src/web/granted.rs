//! [`Granted`]: the app that sent a request for a user, if the user allows it what the route needs.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

use crate::{
    accounts::oauth::access,
    auth::Auth,
    base::{
        config::client::STANDARD,
        error::{Error, Result},
        open_error::OpenError,
        secret,
        time::Timestamp,
    },
    model::{
        access::{ACCESS_TOKEN, Access},
        user::User,
    },
    web::{auth_state::AuthState, current_user::bearer},
};

/// What apps may ask a user for, as a type of yours. Its name must be in [`Config::scopes`](crate::Config::scopes), or be
/// `openid`, `profile`, `email` or `groups`.
///
/// ```
/// struct ReadNotes;
///
/// impl doorward::Scope for ReadNotes {
///     const NAME: &'static str = "notes:read";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no scope",
    note = "write `impl doorward::Scope for {Self} {{ const NAME: &'static str = \"notes:read\"; }}`, with a name of `Config::scopes`"
)]
pub trait Scope {
    /// The name of the scope.
    const NAME: &'static str;
}

/// The app that acts for a user, with the scope `S`. As an argument it protects a handler for apps on other hosts.
///
/// The app sends its access token as `Authorization: Bearer`. A request without a token gets 401 `not_authenticated`. One
/// with a token that is unknown, has ended or is for another API gets 401 `invalid_token`. A token without the scope gets
/// 403 `insufficient_scope`. Each has `WWW-Authenticate: Bearer` (RFC 6750, section 3). If the database does not answer,
/// the answer is 503, never 401.
///
/// **Tokens of sessions do not work here, and tokens of apps work nowhere else**:
/// [`CurrentUser`](crate::CurrentUser) refuses them. Cookies are not read. So a page of another site can do nothing with
/// the cookie of its visitor.
///
/// A token may be for one API alone (`resource`, RFC 8707). Say which API yours is with
/// [`Auth::protected_resource`](crate::Auth::protected_resource), and put that layer around the routes. They then take
/// tokens for this API, and no others. **Without that layer they take only tokens that are for no API in particular**, so
/// a forgotten layer opens nothing.
///
/// The scope says what the app may do. It does not say what the user may do: check that too, by
/// [`Caller::user`](crate::provider::Caller::user) and what belongs to them.
///
/// A token ends with its session, its user, its app, and what the user allowed the app. It does so on every node, before
/// that is acknowledged. A request is checked once, when it arrives: a long stream goes on.
///
/// `Option<Granted<S>>` is for handlers that serve anyone: it is `None` without a token. A token that is refused is
/// refused there too.
///
/// [`Auth::require_declared_scope`] finds a misspelt scope at the start.
///
/// ```
/// use axum::{Router, routing::get};
/// use doorward::{Auth, Granted, Scope};
///
/// struct ReadNotes;
///
/// impl Scope for ReadNotes {
///     const NAME: &'static str = "notes:read";
/// }
///
/// async fn list(Granted(caller, ..): Granted<ReadNotes>) -> String {
///     format!("the notes of {} for {}", caller.user().email, caller.client_id())
/// }
///
/// fn app(auth: Auth) -> Router {
///     Router::new().route("/hello", get(list)).with_state(auth)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Granted<S>(pub Caller, pub PhantomData<fn() -> S>);

/// Who sent a request to a route with [`Granted`]: an app, for a user.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Access>);

impl Caller {
    /// Returns the user that the app acts for, as they were when the request arrived.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.0.user
    }

    /// Returns the id of the app.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.client_id
    }

    /// Returns all scopes of the token, also those that other APIs know.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.0.scopes.split_whitespace()
    }

    /// Returns the API that the token is for. `None` if it is for none in particular.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// Returns when the token ends by itself.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        Timestamp(self.0.expires_at)
    }
}

/// The API that a request came to, as an extension of the request.
#[derive(Clone, Debug)]
pub(crate) struct Audience(pub(crate) Arc<str>);

/// Returns who sent a request, or `None` if it has no token.
async fn caller(auth: &Auth, parts: &Parts, scope: &'static str) -> Result<Option<Caller>> {
    let Some(token) = bearer(&parts.headers)? else { return Ok(None) };
    let hash = std::str::from_utf8(token).ok().and_then(|token| secret::hash(ACCESS_TOKEN, token));
    let access = match hash.filter(|_| auth.has_provider()) {
        Some(hash) => access::find(auth, hash).await?.ok_or(Error::InvalidAccessToken)?,
        None => return Err(Error::InvalidAccessToken),
    };
    // A token for another API says nothing here. One that is for no API in particular is not for this one: the app could
    // send it to any API, and each could use it at the others (RFC 9700, section 2.3).
    let here = parts.extensions.get::<Audience>().map(|Audience(resource)| &**resource);
    if access.resource.as_deref() != here {
        return Err(Error::InvalidAccessToken);
    }
    if !is_declared(auth, scope) {
        tracing::error!(scope, "a handler asks for a scope that the setting scopes does not declare");
        return Err(Error::InsufficientScope(scope));
    }
    match access.allows(scope) {
        true => Ok(Some(Caller(access))),
        false => Err(Error::InsufficientScope(scope)),
    }
}

fn is_declared(auth: &Auth, scope: &str) -> bool {
    STANDARD.contains(&scope) || auth.config().scopes.contains_key(scope)
}

impl<S: AuthState + Sync, C: Scope> FromRequestParts<S> for Granted<C> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let caller = caller(&state.auth(), parts, C::NAME).await?;
        caller.map(|caller| Self(caller, PhantomData)).ok_or(Error::NotAuthenticated)
    }
}

impl<S: AuthState + Sync, C: Scope> OptionalFromRequestParts<S> for Granted<C> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>> {
        let caller = caller(&state.auth(), parts, C::NAME).await?;
        Ok(caller.map(|caller| Self(caller, PhantomData)))
    }
}

impl Auth {
    /// Checks that a scope which your handlers ask for is declared. Call it at the start of your app:
    /// `auth.require_declared_scope::<ReadNotes>()?`. Otherwise no app could have a scope whose name is misspelt, and its
    /// handlers would refuse everybody.
    ///
    /// # Errors
    /// Names the scope, if [`Config::scopes`](crate::Config::scopes) does not declare it.
    pub fn require_declared_scope<S: Scope>(&self) -> Result<(), OpenError> {
        match is_declared(self, S::NAME) {
            true => Ok(()),
            false => Err(OpenError::new(format!("the scope {:?} is not in the setting scopes", S::NAME))),
        }
    }
}
