//! Changing the address of an account: the new one counts once mail to it was answered, and the old one can take it
//! back for a week.

use crate::{
    accounts::{
        credential::{self, Proved},
        device, event,
        limit::{guesses, mails},
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
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
        session::Session,
        user::User,
    },
};

/// What came of asking for a change.
pub(super) enum Asked {
    /// It is done.
    Done(User),
    /// A mail went to the new address; until it is answered the old one counts.
    Sent,
}

/// Asks for another address. Whether somebody has it already is told to nobody but the owner of that address, as long
/// as this server sends mail; otherwise the address changes at once and counts as unverified.
///
/// Comparing the password may have taken a while, in which the user got rid of whoever asks: nothing happens then. The
/// browser of who was `proved` by it gets another token.
///
/// # Errors
/// [`Error::EmailExists`] without mail; [`Error::InvalidSession`] or [`Error::WrongPassword`] if the session has ended
/// meanwhile, or the password is another.
pub(super) async fn ask(
    auth: &Auth,
    session: &Session,
    proved: Option<&Proved>,
    new: &Email,
    client: &Client,
) -> Result<(Asked, Option<LoggedIn>)> {
    let id = session.user.id;
    if new.typed == session.user.email {
        // It may have been changed to that a moment ago, and somebody still wait until every node knows.
        let mut tx = auth.db().begin().await?;
        tx.awaits_changes();
        tx.commit().await?;
        return Ok((Asked::Done(User::clone(&session.user)), None));
    }
    let may_mail =
        auth.mail().works() && mails::may_ask(auth, Purpose::CHANGE_EMAIL.name, new, client).await?;
    let mut tx = credential::begin(auth, session, proved).await?;
    if !auth.mail().works() {
        let user = user::set_email(auth, &mut tx, id, new).await?.ok_or(Error::InvalidSession)?;
        one_time::kill_all(&mut tx, id).await?;
        guesses::follow(&mut tx, &session.user.email, new).await?;
        let renewed = renewed(auth, &mut tx, session, proved).await?;
        event::record(auth, &tx, New::of(EventKind::EmailChanged, Some(id), By::User(client))).await?;
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
        let requested = New::of(EventKind::EmailChangeRequested, Some(id), By::User(client));
        event::record(auth, &tx, requested).await?;
    }
    tx.commit().await?;
    Ok((Asked::Sent, renewed))
}

/// The browser of who was `proved` gets another token.
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

/// Lets the new address count, for who got the mail there.
///
/// # Errors
/// [`Error::InvalidLink`], also if the address has an account of its own by now.
pub(super) async fn confirm(auth: &Auth, proof: &Proof, client: &Client) -> Result<()> {
    let claim = proof.claim(auth, Purpose::CHANGE_EMAIL, client).await?;
    let mut tx = auth.db().begin().await?;
    let Some(before) = user::take_email(&mut tx, claim.user, &claim.sent_to, auth.now()).await? else {
        return Err(Error::InvalidLink);
    };
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::kill_all(&mut tx, claim.user).await?;
    guesses::follow(&mut tx, &before.email, &claim.sent_to).await?;
    let changed = New::of(EventKind::EmailChanged, Some(claim.user), By::User(client));
    event::record(auth, &tx, changed).await?;
    // An address that nobody has proved may be a stranger's, whom this must not hand the account.
    if before.email_verified_at.is_some()
        && let Ok(old) = Email::parse(&before.email)
    {
        let asked_at = one_time::reserve(auth, &mut tx, claim.user, &old).await?;
        let mut notice = Post::of(Letter::EMAIL_CHANGED, To::Address(claim.user, old), client);
        notice.of = Some(asked_at);
        notice.details.new_email = Some(claim.sent_to.typed.clone());
        outbox::post(auth, &mut tx, &notice).await?;
    }
    Ok(tx.commit().await?)
}

/// Gives the account its former address back, for who got the notice there. Whoever changed it may know the password
/// and hold sessions: the password is forgotten, so that nobody logs in with it any more, all sessions end, and a mail
/// comes with which a new password can be chosen.
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
    let undone = New::of(EventKind::EmailChangeUndone, Some(claim.user), By::User(client));
    event::record(auth, &tx, undone).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::RESET_PASSWORD, To::User(claim.user), client)).await?;
    Ok(tx.commit().await?)
}
