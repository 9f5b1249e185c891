//! Measures the stored hashes at the start, because every refusal has to take as long as the slowest kind of hash.

use std::collections::BTreeMap;

use crate::{
    accounts::credential::table::hashes,
    auth::WeakAuth,
    base::passwords::{password::Password, queue::Caller},
};

/// Measures how long a comparison takes with each kind of stored hash. Without this, the time of the first refusals
/// would reveal that there are hashes of other kinds than our own.
///
/// Looks at a sample of the hashes. Computes one of each other kind, and one of our own kind to compare with.
pub(crate) async fn learn(auth: WeakAuth) {
    /// The size of the sample. The numbers of hashes are random, so the first ones are a fair sample.
    const SAMPLE: u32 = 500;
    /// The most kinds that are measured at the start. Further kinds are measured at their first refusal.
    const KINDS: usize = 8;
    let Some(auth) = auth.upgrade() else { return };
    let mut kinds = BTreeMap::new();
    match hashes(&auth, 0, SAMPLE).await {
        Ok(sample) => {
            for stored in sample {
                if let Some(kind) = auth.hashing().other_kind(&stored.hash) {
                    kinds.entry(kind).or_insert(stored.hash);
                }
            }
        }
        Err(error) => tracing::debug!(cause = %error, "the stored hashes could not be read"),
    }
    if kinds.is_empty() {
        return;
    }
    let wrong = Password::claimed("").expect("an empty password is short");
    for stored in kinds.into_values().map(Some).take(KINDS).chain([None]) {
        if let Err(error) = auth.hashing().verify(Caller::BACKGROUND, wrong.clone(), stored).await {
            tracing::debug!(cause = %error, "a stored hash was not compared");
        }
    }
}
