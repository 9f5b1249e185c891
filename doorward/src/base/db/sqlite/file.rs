//! The database as a file: creates it for its owner alone, and recognizes it by its identity.

use std::{fs, io, path::Path};

/// The identity of the files at a path: the database, its write-ahead log and the index of the log. It changes when one
/// of them is moved away, deleted or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    database: File,
    beside: [Option<File>; 2],
}

/// The device and the number of a file.
type File = (u64, u64);

impl Identity {
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let beside = |end: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            file(Path::new(&name)).ok()
        };
        Ok(Self { database: file(path)?, beside: [beside("-wal"), beside("-shm")] })
    }

    /// Returns `true` if the database is the same. The log and its index may be others.
    pub(super) fn is_same_database(&self, other: &Self) -> bool {
        self.database == other.database
    }

    /// Returns `true` if the log or its index is the one of the `other` database.
    pub(super) fn shares_log(&self, other: &Self) -> bool {
        self.beside.iter().zip(&other.beside).any(|(own, others)| own.is_some() && own == others)
    }
}

#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "this is the database file of the settings")]
fn file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

/// On other systems, an open file cannot be moved or deleted.
#[cfg(not(unix))]
fn file(path: &Path) -> io::Result<File> {
    fs::metadata(path).map(|_| (0, 0))
}

/// Creates an empty file that only its owner may read, unless there is a file. Its name survives a power cut.
#[expect(clippy::disallowed_methods, reason = "this is the database file of the settings")]
pub(crate) fn create(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(file) => {
            file.sync_all()?;
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        }
    }
}
