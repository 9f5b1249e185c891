//! What clients that proved nothing did in vain, such as log-ins with a wrong password. Owns the table `failures`.
//!
//! An attacker can cause any number of failures, for known accounts and for unknown addresses. So they are gathered:
//! - **Those of an account** are one row for each minute, each kind and each reason.
//! - **Those of nobody** are one row for each ten minutes, kind and reason, whatever address was typed. No address is
//!   stored: people type passwords into that field.
//! - **All others, once the table is full,** are one row for an hour and each kind. An event says that it is full. So
//!   the table never grows beyond a known size, further failures are still counted, and older rows stay.
//!
//! The number of a row is a hash of its period, user, kind and details. So one statement finds the row or adds it. The
//! statement is the same for an account and for nobody. PostgreSQL does not flush it, because many clients change the
//! row of nobody: the failures of the last moments may be lost in a crash.

use sha2::{Digest, Sha256};

use crate::{
    accounts::event::{
        query::{Place, Query},
        table,
    },
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Statement, Tx},
        error::Result,
        time::Timestamp,
    },
    model::{
        event::{By, Event, NewEvent},
        event_kind::{Actor, EventKind},
        user::UserId,
    },
};

/// The seconds that one row gathers: for an account, for nobody, and for all once the table is full.
const ACCOUNT: i64 = 60;
const NOBODY: i64 = 600;
const FULL: i64 = 3600;

/// The table is full with this number of rows. About 40 MB.
const MOST: i64 = 100_000;
/// A full table has room again with this number of rows.
const ROOM: i64 = 90_000;

/// Adds a failure to its row. An address is added to the others unless it is there already, or they are long enough.
const GATHER: &str = "INSERT INTO failures (id, kind, user_id, first_at, last_at, count, after_event, addresses, user_agent,
         request_id, detail)
     VALUES (?1, ?2, ?3, ?4, ?4, 1, (SELECT COALESCE(MAX(id), 0) FROM events), ?5, ?6, ?7, ?8)
     ON CONFLICT (id) DO UPDATE SET
         count = failures.count + 1,
         last_at = CASE WHEN excluded.last_at > failures.last_at THEN excluded.last_at ELSE failures.last_at END,
         addresses = CASE
             WHEN excluded.addresses = '' OR length(failures.addresses) > 90
                 OR (' ' || failures.addresses || ' ') LIKE ('% ' || excluded.addresses || ' %')
             THEN failures.addresses
             ELSE failures.addresses || ' ' || excluded.addresses END
     RETURNING count";

/// Gathers a failure, in this transaction. Returns the number of its row.
pub(super) async fn gather(auth: &Auth, tx: &Tx, event: &Event) -> db::Result<i64> {
    let gathered = Gathered::of(event, is_full(auth).await?);
    let count = gathered.run(tx.write(GATHER), event).await?;
    if let Some(full) = gathered.noted(auth, event, count) {
        table::insert(tx, &full).await?;
    }
    Ok(gathered.id)
}

/// Gathers a failure, in one statement. Returns the number of its row.
pub(super) async fn gather_alone(auth: &Auth, event: &Event) -> db::Result<i64> {
    let gathered = Gathered::of(event, is_full(auth).await?);
    let count = gathered.run(auth.db().write_shared(GATHER), event).await?;
    if let Some(full) = gathered.noted(auth, event, count) {
        table::insert_alone(auth, &full).await?;
    }
    Ok(gathered.id)
}

/// The row that a failure belongs to.
struct Gathered {
    id: i64,
    user: Option<UserId>,
    detail: String,
    /// The table is full, so the row gathers the failures of everybody.
    full: bool,
}

impl Gathered {
    fn of(event: &Event, full: bool) -> Self {
        let user = event.user_id.filter(|_| !full);
        let length = match user {
            _ if full => FULL,
            Some(_) => ACCOUNT,
            None => NOBODY,
        };
        let detail = if full { r#"{"of":"everybody"}"#.to_owned() } else { event.detail_as_json() };
        let begin = event.at.0.div_euclid(length);
        let subject = user.map_or(0, i64::from);
        let hash = Sha256::digest(format!("{length} {begin} {subject} {} {detail}", event.kind.as_str()));
        let first = hash[..8].try_into().expect("a SHA-256 has 32 bytes");
        // 52 bits are exact in JavaScript. Numbers below zero are not those of events that stand alone.
        let id = -1 - (u64::from_be_bytes(first) >> 12) as i64;
        Self { id, user, detail, full }
    }

    /// Runs the statement [`GATHER`]. Returns the number of failures in the row.
    async fn run(&self, statement: Statement<'_>, event: &Event) -> db::Result<i64> {
        let count = statement
            .bind(self.id)
            .bind(event.kind.as_str())
            .bind(self.user)
            .bind(event.at)
            .bind(event.ip.as_deref().unwrap_or_default())
            .bind(event.user_agent.as_deref())
            .bind(event.request_id.as_deref())
            .bind(&*self.detail)
            .fetch_optional()
            .await?;
        count.ok_or_else(|| db::Error::Bug("gathered failures have a count".into()))
    }

    /// Notes a new row. Returns the event that is to be recorded if it is the first one of a full table in this hour.
    fn noted(&self, auth: &Auth, event: &Event, count: i64) -> Option<Event> {
        if count > 1 {
            return None;
        }
        auth.table_room().add();
        if !self.full {
            return None;
        }
        tracing::warn!(
            kind = event.kind.as_str(),
            "the table of failures is full: from now on the failures of all accounts are counted together"
        );
        let full = NewEvent::of(EventKind::Throttled, None, By::System);
        Some(full.with("limit", "failures").at(auth.now()))
    }
}

/// Returns `true` if the table has no room for rows of single accounts. Counts the rows once a minute, or after many
/// new ones.
async fn is_full(auth: &Auth) -> db::Result<bool> {
    let (room, now) = (auth.table_room(), auth.now());
    if room.must_look(now) {
        let most = if room.is_full() { ROOM } else { MOST };
        let beyond: Option<i64> = auth
            .db()
            .read("SELECT first_at FROM failures WHERE first_at > ?1 ORDER BY first_at LIMIT 1 OFFSET ?2")
            .bind(i64::MIN)
            .bind(most - 1)
            .fetch_optional()
            .await?;
        room.set_full(beyond.is_some());
    }
    Ok(room.is_full())
}

/// The columns of `failures`, in the order in which [`Found`] reads them.
macro_rules! failure_columns {
    () => {
        "id, kind, user_id, first_at, last_at, count, after_event, addresses, user_agent, request_id, detail"
    };
}

/// The condition for a page of failures: those since `?1` that began before the place `?2`, `?3`, `?4`. None of them
/// began before `?6`.
macro_rules! failure_page {
    () => {
        "last_at >= ?1 AND first_at >= ?6 AND (first_at, after_event, id) < (?2, ?3, ?4)
         ORDER BY first_at DESC, after_event DESC, id DESC LIMIT ?5"
    };
}

/// Returns the next page of failures that pass the filter, newest first. Each row is one event.
pub(super) async fn page(auth: &Auth, query: Query, limit: u32) -> Result<Vec<(Place, Event)>> {
    let statement = match (query.user, query.kind) {
        (None, None) => {
            auth.db().read(concat!("SELECT ", failure_columns!(), " FROM failures WHERE ", failure_page!(),))
        }
        (Some(_), None) => auth.db().read(concat!(
            "SELECT ",
            failure_columns!(),
            " FROM failures WHERE user_id = ?7 AND ",
            failure_page!(),
        )),
        (None, Some(_)) => auth.db().read(concat!(
            "SELECT ",
            failure_columns!(),
            " FROM failures WHERE kind = ?7 AND ",
            failure_page!(),
        )),
        (Some(_), Some(_)) => auth.db().read(concat!(
            "SELECT ",
            failure_columns!(),
            " FROM failures WHERE user_id = ?7 AND kind = ?8 AND ",
            failure_page!(),
        )),
    };
    let (at, after_event, id) = query.before.before_failures();
    let mut statement = statement
        .bind(query.since)
        .bind(at)
        .bind(after_event)
        .bind(id)
        .bind(i64::from(limit))
        .bind(query.since.0.saturating_sub(FULL));
    if let Some(user) = query.user {
        statement = statement.bind(user);
    }
    if let Some(kind) = query.kind {
        statement = statement.bind(kind.as_str());
    }
    let found: Vec<Found> = statement.fetch_all().await?;
    Ok(found.into_iter().map(|Found(place, event)| (place, event)).collect())
}

/// A row of `failures`, as an event.
struct Found(Place, Event);

impl FromRow for Found {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let unknown =
            |part: &str| db::Error::Bug(format!("a failure has {part} that this version does not know"));
        let addresses: String = row.get(7)?;
        let addresses: Vec<_> = addresses.split_whitespace().collect();
        let mut event = Event {
            id: row.get(0)?,
            at: Timestamp::of(row, 3)?,
            kind: row.get::<String>(1)?.parse().map_err(|_| unknown("a kind"))?,
            user_id: row.get::<Option<i64>>(2)?.map(UserId),
            actor: Actor::User,
            ip: addresses.first().map(|ip| (*ip).to_owned()),
            user_agent: row.get(8)?,
            request_id: row.get(9)?,
            detail: serde_json::from_str(&row.get::<String>(10)?).map_err(|_| unknown("a detail"))?,
        };
        let count: i64 = row.get(5)?;
        if count > 1 {
            event.detail.insert("count".into(), count.to_string());
            event.detail.insert("last_at".into(), Timestamp::of(row, 4)?.to_string());
        }
        if addresses.len() > 1 {
            event.detail.insert("addresses".into(), addresses.join(" "));
        }
        Ok(Self(Place::of_failures(event.at, row.get(6)?, event.id), event))
    }
}

/// Deletes at most `limit` rows that are older than the settings keep them. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    let retention = auth.config().failures_retention.as_secs() as i64;
    Ok(auth
        .db()
        .write(
            "DELETE FROM failures WHERE id IN
                 (SELECT id FROM failures WHERE first_at <= ?1 ORDER BY first_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now() - retention)
        .bind(limit)
        .execute()
        .await?)
}
