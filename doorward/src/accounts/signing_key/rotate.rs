//! Replaces a key because an operator wants it.
//!
//! Clients keep the published keys for an hour. So a key that takes the place of a good one is published a day before it
//! signs. A key that takes the place of a leaked one signs at once, and the leaked one leaves at once: with it, a thief
//! can sign tokens of any user. Until clients read the keys again, they refuse the tokens of the new key.

use crate::{
    accounts::signing_key::{
        make::{DAY, STAYS, generate},
        table::{self, Times},
    },
    auth::Auth,
    base::{error::Result, jose::Algorithm},
    model::event::By,
};

/// Makes the next key of an algorithm, unless one waits already. It signs in a day, and the present one until then.
pub(crate) async fn replace(auth: &Auth, algorithm: Algorithm) -> Result<()> {
    let now = auth.now();
    let (number, times) = match table::last(auth, algorithm).await? {
        None => (1, Times::at_once(now)),
        Some(last) if last.times.signs_from > now => return Ok(()),
        Some(last) => (last.number + 1, Times::from(now + DAY)),
    };
    let made = generate(auth, algorithm).await?;
    let mut tx = auth.db().begin().await?;
    // If another process has just made the next key, that one is meant.
    if table::insert(auth, &mut tx, &made, number, times, By::Operator).await? {
        let until = Times { signs_until: times.signs_from, gone_at: times.signs_from + STAYS, ..times };
        table::shorten(&mut tx, algorithm, number, until).await?;
    }
    Ok(tx.commit().await?)
}

/// Ends all keys of an algorithm, and makes one that signs at once. When this returns, no node signs with an earlier one
/// or publishes it.
pub(crate) async fn end_and_replace(auth: &Auth, algorithm: Algorithm) -> Result<()> {
    let made = generate(auth, algorithm).await?;
    loop {
        let number = table::last(auth, algorithm).await?.map_or(1, |last| last.number + 1);
        let mut tx = auth.db().begin().await?;
        let times = Times::at_once(auth.now());
        let stored = table::insert(auth, &mut tx, &made, number, times, By::Operator).await?;
        if stored {
            table::end_before(auth, &mut tx, algorithm, number).await?;
        }
        tx.commit().await?;
        if stored {
            return Ok(());
        }
    }
}
