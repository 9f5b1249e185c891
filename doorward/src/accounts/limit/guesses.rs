//! How often secrets may be guessed. A guess is counted before it is looked at.
//!
//! - **An account** has some free wrong guesses; then each waits twice as long as the one before, up to a quarter of an
//!   hour and never for good. Every way in counts for the same key, the canonical e-mail address, whether or not
//!   anybody has it. A right guess clears it; while it is blocked, a right one is refused as well.
//! - **A client address** has so many wrong guesses a minute, whichever accounts they are for. IPv6 addresses count by
//!   their /64, since who has one has them all. A right guess gives back itself and nothing more.
//! - **A browser that the owner has logged in with before** counts for itself instead ([`device`]), so that a stranger
//!   who keeps an account blocked does not lock its owner out.
//! - **A code from a mail** may be tried a few times, besides. Asking for another mail gives as many again.
//!
//! A refusal costs one look-up and no write. It is an event when a limit is reached, and not each time it refuses: nobody
//! fills the log by it.

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
    },
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        purpose::Purpose,
    },
};

const MINUTE: i64 = 60;

/// How long somebody waits for the outcome of attempts that came at the same moment.
const PATIENCE: Duration = Duration::from_secs(4);

/// An attempt that was counted and may go on. To be held until its outcome is committed.
#[must_use]
pub(crate) struct Reservation {
    auth: Auth,
    keys: Keys,
    /// What was counted for the client address.
    counted: Option<Counted>,
    /// Whose limit this attempt reaches, if it is a wrong one.
    reaches: Vec<&'static str>,
    /// Whether it still counts for its keys.
    counts: bool,
}

/// What an attempt counts for.
#[derive(Clone, Copy, Debug)]
struct Keys {
    /// The account, or a browser that is known to it.
    subject: Key,
    address: Option<Key>,
}

/// Counts an attempt to guess a secret of the account with this address, as it was typed, before the guess is looked
/// at. Whoever guessed right calls [`Reservation::succeed`]. What could not be looked at for reasons of our own is
/// [given back](Reservation::give_back). All else was [wrong](Reservation::fail), a request that was given up by its
/// client too.
///
/// # Errors
/// [`Error::TooManyAttempts`], alike for addresses that somebody has and that nobody has; [`Error::Unavailable`] if so
/// many came at once that it would take too long to tell.
pub(crate) async fn reserve(auth: &Auth, email: &str, client: &Client) -> Result<Reservation> {
    let keys = Keys::of(auth, email, client).await?;
    let reserved = async {
        loop {
            let ended = auth.under_way().ended();
            let ending = keys.both().map(|key| auth.under_way().ending(key));
            // From here on they notice.
            let ending = ending.each_ref().map(|ending| ending.as_ref().map(|ending| ending.notified()));
            let blocked = match try_now(auth, keys).await? {
                Ok(reservation) => return Ok(reservation),
                Err(blocked) => blocked,
            };
            if blocked.iter().all(|one| auth.under_way().ending(one.key).is_some()) {
                // Those who are under way may turn out to be right.
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

/// Counts an attempt, or tells what it is blocked by, which is at least one of its keys.
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

    /// It was a right one. What stood against the account is cleared with the transaction in which it has its effect, or
    /// right after it; what stood against the client address is as before.
    pub(crate) async fn succeed(&mut self, tx: &mut Tx) -> Result<()> {
        self.counts = false;
        table::succeed(tx, self.keys.subject).await?;
        self.give_back_address(tx).await
    }

    /// It was a wrong one, at the account with this address, as it was typed. Records it if further attempts are refused
    /// from now on, alike for everyone.
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
            let throttled = New::of(EventKind::Throttled, user, By::User(client)).with("limit", limit);
            event::record_alone(&self.auth, throttled).await?;
        }
        Ok(())
    }

    /// It came to nothing, since a database or a hashing thread had no time for it.
    pub(crate) async fn give_back(mut self) {
        self.counts = false;
        let given_back = async {
            let mut tx = self.auth.db().begin().await?;
            table::take_back(&mut tx, self.keys.subject, spacing(&self.auth)).await?;
            self.give_back_address(&mut tx).await?;
            Result::<()>::Ok(tx.commit().await?)
        };
        if let Err(error) = given_back.await {
            tracing::debug!(cause = %error, "an attempt that came to nothing stays counted");
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
            // A stranger at the same address, such as that of a whole office, does not lock the owner out either.
            return Ok(Self { subject: table::key("device", &presented.hash), address: None });
        }
        let address = client.network().map(|network| table::key("address", &network));
        Ok(Self { subject: account(parsed.as_ref().map_or(email, |email| &email.key)), address })
    }

    /// The second is the first once more if there is no other.
    fn both(self) -> [Key; 2] {
        [self.subject, self.address.unwrap_or(self.subject)]
    }
}

/// Counts that a code is tried which was sent for this purpose to the account with this address, alike for addresses that
/// somebody has and that nobody has.
///
/// # Errors
/// [`Error::TooManyAttempts`] if so many were tried that this one is not looked at. It may be the right one.
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

/// Lets codes be tried anew, in the transaction in which somebody asks for another one: a stranger who has used up the
/// attempts does not keep the owner from theirs. It is not for when a code is sent, since that is for known addresses
/// alone. Three codes with five attempts each in a quarter of an hour find one of 2^40 in a million years.
pub(crate) async fn renew_codes(tx: &mut Tx, purpose: Purpose, email: &Email) -> Result<()> {
    Ok(table::clear(tx, code(purpose, email)).await?)
}

fn code(purpose: Purpose, email: &Email) -> Key {
    table::key("code", format!("{} {}", purpose.name, email.key).as_bytes())
}

/// Lets what stands against an address stand against the one that takes its place, in the transaction in which that
/// happens. Otherwise who has got hold of a session could guess the password anew with each address.
pub(crate) async fn follow(tx: &mut Tx, from: &str, to: &Email) -> Result<()> {
    match Email::parse(from) {
        Ok(from) if from.key != to.key => Ok(table::carry(tx, account(&from.key), account(&to.key)).await?),
        _ => Ok(()),
    }
}

/// Forgets what stands against the account with this address, in the transaction that gives its owner a new secret.
pub(crate) async fn forgive(tx: &mut Tx, email: &str) -> Result<()> {
    match Email::parse(email) {
        Ok(email) => Ok(table::clear(tx, account(&email.key)).await?),
        Err(_) => Ok(()),
    }
}

/// Deletes at most so many counts that matter no more, and gives how many they were.
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

/// The key of an account, by its canonical address.
fn account(email_key: &str) -> Key {
    table::key("account", email_key.as_bytes())
}

#[cfg(test)]
mod tests;
