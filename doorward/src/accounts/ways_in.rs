//! What logs a user in beside the password, for the moments in which an account changes hands or is taken back. It also
//! keeps the last way in: nobody could give it back.
//!
//! A new password does not throw out a thief who has added a way in of their own. So what was added lately can be
//! removed by a proof from a mail. What was added earlier cannot: otherwise somebody who reads the mail would get past
//! the second factor. A letter has told the owner of each addition.

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
#[cfg(feature = "totp")]
use crate::{
    accounts::{
        passkey,
        second_factor::{recovery_codes, totp},
    },
    base::{
        db::{self, FromRow, Row},
        error::Error,
    },
};

/// The seconds for which a proof from a mail can remove what was added.
pub(crate) const LATELY: i64 = 7 * 24 * 3600;

/// The ways in of one kind that a user has.
#[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
pub(crate) struct Way {
    /// The key of its text.
    pub(crate) text: &'static str,
    pub(crate) count: i64,
    /// When the newest one was added.
    pub(crate) added_at: i64,
}

impl Way {
    /// Returns `true` if a proof from a mail can remove the newest one.
    #[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
    pub(crate) fn is_new(&self, auth: &Auth) -> bool {
        self.added_at >= lately(auth)
    }
}

/// Returns the time since which a proof from a mail can remove what was added.
pub(crate) fn lately(auth: &Auth) -> i64 {
    auth.now() - LATELY
}

/// Returns what logs a user in beside the password. Each kind is one line.
pub(crate) async fn list(
    #[cfg_attr(not(feature = "totp"), expect(unused, reason = "there is no other way in"))] auth: &Auth,
    #[cfg_attr(not(feature = "totp"), expect(unused, reason = "there is no other way in"))] user: UserId,
) -> Result<Vec<Way>> {
    let found: Vec<Option<Way>> = vec![
        #[cfg(feature = "totp")]
        passkey::added(auth, user).await?.map(|(count, added_at)| Way {
            text: "way-in-passkeys",
            count,
            added_at,
        }),
        #[cfg(feature = "totp")]
        totp::added(auth, user).await?.map(|added_at| Way { text: "way-in-totp", count: 1, added_at }),
        #[cfg(feature = "totp")]
        recovery_codes::added(auth, user).await?.map(|(count, added_at)| Way {
            text: "way-in-recovery-codes",
            count,
            added_at,
        }),
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
async fn remove(
    #[cfg_attr(not(feature = "totp"), expect(unused, reason = "there is no other way in"))] tx: &Tx,
    #[cfg_attr(not(feature = "totp"), expect(unused, reason = "there is no other way in"))] user: UserId,
    #[cfg_attr(not(feature = "totp"), expect(unused, reason = "there is no other way in"))] since: i64,
) -> Result<Vec<&'static str>> {
    let removed: Vec<(&'static str, bool)> = vec![
        #[cfg(feature = "totp")]
        ("passkeys", passkey::remove_since(tx, user, since).await?),
        #[cfg(feature = "totp")]
        ("totp", totp::remove_since(tx, user, since).await?),
        #[cfg(feature = "totp")]
        ("recovery_codes", recovery_codes::remove_since(tx, user, since).await?),
    ];
    Ok(removed.into_iter().filter(|(_, removed)| *removed).map(|(kind, _)| kind).collect())
}

/// The ways in which a user can log in by themselves. A second step is none.
#[cfg(feature = "totp")]
struct Left {
    passwords: i64,
    passkeys: i64,
    verified: i64,
}

#[cfg(feature = "totp")]
impl FromRow for Left {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { passwords: row.get(0)?, passkeys: row.get(1)?, verified: row.get(2)? })
    }
}

/// Refuses a change after which the user could not log in any more. Call it after the change, in its transaction.
///
/// # Errors
/// [`Error::LastWayIn`].
#[cfg(feature = "totp")]
pub(crate) async fn expect_one(auth: &Auth, tx: &Tx, user: UserId) -> Result<()> {
    let left: Option<Left> = tx
        .write(
            "SELECT (SELECT COUNT(*) FROM credentials WHERE user_id = ?1 AND kind = 'password'),
                 (SELECT COUNT(*) FROM passkeys WHERE user_id = ?1 AND retired = 0 AND COALESCE(discoverable, 1) = 1),
                 (SELECT COUNT(*) FROM users WHERE id = ?1 AND email_verified_at IS NOT NULL)",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    let config = auth.config();
    let by_mail = config.email_login && auth.mail().works();
    let is_left = left.is_some_and(|left| {
        left.passkeys > 0 || config.password_login && left.passwords > 0 || by_mail && left.verified > 0
    });
    if is_left { Ok(()) } else { Err(Error::LastWayIn) }
}
