//! The accounts of a test: a handle that also adds users, and shows the mails and the events.

use std::ops::Deref;

use super::mails::{Mails, SentMail};
use crate::{
    auth::Auth,
    model::{event::Event, user::User},
};

/// The password of every user of [`TestAuth::new_user`]. It is long enough and hard enough to guess for all settings.
pub const PASSWORD: &str = "seven purple otters play the violin quietly under a wooden bridge";

/// The accounts of one test. [`Auth::for_tests`] opens them.
///
/// It has all methods of [`Auth`], and `&accounts` stands where a function takes `&Auth`. The database is deleted when
/// the last clone of this and of its [`Auth`] is gone.
#[derive(Clone, Debug)]
pub struct TestAuth {
    pub(super) auth: Auth,
    /// The mails, unless a sender of the test has them or there are none.
    pub(super) mails: Option<Mails>,
}

impl Deref for TestAuth {
    type Target = Auth;

    fn deref(&self) -> &Auth {
        &self.auth
    }
}

impl TestAuth {
    /// Returns the handle, for the state of an app.
    #[must_use]
    pub fn auth(&self) -> Auth {
        self.auth.clone()
    }

    /// Adds a user with this address, which is verified, and with [`PASSWORD`]. No mail is sent.
    /// [`Auth::add_user`] adds one with another password, whose address is not verified.
    ///
    /// # Panics
    /// If it is no address, or if another user has it.
    pub async fn new_user(&self, email: &str) -> User {
        let added = async {
            let user = self.add_user(email, PASSWORD).await?;
            self.mark_email_verified(user.id).await?;
            self.user(user.id).await
        };
        match added.await {
            Ok(Some(user)) => user,
            Ok(None) => panic!("the user {email} was deleted at once"),
            Err(error) => panic!("cannot add the user {email}: {error:?}"),
        }
    }

    /// Sends the mails that are due, and returns all mails so far, the oldest first. Those that were due together have no
    /// order.
    ///
    /// ```
    /// # use doorward::{Auth, mail::NewLetter};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> doorward::Result<()> {
    /// let accounts = Auth::for_tests().await;
    /// accounts.queue_letter(NewLetter::to_address("ann@example.org", "Hello", "Hello Ann")).await?;
    /// assert_eq!(accounts.mails().await[0].subject, "Hello");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If the test has [a sender of its own](super::ForTests::mail_sender) or [no mail](super::ForTests::without_mail).
    pub async fn mails(&self) -> Vec<SentMail> {
        let Some(mails) = &self.mails else {
            panic!("no mails are kept: expected `Auth::for_tests` without `mail_sender` and `without_mail`")
        };
        self.send_mails().await;
        mails.all()
    }

    /// Sends the mails that are due, and returns the last mail to this address.
    ///
    /// ```
    /// # use axum::{body::Body, http::{Request, header}};
    /// # use doorward::Auth;
    /// # use tower::ServiceExt;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> doorward::Result<()> {
    /// let accounts = Auth::for_tests().await;
    /// let ann = accounts.new_user("ann@example.org").await;
    /// accounts.send_password_reset(&ann, "en").await?;
    /// let token = accounts.mail_to("ann@example.org").await.token.unwrap();
    /// let body = format!(r#"{{"token": "{token}", "new_password": "my new and good password"}}"#);
    /// let request = Request::post("/reset-password").header(header::CONTENT_TYPE, "application/json");
    /// let answer = accounts.router().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    /// assert_eq!(answer.status(), 204);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If there is none, and as [`TestAuth::mails`].
    pub async fn mail_to(&self, address: &str) -> SentMail {
        let mails = self.mails().await;
        let found = mails.iter().rfind(|mail| mail.to.eq_ignore_ascii_case(address)).cloned();
        found.unwrap_or_else(|| {
            let sent: Vec<_> = mails.iter().map(|mail| format!("{} to {}", mail.subject, mail.to)).collect();
            panic!("no mail to {address} was sent; those that were: {sent:?}")
        })
    }

    /// Returns all events, the oldest first. [`Auth::events`] selects some.
    ///
    /// # Panics
    /// If the database does not answer.
    pub async fn all_events(&self) -> Vec<Event> {
        let mut events = match self.events().next_page(u32::MAX).await {
            Ok(events) => events,
            Err(error) => panic!("cannot read the events: {error:?}"),
        };
        events.reverse();
        events
    }
}
