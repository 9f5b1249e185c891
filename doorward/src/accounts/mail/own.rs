//! Letters that the host writes itself. They are queued and sent like those of the accounts.
//!
//! The row of such a letter holds its whole text, because only the host could write it again.

use serde::{Deserialize, Serialize};

use crate::{
    accounts::{
        mail::outbox::{self, Claimed},
        user,
    },
    auth::Auth,
    base::{
        email::Email,
        error::{Error, FieldError, Result},
        mail::{message::Message, undelivered::Undelivered},
        text::language::Language,
    },
    model::user::UserId,
};

/// The name of these letters in the table.
pub(super) const NAME: &str = "of_host";

/// The most characters of a subject, and the most bytes of the text and of the HTML.
const MAX_SUBJECT: usize = 200;
const MAX_TEXT: usize = 64 * 1024;
const MAX_HTML: usize = 256 * 1024;

/// A letter of the host, for [`Auth::queue_letter`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a letter is not sent before it is queued"]
pub struct NewLetter {
    to: To,
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum To {
    User(UserId),
    Address(String),
}

/// What the letter says, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Content {
    subject: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
}

impl NewLetter {
    /// A letter to a user. It goes to the address that they have when it is sent, and to nobody if they are deleted by
    /// then. An address that is not verified may belong to a stranger: see
    /// [`User::email_verified_at`](crate::User::email_verified_at).
    pub fn to_user(user: impl Into<UserId>, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::to(To::User(user.into()), subject.into(), text.into())
    }

    /// A letter to any address, such as an invitation. A person who can make you send letters anywhere can annoy
    /// strangers with them: limit how often they do so.
    pub fn to_address(email: &str, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::to(To::Address(email.to_owned()), subject.into(), text.into())
    }

    fn to(to: To, subject: String, text: String) -> Self {
        Self { to, content: Content { subject, text, html: None } }
    }

    /// Sets the letter as HTML. Escape what people typed. Without this call, the HTML is made of the text.
    pub fn html(mut self, html: impl Into<String>) -> Self {
        self.content.html = Some(html.into());
        self
    }

    /// Checks the letter, and returns its recipient.
    fn checked(&self) -> Result<(Option<UserId>, Option<Email>)> {
        let mut wrong = Vec::new();
        let mut bad = |field: &'static str, message: String| {
            wrong.push(FieldError { field: field.into(), message });
        };
        let to = match &self.to {
            To::User(user) => (Some(*user), None),
            To::Address(email) => match Email::imported(email) {
                Ok(email) => (None, Some(email)),
                Err(expected) => {
                    bad("to", expected.to_string());
                    (None, None)
                }
            },
        };
        let Content { subject, text, html } = &self.content;
        let length = subject.chars().count();
        if subject.trim().is_empty() || length > MAX_SUBJECT || subject.chars().any(char::is_control) {
            bad("subject", format!("expected one line of 1 to {MAX_SUBJECT} characters"));
        }
        if text.trim().is_empty() || text.len() > MAX_TEXT {
            bad("text", format!("expected 1 byte to {} KiB", MAX_TEXT / 1024));
        }
        if html.as_ref().is_some_and(|html| html.trim().is_empty() || html.len() > MAX_HTML) {
            bad("html", format!("expected 1 byte to {} KiB", MAX_HTML / 1024));
        }
        if wrong.is_empty() { Ok(to) } else { Err(Error::Invalid(wrong)) }
    }
}

impl Auth {
    /// Queues a letter of your own. It is stored when this returns, and from then on it is sent like the letters of the
    /// accounts: it waits for the mail server, and a restart loses nothing.
    ///
    /// The background tasks send it, which the first call of [`Auth::router`] starts. The database holds its text until
    /// then, and for 30 days if it cannot be sent. So put no secret into it.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth, id: doorward::UserId) -> doorward::Result<()> {
    /// use doorward::mail::NewLetter;
    ///
    /// auth.queue_letter(NewLetter::to_user(id, "Your invoice", "Hello,\n\nyour invoice is ready.")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Invalid`] names what is wrong: `to`, `subject`, `text` or `html`. [`Error::MailNotConfigured`] if there is
    /// no mail. [`Error::Unavailable`].
    pub async fn queue_letter(&self, letter: NewLetter) -> Result<()> {
        self.require_mail()?;
        let (user, email) = letter.checked()?;
        let content = serde_json::to_string(&letter.content).expect("texts can be written");
        let mut tx = self.db().begin().await?;
        let row = (NAME, Language::English, content);
        outbox::insert(self, &mut tx, row, (user, email.as_ref()), self.now()).await?;
        Ok(tx.commit().await?)
    }
}

/// Returns a queued letter as a mail. Returns `None` if the user is deleted.
pub(super) async fn write(auth: &Auth, claimed: &Claimed) -> Result<Option<Message>, Undelivered> {
    let later = |error: Error| Undelivered::Later(error.to_string());
    let to = match (claimed.user, &claimed.email) {
        (Some(user), _) => match user::by_id(auth.db(), user).await.map_err(later)? {
            Some(user) => Email::of_account(&user.email).ok(),
            None => None,
        },
        (None, email) => email.clone(),
    };
    let Some(to) = to else { return Ok(None) };
    // A node with a newer version may have written it.
    let content: Content = serde_json::from_str(&claimed.details)
        .map_err(|_| Undelivered::Later("an unknown form of a letter".into()))?;
    let html = content.html.unwrap_or_else(|| html_of(&content.text));
    let (subject, text) = (content.subject, content.text);
    Ok(Some(Message { to, subject, text, html, link: None, secrets: Vec::new(), at: auth.now() }))
}

/// Makes HTML of a text: an empty line ends a paragraph.
fn html_of(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut html = String::from("<!doctype html>\n<meta charset=\"utf-8\">\n");
    for paragraph in escaped.replace("\r\n", "\n").split("\n\n").filter(|text| !text.trim().is_empty()) {
        html += &format!("<p>{}</p>\n", paragraph.trim_matches('\n').replace('\n', "<br>\n"));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_html_of_a_text_shows_the_text() {
        assert_eq!(
            html_of("Hello <b>Ann</b> & Bob,\r\n\r\n\nline one\nline two\n"),
            "<!doctype html>\n<meta charset=\"utf-8\">\n<p>Hello &lt;b&gt;Ann&lt;/b&gt; &amp; Bob,</p>\n\
             <p>line one<br>\nline two</p>\n"
        );
    }

    #[test]
    fn a_wrong_letter_names_each_field() {
        let letter = NewLetter::to_address("nobody", "a\r\nBcc: b@example.org", " ").html("");
        let Err(Error::Invalid(wrong)) = letter.checked() else { panic!() };
        let fields: Vec<_> = wrong.iter().map(|error| &*error.field).collect();
        assert_eq!(fields, ["to", "subject", "text", "html"]);
        let long = NewLetter::to_user(UserId(1), "a".repeat(201), "a".repeat(MAX_TEXT + 1));
        let Err(Error::Invalid(wrong)) = long.checked() else { panic!() };
        assert_eq!(wrong.len(), 2);
        assert!(NewLetter::to_user(UserId(1), "a", "b").html("<p>b").checked().is_ok());
    }
}
