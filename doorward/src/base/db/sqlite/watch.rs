//! Tells if anybody has committed to the file, without asking SQLite.
//!
//! The index of the write-ahead log is the file that ends in `-shm`. It begins with a header that every commit of every
//! process changes (<https://sqlite.org/walformat.html#the_wal_index_header>): it counts the commits and holds a
//! checksum over all frames of the log. SQLite shares this file as mapped memory, and the kernel lets one `pread` see
//! the bytes that were written there. So 48 bytes tell if rows that were read before are still current, for a tenth of
//! the cost of a look-up.
//!
//! 1. `known` is a header. All changes up to its state were noted before it became known.
//! 2. If the header equals `known`, nothing has been committed since: a commit is done, and can be acknowledged, only
//!    when the header shows it.
//! 3. After a commit of its own, the writer notes the changes and then makes the new header known. But if another
//!    connection committed meanwhile (`PRAGMA data_version` tells), the writer notes that everything changed.
//! 4. A header that is not known, while no commit of our own is under way, comes from another process. Then everything
//!    is noted as changed.
//!
//! Some file systems read a mapped file differently. So the memory is used only once a commit of our own was seen to
//! change the header. The writer makes such a commit when the memory is wanted for the first time. On systems other
//! than Linux the memory is not used.

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

use crate::base::db::{
    changes::{Changes, Mark},
    error::Result,
    sqlite::connection::open_reader,
};

/// The length of the header. There are two copies, one after the other, and the first is written last.
const HEADER: usize = 48;
type Header = [u8; HEADER];

/// The state of the watch, for readers and the writer.
#[derive(Default)]
pub(super) struct Watch {
    changes: Changes,
    /// Readers load it without a lock: each of them would have to write to a lock.
    index: ArcSwap<Index>,
    /// Held while the index is replaced.
    replacing: Mutex<()>,
    /// The writer has a transaction, so a change of the header may be its own.
    writing: AtomicBool,
    /// A reader wants to remember rows.
    wanted: AtomicBool,
}

#[derive(Clone, Default)]
struct Index {
    file: Option<Arc<File>>,
    /// A commit was seen to change the header.
    trusted: bool,
    known: Option<Header>,
}

impl Watch {
    /// Takes a mark before a read whose result is to be remembered.
    pub(super) fn mark(&self) -> Mark {
        self.changes.mark()
    }

    /// Returns `true` the first time that a reader wants to remember rows.
    pub(super) fn is_first_wanted(&self) -> bool {
        !self.wanted.load(Acquire) && !self.wanted.swap(true, SeqCst)
    }

    /// Returns `true` if the rows of `owner` that were read after `mark` still hold, and `false` if that is not known.
    pub(super) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        // The order matters: first all changes are known, then none of them is of this owner.
        self.is_all_known() && self.changes.none_since(owner, mark)
    }

    /// The changes that are known.
    pub(super) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Returns `true` if every change that anybody has committed is known.
    pub(super) fn is_all_known(&self) -> bool {
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

    /// Makes the present header known if another process has changed it.
    fn learn(&self) {
        // Another thread that holds the lock does the same.
        let Ok(_replacing) = self.replacing.try_lock() else { return };
        let index = self.index.load();
        let Some(header) = index.header() else { return };
        // `writing` is read after the header. The writer sets it before it changes the header, and clears it only while
        // it holds the lock.
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
    /// The value of `PRAGMA data_version` on the writer's connection after the last commit. It changes when, and only
    /// when, another connection commits (<https://sqlite.org/pragma.html#pragma_data_version>).
    version: Option<i64>,
    path: PathBuf,
    /// Another connection, which notices a commit of our own. It is opened once, when the memory is wanted.
    probe: Option<Probe>,
    probed: bool,
}

struct Probe {
    connection: Connection,
    version: i64,
    header: Header,
}

impl Noting {
    /// Begins to watch the file at `path`. `writer` has opened it, so its log and the index of the log exist.
    pub(super) fn start(watch: Arc<Watch>, path: &Path, writer: &Connection) -> Self {
        let replacing = watch.replacing();
        // The file may be another one. Then rows that were read before do not hold.
        watch.changes.note_everything();
        watch.index.store(Arc::new(Index { file: open(path).ok(), trusted: false, known: None }));
        drop(replacing);
        let (version, path) = (data_version(writer).ok(), path.to_owned());
        Self { watch, version, path, probe: None, probed: false }
    }

    /// Call it when the writer has the write lock of the database.
    pub(super) fn begun(&mut self) {
        self.watch.writing.store(true, Release);
        fence(SeqCst);
        if !self.probed && self.watch.wanted.load(Acquire) {
            self.probed = true;
            let header = self.watch.index.load().header();
            self.probe = header.and_then(|header| Probe::open(&self.path, header).ok());
        }
    }

    /// Call it after each commit or rollback, before that is acknowledged, with the owners of the rows that it changed.
    pub(super) fn ended(&mut self, writer: &Connection, committed: bool, owners: &[i64]) {
        // The header is read first. If nobody else had committed when the version is read, nobody had when it was.
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

    /// Returns `None` if nobody has committed, else `true` if the header has changed.
    fn sees_change(&self, header: &Header) -> Option<bool> {
        let version = data_version(&self.connection).ok()?;
        (version != self.version).then_some(*header != self.header)
    }
}

impl Index {
    /// Returns the header, unless it is being written at this moment.
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
/// The file is not closed while this process may have the database open. When a process closes a file, it loses all
/// locks that it holds on that file, those of SQLite too (<https://sqlite.org/howtocorrupt.html>, section 2.2).
#[expect(clippy::disallowed_methods, reason = "the file stands beside the database")]
fn open(path: &Path) -> io::Result<Arc<File>> {
    static OPEN: Mutex<Vec<Arc<File>>> = Mutex::new(Vec::new());
    let mut name = path.as_os_str().to_owned();
    name.push("-shm");
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    // A file is deleted when the last connection to the database closes.
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
