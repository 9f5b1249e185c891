//! The settings of an `Auth`.

use std::{collections::BTreeMap, num::NonZeroU32, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::base::{
    config::{
        client::{self, ClientConfig},
        duration,
        key::{ConfigKey, ConfigKind, key},
        limit::LimitConfig,
        password::{FirebaseConfig, PasswordConfig},
        profile::{self, ProfileField},
        roles,
        second_factor::{self, SecondFactorPolicy},
        secret::Secret,
        secret_key,
    },
    open_error::ConfigMistake,
};

/// The settings of an [`Auth`](crate::Auth).
///
/// Reads from any serde format. Durations are written as `"15m"`, `"24h"` or `"30d"`; unknown keys are refused. The
/// library reads no file and no environment variable: a host such as `doorward-server` does. It finds the names of all
/// keys in [`Config::TABLES`].
///
/// ```
/// let config = doorward::Config {
///     public_url: "https://example.org/auth".into(),
///     cors_origins: vec!["https://app.example.org".into()],
///     ..Default::default()
/// };
/// ```
///
/// Later versions add fields, also in minor ones. So end every literal with `..Default::default()`, those of the parts
/// too.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address under which people reach these routes, with the path they are mounted at, if any:
    /// `https://example.org/auth`.
    ///
    /// Decides how cookies are set: with `https` they carry the `__Host-` prefix and `Secure`. Plain `http` is accepted
    /// for a loopback host only: a loopback address, `localhost`, or a name that ends with `.localhost` (RFC 6761,
    /// section 6.3). Browsers refuse passkeys at an IP address. So pages redirect from `127.0.0.1` and `[::1]` to
    /// `localhost`, if this setting names it with the same port. Default: `http://localhost:8000`.
    pub public_url: String,
    /// The name that people know the service by. Default: `Doorward`.
    pub service_name: String,
    /// Other origins whose pages may call these routes with cookies, written as browsers send them:
    /// `https://app.example.org`. An app that is not a web site has a scheme of its own: `tauri://localhost`,
    /// `capacitor://localhost`. A wildcard is refused, and so is `null`. Default: none.
    ///
    /// Browsers send cookies only between hosts of one site (`SameSite=Lax`). So the pages of another site, and such
    /// apps, log in with `POST /token`.
    ///
    /// The same origins may send changes with a cookie to routes of the host that have a
    /// [`CurrentUser`](crate::CurrentUser), and open a WebSocket there. A CORS layer of the host cannot allow that. But
    /// for its own routes the host needs one, so that these pages can read answers: see the example `spa_and_api`.
    pub cors_origins: Vec<String>,
    /// The headers that pages of these origins may send, beside `Authorization`, `Content-Type` and `Doorward-Device`.
    /// Tools that trace requests add headers to each request. A browser does not send a request with a header that is
    /// not allowed. Default: `traceparent`, `tracestate`, `baggage`, `sentry-trace` and `x-requested-with`.
    pub cors_headers: Vec<String>,
    /// Who may register, and what the answer tells. Default: `private` if mail is configured, else `open`.
    pub registration: Option<Registration>,
    /// `true` if users must verify their e-mail address before they can log in. It needs mail. Default: `true` only if
    /// `registration` is `private`: a log-in right after registering would tell that the address was free. With both in
    /// force, the correct password of an unverified account is answered like a wrong one, and a mail is sent.
    pub require_verified_email: Option<bool>,
    /// The lifetime of a session after logging in. A shorter one ends older sessions too. Default: `24h`.
    #[serde(with = "duration")]
    pub session_lifetime: Duration,
    /// The time after which an unused session ends; `0s` for no such limit. Default: `0s`.
    #[serde(with = "duration")]
    pub session_idle_timeout: Duration,
    /// Who must have a second factor. Somebody who must, and has none, adds an authenticator app at the next log-in, on
    /// our pages and before the session begins. So it needs [`Config::secret_key`] and [`Config::pages`]. Sessions that
    /// have begun before go on. Default: `optional`.
    pub second_factor: SecondFactorPolicy,
    /// Users with one of these roles must have a second factor, also if it is optional for others. Default: none.
    pub second_factor_roles: Vec<String>,
    /// How long a browser can be trusted: a log-in there needs no second step. The user says so at a second step. `0s`
    /// offers it to nobody, and ends the trust of all browsers. Default: `30d`.
    #[serde(with = "duration")]
    pub trust_browser_for: Duration,
    /// The number of sessions that a user may have. A further one ends the oldest. Default: 100.
    pub sessions_per_user: NonZeroU32,
    /// `true` if `POST /token` logs in with a password. It is meant for an operator's own apps, never for third
    /// parties, which must not see passwords. Default: `true`.
    pub password_grant: bool,
    /// `true` if `/docs` and `/openapi.json` are served. Default: `true` only if `public_url` is of this machine. The
    /// server sets `false` by default if it listens for other machines, or only on socket files.
    pub docs: Option<bool>,
    /// `true` if people log in with a password. With `false`, it needs [`Config::email_login`], and the routes about
    /// passwords answer 403 `password_login_off`. Stored passwords work again with `true`. Default: `true`.
    pub password_login: bool,
    /// `true` if a link or a code from a mail logs in, in the browser that asked for it. It needs mail. The first such
    /// log-in to an unverified account removes its password: somebody else may have made it. Default: `false`.
    pub email_login: bool,
    /// `true` if a correct password also needs the code of a mail, in a browser or program that is not known yet. It is
    /// for users with a verified address and no second factor, and is none itself. It needs mail. Default: `false`.
    pub new_device_code: bool,
    /// `true` if there are pages for people beside the API: `/login`, `/register`, `/account` and so on. They need the
    /// feature `pages`. Default: `true`, but `false` without that feature.
    pub pages: bool,
    /// The address of your own pages, if links in mails open those. With `https://app.example.org/account` a link leads
    /// to `https://app.example.org/account/verify-email?token=…`. The other links lead to `/reset-password`,
    /// `/confirm-email`, `/undo-email-change`, `/login`, `/login/link`, `/register`, `/forgot-password` and `/account`
    /// below it. Such a page posts the token as JSON to the route of that name here, but only after a person pressed a
    /// button: programs that scan mail open every link. Needed for mail with `pages = false`. Default: `public_url`.
    pub pages_url: Option<String>,
    /// Other origins that `next=` may lead to from a page, written as browsers send them: `https://app.example.org`.
    /// Paths on the origin of `public_url` are always allowed. An app there does not get the session cookie, unless it
    /// has the same host. Default: none.
    pub next_origins: Vec<String>,
    /// The domain that passkeys are made for: the host of `public_url`, or a domain around it. **It cannot be changed
    /// later**: passkeys work for no other. Default: the host of `public_url`; if that is a number, there are none.
    pub passkey_rp_id: Option<String>,
    /// Other origins whose pages may use these passkeys, such as `https://example.net`: the list at
    /// `/.well-known/webauthn`. Origins in `cors_origins` inside the domain need no entry. Default: none.
    pub passkey_related_origins: Vec<String>,
    /// Apps on phones that may use the passkeys, as their systems name them: `android:apk-key-hash:…`. Default: none.
    pub passkey_app_origins: Vec<String>,
    /// The colour of buttons and links on pages and in letters, as `#rrggbb`. It is made darker, or lighter on a dark
    /// screen, where it would be hard to read. Default: `#2f5bd7`.
    pub accent_color: String,
    /// A folder whose files replace the built-in ones: templates of pages and letters, such as `layout.html`, and
    /// `style.css`, `logo.svg` or `logo.png`, and `icon.svg`. Read when the accounts are opened. Default: none.
    pub templates_dir: Option<PathBuf>,
    /// The roles that users can have, such as `["admin", "editor"]`: at most 16 names of 1 to 32 characters from `a` to
    /// `z`, `0` to `9`, `-` and `_`. What a role may do is decided by the host, see [`HasRole`](crate::HasRole). A role
    /// that is taken out of this list opens nothing any more. Default: none.
    pub roles: Vec<String>,
    /// The further fields that registration asks for, in the API and on the page: at most 16. Their values are
    /// [`User::profile`](crate::User::profile). Default: none.
    pub profile: Vec<ProfileField>,
    /// Secrets of at least 32 characters. Each opens `POST /introspect`. With two of them, one can be replaced
    /// while the other still works. Default: none, and the route refuses every request.
    pub introspection_secrets: Vec<Secret>,
    /// The time that the audit log keeps events; `0s` for ever. Default: `400d`.
    #[serde(with = "duration")]
    pub events_retention: Duration,
    /// The time that the audit log keeps failures of clients that proved nothing. Default: `30d`.
    #[serde(with = "duration")]
    pub failures_retention: Duration,
    /// The mail server: `smtps://USER:PASSWORD@HOST`, `smtp://USER:PASSWORD@HOST?tls=required` for STARTTLS, or
    /// `smtp://HOST` without TLS. Default: none, and no mail is sent.
    pub smtp_url: Option<Secret>,
    /// A PEM file with the certificate authorities that the mail server's certificate may come from, in place of
    /// Mozilla's. Default: none.
    pub smtp_ca_file: Option<PathBuf>,
    /// The sender of mails: `no-reply@example.org`, or `Example <no-reply@example.org>`. Needed with `smtp_url`.
    pub mail_from: Option<String>,
    /// For developers: `true` if mails are kept in memory and shown at `/dev/mailbox` instead of being sent. Refused
    /// unless `public_url` is a loopback address, and with `smtp_url`. Default: `false`.
    pub dev_mailbox: bool,
    /// The proxies in front, as addresses or networks: `10.0.0.5`, `10.0.0.0/8`. For a connection from one of them
    /// the client is the last address in `X-Forwarded-For` that is not a proxy's. If a proxy is missing here, all its
    /// clients count as one and share its limits. A proxy that does not append to that header must not be here, or
    /// its clients choose their own addresses. The word `unix` stands for the peers of the server's socket files.
    /// Default: none.
    pub trusted_proxies: Vec<String>,
    /// `true` if browsers are told to use only https for all hosts below that of `public_url` too (HSTS
    /// `includeSubDomains`). They remember it for a year: set it only if each of these hosts has https. It has an
    /// effect only if `public_url` is https. Default: `false`.
    pub hsts_include_subdomains: bool,
    /// The schema of PostgreSQL that holds the tables. If it is missing, it is created. An app can then keep its own
    /// tables in the same database, under any names. Another schema later means other, empty tables. See [your own
    /// tables](crate::guide::own_tables). Default: the schema that the server finds first, most often `public`.
    pub schema: Option<String>,
    /// What stands before the name of each table in a file of SQLite: with `auth_` the users are in `auth_users`. An
    /// app can then keep its own tables in the same file. Another prefix later means other, empty tables. Default:
    /// none.
    pub table_prefix: Option<String>,
    /// The names of further fields in the bodies of attempts, such as `invite_code`. The function that decides about
    /// attempts gets them ([`Auth::before_attempt`](crate::Auth::before_attempt)); they are not stored. Their values
    /// must be text. Default: none.
    pub attempt_fields: Vec<String>,
    /// The name of `secret_key` in the secrets that it seals: 1 to 32 of `a` to `z`, `0` to `9`, `-` and `_`. Needed
    /// with a key. Default: none.
    pub secret_key_id: Option<String>,
    /// The key that seals the few secrets in the database that must be read again, such as those that sign ID tokens:
    /// base64 of 32 random bytes. **If it is lost, so are they**: back it up, apart from the database. Every node needs
    /// it. Without it the provider of OAuth 2.1 and OpenID Connect is off. Default: none. The server makes one beside a
    /// file of SQLite.
    pub secret_key: Option<Secret>,
    /// Earlier keys, by their ids. What they sealed can still be read. Default: none.
    pub retired_secret_keys: BTreeMap<String, Secret>,
    /// The lifetime of the tokens with which apps act for people: 1 minute to 24 hours. Default: `1h`.
    #[serde(with = "duration")]
    pub access_token_lifetime: Duration,
    /// The time after which an unused refresh token ends: 1 hour to 366 days. Default: `30d`.
    #[serde(with = "duration")]
    pub refresh_idle_timeout: Duration,
    /// The time after which an app with refresh tokens must lead the person to the log-in again: 1 hour to 3660 days. A
    /// shorter one counts for older tokens too. Default: `365d`.
    #[serde(with = "duration")]
    pub refresh_lifetime: Duration,
    /// What happens if an app shows a refresh token again that it exchanged more than a minute before. Default:
    /// `tolerant`.
    pub refresh_reuse: RefreshReuse,
    /// What apps may ask for at your own APIs, by name, with the words that people read: `{ read = "Read your things"
    /// }`. `openid`, `profile`, `email`, `groups` and `offline_access` are always there. Default: none.
    pub scopes: BTreeMap<String, String>,
    /// The apps on other hosts that people log in to here. Operators can add others while the server runs. Default:
    /// none.
    pub client: Vec<ClientConfig>,
    /// How passwords are hashed, and how good they must be.
    pub password: PasswordConfig,
    /// How often secrets may be guessed and mails be asked for.
    pub limit: LimitConfig,
}

/// The headers of W3C Trace Context and Baggage, of Sentry, and of jQuery and its kin.
const CORS_HEADERS: [&str; 5] = ["traceparent", "tracestate", "baggage", "sentry-trace", "x-requested-with"];

/// Who may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Registration {
    /// Anyone. The answer tells if the address is already registered.
    Open,
    /// Anyone. The answer does not tell whether the address is already registered: its owner learns that by mail. Needs
    /// mail.
    Private,
    /// Nobody: users are added by the operator.
    Closed,
}

/// How strictly a refresh token is judged that is shown again after more than a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum RefreshReuse {
    /// Its successor is given again, as long as nobody has exchanged that. So no answer that is lost logs anybody out.
    /// A thief whose copy is one step behind is only recorded, and told to the owner by mail if network and program
    /// differ.
    Tolerant,
    /// Another successor takes the place of the first one. If the first one is shown later, the access of the app ends.
    /// So two copies are noticed at the next exchange. An app that loses an answer and notices that a minute later may
    /// be logged out.
    Strict,
}

impl Config {
    /// The keys that stand in no table, in the order in which they are shown.
    pub const KEYS: &'static [ConfigKey] = &[
        key("public_url", ConfigKind::Text),
        key("service_name", ConfigKind::Text),
        key("cors_origins", ConfigKind::List),
        key("cors_headers", ConfigKind::List),
        key("registration", ConfigKind::OneOf(&["open", "private", "closed"])),
        key("require_verified_email", ConfigKind::Switch),
        key("session_lifetime", ConfigKind::Duration),
        key("session_idle_timeout", ConfigKind::Duration),
        key("second_factor", ConfigKind::OneOf(&["optional", "required"])),
        key("second_factor_roles", ConfigKind::List),
        key("trust_browser_for", ConfigKind::Duration),
        key("sessions_per_user", ConfigKind::Number),
        key("password_grant", ConfigKind::Switch),
        key("password_login", ConfigKind::Switch),
        key("email_login", ConfigKind::Switch),
        key("new_device_code", ConfigKind::Switch),
        key("docs", ConfigKind::Switch),
        key("pages", ConfigKind::Switch),
        key("pages_url", ConfigKind::Text),
        key("next_origins", ConfigKind::List),
        key("passkey_rp_id", ConfigKind::Text),
        key("passkey_related_origins", ConfigKind::List),
        key("passkey_app_origins", ConfigKind::List),
        key("accent_color", ConfigKind::Text),
        key("templates_dir", ConfigKind::Text),
        key("roles", ConfigKind::List),
        key("profile", ConfigKind::Tables),
        key("introspection_secrets", ConfigKind::Secrets),
        key("events_retention", ConfigKind::Duration),
        key("failures_retention", ConfigKind::Duration),
        key("smtp_url", ConfigKind::Secret),
        key("smtp_ca_file", ConfigKind::Text),
        key("mail_from", ConfigKind::Text),
        key("dev_mailbox", ConfigKind::Switch),
        key("trusted_proxies", ConfigKind::List),
        key("hsts_include_subdomains", ConfigKind::Switch),
        key("schema", ConfigKind::Text),
        key("table_prefix", ConfigKind::Text),
        key("attempt_fields", ConfigKind::List),
        key("secret_key_id", ConfigKind::Text),
        key("secret_key", ConfigKind::Secret),
        key("retired_secret_keys", ConfigKind::NamedSecrets),
        key("access_token_lifetime", ConfigKind::Duration),
        key("refresh_idle_timeout", ConfigKind::Duration),
        key("refresh_lifetime", ConfigKind::Duration),
        key("refresh_reuse", ConfigKind::OneOf(&["tolerant", "strict"])),
        key("scopes", ConfigKind::NamedTexts),
        key("client", ConfigKind::Tables),
    ];

    /// The names of all tables with their keys. The name of the first is empty: its keys stand in no table.
    pub const TABLES: &'static [(&'static str, &'static [ConfigKey])] = &[
        ("", Config::KEYS),
        ("password", PasswordConfig::KEYS),
        ("password.firebase", FirebaseConfig::KEYS),
        ("limit", LimitConfig::KEYS),
    ];

    /// Returns `true` if `/docs` and `/openapi.json` are served.
    pub(crate) fn serves_docs(&self, loopback: bool) -> bool {
        self.docs.unwrap_or(loopback)
    }

    /// Who may register, also if the setting is missing.
    pub(crate) fn registration(&self) -> Registration {
        let default = if self.smtp_url.is_some() { Registration::Private } else { Registration::Open };
        self.registration.unwrap_or(default)
    }

    /// Returns `true` if users must verify their address before they can log in, also if the setting is missing.
    pub(crate) fn requires_verified_email(&self) -> bool {
        self.require_verified_email.unwrap_or(self.registration() == Registration::Private)
    }

    /// Returns `true` if a log-in to an unverified account is answered like a wrong password. Otherwise registering and
    /// then logging in would tell whether the address was free.
    pub(crate) fn hides_unverified(&self) -> bool {
        self.requires_verified_email() && self.registration() == Registration::Private
    }

    /// Returns `true` if somebody must have a second factor.
    pub(crate) fn asks_some_for_a_second_factor(&self) -> bool {
        self.second_factor == SecondFactorPolicy::Required || !self.second_factor_roles.is_empty()
    }

    /// Returns `true` if a user must have a second factor.
    pub(crate) fn asks_for_a_second_factor(&self, has_role: impl Fn(&str) -> bool) -> bool {
        self.second_factor == SecondFactorPolicy::Required
            || self.second_factor_roles.iter().any(|role| has_role(role))
    }

    /// Returns the settings that are not safe or make no sense. `site.rs` checks the addresses, and the password
    /// context the cost of hashing.
    pub(crate) fn mistakes(&self) -> Vec<ConfigMistake> {
        let mut found = Vec::new();
        self.check_times(&mut found);
        self.check_mail(&mut found);
        self.check_apart(&mut found);
        let mut bad = |key, text: &str| found.push(ConfigMistake { keys: key, text: text.into() });
        let color = self.accent_color.strip_prefix('#').unwrap_or_default();
        if color.len() != 6 || !color.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            bad(&["accent_color"], "expected a colour such as #2f5bd7");
        }
        if self.pages && !cfg!(feature = "pages") {
            bad(&["pages"], "this program was built without the feature `pages` of the library");
        }
        if self.introspection_secrets.iter().any(|secret| secret.expose().chars().count() < 32) {
            bad(&["introspection_secrets"], "expected secrets of at least 32 characters");
        }
        if self.service_name.chars().any(char::is_control) || self.service_name.chars().count() > 100 {
            bad(&["service_name"], "expected one line of at most 100 characters");
        }
        if self.attempt_fields.len() > 16 || !self.attempt_fields.iter().all(|name| is_further_field(name)) {
            bad(
                &["attempt_fields"],
                "expected at most 16 names of further fields such as invite_code, of a-z, 0-9 and _, and no field that \
                 these routes read themselves",
            );
        }
        if let Err(expected) = roles::check(&self.roles) {
            bad(&["roles"], expected);
        }
        if let Err(expected) = profile::check(&self.profile) {
            bad(&["profile"], expected);
        }
        self.check_provider(&mut found);
        let asks = self.asks_some_for_a_second_factor();
        second_factor::check(asks, &self.second_factor_roles, &self.roles, self.pages, &mut found);
        self.limit.check(&mut found);
        self.password.check(&mut found);
        found
    }

    /// Finds mistakes in the settings of the provider.
    fn check_provider(&self, found: &mut Vec<ConfigMistake>) {
        secret_key::check(
            self.secret_key_id.as_ref(),
            self.secret_key.as_ref(),
            &self.retired_secret_keys,
            found,
        );
        let mut bad = |keys, text| found.push(ConfigMistake { keys, text });
        if let Err(expected) = client::check_scopes(&self.scopes) {
            bad(&["scopes"], expected.to_owned());
        } else if let Err(expected) = client::check_clients(&self.client, &self.scopes) {
            bad(&["client"], expected);
        }
    }

    /// Finds durations that are too short or too long.
    fn check_times(&self, found: &mut Vec<ConfigMistake>) {
        let mut bad = |key, text: &str| found.push(ConfigMistake { keys: key, text: text.into() });
        let second = Duration::from_secs(1);
        let day = Duration::from_secs(24 * 3600);
        if !(second..=366 * day).contains(&self.session_lifetime) {
            bad(&["session_lifetime"], "expected 1s to 366d");
        }
        let idle = self.session_idle_timeout;
        if !idle.is_zero() && !(second..=366 * day).contains(&idle) {
            bad(&["session_idle_timeout"], "expected 0s for none, or 1s to 366d");
        }
        if self.trust_browser_for > 366 * day || self.trust_browser_for.subsec_nanos() > 0 {
            bad(&["trust_browser_for"], "expected 0s for none, or 1s to 366d");
        }
        if !(60 * second..=day).contains(&self.access_token_lifetime) {
            bad(&["access_token_lifetime"], "expected 1m to 24h");
        }
        if !(3600 * second..=366 * day).contains(&self.refresh_idle_timeout) {
            bad(&["refresh_idle_timeout"], "expected 1h to 366d");
        }
        if !(3600 * second..=3660 * day).contains(&self.refresh_lifetime) {
            bad(&["refresh_lifetime"], "expected 1h to 3660d");
        }
        let retention = self.events_retention;
        if !retention.is_zero() && !(day..=3660 * day).contains(&retention) {
            bad(&["events_retention"], "expected 0s for ever, or 1d to 3660d");
        }
        if !(day..=3660 * day).contains(&self.failures_retention) {
            bad(&["failures_retention"], "expected 1d to 3660d");
        }
    }

    /// Finds settings that need mail, if there is none.
    fn check_mail(&self, found: &mut Vec<ConfigMistake>) {
        if !self.password_login && !self.email_login {
            found.push(ConfigMistake {
                keys: &["password_login", "email_login"],
                text: "without passwords, email_login = true is expected: nobody could log in".into(),
            });
        }
        if self.smtp_url.is_some() || self.dev_mailbox {
            return;
        }
        let mut bad = |key, text: &str| found.push(ConfigMistake { keys: key, text: text.into() });
        if self.registration == Some(Registration::Private) {
            bad(
                &["registration", "smtp_url"],
                "\"private\" is expected with an smtp_url: the rest is told by mail",
            );
        }
        if self.email_login {
            bad(&["email_login", "smtp_url"], "expected with an smtp_url: the link is sent by mail");
        }
        if self.new_device_code {
            bad(&["new_device_code", "smtp_url"], "expected with an smtp_url: the code is sent by mail");
        }
        if self.require_verified_email == Some(true) {
            bad(
                &["require_verified_email", "smtp_url"],
                "expected with an smtp_url: addresses are verified by mail",
            );
        }
    }
}

/// Returns `true` for the name of a field that no route reads itself. Most of those hold secrets.
fn is_further_field(name: &str) -> bool {
    const OWN: [&str; 23] = [
        "answer",
        "attempt_token",
        "attributes",
        "client_id",
        "client_secret",
        "code",
        "current_password",
        "device_token",
        "display_name",
        "email",
        "grant_type",
        "login_token",
        "lang",
        "new_password",
        "next",
        "password",
        "profile",
        "roles",
        "scope",
        "token",
        "token_type_hint",
        "transport",
        "username",
    ];
    let fits = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=32).contains(&name.len()) && name.bytes().all(fits) && !OWN.contains(&name)
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8000".into(),
            service_name: "Doorward".into(),
            cors_origins: Vec::new(),
            cors_headers: CORS_HEADERS.map(str::to_owned).into(),
            registration: None,
            require_verified_email: None,
            session_lifetime: Duration::from_secs(24 * 3600),
            session_idle_timeout: Duration::ZERO,
            second_factor: SecondFactorPolicy::Optional,
            second_factor_roles: Vec::new(),
            trust_browser_for: Duration::from_secs(30 * 24 * 3600),
            sessions_per_user: NonZeroU32::new(100).expect("100 is not zero"),
            password_grant: true,
            password_login: true,
            email_login: false,
            new_device_code: false,
            docs: None,
            pages: cfg!(feature = "pages"),
            pages_url: None,
            next_origins: Vec::new(),
            passkey_rp_id: None,
            passkey_related_origins: Vec::new(),
            passkey_app_origins: Vec::new(),
            accent_color: "#2f5bd7".into(),
            templates_dir: None,
            roles: Vec::new(),
            profile: Vec::new(),
            introspection_secrets: Vec::new(),
            events_retention: Duration::from_secs(400 * 24 * 3600),
            failures_retention: Duration::from_secs(30 * 24 * 3600),
            smtp_url: None,
            smtp_ca_file: None,
            mail_from: None,
            dev_mailbox: false,
            trusted_proxies: Vec::new(),
            hsts_include_subdomains: false,
            schema: None,
            table_prefix: None,
            attempt_fields: Vec::new(),
            secret_key_id: None,
            secret_key: None,
            retired_secret_keys: BTreeMap::new(),
            access_token_lifetime: Duration::from_secs(3600),
            refresh_idle_timeout: Duration::from_secs(30 * 24 * 3600),
            refresh_lifetime: Duration::from_secs(365 * 24 * 3600),
            refresh_reuse: RefreshReuse::Tolerant,
            scopes: BTreeMap::new(),
            client: Vec::new(),
            password: PasswordConfig::default(),
            limit: LimitConfig::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;

    /// The names of all values, with their tables before them.
    fn names(table: &str, values: &Map<String, Value>, found: &mut Vec<(String, Value)>) {
        for (name, value) in values {
            let name = format!("{table}{name}");
            match value {
                Value::Object(values) if Config::TABLES.iter().any(|(table, _)| **table == name) => {
                    names(&format!("{name}."), values, found);
                }
                _ => found.push((name, value.clone())),
            }
        }
    }

    #[test]
    fn every_field_has_a_key_of_its_kind() {
        // JSON writes also fields that are not set.
        let Ok(Value::Object(settings)) = serde_json::to_value(Config::default()) else { panic!() };
        let mut fields = Vec::new();
        names("", &settings, &mut fields);
        for (table, keys) in Config::TABLES {
            for key in *keys {
                let name =
                    if table.is_empty() { key.name.to_owned() } else { format!("{table}.{}", key.name) };
                let field = fields.iter().position(|(field, _)| *field == name);
                let (_, value) = fields.swap_remove(field.unwrap_or_else(|| panic!("{name} is no field")));
                let fits = match key.kind {
                    ConfigKind::Number => value.is_number(),
                    ConfigKind::Switch => value.is_boolean(),
                    ConfigKind::List | ConfigKind::Secrets | ConfigKind::Tables => value.is_array(),
                    ConfigKind::NamedSecrets | ConfigKind::NamedTexts => value.is_object(),
                    ConfigKind::Text | ConfigKind::Duration | ConfigKind::OneOf(_) | ConfigKind::Secret => {
                        value.is_string()
                    }
                };
                assert!(fits || value.is_null(), "{name}: {value} is no {:?}", key.kind);
            }
        }
        assert_eq!(fields, [], "these fields have no key");
    }
}
