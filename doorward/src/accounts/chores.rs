//! Deletes expired rows, such as sessions and old events. One node does it at a time, in small batches with pauses, so
//! that other writers hardly wait. Owns the table `chores`.
//!
//! Only the size of the database depends on this: an expired row counts for nothing, even if it is not deleted yet.

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use tokio::{
    select,
    time::{Instant, sleep},
};

#[cfg(feature = "provider")]
use crate::accounts::{oauth, signing_key};
#[cfg(feature = "totp")]
use crate::accounts::{passkey::challenges, second_factor::totp};
use crate::{
    accounts::{device, event, limit::guesses, mail::outbox, one_time, pending_login, session},
    auth::{Auth, WeakAuth},
    base::{
        db,
        error::Result,
        secret::{self, Hash},
    },
};

/// The seconds between two rounds. One of the nodes runs a round.
const EVERY: i64 = 300;
/// The pause before a node checks again whether a round is due, and before its first check. Up to a half is added.
const LOOK: Duration = Duration::from_secs(60);
const FIRST_LOOK: Duration = Duration::from_secs(5);
/// The most and the fewest rows of a batch. A slow batch is followed by a smaller one.
const ROWS: i64 = 500;
const FEWEST_ROWS: i64 = 20;
/// The longest time that other writers should wait for one batch.
const HOLD: Duration = Duration::from_millis(20);
/// The shortest pause between two batches. After a longer batch the pause is four times as long as the batch.
const PAUSE: Duration = Duration::from_millis(20);
/// The most batches of a round that look for ended sessions.
const STEPS: usize = 40;

/// The rows that one step of a round deletes.
#[derive(Clone, Copy)]
enum Chore {
    /// The rows of a table that have expired.
    Expired(Clear),
    /// Sessions that ended before they expired: the settings are stricter now, or the session was not used. No index
    /// finds them, so each round looks at a part of the table.
    EndedSessions,
}

/// Deletes at most this many rows. Returns how many it deleted.
type Clear = for<'a> fn(&'a Auth, i64) -> Pin<Box<dyn Future<Output = Result<u64>> + Send + 'a>>;

const CHORES: &[Chore] = &[
    Chore::Expired(|auth, rows| Box::pin(session::delete_expired(auth, rows))),
    Chore::EndedSessions,
    #[cfg(feature = "totp")]
    Chore::Expired(|auth, rows| Box::pin(totp::delete_expired(auth, rows))),
    #[cfg(feature = "totp")]
    Chore::Expired(|auth, rows| Box::pin(challenges::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(pending_login::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(one_time::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(guesses::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(device::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(outbox::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(event::delete_expired(auth, rows))),
    Chore::Expired(|auth, rows| Box::pin(event::delete_expired_failures(auth, rows))),
    #[cfg(feature = "provider")]
    Chore::Expired(|auth, rows| Box::pin(oauth::delete_expired_codes(auth, rows))),
    #[cfg(feature = "provider")]
    Chore::Expired(|auth, rows| Box::pin(oauth::delete_expired_tokens(auth, rows))),
    #[cfg(feature = "provider")]
    Chore::Expired(|auth, rows| Box::pin(oauth::erase_salts(auth, rows))),
    #[cfg(feature = "provider")]
    Chore::Expired(|auth, rows| Box::pin(oauth::delete_refresh_tokens(auth, rows))),
    #[cfg(feature = "provider")]
    Chore::Expired(|auth, rows| Box::pin(oauth::delete_chains(auth, rows))),
    #[cfg(feature = "provider")]
    Chore::Expired(|auth, rows| Box::pin(signing_key::delete_expired(auth, rows))),
    #[cfg(feature = "provider")]
    Chore::Expired(|auth, _| Box::pin(signing_key::renew(auth))),
];

/// Runs rounds until `stopped`.
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
            Ok(Some(deleted)) => tracing::debug!(deleted, "expired rows were deleted"),
            Err(error) => tracing::debug!(cause = %error, "expired rows could not be deleted"),
        }
        look = LOOK;
    }
}

/// Runs a round, if one is due. Returns how many rows it deleted.
#[cfg(feature = "test-util")]
pub(crate) async fn once(auth: &Auth) -> Result<Option<u64>> {
    Cleaner::new(auth.downgrade()).round().await
}

/// Writes a row that means nothing, to show that the database takes writes.
pub(crate) async fn try_write(auth: &Auth) -> db::Result<()> {
    auth.db()
        .write(
            "INSERT INTO chores (name, due_at) VALUES ('check_writes', ?1)
             ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at",
        )
        .bind(auth.now())
        .execute()
        .await?;
    Ok(())
}

/// Makes a pause up to half as long again, at random. Nodes that were started together do not stay together.
fn jittered(pause: Duration) -> Duration {
    pause + pause.mul_f64((secret::random_id() % 1000) as f64 / 2000.0)
}

/// Claims the next round for this node. Returns the moment when the claim ends, or `None` if no round is due or another
/// node has claimed it.
async fn claim(auth: &Auth) -> Result<Option<i64>> {
    let now = auth.now();
    let due_at = now + EVERY;
    // A later moment than `due_at` was written before a clock was set back.
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

/// Extends the claim on a round that takes long. Returns `false` if another node has claimed the round by now.
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

/// The state of the rounds of this node.
struct Cleaner {
    auth: WeakAuth,
    /// The number of rows in the next batch.
    rows: i64,
    /// The token hash of the session at which the search for ended sessions stopped. The next batch goes on after it.
    looked_at: Hash,
}

impl Cleaner {
    fn new(auth: WeakAuth) -> Self {
        Self { auth, rows: ROWS / 5, looked_at: session::START }
    }

    /// Runs a round over all tables, if one is due. Returns how many rows it deleted. Ends early if the accounts are
    /// closed or another node has claimed the round.
    async fn round(&mut self) -> Result<Option<u64>> {
        let Some(auth) = self.auth.upgrade() else { return Ok(None) };
        let Some(mut until) = claim(&auth).await? else { return Ok(None) };
        drop(auth);
        let mut total = 0;
        for chore in CHORES.iter().copied() {
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

    /// Runs one batch. Returns how many rows it deleted, and `true` if there may be more.
    async fn batch(&mut self, auth: &Auth, chore: Chore) -> Result<(u64, bool)> {
        match chore {
            Chore::Expired(clear) => {
                let deleted = clear(auth, self.rows).await?;
                Ok((deleted, deleted == self.rows as u64))
            }
            Chore::EndedSessions => {
                let (last, deleted) = session::delete_ended(auth, self.looked_at, self.rows).await?;
                self.looked_at = last.unwrap_or(session::START);
                Ok((deleted, last.is_some()))
            }
        }
    }
}
