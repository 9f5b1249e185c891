//! [`CurrentSession`]: the session of a request, and of a token that came in another way.

use std::{fmt, future::Future, sync::Arc};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

use crate::{
    accounts::session,
    auth::Auth,
    base::{
        error::{Error, Result},
        secret::{self, Hash},
        time::Timestamp,
    },
    model::{
        session::{self as kinds, Known, Session, SessionId, TOKEN, Transport},
        user::User,
    },
    web::{auth_state::AuthState, current_user},
};

/// The session of a request: its user, how and when they logged in, and when it ends.
///
/// As an argument it protects the handler exactly as [`CurrentUser`](crate::CurrentUser) does. [`Auth::session`] finds
/// the session of a token that came in another way, such as by gRPC.
///
/// # Streams
///
/// An answer may go on for long: server-sent events, a WebSocket, a long download. A request is checked only when it
/// arrives, and a stream is one long request. So it would go on after a logout, a revocation, a new password, or the
/// end of the session's time. End it when [`CurrentSession::ended`] completes:
///
/// ```
/// use std::convert::Infallible;
///
/// use axum::response::sse::{Event, Sse};
/// use doorward::CurrentSession;
/// use futures_util::{Stream, StreamExt, stream};
///
/// async fn news(session: CurrentSession) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
///     let greeting = stream::iter([Ok(Event::default().data(session.user().email.clone()))]);
///     let news = greeting.chain(stream::pending());
///     Sse::new(news.take_until(session.ended()))
/// }
/// ```
///
/// A stream does not end when its user loses a role: ask for the role again.
///
/// A stream does not count as a use of the session: it does not delay the end of an unused session
/// (`session_idle_timeout`).
#[derive(Clone)]
pub struct CurrentSession {
    auth: Auth,
    token_hash: Hash,
    known: Arc<Known>,
}

impl CurrentSession {
    fn of(auth: Auth, session: Session) -> Self {
        Self { auth, token_hash: session.token_hash, known: session.user.0 }
    }

    /// Returns the number of the session, as in the list of sessions and in events.
    #[must_use]
    pub fn id(&self) -> SessionId {
        SessionId(self.known.id)
    }

    /// Returns the user, as they were when the request arrived.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.known.user
    }

    /// Returns how the token of this session is sent.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.known.transport
    }

    /// Returns how the user logged in: `password`, or the name that the host gave
    /// ([`LogInRequest::by`](crate::session::LogInRequest::by)).
    #[must_use]
    pub fn method(&self) -> &str {
        &self.known.method
    }

    /// Returns how certain it is who the user is, as `acr` in RFC 9470: `aal2` after a second factor, otherwise `aal1`.
    #[must_use]
    pub fn acr(&self) -> &'static str {
        kinds::acr(self.known.second)
    }

    /// Returns what the user proved it with, in the words of RFC 8176: `pwd`, `otp`, `mfa`. A way of the host has no
    /// word.
    #[must_use]
    pub fn amr(&self) -> Vec<&'static str> {
        kinds::amr(&self.known.method, self.known.second)
    }

    /// Returns when the session began.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        Timestamp(self.known.created_at)
    }

    /// Returns when the user last proved who they are. That is the log-in, or later `POST /step-up` or a change of the
    /// password or of the address, if it gave the session a new token. [`Sudo`](crate::Sudo) asks for a recent one.
    #[must_use]
    pub fn authenticated_at(&self) -> Timestamp {
        Timestamp(self.known.authenticated_at)
    }

    /// Returns when the session ends by itself. An unused session ends earlier
    /// ([`Config::session_idle_timeout`](crate::Config::session_idle_timeout)).
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        Timestamp(self.known.expires_at)
    }

    /// Completes when the session has ended. A session ends by a logout, a revocation, a new password, a new token, or
    /// when its time is over. It also ends when the user is disabled or deleted. Completes at once if it has ended
    /// before.
    ///
    /// After a change by this process, or on PostgreSQL by any node, it takes milliseconds. After the end of its time,
    /// and on SQLite after a change by another process, it takes up to a quarter of a second. Where sessions cannot be
    /// remembered, for example with SQLite on systems other than Linux, it takes up to a second. Then your task still
    /// has to run, and to stop the stream. If no message may begin after an acknowledged logout, ask
    /// [`CurrentSession::has_ended`] before each one.
    ///
    /// It also completes if the database does not answer for two seconds, or after [`Auth::close`]: then nobody knows
    /// whether the session goes on. So the client should connect again. It then gets 401 or 503, or the stream goes on.
    ///
    /// Many waits cost little: one task looks after all of them. It asks the database about a session when its user has
    /// changed, and otherwise every five minutes.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let (auth, token_hash, transport) = (self.auth.clone(), self.token_hash, self.known.transport);
        async move { session::ended(&auth, token_hash, transport).await }
    }

    /// Returns `true` if a request with this session would be refused now. That is so as soon as its end is
    /// acknowledged to anybody, on any node. Also returns `true` if the database does not answer. While the user has
    /// not changed, it takes about a microsecond.
    pub async fn has_ended(&self) -> bool {
        session::has_ended(&self.auth, self.token_hash, self.known.transport).await
    }
}

impl Auth {
    /// Returns the session of a bearer token that did not come as a header: by gRPC, in a message, from a job. Returns
    /// `None` if the token is malformed or unknown, or if the session has ended. This is a use of the session.
    ///
    /// The token of a cookie is refused, as everywhere: no page can read it, so nobody honest sends it in another way.
    /// For a WebSocket take [`CurrentSession`] as an argument of the handler.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth, token: &str) -> doorward::Result<()> {
    /// if let Some(session) = auth.session(token).await? {
    ///     println!("{} logged in at {}", session.user().email, session.authenticated_at());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the database does not answer: then nobody knows whether the session has ended.
    pub async fn session(&self, token: &str) -> Result<Option<CurrentSession>> {
        let Some(hash) = secret::hash(TOKEN, token) else { return Ok(None) };
        let found = session::find(self, hash, Transport::Bearer).await?;
        Ok(found.map(|session| CurrentSession::of(self.clone(), session)))
    }
}

impl fmt::Debug for CurrentSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CurrentSession")
            .field("id", &self.known.id)
            .field("user", &self.known.user)
            .finish_non_exhaustive()
    }
}

impl<S: AuthState + Sync> FromRequestParts<S> for CurrentSession {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let auth = state.auth();
        let session = current_user::session(&auth, parts).await?;
        Ok(Self::of(auth, session))
    }
}

impl<S: AuthState + Sync> OptionalFromRequestParts<S> for CurrentSession {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>> {
        let auth = state.auth();
        let session = current_user::optional_session(&auth, parts).await?;
        Ok(session.map(|session| Self::of(auth, session)))
    }
}
