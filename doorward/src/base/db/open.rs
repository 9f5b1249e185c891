//! Opens a database by its URL. Every error is one clear line.

use std::sync::Arc;

use crate::base::{
    db::{error::Error, handle::Db, postgres, sqlite},
    open_error::{OpenError, OpenErrorKind},
};

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        let kind = match error {
            Error::Unavailable(_) => OpenErrorKind::Unreachable,
            _ => OpenErrorKind::Other,
        };
        Self::new(format!("cannot open the database: {error}")).of_kind(kind)
    }
}

/// What keeps our tables apart from those of other programs in the same database. The caller has checked the names.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Apart<'a> {
    /// The schema of the tables, on PostgreSQL.
    pub(crate) schema: Option<&'a str>,
    /// What stands before the names of the tables, on SQLite.
    pub(crate) table_prefix: Option<&'a str>,
}

/// How long a database lasts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Life {
    /// For good: each commit survives a power cut.
    Lasting,
    /// For one test. A file begins as a copy of an image with the schema, and no commit waits for the disk.
    #[cfg(all(feature = "sqlite", feature = "test-util"))]
    Temporary,
}

/// The place that a database URL names.
enum Location {
    File(String),
    Server(Box<postgres::Settings>),
}

impl Location {
    /// The key `database` stands for the URL in an error.
    fn parse(url: &str) -> Result<Self, OpenError> {
        Self::read(url).map_err(|error| error.about(&["database"]))
    }

    /// Fails if this database does not take what keeps the tables apart.
    fn with(self, apart: Apart<'_>) -> Result<Self, OpenError> {
        match &self {
            Self::File(_) if apart.schema.is_some() => Err(OpenError::of_setting(
                &["schema", "database"],
                "expected only with PostgreSQL; SQLite has no schemas, but takes a table_prefix",
            )),
            Self::Server(_) if apart.table_prefix.is_some() => Err(OpenError::of_setting(
                &["table_prefix", "database"],
                "expected only with SQLite; PostgreSQL takes a schema",
            )),
            _ => Ok(self),
        }
    }

    fn read(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '\0']) || path.starts_with(":memory:") {
                return Err(OpenError::new(format!(
                    "bad database URL {url:?}: \"sqlite:\" must be followed by the path of a file"
                )));
            }
            return Ok(Self::File(path.to_owned()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres::Settings::parse(url).map(|settings| Self::Server(Box::new(settings)));
        }
        // The URL itself is not shown, because it may hold a password.
        Err(OpenError::new(
            "bad database URL: expected \"sqlite:FILE\" or \"postgres://USER:PASSWORD@HOST/DATABASE\"",
        ))
    }
}

impl Db {
    /// Opens the database at `url` and brings its schema up to date. Also returns the names of the applied migrations.
    pub(crate) async fn open(
        url: &str,
        apart: Apart<'_>,
        life: Life,
        now: i64,
    ) -> Result<(Self, Vec<&'static str>), OpenError> {
        match Location::parse(url)?.with(apart)? {
            Location::File(path) => {
                let (sqlite, migrated) = match life {
                    Life::Lasting => sqlite::open(&path, apart.table_prefix, now)?,
                    #[cfg(all(feature = "sqlite", feature = "test-util"))]
                    Life::Temporary => (sqlite::open_temporary(&path, apart.table_prefix, now)?, Vec::new()),
                };
                Ok((Self::Sqlite(Arc::new(sqlite)), migrated))
            }
            Location::Server(settings) => {
                let (postgres, migrated) = postgres::Postgres::open(*settings, apart.schema, now).await?;
                Ok((Self::Postgres(Arc::new(postgres)), migrated))
            }
        }
    }

    /// Returns `true` if this database has schemas, which keep tables apart.
    #[cfg(feature = "test-util")]
    pub(crate) fn has_schemas(url: &str) -> Result<bool, OpenError> {
        Ok(matches!(Location::parse(url)?, Location::Server(_)))
    }

    /// Deletes a schema with all that is in it, unless somebody uses it for longer than a moment.
    #[cfg(feature = "test-util")]
    pub(crate) async fn delete_schema(url: &str, schema: &str) -> Result<(), OpenError> {
        match Location::parse(url)? {
            Location::Server(settings) => postgres::delete_schema(&settings, schema).await,
            Location::File(_) => Ok(()),
        }
    }

    /// Checks the URL, and that it fits what keeps the tables apart. Opens nothing.
    pub(crate) fn check(url: &str, apart: Apart<'_>) -> Result<(), OpenError> {
        Location::parse(url)?.with(apart).map(drop)
    }

    /// Returns the URL without its password, for people to read.
    pub(crate) fn describe(url: &str) -> Result<String, OpenError> {
        Ok(match Location::parse(url)? {
            Location::File(path) => format!("sqlite:{path}"),
            Location::Server(settings) => settings.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_part_of_a_password_is_shown_or_repeated(
            scheme in "(postgres|postgresql)(://|:/|:)",
            user in "[a-z/?#@]{0,5}",
            password in proptest::collection::vec("Z[0-9]{3}[@:/?#%&=+ ,;\\[\\]\\\\\"']{0,3}", 1..4),
            host in "(127\\.0\\.0\\.1|a,b|\\[::1\\]|%2Ftmp|a b|)(:[0-9]{1,6})?",
            rest in "(/[a-z]{0,4})?([?][a-z_]{0,4}=?[a-z]{0,4})?",
        ) {
            let url = format!("{scheme}{user}:{}@{host}{rest}", password.concat());
            let shown = Db::describe(&url).unwrap_or_else(|error| error.to_string());
            for part in &password {
                proptest::prop_assert!(!shown.contains(&part[..4]), "{} is shown as {}", url, shown);
            }
        }
    }

    #[test]
    fn a_password_that_is_not_encoded_is_refused_with_the_way_to_encode_it() {
        for password in ["hunter2?x", "a@hunter2", "a@hun/ter2", "1/hun@ter2", "@hunter2", "hunter2?a=@b"] {
            let error = Db::describe(&format!("postgres://app:{password}@127.0.0.1/app")).unwrap_err();
            assert!(error.to_string().contains("write %25 for %, %40 for @, %3F for ?"), "{error}");
            assert!(!error.to_string().contains("ter2"), "{error}");
        }
        // Its `@` is missing.
        for url in ["postgres://app:hunter2/x", "postgres://app:hun?ter2=", "postgres://app:hun?ter2"] {
            let error = Db::describe(url).unwrap_err().to_string();
            assert!(error.contains("USER:PASSWORD@HOST") && !error.contains("ter2"), "{error}");
        }
        let encoded = "postgres://app:hunter2%3Fx%40%2F%25@127.0.0.1/app";
        assert_eq!(Db::describe(encoded).unwrap(), "postgres://app@127.0.0.1:5432/app");
        let colon = "postgres://app%3Ahunter2@127.0.0.1/app";
        assert_eq!(Db::describe(colon).unwrap(), "postgres://(hidden)@127.0.0.1:5432/app");
    }

    #[test]
    fn a_bad_url_is_refused_without_repeating_it() {
        let error = Db::describe("mysql://ann:hunter2@host/db").unwrap_err().to_string();
        assert!(!error.contains("hunter2") && error.contains("sqlite:FILE"), "{error}");
        assert!(Db::describe("sqlite:").is_err());
        assert!(Db::describe("sqlite::memory:").is_err());
    }

    #[test]
    fn a_url_is_shown_without_its_password() {
        assert_eq!(Db::describe("sqlite:app.db").unwrap(), "sqlite:app.db");
        assert_eq!(Db::describe("sqlite:///var/app.db").unwrap(), "sqlite:/var/app.db");
        assert_eq!(
            Db::describe("postgres://ann:hunter2@a:5432,b:5433/accounts?sslmode=disable").unwrap(),
            "postgres://ann@a:5432,b:5433/accounts"
        );
    }
}
