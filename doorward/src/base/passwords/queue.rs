//! The jobs that wait for a hashing thread. They are served in fair turns, so that nobody is crowded out.
//!
//! - **Classes.** Each [`Class`] has room of its own, and a weight. If jobs of several classes wait, the threads take
//!   them in proportion to the weights. So a flood of registrations takes few turns from people who log in.
//! - **Networks.** Within a class, the networks of the clients take turns. IPv4 addresses share the turn of their /24,
//!   and IPv6 addresses the turns of their /64, /56 and /48. So a client with many connections, or with many addresses
//!   in one network, gets no more turns than another client.
//! - **A full room.** If the room of a class is full, jobs that have waited for longer than [`STALE`] are dropped first.
//!   If there are none, the newest job of the network with the most waiting jobs is dropped. While there is room,
//!   one client may use all of it.
//! - **Crowded.** A job that is older than [`STALE`] is dropped when its turn comes, if more than half of the room is
//!   taken. Its caller gets 503 early, and the thread serves a caller who is still there.
//!
//! A dropped job is called with `None` in place of a worker, so that its caller learns of it.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use doorward_password::Worker;

use crate::base::network::client_network;

/// A slow job. It gets no worker if it was dropped.
pub(super) type Job = Box<dyn FnOnce(Option<&mut Worker>) + Send>;

/// The time after which a waiting job is dropped, if others need its room.
const STALE: Duration = Duration::from_secs(1);

/// The reason of a job, in the order of the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A log-in from a device that its user has logged in with before.
    KnownDevice,
    /// The request of a person who has a session, or who was proved by a mail.
    Session,
    /// Any other log-in, and a code from a mail.
    LogIn,
    /// A registration.
    Register,
}

impl Class {
    const ALL: [Self; 4] = [Self::KnownDevice, Self::Session, Self::LogIn, Self::Register];

    fn weight(self) -> i64 {
        match self {
            Self::KnownDevice => 8,
            Self::Session => 4,
            Self::LogIn => 2,
            Self::Register => 1,
        }
    }
}

/// The one who waits for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    class: Class,
    /// The client address. `None` if there is no client, or if its address is unknown.
    ip: Option<IpAddr>,
}

impl Caller {
    /// An operator, or the host application.
    pub(crate) const OPERATOR: Self = Self { class: Class::Session, ip: None };
    /// Doorward itself, in the background.
    pub(crate) const BACKGROUND: Self = Self { class: Class::LogIn, ip: None };

    pub(crate) fn new(class: Class, ip: Option<IpAddr>) -> Self {
        Self { class, ip }
    }

    /// Returns the networks of the client, from the widest to the narrowest.
    fn networks(self) -> Vec<Network> {
        match self.ip.map(client_network) {
            None => vec![Network::Unknown],
            Some(IpAddr::V4(ip)) => {
                let ip = ip.to_bits();
                vec![Network::V4(ip >> 8), Network::V4(ip)]
            }
            Some(IpAddr::V6(ip)) => {
                let upper = (ip.to_bits() >> 64) as u64;
                vec![Network::V6(upper >> 16), Network::V6(upper >> 8), Network::V6(upper)]
            }
        }
    }
}

/// A network, by the first bits of its addresses. The place in the tree tells how many bits these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Network {
    Unknown,
    V4(u32),
    V6(u64),
}

/// The queue that the hashing threads share.
pub(super) struct Queue {
    state: Mutex<State>,
    /// Wakes a thread for each new job.
    work: Condvar,
    /// Wakes the thread that serves late jobs, when the first job waits. Then that thread knows when to look again.
    late: Condvar,
    /// The most jobs that wait in each class.
    room: usize,
}

#[derive(Default)]
struct State {
    lines: [Line; Class::ALL.len()],
    /// The turns that each class has missed, in proportion to the weights.
    credits: [i64; Class::ALL.len()],
    closed: bool,
}

/// The waiting jobs of a network. They wait in the lines of the narrower networks, or here if there are none.
#[derive(Default)]
struct Line {
    waiting: usize,
    jobs: VecDeque<(Instant, Job)>,
    below: HashMap<Network, Line>,
    /// The networks in `below`, in the order of their turns.
    turns: VecDeque<Network>,
}

impl Queue {
    pub(super) fn new(room: usize) -> Self {
        Self { state: Mutex::default(), work: Condvar::new(), late: Condvar::new(), room }
    }

    /// The most jobs that wait in each class.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// Adds a job and returns the number of waiting jobs of its class. This may drop a job: if the room is full, this
    /// one or another one.
    pub(super) fn push(&self, caller: Caller, job: Job) -> usize {
        let mut state = self.lock();
        let was_empty = state.is_empty();
        let line = &mut state.lines[caller.class as usize];
        let now = Instant::now();
        let mut dropped = if line.waiting < self.room { Vec::new() } else { line.drop_stale(now) };
        line.push(&caller.networks(), (now, job));
        if line.waiting > self.room {
            dropped.extend(line.drop_crowding());
        }
        let waiting = line.waiting;
        drop(state);
        if !dropped.is_empty() {
            tracing::warn!(class = ?caller.class, dropped = dropped.len(), "the hashing queue is full");
        }
        for job in dropped {
            job(None);
        }
        self.work.notify_one();
        if was_empty {
            self.late.notify_one();
        }
        waiting
    }

    /// Waits for the job whose turn it is. Returns `None` when the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<Job> {
        let state = self.lock();
        let state = self.work.wait_while(state, |state| state.is_empty() && !state.closed);
        self.take(state.unwrap_or_else(PoisonError::into_inner))
    }

    /// Like [`Queue::pop`], but waits until some job has waited for longer than `patience`.
    pub(super) fn pop_late(&self, patience: Duration) -> Option<Job> {
        let mut state = self.lock();
        loop {
            let waited = state.oldest().map(|since| since.elapsed());
            let woken = match waited {
                _ if state.closed => return self.take(state),
                Some(waited) if waited >= patience => return self.take(state),
                Some(waited) => {
                    let waits = self.late.wait_timeout(state, patience.saturating_sub(waited));
                    waits.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.late.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
            state = woken;
        }
    }

    /// Takes the next job, and drops stale ones of a crowded class.
    fn take(&self, mut state: MutexGuard<'_, State>) -> Option<Job> {
        let now = Instant::now();
        let mut dropped = Vec::new();
        let next = loop {
            let Some((class, since, job)) = state.next() else { break None };
            let crowded = state.lines[class as usize].waiting >= self.room.div_ceil(2);
            if crowded && now.saturating_duration_since(since) > STALE && !state.closed {
                dropped.push(job);
            } else {
                break Some(job);
            }
        };
        drop(state);
        for job in dropped {
            job(None);
        }
        next
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
        self.late.notify_all();
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.waiting == 0)
    }

    /// Returns the time since when the oldest job waits.
    fn oldest(&self) -> Option<Instant> {
        self.lines.iter().filter_map(Line::oldest).min()
    }

    /// Removes the job whose turn it is. Each waiting class earns its weight, and the one with the most credit pays
    /// for the turn. This is the smooth weighted round robin of nginx's load balancer.
    fn next(&mut self) -> Option<(Class, Instant, Job)> {
        let mut turn = None;
        let mut earned = 0;
        for class in Class::ALL {
            let credit = &mut self.credits[class as usize];
            if self.lines[class as usize].waiting == 0 {
                *credit = 0;
                continue;
            }
            *credit += class.weight();
            earned += class.weight();
            if turn.is_none_or(|(_, most)| *credit > most) {
                turn = Some((class, *credit));
            }
        }
        let (class, _) = turn?;
        self.credits[class as usize] -= earned;
        let (since, job) = self.lines[class as usize].pop()?;
        Some((class, since, job))
    }
}

impl Line {
    fn push(&mut self, networks: &[Network], job: (Instant, Job)) {
        self.waiting += 1;
        let Some((network, narrower)) = networks.split_first() else { return self.jobs.push_back(job) };
        let turns = &mut self.turns;
        let below = self.below.entry(*network).or_insert_with(|| {
            turns.push_back(*network);
            Self::default()
        });
        below.push(narrower, job);
    }

    /// Removes the job of the network whose turn it is.
    fn pop(&mut self) -> Option<(Instant, Job)> {
        let Some(network) = self.turns.pop_front() else {
            let job = self.jobs.pop_front();
            self.waiting -= usize::from(job.is_some());
            return job;
        };
        let below = self.below.get_mut(&network)?;
        let job = below.pop();
        if below.waiting == 0 {
            self.below.remove(&network);
        } else {
            self.turns.push_back(network);
        }
        self.waiting -= usize::from(job.is_some());
        job
    }

    /// Removes the newest job of the network with the most waiting jobs. Of equal networks, the one with the latest
    /// turn loses.
    fn drop_crowding(&mut self) -> Option<Job> {
        let dropped = match self.turns.iter().copied().max_by_key(|network| self.below[network].waiting) {
            None => self.jobs.pop_back().map(|(_, job)| job),
            Some(network) => {
                let below = self.below.get_mut(&network)?;
                let dropped = below.drop_crowding();
                if below.waiting == 0 {
                    self.below.remove(&network);
                    self.turns.retain(|other| *other != network);
                }
                dropped
            }
        };
        self.waiting -= usize::from(dropped.is_some());
        dropped
    }

    /// Removes all jobs that have waited for too long.
    fn drop_stale(&mut self, now: Instant) -> Vec<Job> {
        let mut dropped = Vec::new();
        while self.jobs.front().is_some_and(|(since, _)| now.saturating_duration_since(*since) > STALE) {
            dropped.extend(self.jobs.pop_front().map(|(_, job)| job));
        }
        for below in self.below.values_mut() {
            dropped.extend(below.drop_stale(now));
        }
        self.below.retain(|_, below| below.waiting > 0);
        self.turns.retain(|network| self.below.contains_key(network));
        self.waiting -= dropped.len();
        dropped
    }

    fn oldest(&self) -> Option<Instant> {
        let own = self.jobs.front().map(|(since, _)| *since);
        self.below.values().filter_map(Self::oldest).chain(own).min()
    }
}

#[cfg(test)]
mod tests;
