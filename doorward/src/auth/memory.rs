//! The sessions that were looked up. They are kept in memory, so that most requests ask no database.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::{base::secret::Hash, model::session::Known};

/// The sessions that were looked up, by the hash of the token.
pub(crate) type Memory = Cache<Hash, Arc<Known>>;

/// The most sessions in memory. Each takes about half a kilobyte.
pub(crate) const ROOM: usize = 131_072;
