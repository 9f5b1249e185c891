//! The house rules of ARCHITECTURE.md that a test can hold.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The storeys, from the top. A file may import from its own storey only if it is not a room, and from those below.
/// Names that end in `/` are folders.
#[rustfmt::skip]
const TOP: &[&str] = &[
    "layers",
    "lib",
    "router",
];
#[rustfmt::skip]
const ROOMS: &[&str] = &[
    "account",
    "admin",
    "change_email",
    "dev_mailbox",
    "docs",
    "events",
    "health",
    "import",
    "introspect",
    "login/",
    "pages/",
    "register",
    "reset_password",
    "sessions",
    "token",
    "verify_email",
    "wrap",
];
#[rustfmt::skip]
const SPINE: &[&str] = &[
    "addressee",
    "auth",
    "background",
    "cleanup",
    "client",
    "credential",
    "csrf",
    "current_user",
    "device",
    "email_change",
    "event",
    "known",
    "letter",
    "limit",
    "listeners",
    "mail_limit",
    "one_time",
    "outbox",
    "own_account",
    "proof",
    "recovery",
    "registration",
    "sender",
    "session",
    "user",
    "verification",
];
#[rustfmt::skip]
const GROUND: &[&str] = &[
    "answers",
    "asset",
    "attempts",
    "config",
    "cookie",
    "db/",
    "email",
    "error",
    "event_kind",
    "foreign_user",
    "hashing",
    "input",
    "language",
    "mail/",
    "oauth",
    "open_error",
    "pace",
    "password",
    "policy/",
    "proxies",
    "secret",
    "seen",
    "site",
    "template",
    "time",
    "under_way",
    "user_agent",
];

/// The storey of a file or module, where 0 is the ground.
fn storey(name: &str) -> usize {
    let holds = |storey: &[&str]| {
        storey.iter().any(|part| {
            *part == name
                || part.strip_suffix('/').is_some_and(|folder| name.split('/').next() == Some(folder))
        })
    };
    let storeys = [holds(GROUND), holds(SPINE), holds(ROOMS), holds(TOP)];
    assert_eq!(
        storeys.iter().filter(|holds| **holds).count(),
        1,
        "{name} belongs to one storey: say to which"
    );
    storeys.iter().position(|holds| *holds).unwrap()
}

const ROOM: usize = 2;

struct Source {
    /// `session`, `db/value`.
    name: String,
    lines: usize,
    /// Without comments, and without the tests at its end.
    code: String,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    let source = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(&root).unwrap().with_extension("").to_str().unwrap().to_owned();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let code =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        Source { name: name.trim_end_matches("/mod").to_owned(), lines: text.lines().count(), code }
    };
    let sources: Vec<_> = found.iter().map(source).collect();
    assert!(sources.len() > 30);
    sources
}

/// The names that stand behind `crate::`, also those of a list in braces.
fn imports(code: &str) -> BTreeSet<String> {
    let word = |text: &str| {
        text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
    };
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            found.insert(word(rest));
            continue;
        };
        let (mut depth, mut expects) = (0, true);
        for (at, letter) in list.char_indices() {
            match letter {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => expects = true,
                _ if expects && letter.is_alphabetic() => {
                    found.insert(word(&list[at..]));
                    expects = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn imports_of_every_form_are_found() {
    let code = "use crate::{a, b::{self, C}, d::e::{F, g},\n    h,\n};\nuse crate::i::J;\nlet k = crate::l::m();\npub(in crate::n) fn o() {}";
    assert_eq!(imports(code).into_iter().collect::<Vec<_>>(), ["a", "b", "d", "h", "i", "l", "n"]);
}

#[test]
fn every_arrow_points_down_and_no_room_knows_another() {
    for source in sources() {
        let own = storey(&source.name);
        let mut names = imports(&source.code);
        // One's own folder is no other room.
        names.remove(source.name.split('/').next().unwrap());
        for name in names {
            assert!(name.starts_with(char::is_lowercase), "{} imports {name} through lib.rs", source.name);
            let other = storey(&name);
            assert!(other <= own, "{} is below {name}, and imports it", source.name);
            assert!(own != ROOM || other != ROOM, "the room {} imports the room {name}", source.name);
        }
    }
}

#[test]
fn only_the_database_layer_knows_its_drivers() {
    for Source { name, code, .. } in sources().iter().filter(|source| !source.name.starts_with("db")) {
        for driver in ["rusqlite", "tokio_postgres", "deadpool", "Sqlite", "Postgres"] {
            assert!(!code.contains(driver), "{name} speaks of {driver}");
        }
    }
}

#[test]
fn only_one_file_begins_sessions_and_sets_their_cookie() {
    // The device cookie is another one, with a file of its own.
    for Source { name, code, .. } in
        sources().iter().filter(|source| !["session", "device"].contains(&&*source.name))
    {
        for words in ["INSERT INTO sessions", "Max-Age", "; HttpOnly", "fn set_cookie"] {
            assert!(!code.contains(words), "{name} has {words}");
        }
        // A header that is set comes from there.
        assert_eq!(
            code.matches("SET_COOKIE, ").count(),
            code.matches("(SET_COOKIE, session::no_cookie(").count()
                + code.matches("(SET_COOKIE, cookie)").count(),
            "{name}"
        );
    }
}

#[test]
fn only_one_file_reads_the_clock() {
    for Source { name, code, .. } in &sources() {
        for clock in ["SystemTime", "Timestamp::now", "Zoned::now", "OffsetDateTime", "Utc::now"] {
            assert!(name == "auth" || !code.contains(clock), "{name} reads the clock by {clock}");
        }
        // How long something takes is not what time it is; only the database layer has deadlines of its own, and the
        // hashing threads and the clean-up tell how long they took.
        let measures = name.starts_with("db") || ["hashing", "cleanup"].contains(&name.as_str());
        assert!(measures || !code.contains("Instant"), "{name} measures time");
    }
}

#[test]
fn the_library_reads_no_file_and_no_environment_and_sets_nothing_global() {
    for Source { name, code, .. } in &sources() {
        let opens_files =
            name.starts_with("db") || ["policy/breached", "policy/build"].contains(&name.as_str());
        for outside in
            ["std::env", "env::var", "std::fs", "File::open", "std::process", "println!", "eprintln!"]
        {
            let allowed = opens_files && ["std::fs", "File::open"].contains(&outside);
            assert!(allowed || !code.contains(outside), "{name} uses {outside}");
        }
        for global in [
            "set_global_default",
            "set_logger",
            "global_allocator",
            "install_default",
            "set_hook",
            "sqlite3_config",
            "static mut",
        ] {
            assert!(!code.contains(global), "{name} has {global}");
        }
    }
}

#[test]
fn a_table_is_written_by_one_file() {
    let mut writers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Source { name, code, .. } in &sources() {
        for verb in ["INSERT INTO ", "UPDATE ", "DELETE FROM "] {
            for (at, _) in code.match_indices(verb) {
                let table: String = code[at + verb.len()..]
                    .chars()
                    .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
                    .collect();
                if !table.is_empty() {
                    writers.entry(table).or_default().insert(name.clone());
                }
            }
        }
    }
    let owner = |table: &str| writers[table].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(owner("users"), ["user"]);
    assert_eq!(owner("credentials"), ["credential"]);
    assert_eq!(owner("sessions"), ["session"]);
    for (table, files) in &writers {
        assert_eq!(files.len(), 1, "{table} is written by {files:?}");
    }
}

#[test]
fn whoever_ends_sessions_or_changes_users_says_so_to_those_who_remember_them() {
    // When a session was last used, each node notes by itself; those that have run out are refused from memory too.
    const NEEDLESS: [&str; 2] =
        ["UPDATE sessions SET last_seen_at", "DELETE FROM sessions WHERE token_hash IN"];
    let mut found = 0;
    for Source { name, code, .. } in &sources() {
        for words in ["DELETE FROM sessions", "UPDATE sessions", "DELETE FROM users", "UPDATE users"] {
            for (at, _) in code.match_indices(words) {
                let function = code[at..].split("\n}\n").next().unwrap();
                if NEEDLESS.iter().all(|needless| !function.starts_with(needless)) {
                    found += 1;
                    assert!(function.contains(".changes("), "{name} tells nobody: {function}");
                }
            }
        }
    }
    assert!(found >= 6, "only {found} statements were found");
}

#[test]
fn sql_is_what_both_databases_understand() {
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
    for Source { name, code, .. } in sources().iter().filter(|source| !source.name.starts_with("db")) {
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
fn every_word_is_the_one_that_was_chosen() {
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
        assert!(name.split('/').all(|module| !VAGUE.contains(&module)), "{name}");
        let mut words = code.split_whitespace();
        while let Some(word) = words.next() {
            if ["struct", "enum", "trait", "type", "mod", "fn", "const", "static"].contains(&word) {
                let defined = words.next().unwrap_or_default();
                assert!(OTHERS.iter().all(|other| !defined.contains(other)), "{name}: {defined}");
            }
        }
    }
}

#[test]
fn every_file_has_a_reason_and_a_length_that_can_be_read() {
    for source in sources() {
        assert!(source.lines <= 600, "{} has {} lines", source.name, source.lines);
    }
    let mut all = Vec::new();
    for folder in ["src", "tests", "examples"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    for path in all {
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
