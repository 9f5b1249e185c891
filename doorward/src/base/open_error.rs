//! The error of a failed start.

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigMistake {
    /// The key that is wrong, then the keys that it does not go together with: `["mail_from", "smtp_url"]`. A dot
    /// separates a key from its table.
    pub keys: &'static [&'static str],
    /// What is wrong, without the name of the key.
    pub text: String,
}

impl std::fmt::Display for ConfigMistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.keys.first().unwrap_or(&"settings"), self.text)
    }
}

/// What a program can do about an [`OpenError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpenErrorKind {
    /// The settings or the URL of the database cannot be used. Only another configuration helps.
    Configuration,
    /// The database does not answer, or not now. It may help to try again in a moment.
    Unreachable,
    /// The server or the system answers, and refuses: a wrong password, a missing right, database or folder, or a
    /// file that is no database.
    Refused,
    /// A newer version of this library has changed the tables. Start that version again.
    NewerSchema,
    /// Something else. Its text says what.
    Other,
}

/// The database could not be opened, or the configuration cannot be used. Displays as one line that never holds a
/// password.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct OpenError {
    kind: OpenErrorKind,
    text: String,
    mistakes: Vec<ConfigMistake>,
}

impl OpenError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { kind: OpenErrorKind::Other, text: one_line(&text.into()), mistakes: Vec::new() }
    }

    /// The error about a setting. The first key is the wrong one; it does not go together with the others.
    pub(crate) fn of_setting(keys: &'static [&'static str], text: impl Into<String>) -> Self {
        Self::of_settings(vec![ConfigMistake { keys, text: one_line(&text.into()) }])
    }

    /// The same error, about a setting whose name it does not tell.
    pub(crate) fn about(self, keys: &'static [&'static str]) -> Self {
        let mistakes = vec![ConfigMistake { keys, text: self.text.clone() }];
        Self { kind: OpenErrorKind::Configuration, mistakes, ..self }
    }

    /// The same error, of this kind.
    pub(crate) fn of_kind(self, kind: OpenErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// The error about all of these settings.
    pub(crate) fn of_settings(mistakes: Vec<ConfigMistake>) -> Self {
        let texts: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        let text = format!("bad configuration: {}", texts.join("; "));
        Self { kind: OpenErrorKind::Configuration, text, mistakes }
    }

    /// Returns both results, or the errors of both.
    pub(crate) fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(one), Err(other)) if !one.mistakes.is_empty() && !other.mistakes.is_empty() => {
                Err(Self::of_settings([one.mistakes, other.mistakes].concat()))
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// Returns what a program can do about it.
    #[must_use]
    pub fn kind(&self) -> OpenErrorKind {
        self.kind
    }

    /// Every setting that cannot be used, so that a program can say where each was set. Empty if the settings are not
    /// to blame.
    #[must_use]
    pub fn mistakes(&self) -> &[ConfigMistake] {
        &self.mistakes
    }
}

/// A message of a database or of the system may have several lines.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
