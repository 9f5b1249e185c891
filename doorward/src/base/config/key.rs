//! The keys of the settings, for programs that read them one by one.

/// A key of a settings struct: the name of a field, and the kind of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigKey {
    /// The name of the field.
    pub name: &'static str,
    /// The kind of value that the field takes.
    pub kind: ConfigKind,
}

/// A kind of value in a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigKind {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// A text such as `"15m"`.
    Duration,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A list of texts.
    List,
    /// A list of tables, see [`ProfileField`](crate::config::ProfileField) and
    /// [`ClientConfig`](crate::provider::ClientConfig). A member with the name `secret` must not be shown.
    Tables,
    /// A table of texts.
    NamedTexts,
    /// A text that must not be shown.
    Secret,
    /// A list of texts that must not be shown.
    Secrets,
    /// A table of texts that must not be shown. Their names may be shown.
    NamedSecrets,
}

pub(super) const fn key(name: &'static str, kind: ConfigKind) -> ConfigKey {
    ConfigKey { name, kind }
}
