//! Brings up to date the keys of addresses to which secrets were sent. `accounts/user/keys.rs` does this for users.

use crate::base::{
    db::{self, Db, FromRow, Row},
    email::Email,
};

const PAGE: i64 = 500;

struct Keyed {
    hash: Vec<u8>,
    sent_to: String,
    key: String,
    asked_at: i64,
}

impl FromRow for Keyed {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { hash: row.get(0)?, sent_to: row.get(1)?, key: row.get(2)?, asked_at: row.get(3)? })
    }
}

/// Brings the keys of all addresses up to date.
pub(crate) async fn fold_keys(db: &Db) -> db::Result<()> {
    let mut last = (i64::MIN, Vec::new());
    loop {
        let page: Vec<Keyed> = db
            .read(
                "SELECT token_hash, sent_to, sent_to_key, asked_at FROM one_time_tokens
                 WHERE ltrim(sent_to_key, 'abcdefghijklmnopqrstuvwxyz0123456789@.-_+') <> ''
                     AND (asked_at, token_hash) > (?1, ?2)
                 ORDER BY asked_at, token_hash LIMIT ?3",
            )
            .bind(last.0)
            .bind(db::Value::Blob(last.1))
            .bind(PAGE)
            .fetch_all()
            .await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = (end.asked_at, end.hash.clone());
        for token in page {
            let folded = Email::stored(token.sent_to, token.key.clone()).key;
            if folded == token.key {
                continue;
            }
            db.write(
                "UPDATE one_time_tokens SET sent_to_key = ?1 WHERE token_hash = ?2 AND sent_to_key = ?3",
            )
            .bind(folded)
            .bind(db::Value::Blob(token.hash))
            .bind(token.key)
            .execute()
            .await?;
        }
    }
}
