//! The limit of open files: every connection is one.

use doorward::serve::OTHER_FILES;

/// Raises the limit of open files as far as the system allows, and returns the number of connections that fit into it.
/// `None` if there is no limit.
pub(crate) fn raise_limit() -> Option<usize> {
    let files = usize::try_from(raised()?).unwrap_or(usize::MAX);
    Some(files.saturating_sub(OTHER_FILES).max(1))
}

#[cfg(unix)]
fn raised() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if limit.current != limit.maximum && setrlimit(Resource::Nofile, raised).is_ok() {
        return limit.maximum;
    }
    limit.current
}

#[cfg(not(unix))]
fn raised() -> Option<u64> {
    None
}
