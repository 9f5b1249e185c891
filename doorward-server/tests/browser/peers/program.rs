//! Programs of others that `script/test peers` has installed.

use std::{
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
};

use crate::chromium::until;

/// Returns the folder of an app or of libraries, as it was installed.
pub(super) fn installed(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers").join(name);
    assert!(folder.is_dir(), "{} is missing: run script/test peers", folder.display());
    folder
}

/// Starts a program that listens on this address, and waits until it does. It ends with the test.
pub(super) async fn serve(program: &mut Command, address: (&str, u16)) {
    let mut child = program.spawn().unwrap();
    until(&format!("{program:?} to listen"), async || {
        assert_eq!(child.try_wait().unwrap(), None, "{program:?} ended");
        TcpStream::connect(address).ok()
    })
    .await;
}
