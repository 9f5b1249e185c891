//! The audit log: the events of accounts. Owns the table `events`, whose rows are never changed.
//!
//! An event is written in the transaction of the change that it reports. So the event exists exactly if the change was
//! made. It holds no secret. It does not hold an unknown address either, because people type passwords into that field.

use crate::{
    auth::Auth,
    base::{
        db::{self, Statement, Tx},
        error::{Error, Result},
        time::Timestamp,
    },
    model::{
        client::Client,
        event::{By, Event, NewEvent, event_columns},
        event_kind::EventKind,
        user::UserId,
    },
};

/// The statement that adds an event.
const INSERT: &str = "INSERT INTO events (at, kind, user_id, actor, ip, user_agent, request_id, detail)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id";

/// The condition for a page of events: those since `?1` that are older than the event at `?2` with the id `?3`.
macro_rules! event_page {
    () => {
        "at >= ?1 AND (at, id) < (?2, ?3) ORDER BY at DESC, id DESC LIMIT ?4"
    };
}

/// Writes an event in the transaction of the change that it reports. Listeners get it after the commit.
pub(crate) async fn record(auth: &Auth, tx: &Tx, new: NewEvent<'_>) -> db::Result<()> {
    let mut event = new.at(auth.now());
    let statement = tx.write(INSERT);
    event.id = inserted(statement, &event).await?;
    if auth.listeners().exist() {
        let auth = auth.clone();
        tx.after_commit(move || auth.listeners().tell(&event));
    }
    Ok(())
}

/// Writes an event that reports no change of a row, in one statement.
pub(crate) async fn record_alone(auth: &Auth, new: NewEvent<'_>) -> Result<()> {
    let mut event = new.at(auth.now());
    let statement = auth.db().write(INSERT);
    event.id = inserted(statement, &event).await?;
    auth.listeners().tell(&event);
    Ok(())
}

/// The filter of a query for events, and the place where the next page begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query {
    pub(crate) user: Option<UserId>,
    pub(crate) kind: Option<EventKind>,
    pub(crate) since: Timestamp,
    /// The time and the number of the last event of the page before.
    pub(crate) before: (Timestamp, i64),
}

/// Returns the next page of events that pass the filter, newest first.
pub(crate) async fn page(auth: &Auth, query: Query, limit: u32) -> Result<Vec<Event>> {
    let statement = match (query.user, query.kind) {
        (None, None) => {
            auth.db().read(concat!("SELECT ", event_columns!(), " FROM events WHERE ", event_page!(),))
        }
        (Some(_), None) => auth.db().read(concat!(
            "SELECT ",
            event_columns!(),
            " FROM events WHERE user_id = ?5 AND ",
            event_page!(),
        )),
        (None, Some(_)) => auth.db().read(concat!(
            "SELECT ",
            event_columns!(),
            " FROM events WHERE kind = ?5 AND ",
            event_page!(),
        )),
        (Some(_), Some(_)) => auth.db().read(concat!(
            "SELECT ",
            event_columns!(),
            " FROM events WHERE user_id = ?5 AND kind = ?6 AND ",
            event_page!(),
        )),
    };
    let (at, id) = query.before;
    let mut statement = statement.bind(query.since).bind(at).bind(id).bind(i64::from(limit));
    if let Some(user) = query.user {
        statement = statement.bind(user);
    }
    if let Some(kind) = query.kind {
        statement = statement.bind(kind.as_str());
    }
    Ok(statement.fetch_all().await?)
}

/// Deletes at most `limit` events that are older than the settings keep them. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    let retention = auth.config().events_retention.as_secs() as i64;
    if retention == 0 {
        return Ok(0);
    }
    Ok(auth
        .db()
        .write(
            "DELETE FROM events WHERE id IN
                 (SELECT id FROM events WHERE at <= ?1 ORDER BY at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now() - retention)
        .bind(limit)
        .execute()
        .await?)
}

async fn inserted(statement: Statement<'_>, event: &Event) -> db::Result<i64> {
    let detail = serde_json::to_string(&event.detail).expect("names and texts are JSON");
    let id = statement
        .bind(event.at)
        .bind(event.kind.as_str())
        .bind(event.user_id)
        .bind(event.actor.as_str())
        .bind(event.ip.as_deref())
        .bind(event.user_agent.as_deref())
        .bind(event.request_id.as_deref())
        .bind(detail)
        .fetch_optional()
        .await?;
    id.ok_or_else(|| db::Error::Bug("an event has a number".into()))
}

/// Records that a log-in failed, and why. Returns the error for the client, which is the same for all reasons.
///
/// It runs the same statement for every account and for an unknown address, and the answer waits for it. So every
/// attempt is recorded, and the time reveals nothing. Call it before the answer to every refused log-in. Do not call it
/// if nothing was compared.
pub(crate) async fn log_in_failed(
    auth: &Auth,
    user: Option<UserId>,
    (method, reason): (&'static str, &'static str),
    client: &Client,
) -> Result<Error> {
    let failed = NewEvent::of(EventKind::LogInFailed, user, By::User(client));
    record_alone(auth, failed.with("method", method).with("reason", reason)).await?;
    Ok(Error::WrongCredentials)
}
