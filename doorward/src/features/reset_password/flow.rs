//! Sends a mail to a user who forgot the password, and sets a new password with the proof from it.

#[cfg(feature = "totp")]
use crate::accounts::second_factor;
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
        ways_in::{self, Way},
    },
    auth::{Auth, attempts::AttemptKind},
    base::{
        email::Email,
        error::{Error, Result},
        passwords::{password::Password, queue::Class},
        text::language::Language,
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
        user::UserId,
    },
};

/// Requests a mail that lets its reader choose a new password. The answer and the time it takes are the same whether or
/// not the address has an account.
///
/// # Errors
/// [`Error::PasswordLogInOff`]. [`Error::MailNotConfigured`]. [`Error::TooManyAttempts`] if the client has asked for
/// enough mails.
pub(super) async fn ask(auth: &Auth, email: &Email, client: &Client) -> Result<()> {
    auth.require_passwords()?;
    auth.require_mail()?;
    let email = &auth.attempts().decide(AttemptKind::Mail, &email.typed, client).await?.address(email)?;
    send(auth, (email, To::Owner(email.clone())), client, By::User(client)).await.map(drop)
}

/// Queues the mail. Returns `false` if the address has had enough of them.
async fn send(auth: &Auth, (email, to): (&Email, To), client: &Client, by: By<'_>) -> Result<bool> {
    if !mails::may_ask(auth, Purpose::RESET_PASSWORD.name, email, Asker::anybody(client)).await? {
        return Ok(false);
    }
    let user = user::by_email(auth.db(), email).await?.map(|user| user.id);
    let mut tx = auth.db().begin().await?;
    guesses::renew_codes(&mut tx, Purpose::RESET_PASSWORD, email).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::RESET_PASSWORD, to, client)).await?;
    tx.commit().await?;
    // Not in the transaction: the requests of nobody share a row, and would wait for each other's flush.
    event::record_alone(auth, NewEvent::of(EventKind::PasswordResetRequested, user, by)).await?;
    Ok(true)
}

impl Auth {
    /// Sends a user the mail with a link and a code to choose a password, in the language with this tag, such as `de`.
    /// A language without texts is English. `POST /forgot-password` does the same for a stranger. It is also how a user
    /// who was added without a password gets one.
    ///
    /// Returns `false` if no mail is sent: there is no such user, they are disabled, or their address has had as many
    /// of these mails as [`LimitConfig::mails_per_recipient`](crate::config::LimitConfig::mails_per_recipient) allows.
    ///
    /// # Errors
    /// [`Error::PasswordLogInOff`], [`Error::MailNotConfigured`], [`Error::Unavailable`].
    pub async fn send_password_reset(&self, user: impl Into<UserId>, language: &str) -> Result<bool> {
        self.require_passwords()?;
        self.require_mail()?;
        let Some(user) = user::by_id(self.db(), user.into()).await? else { return Ok(false) };
        if !(Letter::RESET_PASSWORD.needs)(&user) {
            return Ok(false);
        }
        let client = Client { language: Language::of_tag(language).unwrap_or_default(), ..Client::default() };
        let email = Email::of_account(&user.email).map_err(|fault| Error::field("email", fault))?;
        send(self, (&email, To::User(user.id)), &client, By::Operator).await
    }
}

/// A password that was chosen anew.
#[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
pub(super) struct Reset {
    /// The browser that showed the proof.
    pub(super) device: Device,
    /// Something else that logged in was removed.
    pub(super) removed: bool,
    /// Something else still logs in, after or in place of the password.
    pub(super) left: bool,
}

/// Returns what else logs in to the account of this proof. This changes nothing.
///
/// # Errors
/// [`Error::InvalidLink`].
#[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
pub(super) async fn others(auth: &Auth, token: &str) -> Result<Vec<Way>> {
    let claim = one_time::look_at(auth, Purpose::RESET_PASSWORD, token).await?;
    ways_in::list(auth, claim.user).await
}

/// Sets a new password with the proof from the mail. All sessions of the user end, and all devices are forgotten but
/// the one that showed the proof. It logs nobody in, so that a second factor is not skipped. The address counts as
/// verified, because the mail reached it. A former address can no longer take the account back.
///
/// With `remove_others` it also removes what else logs in and was added lately, see `accounts/ways_in.rs`.
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
    (new, remove_others): (Password, bool),
    client: &Client,
) -> Result<Reset> {
    auth.require_passwords()?;
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
    // The mail proves the owner in another way than the codes that were wrong.
    #[cfg(feature = "totp")]
    second_factor::totp::forgive(&tx, claim.user).await?;
    let removed = remove_others && {
        let before = user::in_transaction(&tx, claim.user).await?.ok_or(Error::InvalidLink)?;
        // Nobody has proved an unverified address before, so nothing there is the owner's.
        let since = before.email_verified_at.map_or(0, |_| ways_in::lately(auth));
        ways_in::remove_since(auth, &mut tx, claim.user, since, By::User(client)).await?
    };
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
    let left = !ways_in::list(auth, claim.user).await?.is_empty();
    Ok(Reset { device, removed, left })
}
