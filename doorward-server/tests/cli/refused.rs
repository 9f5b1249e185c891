//! Mistakes of an operator: each gives an error of one line at once, and none starts an unsafe server.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use crate::home::Home;

/// The password in every mistake. No error may repeat it.
const SECRET: &str = "hunter2";

/// A mistake in the file, the environment or the command line, and the error about it.
struct Mistake {
    file: &'static str,
    variables: &'static [(&'static str, &'static str)],
    arguments: &'static [&'static str],
    told: &'static str,
}

const fn in_file(file: &'static str, told: &'static str) -> Mistake {
    Mistake { file, variables: &[], arguments: &[], told }
}

const fn in_environment(variables: &'static [(&'static str, &'static str)], told: &'static str) -> Mistake {
    Mistake { file: "", variables, arguments: &[], told }
}

const fn in_flags(arguments: &'static [&'static str], told: &'static str) -> Mistake {
    Mistake { file: "", variables: &[], arguments, told }
}

const MISTAKES: &[Mistake] = &[
    // The file.
    in_file("listen = ", "doorward.toml:1: "),
    in_file("\n\nlisten = hunter2", "doorward.toml:3: "),
    in_file("database = \"postgres://ann:hunter2@host/db", "doorward.toml:1: "),
    in_file("listn = \"hunter2\"", "doorward.toml:1: unknown key \"listn\"; did you mean \"listen\"?"),
    in_file(
        "[pasword]\nmemory_kib = 64",
        "doorward.toml:1: unknown key \"pasword\"; did you mean \"password\"?",
    ),
    in_file("[password]\nmemory = 64", "doorward.toml:2: unknown key \"password.memory\""),
    in_file("password = \"hunter2\"", "doorward.toml:1: password: expected a table"),
    in_file("listen = 8000", "doorward.toml:1: listen: expected a text"),
    in_file("listen = \"hunter2\"", "doorward.toml:1: listen: expected an address and a port"),
    in_file("listen = \"127.0.0.1\"", "doorward.toml:1: listen: expected an address and a port"),
    in_file("docs = \"hunter2\"", "doorward.toml:1: docs: expected true or false"),
    in_file("max_connections = 0", "doorward.toml:1: max_connections: "),
    in_file("max_connections_per_peer = 0", "doorward.toml:1: max_connections_per_peer: "),
    in_file(
        "allowed_hosts = [\"hunter2:80\"]",
        "doorward.toml:1: allowed_hosts: expected names or addresses",
    ),
    in_file("max_connections = \"hunter2\"", "doorward.toml:1: max_connections: "),
    in_file("log = \"hunter2\"", "doorward.toml:1: log: expected a level"),
    in_file("log_format = \"hunter2\"", "doorward.toml:1: log_format: expected "),
    in_file("registration = \"hunter2\"", "doorward.toml:1: registration: expected "),
    in_file("session_lifetime = \"hunter2\"", "doorward.toml:1: session_lifetime: expected a duration"),
    in_file("session_lifetime = \"0s\"", "doorward.toml:1: session_lifetime: expected 1s to 366d"),
    in_file("sessions_per_user = 0", "doorward.toml:1: sessions_per_user: expected a whole number in range"),
    in_file("introspection_secrets = \"hunter2\"", "doorward.toml:1: introspection_secrets: expected a list"),
    in_file(
        "introspection_secrets = [\"hunter2\"]",
        "doorward.toml:1: introspection_secrets: expected secrets of",
    ),
    in_file("[password]\nmemory_kib = -1", "doorward.toml:2: password.memory_kib: expected a whole number"),
    in_file("[password]\nmemory_kib = 64", "doorward.toml:2: password.memory_kib: expected at least 7168"),
    in_file(
        "[password]\npepper_id = \"a\"\npepper = \"hunter2\"",
        "doorward.toml:3: password.pepper: a pepper's key must have at least 16 bytes",
    ),
    in_file(
        "[password]\nretired_peppers = { a = \"hunter2\" }",
        "doorward.toml:2: password.retired_peppers: a pepper's key",
    ),
    in_file(
        "[password]\npepper = \"hunter2hunter2hunter2\"",
        "doorward.toml:2: password.pepper: expected with",
    ),
    in_file(
        "[password.firebase]\nsigner_key = \"hunter2!\"",
        "doorward.toml:2: password.firebase.signer_key: Firebase's",
    ),
    in_file("[password]\nhashing_queue = 0", "hashing_queue"),
    in_file(
        "[password]\nzxcvbn_score = 5",
        "doorward.toml:2: password.zxcvbn_score: expected 0 for none, or 1 to 4",
    ),
    in_file(
        "[password]\nzxcvbn_score = -1",
        "doorward.toml:2: password.zxcvbn_score: expected a whole number",
    ),
    in_file("[password]\nbreached_file = \"no.bin\"", "password.breached_file: no.bin: No such file"),
    // Unsafe settings.
    in_file(
        "listen = \"0.0.0.0:0\"",
        "doorward.toml:1: listen: 0.0.0.0:0 can be reached from other machines: set public_url",
    ),
    in_file("public_url = \"http://auth.example.org\"", "public_url"),
    in_file("public_url = \"example.org:x\"", "public_url"),
    in_file(
        "public_url = \"https://ann:hunter2@example.org\"",
        "doorward.toml:1: public_url: expected no user",
    ),
    in_file("cors_origins = [\"*\"]", "a wildcard"),
    in_file("cors_origins = [\"https://*.example.org\"]", "a wildcard"),
    in_file("cors_origins = [\"https://example.org/path\"]", "cors_origins"),
    in_file("cors_origins = \"https://example.org\"", "doorward.toml:1: cors_origins: expected a list"),
    // The environment.
    in_environment(
        &[("DOORWARD_LISTN", "hunter2")],
        "unknown environment variable \"DOORWARD_LISTN\"; did you mean \"DOORWARD_LISTEN\"?",
    ),
    in_environment(&[("DOORWARD_LISTEN", "[::]:0")], "DOORWARD_LISTEN: listen: [::]:0 can be reached"),
    in_environment(&[("DOORWARD_LISTEN", "8000")], "DOORWARD_LISTEN: listen: expected "),
    in_environment(&[("DOORWARD_SESSIONS_PER_USER", "hunter2")], "DOORWARD_SESSIONS_PER_USER: expected "),
    in_environment(&[("DOORWARD_CORS_ORIGINS", "https://a.example.org,*")], "a wildcard"),
    in_environment(&[("DOORWARD_PASSWORD_ITERATIONS", "99999999999")], "DOORWARD_PASSWORD_ITERATIONS: "),
    // Flags.
    in_flags(&["--config", "nowhere.toml"], "nowhere.toml: cannot be read: "),
    in_flags(&["--config", "."], ".: cannot be read: "),
    in_flags(&["--log", "hunter2"], "--log: log: expected a level"),
    in_flags(&["--listen", "127.0.0.1:99999"], "--listen: listen: expected "),
    in_flags(
        &["--listen", "192.0.2.1:0", "--public-url", "https://example.org"],
        "cannot listen on 192.0.2.1:0: ",
    ),
    // Databases.
    in_environment(
        &[("DOORWARD_DATABASE_FILE", "postgres://ann:hunter2@host/db")],
        "DOORWARD_DATABASE_FILE: the file that it names cannot be read",
    ),
    in_environment(&[("DOORWARD_DATABASE", "hunter2")], "database"),
    in_environment(&[("DOORWARD_DATABASE", "mysql://ann:hunter2@host/db")], "database"),
    in_environment(&[("DOORWARD_DATABASE", "sqlite:")], "database"),
    in_environment(&[("DOORWARD_DATABASE", "sqlite:no/such/folder.db")], "no/such/folder.db"),
    in_environment(&[("DOORWARD_DATABASE", "sqlite:.")], "database"),
    in_environment(&[("DOORWARD_DATABASE", "sqlite:garbage.db")], "garbage.db"),
    in_environment(&[("DOORWARD_DATABASE", "sqlite:newer.db")], "newer"),
    in_environment(&[("DOORWARD_DATABASE", "postgres://ann:hunter2@127.0.0.1:1/db")], "127.0.0.1"),
    in_environment(&[("DOORWARD_DATABASE", "postgres://ann:hunter2@[::1")], "database"),
    in_environment(&[("DOORWARD_DATABASE", "postgres://ann:hunter2@host/db?sslmode=maybe")], "database"),
    in_environment(
        &[("DOORWARD_DATABASE", "postgres://ann:hunter2@127.0.0.1:1/db?target_session_attrs=any")],
        "target_session_attrs can only be read-write",
    ),
    in_environment(
        &[("DOORWARD_DATABASE", "postgres://ann:hunter2@127.0.0.1:1/db?load_balance_hosts=random")],
        "load_balance_hosts can only be disable",
    ),
];

#[test]
fn every_mistake_gives_one_line_of_error_without_secrets() {
    for (number, mistake) in MISTAKES.iter().enumerate() {
        let home = Home::on_sqlite();
        home.write("doorward.toml", mistake.file);
        home.write("garbage.db", "this is no database, and never was one.".repeat(1000));
        if mistake.told == "newer" {
            make_newer(&home);
        }
        let mut command = home.bare(mistake.arguments);
        if !mistake.arguments.contains(&"--listen") && !mistake.file.contains("listen") {
            command.env("DOORWARD_LISTEN", "127.0.0.1:0");
        }
        let child = command
            .envs(mistake.variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        let ended = child.wait_with_output().unwrap();
        let about =
            format!("mistake {number}, {:?} {:?} {:?}", mistake.file, mistake.variables, mistake.arguments);
        assert!(start.elapsed() < Duration::from_secs(10), "{about} took {:?}", start.elapsed());
        let error = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((ended.status.code(), ended.stdout.as_slice()), (Some(1), &b""[..]), "{about}: {error}");
        let line = error.strip_prefix("doorward: ").and_then(|line| line.strip_suffix('\n'));
        assert!(line.is_some_and(|line| !line.contains('\n')), "{about}: {error}");
        assert!(error.contains(mistake.told), "{about}: {error}");
        assert!(!error.contains(SECRET), "{about}: {error}");
    }
}

/// Makes the database look like one of a later version.
fn make_newer(home: &Home) {
    home.command(&["migrate"]).env("DOORWARD_DATABASE", "sqlite:newer.db").output().unwrap();
    let database = rusqlite::Connection::open(home.path("newer.db")).unwrap();
    let changed = database.execute(
        "INSERT INTO doorward_migrations SELECT 9999, '9999_later', checksum, applied_at FROM doorward_migrations LIMIT 1",
        [],
    );
    assert_eq!(changed.unwrap(), 1);
}

#[test]
fn files_and_variables_that_are_not_utf_8_are_refused() {
    use std::os::unix::ffi::OsStringExt as _;
    let home = Home::on_sqlite();
    home.write("doorward.toml", b"listen = \"\xff\"");
    assert!(home.run(&[]).failed().starts_with("doorward.toml: cannot be read: "));

    home.write("doorward.toml", "");
    let broken = std::ffi::OsString::from_vec(b"a\xff".to_vec());
    let refused = home.bare(&["config"]).env("DOORWARD_LISTEN", &broken).output().unwrap();
    assert_eq!(refused.stderr, b"doorward: DOORWARD_LISTEN: expected a text in UTF-8\n");
    let fine = home.bare(&["config"]).env("SOMETHING", &broken).env(&broken, "x").output().unwrap();
    assert!(fine.status.success());
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let home = Home::on_sqlite();
    for arguments in [&["serf"][..], &["--lissten", "a"], &["user"], &["user", "add"], &["user", "delete"]] {
        assert_eq!(home.run(arguments).code(), Some(2), "{arguments:?}");
    }
    assert_eq!(home.run(&["--version"]).done(), format!("doorward {}\n", env!("CARGO_PKG_VERSION")));
    assert!(home.run(&["help", "user"]).done().contains("set-password"));
}
