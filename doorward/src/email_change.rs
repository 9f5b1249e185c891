//! Changing the address of an account: the new one counts once mail to it was answered, and the old one can take it
//! back for a week.

use crate::{
    auth::Auth,
    client::Client,
    email::Email,
    error::{Error, Result},
    one_time::{self, Purpose},
    proof::Proof,
    session::{self, Session},
    user::{self, User},
};

/// What came of asking for a change.
pub(crate) enum Asked {
    /// It is done.
    Done(User),
    /// A mail went to the new address; until it is answered the old one counts.
    Sent,
}

/// Asks for another address. Whether somebody has it already is told to nobody but the owner of that address, as long
/// as this server sends mail; otherwise the address changes at once and counts as unverified.
///
/// # Errors
/// [`Error::EmailExists`] without mail.
pub(crate) async fn ask(auth: &Auth, session: &Session, new: &Email, client: &Client) -> Result<Asked> {
    if new.typed == session.user.email {
        return Ok(Asked::Done(session.user.clone()));
    }
    if auth.require_mail().is_err() {
        let user = user::set_email(auth, session.user.id, new).await?;
        return user.map(Asked::Done).ok_or(Error::InvalidSession);
    }
    todo!()
}

/// Lets the new address count, for who got the mail there.
///
/// # Errors
/// [`Error::InvalidLink`], also if the address has an account of its own by now.
pub(crate) async fn confirm(auth: &Auth, proof: &Proof, client: &Client) -> Result<()> {
    let claim = proof.claim(auth, Purpose::ChangeEmail).await?;
    let mut tx = auth.db.begin().await?;
    let Some(before) = user::take_email(&mut tx, claim.user, &claim.sent_to, auth.now()).await? else {
        return Err(Error::InvalidLink);
    };
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::kill(&mut tx, claim.user, &[Purpose::VerifyEmail, Purpose::ResetPassword]).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives the account its former address back, for who got the notice there. Whoever changed it may know the password
/// and hold sessions: all of these end, and a mail comes with which a new password can be chosen.
///
/// # Errors
/// [`Error::InvalidLink`].
pub(crate) async fn undo(auth: &Auth, token: &str, client: &Client) -> Result<()> {
    let claim = one_time::look_at(auth, Purpose::UndoEmailChange, token).await?;
    let mut tx = auth.db.begin().await?;
    if user::take_email(&mut tx, claim.user, &claim.sent_to, auth.now()).await?.is_none() {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::kill_later_undos(&mut tx, &claim).await?;
    let others = [Purpose::VerifyEmail, Purpose::ResetPassword, Purpose::ChangeEmail];
    one_time::kill(&mut tx, claim.user, &others).await?;
    session::end_all(&mut tx, claim.user).await?;
    tx.commit().await?;
    Ok(())
}
