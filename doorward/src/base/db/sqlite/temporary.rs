//! The file of a test. It begins as a copy of an image that has the schema, so it is there at once.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, MAIN_DB};

use crate::base::{
    db::{
        error::Error,
        sqlite::{database::Sqlite, migrate::migrate, names::Names},
    },
    open_error::OpenError,
};

/// The images that were made so far, by the prefix of their tables.
static IMAGES: Mutex<BTreeMap<String, Arc<[u8]>>> = Mutex::new(BTreeMap::new());

/// Makes a file at `path`, which does not exist yet, and opens it. The tables have `prefix` before their names.
pub(in crate::base::db) fn open(path: &str, prefix: Option<&str>, now: i64) -> Result<Sqlite, OpenError> {
    let names = Names::new(prefix);
    let image = image(prefix.unwrap_or_default(), &names, now)?;
    fs::write(path, &image)
        .map_err(|error| OpenError::new(format!("cannot write the database file {path}: {error}")))?;
    Ok(Sqlite::start_unflushed(Path::new(path), names)?)
}

/// Returns a file with the schema and without rows.
fn image(prefix: &str, names: &Names, now: i64) -> Result<Arc<[u8]>, OpenError> {
    let mut images = IMAGES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(image) = images.get(prefix) {
        return Ok(Arc::clone(image));
    }
    let mut connection = Connection::open_in_memory().map_err(Error::from)?;
    migrate(&mut connection, names, now)?;
    let mut image = connection.serialize(MAIN_DB).map_err(Error::from)?.to_vec();
    // The versions for writing and reading: 2 says that there is a write-ahead log
    // (https://sqlite.org/fileformat2.html#file_format_version_numbers). To change to it would take a commit.
    image[18..20].fill(2);
    let image: Arc<[u8]> = image.into();
    images.insert(prefix.to_owned(), Arc::clone(&image));
    Ok(image)
}
