//! The secrets of clients. Only their hashes are stored.

use sha2::{Digest, Sha256};

use crate::{
    auth::Auth,
    base::{
        db::Tx,
        error::Result,
        secret::{self, Hash},
    },
    model::oauth_client::CLIENT_SECRET,
};

/// Returns `true` if this is a secret of the client. It is looked up by its hash, so the time tells nothing about it.
pub(crate) async fn is_of(auth: &Auth, client_id: &str, secret: &str) -> Result<bool> {
    let found: Option<String> = auth
        .db()
        .read(
            "SELECT client_id FROM oauth_client_secrets
             WHERE secret_hash = ?1 AND client_id = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
        )
        .bind(hash_of(secret))
        .bind(client_id)
        .bind(auth.now())
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

fn hash_of(secret: &str) -> Hash {
    Sha256::digest(secret).into()
}

/// Makes a secret for a client. It is shown once. Earlier ones work until `earlier_until`.
pub(crate) async fn renew(auth: &Auth, tx: &mut Tx, client_id: &str, earlier_until: i64) -> Result<String> {
    let (secret, hash) = secret::generate(CLIENT_SECRET);
    tx.write("DELETE FROM oauth_client_secrets WHERE client_id = ?1 AND expires_at <= ?2")
        .bind(client_id)
        .bind(auth.now())
        .execute()
        .await?;
    tx.write(
        "UPDATE oauth_client_secrets SET expires_at = ?2
         WHERE client_id = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
    )
    .bind(client_id)
    .bind(earlier_until)
    .execute()
    .await?;
    add(auth, tx, client_id, hash).await?;
    Ok(secret)
}

/// Makes this text the only secret of a client. If another client had it, it is no secret of that one any more.
pub(super) async fn set(auth: &Auth, tx: &mut Tx, client_id: &str, secret: Option<&str>) -> Result<()> {
    let hash = secret.map(hash_of);
    tx.write("DELETE FROM oauth_client_secrets WHERE client_id = ?1 OR secret_hash = ?2")
        .bind(client_id)
        .bind(hash)
        .execute()
        .await?;
    if let Some(hash) = hash {
        add(auth, tx, client_id, hash).await?;
    }
    Ok(())
}

async fn add(auth: &Auth, tx: &Tx, client_id: &str, hash: Hash) -> Result<()> {
    tx.write("INSERT INTO oauth_client_secrets (secret_hash, client_id, created_at) VALUES (?1, ?2, ?3)")
        .bind(hash)
        .bind(client_id)
        .bind(auth.now())
        .execute()
        .await?;
    Ok(())
}
