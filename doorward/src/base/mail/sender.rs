//! The sender of a host, which takes mails in place of an SMTP server.
//!
//! It is not trusted more than a mail server: it has a limited time, a panic is a failure, and what it says is
//! shortened and never repeats a secret of the mail.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use crate::base::{
    host_code::{self, Fault},
    mail::{
        message::{Message, one_line},
        undelivered::Undelivered,
    },
};

/// The time that a sender has for a mail.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
/// The most characters of a reason that are kept.
const MAX_CAUSE: usize = 200;

/// Sends mails by your own means, such as the HTTP API of a mail service.
///
/// [`AuthBuilder::mail_sender`](crate::AuthBuilder::mail_sender) sets it. Mails wait in the database until they are
/// [`Delivery::Delivered`], also over restarts. At most four are sent at the same time by each process.
///
/// ```
/// use doorward::mail::{Delivery, MailSender, OutgoingMail, Sending};
///
/// struct Api;
///
/// impl MailSender for Api {
///     fn send(&self, mail: OutgoingMail) -> Sending<'_> {
///         Box::pin(async move {
///             match post_to_the_api(&mail.to, &mail.subject, &mail.html, &mail.id).await {
///                 200 => Delivery::Delivered,
///                 status @ (400 | 422) => Delivery::Never(format!("the API answered {status}")),
///                 status => Delivery::Later(format!("the API answered {status}")),
///             }
///         })
///     }
/// }
/// # async fn post_to_the_api(_: &str, _: &str, _: &str, _: &str) -> u16 { 200 }
/// ```
pub trait MailSender: Send + Sync + 'static {
    /// Sends a mail, and says whether it was delivered.
    ///
    /// It has two minutes. If it takes longer or panics, it is asked again later. A mail may then be sent twice, see
    /// [`OutgoingMail::id`]. Do not block the thread.
    fn send(&self, mail: OutgoingMail) -> Sending<'_>;
}

/// The future that [`MailSender::send`] returns: `Box::pin(async move { … })`.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Delivery> + Send + 'a>>;

/// A finished mail to one recipient.
///
/// It may hold a link that opens an account. So keep it out of logs. Its `Debug` output has neither text nor HTML.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutgoingMail {
    /// The id of the mail, in letters, digits and dashes. Use it as an idempotency key.
    ///
    /// A mail that may have been delivered is sent again with the same id. But a link from an earlier attempt no longer
    /// works, so a mail with a link has a new id at each attempt.
    pub id: String,
    /// The address of the recipient. Its domain is ASCII. The part before the `@` may hold other letters (RFC 6531).
    pub to: String,
    /// The sender, as [`Config::mail_from`](crate::Config::mail_from) has it.
    pub from: Option<String>,
    /// The subject: one line.
    pub subject: String,
    /// The mail as text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The link in a letter of ours, for the mails of a test.
    #[cfg(feature = "test-util")]
    pub(crate) link: Option<String>,
    /// The token and the code in a letter of ours, for the mails of a test.
    #[cfg(feature = "test-util")]
    pub(crate) secrets: Vec<String>,
}

impl fmt::Debug for OutgoingMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingMail").field("id", &self.id).field("to", &self.to).finish_non_exhaustive()
    }
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// It was delivered, or somebody else is responsible for it now.
    Delivered,
    /// It was not delivered, and a later attempt may succeed. The attempts go on for a day, with growing pauses. The
    /// reason is logged and stored.
    Later(String),
    /// It will never be delivered, such as to an address that does not exist. There is no further attempt. The reason
    /// is logged and stored.
    Never(String),
}

/// The sender of the host, and the setting that it needs.
#[derive(Clone)]
pub(crate) struct HostSender {
    pub(super) sender: Arc<dyn MailSender>,
    pub(super) from: Option<String>,
}

impl HostSender {
    /// Hands a mail to the host.
    pub(super) async fn send(&self, id: String, message: Message) -> Result<(), Undelivered> {
        let sender = Arc::clone(&self.sender);
        let mail = OutgoingMail {
            id,
            to: message.to_as_text(),
            from: self.from.clone(),
            subject: one_line(&message.subject),
            text: message.text,
            html: message.html,
            #[cfg(feature = "test-util")]
            link: message.link,
            #[cfg(feature = "test-util")]
            secrets: message.secrets.clone(),
        };
        match host_code::run(PATIENCE, async move { sender.send(mail).await }).await {
            Ok(Delivery::Delivered) => Ok(()),
            Ok(Delivery::Later(cause)) => Err(Undelivered::Later(shown(&cause, &message.secrets))),
            Ok(Delivery::Never(cause)) => Err(Undelivered::Refused(shown(&cause, &message.secrets))),
            Err(Fault::Late) => Err(Undelivered::Later("the mail sender took longer than 2 min".into())),
            Err(Fault::Panicked) => Err(Undelivered::Later("the mail sender panicked".into())),
        }
    }
}

/// Returns a reason as it may be logged and stored: one short line, and nothing of it if it repeats a secret of the
/// mail.
fn shown(cause: &str, secrets: &[String]) -> String {
    // A line break or a dash may stand in the middle of a repeated secret.
    let plain = |text: &str| {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_uppercase()).collect::<String>()
    };
    let whole = plain(cause);
    if secrets.iter().any(|secret| whole.contains(&plain(secret))) {
        return "the mail sender gave a reason that repeats a secret of the mail".into();
    }
    one_line(cause).chars().take(MAX_CAUSE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;

    impl MailSender for Silent {
        fn send(&self, _: OutgoingMail) -> Sending<'_> {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_hangs_is_asked_again_later() {
        let (subject, text, html) = Default::default();
        let to = crate::base::email::Email::parse("ann@example.org").unwrap();
        let message = Message { to, subject, text, html, link: None, secrets: Vec::new(), at: 0 };
        let begun = tokio::time::Instant::now();
        let sender = HostSender { sender: Arc::new(Silent), from: None };
        let Err(Undelivered::Later(cause)) = sender.send("1".into(), message).await else { panic!() };
        assert!(cause.contains("2 min"), "{cause}");
        assert_eq!(begun.elapsed(), PATIENCE);
    }

    #[test]
    fn a_reason_is_one_short_line_without_secrets() {
        let secrets = ["dw_r_abcDEF-123_x".to_owned(), "K7WM-2QXD".to_owned()];
        assert_eq!(shown("no\r\nsuch\u{1b} user", &secrets), "no  such  user");
        assert_eq!(shown(&"a".repeat(5000), &secrets).len(), MAX_CAUSE);
        for repeats in [
            "bad link https://example.org/reset-password?token=dw_r_abcDEF-123_x",
            "token=dw_r_abcD=\r\nEF-123_x",
            "the code k7wm 2qxd is bad",
            &format!("{}K7WM2QXD", " ".repeat(5000)),
        ] {
            assert!(shown(repeats, &secrets).ends_with("repeats a secret of the mail"), "{repeats}");
        }
    }
}
