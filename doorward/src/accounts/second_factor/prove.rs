//! Checks a second factor, and uses it up. Both are apart: the check may take time, and what it allows is one
//! transaction.
//!
//! Guesses have counters of their own, apart from those of the password: five free ones, then a second that doubles up
//! to an hour. So somebody who has the password guesses a code of six digits about once in a hundred thousand days.

use crate::{
    accounts::{
        event,
        limit::guesses::{self, Reservation},
        mail::outbox,
        passkey::{self, Verdict, Verified, challenges::Purpose},
        second_factor::{
            factors::MOST_FAILURES,
            recovery_codes::{self, Right},
            shown::Shown,
            totp,
        },
    },
    auth::Auth,
    base::{
        db::Tx,
        error::{Error, Result},
        totp::digits,
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::SecondFactor,
        user::{User, UserId},
    },
};

/// The wrong codes in a row after which the owner gets a letter. The guesser has proved everything else.
const TELL_AT: i64 = 10;

/// A second factor that is right, and not used up yet.
#[must_use]
pub(crate) struct Checked {
    user: UserId,
    what: What,
    /// The attempt that was counted. Nobody guesses a passkey, so its proofs are not counted.
    reserved: Option<Reservation>,
}

enum What {
    /// The step of time of a code.
    Step(i64),
    RecoveryCode(Right),
    Passkey(Box<Verified>),
}

/// Checks what a client shows. `purpose` says what a passkey was asked for.
///
/// # Errors
/// [`Error::WrongOtp`], [`Error::WrongRecoveryCode`], [`Error::PasskeyRefused`], and [`Error::TooManyAttempts`]: then
/// nothing was checked.
pub(crate) async fn check(
    auth: &Auth,
    user: &User,
    (shown, purpose): (&Shown, Purpose),
    client: &Client,
) -> Result<Checked> {
    if let Shown::Passkey(answer) = shown {
        return match passkey::verify(auth, answer, purpose).await? {
            Verdict::Right(verified) if verified.user() == user.id => {
                Ok(Checked { user: user.id, what: What::Passkey(verified), reserved: None })
            }
            Verdict::Refused(why) => Err(Error::PasskeyRefused(why)),
            _ => Err(Error::PasskeyRefused("this account has no such passkey".into())),
        };
    }
    let reserved = guesses::reserve_second_factor(auth, user.id).await?;
    let compared = compare(auth, user.id, shown, (&reserved, client)).await;
    match compared {
        Ok(Some(what)) => Ok(Checked { user: user.id, what, reserved: Some(reserved) }),
        Ok(None) => {
            fail(auth, user.id, shown.factor(), client).await?;
            reserved.fail(&user.email, client).await?;
            Err(wrong(shown.factor()))
        }
        Err(error) => {
            reserved.give_back().await;
            Err(error)
        }
    }
}

/// The error of a code that is wrong, or was used before.
fn wrong(factor: SecondFactor) -> Error {
    match factor {
        SecondFactor::Totp => Error::WrongOtp,
        _ => Error::WrongRecoveryCode,
    }
}

async fn compare(
    auth: &Auth,
    user: UserId,
    shown: &Shown,
    by: (&Reservation, &Client),
) -> Result<Option<What>> {
    match shown {
        Shown::Otp(typed) => {
            let Some(code) = digits(typed) else { return Ok(None) };
            let own = totp::active(auth, user).await?.filter(|own| own.failures < MOST_FAILURES);
            Ok(own.and_then(|own| own.app.step(&code, auth.now())).map(What::Step))
        }
        Shown::RecoveryCode(typed) => {
            let right = recovery_codes::compare(auth, user, typed, by).await?;
            Ok(right.map(What::RecoveryCode))
        }
        Shown::Passkey(_) => Ok(None),
    }
}

/// Records a wrong code. Tells the owner after some of them.
async fn fail(auth: &Auth, user: UserId, factor: SecondFactor, client: &Client) -> Result<()> {
    let mut tx = auth.db().begin().await?;
    let failures = match factor {
        SecondFactor::Totp => totp::fail(&tx, user).await?,
        _ => 0,
    };
    let letter = match failures {
        TELL_AT => Some(Letter::SECOND_FACTOR_GUESSED),
        MOST_FAILURES => Some(Letter::SECOND_FACTOR_LOCKED),
        _ => None,
    };
    if let Some(letter) = letter {
        outbox::post(auth, &mut tx, &Post::of(letter, To::User(user), client)).await?;
    }
    let failed = NewEvent::of(EventKind::SecondFactorFailed, Some(user), By::User(client));
    event::record(auth, &tx, failed.with("factor", factor.as_str())).await?;
    if failures == MOST_FAILURES {
        let locked = NewEvent::of(EventKind::SecondFactorLocked, Some(user), By::User(client));
        event::record(auth, &tx, locked.with("factor", factor.as_str())).await?;
    }
    Ok(tx.commit().await?)
}

impl Checked {
    /// Uses the second factor up, in the transaction of what it allows. The caller has locked the credential of the
    /// user, and locks the user afterwards. The attempt must be held until that transaction has ended.
    ///
    /// # Errors
    /// [`Error::WrongOtp`] or [`Error::WrongRecoveryCode`] if another request was quicker, or if the code was used
    /// before. [`Error::PasskeyRefused`] if the passkey was removed.
    pub(crate) async fn spend(&mut self, auth: &Auth, tx: &mut Tx, client: &Client) -> Result<SecondFactor> {
        let user = self.user;
        let factor = match &self.what {
            What::Step(step) => {
                if !totp::spend(tx, user, *step).await? {
                    return Err(Error::WrongOtp);
                }
                SecondFactor::Totp
            }
            What::RecoveryCode(right) => {
                totp::forgive(tx, user).await?;
                let Some(left) = recovery_codes::spend(tx, user, right).await? else {
                    return Err(Error::WrongRecoveryCode);
                };
                let used = NewEvent::of(EventKind::RecoveryCodeUsed, Some(user), By::User(client));
                event::record(auth, tx, used.with("left", left)).await?;
                outbox::post(auth, tx, &Post::of(Letter::RECOVERY_CODE_USED, To::User(user), client)).await?;
                SecondFactor::RecoveryCode
            }
            What::Passkey(verified) => {
                totp::forgive(tx, user).await?;
                verified.spend(auth, tx, client).await?
            }
        };
        if let Some(reserved) = &mut self.reserved {
            reserved.succeed(tx).await?;
        }
        Ok(factor)
    }

    /// Returns the passkey, if it was one.
    pub(crate) fn passkey(&self) -> Option<i64> {
        match &self.what {
            What::Passkey(verified) => Some(verified.passkey.id),
            _ => None,
        }
    }
}
