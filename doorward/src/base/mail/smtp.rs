//! One mail to one recipient by SMTP (RFC 5321), on a connection of its own.
//!
//! It uses lettre's connection and not its pool, so that the step which failed is known. A refusal of the recipient or the
//! message is final. A refusal of the login or the sender is for the operator to mend.

use std::{fmt, path::Path, time::Duration};

use lettre::{
    Address,
    message::Mailbox,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters, TlsParametersBuilder},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use tokio::time::timeout;

use crate::base::{
    mail::{
        address,
        message::Message,
        undelivered::Undelivered,
        url::{Server, Tls},
    },
    open_error::OpenError,
    site::Site,
    text::shown::shown,
};

/// How long one address of the server may take to accept a connection.
const KNOCK: Duration = Duration::from_secs(10);
/// How long it may take until the server is ready for a message.
pub(super) const CONNECT: Duration = Duration::from_secs(60);
/// How long it may take until the server has taken the message.
pub(super) const SEND: Duration = Duration::from_secs(120);
/// How long `QUIT` may take.
const QUIT: Duration = Duration::from_secs(2);
/// The most characters of a server's reply that are kept.
const MAX_CAUSE: usize = 200;

/// A mail server, and our names there.
pub(crate) struct Smtp {
    server: Server,
    tls: TlsParameters,
    /// Our name in `EHLO`.
    hello: ClientId,
    /// The host in message ids.
    host: String,
    from: Mailbox,
}

/// A server that waits for a message.
pub(crate) struct Connection {
    smtp: AsyncSmtpConnection,
    host: String,
    from: Mailbox,
}

impl Smtp {
    pub(super) fn new(
        server: Server,
        ca_file: Option<&Path>,
        from: Mailbox,
        site: &Site,
    ) -> Result<Self, OpenError> {
        let tls = tls(&server.host, ca_file)?;
        let host = site.host().to_owned();
        let address = host.trim_matches(['[', ']']);
        let hello = match address.parse() {
            Ok(std::net::IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(std::net::IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain(host.clone()),
        };
        Ok(Self { server, tls, hello, host, from })
    }

    /// Connects, encrypts as configured, and logs in.
    pub(super) async fn connect(&self) -> Result<Connection, Undelivered> {
        let late = |_| Undelivered::Later("the server did not get ready in time".into());
        let smtp = timeout(CONNECT, self.open()).await.map_err(late)?.map_err(Undelivered::Later)?;
        Ok(Connection { smtp, host: self.host.clone(), from: self.from.clone() })
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, String> {
        let implicit = (self.server.tls == Tls::Implicit).then(|| self.tls.clone());
        let address = (&*self.server.host, self.server.port);
        let mut smtp = AsyncSmtpConnection::connect_tokio1(address, Some(KNOCK), &self.hello, implicit, None)
            .await
            .map_err(|error| cause(&error))?;
        let start = match self.server.tls {
            Tls::None | Tls::Implicit => false,
            Tls::Opportunistic => smtp.can_starttls(),
            // If the server does not offer it, the next line fails, and nothing is sent in the clear.
            Tls::Required => true,
        };
        if start {
            smtp.starttls(self.tls.clone(), &self.hello).await.map_err(|error| cause(&error))?;
        }
        if let Some((user, password)) = &self.server.credentials {
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            let logged_in = smtp.auth(DEFAULT_MECHANISMS, &credentials).await;
            // The reply is left out: the server has seen the password and may repeat it.
            logged_in.map_err(|error| format!("the server did not let us log in{}", code(&error)))?;
        }
        Ok(smtp)
    }
}

/// Returns TLS settings that trust Mozilla's certificate authorities, or only those of the PEM file.
fn tls(host: &str, ca_file: Option<&Path>) -> Result<TlsParameters, OpenError> {
    let bad = |cause: &dyn fmt::Display| OpenError::of_setting(&["smtp_url"], cause.to_string());
    let mut tls = TlsParametersBuilder::new(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    if let Some(path) = ca_file {
        let unreadable = |cause: &dyn fmt::Display| {
            let file = shown(&path.to_string_lossy());
            OpenError::of_setting(&["smtp_ca_file"], format!("{file}: cannot be read: {cause}"))
        };
        tls = tls.certificate_store(CertificateStore::None);
        let mut found = false;
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
            let certificate = certificate.map_err(|error| unreadable(&error))?;
            let certificate =
                Certificate::from_der(certificate.to_vec()).map_err(|error| unreadable(&error))?;
            tls = tls.add_root_certificate(certificate);
            found = true;
        }
        if !found {
            return Err(unreadable(&"it holds no certificate"));
        }
    }
    tls.build().map_err(|error| bad(&error))
}

impl Connection {
    /// Hands the message over.
    pub(super) async fn send(&mut self, message: &Message) -> Result<(), Undelivered> {
        let late = |_| Undelivered::Later("the server did not take the message in time".into());
        timeout(SEND, self.converse(message)).await.map_err(late)?
    }

    async fn converse(&mut self, message: &Message) -> Result<(), Undelivered> {
        let to = address::of(&message.to);
        let bytes = message
            .format(&self.from, &self.host)
            .map_err(|error| Undelivered::Refused(format!("the message cannot be built: {error}")))?;
        // A server that refuses our own address may take it once its settings are corrected.
        let envelope = Mail::new(Some(self.from.email.clone()), self.parameters(&to)?);
        self.smtp.command(envelope).await.map_err(|error| Undelivered::Later(cause(&error)))?;
        self.smtp.command(Rcpt::new(to, Vec::new())).await.map_err(|error| sort(&error, cause(&error)))?;
        self.smtp.command(Data).await.map_err(|error| sort(&error, cause(&error)))?;
        let sent = self.smtp.message(&bytes).await;
        sent.map_err(|error| {
            sort(&error, format!("the server did not take the message{}", code_and_class(&error)))
        })?;
        Ok(())
    }

    /// Returns the parameters for an address beyond ASCII (RFC 6531, section 3.4), if the server supports them.
    fn parameters(&self, to: &Address) -> Result<Vec<MailParameter>, Undelivered> {
        if address::is_ascii(to) && address::is_ascii(&self.from.email) {
            return Ok(Vec::new());
        }
        if !self.smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Undelivered::Refused("the server takes ASCII addresses only".into()));
        }
        Ok(vec![MailParameter::SmtpUtfEight])
    }

    pub(super) async fn quit(mut self) {
        // The message is delivered already, so the result does not matter.
        let _ = timeout(QUIT, self.smtp.quit()).await;
    }
}

/// Tells a permanent refusal from a temporary one.
fn sort(error: &Error, cause: String) -> Undelivered {
    if error.is_permanent() { Undelivered::Refused(cause) } else { Undelivered::Later(cause) }
}

/// Describes an error from before the server saw anything secret.
fn cause(error: &Error) -> String {
    let text = error.to_string();
    let shown = text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    shown.chars().take(MAX_CAUSE).collect()
}

/// Returns the status code of a reply.
fn code(error: &Error) -> String {
    error.status().map(|code| format!(" ({code})")).unwrap_or_default()
}

/// Returns the status code and the enhanced status code (RFC 3463) of a reply, such as `5.7.1`. The text is left out,
/// because it may repeat the message.
fn code_and_class(error: &Error) -> String {
    let Some(status) = error.status() else { return format!(": {}", kind(error)) };
    let text = error.to_string();
    let is_class = |word: &&str| {
        let parts: Vec<_> = word.split('.').collect();
        let short =
            |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.len() == 3 && ["2", "4", "5"].contains(&parts[0]) && parts.iter().all(short)
    };
    match text.split_whitespace().find(is_class) {
        Some(class) => format!(" ({status}, {class})"),
        None => format!(" ({status})"),
    }
}

fn kind(error: &Error) -> &'static str {
    if error.is_response() { "no readable reply" } else { "the connection broke" }
}
