//! The browsers and programs that users have logged in with.
//!
//! A device keeps a secret of its own for a year, long after its sessions have ended: a browser in a cookie, a program
//! where it likes. It has two uses. While an attacker guesses at an account, the owner can still log in from this
//! device ([`guesses`](crate::accounts::limit::guesses)). A log-in without it counts as one from a new device. It
//! proves nothing else, unless its user trusts the browser (`trusted.rs`): an attacker who steals it still has to guess
//! the password, with as few attempts as any client.
//!
//! A browser that showed a proof from a mail gets the secret too, before it logs in.
//!
//! A program that does not send its secret back is recognised by its network and `User-Agent`, so that its owner is not
//! told of a new device at each log-in. These are not secret, so they do not exempt a program from any limit. Such a
//! program gets a new secret at each log-in. They must not push out the secrets of programs that keep theirs: so a
//! secret that was sent back belongs to a kind of its own, and one fingerprint has few of the others.

use sha2::{Digest, Sha256};

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        email::Email,
        error::Result,
        secret::Hash,
    },
    model::{
        client::{Client, DeviceToken},
        session::Transport,
        user::{UserId, has_email},
    },
};

/// The seconds for which a device is known after its last log-in.
pub(crate) const LIFETIME: i64 = 365 * 24 * 3600;

/// The most devices of each kind for a user. A further one replaces the one that was unused for the longest time.
const PER_USER: i64 = 10;

/// The most secrets of programs with one fingerprint that were never sent back.
const PER_FINGERPRINT: i64 = 3;

/// How a device came to its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A browser that has logged in.
    Browser,
    /// A program that has logged in, and has not sent its secret back yet.
    Program,
    /// A program that has sent its secret back.
    Keeper,
    /// A browser that has shown a proof from a mail, and has not logged in yet.
    Reader,
}

impl Kind {
    /// Returns the kind of device that gets its token in this way.
    pub(crate) fn of(transport: Transport) -> Self {
        match transport {
            Transport::Bearer => Self::Program,
            Transport::Cookie => Self::Browser,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Program => "program",
            Self::Keeper => "keeper",
            Self::Reader => "reader",
        }
    }
}

/// The device of a log-in, or of a proof from a mail.
#[derive(Debug)]
pub(crate) struct Device {
    /// The user has logged in before, but not from this device: the owner should learn of it.
    pub(crate) is_new: bool,
    /// The secret of the device.
    pub(crate) token: DeviceToken,
}

/// Returns `true` if the user with this address knows this device.
pub(crate) async fn is_of(auth: &Auth, presented: &DeviceToken, email: &Email) -> Result<bool> {
    let user: Option<i64> = auth
        .db()
        .read(concat!(
            "SELECT users.id FROM devices JOIN users ON users.id = devices.user_id
             WHERE devices.token_hash = ?3 AND devices.last_used_at > ?4 AND ",
            has_email!()
        ))
        .bind(email.keys()[0])
        .bind(email.keys()[1])
        .bind(presented.hash)
        .bind(auth.now() - LIFETIME)
        .fetch_optional()
        .await?;
    Ok(user.is_some())
}

/// Returns `true` if `user` knows this device, as this transaction sees it.
pub(crate) async fn is_known(auth: &Auth, tx: &Tx, user: UserId, presented: &DeviceToken) -> Result<bool> {
    let found: Option<i64> = tx
        .write("SELECT user_id FROM devices WHERE token_hash = ?1 AND user_id = ?2 AND last_used_at > ?3")
        .bind(presented.hash)
        .bind(user)
        .bind(auth.now() - LIFETIME)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Stores that `user` logs in with this device, in the transaction of the log-in.
pub(crate) async fn remember(
    auth: &Auth,
    tx: &Tx,
    user: UserId,
    kind: Kind,
    client: &Client,
) -> db::Result<Device> {
    let now = auth.now();
    if let Some(presented) = &client.device
        && touch(tx, user, kind, presented.hash, now).await?
    {
        return Ok(Device { is_new: false, token: presented.clone() });
    }
    let fingerprint = (kind == Kind::Program).then(|| fingerprint(user, client));
    let seen = seen(tx, user, fingerprint).await?;
    // The token is always new: an attacker may have chosen the presented one.
    let token = DeviceToken::generate();
    tx.write(
        "INSERT INTO devices (token_hash, user_id, kind, created_at, last_used_at, fingerprint)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
    )
    .bind(token.hash)
    .bind(user)
    .bind(kind.name())
    .bind(now)
    .bind(fingerprint)
    .execute()
    .await?;
    if let Some(fingerprint) = fingerprint {
        forget_oldest_like(tx, user, fingerprint, token.hash).await?;
    }
    forget_oldest(tx, user, kind, token.hash).await?;
    Ok(Device { is_new: seen == Seen::Others, token })
}

/// What is known of the devices of a user.
#[derive(PartialEq, Eq)]
enum Seen {
    Nothing,
    /// The user has logged in with other devices.
    Others,
    /// The user has logged in with a program of this fingerprint.
    This,
}

impl FromRow for Seen {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(match row.get(0)? {
            0_i64 => Self::Nothing,
            1 => Self::Others,
            _ => Self::This,
        })
    }
}

async fn seen(tx: &Tx, user: UserId, fingerprint: Option<Hash>) -> db::Result<Seen> {
    let seen: Option<Seen> = tx
        .write(
            "SELECT COALESCE(MAX(CAST(CASE WHEN fingerprint = ?2 THEN 2 ELSE 1 END AS BIGINT)), 0)
             FROM devices WHERE user_id = ?1 AND kind <> 'reader'",
        )
        .bind(user)
        .bind(fingerprint)
        .fetch_optional()
        .await?;
    Ok(seen.unwrap_or(Seen::Nothing))
}

/// Stores the use of a known device. Returns `false` if the device is not known, or not any more.
async fn touch(tx: &Tx, user: UserId, kind: Kind, hash: Hash, now: i64) -> db::Result<bool> {
    let touched = tx
        .write(
            "UPDATE devices SET last_used_at = ?1,
                 kind = CASE WHEN ?5 = 'reader' THEN kind
                             WHEN kind = 'reader' THEN 'browser'
                             WHEN kind = 'program' THEN 'keeper'
                             ELSE kind END
             WHERE token_hash = ?2 AND user_id = ?3 AND last_used_at > ?4",
        )
        .bind(now)
        .bind(hash)
        .bind(user)
        .bind(now - LIFETIME)
        .bind(kind.name())
        .execute()
        .await?;
    if touched == 0 {
        return Ok(false);
    }
    // The device may have another kind from now on.
    match kind {
        Kind::Program | Kind::Keeper => forget_oldest(tx, user, Kind::Keeper, hash).await?,
        Kind::Browser | Kind::Reader => forget_oldest(tx, user, Kind::Browser, hash).await?,
    }
    Ok(true)
}

/// Forgets the devices of this kind that were unused for the longest time, if there are too many. Keeps the one in use.
async fn forget_oldest(tx: &Tx, user: UserId, kind: Kind, in_use: Hash) -> db::Result<()> {
    tx.write(
        "DELETE FROM devices WHERE user_id = ?1 AND kind = ?2 AND token_hash <> ?3 AND token_hash NOT IN
             (SELECT token_hash FROM devices WHERE user_id = ?1 AND kind = ?2 AND token_hash <> ?3
              ORDER BY last_used_at DESC LIMIT ?4)",
    )
    .bind(user)
    .bind(kind.name())
    .bind(in_use)
    .bind(PER_USER - 1)
    .execute()
    .await?;
    Ok(())
}

/// Forgets the oldest secrets of programs with this fingerprint that were never sent back. Keeps the newest one.
async fn forget_oldest_like(tx: &Tx, user: UserId, fingerprint: Hash, newest: Hash) -> db::Result<()> {
    tx.write(
        "DELETE FROM devices
         WHERE user_id = ?1 AND kind = 'program' AND fingerprint = ?2 AND token_hash <> ?3 AND token_hash NOT IN
             (SELECT token_hash FROM devices
              WHERE user_id = ?1 AND kind = 'program' AND fingerprint = ?2 AND token_hash <> ?3
              ORDER BY last_used_at DESC LIMIT ?4)",
    )
    .bind(user)
    .bind(fingerprint)
    .bind(newest)
    .bind(PER_FINGERPRINT - 1)
    .execute()
    .await?;
    Ok(())
}

/// Returns the fingerprint by which a program is recognised that sends no secret. Machines change their IPv6 address
/// every day, but stay in their /64.
fn fingerprint(user: UserId, client: &Client) -> Hash {
    let network = client.network().unwrap_or_default();
    let name = client.user_agent.as_deref().unwrap_or_default();
    Sha256::new()
        .chain_update(format!("program\0{user}\0"))
        .chain_update([u8::try_from(network.len()).unwrap_or(u8::MAX)])
        .chain_update(network)
        .chain_update(name)
        .finalize()
        .into()
}

/// Returns the hashes of the secrets of all devices of `user`.
pub(crate) async fn all(auth: &Auth, user: UserId) -> Result<Vec<Hash>> {
    struct Found(Vec<u8>);
    impl FromRow for Found {
        fn from_row(row: Row<'_>) -> db::Result<Self> {
            Ok(Self(row.get(0)?))
        }
    }
    let found: Vec<Found> =
        auth.db().read("SELECT token_hash FROM devices WHERE user_id = ?1").bind(user).fetch_all().await?;
    Ok(found.into_iter().filter_map(|found| found.0.try_into().ok()).collect())
}

/// Forgets all devices of `user`. An attacker who holds the secret of one gains nothing by it from then on.
pub(crate) async fn forget_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM devices WHERE user_id = ?1").bind(user).execute().await?;
    Ok(())
}

/// Deletes at most `limit` devices whose last log-in is longer ago than [`LIFETIME`]. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM devices WHERE token_hash IN
                 (SELECT token_hash FROM devices WHERE last_used_at <= ?1 ORDER BY last_used_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now() - LIFETIME)
        .bind(limit)
        .execute()
        .await?)
}
