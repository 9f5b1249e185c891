//! What logs a user in beside the password, for the moments in which an account changes hands or is taken back.
//!
//! A new password does not throw out a thief who has added a way in of their own. So what was added lately can be removed by
//! a proof from a mail. What was added earlier cannot: otherwise somebody who reads the mail would get past the second
//! factor. A letter has told the owner of each addition.

#[cfg(feature = "totp")]
use crate::accounts::second_factor::{recovery_codes, totp};
use crate::{
    accounts::event,
    auth::Auth,
    base::{db::Tx, error::Result},
    model::{
        event::{By, NewEvent},
        event_kind::EventKind,
        user::UserId,
    },
};

/// The seconds for which a proof from a mail can remove what was added.
pub(crate) const LATELY: i64 = 7 * 24 * 3600;

/// The ways in of one kind that a user has.
pub(crate) struct Way {
    /// The key of its text.
    pub(crate) text: &'static str,
    pub(crate) count: i64,
    /// When the newest one was added.
    pub(crate) added_at: i64,
}

impl Way {
    /// Returns `true` if a proof from a mail can remove the newest one.
    pub(crate) fn is_new(&self, auth: &Auth) -> bool {
        self.added_at >= lately(auth)
    }
}

/// Returns the time since which a proof from a mail can remove what was added.
pub(crate) fn lately(auth: &Auth) -> i64 {
    auth.now() - LATELY
}

/// Returns what logs a user in beside the password. Each kind is one line.
pub(crate) async fn list(auth: &Auth, user: UserId) -> Result<Vec<Way>> {
    let found: Vec<Option<Way>> = vec![
        #[cfg(feature = "totp")]
        totp::added(auth, user).await?.map(|added_at| Way { text: "way-in-totp", count: 1, added_at }),
        #[cfg(feature = "totp")]
        recovery_codes::added(auth, user)
            .await?
            .map(|(count, added_at)| Way { text: "way-in-recovery-codes", count, added_at }),
    ];
    Ok(found.into_iter().flatten().collect())
}

/// Removes what `user` added at the moment `since` or later, and records it. Returns `false` if there was nothing.
///
/// Call it after the lock on the credential of the user, and before the mails and the user are changed.
pub(crate) async fn remove_since(
    auth: &Auth,
    tx: &mut Tx,
    user: UserId,
    since: i64,
    by: By<'_>,
) -> Result<bool> {
    let removed = remove(tx, user, since).await?;
    if removed.is_empty() {
        return Ok(false);
    }
    let event = NewEvent::of(EventKind::WaysInRemoved, Some(user), by).with_names("removed", &removed);
    event::record(auth, tx, event).await?;
    Ok(true)
}

/// Removes what was added since then. Returns the kinds of which something was removed. Each kind is one line.
async fn remove(tx: &Tx, user: UserId, since: i64) -> Result<Vec<&'static str>> {
    let removed: Vec<(&'static str, bool)> = vec![
        #[cfg(feature = "totp")]
        ("totp", totp::remove_since(tx, user, since).await?),
        #[cfg(feature = "totp")]
        ("recovery_codes", recovery_codes::remove_since(tx, user, since).await?),
    ];
    Ok(removed.into_iter().filter(|(_, removed)| *removed).map(|(kind, _)| kind).collect())
}
