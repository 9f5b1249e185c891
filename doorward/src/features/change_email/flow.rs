//! Changes the address of an account. The new address counts after a proof from a mail to it. A mail to the old address
//! can undo the change for a week. `accounts/one_time/undo.rs` has the rules by which that ends.

#[cfg(feature = "totp")]
use crate::accounts::second_factor;
use crate::{
    accounts::{
        credential, device, event,
        limit::{
            guesses,
            mails::{self, Asker},
        },
        mail::outbox,
        one_time::{self, AfterProof, Claim, Undo, proof::Proof},
        pending_login,
        session::{self, LoggedIn},
        user, ways_in,
    },
    auth::{Auth, attempts::AttemptKind},
    base::{
        db::Tx,
        email::Email,
        error::{Error, Result},
        passwords::password::Password,
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
/// The password is compared each time: with a fresh token alone, a thief could move the account. That takes time, and
/// the user may end this session meanwhile: then nothing changes. A browser gets a new token, unless the account has
/// this address already.
///
/// # Errors
/// [`Error::WrongPassword`], also if the password has changed meanwhile; [`Error::EmailExists`] if this server sends no
/// mail; [`Error::InvalidSession`] if the session has ended meanwhile; [`Error::TooManyAttempts`] if the user or the
/// client has asked for enough mails; and the refusals of the host.
pub(super) async fn ask(
    auth: &Auth,
    session: &Session,
    password: Password,
    new: &Email,
    client: &Client,
) -> Result<(Asked, Option<LoggedIn>)> {
    let id = session.user.id;
    let proved = credential::prove_again(auth, session, password, client).await?;
    let new = &auth.attempts().decide(AttemptKind::ChangeEmail, &new.typed, client).await?.address(new)?;
    if new.typed == session.user.email {
        // Another request may have set this address a moment ago. Wait until every node knows it.
        let mut tx = auth.db().begin().await?;
        tx.await_others();
        tx.commit().await?;
        return Ok((Asked::Done(User::clone(&session.user)), None));
    }
    let may_mail = auth.mail().works()
        && mails::may_ask(auth, Purpose::CHANGE_EMAIL.name, new, Asker::user(&session.user, client)).await?;
    let mut tx = credential::begin(auth, session, &proved).await?;
    if !auth.mail().works() {
        let user = user::set_email(auth, &mut tx, id, new).await?.ok_or(Error::InvalidSession)?;
        one_time::kill_all(&mut tx, id).await?;
        pending_login::end_all(&mut tx, id).await?;
        guesses::carry_over(&mut tx, &session.user.email, new).await?;
        let renewed = session::renew_cookie(auth, &mut tx, session).await?;
        event::record(auth, &tx, NewEvent::of(EventKind::EmailChanged, Some(id), By::User(client))).await?;
        tx.commit().await?;
        return Ok((Asked::Done(user), renewed));
    }
    let renewed = session::renew_cookie(auth, &mut tx, session).await?;
    if may_mail {
        if let Ok(own) = Email::of_account(&session.user.email) {
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

/// Sets the new address, with the proof from the mail to it.
///
/// # Errors
/// [`Error::InvalidLink`], also if another account has the address by now.
pub(super) async fn confirm(auth: &Auth, proof: &Proof, client: &Client) -> Result<()> {
    let claim = proof.claim(auth, Purpose::CHANGE_EMAIL, client).await?;
    let mut tx = auth.db().begin().await?;
    // An undo removes the app that was added since the change. So one that was begun before must not be confirmed
    // later.
    #[cfg(feature = "totp")]
    second_factor::totp::forget_begun(&tx, claim.user).await?;
    let Some(before) = user::lock(&mut tx, claim.user, auth.now()).await? else {
        return Err(Error::InvalidLink);
    };
    if !user::take_email(&mut tx, claim.user, &claim.sent_to, auth.now()).await? {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::kill_all(&mut tx, claim.user).await?;
    pending_login::end_all(&mut tx, claim.user).await?;
    guesses::carry_over(&mut tx, &before.email, &claim.sent_to).await?;
    let changed = NewEvent::of(EventKind::EmailChanged, Some(claim.user), By::User(client));
    event::record(auth, &tx, changed).await?;
    // An unverified address may belong to a stranger. A mail to it would let them take the account.
    if before.email_verified_at.is_some()
        && let Ok(old) = Email::of_account(&before.email)
    {
        let asked_at = one_time::reserve(auth, &mut tx, &before, &old).await?;
        let mut notice = Post::of(Letter::EMAIL_CHANGED, To::Address(claim.user, old), client);
        notice.happened_at = Some(asked_at);
        notice.details.new_email = Some(claim.sent_to.typed.clone());
        outbox::post(auth, &mut tx, &notice).await?;
    }
    Ok(tx.commit().await?)
}

/// The result of an undo.
pub(super) enum Undone {
    /// The account has its former address again.
    GivenBack,
    /// Nobody can log in until an operator decides.
    Frozen,
}

/// Undoes a change of address, with the token from the notice to the former address. If a later address has proved
/// itself since then, two people may be right: the account is frozen, and nobody gets it.
///
/// An attacker who changed the address may know the password and hold sessions. So the password is deleted in both
/// cases, and all sessions and trusted browsers end. An authenticator app and recovery codes that were added since the
/// change are removed; those from before stay.
///
/// # Errors
/// [`Error::InvalidLink`].
pub(super) async fn undo(auth: &Auth, token: &str, client: &Client) -> Result<Undone> {
    let claim = one_time::look_at(auth, Purpose::UNDO_EMAIL_CHANGE, token).await?;
    let mut tx = auth.db().begin().await?;
    credential::forget_password(&mut tx, claim.user).await?;
    ways_in::remove_since(auth, &mut tx, claim.user, claim.asked_at, By::User(client)).await?;
    outbox::cancel(&mut tx, claim.user, Letter::CONFIRM_EMAIL).await?;
    outbox::cancel_since(&mut tx, claim.user, Letter::EMAIL_CHANGED, claim.asked_at).await?;
    let Some(before) = user::lock(&mut tx, claim.user, auth.now()).await? else {
        return Err(Error::InvalidLink);
    };
    let undone = match one_time::decide(auth, &mut tx, &claim).await? {
        Undo::GiveBack { since } => {
            give_back(auth, &mut tx, &claim, since, client).await?;
            Undone::GivenBack
        }
        Undo::Freeze => {
            freeze(auth, &mut tx, &claim, &before, client).await?;
            Undone::Frozen
        }
    };
    tx.commit().await?;
    Ok(undone)
}

/// Gives the account its former address back. A mail to it lets the owner choose a new password.
///
/// The mail that brought this link is itself a proof of the former address. So undos of still earlier addresses follow
/// the rules for such a proof.
async fn give_back(auth: &Auth, tx: &mut Tx, claim: &Claim, since: i64, client: &Client) -> Result<()> {
    if !user::get_email_back(auth, tx, claim.user, &claim.sent_to, Some(since)).await? {
        return Err(Error::InvalidLink);
    }
    one_time::kill_later_undos(tx, claim).await?;
    one_time::spend(auth, tx, claim).await?;
    one_time::note_proof(auth, tx, claim.user).await?;
    one_time::kill_all(tx, claim.user).await?;
    session::end_all(tx, claim.user).await?;
    device::forget_all(tx, claim.user).await?;
    let undone = NewEvent::of(EventKind::EmailChangeUndone, Some(claim.user), By::User(client));
    event::record(auth, tx, undone).await?;
    outbox::post(auth, tx, &Post::of(Letter::RESET_PASSWORD, To::User(claim.user), client)).await
}

/// Freezes the account of the user who was `before` the undo: it is disabled, and no secret of it works. Letters tell
/// both addresses.
async fn freeze(auth: &Auth, tx: &mut Tx, claim: &Claim, before: &User, client: &Client) -> Result<()> {
    let user = claim.user;
    user::set_disabled(tx, user, Some(auth.now()), auth.now()).await?;
    one_time::freeze(auth, tx, user).await?;
    one_time::kill_all(tx, user).await?;
    session::end_all(tx, user).await?;
    device::forget_all(tx, user).await?;
    event::record(auth, tx, NewEvent::of(EventKind::AccountFrozen, Some(user), By::User(client))).await?;
    let present = Email::of_account(&before.email).ok();
    for owner in [Some(claim.sent_to.clone()), present].into_iter().flatten() {
        outbox::post(auth, tx, &Post::of(Letter::ACCOUNT_FROZEN, To::Address(user, owner), client)).await?;
    }
    Ok(())
}

/// Requests the mail once more that undoes a change of address, for the owner of the former address. The answer and the
/// time it takes are the same for every address.
///
/// # Errors
/// [`Error::MailNotConfigured`]; [`Error::TooManyAttempts`] if the client has asked for enough mails.
pub(super) async fn ask_for_undo(auth: &Auth, former: &Email, client: &Client) -> Result<()> {
    auth.require_mail()?;
    let former = &auth.attempts().decide(AttemptKind::Mail, &former.typed, client).await?.address(former)?;
    if !mails::may_ask(auth, Purpose::UNDO_EMAIL_CHANGE.name, former, Asker::anybody(client)).await? {
        return Ok(());
    }
    let mut tx = auth.db().begin().await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::EMAIL_CHANGED, To::Owner(former.clone()), client)).await?;
    Ok(tx.commit().await?)
}

/// Ends what former addresses can do, for a user who proves themselves by the password. A former address that was
/// settled can still freeze the account: a thief knows the password too.
///
/// # Errors
/// [`Error::WrongPassword`]; [`Error::InvalidSession`] if the session has ended meanwhile.
pub(super) async fn end_undo(
    auth: &Auth,
    session: &Session,
    password: Password,
    client: &Client,
) -> Result<(AfterProof, Option<LoggedIn>)> {
    let id = session.user.id;
    let proved = credential::prove_again(auth, session, password, client).await?;
    let mut tx = credential::begin(auth, session, &proved).await?;
    user::lock(&mut tx, id, auth.now()).await?.ok_or(Error::InvalidSession)?;
    let after = one_time::note_proof(auth, &mut tx, id).await?;
    let renewed = session::renew_cookie(auth, &mut tx, session).await?;
    let ended = NewEvent::of(EventKind::EmailUndoEnded, Some(id), By::User(client));
    event::record(auth, &tx, ended.with("ended", after.ended).with("kept", after.kept)).await?;
    tx.commit().await?;
    Ok((after, renewed))
}
