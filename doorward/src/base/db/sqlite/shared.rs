//! The state of a file that readers and the writer share.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
};

use crate::base::db::{
    error::{Error, Result},
    sqlite::{
        connection::{Connection, open_reader},
        names::Names,
        watch::Watch,
    },
};

/// The state of the file.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) names: Names,
    /// Grows each time another file has taken the place of the open one.
    pub(super) generation: AtomicU64,
    /// There is no database at the path, or it has a log that is not its own. Until that ends, nothing is read or
    /// written.
    pub(super) gone: AtomicBool,
    pub(super) watch: Arc<Watch>,
}

impl Shared {
    pub(super) fn new(path: &Path, names: Names) -> Self {
        Self {
            path: path.to_owned(),
            names,
            generation: AtomicU64::new(0),
            gone: AtomicBool::new(false),
            watch: Arc::default(),
        }
    }

    /// Opens a connection for reading.
    pub(super) fn reader(&self) -> Result<Connection> {
        Ok(Connection::new(open_reader(&self.path)?, self.names.clone()))
    }
}

pub(super) fn gone() -> Error {
    Error::Unavailable("the database file is no longer at its path".into())
}
