//! Readers that remember rows while this program and others write. No reader uses a row that was changed.

use std::{path::Path, sync::atomic::AtomicI64, thread, time::Duration};

use super::{
    super::{
        connection::{open_writer, optional},
        database::Sqlite,
        file,
        names::Names,
    },
    *,
};

const OWNERS: i64 = 4;

/// A file with a number for each owner.
fn numbers() -> (tempfile::TempDir, Sqlite) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.db");
    file::create(&path).unwrap();
    let connection = open_writer(&path).unwrap();
    connection.execute_batch("CREATE TABLE t (owner INTEGER PRIMARY KEY, number INTEGER)").unwrap();
    for owner in 0..OWNERS {
        connection.execute("INSERT INTO t VALUES (?1, 0)", [owner]).unwrap();
    }
    drop(connection);
    let sqlite = Sqlite::start(&path, Names::default()).unwrap();
    (folder, sqlite)
}

fn number(sqlite: &Sqlite, owner: i64) -> i64 {
    let sql = "SELECT number FROM t WHERE owner = ?1";
    sqlite.read(|on| optional(on, sql, &[owner.into()])).unwrap().unwrap()
}

async fn count_up(sqlite: &Sqlite, owner: i64) -> i64 {
    let mut tx = sqlite.begin().await.unwrap();
    let sql = "UPDATE t SET number = number + 1 WHERE owner = ?1 RETURNING number";
    let number = tx.run(move |on| optional(on, sql, &[owner.into()])).await.unwrap().unwrap();
    tx.note_change(owner);
    tx.commit().await.unwrap();
    number
}

/// Another connection to the same file, as another process has it.
fn foreign(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(Duration::from_secs(20)).unwrap();
    // Nothing has to be durable here.
    connection.execute_batch("PRAGMA synchronous = OFF").unwrap();
    connection
}

fn count_up_from_outside(connection: &Connection, owner: i64) -> i64 {
    let sql = "UPDATE t SET number = number + 1 WHERE owner = ?1 RETURNING number";
    connection.query_row(sql, [owner], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_row_holds_until_its_owner_changes_here_or_anything_changes_elsewhere() {
    let (folder, sqlite) = numbers();
    let mark = sqlite.mark();
    // Not before a commit was seen to change the header.
    assert!(!sqlite.is_unchanged(1, mark));
    count_up(&sqlite, 0).await;
    let mark = sqlite.mark();
    assert!(sqlite.is_unchanged(1, mark));
    count_up(&sqlite, 0).await;
    assert!(sqlite.is_unchanged(1, mark) && !sqlite.is_unchanged(0, mark));
    assert!(sqlite.is_unchanged(0, sqlite.mark()));
    // A transaction that is rolled back changes nothing.
    let mut tx = sqlite.begin().await.unwrap();
    tx.note_change(1);
    drop(tx);
    sqlite.flush().await;
    assert!(sqlite.is_unchanged(1, mark));

    let other = foreign(&folder.path().join("app.db"));
    count_up_from_outside(&other, 0);
    assert!(!sqlite.is_unchanged(1, mark));
    assert!(sqlite.is_unchanged(1, sqlite.mark()));
    let mark = sqlite.mark();
    // A commit of our own does not hide the commit of the other.
    count_up_from_outside(&other, 1);
    count_up(&sqlite, 0).await;
    assert!(!sqlite.is_unchanged(1, mark));
    // The log begins again, empty.
    let mark = sqlite.mark();
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    count_up_from_outside(&other, 1);
    assert!(!sqlite.is_unchanged(1, mark));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "another process pauses between its commits")]
async fn no_reader_remembers_a_row_after_its_change_was_acknowledged() {
    /// How often the other connections change a row.
    const FOREIGN: i64 = 10_000;
    /// How often this program changes a row.
    const OWN: i64 = 300;
    let (folder, sqlite) = numbers();
    let sqlite = Arc::new(sqlite);
    // The newest acknowledged value of each owner. Every reader must know it.
    let acknowledged: Arc<[AtomicI64]> = (0..OWNERS).map(|_| AtomicI64::new(0)).collect();
    let writing = Arc::new(AtomicBool::new(true));
    let readers: Vec<_> = (0..3)
        .map(|reader| {
            let (sqlite, acknowledged, writing) = (sqlite.clone(), acknowledged.clone(), writing.clone());
            thread::spawn(move || {
                let mut kept = [None; OWNERS as usize];
                let (mut remembered, mut turn) = (0_u64, reader);
                while writing.load(SeqCst) {
                    turn = (turn + 1) % OWNERS;
                    let floor = acknowledged[turn as usize].load(SeqCst);
                    if let Some((value, mark)) = kept[turn as usize]
                        && sqlite.is_unchanged(turn, mark)
                    {
                        assert!(value >= floor, "remembered {value} after {floor} was acknowledged");
                        remembered += 1;
                    } else {
                        let mark = sqlite.mark();
                        kept[turn as usize] = Some((number(&sqlite, turn), mark));
                    }
                }
                remembered
            })
        })
        .collect();
    let others: Vec<_> = (0..2)
        .map(|other| {
            let (path, acknowledged) = (folder.path().join("app.db"), acknowledged.clone());
            thread::spawn(move || {
                let connection = foreign(&path);
                for turn in 0..FOREIGN / 2 {
                    let owner = (turn + other) % OWNERS;
                    acknowledged[owner as usize].fetch_max(count_up_from_outside(&connection, owner), SeqCst);
                    if turn % 64 == 0 {
                        // In this pause, readers can use their memory.
                        thread::sleep(Duration::from_micros(300));
                    }
                }
            })
        })
        .collect();
    for turn in 0..OWN {
        let owner = turn % OWNERS;
        acknowledged[owner as usize].fetch_max(count_up(&sqlite, owner).await, SeqCst);
    }
    others.into_iter().for_each(|other| other.join().unwrap());
    writing.store(false, SeqCst);
    let remembered: u64 = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
    assert!(remembered > 1000, "the memory was hardly used: {remembered} times");
    assert_eq!((0..OWNERS).map(|owner| number(&sqlite, owner)).sum::<i64>(), FOREIGN + OWN);
}
