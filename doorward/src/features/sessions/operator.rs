//! Lists and ends the sessions of any user, for operators and for the code of the host.

use std::net::IpAddr;

use crate::{
    accounts::{credential, event, mail::outbox, one_time, session},
    auth::Auth,
    base::{error::Result, time::Timestamp},
    features::sessions::flow,
    model::{
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        purpose::Purpose,
        session::{SessionId, Transport},
        user::UserId,
    },
};

/// A session in the list of [`Auth::sessions_of`], without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedSession {
    /// The number of the session, for [`Auth::end_session`].
    pub id: SessionId,
    /// How its token is sent.
    pub transport: Transport,
    /// How the user logged in: `password`, or the name that the host gave.
    pub method: String,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// The address that the user logged in from, if it is known.
    pub ip: Option<IpAddr>,
    /// The program that the user logged in with. The client wrote it, so it may be anything.
    pub user_agent: Option<String>,
}

impl Auth {
    /// Returns the sessions of a user that have not ended, newest first. `GET /sessions` shows users their own.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn sessions_of(&self, user: impl Into<UserId>) -> Result<Vec<ListedSession>> {
        let item = |session: session::Listed| ListedSession {
            id: SessionId(session.id),
            transport: Transport::named(&session.transport),
            method: session.method,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            ip: session.ip.and_then(|ip| ip.parse().ok()),
            user_agent: session.user_agent,
        };
        Ok(session::list(self, user.into()).await?.into_iter().map(item).collect())
    }

    /// Ends one session of a user, as `DELETE /sessions/{id}` does: when this returns, no node accepts its token. Also
    /// cancels an unconfirmed change of the address. Returns `false` if the user has no such session.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn end_session(&self, user: impl Into<UserId>, id: SessionId) -> Result<bool> {
        flow::end_session(self, user.into(), id.into(), By::Operator).await
    }

    /// Ends all sessions of a user: when this returns, no node accepts their tokens. Also cancels an unconfirmed change
    /// of the address. The password stays, so the user can log in again. Returns how many sessions were ended.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn end_sessions(&self, user: impl Into<UserId>) -> Result<u64> {
        let user = user.into();
        let mut tx = self.db().begin().await?;
        credential::lock(&mut tx, user).await?;
        outbox::cancel(&mut tx, user, Letter::CONFIRM_EMAIL).await?;
        one_time::kill(&mut tx, user, Purpose::CHANGE_EMAIL).await?;
        let ended = session::end_all(&mut tx, user).await?;
        if ended > 0 {
            let all_ended = NewEvent::of(EventKind::AllSessionsEnded, Some(user), By::Operator);
            event::record(self, &tx, all_ended.with("ended", ended)).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }
}
