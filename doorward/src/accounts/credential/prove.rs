//! Proves a user by their password, at the same cost for everybody.

use std::time::Duration;

use crate::{
    accounts::{
        credential::table::{
            Proved, StoredHash, lock, lock_proved, note_use, password_by_email, password_by_user,
        },
        event,
        limit::guesses::{self, Reservation},
        mail::outbox,
        session,
    },
    auth::Auth,
    base::{
        db::Tx,
        email::Email,
        error::{Error, Result},
        passwords::{hashing::Verdict, password::Password},
    },
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        session::{Method, Session},
        user::User,
    },
};

/// Proves a user by e-mail address and password and begins the transaction in which they log in. It costs the same
/// time whether or not there is such a user, or they have a password.
///
/// In this transaction the use of the password is noted, and its hash replaced by a fresh one if that is due: both
/// only if the stored hash is still the one that was verified. The row stays locked until the transaction ends:
/// whoever changes the password then sees the session that this log-in starts, and ends it. Nothing is written
/// unless the transaction is committed. A failure is recorded as an event.
///
/// The attempt is counted before anything else is done, and cleared with the same transaction; the reservation is to be
/// held until that is over.
pub(crate) async fn use_password(
    auth: &Auth,
    email: &str,
    password: Password,
    client: &Client,
) -> Result<(User, Tx, Reservation)> {
    let mut reserved = guesses::reserve(auth, email, client).await?;
    match prove_and_note(auth, email, password, client).await {
        Ok((user, mut tx)) => {
            reserved.succeed(&mut tx).await?;
            Ok((user, tx, reserved))
        }
        Err(Error::WrongCredentials) => {
            reserved.fail(email, client).await?;
            Err(Error::WrongCredentials)
        }
        Err(error) => {
            reserved.give_back().await;
            Err(error)
        }
    }
}

async fn prove_and_note(auth: &Auth, email: &str, password: Password, client: &Client) -> Result<(User, Tx)> {
    /// Each but the last may meet an outdated hash that somebody else replaces at that moment.
    const ATTEMPTS: usize = 3;
    let email = Email::parse(email).ok();
    let (mut tried, mut reason, mut rest) = (None, "unknown_user", Duration::ZERO);
    for _ in 0..ATTEMPTS {
        let found = match &email {
            Some(email) => password_by_email(auth, email).await?,
            None => None,
        };
        let (user, stored) = found.map_or((None, None), |found| (Some(found.user), found.password));
        tried = user.as_ref().map(|user| user.id);
        reason = match (&user, &stored) {
            (None, _) => "unknown_user",
            (Some(_), None) => "no_password",
            (Some(_), Some(_)) => "wrong_password",
        };
        let proved;
        (proved, rest) = prove(auth, stored, password.clone()).await?;
        let (Some(user), Some(proved)) = (user, proved) else { break };
        // More work for a disabled user would tell that the password was right.
        if user.disabled_at.is_some() {
            reason = "disabled";
            break;
        }
        if auth.config().hides_unverified() && user.email_verified_at.is_none() {
            reason = "unverified";
            if let Some(email) = email {
                // So that an honest user learns what is missing.
                outbox::post_later(auth, Letter::VERIFY_EMAIL, email, client);
            }
            break;
        }
        // An upgrade can wait when there is too much to hash.
        let fresh = if proved.outdated { auth.hashing().hash(password.clone()).await.ok() } else { None };
        let mut tx = auth.db().begin().await?;
        if note_use(&mut tx, &proved.stored, fresh, auth.now()).await? {
            return Ok((user, tx));
        }
        if !proved.outdated {
            break;
        }
        // Another log-in may have upgraded the hash. When this is committed, that is too, and can be read: the
        // password is compared with what is there then.
        tx.commit().await?;
    }
    // With the hash of another it might have taken longer.
    tokio::time::sleep(rest).await;
    Err(event::log_in_failed(auth, tried, (Method::PASSWORD.0, reason), client).await?)
}

/// Proves a user who is logged in by their password once more. Wrong ones count as they do for logging in: who has got
/// hold of a session has no more guesses for it. A failure is recorded as an event.
pub(crate) async fn prove_again(
    auth: &Auth,
    user: &User,
    password: Password,
    client: &Client,
) -> Result<Proved> {
    let mut reserved = guesses::reserve(auth, &user.email, client).await?;
    let proved = async { prove(auth, password_by_user(auth, user.id).await?, password).await };
    match proved.await {
        Ok((Some(proved), _)) => {
            let mut tx = auth.db().begin().await?;
            reserved.succeed(&mut tx).await?;
            tx.commit().await?;
            Ok(proved)
        }
        Ok((None, _)) => {
            let failed = New::of(EventKind::ConfirmationFailed, Some(user.id), By::User(client));
            event::record_alone(auth, failed).await?;
            reserved.fail(&user.email, client).await?;
            Err(Error::WrongPassword)
        }
        Err(error) => {
            reserved.give_back().await;
            Err(error)
        }
    }
}

/// Makes sure that it is still the user who acts: by the password if they sent it, or because they logged in a few
/// minutes ago. `None` for the latter.
///
/// # Errors
/// [`Error::StepUpRequired`] if the password is missing, [`Error::WrongPassword`].
pub(crate) async fn step_up(
    auth: &Auth,
    session: &Session,
    password: Option<Password>,
    client: &Client,
) -> Result<Option<Proved>> {
    match password {
        Some(password) => prove_again(auth, &session.user, password, client).await.map(Some),
        None if session::is_fresh(auth, session).await? => Ok(None),
        None => Err(Error::StepUpRequired),
    }
}

/// Compares a password with the stored one. Says as well how long somebody who is refused has to wait still.
async fn prove(
    auth: &Auth,
    stored: Option<StoredHash>,
    password: Password,
) -> Result<(Option<Proved>, Duration)> {
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let compared = auth.hashing().verify(password, hash).await?;
    let proved = match compared.verdict {
        Verdict::Wrong => None,
        Verdict::Right => stored.map(|stored| Proved { stored, outdated: false }),
        Verdict::RightAndOutdated => stored.map(|stored| Proved { stored, outdated: true }),
    };
    Ok((proved, compared.rest))
}

/// Begins the transaction in which a user does what they logged in for, or proved themselves again. Meanwhile they may
/// have got rid of whoever uses this session; from now on that waits for this.
///
/// # Errors
/// [`Error::InvalidSession`] if the session has ended, [`Error::WrongPassword`] if the password is another.
pub(crate) async fn begin(auth: &Auth, session: &Session, proved: Option<&Proved>) -> Result<Tx> {
    let mut tx = auth.db().begin().await?;
    let same = match proved {
        Some(proved) => lock_proved(&mut tx, proved).await?,
        None => lock(&mut tx, session.user.id).await.map(|()| true)?,
    };
    let refused = match (session::goes_on(&mut tx, session).await?, same) {
        (true, true) => return Ok(tx),
        (true, false) => Error::WrongPassword,
        (false, _) => Error::InvalidSession,
    };
    // On SQLite what refuses it is seen before it is committed, and may never be.
    tx.commit().await?;
    Err(refused)
}
