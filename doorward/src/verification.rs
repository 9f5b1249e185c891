//! Showing that mail to the address of an account reaches its owner.

use crate::{
    auth::Auth,
    client::Client,
    email::Email,
    error::{Error, Result},
    event::{self, By, New},
    event_kind::EventKind,
    letter::Letter,
    limit,
    one_time::{self, Purpose},
    outbox::{self, Post, To},
    proof::Proof,
    user,
};

/// Asks for a mail with a link. What happens, and how long it takes, is the same whether or not anybody has this
/// address, or has verified it.
///
/// # Errors
/// [`Error::MailNotConfigured`].
pub(crate) async fn ask(auth: &Auth, email: &Email, client: &Client) -> Result<()> {
    auth.require_mail()?;
    if !limit::may_mail(auth, email, client).await? {
        return Ok(());
    }
    let mut tx = auth.db.begin().await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::VerifyEmail, To::Owner(email.clone()), client)).await?;
    Ok(tx.commit().await?)
}

/// Marks the address as verified to which the mail was sent.
///
/// # Errors
/// [`Error::InvalidLink`], also if the address of the account is another one by now.
pub(crate) async fn verify(auth: &Auth, proof: &Proof, client: &Client) -> Result<()> {
    let claim = proof.claim(auth, Purpose::VerifyEmail, client).await?;
    let mut tx = auth.db.begin().await?;
    if !user::set_verified(&mut tx, claim.user, &claim.sent_to, auth.now()).await? {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    let verified = New::of(EventKind::EmailVerified, Some(claim.user), By::User(client));
    event::record(auth, &mut tx, verified).await?;
    Ok(tx.commit().await?)
}
