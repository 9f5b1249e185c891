//! The key that seals secrets in the database, in a file beside a file of SQLite: `doorward.key` beside `doorward.db`.
//!
//! It is made at the first start, unless the settings have a key. Only its owner can read it. On PostgreSQL several nodes
//! need the same key, so it stands in the settings there.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use doorward::{Config, config::Secret};

/// The file for the database at this URL, if it has one.
pub(crate) fn path(database: &str) -> Option<PathBuf> {
    let file = database.strip_prefix("sqlite:").filter(|file| !file.is_empty())?;
    Some(Path::new(file).with_extension("key"))
}

/// Puts the key of the file into the settings, unless they have one. Returns `false` if there is no such file.
pub(crate) fn read_into(library: &mut Config, database: &str) -> Result<bool> {
    let Some(path) =
        path(database).filter(|_| library.secret_key.is_none() && library.secret_key_id.is_none())
    else {
        return Ok(true);
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    // No error repeats the content.
    let Some((id, key)) = text.trim().split_once(' ') else {
        bail!("{}: expected an id, a space and a key", path.display());
    };
    library.secret_key_id = Some(id.to_owned());
    library.secret_key = Some(key.into());
    Ok(true)
}

/// The same, and makes the file if it is missing. Returns its path if it was made.
pub(crate) fn read_or_make(library: &mut Config, database: &str) -> Result<Option<PathBuf>> {
    if read_into(library, database)? {
        return Ok(None);
    }
    let Some(path) = path(database) else { return Ok(None) };
    let (id, key) = doorward::provider::new_secret_key();
    write(&path, &id, &key).with_context(|| format!("cannot write {}", path.display()))?;
    read_into(library, database)?;
    Ok(Some(path))
}

/// Writes a new file. Another process that makes it at the same time wins.
fn write(path: &Path, id: &str, key: &Secret) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            writeln!(file, "{id} {}", key.expose())?;
            file.sync_all()
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_beside_the_database_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("doorward.db").display());
        let mut first = Config::default();
        assert!(!read_into(&mut first, &database).unwrap());
        let made = read_or_make(&mut first, &database).unwrap().unwrap();
        assert_eq!(made, folder.path().join("doorward.key"));
        let mut second = Config::default();
        assert_eq!(read_or_make(&mut second, &database).unwrap(), None);
        assert_eq!(first.secret_key_id, second.secret_key_id);
        let exposed = |config: &Config| config.secret_key.as_ref().map(|key| key.expose().to_owned());
        assert!(exposed(&first).is_some() && exposed(&first) == exposed(&second));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&made, "secret").unwrap();
        let error = format!("{:#}", read_into(&mut Config::default(), &database).unwrap_err());
        assert!(error.contains("doorward.key: expected") && !error.contains("secret"), "{error}");
        // A key in the settings wins, and PostgreSQL has no file.
        let mut own = Config { secret_key_id: Some("a".into()), ..Config::default() };
        assert!(read_into(&mut own, &database).unwrap());
        assert_eq!(path("postgres://localhost/x"), None);
    }
}
