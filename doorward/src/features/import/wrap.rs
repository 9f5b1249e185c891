//! Puts argon2id around stored hashes that are quick to guess, without their passwords and without a log-in.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    accounts::credential::{self, StoredHash},
    auth::Auth,
    base::error::Result,
};

/// The hashes that are read at once, and the most that are replaced in one transaction.
const READ: u32 = 1000;
const GROUP: usize = 100;

impl Auth {
    /// Begins a pass over all stored hashes, which finds those that are quick to guess. An import may have brought them:
    /// single MD5, SHA-1 or SHA-2, HMAC, phpass, MD5-crypt, few rounds of PBKDF2 or SHA-crypt. Nothing is changed until
    /// [`HashWrapping::apply`] is called.
    ///
    /// A wrapped hash verifies as before. The next log-in replaces it by a normal argon2id hash of the password, unless it
    /// accepts several texts, as one of `WordPress` does: then it stays wrapped until the owner chooses a password. Users can
    /// log in during the pass: a hash that changes meanwhile is left alone.
    #[must_use]
    pub fn wrap_hashes(&self) -> HashWrapping {
        HashWrapping { auth: self.clone(), apply: false, after: 0, read: Vec::new() }
    }
}

/// A pass over all stored hashes. Made by [`Auth::wrap_hashes`].
#[derive(Debug)]
pub struct HashWrapping {
    auth: Auth,
    apply: bool,
    /// The id of the last one that was read.
    after: i64,
    /// The hashes that were read and not yet checked, last first.
    read: Vec<StoredHash>,
}

/// The result of a step of a [`HashWrapping`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrappedBatch {
    /// The number of hashes that were checked.
    pub looked_at: u64,
    /// The number of hashes that are quick to guess, by the name of their scheme.
    pub weak: BTreeMap<&'static str, u64>,
    /// The number of hashes that were wrapped; 0 in a dry run. A hash that a log-in or a new password replaced
    /// meanwhile is not wrapped.
    pub wrapped: u64,
    /// The number of unreadable hashes. Their owners cannot log in with a password.
    pub unreadable: u64,
}

impl HashWrapping {
    /// Makes the pass wrap the hashes. Without this it only counts them. This takes as long as a log-in for each of
    /// them.
    #[must_use]
    pub fn apply(self) -> Self {
        Self { apply: true, ..self }
    }

    /// Takes the next step and wraps at most a hundred hashes; `None` when all were checked. Its changes are durable
    /// when it returns, so that a pass may be stopped and begun again.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable) if the database or the hashing threads cannot take this now.
    pub async fn next_batch(&mut self) -> Result<Option<WrappedBatch>> {
        let auth = &self.auth;
        if self.read.is_empty() {
            self.read = credential::hashes(auth, self.after, READ).await?;
            self.read.reverse();
        }
        let Some(last) = self.read.first() else { return Ok(None) };
        self.after = self.after.max(last.id);
        let mut step = WrappedBatch::default();
        let mut weak = Vec::new();
        while weak.len() < GROUP
            && let Some(stored) = self.read.pop()
        {
            step.looked_at += 1;
            match auth.hashing().identify(&stored.hash) {
                Ok(identified) if identified.weak => {
                    *step.weak.entry(identified.scheme.as_str()).or_default() += 1;
                    weak.push(stored);
                }
                Ok(_) => {}
                Err(_) => step.unreadable += 1,
            }
        }
        if self.apply && !weak.is_empty() {
            let wrapped: Vec<_> = stream::iter(weak)
                .map(async |stored| {
                    let wrapped = auth.hashing().wrap(stored.hash.clone()).await?;
                    Ok::<_, crate::base::error::Error>(wrapped.map(|wrapped| (stored, wrapped)))
                })
                .buffered(auth.hashing().at_once())
                .try_collect()
                .await?;
            let mut tx = auth.db().begin().await?;
            for (stored, wrapped) in wrapped.into_iter().flatten() {
                step.wrapped += u64::from(credential::replace_hash(&mut tx, &stored, wrapped).await?);
            }
            tx.commit().await?;
        }
        Ok(Some(step))
    }
}
