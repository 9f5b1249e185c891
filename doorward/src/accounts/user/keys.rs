//! Brings the keys of addresses up to date. As a key, older versions only wrote the address in lower case. This left
//! several keys for some addresses with letters beyond ASCII.
//!
//! This runs at every start. Since the last start, a node of an older version may have added users. Or a user has gone,
//! and another one was waiting for that key. Only keys beyond ASCII are read, and an index finds them. Several nodes
//! may do this at once, with the same outcome: a key is changed only if it is still the one that was read.
//!
//! If two users clash, nobody loses anything. The one who has the key keeps it; if nobody has it, the oldest user gets
//! it, unless its former owner can still get it back. The others keep their old key, by which [`Email::keys`] finds
//! them, and `email_clashes` reserves the address for them.

use crate::{
    accounts::keyed::{self, Keyed, PAGE},
    base::{
        db::{self, Db, FromRow, Row, Tx},
        email::Email,
    },
    model::user::UserId,
};

/// How many users one transaction changes: so few that other writers hardly wait.
const GROUP: usize = 50;
/// The most tries of a transaction. A try fails if another user gets a key at the same moment, or if other nodes write.
const ATTEMPTS: usize = 3;

/// Two users whose addresses now count as one. They differ only in the case of letters beyond ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmailClash {
    /// The user who is found only by the exact spelling of the address.
    pub user: UserId,
    /// The address of that user.
    pub email: String,
    /// The user who is found by every other spelling.
    pub holder: UserId,
    /// The address of the holder.
    pub holder_email: String,
}

impl FromRow for EmailClash {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            user: UserId(row.get(0)?),
            email: row.get(1)?,
            holder: UserId(row.get(2)?),
            holder_email: row.get(3)?,
        })
    }
}

/// Brings the keys of all users up to date. Returns the clashes that are left.
pub(crate) async fn fold_keys(db: &Db) -> db::Result<Vec<EmailClash>> {
    let mut last = (i64::MIN, 0);
    loop {
        let page: Vec<Keyed<i64>> = db
            .read(
                "SELECT id, email, email_key, created_at FROM users
                 WHERE ltrim(email_key, 'abcdefghijklmnopqrstuvwxyz0123456789@.-_+') <> ''
                     AND (created_at, id) > (?1, ?2)
                 ORDER BY created_at, id LIMIT ?3",
            )
            .bind(last.0)
            .bind(last.1)
            .bind(PAGE)
            .fetch_all()
            .await?;
        let Some(end) = page.last() else { break };
        last = (end.at, end.id);
        for group in keyed::outdated(page).chunks(GROUP) {
            fold(db, group).await?;
        }
    }
    clashes(db).await
}

async fn fold(db: &Db, outdated: &[(Keyed<i64>, String)]) -> db::Result<()> {
    let mut attempts = 1..ATTEMPTS;
    loop {
        let folded = async {
            let mut tx = db.begin().await?;
            for (user, folded) in outdated {
                fold_one(&mut tx, user, folded).await?;
            }
            tx.commit().await
        };
        match folded.await {
            Err(db::Error::Unique | db::Error::Unavailable(_)) if attempts.next().is_some() => {}
            result => return result,
        }
    }
}

async fn fold_one(tx: &mut Tx, user: &Keyed<i64>, folded: &str) -> db::Result<()> {
    let id = UserId(user.id);
    let given = tx
        .change(
            id,
            "UPDATE users SET email_key = ?1 WHERE id = ?2 AND email_key = ?3
             AND NOT EXISTS (SELECT 1 FROM users AS holder WHERE holder.email_key = ?1)
             AND NOT EXISTS (SELECT 1 FROM one_time_tokens
                 WHERE purpose = 'undo_email_change' AND sent_to_key = ?1 AND user_id <> ?2)",
        )
        .bind(folded)
        .bind(id)
        .bind(&*user.key)
        .execute()
        .await?;
    if given > 0 {
        return forget_clash(tx, id).await;
    }
    tx.write(
        "INSERT INTO email_clashes (user_id, folded_key)
         SELECT id, ?1 FROM users WHERE id = ?2 AND email_key = ?3
         ON CONFLICT (user_id) DO UPDATE SET folded_key = excluded.folded_key",
    )
    .bind(folded)
    .bind(id)
    .bind(&*user.key)
    .execute()
    .await?;
    Ok(())
}

/// Forgets that the address of a user clashes with another one, because the user has another address or key.
pub(super) async fn forget_clash(tx: &mut Tx, user: UserId) -> db::Result<()> {
    tx.write("DELETE FROM email_clashes WHERE user_id = ?1").bind(user).execute().await?;
    Ok(())
}

/// Returns `true` if this is the address of a user who waits for its key. Nobody else may take it.
pub(super) async fn is_waited_for(tx: &mut Tx, email: &Email, by_others_than: UserId) -> db::Result<bool> {
    let waits: Option<i64> = tx
        .write("SELECT user_id FROM email_clashes WHERE folded_key = ?1 AND user_id <> ?2 LIMIT 1")
        .bind(&*email.key)
        .bind(by_others_than)
        .fetch_optional()
        .await?;
    Ok(waits.is_some())
}

/// Returns the key for an address that a user gets back. It is the earlier key if another user has the right one, waits
/// for it, or can get it back. Then this user waits too.
pub(super) async fn key_to_get_back<'a>(tx: &mut Tx, email: &'a Email, user: UserId) -> db::Result<&'a str> {
    let [earlier, key] = email.keys();
    if earlier == key {
        return Ok(key);
    }
    let other: Option<i64> = tx
        .write(
            "SELECT id FROM users WHERE email_key = ?1 AND id <> ?2
             UNION ALL SELECT user_id FROM email_clashes WHERE folded_key = ?1 AND user_id <> ?2
             UNION ALL SELECT user_id FROM one_time_tokens
                 WHERE purpose = 'undo_email_change' AND sent_to_key = ?1 AND user_id <> ?2
             LIMIT 1",
        )
        .bind(key)
        .bind(user)
        .fetch_optional()
        .await?;
    if other.is_none() {
        return Ok(key);
    }
    tx.write("INSERT INTO email_clashes (user_id, folded_key) VALUES (?1, ?2)")
        .bind(user)
        .bind(key)
        .execute()
        .await?;
    Ok(earlier)
}

async fn clashes(db: &Db) -> db::Result<Vec<EmailClash>> {
    let mut clashes: Vec<EmailClash> = Vec::new();
    loop {
        let page: Vec<EmailClash> = db
            .read(
                "SELECT users.id, users.email, holder.id, holder.email
                 FROM email_clashes JOIN users ON users.id = email_clashes.user_id
                 JOIN users AS holder ON holder.email_key = email_clashes.folded_key
                 WHERE email_clashes.user_id > ?1 ORDER BY email_clashes.user_id LIMIT ?2",
            )
            .bind(clashes.last().map_or(0, |last| last.user.0))
            .bind(PAGE)
            .fetch_all()
            .await?;
        if page.is_empty() {
            return Ok(clashes);
        }
        clashes.extend(page);
    }
}
