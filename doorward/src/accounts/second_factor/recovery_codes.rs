//! The table `recovery_codes`: ten codes for a user who has lost everything else. Each works once.
//!
//! A code has twelve letters: the first says which of the ten it is, and eleven are 55 random bits. So one code costs
//! one hash. Only argon2id hashes are kept (OWASP ASVS 5.0, section 6.5.2).

use crate::{
    accounts::limit::guesses::Reservation,
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::{Error, Result},
        passwords::{hashing::Verdict, password::Password, queue::Caller},
        secret,
    },
    model::{client::Client, user::UserId},
};

/// The number of codes that a user gets.
const HOW_MANY: usize = 10;

/// The first number of codes of another system. Ours have the numbers below.
const FOREIGN: i64 = 32;

/// New codes, and their hashes in the same order.
pub(crate) struct NewCodes {
    /// Shown once.
    pub(crate) codes: Vec<String>,
    hashes: Vec<String>,
}

/// The codes that a user has left.
pub(crate) struct Left {
    pub(crate) left: i64,
    /// When they were made, if there are any.
    pub(crate) created_at: Option<i64>,
}

impl FromRow for Left {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { left: row.get(0)?, created_at: row.get(1)? })
    }
}

/// Makes new codes. No transaction may be open: it hashes ten times.
pub(crate) async fn make(auth: &Auth, caller: Caller) -> Result<NewCodes> {
    let (mut codes, mut hashes) = (Vec::new(), Vec::new());
    for slot in 0..HOW_MANY {
        let code = secret::recovery_code(slot);
        let password = as_password(&code).expect("a code is short enough to be hashed");
        hashes.push(auth.hashing().hash(caller, password).await?);
        codes.push(code);
    }
    Ok(NewCodes { codes, hashes })
}

/// Returns the code in the form that is hashed, however it was typed.
fn as_password(typed: &str) -> Option<Password> {
    Password::claimed(&secret::normal_code(typed)).ok()
}

/// Stores new codes, in place of all older ones.
pub(crate) async fn replace(auth: &Auth, tx: &Tx, user: UserId, new: &NewCodes) -> Result<()> {
    tx.write("DELETE FROM recovery_codes WHERE user_id = ?1").bind(user).execute().await?;
    for (slot, hash) in (0..).zip(&new.hashes) {
        tx.write("INSERT INTO recovery_codes (user_id, slot, code_hash, created_at) VALUES (?1, ?2, ?3, ?4)")
            .bind(user)
            .bind(slot)
            .bind(hash.as_str())
            .bind(auth.now())
            .execute()
            .await?;
    }
    Ok(())
}

/// Returns how many codes a user has left.
pub(crate) async fn left(auth: &Auth, user: UserId) -> Result<Left> {
    let left: Option<Left> = auth
        .db()
        .read("SELECT COUNT(*), MIN(created_at) FROM recovery_codes WHERE user_id = ?1")
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(left.unwrap_or(Left { left: 0, created_at: None }))
}

/// Returns how many codes a user has, and when they were made. `None` if there are none.
pub(crate) async fn added(auth: &Auth, user: UserId) -> Result<Option<(i64, i64)>> {
    let Left { left, created_at } = left(auth, user).await?;
    Ok(created_at.map(|created_at| (left, created_at)))
}

/// Removes the codes that were made at the moment `since` or later. Returns `true` if there were some.
pub(crate) async fn remove_since(tx: &Tx, user: UserId, since: i64) -> Result<bool> {
    let removed = tx
        .write("DELETE FROM recovery_codes WHERE user_id = ?1 AND created_at >= ?2")
        .bind(user)
        .bind(since)
        .execute()
        .await?;
    Ok(removed > 0)
}

/// A code that is right, and not used up yet.
pub(super) struct Right {
    slot: i64,
    hash: String,
}

impl FromRow for Right {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { slot: row.get(0)?, hash: row.get(1)? })
    }
}

/// Compares a code. Takes the same time if there is no such code.
///
/// A code of another system does not say its number, so it is compared with each of those.
pub(super) async fn compare(
    auth: &Auth,
    user: UserId,
    typed: &str,
    (reserved, client): (&Reservation, &Client),
) -> Result<Option<Right>> {
    let Some(code) = as_password(typed) else { return Ok(None) };
    let caller = reserved.caller(client);
    let own = secret::recovery_number(typed).and_then(|slot| i64::try_from(slot).ok());
    if let Some(slot) = own {
        let stored: Option<String> = auth
            .db()
            .read("SELECT code_hash FROM recovery_codes WHERE user_id = ?1 AND slot = ?2")
            .bind(user)
            .bind(slot)
            .fetch_optional()
            .await?;
        let verdict = auth.hashing().verify(caller, code.clone(), stored.clone()).await?.verdict;
        if let Some(hash) = stored.filter(|_| verdict != Verdict::Wrong) {
            return Ok(Some(Right { slot, hash }));
        }
    }
    let foreign: Vec<Right> = auth
        .db()
        .read("SELECT slot, code_hash FROM recovery_codes WHERE user_id = ?1 AND slot >= ?2 ORDER BY slot")
        .bind(user)
        .bind(FOREIGN)
        .fetch_all()
        .await?;
    for right in foreign {
        let stored = Some(right.hash.clone());
        if auth.hashing().verify(caller, code.clone(), stored).await?.verdict != Verdict::Wrong {
            return Ok(Some(right));
        }
    }
    Ok(None)
}

/// Hashes the codes of another system.
pub(crate) async fn hashed(auth: &Auth, codes: &[String]) -> Result<Vec<String>> {
    let mut hashes = Vec::with_capacity(codes.len());
    for code in codes {
        let code = as_password(code).ok_or(Error::Internal)?;
        hashes.push(auth.hashing().hash(Caller::BACKGROUND, code).await?);
    }
    Ok(hashes)
}

/// Stores the codes of another system for a new user.
pub(crate) async fn import(tx: &Tx, user: UserId, hashes: &[String], made_at: i64) -> Result<()> {
    for (slot, hash) in (FOREIGN..).zip(hashes) {
        tx.write("INSERT INTO recovery_codes (user_id, slot, code_hash, created_at) VALUES (?1, ?2, ?3, ?4)")
            .bind(user)
            .bind(slot)
            .bind(hash.as_str())
            .bind(made_at)
            .execute()
            .await?;
    }
    Ok(())
}

/// Uses a code up. Returns the number of codes that are left, or `None` if it was used or replaced meanwhile.
pub(super) async fn spend(tx: &Tx, user: UserId, right: &Right) -> Result<Option<i64>> {
    let spent = tx
        .write("DELETE FROM recovery_codes WHERE user_id = ?1 AND slot = ?2 AND code_hash = ?3")
        .bind(user)
        .bind(right.slot)
        .bind(right.hash.as_str())
        .execute()
        .await?;
    if spent == 0 {
        return Ok(None);
    }
    let left: Option<i64> = tx
        .write("SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1")
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(Some(left.unwrap_or(0)))
}
