//! Whether anybody has committed to the file, told without asking SQLite.
//!
//! The index of the write-ahead log, the file that ends in `-shm`, begins with a header that every commit of every
//! process changes (<https://sqlite.org/walformat.html#the_wal_index_header>): it counts the commits and holds a
//! checksum over all frames of the log. SQLite shares it as mapped memory, and the kernel lets one `pread` see what was
//! written to it. So 48 bytes tell whether what was read before is all there is, for a tenth of what a look-up costs.
//!
//! 1. `known` is a header for whose state all changes have been noted, and no earlier than they were.
//! 2. A header that equals `known` means that nothing has been committed since: a commit is done, and can be
//!    acknowledged, only when it stands there.
//! 3. After a commit of its own the writer notes what it changed, and then makes the new header known; but if
//!    `PRAGMA data_version` says that another connection committed meanwhile, everything is noted.
//! 4. A header that is neither known nor of a commit of our own under way is somebody else's: everything is noted.
//!
//! The memory is used only once a commit of our own was seen to change the header, and one is made for that when it is
//! wanted for the first time: there are file systems on which a mapped file is read differently. Where it is not Linux
//! it is not used.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicBool,
            Ordering::{Acquire, Release, SeqCst},
            fence,
        },
    },
};

use arc_swap::ArcSwap;
use rusqlite::Connection;

use crate::db::{
    changes::{Changes, Mark},
    error::Result,
    sqlite::connection::open_reader,
};

/// The bytes of one copy of the header. There are two, one after the other, and the first is written last.
const HEADER: usize = 48;
type Header = [u8; HEADER];

/// What is known of a file, by readers and by the writer.
#[derive(Default)]
pub(super) struct Watch {
    changes: Changes,
    /// Read without a lock, which all who read would have to write to.
    index: ArcSwap<Index>,
    /// Held by whoever replaces the index.
    replacing: Mutex<()>,
    /// The writer has a transaction: the header may change and be ours.
    writing: AtomicBool,
    /// Somebody wants to remember something.
    wanted: AtomicBool,
}

#[derive(Clone, Default)]
struct Index {
    file: Option<Arc<File>>,
    /// Reading the file was seen to work.
    trusted: bool,
    known: Option<Header>,
}

impl Watch {
    /// To be taken before a read whose result is to be kept.
    pub(super) fn mark(&self) -> Mark {
        self.changes.mark()
    }

    /// Whether this is the first time that somebody wants to remember something.
    pub(super) fn is_first_wanted(&self) -> bool {
        !self.wanted.load(Acquire) && !self.wanted.swap(true, SeqCst)
    }

    /// Whether what was read of `owner` after `mark` is still so. `false` also if that cannot be told.
    pub(super) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        // First that all is known, then that nothing of it matters.
        self.is_all_known() && self.changes.none_since(owner, mark)
    }

    fn is_all_known(&self) -> bool {
        let index = self.index.load();
        let (Some(file), Some(known), true) = (&index.file, &index.known, index.trusted) else {
            return false;
        };
        let mut header = [0; HEADER];
        if read(file, &mut header).is_ok() && header == *known {
            return true;
        }
        drop(index);
        self.learn();
        false
    }

    /// Makes the present header known, if it is somebody else's doing that it is not.
    fn learn(&self) {
        // Whoever holds it learns in our place.
        let Ok(_replacing) = self.replacing.try_lock() else { return };
        let index = self.index.load();
        let Some(header) = index.header() else { return };
        // After the header was read: the writer says that it writes before it changes it, and only whoever holds the
        // lock says that it is done.
        fence(SeqCst);
        if !self.writing.load(Acquire) && index.known != Some(header) {
            self.changes.note_everything();
            self.index.store(Arc::new(Index { known: Some(header), ..Index::clone(&index) }));
        }
    }

    fn replacing(&self) -> MutexGuard<'_, ()> {
        self.replacing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer's side of a [`Watch`].
pub(super) struct Noting {
    watch: Arc<Watch>,
    /// What `PRAGMA data_version` of the writer's connection was after the last commit. It changes when, and only
    /// when, another connection commits (<https://sqlite.org/pragma.html#pragma_data_version>).
    version: Option<i64>,
    path: PathBuf,
    /// Another connection, by which a commit of our own is noticed. Opened once, when the memory is wanted.
    probe: Option<Probe>,
    probed: bool,
}

struct Probe {
    connection: Connection,
    version: i64,
    header: Header,
}

impl Noting {
    /// Begins to watch the file at `path`, which `writer` has opened, so that its log and the index of that exist.
    pub(super) fn start(watch: Arc<Watch>, path: &Path, writer: &Connection) -> Self {
        let replacing = watch.replacing();
        // Of another file nothing holds that was read before.
        watch.changes.note_everything();
        watch.index.store(Arc::new(Index { file: open(path).ok(), trusted: false, known: None }));
        drop(replacing);
        let (version, path) = (data_version(writer).ok(), path.to_owned());
        Self { watch, version, path, probe: None, probed: false }
    }

    /// To be called when the write lock of the database is held.
    pub(super) fn begun(&mut self) {
        self.watch.writing.store(true, Release);
        fence(SeqCst);
        if !self.probed && self.watch.wanted.load(Acquire) {
            self.probed = true;
            let header = self.watch.index.load().header();
            self.probe = header.and_then(|header| Probe::open(&self.path, header).ok());
        }
    }

    /// To be called after each commit or rollback, before it is acknowledged, with the owners of what it changed.
    pub(super) fn ended(&mut self, writer: &Connection, committed: bool, owners: &[i64]) {
        // The header first: if nobody else has committed by the time the version is asked for, nobody had then.
        let header = self.watch.index.load().header();
        let version = data_version(writer).ok();
        let _replacing = self.watch.replacing();
        let mut index = Index::clone(&self.watch.index.load());
        if committed && version.is_some() && version == self.version {
            owners.iter().for_each(|owner| self.watch.changes.note(*owner));
        } else {
            self.watch.changes.note_everything();
        }
        self.version = version;
        index.known = header;
        if let (Some(probe), Some(header)) = (&self.probe, header)
            && let Some(changed) = probe.sees_change(&header)
        {
            index.trusted = changed;
            self.probe = None;
        }
        self.watch.index.store(Arc::new(index));
        self.watch.writing.store(false, Release);
    }
}

impl Probe {
    fn open(path: &Path, header: Header) -> Result<Self> {
        let connection = open_reader(path)?;
        let version = data_version(&connection)?;
        Ok(Self { connection, version, header })
    }

    /// Whether `header` is another one than before, if the database is.
    fn sees_change(&self, header: &Header) -> Option<bool> {
        let version = data_version(&self.connection).ok()?;
        (version != self.version).then_some(*header != self.header)
    }
}

impl Index {
    /// The whole header, unless it is being written at this moment.
    fn header(&self) -> Option<Header> {
        const TRIES: usize = 10;
        let file = self.file.as_ref()?;
        (0..TRIES).find_map(|_| {
            let mut copies = [0; 2 * HEADER];
            read(file, &mut copies).ok()?;
            let (first, second) = copies.split_at(HEADER);
            if first == second { first.try_into().ok() } else { None }
        })
    }
}

fn data_version(on: &Connection) -> Result<i64> {
    Ok(on.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

#[cfg(target_os = "linux")]
fn read(file: &File, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, 0)
}

#[cfg(not(target_os = "linux"))]
fn read(_: &File, _: &mut [u8]) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Opens the index of the log beside the database at `path`.
///
/// It is not closed again as long as anybody may have the database open: when a process closes any file, it loses
/// all locks that it holds on that file, those of SQLite too (<https://sqlite.org/howtocorrupt.html>, section 2.2).
fn open(path: &Path) -> io::Result<Arc<File>> {
    static OPEN: Mutex<Vec<Arc<File>>> = Mutex::new(Vec::new());
    let mut name = path.as_os_str().to_owned();
    name.push("-shm");
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    // One that was deleted was deleted by whoever closed the database last.
    open.retain(|file| Arc::strong_count(file) > 1 || !is_deleted(file));
    let file = Arc::new(File::open(name)?);
    open.push(file.clone());
    Ok(file)
}

#[cfg(unix)]
fn is_deleted(file: &File) -> bool {
    file.metadata().is_ok_and(|file| std::os::unix::fs::MetadataExt::nlink(&file) == 0)
}

#[cfg(not(unix))]
fn is_deleted(_: &File) -> bool {
    false
}

#[cfg(test)]
mod tests;
