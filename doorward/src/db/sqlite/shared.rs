//! What readers and the writer of a file both know of it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
};

use crate::db::{error::Error, sqlite::watch::Watch};

/// What readers and the writer know of the file.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    /// Grows each time another file took the place of the one that was open.
    pub(super) generation: AtomicU64,
    /// No database stands where one was, or not with its own log. Nothing is read or written until one does.
    pub(super) gone: AtomicBool,
    pub(super) watch: Arc<Watch>,
}

impl Shared {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            generation: AtomicU64::new(0),
            gone: AtomicBool::new(false),
            watch: Arc::default(),
        }
    }
}

pub(super) fn gone() -> Error {
    Error::Unavailable("the database file is no longer where it was".into())
}
