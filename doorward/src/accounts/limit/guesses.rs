//! Limits how often secrets may be guessed. An attempt is counted as wrong before it is checked, so that concurrent
//! attempts cannot exceed a limit.
//!
//! - **An account** has some free wrong attempts. After that, the waiting time doubles with each attempt, by default up
//!   to 15 minutes. The key is the canonical e-mail address, for every way to log in, also if no account has this
//!   address. A correct attempt resets the counter. While the account is blocked, a correct attempt is refused too.
//! - **A client address** has a number of wrong attempts a minute, for all accounts together. IPv6 addresses count by
//!   their /64, because a client with one address usually has all of them. A correct attempt takes back its own count.
//!   Wrong ones stay counted.
//! - **A browser that the owner has logged in with before** has a counter of its own ([`device`]), instead of those of
//!   the account and the client address. So an attacker who keeps an account blocked does not lock its owner out.
//! - **A code from a mail** also has a few attempts. Each request for another mail gives as many again.
//!
//! A refusal costs one look-up, a second one for a known browser, and usually no write. An event is recorded when a
//! limit is reached, not for each refusal, so that an attacker cannot fill the log.

use std::time::Duration;

use crate::{
    accounts::{
        device, event,
        limit::table::{self, Blocked, Counted, Key, Spacing, Window},
        user,
    },
    auth::Auth,
    base::{
        db::Tx,
        email::Email,
        error::{Error, Result},
        passwords::queue::{Caller, Class},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        purpose::Purpose,
    },
};

const MINUTE: i64 = 60;

/// How long an attempt waits for the outcome of concurrent attempts.
const PATIENCE: Duration = Duration::from_secs(4);

/// An attempt that was counted and may be checked. The caller must hold it until the outcome is committed.
#[must_use]
pub(crate) struct Reservation {
    auth: Auth,
    keys: Keys,
    /// The count in the window of the client address.
    counted: Option<Counted>,
    /// The limits that this attempt reaches if it is wrong.
    reaches: Vec<&'static str>,
    /// The attempt still counts for its keys: it was neither correct nor given back.
    counts: bool,
}

/// The keys of the counters that count an attempt.
#[derive(Clone, Copy, Debug)]
struct Keys {
    /// The account, or a browser that its owner has logged in with before.
    subject: Key,
    /// The class of the work that the attempt causes.
    class: Class,
    address: Option<Key>,
}

/// Counts an attempt to guess a secret of the account with the typed address `email`. Call it before the secret is
/// checked. Afterwards call one method:
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
    let keys = Keys::of(auth, email, client).await?;
    let reserved = async {
        loop {
            let ended = auth.under_way().ended();
            let ending = keys.both().map(|key| auth.under_way().ending(key));
            // From here on the signals are not missed.
            let ending = ending.each_ref().map(|ending| ending.as_ref().map(|ending| ending.notified()));
            let blocked = match try_now(auth, keys).await? {
                Ok(reservation) => return Ok(reservation),
                Err(blocked) => blocked,
            };
            if blocked.iter().all(|one| auth.under_way().ending(one.key).is_some()) {
                // The attempts that are being checked may turn out to be correct. Then this one is not blocked.
                let [subject, address] = ending;
                let first = if blocked[0].key == keys.subject { subject } else { address };
                if let Some(ending) = first {
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

/// Counts an attempt, or returns the keys that block it: at least one.
async fn try_now(auth: &Auth, keys: Keys) -> Result<Result<Reservation, Vec<Blocked>>> {
    let now = auth.now();
    let blocked = table::blocked(auth.db(), keys.both(), now).await?;
    if !blocked.is_empty() {
        return Ok(Err(blocked));
    }
    let just_now = |key| Ok(Err(vec![Blocked { key, wait: 1 }]));
    let mut reservation = Reservation::begin(auth, keys);
    if let Some(address) = keys.address {
        let rule = by_address(auth);
        reservation.counted = table::count_in(auth.db(), address, rule, now).await?;
        match &reservation.counted {
            Some(counted) if counted.count == rule.most => reservation.reaches.push("client_address"),
            Some(_) => {}
            None => return just_now(address),
        }
    }
    match table::count(auth.db(), keys.subject, spacing(auth), now).await? {
        Some(count) => {
            if count == spacing(auth).free {
                reservation.reaches.push("account");
            }
            Ok(Ok(reservation))
        }
        None => {
            let mut tx = auth.db().begin().await?;
            reservation.give_back_address(&mut tx).await?;
            tx.commit().await?;
            reservation.counts = false;
            just_now(keys.subject)
        }
    }
}

impl Reservation {
    fn begin(auth: &Auth, keys: Keys) -> Self {
        for key in keys.both() {
            auth.under_way().begin(key);
        }
        Self { auth: auth.clone(), keys, counted: None, reaches: Vec::new(), counts: true }
    }

    /// Returns the caller of the slow jobs that check this attempt.
    pub(crate) fn caller(&self, client: &Client) -> Caller {
        client.caller(self.keys.class)
    }

    /// Notes that the attempt was correct. Resets the counter of the account, in the transaction `tx` of its effect or
    /// right after it. The counter of the client address only loses this one attempt.
    pub(crate) async fn succeed(&mut self, tx: &mut Tx) -> Result<()> {
        self.counts = false;
        table::succeed(tx, self.keys.subject).await?;
        self.give_back_address(tx).await
    }

    /// Notes that the attempt was wrong. `email` is the address as it was typed. If the attempt reaches a limit,
    /// records an event, also for an unknown address.
    pub(crate) async fn fail(self, email: &str, client: &Client) -> Result<()> {
        if self.reaches.is_empty() {
            return Ok(());
        }
        let user = match Email::parse(email) {
            Ok(email) => user::by_email(self.auth.db(), &email).await?.map(|user| user.id),
            Err(_) => None,
        };
        for limit in &self.reaches {
            if *limit == "client_address"
                && let Some(ip) = client.ip
            {
                tracing::warn!(%ip, "a client address has used up its attempts for this minute");
            }
            let throttled = NewEvent::of(EventKind::Throttled, user, By::User(client)).with("limit", limit);
            event::record_alone(&self.auth, throttled).await?;
        }
        Ok(())
    }

    /// Takes the attempt back. The server could not check it, because the database or the hashing threads are busy.
    pub(crate) async fn give_back(mut self) {
        self.counts = false;
        let given_back = async {
            let mut tx = self.auth.db().begin().await?;
            table::take_back(&mut tx, self.keys.subject, spacing(&self.auth)).await?;
            self.give_back_address(&mut tx).await?;
            Result::<()>::Ok(tx.commit().await?)
        };
        if let Err(error) = given_back.await {
            tracing::debug!(cause = %error, "an attempt that was not checked stays counted");
        }
    }

    async fn give_back_address(&self, tx: &mut Tx) -> Result<()> {
        match self.counted {
            Some(counted) => Ok(table::give_back(tx, counted).await?),
            None => Ok(()),
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        for key in self.keys.both() {
            self.auth.under_way().end(key, self.counts);
        }
    }
}

impl Keys {
    async fn of(auth: &Auth, email: &str, client: &Client) -> Result<Self> {
        let parsed = Email::parse(email).ok();
        if let (Some(email), Some(presented)) = (&parsed, &client.device)
            && device::is_of(auth, presented, email).await?
        {
            // No client address counts here. Otherwise an attacker behind the same address, such as that of an office,
            // could lock the owner out.
            return Ok(Self {
                subject: table::key("device", &presented.hash),
                address: None,
                class: Class::KnownDevice,
            });
        }
        let address = client.network().map(|network| table::key("address", &network));
        Ok(Self {
            subject: account(parsed.as_ref().map_or(email, |email| &email.key)),
            address,
            class: Class::LogIn,
        })
    }

    /// Returns both keys. If there is no client address, the second is equal to the first.
    fn both(self) -> [Key; 2] {
        [self.subject, self.address.unwrap_or(self.subject)]
    }
}

/// Counts an attempt at a code for this purpose and the account with this address. It does the same for an unknown
/// address.
///
/// # Errors
/// [`Error::TooManyAttempts`] if too many codes were tried. Then this code is not checked, and it may be the correct
/// one.
pub(crate) async fn count_code(auth: &Auth, purpose: Purpose, email: &Email) -> Result<()> {
    const CODES: Window = Window { most: 5, length: 30 * MINUTE };
    let (key, now) = (code(purpose, email), auth.now());
    if let Some(blocked) = table::blocked(auth.db(), [key, key], now).await?.first() {
        return Err(Error::TooManyAttempts(blocked.wait));
    }
    match table::count_in(auth.db(), key, CODES, now).await? {
        Some(_) => Ok(()),
        None => Err(Error::TooManyAttempts(1)),
    }
}

/// Resets the attempts at codes, in the transaction of a request for another code. So an attacker who has used up the
/// attempts does not keep the owner from a code.
///
/// Do not call it when a code is sent: codes are sent only to known addresses, and that would reveal them. Three codes
/// with five attempts each in a quarter of an hour find one of 2^40 codes in a million years.
pub(crate) async fn renew_codes(tx: &mut Tx, purpose: Purpose, email: &Email) -> Result<()> {
    Ok(table::clear(tx, code(purpose, email)).await?)
}

fn code(purpose: Purpose, email: &Email) -> Key {
    table::key("code", format!("{} {}", purpose.name, email.key).as_bytes())
}

/// Adds the counter of an address to the counter of the address that replaces it, in the transaction of the change.
/// Otherwise an attacker with a stolen session could get new attempts at the password with each change of address.
pub(crate) async fn carry_over(tx: &mut Tx, from: &str, to: &Email) -> Result<()> {
    match Email::parse(from) {
        Ok(from) if from.key != to.key => Ok(table::carry(tx, account(&from.key), account(&to.key)).await?),
        _ => Ok(()),
    }
}

/// Resets the counter of the account with this address, in the transaction that gives its owner a new secret.
pub(crate) async fn reset_account(tx: &mut Tx, email: &str) -> Result<()> {
    match Email::parse(email) {
        Ok(email) => Ok(table::clear(tx, account(&email.key)).await?),
        Err(_) => Ok(()),
    }
}

/// Deletes at most `at_most` expired counters. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, at_most: i64) -> Result<u64> {
    Ok(table::delete_expired(auth.db(), auth.now(), at_most).await?)
}

fn spacing(auth: &Auth) -> Spacing {
    let limit = &auth.config().limit;
    Spacing {
        free: limit.free_failures.get().into(),
        first: limit.first_delay.as_secs() as i64,
        longest: limit.longest_delay.as_secs() as i64,
    }
}

fn by_address(auth: &Auth) -> Window {
    Window { most: auth.config().limit.failures_per_address.get().into(), length: MINUTE }
}

/// Returns the key of an account, by its canonical address.
fn account(email_key: &str) -> Key {
    table::key("account", email_key.as_bytes())
}

#[cfg(test)]
mod tests;
