//! What users do with their own account: a new password, the end of sessions, and the end of it all.

use crate::{
    accounts::{
        credential, device, event,
        mail::outbox,
        one_time,
        session::{self, LoggedIn},
    },
    auth::Auth,
    base::{email::Email, error::Result, passwords::password::Password},
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
        session::{Session, Transport},
    },
};

/// Changes the password of who is logged in. Their other sessions end, and so do the links with which the password or
/// the address could be changed; this session goes on with another token, and no other browser is recognised.
///
/// # Errors
/// [`Error::Invalid`](crate::base::error::Error::Invalid) for a password that is not good enough,
/// [`Error::WrongPassword`](crate::base::error::Error::WrongPassword), and
/// [`Error::InvalidSession`](crate::base::error::Error::InvalidSession) if this session ends meanwhile.
pub(crate) async fn change_password(
    auth: &Auth,
    session: &Session,
    current: Password,
    new: Password,
    client: &Client,
) -> Result<LoggedIn> {
    let user = &session.user;
    auth.policy().check(auth.hashing(), "new_password", &new, &user.email).await?;
    let proved = credential::prove_again(auth, user, current, client).await?;
    let hash = auth.hashing().hash(new).await?;
    let mut tx = credential::begin(auth, session, Some(&proved)).await?;
    credential::replace_password(&mut tx, &proved, hash).await?;
    outbox::cancel(&mut tx, user.id, Letter::CONFIRM_EMAIL).await?;
    one_time::kill(&mut tx, user.id, &[Purpose::RESET_PASSWORD, Purpose::CHANGE_EMAIL]).await?;
    session::end_others(&mut tx, user.id, session.token_hash).await?;
    let mut renewed = session::renew(auth, &mut tx, session).await?;
    // Its copy is not to be recognised any more, but its owner is.
    device::forget_all(&mut tx, user.id).await?;
    let kind = match session.transport {
        Transport::Bearer => device::Kind::Program,
        Transport::Cookie => device::Kind::Browser,
    };
    renewed.device = Some(device::remember(auth, &tx, user.id, kind, client).await?);
    event::record(auth, &tx, New::of(EventKind::PasswordChanged, Some(user.id), By::User(client))).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::PASSWORD_CHANGED, To::User(user.id), client)).await?;
    tx.commit().await?;
    Ok(renewed)
}

/// Ends one session of who is logged in by its number, and a change of address that was asked for: the session may have
/// asked for it. `false` if they have no such session.
pub(crate) async fn end_session(auth: &Auth, current: &Session, id: i64, client: &Client) -> Result<bool> {
    let user = current.user.id;
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user).await?;
    if !session::is_there(&mut tx, user, id).await? {
        // Somebody else may be ending it at this moment.
        tx.awaits_changes();
        tx.commit().await?;
        return Ok(false);
    }
    outbox::cancel(&mut tx, user, Letter::CONFIRM_EMAIL).await?;
    one_time::kill(&mut tx, user, &[Purpose::CHANGE_EMAIL]).await?;
    session::end_one(&mut tx, user, id).await?;
    let ended = New::of(EventKind::SessionEnded, Some(user), By::User(client));
    event::record(auth, &tx, ended.with("session", id)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends all sessions of who is logged in but the one they do it in, and a change of address that was asked for.
pub(crate) async fn end_other_sessions(auth: &Auth, current: &Session, client: &Client) -> Result<()> {
    let user = current.user.id;
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user).await?;
    outbox::cancel(&mut tx, user, Letter::CONFIRM_EMAIL).await?;
    one_time::kill(&mut tx, user, &[Purpose::CHANGE_EMAIL]).await?;
    let ended = session::end_others(&mut tx, user, current.token_hash).await?;
    let all_ended = New::of(EventKind::AllSessionsEnded, Some(user), By::User(client));
    event::record(auth, &tx, all_ended.with("ended", ended)).await?;
    Ok(tx.commit().await?)
}

/// Deletes the account of who is logged in, and tells them by mail, if it is known that the address is theirs, and
/// whoever could have taken back a change of the address.
///
/// # Errors
/// [`Error::WrongPassword`](crate::base::error::Error::WrongPassword), and
/// [`Error::InvalidSession`](crate::base::error::Error::InvalidSession) if this session ends meanwhile.
pub(crate) async fn delete(
    auth: &Auth,
    session: &Session,
    password: Password,
    client: &Client,
) -> Result<()> {
    let user = &session.user;
    let proved = credential::prove_again(auth, user, password, client).await?;
    let mut tx = credential::begin(auth, session, Some(&proved)).await?;
    outbox::cancel(&mut tx, user.id, Letter::EMAIL_CHANGED).await?;
    let own = user.email_verified_at.and_then(|_| Email::parse(&user.email).ok());
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
