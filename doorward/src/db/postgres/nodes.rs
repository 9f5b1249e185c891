//! The nodes that share the database: takes part in the agreement of [`lease`](super::lease), over the network.
//!
//! A node joins when it is first asked to remember something. It renews its lease on a connection of its own, by which
//! it also hears of changes at once (`LISTEN`), and confirms them. Owns the tables `nodes` and `node_changes`.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    time::{sleep, timeout},
};
use tokio_postgres::{Client, Notification, Row, types::ToSql};

use crate::{
    base::secret,
    db::{
        changes::Mark,
        error::{Error, Result, describe},
        postgres::{
            connections::{Connections, Kind},
            lease::{self, LEFT_BEHIND, Memory, Node, Settling},
            settings::Settings,
        },
        value::Value,
    },
};

/// How often a lease is renewed, and how long that may take.
const RENEW: Duration = Duration::from_millis(500);
const ANSWER: Duration = Duration::from_millis(1200);
/// The pause before another connection is tried.
const PAUSE: Duration = Duration::from_millis(300);

/// What this process shares with the other nodes.
pub(super) struct Nodes {
    /// The number of this one.
    id: i64,
    memory: Memory,
    settings: Settings,
    connections: Arc<Connections>,
    joined: AtomicBool,
    /// Once it is set the lease is not renewed.
    left: Mutex<bool>,
    /// What is to be said to the others, while somebody listens to them.
    say: Mutex<Option<UnboundedSender<Said>>>,
    /// Those who wait for confirmations of a change.
    waiting: Mutex<HashMap<i64, UnboundedSender<Confirmation>>>,
    /// Changes that every node knows of, and are to be removed from the table.
    settled: Mutex<Vec<i64>>,
    sweep: Arc<Notify>,
}

/// A node, and the change that it knows of.
type Confirmation = (i64, i64);

/// What nodes say to each other.
#[derive(Clone, Copy, Debug)]
enum Said {
    Changed(Change),
    Confirmed(Confirmation),
}

/// Whose rows were changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    id: i64,
    owner: i64,
}

impl Change {
    /// Adds a change to the table, with [`Change::values`]. To be run in the transaction that makes it.
    pub(super) const ADD: &'static str = "INSERT INTO node_changes (id, owner) VALUES (?1, ?2)";

    pub(super) fn of(owner: i64) -> Self {
        Self { id: secret::random_id(), owner }
    }

    pub(super) fn values(self) -> [Value; 2] {
        [self.id.into(), self.owner.into()]
    }
}

impl Node {
    /// Reads all of them.
    pub(super) const ALL: &'static str = "SELECT id, lease FROM nodes";

    pub(super) fn of(row: &Row) -> Result<Self> {
        Ok(Self { id: row.try_get(0)?, lease: row.try_get(1)? })
    }
}

impl Said {
    const CHANNEL: &'static str = "doorward_nodes";

    fn written(self) -> String {
        match self {
            Self::Changed(change) => format!("changed {} {}", change.id, change.owner),
            Self::Confirmed((node, change)) => format!("confirmed {node} {change}"),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (what, first, second) = (words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        match what {
            "changed" => Some(Self::Changed(Change { id: first, owner: second })),
            "confirmed" => Some(Self::Confirmed((first, second))),
            _ => None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Nodes {
    pub(super) fn new(settings: Settings, connections: Arc<Connections>) -> Self {
        Self {
            id: secret::random_id(),
            memory: Memory::default(),
            settings,
            connections,
            joined: AtomicBool::new(false),
            left: Mutex::new(false),
            say: Mutex::default(),
            waiting: Mutex::default(),
            settled: Mutex::default(),
            sweep: Arc::default(),
        }
    }

    pub(super) fn mark(self: &Arc<Self>) -> Mark {
        if !self.joined.load(SeqCst)
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
            && !self.joined.swap(true, SeqCst)
        {
            runtime.spawn(take_part(Arc::downgrade(self)));
        }
        self.memory.mark()
    }

    pub(super) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        self.memory.holds(lease::now(), owner, mark)
    }

    /// Leaves, so that nobody waits for this node.
    pub(super) async fn leave(&self) {
        {
            let mut left = lock(&self.left);
            *left = true;
            self.memory.give_up();
        }
        if self.joined.load(SeqCst) {
            let values = [self.id.into()];
            let gone = self.connections.execute(Kind::Write, "DELETE FROM nodes WHERE id = ?1", &values);
            // Otherwise the next change waits a moment for it.
            let _ = timeout(ANSWER, gone).await;
        }
    }

    /// To be called after the commit of `changes`, with the nodes that there were after it, if they are known. Returns
    /// when no node goes by what it remembered from before.
    pub(super) async fn settle(self: &Arc<Self>, changes: &[Change], nodes: Option<Vec<Node>>) {
        changes.iter().for_each(|change| self.memory.changed(change.owner));
        let joined = self.joined.load(SeqCst);
        let mut client = None;
        match nodes {
            Some(nodes) => {
                let own = joined.then_some(self.id);
                let mut settling = Settling::new(lease::now(), changes.len(), own, nodes);
                if !settling.is_done(lease::now()) {
                    let waiting = Waiting::of(self, changes);
                    if !joined {
                        client = timeout(ANSWER, listen(self)).await.ok().and_then(Result::ok);
                    }
                    self.announce(client.as_ref(), changes).await;
                    waiting.until_settled(&mut settling).await;
                    self.strike(settling.silent()).await;
                }
            }
            // Whoever they are: in this time each of them has read of it, or its lease has run out.
            None => sleep(Duration::from_millis(lease::WAIT)).await,
        }
        lock(&self.settled).extend(changes.iter().map(|change| change.id));
        if lock(&self.say).as_ref().is_some_and(|talk| !talk.is_closed()) {
            self.sweep.notify_one();
        } else {
            // What stays there is removed by whoever finds it old.
            let _ = self.sweep().await;
        }
    }

    /// Tells the other nodes. What they do not hear they read before they renew their leases.
    async fn announce(&self, client: Option<&Client>, changes: &[Change]) {
        let said: Vec<_> = changes.iter().map(|change| Said::Changed(*change)).collect();
        if let Some(client) = client {
            let _ = timeout(ANSWER, say(client, &said)).await;
        } else if let Some(talk) = &*lock(&self.say) {
            for said in said {
                // If nobody sends it any more, the others read it.
                let _ = talk.send(said);
            }
        }
    }

    fn heard(&self, said: Said) {
        match said {
            // One's own: it is known.
            Said::Changed(change) if lock(&self.waiting).contains_key(&change.id) => {}
            Said::Changed(change) => {
                self.memory.changed(change.owner);
                if let Some(talk) = &*lock(&self.say) {
                    let _ = talk.send(Said::Confirmed((self.id, change.id)));
                }
            }
            Said::Confirmed((node, change)) => {
                if let Some(waiting) = lock(&self.waiting).get(&change) {
                    let _ = waiting.send((node, change));
                }
            }
        }
    }

    /// Removes changes from the table that every node knows of.
    async fn sweep(&self) -> Result<()> {
        let settled = std::mem::take(&mut *lock(&self.settled));
        let rows: Vec<_> = settled.into_iter().map(|id| vec![id.into()]).collect();
        self.connections.execute_each("DELETE FROM node_changes WHERE id = ?1", &rows).await
    }

    /// Returns when the changes that others have committed are known to every node.
    pub(super) async fn settle_others(&self) -> Result<()> {
        let mut left = self.outstanding().await?;
        let until = lease::now() + lease::WAIT;
        // Twice as long each time: anybody can make us look.
        let mut pause = Duration::from_millis(10);
        while !left.is_empty() && lease::now() < until {
            sleep(pause).await;
            pause *= 2;
            let still = self.outstanding().await?;
            left.retain(|id| still.contains(id));
        }
        Ok(())
    }

    async fn outstanding(&self) -> Result<HashSet<i64>> {
        let rows = self.connections.query(Kind::Write, "SELECT id FROM node_changes", &[]).await?;
        rows.iter().map(|row| row.try_get(0).map_err(Error::from)).collect()
    }

    /// Strikes nodes whose leases have run out, so that the next change does not wait for them.
    async fn strike(&self, silent: &[Node]) {
        for node in silent {
            let values = [node.id.into(), node.lease.into()];
            let sql = "DELETE FROM nodes WHERE id = ?1 AND lease = ?2";
            if self.connections.execute(Kind::Write, sql, &values).await.is_ok_and(|struck| struck > 0) {
                tracing::info!(node = node.id, "a node that does not answer was struck from the list");
            }
        }
    }
}

/// Somebody who waits for the confirmations of changes.
struct Waiting<'a> {
    nodes: &'a Nodes,
    changes: &'a [Change],
    confirmations: UnboundedReceiver<Confirmation>,
}

impl<'a> Waiting<'a> {
    fn of(nodes: &'a Nodes, changes: &'a [Change]) -> Self {
        let (confirm, confirmations) = unbounded_channel();
        lock(&nodes.waiting).extend(changes.iter().map(|change| (change.id, confirm.clone())));
        Self { nodes, changes, confirmations }
    }

    async fn until_settled(mut self, settling: &mut Settling) {
        while !settling.is_done(lease::now()) {
            let left = Duration::from_millis(settling.left(lease::now()));
            if let Ok(Some((node, change))) = timeout(left, self.confirmations.recv()).await {
                settling.confirmed(node, change);
            }
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waiting = lock(&self.nodes.waiting);
        for change in self.changes {
            waiting.remove(&change.id);
        }
    }
}

/// Takes part for as long as the database is open.
async fn take_part(nodes: Weak<Nodes>) {
    while nodes.upgrade().is_some_and(|nodes| !*lock(&nodes.left)) {
        if let Err(cause) = renew(&nodes).await {
            tracing::debug!(cause, "nothing is remembered for now");
        }
        sleep(PAUSE).await;
    }
}

/// Joins, and renews the lease until something goes wrong.
async fn renew(weak: &Weak<Nodes>) -> Result<(), String> {
    let told = |error: tokio_postgres::Error| describe(&error);
    let late = |_| "no answer in time".to_owned();
    let Some(nodes) = weak.upgrade() else { return Ok(()) };
    let client = timeout(2 * ANSWER, listen(&nodes)).await.map_err(late)?.map_err(told)?;
    let (talk, mut said) = unbounded_channel();
    *lock(&nodes.say) = Some(talk);
    let join =
        "INSERT INTO nodes (id, lease) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET lease = excluded.lease";
    // This is durable, or else nobody would wait for this node after a crash of the database.
    let values: [&(dyn ToSql + Sync); 2] = [&nodes.id, &secret::random_id()];
    let joined = client.execute(join, &values);
    timeout(ANSWER, joined).await.map_err(late)?.map_err(told)?;
    drop(nodes);
    // What a crash of the database takes back somebody may have seen, so this is durable too.
    let prepared = async {
        let write = client.prepare("UPDATE nodes SET lease = $1 WHERE id = $2").await?;
        Ok((write, client.prepare("SELECT id, owner FROM node_changes").await?))
    };
    let (write, read) = timeout(ANSWER, prepared).await.map_err(late)?.map_err(told)?;
    let mut seen = HashMap::new();
    loop {
        let Some(nodes) = weak.upgrade() else { return Ok(()) };
        let (sent, number) = (lease::now(), secret::random_id());
        // In this order, and the second sees what was committed before the first.
        let values: [&(dyn ToSql + Sync); 2] = [&number, &nodes.id];
        let both = futures_util::future::try_join(client.execute(&write, &values), client.query(&read, &[]));
        let (renewed, changes) = timeout(ANSWER, both).await.map_err(late)?.map_err(told)?;
        if renewed == 0 {
            return Err("this node was struck from the list".into());
        }
        let changes: Vec<_> =
            changes.iter().map(|row| Change { id: row.get(0), owner: row.get(1) }).collect();
        let now = lease::now();
        {
            let left = lock(&nodes.left);
            if *left {
                return Ok(());
            }
            nodes.memory.renewed(sent, now, changes.iter().map(|change| change.owner));
        }
        seen = changes.iter().map(|change| (change.id, *seen.get(&change.id).unwrap_or(&now))).collect();
        let left_behind = seen.iter().filter(|(_, since)| now - **since > LEFT_BEHIND);
        lock(&nodes.settled).extend(left_behind.map(|(id, _)| *id));
        let to_sweep = nodes.sweep.clone();
        drop(nodes);
        let rest = sleep(RENEW);
        tokio::pin!(rest);
        to_sweep.notify_one();
        loop {
            let mut texts = Vec::new();
            tokio::select! {
                () = &mut rest => break,
                () = to_sweep.notified() => {}
                count = said.recv_many(&mut texts, 1000) => if count == 0 { return Ok(()) },
            }
            if !texts.is_empty() {
                timeout(ANSWER, say(&client, &texts)).await.map_err(late)?.map_err(told)?;
            }
            let Some(nodes) = weak.upgrade() else { return Ok(()) };
            let settled = std::mem::take(&mut *lock(&nodes.settled));
            drop(nodes);
            if !settled.is_empty() {
                let values: [&(dyn ToSql + Sync); 1] = [&settled];
                let swept = client.execute("DELETE FROM node_changes WHERE id = ANY($1)", &values);
                timeout(ANSWER, swept).await.map_err(late)?.map_err(told)?;
            }
        }
    }
}

async fn say(client: &Client, said: &[Said]) -> Result<(), tokio_postgres::Error> {
    let texts: Vec<_> = said.iter().map(|said| said.written()).collect();
    client
        .execute("SELECT pg_notify($1, said) FROM unnest($2::TEXT[]) AS said", &[&Said::CHANNEL, &texts])
        .await?;
    Ok(())
}

/// Opens a connection on which the other nodes are heard.
async fn listen(nodes: &Arc<Nodes>) -> Result<Client, tokio_postgres::Error> {
    let weak = Arc::downgrade(nodes);
    let client = nodes.settings.listen(move |notification| hear(&weak, notification)).await?;
    client.batch_execute(&format!("LISTEN {}", Said::CHANNEL)).await?;
    Ok(client)
}

fn hear(nodes: &Weak<Nodes>, notification: &Notification) {
    if let (Some(nodes), Some(said)) = (nodes.upgrade(), Said::read(notification.payload())) {
        nodes.heard(said);
    }
}
