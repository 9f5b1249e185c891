//! Brings up to date the keys of addresses to which secrets were sent. `accounts/user/keys.rs` does this for users.

use crate::{
    accounts::keyed::{self, Keyed, PAGE},
    base::db::{self, Db},
};

/// Brings the keys of all addresses up to date.
pub(crate) async fn fold_keys(db: &Db) -> db::Result<()> {
    let mut last = (i64::MIN, Vec::new());
    loop {
        let page: Vec<Keyed<Vec<u8>>> = db
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
        last = (end.at, end.id.clone());
        for (token, folded) in keyed::outdated(page) {
            db.write(
                "UPDATE one_time_tokens SET sent_to_key = ?1 WHERE token_hash = ?2 AND sent_to_key = ?3",
            )
            .bind(folded)
            .bind(db::Value::Blob(token.id))
            .bind(token.key)
            .execute()
            .await?;
        }
    }
}
