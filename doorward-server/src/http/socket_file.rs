//! A socket file. It gets its mode and group before other users can open it, replaces the file of a dead server,
//! and is removed at the end.

use std::{
    fs::{self, File, Metadata, Permissions},
    io,
    os::unix::{
        fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, lchown},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use rustix::{fs::Mode, process::umask};
use tokio::{
    net::UnixStream,
    time::{sleep, timeout},
};

use crate::config::Rights;

/// How long to wait while another server makes its own file in the same folder.
const TURN: Duration = Duration::from_secs(2);
/// The pause between two attempts to get the turn.
const PAUSE: Duration = Duration::from_millis(20);

/// The file of a socket. It is removed when this is dropped, unless another file has its place.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    id: (u64, u64),
}

impl SocketFile {
    /// Listens on a new file. Nobody else can open it before it has its mode and group.
    pub(super) async fn bind(path: &Path, rights: Rights) -> Result<(UnixListener, Self)> {
        // Two servers that start at once must not remove each other's file.
        let _turn = turn(path).await;
        remove_stale(path).await?;
        // The umask is for the whole program. At this moment nothing else in the program makes a file.
        let before = umask(Mode::from_raw_mode(0o177));
        let bound = UnixListener::bind(path);
        umask(before);
        let listener = bound?;
        let file = Self { path: path.to_owned(), id: id(&fs::symlink_metadata(path)?) };
        if let Some(group) = rights.group {
            lchown(path, None, Some(group)).context("listen_group")?;
        }
        // Another user who may write into the folder could have put a link in its place.
        if id(&fs::symlink_metadata(path)?) != file.id {
            bail!("another program replaced the socket file");
        }
        fs::set_permissions(path, Permissions::from_mode(rights.mode)).context("listen_mode")?;
        Ok((listener, file))
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| id(&found) == self.id) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn id(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

/// Locks the folder of a file. Goes on without the lock after a while: another program may hold it for ever.
async fn turn(path: &Path) -> Option<File> {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let folder = File::open(folder).ok()?;
    let locked = async {
        while folder.try_lock().is_err() {
            sleep(PAUSE).await;
        }
    };
    let _ = timeout(TURN, locked).await;
    Some(folder)
}

/// Removes the socket file of a server that has died.
async fn remove_stale(path: &Path) -> Result<()> {
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    if !found.file_type().is_socket() {
        bail!("there is a file that is no socket");
    }
    match UnixStream::connect(path).await {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).context("cannot remove the socket file of a server that has died")
        }
        Ok(_) => bail!("another server listens there"),
        Err(error) => bail!("another server may listen there: {error}"),
    }
}
