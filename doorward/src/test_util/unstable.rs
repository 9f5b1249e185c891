//! Functions for the tests of Doorward itself. **They are not for hosts: any version may change or remove them.**

#[cfg(feature = "provider")]
use crate::base::jose::{self, Algorithm, SigningKey};
use crate::{accounts::limit::guesses, auth::Auth, base::error::Result};

/// Deletes at most `at_most` expired counters of attempts. Returns how many it deleted.
///
/// # Errors
/// [`Error::Unavailable`](crate::Error::Unavailable).
pub async fn delete_old_attempts(auth: &Auth, at_most: u32) -> Result<u64> {
    guesses::delete_expired(auth, at_most.into()).await
}

/// Returns a statement as the database gets it.
#[must_use]
pub fn written(auth: &Auth, sql: &str) -> String {
    auth.db().written(sql)
}

/// A key that signs tokens.
#[cfg(feature = "provider")]
#[derive(Debug)]
pub struct TokenKey(SigningKey);

#[cfg(feature = "provider")]
impl TokenKey {
    /// Makes a key of each algorithm.
    ///
    /// # Panics
    /// If no key can be made.
    #[must_use]
    pub fn one_of_each() -> Vec<Self> {
        let make = |algorithm| SigningKey::read(algorithm, &SigningKey::generate(algorithm).ok()?).ok();
        Algorithm::ALL
            .into_iter()
            .map(|algorithm| Self(make(algorithm).expect("a key can be made")))
            .collect()
    }

    /// Its id: `kid` in a header.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Its algorithm: `alg` in a header.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        self.0.algorithm.name()
    }

    /// Signs a header and claims as they are.
    ///
    /// # Panics
    /// If the key cannot sign.
    #[must_use]
    pub fn sign(&self, header: &[u8], claims: &[u8]) -> String {
        self.0.sign_parts(header, claims).expect("the key can sign")
    }
}

/// Returns the claims of a token with the `typ` `JWT`, as JSON, if one of the keys verifies it.
#[cfg(feature = "provider")]
#[must_use]
pub fn verified(keys: &[TokenKey], token: &str) -> Option<String> {
    let claims = jose::verify(token, "JWT", keys.iter().map(|key| &key.0.jwk))?;
    serde_json::to_string(&claims).ok()
}
