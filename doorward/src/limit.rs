//! How often secrets may be guessed, and mails asked for. What is to be limited is counted before it is done.
//!
//! - **An account** has some free wrong guesses; then each waits twice as long as the one before, up to a quarter of an
//!   hour and never for good. Every way in counts for the same key, the canonical e-mail address, whether or not
//!   anybody has it. A right guess clears it; while it is blocked, a right one is refused as well.
//! - **A client address** has so many wrong guesses a minute, whichever accounts they are for. IPv6 addresses count by
//!   their /64, since who has one has them all. A right guess gives back itself and nothing more.
//! - **A browser that the owner has logged in with before** counts for itself instead ([`device`]), so that a stranger
//!   who keeps an account blocked does not lock its owner out.
//! - **Mails** are counted by the address they go to and by the client address that asks for them.
//!
//! A refusal costs one look-up and no write.

use std::{net::IpAddr, time::Duration};

use crate::{
    attempts::{self, Blocked, Counted, Key, Spacing, Window},
    auth::Auth,
    client::Client,
    db::Tx,
    device,
    email::Email,
    error::{Error, Result},
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// How long somebody waits for the outcome of attempts that came at the same moment.
const PATIENCE: Duration = Duration::from_secs(4);

/// An attempt that was counted and may go on. To be held until its outcome is committed.
#[must_use]
pub(crate) struct Reservation {
    auth: Auth,
    keys: Keys,
    /// What was counted for the client address.
    counted: Option<Counted>,
    /// Whether it still counts for its keys.
    counts: bool,
}

/// What an attempt counts for.
#[derive(Clone, Copy, Debug)]
struct Keys {
    /// The account, or a browser that is known to it.
    subject: Key,
    address: Option<(Key, IpAddr)>,
}

/// Counts an attempt to guess a secret of the account with this address, as it was typed, before the guess is looked
/// at. Whoever guessed right calls [`Reservation::succeed`]. What could not be looked at for reasons of our own is
/// [given back](Reservation::give_back). All else was wrong, a request that was given up by its client too.
///
/// # Errors
/// [`Error::TooManyAttempts`], alike for addresses that somebody has and that nobody has; [`Error::Unavailable`] if so
/// many came at once that it would take too long to tell.
pub(crate) async fn reserve(auth: &Auth, email: &str, client: &Client) -> Result<Reservation> {
    let keys = Keys::of(auth, email, client).await?;
    let reserved = async {
        loop {
            let ended = auth.under_way.ended();
            let ending = keys.both().map(|key| auth.under_way.ending(key));
            // From here on they notice.
            let ending = ending.each_ref().map(|ending| ending.as_ref().map(|ending| ending.notified()));
            let blocked = match try_now(auth, keys).await? {
                Ok(reservation) => return Ok(reservation),
                Err(blocked) => blocked,
            };
            if blocked.iter().all(|one| auth.under_way.ending(one.key).is_some()) {
                // Those who are under way may turn out to be right.
                let [subject, address] = ending;
                let first = if blocked[0].key == keys.subject { subject } else { address };
                if let Some(ending) = first {
                    ending.await;
                }
            } else if auth.under_way.ended() == ended {
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

/// Counts an attempt, or tells what it is blocked by, which is at least one of its keys.
async fn try_now(auth: &Auth, keys: Keys) -> Result<Result<Reservation, Vec<Blocked>>> {
    let now = auth.now();
    let blocked = attempts::blocked(&auth.db, keys.both(), now).await?;
    if !blocked.is_empty() {
        return Ok(Err(blocked));
    }
    let just_now = |key| Ok(Err(vec![Blocked { key, wait: 1 }]));
    let mut reservation = Reservation::begin(auth, keys);
    if let Some((address, ip)) = keys.address {
        let rule = by_address(auth);
        reservation.counted = attempts::count_in(&auth.db, address, rule, now).await?;
        match &reservation.counted {
            Some(counted) if counted.count == rule.most => {
                tracing::warn!(%ip, "a client address has used up its attempts for this minute");
            }
            Some(_) => {}
            None => return just_now(address),
        }
    }
    if !attempts::count(&auth.db, keys.subject, spacing(auth), now).await? {
        let mut tx = auth.db.begin().await?;
        reservation.give_back_address(&mut tx).await?;
        tx.commit().await?;
        reservation.counts = false;
        return just_now(keys.subject);
    }
    Ok(Ok(reservation))
}

impl Reservation {
    fn begin(auth: &Auth, keys: Keys) -> Self {
        for key in keys.both() {
            auth.under_way.begin(key);
        }
        Self { auth: auth.clone(), keys, counted: None, counts: true }
    }

    /// It was a right one. What stood against the account is cleared with the transaction in which it has its effect,
    /// what stood against the client address is as before.
    pub(crate) async fn succeed(&mut self, tx: &mut Tx) -> Result<()> {
        self.counts = false;
        attempts::clear(tx, self.keys.subject).await?;
        self.give_back_address(tx).await
    }

    /// It came to nothing, since a database or a hashing thread had no time for it.
    pub(crate) async fn give_back(mut self) {
        self.counts = false;
        let given_back = async {
            let mut tx = self.auth.db.begin().await?;
            attempts::take_back(&mut tx, self.keys.subject, spacing(&self.auth)).await?;
            self.give_back_address(&mut tx).await?;
            Result::<()>::Ok(tx.commit().await?)
        };
        if let Err(error) = given_back.await {
            tracing::debug!(cause = %error, "an attempt that came to nothing stays counted");
        }
    }

    async fn give_back_address(&self, tx: &mut Tx) -> Result<()> {
        match self.counted {
            Some(counted) => Ok(attempts::give_back(tx, counted).await?),
            None => Ok(()),
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        for key in self.keys.both() {
            self.auth.under_way.end(key, self.counts);
        }
    }
}

impl Keys {
    async fn of(auth: &Auth, email: &str, client: &Client) -> Result<Self> {
        let parsed = Email::parse(email).ok();
        if let (Some(email), Some(presented)) = (&parsed, &client.device)
            && device::is_of(auth, presented, email).await?
        {
            // A stranger at the same address, such as that of a whole office, does not lock the owner out either.
            return Ok(Self { subject: attempts::key("device", &presented.hash), address: None });
        }
        let address = client.ip.map(|ip| (attempts::key("address", &group(ip)), ip));
        Ok(Self { subject: account(parsed.as_ref().map_or(email, |email| &email.key)), address })
    }

    /// The second is the first once more if there is no other.
    fn both(self) -> [Key; 2] {
        [self.subject, self.address.map_or(self.subject, |(key, _)| key)]
    }
}

/// Whether one more mail may be sent to this address, asked for by this client; if so, it is counted. A caller whose
/// answer must not tell who has an account answers alike in both cases.
pub(crate) async fn may_mail(auth: &Auth, to: &Email, client: &Client) -> Result<bool> {
    let now = auth.now();
    let limit = &auth.config.limit;
    let to = attempts::key("mail to", to.key.as_bytes());
    let from = client.ip.map(|ip| attempts::key("mail from", &group(ip)));
    if !attempts::blocked(&auth.db, [to, from.unwrap_or(to)], now).await?.is_empty() {
        return Ok(false);
    }
    let rule = Window { most: limit.mails_per_recipient.get().into(), length: 15 * MINUTE };
    let Some(counted) = attempts::count_in(&auth.db, to, rule, now).await? else { return Ok(false) };
    let Some(from) = from else { return Ok(true) };
    let rule = Window { most: limit.mails_per_address.get().into(), length: HOUR };
    if attempts::count_in(&auth.db, from, rule, now).await?.is_some() {
        return Ok(true);
    }
    let mut tx = auth.db.begin().await?;
    attempts::give_back(&mut tx, counted).await?;
    tx.commit().await?;
    Ok(false)
}

/// Whether one more code may be tried that was sent for this purpose to the account with this address; if so, it is
/// counted, alike for addresses that somebody has and that nobody has.
pub(crate) async fn may_try_code(auth: &Auth, purpose: &str, email: &Email) -> Result<bool> {
    const CODES: Window = Window { most: 5, length: 30 * MINUTE };
    let (key, now) = (attempts::key("code", format!("{purpose} {}", email.key).as_bytes()), auth.now());
    if !attempts::blocked(&auth.db, [key, key], now).await?.is_empty() {
        return Ok(false);
    }
    Ok(attempts::count_in(&auth.db, key, CODES, now).await?.is_some())
}

/// Lets what stands against an address stand against the one that takes its place, in the transaction in which that
/// happens. Otherwise who has got hold of a session could guess the password anew with each address.
pub(crate) async fn follow(tx: &mut Tx, from: &str, to: &Email) -> Result<()> {
    match Email::parse(from) {
        Ok(from) if from.key != to.key => {
            Ok(attempts::carry(tx, account(&from.key), account(&to.key)).await?)
        }
        _ => Ok(()),
    }
}

/// Forgets what stands against the account with this address, in the transaction that gives its owner a new secret.
pub(crate) async fn forgive(tx: &mut Tx, email: &str) -> Result<()> {
    match Email::parse(email) {
        Ok(email) => Ok(attempts::clear(tx, account(&email.key)).await?),
        Err(_) => Ok(()),
    }
}

/// Deletes at most so many counts that matter no more, and gives how many they were.
pub(crate) async fn delete_expired(auth: &Auth, at_most: i64) -> Result<u64> {
    Ok(attempts::delete_expired(&auth.db, auth.now(), at_most).await?)
}

impl Auth {
    /// Deletes at most so many counts that matter no more, for tests.
    #[doc(hidden)]
    pub async fn delete_old_attempts(&self, at_most: u32) -> Result<u64> {
        delete_expired(self, at_most.into()).await
    }
}

fn spacing(auth: &Auth) -> Spacing {
    let limit = &auth.config.limit;
    Spacing {
        free: limit.free_failures.get().into(),
        first: limit.first_delay.as_secs() as i64,
        longest: limit.longest_delay.as_secs() as i64,
    }
}

fn by_address(auth: &Auth) -> Window {
    Window { most: auth.config.limit.failures_per_address.get().into(), length: MINUTE }
}

/// The key of an account, by its canonical address.
fn account(email_key: &str) -> Key {
    attempts::key("account", email_key.as_bytes())
}

/// Those addresses that count as one.
fn group(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.octets().into(),
        IpAddr::V6(ip) => ip.octets()[..8].into(),
    }
}

#[cfg(test)]
mod tests;
