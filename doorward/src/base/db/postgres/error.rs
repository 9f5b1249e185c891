//! Sorts the errors of PostgreSQL by what the caller can do about them, and describes them.

use tokio_postgres::error::SqlState;

use crate::base::{db::error::Error, open_error::OpenErrorKind};

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
            &(SqlState::FOREIGN_KEY_VIOLATION | SqlState::RESTRICT_VIOLATION) => Self::Orphan,
            &SqlState::INSUFFICIENT_PRIVILEGE => Self::Unavailable(describe(&error)),
            // Values that are not valid, other constraints that are violated, statements that do not parse, and triggers
            // that refuse.
            state if ["22", "23", "42", "P0"].contains(&&state.code()[..2]) => Self::Bug(describe(&error)),
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

/// Returns the kind of an error at the start. The classes 28 and 3D are a wrong password and a missing database.
pub(super) fn kind(error: &tokio_postgres::Error) -> OpenErrorKind {
    match error.code().map(SqlState::code) {
        Some(code) if code.starts_with("28") || code.starts_with("3D") || code == "42501" => {
            OpenErrorKind::Refused
        }
        _ => OpenErrorKind::Unreachable,
    }
}

/// Describes the error in one line, with the message of the server. `tokio_postgres` itself shows only "db error".
pub(in crate::base::db) fn describe(error: &tokio_postgres::Error) -> String {
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
