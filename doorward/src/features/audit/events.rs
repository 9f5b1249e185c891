//! Reads the audit log, for operators and hosts.

use crate::{
    accounts::event::{self, Place, Query},
    auth::Auth,
    base::{error::Result, time::Timestamp},
    model::{
        event::{Event, LiveEvent},
        event_kind::EventKind,
        user::UserId,
    },
};

impl Auth {
    /// Begins to read the events of accounts, newest first. Events older than
    /// [`Config::events_retention`](crate::Config::events_retention) are deleted.
    ///
    /// Failures of clients that proved nothing, such as log-ins with a wrong password, are gathered: those of one
    /// account in one minute are one event. If they are several, its detail has their number (`count`), the time of the
    /// last one (`last_at`) and some client addresses (`addresses`). They are deleted after
    /// [`Config::failures_retention`](crate::Config::failures_retention). [`EventKind`] says which kinds these are.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth) -> doorward::Result<()> {
    /// use doorward::event::EventKind;
    ///
    /// for event in auth.events().of_kind(EventKind::LogInFailed).next_page(100).await? {
    ///     println!("{} {:?} {:?}", event.at, event.ip, event.detail);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn events(&self) -> EventReader {
        let query = Query { user: None, kind: None, since: Timestamp(i64::MIN), before: Place::END };
        EventReader { auth: self.clone(), query }
    }

    /// Calls `listener` for each event from now on, in the order of the commits on this node.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth) {
    /// use doorward::event::EventKind;
    ///
    /// auth.on_event(|live| {
    ///     if let (EventKind::Registered, Some(user)) = (live.event.kind, &live.user) {
    ///         println!("welcome, {}", user.email);
    ///     }
    /// });
    /// # }
    /// ```
    ///
    /// The call comes after the commit, never for a change that was rolled back. It runs on a thread of its own: it may
    /// block, and no request waits for it. A panic is logged, and the next event is delivered as usual. If the system
    /// has no thread to spare, the events wait until it has.
    ///
    /// [`LiveEvent::user`] is the user as they were at that moment, not as they are when the function runs. To read them
    /// costs each event one look-up.
    ///
    /// **A listener may miss events:**
    /// - those of other nodes and of the command line,
    /// - those that come while more than 1024 others wait (the log warns of it),
    /// - those that still wait when the program ends,
    /// - those of a request whose client disconnects at the moment of the commit.
    ///
    /// Read [`Auth::events`] if you need every event: it misses no change. A listener hears each failure by itself, before
    /// it is gathered.
    ///
    /// Each call adds a listener. Its captured values live as long as the `Auth`. A listener that captures the `Auth`
    /// itself keeps it alive for ever.
    pub fn on_event(&self, listener: impl FnMut(&LiveEvent) + Send + 'static) {
        self.listeners().add(listener);
    }
}

/// A reader of the audit log, from the newest event to the oldest. Made by [`Auth::events`].
#[derive(Debug)]
pub struct EventReader {
    auth: Auth,
    query: Query,
}

impl EventReader {
    /// Reads only events of this user, who may be deleted by now.
    #[must_use]
    pub fn of_user(mut self, user: impl Into<UserId>) -> Self {
        self.query.user = Some(user.into());
        self
    }

    /// Reads only events of this kind.
    #[must_use]
    pub fn of_kind(mut self, kind: EventKind) -> Self {
        self.query.kind = Some(kind);
        self
    }

    /// Reads only events at this moment or later. Of gathered failures, the last one counts.
    #[must_use]
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.query.since = moment;
        self
    }

    /// Returns the next `limit` events, or fewer at the end. All of them are in memory at once, so choose a limit such as
    /// 1,000.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn next_page(&mut self, limit: u32) -> Result<Vec<Event>> {
        let (events, last) = event::page(&self.auth, self.query, limit).await?;
        if let Some(last) = last {
            self.query.before = last;
        }
        Ok(events)
    }
}
