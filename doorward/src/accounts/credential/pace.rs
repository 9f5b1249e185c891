//! Learns how long the stored hashes take to compare.

use std::collections::BTreeMap;

use crate::{accounts::credential::table::hashes, auth::WeakAuth, base::passwords::password::Password};

/// Learns how long the stored hashes take to compare, so that nobody tells by the first who is refused that there are
/// others than our own. It looks at some of them, and computes one of each kind if they are not all alike.
pub(crate) async fn learn(auth: WeakAuth) {
    /// Their numbers are random, so the first are as good as any.
    const SAMPLE: u32 = 500;
    /// What would take longer than this in all is left for later.
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
        Err(error) => tracing::debug!(cause = %error, "the stored hashes were not looked at"),
    }
    if kinds.is_empty() {
        return;
    }
    let nobodys = Password::claimed("").expect("an empty password is short");
    for stored in kinds.into_values().map(Some).take(KINDS).chain([None]) {
        if let Err(error) = auth.hashing().verify(nobodys.clone(), stored).await {
            tracing::debug!(cause = %error, "a stored hash was not compared");
        }
    }
}
