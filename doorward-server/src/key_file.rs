//! The keys that seal secrets in the database, in a file beside a file of SQLite: `doorward.key` beside `doorward.db`.
//!
//! The first line has the id of a key and the key. It is made at the first start, unless the settings have a key. An
//! operator exchanges the key by a new line above it: each further line is a retired key. Only the owner can read the
//! file. On PostgreSQL several nodes need the same keys, so they stand in the settings there.

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

/// Puts the keys of the file into the settings, unless they have one. Returns `false` if there is no such file.
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
    for (at, line) in text.trim().lines().enumerate() {
        // No error repeats the content.
        let Some((id, key)) = line.trim().split_once(' ') else {
            bail!("{}: expected an id, a space and a key in line {}", path.display(), at + 1);
        };
        let (id, key) = (id.to_owned(), Secret::from(key.trim_start()));
        if at == 0 {
            (library.secret_key_id, library.secret_key) = (Some(id), Some(key));
        } else if library.secret_key_id.as_ref() == Some(&id)
            || library.retired_secret_keys.insert(id, key).is_some()
        {
            bail!("{}: the id in line {} stands there twice", path.display(), at + 1);
        }
    }
    if library.secret_key.is_none() {
        bail!("{}: expected an id, a space and a key", path.display());
    }
    Ok(true)
}

/// The same, and makes the file if it is missing. Returns its path if it was made.
pub(crate) fn read_or_make(library: &mut Config, database: &str) -> Result<Option<PathBuf>> {
    if read_into(library, database)? {
        return Ok(None);
    }
    let Some(path) = path(database) else { return Ok(None) };
    let (id, key) = doorward::provider::new_secret_key();
    let written = write(&path, &id, &key);
    let made =
        written.with_context(|| format!("cannot write {}, and there is no secret_key", path.display()))?;
    read_into(library, database)?;
    Ok(made.then_some(path))
}

/// Writes a new file. Returns `false` if there is one already: another process that makes it at the same time wins.
///
/// The content is written under another name first. So nobody reads a half, not even if the machine fails meanwhile. A
/// link never takes the name of a file that is there, as a renamed file would.
fn write(path: &Path, id: &str, key: &Secret) -> std::io::Result<bool> {
    // The id is random, so no other process has this name.
    let new = path.with_extension(format!("key.{id}"));
    let linked = write_whole(&new, id, key).and_then(|()| fs::hard_link(&new, path));
    let removed = fs::remove_file(&new);
    match linked {
        Ok(()) => removed.map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => removed.map(|()| false),
        Err(error) => Err(error),
    }
}

/// Writes a file that only its owner can read.
fn write_whole(path: &Path, id: &str, key: &Secret) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{id} {}", key.expose())?;
    file.sync_all()
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
        // Each further line is a retired key.
        fs::write(&made, "new AA\n old  BB\nolder CC\n\n").unwrap();
        let mut exchanged = Config::default();
        assert!(read_into(&mut exchanged, &database).unwrap());
        assert_eq!(
            (exchanged.secret_key_id.as_deref(), exposed(&exchanged).as_deref()),
            (Some("new"), Some("AA"))
        );
        let retired = exchanged.retired_secret_keys.iter().map(|(id, key)| (&**id, key.expose()));
        assert_eq!(retired.collect::<Vec<_>>(), [("old", "BB"), ("older", "CC")]);
        for (text, told) in [
            ("", "expected an id"),
            ("a AA\nb", "in line 2"),
            ("a A\na B", "twice"),
            ("a A\nb B\nb C", "line 3"),
        ] {
            fs::write(&made, text).unwrap();
            let error = format!("{:#}", read_into(&mut Config::default(), &database).unwrap_err());
            assert!(error.contains(told), "{error}");
        }
        // A key in the settings wins, and PostgreSQL has no file.
        let mut own = Config { secret_key_id: Some("a".into()), ..Config::default() };
        assert!(read_into(&mut own, &database).unwrap());
        assert_eq!(path("postgres://localhost/x"), None);
    }

    #[test]
    fn servers_that_start_at_once_have_one_key_and_no_half_of_it() {
        for _ in 0..50 {
            let folder = tempfile::tempdir().unwrap();
            let database = format!("sqlite:{}", folder.path().join("doorward.db").display());
            let barrier = std::sync::Barrier::new(8);
            let start = || {
                barrier.wait();
                let mut library = Config::default();
                let made = read_or_make(&mut library, &database).unwrap();
                let key = library.secret_key.unwrap();
                (made.is_some(), library.secret_key_id.unwrap(), key.expose().to_owned())
            };
            let started: Vec<_> = std::thread::scope(|scope| {
                let servers: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
                servers.into_iter().map(|server| server.join().unwrap()).collect()
            });
            assert_eq!(started.iter().filter(|(made, ..)| *made).count(), 1);
            assert!(started.iter().all(|(_, id, key)| (id, key) == (&started[0].1, &started[0].2)));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else stays");
        }
    }
}
