//! The settings of an `Auth`.

use std::{collections::BTreeMap, num::NonZeroU32, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::base::open_error::OpenError;

/// The settings of an [`Auth`](crate::Auth).
///
/// Reads from any serde format; durations are written as `"15m"`, `"24h"` or `"30d"`, unknown keys are
/// refused. The library reads no file and no environment variable: the server of this project does, and
/// hands the result in here.
///
/// ```
/// let config = doorward::Config {
///     public_url: "https://example.org/auth".into(),
///     cors_origins: vec!["https://app.example.org".into()],
///     ..Default::default()
/// };
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address under which people reach these routes, with the path they are mounted at, if any:
    /// `https://example.org/auth`.
    ///
    /// Decides how cookies are set: with `https` they carry the `__Host-` prefix and `Secure`. Plain `http`
    /// is accepted for a loopback host only. Default: `http://127.0.0.1:8000`.
    pub public_url: String,
    /// The name that people know the service by. Default: `Doorward`.
    pub service_name: String,
    /// Other origins whose pages may call these routes with cookies, written as browsers send them:
    /// `https://app.example.org`. A wildcard is refused. Default: none.
    pub cors_origins: Vec<String>,
    /// Who may register, and what they are told. Default: `private` if mail is configured, else `open`.
    pub registration: Option<Registration>,
    /// Whether users must verify their e-mail address before they can log in. It needs mail. Default: only if
    /// `registration` is `private`, for whoever registers with an address and can log in at once has learned that nobody
    /// had it. Where both are in force, who has not verified the address is answered as if the password were wrong, and
    /// gets a mail.
    pub require_verified_email: Option<bool>,
    /// How long a session lives after logging in. Shortening it ends older sessions too. Default: `24h`.
    #[serde(with = "duration")]
    pub session_lifetime: Duration,
    /// How long a session may be left unused before it ends; `0s` for no such limit. Default: `0s`.
    #[serde(with = "duration")]
    pub session_idle_timeout: Duration,
    /// How many sessions a user may have; a further one ends the oldest. Default: 100.
    pub sessions_per_user: NonZeroU32,
    /// Whether `POST /token` logs in with a password. It is meant for an operator's own apps and never for
    /// third parties, who must not see passwords. Default: `true`.
    pub password_grant: bool,
    /// Whether `/docs` and `/openapi.json` are served. Default: only if `public_url` is a loopback address.
    pub docs: Option<bool>,
    /// Whether there are pages for people beside the API: `/login`, `/register`, `/account` and so on. Default: `true`.
    pub pages: bool,
    /// Where pages of your own are that links in mails open, if they are not to open ours: with
    /// `https://app.example.org/account` they lead to `https://app.example.org/account/verify-email?token=…`, and to
    /// `/reset-password`, `/confirm-email`, `/undo-email-change`, `/login`, `/forgot-password` and `/account` below it. Such
    /// a page posts the token as JSON to the route of that name here, and not before somebody pressed a button: programs
    /// that scan mail open every link. Needed for mail with `pages = false`. Default: `public_url`.
    pub pages_url: Option<String>,
    /// Other origins that `next=` may lead to from a page, written as browsers send them: `https://app.example.org`.
    /// Paths on the origin of `public_url` are always allowed. Default: none.
    pub next_origins: Vec<String>,
    /// The colour of what is to be pressed on pages and in letters, as `#rrggbb`. Where it would be hard to read it is
    /// made darker, and lighter on a dark screen. Default: `#2f5bd7`.
    pub accent_color: String,
    /// A folder whose files take the place of those compiled in: templates of pages and letters, such as `layout.html`,
    /// and `style.css`, `logo.svg` or `logo.png`, and `icon.svg`. Read when the accounts are opened. Default: none.
    pub templates_dir: Option<PathBuf>,
    /// Secrets that open `POST /introspect`, any of them, so that one can be replaced while another still
    /// works; each of at least 32 characters. Default: none, and the route refuses everyone.
    pub introspection_secrets: Vec<Secret>,
    /// The mail server: `smtps://USER:PASSWORD@HOST`, `smtp://USER:PASSWORD@HOST?tls=required` for STARTTLS, or
    /// `smtp://HOST` without TLS. Default: none, and no mail is sent.
    pub smtp_url: Option<Secret>,
    /// A PEM file with the certificate authorities that the mail server's certificate may come from, in place of
    /// Mozilla's. Default: none.
    pub smtp_ca_file: Option<PathBuf>,
    /// Whom mails come from: `no-reply@example.org`, or `Example <no-reply@example.org>`. Needed with `smtp_url`.
    pub mail_from: Option<String>,
    /// Whether mails are kept in memory and shown at `/dev/mailbox` instead of being sent, for developers. Refused
    /// unless `public_url` is a loopback address, and with `smtp_url`. Default: `false`.
    pub dev_mailbox: bool,
    /// How long the audit log keeps what happened to accounts; `0s` for ever. Default: `400d`.
    #[serde(with = "duration")]
    pub events_retention: Duration,
    /// The proxies in front, as addresses or networks: `10.0.0.5`, `10.0.0.0/8`. For a connection from one of them the
    /// client is the last address in `X-Forwarded-For` that is none of them. A proxy that is missing here stands for
    /// all its clients, who then share what one may do; one that does not itself append to that header must not be
    /// here, or its clients choose their addresses. Default: none.
    pub trusted_proxies: Vec<String>,
    /// How passwords are hashed, and how good they must be.
    pub password: PasswordConfig,
    /// How often secrets may be guessed, and mails asked for.
    pub limit: LimitConfig,
}

/// How often secrets may be guessed, and mails asked for. All of it is counted in the database, for all nodes together.
///
/// Nobody is locked out for good: a right guess is accepted as soon as the delay is over, and at once from a browser
/// that its owner has logged in with before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitConfig {
    /// How many wrong guesses in a row an account may have before each has to wait. Default: 5.
    pub free_failures: NonZeroU32,
    /// How long the first of those waits; each further one waits twice as long. Whole seconds. Default: `1s`.
    #[serde(with = "duration")]
    pub first_delay: Duration,
    /// The longest that one waits. Whole seconds. Default: `15m`.
    #[serde(with = "duration")]
    pub longest_delay: Duration,
    /// How many wrong guesses may come from one client address in a minute, for all accounts together. An IPv6 address
    /// stands for its /64. Counts only if the host tells the address of the peer, which the server does. Default: 30.
    pub failures_per_address: NonZeroU32,
    /// How many mails may be sent to one address in 15 minutes for each purpose: registering, verifying, a new password, a
    /// new address; and how many notices of each kind. Default: 3.
    pub mails_per_recipient: NonZeroU32,
    /// How many mails one client address may ask for in an hour. Default: 10.
    pub mails_per_address: NonZeroU32,
}

/// How passwords are hashed, how much work that may take at once, and how good they must be.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordConfig {
    /// argon2id: memory in KiB. Default: 19456, as OWASP recommends with two passes.
    pub memory_kib: u32,
    /// argon2id: passes over the memory. Default: 2.
    pub iterations: u32,
    /// Threads that hash passwords; `0` for one a core. Each keeps its block of memory. Default: 0.
    pub hashing_threads: usize,
    /// Passwords that may wait for a thread; the next one is answered with 503 at once. Default: 64.
    pub hashing_queue: usize,
    /// How hard to guess a new password must be by the estimate of zxcvbn: `1` to `4`, or `0` to ask for no estimate.
    /// `3` stops what a patient guesser would find, and some good passphrases too. Default: 0.
    pub zxcvbn_score: u8,
    /// A file of breached passwords that nobody may choose, made by [`breached::build`](crate::breached::build), which
    /// is `doorward breached build` on the command line. Of passwords that are not in it, one of 65,536 is refused by
    /// mistake. Read when the accounts are opened: a new one counts from the next start. Default: none.
    pub breached_file: Option<PathBuf>,
    /// Names the `pepper` in the hashes that it is mixed into: one to eight bytes, and never the name of another
    /// key before it. Needed with a pepper. Default: none.
    pub pepper_id: Option<String>,
    /// A key of at least 16 bytes, taken as it stands, that is mixed into every new hash, so that nobody can guess
    /// passwords with the database alone. **Whoever loses it loses every password**: back it up, apart from the
    /// database. Every node needs it before any uses it. Default: none.
    pub pepper: Option<Secret>,
    /// Peppers that were in use before, by their ids: hashes made with them still open, and move to the present pepper
    /// when their owners log in. Taking one out locks out those who have not logged in since. Default: none.
    pub retired_peppers: BTreeMap<String, Secret>,
    /// The `config.pepper` of Ruby's Devise, for users who come from there. Every `$2a$` hash is then taken for one of
    /// Devise's. Default: none.
    pub devise_pepper: Option<Secret>,
    /// The project that users from Firebase come from.
    pub firebase: FirebaseConfig,
}

/// The "password hash parameters" of a Firebase project, as its console shows them under Authentication.
///
/// They are needed until the last user from there has logged in, or for good.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirebaseConfig {
    /// `base64_signer_key`. Without it no hash from Firebase is accepted, and the others mean nothing. Default: none.
    pub signer_key: Option<Secret>,
    /// `base64_salt_separator`. Default: `Bw==`.
    pub salt_separator: String,
    /// `rounds`, 1 to 8. Default: 8.
    pub rounds: u32,
    /// `mem_cost`, 1 to 14. Default: 14.
    pub memory_cost: u32,
}

/// Who may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Registration {
    /// Anyone. Whoever tries an address that is already registered is told so.
    Open,
    /// Anyone. The answer does not tell whether the address is already registered: its owner learns that by mail. It
    /// needs mail.
    Private,
    /// Nobody: users are added by the operator.
    Closed,
}

impl Config {
    /// Whether `/docs` and `/openapi.json` are to be served.
    pub(crate) fn serves_docs(&self, loopback: bool) -> bool {
        self.docs.unwrap_or(loopback)
    }

    /// Who may register, if the settings leave it open.
    pub(crate) fn registration(&self) -> Registration {
        let default = if self.smtp_url.is_some() { Registration::Private } else { Registration::Open };
        self.registration.unwrap_or(default)
    }

    /// Whether the address must be verified before one can log in, if the settings leave it open.
    pub(crate) fn requires_verified_email(&self) -> bool {
        self.require_verified_email.unwrap_or(self.registration() == Registration::Private)
    }

    /// Whether an unverified address is refused as a wrong password is, so that registering and logging in together do
    /// not tell whether the address was free.
    pub(crate) fn hides_unverified(&self) -> bool {
        self.requires_verified_email() && self.registration() == Registration::Private
    }

    /// Refuses settings that are not safe or make no sense. The addresses are read by `site.rs`, the cost of
    /// hashing by the password context.
    pub(crate) fn check(&self) -> Result<(), OpenError> {
        let bad = |cause: &str| Err(OpenError::new(format!("bad configuration: {cause}")));
        let day = Duration::from_secs(24 * 3600);
        if self.session_lifetime < Duration::from_secs(1) || self.session_lifetime > 366 * day {
            return bad("session_lifetime: expected 1s to 366d");
        }
        let idle = self.session_idle_timeout;
        if !idle.is_zero() && !(Duration::from_secs(1)..=366 * day).contains(&idle) {
            return bad("session_idle_timeout: expected 0s for none, or 1s to 366d");
        }
        let color = self.accent_color.strip_prefix('#').unwrap_or_default();
        if color.len() != 6 || !color.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return bad("accent_color: expected a colour such as #2f5bd7");
        }
        let retention = self.events_retention;
        if !retention.is_zero() && !(day..=3660 * day).contains(&retention) {
            return bad("events_retention: expected 0s for ever, or 1d to 3660d");
        }
        if self.introspection_secrets.iter().any(|secret| secret.expose().chars().count() < 32) {
            return bad("introspection_secrets: expected secrets of at least 32 characters");
        }
        let mails = self.smtp_url.is_some() || self.dev_mailbox;
        if self.registration == Some(Registration::Private) && !mails {
            return bad("registration \"private\": expected with an smtp_url: the rest is told by mail");
        }
        if self.require_verified_email == Some(true) && !mails {
            return bad("require_verified_email: expected with an smtp_url: addresses are verified by mail");
        }
        if self.service_name.chars().any(char::is_control) || self.service_name.chars().count() > 100 {
            return bad("service_name: expected one line of at most 100 characters");
        }
        let LimitConfig { first_delay, longest_delay, .. } = self.limit;
        if first_delay < Duration::from_secs(1) || first_delay > longest_delay || longest_delay > day {
            return bad(
                "limit: expected a first_delay of at least 1s, and a longest_delay from there to 24h",
            );
        }
        if self.password.hashing_threads > 1024 {
            return bad("password.hashing_threads: expected at most 1024");
        }
        if self.password.hashing_queue == 0 {
            return bad("password.hashing_queue: expected at least 1");
        }
        if self.password.pepper.is_some() != self.password.pepper_id.is_some() {
            return bad("password.pepper: expected with a password.pepper_id, or neither");
        }
        if self.password.zxcvbn_score > 4 {
            return bad("password.zxcvbn_score: expected 0 for none, or 1 to 4");
        }
        Ok(())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8000".into(),
            service_name: "Doorward".into(),
            cors_origins: Vec::new(),
            registration: None,
            require_verified_email: None,
            session_lifetime: Duration::from_secs(24 * 3600),
            session_idle_timeout: Duration::ZERO,
            sessions_per_user: NonZeroU32::new(100).expect("100 is not zero"),
            password_grant: true,
            docs: None,
            pages: true,
            pages_url: None,
            next_origins: Vec::new(),
            accent_color: "#2f5bd7".into(),
            templates_dir: None,
            introspection_secrets: Vec::new(),
            smtp_url: None,
            smtp_ca_file: None,
            mail_from: None,
            dev_mailbox: false,
            events_retention: Duration::from_secs(400 * 24 * 3600),
            trusted_proxies: Vec::new(),
            password: PasswordConfig::default(),
            limit: LimitConfig::default(),
        }
    }
}

impl Default for LimitConfig {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).expect("a number that is written here");
        Self {
            free_failures: number(5),
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(15 * 60),
            failures_per_address: number(30),
            mails_per_recipient: number(3),
            mails_per_address: number(10),
        }
    }
}

impl Default for PasswordConfig {
    fn default() -> Self {
        Self {
            memory_kib: 19456,
            iterations: 2,
            hashing_threads: 0,
            hashing_queue: 64,
            zxcvbn_score: 0,
            breached_file: None,
            pepper_id: None,
            pepper: None,
            retired_peppers: BTreeMap::new(),
            devise_pepper: None,
            firebase: FirebaseConfig::default(),
        }
    }
}

impl Default for FirebaseConfig {
    fn default() -> Self {
        Self { signer_key: None, salt_separator: "Bw==".into(), rounds: 8, memory_cost: 14 }
    }
}

/// A secret from the configuration. Never shown by `Debug` nor written by serde.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self::from(secret.to_owned())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

/// Durations as people write them: `15m`.
mod duration {
    use super::Duration;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        let seconds = duration.as_secs();
        match (seconds % 3600, seconds % 60, duration.subsec_nanos()) {
            (0, _, 0) if seconds > 86_400 && seconds.is_multiple_of(86_400) => {
                serializer.collect_str(&format_args!("{}d", seconds / 86_400))
            }
            (0, _, 0) if seconds > 0 => serializer.collect_str(&format_args!("{}h", seconds / 3600)),
            (_, 0, 0) if seconds > 0 => serializer.collect_str(&format_args!("{}m", seconds / 60)),
            (_, _, 0) => serializer.collect_str(&format_args!("{seconds}s")),
            _ => serializer.collect_str(&humantime::format_duration(*duration)),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_duration(&text).map_err(|_| {
            D::Error::custom(format!("expected a duration such as \"15m\" or \"24h\", not {text:?}"))
        })
    }
}
