//! Says which second factors a user has.

use crate::{
    base::{
        db::{self, Db, FromRow, Row, Tx},
        error::Result,
    },
    model::{session::SecondFactor, user::UserId},
};

/// The number of wrong codes in a row after which an authenticator app is off (NIST SP 800-63B-4, section 3.2.2).
pub(crate) const MOST_FAILURES: i64 = 100;

/// The second factors of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Factors {
    /// The user has an authenticator app. Holds the wrong codes since the last right one.
    pub(crate) totp: Option<i64>,
    /// The number of recovery codes that are left.
    pub(crate) recovery_codes: i64,
}

impl FromRow for Factors {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { totp: row.get(0)?, recovery_codes: row.get(1)? })
    }
}

impl Factors {
    const NONE: Self = Self { totp: None, recovery_codes: 0 };

    /// Returns `true` if a log-in needs a second step. Recovery codes alone do not cause one: they are for the loss of
    /// something else.
    pub(crate) fn ask(self) -> bool {
        self.totp.is_some()
    }

    /// Returns what the user can take the second step with. That may be nothing, if too many codes were wrong: a log-in
    /// needs the second step all the same.
    pub(crate) fn methods(self) -> Vec<SecondFactor> {
        let totp = self.totp.filter(|failures| *failures < MOST_FAILURES).map(|_| SecondFactor::Totp);
        let recovery_code = (self.recovery_codes > 0).then_some(SecondFactor::RecoveryCode);
        totp.into_iter().chain(recovery_code).collect()
    }
}

/// Returns the second factors of a user, as this transaction sees them.
pub(crate) async fn of_user(tx: &Tx, user: UserId) -> Result<Factors> {
    let found: Option<Factors> = tx
        .write(
            "SELECT (SELECT failures FROM totp WHERE user_id = ?1 AND state = 'active'),
                 (SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1)",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(found.unwrap_or(Factors::NONE))
}

/// Returns the second factors of a user.
pub(crate) async fn look_at(db: &Db, user: UserId) -> Result<Factors> {
    let found: Option<Factors> = db
        .read(
            "SELECT (SELECT failures FROM totp WHERE user_id = ?1 AND state = 'active'),
                 (SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1)",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(found.unwrap_or(Factors::NONE))
}

/// Removes all second factors of a user. Returns `false` if there was none that a log-in asked for.
#[cfg(feature = "totp")]
pub(crate) async fn remove_all(tx: &Tx, user: UserId) -> Result<bool> {
    let removed =
        tx.write("DELETE FROM totp WHERE user_id = ?1 AND state = 'active'").bind(user).execute().await?;
    tx.write("DELETE FROM totp WHERE user_id = ?1").bind(user).execute().await?;
    tx.write("DELETE FROM recovery_codes WHERE user_id = ?1").bind(user).execute().await?;
    Ok(removed == 1)
}
