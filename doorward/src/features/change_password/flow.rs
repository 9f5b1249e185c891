//! Changes the password of the user who is logged in.

use crate::{
    accounts::{
        credential, device, event,
        mail::outbox,
        one_time,
        session::{self, LoggedIn},
    },
    auth::Auth,
    base::{
        error::Result,
        passwords::{password::Password, queue::Class},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::Session,
    },
};

/// Changes the password of the user who is logged in. Their other sessions end, and links that could change the
/// password or the address stop working. This session goes on with a new token. No other browser is recognised any
/// more.
///
/// # Errors
/// [`Error::PasswordLogInOff`](crate::base::error::Error::PasswordLogInOff).
/// [`Error::Invalid`](crate::base::error::Error::Invalid) for a password that is not good enough,
/// [`Error::WrongPassword`](crate::base::error::Error::WrongPassword), and
/// [`Error::InvalidSession`](crate::base::error::Error::InvalidSession) if the session has ended meanwhile.
pub(super) async fn change_password(
    auth: &Auth,
    session: &Session,
    current: Password,
    new: Password,
    client: &Client,
) -> Result<LoggedIn> {
    auth.require_passwords()?;
    let user = &session.user;
    let caller = client.caller(Class::Session);
    auth.policy().check(auth.hashing(), caller, "new_password", &new, &user.email).await?;
    let proved = credential::prove_again(auth, session, current, client).await?;
    let hash = auth.hashing().hash(caller, new).await?;
    let mut tx = credential::begin(auth, session, &proved).await?;
    credential::replace_password(&mut tx, &proved, hash).await?;
    outbox::cancel(&mut tx, user.id, Letter::CONFIRM_EMAIL).await?;
    one_time::kill_after_new_password(&mut tx, user.id).await?;
    session::end_others(&mut tx, user.id, session.token_hash).await?;
    let mut renewed = session::renew(auth, &mut tx, session, None).await?;
    // A copy of the device token must not be recognised any more, so the owner's browser gets a new one.
    device::forget_all(&mut tx, user.id).await?;
    let kind = device::Kind::of(session.transport);
    renewed.device = Some(device::remember(auth, &tx, user.id, kind, client).await?);
    event::record(auth, &tx, NewEvent::of(EventKind::PasswordChanged, Some(user.id), By::User(client)))
        .await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::PASSWORD_CHANGED, To::User(user.id), client)).await?;
    tx.commit().await?;
    Ok(renewed)
}
