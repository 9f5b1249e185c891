//! What an app learns about a person, in an ID token and at `/oauth/userinfo` alike: some apps read only one of them.

use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256, Sha512};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    base::jose::Algorithm,
    model::{access::has_scope, user::User},
};

/// The seconds for which an ID token can be used.
pub(super) const LIFETIME: i64 = 600;

/// The claims that there are, beside those of every ID token.
pub(super) const OF_SCOPES: [&str; 6] =
    ["email", "email_verified", "groups", "name", "preferred_username", "updated_at"];

/// Returns what these scopes tell about a user.
pub(super) fn of_user(user: &User, scopes: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    if has_scope(scopes, "email") {
        claims.insert("email".into(), user.email.as_str().into());
        claims.insert("email_verified".into(), user.email_verified_at.is_some().into());
    }
    if has_scope(scopes, "profile") {
        let name = user.display_name.as_ref().unwrap_or(&user.email);
        claims.insert("name".into(), name.as_str().into());
        // There are no user names, and many apps need this claim.
        claims.insert("preferred_username".into(), user.email.as_str().into());
        claims.insert("updated_at".into(), user.updated_at.as_second().into());
    }
    if has_scope(scopes, "groups") {
        claims.insert("groups".into(), json!(user.roles));
    }
    claims
}

/// The claims of an ID token (OpenID Connect Core, section 2).
#[derive(Serialize)]
pub(super) struct IdToken<'a> {
    pub(super) iss: &'a str,
    pub(super) sub: String,
    pub(super) aud: &'a str,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<&'a str>,
    pub(super) acr: &'static str,
    pub(super) amr: Vec<&'static str>,
    /// The number of the session.
    pub(super) sid: String,
    pub(super) at_hash: String,
    #[serde(flatten)]
    pub(super) of_user: Map<String, Value>,
}

/// Returns the left half of the hash of an access token (OpenID Connect Core, section 3.1.3.6).
pub(super) fn at_hash(algorithm: Algorithm, access_token: &str) -> String {
    match algorithm {
        Algorithm::Rs256 | Algorithm::Es256 => URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16]),
        Algorithm::EdDsa => URL_SAFE_NO_PAD.encode(&Sha512::digest(access_token)[..32]),
    }
}
