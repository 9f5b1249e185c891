//! What a process keeps for the provider of OAuth 2.1 and OpenID Connect.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::OnceCell;

use crate::{
    auth::memory::ROOM,
    base::{config::Config, seal::Sealer},
    model::{access::Accesses, signing_keys::SigningKeys},
};

/// The state of the provider.
pub(crate) struct Provider {
    /// The keys of the settings. Without them nothing can be signed, and the provider is off.
    pub(crate) sealer: Option<Sealer>,
    /// The access tokens that were looked up: as many as sessions. Each takes about half a kilobyte.
    pub(crate) accesses: Accesses,
    /// The keys that sign ID tokens.
    pub(crate) keys: ArcSwapOption<SigningKeys>,
    /// Set when the clients of the configuration are in the database.
    pub(crate) configured: OnceCell<()>,
}

impl Provider {
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            sealer: Sealer::of(config),
            accesses: Accesses::new(ROOM),
            keys: ArcSwapOption::const_empty(),
            configured: OnceCell::new(),
        }
    }

    /// Takes the keys of this process.
    pub(crate) fn remembered_keys(&self) -> Option<Arc<SigningKeys>> {
        self.keys.load_full()
    }
}
