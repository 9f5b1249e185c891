//! The sessions that were looked up, kept in memory.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::{base::secret::Hash, model::session::Known};

/// What was looked up, by the hash of the token.
pub(crate) type Memory = Cache<Hash, Arc<Known>>;

/// How many sessions are remembered. Each takes about half a kilobyte.
pub(crate) const ROOM: usize = 131_072;
