//! Ends a chain by one of its tokens, because its client wants it.

use crate::{
    accounts::oauth::{access, grants, refresh::table},
    auth::Auth,
    base::{error::Result, secret::Hash},
};

/// Ends the chain of a token of this client, and its access tokens (RFC 7009, section 2.1). It need not be the newest
/// token. From then on no node accepts any of them. Does nothing if it is no token of this client.
pub(crate) async fn revoke(auth: &Auth, token: Hash, client_id: &str) -> Result<()> {
    let found = table::find(auth, token, client_id).await?;
    let mut tx = auth.db().begin().await?;
    match found {
        Some(found) => {
            grants::lock(&tx, found.grant).await?;
            access::end_family(&mut tx, found.user.id, found.grant, found.chain).await?;
        }
        // Another request may be ending it at this moment. The answer waits until all nodes know that it has ended.
        None => tx.await_others(),
    }
    Ok(tx.commit().await?)
}
