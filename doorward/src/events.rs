//! Reading the audit log, for operators and hosts.

use crate::{
    auth::Auth,
    error::Result,
    event::{self, Asked, Event},
    event_kind::EventKind,
    time::Timestamp,
    user::UserId,
};

impl Auth {
    /// Begins to read what happened to accounts, newest first. Events older than
    /// [`Config::events_retention`](crate::Config::events_retention) are gone.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth) -> doorward::Result<()> {
    /// use doorward::EventKind;
    ///
    /// for event in auth.events().of_kind(EventKind::LogInFailed).next(100).await? {
    ///     println!("{} {:?} {:?}", event.at, event.ip, event.detail);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn events(&self) -> Events {
        let latest = Timestamp(i64::MAX);
        let asked = Asked { user: None, kind: None, since: Timestamp(i64::MIN), before: (latest, i64::MAX) };
        Events { auth: self.clone(), asked }
    }
}

/// A way through the audit log, from the newest to the oldest. Made by [`Auth::events`].
#[derive(Debug)]
pub struct Events {
    auth: Auth,
    asked: Asked,
}

impl Events {
    /// Only what concerns this user, who may be deleted since.
    #[must_use]
    pub fn of_user(mut self, user: UserId) -> Self {
        self.asked.user = Some(user);
        self
    }

    /// Only events of this kind.
    #[must_use]
    pub fn of_kind(mut self, kind: EventKind) -> Self {
        self.asked.kind = Some(kind);
        self
    }

    /// Only what happened at this moment or later.
    #[must_use]
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.asked.since = moment;
        self
    }

    /// The next events, at most `limit`; fewer only at the end.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn next(&mut self, limit: u32) -> Result<Vec<Event>> {
        let events = event::page(&self.auth, self.asked, limit).await?;
        if let Some(last) = events.last() {
            self.asked.before = (last.at, last.id);
        }
        Ok(events)
    }
}
