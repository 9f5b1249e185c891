//! Nodes in a world where everything goes wrong. Messages are late or lost, clocks run at different speeds, nodes stand
//! still, die and come back. The rules are the real ones; the network and the database are simulated. A seed makes each
//! world, so a failure can be repeated.

use std::collections::{BTreeMap, BinaryHeap};

use super::*;

/// The rule that a world breaks, to show that this test would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    None,
    /// The lease counts from the answer to its renewal.
    LeaseFromAnswer,
    /// A node whose lease ran out keeps its memory.
    RememberAfterGap,
    /// A change does not wait for silent nodes.
    DoNotWait,
    /// A silent node is removed even if it has renewed its lease.
    RemoveAnyway,
    /// A change is not written to the table. The nodes only get messages.
    OnlyTell,
}

const NODES: usize = 3;
const OWNERS: i64 = 2;
const MINUTES: u64 = 3;

/// Milliseconds of the world's own time, which no node can see.
type Time = u64;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A node sends its renewal; the database runs its two halves; the answer arrives.
    Renew {
        node: usize,
        life: u64,
    },
    Write {
        node: usize,
        life: u64,
        id: i64,
        sent: u64,
        number: i64,
    },
    Read {
        node: usize,
        life: u64,
        sent: u64,
    },
    Renewed {
        node: usize,
        life: u64,
        sent: u64,
        owners: Vec<i64>,
    },
    /// A client asks a node, which may have to read.
    Ask {
        owner: i64,
    },
    Answer {
        node: usize,
        life: u64,
        owner: i64,
        mark: u64,
        version: u64,
        acknowledged: u64,
    },
    /// A client changes something at a node, which then lets the others know.
    Change {
        owner: i64,
    },
    SeeNodes {
        node: usize,
        life: u64,
        change: i64,
        owner: i64,
        version: u64,
    },
    SawNodes {
        node: usize,
        life: u64,
        change: i64,
        owner: i64,
        version: u64,
        nodes: Vec<(i64, i64)>,
    },
    Told {
        node: usize,
        life: u64,
        change: i64,
        owner: i64,
    },
    Confirmed {
        node: usize,
        life: u64,
        by: i64,
        change: i64,
    },
    Look {
        node: usize,
        life: u64,
        change: i64,
    },
    /// A node stands still or has a slow network for a while, or dies and comes back with an empty memory.
    Disturb,
}

struct Machine {
    memory: Memory,
    id: i64,
    /// Grows when the node dies. Messages to an earlier life are lost.
    life: u64,
    /// The speed of its clock, in thousandths, and its start.
    speed: u64,
    start: u64,
    stands_until: Time,
    /// Until then its messages are slow.
    slow_until: Time,
    kept: BTreeMap<i64, (u64, Mark)>,
    settling: BTreeMap<i64, (Settling, i64, u64)>,
}

struct World {
    mistake: Mistake,
    random: u64,
    now: Time,
    events: BinaryHeap<std::cmp::Reverse<(Time, u64, Event)>>,
    scheduled: u64,
    machines: Vec<Machine>,
    /// The database.
    versions: BTreeMap<i64, u64>,
    nodes: BTreeMap<i64, i64>,
    changes: BTreeMap<i64, (i64, Time)>,
    /// The newest version of each owner that was acknowledged.
    acknowledged: BTreeMap<i64, u64>,
    marks: Vec<Mark>,
    from_memory: u64,
    settled: u64,
    violations: u64,
}

impl World {
    fn new(seed: u64, mistake: Mistake) -> Self {
        let mut world = Self {
            mistake,
            random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            now: 0,
            events: BinaryHeap::new(),
            scheduled: 0,
            machines: Vec::new(),
            versions: BTreeMap::new(),
            nodes: BTreeMap::new(),
            changes: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            marks: Vec::new(),
            from_memory: 0,
            settled: 0,
            violations: 0,
        };
        for node in 0..NODES {
            let (speed, start) = (970 + world.below(60), 1 + world.below(1_000_000));
            world.machines.push(Machine {
                memory: Memory::default(),
                id: node as i64,
                life: 0,
                speed,
                start,
                stands_until: 0,
                slow_until: 0,
                kept: BTreeMap::new(),
                settling: BTreeMap::new(),
            });
            world.nodes.insert(node as i64, 0);
            world.at(1, Event::Renew { node, life: 0 });
        }
        world.at(1, Event::Ask { owner: 0 });
        world.at(500, Event::Change { owner: 0 });
        world.at(2000, Event::Disturb);
        world
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit
    }

    fn at(&mut self, after: u64, event: Event) {
        self.scheduled += 1;
        self.events.push(std::cmp::Reverse((self.now + after, self.scheduled, event)));
    }

    /// Returns how long a message of a node takes: mostly a moment, sometimes far too long.
    fn delay(&mut self, node: usize) -> u64 {
        if self.machines[node].slow_until > self.now {
            return self.below(1600);
        }
        match self.below(20) {
            0 => self.below(3500),
            1..4 => self.below(400),
            _ => self.below(5),
        }
    }

    fn clock(&self, node: usize) -> u64 {
        let machine = &self.machines[node];
        machine.start + self.now * machine.speed / 1000
    }

    /// Converts milliseconds of a node's clock to those of the world.
    fn on_clock(&self, node: usize, milliseconds: u64) -> u64 {
        milliseconds * 1000 / self.machines[node].speed + 1
    }

    fn run(&mut self) {
        while let Some(std::cmp::Reverse((time, _, event))) = self.events.pop() {
            if time > MINUTES * 60_000 {
                return;
            }
            self.now = time;
            let at = match &event {
                Event::Renew { node, life }
                | Event::Renewed { node, life, .. }
                | Event::Answer { node, life, .. }
                | Event::SawNodes { node, life, .. }
                | Event::Told { node, life, .. }
                | Event::Confirmed { node, life, .. }
                | Event::Look { node, life, .. } => Some((*node, *life)),
                _ => None,
            };
            match at {
                Some((node, life)) if self.machines[node].life != life => {}
                // A message to a node that stands still waits.
                Some((node, _)) if self.machines[node].stands_until > time => {
                    let left = self.machines[node].stands_until - time;
                    self.at(left, event);
                }
                _ => self.happen(event),
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Renew { node, life } => {
                let (sent, number) = (self.clock(node), self.below(1 << 50) as i64);
                let (delay, id) = (self.delay(node), self.machines[node].id);
                self.at(delay, Event::Write { node, life, id, sent, number });
                let rest = self.on_clock(node, 500);
                self.at(rest, Event::Renew { node, life });
            }
            Event::Write { node, life, id, sent, number } => {
                // A node that was removed joins again. Its own clock tells it that its lease has run out.
                self.nodes.insert(id, number);
                let delay = self.delay(node);
                self.at(delay, Event::Read { node, life, sent });
            }
            Event::Read { node, life, sent } => {
                // Changes that a dead node left behind are deleted when they are old.
                let now = self.now;
                self.changes.retain(|_, (_, since)| now - *since <= LEFT_BEHIND);
                let (delay, owners) = (self.delay(node), self.owners());
                self.at(delay, Event::Renewed { node, life, sent, owners });
            }
            Event::Renewed { node, sent, owners, .. } => self.renewed(node, sent, owners),
            Event::Ask { owner } => self.ask(owner),
            Event::Answer { node, owner, mark, version, acknowledged, .. } => {
                let mark = self.marks[mark as usize];
                self.machines[node].kept.insert(owner, (version, mark));
                self.check(version, acknowledged);
            }
            Event::Change { owner } => self.change(owner),
            Event::SeeNodes { node, life, change, owner, version } => {
                let nodes = self.nodes.iter().map(|(id, lease)| (*id, *lease)).collect();
                let delay = self.delay(node);
                self.at(delay, Event::SawNodes { node, life, change, owner, version, nodes });
            }
            Event::SawNodes { node, life, change, owner, version, nodes } => {
                let nodes = nodes.into_iter().map(|(id, lease)| Node { id, lease }).collect();
                let own = self.machines[node].id;
                let settling = Settling::new(self.clock(node), 1, Some(own), nodes);
                self.machines[node].settling.insert(change, (settling, owner, version));
                for other in (0..NODES).filter(|other| *other != node) {
                    // One message of ten is lost.
                    if self.below(10) > 0 {
                        let (delay, life) = (self.delay(other), self.machines[other].life);
                        self.at(delay, Event::Told { node: other, life, change, owner });
                    }
                }
                self.look(node, life, change);
            }
            Event::Told { node, change, owner, .. } => {
                self.machines[node].memory.changed(owner);
                let by = self.machines[node].id;
                // All nodes receive it, and one of them waits for it.
                for other in (0..NODES).filter(|other| *other != node) {
                    let (delay, life) = (self.delay(other), self.machines[other].life);
                    self.at(delay, Event::Confirmed { node: other, life, by, change });
                }
            }
            Event::Confirmed { node, life, by, change } => {
                if let Some((settling, ..)) = self.machines[node].settling.get_mut(&change) {
                    settling.confirmed(by, change);
                    self.look(node, life, change);
                }
            }
            Event::Look { node, life, change } => self.look(node, life, change),
            Event::Disturb => self.disturb(),
        }
    }

    fn owners(&self) -> Vec<i64> {
        self.changes.values().map(|(owner, _)| *owner).collect()
    }

    fn renewed(&mut self, node: usize, sent: u64, owners: Vec<i64>) {
        let now = self.clock(node);
        let machine = &self.machines[node];
        let sent = if self.mistake == Mistake::LeaseFromAnswer { now } else { sent };
        if self.mistake == Mistake::RememberAfterGap {
            machine.memory.until.store(now + 1, SeqCst);
        }
        machine.memory.renewed(sent, now, owners);
    }

    /// A client asks one of the nodes, and knows which version was acknowledged before.
    fn ask(&mut self, owner: i64) {
        let (next, other) = (1 + self.below(12), self.below(OWNERS as u64) as i64);
        self.at(next, Event::Ask { owner: other });
        let node = self.below(NODES as u64) as usize;
        let acknowledged = self.acknowledged.get(&owner).copied().unwrap_or(0);
        let now = self.clock(node);
        let machine = &self.machines[node];
        if machine.stands_until > self.now {
            return;
        }
        match machine.kept.get(&owner) {
            Some((version, mark)) if machine.memory.holds(now, owner, *mark) => {
                let version = *version;
                self.from_memory += 1;
                self.check(version, acknowledged);
            }
            _ => {
                let (mark, life) = (machine.memory.mark(), machine.life);
                self.marks.push(mark);
                // The row is read now, and the answer arrives later.
                let version = self.versions.get(&owner).copied().unwrap_or(0);
                let (delay, mark) = (self.delay(node), self.marks.len() as u64 - 1);
                self.at(delay, Event::Answer { node, life, owner, mark, version, acknowledged });
            }
        }
    }

    fn check(&mut self, version: u64, acknowledged: u64) {
        self.violations += u64::from(version < acknowledged);
    }

    fn change(&mut self, owner: i64) {
        let (next, other) = (200 + self.below(4000), self.below(OWNERS as u64) as i64);
        self.at(next, Event::Change { owner: other });
        let node = self.below(NODES as u64) as usize;
        if self.machines[node].stands_until > self.now {
            return;
        }
        let version = self.versions.entry(owner).or_default();
        *version += 1;
        let (version, change) = (*version, self.below(1 << 50) as i64);
        if self.mistake != Mistake::OnlyTell {
            self.changes.insert(change, (owner, self.now));
        }
        let machine = &self.machines[node];
        machine.memory.changed(owner);
        let life = machine.life;
        let delay = self.delay(node);
        self.at(delay, Event::SeeNodes { node, life, change, owner, version });
    }

    /// Acknowledges the change if the rules allow it.
    fn look(&mut self, node: usize, life: u64, change: i64) {
        let now = self.clock(node);
        let Some((settling, owner, version)) = self.machines[node].settling.get(&change) else { return };
        let (owner, version) = (*owner, *version);
        if !settling.is_done(now) && self.mistake != Mistake::DoNotWait {
            let left = self.on_clock(node, settling.left(now));
            self.at(left, Event::Look { node, life, change });
            return;
        }
        let silent = settling.silent().to_vec();
        self.machines[node].settling.remove(&change);
        for silent in silent {
            let is_same = self.nodes.get(&silent.id) == Some(&silent.lease);
            if is_same || self.mistake == Mistake::RemoveAnyway {
                self.nodes.remove(&silent.id);
            }
        }
        self.changes.remove(&change);
        self.settled += 1;
        let acknowledged = self.acknowledged.entry(owner).or_default();
        *acknowledged = version.max(*acknowledged);
    }

    fn disturb(&mut self) {
        let next = 500 + self.below(6000);
        self.at(next, Event::Disturb);
        let node = self.below(NODES as u64) as usize;
        let (kind, time) = (self.below(4), self.now + self.below(7000));
        match kind {
            0 => {}
            1 => return self.machines[node].slow_until = time,
            _ => return self.machines[node].stands_until = time,
        }
        let machine = &mut self.machines[node];
        machine.life += 1;
        // Its row stays in the table until another node removes it.
        machine.id += NODES as i64;
        machine.memory = Memory::default();
        machine.kept.clear();
        machine.settling.clear();
        let life = machine.life;
        self.at(50, Event::Renew { node, life });
    }
}

/// Runs so many worlds without a mistake, and finds no violation. Counts answers from memory and acknowledged changes.
fn worlds(count: u64) -> (u64, u64) {
    let mut sums = (0, 0);
    for seed in 1..=count {
        let mut world = World::new(seed, Mistake::None);
        world.run();
        assert_eq!(world.violations, 0, "world {seed}");
        sums = (sums.0 + world.from_memory, sums.1 + world.settled);
    }
    sums
}

#[test]
fn no_node_remembers_a_row_after_its_change_was_acknowledged() {
    let (from_memory, settled) = worlds(60);
    assert!(from_memory > 100_000, "only {from_memory} answers came from memory");
    assert!(settled > 2000, "only {settled} changes were acknowledged");
}

#[test]
fn every_rule_is_needed() {
    for mistake in [
        Mistake::LeaseFromAnswer,
        Mistake::RememberAfterGap,
        Mistake::DoNotWait,
        Mistake::RemoveAnyway,
        Mistake::OnlyTell,
    ] {
        let harmful = (1..=1000).any(|seed| {
            let mut world = World::new(seed, mistake);
            world.run();
            world.violations > 0
        });
        assert!(harmful, "{mistake:?} did no harm");
    }
}

#[test]
fn a_change_is_acknowledged_at_once_if_there_is_no_other_node() {
    let own = Node { id: 7, lease: 1 };
    assert!(Settling::new(5, 1, Some(7), vec![own]).is_done(5));
    assert!(Settling::new(5, 1, None, vec![]).is_done(5));
    let mut settling = Settling::new(5, 2, Some(8), vec![own]);
    settling.confirmed(7, 100);
    settling.confirmed(7, 100);
    assert!(!settling.is_done(5 + WAIT - 1));
    assert_eq!(settling.silent(), [own]);
    settling.confirmed(7, 101);
    assert!(settling.is_done(5));
}
