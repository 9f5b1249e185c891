//! The former addresses of an account, and the secrets that give one back. Rows of the table `one_time_tokens`.
//!
//! An attacker may have made the account and moved it to the address of a victim, who then kept data in it. Or an
//! attacker may have taken it from its owner. Both look alike. So a rule decides who can take the account back, by two
//! facts:
//!
//! - **The later address has proved itself** after the change. Its owner chose a password or logged in with a mail, for
//!   example, or ended the undos in a session with the password.
//! - **The former address was settled**: verified, and in use for more than seven days before the change.
//!
//! | | former address settled | not settled |
//! |---|---|---|
//! | no proof since the change | an undo gives the account back | an undo gives the account back |
//! | a proof since the change | an undo freezes the account | the undo has ended |
//!
//! Nobody is handed a frozen account: an operator decides.

use crate::{
    accounts::one_time::tokens::{Claim, Minted},
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        email::Email,
        error::{Error, Result},
        secret,
    },
    model::{
        purpose::Purpose,
        user::{User, UserId},
    },
};

const DAY: i64 = 24 * 3600;

/// The seconds for which an address must have been verified and in use before the change. It must be a little longer.
const SETTLED: i64 = 7 * DAY;

/// The seconds for which a former address stays reserved after the account was frozen.
const FROZEN: i64 = 30 * DAY;

/// Reserves the address `former` for the user who was `before` the change, in the transaction in which they give it up.
/// From then on no other user can register it. The row holds no usable secret yet: the secret that undoes the change is
/// made when its mail is sent.
///
/// Returns the time of the change, by which the mail finds the row. Clocks of nodes differ, and two changes may come
/// in the same second. So the time is always later than that of all other changes that this user can still undo. The
/// caller must lock the user before this.
pub(crate) async fn reserve(auth: &Auth, tx: &mut Tx, before: &User, former: &Email) -> Result<i64> {
    const PURPOSE: Purpose = Purpose::UNDO_EMAIL_CHANGE;
    let newest: Option<i64> = tx
        .write(
            "SELECT COALESCE(MAX(asked_at), 0) FROM one_time_tokens
             WHERE user_id = ?1 AND purpose = 'undo_email_change'",
        )
        .bind(before.id)
        .fetch_optional()
        .await?;
    let asked_at = auth.now().max(newest.unwrap_or_default() + 1);
    // Another system may have verified the address long before the account was here.
    let verified_at = before.email_verified_at.map_or(auth.now(), |verified| verified.0);
    let (_, unused_hash) = secret::generate(PURPOSE.kind);
    tx.write(
        "INSERT INTO one_time_tokens
             (token_hash, user_id, purpose, sent_to, sent_to_key, code_hash, asked_at, expires_at, former_since)
         VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6, ?7, ?8)",
    )
    .bind(unused_hash)
    .bind(before.id)
    .bind(PURPOSE.name)
    .bind(&*former.typed)
    .bind(&*former.key)
    .bind(asked_at)
    .bind(auth.now() + PURPOSE.lifetime)
    .bind(verified_at.max(before.created_at.0))
    .execute()
    .await?;
    Ok(asked_at)
}

/// A change of address that can still be undone: its row holds a secret, or waits for one.
pub(crate) struct Undoable {
    pub(crate) user: UserId,
    /// The former address.
    pub(crate) former: Email,
    /// The time of the change.
    pub(crate) asked_at: i64,
    pub(crate) expires_at: i64,
}

impl FromRow for Undoable {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            user: UserId(row.get(0)?),
            former: Email::stored(row.get(1)?, row.get(2)?),
            asked_at: row.get(3)?,
            expires_at: row.get(4)?,
        })
    }
}

/// Returns the newest change that the owner of this address can still undo. Two users may have had addresses with this
/// key. Then the one counts whose spelling this is.
pub(crate) async fn undoable(auth: &Auth, former: &Email) -> Result<Option<Undoable>> {
    let found: Vec<Undoable> = auth
        .db()
        .read(
            "SELECT user_id, sent_to, sent_to_key, asked_at, expires_at FROM one_time_tokens
             WHERE purpose = 'undo_email_change' AND sent_to_key = ?1 AND expires_at > ?2 AND frozen_at IS NULL",
        )
        .bind(&*former.key)
        .bind(auth.now())
        .fetch_all()
        .await?;
    Ok(found.into_iter().max_by_key(|change| (change.former.keys()[0] == former.keys()[0], change.asked_at)))
}

/// Stores a secret in its [reserved row](reserve), which it leaves at `expires_at`. Returns `false` if the row is gone.
pub(crate) async fn keep_undo(
    tx: &mut Tx,
    minted: &Minted,
    user: UserId,
    asked_at: i64,
    expires_at: i64,
) -> Result<bool> {
    let filled = tx
        .write(
            "UPDATE one_time_tokens SET token_hash = ?1, expires_at = ?2
             WHERE user_id = ?3 AND purpose = 'undo_email_change' AND asked_at = ?4 AND frozen_at IS NULL",
        )
        .bind(minted.hash)
        .bind(expires_at)
        .bind(user)
        .bind(asked_at)
        .execute()
        .await?;
    Ok(filled == 1)
}

/// What the secret of a former address may do.
pub(crate) enum Undo {
    /// Gives the account back. The account had the address, verified, since this time.
    GiveBack { since: i64 },
    /// Freezes the account, because a later address has proved itself.
    Freeze,
}

/// Decides what the secret of `claim` may do. The caller must lock the user before this: a proof locks the user too.
///
/// # Errors
/// [`Error::InvalidLink`] if it may do nothing any more.
pub(crate) async fn decide(auth: &Auth, tx: &mut Tx, claim: &Claim) -> Result<Undo> {
    struct Facts {
        since: i64,
        proved_at: Option<i64>,
    }
    impl FromRow for Facts {
        fn from_row(row: Row<'_>) -> db::Result<Self> {
            Ok(Self { since: row.get(0)?, proved_at: row.get(1)? })
        }
    }
    let facts: Option<Facts> = tx
        .write(
            "SELECT former_since, proved_at FROM one_time_tokens
             WHERE token_hash = ?1 AND expires_at > ?2 AND frozen_at IS NULL",
        )
        .bind(claim.hash)
        .bind(auth.now())
        .fetch_optional()
        .await?;
    match facts.ok_or(Error::InvalidLink)? {
        // Rows from before this rule do not know the time.
        Facts { since: 0, proved_at: None } => Ok(Undo::GiveBack { since: auth.now() }),
        Facts { since, proved_at: None } => Ok(Undo::GiveBack { since }),
        Facts { proved_at: Some(_), .. } => Ok(Undo::Freeze),
    }
}

/// The undos of an account after its present address has proved itself.
pub(crate) struct AfterProof {
    /// How many undos have ended.
    pub(crate) ended: u64,
    /// How many can still freeze the account.
    pub(crate) kept: u64,
}

/// Notes that the present address of `user` has proved itself. Undos of addresses that were not settled end; the others
/// can only freeze the account from now on.
///
/// The caller must lock the user before this, and the credential before the user.
pub(crate) async fn note_proof(auth: &Auth, tx: &mut Tx, user: UserId) -> Result<AfterProof> {
    let ended = tx
        .write(
            "DELETE FROM one_time_tokens
             WHERE user_id = ?1 AND purpose = 'undo_email_change' AND asked_at - former_since <= ?2",
        )
        .bind(user)
        .bind(SETTLED)
        .execute()
        .await?;
    let kept = tx
        .write(
            "UPDATE one_time_tokens SET proved_at = COALESCE(proved_at, ?1)
             WHERE user_id = ?2 AND purpose = 'undo_email_change' AND expires_at > ?1",
        )
        .bind(auth.now())
        .bind(user)
        .execute()
        .await?;
    Ok(AfterProof { ended, kept })
}

/// Makes the secrets of all former addresses of `user` worthless, because the account is frozen. The addresses stay
/// reserved for a while, so that an operator can give one of them back.
pub(crate) async fn freeze(auth: &Auth, tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write(
        "UPDATE one_time_tokens SET frozen_at = ?1, expires_at = ?2
         WHERE user_id = ?3 AND purpose = 'undo_email_change'",
    )
    .bind(auth.now())
    .bind(auth.now() + FROZEN)
    .bind(user)
    .execute()
    .await?;
    Ok(())
}

/// Frees the former addresses of a frozen account, because an operator has decided.
pub(crate) async fn thaw(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM one_time_tokens WHERE user_id = ?1 AND frozen_at IS NOT NULL")
        .bind(user)
        .execute()
        .await?;
    Ok(())
}

/// Deletes the secrets that undo later changes of address than that of `claim`: an attacker who took the account over
/// may have changed the address more than once. Secrets of earlier changes still work.
pub(crate) async fn kill_later_undos(tx: &mut Tx, claim: &Claim) -> Result<()> {
    tx.write(
        "DELETE FROM one_time_tokens
         WHERE user_id = ?1 AND purpose = 'undo_email_change' AND asked_at >= ?2 AND token_hash <> ?3",
    )
    .bind(claim.user)
    .bind(claim.asked_at)
    .bind(claim.hash)
    .execute()
    .await?;
    Ok(())
}

/// Returns the addresses that `user` can still get back.
pub(crate) async fn former_addresses(auth: &Auth, tx: &mut Tx, user: UserId) -> Result<Vec<Email>> {
    struct Former(Email);
    impl FromRow for Former {
        fn from_row(row: Row<'_>) -> db::Result<Self> {
            Ok(Self(Email::stored(row.get(0)?, row.get(1)?)))
        }
    }
    let former: Vec<Former> = tx
        .write(
            "SELECT sent_to, sent_to_key FROM one_time_tokens
             WHERE user_id = ?1 AND purpose = 'undo_email_change' AND expires_at > ?2",
        )
        .bind(user)
        .bind(auth.now())
        .fetch_all()
        .await?;
    Ok(former.into_iter().map(|former| former.0).collect())
}
