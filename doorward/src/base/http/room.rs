//! The room for bodies while they arrive: one budget over all connections, and a share of it for each client network.
//!
//! A client that begins many bodies and ends none would otherwise hold memory for as long as a body may take. The first
//! bytes of every body are free, as many as a log-in has: the number of connections limits those. So a client that
//! has used up its share keeps no log-in out, not even that of a neighbour with the same address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::base::network::client_network;

/// The most bytes that all bodies hold together, without their free ones.
const ALL: usize = 16 * 1024 * 1024;
/// The most of these that one client network holds.
const SHARE: usize = ALL / 8;
/// The bytes of each body that do not count.
pub(crate) const FREE: usize = 1024;

/// The bytes that bodies hold now.
#[derive(Debug, Default)]
pub(crate) struct Room(Mutex<Taken>);

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// The room for the body of one request. The layer around the routes puts it into the extensions of the request.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    room: Arc<Room>,
    /// `None` if the host does not tell the address of the client.
    network: Option<IpAddr>,
}

/// The bytes that one body holds. They are given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    place: Place,
    bytes: usize,
}

impl Room {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(crate) fn of(room: &Arc<Room>, client: Option<IpAddr>) -> Self {
        Self { room: room.clone(), network: client.map(client_network) }
    }

    /// Begins a body, which holds nothing yet.
    pub(crate) fn begin(self) -> Held {
        Held { place: self, bytes: 0 }
    }
}

impl Held {
    /// Takes room for a body of this capacity. Returns `false` if there is not enough.
    pub(crate) fn grow(&mut self, capacity: usize) -> bool {
        let more = capacity.saturating_sub(FREE).saturating_sub(self.bytes);
        if more == 0 {
            return true;
        }
        let mut taken = self.place.room.taken();
        if taken.all + more > ALL {
            return false;
        }
        if let Some(network) = self.place.network {
            let share = taken.by_network.get(&network).copied().unwrap_or_default() + more;
            if share > SHARE {
                return false;
            }
            taken.by_network.insert(network, share);
        }
        taken.all += more;
        self.bytes += more;
        true
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.bytes == 0 {
            return;
        }
        let mut taken = self.place.room.taken();
        taken.all -= self.bytes;
        if let Some(network) = self.place.network
            && let Some(share) = taken.by_network.get_mut(&network)
        {
            *share -= self.bytes;
            if *share == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: usize = 8 * 1024;

    /// Begins bodies from this address until there is no more room.
    fn fill(room: &Arc<Room>, client: Option<&str>) -> Vec<Held> {
        let client = client.map(|client| client.parse().unwrap());
        let mut all = Vec::new();
        loop {
            let mut held = Place::of(room, client).begin();
            if !held.grow(BODY) {
                return all;
            }
            all.push(held);
        }
    }

    #[test]
    fn a_network_has_its_share_and_the_others_have_the_rest() {
        let room = Arc::<Room>::default();
        let first = fill(&room, Some("192.0.2.1"));
        assert_eq!(first.len(), SHARE / (BODY - FREE));
        assert!(fill(&room, Some("::ffff:192.0.2.1")).is_empty());
        let other = fill(&room, Some("2001:db8::1"));
        assert_eq!(other.len(), first.len());
        assert!(fill(&room, Some("2001:db8::2")).is_empty());
        assert_eq!(fill(&room, Some("2001:db8:0:1::1")).len(), first.len());
        // Small bodies are never kept out.
        let small = Place::of(&room, Some("192.0.2.1".parse().unwrap()));
        assert!(small.begin().grow(FREE));
    }

    #[test]
    fn all_networks_together_have_one_budget() {
        let room = Arc::<Room>::default();
        let all: Vec<_> = (0..20).map(|n| fill(&room, Some(&format!("192.0.2.{n}")))).collect();
        let bytes: usize = all.iter().flatten().map(|held| held.bytes).sum();
        assert!((ALL - BODY..=ALL).contains(&bytes), "{bytes}");
        assert!(all[19].is_empty());
        assert!(fill(&room, None).is_empty());
        drop(all);
        assert_eq!(fill(&room, None).len(), ALL / (BODY - FREE));
    }

    #[test]
    fn what_a_body_held_is_given_back() {
        let room = Arc::<Room>::default();
        let mut held = Place::of(&room, Some("192.0.2.1".parse().unwrap())).begin();
        for capacity in [512, 1024, 2048, 2048, 4096, 1024, BODY] {
            assert!(held.grow(capacity));
        }
        assert_eq!((held.bytes, room.taken().all), (BODY - FREE, BODY - FREE));
        assert!(!held.grow(SHARE + FREE + 1));
        drop(held);
        assert_eq!(room.taken().all, 0);
        assert!(room.taken().by_network.is_empty());
    }
}
