//! Every key of the configuration: what it is called and what may stand there.
//!
//! Values are never repeated in an error: one that stands in the wrong place may be a password.

use toml::Value;

/// A key of the configuration.
#[derive(Debug)]
pub(crate) struct Key {
    /// As in the file; what belongs to a table follows a dot.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What may stand at a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Text,
    /// A URL that may hold a password.
    Database,
    Number,
    Switch,
    Duration,
    OneOf(&'static [&'static str]),
    List,
    /// A text that nobody may see.
    Secret,
    /// A list that nobody may see.
    Secrets,
    /// Texts that nobody may see, by names that everybody may. Only a file has a way to write them.
    NamedSecrets,
}

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind }
}

/// All keys, in the order in which they are shown. Those from `public_url` on are the library's.
pub(crate) const KEYS: &[Key] = &[
    key("listen", Kind::Text),
    key("database", Kind::Database),
    key("log", Kind::Text),
    key("log_format", Kind::OneOf(&["auto", "text", "json"])),
    key("log_requests", Kind::Number),
    key("max_connections", Kind::Number),
    key("public_url", Kind::Text),
    key("service_name", Kind::Text),
    key("cors_origins", Kind::List),
    key("registration", Kind::OneOf(&["open", "private", "closed"])),
    key("require_verified_email", Kind::Switch),
    key("session_lifetime", Kind::Duration),
    key("session_idle_timeout", Kind::Duration),
    key("sessions_per_user", Kind::Number),
    key("password_grant", Kind::Switch),
    key("docs", Kind::Switch),
    key("pages", Kind::Switch),
    key("pages_url", Kind::Text),
    key("next_origins", Kind::List),
    key("accent_color", Kind::Text),
    key("templates_dir", Kind::Text),
    key("introspection_secrets", Kind::Secrets),
    key("events_retention", Kind::Duration),
    key("smtp_url", Kind::Secret),
    key("smtp_ca_file", Kind::Text),
    key("mail_from", Kind::Text),
    key("dev_mailbox", Kind::Switch),
    key("trusted_proxies", Kind::List),
    key("password.memory_kib", Kind::Number),
    key("password.iterations", Kind::Number),
    key("password.hashing_threads", Kind::Number),
    key("password.hashing_queue", Kind::Number),
    key("password.zxcvbn_score", Kind::Number),
    key("password.breached_file", Kind::Text),
    key("password.pepper_id", Kind::Text),
    key("password.pepper", Kind::Secret),
    key("password.retired_peppers", Kind::NamedSecrets),
    key("password.devise_pepper", Kind::Secret),
    key("password.firebase.signer_key", Kind::Secret),
    key("password.firebase.salt_separator", Kind::Text),
    key("password.firebase.rounds", Kind::Number),
    key("password.firebase.memory_cost", Kind::Number),
    key("limit.free_failures", Kind::Number),
    key("limit.first_delay", Kind::Duration),
    key("limit.longest_delay", Kind::Duration),
    key("limit.failures_per_address", Kind::Number),
    key("limit.mails_per_recipient", Kind::Number),
    key("limit.mails_per_address", Kind::Number),
];

/// What the names of environment variables begin with.
pub(crate) const PREFIX: &str = "DOORWARD_";

impl Key {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The environment variable for this key.
    pub(crate) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('.', "_").to_uppercase())
    }

    /// Whether the library knows this key rather than the server.
    pub(crate) fn is_of_library(&self) -> bool {
        !["listen", "database", "log", "log_format", "log_requests", "max_connections"].contains(&self.name)
    }
}

/// The name most like a misspelt one, if any is like it.
pub(crate) fn most_like<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (likeness, best) = names
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (likeness > 0.8).then_some(best)
}

impl Kind {
    /// What is expected, for people.
    pub(crate) fn expected(self) -> String {
        match self {
            Self::Text | Self::Database | Self::Secret => "expected a text in quotation marks".into(),
            Self::Number => "expected a whole number in range".into(),
            Self::Switch => "expected true or false".into(),
            Self::Duration => "expected a duration such as \"15m\" or \"24h\"".into(),
            Self::OneOf(choices) => format!("expected \"{}\"", choices.join("\" or \"")),
            Self::List | Self::Secrets => "expected a list of texts such as [\"a\", \"b\"]".into(),
            Self::NamedSecrets => "expected a table of texts such as { a = \"b\" }".into(),
        }
    }

    /// Whether a value from the file is of this kind.
    pub(crate) fn admits(self, value: &Value) -> bool {
        match self {
            Self::Text | Self::Database | Self::Secret | Self::Duration => value.is_str(),
            Self::OneOf(choices) => value.as_str().is_some_and(|value| choices.contains(&value)),
            Self::Number => value.is_integer(),
            Self::Switch => value.is_bool(),
            Self::List | Self::Secrets => {
                value.as_array().is_some_and(|values| values.iter().all(Value::is_str))
            }
            Self::NamedSecrets => {
                value.as_table().is_some_and(|values| values.iter().all(|(_, value)| value.is_str()))
            }
        }
    }

    /// A value from an environment variable or a flag. Lists are separated by commas.
    pub(crate) fn read(self, text: &str) -> Option<Value> {
        let value = match self {
            Self::Text | Self::Database | Self::Secret | Self::Duration | Self::OneOf(_) => Value::from(text),
            Self::Number => Value::from(text.parse::<i64>().ok()?),
            Self::Switch => Value::from(text.parse::<bool>().ok()?),
            Self::List | Self::Secrets => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Value::Array(parts.map(Value::from).collect())
            }
            Self::NamedSecrets => return None,
        };
        self.admits(&value).then_some(value)
    }

    /// A value as it may be shown.
    pub(crate) fn shown(self, value: &Value) -> Value {
        match (self, value) {
            (Self::Secrets, Value::Array(secrets)) => {
                Value::Array(secrets.iter().map(|_| Value::from("(hidden)")).collect())
            }
            (Self::NamedSecrets, Value::Table(secrets)) => {
                Value::Table(secrets.keys().map(|name| (name.clone(), Value::from("(hidden)"))).collect())
            }
            (Self::Secret | Self::Secrets | Self::NamedSecrets, _) => Value::from("(hidden)"),
            (Self::Database, Value::String(url)) => Value::from(without_password(url)),
            _ => value.clone(),
        }
    }
}

/// A database URL without its password, which may stand before the host and among the parameters.
fn without_password(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Some((scheme, rest)) = url.split_once("://") else { return "(hidden)".into() };
    let (rest, parameters) = match rest.split_once('?') {
        Some((rest, _)) => (rest, "?(hidden)"),
        None => (rest, ""),
    };
    let rest = match rest.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:(hidden)@{host}"),
            None => format!("{user}@{host}"),
        },
        None => rest.to_owned(),
    };
    format!("{scheme}://{rest}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_hidden() {
        for (url, shown) in [
            ("sqlite:app.db", "sqlite:app.db"),
            ("postgres://ann@host/db", "postgres://ann@host/db"),
            ("postgres://host/db", "postgres://host/db"),
            ("postgres://ann:pw@a:1,b:2/db", "postgres://ann:(hidden)@a:1,b:2/db"),
            ("postgres://ann:p@w:x@host/db", "postgres://ann:(hidden)@host/db"),
            ("postgres://host/db?user=ann&password=pw", "postgres://host/db?(hidden)"),
            ("host=a password=pw", "(hidden)"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn variables_have_names_of_their_own() {
        let names: std::collections::HashSet<_> = KEYS.iter().map(Key::variable).collect();
        assert_eq!(names.len(), KEYS.len());
        assert!(names.contains("DOORWARD_PASSWORD_MEMORY_KIB"));
    }

    #[test]
    fn these_are_the_keys_of_the_library_and_the_server() {
        fn names(table: &str, values: &toml::Table, all: &mut Vec<String>) {
            for (name, value) in values {
                match value {
                    Value::Table(values) if !values.is_empty() => {
                        names(&format!("{table}{name}."), values, all);
                    }
                    _ => all.push(format!("{table}{name}")),
                }
            }
        }
        let mut library = Vec::new();
        names("", &toml::Table::try_from(doorward::Config::default()).unwrap(), &mut library);
        // Not set by default, so that serde leaves them out.
        library.push("docs".into());
        library.push("require_verified_email".into());
        for name in ["registration", "pages_url", "templates_dir", "smtp_url", "smtp_ca_file", "mail_from"] {
            library.push(name.into());
        }
        for name in ["breached_file", "pepper_id", "pepper", "devise_pepper", "firebase.signer_key"] {
            library.push(format!("password.{name}"));
        }
        library.sort();
        let mut known: Vec<_> = KEYS.iter().filter(|key| key.is_of_library()).map(|key| key.name).collect();
        known.sort_unstable();
        assert_eq!(known, library);
    }
}
