//! Showing that mail to the address of an account reaches its owner.

use crate::{
    auth::Auth,
    client::Client,
    email::Email,
    error::{Error, Result},
    one_time::{self, Purpose},
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
    todo!()
}

/// Marks the address as verified to which the mail was sent.
///
/// # Errors
/// [`Error::InvalidLink`], also if the address of the account is another one by now.
pub(crate) async fn verify(auth: &Auth, proof: &Proof, client: &Client) -> Result<()> {
    let claim = proof.claim(auth, Purpose::VerifyEmail).await?;
    let mut tx = auth.db.begin().await?;
    if !user::set_verified(&mut tx, claim.user, &claim.sent_to, auth.now()).await? {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    tx.commit().await?;
    Ok(())
}
