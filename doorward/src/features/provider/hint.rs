//! An ID token that an app shows as a hint about a person (`id_token_hint`).

use serde_json::{Map, Value};

use crate::{
    accounts::signing_key,
    auth::Auth,
    base::{error::Result, jose},
    features::provider::answer::issuer,
    model::user::UserId,
};

/// The claims of an ID token that this provider has signed. It may have expired: apps show it late.
pub(super) struct Hint(Map<String, Value>);

impl Hint {
    /// Reads an ID token. `None` if it is none of ours.
    pub(super) async fn read(auth: &Auth, token: &str) -> Result<Option<Self>> {
        let keys = signing_key::all(auth).await?;
        let claims = jose::verify(token, "JWT", keys.published(auth.now()).map(|key| &key.jwk));
        Ok(claims.map(Self).filter(|hint| hint.text("iss") == Some(&issuer(auth))))
    }

    /// Returns a claim that is a text.
    pub(super) fn text(&self, claim: &str) -> Option<&str> {
        self.0.get(claim)?.as_str()
    }

    /// Returns `true` if the app means this user.
    pub(super) fn is_about(&self, user: UserId) -> bool {
        self.text("sub") == Some(&*user.to_string())
    }
}
