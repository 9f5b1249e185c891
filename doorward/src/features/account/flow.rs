//! Deletes the account of the user who is logged in.

use crate::{
    accounts::{credential, mail::outbox, one_time},
    auth::Auth,
    base::{email::Email, error::Result, passwords::password::Password},
    model::{
        client::Client,
        event::By,
        letter::Letter,
        post::{Post, To},
        session::Session,
    },
};

/// Deletes the account of the user who is logged in. Sends a notice to their address, if it is verified, and to each
/// former address that could still undo a change of address.
///
/// # Errors
/// [`Error::WrongPassword`](crate::base::error::Error::WrongPassword), and
/// [`Error::InvalidSession`](crate::base::error::Error::InvalidSession) if the session has ended meanwhile.
pub(super) async fn delete(
    auth: &Auth,
    session: &Session,
    password: Password,
    client: &Client,
) -> Result<()> {
    let user = &session.user;
    let proved = credential::prove_again(auth, session, password, client).await?;
    let mut tx = credential::begin(auth, session, &proved).await?;
    outbox::cancel(&mut tx, user.id, Letter::EMAIL_CHANGED).await?;
    let own = user.email_verified_at.and_then(|_| Email::of_account(&user.email).ok());
    let mut owners: Vec<Email> = own.into_iter().collect();
    for former in one_time::former_addresses(auth, &mut tx, user.id).await? {
        if owners.iter().all(|owner| owner.key != former.key) {
            owners.push(former);
        }
    }
    if credential::delete_user(auth, &mut tx, user.id, By::User(client)).await? {
        for owner in owners {
            let notice = Post::of(Letter::ACCOUNT_DELETED, To::Address(user.id, owner), client);
            outbox::post(auth, &mut tx, &notice).await?;
        }
    }
    Ok(tx.commit().await?)
}
