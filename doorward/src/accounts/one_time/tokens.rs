//! Secrets that work once: the link in a mail, and the short code beside it for a person who cannot follow a link. Owns
//! the table `one_time_tokens`.
//!
//! A secret is for one purpose, one user and one address. A newer secret replaces the older one. A function
//! that makes a secret outdated, such as a change of address, deletes it with [`kill`] or [`kill_all`]. Looking at a
//! secret changes nothing, because programs that scan mail open every link. [`spend`] uses the secret up. Codes are
//! short, so they are hashed like passwords, expire sooner, and only a few may be tried. The rows that undo a change of
//! address have rules of their own, in `undo`.

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        email::Email,
        error::{Error, Result},
        passwords::{hashing::Verdict, password::Password, queue::Caller},
        secret::{self, Hash},
    },
    model::{
        purpose::{CODE_LIFETIME, Purpose},
        user::UserId,
    },
};

/// A new secret that does not work yet.
pub(crate) struct Minted {
    purpose: Purpose,
    /// The token of the link. It is shown once; only its hash is stored.
    pub(crate) token: String,
    /// The code that people type, as [`secret::code_of`] writes it.
    pub(crate) code: Option<String>,
    /// The seconds for which the link works, from now on.
    pub(crate) lifetime: i64,
    pub(super) hash: Hash,
    code_hash: Option<String>,
}

/// Makes a secret. It works after [`keep`] has stored it.
pub(crate) async fn mint(auth: &Auth, purpose: Purpose) -> Result<Minted> {
    let (token, hash) = secret::generate(purpose.kind);
    let code = purpose.code.then(|| secret::code_of(&token));
    let code_hash = match code.as_deref().and_then(code_as_password) {
        Some(code) => Some(auth.hashing().hash(Caller::BACKGROUND, code).await?),
        None => None,
    };
    Ok(Minted { purpose, token, code, lifetime: purpose.lifetime, hash, code_hash })
}

/// Stores a secret for `user`, who gets it at the address `sent_to`. It replaces their older secret for this purpose.
/// Its lifetime begins now. `asked_at` is the time of the request or change that it is sent for.
///
/// Returns `false` if there is no such user. After `false` the caller must drop this transaction.
pub(crate) async fn keep(
    auth: &Auth,
    tx: &mut Tx,
    minted: &Minted,
    user: UserId,
    sent_to: &Email,
    asked_at: i64,
) -> Result<bool> {
    let kept = tx
        .write(
            "INSERT INTO one_time_tokens
                 (token_hash, user_id, purpose, sent_to, sent_to_key, code_hash, asked_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (user_id, purpose) WHERE purpose <> 'undo_email_change' DO UPDATE
             SET token_hash = excluded.token_hash, sent_to = excluded.sent_to, sent_to_key = excluded.sent_to_key,
                 code_hash = excluded.code_hash, asked_at = excluded.asked_at,
                 expires_at = excluded.expires_at",
        )
        .bind(minted.hash)
        .bind(user)
        .bind(minted.purpose.name)
        .bind(&*sent_to.typed)
        .bind(&*sent_to.key)
        .bind(minted.code_hash.as_deref())
        .bind(asked_at)
        .bind(auth.now() + minted.purpose.lifetime)
        .execute()
        .await;
    match kept {
        Err(db::Error::Orphan) => Ok(false),
        result => Ok(result? > 0),
    }
}

/// A valid secret that a client has presented. It is not spent yet.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(super) hash: Hash,
    pub(crate) user: UserId,
    /// The address that the secret was sent to.
    pub(crate) sent_to: Email,
    /// The time of the request or change that it was sent for.
    pub(crate) asked_at: i64,
}

struct StoredToken {
    hash: Vec<u8>,
    user: UserId,
    sent_to: Email,
    code_hash: Option<String>,
    asked_at: i64,
}

impl FromRow for StoredToken {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            hash: row.get(0)?,
            user: UserId(row.get(1)?),
            sent_to: Email::stored(row.get(2)?, row.get(3)?),
            code_hash: row.get(4)?,
            asked_at: row.get(5)?,
        })
    }
}

impl Claim {
    /// Returns `true` if it is the secret with this hash.
    pub(crate) fn is_of(&self, hash: Option<Hash>) -> bool {
        hash == Some(self.hash)
    }
}

impl Minted {
    /// Returns the hash of the token.
    pub(crate) fn hash(&self) -> Hash {
        self.hash
    }
}

impl StoredToken {
    fn claim(self) -> Result<Claim> {
        let hash = Hash::try_from(self.hash).map_err(|_| Error::Internal)?;
        Ok(Claim { hash, user: self.user, sent_to: self.sent_to, asked_at: self.asked_at })
    }
}

/// Checks the token of a link, which may stand in a text that a mail program damaged. The token still works afterwards.
///
/// # Errors
/// [`Error::InvalidLink`] if it does not work: it is made up, for another purpose, used, replaced, killed, frozen or
/// too old.
pub(crate) async fn look_at(auth: &Auth, purpose: Purpose, token: &str) -> Result<Claim> {
    let hash = secret::hash_in(purpose.kind, token).ok_or(Error::InvalidLink)?;
    let kept: Option<StoredToken> = auth
        .db()
        .read(
            "SELECT token_hash, user_id, sent_to, sent_to_key, code_hash, asked_at FROM one_time_tokens
             WHERE token_hash = ?1 AND purpose = ?2 AND expires_at > ?3 AND frozen_at IS NULL",
        )
        .bind(hash)
        .bind(purpose.name)
        .bind(auth.now())
        .fetch_optional()
        .await?;
    kept.ok_or(Error::InvalidLink)?.claim()
}

/// Returns `true` if `user` was sent a secret for this purpose that still works.
pub(crate) async fn is_there(auth: &Auth, user: UserId, purpose: Purpose) -> Result<bool> {
    let found: Option<i64> = auth
        .db()
        .read(
            "SELECT user_id FROM one_time_tokens
             WHERE user_id = ?1 AND purpose = ?2 AND expires_at > ?3 LIMIT 1",
        )
        .bind(user)
        .bind(purpose.name)
        .bind(auth.now())
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Compares a code with the one that `user` was sent. Takes the same time if there is no such user or no code. The
/// caller must limit the number of attempts.
///
/// # Errors
/// [`Error::InvalidLink`] if the code is wrong.
pub(crate) async fn try_code(
    auth: &Auth,
    purpose: Purpose,
    user: Option<UserId>,
    code: &str,
    caller: Caller,
) -> Result<Claim> {
    // No user has the number 0.
    let user = user.unwrap_or(UserId(0));
    let kept: Option<StoredToken> = auth
        .db()
        .read(
            "SELECT token_hash, user_id, sent_to, sent_to_key, code_hash, asked_at FROM one_time_tokens
             WHERE user_id = ?1 AND purpose = ?2 AND expires_at > ?3",
        )
        .bind(user)
        .bind(purpose.name)
        // The table has only the end of the link. Link and code were sent together, so this is the end of the code.
        .bind(auth.now() + purpose.lifetime - purpose.lifetime.min(CODE_LIFETIME))
        .fetch_optional()
        .await?;
    let code = code_as_password(code).ok_or(Error::InvalidLink)?;
    let stored = kept.as_ref().and_then(|kept| kept.code_hash.clone());
    match (auth.hashing().verify(caller, code, stored).await?.verdict, kept) {
        (Verdict::Wrong, _) | (_, None) => Err(Error::InvalidLink),
        (_, Some(kept)) => kept.claim(),
    }
}

/// Returns the code in the form that is hashed, however it was typed.
fn code_as_password(typed: &str) -> Option<Password> {
    Password::claimed(&secret::normal_code(typed)).ok()
}

/// Uses a secret up, in the transaction of the change that it allows.
///
/// The caller must first change the rows that belong to the user, and the user, and then call this. The deletion of a
/// user locks in this order too. In another order the two transactions could wait for each other.
///
/// # Errors
/// [`Error::InvalidLink`] if another request has used it first.
pub(crate) async fn spend(auth: &Auth, tx: &mut Tx, claim: &Claim) -> Result<()> {
    let spent = tx
        .write("DELETE FROM one_time_tokens WHERE token_hash = ?1 AND expires_at > ?2")
        .bind(claim.hash)
        .bind(auth.now())
        .execute()
        .await?;
    if spent == 1 { Ok(()) } else { Err(Error::InvalidLink) }
}

/// Makes the secret of `user` for this purpose worthless.
pub(crate) async fn kill(tx: &mut Tx, user: UserId, purpose: Purpose) -> Result<()> {
    tx.write("DELETE FROM one_time_tokens WHERE user_id = ?1 AND purpose = ?2")
        .bind(user)
        .bind(purpose.name)
        .execute()
        .await?;
    Ok(())
}

/// Makes all secrets of `user` worthless, because what they would prove has changed. A change of address can still be
/// undone.
pub(crate) async fn kill_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM one_time_tokens WHERE user_id = ?1 AND purpose <> 'undo_email_change'")
        .bind(user)
        .execute()
        .await?;
    Ok(())
}

/// Makes the secrets of `user` worthless because the password has changed. The address can still be verified, and a
/// change of address be undone.
pub(crate) async fn kill_after_new_password(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write(
        "DELETE FROM one_time_tokens
         WHERE user_id = ?1 AND purpose <> 'undo_email_change' AND purpose <> 'verify_email'",
    )
    .bind(user)
    .execute()
    .await?;
    Ok(())
}

/// Deletes at most `limit` expired secrets. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM one_time_tokens WHERE token_hash IN
                 (SELECT token_hash FROM one_time_tokens WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(limit)
        .execute()
        .await?)
}
