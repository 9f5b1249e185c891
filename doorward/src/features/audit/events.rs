//! Reading the audit log, for operators and hosts.

use crate::{
    accounts::event::{self, Asked},
    auth::Auth,
    base::{error::Result, time::Timestamp},
    model::{event::Event, event_kind::EventKind, user::UserId},
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

    /// Calls `listener` for each event from now on, in the order in which they were committed here.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth) {
    /// use doorward::EventKind;
    ///
    /// auth.on_event(|event| {
    ///     if event.kind == EventKind::Registered {
    ///         println!("welcome, {:?}", event.user_id);
    ///     }
    /// });
    /// # }
    /// ```
    ///
    /// It is called after the commit, never for what was rolled back, and on a thread of its own: it may block, and no
    /// request waits for it. A panic is logged, and the next event is told as usual.
    ///
    /// **It may miss some**: those of other nodes and of the command line, those that more than 1024 others wait before
    /// (the log warns of it), those that wait when the program ends, and those of a request whose client went away at
    /// the moment of the commit. Nothing is missing in the table that [`Auth::events`] reads: build on that what must
    /// not be missed.
    ///
    /// Each call adds a listener. What it captures lives as long as the `Auth`; one that captures the `Auth` itself keeps
    /// it for ever.
    ///
    /// # Panics
    /// If the system starts no thread.
    pub fn on_event(&self, listener: impl FnMut(&Event) + Send + 'static) {
        self.listeners().add(listener);
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
