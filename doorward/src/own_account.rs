//! What users do with their own account: a new password, and the end of it.

use crate::{
    auth::Auth,
    client::Client,
    credential,
    email::Email,
    error::Result,
    event::{self, By, New},
    event_kind::EventKind,
    known::Session,
    letter::Letter,
    one_time::{self, Purpose},
    outbox::{self, Post, To},
    password::Password,
    session,
};

/// Changes the password of who is logged in. Their other sessions end, and so do the links with which the password or
/// the address could be changed.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) for a password that is not good enough,
/// [`Error::WrongPassword`](crate::error::Error::WrongPassword).
pub(crate) async fn change_password(
    auth: &Auth,
    session: &Session,
    current: Password,
    new: Password,
    client: &Client,
) -> Result<()> {
    let user = &session.user;
    auth.policy.check(&auth.hashing, "new_password", &new, &user.email).await?;
    let proved = credential::prove_again(auth, user, current, client).await?;
    let hash = auth.hashing.hash(new).await?;
    let mut tx = auth.db.begin().await?;
    outbox::cancel(&mut tx, user.id, Letter::ConfirmEmail).await?;
    credential::replace_password(&mut tx, &proved, hash).await?;
    one_time::kill(&mut tx, user.id, &[Purpose::ResetPassword, Purpose::ChangeEmail]).await?;
    session::end_others(&mut tx, user.id, session.token_hash).await?;
    event::record(auth, &mut tx, New::of(EventKind::PasswordChanged, Some(user.id), By::User(client)))
        .await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::PasswordChanged, To::User(user.id), client)).await?;
    Ok(tx.commit().await?)
}

/// Deletes the account of who is logged in, and tells them by mail, if it is known that the address is theirs.
///
/// # Errors
/// [`Error::WrongPassword`](crate::error::Error::WrongPassword).
pub(crate) async fn delete(
    auth: &Auth,
    session: &Session,
    password: Password,
    client: &Client,
) -> Result<()> {
    let user = &session.user;
    credential::prove_again(auth, user, password, client).await?;
    let mut tx = auth.db.begin().await?;
    if credential::delete_user(auth, &mut tx, user.id, By::User(client)).await?
        && user.email_verified_at.is_some()
        && let Ok(email) = Email::parse(&user.email)
    {
        let notice = Post::of(Letter::AccountDeleted, To::Address(user.id, email), client);
        outbox::post(auth, &mut tx, &notice).await?;
    }
    Ok(tx.commit().await?)
}
