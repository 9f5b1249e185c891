//! Showing that mail to the address of an account reaches its owner.

use crate::{
    accounts::{
        event,
        limit::{guesses, mails},
        mail::outbox,
        one_time::{self, proof::Proof},
        user,
    },
    auth::Auth,
    base::{
        email::Email,
        error::{Error, Result},
    },
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
    },
};

/// Asks for a mail with a link. What happens, and how long it takes, is the same whether or not anybody has this
/// address, or has verified it.
///
/// # Errors
/// [`Error::MailNotConfigured`].
pub(super) async fn ask(auth: &Auth, email: &Email, client: &Client) -> Result<()> {
    auth.require_mail()?;
    if !mails::may_ask(auth, Purpose::VERIFY_EMAIL.name, email, client).await? {
        return Ok(());
    }
    let mut tx = auth.db().begin().await?;
    guesses::renew_codes(&mut tx, Purpose::VERIFY_EMAIL, email).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::VERIFY_EMAIL, To::Owner(email.clone()), client)).await?;
    Ok(tx.commit().await?)
}

/// Marks the address as verified to which the mail was sent.
///
/// Sessions go on: whoever has one knows the password, and could begin another at once. What ends them is a new password,
/// which is also what whoever registers with an address gets that somebody else has registered before, and not verified.
///
/// # Errors
/// [`Error::InvalidLink`], also if the address of the account is another one by now.
pub(super) async fn verify(auth: &Auth, proof: &Proof, client: &Client) -> Result<()> {
    let claim = proof.claim(auth, Purpose::VERIFY_EMAIL, client).await?;
    let mut tx = auth.db().begin().await?;
    if !user::set_verified(&mut tx, claim.user, &claim.sent_to, auth.now()).await? {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    let verified = New::of(EventKind::EmailVerified, Some(claim.user), By::User(client));
    event::record(auth, &tx, verified).await?;
    Ok(tx.commit().await?)
}
