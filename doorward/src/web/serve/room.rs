//! The room for connections: how many there may be, and which ones end so that new ones find room.
//!
//! A client network may have a part of all connections, so that one client does not take the room of all others. If a
//! new connection finds no room, those end that have kept the server waiting longest: idle ones, and those that send a
//! request or take an answer slowly. One for which the server works is never ended.

use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use tokio::{sync::oneshot, task::Id, time::Instant};
use tracing::warn;

use super::{connection::MakeRoom, wire::Exchange};
use crate::{auth::Auth, base::network::client_network};

/// The part of all connections that one client network may have by default, and the least that it may have.
const PART: usize = 4;
const LEAST: usize = 256;
/// The part of the connections that end at once: looking for the oldest of them takes time.
const AT_ONCE: usize = 64;
/// The time after which room is looked for again, if no connection waited.
const AGAIN: Duration = Duration::from_millis(50);
/// The time between two lines in the log about the same want of room.
const QUIET: Duration = Duration::from_secs(60);

/// Returns how many of all connections one client network may have by default.
#[must_use]
pub fn of_one_network(all: usize) -> usize {
    (all / PART).max(LEAST).min(all)
}

/// The most connections.
#[derive(Debug)]
pub(crate) struct Limits {
    all: usize,
    of_network: usize,
    /// Knows the proxies, which may have any part of the connections. `None` if there are none.
    proxies: Option<Auth>,
}

impl Limits {
    /// `of_network` is the limit for one client network, if one is set.
    pub(crate) fn new(all: usize, of_network: Option<usize>, proxies: Option<Auth>) -> Self {
        Self { all, of_network: of_network.unwrap_or_else(|| of_one_network(all)).min(all), proxies }
    }

    /// Returns the network whose connections are counted together. `None` for a proxy.
    fn network(&self, peer: IpAddr) -> Option<IpAddr> {
        let is_proxy = self.proxies.as_ref().is_some_and(|auth| auth.proxies().trusts(peer.to_canonical()));
        (!is_proxy).then(|| client_network(peer))
    }
}

/// The connections that are open.
#[derive(Debug)]
pub(crate) struct Room {
    limits: Limits,
    open: HashMap<Id, Open>,
    networks: HashMap<IpAddr, Share>,
    /// The last time at which no connection waited.
    futile: Option<Instant>,
    told: Told,
}

#[derive(Debug)]
struct Open {
    network: Option<IpAddr>,
    exchange: Arc<Exchange>,
    /// Dropping this tells the connection that the server stops. `None` after that.
    stop: Option<oneshot::Sender<MakeRoom>>,
}

/// The connections of a client network.
#[derive(Debug, Default)]
struct Share {
    open: usize,
    futile: Option<Instant>,
}

/// When the log last said this.
#[derive(Debug, Default)]
struct Told {
    share: Option<Instant>,
    full: Option<Instant>,
    refused: Option<Instant>,
}

impl Room {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, open: HashMap::new(), networks: HashMap::new(), futile: None, told: Told::default() }
    }

    /// Returns `true` if there is room for a further connection of this peer. Makes room if necessary.
    pub(crate) fn admits(&mut self, peer: IpAddr, now: Instant) -> bool {
        let network = self.limits.network(peer);
        let share = network.and_then(|network| self.networks.get(&network)).map_or(0, |share| share.open);
        let has_share = share < self.limits.of_network
            || {
                let limit = self.limits.of_network;
                if is_time(&mut self.told.share, now) {
                    warn!(%peer, max_connections_per_peer = limit, "a client has all connections that it may have");
                }
                self.make_room_in(network, limit, now)
            };
        let admitted = has_share && (self.open.len() < self.limits.all || self.make_room(now));
        if !admitted && is_time(&mut self.told.refused, now) {
            warn!(%peer, max_connections = self.limits.all, "no room for a further connection");
        }
        admitted
    }

    /// Notes a connection that was admitted.
    pub(crate) fn opened(
        &mut self,
        id: Id,
        peer: IpAddr,
        exchange: Arc<Exchange>,
        stop: Option<oneshot::Sender<MakeRoom>>,
    ) {
        let network = self.limits.network(peer);
        if let Some(network) = network {
            self.networks.entry(network).or_default().open += 1;
        }
        self.open.insert(id, Open { network, exchange, stop });
    }

    /// Forgets a connection.
    pub(crate) fn ended(&mut self, id: Id) {
        self.forget(id);
    }

    fn forget(&mut self, id: Id) -> Option<Open> {
        let open = self.open.remove(&id)?;
        if let Some(network) = open.network
            && let Some(share) = self.networks.get_mut(&network)
        {
            share.open -= 1;
            if share.open == 0 {
                self.networks.remove(&network);
            }
        }
        Some(open)
    }

    /// Tells all connections that the server stops.
    pub(crate) fn tell_to_stop(&mut self) {
        for open in self.open.values_mut() {
            open.stop = None;
        }
    }

    /// Ends connections of any client. Returns `false` if none waits for its client.
    pub(crate) fn make_room(&mut self, now: Instant) -> bool {
        if is_time(&mut self.told.full, now) {
            warn!(max_connections = self.limits.all, "all connections are in use, so idle ones are closed");
        }
        self.make_room_in(None, self.limits.all, now)
    }

    /// Ends connections of a network, or of any: a part of `limit`, those that have waited longest.
    fn make_room_in(&mut self, network: Option<IpAddr>, limit: usize, now: Instant) -> bool {
        let futile = match network.and_then(|network| self.networks.get_mut(&network)) {
            Some(share) => &mut share.futile,
            None => &mut self.futile,
        };
        if futile.is_some_and(|futile| now < futile + AGAIN) {
            return false;
        }
        let candidates = self.open.iter().filter(|(_, open)| network.is_none() || open.network == network);
        let mut waiting: Vec<_> = candidates
            .filter(|(_, open)| open.stop.is_some())
            .filter_map(|(id, open)| Some((open.exchange.waits_since()?, *id)))
            .collect();
        if waiting.is_empty() {
            *futile = Some(now);
            return false;
        }
        let count = (limit / AT_ONCE).clamp(1, waiting.len());
        waiting.select_nth_unstable_by_key(count - 1, |(since, _)| *since);
        for (_, id) in &waiting[..count] {
            if let Some(stop) = self.forget(*id).and_then(|open| open.stop) {
                // It may have ended meanwhile.
                let _ = stop.send(MakeRoom);
            }
        }
        true
    }
}

/// Returns `true` if the log has not said this for a while, and notes that it says it now.
fn is_time(told: &mut Option<Instant>, now: Instant) -> bool {
    let is_time = told.is_none_or(|told| now >= told + QUIET);
    if is_time {
        *told = Some(now);
    }
    is_time
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use tokio::{sync::oneshot::Receiver, time::advance};

    use super::*;

    /// The room, and the connections in it in the order in which they were opened.
    struct House {
        room: Room,
        connections: Vec<(Id, Arc<Exchange>, Receiver<MakeRoom>)>,
    }

    impl House {
        fn new(all: usize, of_network: usize) -> Self {
            let limits = Limits::new(all, Some(of_network), None);
            Self { room: Room::new(limits), connections: Vec::new() }
        }

        /// Opens a connection, a moment after the last one. Returns `false` if there is no room.
        async fn open(&mut self, peer: &str) -> bool {
            advance(Duration::from_millis(1)).await;
            let peer = peer.parse().unwrap();
            if !self.room.admits(peer, Instant::now()) {
                return false;
            }
            let exchange = Arc::new(Exchange::new(Arc::new(AtomicBool::new(false))));
            let (stop, stopped) = oneshot::channel();
            let id = tokio::spawn(async {}).id();
            self.room.opened(id, peer, exchange.clone(), Some(stop));
            self.connections.push((id, exchange, stopped));
            true
        }

        /// Returns the numbers of the connections that were told to make room.
        fn told(&mut self) -> Vec<usize> {
            let all = self.connections.iter_mut().enumerate();
            all.filter_map(|(number, (_, _, stop))| stop.try_recv().is_ok().then_some(number)).collect()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_connection_that_waits_longest_makes_room() {
        let mut house = House::new(3, 3);
        for peer in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
            assert!(house.open(peer).await);
        }
        // The first one is at work, and the second one has waited less long than the third one.
        house.connections[0].1.begin();
        advance(Duration::from_secs(1)).await;
        house.connections[1].1.wait();
        assert!(house.open("192.0.2.4").await);
        assert_eq!(house.told(), [2]);
        assert!(house.open("192.0.2.4").await);
        assert_eq!(house.told(), [1]);
    }

    #[tokio::test(start_paused = true)]
    async fn connections_at_work_are_never_ended() {
        let mut house = House::new(2, 2);
        for _ in 0..2 {
            assert!(house.open("192.0.2.1").await);
        }
        house.connections.iter().for_each(|(_, exchange, _)| exchange.begin());
        assert!(!house.open("192.0.2.2").await);
        house.connections[0].1.wait();
        // Room is looked for again a little later.
        assert!(!house.open("192.0.2.2").await);
        advance(AGAIN).await;
        assert!(house.open("192.0.2.2").await);
        assert_eq!(house.told(), [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_at_its_limit_makes_room_among_its_own_connections() {
        let mut house = House::new(100, 3);
        assert!(house.open("192.0.2.9").await);
        for peer in ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::5"] {
            assert!(house.open(peer).await);
        }
        assert_eq!(house.told(), [1, 2]);
        let own = house.room.networks[&"2001:db8::".parse::<IpAddr>().unwrap()].open;
        assert_eq!((own, house.room.open.len()), (3, 4));
        for (_, exchange, _) in &house.connections {
            exchange.begin();
        }
        assert!(!house.open("2001:db8::6").await);
        assert!(house.open("192.0.2.9").await);
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_ended_leave_nothing_behind() {
        let mut house = House::new(10, 10);
        for number in 0..10 {
            assert!(house.open(&format!("192.0.2.{number}")).await);
        }
        for (id, ..) in &house.connections {
            house.room.ended(*id);
            house.room.ended(*id);
        }
        assert!(house.room.open.is_empty() && house.room.networks.is_empty());
    }

    #[test]
    fn a_network_has_a_quarter_by_default_and_never_less_than_a_few() {
        for (all, set, expected) in [
            (10_000, None, 2500),
            (500, None, 256),
            (3, None, 3),
            (10_000, Some(10_000), 10_000),
            (9, Some(20), 9),
        ] {
            assert_eq!(Limits::new(all, set, None).of_network, expected, "{all} {set:?}");
        }
    }
}
