//! The clients: finds, adds, changes and deletes them.

use crate::{
    auth::Auth,
    base::{
        config::{ClientConfig, client::is_id},
        db::{self, Tx},
        error::Result,
    },
    model::oauth_client::{OAuthClient, Origin, client_columns, owner_of},
};

/// Returns the client with this id, also a disabled one.
pub(crate) async fn find(auth: &Auth, id: &str) -> Result<Option<OAuthClient>> {
    // A text with other characters is no id, and not every database takes it.
    if !is_id(id) {
        return Ok(None);
    }
    Ok(auth
        .db()
        .read(concat!("SELECT ", client_columns!(), " FROM oauth_clients WHERE id = ?1"))
        .bind(id)
        .fetch_optional()
        .await?)
}

/// Returns `true` if no client has this id.
pub(crate) async fn is_free(tx: &mut Tx, id: &str) -> Result<bool> {
    let found: Option<String> =
        tx.write("SELECT id FROM oauth_clients WHERE id = ?1").bind(id).fetch_optional().await?;
    Ok(found.is_none())
}

/// Returns at most `limit` clients after the one with this id, in the order of their ids.
pub(crate) async fn after(auth: &Auth, id: &str, limit: i64) -> Result<Vec<OAuthClient>> {
    Ok(auth
        .db()
        .read(concat!("SELECT ", client_columns!(), " FROM oauth_clients WHERE id > ?1 ORDER BY id LIMIT ?2"))
        .bind(id)
        .bind(limit)
        .fetch_all()
        .await?)
}

/// Returns the ids of the clients that the configuration has declared, now or earlier.
pub(super) async fn of_config(tx: &Tx) -> Result<Vec<String>> {
    Ok(tx
        .write("SELECT id FROM oauth_clients WHERE origin = ?1 AND id > ''")
        .bind(Origin::Config.name())
        .fetch_all()
        .await?)
}

fn list(texts: &[String]) -> String {
    serde_json::to_string(texts).expect("texts are JSON")
}

/// Stores a client, in place of one with the same id.
pub(crate) async fn store(auth: &Auth, tx: &mut Tx, client: &ClientConfig, origin: Origin) -> Result<()> {
    let mut scopes = client.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    tx.note_change(owner_of(&client.id));
    tx.write(
        "INSERT INTO oauth_clients (id, name, origin, confidential, first_party, redirect_uris, post_logout_uris,
             scopes, resources, id_token_alg, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, origin = excluded.origin,
             confidential = excluded.confidential, first_party = excluded.first_party,
             redirect_uris = excluded.redirect_uris, post_logout_uris = excluded.post_logout_uris,
             scopes = excluded.scopes, resources = excluded.resources, id_token_alg = excluded.id_token_alg,
             disabled_at = NULL",
    )
    .bind(&*client.id)
    .bind(&*client.name)
    .bind(origin.name())
    .bind(i64::from(!client.public))
    .bind(i64::from(client.first_party))
    .bind(list(&client.redirect_uris))
    .bind(list(&client.post_logout_redirect_uris))
    .bind(scopes.join(" "))
    .bind(list(&client.resources))
    .bind(&*client.id_token_alg)
    .bind(auth.now())
    .execute()
    .await?;
    Ok(())
}

/// Disables a client: from the commit on, no node accepts its codes and tokens. Returns `false` if there is no such
/// client.
pub(crate) async fn disable(auth: &Auth, tx: &mut Tx, id: &str) -> Result<bool> {
    tx.note_change(owner_of(id));
    let found = tx
        .write("UPDATE oauth_clients SET disabled_at = COALESCE(disabled_at, ?1) WHERE id = ?2")
        .bind(auth.now())
        .bind(id)
        .execute()
        .await?;
    if found > 0 {
        end_all_of(tx, id).await?;
    }
    Ok(found > 0)
}

/// Ends all codes and tokens of a client, so that they do not come back when it is enabled.
async fn end_all_of(tx: &Tx, id: &str) -> db::Result<()> {
    tx.write("UPDATE grants SET generation = generation + 1 WHERE client_id = ?1").bind(id).execute().await?;
    // The greater generation has ended them. Now they can be cleared away too.
    tx.write(
        "UPDATE refresh_chains SET expires_at = 0 WHERE grant_id IN (SELECT id FROM grants WHERE client_id = ?1)",
    )
    .bind(id)
    .execute()
    .await?;
    Ok(())
}

/// Lets a disabled client work again. Returns `false` if there is no such client.
pub(crate) async fn enable(tx: &mut Tx, id: &str) -> Result<bool> {
    tx.note_change(owner_of(id));
    let found =
        tx.write("UPDATE oauth_clients SET disabled_at = NULL WHERE id = ?1").bind(id).execute().await?;
    Ok(found > 0)
}

/// Deletes a client, what its users allowed it, and its tokens. Returns `false` if there is no such client.
pub(crate) async fn delete(tx: &mut Tx, id: &str) -> Result<bool> {
    tx.note_change(owner_of(id));
    Ok(tx.write("DELETE FROM oauth_clients WHERE id = ?1").bind(id).execute().await? > 0)
}
