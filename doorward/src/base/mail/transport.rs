//! Hands mails to an SMTP server, to the sender of a host, or to the development mailbox. Knows nothing of accounts.
//!
//! Replies of a mail server are not trusted. They are shortened and lose their control characters. Once the server
//! has seen a message, only the numbers of its replies are kept, because the rest may repeat a link.

use std::sync::Arc;

use crate::base::{
    config::{Config, Secret},
    mail::{
        mailbox::Mailbox,
        message::Message,
        sender::{HostSender, MailSender},
        undelivered::Undelivered,
    },
    open_error::OpenError,
    site::Site,
};

#[cfg(feature = "mail")]
use crate::base::mail::{address, smtp, url};

/// The longest time until a mail is handed over or given up.
#[cfg(all(test, feature = "mail"))]
pub(crate) const LONGEST: std::time::Duration = smtp::CONNECT.saturating_add(smtp::SEND);

/// The destination of mails.
pub(crate) enum Mail {
    /// To the server of `smtp_url`.
    #[cfg(feature = "mail")]
    Smtp(Box<smtp::Smtp>),
    /// To the sender of the host.
    Host(HostSender),
    /// Into memory, for the developer on this machine.
    Development(Arc<Mailbox>),
    /// Nowhere: no mail is written.
    Nowhere,
}

impl Mail {
    /// Reads and checks `smtp_url`, `smtp_ca_file`, `mail_from` and `dev_mailbox`. Does not connect: the process also
    /// starts while the mail server is down. The `sender` of the host takes the place of a server.
    pub(crate) fn of(
        config: &Config,
        site: &Site,
        sender: Option<Arc<dyn MailSender>>,
    ) -> Result<Self, OpenError> {
        let bad = |keys, cause: &str| Err(OpenError::of_setting(keys, cause));
        if let Some(sender) = sender {
            let both: &[_] = match config {
                Config { smtp_url: Some(_), .. } => &["smtp_url"],
                Config { smtp_ca_file: Some(_), .. } => &["smtp_ca_file"],
                Config { dev_mailbox: true, .. } => &["dev_mailbox"],
                _ => return Ok(Self::Host(HostSender { sender, from: config.mail_from.clone() })),
            };
            return bad(both, "expected without a mail sender of the program");
        }
        let Some(url) = &config.smtp_url else {
            if config.mail_from.is_some() || config.smtp_ca_file.is_some() {
                let keys: &[_] = match config.mail_from {
                    Some(_) => &["mail_from", "smtp_url"],
                    None => &["smtp_ca_file", "smtp_url"],
                };
                return bad(keys, "expected with an smtp_url");
            }
            if config.dev_mailbox && !site.loopback {
                let cause = "expected with a public_url of this machine: it shows mails to anybody";
                return bad(&["dev_mailbox", "public_url"], cause);
            }
            return Ok(if config.dev_mailbox {
                Self::Development(Arc::new(Mailbox::default()))
            } else {
                Self::Nowhere
            });
        };
        if config.dev_mailbox {
            return bad(&["dev_mailbox", "smtp_url"], "expected without an smtp_url");
        }
        let Some(from) = &config.mail_from else {
            let cause = "expected with smtp_url, such as \"Example <no-reply@example.org>\"";
            return bad(&["mail_from", "smtp_url"], cause);
        };
        Self::smtp(config, site, url, from)
    }

    #[cfg(feature = "mail")]
    fn smtp(config: &Config, site: &Site, url: &Secret, from: &str) -> Result<Self, OpenError> {
        // Both are looked at, so that both errors are told.
        let from = address::sender(from, &config.service_name)
            .map_err(|cause| OpenError::of_setting(&["mail_from"], cause));
        let server =
            url::Server::parse(url.expose()).map_err(|cause| OpenError::of_setting(&["smtp_url"], cause));
        let (from, server) = OpenError::both(from, server)?;
        let smtp = smtp::Smtp::new(server, config.smtp_ca_file.as_deref(), from, site)?;
        Ok(Self::Smtp(Box::new(smtp)))
    }

    #[cfg(not(feature = "mail"))]
    fn smtp(_: &Config, _: &Site, _: &Secret, _: &str) -> Result<Self, OpenError> {
        let cause = "this program was built without the feature `mail` of the library";
        Err(OpenError::of_setting(&["smtp_url"], cause))
    }

    /// Returns `true` if mails are sent at all.
    pub(crate) fn works(&self) -> bool {
        !matches!(self, Self::Nowhere)
    }

    /// Prepares everything but the message, so that no message is made for a server that takes none.
    pub(crate) async fn connect(&self) -> Result<Connection, Undelivered> {
        match self {
            #[cfg(feature = "mail")]
            Self::Smtp(smtp) => Ok(Connection::Smtp(Box::new(smtp.connect().await?))),
            Self::Host(sender) => Ok(Connection::Host(sender.clone())),
            Self::Development(mailbox) => Ok(Connection::Development(Arc::clone(mailbox))),
            Self::Nowhere => Err(Undelivered::Later("no mail server is configured".into())),
        }
    }
}

/// A server that waits for one message.
pub(crate) enum Connection {
    #[cfg(feature = "mail")]
    Smtp(Box<smtp::Connection>),
    Host(HostSender),
    Development(Arc<Mailbox>),
}

impl Connection {
    /// Hands the message over. After success, the server is responsible for it. The sender of the host also gets the
    /// `id` of the mail.
    pub(crate) async fn send(&mut self, id: String, message: Message) -> Result<(), Undelivered> {
        match self {
            #[cfg(feature = "mail")]
            Self::Smtp(connection) => connection.send(&message).await,
            Self::Host(sender) => sender.send(id, message).await,
            Self::Development(mailbox) => {
                mailbox.keep(message);
                Ok(())
            }
        }
    }

    /// Ends the conversation with the server.
    pub(crate) async fn quit(self) {
        match self {
            #[cfg(feature = "mail")]
            Self::Smtp(connection) => connection.quit().await,
            Self::Host(_) | Self::Development(_) => {}
        }
    }
}
