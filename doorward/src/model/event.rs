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
        user::UserId,
    },
};

/// The most characters that are kept of a value of the detail.
const MAX_DETAIL: usize = 200;

/// Something that happened to an account.
///
/// Serializes as a JSON object. The texts may hold anything that a client sent, control characters too: escape them
/// before they reach a terminal or a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The number of the event. Later ones have greater numbers, except those of other nodes at nearly the same time.
    pub id: i64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// Whose account it concerns, who may be deleted since; `None` if nobody has the address that was tried.
    pub user_id: Option<UserId>,
    /// Who did it.
    pub actor: Actor,
    /// The address that the request came from.
    pub ip: Option<String>,
    /// The program that sent the request, as it calls itself.
    pub user_agent: Option<String>,
    /// The id of the request, see [`RequestId`](crate::RequestId).
    pub request_id: Option<String>,
    /// More, as [`EventKind`] says for each kind.
    pub detail: BTreeMap<String, String>,
}

/// Who does something, and from where.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    User(&'a Client),
    Operator,
    System,
}

/// An event that happens now.
#[derive(Debug)]
#[must_use = "an event is there once it is recorded"]
pub(crate) struct New<'a> {
    kind: EventKind,
    user: Option<UserId>,
    by: By<'a>,
    detail: BTreeMap<String, String>,
}

impl<'a> New<'a> {
    /// `user` is whose account it concerns, also when an operator does it.
    pub(crate) fn of(kind: EventKind, user: Option<UserId>, by: By<'a>) -> Self {
        Self { kind, user, by, detail: BTreeMap::new() }
    }

    /// Adds something to the detail. Never a secret, nor what somebody typed. What is too long is cut off.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.detail.insert(name.to_owned(), value.to_string().chars().take(MAX_DETAIL).collect());
        self
    }

    /// The event, which happens at this moment.
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

/// The columns of `events`, in the order in which [`Event`] reads them.
macro_rules! event_columns {
    () => {
        "id, at, kind, user_id, actor, ip, user_agent, request_id, detail"
    };
}
pub(crate) use event_columns;

impl FromRow for Event {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let unread =
            |what: &str| db::Error::Bug(format!("an event has {what} that this version does not know"));
        Ok(Self {
            id: row.get(0)?,
            at: Timestamp::of(row, 1)?,
            kind: row.get::<String>(2)?.parse().map_err(|_| unread("a kind"))?,
            user_id: row.get::<Option<i64>>(3)?.map(UserId),
            actor: Actor::named(&row.get::<String>(4)?).ok_or_else(|| unread("an actor"))?,
            ip: row.get(5)?,
            user_agent: row.get(6)?,
            request_id: row.get(7)?,
            detail: serde_json::from_str(&row.get::<String>(8)?).map_err(|_| unread("a detail"))?,
        })
    }
}
