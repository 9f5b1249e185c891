//! The errors of a database, sorted by what the caller can do about them.

use std::{fmt, time::Duration};

use rusqlite::{ErrorCode, ffi};
use tokio_postgres::error::SqlState;

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
            // Without a code from the server, the connection failed or a value does not fit its column.
            let unfit =
                error.to_string().contains("serializing") || error.to_string().contains("deserializing");
            return if unfit { Self::Bug(describe(&error)) } else { Self::Unavailable(describe(&error)) };
        };
        match state {
            &SqlState::UNIQUE_VIOLATION => Self::Unique,
            &SqlState::FOREIGN_KEY_VIOLATION => Self::Orphan,
            &SqlState::INSUFFICIENT_PRIVILEGE => Self::Unavailable(describe(&error)),
            // Values that are not valid, other constraints that are violated, and statements that do not parse.
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

/// Describes the error in one line, with the message of the server. `tokio_postgres` itself shows only "db error".
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        // The detail of the message is left out, because it repeats values of the row.
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
