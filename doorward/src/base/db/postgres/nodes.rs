//! The nodes that share the database. This file follows the rules of [`lease`](super::lease), over the network.
//!
//! A node joins when it first wants to remember something. It renews its lease on a connection of its own. On the same
//! connection it hears of changes at once (`LISTEN`) and confirms them. Owns the tables `nodes` and `node_changes`.

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
use tokio_postgres::{Client, Notification, Row, Statement, types::ToSql};

use crate::base::{
    db::{
        changes::{Changes, Mark},
        error::{Error, Result},
        postgres::{
            connections::{Connections, Kind},
            error::describe,
            lease::{self, LEFT_BEHIND, Memory, Node, Settling},
            messages::{self, Change, Confirmation, Message},
            settings::Settings,
        },
        value::Value,
    },
    secret,
};

/// How often a lease is renewed.
const RENEW: Duration = Duration::from_millis(500);
/// How long the database may take to answer one step.
const ANSWER: Duration = Duration::from_millis(1200);
/// The pause before another connection is tried.
const PAUSE: Duration = Duration::from_millis(300);

/// This node, and all that it shares with the others.
pub(super) struct Nodes {
    /// The number of this node.
    id: i64,
    memory: Memory,
    settings: Settings,
    connections: Arc<Connections>,
    joined: AtomicBool,
    /// Once it is `true` the lease is not renewed.
    left: Mutex<bool>,
    /// Takes messages to the other nodes. There is one while this node has its connection.
    outgoing: Mutex<Option<UnboundedSender<Message>>>,
    /// The tasks that wait for confirmations, by the number of the change.
    waiting: Mutex<HashMap<i64, UnboundedSender<Confirmation>>>,
    /// Changes that every node knows of. They are to be deleted from the table.
    settled: Mutex<Vec<i64>>,
    /// Wakes the task that deletes them.
    sweep: Arc<Notify>,
}

impl Change {
    /// Adds a change to the table, with [`Change::values`]. The transaction that makes the change runs it.
    pub(super) const ADD: &'static str = "INSERT INTO node_changes (id, owner) VALUES (?1, ?2)";

    pub(super) fn new(owner: i64) -> Self {
        Self { id: secret::random_id(), owner }
    }

    pub(super) fn values(self) -> [Value; 2] {
        [self.id.into(), self.owner.into()]
    }
}

impl Node {
    /// Reads all nodes.
    pub(super) const ALL: &'static str = "SELECT id, lease FROM nodes";

    pub(super) fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { id: row.try_get(0)?, lease: row.try_get(1)? })
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
            outgoing: Mutex::default(),
            waiting: Mutex::default(),
            settled: Mutex::default(),
            sweep: Arc::default(),
        }
    }

    /// Takes a mark, see [`Mark`]. Lets this node join first, if it has not.
    pub(super) fn mark(self: &Arc<Self>) -> Mark {
        if !self.joined.load(SeqCst)
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
            && !self.joined.swap(true, SeqCst)
        {
            runtime.spawn(take_part(Arc::downgrade(self)));
        }
        self.memory.mark()
    }

    /// Returns `true` if the rows of `owner` that were read after `mark` still hold.
    pub(super) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        self.memory.holds(lease::now(), owner, mark)
    }

    /// Returns `true` if every change that was acknowledged to anybody is noted.
    pub(super) fn is_all_known(&self) -> bool {
        self.memory.is_all_known(lease::now())
    }

    /// The changes that are noted.
    pub(super) fn changes(&self) -> &Changes {
        self.memory.changes()
    }

    /// Leaves, so that no other node waits for this one.
    pub(super) async fn leave(&self) {
        {
            let mut left = lock(&self.left);
            *left = true;
            self.memory.give_up();
        }
        if self.joined.load(SeqCst) {
            let values = [self.id.into()];
            let gone = self.connections.execute(Kind::Write, "DELETE FROM nodes WHERE id = ?1", &values);
            // If this fails, the next change waits a moment for this node.
            let _ = timeout(ANSWER, gone).await;
        }
    }

    /// Waits until no node uses what it remembered from before `changes`. Call it after their commit, with the nodes
    /// that were in the table after it, or `None` if those could not be read.
    pub(super) async fn settle(self: &Arc<Self>, changes: &[Change], nodes: Option<Vec<Node>>) {
        changes.iter().for_each(|change| self.memory.changed(change.owner));
        let joined = self.joined.load(SeqCst);
        let mut client = None;
        match nodes {
            Some(nodes) => {
                let own = joined.then_some(self.id);
                let mut settling = Settling::new(lease::now(), changes.len(), own, nodes);
                if !settling.is_done(lease::now()) {
                    let waiting = Waiting::new(self, changes);
                    if !joined {
                        client = timeout(ANSWER, listen(self)).await.ok().and_then(Result::ok);
                    }
                    self.announce(client.as_ref(), changes).await;
                    waiting.until_settled(&mut settling).await;
                    self.remove(settling.silent()).await;
                }
            }
            // By then each node has read of the changes, or its lease has run out.
            None => sleep(Duration::from_millis(lease::WAIT)).await,
        }
        lock(&self.settled).extend(changes.iter().map(|change| change.id));
        if lock(&self.outgoing).as_ref().is_some_and(|outgoing| !outgoing.is_closed()) {
            self.sweep.notify_one();
        } else {
            // If this fails, a node deletes them when they are old.
            let _ = self.sweep().await;
        }
    }

    /// Tells the other nodes. A message that does not arrive does no harm: they read the table before they renew.
    async fn announce(&self, client: Option<&Client>, changes: &[Change]) {
        let news: Vec<_> = changes.iter().map(|change| Message::Changed(*change)).collect();
        if let Some(client) = client {
            let _ = timeout(ANSWER, messages::send(client, self.settings.schema(), &news)).await;
        } else {
            news.into_iter().for_each(|message| self.send(message));
        }
    }

    /// Queues a message, if this node has its connection.
    fn send(&self, message: Message) {
        if let Some(outgoing) = &*lock(&self.outgoing) {
            let _ = outgoing.send(message);
        }
    }

    fn receive(&self, message: Message) {
        match message {
            // This node made the change, and knows it.
            Message::Changed(change) if lock(&self.waiting).contains_key(&change.id) => {}
            Message::Changed(change) => {
                self.memory.changed(change.owner);
                self.send(Message::Confirmed((self.id, change.id)));
            }
            Message::Confirmed((node, change)) => {
                if let Some(waiting) = lock(&self.waiting).get(&change) {
                    let _ = waiting.send((node, change));
                }
            }
        }
    }

    /// Deletes the changes that every node knows of from the table.
    async fn sweep(&self) -> Result<()> {
        let settled = std::mem::take(&mut *lock(&self.settled));
        let rows: Vec<_> = settled.into_iter().map(|id| vec![id.into()]).collect();
        self.connections.execute_each("DELETE FROM node_changes WHERE id = ?1", &rows).await
    }

    /// Waits until every node knows the changes that other nodes have committed.
    pub(super) async fn settle_others(&self) -> Result<()> {
        let mut left = self.outstanding().await?;
        let until = lease::now() + lease::WAIT;
        // The pause doubles: any client can make this node ask.
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

    /// Removes nodes whose leases have run out, so that the next change does not wait for them.
    async fn remove(&self, silent: &[Node]) {
        for node in silent {
            let values = [node.id.into(), node.lease.into()];
            let sql = "DELETE FROM nodes WHERE id = ?1 AND lease = ?2";
            if self.connections.execute(Kind::Write, sql, &values).await.is_ok_and(|removed| removed > 0) {
                tracing::info!(node = node.id, "a node that does not answer was removed from the list");
            }
        }
    }
}

/// A task that waits for the confirmations of its changes.
struct Waiting<'a> {
    nodes: &'a Nodes,
    changes: &'a [Change],
    confirmations: UnboundedReceiver<Confirmation>,
}

impl<'a> Waiting<'a> {
    fn new(nodes: &'a Nodes, changes: &'a [Change]) -> Self {
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
        if let Err(cause) = stay(&nodes).await {
            tracing::debug!(cause, "this node remembers nothing for now");
        }
        sleep(PAUSE).await;
    }
}

/// Joins, and renews the lease until something fails or this node leaves.
async fn stay(weak: &Weak<Nodes>) -> Result<(), String> {
    let Some(nodes) = weak.upgrade() else { return Ok(()) };
    let mut membership = Membership::begin(nodes).await?;
    loop {
        let Some(nodes) = weak.upgrade() else { return Ok(()) };
        if !membership.renew(&nodes).await? {
            return Ok(());
        }
        let sweep = Arc::clone(&nodes.sweep);
        drop(nodes);
        if !membership.pass_on(weak, &sweep).await? {
            return Ok(());
        }
    }
}

/// The connection by which this node takes part.
struct Membership {
    client: Client,
    outgoing: UnboundedReceiver<Message>,
    renew: Statement,
    read: Statement,
    /// The changes in the table, and when this node first saw them.
    seen: HashMap<i64, u64>,
}

impl Membership {
    async fn begin(nodes: Arc<Nodes>) -> Result<Self, String> {
        let client = in_time(2 * ANSWER, listen(&nodes)).await?;
        let (sender, outgoing) = unbounded_channel();
        *lock(&nodes.outgoing) = Some(sender);
        let join = "INSERT INTO nodes (id, lease) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET lease = excluded.lease";
        // This must be durable: after a crash of the database, the others must still wait for this node.
        let values: [&(dyn ToSql + Sync); 2] = [&nodes.id, &secret::random_id()];
        in_time(ANSWER, client.execute(join, &values)).await?;
        drop(nodes);
        let prepared = async {
            // This is durable too: another node may have seen a renewal that a crash of the database takes back.
            let renew = client.prepare("UPDATE nodes SET lease = $1 WHERE id = $2").await?;
            Ok((renew, client.prepare("SELECT id, owner FROM node_changes").await?))
        };
        let (renew, read) = in_time(ANSWER, prepared).await?;
        Ok(Self { client, outgoing, renew, read, seen: HashMap::new() })
    }

    /// Renews the lease and reads the changes. Returns `false` if this node has left.
    async fn renew(&mut self, nodes: &Nodes) -> Result<bool, String> {
        let (sent, number) = (lease::now(), secret::random_id());
        // They run in this order, and the second sees all that was committed before the first.
        let values: [&(dyn ToSql + Sync); 2] = [&number, &nodes.id];
        let renewal = self.client.execute(&self.renew, &values);
        let both = futures_util::future::try_join(renewal, self.client.query(&self.read, &[]));
        let (renewed, rows) = in_time(ANSWER, both).await?;
        if renewed == 0 {
            return Err("this node was removed from the list".into());
        }
        let changes: Vec<_> = rows.iter().map(|row| Change { id: row.get(0), owner: row.get(1) }).collect();
        let now = lease::now();
        {
            let left = lock(&nodes.left);
            if *left {
                return Ok(false);
            }
            nodes.memory.renewed(sent, now, changes.iter().map(|change| change.owner));
        }
        let seen = &self.seen;
        self.seen = changes.iter().map(|change| (change.id, *seen.get(&change.id).unwrap_or(&now))).collect();
        let left_behind = self.seen.iter().filter(|(_, since)| now - **since > LEFT_BEHIND);
        lock(&nodes.settled).extend(left_behind.map(|(id, _)| *id));
        Ok(true)
    }

    /// Sends messages and deletes settled changes until the lease is to be renewed. Returns `false` if the database was
    /// closed.
    async fn pass_on(&mut self, weak: &Weak<Nodes>, sweep: &Notify) -> Result<bool, String> {
        let rest = sleep(RENEW);
        tokio::pin!(rest);
        sweep.notify_one();
        loop {
            let mut messages = Vec::new();
            tokio::select! {
                () = &mut rest => return Ok(true),
                () = sweep.notified() => {}
                count = self.outgoing.recv_many(&mut messages, 1000) => if count == 0 { return Ok(false) },
            }
            let Some(nodes) = weak.upgrade() else { return Ok(false) };
            if !messages.is_empty() {
                in_time(ANSWER, messages::send(&self.client, nodes.settings.schema(), &messages)).await?;
            }
            let settled = std::mem::take(&mut *lock(&nodes.settled));
            drop(nodes);
            if !settled.is_empty() {
                let values: [&(dyn ToSql + Sync); 1] = [&settled];
                let delete = "DELETE FROM node_changes WHERE id = ANY($1)";
                in_time(ANSWER, self.client.execute(delete, &values)).await?;
            }
        }
    }
}

/// Waits for one step on the connection of this node.
async fn in_time<T>(
    limit: Duration,
    step: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, String> {
    let done = timeout(limit, step).await.map_err(|_| "no answer in time".to_owned())?;
    done.map_err(|error| describe(&error))
}

/// Opens a connection that receives the messages of the other nodes.
async fn listen(nodes: &Arc<Nodes>) -> Result<Client, tokio_postgres::Error> {
    let weak = Arc::downgrade(nodes);
    let client = nodes.settings.listen(move |notification| receive(&weak, notification)).await?;
    messages::listen(&client, nodes.settings.schema()).await?;
    Ok(client)
}

fn receive(nodes: &Weak<Nodes>, notification: &Notification) {
    if let (Some(nodes), Some(message)) = (nodes.upgrade(), Message::read(notification.payload())) {
        nodes.receive(message);
    }
}
