//! The database as a file: made for its owner alone, and known again by its identity.

use std::{fs, io, path::Path};

/// Which files stand at a path: the database, its write-ahead log and the index of that. One that was moved away,
/// deleted or replaced has another identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    database: File,
    beside: [Option<File>; 2],
}

/// The device and the number of a file.
type File = (u64, u64);

impl Identity {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let beside = |end: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            file(Path::new(&name)).ok()
        };
        Ok(Self { database: file(path)?, beside: [beside("-wal"), beside("-shm")] })
    }

    /// Whether it is the same database, whatever stands beside it.
    pub(super) fn is_same_database(&self, other: &Self) -> bool {
        self.database == other.database
    }

    /// Whether what stands beside this database belongs to the `other`.
    pub(super) fn shares_log(&self, other: &Self) -> bool {
        self.beside.iter().zip(&other.beside).any(|(own, others)| own.is_some() && own == others)
    }
}

#[cfg(unix)]
fn file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

/// Elsewhere an open file cannot be moved or deleted.
#[cfg(not(unix))]
fn file(path: &Path) -> io::Result<File> {
    fs::metadata(path).map(|_| (0, 0))
}

/// Makes an empty file that only its owner may read, unless there is one. Its name survives a power cut.
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
