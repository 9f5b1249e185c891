//! Tells when a session has ended, for streams that go on after their request was answered.
//!
//! One task looks after all waits of a process, and only while there are any. It sleeps until the database layer notes
//! a change of a user. On PostgreSQL that is a change by any node, on SQLite one by this process, and it is noted
//! before it is acknowledged. Four times a second the task also looks at the clock and, on SQLite, for commits of other
//! processes. For those it reads 48 bytes from a file, for any number of waits. It asks the database only about a
//! session whose user has changed, whose time is over, or that it has not read for five minutes.
//!
//! If memory cannot be used, for example because a node has lost its lease, the task asks the database about each
//! session about once a second. If the database does not answer within two seconds, nobody knows whether the session
//! goes on. So the wait ends. A request would get 503.

use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::{
    sync::oneshot,
    task::coop::consume_budget,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use crate::{
    accounts::session::find::{holds, peek},
    auth::{
        Auth,
        waits::{Wait, Waits},
    },
    base::secret::Hash,
    model::session::Transport,
};

/// How often the clock is compared, and how often commits of other processes are looked for.
const TICK: Duration = Duration::from_millis(250);
/// How often the database is asked about each session if memory cannot be used.
const BLIND: Duration = Duration::from_millis(750);
/// The pause while a commit of our own may be under way. Until it ends, not all changes are known.
const MOMENT: Duration = Duration::from_millis(10);
/// The number of such pauses. After that, memory counts as not usable.
const MOMENTS: u32 = 10;
/// How long the database may take to answer.
const ANSWER: Duration = Duration::from_secs(2);
/// The least time between two rounds, so that many changes at once cost one.
const BREATH: Duration = Duration::from_millis(5);
/// The number of sessions that the database is asked about at the same time.
const AT_ONCE: usize = 32;

/// Returns `true` if the session has ended, or if nobody knows. Does not count as a use of the session.
pub(crate) async fn has_ended(auth: &Auth, token_hash: Hash, transport: Transport) -> bool {
    !matches!(peek(auth, token_hash, transport).await, Ok(Some(_)))
}

/// Completes when the session has ended, or when nobody knows. Does not count as a use of the session.
pub(crate) async fn ended(auth: &Auth, token_hash: Hash, transport: Transport) {
    let Ok(Some(known)) = peek(auth, token_hash, transport).await else { return };
    let (tell, told) = oneshot::channel();
    if auth.waits().add(Wait { token_hash, transport, known, tell }) {
        auth.tasks().spawn_apart(watch(auth.clone()));
    }
    // The sender is dropped at the end of the session.
    let _ = told.await;
}

/// Looks after all waits, until there are none or the accounts are closed.
async fn watch(auth: Auth) {
    let mut watching = Watching(Some(auth.waits()));
    tokio::select! {
        () = auth.tasks().stopped() => {}
        () = rounds(&auth) => watching.0 = None,
    }
}

/// Ends all waits if their task stops while there are any. Otherwise they would wait for ever.
struct Watching<'a>(Option<&'a Waits>);

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        if let Some(waits) = self.0 {
            waits.end_all();
        }
    }
}

async fn rounds(auth: &Auth) {
    let mut moments = 0;
    let mut time_to_ask = interval(BLIND);
    time_to_ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // The order matters. First ask if all changes are known. Only then does "no change of this user" mean anything.
        let all_known = auth.db().is_all_known();
        moments = if all_known { 0 } else { moments + 1 };
        let blind = moments > MOMENTS;
        let ask_all = blind && time_to_ask.tick().now_or_never().is_some();
        let waits = round(auth, auth.waits().take(), ask_all).await;
        if !auth.waits().put_back(waits) {
            return;
        }
        let pause = if all_known || blind { TICK } else { MOMENT };
        tokio::select! {
            () = auth.db().news() => {}
            () = auth.waits().added() => {}
            () = sleep(pause) => {}
        }
        sleep(BREATH).await;
    }
}

/// Returns the waits whose session goes on, and ends the others.
async fn round(auth: &Auth, waits: Vec<Wait>, ask_all: bool) -> Vec<Wait> {
    let now = auth.now();
    let waits = waits.into_iter().filter(|wait| !wait.tell.is_closed());
    let (mut certain, doubtful): (Vec<_>, Vec<_>) =
        waits.partition(|wait| !ask_all && holds(auth, &wait.known, wait.transport, now));
    let asked = stream::iter(doubtful).map(|wait| async move {
        // SQLite answers at once, on this thread: let other tasks run in between.
        consume_budget().await;
        let found = timeout(ANSWER, peek(auth, wait.token_hash, wait.transport)).await;
        Some(Wait { known: found.ok()?.ok()??, ..wait })
    });
    certain.extend(asked.buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect::<Vec<_>>().await);
    certain
}
