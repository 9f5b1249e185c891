//! The table `passkey_challenges`: the questions that browsers were asked. Each is answered once, right or wrong.
//!
//! It is written without a flush. After a power cut a question may be unknown, and the user begins again.

use sha2::{Digest as _, Sha256};

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::Result,
        secret::{self, Hash},
    },
};

/// The seconds that a browser has for its answer.
const LIFETIME: i64 = 600;

/// What a passkey is asked for, and on whose behalf.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// A log-in. Nobody knows yet whose.
    LogIn,
    /// The second step of the log-in with this token.
    SecondStep(Hash),
    /// A new passkey of the user of this session.
    Add(i64),
    /// Another proof of the user of this session.
    Proof(i64),
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::LogIn => "log_in",
            Self::SecondStep(_) => "second_step",
            Self::Add(_) => "add",
            Self::Proof(_) => "proof",
        }
    }

    fn bound_to(self) -> Vec<u8> {
        match self {
            Self::LogIn => Vec::new(),
            Self::SecondStep(token) => token.into(),
            Self::Add(session) | Self::Proof(session) => session.to_be_bytes().into(),
        }
    }
}

/// Makes a challenge for this purpose.
pub(crate) async fn ask(auth: &Auth, purpose: Purpose) -> Result<[u8; 32]> {
    let challenge = secret::random();
    auth.db()
        .write_unflushed(
            "INSERT INTO passkey_challenges (hash, purpose, bound_to, expires_at) VALUES (?1, ?2, ?3, ?4)",
        )
        .bind(hash(&challenge))
        .bind(purpose.name())
        .bind(&*purpose.bound_to())
        .bind(auth.now() + LIFETIME)
        .execute()
        .await?;
    Ok(challenge)
}

/// A challenge that was asked.
struct Asked {
    purpose: String,
    bound_to: Vec<u8>,
    expires_at: i64,
}

impl FromRow for Asked {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { purpose: row.get(0)?, bound_to: row.get(1)?, expires_at: row.get(2)? })
    }
}

/// Uses a challenge up. Returns `true` if it was asked for this purpose, and is still to be answered.
pub(super) async fn take(auth: &Auth, challenge: &[u8], purpose: Purpose) -> Result<bool> {
    let asked: Option<Asked> = auth
        .db()
        .write_unflushed(
            "DELETE FROM passkey_challenges WHERE hash = ?1 RETURNING purpose, bound_to, expires_at",
        )
        .bind(hash(challenge))
        .fetch_optional()
        .await?;
    Ok(asked.is_some_and(|asked| {
        asked.purpose == purpose.name()
            && asked.bound_to == purpose.bound_to()
            && asked.expires_at > auth.now()
    }))
}

fn hash(challenge: &[u8]) -> Hash {
    Sha256::digest(challenge).into()
}

/// Deletes at most `limit` challenges that nobody answered in time. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM passkey_challenges WHERE hash IN
                 (SELECT hash FROM passkey_challenges WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(limit)
        .execute()
        .await?)
}
