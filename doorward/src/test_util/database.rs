//! The database of a test: a temporary file, or a schema of its own. It is deleted together with the accounts.

use std::thread;

use crate::{
    auth::Auth,
    base::{config::Config, db::Db, open_error::OpenError, secret},
    open::AuthBuilder,
};

/// Where the accounts of a test are.
pub(super) enum Place {
    /// In a file that is deleted at the end.
    #[cfg(feature = "sqlite")]
    Temporary,
    /// In the database at this URL.
    At(String),
}

/// Begins to open the accounts there.
pub(super) fn at(place: Place, config: Config) -> Result<AuthBuilder, OpenError> {
    match place {
        #[cfg(feature = "sqlite")]
        Place::Temporary => {
            let folder = tempfile::tempdir()
                .map_err(|error| OpenError::new(format!("cannot make a temporary folder: {error}")))?;
            let url = format!("sqlite:{}", folder.path().join("accounts.db").display());
            Ok(Auth::builder(&url).config(config).temporary().guarded_by(folder))
        }
        Place::At(url) if config.schema.is_none() && Db::has_schemas(&url)? => {
            let name = format!("doorward_test_{:x}", secret::random_id());
            let config = Config { schema: Some(name.clone()), ..config };
            Ok(Auth::builder(&url).config(config).guarded_by(OwnSchema { url, name }))
        }
        Place::At(url) => Ok(Auth::builder(&url).config(config)),
    }
}

/// A schema that is deleted when this is dropped.
struct OwnSchema {
    url: String,
    name: String,
}

impl Drop for OwnSchema {
    fn drop(&mut self) {
        let (url, name) = (std::mem::take(&mut self.url), std::mem::take(&mut self.name));
        // The runtime of the test may be at its end, so this has its own.
        let deleted = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(Db::delete_schema(&url, &name)))
        });
        match deleted.join() {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(cause = %error, "the schema of a test stays"),
            _ => tracing::warn!("the schema of a test stays"),
        }
    }
}
