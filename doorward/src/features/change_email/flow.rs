//! Changes the address of an account. The new address counts after a proof from a mail to it. A mail to the old address
//! can undo the change for a week.

use crate::{
    accounts::{
        credential::{self, Proved},
        device, event,
        limit::{
            guesses,
            mails::{self, Asker},
        },
        mail::outbox,
        one_time::{self, proof::Proof},
        session::{self, LoggedIn},
        user,
    },
    auth::Auth,
    base::{
        db::Tx,
        email::Email,
        error::{Error, Result},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
        session::Session,
        user::User,
    },
};

/// The result of a request for a change.
pub(super) enum Asked {
    /// The account has the address.
    Done(User),
    /// A mail goes to the new address. Until a proof from it arrives, the old address counts.
    Sent,
}

/// Requests another address. If this server sends mail, only the owner of that address learns that it has an account.
/// Otherwise the address changes at once and counts as unverified.
///
/// Comparing the password takes time, and the user may end this session meanwhile: then nothing changes. A browser
/// whose user was `proved` by the password gets a new token.
///
/// # Errors
/// [`Error::EmailExists`] if this server sends no mail; [`Error::InvalidSession`] if the session has ended meanwhile;
/// [`Error::WrongPassword`] if the password has changed meanwhile; [`Error::TooManyAttempts`] if the user or the client
/// has asked for enough mails.
pub(super) async fn ask(
    auth: &Auth,
    session: &Session,
    proved: Option<&Proved>,
    new: &Email,
    client: &Client,
) -> Result<(Asked, Option<LoggedIn>)> {
    let id = session.user.id;
    if new.typed == session.user.email {
        // Another request may have set this address a moment ago. Wait until every node knows it.
        let mut tx = auth.db().begin().await?;
        tx.await_others();
        tx.commit().await?;
        return Ok((Asked::Done(User::clone(&session.user)), None));
    }
    let may_mail = auth.mail().works()
        && mails::may_ask(auth, Purpose::CHANGE_EMAIL.name, new, Asker::user(&session.user, client)).await?;
    let mut tx = credential::begin(auth, session, proved).await?;
    if !auth.mail().works() {
        let user = user::set_email(auth, &mut tx, id, new).await?.ok_or(Error::InvalidSession)?;
        one_time::kill_all(&mut tx, id).await?;
        guesses::carry_over(&mut tx, &session.user.email, new).await?;
        let renewed = renewed(auth, &mut tx, session, proved).await?;
        event::record(auth, &tx, NewEvent::of(EventKind::EmailChanged, Some(id), By::User(client))).await?;
        tx.commit().await?;
        return Ok((Asked::Done(user), renewed));
    }
    let renewed = renewed(auth, &mut tx, session, proved).await?;
    if may_mail {
        if let Ok(own) = Email::parse(&session.user.email) {
            guesses::renew_codes(&mut tx, Purpose::CHANGE_EMAIL, &own).await?;
        }
        let to = To::Address(id, new.clone());
        outbox::post(auth, &mut tx, &Post::of(Letter::CONFIRM_EMAIL, to, client)).await?;
        let requested = NewEvent::of(EventKind::EmailChangeRequested, Some(id), By::User(client));
        event::record(auth, &tx, requested).await?;
    }
    tx.commit().await?;
    Ok((Asked::Sent, renewed))
}

/// Gives the browser a new token if its user was `proved` by the password.
async fn renewed(
    auth: &Auth,
    tx: &mut Tx,
    session: &Session,
    proved: Option<&Proved>,
) -> Result<Option<LoggedIn>> {
    match proved {
        Some(_) => session::renew_cookie(auth, tx, session).await,
        None => Ok(None),
    }
}

/// Sets the new address, with the proof from the mail to it.
///
/// # Errors
/// [`Error::InvalidLink`], also if another account has the address by now.
pub(super) async fn confirm(auth: &Auth, proof: &Proof, client: &Client) -> Result<()> {
    let claim = proof.claim(auth, Purpose::CHANGE_EMAIL, client).await?;
    let mut tx = auth.db().begin().await?;
    let Some(before) = user::take_email(&mut tx, claim.user, &claim.sent_to, auth.now()).await? else {
        return Err(Error::InvalidLink);
    };
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::kill_all(&mut tx, claim.user).await?;
    guesses::carry_over(&mut tx, &before.email, &claim.sent_to).await?;
    let changed = NewEvent::of(EventKind::EmailChanged, Some(claim.user), By::User(client));
    event::record(auth, &tx, changed).await?;
    // An unverified address may belong to a stranger. A mail to it would let them take the account.
    if before.email_verified_at.is_some()
        && let Ok(old) = Email::parse(&before.email)
    {
        let asked_at = one_time::reserve(auth, &mut tx, claim.user, &old).await?;
        let mut notice = Post::of(Letter::EMAIL_CHANGED, To::Address(claim.user, old), client);
        notice.happened_at = Some(asked_at);
        notice.details.new_email = Some(claim.sent_to.typed.clone());
        outbox::post(auth, &mut tx, &notice).await?;
    }
    Ok(tx.commit().await?)
}

/// Gives the account its former address back, with the token from the notice to that address. An attacker who changed
/// the address may know the password and hold sessions. So the password is deleted, all sessions end, and a mail lets
/// the owner choose a new password.
///
/// # Errors
/// [`Error::InvalidLink`].
pub(super) async fn undo(auth: &Auth, token: &str, client: &Client) -> Result<()> {
    let claim = one_time::look_at(auth, Purpose::UNDO_EMAIL_CHANGE, token).await?;
    let mut tx = auth.db().begin().await?;
    credential::forget_password(&mut tx, claim.user).await?;
    outbox::cancel(&mut tx, claim.user, Letter::CONFIRM_EMAIL).await?;
    outbox::cancel_since(&mut tx, claim.user, Letter::EMAIL_CHANGED, claim.asked_at).await?;
    if user::take_email(&mut tx, claim.user, &claim.sent_to, auth.now()).await?.is_none() {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::kill_later_undos(&mut tx, &claim).await?;
    one_time::kill_all(&mut tx, claim.user).await?;
    session::end_all(&mut tx, claim.user).await?;
    device::forget_all(&mut tx, claim.user).await?;
    let undone = NewEvent::of(EventKind::EmailChangeUndone, Some(claim.user), By::User(client));
    event::record(auth, &tx, undone).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::RESET_PASSWORD, To::User(claim.user), client)).await?;
    Ok(tx.commit().await?)
}
