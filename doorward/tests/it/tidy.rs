//! The house rules of ARCHITECTURE.md that neither the compiler nor clippy can hold. The floors are in `floors.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

struct Source {
    /// `accounts/session/log_in.rs`.
    name: String,
    lines: usize,
    /// The text without comments, and without the tests at its end.
    code: String,
}

/// The Rust files below a folder, without files of unit tests.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

/// A source without comments, and without the tests at its end.
pub(crate) fn code(text: &str) -> String {
    // The tests may have an attribute more.
    let code = ["#[cfg(test)]\nmod ", "#[cfg(test)]\n#["]
        .iter()
        .fold(text, |code, tests| code.split(tests).next().unwrap());
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let source = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        Source { name, lines: text.lines().count(), code: code(&text) }
    };
    let sources: Vec<_> = rust_files(&root).iter().map(source).collect();
    assert!(sources.len() > 100);
    sources
}

/// The database layer.
const DATABASE: &str = "base/db/";

#[test]
fn only_the_database_layer_knows_its_drivers() {
    for Source { name, code, .. } in sources().iter().filter(|source| !source.name.starts_with(DATABASE)) {
        for driver in ["rusqlite", "tokio_postgres", "deadpool", "Sqlite", "Postgres"] {
            assert!(!code.contains(driver), "{name} speaks of {driver}");
        }
    }
}

#[test]
fn the_database_layer_could_leave_the_house() {
    for Source { name, code, .. } in sources().iter().filter(|source| source.name.starts_with(DATABASE)) {
        for (at, _) in code.match_indices("crate::base::") {
            let import: String = code[at..].chars().take(60).collect();
            let known =
                ["crate::base::db", "crate::base::open_error", "crate::base::secret", "crate::base::{"];
            assert!(known.iter().any(|known| import.starts_with(known)), "{name}: {import}");
        }
        for floor in ["crate::model", "crate::auth", "crate::accounts", "crate::web", "crate::features"] {
            assert!(!code.contains(floor), "{name} imports {floor}");
        }
    }
}

#[test]
fn only_one_file_sets_cookies() {
    for Source { name, code, .. } in sources().iter().filter(|source| source.name != "web/cookies.rs") {
        for words in ["SET_COOKIE", "set-cookie", "Max-Age"] {
            assert!(!code.contains(words), "{name} has {words}");
        }
    }
}

#[test]
fn only_the_database_layer_hashing_and_connections_measure_time() {
    for Source { name, code, .. } in &sources() {
        let measures = name.starts_with(DATABASE)
            || name.starts_with("web/serve/")
            || ["base/passwords/hashing.rs", "base/passwords/queue.rs", "accounts/chores.rs"]
                .contains(&&**name);
        assert!(measures || !code.contains("Instant"), "{name} measures time");
    }
}

#[test]
fn the_library_sets_nothing_global() {
    for Source { name, code, .. } in &sources() {
        for global in [
            "set_global_default",
            "set_logger",
            "global_allocator",
            "install_default",
            "set_hook",
            "sqlite3_config",
            "static mut",
            "println!",
            "eprintln!",
        ] {
            assert!(!code.contains(global), "{name} has {global}");
        }
    }
}

#[test]
fn the_documentation_shows_every_public_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for library in ["doorward", "doorward-password", "doorward-passkey"] {
        for path in rust_files(&root.join(library).join("src")) {
            let hidden = code(&fs::read_to_string(&path).unwrap()).contains("doc(hidden)");
            assert!(!hidden, "{} hides a name from its users", path.display());
        }
    }
}

#[test]
fn a_table_is_written_by_its_file_or_folder() {
    let mut writers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Source { name, code, .. } in &sources() {
        // A folder that owns a table is one writer.
        let writer = match name.strip_prefix("accounts/").and_then(|name| name.split_once('/')) {
            Some((folder, _)) => format!("accounts/{folder}"),
            None => name.clone(),
        };
        for verb in ["INSERT INTO ", "UPDATE ", "DELETE FROM "] {
            for (at, _) in code.match_indices(verb) {
                let table: String = code[at + verb.len()..]
                    .chars()
                    .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
                    .collect();
                if !table.is_empty() {
                    writers.entry(table).or_default().insert(writer.clone());
                }
            }
        }
    }
    assert!(["users", "credentials", "sessions", "mails"].iter().all(|table| writers.contains_key(*table)));
    for (table, writers) in &writers {
        assert_eq!(writers.len(), 1, "{table} is written by {writers:?}");
    }
}

#[test]
fn a_change_of_a_user_or_session_notes_its_owner() {
    // Each node notes the last use of a session by itself, and refuses sessions that have run out from memory too.
    const NEEDLESS: [&str; 2] =
        ["UPDATE sessions SET last_seen_at", "DELETE FROM sessions WHERE token_hash IN"];
    let mut found = 0;
    for Source { name, code, .. } in &sources() {
        for words in ["DELETE FROM sessions", "UPDATE sessions", "DELETE FROM users", "UPDATE users"] {
            for (at, _) in code.match_indices(words) {
                if NEEDLESS.iter().any(|needless| code[at..].starts_with(needless)) {
                    continue;
                }
                found += 1;
                // Either the statement notes it, or its function does.
                let call =
                    code[..at].trim_end_matches([' ', '\n', '"', '(']).rsplit('.').next().unwrap_or_default();
                let function = code[at..].split("\n}\n").next().unwrap();
                let notes = call.starts_with("change") || function.contains(".note_change(");
                assert!(notes || name == "accounts/session/log_in.rs", "{name} tells nobody: {function}");
            }
        }
    }
    assert!(found >= 10, "only {found} statements were found");
}

#[test]
fn sql_is_in_the_words_that_both_databases_know() {
    const FOREIGN: [&str; 13] = [
        "NOW()",
        "ILIKE",
        "ANY(",
        "ANY (",
        "FOR UPDATE",
        "CURRENT_TIMESTAMP",
        "DATETIME(",
        "STRFTIME",
        "UNIXEPOCH",
        "->>",
        "$1",
        "INSERT OR",
        "NEXTVAL",
    ];
    let mut statements = 0;
    for Source { name, code, .. } in sources().iter().filter(|source| !source.name.starts_with(DATABASE)) {
        for text in code.split('"').filter(|text| {
            ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| text.starts_with(verb))
        }) {
            statements += 1;
            for words in FOREIGN {
                assert!(!text.to_uppercase().contains(words), "{name} says {words}: {text}");
            }
        }
    }
    assert!(statements > 20);
}

#[test]
fn names_are_the_words_of_this_project() {
    const VAGUE: [&str; 8] = ["utils", "util", "common", "helpers", "types", "misc", "prelude", "core"];
    const OTHERS: [&str; 14] = [
        "Manager",
        "Service",
        "Repository",
        "Helper",
        "Handler",
        "Impl",
        "sign_in",
        "sign_up",
        "sign_out",
        "signin",
        "signup",
        "logon",
        "SignIn",
        "SignUp",
    ];
    for Source { name, code, .. } in &sources() {
        assert!(name.trim_end_matches(".rs").split('/').all(|module| !VAGUE.contains(&module)), "{name}");
        let mut words = code.split_whitespace();
        while let Some(word) = words.next() {
            if ["struct", "enum", "trait", "type", "mod", "fn", "const", "static"].contains(&word) {
                let defined = words.next().unwrap_or_default();
                if (word, defined) == ("type", "Service") {
                    // A layer of `tower` has a type of this name.
                    continue;
                }
                // A key that signs tokens is meant by this word.
                let words = defined.replace("signing_key", "");
                assert!(OTHERS.iter().all(|other| !words.contains(other)), "{name}: {defined}");
            }
        }
    }
}

#[test]
fn every_file_says_its_reason_and_is_short() {
    for source in sources() {
        assert!(source.lines <= 600, "{} has {} lines", source.name, source.lines);
    }
    let folders =
        ["src", "tests", "examples"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    for path in folders.iter().flat_map(|folder| rust_files(folder)) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() <= 600, "{} is too long", path.display());
        assert!(text.starts_with("//! "), "{} does not say what it is for", path.display());
        for forgotten in [
            "TO".to_owned() + "DO",
            "FIX".to_owned() + "ME",
            "todo".to_owned() + "!",
            "unimplemented".to_owned() + "!",
            "dbg".to_owned() + "!",
        ] {
            assert!(!text.contains(&forgotten), "{} has {forgotten}", path.display());
        }
    }
}
