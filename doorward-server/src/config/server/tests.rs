//! Reading each source, which source wins, and the errors about mistakes.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _, path::Path};

use doorward::config::{ConfigKind, SecondFactorPolicy};
use toml::Table;

use anyhow::anyhow;

use super::*;
use crate::config::{keys::KEYS, kind, place::Place};

/// Reads a file. The name `doorward.toml` stands for it in errors.
fn read_file(text: &str) -> ServerConfig {
    let folder = std::env::temp_dir().join(format!("doorward-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{:?}.toml", std::thread::current().id()).replace(['(', ')'], ""));
    std::fs::write(&path, text).unwrap();
    let mut settings = Settings::default();
    settings.read_file(Some(&path));
    std::fs::remove_file(&path).unwrap();
    ServerConfig::from_settings(settings)
}

fn read_variables(variables: &[(&str, &str)]) -> ServerConfig {
    let mut settings = Settings::default();
    settings.read_environment(variables.iter().map(|(name, value)| (name.into(), value.into())));
    ServerConfig::from_settings(settings)
}

/// Returns the configuration, or the lines about what cannot be read.
fn readable(config: ServerConfig) -> Result<ServerConfig> {
    match config.readable().map(|_| ()) {
        Ok(()) => Ok(config),
        Err(mistakes) => Err(anyhow!(lines(&mistakes))),
    }
}

/// Returns the lines, with the name `doorward.toml` for every file.
fn lines(mistakes: &Mistakes) -> String {
    let short = |line: &String| match line.split_once(".toml:") {
        Some((_, rest)) => format!("doorward.toml:{rest}"),
        None => line.clone(),
    };
    mistakes.lines().iter().map(short).collect::<Vec<_>>().join("\n")
}

fn from_file(text: &str) -> Result<ServerConfig> {
    readable(read_file(text))
}

fn from_variables(variables: &[(&str, &str)]) -> Result<ServerConfig> {
    readable(read_variables(variables))
}

/// Returns what a server says when it refuses to start.
fn refused(config: &ServerConfig) -> String {
    config.check_for_serving().map_or_else(|mistakes| lines(&mistakes), |()| String::new())
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
    assert_eq!(config.for_serving(config.listen).unwrap().public_url, "http://localhost:8000");
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
second_factor = "required"
second_factor_roles = ["editor"]
trust_browser_for = "7d"
sessions_per_user = 3
password_grant = false
password_login = false
email_login = true
new_device_code = true
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
passkey_rp_id = "example.org"
passkey_related_origins = ["https://example.net"]
passkey_app_origins = ["android:apk-key-hash:AAAA"]
accent_color = "#123456"
templates_dir = "templates"
roles = ["admin", "editor"]
profile = [{ name = "company", label = { de = "Firma" } }]
events_retention = "30d"
failures_retention = "7d"
trusted_proxies = ["10.0.0.1", "2001:db8::/32"]
hsts_include_subdomains = true
attempt_fields = ["invite_code"]
secret_key_id = "new"
secret_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
retired_secret_keys = { old = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=" }
access_token_lifetime = "10m"
refresh_idle_timeout = "7d"
refresh_lifetime = "90d"
refresh_reuse = "strict"
scopes = { read = "Read your things" }
client = [{ id = "app", name = "App", redirect_uris = ["https://app.example.org/"], secret = "hunter2hunter2" }]
schema = "auth"
table_prefix = "auth_"
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
    assert_eq!(config.for_commands().profile[0].label["de"], "Firma");
    let library = config.for_commands();
    assert_eq!(library.retired_secret_keys["old"].expose(), "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
    assert_eq!(library.scopes["read"], "Read your things");
    assert_eq!(library.client[0].secret.as_ref().unwrap().expose(), "hunter2hunter2");
    let variables: Vec<_> = KEYS
        .iter()
        .filter(|key| {
            !matches!(key.kind, ConfigKind::NamedSecrets | ConfigKind::NamedTexts | ConfigKind::Tables)
        })
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
    assert_eq!(library.second_factor, SecondFactorPolicy::Required);
    assert_eq!(library.second_factor_roles, ["editor"]);
    assert_eq!(library.trust_browser_for.as_secs(), 7 * 24 * 3600);
    assert_eq!((library.password_grant, library.docs), (false, Some(true)));
    assert_eq!((library.password_login, library.email_login, library.new_device_code), (false, true, true));
    assert_eq!(library.introspection_secrets[0].expose(), "0123456789abcdef0123456789abcdef");
    assert_eq!(library.smtp_url.as_ref().unwrap().expose(), "smtps://ann:hunter2@mail.example.org");
    assert_eq!(library.smtp_ca_file.as_deref(), Some(Path::new("ca.pem")));
    assert_eq!((library.pages, library.require_verified_email), (false, Some(true)));
    assert_eq!((&*library.accent_color, library.events_retention.as_secs()), ("#123456", 30 * 24 * 3600));
    assert_eq!(library.failures_retention.as_secs(), 7 * 24 * 3600);
    assert_eq!(library.next_origins, ["https://app.example.org"]);
    assert_eq!(library.passkey_rp_id.as_deref(), Some("example.org"));
    assert_eq!(library.passkey_related_origins, ["https://example.net"]);
    assert_eq!(library.passkey_app_origins, ["android:apk-key-hash:AAAA"]);
    assert_eq!(library.templates_dir.as_deref(), Some(Path::new("templates")));
    assert_eq!(library.mail_from.as_deref(), Some("Example <no-reply@example.org>"));
    assert_eq!(library.trusted_proxies, ["10.0.0.1", "2001:db8::/32"]);
    assert!(library.hsts_include_subdomains);
    assert_eq!(
        (library.secret_key_id.as_deref(), library.access_token_lifetime.as_secs()),
        (Some("new"), 600)
    );
    assert_eq!(library.refresh_reuse, doorward::config::RefreshReuse::Strict);
    let day = 24 * 3600;
    assert_eq!(
        (library.refresh_idle_timeout.as_secs(), library.refresh_lifetime.as_secs()),
        (7 * day, 90 * day)
    );
    assert_eq!(library.secret_key.as_ref().unwrap().expose(), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert_eq!((library.schema.as_deref(), library.table_prefix.as_deref()), (Some("auth"), Some("auth_")));
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
    // The public address is `localhost`, so people who ask at an address of this machine are led there.
    assert_eq!(served("allowed_hosts = []", &hosts), hosts[..2]);
}

#[test]
fn the_environment_wins_over_the_file_and_flags_over_both() {
    let mut settings = Settings::default();
    settings.read_environment([("DOORWARD_LOG".into(), "warn".into())].into_iter());
    settings.read_flag("log", "--log", "error");
    assert_eq!(settings.get("log").unwrap().0.as_str(), Some("error"));
    assert_eq!(settings.place("log").unwrap().to_string(), "--log");
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
    settings.read_file(Some(&path));
    std::fs::remove_file(&path).unwrap();
    let variable = ("DOORWARD_PASSWORD_PEPPER".into(), "hunter2 of the environment".into());
    settings.read_environment([variable].into_iter());
    let config = readable(ServerConfig::from_settings(settings)).unwrap();
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
    // Each case checks the settings as a start does, once for each key.
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
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
            settings.read_environment([(key.variable().into(), url.clone().into())].into_iter());
            let config = ServerConfig::from_settings(settings);
            let refused = format!("{} {}", config.shown(), refused(&config));
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
    // A value in the place of its name.
    ("\"postgres://ann:hunter2@h/db\" = 1", "doorward.toml:1: unknown key \"postgres://ann:(hidden)@h/db\""),
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
    settings.read_environment([(broken(), broken()), ("PATH".into(), broken())].into_iter());
    assert!(settings.mistakes.refuse().is_ok());
    settings.read_environment([("DOORWARD_DATABASE".into(), broken())].into_iter());
    assert_eq!(settings.mistakes.to_string(), "DOORWARD_DATABASE: expected a text in UTF-8");
}

#[test]
fn variables_that_kubernetes_sets_are_ignored() {
    from_variables(&[
        ("DOORWARD_PORT", "tcp://10.0.0.1:80"),
        ("DOORWARD_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("DOORWARD_SERVICE_HOST", "10.0.0.1"),
        ("DOORWARD_SERVICE_PORT_HTTP", "80"),
        ("DOORWARD_DB_SERVICE_HOST", "10.0.0.2"),
        ("DOORWARD_POSTGRESQL_PORT_5432_TCP", "tcp://10.0.0.2:5432"),
        ("DOORWARD_POSTGRESQL_PORT", "tcp://10.0.0.2:5432"),
    ])
    .unwrap();
    for (misspelt, meant) in [
        ("DOORWARD_PORT", "; did you mean \"DOORWARD_LISTEN\"?"),
        ("DOORWARD_LISTEN_PORT", "; did you mean \"DOORWARD_LISTEN\"?"),
        ("DOORWARD_SERVICE_NAMES", "; did you mean \"DOORWARD_SERVICE_NAME\"?"),
    ] {
        let error = error_of(from_variables(&[(misspelt, "8000")]));
        assert_eq!(error, format!("unknown environment variable {misspelt:?}{meant}"));
    }
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
    assert_eq!(config.for_serving(bound).unwrap().public_url, "http://localhost:4711");
}

#[test]
fn mails_are_shown_only_on_a_loopback_address() {
    for (variables, shown) in [
        (&[][..], true),
        (&[("DOORWARD_LISTEN", "[::1]:8000")], true),
        (&[("DOORWARD_PUBLIC_URL", "http://localhost:8000")], true),
        (&[("DOORWARD_PUBLIC_URL", "http://auth.localhost:8000")], true),
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
    let mut settings = Settings::default();
    settings.read_file(Some(Path::new("/nowhere/doorward.toml")));
    let error = settings.mistakes.to_string();
    assert!(error.starts_with("/nowhere/doorward.toml: cannot be read: "), "{error}");
}

#[test]
fn the_configuration_is_shown_as_toml_with_places_and_without_secrets() {
    let mut settings = Settings::default();
    let variables = [
        ("DOORWARD_DATABASE", "postgres://ann:hunter2@host/db?password=hunter2"),
        ("DOORWARD_INTROSPECTION_SECRETS", "hunter2hunter2hunter2hunter2hunter2"),
        ("DOORWARD_SMTP_URL", "smtps://ann:hunter2@host"),
    ];
    settings.read_environment(variables.iter().map(|(name, value)| (name.into(), value.into())));
    settings.read_flag("listen", "--listen", "127.0.0.1:9000");
    let shown = readable(ServerConfig::from_settings(settings)).unwrap().shown();
    assert!(!shown.contains("hunter2"), "{shown}");
    let read: Table = shown.parse().unwrap();
    assert_eq!(read["database"].as_str(), Some("postgres://ann@host:5432/db"));
    assert_eq!(read["public_url"].as_str(), Some("http://localhost:9000"));
    assert_eq!(read["password"]["memory_kib"].as_integer(), Some(19456));
    for (key, place) in [
        ("listen", "--listen"),
        ("database", "DOORWARD_DATABASE"),
        ("public_url", "from listen"),
        ("memory_kib", "default"),
        ("registration", "default with mail"),
        ("require_verified_email", "default with private registration"),
        ("docs", "default on this machine"),
        ("pages_url", "default: public_url"),
        ("max_connections_per_peer", "default: a part of max_connections"),
        ("hashing_threads", "default: one for each core"),
        ("# allowed_hosts", "not set: the names of this machine, and the host of public_url"),
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

/// Names that end with `.localhost` are this machine too (RFC 6761, section 6.3).
#[test]
fn a_server_for_the_network_shows_it_no_documentation_by_default() {
    let reached = ("DOORWARD_LISTEN", "0.0.0.0:8000");
    for (variables, shown) in [
        (&[("DOORWARD_PUBLIC_URL", "http://localhost:8000")][..], None),
        (&[reached, ("DOORWARD_PUBLIC_URL", "http://localhost:8000")], Some(false)),
        (&[reached, ("DOORWARD_PUBLIC_URL", "http://127.0.0.1:8000")], Some(false)),
        (&[reached, ("DOORWARD_PUBLIC_URL", "http://auth.localhost:8000")], Some(false)),
        (&[("DOORWARD_LISTEN", "[::]:8000"), ("DOORWARD_PUBLIC_URL", "http://[::1]:8000")], Some(false)),
        (&[reached, ("DOORWARD_PUBLIC_URL", "http://localhost:8000"), ("DOORWARD_DOCS", "true")], Some(true)),
        // A proxy behind a socket file may serve the network.
        (&[("DOORWARD_LISTEN", "unix:/a")], Some(false)),
        (&[("DOORWARD_LISTEN", "unix:/a,127.0.0.1:0")], Some(false)),
        (
            &[("DOORWARD_LISTEN", "127.0.0.1:0,0.0.0.0:1"), ("DOORWARD_PUBLIC_URL", "http://[::1]")],
            Some(false),
        ),
    ] {
        let config = from_variables(variables).unwrap();
        assert_eq!(config.for_serving(config.listen).unwrap().docs, shown, "{variables:?}");
        let shown = shown.unwrap_or(true);
        assert!(config.shown().contains(&format!("\ndocs = {shown} ")), "{}", config.shown());
    }
}

/// Compose makes an empty variable of `${VARIABLE:-}`.
#[test]
fn an_empty_variable_counts_as_not_set() {
    let unset = from_variables(&[]).unwrap().shown();
    for key in &*KEYS {
        for variable in [Some(key.variable()), key.file_variable()].into_iter().flatten() {
            assert_eq!(from_variables(&[(&variable, "")]).unwrap().shown(), unset, "{variable}");
        }
    }
    let config = from_variables(&[("DOORWARD_LOG", "warn"), ("DOORWARD_LISTEN", "")]).unwrap();
    assert_eq!(config.settings.place("log").unwrap().to_string(), "DOORWARD_LOG");
    let misspelt = error_of(from_variables(&[("DOORWARD_LISTN", "")]));
    assert!(misspelt.contains("did you mean \"DOORWARD_LISTEN\"?"), "{misspelt}");
}

/// Writes a file with a secret. Returns its path.
fn secret_file(name: &str, content: &[u8]) -> String {
    let path = std::env::temp_dir().join(format!("doorward-secret-{}-{name}", std::process::id()));
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn every_secret_can_stand_in_a_file_of_its_own() {
    let secret = "0123456789abcdef, 0123456789abcdef";
    for (name, end) in [("plain", ""), ("unix", "\n"), ("dos", "\r\n")] {
        let path = secret_file(name, format!("{secret}{end}").as_bytes());
        let from = |variable: &str| from_variables(&[(variable, &path)]).unwrap();
        assert_eq!(from("DOORWARD_DATABASE_FILE").database, secret);
        let library = |variable: &str| from(variable).for_commands();
        assert_eq!(library("DOORWARD_SMTP_URL_FILE").smtp_url.unwrap().expose(), secret);
        let password = |variable: &str| library(variable).password;
        assert_eq!(password("DOORWARD_PASSWORD_PEPPER_FILE").pepper.unwrap().expose(), secret);
        assert_eq!(password("DOORWARD_PASSWORD_DEVISE_PEPPER_FILE").devise_pepper.unwrap().expose(), secret);
        let firebase = password("DOORWARD_PASSWORD_FIREBASE_SIGNER_KEY_FILE").firebase;
        assert_eq!(firebase.signer_key.unwrap().expose(), secret);
        let shown = from("DOORWARD_SMTP_URL_FILE").shown();
        assert!(shown.contains("smtp_url = \"(hidden)\"") && shown.contains("# DOORWARD_SMTP_URL_FILE"));
        std::fs::remove_file(path).unwrap();
    }
    let list = secret_file("list", b"0123456789abcdef0123456789abcdef\n\nfedcba9876543210fedcba9876543210\n");
    let several = from_variables(&[("DOORWARD_INTROSPECTION_SECRETS_FILE", &list)]).unwrap();
    let secrets = several.for_commands().introspection_secrets;
    assert_eq!((secrets.len(), secrets[1].expose()), (2, "fedcba9876543210fedcba9876543210"));
    let table = secret_file("table", b"2024 = \"0123456789abcdef\"\n2025 = \"fedcba9876543210\"\n");
    let named = from_file(&format!("[password]\nretired_peppers_file = {table:?}")).unwrap();
    assert_eq!(named.for_commands().password.retired_peppers["2025"].expose(), "fedcba9876543210");
    // One line end is dropped, and no more.
    let lines = secret_file("lines", b" a \n\n");
    let kept = from_variables(&[("DOORWARD_PASSWORD_DEVISE_PEPPER_FILE", &lines)]).unwrap();
    assert_eq!(kept.for_commands().password.devise_pepper.unwrap().expose(), " a \n");
    for path in [list, table, lines] {
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_secret_file_that_gives_no_value_is_refused_without_repeating_its_path() {
    let files = [
        (secret_file("empty", b""), "the file that it names is empty"),
        (secret_file("line-end", b"\r\n"), "the file that it names is empty"),
        (secret_file("latin1", b"a\xff"), "the file that it names is not in UTF-8"),
        (secret_file("long", &[b'a'; 70_000]), "the file that it names has more than 64 KiB"),
        ("/dev/zero".to_owned(), "the file that it names has more than 64 KiB"),
        ("/nowhere/hunter2".to_owned(), "the file that it names cannot be read: No such file"),
        ("smtps://ann:hunter2@host".to_owned(), "the file that it names cannot be read: No such file"),
    ];
    for (path, told) in &files {
        let error = error_of(from_variables(&[("DOORWARD_SMTP_URL_FILE", path)]));
        assert!(error.starts_with(&format!("DOORWARD_SMTP_URL_FILE: {told}")), "{error}");
        assert!(!error.contains("hunter2") && !error.contains('\n'), "{error}");
        let error = error_of(from_file(&format!("\nsmtp_url_file = {path:?}")));
        assert!(error.starts_with(&format!("doorward.toml:2: {told}")), "{error}");
        // A later source wins, and the file is not read.
        let path = path.clone();
        let mut settings = Settings::default();
        settings.set_file(
            KEYS.iter().find(|key| key.name == "smtp_url").unwrap(),
            path.into(),
            Place::File("a".into(), 1),
        );
        let variable = ("DOORWARD_SMTP_URL".into(), "smtp://127.0.0.1".into());
        settings.read_environment([variable].into_iter());
        readable(ServerConfig::from_settings(settings)).unwrap();
    }
    for (path, _) in &files[..4] {
        std::fs::remove_file(path).unwrap();
    }
    let commas = secret_file("commas", b",,\n");
    let error = error_of(from_variables(&[("DOORWARD_INTROSPECTION_SECRETS_FILE", &commas)]));
    assert!(error.ends_with("expected a text in each line"), "{error}");
    let error = error_of(from_variables(&[("DOORWARD_PASSWORD_RETIRED_PEPPERS_FILE", &commas)]));
    assert!(error.ends_with("expected lines such as a = \"b\""), "{error}");
    std::fs::remove_file(commas).unwrap();
}

#[test]
fn a_value_and_a_file_for_one_secret_from_one_source_are_refused() {
    let both = [("DOORWARD_SMTP_URL", "smtp://127.0.0.1"), ("DOORWARD_SMTP_URL_FILE", "/nowhere")];
    assert_eq!(
        error_of(from_variables(&both)),
        "DOORWARD_SMTP_URL_FILE: smtp_url: also set by DOORWARD_SMTP_URL: expected a value or a file, not both"
    );
    let both = "[password]\npepper_file = \"/nowhere\"\npepper = \"hunter2\"";
    let error = error_of(from_file(both));
    assert!(error.starts_with("doorward.toml:3: password.pepper: also set by "), "{error}");
    assert!(error.ends_with("expected a value or a file, not both") && !error.contains("hunter2"), "{error}");
    let error = error_of(from_file("smtp_url_file = 1"));
    assert_eq!(error, "doorward.toml:1: smtp_url_file: expected the path of a file in quotation marks");
    let error = error_of(from_file("smtp_url_fil = \"a\""));
    assert_eq!(error, "doorward.toml:1: unknown key \"smtp_url_fil\"; did you mean \"smtp_url_file\"?");
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let file = "listn = 1\nlog = \"loud\"\nsession_lifetime = \"0s\"\ndocs = 7\n\
                smtp_url = \"smtp://127.0.0.1\"\ncors_origins = [\"*\", \"https://a.example.org\", \"x\"]\n\
                [password]\nmin_length = 1\npepper = \"hunter2hunter2hunter2\"\n[limit]\nfirst_delay = \"x\"\n";
    let told = refused(&read_file(file));
    let expected = [
        "doorward.toml:1: unknown key \"listn\"; did you mean \"listen\"?",
        "doorward.toml:2: log: expected a level",
        "doorward.toml:3: session_lifetime: expected 1s to 366d",
        "doorward.toml:4: docs: expected true or false",
        "doorward.toml:5: mail_from: expected with smtp_url",
        "doorward.toml:6: cors_origins: \"*\": a wildcard",
        "doorward.toml:6: cors_origins: \"x\": expected an origin",
        "doorward.toml:8: password.min_length: expected 8 to 64",
        "doorward.toml:9: password.pepper: expected with a password.pepper_id",
        "doorward.toml:11: limit.first_delay: expected a duration",
    ];
    assert_eq!(told.lines().count(), expected.len(), "{told}");
    for (line, expected) in told.lines().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn what_could_not_be_read_makes_no_second_mistake() {
    for (file, told) in [
        (
            "mail_from = \"a@example.org\"\nsmtp_url = 5",
            "doorward.toml:2: smtp_url: expected a text in quotation marks",
        ),
        (
            "mail_from = \"a@example.org\"\nsmtp_ur = \"smtp://127.0.0.1\"",
            "doorward.toml:2: unknown key \"smtp_ur\"; did you mean \"smtp_url\"?",
        ),
        (
            "listen = \"0.0.0.0:0\"\npublic_ur = \"https://example.org\"",
            "doorward.toml:2: unknown key \"public_ur\"; did you mean \"public_url\"?",
        ),
        (
            "mail_from = \"a@example.org\"\nsmtp_url = smtp",
            "doorward.toml:2: column 12: expected a value; a text needs quotation marks, as in \"text\"",
        ),
    ] {
        assert_eq!(refused(&read_file(file)), told);
    }
    let listen = "listen = \"0.0.0.0:0\"\npublic_url = \"https://ann:hunter2@example.org\"";
    assert_eq!(refused(&read_file(listen)), "doorward.toml:2: public_url: expected no user or password");
}

#[test]
fn an_error_of_the_syntax_is_told_in_plain_words_with_its_line_and_column() {
    for (file, told) in [
        ("docs = true\ndocs = true", "2: column 1: the same name is set twice"),
        ("\nlisten =", "2: column 9: expected a value; a text needs quotation marks, as in \"text\""),
        ("listen", "1: column 7: expected = and a value after the name"),
        ("listen \"127.0.0.1:1\"", "1: column 8: expected = and a value after the name"),
        ("  log = hunter2", "1: column 9: expected a value; a text needs quotation marks, as in \"text\""),
        ("log = \"hunter2", "1: column 15: expected a quotation mark at the end of the text"),
        (
            "log = \"é\" hunter2",
            "1: column 11: expected the end of the line; each setting has a line of its own",
        ),
        ("templates_dir = \"C:\\hunter2\"", "1: column 21: write \\\\ for a backslash in a text"),
        ("[password\nmin_length = 8", "1: column 10: expected ] after the name of the table"),
        ("cors_origins = [\"a\"", "1: column 20: expected ] at the end of the list"),
        ("cors_origins = [\"a\" \"b\"]", "1: column 21: expected a comma between two values of the list"),
        ("sessions_per_user = 99999999999999999999", "1: column 21: expected a whole number"),
        ("docs = True", "1: column 8: expected true or false, or a text in quotation marks"),
        ("log = trace", "1: column 7: expected true or false, or a text in quotation marks"),
        ("log = info", "1: column 7: expected a whole number, or a text in quotation marks"),
        ("listen = 127.0.0.1:1", "1: column 15: expected a whole number, or a text in quotation marks"),
        ("sessions_per_user = 1_", "1: column 22: expected a whole number"),
        ("docs = yes", "1: column 8: expected a value; a text needs quotation marks, as in \"text\""),
        ("= 1", "1: column 1: expected a name"),
    ] {
        let error = error_of(from_file(file));
        assert_eq!(error, format!("doorward.toml:{told}"), "{file:?}");
    }
    let two = error_of(from_file("a = hunter2\nb = \"c\nd = 5\ne = [\n"));
    assert!(two.lines().count() >= 3 && !two.contains("hunter2"), "{two}");
}

#[test]
fn the_secret_of_an_app_is_hidden_and_can_stand_in_a_file_of_its_own() {
    let client = |secret: &str| {
        format!(
            "[[client]]\nid = \"wiki\"\nname = \"Wiki\"\nredirect_uris = [\"https://a.example/\"]\n{secret}\n"
        )
    };
    let config = from_file(&client("secret = \"hunter2hunter2\"")).unwrap();
    assert!(!config.shown().contains("hunter2") && config.shown().contains("Wiki"), "{}", config.shown());
    let path = secret_file("client", b"hunter2 of the wiki\n");
    let config = from_file(&client(&format!("secret_file = {path:?}"))).unwrap();
    assert_eq!(config.for_commands().client[0].secret.as_ref().unwrap().expose(), "hunter2 of the wiki");
    assert!(!config.shown().contains("hunter2"));
    for (wrong, expected) in [
        ("secret_file = \"/nonexistent\"", "secret_file: the file that it names cannot be read"),
        ("secret_file = 5", "secret_file: expected the path of a file"),
        (
            &*format!("secret = \"hunter2\"\nsecret_file = {path:?}"),
            "secret: expected a value or a file, not both",
        ),
        ("secret = 123456789", "expected tables"),
        ("sekret = \"hunter2\"", "unknown field"),
    ] {
        let error = error_of(from_file(&client(wrong)));
        assert!(error.contains(expected), "{wrong}: {error}");
        assert!(!error.contains("hunter2") && !error.contains("123456789"), "{error}");
    }
}

#[test]
fn the_example_sets_nothing_and_has_every_key_with_its_default() {
    let example = crate::config::EXAMPLE;
    assert!(example.lines().all(|line| line.is_empty() || line.starts_with('#')), "{example}");
    assert!(example.lines().all(|line| line.chars().count() <= 120));
    // A setting is a comment without a space after its #.
    let settings: Vec<_> = example.lines().filter_map(|line| line.strip_prefix('#')).collect();
    let settings: Vec<_> =
        settings.into_iter().filter(|line| !line.starts_with(' ') && !line.is_empty()).collect();
    let file = settings.join("\n");
    let table: Table = file.parse().unwrap();
    readable(read_file(&file)).unwrap();
    let shown: Table = from_file("").unwrap().shown().parse().unwrap();
    let at = |table: &Table, name: &str| {
        let mut parts = name.split('.');
        let first = table.get(parts.next()?).cloned();
        parts.fold(first, |value, part| value?.get(part).cloned())
    };
    for key in &*KEYS {
        let value = at(&table, &key.name).unwrap_or_else(|| panic!("{} is missing", key.name));
        // Those without a default have a value that explains them.
        let default = at(&shown, &key.name)
            .filter(|default| default.as_array().is_none_or(|list| !list.is_empty()))
            .filter(|default| default.as_table().is_none_or(|table| !table.is_empty()));
        assert!(
            default.as_ref().is_none_or(|default| *default == value),
            "{}: {value} {default:?}",
            key.name
        );
    }
}
