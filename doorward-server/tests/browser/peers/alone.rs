//! Runs a test in namespaces of its own, so that nothing of the machine changes, and nothing outlives the test.

use std::process::Command;

use crate::peers::hosts::{ACCOUNTS, WIKI};

/// Set in the process that is already alone.
const ALONE: &str = "TEST_ALONE";

/// Runs `body`, a closure of a test, in a network, a mount and a process namespace of its own. For that, it starts
/// this very test once more.
pub(super) fn alone<F: AsyncFnOnce()>(body: F) {
    if std::env::var_os(ALONE).is_some() {
        set_up_network();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        return runtime.block_on(body());
    }
    let probe = unshare().arg("true").output().unwrap();
    let reason = String::from_utf8_lossy(&probe.stderr);
    assert!(
        probe.status.success(),
        "only root can run this test, where namespaces are allowed: {}",
        reason.trim()
    );
    let path = std::any::type_name::<F>();
    let (_crate, test) = path.trim_end_matches("::{{closure}}").split_once("::").unwrap();
    let mut inside = unshare();
    inside.arg(std::env::current_exe().unwrap()).env(ALONE, "1");
    let status = inside.args(["--exact", test, "--include-ignored", "--nocapture"]).status().unwrap();
    assert!(status.success(), "the test failed: see above");
}

fn unshare() -> Command {
    let mut unshare = Command::new("unshare");
    // The last one ends all processes in there together with the first one.
    unshare.args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]);
    unshare
}

/// Gives the two hosts addresses, which only this test sees.
fn set_up_network() {
    run("ip", &["link", "set", "lo", "up"]);
    for (_, address) in [ACCOUNTS, WIKI] {
        run("ip", &["address", "add", &format!("{address}/32"), "dev", "lo"]);
    }
}

/// Runs a program, and panics if it fails.
pub(super) fn run(program: &str, arguments: &[&str]) {
    let done = Command::new(program).args(arguments).output().unwrap();
    assert!(done.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}
