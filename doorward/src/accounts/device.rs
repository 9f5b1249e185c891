//! The browsers and programs that users have logged in with. Owns the table `devices`.
//!
//! A browser keeps a secret of its own for a year, long after its sessions have ended. It has two uses. While an
//! attacker guesses at an account, the owner can still log in from this browser
//! ([`guesses`](crate::accounts::limit::guesses)). A log-in without it counts as one from a new device. It proves
//! nothing else: an attacker who steals it still has to guess the password, with as few attempts as any client.
//!
//! Programs with bearer tokens keep no cookie. They are recognised by their network and `User-Agent`. These are not
//! secret, so they do not exempt a program from any limit.

use sha2::{Digest, Sha256};

use crate::{
    auth::Auth,
    base::{
        db::{self, Tx},
        email::Email,
        error::Result,
        secret::{self, Hash},
    },
    model::{
        client::{Client, DEVICE_TOKEN, DeviceCookie},
        session::Transport,
        user::UserId,
    },
};

/// The seconds for which a device is known after its last log-in.
pub(crate) const LIFETIME: i64 = 365 * 24 * 3600;

/// The most devices of each kind for a user. A further one replaces the one that was unused for the longest time.
const PER_USER: i64 = 10;

/// How a device is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By its cookie.
    Browser,
    /// By its network and its `User-Agent`.
    Program,
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
        }
    }
}

/// The device of a log-in.
#[derive(Debug)]
pub(crate) struct Device {
    /// The user has logged in before, but not from this device: the owner should learn of it.
    pub(crate) is_new: bool,
    /// The value of the device cookie, for a browser.
    pub(crate) token: Option<DeviceCookie>,
}

/// Returns `true` if the user with this address has logged in with this browser.
pub(crate) async fn is_of(auth: &Auth, presented: &DeviceCookie, email: &Email) -> Result<bool> {
    let user: Option<i64> = auth
        .db()
        .read(
            "SELECT users.id FROM devices JOIN users ON users.id = devices.user_id
             WHERE devices.token_hash = ?1 AND devices.last_used_at > ?2 AND users.email_key = ?3",
        )
        .bind(presented.hash)
        .bind(auth.now() - LIFETIME)
        .bind(&*email.key)
        .fetch_optional()
        .await?;
    Ok(user.is_some())
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
        && touch(tx, user, presented.hash, now).await?
    {
        return Ok(Device { is_new: false, token: (kind == Kind::Browser).then(|| presented.clone()) });
    }
    let (token, hash) = match kind {
        // The token is always new: an attacker may have chosen the presented one.
        Kind::Browser => {
            let (token, hash) = secret::generate(DEVICE_TOKEN);
            (Some(DeviceCookie { token, hash }), hash)
        }
        Kind::Program => (None, program(user, client)),
    };
    if kind == Kind::Program && touch(tx, user, hash, now).await? {
        return Ok(Device { is_new: false, token });
    }
    let before: Option<i64> = tx
        .write("SELECT user_id FROM devices WHERE user_id = ?1 LIMIT 1")
        .bind(user)
        .fetch_optional()
        .await?;
    tx.write(
        "INSERT INTO devices (token_hash, user_id, kind, created_at, last_used_at) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (token_hash) DO UPDATE SET last_used_at = excluded.last_used_at",
    )
    .bind(hash)
    .bind(user)
    .bind(kind.name())
    .bind(now)
    .execute()
    .await?;
    tx.write(
        "DELETE FROM devices WHERE user_id = ?1 AND kind = ?2 AND token_hash <> ?3 AND token_hash NOT IN
             (SELECT token_hash FROM devices WHERE user_id = ?1 AND kind = ?2 AND token_hash <> ?3
              ORDER BY last_used_at DESC LIMIT ?4)",
    )
    .bind(user)
    .bind(kind.name())
    .bind(hash)
    .bind(PER_USER - 1)
    .execute()
    .await?;
    Ok(Device { is_new: before.is_some(), token })
}

/// Stores the use of a known device. Returns `false` if the device is not known, or not any more.
async fn touch(tx: &Tx, user: UserId, hash: Hash, now: i64) -> db::Result<bool> {
    let touched = tx
        .write("UPDATE devices SET last_used_at = ?1 WHERE token_hash = ?2 AND user_id = ?3 AND last_used_at > ?4")
        .bind(now)
        .bind(hash)
        .bind(user)
        .bind(now - LIFETIME)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// Returns the hash by which a program is recognised. Machines change their IPv6 address every day, but stay in their
/// /64.
fn program(user: UserId, client: &Client) -> Hash {
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
