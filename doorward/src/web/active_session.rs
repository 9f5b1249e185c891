//! [`ActiveSession`]: the session of a request, for handlers whose answer is a stream.

use std::{fmt, future::Future};

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

use crate::{
    accounts::session,
    auth::Auth,
    base::{
        error::{Error, Result},
        secret::Hash,
    },
    model::{
        session::{Session, Transport},
        user::User,
    },
    web::current_user,
};

/// The session of a request, for a handler whose answer goes on for long.
///
/// Such answers are server-sent events, a WebSocket, or a long download. As an argument it protects the handler exactly
/// as [`CurrentUser`](crate::CurrentUser) does.
///
/// A request is checked only when it arrives, and a stream is one long request. So it would go on after a logout, a
/// revocation, a new password, or the end of the session's time. End it when [`ActiveSession::ended`] completes:
///
/// ```
/// use std::convert::Infallible;
///
/// use axum::response::sse::{Event, Sse};
/// use doorward::ActiveSession;
/// use futures_util::{Stream, StreamExt, stream};
///
/// async fn news(session: ActiveSession) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
///     let greeting = stream::iter([Ok(Event::default().data(session.user().email.clone()))]);
///     let news = greeting.chain(stream::pending());
///     Sse::new(news.take_until(session.ended()))
/// }
/// ```
///
/// A stream does not count as a use of the session: it does not delay the end of an unused session
/// (`session_idle_timeout`).
#[derive(Clone)]
pub struct ActiveSession {
    auth: Auth,
    user: User,
    token_hash: Hash,
    transport: Transport,
}

impl ActiveSession {
    fn of(auth: Auth, session: &Session) -> Self {
        let (token_hash, transport) = (session.token_hash, session.transport);
        Self { auth, user: User::clone(&session.user), token_hash, transport }
    }

    /// Returns the user, as they were when the request arrived.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Completes when the session has ended. A session ends by a logout, a revocation, a new password, a new token, or
    /// when its time is over. It also ends when the user is disabled or deleted. Completes at once if it has ended
    /// before.
    ///
    /// After a change by this process, or on PostgreSQL by any node, it takes milliseconds. After the end of its time,
    /// and on SQLite after a change by another process, it takes up to a quarter of a second. Where sessions cannot be
    /// remembered, for example with SQLite on systems other than Linux, it takes up to a second. Then your task still
    /// has to run, and to stop the stream. If no message may begin after an acknowledged logout, ask
    /// [`ActiveSession::has_ended`] before each one.
    ///
    /// It also completes if the database does not answer for two seconds, or after [`Auth::close`]: then nobody knows
    /// whether the session goes on. So the client should connect again. It then gets 401 or 503, or the stream goes on.
    ///
    /// Many waits cost little: one task looks after all of them. It asks the database about a session when its user has
    /// changed, and otherwise every five minutes.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let (auth, token_hash, transport) = (self.auth.clone(), self.token_hash, self.transport);
        async move { session::ended(&auth, token_hash, transport).await }
    }

    /// Returns `true` if a request with this session would be refused now. That is so as soon as its end is
    /// acknowledged to anybody, on any node. Also returns `true` if the database does not answer. While the user has
    /// not changed, it takes about a microsecond.
    pub async fn has_ended(&self) -> bool {
        session::has_ended(&self.auth, self.token_hash, self.transport).await
    }
}

impl fmt::Debug for ActiveSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ActiveSession").field("user", &self.user).finish_non_exhaustive()
    }
}

impl<S: Sync> FromRequestParts<S> for ActiveSession
where
    Auth: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let auth = Auth::from_ref(state);
        let session = current_user::session(&auth, parts).await?;
        Ok(Self::of(auth, &session))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for ActiveSession
where
    Auth: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>> {
        let auth = Auth::from_ref(state);
        let session = current_user::optional_session(&auth, parts).await?;
        Ok(session.map(|session| Self::of(auth, &session)))
    }
}
