//! Files with secrets that other users of the machine can read or change.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{keys::KEYS, place::Place, server::ServerConfig};
use crate::key_file;

/// A file that others can read or change.
#[derive(Debug, PartialEq)]
pub(crate) struct Exposed {
    pub(crate) file: PathBuf,
    /// The description of its content.
    pub(crate) holds: &'static str,
}

impl ServerConfig {
    /// Returns the files with secrets that every user of this machine can read or change: the configuration if there
    /// are secrets in it, and the files of the database.
    pub(crate) fn exposed(&self) -> Vec<Exposed> {
        let of_settings: BTreeSet<_> = KEYS
            .iter()
            .filter_map(|key| match self.settings.get(&key.name)? {
                // A value is shown in another form only to hide a secret in it.
                (value, Place::File(path, _)) if key.shown(value) != *value => Some(path.clone()),
                _ => None,
            })
            .collect();
        let of_settings = of_settings.into_iter().map(|file| Exposed { file, holds: "secrets" });
        let database = self.database.strip_prefix("sqlite:").unwrap_or_default();
        let of_database = ["", "-wal", "-shm"]
            .map(|end| Exposed { file: format!("{database}{end}").into(), holds: "the accounts" });
        let of_database = of_database.into_iter().filter(|_| !database.is_empty());
        let key = key_file::path(&self.database).map(|file| Exposed { file, holds: "a key" });
        of_settings.chain(of_database).chain(key).filter(|exposed| is_open_to_others(&exposed.file)).collect()
    }
}

/// Returns `true` if users other than the owner and the group can read or write the file.
#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o006 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}
