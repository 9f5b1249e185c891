//! The rules of memory: when a node may answer from memory, and how long a change waits. There is no network here.
//!
//! Several nodes share a database, and each remembers rows that it has read. Nobody may be told that a session has
//! ended while some node still accepts it from memory. So memory needs a lease:
//!
//! 1. A node takes part by a row in `nodes`. To renew its lease, it writes a new random number there, and then reads
//!    `node_changes`. It may use its memory for [`USE`] by its own clock, counted from before it sent the two
//!    statements.
//! 2. A node that changes rows adds their owner to `node_changes` in the same transaction. After the commit it reads
//!    `nodes`. It acknowledges the change when each node in that list has confirmed it, or after [`WAIT`]. Only then
//!    may it delete the row from `node_changes`.
//! 3. A node that was silent for [`WAIT`] is removed from `nodes`, so that the next change does not wait for it. But it
//!    is removed only if its number is still the one that was read. Another number means that it has renewed its lease.
//! 4. A node whose lease ran out before it was renewed first forgets everything.
//!
//! This is enough. Take any lease that a node holds when the change is acknowledged, or later:
//!
//! - Its renewal read `node_changes` before the change was committed. Then it has run out after [`WAIT`], because it
//!   counts from before the renewal was sent. If the change did not wait that long, the node had confirmed it.
//! - Its renewal read `node_changes` after the commit, and found the row. Then the node knows of the change.
//! - Its renewal read `node_changes` after the row was deleted. Then either the node had confirmed, or [`WAIT`] was
//!   over. In the second case its earlier lease had run out, so it forgets everything.
//! - The node was not in `nodes` after the commit, because it was removed or joined later. Then it had no lease at that
//!   time, so it forgets everything too.
//!
//! Notifications only make this fast; nothing depends on their arrival. The clocks need not agree. They only need to
//! run about equally fast: the difference between [`USE`] and [`WAIT`] allows for 15 %.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicU64, Ordering::SeqCst},
};

use crate::base::db::changes::{Changes, Mark};

/// How long a node may use its memory after it sent a renewal, in milliseconds of its clock.
pub(super) const USE: u64 = 1700;
/// How long a node that changed something waits for confirmations, in milliseconds of its clock.
pub(super) const WAIT: u64 = 2000;
/// How long a change stays in the table if the node that made it is gone. By then, each node that renewed its lease
/// without a gap has read it.
pub(super) const LEFT_BEHIND: u64 = 5 * WAIT;

/// The memory of a node: the changes that it knows, and the end of its lease.
#[derive(Default)]
pub(super) struct Memory {
    changes: Changes,
    until: AtomicU64,
}

impl Memory {
    pub(super) fn mark(&self) -> Mark {
        self.changes.mark()
    }

    /// Returns `true` if the rows of `owner` that were read after `mark` still hold at the time `now`.
    pub(super) fn holds(&self, now: u64, owner: i64, mark: Mark) -> bool {
        // The order matters: first all changes are known, then none of them is of this owner.
        self.is_all_known(now) && self.changes.none_since(owner, mark)
    }

    /// Returns `true` if every change that was acknowledged to anybody until the time `now` is noted.
    pub(super) fn is_all_known(&self, now: u64) -> bool {
        now < self.until.load(SeqCst)
    }

    /// The changes that are noted.
    pub(super) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Notes a change.
    pub(super) fn changed(&self, owner: i64) {
        self.changes.note(owner);
    }

    /// Notes a renewal that was sent at `sent` and answered at `now`, with the owners of the changes in the table.
    pub(super) fn renewed(&self, sent: u64, now: u64, owners: impl IntoIterator<Item = i64>) {
        if now >= self.until.load(SeqCst) {
            self.changes.note_everything();
        }
        owners.into_iter().for_each(|owner| self.changes.note(owner));
        self.until.store(sent + USE, SeqCst);
    }

    /// Gives the lease up.
    pub(super) fn give_up(&self) {
        self.until.store(0, SeqCst);
    }
}

/// A row of the table `nodes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) id: i64,
    pub(super) lease: i64,
}

/// The wait until every node knows of changes that were committed.
pub(super) struct Settling {
    silent: Vec<Node>,
    /// The number of changes that each node has to confirm.
    expected: usize,
    confirmed: HashSet<(i64, i64)>,
    until: u64,
}

impl Settling {
    /// Call this after the commit. `changes` is the number of committed changes. The `nodes` were read after the commit, and
    /// `now` after the `nodes`. The `own` node knows of the changes already.
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

    /// Returns `true` if the change may be acknowledged.
    pub(super) fn is_done(&self, now: u64) -> bool {
        self.silent.is_empty() || now >= self.until
    }

    /// Returns the milliseconds after which it may be acknowledged in any case.
    pub(super) fn left(&self, now: u64) -> u64 {
        if self.silent.is_empty() { 0 } else { self.until.saturating_sub(now) }
    }

    /// Returns the nodes to remove from the table. Each is removed only if its row is still the same.
    pub(super) fn silent(&self) -> &[Node] {
        &self.silent
    }
}

/// Returns the milliseconds of a clock of this machine that nobody can set and that goes on while the machine sleeps.
#[cfg(target_os = "linux")]
pub(super) fn now() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    now.tv_sec as u64 * 1000 + now.tv_nsec as u64 / 1_000_000
}

#[cfg(not(target_os = "linux"))]
pub(super) fn now() -> u64 {
    use std::{sync::LazyLock, time::Instant};
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Never 0, which stands for no lease.
    START.elapsed().as_millis() as u64 + 1
}

#[cfg(test)]
mod tests;
