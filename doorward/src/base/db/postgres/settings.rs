//! Reads from the URL how to reach the server, and opens connections to it.
//!
//! The URL takes the parameters of `tokio_postgres` and two more:
//!
//! - `sslmode` is `disable` or `verify-full`. `prefer`, `require` and `verify-ca` mean `verify-full`, because
//!   encryption protects nothing if the other side is not verified. Without `sslmode`, TLS is used unless every host is
//!   this machine.
//! - `sslrootcert=FILE` names the certificate authorities to trust.
//!
//! All connections must lead to one server, the one that takes writes. A session that was ended there may still look
//! alive on a standby, which follows late. So parameters that lead elsewhere are refused: `target_session_attrs` other
//! than `read-write`, and `load_balance_hosts`.

use std::{
    fmt,
    future::{Future, poll_fn},
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::{task::JoinHandle, time::timeout};
use tokio_postgres::{
    AsyncMessage, Client, Config, Notification,
    config::{Host, SslMode, TargetSessionAttrs},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::base::{
    db::{
        error::PATIENCE,
        postgres::error::{describe, kind},
    },
    open_error::{OpenError, OpenErrorKind},
};

/// How long to wait for a connection.
pub(super) const ACQUIRE: Duration = Duration::from_secs(2);

/// Sets up every connection. No statement runs longer than a request waits, an abandoned transaction does not keep its
/// locks, and a commit is acknowledged only when it is durable.
const GREETING: &str = "SET statement_timeout = '4s'; SET idle_in_transaction_session_timeout = '10s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// Sets up a connection whose commits are acknowledged before they are durable. A crash of the server loses the commits
/// of the last moments (three times `wal_writer_delay`) and does no other harm
/// (<https://www.postgresql.org/docs/current/wal-async-commit.html>).
const UNFLUSHED: &str = "SET synchronous_commit = off";

#[derive(Clone)]
pub(in crate::base::db) struct Settings {
    config: Config,
    tls: MakeRustlsConnect,
    /// The schema of the tables. Without it, the server finds them by its own `search_path`.
    schema: Option<Arc<str>>,
    unflushed: bool,
}

impl Settings {
    pub(in crate::base::db) fn parse(url: &str) -> Result<Self, OpenError> {
        let bad = |cause: String| OpenError::new(format!("bad database URL: {cause}"));
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        // Otherwise a part of a password with such a character would pass for a part that may be shown.
        let encode = "in a password, write %25 for %, %40 for @, %3F for ?, %2F for / and %3A for :";
        if url.matches('@').count() > 1 || query.contains('@') {
            return Err(bad(encode.into()));
        }
        let mut rest = form_urlencoded::Serializer::new(String::new());
        let (mut mode, mut root) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => root = Some(value.into_owned()),
                "target_session_attrs" if value != "read-write" => {
                    let only = "target_session_attrs can only be read-write";
                    return Err(bad(format!("{only}: another server may accept sessions that have ended")));
                }
                "load_balance_hosts" if value != "disable" => {
                    let only = "load_balance_hosts can only be disable";
                    return Err(bad(format!("{only}: another server may accept sessions that have ended")));
                }
                _ => {
                    rest.append_pair(&name, &value);
                }
            }
        }
        // Only forms write a space as `+`.
        let rest = rest.finish().replace('+', "%20");
        let mut config: Config =
            format!("{address}?{rest}").parse().map_err(|error| match address.contains('@') {
                true => bad(describe(&error)),
                // The error could repeat the end of a password that a `?` cuts in two.
                false => bad(format!("expected \"postgres://USER:PASSWORD@HOST/DATABASE\"; {encode}")),
            })?;
        if config.get_hosts().is_empty() {
            return Err(bad("it names no host; expected \"postgres://USER:PASSWORD@HOST/DATABASE\"".into()));
        }
        if config.get_user().is_none() {
            return Err(bad("it names no user; expected \"postgres://USER:PASSWORD@HOST/DATABASE\"".into()));
        }
        config.ssl_mode(match mode.as_deref() {
            None if is_this_machine(&config) => SslMode::Disable,
            Some("disable") => SslMode::Disable,
            None | Some("prefer" | "require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some(other) => {
                return Err(bad(format!("sslmode is \"disable\" or \"verify-full\", not {other:?}")));
            }
        });
        if config.get_hosts().len() > 1 {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_connect_timeout().is_none() {
            // The last host still has time if none of the others answers.
            config.connect_timeout(ACQUIRE.mul_f64(0.9) / config.get_hosts().len() as u32);
        }
        if config.get_application_name().is_none() {
            config.application_name("doorward");
        }
        config.tcp_user_timeout(Duration::from_secs(5));
        Ok(Self { config, tls: tls(root.as_deref())?, schema: None, unflushed: false })
    }

    /// The same settings, with the tables in this schema.
    pub(super) fn in_schema(self, schema: Option<&str>) -> Self {
        Self { schema: schema.map(Into::into), ..self }
    }

    pub(super) fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// The same settings, for connections whose commits are acknowledged before they are durable.
    pub(super) fn unflushed(&self) -> Self {
        Self { unflushed: true, ..self.clone() }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Opens a connection. The error is one line.
    pub(in crate::base::db) async fn connect(&self) -> Result<Client, OpenError> {
        let late = |_| {
            OpenError::new(format!("cannot open the database {self}: no answer in time"))
                .of_kind(OpenErrorKind::Unreachable)
        };
        let opened = timeout(PATIENCE, self.open()).await.map_err(late)?;
        let (client, _) = opened.map_err(|error| {
            let hint = if self.config.get_ssl_mode() == SslMode::Require && error.code().is_none() {
                " (TLS is on: ?sslrootcert=FILE names a certificate authority, ?sslmode=disable turns TLS off)"
            } else {
                ""
            };
            OpenError::new(format!("cannot open the database {self}: {}{hint}", describe(&error))).of_kind(kind(&error))
        })?;
        self.check_encoding(&client).await?;
        Ok(client)
    }

    /// Fails unless the database stores texts as UTF-8. Others cannot store some names of browsers and some addresses,
    /// or count and compare bytes in the place of letters.
    async fn check_encoding(&self, client: &Client) -> Result<(), OpenError> {
        let failed = |error| {
            OpenError::new(format!("cannot open the database {self}: {}", describe(&error)))
                .of_kind(kind(&error))
        };
        let row = client.query_one("SHOW server_encoding", &[]).await.map_err(failed)?;
        match row.try_get(0).map_err(failed)? {
            "UTF8" => Ok(()),
            encoding => Err(OpenError::new(format!(
                "the database {self} stores texts as {encoding}, and Doorward needs UTF8. Make one with this statement, and \
                 name it in the URL: CREATE DATABASE doorward ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
            ))),
        }
    }

    /// Opens a connection, and calls `hear` for every notification that comes over it.
    pub(super) async fn listen(
        &self,
        hear: impl Fn(&Notification) + Send + 'static,
    ) -> Result<Client, tokio_postgres::Error> {
        let (client, mut connection) = self.config.connect(self.tls.clone()).await?;
        tokio::spawn(async move {
            while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
                match message {
                    Ok(AsyncMessage::Notification(notification)) => hear(&notification),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::debug!(cause = describe(&error), "the connection to the other nodes broke");
                        return;
                    }
                }
            }
        });
        client.batch_execute(&self.greeting()).await?;
        Ok(client)
    }

    /// The statements that set up a connection. They are sent after the log-in, and not as options of it: a pooler
    /// refuses such options.
    fn greeting(&self) -> String {
        let mut greeting = GREETING.to_owned();
        if let Some(schema) = &self.schema {
            // No other schema is searched, so a table that is missing here is never taken from elsewhere.
            greeting = format!("{greeting}; SET search_path = \"{schema}\"");
        }
        if self.unflushed {
            greeting = format!("{greeting}; {UNFLUSHED}");
        }
        greeting
    }

    pub(super) async fn open(&self) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        let connection = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(cause = describe(&error), "a connection to the database broke");
            }
        });
        client.batch_execute(&self.greeting()).await?;
        Ok((client, connection))
    }
}

impl deadpool_postgres::Connect for Settings {
    fn connect(
        &self,
        _: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>> + Send + '_>>
    {
        Box::pin(self.open())
    }
}

impl fmt::Display for Settings {
    /// The URL without password and parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A user with a colon is a user and a password whose colon was encoded too.
        let user = self.config.get_user().filter(|user| !user.contains(':')).unwrap_or("(hidden)");
        write!(f, "postgres://{user}@")?;
        let ports = self.config.get_ports();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) => write!(f, "{separator}{name}")?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{separator}{}", path.display())?,
            }
            if let Some(port) = ports.get(index).or(ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().or(self.config.get_user()).unwrap_or_default())
    }
}

fn is_this_machine(config: &Config) -> bool {
    let names = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    // If an address is given besides the name, the address is used.
    names && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// Sets up TLS. It trusts Mozilla's certificate authorities, or only those in the PEM file `root`.
fn tls(root: Option<&str>) -> Result<MakeRustlsConnect, OpenError> {
    let mut roots = RootCertStore::empty();
    match root {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let unreadable =
                |cause: &dyn fmt::Display| OpenError::new(format!("cannot read sslrootcert {path}: {cause}"));
            let certificates = CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| unreadable(&error))?;
                roots.add(certificate).map_err(|error| unreadable(&error))?;
            }
            if roots.is_empty() {
                return Err(unreadable(&"it holds no certificate"));
            }
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("aws-lc-rs offers the protocol versions of rustls")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> Settings {
        Settings::parse(url).unwrap()
    }

    #[test]
    fn tls_is_used_unless_every_host_is_this_machine() {
        for (url, mode) in [
            ("postgres://ann@localhost/db", SslMode::Disable),
            ("postgres://ann@127.0.0.1,[::1]:5433/db", SslMode::Disable),
            ("postgres://ann@db.example.org/db", SslMode::Require),
            ("postgres://ann@localhost,db.example.org/db", SslMode::Require),
            ("postgres://ann@localhost/db?hostaddr=192.0.2.1", SslMode::Require),
            ("postgres://ann@localhost/db?sslmode=prefer", SslMode::Require),
            ("postgres://ann@db.example.org/db?sslmode=disable", SslMode::Disable),
        ] {
            assert_eq!(settings(url).config().get_ssl_mode(), mode, "{url}");
        }
    }

    #[test]
    fn the_last_of_several_hosts_is_tried_before_the_time_is_over() {
        for hosts in ["a", "a,b", "a,b,c"] {
            let settings = settings(&format!("postgres://ann@{hosts}/db"));
            let each = *settings.config().get_connect_timeout().unwrap();
            assert!(each * (hosts.split(',').count() as u32) < ACQUIRE, "{hosts}: {each:?}");
        }
    }

    #[test]
    fn of_several_hosts_the_one_that_takes_writes_is_used() {
        let attributes = |url| settings(url).config().get_target_session_attrs();
        for url in ["postgres://ann@a,b/db", "postgres://ann@a/db?target_session_attrs=read-write"] {
            assert_eq!(attributes(url), TargetSessionAttrs::ReadWrite, "{url}");
        }
    }

    #[test]
    fn parameters_that_lead_to_another_server_are_refused() {
        for hosts in ["a", "a,b"] {
            for parameter in [
                "target_session_attrs=any",
                "target_session_attrs=read-only",
                "target_session_attrs=hunter2",
                "target%5Fsession_attrs=%61ny",
                "target_session_attrs=read-write&target_session_attrs=any",
                "load_balance_hosts=random",
                "load_balance_hosts=",
            ] {
                let refused = Settings::parse(&format!("postgres://ann:hunter2@{hosts}/db?{parameter}"));
                let Err(refused) = refused else { panic!("{parameter} was accepted") };
                assert!(refused.to_string().contains("another server may accept sessions"), "{refused}");
            }
            let url = format!("postgres://ann@{hosts}/db?load_balance_hosts=disable");
            assert!(Settings::parse(&url).is_ok());
        }
    }

    #[test]
    fn values_of_parameters_are_decoded_once() {
        let settings = settings("postgres://ann:p%40ss%3F@localhost/db?application_name=a%20b%2Bc");
        assert_eq!(settings.config().get_application_name(), Some("a b+c"));
        assert_eq!(settings.config().get_password(), Some(&b"p@ss?"[..]));
        assert_eq!(settings.to_string(), "postgres://ann@localhost:5432/db");
    }
}
