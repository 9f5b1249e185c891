//! The errors of a database, sorted by what the caller can do about them.

use std::{fmt, time::Duration};

/// The time limit of a statement, waiting included. After that the request is answered with 503.
pub(super) const PATIENCE: Duration = Duration::from_millis(4500);

/// Why a statement failed.
#[derive(Clone, Debug)]
pub(crate) enum Error {
    /// Another row already has this unique value.
    Unique,
    /// The row that this row refers to does not exist any more.
    Orphan,
    /// The database is busy, full, read-only, out of reach or too slow. The same statement may work later.
    Unavailable(String),
    /// The statement does not fit the database. This is a mistake in the program.
    Bug(String),
}

/// The result of a statement, or the reason why it failed.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The database did not answer within our time limit.
    pub(crate) fn timed_out() -> Self {
        Self::Unavailable("no answer in time".into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique => f.write_str("another row already has this value"),
            Self::Orphan => f.write_str("the row that this row refers to does not exist any more"),
            Self::Unavailable(cause) | Self::Bug(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for Error {}
