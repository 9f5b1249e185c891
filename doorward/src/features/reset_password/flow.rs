//! Sends a mail to a user who forgot the password, and sets a new password with the proof from it.

use crate::{
    accounts::{
        credential,
        device::{self, Device, Kind},
        event,
        limit::{
            guesses,
            mails::{self, Asker},
            new_passwords::Attempt,
        },
        mail::outbox,
        one_time::{self, proof::Proof},
        session, user,
    },
    auth::{Auth, attempts::AttemptKind},
    base::{
        email::Email,
        error::{Error, Result},
        passwords::{password::Password, queue::Class},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
    },
};

/// Requests a mail that lets its reader choose a new password. The answer and the time it takes are the same whether or
/// not the address has an account.
///
/// # Errors
/// [`Error::MailNotConfigured`]. [`Error::TooManyAttempts`] if the client has asked for enough mails.
pub(super) async fn ask(auth: &Auth, email: &Email, client: &Client) -> Result<()> {
    auth.require_mail()?;
    let email = &auth.attempts().decide(AttemptKind::Mail, &email.typed, client).await?.address(email)?;
    if !mails::may_ask(auth, Purpose::RESET_PASSWORD.name, email, Asker::anybody(client)).await? {
        return Ok(());
    }
    let user = user::by_email(auth.db(), email).await?.map(|user| user.id);
    let mut tx = auth.db().begin().await?;
    guesses::renew_codes(&mut tx, Purpose::RESET_PASSWORD, email).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::RESET_PASSWORD, To::Owner(email.clone()), client)).await?;
    tx.commit().await?;
    // Not in the transaction: the requests of nobody share a row, and would wait for each other's flush.
    let requested = NewEvent::of(EventKind::PasswordResetRequested, user, By::User(client));
    event::record_alone(auth, requested).await
}

/// Sets a new password with the proof from the mail. All sessions of the user end, and all devices are forgotten but the
/// one that showed the proof. It logs nobody in, so that a second factor is not skipped. The address counts as verified,
/// because the mail reached it. A former address can no longer take the account back.
///
/// The wrong guesses of strangers stay counted: if they were cleared, a stranger could tell that somebody has the
/// account. The owner gets in all the same, with the device or with the counter that the proof earns.
///
/// # Errors
/// [`Error::InvalidLink`], also if the account has another address by now; [`Error::Invalid`] for a password that is
/// not good enough: the link still works then; [`Error::TooManyAttempts`] if too many codes were tried.
pub(super) async fn reset(
    auth: &Auth,
    attempt: Attempt,
    proof: &Proof,
    new: Password,
    client: &Client,
) -> Result<Device> {
    let address = proof.address(auth, Purpose::RESET_PASSWORD).await?;
    auth.policy()
        .check(auth.hashing(), client.caller(Class::Register), "new_password", &new, &address)
        .await?;
    let claim = proof.claim(auth, Purpose::RESET_PASSWORD, client).await?;
    let hash = auth.hashing().hash(client.caller(Class::Session), new).await?;
    let mut tx = auth.db().begin().await?;
    if !credential::set_password(auth, &mut tx, claim.user, hash).await? {
        return Err(Error::InvalidLink);
    }
    outbox::cancel(&mut tx, claim.user, Letter::CONFIRM_EMAIL).await?;
    if !user::set_verified(&mut tx, claim.user, &claim.sent_to, auth.now()).await? {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::kill_all(&mut tx, claim.user).await?;
    one_time::note_proof(auth, &mut tx, claim.user).await?;
    session::end_all(&mut tx, claim.user).await?;
    device::forget_all(&mut tx, claim.user).await?;
    let device = device::remember(auth, &tx, claim.user, Kind::Reader, client).await?;
    guesses::earn(auth, &mut tx, &claim.sent_to, client).await?;
    let reset = NewEvent::of(EventKind::PasswordReset, Some(claim.user), By::User(client));
    event::record(auth, &tx, reset).await?;
    attempt.succeed(&mut tx).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::PASSWORD_CHANGED, To::User(claim.user), client)).await?;
    tx.commit().await?;
    Ok(device)
}
