//! When a node may answer from memory, and what whoever changes something waits for: the rules, without the network.
//!
//! Several nodes share a database, and each remembers what it has read. Nobody may be told that a session has ended
//! while some node still goes by its memory of it. So memory needs a lease:
//!
//! 1. A node takes part by a row in `nodes`. To renew its lease it writes a new random number there, and reads
//!    `node_changes`. It may go by its memory for [`USE`] from the moment before it sent that, by its own clock.
//! 2. Whoever changes rows adds whose they are to `node_changes` in the same transaction. After the commit it reads
//!    `nodes`, and acknowledges the change when each node in it has confirmed that it knows, or after [`WAIT`]. The row
//!    in `node_changes` goes only then.
//! 3. A node that was silent for so long is struck from `nodes`, so that the next change does not wait for it; but only
//!    if its number there is still the one that was read: otherwise it has renewed its lease meanwhile.
//! 4. A node whose lease ran out before it was renewed forgets everything first.
//!
//! Why that is enough: a renewal that read `node_changes` before the change was committed has run out after [`WAIT`],
//! for it counts from before it was sent. One that read it later found the row, unless that was gone already; then the
//! node had confirmed, or [`WAIT`] was over and with it the lease from before, and so it forgets everything. A node
//! that was not in `nodes` after the commit, because it was struck or joined later, had no lease then, and forgets
//! everything too. Notifications only make it quick: nothing depends on whether they arrive. Clocks need not agree,
//! only run about as fast: the difference of [`USE`] and [`WAIT`] allows for 15 %.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicU64, Ordering::SeqCst},
};

use crate::db::changes::{Changes, Mark};

/// How long a node goes by its memory after it asked to, in milliseconds of its clock.
pub(super) const USE: u64 = 1700;
/// How long whoever changed something waits for a node to confirm, in milliseconds of its clock.
pub(super) const WAIT: u64 = 2000;
/// How long a change stays in the table if whoever made it vanished. A node that has renewed its lease without a gap
/// has read it long before.
pub(super) const LEFT_BEHIND: u64 = 5 * WAIT;

/// The memory of a node: what has changed, and for how long it may go by that.
#[derive(Default)]
pub(super) struct Memory {
    changes: Changes,
    until: AtomicU64,
}

impl Memory {
    pub(super) fn mark(&self) -> Mark {
        self.changes.mark()
    }

    /// Whether what was read of `owner` after `mark` still holds at the moment `now`.
    pub(super) fn holds(&self, now: u64, owner: i64, mark: Mark) -> bool {
        // First that all is known, then that nothing of it matters.
        now < self.until.load(SeqCst) && self.changes.none_since(owner, mark)
    }

    /// A change became known.
    pub(super) fn changed(&self, owner: i64) {
        self.changes.note(owner);
    }

    /// The lease was renewed: asked for at `sent`, granted at `now`, with the changes that were in the table.
    pub(super) fn renewed(&self, sent: u64, now: u64, owners: impl IntoIterator<Item = i64>) {
        if now >= self.until.load(SeqCst) {
            self.changes.note_everything();
        }
        owners.into_iter().for_each(|owner| self.changes.note(owner));
        self.until.store(sent + USE, SeqCst);
    }

    /// The lease is given up.
    pub(super) fn give_up(&self) {
        self.until.store(0, SeqCst);
    }
}

/// A node as it stands in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) id: i64,
    pub(super) lease: i64,
}

/// Waiting until every node knows of a change that was committed.
pub(super) struct Settling {
    silent: Vec<Node>,
    /// The changes that each of them is to confirm.
    expected: usize,
    confirmed: HashSet<(i64, i64)>,
    until: u64,
}

impl Settling {
    /// After the commit of so many changes, with the `nodes` that were read after it, at the moment `now` after that.
    /// What the own node must know it knows.
    pub(super) fn new(now: u64, changes: usize, own: Option<i64>, nodes: Vec<Node>) -> Self {
        let silent = nodes.into_iter().filter(|node| Some(node.id) != own).collect();
        Self { silent, expected: changes, confirmed: HashSet::new(), until: now + WAIT }
    }

    pub(super) fn confirmed(&mut self, node: i64, change: i64) {
        self.confirmed.insert((node, change));
        let confirmed = &self.confirmed;
        let all = |node: &Node| confirmed.iter().filter(|(by, _)| *by == node.id).count() == self.expected;
        self.silent.retain(|node| !all(node));
    }

    /// Whether the change may be acknowledged.
    pub(super) fn is_done(&self, now: u64) -> bool {
        self.silent.is_empty() || now >= self.until
    }

    /// Milliseconds until it may be, whatever happens.
    pub(super) fn left(&self, now: u64) -> u64 {
        if self.silent.is_empty() { 0 } else { self.until.saturating_sub(now) }
    }

    /// The nodes to be struck from the table, each only if it still stands there like this.
    pub(super) fn silent(&self) -> &[Node] {
        &self.silent
    }
}

/// Milliseconds on a clock of this machine that is never set, and goes on while the machine sleeps.
#[cfg(target_os = "linux")]
pub(super) fn now() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    now.tv_sec as u64 * 1000 + now.tv_nsec as u64 / 1_000_000
}

#[cfg(not(target_os = "linux"))]
pub(super) fn now() -> u64 {
    use std::{sync::LazyLock, time::Instant};
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Not 0, which is the time of no lease at all.
    START.elapsed().as_millis() as u64 + 1
}

#[cfg(test)]
mod tests;
