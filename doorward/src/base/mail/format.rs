//! The bytes of a mail: RFC 5322, with a text and an HTML part (RFC 2046).

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::base::{
    mail::{
        address,
        message::{Message, one_line},
    },
    secret,
};

impl Message {
    /// Returns the bytes of the mail. They are ASCII, unless the address is not.
    ///
    /// Each attempt has a new message id. A mail program shows mails with the same id only once, and could show the
    /// one whose link no longer works.
    pub(super) fn format(&self, from: &Mailbox, host: &str) -> Result<Vec<u8>, lettre::error::Error> {
        let id = format!("<{:x}.{:x}@{host}>", self.at, secret::random_id());
        let to = address::of(&self.to);
        let message = lettre::Message::builder()
            // Without it, lettre would parse the headers for it, and find no recipient in some of them.
            .envelope(Envelope::new(Some(from.email.clone()), vec![to.clone()])?)
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&self.subject))
            .date(UNIX_EPOCH + Duration::from_secs(self.at.unsigned_abs()))
            .message_id(Some(id))
            // Suppresses automatic replies, such as holiday notices (RFC 3834, section 5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))?;
        Ok(message.formatted())
    }
}

#[cfg(test)]
mod tests {
    use mail_parser::{MessageParser, MimeHeaders};

    use super::*;
    use crate::base::email::Email;

    fn message() -> Message {
        Message {
            to: Email::parse("ann@example.org").unwrap(),
            subject: "Your link".into(),
            text: "Hello\n.\n..\nFrom me\n".into(),
            html: "<p>Hello</p>".into(),
            link: None,
            secrets: Vec::new(),
            at: 1_790_000_000,
        }
    }

    fn bytes(message: &Message) -> Vec<u8> {
        let from = address::sender("no-reply@example.org", "Doorward").unwrap();
        message.format(&from, "example.org").unwrap()
    }

    #[test]
    fn a_mail_has_a_sender_a_date_and_a_mark_as_automatic() {
        let bytes = bytes(&message());
        let mail = MessageParser::default().parse(&bytes).unwrap();
        let sender = mail.from().unwrap().first().unwrap();
        assert_eq!((sender.name(), sender.address()), (Some("Doorward"), Some("no-reply@example.org")));
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("ann@example.org"));
        assert_eq!(mail.subject(), Some("Your link"));
        assert_eq!(mail.date().unwrap().to_timestamp(), 1_790_000_000);
        assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert!(mail.message_id().unwrap().ends_with("@example.org"));
        assert!(mail.is_content_type("multipart", "alternative"));
        assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n"), message().text);
        assert_eq!(mail.body_html(0).unwrap(), "<p>Hello</p>");
    }

    #[test]
    fn each_attempt_has_a_new_id() {
        let id =
            |bytes: Vec<u8>| MessageParser::default().parse(&bytes).unwrap().message_id().unwrap().to_owned();
        assert_ne!(id(bytes(&message())), id(bytes(&message())));
    }

    #[test]
    fn no_subject_and_no_name_adds_a_header_or_a_recipient() {
        for hostile in [
            "x\r\nBcc: evil@example.net",
            "x\nBcc: evil@example.net\n\nbody",
            "x\rBcc: evil@example.net",
            "x\u{2028}Bcc: evil@example.net",
            "=?utf-8?q?x=0D=0ABcc:_evil@example.net?=",
            "=?utf-8?b?eA0KQmNjOiBldmlsQGV4YW1wbGUubmV0?=",
            "x\" <evil@example.net>, \"y",
            "x, evil@example.net",
            "\u{0}\u{1b}[31m",
            &"a".repeat(5000),
            &"\u{fc} ".repeat(900),
        ] {
            let message = Message { subject: hostile.into(), ..message() };
            let from =
                Mailbox::new(Some(one_line(hostile)), address::of(&Email::parse("n@example.org").unwrap()));
            let bytes = message.format(&from, "example.org").unwrap();
            let head = String::from_utf8(bytes.clone()).unwrap();
            let head = head.split("\r\n\r\n").next().unwrap();
            let names: Vec<_> = head
                .split("\r\n")
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split(':').next().unwrap())
                .collect();
            let expected = [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
            ];
            assert_eq!(names, expected, "{hostile:?}: {head}");
            assert!(!head.replace("\r\n", "").contains(['\r', '\n', '\0', '\u{1b}']), "{head}");
            assert!(head.is_ascii() && head.lines().all(|line| line.len() < 998), "{head}");
            let mail = MessageParser::default().parse(&bytes).unwrap();
            assert!(mail.bcc().is_none() && mail.cc().is_none(), "{head}");
            let recipients: Vec<_> = mail.to().unwrap().iter().map(|to| to.address().unwrap()).collect();
            assert_eq!(recipients, ["ann@example.org"], "{head}");
            let senders: Vec<_> = mail.from().unwrap().iter().map(|from| from.address().unwrap()).collect();
            assert_eq!(senders, ["n@example.org"], "{head}");
        }
    }
}
