//! Reading each source, which source wins, and the errors about mistakes.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _, path::Path};

use doorward::ConfigKind;
use toml::Table;

use super::*;
use crate::config::{keys::KEYS, kind};

fn from_file(text: &str) -> Result<ServerConfig> {
    let folder = std::env::temp_dir().join(format!("doorward-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{:?}.toml", std::thread::current().id()).replace(['(', ')'], ""));
    std::fs::write(&path, text)?;
    let mut settings = Settings::default();
    let read = settings.read_file(Some(&path));
    std::fs::remove_file(&path)?;
    read.and_then(|()| ServerConfig::from_settings(settings)).map_err(|error| {
        let shown = error.to_string();
        anyhow!(shown.replace(&path.display().to_string(), "doorward.toml"))
    })
}

fn from_variables(variables: &[(&str, &str)]) -> Result<ServerConfig> {
    let mut settings = Settings::default();
    settings.read_environment(variables.iter().map(|(name, value)| (name.into(), value.into())))?;
    ServerConfig::from_settings(settings)
}

fn error_of(read: Result<ServerConfig>) -> String {
    format!("{:#}", read.unwrap_err())
}

#[test]
fn an_empty_file_gives_safe_defaults() {
    let config = from_file("").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8000");
    assert_eq!(config.database, "sqlite:doorward.db");
    assert_eq!((config.log_format, config.log_requests, config.log_refused), (LogFormat::Auto, 1000, 100));
    assert_eq!((config.max_connections, config.max_connections_per_peer), (10_000, None));
    assert_eq!(config.for_serving(config.listen).unwrap().public_url, "http://127.0.0.1:8000");
}

/// A file that sets every key to another value than its default.
const EVERY_KEY: &str = r##"
listen = ["[::1]:9000", "unix:/run/doorward.sock"]
listen_mode = "600"
listen_group = "root"
database = "sqlite:a.db"
log = "debug"
log_format = "json"
log_requests = 50
log_refused = 20
max_connections = 7
attempt_url = "http://localhost:9000/attempt"
max_connections_per_peer = 5
allowed_hosts = ["a.example.org", "10.0.0.5"]
public_url = "https://example.org"
service_name = "Example"
cors_origins = ["https://a.example.org", "tauri://localhost"]
cors_headers = ["traceparent", "x-b3-traceid"]
registration = "closed"
session_lifetime = "2h"
session_idle_timeout = "30m"
sessions_per_user = 3
password_grant = false
docs = true
introspection_secrets = ["0123456789abcdef0123456789abcdef"]
smtp_url = "smtps://ann:hunter2@mail.example.org"
smtp_ca_file = "ca.pem"
mail_from = "Example <no-reply@example.org>"
dev_mailbox = false
require_verified_email = true
pages = false
pages_url = "https://app.example.org/account"
next_origins = ["https://app.example.org"]
accent_color = "#123456"
templates_dir = "templates"
events_retention = "30d"
failures_retention = "7d"
trusted_proxies = ["10.0.0.1", "2001:db8::/32"]
hsts_include_subdomains = true
[password]
memory_kib = 65536
iterations = 3
hashing_threads = 2
hashing_queue = 8
min_length = 15
zxcvbn_score = 3
breached_file = "breached.bin"
pepper_id = "new"
pepper = "a, b: the key of this year"
retired_peppers = { old = "the key of last year" }
devise_pepper = "from config/initializers"
[password.firebase]
signer_key = "c2lnbmVyIGtleQ=="
salt_separator = "Bg=="
rounds = 7
memory_cost = 13
[limit]
free_failures = 4
first_delay = "2s"
longest_delay = "1h"
failures_per_address = 60
new_passwords_per_address = 6
mails_per_recipient = 2
mails_per_address = 5
"##;

#[test]
fn every_key_can_be_set_in_the_file_and_in_the_environment() {
    let config = from_file(EVERY_KEY).unwrap();
    assert_eq!(config.for_commands().password.retired_peppers["old"].expose(), "the key of last year");
    let variables: Vec<_> = KEYS
        .iter()
        .filter(|key| key.kind != ConfigKind::NamedSecrets)
        .map(|key| {
            let value = match &config.settings.get(&key.name).unwrap().0 {
                Value::String(text) => text.clone(),
                Value::Array(texts) => {
                    texts.iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join(", ")
                }
                other => other.to_string(),
            };
            (key.variable(), value)
        })
        .collect();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_every_key(&config);
    assert_every_key(&from_variables(&variables).unwrap());
}

fn assert_every_key(config: &ServerConfig) {
    let library = config.for_serving(config.listen).unwrap();
    assert_eq!(library.public_url, "https://example.org");
    assert_eq!(library.cors_origins, ["https://a.example.org", "tauri://localhost"]);
    assert_eq!(library.cors_headers, ["traceparent", "x-b3-traceid"]);
    assert_eq!(library.session_lifetime.as_secs(), 7200);
    assert_eq!((library.password_grant, library.docs), (false, Some(true)));
    assert_eq!(library.introspection_secrets[0].expose(), "0123456789abcdef0123456789abcdef");
    assert_eq!(library.smtp_url.as_ref().unwrap().expose(), "smtps://ann:hunter2@mail.example.org");
    assert_eq!(library.smtp_ca_file.as_deref(), Some(Path::new("ca.pem")));
    assert_eq!((library.pages, library.require_verified_email), (false, Some(true)));
    assert_eq!((&*library.accent_color, library.events_retention.as_secs()), ("#123456", 30 * 24 * 3600));
    assert_eq!(library.failures_retention.as_secs(), 7 * 24 * 3600);
    assert_eq!(library.next_origins, ["https://app.example.org"]);
    assert_eq!(library.templates_dir.as_deref(), Some(Path::new("templates")));
    assert_eq!(library.mail_from.as_deref(), Some("Example <no-reply@example.org>"));
    assert_eq!(library.trusted_proxies, ["10.0.0.1", "2001:db8::/32"]);
    assert!(library.hsts_include_subdomains);
    let limit = &library.limit;
    assert_eq!((limit.first_delay.as_secs(), limit.longest_delay.as_secs()), (2, 3600));
    assert_eq!((limit.free_failures.get(), limit.failures_per_address.get()), (4, 60));
    assert_eq!((limit.new_passwords_per_address.get(), config.attempt_url.is_some()), (6, true));
    assert_eq!((limit.mails_per_recipient.get(), limit.mails_per_address.get()), (2, 5));
    let password = &library.password;
    assert_eq!((password.memory_kib, password.hashing_queue, password.zxcvbn_score), (65536, 8, 3));
    assert_eq!(password.min_length, 15);
    assert_eq!(password.breached_file.as_deref(), Some(Path::new("breached.bin")));
    assert_eq!(password.pepper_id.as_deref(), Some("new"));
    assert_eq!(password.pepper.as_ref().unwrap().expose(), "a, b: the key of this year");
    assert_eq!(password.devise_pepper.as_ref().unwrap().expose(), "from config/initializers");
    let firebase = &password.firebase;
    assert_eq!(firebase.signer_key.as_ref().unwrap().expose(), "c2lnbmVyIGtleQ==");
    assert_eq!((&*firebase.salt_separator, firebase.rounds, firebase.memory_cost), ("Bg==", 7, 13));
    assert_eq!(config.places[1], Listen::File("/run/doorward.sock".into()));
    assert_eq!(config.rights, Rights { mode: 0o600, group: Some(0) });
    assert_eq!((config.listen.port(), config.log_requests, config.log_refused), (9000, 50, 20));
    assert_eq!((config.max_connections, config.max_connections_per_peer), (7, Some(5)));
    assert!(config.hosts(config.listen, &library).unwrap().serves(b"a.example.org"));
}

/// Returns which of these hosts a server with this configuration serves.
fn served<'a>(file: &str, hosts: &[&'a str]) -> Vec<&'a str> {
    let config = from_file(file).unwrap();
    let library = config.for_serving(config.listen).unwrap();
    let allowed = config.hosts(config.listen, &library);
    let serves = |host: &&str| allowed.as_ref().is_none_or(|allowed| allowed.serves(host.as_bytes()));
    hosts.iter().copied().filter(serves).collect()
}

#[test]
fn a_server_on_this_machine_alone_serves_the_names_of_this_machine() {
    let hosts = ["localhost:1", "127.0.0.1", "[::1]:8000", "a.example.org", "evil.example"];
    let public = "public_url = \"https://a.example.org\"";
    assert_eq!(served("", &hosts), hosts[..3]);
    assert_eq!(served("listen = \"[::1]:0\"", &hosts), hosts[..3]);
    assert_eq!(served(public, &hosts), hosts[..4]);
    // Other machines reach these, or a proxy passes on any name.
    assert_eq!(served(&format!("{public}\nlisten = \"0.0.0.0:0\""), &hosts), hosts);
    assert_eq!(served(&format!("{public}\ntrusted_proxies = [\"127.0.0.1\"]"), &hosts), hosts);
    // Pages in a browser reach no socket file, so a proxy behind one changes nothing for the address.
    assert_eq!(served(&format!("{public}\ntrusted_proxies = [\"unix\"]"), &hosts), hosts[..4]);
}

#[test]
fn only_listed_hosts_and_that_of_the_public_address_are_served_if_a_list_is_set() {
    let hosts = ["localhost:1", "127.0.0.1", "a.example.org", "10.0.0.5:80", "evil.example"];
    let listed = "public_url = \"https://a.example.org\"\nallowed_hosts = [\"10.0.0.5\"]";
    assert_eq!(served(listed, &hosts), hosts[2..4]);
    assert_eq!(served(&format!("{listed}\nlisten = \"0.0.0.0:0\""), &hosts), hosts[2..4]);
    assert_eq!(served(&format!("{listed}\ntrusted_proxies = [\"127.0.0.1\"]"), &hosts), hosts[2..4]);
    assert_eq!(served("allowed_hosts = [\"*\"]", &hosts), hosts);
    assert_eq!(served("allowed_hosts = []", &hosts), hosts[1..2]);
}

#[test]
fn the_environment_wins_over_the_file_and_flags_over_both() {
    let mut settings = Settings::default();
    settings.read_environment([("DOORWARD_LOG".into(), "warn".into())].into_iter()).unwrap();
    settings.read_flag("log", "--log", "error").unwrap();
    assert_eq!(settings.get("log").unwrap().0.as_str(), Some("error"));
    assert_eq!(settings.place("log"), "--log");
}

#[test]
fn secrets_are_hidden_and_the_environment_wins_for_them_too() {
    let path = std::env::temp_dir().join(format!("doorward-keys-{}.toml", std::process::id()));
    let file = r#"
        [password]
        pepper_id = "new"
        pepper = "hunter2 of the file"
        devise_pepper = "hunter2"
        [password.retired_peppers]
        old = "hunter2"
        [password.firebase]
        signer_key = "hunter2"
    "#;
    std::fs::write(&path, file).unwrap();
    let mut settings = Settings::default();
    settings.read_file(Some(&path)).unwrap();
    std::fs::remove_file(&path).unwrap();
    let variable = ("DOORWARD_PASSWORD_PEPPER".into(), "hunter2 of the environment".into());
    settings.read_environment([variable].into_iter()).unwrap();
    let config = ServerConfig::from_settings(settings).unwrap();
    let pepper = config.for_commands().password.pepper.unwrap();
    assert_eq!(pepper.expose(), "hunter2 of the environment");
    let shown = config.shown();
    assert!(!shown.contains("hunter2"), "{shown}");
    let read: Table = shown.parse().unwrap();
    let password = &read["password"];
    assert_eq!(password["pepper_id"].as_str(), Some("new"));
    assert_eq!(password["retired_peppers"]["old"].as_str(), Some("(hidden)"));
    assert_eq!(password["firebase"]["signer_key"].as_str(), Some("(hidden)"));
    assert_eq!(password["firebase"]["memory_cost"].as_integer(), Some(14));
    for key in ["pepper", "devise_pepper"] {
        assert_eq!(password[key].as_str(), Some("(hidden)"));
    }
    let line = shown.lines().find(|line| line.starts_with("pepper =")).unwrap();
    assert!(line.ends_with("# DOORWARD_PASSWORD_PEPPER"), "{line}");
}

proptest::proptest! {
    #[test]
    fn no_password_in_a_url_is_shown_or_repeated(
        scheme in "(https|smtps|postgres)(://|:/|:)",
        user in "[a-z/?#@]{0,5}",
        password in proptest::collection::vec("Z[0-9]{3}[@:/?#%&=+ ;\\[\\]']{0,3}", 1..4),
        host in "[a-z.]{1,9}(:[0-9]{1,5})?[/?#a-z]{0,5}",
    ) {
        let url = format!("{scheme}{user}:{}@{host}", password.concat());
        for key in KEYS.iter() {
            let Some(value) = kind::read(key.kind, &url) else { continue };
            let shown = key.shown(&value).to_string();
            let mut settings = Settings::default();
            settings.read_environment([(key.variable().into(), url.clone().into())].into_iter()).unwrap();
            let refused = match ServerConfig::from_settings(settings) {
                Ok(config) => config.shown(),
                Err(error) => format!("{error:#}"),
            };
            for part in &password {
                let part = &part[..4];
                let fact = format!("{}: {url} is shown as {shown}, or in {refused}", key.name);
                proptest::prop_assert!(!shown.contains(part) && !refused.contains(part), "{}", fact);
            }
        }
    }
}

/// Files with a mistake, and the errors about them.
const MISTAKES: &[(&str, &str)] = &[
    ("listn = \"a\"", "doorward.toml:1: unknown key \"listn\"; did you mean \"listen\"?"),
    ("\n# x\nzzz = 1", "doorward.toml:3: unknown key \"zzz\""),
    ("[pasword]\nmemory_kib = 1", "doorward.toml:1: unknown key \"pasword\"; did you mean \"password\"?"),
    (
        "[password]\nmemory = 1",
        "doorward.toml:2: unknown key \"password.memory\"; did you mean \"password.memory_kib\"?",
    ),
    ("password = \"hunter2\"", "doorward.toml:1: password: expected a table: [password]"),
    ("\nlisten = 8000", "doorward.toml:2: listen: expected a text in quotation marks"),
    (
        "listen = \"8000\"",
        "doorward.toml:1: listen: expected an address and a port such as \"127.0.0.1:8000\"",
    ),
    (
        "listen = [\"127.0.0.1:80\", \"/run/doorward.sock\"]",
        "doorward.toml:1: listen: expected a socket file such as \"unix:/run/doorward.sock\", with a path of at most \
         107 bytes",
    ),
    (
        "listen_mode = \"rw\"",
        "doorward.toml:1: listen_mode: expected a mode of three octal digits such as \"660\"",
    ),
    (
        "listen_group = \"hunter2\"",
        "doorward.toml:1: listen_group: expected a group in /etc/group, or the number of one",
    ),
    ("docs = \"yes\"", "doorward.toml:1: docs: expected true or false"),
    ("sessions_per_user = 0", "doorward.toml:1: sessions_per_user: expected a whole number in range"),
    ("[password]\nmemory_kib = -1", "doorward.toml:2: password.memory_kib: expected a whole number in range"),
    (
        "session_lifetime = \"hunter2\"",
        "doorward.toml:1: session_lifetime: expected a duration such as \"15m\" or \"24h\"",
    ),
    (
        "registration = \"hunter2\"",
        "doorward.toml:1: registration: expected \"open\" or \"private\" or \"closed\"",
    ),
    (
        "introspection_secrets = \"hunter2\"",
        "doorward.toml:1: introspection_secrets: expected a list of texts such as [\"a\", \"b\"]",
    ),
    (
        "cors_origins = [\"https://ann:hunter2@example.org\"]",
        "doorward.toml:1: cors_origins: expected no user or password",
    ),
    (
        "[password]\npepper = [\"hunter2\"]",
        "doorward.toml:2: password.pepper: expected a text in quotation marks",
    ),
    (
        "[password]\nretired_peppers = { a = \"hunter2\", b = 7 }",
        "doorward.toml:2: password.retired_peppers: expected a table of texts such as { a = \"b\" }",
    ),
    (
        "[password]\nfirebase = \"hunter2\"",
        "doorward.toml:2: password.firebase: expected a table: [password.firebase]",
    ),
    (
        "[password.firebase]\nsigner = \"hunter2\"",
        "doorward.toml:2: unknown key \"password.firebase.signer\"; did you mean \"password.firebase.signer_key\"?",
    ),
    (
        "[password.firebase]\n\nrounds = -1",
        "doorward.toml:3: password.firebase.rounds: expected a whole number in range",
    ),
    ("log_requests = -1", "doorward.toml:1: log_requests: expected a number of lines a second"),
    ("log_refused = -1", "doorward.toml:1: log_refused: expected a number of lines a second"),
    ("max_connections = 0", "doorward.toml:1: max_connections: expected a number of at least 1"),
    (
        "attempt_url = \"http://192.0.2.1/\"",
        "doorward.toml:1: attempt_url: expected a URL of this machine such as \"http://127.0.0.1:9000/attempt\"",
    ),
    (
        "max_connections_per_peer = 0",
        "doorward.toml:1: max_connections_per_peer: expected a number of at least 1",
    ),
    (
        "allowed_hosts = [\"https://a.example.org\"]",
        "doorward.toml:1: allowed_hosts: expected names or addresses without a port, such as \"auth.example.org\"",
    ),
    ("docs = true\ndocs = true", "doorward.toml:2: duplicate key"),
];

#[test]
fn an_error_in_the_file_names_its_line() {
    for (file, error) in MISTAKES {
        assert_eq!(error_of(from_file(file)), *error);
    }
    for broken in ["database = \"postgres://ann:hunter2@h/db", "database = hunter2", "= hunter2", "[hunter2"]
    {
        let error = error_of(from_file(broken));
        assert!(error.starts_with("doorward.toml:1: ") && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn an_error_in_the_environment_names_the_variable() {
    for (name, value, error) in [
        (
            "DOORWARD_LISTN",
            "hunter2",
            "unknown environment variable \"DOORWARD_LISTN\"; did you mean \"DOORWARD_LISTEN\"?",
        ),
        (
            "DOORWARD_LISTEN",
            "hunter2",
            "DOORWARD_LISTEN: listen: expected an address and a port such as \"127.0.0.1:8000\"",
        ),
        ("DOORWARD_DOCS", "yes", "DOORWARD_DOCS: expected true or false"),
        (
            "DOORWARD_PASSWORD_MEMORY_KIB",
            "1.5",
            "DOORWARD_PASSWORD_MEMORY_KIB: expected a whole number in range",
        ),
        (
            "DOORWARD_PASSWORD_FIREBASE_ROUNDS",
            "hunter2",
            "DOORWARD_PASSWORD_FIREBASE_ROUNDS: expected a whole number in range",
        ),
        (
            "DOORWARD_PASSWORD_RETIRED_PEPPERS",
            "old=hunter2",
            "DOORWARD_PASSWORD_RETIRED_PEPPERS: can only be set in the file, as a table",
        ),
        ("DOORWARD_LOG_FORMAT", "xml", "DOORWARD_LOG_FORMAT: expected \"auto\" or \"text\" or \"json\""),
    ] {
        assert_eq!(error_of(from_variables(&[(name, value)])), error);
    }
}

#[test]
fn a_variable_that_is_not_utf_8_is_refused_if_it_is_ours() {
    let broken = || OsString::from_vec(vec![b'a', 0xff]);
    let mut settings = Settings::default();
    settings.read_environment([(broken(), broken()), ("PATH".into(), broken())].into_iter()).unwrap();
    let error = settings.read_environment([("DOORWARD_DATABASE".into(), broken())].into_iter()).unwrap_err();
    assert_eq!(error.to_string(), "DOORWARD_DATABASE: expected a text in UTF-8");
}

#[test]
fn variables_that_kubernetes_sets_are_ignored() {
    from_variables(&[
        ("DOORWARD_PORT", "tcp://10.0.0.1:80"),
        ("DOORWARD_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("DOORWARD_SERVICE_HOST", "10.0.0.1"),
        ("DOORWARD_SERVICE_PORT_HTTP", "80"),
    ])
    .unwrap();
}

#[test]
fn an_address_that_other_machines_reach_needs_a_public_url() {
    for listen in ["0.0.0.0:8000", "[::]:8000", "192.0.2.1:8000"] {
        let config = from_variables(&[("DOORWARD_LISTEN", listen)]).unwrap();
        let error = config.for_serving(config.listen).unwrap_err().to_string();
        assert!(error.contains("set public_url"), "{error}");
        let both = [("DOORWARD_LISTEN", listen), ("DOORWARD_PUBLIC_URL", "https://example.org")];
        let config = from_variables(&both).unwrap();
        assert_eq!(config.for_serving(config.listen).unwrap().public_url, "https://example.org");
    }
    // One of several is enough.
    let several = from_variables(&[("DOORWARD_LISTEN", "127.0.0.1:1,unix:/a,0.0.0.0:2")]).unwrap();
    assert!(several.for_serving(several.listen).is_err());
    let file = from_variables(&[("DOORWARD_LISTEN", "unix:/a")]).unwrap();
    assert!(!file.for_serving(file.listen).unwrap().dev_mailbox);
    let config = from_variables(&[("DOORWARD_LISTEN", "localhost:0")]).unwrap();
    let bound = SocketAddr::from(([127, 0, 0, 1], 4711));
    assert_eq!(config.for_serving(bound).unwrap().public_url, "http://127.0.0.1:4711");
}

#[test]
fn mails_are_shown_only_on_a_loopback_address() {
    for (variables, shown) in [
        (&[][..], true),
        (&[("DOORWARD_LISTEN", "[::1]:8000")], true),
        (&[("DOORWARD_PUBLIC_URL", "http://localhost:8000")], true),
        (&[("DOORWARD_PUBLIC_URL", "https://example.org")], false),
        (&[("DOORWARD_LISTEN", "0.0.0.0:8000"), ("DOORWARD_PUBLIC_URL", "http://localhost:8000")], false),
        (&[("DOORWARD_SMTP_URL", "smtp://127.0.0.1")], false),
        (&[("DOORWARD_DEV_MAILBOX", "false")], false),
    ] {
        let config = from_variables(variables).unwrap();
        assert_eq!(config.for_serving(config.listen).unwrap().dev_mailbox, shown, "{variables:?}");
        assert!(!config.for_commands().dev_mailbox);
    }
}

#[test]
fn a_named_file_must_exist() {
    let error = Settings::default().read_file(Some(Path::new("/nowhere/doorward.toml"))).unwrap_err();
    assert!(error.to_string().starts_with("/nowhere/doorward.toml: cannot be read: "), "{error}");
}

#[test]
fn the_configuration_is_shown_as_toml_with_places_and_without_secrets() {
    let mut settings = Settings::default();
    let variables = [
        ("DOORWARD_DATABASE", "postgres://ann:hunter2@host/db?password=hunter2"),
        ("DOORWARD_INTROSPECTION_SECRETS", "hunter2hunter2hunter2hunter2hunter2"),
        ("DOORWARD_SMTP_URL", "smtps://ann:hunter2@host"),
    ];
    settings.read_environment(variables.iter().map(|(name, value)| (name.into(), value.into()))).unwrap();
    settings.read_flag("listen", "--listen", "127.0.0.1:9000").unwrap();
    let shown = ServerConfig::from_settings(settings).unwrap().shown();
    assert!(!shown.contains("hunter2"), "{shown}");
    let read: Table = shown.parse().unwrap();
    assert_eq!(read["database"].as_str(), Some("postgres://ann@host:5432/db"));
    assert_eq!(read["public_url"].as_str(), Some("http://127.0.0.1:9000"));
    assert_eq!(read["password"]["memory_kib"].as_integer(), Some(19456));
    for (key, place) in [
        ("listen", "--listen"),
        ("database", "DOORWARD_DATABASE"),
        ("public_url", "from listen"),
        ("memory_kib", "default"),
        ("# docs", "not set"),
        ("zxcvbn_score", "default"),
        ("# breached_file", "not set"),
        ("# pepper", "not set"),
        ("# signer_key", "not set"),
        ("rounds", "default"),
    ] {
        let line = shown.lines().find(|line| line.starts_with(&format!("{key} ="))).unwrap();
        assert!(line.ends_with(&format!("# {place}")), "{line}");
    }
    // And for each table its name and the line before.
    assert_eq!(KEYS.len() + 6, shown.lines().count());
}
