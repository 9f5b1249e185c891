//! Events that stand alone: changes, and what a person with a session did. Owns the table `events`, whose rows are never
//! changed.

use crate::{
    accounts::event::query::{Place, Query},
    auth::Auth,
    base::{
        db::{self, Statement},
        error::Result,
    },
    model::event::{Event, event_columns},
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

/// Adds an event in this transaction. Returns its number.
pub(super) async fn insert(tx: &db::Tx, event: &Event) -> db::Result<i64> {
    inserted(tx.write(INSERT), event).await
}

/// Adds an event in a transaction of its own. Returns its number.
pub(super) async fn insert_alone(auth: &Auth, event: &Event) -> db::Result<i64> {
    inserted(auth.db().write(INSERT), event).await
}

async fn inserted(statement: Statement<'_>, event: &Event) -> db::Result<i64> {
    let id = statement
        .bind(event.at)
        .bind(event.kind.as_str())
        .bind(event.user_id)
        .bind(event.actor.as_str())
        .bind(event.ip.as_deref())
        .bind(event.user_agent.as_deref())
        .bind(event.request_id.as_deref())
        .bind(event.detail_as_json())
        .fetch_optional()
        .await?;
    id.ok_or_else(|| db::Error::Bug("an event has a number".into()))
}

/// Returns the next page of events that pass the filter, newest first.
pub(super) async fn page(auth: &Auth, query: Query, limit: u32) -> Result<Vec<(Place, Event)>> {
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
    let (at, id) = query.before.before_events();
    let mut statement = statement.bind(query.since).bind(at).bind(id).bind(i64::from(limit));
    if let Some(user) = query.user {
        statement = statement.bind(user);
    }
    if let Some(kind) = query.kind {
        statement = statement.bind(kind.as_str());
    }
    let events: Vec<Event> = statement.fetch_all().await?;
    Ok(events.into_iter().map(|event| (Place::of_event(event.at, event.id), event)).collect())
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
