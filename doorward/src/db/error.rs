//! What can go wrong in a database, told apart by what the caller can do about it.

use std::{fmt, time::Duration};

use rusqlite::{ErrorCode, ffi};
use tokio_postgres::error::SqlState;

/// How long a statement may take, waiting included, until the request is answered with 503.
pub(super) const PATIENCE: Duration = Duration::from_millis(4500);

/// Why a statement failed.
#[derive(Clone, Debug)]
pub(crate) enum Error {
    /// A unique value is taken already.
    Unique,
    /// The row that this one belongs to is gone.
    Orphan,
    /// The database is busy, full, read-only, out of reach or too slow. Later it may work.
    Unavailable(String),
    /// The statement does not fit the database: a mistake in this program.
    Bug(String),
}

/// What a statement gave, or why it failed.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A time-out of our own, when the database did not answer.
    pub(crate) fn timed_out() -> Self {
        Self::Unavailable("no answer in time".into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique => f.write_str("the value is taken"),
            Self::Orphan => f.write_str("the row this belongs to is gone"),
            Self::Unavailable(cause) | Self::Bug(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let Some(cause) = error.sqlite_error() else { return Self::Bug(error.to_string()) };
        match (cause.code, cause.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => Self::Unique,
            (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Self::Orphan,
            (
                ErrorCode::Unknown
                | ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::ApiMisuse
                | ErrorCode::ParameterOutOfRange
                | ErrorCode::TooBig,
                _,
            ) => Self::Bug(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            // Without a code of the server it is the connection, or a value that does not fit its column.
            let unfit =
                error.to_string().contains("serializing") || error.to_string().contains("deserializing");
            return if unfit { Self::Bug(describe(&error)) } else { Self::Unavailable(describe(&error)) };
        };
        match state {
            &SqlState::UNIQUE_VIOLATION => Self::Unique,
            &SqlState::FOREIGN_KEY_VIOLATION => Self::Orphan,
            &SqlState::INSUFFICIENT_PRIVILEGE => Self::Unavailable(describe(&error)),
            // Data exceptions, other violations of constraints, and statements that do not parse.
            state if ["22", "23", "42"].contains(&&state.code()[..2]) => Self::Bug(describe(&error)),
            _ => Self::Unavailable(describe(&error)),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(cause) => Self::Unavailable(describe(&cause)),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// The error in one line, with what the server said: `tokio_postgres` itself shows only "db error".
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        // The detail of a message is left out: it repeats values of the row.
        Some(cause) => format!("{} (SQLSTATE {})", cause.message(), cause.code().code()),
        None => {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                let cause_text = cause.to_string();
                if !text.contains(&cause_text) {
                    text = format!("{text}: {cause_text}");
                }
                source = cause.source();
            }
            text
        }
    }
}
