//! Begins sessions for users whom the code of the host has proved, such as by single sign-on.

use std::{fmt, net::IpAddr, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, IntoResponseParts, Response, ResponseParts},
};

use crate::{
    accounts::{
        credential, event,
        pending_login::PendingLogIn,
        session::{self, Outcome},
        user,
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        secret::Hash,
    },
    model::{
        client::Client,
        session::{Method, SecondFactor, SessionId, Transport},
        user::{User, UserId},
    },
    web::{answers, auth_state::AuthState, cookies, csrf, current_user, oauth::OAuthError},
};

/// The most characters of [`LogInRequest::user_agent`].
const MAX_USER_AGENT: usize = 256;

/// A client that wants to log in, and how its user proved who they are.
///
/// As an argument of a handler it knows the address, the program, the device and the present session of the client. It
/// then refuses changes that a page of another site sends (403 `cross_site`), as our own log-in does. A callback that
/// comes by `GET` is not checked: prove with the `state` of the provider that this browser began the log-in.
/// [`LogInRequest::unknown`] is for a log-in without HTTP.
#[derive(Clone)]
pub struct LogInRequest {
    client: Client,
    /// The session of the browser, which the new one replaces.
    replaced: Option<Hash>,
    method: &'static str,
}

impl LogInRequest {
    /// A log-in of a client that nothing is known of.
    #[must_use]
    pub fn unknown() -> Self {
        Self { client: Client::default(), replaced: None, method: "host" }
    }

    /// Reads the client of a request, also of one that a page of another site sent. A provider may send its answer as
    /// such a form, for example with SAML. Then you must prove that this browser began the log-in: otherwise an
    /// attacker can log a victim in as somebody else.
    ///
    /// # Errors
    /// [`Error::AmbiguousCredentials`] if the session cookie came more than once.
    pub async fn from_any_site(auth: &Auth, parts: &mut Parts) -> Result<Self> {
        let Ok(client) = Client::from_request_parts(parts, auth).await;
        let replaced = current_user::session_cookie(auth, &parts.headers)?;
        Ok(Self { client, replaced, ..Self::unknown() })
    }

    /// Sets how the user proved who they are: 1 to 32 characters of `a` to `z`, `0` to `9` and `_`, such as `saml`. The
    /// session, its events and [`CurrentSession::method`](crate::CurrentSession::method) tell it. Without this call it
    /// is `host`.
    #[must_use]
    pub fn by(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    /// Sets the client address, for a request that did not come by HTTP.
    #[must_use]
    pub fn ip(mut self, ip: IpAddr) -> Self {
        self.client.ip = Some(ip.to_canonical());
        self
    }

    /// Sets the name of the program, for a request that did not come by HTTP. At most 256 characters are kept.
    #[must_use]
    pub fn user_agent(mut self, name: &str) -> Self {
        self.client.user_agent = Some(name.replace('\0', "").chars().take(MAX_USER_AGENT).collect());
        self
    }
}

impl fmt::Debug for LogInRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogInRequest")
            .field("client", &self.client)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl<S: AuthState + Sync> FromRequestParts<S> for LogInRequest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let auth = state.auth();
        csrf::check(&auth, &parts.method, &parts.headers)?;
        Self::from_any_site(&auth, parts).await
    }
}

/// How a log-in goes on. Match it with a `_` arm: a later version may have further steps.
#[derive(Debug)]
#[must_use = "the client learns of its session only if it gets the token"]
#[non_exhaustive]
pub enum LogInOutcome {
    /// The user is logged in.
    LoggedIn(NewSession),
    /// The user has a second factor and must prove it, or must add one. There is no session yet.
    SecondStep(SecondStep),
}

/// A log-in that waits for its second step. It opens nothing.
///
/// A browser gets its cookie if this stands before the rest of an answer: `(step,
/// Redirect::to("/auth/login/second-step"))`. That page leads on to the one for [`SecondStep::enroll`]. A program gets
/// [`SecondStep::token_response`].
#[must_use = "the client can take the second step only if it gets the token"]
pub struct SecondStep {
    auth: Auth,
    pending: PendingLogIn,
    transport: Transport,
}

impl SecondStep {
    /// Returns what the user can take the second step with. It is empty for a user who must have a second factor and
    /// has none ([`Config::second_factor`](crate::Config::second_factor)).
    #[must_use]
    pub fn methods(&self) -> &[SecondFactor] {
        &self.pending.methods
    }

    /// Returns the token for the second step. Neither store nor log it. `None` for a program whose user must add a
    /// second factor first.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.pending.token.as_deref()
    }

    /// Returns the address of the page on which the user adds a second factor, if they must have one and have none.
    #[must_use]
    pub fn enroll(&self) -> Option<&str> {
        self.pending.enroll.as_deref()
    }

    /// Returns the answer of `POST /token`, for a program: 400 with `mfa_required`.
    #[must_use]
    pub fn token_response(self) -> Response {
        OAuthError::MfaRequired(self.pending).into_response()
    }
}

impl fmt::Debug for SecondStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondStep").field("methods", &self.pending.methods).finish_non_exhaustive()
    }
}

impl IntoResponseParts for SecondStep {
    type Error = std::convert::Infallible;

    /// Sets the cookie. The log-in of a program has none.
    fn into_response_parts(self, mut answer: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if self.transport == Transport::Cookie {
            answer.headers_mut().extend(cookies::waiting(&self.auth, &self.pending).0);
        }
        Ok(answer)
    }
}

/// A session that [`Auth::log_in`] has begun, with its token. The token is shown once.
///
/// A browser gets its cookies if this stands before the rest of an answer: `(session, Redirect::to("/"))`. A program
/// gets [`NewSession::token_response`], or the [`token`](NewSession::token) in a form of yours.
#[must_use = "the client learns of its session only if it gets the token"]
pub struct NewSession {
    auth: Auth,
    logged_in: session::LoggedIn,
    transport: Transport,
    user: User,
}

impl NewSession {
    /// Returns the number of the session.
    #[must_use]
    pub fn id(&self) -> SessionId {
        SessionId(self.logged_in.id)
    }

    /// Returns the user, as they were at the log-in.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Returns the token. It works only in the way that [`Auth::log_in`] was given. Neither store nor log it.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.logged_in.token
    }

    /// Returns the device token. A client that sends it with a later log-in is not kept out by strangers who guess at
    /// the account. It proves nothing else.
    #[must_use]
    pub fn device_token(&self) -> Option<&str> {
        self.logged_in.device.as_ref().map(|device| &*device.token.token)
    }

    /// Returns the time until the session ends by itself.
    #[must_use]
    pub fn expires_in(&self) -> Duration {
        Duration::from_secs(self.logged_in.expires_in.try_into().unwrap_or_default())
    }

    /// Returns the answer of `POST /token`, for a program.
    #[must_use]
    pub fn token_response(self) -> Response {
        answers::token(self.logged_in)
    }
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession")
            .field("id", &self.logged_in.id)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl IntoResponseParts for NewSession {
    type Error = std::convert::Infallible;

    /// Sets the cookies. The session of a program has none.
    fn into_response_parts(self, mut answer: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if self.transport == Transport::Cookie {
            answer.headers_mut().extend(cookies::logged_in(&self.auth, &self.logged_in).0);
        }
        Ok(answer)
    }
}

impl Auth {
    /// Logs a user in whom your own code has proved: by single sign-on, by a link, right after they registered.
    ///
    /// It ends where our own routes end. So the same rules hold, the same event is written, and the owner gets the same
    /// mail about a new device. If the [`LogInRequest`] came from the request, the present session of the browser ends.
    /// So nobody goes on with a token that an attacker gave it.
    ///
    /// This checks no password and counts no attempt: to prove who it is, and to limit how often strangers may try, is
    /// up to you. Never let a request name the user without a proof.
    ///
    /// ```no_run
    /// use axum::{extract::State, response::{IntoResponse, Redirect, Response}};
    /// use doorward::{Auth, Error, session::{LogInOutcome, LogInRequest, Transport}};
    ///
    /// # async fn proved_by_the_provider() -> Option<String> { None }
    /// async fn callback(State(auth): State<Auth>, request: LogInRequest) -> doorward::Result<Response> {
    ///     let email = proved_by_the_provider().await.ok_or(Error::WrongCredentials)?;
    ///     let user = auth.user_by_email(&email).await?;
    ///     // A stranger may have registered this address, and still know the password.
    ///     let user = user.filter(|user| user.email_verified_at.is_some()).ok_or(Error::WrongCredentials)?;
    ///     match auth.log_in(&user, Transport::Cookie, request.by("saml")).await? {
    ///         LogInOutcome::LoggedIn(session) => Ok((session, Redirect::to("/")).into_response()),
    ///         LogInOutcome::SecondStep(step) => Ok((step, Redirect::to("/auth/login/second-step")).into_response()),
    ///         _ => Err(Error::Internal),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongCredentials`] if the user is deleted or disabled. [`Error::EmailNotVerified`] if the settings ask
    /// for a verified address, or [`Error::WrongCredentials`] if they hide that. [`Error::Invalid`] for a malformed
    /// [`LogInRequest::by`]. [`Error::Unavailable`].
    pub async fn log_in(
        &self,
        user: impl Into<UserId>,
        transport: Transport,
        request: LogInRequest,
    ) -> Result<LogInOutcome> {
        let LogInRequest { client, replaced, method } = request;
        if !is_method(method) {
            return Err(Error::field("method", "expected 1 to 32 characters of a to z, 0 to 9 and _"));
        }
        let id = user.into();
        let mut tx = self.db().begin().await?;
        // As a log-in with a password, this locks the credential. So a change that ends all sessions comes before this
        // log-in, which then sees it, or after it, and ends its session too.
        credential::lock(&mut tx, id).await?;
        let Some(mut user) = user::lock_any(&mut tx, id).await? else {
            drop(tx);
            return Err(event::log_in_failed(self, None, (method, "unknown_user"), &client).await?);
        };
        user.keep_roles(&self.config().roles);
        let replaced = replaced.filter(|_| transport == Transport::Cookie);
        let way = (Method(method).into(), transport);
        let auth = self.clone();
        Ok(match session::log_in(self, tx, &user, way, client, replaced).await? {
            Outcome::LoggedIn(logged_in) => {
                LogInOutcome::LoggedIn(NewSession { auth, logged_in, transport, user })
            }
            Outcome::SecondStep(pending) => LogInOutcome::SecondStep(SecondStep { auth, pending, transport }),
        })
    }
}

fn is_method(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
