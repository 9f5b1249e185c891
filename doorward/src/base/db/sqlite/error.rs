//! Sorts the errors of SQLite by what the caller can do about them.

use rusqlite::{ErrorCode, ffi};

use crate::base::db::error::Error;

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
