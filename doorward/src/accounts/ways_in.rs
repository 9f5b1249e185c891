//! Says how a user can still log in. The last way in is not taken away: nobody could give it back.

use crate::{
    base::{
        db::{self, FromRow, Row, Tx},
        error::{Error, Result},
    },
    model::user::UserId,
};

/// The ways in which a user can log in by themselves. A second step is none.
struct WaysIn {
    passwords: i64,
    passkeys: i64,
}

impl FromRow for WaysIn {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { passwords: row.get(0)?, passkeys: row.get(1)? })
    }
}

/// Refuses a change after which the user could not log in any more. Call it after the change, in its transaction.
///
/// # Errors
/// [`Error::LastWayIn`].
pub(crate) async fn expect_one(tx: &Tx, user: UserId) -> Result<()> {
    let left: Option<WaysIn> = tx
        .write(
            "SELECT (SELECT COUNT(*) FROM credentials WHERE user_id = ?1 AND kind = 'password'),
                 (SELECT COUNT(*) FROM passkeys WHERE user_id = ?1 AND retired = 0 AND COALESCE(discoverable, 1) = 1)",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    let is_left = left.is_some_and(|left| left.passwords + left.passkeys > 0);
    if is_left { Ok(()) } else { Err(Error::LastWayIn) }
}
