//! The keys that sign ID tokens, for operators and for the code of the host. The command line of the server calls these
//! functions.

#[cfg(feature = "totp")]
use crate::accounts::second_factor;
use crate::{
    accounts::signing_key,
    auth::Auth,
    base::{
        error::{Error, Result},
        jose::Algorithm,
    },
    model::signing_keys::ListedSigningKey,
};

impl Auth {
    /// Returns the published keys that sign ID tokens. The keys of one algorithm stand together, the newest first. There
    /// are none before the first client asks for them.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn signing_keys(&self) -> Result<Vec<ListedSigningKey>> {
        signing_key::list(self).await
    }

    /// Replaces the keys that sign ID tokens, before their 90 days are over. `algorithm` is `RS256`, `ES256` or `EdDSA`;
    /// `None` means all of them.
    ///
    /// The new key is published at once, and signs in 24 hours. Clients may keep the published keys for an hour, so all
    /// of them know it by then. The old key signs until then. It stays published for two more days. If a new key waits
    /// already, none is made.
    ///
    /// `at_once` is for a leaked key. The new key signs now, and the old one is deleted. When this returns, no node signs
    /// with the old one or publishes it. It has a cost: a client refuses the ID tokens that the old key has signed, and
    /// may refuse new ones until it reads the keys again. Most clients do so when they meet an unknown key; some only
    /// after an hour. Access tokens and sessions go on.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an unknown algorithm, and if the settings have no [`Config::secret_key`](crate::Config).
    /// [`Error::Unavailable`].
    pub async fn rotate_signing_keys(&self, algorithm: Option<&str>, at_once: bool) -> Result<()> {
        self.check_sealer()?;
        let known = |name| {
            let unknown = || Error::field("algorithm", "expected RS256, ES256 or EdDSA");
            Algorithm::named(name).ok_or_else(unknown)
        };
        let algorithm = algorithm.map(known).transpose()?;
        let all = Algorithm::ALL.into_iter();
        for algorithm in all.filter(|one| algorithm.is_none_or(|algorithm| algorithm == *one)) {
            match at_once {
                true => signing_key::end_and_replace(self, algorithm).await?,
                false => signing_key::replace(self, algorithm).await?,
            }
        }
        Ok(())
    }

    /// Counts the secrets in the database that one of [`Config::retired_secret_keys`](crate::Config) has sealed.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the settings have no [`Config::secret_key`](crate::Config). [`Error::Unavailable`].
    pub async fn secrets_to_reseal(&self) -> Result<u64> {
        self.check_sealer()?;
        let keys = signing_key::count_sealed_with_others(self).await?;
        #[cfg(feature = "totp")]
        let keys = keys + second_factor::reseal::count_sealed_with_others(self).await?;
        Ok(keys)
    }

    /// Seals some of these secrets anew with [`Config::secret_key`](crate::Config). Returns how many, or 0 if nothing is
    /// left. Its changes are durable when it returns, so the work may be stopped and begun again.
    ///
    /// First give the new key to all nodes as a retired key, and only then as the current one. A node that does not know
    /// a key cannot open what it has sealed.
    ///
    /// # Errors
    /// As for [`Auth::secrets_to_reseal`].
    pub async fn reseal_secrets(&self) -> Result<u64> {
        self.check_sealer()?;
        let keys = signing_key::reseal(self).await?;
        #[cfg(feature = "totp")]
        if keys == 0 {
            return second_factor::reseal::reseal(self).await;
        }
        Ok(keys)
    }

    fn check_sealer(&self) -> Result<()> {
        let missing =
            || Error::field("secret_key", "expected a key in the settings: without one nothing is signed");
        self.provider().sealer.as_ref().map(|_| ()).ok_or_else(missing)
    }
}
