//! Something that happened to an account.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    base::{
        db::{self, FromRow, Row},
        time::Timestamp,
    },
    model::{
        client::Client,
        event_kind::{Actor, EventKind},
        user::{User, UserId},
    },
};

/// The most characters of a value in the detail. The rest is cut off.
const MAX_DETAIL: usize = 200;

/// Something that happened to an account.
///
/// Serializes as a JSON object. Its texts may hold anything that a client sent, control characters too. Escape them
/// before you show them on a terminal or a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The number of the event. A later event has a greater number. Only events of several nodes at nearly the same
    /// time may have another order. Gathered failures have a number below zero, and their numbers have no order.
    pub id: i64,
    /// The time of the event. For gathered failures, the time of the first one.
    pub at: Timestamp,
    /// The kind of the event.
    pub kind: EventKind,
    /// The user whose account the event concerns. They may be deleted by now. `None` if no account has the address
    /// that was tried.
    pub user_id: Option<UserId>,
    /// The one who caused the event.
    pub actor: Actor,
    /// The client address of the request. `None` without a request, or if the address is unknown. Of gathered failures,
    /// this and the next two are those of the first one.
    pub ip: Option<String>,
    /// The header `User-Agent` of the request.
    pub user_agent: Option<String>,
    /// The id of the request, see [`RequestId`](crate::guard::RequestId).
    pub request_id: Option<String>,
    /// Further facts. [`EventKind`] lists them for each kind.
    pub detail: BTreeMap<String, String>,
}

/// An event as a listener gets it ([`Auth::on_event`](crate::Auth::on_event)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LiveEvent {
    /// The event.
    pub event: Event,
    /// The user whose account the event concerns, as they were right after it. If the event deleted the user, as they
    /// were right before. `None` if no account has the address that was tried, or if the user was already deleted.
    pub user: Option<User>,
}

/// The one who causes an event, with the client of the request if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    User(&'a Client),
    Operator,
    System,
}

/// An event that is to be recorded.
#[derive(Debug)]
#[must_use = "an event is lost if it is not recorded"]
pub(crate) struct NewEvent<'a> {
    kind: EventKind,
    user: Option<UserId>,
    by: By<'a>,
    detail: BTreeMap<String, String>,
}

impl<'a> NewEvent<'a> {
    /// Makes an event. `user` is the owner of the account that it concerns, also if an operator causes it.
    pub(crate) fn of(kind: EventKind, user: Option<UserId>, by: By<'a>) -> Self {
        Self { kind, user, by, detail: BTreeMap::new() }
    }

    /// Adds a fact to the detail. It must not be a secret, nor a text that a person typed. A long value is cut off.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.detail.insert(name.to_owned(), value.to_string().chars().take(MAX_DETAIL).collect());
        self
    }

    /// Returns the owner of the account that the event concerns.
    pub(crate) fn user(&self) -> Option<UserId> {
        self.user
    }

    /// Adds a list of names to the detail. The names are whole: their number and length are limited where they are set.
    pub(crate) fn with_names(mut self, name: &'static str, names: &[&str]) -> Self {
        self.detail.insert(name.to_owned(), names.join(" "));
        self
    }

    /// Returns the event, with the time `now`. Its number is 0 until it is stored.
    pub(crate) fn at(self, now: i64) -> Event {
        let (actor, client) = match self.by {
            By::User(client) => (Actor::User, client.clone()),
            By::Operator => (Actor::Operator, Client::default()),
            By::System => (Actor::System, Client::default()),
        };
        Event {
            id: 0,
            at: Timestamp(now),
            kind: self.kind,
            user_id: self.user,
            actor,
            ip: client.ip.map(|ip| ip.to_string()),
            user_agent: client.user_agent,
            request_id: client.request_id,
            detail: self.detail,
        }
    }
}

impl Event {
    /// Returns the detail as it is stored.
    pub(crate) fn detail_as_json(&self) -> String {
        serde_json::to_string(&self.detail).expect("names and texts are JSON")
    }
}

/// The columns of `events`, in the order in which [`Event`] reads them.
macro_rules! event_columns {
    () => {
        "id, at, kind, user_id, actor, ip, user_agent, request_id, detail"
    };
}
pub(crate) use event_columns;

impl FromRow for Event {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let unknown =
            |part: &str| db::Error::Bug(format!("an event has {part} that this version does not know"));
        Ok(Self {
            id: row.get(0)?,
            at: Timestamp::of(row, 1)?,
            kind: row.get::<String>(2)?.parse().map_err(|_| unknown("a kind"))?,
            user_id: row.get::<Option<i64>>(3)?.map(UserId),
            actor: Actor::named(&row.get::<String>(4)?).ok_or_else(|| unknown("an actor"))?,
            ip: row.get(5)?,
            user_agent: row.get(6)?,
            request_id: row.get(7)?,
            detail: serde_json::from_str(&row.get::<String>(8)?).map_err(|_| unknown("a detail"))?,
        })
    }
}
