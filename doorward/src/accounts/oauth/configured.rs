//! Brings the clients of the configuration into the database, where tokens refer to them.
//!
//! The first use of the provider does so, and not the opening: commands of operators may run with another configuration.
//! If nodes have different configurations, that of the node that started last counts.

use crate::{
    accounts::oauth::{clients, secrets},
    auth::Auth,
    base::{config::ClientConfig, error::Result},
    model::oauth_client::Origin,
};

/// Stores the clients of the configuration once, and disables those that it does not declare any more.
pub(crate) async fn store_once(auth: &Auth) -> Result<()> {
    auth.provider().configured.get_or_try_init(|| store(auth)).await.copied()
}

async fn store(auth: &Auth) -> Result<()> {
    let declared = &auth.config().client;
    let mut tx = auth.db().begin().await?;
    let known = clients::of_config(&tx).await?;
    for client in declared {
        clients::store(auth, &mut tx, client, Origin::Config).await?;
        secrets::set(auth, &mut tx, &client.id, client.secret.as_ref().map(|secret| secret.expose())).await?;
    }
    let is_declared = |id: &String| declared.iter().any(|client: &ClientConfig| client.id == *id);
    for gone in known.iter().filter(|id| !is_declared(id)) {
        clients::disable(auth, &mut tx, gone).await?;
    }
    Ok(tx.commit().await?)
}
