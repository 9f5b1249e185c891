//! Sends the owner of an account a link that allows one attempt to log in.
//!
//! The link is no log-in: its reader still needs the password. It lifts the limits of the account for one attempt, so a
//! reader of the mail has one guess for each mail. The number of mails is limited for each address.
//!
//! Only a verified address gets it. For another one, nobody knows whether mail reaches the owner; then the account
//! opens after the longest delay.

use crate::{
    accounts::{
        limit::mails::{self, Asker},
        mail::outbox,
    },
    auth::{Auth, attempts::AttemptKind},
    base::{email::Email, error::Result},
    model::{
        client::Client,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
    },
};

pub(super) const LETTER: Letter = Letter {
    name: "login_attempt",
    purpose: Some(Purpose::LOGIN_ATTEMPT),
    page: Some("/login"),
    needs: |user| user.email_verified_at.is_some() && user.disabled_at.is_none(),
    ..Letter::TO_OWNER
};

/// Requests a mail with a link. The answer and the time it takes are the same whether or not the address has an
/// account, is verified, or is blocked.
///
/// # Errors
/// [`Error::PasswordLogInOff`](crate::base::error::Error::PasswordLogInOff),
/// [`Error::MailNotConfigured`](crate::base::error::Error::MailNotConfigured).
/// [`Error::TooManyAttempts`](crate::base::error::Error::TooManyAttempts) if the client has asked for enough mails.
pub(super) async fn ask(auth: &Auth, email: &Email, client: &Client) -> Result<()> {
    auth.require_passwords()?;
    auth.require_mail()?;
    let email = &auth.attempts().decide(AttemptKind::Mail, &email.typed, client).await?.address(email)?;
    if !mails::may_ask(auth, Purpose::LOGIN_ATTEMPT.name, email, Asker::anybody(client)).await? {
        return Ok(());
    }
    let mut tx = auth.db().begin().await?;
    outbox::post(auth, &mut tx, &Post::of(LETTER, To::Owner(email.clone()), client)).await?;
    Ok(tx.commit().await?)
}
