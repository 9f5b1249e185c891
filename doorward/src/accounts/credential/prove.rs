//! Proves a user by their password. The time is the same for every account and for an unknown address.

use crate::{
    accounts::{
        credential::table::{Proved, StoredHash, lock_proved, note_use, password_by_email, password_by_user},
        event,
        limit::guesses::{self, Reservation},
        mail::outbox,
        one_time::{self, attempt},
        session, user,
    },
    auth::{Auth, attempts::AttemptKind},
    base::{
        db::Tx,
        email::{Email, trimmed},
        error::{Error, Result},
        passwords::{
            hashing::{Compared, Verdict},
            password::Password,
            queue::Caller,
        },
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        purpose::Purpose,
        session::{Method, Session},
        user::User,
    },
};

/// Proves a user by e-mail address and password, and begins the transaction of the log-in. A refusal takes the same
/// time if there is no such user, or if the user has no password.
///
/// The transaction stores the use of the password. It replaces an outdated hash by a fresh one, or by a wrapped one if the
/// hash accepts other texts too: the text may then be another one than its owner chose. It does both only if
/// the stored hash is still the one that was verified. The row stays locked until the transaction ends. So a
/// concurrent change of the password waits, then sees the session that this log-in begins, and ends it. Nothing is
/// written unless the transaction is committed. A failure is recorded as an event.
///
/// The attempt is counted as wrong before anything else is done, and the same transaction takes that back. The caller
/// must hold the [`Reservation`] until that transaction has ended. `link` is the token of a mail that allows one attempt
/// while the account is blocked. It is used up before the password is compared.
///
/// # Errors
/// [`Error::TooManyLogIns`] if no attempt is allowed now, and [`Error::TooManyAttempts`] on a server without mail.
/// [`Error::InvalidLink`] if there is a `link` and it does not work.
pub(crate) async fn use_password(
    auth: &Auth,
    email: &str,
    password: Password,
    client: &Client,
    link: Option<&str>,
) -> Result<(User, Tx, Reservation)> {
    let allowed = auth.attempts().decide(AttemptKind::LogIn, trimmed(email), client).await?;
    // What is dropped at the ends was a part of some addresses in older versions.
    let email = if allowed.email == trimmed(email) { email } else { &*allowed.email };
    let (mut reserved, taken) = match link {
        Some(token) => {
            let email = Email::known(email).map_err(|_| Error::InvalidLink)?;
            let taken = attempt::take(auth, Purpose::LOGIN_ATTEMPT, token, &email).await?;
            (guesses::reserve_by_link(auth, &email, client), Some(taken))
        }
        None => (guesses::reserve(auth, email, client).await.map_err(|error| blocked(auth, error))?, None),
    };
    let (exhausted, caller) = (reserved.exhausted(), reserved.caller(client));
    match prove_and_note(auth, email, password, (client, caller), exhausted.is_some()).await {
        Ok((user, mut tx)) => {
            reserved.succeed(&mut tx).await?;
            if link.is_some() {
                // The mail reached this address, which may not be that of the account any more.
                let present = user::lock(&mut tx, user.id, auth.now()).await?;
                if present.is_some_and(|present| present.email == user.email) {
                    one_time::note_proof(auth, &mut tx, user.id).await?;
                }
            }
            Ok((user, tx, reserved))
        }
        Err(Error::WrongCredentials) => {
            reserved.fail(email, client).await?;
            match exhausted {
                Some(seconds) => Err(blocked(auth, Error::TooManyAttempts(seconds))),
                None => Err(Error::WrongCredentials),
            }
        }
        Err(error) => {
            reserved.give_back().await;
            if let Some(taken) = taken {
                attempt::put_back(auth, taken).await;
            }
            Err(error)
        }
    }
}

/// Returns the error of a log-in that no limit allows now. On a server that sends mail it tells about the link.
fn blocked(auth: &Auth, error: Error) -> Error {
    match error {
        Error::TooManyAttempts(seconds) if auth.mail().works() => Error::TooManyLogIns(seconds),
        error => error,
    }
}

/// Proves the user and notes the use. If strangers have `exhausted` their attempts, it refuses the correct password too,
/// unless the owner cannot be reached by mail.
async fn prove_and_note(
    auth: &Auth,
    email: &str,
    password: Password,
    (client, caller): (&Client, Caller),
    exhausted: bool,
) -> Result<(User, Tx)> {
    /// The most tries. A try fails if a concurrent log-in replaces the outdated hash.
    const ATTEMPTS: usize = 3;
    let email = Email::known(email).ok();
    let (mut tried, mut reason, mut refused) = (None, "unknown_user", None);
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
        let (proved, compared) = prove(auth, caller, stored, password.clone()).await?;
        refused = Some(compared);
        let (Some(user), Some(proved)) = (user, proved) else { break };
        // Further work for a disabled user would take time, and so reveal that the password was correct.
        if user.disabled_at.is_some() {
            reason = "disabled";
            break;
        }
        if exhausted && auth.mail().works() && user.email_verified_at.is_some() {
            reason = "too_many_attempts";
            break;
        }
        if auth.config().hides_unverified() && user.email_verified_at.is_none() {
            reason = "unverified";
            if let Some(email) = email {
                // The answer is the same as for a wrong password. The mail tells the owner what is missing.
                outbox::post_later(auth, Letter::VERIFY_EMAIL, email, client);
            }
            break;
        }
        let (verdict, hash) = (proved.verdict, proved.stored.hash.clone());
        let fresh = auth.hashing().renew(caller, verdict, password.clone(), hash).await;
        let mut tx = auth.db().begin().await?;
        if note_use(&mut tx, &proved.stored, fresh, auth.now()).await? {
            return Ok((user, tx));
        }
        if !proved.verdict.renews() {
            break;
        }
        // Another log-in may have upgraded the hash. After this commit its commit can be read too, and the password is
        // compared with the new hash.
        tx.commit().await?;
    }
    // Another kind of hash may take longer, and so may a wrong password. This refusal must take as long.
    if let Some(compared) = refused {
        auth.hashing().even_out(caller, password, compared).await;
    }
    Err(event::log_in_failed(auth, tried, (Method::PASSWORD.0, reason), client).await?)
}

/// Proves a logged-in user once more, by their password. A wrong password counts for the session. So an attacker with a
/// stolen session gets a few guesses, and a session cannot begin others. Strangers who guess at the account do not keep
/// its owner from this. A failure is recorded as an event.
pub(crate) async fn prove_again(
    auth: &Auth,
    session: &Session,
    password: Password,
    client: &Client,
) -> Result<Proved> {
    let user = &session.user;
    let mut reserved = guesses::reserve_in_session(auth, session).await?;
    let caller = reserved.caller(client);
    let proved = async { prove(auth, caller, password_by_user(auth, user.id).await?, password).await };
    match proved.await {
        Ok((Some(proved), _)) => {
            let mut tx = auth.db().begin().await?;
            reserved.succeed(&mut tx).await?;
            tx.commit().await?;
            Ok(proved)
        }
        Ok((None, _)) => {
            let failed = NewEvent::of(EventKind::ConfirmationFailed, Some(user.id), By::User(client));
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

/// Compares a password with the stored hash. Also returns the comparison, which makes all refusals take the same time.
async fn prove(
    auth: &Auth,
    caller: Caller,
    stored: Option<StoredHash>,
    password: Password,
) -> Result<(Option<Proved>, Compared)> {
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let compared = auth.hashing().verify(caller, password, hash).await?;
    let verdict = compared.verdict;
    let proved = stored.filter(|_| verdict != Verdict::Wrong).map(|stored| Proved { stored, verdict });
    Ok((proved, compared))
}

/// Begins the transaction of a change that a logged-in user makes. Locks their password first. So the owner cannot end
/// this session at the same time: either the session has ended before and is refused here, or the owner's change waits
/// for this one.
///
/// # Errors
/// [`Error::InvalidSession`] if the session has ended. [`Error::WrongPassword`] if the password was changed since it
/// was proved.
pub(crate) async fn begin(auth: &Auth, session: &Session, proved: &Proved) -> Result<Tx> {
    let mut tx = auth.db().begin().await?;
    let same = lock_proved(&mut tx, proved).await?;
    let refused = match (session::has_not_ended(&mut tx, session).await?, same) {
        (true, true) => return Ok(tx),
        (true, false) => Error::WrongPassword,
        (false, _) => Error::InvalidSession,
    };
    // On SQLite this transaction sees a change of another one before that is committed, and it may never be. This
    // commit waits for it, so the refusal is only sent if the change is durable.
    tx.commit().await?;
    Err(refused)
}
