//! Secrets that work once: the link in a mail, and the short code beside it for those who cannot follow a link.
//! Owns the table `one_time_tokens`.
//!
//! A secret is good for one purpose, one user and one address. The newer kills the older, and whoever changes what
//! it would prove calls [`kill`]. Looking at it changes nothing, for programs that scan mail look at every link;
//! [`spend`] uses it up. Codes are short, so they are hashed as passwords are, run out sooner, and only a few may be tried.

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        email::Email,
        error::{Error, Result},
        passwords::{hashing::Verdict, password::Password},
        secret::{self, Hash},
    },
    model::{
        purpose::{CODE_LIFETIME, Purpose},
        user::UserId,
    },
};

/// A secret that nobody has yet.
pub(crate) struct Minted {
    purpose: Purpose,
    /// For the link. Shown once; only its hash is kept.
    pub(crate) token: String,
    /// For people to type, as [`secret::code`] writes it.
    pub(crate) code: Option<String>,
    hash: Hash,
    code_hash: Option<String>,
}

/// Makes a secret. It works once it is [kept](keep).
pub(crate) async fn mint(auth: &Auth, purpose: Purpose) -> Result<Minted> {
    let (token, hash) = secret::generate(purpose.kind);
    let code = purpose.code.then(secret::code);
    let code_hash = match code.as_deref().and_then(code_as_password) {
        Some(code) => Some(auth.hashing().hash(code).await?),
        None => None,
    };
    Ok(Minted { purpose, token, code, hash, code_hash })
}

/// Lets a secret work from now on for `user`, who gets it at the address `sent_to`, in place of the one they had for
/// this purpose. `asked_at` is when that came about which it is sent for; its lifetime begins now. `false` if there is
/// no such user, or no [place](reserve) for it: nothing may be written in this transaction then.
pub(crate) async fn keep(
    auth: &Auth,
    tx: &mut Tx,
    minted: &Minted,
    user: UserId,
    sent_to: &Email,
    asked_at: i64,
) -> Result<bool> {
    if minted.purpose == Purpose::UNDO_EMAIL_CHANGE {
        return fill(auth, tx, minted, user, asked_at).await;
    }
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

/// Makes a place for the secret with which `user` can go back to the address `former`, in the transaction in which
/// they give it up: from then on nobody else can register it. Nobody has a secret yet; it is made when its mail is sent.
///
/// Gives the moment of the change, by which the mail finds the place. The clocks of nodes differ, and changes may come
/// within a second: it is later than those of all other changes that this user can still undo. The user is to be locked
/// before this.
pub(crate) async fn reserve(auth: &Auth, tx: &mut Tx, user: UserId, former: &Email) -> Result<i64> {
    const PURPOSE: Purpose = Purpose::UNDO_EMAIL_CHANGE;
    let newest: Option<i64> = tx
        .write(
            "SELECT COALESCE(MAX(asked_at), 0) FROM one_time_tokens
             WHERE user_id = ?1 AND purpose = 'undo_email_change'",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    let asked_at = auth.now().max(newest.unwrap_or_default() + 1);
    let (_, nobodys) = secret::generate(PURPOSE.kind);
    tx.write(
        "INSERT INTO one_time_tokens
             (token_hash, user_id, purpose, sent_to, sent_to_key, code_hash, asked_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6, ?7)",
    )
    .bind(nobodys)
    .bind(user)
    .bind(PURPOSE.name)
    .bind(&*former.typed)
    .bind(&*former.key)
    .bind(asked_at)
    .bind(auth.now() + PURPOSE.lifetime)
    .execute()
    .await?;
    Ok(asked_at)
}

/// Puts a secret into its [place](reserve).
async fn fill(auth: &Auth, tx: &mut Tx, minted: &Minted, user: UserId, asked_at: i64) -> Result<bool> {
    let filled = tx
        .write(
            "UPDATE one_time_tokens SET token_hash = ?1, expires_at = ?2
             WHERE user_id = ?3 AND purpose = 'undo_email_change' AND asked_at = ?4",
        )
        .bind(minted.hash)
        .bind(auth.now() + minted.purpose.lifetime)
        .bind(user)
        .bind(asked_at)
        .execute()
        .await?;
    Ok(filled == 1)
}

/// The addresses that `user` can still go back to.
pub(crate) async fn former_addresses(auth: &Auth, tx: &mut Tx, user: UserId) -> Result<Vec<Email>> {
    struct Former(Email);
    impl FromRow for Former {
        fn from_row(row: Row<'_>) -> db::Result<Self> {
            Ok(Self(Email { typed: row.get(0)?, key: row.get(1)? }))
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

/// A secret that works, as its holder shows it.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    hash: Hash,
    pub(crate) user: UserId,
    /// The address it was sent to.
    pub(crate) sent_to: Email,
    pub(crate) asked_at: i64,
}

struct Kept {
    hash: Vec<u8>,
    user: UserId,
    sent_to: Email,
    code_hash: Option<String>,
    asked_at: i64,
}

impl FromRow for Kept {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            hash: row.get(0)?,
            user: UserId(row.get(1)?),
            sent_to: Email { typed: row.get(2)?, key: row.get(3)? },
            code_hash: row.get(4)?,
            asked_at: row.get(5)?,
        })
    }
}

impl Kept {
    fn claim(self) -> Result<Claim> {
        let hash = Hash::try_from(self.hash).map_err(|_| Error::Internal)?;
        Ok(Claim { hash, user: self.user, sent_to: self.sent_to, asked_at: self.asked_at })
    }
}

/// Looks at the token of a link. It still works afterwards.
///
/// # Errors
/// [`Error::InvalidLink`] if it does not work: made up, of another purpose, used, replaced, killed or too old.
pub(crate) async fn look_at(auth: &Auth, purpose: Purpose, token: &str) -> Result<Claim> {
    let hash = secret::hash(purpose.kind, token).ok_or(Error::InvalidLink)?;
    let kept: Option<Kept> = auth
        .db()
        .read(
            "SELECT token_hash, user_id, sent_to, sent_to_key, code_hash, asked_at FROM one_time_tokens
             WHERE token_hash = ?1 AND purpose = ?2 AND expires_at > ?3",
        )
        .bind(hash)
        .bind(purpose.name)
        .bind(auth.now())
        .fetch_optional()
        .await?;
    kept.ok_or(Error::InvalidLink)?.claim()
}

/// Whether `user` was sent a secret for this purpose that works.
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

/// Compares a code with the one that `user` was sent. It costs the same whether or not there is such a user, or a
/// code. How often it may be tried the caller has seen to.
///
/// # Errors
/// [`Error::InvalidLink`] if it is wrong.
pub(crate) async fn try_code(
    auth: &Auth,
    purpose: Purpose,
    user: Option<UserId>,
    code: &str,
) -> Result<Claim> {
    // Nobody has the number 0.
    let user = user.unwrap_or(UserId(0));
    let kept: Option<Kept> = auth
        .db()
        .read(
            "SELECT token_hash, user_id, sent_to, sent_to_key, code_hash, asked_at FROM one_time_tokens
             WHERE user_id = ?1 AND purpose = ?2 AND expires_at > ?3",
        )
        .bind(user)
        .bind(purpose.name)
        // When the link runs out, and so how long ago both were sent.
        .bind(auth.now() + purpose.lifetime - purpose.lifetime.min(CODE_LIFETIME))
        .fetch_optional()
        .await?;
    let code = code_as_password(code).ok_or(Error::InvalidLink)?;
    let stored = kept.as_ref().and_then(|kept| kept.code_hash.clone());
    match (auth.hashing().verify(code, stored).await?.verdict, kept) {
        (Verdict::Right | Verdict::RightAndOutdated, Some(kept)) => kept.claim(),
        _ => Err(Error::InvalidLink),
    }
}

/// A code as it is hashed, however it was typed.
fn code_as_password(typed: &str) -> Option<Password> {
    Password::claimed(&secret::normal_code(typed)).ok()
}

/// Uses a secret up, within the transaction of what it is used for.
///
/// Rows that belong to the user, and the user, are to be changed before this: who deletes the user locks them in
/// that order, and in the other one each would wait for the other.
///
/// # Errors
/// [`Error::InvalidLink`] if somebody was faster.
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

/// Makes the secrets of `user` worthless because the password has changed. The address can still be verified, and a change
/// of address be undone.
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

/// Makes the ways to undo changes of address worthless of later changes than that of `claim`: whoever took the account
/// over may have changed the address more than once. Earlier ones still work.
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

/// Deletes at most `limit` secrets that have run out, and says how many.
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
