//! Clearing away what is over, such as expired sessions and old events. By one node at a time, in small batches with
//! pauses between them, so that nobody who writes waits for it. Owns the table `chores`.
//!
//! Nothing depends on it but the size of the database: what has expired is refused whether or not it is still there.

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use tokio::{
    select,
    time::{Instant, sleep},
};

use crate::{
    accounts::{device, event, limit::guesses, mail::outbox, one_time, session},
    auth::{Auth, WeakAuth},
    base::{
        error::Result,
        secret::{self, Hash},
    },
};

/// How often all is cleared, in seconds, by one of the nodes.
const EVERY: i64 = 300;
/// A node looks that often, and up to half as long again, whether it is time; the first time after one of these.
const LOOK: Duration = Duration::from_secs(60);
const FIRST_LOOK: Duration = Duration::from_secs(5);
/// So many rows are deleted at once, the fewer the longer that takes.
const ROWS: i64 = 500;
const FEWEST_ROWS: i64 = 20;
/// How long others who write may wait for one batch.
const HOLD: Duration = Duration::from_millis(20);
/// The shortest pause between two batches. It is otherwise four times as long as the batch took.
const PAUSE: Duration = Duration::from_millis(20);
/// So many batches of a round look for sessions that have ended.
const STEPS: usize = 40;

/// Rows to be cleared away.
#[derive(Clone, Copy)]
enum Chore {
    /// The rows of a table that have expired.
    Expired(Clear),
    /// Sessions that have not expired and yet ended, because settings are stricter now or because nobody used them. No
    /// index leads there, so some are looked at in each round.
    EndedSessions,
}

/// Deletes at most so many rows, and returns how many it deleted.
type Clear = for<'a> fn(&'a Auth, i64) -> Pin<Box<dyn Future<Output = Result<u64>> + Send + 'a>>;

const CHORES: [Chore; 7] = [
    Chore::Expired(|auth, rows| Box::pin(session::delete_expired(auth, rows))),
    Chore::EndedSessions,
    Chore::Expired(|auth, rows| Box::pin(one_time::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(guesses::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(device::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(outbox::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(event::delete_expired(auth, rows))),
];

/// Clears until `stopped`.
pub(crate) async fn run(auth: WeakAuth, stopped: impl Future<Output = ()>) {
    let mut stopped = pin!(stopped);
    let mut cleaner = Cleaner::new(auth);
    let mut look = FIRST_LOOK;
    loop {
        select! {
            () = &mut stopped => return,
            () = sleep(jittered(look)) => {}
        }
        let round = select! {
            () = &mut stopped => return,
            round = cleaner.round() => round,
        };
        match round {
            Ok(None) => {}
            Ok(Some(deleted)) => tracing::debug!(deleted, "what had expired was cleared"),
            Err(error) => tracing::debug!(cause = %error, "what has expired was not cleared"),
        }
        look = LOOK;
    }
}

/// Clears once, if it is time, and returns how many rows that deleted.
#[cfg(any(test, feature = "test-util"))]
pub(crate) async fn once(auth: &Auth) -> Result<Option<u64>> {
    Cleaner::new(auth.downgrade()).round().await
}

/// Up to half as long again, so that nodes that were started together do not stay together.
fn jittered(pause: Duration) -> Duration {
    pause + pause.mul_f64((secret::random_id() % 1000) as f64 / 2000.0)
}

/// Takes the next round for this node, at the moment `now`, and says until when it is this node's. `None` if it is not
/// time, or another node has taken it.
async fn claim(auth: &Auth) -> Result<Option<i64>> {
    let now = auth.now();
    let due_at = now + EVERY;
    // One that is due later than this was written before a clock went back.
    let claimed = auth
        .db()
        .write(
            "INSERT INTO chores (name, due_at) VALUES ('clean_up', ?1)
             ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at
             WHERE chores.due_at <= ?2 OR chores.due_at > excluded.due_at",
        )
        .bind(due_at)
        .bind(now)
        .execute()
        .await?;
    Ok((claimed > 0).then_some(due_at))
}

/// Keeps a round that takes long for this node. `false` if another node has taken it meanwhile.
async fn hold(auth: &Auth, until: &mut i64) -> Result<bool> {
    let now = auth.now();
    if now < *until - EVERY / 2 {
        return Ok(true);
    }
    let held = auth
        .db()
        .write("UPDATE chores SET due_at = ?1 WHERE name = 'clean_up' AND due_at = ?2")
        .bind(now + EVERY)
        .bind(*until)
        .execute()
        .await?;
    *until = now + EVERY;
    Ok(held > 0)
}

/// What clears, and what it remembers from one batch to the next.
struct Cleaner {
    auth: WeakAuth,
    /// How many rows a batch has. Fewer if the last one took long.
    rows: i64,
    /// The session that was looked at last.
    looked_at: Hash,
}

impl Cleaner {
    fn new(auth: WeakAuth) -> Self {
        Self { auth, rows: ROWS / 5, looked_at: session::FIRST }
    }

    /// Clears all tables, if it is time, and says how many rows that deleted. It ends early if nobody holds the
    /// accounts any more.
    async fn round(&mut self) -> Result<Option<u64>> {
        let Some(auth) = self.auth.upgrade() else { return Ok(None) };
        let Some(mut until) = claim(&auth).await? else { return Ok(None) };
        drop(auth);
        let mut total = 0;
        for chore in CHORES {
            for step in 1.. {
                let Some(auth) = self.auth.upgrade() else { return Ok(Some(total)) };
                if !hold(&auth, &mut until).await? {
                    return Ok(Some(total));
                }
                let begun = Instant::now();
                let (deleted, more) = self.batch(&auth, chore).await?;
                drop(auth);
                total += deleted;
                if !more || (matches!(chore, Chore::EndedSessions) && step == STEPS) {
                    break;
                }
                let took = begun.elapsed();
                self.rows = if took > HOLD { self.rows / 2 } else { self.rows * 2 }.clamp(FEWEST_ROWS, ROWS);
                sleep(PAUSE.max(took * 4)).await;
            }
        }
        Ok(Some(total))
    }

    /// Deletes some rows. Returns how many, and `true` if there may be more.
    async fn batch(&mut self, auth: &Auth, chore: Chore) -> Result<(u64, bool)> {
        match chore {
            Chore::Expired(clear) => {
                let deleted = clear(auth, self.rows).await?;
                Ok((deleted, deleted == self.rows as u64))
            }
            Chore::EndedSessions => {
                let (last, deleted) = session::delete_ended(auth, self.looked_at, self.rows).await?;
                self.looked_at = last.unwrap_or(session::FIRST);
                Ok((deleted, last.is_some()))
            }
        }
    }
}
