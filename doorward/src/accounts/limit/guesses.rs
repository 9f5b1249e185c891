//! Limits how often secrets may be guessed. An attempt is counted as wrong before it is checked, so that concurrent
//! attempts cannot exceed a limit.
//!
//! - **Strangers at an account** have some free wrong attempts together. After that, the waiting time doubles with each
//!   attempt, by default up to 15 minutes. The key is the canonical e-mail address, also if no account has it. A
//!   correct attempt takes back its own count, exactly, and leaves the others. If it cleared them, a stranger could
//!   tell that somebody uses the account.
//! - **After a hundred wrong attempts of strangers** a correct password of a stranger does not open an account whose
//!   owner can be reached by mail (NIST SP 800-63B-4, section 3.2.2). Known devices and mails still do. The answer is
//!   the same for every address, and for the correct password, see [`Reservation::exhausted`].
//! - **A device that the owner has logged in with before**, or that showed a mail, has a counter of its own
//!   ([`device`](crate::accounts::device)), and its client address is not counted. So an attacker who keeps an account
//!   blocked does not lock its owner out.
//! - **A client that has just proved itself**, by the password or by a mail, has a counter of its own for the account
//!   for an hour. Clients in one network (`base/network.rs`) share it. So the wrong attempts before a success do not
//!   trouble it afterwards, and a program without cookies gets in after its owner has reset the password.
//! - **A session** has a counter for proofs by password inside it. A stranger cannot use it up, and the holder of a
//!   stolen session cannot use up the attempts of others.
//! - **A second factor** has a counter for each user. The longest wait is an hour. The holder of a right password can
//!   keep the owner waiting, who then has to choose a new password.
//! - **A code from a mail** has a few attempts. Each request for another mail gives as many again. A code that logs in
//!   is bound to one browser, and so are its attempts.
//! - **A client address** has a number of wrong passwords of strangers and wrong codes a minute, for all accounts
//!   together. Addresses of one network are one client.
//! - **A link for one attempt** has no counter: it is used up before the password is checked.
//!
//! A refusal costs one look-up, a second one for a device, and usually no write. An event is recorded when a limit is
//! reached, not for each refusal, so that an attacker cannot fill the log.

use std::time::Duration;

#[cfg(feature = "totp")]
use crate::model::user::UserId;
use crate::{
    accounts::{
        event,
        limit::table::{self, Blocked, Counted, Rule},
        user,
    },
    auth::Auth,
    base::{
        db::Tx,
        email::Email,
        error::{Error, Result},
        passwords::queue::{Caller, Class},
        secret::Hash,
    },
    model::{client::Client, purpose::Purpose, session::Session},
};

mod attempt;

use attempt::{Attempt, Kind};

/// How long an attempt waits for the outcome of concurrent attempts.
const PATIENCE: Duration = Duration::from_secs(4);

/// The pause before a counter is read again that has changed meanwhile. A read may be a moment too early.
const AGAIN: Duration = Duration::from_millis(2);

/// The seconds for which a client keeps the counter that it has earned. By then the few wrong attempts that it made
/// before are forgotten too.
const EARNED_FOR: i64 = table::FEW_FOR;

/// The number of consecutive wrong attempts by strangers after which the password alone opens no account.
const HUNDRED: i64 = 100;

/// An attempt that was counted and may be checked. The caller must hold it until the outcome is committed.
#[must_use]
pub(crate) struct Reservation {
    auth: Auth,
    attempt: Attempt,
    /// The keys for which this attempt is under way.
    keys: Vec<Hash>,
    counted: Vec<Counted>,
    /// The seconds to wait if strangers have used up what a password alone may open.
    exhausted: Option<i64>,
    /// The limits that this attempt reaches if it is wrong.
    reaches: Vec<&'static str>,
    /// The attempt still counts: it was neither correct nor given back.
    counts: bool,
}

/// Counts an attempt to log in to the account with the typed address `email`. Call it before the password is checked.
/// Afterwards call one method:
/// - [`Reservation::succeed`] for a correct secret.
/// - [`Reservation::fail`] for a wrong one.
/// - [`Reservation::give_back`] if the server could not check it.
///
/// If no method is called, because the client has closed its connection, the attempt counts as wrong.
///
/// # Errors
/// [`Error::TooManyAttempts`], in the same way for an unknown address. [`Error::Unavailable`] if so many attempts came
/// at once that their outcome takes too long.
pub(crate) async fn reserve(auth: &Auth, email: &str, client: &Client) -> Result<Reservation> {
    let attempt = Attempt::at_password(auth, email, client).await?;
    patiently(auth, attempt).await
}

/// Lets one attempt pass that a link from a mail allows. The caller has used the link up.
pub(crate) fn reserve_by_link(auth: &Auth, email: &Email, client: &Client) -> Reservation {
    Reservation::begin(auth, Attempt::by_link(auth, email, client))
}

/// Counts a proof by password inside a session, in the same way.
///
/// # Errors
/// As [`reserve`].
pub(crate) async fn reserve_in_session(auth: &Auth, session: &Session) -> Result<Reservation> {
    patiently(auth, Attempt::in_session(auth, session)).await
}

/// Counts an attempt at a second factor of this user, in the same way. Each user has a counter of their own. A guesser
/// reaches it only with the right password.
///
/// # Errors
/// As [`reserve`].
#[cfg(feature = "totp")]
pub(crate) async fn reserve_second_factor(auth: &Auth, user: UserId) -> Result<Reservation> {
    patiently(auth, Attempt::at_second_factor(user)).await
}

/// Counts an attempt at a code for this purpose and the account with this address, in the same way.
///
/// # Errors
/// As [`reserve`]. With [`Error::TooManyAttempts`] this code is not checked, and it may be the correct one.
pub(crate) async fn reserve_code(
    auth: &Auth,
    purpose: Purpose,
    email: &Email,
    client: &Client,
) -> Result<Reservation> {
    patiently(auth, Attempt::at_code(auth, purpose, email, client)).await
}

/// Counts an attempt at the code of the mail that this log-in waits for, in the same way. Each log-in has attempts of
/// its own, so nobody can use up those of another browser.
///
/// # Errors
/// As [`reserve_code`].
pub(crate) async fn reserve_log_in_code(auth: &Auth, log_in: Hash, client: &Client) -> Result<Reservation> {
    patiently(auth, Attempt::at_log_in_code(auth, log_in, client)).await
}

/// Counts an attempt, or waits for the outcome of those that block it.
async fn patiently(auth: &Auth, attempt: Attempt) -> Result<Reservation> {
    let reserved = async {
        loop {
            let ended = auth.under_way().ended();
            let ending = attempt.keys().map(|keys| keys.map(|key| (key, auth.under_way().ending(key))));
            // From here on the signals are not missed.
            let mut ending: Vec<_> = ending
                .iter()
                .flatten()
                .map(|(key, one)| (key, one.as_ref().map(|one| one.notified())))
                .collect();
            let blocked = match try_now(auth, &attempt).await? {
                Tried::Counted(reservation) => return Ok(*reservation),
                Tried::Changed => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Tried::Blocked(blocked) => blocked,
            };
            if blocked.iter().all(|one| auth.under_way().ending(one.key).is_some()) {
                // The attempts that are being checked may turn out to be correct. Then this one is not blocked.
                let first = ending.iter_mut().find(|(key, _)| **key == blocked[0].key);
                if let Some(ending) = first.and_then(|(_, ending)| ending.take()) {
                    ending.await;
                }
            } else if auth.under_way().ended() == ended {
                let wait = blocked.iter().map(|one| one.wait).max().unwrap_or(1);
                return Err(Error::TooManyAttempts(wait));
            }
        }
    };
    match tokio::time::timeout(PATIENCE, reserved).await {
        Ok(result) => result,
        Err(_) => Err(Error::Unavailable),
    }
}

/// The result of an attempt to count.
enum Tried {
    Counted(Box<Reservation>),
    /// These counters block it: at least one.
    Blocked(Vec<Blocked>),
    /// Others were counted at the same moment.
    Changed,
}

async fn try_now(auth: &Auth, attempt: &Attempt) -> Result<Tried> {
    let now = auth.now();
    let mut reservation = Reservation::begin(auth, *attempt);
    let Some(keys) = attempt.keys() else { return Ok(Tried::Counted(Box::new(reservation))) };
    let states = table::look(auth.db(), keys, now).await?;
    let counters = attempt.counters(&states, now);
    let blocked = table::blocked(counters.iter().map(|(counter, _)| *counter), &states, now);
    if !blocked.is_empty() {
        return Ok(Tried::Blocked(blocked));
    }
    for (counter, name) in counters {
        reservation.begin_for(counter.key);
        let Some(counted) = table::count(auth.db(), counter, &states, now).await? else {
            let mut tx = auth.db().begin().await?;
            reservation.take_back(&mut tx).await?;
            tx.commit().await?;
            reservation.counts = false;
            return Ok(Tried::Changed);
        };
        reservation.note(counted, name);
    }
    Ok(Tried::Counted(Box::new(reservation)))
}

impl Reservation {
    fn begin(auth: &Auth, attempt: Attempt) -> Self {
        let (keys, counted, reaches) = (Vec::new(), Vec::new(), Vec::new());
        Self { auth: auth.clone(), attempt, keys, counted, exhausted: None, reaches, counts: true }
    }

    /// Returns the caller of the slow jobs that check this attempt.
    pub(crate) fn caller(&self, client: &Client) -> Caller {
        let has_earned = self.counted.iter().any(|counted| matches!(counted.counter.rule, Rule::Earned(_)));
        client.caller(match self.attempt.kind {
            Kind::Device | Kind::Link | Kind::SecondFactor => Class::KnownDevice,
            Kind::Stranger if has_earned => Class::KnownDevice,
            Kind::Session => Class::Session,
            Kind::Stranger | Kind::Code => Class::LogIn,
        })
    }

    fn begin_for(&mut self, key: Hash) {
        self.auth.under_way().begin(key);
        self.keys.push(key);
    }

    /// Notes that a counter has counted the attempt.
    fn note(&mut self, counted: Counted, name: &'static str) {
        let count = counted.count;
        let reached = match counted.counter.rule {
            Rule::Window(rule) => count == rule.most,
            Rule::Spacing(rule) | Rule::Earned(rule) => count == rule.free,
        };
        if reached {
            self.reaches.push(name);
        }
        if let (Kind::Stranger, Rule::Spacing(rule)) = (self.attempt.kind, counted.counter.rule) {
            let most = rule.free.max(HUNDRED);
            if count == most {
                self.reaches.push("strangers");
            }
            self.exhausted = (count > most).then(|| rule.delay(count) + 1);
        }
        self.counted.push(counted);
    }

    /// Returns the seconds until the next attempt if strangers have made more than a hundred wrong attempts in a row.
    /// Then a correct password must not open the account if its owner can be reached by mail, and every refusal is
    /// [`Error::TooManyAttempts`] with these seconds.
    ///
    /// - The same holds for an unknown address and for an account without a verified address. So the answer does not
    ///   tell which addresses have an account, nor whether the owner could be reached.
    /// - The answer is the same for the correct password. With another one, the strangers would learn the password.
    /// - The attempt stays counted, also with the correct password, for the same reason.
    pub(crate) fn exhausted(&self) -> Option<i64> {
        self.exhausted
    }

    /// Notes that the attempt was correct, in the transaction `tx` of its effect or right after it. The counter of the
    /// device or session is reset, because only the owner uses it. Other counters lose this one attempt. A client
    /// without a known device earns a counter of its own.
    pub(crate) async fn succeed(&mut self, tx: &mut Tx) -> Result<()> {
        self.counts = false;
        if let Kind::Device | Kind::Session | Kind::SecondFactor = self.attempt.kind {
            for counted in &self.counted {
                table::succeed(tx, counted.counter.key).await?;
            }
            return Ok(());
        }
        self.take_back(tx).await?;
        match self.attempt.earned {
            Some(earned) => Ok(table::earn(tx, earned.key, self.auth.now(), EARNED_FOR).await?),
            None => Ok(()),
        }
    }

    /// Notes that the attempt was wrong. `email` is the address as it was typed. If the attempt reaches a limit,
    /// records an event, also for an unknown address.
    pub(crate) async fn fail(self, email: &str, client: &Client) -> Result<()> {
        if self.reaches.is_empty() {
            return Ok(());
        }
        let user = match Email::known(email) {
            Ok(email) => user::by_email(self.auth.db(), &email).await?.map(|user| user.id),
            Err(_) => None,
        };
        for limit in &self.reaches {
            if *limit == "client_address"
                && let Some(ip) = client.ip
            {
                tracing::warn!(%ip, "a client address has used up its attempts for this minute");
            }
            event::throttled(&self.auth, limit, user, client).await?;
        }
        Ok(())
    }

    /// Takes the attempt back. The server could not check it, because the database or the hashing threads are busy.
    pub(crate) async fn give_back(mut self) {
        self.counts = false;
        let given_back = async {
            let mut tx = self.auth.db().begin().await?;
            self.take_back(&mut tx).await?;
            Result::<()>::Ok(tx.commit().await?)
        };
        if let Err(error) = given_back.await {
            tracing::debug!(cause = %error, "an attempt that was not checked stays counted");
        }
    }

    async fn take_back(&self, tx: &mut Tx) -> Result<()> {
        for counted in &self.counted {
            table::take_back(tx, counted).await?;
        }
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        for key in &self.keys {
            self.auth.under_way().end(*key, self.counts);
        }
    }
}

/// Gives a client a counter of its own for the account with this address, in the transaction that a proof from a mail
/// allows. A stranger cannot earn it, and cannot tell that somebody did.
pub(crate) async fn earn(auth: &Auth, tx: &mut Tx, email: &Email, client: &Client) -> Result<()> {
    match attempt::earned(auth, &email.key, client) {
        Some(earned) => Ok(table::earn(tx, earned.key, auth.now(), EARNED_FOR).await?),
        None => Ok(()),
    }
}

/// Resets the attempts at codes, in the transaction of a request for another code. So an attacker who has used up the
/// attempts does not keep the owner from a code.
///
/// Do not call it when a code is sent: codes are sent only to known addresses, and that would reveal them. Three codes
/// with five attempts each in a quarter of an hour find one of 2^40 codes in a million years.
pub(crate) async fn renew_codes(tx: &mut Tx, purpose: Purpose, email: &Email) -> Result<()> {
    Ok(table::clear(tx, attempt::code(purpose, email)).await?)
}

/// Gives the counter of an address at least the count of the address that it replaces, in the transaction of the
/// change. Otherwise an attacker with a stolen session could get new attempts at the password with each change of
/// address.
pub(crate) async fn carry_over(tx: &mut Tx, from: &str, to: &Email) -> Result<()> {
    match Email::of_account(from) {
        Ok(from) if from.key != to.key => {
            Ok(table::carry(tx, attempt::account(&from.key), attempt::account(&to.key)).await?)
        }
        _ => Ok(()),
    }
}

/// Resets the counter of the account with this address, in the transaction of an operator. A stranger may notice that:
/// nothing that the owner does calls this.
pub(crate) async fn reset_account(tx: &mut Tx, email: &str) -> Result<()> {
    match Email::of_account(email) {
        Ok(email) => Ok(table::clear(tx, attempt::account(&email.key)).await?),
        Err(_) => Ok(()),
    }
}

/// Resets the counter of the second factors of a user, in the transaction of an operator.
#[cfg(feature = "totp")]
pub(crate) async fn reset_second_factor(tx: &mut Tx, user: UserId) -> Result<()> {
    Ok(table::clear(tx, attempt::second_factor(user)).await?)
}

/// Resets the counter of a device, in the transaction of an operator.
pub(crate) async fn reset_device(tx: &mut Tx, token_hash: &[u8]) -> Result<()> {
    Ok(table::clear(tx, attempt::device(token_hash)).await?)
}

/// Resets the counter that a client has for the account with this address, in the transaction of an operator.
pub(crate) async fn reset_client(auth: &Auth, tx: &mut Tx, email: &str, client: &Client) -> Result<()> {
    let key = Email::of_account(email).ok().and_then(|email| attempt::earned(auth, &email.key, client));
    match key {
        Some(earned) => Ok(table::empty(tx, earned.key).await?),
        None => Ok(()),
    }
}

/// Deletes at most `at_most` expired counters. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, at_most: i64) -> Result<u64> {
    Ok(table::delete_expired(auth.db(), auth.now(), at_most).await?)
}

#[cfg(test)]
mod tests;
