//! The table `recovery_codes`: ten codes for a user who has lost everything else. Each works once.
//!
//! A code has twelve letters: the first says which of the ten it is, and eleven are 55 random bits. So one code costs one
//! hash. Only argon2id hashes are kept (OWASP ASVS 5.0, section 6.5.2).

use crate::{
    accounts::limit::guesses::Reservation,
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        passwords::{hashing::Verdict, password::Password, queue::Caller},
        secret,
    },
    model::{client::Client, user::UserId},
};

/// The number of codes that a user gets.
const HOW_MANY: usize = 10;

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

/// A code that is right, and not used up yet.
pub(super) struct Right {
    slot: i64,
    hash: String,
}

/// Compares a code. Takes the same time if there is no such code.
pub(super) async fn compare(
    auth: &Auth,
    user: UserId,
    typed: &str,
    (reserved, client): (&Reservation, &Client),
) -> Result<Option<Right>> {
    let Some((slot, code)) = secret::recovery_number(typed).zip(as_password(typed)) else { return Ok(None) };
    let slot = i64::try_from(slot).unwrap_or(-1);
    let stored: Option<String> = auth
        .db()
        .read("SELECT code_hash FROM recovery_codes WHERE user_id = ?1 AND slot = ?2")
        .bind(user)
        .bind(slot)
        .fetch_optional()
        .await?;
    let verdict = auth.hashing().verify(reserved.caller(client), code, stored.clone()).await?.verdict;
    Ok(stored.filter(|_| verdict != Verdict::Wrong).map(|hash| Right { slot, hash }))
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
