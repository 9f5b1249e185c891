//! `id_token_hint`: an ID token of ours that an app sends back, to say whom it means.

use serde_json::{Map, Value};

use crate::{
    accounts::signing_key,
    auth::Auth,
    base::{error::Result, jose},
    features::provider::answer::issuer,
};

/// Returns the claims of an ID token that this provider has signed. It may have expired: people come back late.
pub(super) async fn claims(auth: &Auth, token: &str) -> Result<Option<Map<String, Value>>> {
    let keys = signing_key::all(auth).await?;
    let claims = jose::verify(token, "JWT", keys.published(auth.now()).map(|key| &key.jwk));
    Ok(claims.filter(|claims| claims.get("iss").and_then(Value::as_str) == Some(&issuer(auth))))
}

/// Returns the number of the user whom an ID token of this client names.
pub(super) async fn user(auth: &Auth, client_id: &str, token: &str) -> Result<Option<String>> {
    let claims = claims(auth, token).await?;
    let of_client = claims.filter(|claims| claims.get("aud").and_then(Value::as_str) == Some(client_id));
    Ok(of_client.and_then(|claims| claims.get("sub")?.as_str().map(str::to_owned)))
}
