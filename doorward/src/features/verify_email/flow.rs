//! Verifies that mail to the address of an account reaches its owner.

use crate::{
    accounts::{
        device::{self, Device, Kind},
        event,
        limit::{
            guesses,
            mails::{self, Asker},
        },
        mail::outbox,
        one_time::{self, proof::Proof},
        user,
    },
    auth::{Auth, attempts::AttemptKind},
    base::{
        email::Email,
        error::{Error, Result},
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

/// Requests a mail with a link and a code. The answer and the time it takes are the same whether or not the address has
/// an account or is verified.
///
/// # Errors
/// [`Error::MailNotConfigured`]. [`Error::TooManyAttempts`] if the client has asked for enough mails.
pub(super) async fn ask(auth: &Auth, email: &Email, asker: Asker<'_>) -> Result<()> {
    auth.require_mail()?;
    let allowed = auth.attempts().decide(AttemptKind::Mail, &email.typed, asker.client).await?;
    let email = &allowed.address(email)?;
    send(auth, email, To::Owner(email.clone()), asker).await.map(drop)
}

/// Queues the mail. Returns `false` if the address has had enough of them.
async fn send(auth: &Auth, email: &Email, to: To, asker: Asker<'_>) -> Result<bool> {
    if !mails::may_ask(auth, Purpose::VERIFY_EMAIL.name, email, asker).await? {
        return Ok(false);
    }
    let mut tx = auth.db().begin().await?;
    guesses::renew_codes(&mut tx, Purpose::VERIFY_EMAIL, email).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::VERIFY_EMAIL, to, asker.client)).await?;
    tx.commit().await?;
    Ok(true)
}

impl Auth {
    /// Sends a user the mail with a link and a code that verify their address, in the language with this tag, such as
    /// `de`. A language without texts is English. `POST /verify-email/request` does the same for a stranger.
    ///
    /// Returns `false` if no mail is sent: there is no such user, they are disabled or verified, or their address has had
    /// as many of these mails as [`LimitConfig::mails_per_recipient`](crate::config::LimitConfig::mails_per_recipient) allows.
    ///
    /// # Errors
    /// [`Error::MailNotConfigured`], [`Error::Unavailable`].
    pub async fn send_verification(&self, user: impl Into<UserId>, language: &str) -> Result<bool> {
        self.require_mail()?;
        let Some(user) = user::by_id(self.db(), user.into()).await? else { return Ok(false) };
        if !(Letter::VERIFY_EMAIL.needs)(&user) {
            return Ok(false);
        }
        let client = Client { language: Language::of_tag(language).unwrap_or_default(), ..Client::default() };
        let email = Email::of_account(&user.email).map_err(|fault| Error::field("email", fault))?;
        send(self, &email, To::User(user.id), Asker::anybody(&client)).await
    }
}

/// Marks the address that the mail was sent to as verified.
///
/// Sessions go on: their holder knows the password and could log in again at once. A new password ends them. In private
/// mode, an owner who registers an address that an attacker registered before gets a mail to choose one. The client that
/// showed the proof is recognised from then on.
///
/// # Errors
/// [`Error::InvalidLink`], also if the account has another address by now.
pub(super) async fn verify(auth: &Auth, proof: &Proof, client: &Client) -> Result<Device> {
    let claim = proof.claim(auth, Purpose::VERIFY_EMAIL, client).await?;
    let mut tx = auth.db().begin().await?;
    if !user::set_verified(&mut tx, claim.user, &claim.sent_to, auth.now()).await? {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    let verified = NewEvent::of(EventKind::EmailVerified, Some(claim.user), By::User(client));
    event::record(auth, &tx, verified).await?;
    let device = device::remember(auth, &tx, claim.user, Kind::Reader, client).await?;
    guesses::earn(auth, &mut tx, &claim.sent_to, client).await?;
    tx.commit().await?;
    Ok(device)
}
